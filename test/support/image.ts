/**
 * Embedded databases that begin as a copy: making a new one takes more than a second of the processor, a copy a fraction of it. Made once a run,
 * by whoever needs it first. That Mizan makes its own database is proved where it runs as a process of its own, and in the suite of the database room.
 */

import { cpSync, existsSync, linkSync, mkdtempSync, openAsBlob, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { type Scope, systemScope } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { type Database, migrate, type Migration, openDatabase, openInMemory } from '../../src/platform/db/index.ts';
import { createJobs } from '../../src/platform/jobs/index.ts';
import { createLog } from '../../src/platform/log/index.ts';

/** Where the copies of this run lie; undefined outside a run of the tests, where each database is made anew. */
const folder = process.env['TEST_IMAGES'];

/** Two workers may make the same at once; the first to be done is kept, and both are the same. */
async function once(name: string, make: (at: string) => Promise<void>): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const work = mkdtempSync(join(folder, 'making-'));
  try {
    await make(join(work, name));
    // A file that another worker has open is not put aside: the name is taken once. A folder cannot be renamed onto one that is there.
    if (statSync(join(work, name)).isFile()) linkSync(join(work, name), path);
    else renameSync(join(work, name), path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return path;
}

/** An empty embedded database in memory, as `openInMemory` makes it. */
export async function openEmpty(options: { readonly standing?: Scope } = {}): Promise<Database> {
  const path = await once('empty.tar', async (at) => {
    const database = await PGlite.create({ extensions: { pg_trgm } });
    const image = await database.dumpDataDir('none');
    await database.close();
    writeFileSync(at, Buffer.from(await image.arrayBuffer()));
  });
  return openInMemory({ ...options, ...(path === undefined ? {} : { image: await openAsBlob(path) }) });
}

/** Puts a database with these tables and the queue into a data folder that has none. */
export async function copyDatabase(dataDir: string, migrations: () => readonly Migration[]): Promise<void> {
  const path = await once('migrated', async (at) => {
    const database = await openDatabase({ dataDir: at, databaseUrl: undefined }, { standing: systemScope });
    await migrate(database, migrations());
    await (await createJobs({ database, clock: systemClock, log: createLog({ logLevel: 'silent' }) })).stop();
    await database.close();
  });
  if (path !== undefined) cpSync(join(path, 'db'), join(dataDir, 'db'), { recursive: true });
}
