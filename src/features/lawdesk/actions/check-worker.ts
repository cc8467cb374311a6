/** The check of a pack in a thread of its own: a large law takes seconds to prove, and the server must answer others meanwhile. */

import { parentPort, workerData } from 'node:worker_threads';
import { caseReports, checkPack, type PackFile, readPack } from '../../../law/index.ts';
import type { CheckAnswer } from './check-apart.ts';

const { files, bases } = workerData as { readonly files: readonly PackFile[]; readonly bases: ReadonlyMap<string, readonly PackFile[]> };
const { pack, problems: loadProblems } = readPack(files, { packs: (id) => bases.get(id) });
const problems = pack === undefined ? loadProblems : [...loadProblems, ...checkPack(pack)];
const cases = pack === undefined ? [] : caseReports(pack, problems);
const answer: CheckAnswer = { problems, cases: cases.length, passed: cases.filter((one) => one.failures.length === 0).length };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, not a window
parentPort?.postMessage(answer);
