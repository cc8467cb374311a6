/**
 * Durable background work: pg-boss on the same database decides who runs a job and survives the process;
 * platform_jobs holds what people see. Both rows of a job are written in one transaction.
 */

import { randomUUID } from 'node:crypto';
import { fromKysely, PgBoss } from 'pg-boss';
import { assert, canonical, Fault, instant, type Json } from '../../base/index.ts';
import { restoreScope, storeScope, systemScope, within } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import { type Database, isPassing, type Tx } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import {
  HEARTBEAT_SECONDS, isFinished, JOB_ATTEMPTS_MAX, JOB_DELAY_MS_MAX, JOB_HOURS_MAX, JOB_INPUT_BYTES_MAX, JOB_NOTE_LENGTH_MAX, JOB_RESULT_BYTES_MAX, JOB_RETENTION_DAYS,
  type JobError, type JobHandler, type JobOptions, JOBS_LISTED_MAX, JOBS_RUNNING_MAX, JOBS_WAITING_MAX, type JobState, type JobView, OVERDUE_LOOK_MS, PROGRESS_WRITE_MS, RETENTION_RUN_MS, STOP_MS_MAX, TryLater,
} from './model.ts';
import { type ClaimedJob, createJobStore, type JobStore } from './store.ts';

const QUEUE = 'platform-jobs';
/** For kinds of work that take seconds and must not stand behind an import. */
const QUICK_QUEUE = 'platform-quick-jobs';
const WORKERS: Readonly<Record<string, number>> = { [QUEUE]: JOBS_RUNNING_MAX, [QUICK_QUEUE]: 1 };
const POLL_SECONDS = 2;
/** Aborts of a handler say why, so that its end is told apart. */
const CANCELLED = 'job-cancelled';
const STOPPING = 'process-stopping';
/** Another process was given the job, because this one was silent for too long by the clock of the database. */
const TAKEN_OVER = 'job-taken-over';
const WAIT_POLL_MS = 100;
/** How long a job waits that the database left. */
const DATABASE_AWAY_MS = 5000;
/** A job that is started inside somebody's transaction is put into the queue with their rights. */
const GRANT_QUEUE = 'grant usage on schema pgboss to mizan_own, mizan_all; grant select, insert, update, delete on all tables in schema pgboss to mizan_own, mizan_all';

/** Processes that start together on one empty database: what another does to the catalogue at this moment is a conflict, and a moment later it is done. */
const CATALOGUE_CONFLICTS: readonly unknown[] = ['23505', '42P06', 'XX000'];
const CATALOGUE_ATTEMPTS_MAX = 20;
const CATALOGUE_WAIT_MS = 50;

async function atOnce(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt >= CATALOGUE_ATTEMPTS_MAX || !CATALOGUE_CONFLICTS.includes((error as { code?: unknown }).code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, CATALOGUE_WAIT_MS));
    }
  }
}

export interface Jobs {
  /** Names the handler of a kind of job, before `begin`. Names are `<feature>.<verb-noun>`. */
  define<I extends Json>(name: string, handler: JobHandler<I>, options: JobOptions): void;
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
  /** Runs what was put off and is due, or waits for a moment that no job waits for: after the clock of the database was set back. By itself every minute; answers how many. */
  wakeOverdue(): Promise<number>;
  /** Puts every unfinished job into the queue again and answers how many. Only where nobody runs jobs: right after a restore. */
  takeBack(): Promise<number>;
  /** Tells handlers to stop, waits for them at most 10 s; what did not finish waits for the next start. */
  stop(): Promise<void>;
}

/** One job this process runs. Owner of its mutable fields: `runJob` below; `view` is replaced, never changed. */
interface Run {
  view: JobView;
  readonly controller: AbortController;
  /** Resolves when it is over, however it ends. */
  readonly ended: Promise<void>;
}

/** Everything the functions below share. Mutable: `runs`, `listeners`, `workers`, `putOff`, `stopping`. */
interface Parts {
  readonly store: JobStore;
  readonly boss: PgBoss;
  readonly clock: Clock;
  readonly log: Log;
  readonly handlers: Map<string, JobHandler>;
  readonly options: Map<string, JobOptions>;
  readonly runs: Map<string, Run>;
  readonly listeners: Map<string, Set<(view: JobView) => void>>;
  readonly workers: string[];
  /** When claims that this process put off are due, by the clock that never jumps. */
  readonly putOff: Map<string, number>;
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
  // What a broken database causes is told once, by whom ends the process; that a server is away, by the database room.
  boss.on('error', (error) => {
    const isTold = ['database-away', 'database-busy'].includes(String((error as { readonly code?: unknown }).code));
    if (!isTold && !database.broken.aborted && !database.isAway()) log.error({ err: error, code: 'job-queue' }, 'job queue');
  });
  await atOnce(async () => database.execute('create schema if not exists pgboss'));
  await boss.start();
  await atOnce(async () => database.execute(GRANT_QUEUE));
  const claim = { retryLimit: 1000, retryDelay: 0, expireInSeconds: JOB_HOURS_MAX * 3600, deleteAfterSeconds: 3600 };
  // One embedded process: after a crash everything is taken back at start, and a long transaction would delay heartbeats.
  const queue = embedded ? claim : { ...claim, heartbeatSeconds: HEARTBEAT_SECONDS };
  for (const name of Object.keys(WORKERS)) if ((await boss.getQueue(name)) === null) await boss.createQueue(name, queue);
  const parts: Parts = { store: createJobStore(database), boss, clock, log, handlers: new Map(), options: new Map(), runs: new Map(), listeners: new Map(), workers: [], putOff: new Map(), stopping: false };
  let retention: NodeJS.Timeout | undefined;
  let overdue: NodeJS.Timeout | undefined;

  return {
    define: (name, handler, options) => {
      assert(/^[a-z-]+(\.[a-z-]+)*$/.test(name) && !parts.handlers.has(name), `job name ${name} is new and in kebab words`);
      assert(parts.workers.length === 0, 'jobs are defined before they begin');
      parts.handlers.set(name, handler as unknown as JobHandler);
      parts.options.set(name, options);
    },
    start: async (name, input, transaction) => startJob(parts, database, name, input, transaction),
    get: async (id) => seen(parts, database, id),
    list: async ({ limit = JOBS_LISTED_MAX, name } = {}) => {
      const rows = await parts.store.list(Math.min(limit, JOBS_LISTED_MAX), name);
      return rows.map((row) => parts.runs.get(row.id)?.view ?? row);
    },
    cancel: async (id) => {
      if ((await seen(parts, database, id)) === undefined) return undefined;
      // Aborted first: the write may have to wait for the very transaction that the job holds.
      parts.runs.get(id)?.controller.abort(CANCELLED);
      const state = await parts.store.requestCancel(id, clock.now());
      if (state === undefined) return undefined;
      const view = await seen(parts, database, id);
      if (view !== undefined) announce(parts, view);
      if (state === 'cancelled' && view !== undefined && isSecret(parts, view.name)) await parts.store.forgetInput(id);
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
    wakeOverdue: async () => wakeOverdue(parts),
    takeBack: async () => within(systemScope, async () => takeBack(parts)),
    begin: async () => {
      if (embedded) await within(systemScope, async () => void (await takeBack(parts)));
      const cleanUp = async (): Promise<void> => {
        const before = instant(new Date(Date.parse(clock.now()) - JOB_RETENTION_DAYS * 24 * 3600 * 1000));
        await within(systemScope, async () => parts.store.removeFinishedBefore(before)).catch((error: unknown) => log.error({ err: error, code: 'job-retention' }, 'job retention'));
      };
      await cleanUp();
      retention = setInterval(() => void cleanUp(), RETENTION_RUN_MS).unref();
      const wake = (): void => {
        wakeOverdue(parts).catch((error: unknown) => {
          if (!database.broken.aborted && !isPassing(error)) log.error({ err: error, code: 'jobs-overdue' }, 'jobs that a clock put off could not be looked for');
        });
      };
      overdue = setInterval(wake, OVERDUE_LOOK_MS).unref();
      for (const queueName of Object.entries(WORKERS).flatMap(([name, count]) => Array.from({ length: count }, () => name))) {
        parts.workers.push(await boss.work<{ id: string }>(queueName, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
          if (job === undefined) return;
          await within(systemScope, async () => runJob(parts, job.data.id)).catch((error: unknown) => {
            // pg-boss tries again by itself and says nothing.
            if (!database.broken.aborted && !isPassing(error) && !(error instanceof Fault && error.code === STOPPING)) log.error({ err: error, job: job.data.id }, 'job could not be kept');
            throw error;
          });
        }));
      }
    },
    stop: async () => {
      parts.stopping = true;
      clearInterval(retention);
      clearInterval(overdue);
      for (const run of parts.runs.values()) run.controller.abort(STOPPING);
      await boss.stop({ graceful: true, timeout: STOP_MS_MAX });
    },
  };
}

/** A job as the scope at hand may see it. What runs here is known without asking the database, which an import may hold for minutes. */
async function seen(parts: Parts, database: Database, id: string): Promise<JobView | undefined> {
  const running = parts.runs.get(id)?.view;
  if (running !== undefined && database.scope().reach === 'all') return running;
  const row = await parts.store.get(id);
  return row === undefined ? undefined : (running ?? row);
}

async function startJob(parts: Parts, database: Database, name: string, input: Json, transaction: Tx | undefined): Promise<string> {
  assert(parts.handlers.has(name), `job ${name} has a handler`);
  if (Buffer.byteLength(canonical(input)) > JOB_INPUT_BYTES_MAX) throw new Fault('job-input-too-large', `The input of job ${name} is larger than ${JOB_INPUT_BYTES_MAX} bytes. Store the data and pass its digest.`, { name });
  if (transaction === undefined && (await within(systemScope, async () => parts.store.waiting())) >= JOBS_WAITING_MAX) {
    throw new Fault('too-many-jobs', `${JOBS_WAITING_MAX} jobs wait already. Wait until some are done, or cancel some.`, { waiting: JOBS_WAITING_MAX });
  }
  const id = randomUUID();
  const insert = async (tx: Tx): Promise<void> => {
    await parts.store.insert(id, name, input, storeScope(database.scope()), parts.clock.now(), tx);
    await parts.boss.send(queueOf(parts, name), { id }, { id, db: fromKysely(tx) });
  };
  if (transaction === undefined) await database.db.transaction().execute(insert);
  else await insert(transaction);
  for (const worker of parts.workers) parts.boss.notifyWorker(worker);
  return id;
}

/** The embedded database has one process, so whatever it finds unfinished at start lost its runner. */
async function takeBack(parts: Parts): Promise<number> {
  for (const queue of Object.keys(WORKERS)) await parts.boss.deleteAllJobs(queue);
  const left = await parts.store.unfinished();
  for (const { id, name } of left) await parts.boss.send(queueOf(parts, name), { id }, { id });
  return left.length;
}

const queueOf = (parts: Parts, name: string): string => (parts.options.get(name)?.quick === true ? QUICK_QUEUE : QUEUE);
const isSecret = (parts: Parts, name: string): boolean => parts.options.get(name)?.secretInput === true;

/** pg-boss measures by the clock of the database alone; what this process put off it also remembers by the clock that never jumps. */
async function wakeOverdue(parts: Parts): Promise<number> {
  const due = [...parts.putOff].flatMap(([claim, at]) => (performance.now() >= at ? [claim] : []));
  const woken = await within(systemScope, async () => parts.store.wakeOverdue(Object.keys(WORKERS), due, JOB_DELAY_MS_MAX));
  for (const claim of due) parts.putOff.delete(claim);
  if (woken > 0) for (const worker of parts.workers) parts.boss.notifyWorker(worker);
  return woken;
}

async function runJob(parts: Parts, id: string): Promise<void> {
  const { store, clock, log } = parts;
  // A claim that ran out by a clock that jumped ahead comes back to the very process that works on it: it waits for the run at hand.
  const present = parts.runs.get(id);
  if (present !== undefined) return present.ended;
  const claimed = await store.claim(id, clock.now());
  if (claimed === undefined) {
    // Cancelled while it waited, or between two runs: say so once; a finished row stays as it is.
    const left = await store.get(id);
    if (left !== undefined && !isFinished(left.state)) await store.finish(id, left.attempts, 'cancelled', clock.now(), left, { forgetInput: isSecret(parts, left.name) });
    return;
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const run: Run = { view: claimed.view, controller: new AbortController(), ended };
  const number = claimed.view.attempts;
  parts.runs.set(id, run);
  if (parts.stopping) run.controller.abort(STOPPING);
  const timer = setInterval(() => void saveProgress(parts, run), PROGRESS_WRITE_MS);
  try {
    announce(parts, run.view);
    const outcome = await outcomeOf(parts, run, claimed);
    clearInterval(timer);
    if (outcome === TAKEN_OVER) return;
    const { state, result, error, delayMs } = outcome;
    if (state === 'waiting') {
      await store.putBack(id, number, run.view);
      if (delayMs !== undefined) {
        // A claim of its own: the one of this run ends now. Seconds from now by the clock of the database, by which claims are given out.
        const delaySeconds = Math.max(1, Math.ceil(delayMs / 1000));
        const claim = await parts.boss.send(queueOf(parts, run.view.name), { id }, { startAfter: delaySeconds });
        if (claim !== null) parts.putOff.set(claim, performance.now() + delaySeconds * 1000);
        run.view = { ...run.view, state };
        announce(parts, run.view);
        return;
      }
      throw new Fault(STOPPING, 'The process stops; the job goes on at the next start.');
    }
    const at = clock.now();
    await store.finish(id, number, state, at, run.view, { forgetInput: isSecret(parts, run.view.name), ...(result === undefined ? {} : { result }), ...(error === undefined ? {} : { error }) });
    run.view = { ...run.view, state, finishedAt: at, result: result ?? null, error: error ?? null };
    log.info({ job: id, name: run.view.name, state, ...(error === undefined ? {} : { code: error.code }) }, 'job ended');
    announce(parts, run.view);
  } finally {
    clearInterval(timer);
    parts.runs.delete(id);
    end();
  }
}

interface Outcome {
  /** `waiting` means put back. */
  readonly state: Exclude<JobState, 'running'>;
  readonly result?: Json;
  readonly error?: JobError;
  /** Put back because the handler asked for it, and when to run again. */
  readonly delayMs?: number;
}

/** Runs the handler and names how it ended; never throws. */
async function outcomeOf(parts: Parts, run: Run, claimed: ClaimedJob): Promise<Outcome | typeof TAKEN_OVER> {
  const { id, name, attempts } = claimed.view;
  const handler = parts.handlers.get(name);
  if (handler === undefined) return { state: 'failed', error: { code: 'job-unknown', message: `This version does not know jobs named ${name}.` } };
  if (attempts > JOB_ATTEMPTS_MAX) return { state: 'failed', error: { code: 'job-attempts', message: `The process ended ${JOB_ATTEMPTS_MAX} times under this job. Start it again when the cause is found.` } };
  try {
    const result = await within(claimed.scope === null ? systemScope : restoreScope(claimed.scope), async () => handler({
      id,
      input: claimed.input,
      signal: run.controller.signal,
      attempt: attempts,
      resumed: claimed.checkpoint,
      progress: (done, total, note) => {
        run.view = { ...run.view, done, total: total ?? run.view.total, note: note?.slice(0, JOB_NOTE_LENGTH_MAX) ?? run.view.note };
        announce(parts, run.view);
      },
      checkpoint: async (data, transaction) => {
        if (await parts.store.saveCheckpoint(id, attempts, data, transaction)) return;
        run.controller.abort(TAKEN_OVER);
        throw new Fault(TAKEN_OVER, 'Another process does this job now.');
      },
    }));
    if (Buffer.byteLength(canonical(result)) > JOB_RESULT_BYTES_MAX) return { state: 'failed', error: { code: 'job-result-too-large', message: `The result is larger than ${JOB_RESULT_BYTES_MAX} bytes.` } };
    // A handler that reached its end is done, even when somebody cancelled at the last moment.
    return { state: 'done', result };
  } catch (error) {
    const why: unknown = run.controller.signal.reason;
    if (run.controller.signal.aborted && why === TAKEN_OVER) return TAKEN_OVER;
    if (run.controller.signal.aborted && why === CANCELLED) return { state: 'cancelled' };
    if (run.controller.signal.aborted && why === STOPPING) return { state: 'waiting' };
    if (error instanceof TryLater) return { state: 'waiting', delayMs: error.delayMs };
    // The job did nothing wrong: it goes on from its last checkpoint. Its attempts stay counted, so that one which the server never bears ends.
    if (isPassing(error)) return { state: 'waiting', delayMs: DATABASE_AWAY_MS };
    if (!(error instanceof Fault && error.code === 'database-broken')) parts.log.error({ err: error, job: id, name }, 'job failed');
    if (error instanceof Fault) return { state: 'failed', error: { code: error.code, message: error.message } };
    return { state: 'failed', error: { code: 'job-fault', message: `Mizan could not do this. The log of the server tells more under job ${id}.` } };
  }
}

/** Also looks whether another process asked to cancel. */
async function saveProgress(parts: Parts, run: Run): Promise<void> {
  if (run.controller.signal.aborted) return;
  try {
    const now = await parts.store.saveProgress(run.view.id, run.view.attempts, run.view);
    if (now === 'taken-over') parts.log.warn({ job: run.view.id, name: run.view.name, code: TAKEN_OVER }, 'another process does this job now');
    if (now !== 'goes-on') run.controller.abort(now === 'cancelled' ? CANCELLED : TAKEN_OVER);
  } catch (error) {
    if (!isPassing(error) && !(error instanceof Fault && error.code === 'database-broken')) parts.log.warn({ err: error, job: run.view.id }, 'job progress not written');
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
