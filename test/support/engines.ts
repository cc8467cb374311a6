/** Runs a suite on both database engines: `onEveryEngine((open) => { … })`. */

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, describe } from 'vitest';
import { systemScope } from '../../src/platform/auth/index.ts';
import { type Database, migrate, type Migration, openDatabase } from '../../src/platform/db/index.ts';
import { openEmpty } from './image.ts';

/** Opens a fresh, migrated database of the engine; closed after the suite. */
export type OpenFresh = (migrations: readonly Migration[]) => Promise<Database>;

export function onEveryEngine(suite: (open: OpenFresh, engine: 'embedded' | 'server') => void): void {
  const url = process.env['TEST_DATABASE_URL'];
  describe('on the embedded engine', () => suite(closing(async () => openEmpty({ standing: systemScope })), 'embedded'));
  describe.skipIf(url === undefined)('on PostgreSQL', () => suite(closing(async () => openServerDatabase(url ?? '')), 'server'));
}

function closing(open: () => Promise<Database>): OpenFresh {
  const opened: Database[] = [];
  afterAll(async () => {
    await Promise.all(opened.map(async (database) => database.close()));
  });
  return async (migrations) => {
    const database = await open();
    opened.push(database);
    await migrate(database, migrations);
    return database;
  };
}

/** A database of its own on the test server, so that suites can run side by side. */
export async function openServerDatabase(url: string): Promise<Database> {
  return openDatabase({ dataDir: '', databaseUrl: await createServerDatabase(url) }, { standing: systemScope });
}

export async function createServerDatabase(url: string): Promise<string> {
  const name = `mizan_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.toString();
}
