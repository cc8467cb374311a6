/**
 * Five hundred signed-in people at work: two processes of Mizan on one PostgreSQL, mixed requests with time to think between them; then the
 * load is raised until requests are shed. Beside it the same number of people at a bare Fastify route with one indexed query.
 *
 *   node scripts/bench.mjs load                                       writes bench/results/load.txt
 *   BENCH_PEOPLE=50 BENCH_SECONDS=10 node scripts/bench.mjs load      smaller, printed only
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, request as ask } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fastify from 'fastify';
import pg from 'pg';
import { compose } from '../src/app/compose.ts';
import { readConfig } from '../src/platform/config/index.ts';
import { systemScope, within } from '../src/platform/auth/index.ts';
import { createServerDatabase } from '../test/support/engines.ts';
import { quantile } from '../test/support/kills.ts';
import { makeOrganisation, makePerson } from '../test/support/people.ts';
import startPostgres from '../test/support/postgres.ts';

const PEOPLE_FULL = 500;
const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? PEOPLE_FULL);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60);
const WARM_UP_MS = 8_000;
/** Between the answer and the next request of one person: reading, filling in a form. */
const THINK_MS = [4_000, 16_000] as const;
const AGENCIES = 20;
const SYSTEMS_AGENCY = 100;
const AIM_MS = 300;
const RESULTS = join(import.meta.dirname, 'results/load.txt');
/** All people come from one address here, which counts as one office in the world. */
const LIMITS = { requestsPerMinuteMax: 100_000_000, routeLimitsFactor: 1_000_000 } as const;

const agent = new Agent({ keepAlive: true, maxSockets: 4000 });

interface Person {
  readonly headers: Readonly<Record<string, string>>;
  readonly systems: readonly string[];
}

// Nobody is left to measure: a process without its parent ends.
if (process.send !== undefined) process.once('disconnect', () => process.exit(1));
if (process.argv[2] === 'node') await node(process.argv[3] ?? '', process.argv[4] ?? '');
else if (process.argv[2] === 'bare') await bare(process.argv[3] ?? '');
else await measure();

/** One process of Mizan; the first one also makes organisations, people and entries when it is told to. */
async function node(dataDir: string, databaseUrl: string): Promise<void> {
  const config = readConfig({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent' });
  if (!config.ok) throw new Error('configuration');
  const mizan = await compose(config.value, { limits: LIMITS });
  const address = await mizan.server.listen({ host: '127.0.0.1', port: 0 });
  process.on('message', (message) => {
    if (message === 'stop') void mizan.close().then(() => process.exit(0));
    else void fill(mizan).then((people) => process.send?.({ people }));
  });
  process.send?.({ address });
}

async function fill(mizan: Awaited<ReturnType<typeof compose>>): Promise<readonly Person[]> {
  const { identity, server } = mizan;
  const made: Person[] = [];
  await within(systemScope, async () => {
    await makeOrganisation(identity, 'Regulator', 'regulator');
    const ministry = await makeOrganisation(identity, 'Ministry', 'ministry');
    for (let agency = 0; agency < AGENCIES; agency++) {
      const organisation = await makeOrganisation(identity, `Agency ${agency}`, 'agency', ministry);
      const people = [];
      for (let n = 0; n < Math.ceil(PEOPLE / AGENCIES); n++) {
        const letters = String(agency * 1000 + n).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? 'k');
        people.push(await makePerson(identity, `Person ${letters}`, organisation, 'owner'));
      }
      const systems: string[] = [];
      for (let n = 0; n < SYSTEMS_AGENCY; n++) {
        const record = { name: `Ranking ${agency} ${n}`, organisation: `Agency ${agency}`, purpose: `Ranks applications of kind ${n % 13} and tells an officer which to read first.`, outputs: 'A score between 0 and 1.', sector: 'employment', phase: 'in-use' };
        const answer = await server.inject({ method: 'POST', url: '/api/v1/systems', headers: { cookie: people[0]?.headers['cookie'] ?? '', 'sec-fetch-site': 'same-origin' }, payload: { record } });
        if (answer.statusCode !== 201) throw new Error(`an entry was not made: ${answer.statusCode} ${answer.body}`);
        systems.push(answer.json<{ id: string }>().id);
      }
      for (const { headers } of people) made.push({ headers: { cookie: headers['cookie'] ?? '', 'sec-fetch-site': 'same-origin' }, systems });
    }
  });
  await mizan.database.execute('analyze');
  return made.slice(0, PEOPLE);
}

/** The yardstick: Fastify and one indexed look-up with a pool of the same size, nothing else. */
async function bare(databaseUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });
  const { rows } = await pool.query<{ id: string }>('select id::text from registry_systems limit 1000');
  const app = fastify({ logger: false });
  app.get('/', async () => (await pool.query('select id, name, status, number from registry_systems where id = $1', [rows[Math.floor(Math.random() * rows.length)]?.id])).rows[0] as object);
  process.send?.({ address: await app.listen({ host: '127.0.0.1', port: 0 }) });
  process.on('message', () => process.exit(0));
}

interface Sample {
  readonly kind: string;
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: boolean;
}

async function send(kind: string, address: string, method: string, path: string, headers: Readonly<Record<string, string>>, json?: unknown): Promise<Sample & { readonly body: string; readonly etag: string | undefined }> {
  const began = performance.now();
  return new Promise((resolve) => {
    const payload = json === undefined ? undefined : JSON.stringify(json);
    const outgoing = ask(`${address}${path}`, { method, agent, headers: { accept: path.startsWith('/api/') ? 'application/json' : 'text/html', ...headers, ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }) } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ kind, status: answer.statusCode ?? 0, ms: performance.now() - began, retryAfter: answer.headers['retry-after'] !== undefined, body: Buffer.concat(pieces).toString(), etag: answer.headers.etag }));
      answer.on('error', () => resolve({ kind, status: 0, ms: performance.now() - began, retryAfter: false, body: '', etag: undefined }));
    });
    outgoing.on('error', (error) => resolve({ kind, status: 0, ms: performance.now() - began, retryAfter: false, body: error.message, etag: undefined }));
    outgoing.end(payload);
  });
}

function one<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

/** 60 % lists and entries, 15 % search, 10 % work list, 10 % edits and answers, 5 % exports and documents. */
async function act(address: string, { headers, systems }: Person): Promise<readonly Sample[]> {
  const dice = Math.random() * 100;
  const id = one(systems);
  const get = async (kind: string, path: string) => [await send(kind, address, 'GET', path, headers)];
  if (dice < 30) return get('list of entries', '/registry/mine');
  if (dice < 60) return get('an entry', `/registry/${id}/manage`);
  if (dice < 75) return get('search', `/registry/mine?q=${one(['ranks', 'officer', 'kind 7', 'rankng', 'score'])}`);
  if (dice < 85) return get('work list', '/assessment');
  if (dice < 90) {
    const seen = await send('an entry', address, 'GET', `/api/v1/workspace/systems/${id}`, headers);
    if (seen.status !== 200) return [seen];
    const { record } = JSON.parse(seen.body) as { record: Record<string, unknown> };
    const saved = await send('edit', address, 'PUT', `/api/v1/systems/${id}`, { ...headers, 'if-match': seen.etag ?? '' }, { record: { ...record, purpose: `Ranks applications, edition ${Math.random().toFixed(6)}.` } });
    return [seen, saved];
  }
  if (dice < 95) {
    const sheet = await send('questions', address, 'GET', `/api/v1/systems/${id}/assessment`, headers);
    if (sheet.status !== 200) return [sheet];
    const { step } = JSON.parse(sheet.body) as { step: number };
    return [sheet, await send('answer', address, 'POST', `/api/v1/systems/${id}/answers`, headers, { fact: 'S.infers', answer: step % 2 === 0, after: step })];
  }
  return dice < 98 ? get('export', '/api/v1/exports/csv') : get('result as PDF', `/assessment/${id}/result.pdf`);
}

/** A stale edit is the right answer to two people on one entry; everything else from 400 on is an error. */
function isError({ status, kind }: Sample): boolean {
  return (status === 0 || status >= 400) && !(status === 409 && (kind === 'edit' || kind === 'answer'));
}

async function drive(addresses: readonly string[], people: readonly Person[], seconds: number, thinkMs: readonly [number, number]): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const from = performance.now() + WARM_UP_MS;
  const until = from + seconds * 1000;
  const think = (): number => thinkMs[0] + Math.random() * (thinkMs[1] - thinkMs[0]);
  await Promise.all(people.map(async (person, index) => {
    await pause(Math.random() * thinkMs[1]);
    while (performance.now() < until) {
      const began = performance.now();
      const done = await act(addresses[index % addresses.length] ?? '', person);
      if (began >= from) samples.push(...done.map(({ kind, status, ms, retryAfter }) => ({ kind, status, ms, retryAfter })));
      await pause(think());
    }
  }));
  return samples;
}

async function told<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Record<string, T>) => {
      if (name in message) resolve(message[name] as T);
    });
    child.once('exit', (code) => reject(new Error(`a process ended with ${code}`)));
  });
}

async function measure(): Promise<void> {
  const stopPostgres = await startPostgres();
  const server = process.env['TEST_DATABASE_URL'];
  if (server === undefined) {
    console.log('Load: skipped, no PostgreSQL is installed here');
    return;
  }
  const work = mkdtempSync(join(tmpdir(), 'mizan-bench-load-'));
  const databaseUrl = await createServerDatabase(server);
  const start = (...args: readonly string[]): ChildProcess => fork(import.meta.filename, [...args], { execArgv: [...process.execArgv] });
  const children: ChildProcess[] = [];
  const addresses: string[] = [];
  for (const name of ['one', 'two']) {
    const folder = join(work, name);
    mkdirSync(folder, { mode: 0o700 });
    for (const shared of ['files', 'intake', 'secrets']) {
      mkdirSync(join(work, 'shared', shared), { recursive: true, mode: 0o700 });
      symlinkSync(join(work, 'shared', shared), join(folder, shared));
    }
    const child = start('node', folder, databaseUrl);
    children.push(child);
    addresses.push(await told<string>(child, 'address'));
  }
  const filled = told<readonly Person[]>(children[0] as ChildProcess, 'people');
  children[0]?.send('fill');
  const people = await filled;
  const [low, high] = THINK_MS;
  const lines = [`${people.length} signed-in people, two processes on one PostgreSQL, ${low / 1000} to ${high / 1000} s between requests of one person, ${SECONDS} s; ${AGENCIES * SYSTEMS_AGENCY} entries of ${AGENCIES} agencies; milliseconds; load and database on the same ${availableParallelism()} cores, load average at the start ${loadavg()[0]?.toFixed(1) ?? ''}`];
  const tell = (text: string): void => {
    lines.push(text);
    console.log(text);
  };
  console.log(lines[0]);

  const samples = await drive(addresses, people, SECONDS, THINK_MS);
  for (const kind of [...new Set(samples.map((sample) => sample.kind))].sort()) {
    const times = samples.filter((sample) => sample.kind === kind).map(({ ms }) => ms);
    tell(`  ${kind.padEnd(18)} ${String(times.length).padStart(6)} requests   p50 ${quantile(times, 0.5).toFixed(1).padStart(7)}   p99 ${quantile(times, 0.99).toFixed(1).padStart(7)}`);
  }
  const all = samples.map(({ ms }) => ms);
  const errors = samples.filter(isError);
  tell(`  all                ${String(all.length).padStart(6)} requests   p50 ${quantile(all, 0.5).toFixed(1).padStart(7)}   p99 ${quantile(all, 0.99).toFixed(1).padStart(7)} (aim ≤ ${AIM_MS})   ${(all.length / SECONDS).toFixed(0)}/s   errors ${errors.length} (aim 0)${errors.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries([...new Set(errors.map((error) => `${error.kind} ${error.status}`))].map((name) => [name, errors.filter((error) => `${error.kind} ${error.status}` === name).length])))}`}   load average ${loadavg()[0]?.toFixed(1) ?? ''}`);

  // The same people at the yardstick.
  const plain = start('bare', databaseUrl);
  const plainAddress = await told<string>(plain, 'address');
  const bareTimes: number[] = [];
  const until = performance.now() + Math.min(SECONDS, 20) * 1000;
  await Promise.all(people.map(async () => {
    await pause(Math.random() * high);
    while (performance.now() < until) {
      bareTimes.push((await send('bare', plainAddress, 'GET', '/', {})).ms);
      await pause(low + Math.random() * (high - low));
    }
  }));
  plain.send('stop');
  tell(`  bare Fastify, one indexed query, same people  ${bareTimes.length} requests   p50 ${quantile(bareTimes, 0.5).toFixed(1)}   p99 ${quantile(bareTimes, 0.99).toFixed(1)}   → ours is ${(quantile(all, 0.5) / quantile(bareTimes, 0.5)).toFixed(1)} times its p50, ${(quantile(all, 0.99) / quantile(bareTimes, 0.99)).toFixed(1)} times its p99`);

  await overload(addresses, people, tell);
  for (const child of children) child.send('stop');
  await Promise.all(children.map(async (child) => new Promise((resolve) => child.once('exit', resolve))));
  agent.destroy();
  rmSync(work, { recursive: true, force: true });
  if (PEOPLE >= PEOPLE_FULL && SECONDS >= 60) writeFileSync(RESULTS, `${lines.join('\n')}\n`);
  stopPostgres?.();
  process.exit(0);
}

/** Nobody thinks any more, and more of them come, until the server sheds: then health must still answer, and afterwards all must be as before. */
async function overload(addresses: readonly string[], people: readonly Person[], tell: (text: string) => void): Promise<void> {
  for (const crowd of [500, 1500]) {
    const health: number[] = [];
    let isOver = false;
    const watch = (async () => {
      // oxlint-disable-next-line no-unmodified-loop-condition -- set below when the crowd has gone
      while (!isOver) {
        const { ms, status } = await send('health', addresses[0] ?? '', 'GET', '/health/live', {});
        health.push(status === 200 ? ms : Number.POSITIVE_INFINITY);
        await pause(100);
      }
    })();
    const samples: Sample[] = [];
    const until = performance.now() + 10_000;
    await Promise.all(Array.from({ length: crowd }, async (_, index) => {
      const person = people[index % people.length] as Person;
      while (performance.now() < until) {
        const done = await act(addresses[index % addresses.length] ?? '', person);
        samples.push(...done);
        if (done.some(({ status }) => status === 503)) await pause(1000);
      }
    }));
    isOver = true;
    await watch;
    const served = samples.filter(({ status }) => status > 0 && status < 400).map(({ ms }) => ms);
    const shed = samples.filter(({ status }) => status === 503);
    const wrong = samples.filter((sample) => isError(sample) && sample.status !== 503);
    tell(`  ${String(crowd).padStart(4)} at once, nobody thinks: served ${served.length} (p50 ${quantile(served, 0.5).toFixed(0)}, p99 ${quantile(served, 0.99).toFixed(0)})   shed ${shed.length} with 503, ${shed.filter(({ retryAfter }) => retryAfter).length} of them with Retry-After (p99 ${quantile(shed.map(({ ms }) => ms), 0.99).toFixed(0)})   other errors ${wrong.length}${wrong.length === 0 ? '' : ` (${[...new Set(wrong.map(({ kind, status }) => `${kind} ${status}`))].join(', ')})`}   /health/live p99 ${quantile(health, 0.99).toFixed(0)}`);
    if (shed.length > 0) break;
  }
  await pause(3000);
  const after: Sample[] = [];
  for (let n = 0; n < 20; n++) after.push(...(await act(addresses[n % addresses.length] ?? '', people[n % people.length] as Person)));
  tell(`  three seconds later: ${after.filter((sample) => !isError(sample)).length} of ${after.length} requests served, p50 ${quantile(after.map(({ ms }) => ms), 0.5).toFixed(0)}`);
}
