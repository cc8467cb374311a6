/** One measured import in a process of its own: `run.mjs import|bare ROWS FILE DATA_DIR` prints one line of JSON. */

import { createReadStream } from 'node:fs';
import pino from 'pino';
import { sql } from 'kysely';
import { createIntake, intakeMigrations } from '../../src/features/intake/index.ts';
import { CsvParser } from '../../src/features/intake/rules/csv.ts';
import { createRegistry, registryMigrations } from '../../src/features/registry/index.ts';
import { systemScope } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../../src/platform/db/index.ts';
import { createJobs } from '../../src/platform/jobs/index.ts';

const BATCH_ROWS = 500;
const [mode, rowsText, file, dataDir] = process.argv.slice(2) as [string, string, string, string];
const rows = Number(rowsText);

const database = await openDatabase({ dataDir, databaseUrl: undefined }, { standing: systemScope });
await migrate(database, [...migrationsOf('platform'), ...registryMigrations(), ...intakeMigrations()]);
const startRss = process.memoryUsage().rss;
let peakRss = startRss;
const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage().rss)), 50);
const cpuBefore = process.cpuUsage();
const before = performance.now();
const steps = mode === 'bare' ? await bareInsert(database) : await importFile(database);
const seconds = (performance.now() - before) / 1000;
const cpu = process.cpuUsage(cpuBefore);
clearInterval(sampler);
console.log(JSON.stringify({ rows, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, peakMegabytes: Math.round(Math.max(peakRss, process.resourceUsage().maxRSS * 1024) / 1024 ** 2), startMegabytes: Math.round(startRss / 1024 ** 2), ...steps }));
await database.close();
process.exit(0);

/** What any import must at least do: parse the file and put its cells into a table, many rows a statement, in one transaction. */
async function bareInsert({ db }: Database): Promise<object> {
  const columns = 12;
  await sql`create table bare (number int primary key, ${sql.join(Array.from({ length: columns }, (_, i) => sql`${sql.ref(`c${i}`)} text`))})`.execute(db);
  const parser = new CsvParser(',');
  await db.transaction().execute(async (tx) => {
    let pending: (readonly string[])[] = [];
    let number = -1;
    const flush = async (): Promise<void> => {
      const values = pending.map((cells) => sql`(${sql.join([++number, ...cells])})`);
      if (values.length > 0) await sql`insert into bare values ${sql.join(values)}`.execute(tx);
      pending = [];
    };
    for await (const piece of createReadStream(file, 'utf8')) {
      for (const record of parser.push(piece as string)) {
        pending.push(record.cells);
        if (pending.length === BATCH_ROWS) await flush();
      }
    }
    await flush();
  });
  return {};
}

async function importFile(opened: Database): Promise<object> {
  const registry = createRegistry({ database: opened, clock: systemClock });
  const jobs = await createJobs({ database: opened, clock: systemClock, log: pino({ level: 'silent' }) });
  const intake = createIntake({ database: opened, clock: systemClock, jobs, registry, dataDir });
  const kept = await intake.keepFile(createReadStream(file));
  let checkedAt = 0;
  const done = await intake.runHere(systemScope, kept, { profile: 'us-federal-2023', fileName: 'bench.csv', mode: 'all' }, (_rows, _total, step) => {
    if (step === 'writing' && checkedAt === 0) checkedAt = performance.now();
  });
  if (!done.ok) throw new Error(done.refusal.code);
  return { result: done.value.result, checkSeconds: (checkedAt - before) / 1000 };
}
