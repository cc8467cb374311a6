/**
 * Restores a backup into an empty place. Until the last step there is nothing that a start would take for a register: an embedded database is
 * built beside and renamed into place last, a server's is filled in one transaction, and a marker in the data folder keeps a start away.
 */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, no, type Verdict, yes } from '../../base/index.ts';
import { migrate, type Migration, openDatabase, prepareRoles } from '../db/index.ts';
import { RESTORES_TABLE, tablesOf } from './catalog.ts';
import { type Read } from './check.ts';
import { isDataFolder, SECRETS_FOLDER, WORK_PREFIXES, writeFiles } from './data-files.ts';
import { readBackup, readWhole } from './file.ts';
import { BadBackup } from './format.ts';
import { load, migrationsFor } from './load.ts';
import { connectSession, type Session, sessionOf } from './session.ts';

const MARKER = 'restore.json';

export interface RestoreOrder {
  readonly file: string;
  readonly passphrase: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** All migrations of this software, in order. */
  readonly migrations: readonly Migration[];
  /** Moves what lies in the data folder aside instead of refusing. A database on a server must be empty in any case. */
  readonly replace: boolean;
}

export interface Restored extends Read {
  /** Migrations of this software that the backup did not have yet. */
  readonly applied: readonly string[];
  /** Where the earlier content of the data folder went. */
  readonly movedTo: string | undefined;
}

export type RestoreRefusal =
  | { readonly code: 'bad-backup'; readonly bad: BadBackup }
  /** `found`: folders or tables that are in the way. */
  | { readonly code: 'not-empty'; readonly place: 'folder' | 'database'; readonly found: readonly string[] };

export async function restore(order: RestoreOrder): Promise<Verdict<Restored, RestoreRefusal>> {
  try {
    // All of it is read once before anything is touched.
    const { summary, origin } = await readWhole(order.file, order.passphrase);
    const applied = migrationsFor(origin, order.migrations);
    await mkdir(order.dataDir, { recursive: true, mode: 0o700 });
    await removeUnfinished(order.dataDir);
    const inTheWay = await contentOf(order.dataDir, summary.secrets, order.databaseUrl === undefined);
    if (inTheWay.length > 0 && !order.replace) return no({ code: 'not-empty', place: 'folder', found: inTheWay });
    if (order.databaseUrl !== undefined) {
      const tables = await tablesIn(order.databaseUrl);
      if (tables.length > 0) return no({ code: 'not-empty', place: 'database', found: tables });
    }
    return yes(await carryOut({ ...order, applied }, inTheWay));
  } catch (error) {
    if (error instanceof BadBackup) return no({ code: 'bad-backup', bad: error });
    throw error;
  }
}

/** `applied`: what the backup was made under. */
type Task = RestoreOrder & { readonly applied: readonly Migration[] };

async function carryOut(order: Task, inTheWay: readonly string[]): Promise<Restored> {
  const mark = randomUUID();
  const staging = join(order.dataDir, `${WORK_PREFIXES.restore}${mark}`);
  await leaveMark(order.dataDir, mark);
  try {
    const movedTo = inTheWay.length > 0 ? await moveAside(order.dataDir, inTheWay) : undefined;
    await mkdir(staging, { mode: 0o700 });
    const restored = order.databaseUrl === undefined ? await intoFolder(order, staging, mark) : await intoServer(order, order.databaseUrl, staging, mark);
    await rm(staging, { recursive: true, force: true });
    await rm(join(order.dataDir, MARKER), { force: true });
    return { ...restored, movedTo };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // The marker stays when files are in place already: a start must not take them for a register.
    const left = await contentOf(order.dataDir, true, order.databaseUrl === undefined);
    if (left.length === 0) await rm(join(order.dataDir, MARKER), { force: true });
    throw error;
  }
}

async function intoFolder(order: Task, staging: string, mark: string): Promise<Omit<Restored, 'movedTo'>> {
  const database = await openDatabase({ dataDir: staging, databaseUrl: undefined });
  let done: Omit<Restored, 'movedTo'>;
  try {
    const read = await fill(await sessionOf(database), order, staging, mark, async () => prepareRoles(async (text) => database.execute(text)));
    done = { ...read, applied: await migrate(database, order.migrations) };
  } finally {
    await database.close();
  }
  await placeFiles(staging, order.dataDir);
  // The embedded engine leaves it to the operating system when its pages reach the disk.
  await syncAll(join(staging, 'db'));
  await sync(staging);
  await rename(join(staging, 'db'), join(order.dataDir, 'db'));
  await sync(order.dataDir);
  return done;
}

async function intoServer(order: Task, databaseUrl: string, staging: string, mark: string): Promise<Omit<Restored, 'movedTo'>> {
  const database = await openDatabase({ dataDir: '', databaseUrl });
  const session = await connectSession(databaseUrl);
  try {
    // Files take their place before the transaction ends: rows never name a file that is not there.
    const read = await fill(session, order, staging, mark, async () => prepareRoles(async (text) => database.execute(text)), async () => placeFiles(staging, order.dataDir));
    return { ...read, applied: await migrate(database, order.migrations) };
  } finally {
    await session.close();
    await database.close();
  }
}

async function fill(session: Session, order: Task, staging: string, mark: string, rolesFirst: () => Promise<void>, beforeCommit?: () => Promise<void>): Promise<Read> {
  // Migrations grant to the roles, which belong to the whole server and not to a transaction.
  await rolesFirst();
  return load(session, readBackup(order.file, order.passphrase), order.applied, { mark, files: writeFiles(staging), ...(beforeCommit === undefined ? {} : { beforeCommit }) });
}

/** Renames every folder of files from the staging folder into the data folder. */
async function placeFiles(staging: string, dataDir: string): Promise<void> {
  for (const name of await readdir(staging)) {
    if (!isDataFolder(name) && name !== SECRETS_FOLDER) continue;
    // What stood there was empty, or restore would have refused.
    await removeEmpty(join(dataDir, name));
    await rename(join(staging, name), join(dataDir, name));
  }
  await sync(dataDir);
}

async function removeEmpty(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) await removeEmpty(join(folder, name));
  await rmdir(folder);
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncAll(join(folder, entry.name));
    else await sync(join(folder, entry.name));
  }
  await sync(folder);
}

async function leaveMark(dataDir: string, mark: string): Promise<void> {
  await writeFile(join(dataDir, MARKER), JSON.stringify({ mark }), { mode: 0o600, flush: true });
  await sync(dataDir);
}

async function moveAside(dataDir: string, names: readonly string[]): Promise<string> {
  const aside = join(dataDir, `${WORK_PREFIXES.before}${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of names) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

/** Names of folders that hold a register or parts of one. */
async function contentOf(dataDir: string, withSecrets: boolean, withDatabase: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dataDir, { withFileTypes: true })) {
    const counts = isDataFolder(entry.name) || (withSecrets && entry.name === SECRETS_FOLDER) || (withDatabase && entry.name === 'db');
    if (counts && entry.isDirectory() && (await holdsFiles(join(dataDir, entry.name)))) found.push(entry.name);
  }
  return found;
}

async function holdsFiles(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || (await holdsFiles(join(folder, entry.name)))) return true;
  }
  return false;
}

/** Tables of a server's database that are in the way; what a refused or killed restore prepared holds nothing. */
async function tablesIn(databaseUrl: string): Promise<readonly string[]> {
  const session = await connectSession(databaseUrl);
  try {
    const { tables } = await tablesOf(session);
    const found: string[] = [];
    for (const { name } of tables) {
      if (name !== 'platform_migrations' || (await session.query('select id from platform_migrations limit 1')).length > 0) found.push(name);
    }
    return found;
  } finally {
    await session.close();
  }
}

/** What a killed restore left: its staging folder, and with the marker the files that it had placed already. */
async function removeUnfinished(dataDir: string): Promise<void> {
  const mark = await markOf(dataDir);
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(WORK_PREFIXES.restore)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  if (mark !== undefined) await rm(join(dataDir, MARKER), { force: true });
}

async function markOf(dataDir: string): Promise<string | undefined> {
  try {
    const { mark } = JSON.parse(await readFile(join(dataDir, MARKER), 'utf8')) as { mark?: unknown };
    return typeof mark === 'string' ? mark : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return '';
  }
}

/** How far an earlier restore of this data folder came: `none` was begun, it is `finished`, or it broke off. */
export async function stateOfRestore(config: { readonly dataDir: string; readonly databaseUrl: string | undefined }): Promise<'none' | 'finished' | 'broken-off'> {
  const mark = await markOf(config.dataDir);
  if (mark === undefined) return 'none';
  // The database takes its place in the last step of all.
  if (config.databaseUrl === undefined) return existsSync(join(config.dataDir, 'db')) ? 'finished' : 'broken-off';
  const session = await connectSession(config.databaseUrl);
  try {
    const there = await session.query(`select 1 from pg_tables where schemaname = 'public' and tablename = '${RESTORES_TABLE}'`);
    return there.length > 0 && (await session.query(`select 1 from ${RESTORES_TABLE} where mark = $1`, [mark])).length > 0 ? 'finished' : 'broken-off';
  } finally {
    await session.close();
  }
}

/** Call before the database is opened for work. Throws Fault `restore-unfinished` where a restore broke off; tidies up where only its last step was missing. */
export async function settleRestore(config: { readonly dataDir: string; readonly databaseUrl: string | undefined }): Promise<void> {
  const state = await stateOfRestore(config);
  if (state === 'finished') await removeUnfinished(config.dataDir);
  if (state === 'broken-off') {
    throw new Fault('restore-unfinished', `A restore into this data folder broke off (${join(config.dataDir, MARKER)}). Run “mizan restore FILE --replace” again, or empty the folder and the database to begin with nothing.`, { dataDir: config.dataDir });
  }
}
