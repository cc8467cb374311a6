/**
 * Durable background work: pg-boss on the same database decides who runs a job and survives the process;
 * platform_jobs holds what people see. Both rows of a job are written in one transaction.
 */

import { randomUUID } from 'node:crypto';
import { fromKysely, PgBoss } from 'pg-boss';
import { assert, canonical, Fault, instant, type Json } from '../../base/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Database, Tx } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import {
  HEARTBEAT_SECONDS, isFinished, JOB_ATTEMPTS_MAX, JOB_HOURS_MAX, JOB_INPUT_BYTES_MAX, JOB_NOTE_LENGTH_MAX, JOB_RESULT_BYTES_MAX, JOB_RETENTION_DAYS,
  type JobError, type JobHandler, JOBS_LISTED_MAX, JOBS_RUNNING_MAX, JOBS_WAITING_MAX, type JobState, type JobView, PROGRESS_WRITE_MS, RETENTION_RUN_MS, STOP_MS_MAX,
} from './model.ts';
import { type ClaimedJob, createJobStore, type JobStore } from './store.ts';

const QUEUE = 'platform-jobs';
const POLL_SECONDS = 2;
/** Aborts of a handler say why, so that its end is told apart. */
const CANCELLED = 'job-cancelled';
const STOPPING = 'process-stopping';
const WAIT_POLL_MS = 100;

export interface Jobs {
  /** Names the handler of a kind of job, before `begin`. Names are `<feature>.<verb-noun>`. */
  define<I extends Json>(name: string, handler: JobHandler<I>): void;
  /** Puts a job into the queue and answers its id. With `transaction` the job exists only if that commits. Fault `too-many-jobs` when the queue is full. */
  start(name: string, input: Json, transaction?: Tx): Promise<string>;
  get(id: string): Promise<JobView | undefined>;
  /** Newest first, at most `limit` (100). */
  list(options?: { readonly limit?: number; readonly name?: string }): Promise<readonly JobView[]>;
  /** Asks a job to end; answers its view, undefined when unknown. Finished jobs stay as they are. */
  cancel(id: string): Promise<JobView | undefined>;
  /** Called on every change of a job that runs in this process; answers how to stop listening. */
  watch(id: string, listener: (view: JobView) => void): () => void;
  /** Resolves when the job is finished; for tests and for command lines that run in this process. */
  wait(id: string, signal?: AbortSignal): Promise<JobView>;
  /** How many run in this process now. */
  running(): number;
  /** Begins to run jobs; those left by a process that died go first. Call once, after every `define`. */
  begin(): Promise<void>;
  /** Tells handlers to stop, waits for them at most 10 s; what did not finish waits for the next start. */
  stop(): Promise<void>;
}

/** One job this process runs. Owner of its mutable fields: `runJob` below; `view` is replaced, never changed. */
interface Run {
  view: JobView;
  readonly controller: AbortController;
}

/** Everything the functions below share. Mutable: `runs`, `listeners`, `workers`, `stopping`. */
interface Parts {
  readonly store: JobStore;
  readonly boss: PgBoss;
  readonly clock: Clock;
  readonly log: Log;
  readonly handlers: Map<string, JobHandler>;
  readonly runs: Map<string, Run>;
  readonly listeners: Map<string, Set<(view: JobView) => void>>;
  readonly workers: string[];
  stopping: boolean;
}

/** Opens the queue; installs or updates pg-boss's own schema. Jobs can be started at once and run after `begin`. */
export async function createJobs(given: { readonly database: Database; readonly clock: Clock; readonly log: Log }): Promise<Jobs> {
  const { database, clock, log } = given;
  const embedded = database.engine === 'embedded';
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: [...(await database.execute(text, values)).rows] }) },
    backend: embedded ? 'pglite' : 'postgres',
    schedule: false,
    reindex: !embedded,
    monitorVacuum: !embedded,
    monitorIntervalSeconds: HEARTBEAT_SECONDS,
    superviseIntervalSeconds: HEARTBEAT_SECONDS,
  });
  // Without a listener a lost connection would end the process; pg-boss goes on by itself.
  // What a broken database causes is told once, by whom ends the process.
  boss.on('error', (error) => {
    if (!database.broken.aborted) log.error({ err: error, code: 'job-queue' }, 'job queue');
  });
  await boss.start();
  const claim = { retryLimit: 1000, retryDelay: 0, expireInSeconds: JOB_HOURS_MAX * 3600, deleteAfterSeconds: 3600 };
  // One embedded process: after a crash everything is taken back at start, and a long transaction would delay heartbeats.
  const queue = embedded ? claim : { ...claim, heartbeatSeconds: HEARTBEAT_SECONDS };
  if ((await boss.getQueue(QUEUE)) === null) await boss.createQueue(QUEUE, queue);
  const parts: Parts = { store: createJobStore(database), boss, clock, log, handlers: new Map(), runs: new Map(), listeners: new Map(), workers: [], stopping: false };
  let retention: NodeJS.Timeout | undefined;

  return {
    define: (name, handler) => {
      assert(/^[a-z-]+(\.[a-z-]+)*$/.test(name) && !parts.handlers.has(name), `job name ${name} is new and in kebab words`);
      assert(parts.workers.length === 0, 'jobs are defined before they begin');
      parts.handlers.set(name, handler as unknown as JobHandler);
    },
    start: async (name, input, transaction) => startJob(parts, database, name, input, transaction),
    get: async (id) => parts.runs.get(id)?.view ?? parts.store.get(id),
    list: async ({ limit = JOBS_LISTED_MAX, name } = {}) => {
      const rows = await parts.store.list(Math.min(limit, JOBS_LISTED_MAX), name);
      return rows.map((row) => parts.runs.get(row.id)?.view ?? row);
    },
    cancel: async (id) => {
      // Aborted first: the write may have to wait for the very transaction that the job holds.
      parts.runs.get(id)?.controller.abort(CANCELLED);
      const state = await parts.store.requestCancel(id, clock.now());
      if (state === undefined) return undefined;
      const view = parts.runs.get(id)?.view ?? (await parts.store.get(id));
      if (view !== undefined) announce(parts, view);
      return view;
    },
    watch: (id, listener) => {
      const set = parts.listeners.get(id) ?? new Set();
      parts.listeners.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) parts.listeners.delete(id);
      };
    },
    wait: async (id, signal) => waitFor(parts, id, signal),
    running: () => parts.runs.size,
    begin: async () => {
      if (embedded) await takeBack(parts);
      const cleanUp = async (): Promise<void> => {
        const before = instant(new Date(Date.parse(clock.now()) - JOB_RETENTION_DAYS * 24 * 3600 * 1000));
        await parts.store.removeFinishedBefore(before).catch((error: unknown) => log.error({ err: error, code: 'job-retention' }, 'job retention'));
      };
      await cleanUp();
      retention = setInterval(() => void cleanUp(), RETENTION_RUN_MS).unref();
      for (let worker = 0; worker < JOBS_RUNNING_MAX; worker++) {
        parts.workers.push(await boss.work<{ id: string }>(QUEUE, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
          if (job === undefined) return;
          await runJob(parts, job.data.id).catch((error: unknown) => {
            // pg-boss tries again by itself and says nothing.
            if (!database.broken.aborted && !(error instanceof Fault && error.code === STOPPING)) log.error({ err: error, job: job.data.id }, 'job could not be kept');
            throw error;
          });
        }));
      }
    },
    stop: async () => {
      parts.stopping = true;
      clearInterval(retention);
      for (const run of parts.runs.values()) run.controller.abort(STOPPING);
      await boss.stop({ graceful: true, timeout: STOP_MS_MAX });
    },
  };
}

async function startJob(parts: Parts, database: Database, name: string, input: Json, transaction: Tx | undefined): Promise<string> {
  assert(parts.handlers.has(name), `job ${name} has a handler`);
  if (Buffer.byteLength(canonical(input)) > JOB_INPUT_BYTES_MAX) throw new Fault('job-input-too-large', `The input of job ${name} is larger than ${JOB_INPUT_BYTES_MAX} bytes. Store the data and pass its digest.`, { name });
  if (transaction === undefined && (await parts.store.waiting()) >= JOBS_WAITING_MAX) {
    throw new Fault('too-many-jobs', `${JOBS_WAITING_MAX} jobs wait already. Wait until some are done, or cancel some.`, { waiting: JOBS_WAITING_MAX });
  }
  const id = randomUUID();
  const insert = async (tx: Tx): Promise<void> => {
    await parts.store.insert(id, name, input, parts.clock.now(), tx);
    await parts.boss.send(QUEUE, { id }, { id, db: fromKysely(tx) });
  };
  if (transaction === undefined) await database.db.transaction().execute(insert);
  else await insert(transaction);
  for (const worker of parts.workers) parts.boss.notifyWorker(worker);
  return id;
}

/** The embedded database has one process, so whatever it finds unfinished at start lost its runner. */
async function takeBack(parts: Parts): Promise<void> {
  await parts.boss.deleteAllJobs(QUEUE);
  for (const { id } of await parts.store.unfinished()) await parts.boss.send(QUEUE, { id }, { id });
}

async function runJob(parts: Parts, id: string): Promise<void> {
  const { store, clock, log } = parts;
  const claimed = await store.claim(id, clock.now());
  if (claimed === undefined) {
    // Cancelled while it waited, or between two runs: say so once; a finished row stays as it is.
    const left = await store.get(id);
    if (left !== undefined && !isFinished(left.state)) await store.finish(id, 'cancelled', clock.now(), left, {});
    return;
  }
  const run: Run = { view: claimed.view, controller: new AbortController() };
  parts.runs.set(id, run);
  if (parts.stopping) run.controller.abort(STOPPING);
  const timer = setInterval(() => void saveProgress(parts, run), PROGRESS_WRITE_MS);
  try {
    announce(parts, run.view);
    const { state, result, error } = await outcomeOf(parts, run, claimed);
    clearInterval(timer);
    if (state === 'waiting') {
      await store.putBack(id, run.view);
      throw new Fault(STOPPING, 'The process stops; the job goes on at the next start.');
    }
    const at = clock.now();
    await store.finish(id, state, at, run.view, { ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) });
    run.view = { ...run.view, state, finishedAt: at, result: result ?? null, error: error ?? null };
    log.info({ job: id, name: run.view.name, state, ...(error === undefined ? {} : { code: error.code }) }, 'job ended');
    announce(parts, run.view);
  } finally {
    clearInterval(timer);
    parts.runs.delete(id);
  }
}

interface Outcome {
  /** `waiting` means put back. */
  readonly state: Exclude<JobState, 'running'>;
  readonly result?: Json;
  readonly error?: JobError;
}

/** Runs the handler and names how it ended; never throws. */
async function outcomeOf(parts: Parts, run: Run, claimed: ClaimedJob): Promise<Outcome> {
  const { id, name, attempts } = claimed.view;
  const handler = parts.handlers.get(name);
  if (handler === undefined) return { state: 'failed', error: { code: 'job-unknown', message: `This version does not know jobs named ${name}.` } };
  if (attempts > JOB_ATTEMPTS_MAX) return { state: 'failed', error: { code: 'job-attempts', message: `The process ended ${JOB_ATTEMPTS_MAX} times under this job. Start it again when the cause is found.` } };
  try {
    const result = await handler({
      id,
      input: claimed.input,
      signal: run.controller.signal,
      attempt: attempts,
      resumed: claimed.checkpoint,
      progress: (done, total, note) => {
        run.view = { ...run.view, done, total: total ?? run.view.total, note: note?.slice(0, JOB_NOTE_LENGTH_MAX) ?? run.view.note };
        announce(parts, run.view);
      },
      checkpoint: async (data, transaction) => parts.store.saveCheckpoint(id, data, transaction),
    });
    if (Buffer.byteLength(canonical(result)) > JOB_RESULT_BYTES_MAX) return { state: 'failed', error: { code: 'job-result-too-large', message: `The result is larger than ${JOB_RESULT_BYTES_MAX} bytes.` } };
    // A handler that reached its end is done, even when somebody cancelled at the last moment.
    return { state: 'done', result };
  } catch (error) {
    const why: unknown = run.controller.signal.reason;
    if (run.controller.signal.aborted && why === CANCELLED) return { state: 'cancelled' };
    if (run.controller.signal.aborted && why === STOPPING) return { state: 'waiting' };
    if (!(error instanceof Fault && error.code === 'database-broken')) parts.log.error({ err: error, job: id, name }, 'job failed');
    if (error instanceof Fault) return { state: 'failed', error: { code: error.code, message: error.message } };
    return { state: 'failed', error: { code: 'job-fault', message: `Mizan could not do this. The log of the server tells more under job ${id}.` } };
  }
}

/** Also looks whether another process asked to cancel. */
async function saveProgress(parts: Parts, run: Run): Promise<void> {
  if (run.controller.signal.aborted) return;
  try {
    const cancelled = await parts.store.saveProgress(run.view.id, run.view);
    if (cancelled) run.controller.abort(CANCELLED);
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'database-broken')) parts.log.warn({ err: error, job: run.view.id }, 'job progress not written');
  }
}

function announce(parts: Parts, view: JobView): void {
  for (const listener of parts.listeners.get(view.id) ?? []) listener(view);
}

async function waitFor(parts: Parts, id: string, signal: AbortSignal | undefined): Promise<JobView> {
  for (;;) {
    signal?.throwIfAborted();
    const view = parts.runs.get(id)?.view ?? (await parts.store.get(id));
    if (view === undefined) throw new Fault('not-found', `There is no job ${id}.`, { id });
    if (isFinished(view.state) && !parts.runs.has(id)) return view;
    await new Promise((resolve) => setTimeout(resolve, WAIT_POLL_MS));
  }
}
