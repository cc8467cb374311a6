/** Heads that were made public, and the lines that witnesses added to them. Nothing of it is ever changed. */

import { sql } from 'kysely';
import { fromHex, hex } from '../../../proof/bytes.ts';
import { statedTime } from '../../../proof/cosignature.ts';
import { type NoteLine, parseNote, printNote } from '../../../proof/note.ts';
import { Fault } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { PublishedHead, SignedHead } from '../model.ts';
import { ledgerTables, plainBytes } from './tables.ts';

export interface HeadRow extends PublishedHead {
  /** Lines of witnesses, verified before they were stored. */
  readonly lines: readonly NoteLine[];
  /** The note with all lines. */
  readonly full: string;
}

export interface HeadsStore {
  publish(head: SignedHead, at: string): Promise<void>;
  /** The newest heads first. */
  latest(limit: number): Promise<readonly HeadRow[]>;
  at(size: number): Promise<HeadRow | undefined>;
  addLines(size: number, lines: readonly NoteLine[], at: string): Promise<void>;
}

export function createHeadsStore(database: Pick<Database, 'db'>): HeadsStore {
  const db = ledgerTables(database);
  const withLines = async (rows: readonly { size: number; root: Uint8Array; note: string; signed_at: string }[]): Promise<readonly HeadRow[]> => {
    if (rows.length === 0) return [];
    const lines = await db.selectFrom('ledger_cosignatures').selectAll().where('size', 'in', rows.map(({ size }) => size)).orderBy('name').execute();
    return rows.map((row) => headRow(row, lines.filter(({ size }) => size === row.size).map(({ name, key_id: id, signature }) => ({ name, id: hex(plainBytes(id)), signature: plainBytes(signature) }))));
  };
  return {
    publish: async ({ size, root, note }, at) => {
      await db.insertInto('ledger_heads').values({ size, root: Buffer.from(root), note, signed_at: at }).onConflict((conflict) => conflict.doNothing()).execute();
    },
    latest: async (limit) => withLines(await db.selectFrom('ledger_heads').selectAll().orderBy('size', 'desc').limit(limit).execute()),
    at: async (size) => (await withLines(await db.selectFrom('ledger_heads').selectAll().where('size', '=', size).execute()))[0],
    addLines: async (size, lines, at) => {
      for (const { name, id, signature } of lines) {
        await sql`insert into ledger_cosignatures (size, name, key_id, signature, received_at)
          values (${size}, ${name}, ${Buffer.from(fromHex(id) ?? new Uint8Array())}, ${Buffer.from(signature)}, ${at}) on conflict do nothing`.execute(db);
      }
    },
  };
}

function headRow({ size, root, note, signed_at: signedAt }: { size: number; root: Uint8Array; note: string; signed_at: string }, lines: readonly NoteLine[]): HeadRow {
  const read = parseNote(note);
  if (!read.ok) throw new Fault('ledger-head-not-read', `The published head of size ${size} is damaged in the database.`, { size });
  return {
    size,
    root: plainBytes(root),
    note,
    signedAt,
    lines,
    full: printNote({ text: read.value.text, lines: [...read.value.lines, ...lines] }),
    cosigned: lines.map(({ name, signature }) => ({ name, at: new Date((statedTime(signature) ?? 0) * 1000).toISOString() })),
  };
}
