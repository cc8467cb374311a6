/** The tables of the ledger as the queries see them. */

import type { Generated } from 'kysely';
import type { Database, Db } from '../../../platform/db/index.ts';
import type { Kysely } from 'kysely';

// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits Kysely's index signature
export type LedgerTables = {
  ledger_pending: { id: Generated<number>; entry: Uint8Array; leaf: Generated<Uint8Array>; recorded_at: Generated<string> };
  ledger_entries: { index: number; entry: Uint8Array; leaf: Generated<Uint8Array> };
  ledger_tiles: { level: number; index: number; hashes: Uint8Array; root: Uint8Array };
  ledger_writer: { sole: Generated<boolean>; token: number; holder: string | null; until: string; size: number; origin: string | null; vkey: string | null };
  ledger_heads: { size: number; root: Uint8Array; note: string; signed_at: string };
  ledger_cosignatures: { size: number; name: string; key_id: Uint8Array; signature: Uint8Array; received_at: string };
  ledger_witnessed: { origin: string; size: number; root: Uint8Array; note: string; cosigned_at: string };
  ledger_openings: { id: string; commitment: Uint8Array; salt: Uint8Array; content: string; purpose: string; made_at: Generated<string> };
};

export type LedgerDb = Kysely<LedgerTables>;

export function ledgerTables(database: Pick<Database, 'db'>): LedgerDb {
  return database.db.withTables<LedgerTables>();
}

/** The same tables on the connection of somebody's transaction. */
export function ledgerTablesOn(transaction: Pick<Db, 'withTables'>): LedgerDb {
  return transaction.withTables<LedgerTables>();
}

/** One driver answers Buffers, the other plain arrays of bytes; both as a plain one of its own memory. */
export function plainBytes(value: Uint8Array): Uint8Array {
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
