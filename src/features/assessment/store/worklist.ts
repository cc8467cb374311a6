/** The work list: one derived row a system, ordered by stakes, read page after page by key. */

import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Facts } from '../../../law/index.ts';
import type { Candidate } from '../../../law/prescreen/index.ts';
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
      let select = db
        .selectFrom('assessment_summaries')
        .select(['system_id', 'name', 'body_name', 'stakes', 'probable', 'state', 'answered', 'headline', 'open_count'])
        .orderBy('stakes', 'desc')
        .orderBy('system_id')
        .limit(limit + 1);
      if (query.state !== undefined) select = select.where('state', '=', query.state);
      if (query.probable !== undefined) {
        const wanted = query.probable;
        select = select.where(sql<boolean>`exists (select 1 from unnest(probable) as p where p = ${wanted} or starts_with(p, ${`${wanted}.`}))`);
      }
      if (query.after !== undefined) {
        const { stakes, systemId } = query.after;
        select = select.where(sql<boolean>`(stakes < ${stakes} or (stakes = ${stakes} and system_id > ${systemId}::uuid))`);
      }
      const rows = await select.execute();
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
        select state, count(*)::int as systems, (count(*) filter (where stakes > 0))::int as flagged from assessment_summaries group by state`.execute(db);
      const of = (state: WorkState): number => rows.find((row) => row.state === state)?.systems ?? 0;
      return {
        total: rows.reduce((sum, row) => sum + row.systems, 0),
        byState: { untouched: of('untouched'), started: of('started'), decided: of('decided') },
        flagged: rows.reduce((sum, row) => sum + row.flagged, 0),
      };
    },
    probableCounts: async () => {
      const { rows } = await sql<{ conclusion: string; systems: number }>`
        select p as conclusion, count(*)::int as systems from assessment_summaries, unnest(probable) as p group by p order by systems desc, p limit ${CONCLUSIONS_COUNTED_MAX}`.execute(db);
      return rows;
    },
    remove: async (systemIds) => {
      if (systemIds.length === 0) return;
      await db.deleteFrom('assessment_summaries').where('system_id', 'in', [...systemIds]).execute();
    },
  };
}
