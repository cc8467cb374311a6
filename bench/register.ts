/**
 * Register bench: one million made-up systems on PostgreSQL; search, filters, facets and paging at 50 requests a second
 * for a minute, through the service, beside the bare look-up of a row by its primary key. The public asks, under row-level security;
 * the same queries as the owner of the tables, whom it does not hold back, show what it costs.
 *
 *   node bench/register.ts                      writes bench/results/register.txt
 *   BENCH_SYSTEMS=100000 node bench/register.ts a smaller register, printed only
 *   BENCH_DATABASE_URL=postgres://…             keeps what an earlier run filled in that database
 */

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { createRegistry, type Registry } from '../src/features/registry/actions/registry.ts';
import { PHASES, SECTORS } from '../src/features/registry/fields.ts';
import type { ListQuery, SystemRecord } from '../src/features/registry/model.ts';
import { instant } from '../src/base/index.ts';
import { publicScope, systemScope, within } from '../src/platform/auth/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { type Database, migrate, migrationsOf, openDatabase, openInMemory } from '../src/platform/db/index.ts';
import setup from '../test/support/postgres.ts';

const FULL = 1_000_000;
const SYSTEMS = Number(process.env['BENCH_SYSTEMS'] ?? FULL);
const REQUESTS_PER_SECOND = 50;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60);
const EMBEDDED_ROWS = 20_000;
const BUDGET_MS = 100;
const IMPORT_BUDGET = 5_000;

/** A small generator with a seed: every run makes the same register (xorshift32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const random = randomOf(20_261_123);
const SYLLABLES = ['ma', 'ri', 'to', 'ven', 'kal', 'sə', 'dı', 'lar', 'gün', 'pro', 'ne', 'ti', 'bo', 'xa', 'ul', 'es', 'ım', 'ka', 'zor', 'qi', 'ра', 'на', 'во', 'те', 'ли'];
const VOCABULARY = 30_000;
const words: readonly string[] = [
  'system', 'data', 'model', 'risk', 'tax', 'health', 'analysis', 'detection', 'service', 'image', 'text', 'prediction', 'vergi', 'xidmət', 'оценка',
  ...Array.from({ length: VOCABULARY }, () => Array.from({ length: 2 + Math.floor(random() * 3) }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? '').join('')),
];

/** Natural texts: the n-th most frequent word about 1/n as often as the first. */
function zipf(size: number): number {
  return Math.min(size - 1, Math.floor(size ** random()) - 1 + (random() < 0.5 ? 0 : 1));
}
function text(count: number): string {
  return Array.from({ length: count }, () => words[zipf(words.length)] ?? '').join(' ');
}
function oneOf<T>(list: readonly T[]): T {
  const value = list[Math.floor(random() ** 2 * list.length)];
  if (value === undefined) throw new Error('empty list');
  return value;
}

function record(): SystemRecord {
  return {
    name: text(4),
    organisation: `Body ${zipf(3_000)} ${words[20] ?? ''}`,
    purpose: text(45),
    outputs: text(15),
    sector: oneOf(SECTORS),
    phase: oneOf(PHASES),
    providerName: `Provider ${zipf(5_000)}`,
    humanDecisions: text(20),
  };
}

const BATCH = 5_000;

/** Sources arrive one after the other, so that their entries lie together: the hard case for filters. */
async function fill(registry: Registry, systems: number): Promise<number> {
  const started = performance.now();
  let spentMs = 0;
  for (let from = 0; from < systems; from += BATCH) {
    const source = `source-${Math.floor((from / systems) * 8)}`;
    const rows = Array.from({ length: Math.min(BATCH, systems - from) }, (_, index) => ({ key: String(from + index), record: record() }));
    const status = (from / BATCH) % 12 === 11 ? 'draft' : 'registered';
    const before = performance.now();
    await registry.importRows(systemScope, rows, { source, status });
    spentMs += performance.now() - before;
    if (from % 100_000 === 0) console.log(`  ${from} systems, ${Math.round((performance.now() - started) / 1000)} s`);
  }
  return systems / (spentMs / 1000);
}

interface Kind {
  readonly name: string;
  readonly run: (registry: Registry, database: Database) => Promise<number>;
}

let bodies: readonly string[] = [];
let cursors: readonly string[] = [];
let ids: readonly string[] = [];

async function listed(registry: Registry, query: ListQuery): Promise<number> {
  const answer = await registry.list(publicScope, query);
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value.items.length;
}

const KINDS: readonly Kind[] = [
  { name: 'first page', run: async (registry) => listed(registry, {}) },
  { name: 'page deep inside', run: async (registry) => listed(registry, { after: oneOf(cursors) }) },
  { name: 'one common word', run: async (registry) => listed(registry, { q: words[Math.floor(random() * 15)] ?? '' }) },
  { name: 'one word', run: async (registry) => listed(registry, { q: words[zipf(words.length)] ?? '' }) },
  { name: 'two words', run: async (registry) => listed(registry, { q: `${words[zipf(words.length)]} ${words[zipf(words.length)]}` }) },
  { name: 'three words', run: async (registry) => listed(registry, { q: `${words[zipf(words.length)]} ${words[zipf(words.length)]} ${words[zipf(words.length)]}` }) },
  { name: 'misspelt word', run: async (registry) => listed(registry, { q: `${(words[zipf(words.length)] ?? '').slice(0, 4)}zq` }) },
  { name: 'filter: sector', run: async (registry) => listed(registry, { facets: { sector: [oneOf(SECTORS)] } }) },
  { name: 'filter: body', run: async (registry) => listed(registry, { facets: { body: [oneOf(bodies)] } }) },
  { name: 'filter: source', run: async (registry) => listed(registry, { facets: { source: [`source-${Math.floor(random() * 8)}`] } }) },
  { name: 'word and filters', run: async (registry) => listed(registry, { q: words[zipf(words.length)] ?? '', facets: { sector: [oneOf(SECTORS)], phase: [oneOf(PHASES)], source: [`source-${Math.floor(random() * 8)}`] } }) },
  {
    name: 'word, second page',
    run: async (registry) => {
      const query = { q: words[zipf(2_000)] ?? '' };
      const first = await registry.list(publicScope, query);
      return first.ok && first.value.next !== undefined ? listed(registry, { ...query, after: first.value.next }) : 0;
    },
  },
  { name: 'entry by id', run: async (registry) => ((await registry.get(publicScope, oneOf(ids))) === undefined ? 0 : 1) },
  {
    name: 'bare primary key',
    run: async (_registry, database) => (await sql`select id, number, status, name from registry_systems where id = ${oneOf(ids)}`.execute(database.db)).rows.length,
  },
];

interface Result {
  readonly name: string;
  readonly times: readonly number[];
  readonly rows: number;
}

/** Arrivals by the clock, whatever the answers do: a slow answer does not slow the next question down, it queues behind it. */
async function drive(registry: Registry, database: Database): Promise<readonly Result[]> {
  const results = new Map<string, { times: number[]; rows: number }>(KINDS.map((kind) => [kind.name, { times: [], rows: 0 }]));
  const pending: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < REQUESTS_PER_SECOND * SECONDS; index++) {
    const due = began + (index * 1000) / REQUESTS_PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const kind = KINDS[index % KINDS.length];
    if (kind === undefined) continue;
    const ask = async (): Promise<void> => {
      const rows = await within(publicScope, async () => kind.run(registry, database));
      const result = results.get(kind.name);
      if (result === undefined) return;
      // Counted from when it was due, waiting included.
      result.times.push(performance.now() - due);
      result.rows += rows;
    };
    pending.push(ask());
  }
  await Promise.all(pending);
  return [...results].map(([name, result]) => ({ name, times: result.times.sort((a, b) => a - b), rows: result.rows }));
}

interface Cost {
  readonly name: string;
  readonly publicMs: number;
  readonly ownerMs: number;
}

const PAIRS = 60;

/** Medians of the same kinds, asked in turn by the public and by the owner of the tables, so that both meet the same machine. */
async function costOfShield(database: Database, registry: Registry): Promise<readonly Cost[]> {
  const owned: Database = { ...database, db: database.vault };
  const free = createRegistry({ database: owned, clock: systemClock });
  const costs: Cost[] = [];
  for (const kind of KINDS) {
    const times: { readonly shielded: number[]; readonly free: number[] } = { shielded: [], free: [] };
    const timed = async (list: number[], work: () => Promise<number>): Promise<void> => {
      const began = performance.now();
      await work();
      list.push(performance.now() - began);
    };
    for (let pair = 0; pair < PAIRS; pair++) {
      const turns = [async () => timed(times.shielded, async () => within(publicScope, async () => kind.run(registry, database))), async () => timed(times.free, async () => kind.run(free, owned))];
      for (const turn of pair % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    const median = (list: readonly number[]): number => quantile(list.toSorted((a, b) => a - b), 0.5);
    costs.push({ name: kind.name, publicMs: median(times.shielded), ownerMs: median(times.free) });
  }
  return costs;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

/** A database of its own on the throw-away server. */
async function createServerDatabase(server: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query('create database register_bench');
  await client.end();
  const fresh = new URL(server);
  fresh.pathname = '/register_bench';
  return fresh.toString();
}

async function embeddedRate(): Promise<{ readonly wall: number; readonly processor: number }> {
  const database = await openInMemory({ standing: systemScope });
  await migrate(database, migrationsOf('registry'));
  const registry = createRegistry({ database, clock: systemClock });
  await fill(registry, 2_000);
  const cpuBefore = process.cpuUsage();
  const wall = await fill({ ...registry, importRows: async (scope, rows, options) => registry.importRows(scope, rows.map((row) => ({ ...row, key: `again-${row.key}` })), options) }, EMBEDDED_ROWS);
  const cpu = process.cpuUsage(cpuBefore);
  await database.close();
  return { wall, processor: EMBEDDED_ROWS / ((cpu.user + cpu.system) / 1e6) };
}

const stop = process.env['BENCH_DATABASE_URL'] === undefined ? await setup() : undefined;
const url = process.env['BENCH_DATABASE_URL'] ?? process.env['TEST_DATABASE_URL'];
if (url === undefined) {
  console.log('SKIPPED: the register bench needs PostgreSQL ≥ 15 on this machine.');
  process.exit(0);
}
const lines: string[] = [];
const tell = (line: string): void => {
  console.log(line);
  lines.push(line);
};
try {
  const database = await openDatabase({ dataDir: '', databaseUrl: process.env['BENCH_DATABASE_URL'] ?? (await createServerDatabase(url)) }, { standing: systemScope });
  await migrate(database, migrationsOf('registry'));
  const registry = createRegistry({ database, clock: systemClock });
  const { rows: standing } = await sql<{ n: number }>`select count(*)::int as n from registry_systems`.execute(database.db);
  let serverRate: number | undefined;
  if ((standing[0]?.n ?? 0) < SYSTEMS) serverRate = await fill(registry, SYSTEMS);
  await database.execute('vacuum analyze');
  bodies = (await sql<{ id: string }>`select id from registry_bodies order by id limit 2000`.execute(database.db)).rows.map((row) => row.id);
  ids = (await sql<{ id: string }>`select id from registry_systems tablesample system (0.2) where is_public limit 2000`.execute(database.db)).rows.map((row) => row.id);
  cursors = Array.from({ length: 200 }, () => Buffer.from(JSON.stringify([1, Math.floor(random() * SYSTEMS), 0])).toString('base64url'));
  const warm = performance.now();
  for (const kind of KINDS) for (let index = 0; index < 20; index++) await within(publicScope, async () => kind.run(registry, database));
  console.log(`warmed in ${Math.round(performance.now() - warm)} ms`);
  const [loadBefore = 0] = loadavg();
  const cpuBefore = process.cpuUsage();
  const results = await drive(registry, database);
  const cpu = process.cpuUsage(cpuBefore);
  const [loadAfter = 0] = loadavg();
  const { rows: size } = await sql<{ systems: string; total: string }>`select pg_size_pretty(pg_total_relation_size('registry_systems')) as systems, pg_size_pretty(pg_database_size(current_database())) as total`.execute(database.db);
  tell(`register: ${SYSTEMS} systems on PostgreSQL, ${REQUESTS_PER_SECOND} requests/s for ${SECONDS} s through the service (${instant(new Date()).slice(0, 10)}, ${cpus().length} cores shared by server and client, ${cpus()[0]?.model ?? 'unknown'})`);
  tell(`load average before ${loadBefore.toFixed(1)}, after ${loadAfter.toFixed(1)} (a quiet machine: below ${cpus().length}; above it the bare look-up shows how much of each figure is waiting for a core)`);
  tell(`database ${size[0]?.total ?? ''}, of which systems with their indexes ${size[0]?.systems ?? ''}`);
  tell('');
  tell(`${'query'.padEnd(20)}${'asked'.padStart(7)}${'rows'.padStart(8)}${'p50 ms'.padStart(9)}${'p99 ms'.padStart(9)}${'max ms'.padStart(9)}`);
  for (const result of results) {
    tell(`${result.name.padEnd(20)}${String(result.times.length).padStart(7)}${String(result.rows).padStart(8)}${[0.5, 0.99, 1].map((q) => quantile(result.times, q).toFixed(1).padStart(9)).join('')}`);
  }
  const all = results.filter((result) => result.name !== 'bare primary key').flatMap((result) => result.times).sort((a, b) => a - b);
  const bare = results.find((result) => result.name === 'bare primary key');
  tell('');
  tell(`all kinds but the bare look-up: p50 ${quantile(all, 0.5).toFixed(1)} ms, p99 ${quantile(all, 0.99).toFixed(1)} ms (budget ${BUDGET_MS} ms: ${quantile(all, 0.99) <= BUDGET_MS ? 'held' : 'MISSED'})`);
  tell(`p50 is ${(quantile(all, 0.5) / Math.max(quantile(bare?.times ?? [], 0.5), 0.01)).toFixed(1)} times the bare look-up by primary key`);
  tell(`processor time of the service, without the database server: ${((cpu.user + cpu.system) / 1000 / (REQUESTS_PER_SECOND * SECONDS)).toFixed(2)} ms a request`);
  tell('');
  tell(`what row-level security costs: medians of ${PAIRS} questions each, asked in turn by the public and by the owner of the tables`);
  tell(`${'query'.padEnd(20)}${'public ms'.padStart(11)}${'owner ms'.padStart(11)}${'ratio'.padStart(8)}`);
  for (const { name, publicMs, ownerMs } of await costOfShield(database, registry)) tell(`${name.padEnd(20)}${publicMs.toFixed(2).padStart(11)}${ownerMs.toFixed(2).padStart(11)}${(publicMs / ownerMs).toFixed(2).padStart(8)}`);
  tell('');
  if (serverRate !== undefined) tell(`filled at ${Math.round(serverRate)} rows/s by importRows (batches of ${BATCH}, fsync off)`);
  await database.close();
  const rate = await embeddedRate();
  tell(`embedded: ${EMBEDDED_ROWS} rows at ${Math.round(rate.wall)} rows/s (budget ${IMPORT_BUDGET}: ${rate.wall >= IMPORT_BUDGET ? 'held' : 'MISSED'}), ${Math.round(rate.processor)} rows per second of processor time, all threads counted`);
  if (SYSTEMS >= FULL && process.env['BENCH_SECONDS'] === undefined) writeFileSync(join(import.meta.dirname, 'results/register.txt'), `${lines.join('\n')}\n`);
} finally {
  stop?.();
}
