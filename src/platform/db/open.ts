/** Opens the database: PGlite in the data folder, or PostgreSQL by URL. One dialect on both. */

import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { Fault } from '../../base/index.ts';
import { currentScope, type Scope } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { softwareVersion } from '../files/version.ts';
import { type Breakage, createBreakage, shield, ShieldedDialect } from './breakage.ts';
import { ClaimedDialect, claimPool, createClaim } from './claim.ts';
import { createPresence, type OutageListener } from './presence.ts';
import { type Identity, identityOf, OWNER } from './roles.ts';

/** Tables are added per feature with `db.withTables<RegistryTables>()`; on its own the type knows none. */
// oxlint-disable-next-line typescript/no-empty-object-type -- no tables is the point: features add their own
export type Tables = {};
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Database {
  /** Every query runs with the rights of the scope that the work at hand carries (`within`); Fault `no-scope` outside any. */
  readonly db: Db;
  /** The scope of the work at hand; Fault `no-scope` outside any. */
  scope(): Scope;
  /** As the owner of all tables, whom no row-level security holds back: accounts, sessions, the audit record. For features/identity and platform/audit only. Never inside a transaction of `db`: the embedded engine has one connection. */
  readonly vault: Db;
  readonly engine: 'embedded' | 'server';
  /** Aborted when the embedded database cannot go on in this process; its reason is Fault `database-broken`. A server restarts by itself. */
  readonly broken: AbortSignal;
  /** A server that was lost and has not answered since; told once in the log. The embedded engine is never away. */
  isAway(): boolean;
  /** Pieces of work that wait for a connection of the pool; 0 on the embedded engine. */
  waiting(): number;
  /** One small statement on a connection of its own: answers also while all others are in use. */
  ping(): Promise<void>;
  /** Runs one statement text with positional values as the owner of the tables; for migrations, pg-boss and plain SQL with several statements. */
  execute(text: string, values?: readonly unknown[]): Promise<{ rows: readonly Record<string, unknown>[] }>;
  close(): Promise<void>;
}

export const POOL_CONNECTIONS_MAX = 12;
const SERVER_VERSION_MIN = 150_000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** The server ends a long statement by itself; a server that can no longer say so is not waited for. */
const READ_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** How long work waits for a connection: for a free one of the pool, or for a new one to be made. */
const CONNECT_TIMEOUT_MS = 10_000;
const PING_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
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

export interface OpenOptions {
  /** The scope of work that carries none: for tests and for commands that own the whole folder. A server has none. */
  readonly standing?: Scope;
  /** Told once when a server is lost and once when it answers again. */
  readonly onOutage?: OutageListener;
  /** Other waiting times than the usual ones; for tests. */
  readonly timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  readonly statementMs: number;
  readonly readMs: number;
  readonly connectMs: number;
}

export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>, options: OpenOptions = {}): Promise<Database> {
  // Attachments and the address of the server lie in the data folder with either engine.
  if (config.dataDir !== '') makeFolder(config.dataDir);
  return config.databaseUrl === undefined ? openEmbedded(join(config.dataDir, 'db'), config.dataDir, options) : openServer(config.databaseUrl, options);
}

/** Who the next query works for. */
function scopeAtHand(options: OpenOptions): Scope {
  const scope = currentScope() ?? options.standing;
  if (scope === undefined) throw new Fault('no-scope', 'A query ran outside any request, job or command. Nothing was read or written.');
  return scope;
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

/** An embedded database in memory, for tests and to prove backups. `image`: what it begins with, as PGlite dumps a data folder; empty when left out. */
export async function openInMemory({ image, ...options }: OpenOptions & { readonly image?: Blob } = {}): Promise<Database> {
  const breakage = createBreakage();
  return wrapEmbedded(await createPGlite(undefined, breakage, image), breakage, () => undefined, options);
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

async function createPGlite(folder: string | undefined, breakage: Breakage, image?: Blob): Promise<PGlite> {
  return PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    ...(image === undefined ? {} : { loadDataDir: image }),
    extensions: { pg_trgm },
    parsers: Object.fromEntries(PARSERS),
    onStderr: (text) => breakage.hear(text),
    // The library's type knows only text; what writes the message takes bytes as they are.
    serializers: { [JSONB]: jsonbBytes as (value: unknown) => string },
  });
}

async function openEmbedded(folder: string, dataDir: string, options: OpenOptions): Promise<Database> {
  demandRoom(dataDir);
  const release = takeLock(join(dataDir, 'mizan.lock'));
  const breakage = createBreakage();
  try {
    return wrapEmbedded(await createPGlite(folder, breakage), breakage, release, options);
  } catch (error) {
    release();
    throw new Fault('database-not-opened', `The embedded database in ${folder} could not be opened. Is the disk full or the folder damaged?`, { folder }, { cause: error });
  }
}

function wrapEmbedded(pglite: PGlite, breakage: Breakage, release: () => void, options: OpenOptions): Database {
  shield(pglite, breakage);
  const claim = createClaim();
  const dialect = (who: () => Identity): ClaimedDialect => new ClaimedDialect(new ShieldedDialect({ pglite }, breakage.signal), pglite, who, claim);
  const db = new Kysely<Tables>({ dialect: dialect(() => identityOf(scopeAtHand(options))) });
  const vault = new Kysely<Tables>({ dialect: dialect(() => OWNER) });
  return {
    db,
    vault,
    scope: () => scopeAtHand(options),
    engine: 'embedded',
    broken: breakage.signal,
    isAway: () => false,
    waiting: () => 0,
    ping: async () => void (await sql`select 1`.execute(vault)),
    // The connection is claimed as for any other query: a statement of the owner must not slip between two of a scope.
    execute: async (text, values) =>
      vault.connection().execute(async (connection) => {
        if (values !== undefined && values.length > 0) return { rows: (await connection.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]))).rows };
        const results = await pglite.exec(text);
        return { rows: results.flatMap((result) => result.rows as Record<string, unknown>[]) };
      }),
    close: async () => {
      // A broken one has nothing left to write, and would not answer.
      if (!breakage.signal.aborted) await pglite.close();
      release();
    },
  };
}

async function openServer(url: string, options: OpenOptions): Promise<Database> {
  for (const [type, parse] of PARSERS) pg.types.setTypeParser(type, parse);
  const { statementMs, readMs, connectMs } = { statementMs: STATEMENT_TIMEOUT_MS, readMs: READ_TIMEOUT_MS, connectMs: CONNECT_TIMEOUT_MS, ...options.timeouts };
  const server = { connectionString: url, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS, application_name: `mizan/${softwareVersion}` };
  const pool = new pg.Pool({ ...server, max: POOL_CONNECTIONS_MAX, statement_timeout: statementMs, query_timeout: readMs, connectionTimeoutMillis: connectMs });
  const presence = createPresence(options.onOutage);
  // A lost idle connection is replaced by the pool on next use; without a listener it would end the process.
  pool.on('error', (error) => void presence.named(error));
  const claimed = claimPool(pool, presence);
  const pinged = new pg.Pool({ ...server, max: 1, query_timeout: PING_TIMEOUT_MS, connectionTimeoutMillis: PING_TIMEOUT_MS });
  pinged.on('error', () => undefined);
  const pings = claimPool(pinged, presence);
  const askOnce = async (): Promise<void> => {
    const client = await pings.take(() => OWNER);
    try {
      await client.query('select 1');
    } finally {
      client.release();
    }
  };
  /** Many may ask at once; the server is asked once. */
  let asking: Promise<void> | undefined;
  const vault = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: claimed.as(() => OWNER) }) });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: claimed.as(() => identityOf(scopeAtHand(options))) }) });
  try {
    const { rows } = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`.execute(vault);
    const version = rows[0]?.version ?? 0;
    if (version < SERVER_VERSION_MIN) throw new Fault('database-too-old', `PostgreSQL 15 or later is needed; the server is ${Math.floor(version / 10_000)}.`, { version });
  } catch (error) {
    await pool.end();
    // What the driver and the network said of it is in the cause.
    if (error instanceof Fault && error.code === 'database-too-old') throw error;
    throw new Fault('database-not-reached', 'The database named by DATABASE_URL does not answer. Check that it runs, and host, port, user and password.', {}, { cause: error });
  }
  return {
    db,
    vault,
    scope: () => scopeAtHand(options),
    engine: 'server',
    broken: new AbortController().signal,
    isAway: () => presence.isAway(),
    waiting: () => pool.waitingCount,
    ping: async () => {
      asking ??= askOnce().finally(() => (asking = undefined));
      await asking;
    },
    execute: async (text, values) => {
      const client = await claimed.take(() => OWNER);
      try {
        const result = (await client.query(text, values === undefined ? undefined : [...values])) as pg.QueryResult | pg.QueryResult[];
        return { rows: Array.isArray(result) ? result.flatMap((one) => one.rows as Record<string, unknown>[]) : (result.rows as Record<string, unknown>[]) };
      } catch (error) {
        // A text may open a transaction of its own (the queue's does); what failed in it must not wait for the next user of the connection.
        await client.query('rollback').catch(() => undefined);
        throw error;
      } finally {
        client.release();
      }
    },
    close: async () => {
      await db.destroy();
      await vault.destroy();
      await pool.end();
      await pinged.end();
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
