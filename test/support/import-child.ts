/** A process that imports a file as a job and may be killed at any moment: `import-child.mjs DATA_DIR PROFILE FILE`. Prints what happens, one word a line. */

import { createReadStream } from 'node:fs';
import pino from 'pino';
import { createIntake, intakeMigrations } from '../../src/features/intake/index.ts';
import { createRegistry, registryMigrations } from '../../src/features/registry/index.ts';
import { systemScope } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { migrate, migrationsOf, openDatabase } from '../../src/platform/db/index.ts';
import { createJobs } from '../../src/platform/jobs/index.ts';

const [dataDir = '', profile = '', file = ''] = process.argv.slice(2);
const database = await openDatabase({ dataDir, databaseUrl: undefined }, { standing: systemScope });
await migrate(database, [...migrationsOf('platform'), ...registryMigrations(), ...intakeMigrations()]);
const registry = createRegistry({ database, clock: systemClock });
const count = async (): Promise<number> => {
  const page = await registry.list(systemScope, { limit: 1 });
  return page.ok ? page.value.total : -1;
};
const jobs = await createJobs({ database, clock: systemClock, log: pino({ level: 'silent' }) });
const intake = createIntake({ database, clock: systemClock, jobs, registry, dataDir });
console.log(`found ${await count()}`);
const earlier = (await intake.list(systemScope, { limit: 1 }))[0];
let job = earlier?.jobId ?? undefined;
if (earlier === undefined) {
  const kept = await intake.keepFile(createReadStream(file));
  const begun = await intake.start(systemScope, kept, { profile, fileName: 'killed.csv', mode: 'all' });
  if (!begun.ok) throw new Error(begun.refusal.code);
  job = begun.value.job;
}
if (job === undefined) throw new Error('no job');
jobs.watch(job, (view) => console.log(`${view.note ?? view.state} ${view.done}`));
await jobs.begin();
const ended = await jobs.wait(job);
console.log(`ended ${ended.state} ${JSON.stringify(ended.result)}`);
console.log(`entries ${await count()}`);
await jobs.stop();
await database.close();
process.exit(0);
