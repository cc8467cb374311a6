/** A disk that fills up, really: imports are refused or stop themselves, and a database that met its end ends the process and comes back whole. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INVENTORY_COLUMNS } from '../support/inventory.ts';

const root = join(import.meta.dirname, '../..');
const ROWS = 6000;
const MEGABYTE = 1_000_000;
const WAIT_MS_MAX = 60_000;
const text = [INVENTORY_COLUMNS.join(','), ...Array.from({ length: ROWS }, (_, n) => `d-${n},registered,System ${n},Agency ${n % 9},Ranks things.,Screens applications and ranks them in case ${n}.,A score.,employment,in-use,en`)].join('\n');

/** A kept connection may be closed by the server just when the next request takes it. */
const ONCE = { connection: 'close' } as const;

const mounted: string[] = [];
const children: ChildProcess[] = [];

/** A disk of its own of so many megabytes, at `path`; undefined where this user may not mount one. */
function mountDisk(path: string, megabytes: number): string | undefined {
  mkdirSync(path, { recursive: true });
  if (process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'mizan-test', path]).status !== 0) return undefined;
  mounted.unshift(path);
  return path;
}

const disk = mountDisk(mkdtempSync(join(tmpdir(), 'mizan-full-')), 600);
if (disk === undefined) console.warn('SKIPPED: no small disk can be mounted here, so a disk that fills up was not shown.');

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const path of mounted) spawnSync('umount', ['-l', path]);
  if (disk !== undefined) rmSync(disk, { recursive: true, force: true });
});

/** Something else takes the disk, so that so many megabytes are left. */
function leave(path: string, megabytes: number): void {
  rmSync(join(path, 'ballast'), { force: true });
  const { bavail, bsize } = statfsSync(path);
  expect(spawnSync('fallocate', ['-l', String(bavail * bsize - megabytes * MEGABYTE), join(path, 'ballast')]).status).toBe(0);
}

interface Server {
  readonly url: string;
  /** By which the server knows commands on this machine. */
  readonly token: string;
  readonly child: ChildProcess;
  readonly logged: string[];
  readonly ended: Promise<number | null>;
}

async function start(dataDir: string): Promise<Server> {
  const child = spawn(process.execPath, ['--import', './scripts/load-tsx.mjs', 'src/app/cli.ts', 'start'], { cwd: root, env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const logged: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => logged.push(line));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const said = await Promise.race([new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)), ended]);
  const url = /http:\S+/.exec(String(said))?.[0];
  if (url === undefined) throw new Error(`it did not start: ${said} ${logged.join('\n')}`);
  const { token } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { token: string };
  return { url, token, child, logged, ended };
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(server: Server, method: string, path: string, body?: FormData, language = 'en'): Promise<Answer> {
  const isEmpty = method === 'POST' && body === undefined;
  const answer = await fetch(`${server.url}${path}`, { method, headers: { ...ONCE, authorization: `Bearer ${server.token}`, 'accept-language': language, ...(isEmpty ? { 'content-type': 'application/json' } : {}) }, ...(isEmpty ? { body: '{}' } : body === undefined ? {} : { body }), signal: AbortSignal.timeout(WAIT_MS_MAX) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function send(server: Server, mode: string, language = 'en'): Promise<Answer> {
  const form = new FormData();
  form.set('profile', 'mizan-csv');
  form.set('mode', mode);
  form.set('file', new Blob([text]), 'inventory.csv');
  return ask(server, 'POST', '/api/v1/imports', form, language);
}

/** The import when its job has ended. `during` sees the job each time. */
async function follow(server: Server, started: Answer, during: (note: string, done: number) => void = () => undefined): Promise<Record<string, unknown>> {
  expect(started).toMatchObject({ status: 202 });
  const until = Date.now() + WAIT_MS_MAX;
  for (;;) {
    const { body: job } = await ask(server, 'GET', `/api/v1/jobs/${String(started.body['job'])}`);
    if (['done', 'failed', 'cancelled'].includes(String(job['state']))) break;
    during(String(job['note']), Number(job['done']));
    if (Date.now() > until) throw new Error('the job does not end');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return (await ask(server, 'GET', `/api/v1/imports/${String(started.body['import'])}`)).body;
}

async function entries(server: Server): Promise<number> {
  return Number((await ask(server, 'GET', '/api/v1/systems?limit=1')).body['total']);
}

describe.skipIf(disk === undefined)('an import on a disk with too little room', () => {
  const dataDir = join(disk ?? '', 'data');
  let server: Server;
  beforeAll(async () => {
    server = await start(dataDir);
  });
  afterAll(() => {
    server.child.kill('SIGKILL');
    rmSync(join(disk ?? '', 'ballast'), { force: true });
  });

  it.each([
    ['en', '50 MB are free'],
    ['az', '50 MB boşdur'],
    ['ru', 'свободно 50 МБ'],
  ])('is refused before its upload is kept, in words (%s)', async (language, words) => {
    leave(disk ?? '', 50.5);
    expect(await send(server, 'preview', language)).toMatchObject({ status: 507, body: { code: 'disk-space-low', detail: expect.stringContaining(words) as string } });
    expect(existsSync(join(dataDir, 'intake')) ? readdirSync(join(dataDir, 'intake')) : []).toEqual([]);
    expect((await ask(server, 'GET', '/api/v1/imports')).body['items']).toEqual([]);
  });

  it('is checked, and refused before it is written; it stays checked and can be imported when there is room', async () => {
    leave(disk ?? '', 100.5);
    const started = await send(server, 'preview');
    expect(await follow(server, started)).toMatchObject({ state: 'checked' });
    const path = `/api/v1/imports/${String(started.body['import'])}`;
    expect(await ask(server, 'POST', `${path}/apply`)).toMatchObject({ status: 507, body: { code: 'disk-space-low' } });
    expect((await ask(server, 'GET', path)).body).toMatchObject({ state: 'checked' });
    expect(await follow(server, await send(server, 'all'))).toMatchObject({ state: 'refused', refusal: { code: 'disk-space-low', message: expect.stringContaining('are needed') as string } });
    expect(await entries(server)).toBe(0);
  });

  it('stops itself when the room goes while it writes; nothing of it stands, and it goes on later', async () => {
    leave(disk ?? '', 400);
    let isTaken = false;
    const started = await send(server, 'all');
    const stopped = await follow(server, started, (note, done) => {
      if (note !== '3/4' || done < 1000 || isTaken) return;
      isTaken = true;
      leave(disk ?? '', 45);
    });
    expect([isTaken, stopped['state'], stopped['refusal']]).toMatchObject([true, 'refused', { code: 'disk-space-low' }]);
    expect(await entries(server)).toBe(0);
    rmSync(join(disk ?? '', 'ballast'));
    expect(await follow(server, await ask(server, 'POST', `/api/v1/imports/${String(started.body['import'])}/resume`))).toMatchObject({ state: 'applied', result: { added: ROWS } });
    expect(await entries(server)).toBe(ROWS);
    expect(server.child.exitCode).toBe(null);
  });
});

describe.skipIf(disk === undefined)('a start on a full disk', () => {
  it.each([['full', 0], ['nearly full', 40]])('(%s) is refused in words and ends', async (_name, megabytes) => {
    leave(disk ?? '', megabytes);
    await expect(start(join(disk ?? '', 'late'))).rejects.toThrow(/it did not start: 3 .*MiB free; the embedded database needs 48 MiB to start.*\(disk-full\)/);
    rmSync(join(disk ?? '', 'ballast'));
  });
});

describe.skipIf(disk === undefined)('an embedded database whose log finds no room', () => {
  it('answers 503 everywhere, is told in one line, ends the process by its code, and comes back with everything that was saved', async () => {
    const dataDir = join(disk ?? '', 'broken');
    const first = await start(dataDir);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    // The log alone gets a disk that takes no further segment, so that no look at the data folder can see it coming.
    const log = join(dataDir, 'db', 'pg_wal');
    const segments = readdirSync(log).filter((name) => /^[0-9A-F]{24}$/.test(name)).length;
    cpSync(log, `${dataDir}-log`, { recursive: true });
    expect(mountDisk(log, segments * 16 + 64)).toBe(log);
    cpSync(`${dataDir}-log`, log, { recursive: true });
    rmSync(`${dataDir}-log`, { recursive: true });

    const server = await start(dataDir);
    // A start may need a segment of its own, wherever the log stood; what comes after it finds none.
    leave(log, 8);
    const started = await send(server, 'all');
    expect(started.status).toBe(202);
    const until = Date.now() + WAIT_MS_MAX;
    while (Date.now() < until && (await fetch(`${server.url}/health/live`, { headers: ONCE, signal: AbortSignal.timeout(WAIT_MS_MAX) })).status === 200) await new Promise((resolve) => setTimeout(resolve, 50));
    const paths = ['/api/v1/systems', '/api/v1/imports', '/api/v1/jobs', '/health/live'];
    for (const path of paths) expect([path, await ask(server, 'GET', path)]).toMatchObject([path, { status: 503, body: { code: 'database-broken' } }]);
    for (const [language, words] of [['en', 'Mizan starts again'], ['az', 'Mizan yenidən başladılır'], ['ru', 'Mizan перезапускается']] as const) {
      const page = await fetch(`${server.url}/registry`, { headers: { ...ONCE, accept: 'text/html', 'accept-language': language } });
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining(words)]);
    }
    expect(await ask(server, 'GET', '/health/ready')).toMatchObject({ status: 503, body: { state: 'failed', checks: expect.arrayContaining([expect.objectContaining({ name: 'database', state: 'failed' })]) as unknown } });
    expect(await server.ended).toBe(4);
    expect(server.logged.map((line) => JSON.parse(line) as object)).toMatchObject([{ level: 60, code: 'database-broken' }]);

    spawnSync('mount', ['-o', 'remount,size=400m', log]);
    const again = await start(dataDir);
    const ended = await follow(again, { status: 202, body: started.body });
    expect(ended).toMatchObject({ state: 'applied', result: { added: ROWS } });
    expect(await entries(again)).toBe(ROWS);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  }, 180_000);
});
