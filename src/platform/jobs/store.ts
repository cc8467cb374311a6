/** The rows of platform_jobs: every statement the job room runs on its own table. */

import { sql } from 'kysely';
import type { Instant, Json } from '../../base/index.ts';
import type { StoredScope } from '../auth/index.ts';
import type { Database, Db, Tx } from '../db/index.ts';
import type { JobError, JobState, JobView } from './model.ts';

/** A type and not an interface: only a type fits Kysely's index signature. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- see above
export type JobTables = {
  platform_jobs: {
    id: string;
    name: string;
    state: JobState;
    input: Json;
    actor: string;
    scope: StoredScope | null;
    checkpoint: Json | undefined;
    done: number;
    total: number | null;
    note: string | null;
    result: Json;
    error: JobError | null;
    attempts: number;
    cancel_requested: boolean;
    created_at: Instant;
    started_at: Instant | null;
    finished_at: Instant | null;
  };
};
type Row = JobTables['platform_jobs'];

export interface ClaimedJob {
  readonly view: JobView;
  readonly input: Json;
  /** Whose rights it works with; null for work that was started before jobs kept it. */
  readonly scope: StoredScope | null;
  readonly checkpoint: Json | undefined;
}

export interface JobProgress {
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
}

export type JobStore = ReturnType<typeof createJobStore>;

export function createJobStore(database: Database) {
  const db = database.db.withTables<JobTables>();
  const on = (transaction: Tx | Db | undefined) => (transaction === undefined ? db : transaction.withTables<JobTables>());
  return {
    async insert(id: string, name: string, input: Json, scope: StoredScope, at: Instant, transaction: Tx): Promise<void> {
      await on(transaction)
        .insertInto('platform_jobs')
        .values({ id, name, state: 'waiting', input: json(input), actor: scope.actor, scope: json({ ...scope }) as unknown as StoredScope, created_at: at, done: 0, attempts: 0, cancel_requested: false, result: null })
        .execute();
    },

    async waiting(): Promise<number> {
      const row = await db.selectFrom('platform_jobs').select(sql<number>`count(*)::int`.as('count')).where('state', '=', 'waiting').executeTakeFirstOrThrow();
      return row.count;
    },

    /** Takes a job for running; undefined when it was cancelled or finished meanwhile. */
    async claim(id: string, at: Instant): Promise<ClaimedJob | undefined> {
      const row = await db
        .updateTable('platform_jobs')
        .set((is) => ({ state: 'running', started_at: is.fn.coalesce('started_at', sql<Instant>`${at}::timestamptz`), attempts: is('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('state', 'in', ['waiting', 'running'])
        .where('cancel_requested', '=', false)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : { view: viewOf(row), input: row.input, scope: row.scope, checkpoint: row.checkpoint ?? undefined };
    },

    /** Writes progress of the run with this number and answers whether it goes on, is to be cancelled, or was given to another process meanwhile. */
    async saveProgress(id: string, run: number, progress: JobProgress): Promise<'goes-on' | 'cancelled' | 'taken-over'> {
      const row = await db
        .updateTable('platform_jobs')
        .set({ done: progress.done, total: progress.total, note: progress.note })
        .where('id', '=', id)
        .where('attempts', '=', run)
        .returning('cancel_requested')
        .executeTakeFirst();
      if (row !== undefined) return row.cancel_requested ? 'cancelled' : 'goes-on';
      return (await db.selectFrom('platform_jobs').select('id').where('id', '=', id).executeTakeFirst()) === undefined ? 'cancelled' : 'taken-over';
    },

    /** False when the job was given to another process meanwhile: then nothing is written. */
    async saveCheckpoint(id: string, run: number, data: Json, transaction: Tx | undefined): Promise<boolean> {
      const done = await on(transaction).updateTable('platform_jobs').set({ checkpoint: json(data) }).where('id', '=', id).where('attempts', '=', run).executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    /** Of the run with this number, or of a job that nobody runs. */
    async finish(id: string, run: number, state: JobState, at: Instant, progress: JobProgress, outcome: { readonly result?: Json; readonly error?: JobError; readonly forgetInput?: boolean }): Promise<void> {
      await db
        .updateTable('platform_jobs')
        .set({
          state,
          finished_at: at,
          done: progress.done,
          total: progress.total,
          note: progress.note,
          result: json(outcome.result ?? null),
          ...(outcome.forgetInput === true ? { input: json(null), checkpoint: json(null) } : {}),
          error: outcome.error === undefined ? null : (json({ ...outcome.error }) as unknown as JobError),
        })
        .where('id', '=', id)
        .where('attempts', '=', run)
        .execute();
    },

    async forgetInput(id: string): Promise<void> {
      await db.updateTable('platform_jobs').set({ input: json(null), checkpoint: json(null) }).where('id', '=', id).execute();
    },

    /** Back to waiting, with progress and checkpoint kept: the process is about to stop. */
    async putBack(id: string, run: number, progress: JobProgress): Promise<void> {
      // The attempt did not fail, so it is not counted against the job.
      await db.updateTable('platform_jobs').set((is) => ({ state: 'waiting', attempts: is('attempts', '-', 1), done: progress.done, total: progress.total, note: progress.note })).where('id', '=', id).where('attempts', '=', run).where('state', '=', 'running').execute();
    },

    /** Asks for cancellation: a waiting job ends at once, a running one at its next look. Undefined when there is no such job. */
    async requestCancel(id: string, at: Instant): Promise<JobState | undefined> {
      const row = await db
        .updateTable('platform_jobs')
        .set({
          cancel_requested: true,
          state: sql<JobState>`case when state = 'waiting' then 'cancelled' else state end`,
          finished_at: sql<Instant>`case when state = 'waiting' then ${at}::timestamptz else finished_at end`,
        })
        .where('id', '=', id)
        .returning('state')
        .executeTakeFirst();
      return row?.state;
    },

    async get(id: string): Promise<JobView | undefined> {
      const row = await db.selectFrom('platform_jobs').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : viewOf(row);
    },

    /** Newest first. */
    async list(limit: number, name: string | undefined): Promise<readonly JobView[]> {
      let query = db.selectFrom('platform_jobs').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
      if (name !== undefined) query = query.where('name', '=', name);
      return (await query.execute()).map(viewOf);
    },

    async unfinished(): Promise<readonly { readonly id: string; readonly name: string; readonly state: JobState }[]> {
      return db.selectFrom('platform_jobs').select(['id', 'name', 'state']).where('state', 'in', ['waiting', 'running']).execute();
    },

    /** These claims of the queues are due, and so are those that wait for a moment further away than any job is put off for. */
    async wakeOverdue(queues: readonly string[], claims: readonly string[], delayMsMax: number): Promise<number> {
      const { rows } = await sql`update pgboss.job set start_after = pgboss.job_now()
        where name = any(${[...queues]}::text[]) and state < 'active'
          and ((id = any(${[...claims]}::uuid[]) and start_after > pgboss.job_now()) or start_after > pgboss.job_now() + make_interval(secs => ${delayMsMax / 1000}))
        returning id`.execute(db);
      return rows.length;
    },

    async removeFinishedBefore(at: Instant): Promise<number> {
      const result = await db.deleteFrom('platform_jobs').where('finished_at', '<', at).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

/** jsonb from JavaScript: the driver would turn a list into an SQL array. */
function json(value: Json): Json {
  return sql`${JSON.stringify(value)}::jsonb` as unknown as Json;
}

function viewOf(row: Row): JobView {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    done: row.done,
    total: row.total,
    note: row.note,
    result: row.result,
    error: row.error,
    attempts: row.attempts,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
