/** Keeps assessments and their answers: rows are added, never overwritten; two editors are told apart by the step they saw. */

import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Answer } from '../../../law/questionnaire/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { EVIDENCE_MAX, type EvidenceItem, type ImpactPage, type ImpactRow, type ImpactStep, type ListFilter, type ListKey, OF_SYSTEM_MAX, type PublishedOutcome, type Seal, STEPS_MAX } from '../model.ts';
import type { Given } from '../rules/fold-steps.ts';
import type { ImpactTables } from './tables.ts';

export interface NewAssessment {
  readonly id: string;
  readonly systemId: string;
  readonly systemName: string;
  readonly bodyName: string;
  readonly words: string;
  readonly kind: string;
  readonly version: string;
  readonly digest: string;
  readonly revises?: string;
  readonly answered: number;
  readonly required: number;
  readonly given: readonly Given[];
  readonly actor: string;
  readonly at: Instant;
}

export interface Append {
  readonly id: string;
  /** The step the author saw. */
  readonly after: number;
  readonly given: readonly Given[];
  readonly undoes: boolean;
  readonly progress: { readonly answered: number; readonly required: number };
  readonly actor: string;
  readonly at: Instant;
}

export interface ImpactStore {
  /** Creates it with its first answers; of one that replaces an open one, `replaces` is closed in the same transaction. */
  create(row: NewAssessment, replaces?: string): Promise<number>;
  get(id: string): Promise<ImpactRow | undefined>;
  list(filter: ListFilter & { readonly words: readonly string[] }, limit: number, after: ListKey | undefined): Promise<ImpactPage>;
  counts(filter: ListFilter & { readonly words: readonly string[] }): Promise<readonly { readonly kind: string; readonly state: ImpactRow['state']; readonly count: number }[]>;
  ofSystem(systemId: string): Promise<readonly ImpactRow[]>;
  steps(id: string): Promise<readonly ImpactStep[]>;
  /** False when somebody else saved first or the assessment is closed. */
  append(append: Append): Promise<boolean>;
  /** Closes it with its seal; false when it moved on in between. */
  finish(given: { readonly id: string; readonly step: number; readonly level: string | undefined; readonly record: string; readonly sha256: string; readonly actor: string; readonly at: Instant }): Promise<boolean>;
  seal(id: string): Promise<Seal | undefined>;
  publish(id: string, at: Instant | undefined): Promise<boolean>;
  publishedOf(systemId: string): Promise<readonly PublishedOutcome[]>;
  evidence(id: string): Promise<readonly EvidenceItem[]>;
  /** False when the assessment is full or not open. */
  addEvidence(id: string, item: EvidenceItem & { readonly actor: string }): Promise<boolean>;
  removeEvidence(id: string, evidenceId: string, at: Instant): Promise<boolean>;
  /** Erases what was kept about systems that were erased from the register; sample data only. */
  forget(systemIds: readonly string[]): Promise<void>;
}

type Row = Selectable<ImpactTables['impact_assessments']>;

export function createImpactStore(database: Database): ImpactStore {
  const db = database.db.withTables<ImpactTables>();
  const answerRows = (id: string, after: number, given: readonly Given[], rest: { readonly undoes: boolean; readonly actor: string; readonly at: Instant }): ImpactTables['impact_answers'][] =>
    given.map(({ question, answer, origin }, index) => ({ assessment_id: id, step: after + index + 1, batch: after + 1, question, answer: answer === null ? null : JSON.stringify(answer), undoes: rest.undoes, origin, actor: rest.actor, answered_at: rest.at }));
  return {
    create: async (row, replaces) =>
      db.transaction().execute(async (tx) => {
        if (replaces !== undefined) await tx.updateTable('impact_assessments').set({ state: 'replaced', changed_at: row.at }).where('id', '=', replaces).where('state', '=', 'open').execute();
        const created = await tx
          .insertInto('impact_assessments')
          .values({
            id: row.id, system_id: row.systemId, system_name: row.systemName, body_name: row.bodyName, words: row.words, kind: row.kind, version: row.version, digest: row.digest, state: 'open', step: row.given.length,
            answered: row.answered, required: row.required, level: null, revises: row.revises ?? null, started_by: row.actor, started_at: row.at, changed_at: row.at, finished_at: null,
          })
          .returning('number')
          .executeTakeFirstOrThrow();
        if (row.given.length > 0) await tx.insertInto('impact_answers').values(answerRows(row.id, 0, row.given, { undoes: false, actor: row.actor, at: row.at })).execute();
        return created.number;
      }),
    get: async (id) => {
      const row = await db.selectFrom('impact_assessments').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : rowOf(row);
    },
    list: async (filter, limit, after) => {
      // The first half of the condition lets the index begin where the page does.
      const from = after === undefined ? [] : [sql`changed_at <= ${after.changedAt}::timestamptz and (changed_at < ${after.changedAt}::timestamptz or id > ${after.id}::uuid)`];
      const where = sql.join([sql`true`, ...conditionsOf(filter), ...from], sql` and `);
      const page = (own: RawBuilder<unknown>): RawBuilder<unknown> => sql`select * from impact_assessments where ${own} and ${where} order by changed_at desc, id limit ${limit + 1}`;
      const { rows: found } = await sql<Row>`select asked.* from ${eachOwn(database.scope(), page)} order by changed_at desc, id limit ${limit + 1}`.execute(db);
      const rows = found.map(rowOf);
      const last = rows[limit - 1];
      return { items: rows.slice(0, limit), ...(rows.length > limit && last !== undefined ? { next: { changedAt: last.changedAt, id: last.id } } : {}) };
    },
    counts: async (filter) => {
      const where = sql.join([sql`true`, ...conditionsOf(filter)], sql` and `);
      const count = (own: RawBuilder<unknown>): RawBuilder<unknown> => sql`select kind, state, count(*) as count from impact_assessments where ${own} and ${where} group by kind, state`;
      const { rows } = await sql<{ kind: string; state: ImpactRow['state']; count: number }>`select kind, state, sum(count)::int as count from ${eachOwn(database.scope(), count)} group by kind, state`.execute(db);
      return rows;
    },
    ofSystem: async (systemId) => (await db.selectFrom('impact_assessments').selectAll().where('system_id', '=', systemId).orderBy('changed_at', 'desc').orderBy('id').limit(OF_SYSTEM_MAX).execute()).map(rowOf),
    steps: async (id) => {
      const rows = await db.selectFrom('impact_answers').selectAll().where('assessment_id', '=', id).orderBy('step').limit(STEPS_MAX).execute();
      return rows.map((row) => ({ step: row.step, batch: row.batch, question: row.question, answer: row.answer as unknown as Answer | null, undoes: row.undoes, origin: row.origin, actor: row.actor, answeredAt: row.answered_at as Instant }));
    },
    append: async ({ id, after, given, undoes, progress, actor, at }) =>
      db.transaction().execute(async (tx) => {
        // The row is the lock: of two editors who saw the same step, the second finds it gone.
        const moved = await tx
          .updateTable('impact_assessments')
          .set({ step: after + given.length, answered: progress.answered, required: progress.required, changed_at: at })
          .where('id', '=', id)
          .where('step', '=', after)
          .where('state', '=', 'open')
          .executeTakeFirst();
        if (moved.numUpdatedRows === 0n) return false;
        if (given.length > 0) await tx.insertInto('impact_answers').values(answerRows(id, after, given, { undoes, actor, at })).execute();
        return true;
      }),
    finish: async ({ id, step, level, record, sha256, actor, at }) =>
      db.transaction().execute(async (tx) => {
        const closed = await tx.updateTable('impact_assessments').set({ state: 'finished', level: level ?? null, changed_at: at, finished_at: at }).where('id', '=', id).where('step', '=', step).where('state', '=', 'open').executeTakeFirst();
        if (closed.numUpdatedRows === 0n) return false;
        await tx.insertInto('impact_seals').values({ assessment_id: id, record, sha256, sealed_by: actor, sealed_at: at, published_at: null }).execute();
        return true;
      }),
    seal: async (id) => {
      const row = await db.selectFrom('impact_seals').selectAll().where('assessment_id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : sealOf(row);
    },
    publish: async (id, at) => (await db.updateTable('impact_seals').set({ published_at: at ?? null }).where('assessment_id', '=', id).executeTakeFirst()).numUpdatedRows > 0n,
    publishedOf: async (systemId) => {
      // These columns and no others: the public may read only them.
      const rows = await db
        .selectFrom('impact_assessments as a')
        .innerJoin('impact_seals as s', 's.assessment_id', 'a.id')
        .select(['a.id', 'a.kind', 'a.version', 'a.digest', 'a.level', 's.sha256', 's.sealed_at'])
        .where('a.system_id', '=', systemId)
        .where('s.published_at', 'is not', null)
        .orderBy('a.finished_at', 'desc')
        .limit(OF_SYSTEM_MAX)
        .execute();
      return rows.map(({ id, kind, version, digest, level, sha256, sealed_at: sealedAt }) => ({ row: { id, kind, version, digest, ...(level === null ? {} : { level }) }, seal: { sha256, sealedAt: sealedAt as Instant } }));
    },
    evidence: async (id) => {
      const rows = await db.selectFrom('impact_evidence').selectAll().where('assessment_id', '=', id).where('removed_at', 'is', null).orderBy('attached_at').orderBy('id').limit(EVIDENCE_MAX).execute();
      return rows.map((row) => ({ id: row.id, question: row.question, attachmentId: row.attachment_id, name: row.name, sha256: row.sha256, attachedAt: row.attached_at as Instant }));
    },
    addEvidence: async (id, item) =>
      db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ state: string }>`select state from impact_assessments where id = ${id} for update`.execute(tx);
        const { count } = await tx.selectFrom('impact_evidence').select(sql<number>`count(*)::int`.as('count')).where('assessment_id', '=', id).where('removed_at', 'is', null).executeTakeFirstOrThrow();
        if (rows[0]?.state !== 'open' || count >= EVIDENCE_MAX) return false;
        await tx.insertInto('impact_evidence').values({ id: item.id, assessment_id: id, question: item.question, attachment_id: item.attachmentId, name: item.name, sha256: item.sha256, actor: item.actor, attached_at: item.attachedAt, removed_at: null }).execute();
        return true;
      }),
    removeEvidence: async (id, evidenceId, at) =>
      (await db.updateTable('impact_evidence').set({ removed_at: at }).where('id', '=', evidenceId).where('assessment_id', '=', id).where('removed_at', 'is', null).where(sql<boolean>`exists (select 1 from impact_assessments a where a.id = ${id} and a.state = 'open')`).executeTakeFirst()).numUpdatedRows > 0n,
    forget: async (systemIds) => {
      if (systemIds.length === 0) return;
      await db.transaction().execute(async (tx) => {
        const ids = sql`(select id from impact_assessments where system_id = any(${systemIds}::uuid[]))`;
        for (const table of ['impact_answers', 'impact_evidence', 'impact_seals']) await sql`delete from ${sql.table(table)} where assessment_id in ${ids}`.execute(tx);
        await sql`delete from impact_assessments where system_id = any(${systemIds}::uuid[])`.execute(tx);
      });
    },
  };
}

/** Asked once for each own organisation, so that the planner starts from its rows; row-level security stays underneath. */
function eachOwn(scope: Scope, question: (own: RawBuilder<unknown>) => RawBuilder<unknown>): RawBuilder<unknown> {
  if (scope.reach !== 'own') return sql`(${question(sql`true`)}) as asked`;
  return sql`unnest(${`{${scope.organisations.join(',')}}`}::uuid[]) as o(organisation) cross join lateral (${question(sql`organisation_id = o.organisation`)}) as asked`;
}

function conditionsOf({ words, state, kind, system }: ListFilter & { readonly words: readonly string[] }): readonly ReturnType<typeof sql<boolean>>[] {
  return [
    ...words.map((word) => sql<boolean>`position(${word} in words) > 0`),
    ...(state === undefined ? [] : [sql<boolean>`state = ${state}`]),
    ...(kind === undefined ? [] : [sql<boolean>`kind = ${kind}`]),
    ...(system === undefined ? [] : [sql<boolean>`system_id = ${system}::uuid`]),
  ];
}

function rowOf(row: Row): ImpactRow {
  return {
    id: row.id,
    number: row.number,
    systemId: row.system_id,
    systemName: row.system_name,
    bodyName: row.body_name,
    kind: row.kind,
    version: row.version,
    digest: row.digest,
    state: row.state,
    step: row.step,
    answered: row.answered,
    required: row.required,
    ...(row.level === null ? {} : { level: row.level }),
    ...(row.revises === null ? {} : { revises: row.revises }),
    startedBy: row.started_by,
    startedAt: row.started_at as Instant,
    changedAt: row.changed_at as Instant,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at as Instant }),
  };
}

function sealOf(row: ImpactTables['impact_seals']): Seal {
  return { record: row.record, sha256: row.sha256, sealedBy: row.sealed_by, sealedAt: row.sealed_at as Instant, ...(row.published_at === null ? {} : { publishedAt: row.published_at as Instant }) };
}
