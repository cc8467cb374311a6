/** Three processes of Mizan on one PostgreSQL: they migrate together, law and pages are the same everywhere, and work of a killed one is finished by another. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvLine } from '../../src/features/intake/rules/csv.ts';
import { systemScope } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { type Database, openDatabase } from '../../src/platform/db/index.ts';
import { createServerDatabase } from '../support/engines.ts';

const root = join(import.meta.dirname, '../..');
const url = process.env['TEST_DATABASE_URL'];
const ROWS = 6000;
/** A silent process is given up after 30 seconds without a heartbeat, and looked for every 30. */
const TAKEN_OVER_MS = 150_000;

interface Node {
  readonly child: ChildProcess;
  readonly address: string;
  readonly token: string;
  ask<T>(path: string, body?: unknown): Promise<T>;
  page(path: string): Promise<string>;
}

const work = mkdtempSync(join(tmpdir(), 'mizan-nodes-'));
let databaseUrl = '';
let database: Database;
let nodes: readonly Node[] = [];

/** Nodes share files, uploads and secrets; each has its own word of where it listens. */
function dataFolder(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder, { mode: 0o700 });
  for (const shared of ['files', 'intake', 'secrets']) {
    mkdirSync(join(work, 'shared', shared), { recursive: true, mode: 0o700 });
    symlinkSync(join(work, 'shared', shared), join(folder, shared));
  }
  return folder;
}

async function start(name: string): Promise<Node> {
  const dataDir = dataFolder(name);
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), 'start'], { env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'error' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    const look = setInterval(() => {
      const found = /Mizan is ready: (\S+)/.exec(said)?.[1];
      if (found !== undefined || child.exitCode !== null) clearInterval(look);
      if (found !== undefined) resolve(found);
      else if (child.exitCode !== null) reject(new Error(`${name} ended with ${child.exitCode}: ${said}`));
    }, 100);
  });
  const { token } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { token: string };
  const authorization = `Bearer ${token}`;
  return {
    child,
    address,
    token,
    ask: async <T>(path: string, body?: unknown): Promise<T> => {
      const answer = await fetch(`${address}${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    page: async (path) => (await fetch(`${address}${path}`, { headers: { accept: 'text/html' } })).text(),
  };
}

async function upload(node: Node, rows: number, mark: string): Promise<{ readonly import: string; readonly job: string }> {
  const head = ['Use_Case_ID', 'Department_Code', 'Agency', 'Office', 'Title', 'Summary', 'Development_Stage', 'Techniques', 'Source_Code', 'Department'];
  const lines = Array.from({ length: rows }, (_, i) => [`${mark}-${i}`, 'D', 'Agency', '', `${mark} ${i}`, `What it does, ${i}`, 'In-use', 'Other', '', 'Department']);
  const form = new FormData();
  form.set('profile', 'us-federal-2023');
  form.set('mode', 'all');
  form.set('file', new Blob([[head, ...lines].map((cells) => csvLine(cells)).join('\r\n')]), `${mark}.csv`);
  const answer = await fetch(`${node.address}/api/v1/imports`, { method: 'POST', headers: { authorization: `Bearer ${node.token}` }, body: form });
  expect(answer.status, await answer.clone().text()).toBe(202);
  return (await answer.json()) as { import: string; job: string };
}

const running = async (node: Node): Promise<number> => Number(/^mizan_jobs_running (\d+)/m.exec(await (await fetch(`${node.address}/metrics`, { headers: { authorization: `Bearer ${node.token}` } })).text())?.[1] ?? '-1');
interface Kept {
  readonly pack: { readonly id: string; readonly digest: string };
  readonly inForce: boolean;
}
const kept = async (node: Node): Promise<readonly Kept[]> => (await node.ask<{ items: Kept[] }>('/api/v1/law/installed')).items;
/** Told from the memory of the process, not from the database. */
const isInForce = async (node: Node, id: string): Promise<boolean> => (await kept(node)).some((one) => one.pack.id === id && one.inForce);

if (url === undefined) console.warn('\nSKIPPED: several nodes need PostgreSQL ≥ 15, which is not here.\n');
describe.skipIf(url === undefined)('three nodes on one database', () => {
  beforeAll(async () => {
    execFileSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { stdio: ['ignore', 'inherit', 'inherit'] });
    databaseUrl = await createServerDatabase(url ?? '');
    // All at once: each finds an empty database.
    nodes = await Promise.all(['one', 'two', 'three'].map(start));
    database = await openDatabase({ dataDir: '', databaseUrl }, { standing: systemScope });
  }, 180_000);
  afterAll(async () => {
    await Promise.all(nodes.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    }));
    await database?.close();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  it('migrated an empty database together, each step once', async () => {
    const { rows } = await database.execute('select count(*)::int as steps, count(distinct id)::int as ids from platform_migrations');
    expect(Number(rows[0]?.['steps'])).toBeGreaterThan(10);
    expect(rows[0]?.['steps']).toBe(rows[0]?.['ids']);
    for (const node of nodes) expect((await fetch(`${node.address}/health/ready`)).status).toBe(200);
  });

  it('work with law that one of them put in force', async () => {
    const [first] = nodes;
    const next = (await kept(first!)).find(({ pack, inForce }) => pack.id === 'xy-talvoria' && !inForce);
    expect(next).toBeDefined();
    const day = systemClock.today();
    const run = await first!.ask<{ id: string }>('/api/v1/law/changes', { digest: next!.pack.digest, asOf: day, knownOn: day });
    await expect.poll(async () => (await first!.ask<{ finishedAt?: string }>(`/api/v1/law/changes/${run.id}`)).finishedAt, { timeout: 60_000, interval: 200 }).toBeDefined();
    expect(await Promise.all(nodes.map(async (node) => isInForce(node, 'xy-talvoria')))).toEqual([false, false, false]);
    await first!.ask(`/api/v1/law/changes/${run.id}/adopt`, { author: 'Counsel', reason: 'Three nodes, one law.' });
    const began = performance.now();
    await expect.poll(async () => Promise.all(nodes.map(async (node) => isInForce(node, 'xy-talvoria'))), { timeout: 4_000, interval: 20 }).toEqual([true, true, true]);
    console.log(`in force on all three ${Math.round(performance.now() - began)} ms after the act was answered`);
  }, 90_000);

  it('show a page changed through one of them on the others', async () => {
    const [one, two] = nodes;
    const before = await two!.page('/registry');
    expect(await two!.page('/registry')).toBe(before);
    await one!.ask('/api/v1/samples', { language: 'en' });
    const began = performance.now();
    await expect.poll(async () => (await two!.page('/registry')) !== before, { timeout: 4_000, interval: 20 }).toBe(true);
    console.log(`the changed page stood on the other node after ${Math.round(performance.now() - began)} ms`);
  });

  it('finish what a killed one began, once', async () => {
    const given = await upload(nodes[0]!, ROWS, 'killed');
    let runner = -1;
    await expect.poll(async () => (runner = (await Promise.all(nodes.map(running))).findIndex((count) => count > 0)), { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(0);
    nodes[runner]!.child.kill('SIGKILL');
    const left = nodes.filter((_, index) => index !== runner);
    expect(left).toHaveLength(2);
    await expect.poll(async () => (await left[0]!.ask<{ state: string }>(`/api/v1/jobs/${given.job}`)).state, { timeout: TAKEN_OVER_MS, interval: 500 }).toBe('done');
    const { attempts } = await left[1]!.ask<{ attempts: number }>(`/api/v1/jobs/${given.job}`);
    expect(attempts).toBe(2);
    const { rows } = await database.execute(`select count(*)::int as entries from registry_systems where source_profile = 'us-federal-2023'`);
    expect(rows[0]?.['entries']).toBe(ROWS);
  }, 240_000);
});
