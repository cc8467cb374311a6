/** The ledger: what each source brought last, so that the next file shows what was added, changed and withdrawn. */

import { sql } from 'kysely';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { json } from './imports.ts';

export interface SourceState {
  /** Every column that stored records of the source may hold. */
  readonly header: readonly string[];
  readonly profileDigest: string;
}

const KEYS_AT_A_TIME = 1_000;

export type LedgerStore = ReturnType<typeof createLedgerStore>;

// oxlint-disable-next-line typescript/explicit-function-return-type -- the type of the object is the documentation
export function createLedgerStore(database: Database) {
  return {
    async source(profile: string): Promise<SourceState | undefined> {
      const { rows } = await sql<{ header: readonly string[]; profile_digest: string }>`select header, profile_digest from intake_sources where profile = ${profile}`.execute(database.db);
      return rows[0] === undefined ? undefined : { header: rows[0].header, profileDigest: rows[0].profile_digest };
    },

    /** When the last import of the source was applied. */
    async lastApplied(profile: string): Promise<string | undefined> {
      const { rows } = await sql<{ at: string | null }>`select max(i.applied_at) as at from intake_imports i where i.profile = ${profile}`.execute(database.db);
      return rows[0]?.at ?? undefined;
    },

    /** The source has no entries in the register (any more): nothing is known of it. */
    async forget(profile: string): Promise<void> {
      await sql`delete from intake_ledger where profile = ${profile}`.execute(database.db);
      await sql`delete from intake_sources where profile = ${profile}`.execute(database.db);
    },

    async setCompare(profile: string, compares: readonly { readonly key: string; readonly compare: string }[]): Promise<void> {
      await sql`update intake_ledger l set compare = x.compare from jsonb_to_recordset(${json(compares)}::jsonb) as x(key text, compare text)
        where l.profile = ${profile} and l.key = x.key`.execute(database.db);
    },

    async clearCompare(profile: string): Promise<void> {
      await sql`update intake_ledger set compare = null where profile = ${profile} and compare is not null`.execute(database.db);
    },

    /** Keys of entries that the import no longer brings, in pieces. */
    async *absent(tx: Tx, profile: string, importId: string): AsyncIterable<readonly string[]> {
      for (let after = ''; ; ) {
        const { rows } = await sql<{ key: string }>`select key from intake_ledger l where profile = ${profile} and present and key > ${after}
          and not exists (select 1 from intake_rows r where r.import_id = ${importId}::uuid and r.key = l.key) order by key limit ${KEYS_AT_A_TIME}`.execute(tx);
        const last = rows.at(-1);
        if (last === undefined) return;
        yield rows.map((row) => row.key);
        after = last.key;
      }
    },

    /** Writes down what the import brought. `merged` are digests of rows whose record kept columns that this file lacks. */
    async write(tx: Tx, profile: string, importId: string, withdraws: boolean, merged: ReadonlyMap<string, string>): Promise<void> {
      if (withdraws) {
        await sql`update intake_ledger l set present = false, import_id = ${importId}::uuid where profile = ${profile} and present
          and not exists (select 1 from intake_rows r where r.import_id = ${importId}::uuid and r.key = l.key)`.execute(tx);
      }
      await sql`insert into intake_ledger (profile, key, identity, digest, row_number, kinds, present, import_id)
        select ${profile}, key, identity, digest, number, kinds, true, ${importId}::uuid from intake_rows where import_id = ${importId}::uuid and not bad
        on conflict (profile, key) do update set identity = excluded.identity, row_number = excluded.row_number, kinds = excluded.kinds, present = true, import_id = excluded.import_id,
          digest = case when exists (select 1 from intake_rows r where r.import_id = ${importId}::uuid and r.key = intake_ledger.key and r.change = 'unchanged') then intake_ledger.digest else excluded.digest end`.execute(tx);
      for (const part of parts([...merged])) {
        await sql`update intake_ledger l set digest = x.digest from jsonb_to_recordset(${json(part.map(([key, digest]) => ({ key, digest })))}::jsonb) as x(key text, digest text)
          where l.profile = ${profile} and l.key = x.key`.execute(tx);
      }
    },

    async writeSource(tx: Tx, profile: string, state: SourceState, importId: string): Promise<void> {
      await sql`insert into intake_sources (profile, header, profile_digest, import_id) values (${profile}, ${json(state.header)}::jsonb, ${state.profileDigest}, ${importId}::uuid)
        on conflict (profile) do update set header = excluded.header, profile_digest = excluded.profile_digest, import_id = excluded.import_id`.execute(tx);
    },

    /** Key, place and kinds of the rows that a source's last import brought; with the records, the file can be written again. */
    async places(profile: string): Promise<readonly { readonly key: string; readonly number: number; readonly kinds: string | null }[]> {
      const { rows } = await sql<{ key: string; number: number; kinds: string | null }>`select key, row_number as number, kinds from intake_ledger where profile = ${profile} and present order by row_number`.execute(database.db);
      return rows;
    },
  };
}

function* parts<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += KEYS_AT_A_TIME) yield items.slice(start, start + KEYS_AT_A_TIME);
}
