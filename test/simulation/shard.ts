/** Runs councils of a range of seeds, in this thread or shared out to as many threads as the machine has processors. */

import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { SIZES, benchOf, planOf, runSeed, sizeOf } from './plans.ts';
import type { Bench } from './plans.ts';

/** Young objects live longer than one council: room for them spares most of the collector's copying. */
const YOUNG_MB = 64;

export interface Sum {
  /** Councils by what the operator is and whether something was decided. */
  readonly decided: Readonly<Record<string, number>>;
  readonly broken: readonly string[];
  readonly runs: number;
  readonly steps: number;
  /** Councils of 33 seats; the others have 15 or 12. */
  readonly whole: number;
  /** Councils that had to decide, and did: honest operator, settled network, a quorum of responsive honest seats. */
  readonly due: number;
}

interface Range {
  readonly first: number;
  readonly count: number;
  /** Every how manieth seed of the range. */
  readonly every: number;
}

export function simulate({ first, count, every }: Range): Sum {
  const benches = new Map<number, Bench>(SIZES.map((seats) => [seats, benchOf({ seats })]));
  const decided: Record<string, number> = {};
  const broken: string[] = [];
  let [runs, steps, whole, due] = [0, 0, 0, 0];
  for (let seed = first; seed < first + count; seed += every) {
    const seats = sizeOf(seed);
    const ran = runSeed(benches.get(seats)!, seed, { seats });
    runs += 1;
    steps += ran.steps;
    whole += seats === 33 ? 1 : 0;
    due += ran.isDecisionDue && ran.decided > 0 ? 1 : 0;
    if (ran.broken !== undefined) broken.push(`seed ${seed} of ${seats} seats: ${ran.broken}`);
    const key = `${planOf(seed, { seats }).operator} ${ran.decided > 0 ? 'decided' : 'stalled'}`;
    decided[key] = (decided[key] ?? 0) + 1;
  }
  return { decided, broken, runs, steps, whole, due };
}

function merged(sums: readonly Sum[]): Sum {
  const decided: Record<string, number> = {};
  for (const sum of sums) for (const [key, count] of Object.entries(sum.decided)) decided[key] = (decided[key] ?? 0) + count;
  const total = (of: 'runs' | 'steps' | 'whole' | 'due'): number => sums.reduce((all, sum) => all + sum[of], 0);
  return { decided, broken: sums.flatMap(({ broken }) => broken), runs: total('runs'), steps: total('steps'), whole: total('whole'), due: total('due') };
}

function inThread(range: Range): Promise<Sum> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: range, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** The same as `simulate`, each thread taking every so manieth seed. */
export async function simulateAll(first: number, count: number): Promise<Sum> {
  const threads = availableParallelism();
  return merged(await Promise.all(Array.from({ length: threads }, (_, at) => inThread({ first: first + at, count: count - at, every: threads }))));
}

const isShard = !isMainThread && workerData !== null && typeof workerData === 'object' && 'every' in workerData;
// A port of threads has no origin to aim at.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
if (isShard) parentPort?.postMessage(simulate(workerData as Range));
