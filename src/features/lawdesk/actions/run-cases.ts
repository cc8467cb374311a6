/** Runs worked cases for a page without keeping everybody else waiting: a bounded number, with room between them for other requests. */

import { setImmediate as otherRequests } from 'node:timers/promises';
import { layerOfCase, type Pack, type WorkedCase } from '../../../law/index.ts';
import { type CaseRun, runCase } from '../rules/case-runs.ts';

/** Cases run for one page. Those that expect something of the duties cost about thirty times as much as those of the classification alone. */
export const CASES_RUN_MAX = 60;
export const DUTY_CASES_RUN_MAX = 8;

/** The cases that are run of those given, in their order. */
export function chosenCases(pack: Pack, cases: readonly WorkedCase[]): readonly WorkedCase[] {
  let duties = 0;
  return cases.filter((one) => layerOfCase(pack, one) === 'classification' || ++duties <= DUTY_CASES_RUN_MAX).slice(0, CASES_RUN_MAX);
}

export async function runCases(pack: Pack, cases: readonly WorkedCase[]): Promise<readonly CaseRun[]> {
  const runs: CaseRun[] = [];
  for (const one of cases) {
    runs.push(runCase(pack, one));
    await otherRequests();
  }
  return runs;
}
