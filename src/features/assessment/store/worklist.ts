/** The work list: one derived row a system, ordered by stakes, read page after page by key. */

import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Facts } from '../../../law/index.ts';
import type { Candidate } from '../../../law/prescreen/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { type Screening, type WorkItem, WORKLIST_ROWS_MAX, type WorklistKey, type WorkState } from '../model.ts';
import type { AssessmentTables } from './tables.ts';

export interface WorklistQuery {
  readonly state?: WorkState;
  /** A conclusion or the beginning of one (`high_risk`): only systems whose candidates point there. */
  readonly probable?: string;
  readonly limit: number;
  readonly after?: WorklistKey;
}

export interface WorkCounts {
  readonly total: number;
  readonly byState: { readonly [S in WorkState]: number };
  /** Systems with at least one candidate. */
  readonly flagged: number;
}

export interface WorklistStore {
  /** Writes what the recognisers found; answers and decisions of the row stay. One statement for the whole batch. */
  screen(screenings: readonly Screening[], recognisers: string, at: Instant): Promise<readonly { readonly systemId: string; readonly stakes: number; readonly headline: string | null; readonly state: WorkState; readonly openCount: number | null }[]>;
  /** Which of these are not read yet, or were read at another revision or by other recognisers. */
  unread(entries: readonly { readonly id: string; readonly revision: number }[], recognisers: string): Promise<ReadonlySet<string>>;
  /** Systems read by these recognisers. */
  readCount(recognisers: string): Promise<number>;
  candidates(systemId: string): Promise<{ readonly revision: number; readonly candidates: readonly Candidate[]; readonly probable: readonly string[]; readonly stakes: number } | undefined>;
  progress(systemId: string, progress: { readonly state: WorkState; readonly answered: number; readonly headline: string | null; readonly openCount: number | null; readonly facts: Facts; readonly codes: string }, at: Instant): Promise<void>;
  page(query: WorklistQuery): Promise<{ readonly items: readonly WorkItem[]; readonly next: WorklistKey | undefined }>;
  counts(): Promise<WorkCounts>;
  /** How many systems point to each conclusion, most first. */
  probableCounts(): Promise<readonly { readonly conclusion: string; readonly systems: number }[]>;
  remove(systemIds: readonly string[]): Promise<void>;
}

const CONCLUSIONS_COUNTED_MAX = 100;

export function createWorklistStore(database: Database): WorklistStore {
  const db = database.db.withTables<AssessmentTables>();
  return {
    screen: async (screenings, recognisers, at) => {
      if (screenings.length === 0) return [];
      const rows = screenings.map((one) => ({
        system_id: one.systemId,
        revision: one.revision,
        candidates: one.candidates,
        stakes: one.stakes,
        probable: one.probable,
        name: one.name,
        body_name: one.bodyName,
      }));
      const { rows: written } = await sql<{ system_id: string; stakes: number; headline: string | null; state: WorkState; open_count: number | null }>`
        insert into assessment_summaries (system_id, revision, recognisers, candidates, stakes, probable, state, name, body_name, updated_at)
        select r.system_id, r.revision, ${recognisers}, r.candidates, r.stakes, array(select jsonb_array_elements_text(r.probable)), 'untouched', r.name, r.body_name, ${at}::timestamptz
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as r(system_id uuid, revision integer, candidates jsonb, stakes double precision, probable jsonb, name text, body_name text)
        on conflict (system_id) do update set
          revision = excluded.revision, recognisers = excluded.recognisers, candidates = excluded.candidates, stakes = excluded.stakes,
          probable = excluded.probable, name = excluded.name, body_name = excluded.body_name, updated_at = excluded.updated_at
        returning system_id, stakes, headline, state, open_count`.execute(db);
      return written.map((row) => ({ systemId: row.system_id, stakes: row.stakes, headline: row.headline, state: row.state, openCount: row.open_count }));
    },
    unread: async (entries, recognisers) => {
      const { rows } = await sql<{ id: string }>`select x.id from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as x(id uuid, revision integer)
        where not exists (select 1 from assessment_summaries s where s.system_id = x.id and s.revision = x.revision and s.recognisers = ${recognisers})`.execute(db);
      return new Set(rows.map((row) => row.id));
    },
    readCount: async (recognisers) => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from assessment_summaries where recognisers = ${recognisers}`.execute(db);
      return rows[0]?.n ?? 0;
    },
    candidates: async (systemId) => {
      const row = await db.selectFrom('assessment_summaries').select(['revision', 'candidates', 'probable', 'stakes']).where('system_id', '=', systemId).executeTakeFirst();
      return row === undefined ? undefined : { revision: row.revision, candidates: row.candidates as unknown as readonly Candidate[], probable: row.probable, stakes: row.stakes };
    },
    progress: async (systemId, { state, answered, headline, openCount, facts, codes }, at) => {
      await db
        .updateTable('assessment_summaries')
        .set({ state, answered, headline, open_count: openCount, facts: answered === 0 ? null : JSON.stringify(facts), codes: answered === 0 ? null : codes, updated_at: at })
        .where('system_id', '=', systemId)
        .execute();
    },
    page: async (query) => {
      const limit = Math.min(query.limit, WORKLIST_ROWS_MAX);
      const { rows } = await sql<WorkRow>`select ${ROW_COLUMNS} from ${summariesIn(database.scope(), conditionsOf(query), limit + 1)} order by stakes desc, system_id limit ${limit + 1}`.execute(db);
      const items = rows.slice(0, limit).map((row): WorkItem => ({
        systemId: row.system_id,
        name: row.name,
        bodyName: row.body_name,
        stakes: row.stakes,
        probable: row.probable,
        state: row.state,
        answered: row.answered,
        ...(row.headline === null ? {} : { headline: row.headline }),
        ...(row.open_count === null ? {} : { openCount: row.open_count }),
      }));
      const last = items.at(-1);
      return { items, next: rows.length > limit && last !== undefined ? { stakes: last.stakes, systemId: last.systemId } : undefined };
    },
    counts: async () => {
      const { rows } = await sql<{ state: WorkState; systems: number; flagged: number }>`
        select state, sum(systems)::int as systems, sum(flagged)::int as flagged
        from ${eachOwn(database.scope(), (own) => sql`select state, count(*) as systems, count(*) filter (where stakes > 0) as flagged from assessment_summaries ${own} group by state`)} group by state`.execute(db);
      const of = (state: WorkState): number => rows.find((row) => row.state === state)?.systems ?? 0;
      return {
        total: rows.reduce((sum, row) => sum + row.systems, 0),
        byState: { untouched: of('untouched'), started: of('started'), decided: of('decided') },
        flagged: rows.reduce((sum, row) => sum + row.flagged, 0),
      };
    },
    probableCounts: async () => {
      const { rows } = await sql<{ conclusion: string; systems: number }>`
        select conclusion, sum(systems)::int as systems
        from ${eachOwn(database.scope(), (own) => sql`select p as conclusion, count(*) as systems from assessment_summaries, unnest(probable) as p ${own} group by p`)}
        group by conclusion order by systems desc, conclusion limit ${CONCLUSIONS_COUNTED_MAX}`.execute(db);
      return rows;
    },
    remove: async (systemIds) => {
      if (systemIds.length === 0) return;
      await db.deleteFrom('assessment_summaries').where('system_id', 'in', [...systemIds]).execute();
    },
  };
}

type WorkRow = Pick<AssessmentTables['assessment_summaries'], 'system_id' | 'name' | 'body_name' | 'stakes' | 'probable' | 'state' | 'answered' | 'headline' | 'open_count'>;
const ROW_COLUMNS = sql`system_id, name, body_name, stakes, probable, state, answered, headline, open_count`;

/**
 * For an organisation's people the same question is asked once for each of their organisations: the planner then starts from the rows of
 * one organisation, however few of all they are, instead of walking over everybody's in the order of the list. Row-level security stays underneath.
 */
function eachOwn(scope: Scope, question: (own: RawBuilder<unknown>) => RawBuilder<unknown>): RawBuilder<unknown> {
  if (scope.reach !== 'own') return sql`(${question(sql``)}) as asked`;
  return sql`unnest(${`{${scope.organisations.join(',')}}`}::uuid[]) as o(organisation) cross join lateral (${question(sql`where organisation_id = o.organisation`)}) as asked`;
}

/** The first rows of the list; of each own organisation as many as the whole list may show. */
function summariesIn(scope: Scope, conditions: readonly RawBuilder<unknown>[], limit: number): RawBuilder<unknown> {
  const where = sql.join([sql`true`, ...conditions], sql` and `);
  if (scope.reach !== 'own') return sql`(select ${ROW_COLUMNS} from assessment_summaries where ${where} order by stakes desc, system_id limit ${limit}) as asked`;
  return eachOwn(scope, (own) => sql`select ${ROW_COLUMNS} from assessment_summaries ${own} and ${where} order by stakes desc, system_id limit ${limit}`);
}

function conditionsOf({ state, probable, after }: WorklistQuery): readonly RawBuilder<unknown>[] {
  return [
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(probable === undefined ? [] : [sql`exists (select 1 from unnest(probable) as p where p = ${probable} or starts_with(p, ${`${probable}.`}))`]),
    // The first half lets the index begin where the page does.
    ...(after === undefined ? [] : [sql`stakes <= ${after.stakes}::double precision and (stakes < ${after.stakes}::double precision or system_id > ${after.systemId}::uuid)`]),
  ];
}
