/** Opens the database: PGlite in the data folder, or PostgreSQL by URL. One dialect on both. */

import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { Fault } from '../../base/index.ts';
import type { Config } from '../config/index.ts';
import { type Breakage, createBreakage, shield, ShieldedDialect } from './breakage.ts';

/** Tables are added per feature with `db.withTables<RegistryTables>()`; on its own the type knows none. */
// oxlint-disable-next-line typescript/no-empty-object-type -- no tables is the point: features add their own
export type Tables = {};
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Database {
  readonly db: Db;
  readonly engine: 'embedded' | 'server';
  /** Aborted when the embedded database cannot go on in this process; its reason is Fault `database-broken`. A server restarts by itself. */
  readonly broken: AbortSignal;
  /** Runs one statement text with positional values; for pg-boss and for plain SQL with several statements. */
  execute(text: string, values?: readonly unknown[]): Promise<{ rows: readonly Record<string, unknown>[] }>;
  close(): Promise<void>;
}

export const POOL_CONNECTIONS_MAX = 12;
const SERVER_VERSION_MIN = 150_000;
const STATEMENT_TIMEOUT_MS = 60_000;
const MEBIBYTE = 1024 * 1024;
/** A new folder takes 41 MB; a recovery may add two segments of the write-ahead log of 16 MiB each. */
const OPEN_FREE_BYTES_MIN = 48 * MEBIBYTE;

// Civil dates stay text: a JavaScript Date would move them by the host's time zone. Big integers become numbers (ids here stay below 2^53).
const TEXT = (value: string): string => value;
const PARSERS: readonly [type: number, parse: (value: string) => unknown][] = [
  [1082, TEXT],
  [20, Number],
  [1184, (value) => new Date(value).toISOString()],
];

export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Database> {
  // Attachments and the address of the server lie in the data folder with either engine.
  if (config.dataDir !== '') makeFolder(config.dataDir);
  return config.databaseUrl === undefined ? openEmbedded(join(config.dataDir, 'db'), config.dataDir) : openServer(config.databaseUrl);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(path, error);
  }
}

function notWritable(path: string, cause: unknown): Fault {
  return new Fault('data-folder-not-writable', `The data folder cannot be written (${path}). Set DATA_DIR to a folder this user may write to.`, { path }, { cause });
}

/** Without room to make a folder or to recover one, the embedded database fails halfway and says nothing that helps. */
function demandRoom(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  if (free < OPEN_FREE_BYTES_MIN) {
    const [has, needs] = [Math.floor(free / MEBIBYTE), OPEN_FREE_BYTES_MIN / MEBIBYTE];
    throw new Fault('disk-full', `The disk of the data folder (${dataDir}) has ${has} MiB free; the embedded database needs ${needs} MiB to start. Free some space or set DATA_DIR to a larger disk, then start again.`, { free, needed: OPEN_FREE_BYTES_MIN });
  }
}

/** An embedded database in memory, for tests. */
export async function openInMemory(): Promise<Database> {
  const breakage = createBreakage();
  return wrapEmbedded(await createPGlite(undefined, breakage), breakage, () => undefined);
}

const JSONB = 3802;
const JSONB_VERSION = 1;
const LONG_JSON_CHARACTERS = 10_000;

/** Long JSON goes to the embedded database as bytes, in the wire form of jsonb: as text its length would be counted twice, letter by letter. */
function jsonbBytes(value: unknown): string | Uint8Array {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length < LONG_JSON_CHARACTERS) return text;
  const bytes = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
  bytes[0] = JSONB_VERSION;
  bytes.write(text, 1);
  return bytes;
}

async function createPGlite(folder: string | undefined, breakage: Breakage): Promise<PGlite> {
  return PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    extensions: { pg_trgm },
    parsers: Object.fromEntries(PARSERS),
    onStderr: (text) => breakage.hear(text),
    // The library's type knows only text; what writes the message takes bytes as they are.
    serializers: { [JSONB]: jsonbBytes as (value: unknown) => string },
  });
}

async function openEmbedded(folder: string, dataDir: string): Promise<Database> {
  demandRoom(dataDir);
  const release = takeLock(join(dataDir, 'mizan.lock'));
  const breakage = createBreakage();
  try {
    return wrapEmbedded(await createPGlite(folder, breakage), breakage, release);
  } catch (error) {
    release();
    throw new Fault('database-not-opened', `The embedded database in ${folder} could not be opened. Is the disk full or the folder damaged?`, { folder }, { cause: error });
  }
}

function wrapEmbedded(pglite: PGlite, breakage: Breakage, release: () => void): Database {
  shield(pglite, breakage);
  return {
    db: new Kysely<Tables>({ dialect: new ShieldedDialect({ pglite }, breakage.signal) }),
    engine: 'embedded',
    broken: breakage.signal,
    execute: async (text, values) => {
      if (values !== undefined && values.length > 0) return { rows: (await pglite.query<Record<string, unknown>>(text, [...values])).rows };
      const results = await pglite.exec(text);
      return { rows: results.flatMap((result) => result.rows as Record<string, unknown>[]) };
    },
    close: async () => {
      // A broken one has nothing left to write, and would not answer.
      if (!breakage.signal.aborted) await pglite.close();
      release();
    },
  };
}

async function openServer(url: string): Promise<Database> {
  for (const [type, parse] of PARSERS) pg.types.setTypeParser(type, parse);
  const pool = new pg.Pool({ connectionString: url, max: POOL_CONNECTIONS_MAX, statement_timeout: STATEMENT_TIMEOUT_MS });
  // A lost idle connection is replaced by the pool on next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(db);
    const version = rows[0]?.version ?? 0;
    if (version < SERVER_VERSION_MIN) throw new Fault('database-too-old', `PostgreSQL 15 or later is needed; the server is ${Math.floor(version / 10_000)}.`, { version });
  } catch (error) {
    await db.destroy();
    if (error instanceof Fault) throw error;
    throw new Fault('database-not-reached', 'The database named by DATABASE_URL does not answer. Check that it runs, and host, port, user and password.', {}, { cause: error });
  }
  return {
    db,
    engine: 'server',
    broken: new AbortController().signal,
    execute: async (text, values) => {
      const result = (await pool.query(text, values === undefined ? undefined : [...values])) as pg.QueryResult | pg.QueryResult[];
      return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows as Record<string, unknown>[]) : (result.rows as Record<string, unknown>[]) };
    },
    close: async () => {
      await db.destroy();
    },
  };
}

interface LockOwner {
  readonly pid: number;
  readonly started: string;
}

/** PGlite allows one process per folder and does not check it; this lock does. A lock whose process is gone is taken over. */
function takeLock(path: string): () => void {
  const mine: LockOwner = { pid: process.pid, started: processStart(process.pid) ?? '' };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw notWritable(path, error);
      }
    }
    const owner = readOwner(path);
    if (owner !== undefined && owner.pid !== process.pid && processStart(owner.pid) === owner.started) {
      throw new Fault('data-folder-in-use', `Process ${owner.pid} already uses the embedded database of this data folder. Stop it, or set another DATA_DIR, or use PostgreSQL (DATABASE_URL).`, { pid: owner.pid });
    }
    rmSync(path, { force: true });
  }
  throw new Fault('data-folder-in-use', `The lock ${path} could not be taken. Another process is starting at the same moment; try again.`, { path });
}

function readOwner(path: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockOwner;
  } catch {
    return undefined;
  }
}

/** When a process started, as the kernel tells it: the pid alone could belong to a newer process. Undefined when it does not run. */
function processStart(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) {
    try {
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      // A killed process that nobody has waited for yet (in a container perhaps for ever) still has a number, and no files.
      return state === 'Z' || state === 'X' ? undefined : fields[18];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
    return '';
  } catch {
    return undefined;
  }
}
