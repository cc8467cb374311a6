/** Which part of a pack belongs to a layer: the classification is compiled as if the duties were not there. */

import type { Layer } from './duty-model.ts';
import type { Pack } from './model.ts';
import { dependencyGraph, referencesOf } from './resolve-names.ts';

const classifications = new WeakMap<Pack, Pack>();

/** The pack itself for the duties layer and for a pack without duties; else the pack without all that only the duties use. Remembered. */
export function layerOf(pack: Pack, layer: Layer): Pack {
  if (layer === 'duties') return pack;
  const known = classifications.get(pack) ?? classificationOf(pack);
  classifications.set(pack, known);
  return known;
}

function classificationOf(pack: Pack): Pack {
  const families = new Set(pack.families.filter((family) => family.layer === 'duties').map(({ id }) => id));
  if (families.size === 0 && pack.timings.length === 0 && pack.sanctions.length === 0 && pack.clocks.length === 0) return pack;
  const graph = dependencyGraph(pack);
  const reached = (starts: Iterable<string>): Set<string> => {
    const seen = new Set<string>();
    const open = [...starts];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return seen;
  };
  const conclusions = pack.conclusions.filter(({ family }) => !families.has(family));
  const ids = new Set(conclusions.map(({ id }) => id));
  const headline = pack.headline.flatMap(({ when }) => (when === undefined || when === 'open' ? [] : [...referencesOf(when.expression)]));
  const classification = reached([...conclusions.map(({ id }) => `conclusion:${id}`), ...headline]);
  const duties = reached([...graph.keys()].filter((key) => /^(?:timing|duty|sanction|clock):/.test(key) || (key.startsWith('conclusion:') && !ids.has(key.slice('conclusion:'.length)))));
  const stays = (key: string): boolean => classification.has(key) || !duties.has(key);
  return {
    ...pack,
    families: pack.families.filter(({ layer }) => layer !== 'duties'),
    // A fact that nothing uses yet may have a gate that only the duties know.
    facts: pack.facts.filter(({ id }) => [...reached([`fact:${id}`])].every(stays)),
    definitions: pack.definitions.filter(({ id }) => stays(`definition:${id}`)),
    readings: pack.readings.filter(({ id }) => stays(`reading:${id}`)),
    conclusions,
    rules: pack.rules.filter(({ concludes }) => ids.has(concludes)),
    timings: [],
    dutyGroups: [],
    duties: [],
    sanctions: [],
    clocks: [],
  };
}
