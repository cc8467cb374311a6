/** What a job is to the rest of the platform: its states, what its handler gets, what a page sees, and the limits. */

import { assert, type Instant, type Json } from '../../base/index.ts';
import type { PolicyName } from '../auth/index.ts';
import type { Tx } from '../db/index.ts';

export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** At most this many jobs run at once in a process: the embedded database is one connection, and requests come first. */
export const JOBS_RUNNING_MAX = 2;
/** Jobs that wait; a further start is refused with the fault `too-many-jobs`. */
export const JOBS_WAITING_MAX = 1000;
/** A job that takes the process down with it is not tried for ever. */
export const JOB_ATTEMPTS_MAX = 3;
export const JOB_INPUT_BYTES_MAX = 256 * 1024;
export const JOB_RESULT_BYTES_MAX = 4 * 1024 * 1024;
export const JOB_NOTE_LENGTH_MAX = 300;
export const JOB_RETENTION_DAYS = 30;
export const JOBS_LISTED_MAX = 100;
/** Progress reaches the database at most this often; watchers in this process see it at once. */
export const PROGRESS_WRITE_MS = 1000;
export const RETENTION_RUN_MS = 6 * 3600 * 1000;
/** How long `stop` waits for handlers to notice; what is still running then is resumed at the next start. */
export const STOP_MS_MAX = 10_000;
/** pg-boss gives a claim up after this long; its longest is a day. */
export const JOB_HOURS_MAX = 23;
/** On a server database several processes share the queue: silence this long means the other one died. */
export const HEARTBEAT_SECONDS = 30;
/** No handler puts its job off for longer; what waits longer was put off by a clock that has been set back since. */
export const JOB_DELAY_MS_MAX = 12 * 3600 * 1000;
/** How often this process looks for such jobs. */
export const OVERDUE_LOOK_MS = 60_000;
assert(JOB_HOURS_MAX < 24, 'pg-boss refuses claims of a day or more');
assert(PROGRESS_WRITE_MS * 5 < HEARTBEAT_SECONDS * 1000, 'a working job is heard from long before it is given up');

export interface JobError {
  readonly code: string;
  readonly message: string;
}

/** A job as pages and programs see it. `total` is null until the handler knows it. */
export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
  readonly result: Json;
  readonly error: JobError | null;
  readonly attempts: number;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

/** What a handler works with. */
export interface RunningJob<I extends Json = Json> {
  readonly id: string;
  readonly input: I;
  /** Aborted when the job is cancelled or the process stops; handlers check it between batches (`signal.throwIfAborted()`). */
  readonly signal: AbortSignal;
  /** 1 on the first run, more after a process died under the job. */
  readonly attempt: number;
  /** What the last `checkpoint` of an earlier run kept; undefined on the first run. */
  readonly resumed: Json | undefined;
  /**
   * Tells how far the work is, in units of the handler's choice. Never waits: it may be called inside a transaction
   * of the embedded database, whose single connection a waiting write would block for ever.
   */
  progress(done: number, total?: number, note?: string): void;
  /** Keeps `data` so that a restarted run can go on from here. Inside a transaction pass it, so that both are kept or neither. */
  checkpoint(data: Json, transaction?: Tx): Promise<void>;
}

/** Who may have a kind of job done, and how it differs from the usual. */
export interface JobOptions {
  /** What one must be allowed to do to have it done; the job works with the rights of whoever started it. */
  readonly policy: PolicyName;
  /** Seconds at most: runs in a queue of its own, so that it never stands behind an import. One at a time in a process. */
  readonly quick?: boolean;
  /** The input holds what nobody may read later (a link that signs somebody in): it is removed when the job ends, however it ends. */
  readonly secretInput?: boolean;
}

/**
 * Thrown by a handler when something outside asks to come back later. The job waits without holding a place and runs again after
 * `delayMs`, or at once when the process starts again. The handler bounds its own tries, by what it keeps with `checkpoint`.
 */
export class TryLater extends Error {
  readonly delayMs: number;
  constructor(delayMs: number, why: string) {
    assert(delayMs >= 0 && delayMs <= JOB_DELAY_MS_MAX, 'a job is put off for a bounded time');
    super(why);
    this.name = 'TryLater';
    this.delayMs = delayMs;
  }
}

/** Does the work and returns the result that `Jobs.get` shows. A thrown Fault ends the job as failed with its code. */
export type JobHandler<I extends Json = Json> = (job: RunningJob<I>) => Promise<Json>;

export function isFinished(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
