/** Puts the rows of a backup into a database that has its tables: keys, triggers and indexes step aside and come back over the whole. */

import { createHash } from 'node:crypto';
import { assert, Fault } from '../../base/index.ts';
import type { Migration } from '../db/index.ts';
import { hindrancesOf, quoted, RESTORES_TABLE, tablesOf } from './catalog.ts';
import { cellsOf, type Read } from './check.ts';
import type { FileWriter } from './data-files.ts';
import { BadBackup, type Frame, type Origin, type TableHead } from './format.ts';
import type { Session } from './session.ts';

/** Which migrations of this software the backup was made under. Throws BadBackup when this software does not know them all. */
export function migrationsFor(origin: Origin, known: readonly Migration[]): readonly Migration[] {
  const digests = new Map(known.map((migration) => [migration.id, createHash('sha256').update(migration.sql).digest('hex')]));
  for (const { id, sha256 } of origin.migrations) {
    const mine = digests.get(id);
    if (mine === undefined) throw new BadBackup('newer-software', `migration ${id}, software ${origin.software}`);
    if (mine !== sha256) throw new BadBackup('changed-migration', `migration ${id}`);
  }
  const applied = new Set(origin.migrations.map(({ id }) => id));
  return known.filter(({ id }) => applied.has(id));
}

/** Runs migrations inside the transaction of the session, without remembering them: their rows come with the backup. */
async function makeTables(session: Session, migrations: readonly Migration[]): Promise<void> {
  await session.script(`create table if not exists platform_migrations (id text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
  for (const migration of migrations) await session.script(migration.sql);
}

/**
 * Loads a whole backup in one transaction, which also makes the tables. `mark` is kept in the database with it: who finds it there knows that the
 * restore was finished. Files go to `files` before the transaction ends. Throws BadBackup and leaves the database as it was.
 */
export async function load(session: Session, frames: AsyncGenerator<Frame, Read>, migrations: readonly Migration[], given: { readonly mark: string; readonly files: FileWriter | undefined; readonly beforeCommit?: () => Promise<void> }): Promise<Read> {
  await session.script('begin');
  try {
    await makeTables(session, migrations);
    const { away, back } = await hindrancesOf(session);
    for (const statement of away) await session.script(statement);
    const { tables } = await tablesOf(session);
    // Migrations may bring rows of their own; those of the backup count.
    if (tables.length > 0) await session.script(`truncate ${tables.map(({ name }) => `public.${quoted(name)}`).join(', ')}`);
    const read = await take(session, frames, new Map(tables.map((table) => [table.name, table])), given.files);
    for (const statement of back) await session.script(statement);
    await session.script(`create table if not exists ${RESTORES_TABLE} (mark text primary key, made_at timestamptz not null, software text not null, restored_at timestamptz not null default now())`);
    await session.query(`insert into ${RESTORES_TABLE} (mark, made_at, software) values ($1, $2::timestamptz, $3)`, [given.mark, read.origin.madeAt, read.origin.software]);
    await session.script('analyze');
    await given.beforeCommit?.();
    await session.script('commit');
    return read;
  } catch (error) {
    await session.script('rollback').catch(() => undefined);
    if (error instanceof BadBackup || error instanceof Fault) throw error;
    // The database found what no digest can: a row that breaks a key or a check.
    if (/^(22|23)/.test(String((error as { code?: unknown }).code))) throw new BadBackup('rows-refused', error instanceof Error ? error.message : 'a row', error);
    throw error;
  }
}

async function take(session: Session, frames: AsyncGenerator<Frame, Read>, tables: ReadonlyMap<string, TableHead>, files: FileWriter | undefined): Promise<Read> {
  let insert: ((bytes: Buffer) => Promise<void>) | undefined;
  for (;;) {
    const next = await frames.next();
    if (next.done === true) return next.value;
    const frame = next.value;
    if (frame.kind === 'table') insert = inserter(session, frame.value, tables.get(frame.value.name));
    else if (frame.kind === 'rows') await insert?.(frame.bytes);
    else if (frame.kind === 'sequences') for (const { name, lastValue, isCalled } of frame.value) await session.query(`select setval(('public.' || quote_ident($1))::regclass, $2::bigint, $3::boolean)`, [name, lastValue, isCalled]);
    else if (frame.kind === 'file') await files?.begin(frame.value.path);
    else if (frame.kind === 'piece') await files?.piece(frame.bytes);
    else if (frame.kind === 'file-end') await files?.end();
  }
}

function inserter(session: Session, head: TableHead, found: TableHead | undefined): (bytes: Buffer) => Promise<void> {
  const types = new Map(found?.columns.map((column) => [column.name, column.type]));
  for (const { name, type } of head.columns) if (types.get(name) !== type) throw new BadBackup('damaged', `table ${head.name}, column ${name}`);
  const names = head.columns.map(({ name }) => quoted(name)).join(', ');
  const values = head.columns.map(({ type }, place) => `(line.cells ->> ${place})::${type}`).join(', ');
  const statement = `insert into public.${quoted(head.name)} (${names}) overriding system value select ${values} from jsonb_array_elements($1::jsonb) with ordinality as line(cells, place) order by line.place`;
  return async (bytes) => {
    const rows = cellsOf(bytes, head);
    assert(rows.length > 0, 'a frame of rows has rows');
    await session.query(statement, [`[${bytes.toString('utf8').trimEnd().replaceAll('\n', ',')}]`]);
  };
}
