/** Rows of the log: the pen of the one writer, batches as one durable commit, and what is read back of entries and tiles. */

import { sql } from 'kysely';
import { Fault } from '../../../base/index.ts';
import { joinBytes } from '../../../proof/bytes.ts';
import { hashesAtLevel, TILE_WIDTH, type TileEdge } from '../../../proof/tiles.ts';
import type { Database } from '../../../platform/db/index.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, LEASE_MS, type LedgerEntry, type LogName } from '../model.ts';
import { type LedgerDb, ledgerTables, plainBytes } from './tables.ts';

export interface WriterRow {
  readonly token: number;
  readonly holder: string | undefined;
  /** Whether its holder still has it by the clock of the database. */
  readonly isHeld: boolean;
  /** Entries that the last commit left. */
  readonly size: number;
  readonly name: LogName | undefined;
  /** Entries that are there: one more than the highest index. */
  readonly rows: number;
}

export interface FullTile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
  readonly root: Uint8Array;
}

export interface Batch {
  readonly token: number;
  readonly holder: string;
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  readonly tiles: readonly FullTile[];
  /** Waiting rows that this batch takes out. */
  readonly pending: readonly number[];
}

export interface SequenceStore {
  writer(): Promise<WriterRow>;
  /** The token of the pen; undefined while another process has it. `alone`: nobody else can use this database. */
  takePen(holder: string, alone: boolean): Promise<number | undefined>;
  /** Whether the pen is still this one's. */
  keepPen(token: number, holder: string): Promise<boolean>;
  dropPen(token: number, holder: string): Promise<void>;
  /** Writes the name of the log where it has none yet. */
  baptise(name: LogName): Promise<void>;
  /** All of the batch or nothing. Fault `ledger-pen-lost` when another writer came, or the log is not where this one left it. */
  commit(batch: Batch): Promise<void>;
  /** Puts back what the database lost; as `commit`, and takes out waiting rows that say the same. */
  putBack(batch: Batch): Promise<void>;
  waiting(): Promise<readonly { readonly id: number; readonly entry: Uint8Array }[]>;
  countWaiting(): Promise<number>;
  entries(from: number, to: number): Promise<readonly LedgerEntry[]>;
  leaves(from: number, to: number): Promise<readonly Uint8Array[]>;
  /** Hashes of a full tile. */
  fullTile(level: number, index: number): Promise<{ readonly hashes: Uint8Array; readonly root: Uint8Array } | undefined>;
  /** Hashes [from, to) of one tile level. Undefined when some are missing. */
  hashes(level: number, from: number, to: number): Promise<readonly Uint8Array[] | undefined>;
  /** The open tiles of the tree of `size`; undefined when rows are missing. */
  edge(size: number): Promise<TileEdge | undefined>;
  /** Where an entry stands. */
  find(leaf: Uint8Array): Promise<number | undefined>;
}

const numbers = (values: readonly number[]): string => `{${values.join(',')}}`;
const LEASE = `${LEASE_MS} milliseconds`;

export function createSequenceStore(database: Pick<Database, 'db'>): SequenceStore {
  const db = ledgerTables(database);
  const leaves = async (from: number, to: number): Promise<readonly Uint8Array[]> => {
    const rows = await db.selectFrom('ledger_entries').select('leaf').where('index', '>=', from).where('index', '<', to).orderBy('index').execute();
    return rows.map(({ leaf }) => plainBytes(leaf));
  };
  const hashes = async (level: number, from: number, to: number): Promise<readonly Uint8Array[] | undefined> => {
    if (from === to) return [];
    const found = level === 0
      ? await leaves(from, to)
      : (await db.selectFrom('ledger_tiles').select('root').where('level', '=', level - 1).where('index', '>=', from).where('index', '<', to).orderBy('index').execute()).map(({ root }) => plainBytes(root));
    return found.length === to - from ? found : undefined;
  };
  return {
    leaves,
    hashes,
    writer: async () => {
      const { rows } = await sql<{ token: number; holder: string | null; held: boolean; size: number; origin: string | null; vkey: string | null; rows: number }>`
        select token, holder, until > clock_timestamp() as held, size, origin, vkey, coalesce((select max(index) + 1 from ledger_entries), 0) as rows from ledger_writer`.execute(db);
      const row = rows[0];
      if (row === undefined) throw new Fault('ledger-not-prepared', 'The row of the writer of the log is missing. Run `mizan migrate`, or restore the database.');
      return {
        token: row.token,
        holder: row.holder ?? undefined,
        isHeld: row.held,
        size: row.size,
        name: row.origin === null || row.vkey === null ? undefined : { origin: row.origin, vkey: row.vkey },
        rows: row.rows,
      };
    },
    takePen: async (holder, alone) => {
      const { rows } = await sql<{ token: number }>`
        update ledger_writer set token = token + 1, holder = ${holder}::uuid, until = clock_timestamp() + ${LEASE}::interval
        where ${alone} or until <= clock_timestamp() or holder = ${holder}::uuid returning token`.execute(db);
      return rows[0]?.token;
    },
    keepPen: async (token, holder) => {
      const { rows } = await sql`update ledger_writer set until = clock_timestamp() + ${LEASE}::interval where token = ${token} and holder = ${holder}::uuid returning token`.execute(db);
      return rows.length === 1;
    },
    dropPen: async (token, holder) => void (await sql`update ledger_writer set holder = null, until = clock_timestamp() where token = ${token} and holder = ${holder}::uuid`.execute(db)),
    baptise: async ({ origin, vkey }) => void (await sql`update ledger_writer set origin = ${origin}, vkey = ${vkey} where origin is null and vkey is null`.execute(db)),
    commit: async (batch) =>
      db.transaction().execute(async (tx) => {
        await movePen(tx, batch, sql`size = ${batch.start}`);
        await insertRows(tx, batch);
        if (batch.pending.length > 0) await sql`delete from ledger_pending where id = any(${numbers(batch.pending)}::bigint[])`.execute(tx);
      }),
    putBack: async (batch) =>
      db.transaction().execute(async (tx) => {
        await movePen(tx, batch, sql`true`);
        await insertRows(tx, batch);
        await sql`delete from ledger_pending p using ledger_entries e where e.leaf = p.leaf and e.index >= ${batch.start}`.execute(tx);
      }),
    waiting: async () => {
      const rows = await db.selectFrom('ledger_pending').select(['id', 'entry']).orderBy('id').limit(BATCH_ENTRIES_MAX).execute();
      return rows.map(({ id, entry }) => ({ id, entry: plainBytes(entry) }));
    },
    countWaiting: async () => (await db.selectFrom('ledger_pending').select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count,
    entries: async (from, to) => {
      const rows = await db.selectFrom('ledger_entries').selectAll().where('index', '>=', from).where('index', '<', to).orderBy('index').execute();
      return rows.map(({ index, entry, leaf }) => ({ index, entry: plainBytes(entry), leaf: plainBytes(leaf) }));
    },
    fullTile: async (level, index) => {
      const row = await db.selectFrom('ledger_tiles').select(['hashes', 'root']).where('level', '=', level).where('index', '=', index).executeTakeFirst();
      return row === undefined ? undefined : { hashes: plainBytes(row.hashes), root: plainBytes(row.root) };
    },
    edge: async (size) => {
      const open: (readonly Uint8Array[])[] = [];
      for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
        const end = hashesAtLevel(level, size);
        const found = await hashes(level, end - (end % TILE_WIDTH), end);
        if (found === undefined) return undefined;
        open.push(found);
      }
      return { size, open };
    },
    find: async (leaf) => (await db.selectFrom('ledger_entries').select('index').where('leaf', '=', Buffer.from(leaf)).orderBy('index').limit(1).executeTakeFirst())?.index,
  };
}

/** The fence: whoever holds an older token, or believes in another size, changes nothing. */
async function movePen(tx: LedgerDb, { token, holder, start, entries }: Batch, where: ReturnType<typeof sql<boolean>>): Promise<void> {
  const { rows } = await sql`
    update ledger_writer set size = greatest(size, ${start + entries.length}::bigint), until = clock_timestamp() + ${LEASE}::interval
    where token = ${token} and holder = ${holder}::uuid and ${where} returning token`.execute(tx);
  if (rows.length !== 1) throw new Fault('ledger-pen-lost', 'Another process writes the log, or the log is not where this process left it. Nothing was written.');
}

async function insertRows(tx: LedgerDb, { start, entries, tiles }: Batch): Promise<void> {
  // One value for all entries: hundreds of values cost the database more than the rows.
  const starts: number[] = [];
  let length = 0;
  for (const entry of entries) {
    starts.push(length);
    length += entry.length;
  }
  if (length > BATCH_BYTES_MAX * 2) throw new Fault('ledger-batch-too-large', `A batch of ${length} bytes is more than one commit takes.`, { length });
  await sql`insert into ledger_entries (index, entry)
    select ${start}::bigint + o.ordinal - 1, substring(whole.bytes from o.begins + 1 for o.length)
    from (select ${Buffer.from(joinBytes(...entries))}::bytea as bytes) as whole, unnest(${numbers(starts)}::int[], ${numbers(entries.map((entry) => entry.length))}::int[]) with ordinality as o(begins, length, ordinal)`.execute(tx);
  for (const { level, index, hashes, root } of tiles) await tx.insertInto('ledger_tiles').values({ level, index, hashes: Buffer.from(hashes), root: Buffer.from(root) }).execute();
}
