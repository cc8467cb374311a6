/** Reads the two dates of a question to the law from text, with today where one is left out. */

import { type CivilDate, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import type { LawDates } from '../model.ts';

export interface DateProblem {
  readonly name: 'asOf' | 'knownOn';
  readonly value: string;
}

/** Empty text counts as left out. Both problems are told at once. */
export function parseLawDates(given: { readonly asOf?: string | undefined; readonly knownOn?: string | undefined }, today: CivilDate): Verdict<LawDates, readonly DateProblem[]> {
  const problems: DateProblem[] = [];
  const read = (name: DateProblem['name']): CivilDate => {
    const value = given[name]?.trim() ?? '';
    if (value === '') return today;
    const date = parseCivilDate(value);
    if (date === undefined) problems.push({ name, value });
    return date ?? today;
  };
  const dates = { asOf: read('asOf'), knownOn: read('knownOn') };
  return problems.length > 0 ? no(problems) : yes(dates);
}
