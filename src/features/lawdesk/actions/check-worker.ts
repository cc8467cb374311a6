/** The check of a pack in a thread of its own: a large law takes seconds to prove, and the server must answer others meanwhile. */

import { parentPort, workerData } from 'node:worker_threads';
import { affectedConclusions, caseReports, checkPack, type Pack, type PackFile, readPack } from '../../../law/index.ts';
import { changedCases, runCase } from '../rules/case-runs.ts';
import { casesAbout } from '../rules/uses.ts';
import type { CheckAnswer, CheckQuestion } from './check-apart.ts';
import { CASES_OF_CHECK, chosenCases } from './run-cases.ts';

const { files, bases, against } = workerData as CheckQuestion;
const read = (which: readonly PackFile[]): ReturnType<typeof readPack> => readPack(which, { packs: (id) => bases.get(id) });
const { pack, problems: loadProblems } = read(files);
const problems = pack === undefined ? loadProblems : [...loadProblems, ...checkPack(pack)];
const cases = pack === undefined ? [] : caseReports(pack, problems);
const answer: CheckAnswer = {
  problems,
  cases: cases.length,
  passed: cases.filter((one) => one.failures.length === 0).length,
  ...(pack === undefined || against === undefined || loadProblems.length > 0 ? {} : { held: heldAgainst(pack, read(against).pack) }),
};
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, not a window
parentPort?.postMessage(answer);

/** The check itself decides every case; only those that the changes can reach are held against the base. */
function heldAgainst(now: Pack, base: Pack | undefined): NonNullable<CheckAnswer['held']> {
  if (base === undefined) return { changed: [], runs: 0, reached: 0 };
  const reached = new Set(affectedConclusions(base, now).map((affected) => (affected.kind === 'duty' ? `duty.${affected.id}` : affected.id)));
  const about = casesAbout(now, reached);
  const runs = chosenCases(now, about, CASES_OF_CHECK).map((one) => runCase(now, one));
  const ids = new Set(runs.map((run) => run.workedCase.id));
  const before = base.cases.filter((one) => ids.has(one.id)).map((one) => runCase(base, one));
  return { changed: changedCases(before, runs), runs: runs.length, reached: about.length };
}
