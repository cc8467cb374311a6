/** Runs worked cases for a page without keeping everybody else waiting: a bounded number, with room between them for other requests. */

import { setImmediate as otherRequests } from 'node:timers/promises';
import { layerOfCase, type Pack, timeOfCase, type WorkedCase } from '../../../law/index.ts';
import { type CaseRun, runCase } from '../rules/case-runs.ts';

/** How many cases are run. Those that expect something of the duties cost about ten times as much as those of the classification alone. */
export interface CaseLimits {
  readonly cases: number;
  readonly dutyCases: number;
}

/** For one page, while somebody waits for it. */
export const CASES_OF_PAGE: CaseLimits = { cases: 30, dutyCases: 4 };
/** For counsel: the law of a version stands, so its answers are computed once. */
export const CASES_OF_REVIEW: CaseLimits = { cases: 40, dutyCases: 8 };
/** For the check, beside the server. */
export const CASES_OF_CHECK: CaseLimits = { cases: 200, dutyCases: 40 };

/** The cases that are run of those given, in their order. */
export function chosenCases(pack: Pack, cases: readonly WorkedCase[], limits: CaseLimits = CASES_OF_PAGE): readonly WorkedCase[] {
  const layers = new Map(cases.map((one) => [one, layerOfCase(pack, one)]));
  const ofDuties = new Set(ofFewestDates(pack, cases.filter((one) => layers.get(one) === 'duties')).slice(0, limits.dutyCases));
  return cases.filter((one) => layers.get(one) === 'classification' || ofDuties.has(one)).slice(0, limits.cases);
}

/** Those of the commonest dates first: the duties are compiled once for each pair of dates. */
function ofFewestDates(pack: Pack, cases: readonly WorkedCase[]): readonly WorkedCase[] {
  const dates = new Map(cases.map((one) => [one, JSON.stringify(timeOfCase(pack, one))]));
  const counts = new Map<string, number>();
  for (const date of dates.values()) counts.set(date, (counts.get(date) ?? 0) + 1);
  const weight = (one: WorkedCase): number => counts.get(dates.get(one) ?? '') ?? 0;
  return cases.toSorted((a, b) => weight(b) - weight(a) || (dates.get(a) ?? '').localeCompare(dates.get(b) ?? '', 'en'));
}

export async function runCases(pack: Pack, cases: readonly WorkedCase[]): Promise<readonly CaseRun[]> {
  const runs: CaseRun[] = [];
  for (const one of cases) {
    runs.push(runCase(pack, one));
    await otherRequests();
  }
  return runs;
}
