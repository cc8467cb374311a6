/** Keeps runs that measure a change of law, and the systems each of them found affected. */

import { sql } from 'kysely';
import type { CivilDate, Instant } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { EFFECT_RUNS_KEPT_MAX, type EffectItem, type EffectKey, type EffectRun, type EffectSummary, type SystemEffect } from '../model.ts';
import type { ObligationsTables } from './tables.ts';

export interface EffectRow extends EffectItem {
  readonly touches: readonly string[];
}

export interface EffectStore {
  begin(run: Omit<EffectRun, 'jobId' | 'finishedAt' | 'summary' | 'hasItems'>): Promise<void>;
  setJob(runId: string, jobId: string): Promise<void>;
  /** Forgets the systems of a run that begins again after its process died. */
  clear(runId: string): Promise<void>;
  /** One statement for the whole batch. */
  add(runId: string, rows: readonly EffectRow[]): Promise<void>;
  /** Keeps the summary; of the oldest runs the systems go. */
  finish(runId: string, summary: EffectSummary, at: Instant): Promise<void>;
  run(runId: string): Promise<EffectRun | undefined>;
  runs(limit: number): Promise<readonly EffectRun[]>;
  page(runId: string, filter: { readonly touches?: string | undefined; readonly after?: EffectKey | undefined; readonly limit: number }): Promise<readonly EffectItem[]>;
  item(runId: string, systemId: string): Promise<EffectItem | undefined>;
}

export function createEffectStore(database: Database): EffectStore {
  const db = database.db.withTables<ObligationsTables>();
  return {
    begin: async (run) => {
      await db
        .insertInto('obligations_effect_runs')
        .values({
          id: run.id, from_digest: run.from.digest, from_id: run.from.id, from_version: run.from.version, to_digest: run.to.digest, to_id: run.to.id, to_version: run.to.version,
          as_of: run.asOf, known_on: run.knownOn, job_id: null, actor: run.actor, started_at: run.startedAt, finished_at: null, summary: null, has_items: true,
        })
        .execute();
    },
    setJob: async (runId, jobId) => {
      await db.updateTable('obligations_effect_runs').set({ job_id: jobId }).where('id', '=', runId).execute();
    },
    clear: async (runId) => {
      await db.deleteFrom('obligations_effects').where('run_id', '=', runId).execute();
    },
    add: async (runId, rows) => {
      if (rows.length === 0) return;
      const given = rows.map(({ systemId, name, bodyName, weight, touches, ...effect }) => ({ system: systemId, name, body: bodyName, weight, touches, effect }));
      await sql`insert into obligations_effects (run_id, system_id, name, body_name, weight, touches, effect)
        select ${runId}::uuid, x.system, x.name, x.body, x.weight, x.touches, x.effect
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as x(system uuid, name text, body text, weight integer, touches text[], effect jsonb)`.execute(db);
    },
    finish: async (runId, summary, at) => {
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('obligations_effect_runs').set({ summary: JSON.stringify(summary), finished_at: at }).where('id', '=', runId).execute();
        const old = await tx.selectFrom('obligations_effect_runs').select('id').where('has_items', '=', true).orderBy('started_at', 'desc').orderBy('id').offset(EFFECT_RUNS_KEPT_MAX).execute();
        if (old.length === 0) return;
        const ids = old.map((row) => row.id);
        await tx.deleteFrom('obligations_effects').where('run_id', 'in', ids).execute();
        await tx.updateTable('obligations_effect_runs').set({ has_items: false }).where('id', 'in', ids).execute();
      });
    },
    run: async (runId) => {
      const row = await db.selectFrom('obligations_effect_runs').selectAll().where('id', '=', runId).executeTakeFirst();
      return row === undefined ? undefined : runOf(row);
    },
    runs: async (limit) => {
      const rows = await db.selectFrom('obligations_effect_runs').selectAll().orderBy('started_at', 'desc').orderBy('id').limit(limit).execute();
      return rows.map(runOf);
    },
    page: async (runId, { touches, after, limit }) => {
      let query = db.selectFrom('obligations_effects').select(['system_id', 'name', 'body_name', 'weight', 'effect']).where('run_id', '=', runId).orderBy('weight', 'desc').orderBy('system_id').limit(limit);
      if (touches !== undefined) query = query.where(sql<boolean>`touches @> array[${touches}]::text[]`);
      if (after !== undefined) query = query.where(sql<boolean>`(weight < ${after.weight} or (weight = ${after.weight} and system_id > ${after.systemId}::uuid))`);
      return (await query.execute()).map(itemOf);
    },
    item: async (runId, systemId) => {
      const row = await db.selectFrom('obligations_effects').select(['system_id', 'name', 'body_name', 'weight', 'effect']).where('run_id', '=', runId).where('system_id', '=', systemId).executeTakeFirst();
      return row === undefined ? undefined : itemOf(row);
    },
  };
}

function runOf(row: ObligationsTables['obligations_effect_runs']): EffectRun {
  return {
    id: row.id,
    from: { id: row.from_id, version: row.from_version, digest: row.from_digest },
    to: { id: row.to_id, version: row.to_version, digest: row.to_digest },
    asOf: row.as_of as CivilDate,
    knownOn: row.known_on as CivilDate,
    ...(row.job_id === null ? {} : { jobId: row.job_id }),
    actor: row.actor,
    startedAt: row.started_at as Instant,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at as Instant }),
    ...(row.summary === null ? {} : { summary: row.summary as unknown as EffectSummary }),
    hasItems: row.has_items,
  };
}

function itemOf(row: Pick<ObligationsTables['obligations_effects'], 'system_id' | 'name' | 'body_name' | 'weight' | 'effect'>): EffectItem {
  return { systemId: row.system_id, name: row.name, bodyName: row.body_name, weight: row.weight, ...(row.effect as unknown as SystemEffect) };
}
