/** Under which law a worked case is decided: its dates, its readings, and the duties where it expects something of them. */

import type { Assignment } from './bdd.ts';
import { assignOption, compileLaw, latestTime } from './compile.ts';
import type { Law, LawTime } from './compile.ts';
import type { Due, ExpectedDue, Layer } from './duty-model.ts';
import type { Pack, WorkedCase } from './model.ts';

/** The time at which a case is decided: its own dates, else the latest law of the pack. */
export function timeOfCase(pack: Pack, workedCase: WorkedCase): LawTime {
  const latest = latestTime(pack);
  return { asOf: workedCase.asOf ?? latest.asOf, knownOn: workedCase.knownOn ?? latest.knownOn };
}

/** The law a case is decided under. Throws as compileLaw does. */
export function lawOfCase(pack: Pack, workedCase: WorkedCase): Law {
  return underReadings(compileLaw(pack, timeOfCase(pack, workedCase), layerOfCase(pack, workedCase)), workedCase.readings);
}

/** The classification is enough for a case that expects nothing of the duties. */
export function layerOfCase(pack: Pack, { expect, dates, due }: WorkedCase): Layer {
  if (Object.keys(due).length > 0) return 'duties';
  const ofDuties = outcomesOfDuties(pack);
  return [...Object.keys(expect), ...Object.keys(dates)].some((id) => ofDuties.has(id)) ? 'duties' : 'classification';
}

const ofDutiesByPack = new WeakMap<Pack, ReadonlySet<string>>();

/** Families and conclusions of the duties layer. */
function outcomesOfDuties(pack: Pack): ReadonlySet<string> {
  const known = ofDutiesByPack.get(pack);
  if (known !== undefined) return known;
  const families = new Set(pack.families.filter(({ layer }) => layer === 'duties').map(({ id }) => id));
  const outcomes = new Set([...families, ...pack.conclusions.filter(({ family }) => families.has(family)).map(({ id }) => id)]);
  ofDutiesByPack.set(pack, outcomes);
  return outcomes;
}

const lawsUnderReadings = new WeakMap<Law, Map<string, Law>>();

/** The same law with other options of readings as defaults. Options of readings that this layer does not have are left out. */
export function underReadings(law: Law, options: { readonly [reading: string]: string }): Law {
  const readings = law.readings.map((compiled) => {
    const option = options[compiled.reading.id];
    return option === undefined || option === compiled.reading.default ? compiled : { ...compiled, reading: { ...compiled.reading, default: option } };
  });
  if (readings.every((compiled, at) => compiled === law.readings[at])) return law;
  const own = lawsUnderReadings.get(law) ?? new Map<string, Law>();
  lawsUnderReadings.set(law, own);
  const key = JSON.stringify(readings.map(({ reading }) => reading.default));
  const blank: Assignment = new Int8Array(law.blank);
  for (const compiled of readings) assignOption(blank, compiled, compiled.reading.default);
  const other = own.get(key) ?? { ...law, readings, blank };
  own.set(key, other);
  return other;
}

/** A due date in the words in which cases expect it. */
export function expectedForm(due: Due | undefined): ExpectedDue {
  if (due === undefined) return 'no-duty';
  return due.kind === 'date' ? due.date : due.kind === 'between' ? 'open' : due.kind;
}
