/** Reads and writes all answered systems in one pass, batch by batch, for a change of law. */

import { sql } from 'kysely';
import type { CivilDate, Instant } from '../../../base/index.ts';
import type { Facts, PackRef } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { WorkState } from '../model.ts';
import type { AssessmentTables } from './tables.ts';

export interface AnsweredSystem {
  readonly systemId: string;
  readonly name: string;
  readonly bodyName: string;
  readonly facts: Facts;
  readonly codes: string | null;
  readonly state: WorkState;
  readonly headline: string | null;
  readonly stakes: number;
}

export interface Redecided {
  readonly systemId: string;
  readonly codes: string;
  readonly state: WorkState;
  readonly headline: string;
  readonly openCount: number;
}

export interface Redecision {
  readonly pack: PackRef;
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
  readonly systems: number;
  readonly changed: number;
  readonly finishedAt: Instant;
}

export interface RedecisionStore {
  /** Answered systems after `after` in the order of their ids. */
  batch(after: string | undefined, limit: number): Promise<readonly AnsweredSystem[]>;
  /** One statement for the whole batch. */
  save(changed: readonly Redecided[], at: Instant): Promise<void>;
  finish(redecision: Redecision): Promise<void>;
  latest(packId: string): Promise<{ readonly digest: string; readonly asOf: CivilDate; readonly knownOn: CivilDate } | undefined>;
  answeredCount(): Promise<number>;
  facts(systemIds: readonly string[]): Promise<ReadonlyMap<string, Facts>>;
}

export function createRedecisionStore(database: Database): RedecisionStore {
  const db = database.db.withTables<AssessmentTables>();
  return {
    batch: async (after, limit) => {
      let query = db.selectFrom('assessment_summaries').select(['system_id', 'name', 'body_name', 'facts', 'codes', 'state', 'headline', 'stakes']).where('facts', 'is not', null).orderBy('system_id').limit(limit);
      if (after !== undefined) query = query.where('system_id', '>', after);
      const rows = await query.execute();
      return rows.map((row) => ({ systemId: row.system_id, name: row.name, bodyName: row.body_name, facts: row.facts as unknown as Facts, codes: row.codes, state: row.state, headline: row.headline, stakes: row.stakes }));
    },
    save: async (changed, at) => {
      if (changed.length === 0) return;
      const rows = changed.map((one) => ({ id: one.systemId, codes: one.codes, state: one.state, headline: one.headline, open: one.openCount }));
      await sql`update assessment_summaries s set codes = x.codes, state = x.state, headline = x.headline, open_count = x.open, updated_at = ${at}::timestamptz
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, codes text, state text, headline text, open integer) where s.system_id = x.id`.execute(db);
    },
    finish: async (one) => {
      await db
        .insertInto('assessment_redecisions')
        .values({ pack_id: one.pack.id, pack_digest: one.pack.digest, as_of: one.asOf, known_on: one.knownOn, systems: one.systems, changed: one.changed, finished_at: one.finishedAt })
        .execute();
    },
    latest: async (packId) => {
      const row = await db.selectFrom('assessment_redecisions').select(['pack_digest', 'as_of', 'known_on']).where('pack_id', '=', packId).orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? undefined : { digest: row.pack_digest, asOf: row.as_of as CivilDate, knownOn: row.known_on as CivilDate };
    },
    facts: async (systemIds) => {
      if (systemIds.length === 0) return new Map();
      const rows = await db.selectFrom('assessment_summaries').select(['system_id', 'facts']).where('system_id', 'in', [...systemIds]).where('facts', 'is not', null).execute();
      return new Map(rows.map((row) => [row.system_id, row.facts as unknown as Facts]));
    },
    answeredCount: async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from assessment_summaries where facts is not null`.execute(db);
      return rows[0]?.n ?? 0;
    },
  };
}
