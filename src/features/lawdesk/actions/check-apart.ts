/** Runs the check of a pack beside the server, one at a time, with bounded time and memory. */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PackFile, PackProblem } from '../../../law/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { ChangedCase } from '../rules/case-runs.ts';

export interface CheckQuestion {
  readonly files: readonly PackFile[];
  /** Files of the packs it extends, by id. */
  readonly bases: ReadonlyMap<string, readonly PackFile[]>;
  /** An earlier version: the worked cases are held against its answers. */
  readonly against?: readonly PackFile[];
}

export interface CheckAnswer {
  readonly problems: readonly PackProblem[];
  readonly cases: number;
  readonly passed: number;
  /** Cases answered otherwise than by the earlier version; `runs` of the `reached` ones were compared. */
  readonly held?: { readonly changed: readonly ChangedCase[]; readonly runs: number; readonly reached: number };
}

const CHECK_MS_MAX = 10 * 60_000;
const CHECK_HEAP_MEGABYTES_MAX = 2048;

/** From sources Node reads the worker as it is; the bundle has it as a file of its own. */
const workerFile = import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, 'check-worker.ts') : join(installationRoot, 'dist', 'check-worker.js');

let last: Promise<unknown> = Promise.resolve();

/** Never throws for a pack: one that takes too long or too much memory has that as its problem. */
export async function checkApart(question: CheckQuestion): Promise<CheckAnswer> {
  const turn = last.then(async () => run(question));
  last = turn.catch(() => undefined);
  return turn;
}

async function run(question: CheckQuestion): Promise<CheckAnswer> {
  return new Promise((resolve) => {
    const worker = new Worker(workerFile, { workerData: question, resourceLimits: { maxOldGenerationSizeMb: CHECK_HEAP_MEGABYTES_MAX }, execArgv: [] });
    const fail = (code: string, message: string): void => {
      clearTimeout(timer);
      resolve({ problems: [{ severity: 'error', code, file: 'pack.yaml', line: 1, message, fix: 'Check the pack with “mizan pack check”, and split its largest conditions.' }], cases: 0, passed: 0 });
      void worker.terminate();
    };
    const timer = setTimeout(() => fail('check-too-long', `the check did not end within ${CHECK_MS_MAX / 60_000} minutes`), CHECK_MS_MAX);
    worker.once('message', (answer: CheckAnswer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    worker.once('error', (error: Error) => fail('check-failed', `the check broke off: ${error.message}`));
    worker.once('exit', () => fail('check-failed', 'the check ended without an answer'));
  });
}
