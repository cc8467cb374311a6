/** How many entries a second the log takes, each durable and under a signed head before it is told; beside what the disk and the database of the same run can do alone. */

import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ledgerMigrations, openLedger } from '../src/features/ledger/index.ts';
import { systemScope } from '../src/platform/auth/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../src/platform/db/index.ts';
import { createLog } from '../src/platform/log/index.ts';
import { createOutbound } from '../src/platform/outbound/index.ts';
import { asServerUser, freePort, serverPrograms } from '../test/support/postgres.ts';

const ENTRIES = 50_000;
/** Entries that wait for their answer at the same time. */
const AT_ONCE = 2_000;
const ALONE = 300;
const ENTRY_BYTES = 600;
const RESULTS = join(import.meta.dirname, 'results/ledger.txt');

const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const rate = (count: number, ms: number): string => `${Math.round((count * 1000) / ms).toLocaleString('en')}/s`;
const folder = (): string => mkdtempSync(join(tmpdir(), 'mizan-bench-ledger-'));
const entry = (number: number): Uint8Array => new Uint8Array(Buffer.from(`mizan-log/event/v1\n${JSON.stringify({ number, filler: 'x'.repeat(ENTRY_BYTES - 60) })}`));

/** Bare writes of one entry, each synchronised. */
function bareSyncs(): string {
  const place = folder();
  const file = openSync(join(place, 'file'), 'w');
  const bytes = entry(0);
  const begun = performance.now();
  for (let count = 0; count < ALONE; count++) {
    writeSync(file, bytes);
    fdatasyncSync(file);
  }
  const ms = performance.now() - begun;
  closeSync(file);
  rmSync(place, { recursive: true });
  return rate(ALONE, ms);
}

/** Bare inserts of one row, each a transaction of its own, one after the other. */
async function bareInserts(database: Database): Promise<string> {
  await database.execute('create table bench_bare (id bigint primary key, entry bytea)');
  await database.execute('grant insert on bench_bare to mizan_all');
  const bytes = Buffer.from(entry(0));
  const begun = performance.now();
  for (let count = 0; count < ALONE; count++) await sql`insert into bench_bare values (${count}, ${bytes})`.execute(database.db);
  return rate(ALONE, performance.now() - begun);
}

async function measure(name: string, database: Database, aim: number): Promise<void> {
  await migrate(database, [...migrationsOf('platform'), ...ledgerMigrations()]);
  const dataDir = folder();
  const ledger = await openLedger({ database, clock: systemClock, log: createLog({ logLevel: 'error' }), dataDir, secret: (what) => `${what} of a measurement, nobody trusts it`, outbound: createOutbound({ allow: [] }) });
  const one = async (from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at++) {
      const [answer] = await ledger.append([entry(at)]);
      if (answer?.ok !== true) throw new Error('refused');
    }
  };
  await one(0, 50);
  const alone = performance.now();
  await one(0, ALONE);
  const aloneMs = performance.now() - alone;
  const begun = performance.now();
  const each = ENTRIES / AT_ONCE;
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, at) => one(at * each, (at + 1) * each)));
  const ms = performance.now() - begun;
  await ledger.settled();
  const proofs = performance.now();
  for (let count = 0; count < 200; count++) {
    const proven = await ledger.prove((count * 7919) % ENTRIES);
    if (!proven.ok) throw new Error(proven.refusal.code);
  }
  const proofMs = (performance.now() - proofs) / 200;
  say(name);
  say(`  log, ${AT_ONCE} callers at once        ${rate(ENTRIES, ms)} (aim ≥ ${aim.toLocaleString('en')}/s), ${ENTRIES.toLocaleString('en')} entries of ${entry(0).length} bytes`);
  say(`  log, one caller                  ${rate(ALONE, aloneMs)}`);
  say(`  bare insert, one caller          ${await bareInserts(database)}`);
  say(`  bare write and fdatasync         ${bareSyncs()}`);
  say(`  entry with proof, from tiles     ${proofMs.toFixed(2)} ms in a log of ${(ENTRIES + ALONE + 50).toLocaleString('en')}`);
  await ledger.close();
  rmSync(dataDir, { recursive: true });
}

/** A server of its own that waits for its disk, as one in use does; the one of the tests does not. */
async function onDurablePostgres(work: (database: Database) => Promise<void>): Promise<boolean> {
  const bin = serverPrograms();
  if (bin === undefined) return false;
  const place = folder();
  chmodSync(place, 0o777);
  const data = join(place, 'data');
  const port = await freePort();
  const run = (program: string, args: readonly string[]): void => {
    const [command, full] = asServerUser(join(bin, program), args);
    execFileSync(command, [...full], { stdio: 'pipe', cwd: place });
  };
  run('initdb', ['-D', data, '-U', 'mizan', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8']);
  run('pg_ctl', ['-D', data, '-w', '-l', join(place, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`, 'start']);
  try {
    const database = await openDatabase({ dataDir: '', databaseUrl: `postgres://mizan@127.0.0.1:${port}/postgres` }, { standing: systemScope });
    try {
      await work(database);
    } finally {
      await database.close();
    }
  } finally {
    run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
    rmSync(place, { recursive: true });
  }
  return true;
}

say(`Transparency log: durable entries, each acknowledged under a signed head; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)} on 2 cores`);
if (!(await onDurablePostgres(async (database) => measure('PostgreSQL (fsync on)', database, 5_000)))) say('PostgreSQL is not installed here');
const embedded = folder();
mkdirSync(embedded, { recursive: true });
const database = await openDatabase({ dataDir: embedded, databaseUrl: undefined }, { standing: systemScope });
await measure('embedded engine (its own fsync off; the tail and the head of the log are synchronised)', database, 1_500);
await database.close();
rmSync(embedded, { recursive: true });
writeFileSync(RESULTS, `${lines.join('\n')}\n`);
