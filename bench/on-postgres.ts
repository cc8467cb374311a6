/** The database of a measurement: one of its own on the PostgreSQL of this machine, with the tables it needs, and gone with the process. */

import { systemScope } from '../src/platform/auth/index.ts';
import { type Database, migrate, type Migration, openDatabase } from '../src/platform/db/index.ts';
import { createServerDatabase } from '../test/support/engines.ts';
import startPostgres from '../test/support/postgres.ts';

/** Ends the process, and says why, where there is no PostgreSQL. `stop` closes the database and the server that was started for it. */
export async function openOnPostgres(migrations: readonly Migration[]): Promise<{ readonly database: Database; readonly stop: () => Promise<void> }> {
  const stopServer = await startPostgres();
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) {
    console.log('SKIPPED: needs PostgreSQL ≥ 15 on this machine');
    process.exit(0);
  }
  const database = await openDatabase({ dataDir: '', databaseUrl: await createServerDatabase(url) }, { standing: systemScope });
  await migrate(database, migrations);
  return {
    database,
    stop: async () => {
      await database.close();
      stopServer?.();
    },
  };
}
