/** Writes the rows of all tables as frames, out of one snapshot, a page of each table at a time. */

import { createHash } from 'node:crypto';
import { FORMAT, FRAME_BYTES, type Frame, type Origin, type TableEnd } from './format.ts';
import { quoted, sequencesOf, tablesOf, type TableFound } from './catalog.ts';
import type { Cell, Session } from './session.ts';

const FETCH_FIRST = 50;
const FETCH_MAX = 5000;
/** How much larger the next page may be: rows of one table differ in size. */
const FETCH_GROWTH = 4;

export interface Rows {
  readonly tables: readonly TableEnd[];
  readonly sequences: number;
}

/**
 * Frames of the whole database, `origin` first; answers what the end frame says of them. The session must be nobody else's. The transaction is
 * read only and sees the database as it was at its first statement, however long the reader takes.
 */
export async function* dumpDatabase(session: Session, given: { readonly software: string; readonly madeAt: string }): AsyncGenerator<Frame, Rows> {
  await session.script('begin isolation level repeatable read, read only');
  try {
    const { tables, leftOut } = await tablesOf(session);
    const [version] = await session.query<{ version: string }>(`select current_setting('server_version') as version`);
    const migrations = tables.some(({ name }) => name === 'platform_migrations') ? await session.query<{ id: string; sha256: string }>('select id, sha256 from platform_migrations order by applied_at, id collate "C"') : [];
    const origin: Origin = { format: FORMAT, software: given.software, engine: session.engine, databaseVersion: version?.version ?? '', madeAt: given.madeAt, migrations: migrations.map(({ id, sha256 }) => ({ id, sha256 })), leftOut };
    yield { kind: 'origin', value: origin };
    const ends: TableEnd[] = [];
    for (const table of tables) ends.push(yield* dumpTable(session, table));
    // Read last: a sequence is outside the snapshot, and must not be behind its rows.
    const sequences = await sequencesOf(session);
    yield { kind: 'sequences', value: sequences };
    return { tables: ends, sequences: sequences.length };
  } finally {
    // Also when the reader went away; a connection that is lost has nothing to undo.
    await session.script('rollback').catch(() => undefined);
  }
}

async function* dumpTable(session: Session, table: TableFound): AsyncGenerator<Frame, TableEnd> {
  const { name, columns } = table;
  yield { kind: 'table', value: { name, columns } };
  const hash = createHash('sha256');
  const end = { name, rows: 0, bytes: 0 };
  let lines: string[] = [];
  let held = 0;
  const flush = (): Frame => {
    const bytes = Buffer.from(lines.join(''));
    hash.update(bytes);
    end.bytes += bytes.length;
    lines = [];
    held = 0;
    return { kind: 'rows', bytes };
  };
  for await (const row of rowsOf(session, table)) {
    const line = `${JSON.stringify(row)}\n`;
    lines.push(line);
    held += line.length;
    end.rows++;
    if (held >= FRAME_BYTES) yield flush();
  }
  if (lines.length > 0) yield flush();
  const value: TableEnd = { ...end, sha256: hash.digest('hex') };
  yield { kind: 'table-end', value };
  return value;
}

/** Rows of a table in their lasting order, inside the transaction of the session. Pages adapt to the size of rows, so memory stays flat. */
export async function* rowsOf(session: Session, { name, columns, order }: TableFound): AsyncGenerator<readonly Cell[]> {
  if (columns.length === 0) return;
  const list = columns.map((column, place) => `${quoted(column.name)}::text as c${place}`).join(', ');
  await session.script(`declare mizan_rows no scroll cursor for select ${list} from public.${quoted(name)} order by ${order}`);
  for (let wanted = FETCH_FIRST; ; ) {
    const page = await session.query(`fetch ${wanted} from mizan_rows`);
    let bytes = 0;
    for (const row of page) {
      const cells = columns.map((_, place) => row[`c${place}`] ?? null);
      for (const cell of cells) bytes += cell?.length ?? 0;
      yield cells;
    }
    if (page.length < wanted) break;
    wanted = Math.max(1, Math.min(FETCH_MAX, wanted * FETCH_GROWTH, Math.floor((FRAME_BYTES * page.length) / Math.max(1, bytes))));
  }
  await session.script('close mizan_rows');
}
