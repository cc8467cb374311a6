/** The rows of an import while they are compared with what their source brought before. All work is set-based. */

import { sql } from 'kysely';
import type { Database, Db, Tx } from '../../../platform/db/index.ts';
import type { ImportCounts } from '../model/import.ts';
import type { Problem } from '../model/table.ts';
import { json } from './imports.ts';

type Access = Db | Tx;

export interface StagedRow {
  readonly number: number;
  readonly line: number;
  readonly identity: string;
  readonly digest: string;
  readonly compare: string | null;
  readonly fresh: boolean;
  readonly kinds: string | null;
  readonly bad: boolean;
  readonly name: string;
  readonly organisation: string;
}

/** What apply needs to know of a row. */
export interface JudgedRow {
  readonly number: number;
  readonly key: string;
  readonly change: 'added' | 'changed' | 'unchanged';
  readonly bad: boolean;
  readonly product: boolean;
}

const FLAGGED_ROWS_MAX = 2_000;

export type RowStore = ReturnType<typeof createRowStore>;

// oxlint-disable-next-line typescript/explicit-function-return-type -- the type of the object is the documentation
export function createRowStore(database: Database) {
  return {
    /** Rows of a source that is new are named by their identities at once: `judge` then only tells apart those that share one. */
    async stage(importId: string, rows: readonly StagedRow[], sourceIsNew: boolean): Promise<void> {
      await sql`insert into intake_rows (import_id, number, line, identity, digest, compare, fresh, kinds, bad, name, organisation, key, change)
        select ${importId}::uuid, x.number, x.line, x.identity, x.digest, x.compare, x.fresh, x.kinds, x.bad, x.name, x.organisation,
          case when ${sourceIsNew}::boolean then x.identity end, case when ${sourceIsNew}::boolean then 'added' end
        from jsonb_to_recordset(${json(rows)}::jsonb)
          as x(number int, line int, identity text, digest text, compare text, fresh boolean, kinds text, bad boolean, name text, organisation text)`.execute(database.db);
    },

    /**
     * Finds for each row its predecessor: first an equal row of the same identity, then rows of the same identity in order.
     * The order of rows in the file therefore does not matter, and rows that share an identity keep their keys.
     * The rows were just staged, so none has a key yet, but for those staged as rows of a new source.
     */
    async judge(importId: string, profile: string, wasNewSource: boolean): Promise<void> {
      await database.db.transaction().execute(async (tx) => {
        const isNew = await isNewSource(tx, profile);
        if (wasNewSource && isNew) {
          await nameRepeated(tx, importId);
          return;
        }
        // Another import of the source was applied while this file was read.
        if (wasNewSource) await sql`update intake_rows set key = null, change = null where import_id = ${importId}::uuid`.execute(tx);
        if (!isNew) {
          await matchEqual(tx, importId, profile);
          await matchInOrder(tx, importId, profile);
        }
        await nameNew(tx, importId, profile);
      });
    },

    /** Nothing of the source was ever applied. */
    async isNewSource(profile: string): Promise<boolean> {
      return isNewSource(database.db, profile);
    },

    async setChanges(importId: string, changes: readonly { readonly number: number; readonly change: string }[]): Promise<void> {
      await sql`update intake_rows r set change = x.change from jsonb_to_recordset(${json(changes)}::jsonb) as x(number int, change text)
        where r.import_id = ${importId}::uuid and r.number = x.number`.execute(database.db);
    },

    /** Marks the rows whose name stands at more than one body. */
    async markProducts(importId: string): Promise<void> {
      await sql`update intake_rows r set product = true from (
          select lower(name) as name from intake_rows where import_id = ${importId}::uuid and name <> '' and not bad group by lower(name) having count(distinct lower(organisation)) > 1) g
        where r.import_id = ${importId}::uuid and lower(r.name) = g.name`.execute(database.db);
    },

    async counts(importId: string, profile: string, withdraws: boolean): Promise<ImportCounts> {
      const { rows } = await sql<Record<string, number>>`select count(*)::int as read,
          (count(*) filter (where change = 'added' and not bad))::int as added, (count(*) filter (where change = 'changed' and not bad))::int as changed,
          (count(*) filter (where change = 'unchanged' and not bad))::int as unchanged, (count(*) filter (where bad))::int as bad,
          (count(*) - count(distinct digest))::int as duplicates from intake_rows where import_id = ${importId}::uuid`.execute(database.db);
      const deployments = await sql<Record<string, number>>`select count(*)::int as groups, coalesce(sum(n), 0)::int as rows from (
          select count(*) as n from intake_rows where import_id = ${importId}::uuid and name <> '' group by lower(name) having count(distinct lower(organisation)) > 1) g`.execute(database.db);
      const same = await sql<Record<string, number>>`select count(*)::int as n from (
          select 1 from intake_rows where import_id = ${importId}::uuid and name <> '' group by lower(name), lower(organisation) having count(distinct digest) > 1) g`.execute(database.db);
      const withdrawn = withdraws ? (await sql<Record<string, number>>`select count(*)::int as n from intake_ledger l where profile = ${profile} and present and ${notIn(importId)}`.execute(database.db)).rows[0]?.['n'] : 0;
      const row = rows[0] ?? {};
      return {
        read: row['read'] ?? 0, added: row['added'] ?? 0, changed: row['changed'] ?? 0, unchanged: row['unchanged'] ?? 0, withdrawn: withdrawn ?? 0, bad: row['bad'] ?? 0, duplicates: row['duplicates'] ?? 0,
        deployments: { groups: deployments.rows[0]?.['groups'] ?? 0, rows: deployments.rows[0]?.['rows'] ?? 0 },
        sameNameAndOwner: same.rows[0]?.['n'] ?? 0,
      };
    },

    /** Rows equal to an earlier one, and different rows that share name and owner, as problems; at most FLAGGED_ROWS_MAX of each. */
    async likenesses(importId: string): Promise<readonly Problem[]> {
      const equal = await sql<{ number: number; line: number; first: number }>`select number, line, first from (
          select number, line, min(number) over (partition by digest) as first from intake_rows where import_id = ${importId}::uuid) x
        where number > first order by number limit ${FLAGGED_ROWS_MAX}`.execute(database.db);
      const like = await sql<{ number: number; line: number; first: number }>`select number, line, first from (
          select number, line, digest, min(number) over w as first, first_value(digest) over (partition by lower(name), lower(organisation) order by number) as first_digest
          from intake_rows where import_id = ${importId}::uuid and name <> '' window w as (partition by lower(name), lower(organisation))) x
        where number > first and digest <> first_digest order by number limit ${FLAGGED_ROWS_MAX}`.execute(database.db);
      return [
        ...equal.rows.map((row): Problem => ({ code: 'row-duplicate', severity: 'warning', row: row.number, line: row.line, found: String(row.first) })),
        ...like.rows.map((row): Problem => ({ code: 'row-same-name', severity: 'note', row: row.number, line: row.line, found: String(row.first) })),
      ];
    },

    /** How many rows are staged; a crash empties the unlogged table. */
    async staged(importId: string): Promise<number> {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from intake_rows where import_id = ${importId}::uuid`.execute(database.db);
      return rows[0]?.n ?? 0;
    },

    async judged(importId: string, from: number, to: number, access: Access): Promise<ReadonlyMap<number, JudgedRow>> {
      const { rows } = await sql<JudgedRow>`select number, key, change, bad, product from intake_rows where import_id = ${importId}::uuid and number between ${from} and ${to}`.execute(access);
      return new Map(rows.map((row) => [row.number, row]));
    },
  };
}

async function isNewSource(access: Access, profile: string): Promise<boolean> {
  const { rows } = await sql`select 1 from intake_ledger where profile = ${profile} limit 1`.execute(access);
  return rows.length === 0;
}

/** As `nameNew` for a source without a ledger whose rows were staged with their identities as keys. */
async function nameRepeated(tx: Tx, importId: string): Promise<void> {
  await sql`with mine as (select number, row_number() over (partition by identity order by number) as n from intake_rows where import_id = ${importId}::uuid)
    update intake_rows r set key = r.identity || '#' || mine.n from mine where mine.n > 1 and r.import_id = ${importId}::uuid and r.number = mine.number`.execute(tx);
}

async function matchEqual(tx: Tx, importId: string, profile: string): Promise<void> {
  await sql`with mine as (select number, identity, coalesce(compare, digest) as compare, row_number() over (partition by identity, coalesce(compare, digest) order by number) as n from intake_rows where import_id = ${importId}::uuid and not fresh),
      known as (select key, identity, coalesce(compare, digest) as compare, row_number() over (partition by identity, coalesce(compare, digest) order by key) as n from intake_ledger where profile = ${profile} and present)
    update intake_rows r set key = known.key, change = 'unchanged' from mine join known on known.identity = mine.identity and known.compare = mine.compare and known.n = mine.n
    where r.import_id = ${importId}::uuid and r.number = mine.number`.execute(tx);
}

async function matchInOrder(tx: Tx, importId: string, profile: string): Promise<void> {
  await sql`with mine as (select number, identity, row_number() over (partition by identity order by number) as n from intake_rows where import_id = ${importId}::uuid and key is null),
      known as (select key, identity, row_number() over (partition by identity order by present desc, key) as n from intake_ledger l where profile = ${profile} and ${notIn(importId)})
    update intake_rows r set key = known.key, change = 'changed' from mine join known on known.identity = mine.identity and known.n = mine.n
    where r.import_id = ${importId}::uuid and r.number = mine.number`.execute(tx);
}

/** A new row is named by its identity; further rows of the same identity get the next free number behind it. */
async function nameNew(tx: Tx, importId: string, profile: string): Promise<void> {
  await sql`with mine as (select number, identity, row_number() over (partition by identity order by number) as n from intake_rows where import_id = ${importId}::uuid and key is null),
      known as (select identity, count(*) as taken from intake_ledger where profile = ${profile} group by identity)
    update intake_rows r set change = 'added', key = case when mine.n + coalesce(known.taken, 0) = 1 then mine.identity else mine.identity || '#' || (mine.n + coalesce(known.taken, 0)) end
    from mine left join known on known.identity = mine.identity where r.import_id = ${importId}::uuid and r.number = mine.number`.execute(tx);
}

function notIn(importId: string): ReturnType<typeof sql> {
  return sql`not exists (select 1 from intake_rows taken where taken.import_id = ${importId}::uuid and taken.key = l.key)`;
}
