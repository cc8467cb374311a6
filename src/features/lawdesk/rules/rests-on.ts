/** What an entry of law rests on, and which of it says something else than in an earlier version: a verdict stands, but whoever relies on it is told. */

import { diffPacks, type Pack, referenceGraph } from '../../../law/index.ts';

/** What is read together with the entry that names it. Rules behind another conclusion are entries of their own, with verdicts of their own. */
const RESTED_ON: ReadonlySet<string> = new Set(['definition', 'parameter', 'fact', 'reading', 'timing', 'clock', 'sanction']);
/** Entries that one rests on at most; a definition of definitions of definitions ends long before. */
const RESTED_ON_MAX = 2_000;

/** Definitions, dated values, questions, readings, timings, clocks and sanctions that the entry names, and those that these name in turn; as `kind:id`. */
export function restsOn(pack: Pack, kind: string, id: string): ReadonlySet<string> {
  const graph = referenceGraph(pack);
  const start = `${kind === 'family' ? 'requires' : kind}:${id}`;
  const found = new Set<string>();
  const walk = (from: string): void => {
    for (const key of graph.get(from) ?? []) {
      if (key === start || found.has(key) || found.size >= RESTED_ON_MAX || !RESTED_ON.has(key.slice(0, key.indexOf(':')))) continue;
      found.add(key);
      walk(key);
    }
  };
  walk(start);
  return found;
}

const differences = new WeakMap<Pack, Map<string, ReadonlySet<string>>>();

/** The entries whose law differs between two versions, as `kind:id`; words and sources do not count. Remembered with the newer one. */
export function changedLaw(earlier: Pack, now: Pack): ReadonlySet<string> {
  const known = differences.get(now) ?? new Map<string, ReadonlySet<string>>();
  differences.set(now, known);
  let changed = known.get(earlier.ref.digest);
  if (changed === undefined) {
    changed = new Set(diffPacks(earlier, now).entries.filter(({ concern }) => concern === 'law').map(({ kind, id }) => `${kind}:${id}`));
    known.set(earlier.ref.digest, changed);
  }
  return changed;
}

/** What the entry rests on that says something else now than it did in the earlier version. */
export function changedBeneath(earlier: Pack, now: Pack, kind: string, id: string): readonly { readonly kind: string; readonly id: string }[] {
  const changed = changedLaw(earlier, now);
  if (changed.size === 0) return [];
  return [...new Set([...restsOn(now, kind, id), ...restsOn(earlier, kind, id)])].filter((key) => changed.has(key)).map((key) => ({ kind: key.slice(0, key.indexOf(':')), id: key.slice(key.indexOf(':') + 1) }));
}
