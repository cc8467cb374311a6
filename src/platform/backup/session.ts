/** One connection as the owner of the tables, on either engine, with everything set so that values as text are the same on both. */

import pg from 'pg';
import { Fault } from '../../base/index.ts';
import type { Database } from '../db/index.ts';

/** A value as PostgreSQL writes it. */
export type Cell = string | null;

export interface Session {
  readonly engine: 'embedded' | 'server';
  /** Rows as objects; columns that matter are selected `::text`. */
  query<T extends Readonly<Record<string, unknown>> = Readonly<Record<string, Cell>>>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** Several statements without values. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * How a value looks as text hangs on these. `row_security = off` makes a read fail that a policy would quietly shorten; the path is empty but
 * for our schema, so that nobody's function of the same name is called.
 */
const SETTINGS = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1; set row_security = off; set search_path = public, pg_catalog`;

/** On the embedded engine the given database must be nobody else's: its one connection is used statement by statement. */
export async function sessionOf(database: Pick<Database, 'execute'>): Promise<Session> {
  const session: Session = {
    engine: 'embedded',
    query: async <T>(text: string, values: readonly unknown[] = []) => (await database.execute(text, values)).rows as readonly T[],
    script: async (text) => void (await database.execute(text)),
    close: async () => undefined,
  };
  await session.script(SETTINGS);
  return session;
}

/** A connection of its own to the database server: a backup may take longer than any statement of the pool may. */
export async function connectSession(databaseUrl: string): Promise<Session> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mizan-backup', statement_timeout: 0 });
  // Told by the statement under way; without a listener a lost connection would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(SETTINGS);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Fault('database-not-reached', 'The database named by DATABASE_URL does not answer. Check that it runs, and host, port, user and password.', {}, { cause: error });
  }
  return {
    engine: 'server',
    query: async <T>(text: string, values: readonly unknown[] = []) => (await client.query(text, [...values])).rows as readonly T[],
    script: async (text) => void (await client.query(text)),
    close: async () => client.end().catch(() => undefined),
  };
}
