/** Backup and restore as operators do it: real processes, a server that works meanwhile, kills in the middle, disks that are full, both engines. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { allMigrations } from '../../src/app/migrations.ts';
import { compareRows, connectSession, sessionOf, settleRestore, verifyBackup } from '../../src/platform/backup/index.ts';
import { openDatabase } from '../../src/platform/db/index.ts';
import { createServerDatabase } from '../support/engines.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'mizan-backup-journey-'));
const children: ChildProcess[] = [];
const mounted: string[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const path of mounted) spawnSync('umount', ['-l', path]);
  rmSync(folder, { recursive: true, force: true });
});

const ARGUMENTS = ['--import', './scripts/load-tsx.mjs', 'src/app/cli.ts'];
type Environment = Readonly<Record<string, string>>;
const environmentOf = (more: Environment): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], HOME: folder, LANG: 'en_GB.UTF-8', LOG_LEVEL: 'error', PORT: '0', ...more });

function run(more: Environment, ...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const done = spawnSync(process.execPath, [...ARGUMENTS, ...args], { cwd: root, env: environmentOf(more), encoding: 'utf8' });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

async function start(more: Environment): Promise<{ readonly child: ChildProcess; readonly ended: Promise<unknown> }> {
  const child = spawn(process.execPath, [...ARGUMENTS, 'start'], { cwd: root, env: environmentOf(more), stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const ended = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)), ended]);
  return { child, ended };
}

const engines = process.env['TEST_DATABASE_URL'] === undefined ? (['embedded'] as const) : (['embedded', 'server'] as const);
async function place(engine: 'embedded' | 'server'): Promise<Environment> {
  const dataDir = mkdtempSync(join(folder, 'data-'));
  return { DATA_DIR: dataDir, ...(engine === 'server' ? { DATABASE_URL: await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? '') } : {}) };
}

describe.each(engines)('restore of a backup of %s', (engine) => {
  const file = join(folder, `${engine}.backup`);
  const passphrase = join(folder, `${engine}.passphrase`);

  it('is made from a running server, with its secrets, and verifies in depth', async () => {
    const at = await place(engine);
    writeFileSync(passphrase, 'correct horse battery staple\n');
    const server = await start(at);
    expect(run(at, 'sample', 'load').status).toBe(0);
    mkdirSync(join(at['DATA_DIR'] ?? '', 'files/ab'), { recursive: true });
    writeFileSync(join(at['DATA_DIR'] ?? '', 'files/ab/cd'), 'an attachment');
    const made = run(at, 'backup', file, '--with-secrets', '--passphrase-file', passphrase, '--json');
    expect([made.status, made.err]).toEqual([0, '']);
    expect(JSON.parse(made.out)).toMatchObject({ encrypted: true, origin: { engine }, summary: { secrets: true } });
    expect(run(at, 'backup', file).status).toBe(2);
    expect(run(at, 'restore', file, '--passphrase-file', passphrase).err).toContain('A server runs for this data folder');
    server.child.kill('SIGTERM');
    await server.ended;
    expect(readdirSync(at['DATA_DIR'] ?? '').filter((name) => name.startsWith('snapshot-'))).toEqual([]);
    const deep = run({ DATA_DIR: join(folder, 'none') }, 'verify-backup', file, '--deep', '--passphrase-file', passphrase);
    expect([deep.status, deep.err]).toEqual([0, '']);
    console.log(`${engine}: ${deep.out.trim()}`);
    expect(run({}, 'verify-backup', file).err).toContain('(encrypted');
  });

  it.each(engines)('into %s equals the original row by row', async (target) => {
    const to = await place(target);
    const restored = run(to, 'restore', file, '--passphrase-file', passphrase);
    expect([restored.status, restored.err]).toEqual([0, '']);
    const config = { dataDir: to['DATA_DIR'] ?? '', databaseUrl: to['DATABASE_URL'] };
    const database = await openDatabase(config);
    const session = config.databaseUrl === undefined ? await sessionOf(database) : await connectSession(config.databaseUrl);
    const compared = await compareRows(session, file, readFileSync(passphrase, 'utf8').trim());
    await session.close();
    await database.close();
    expect(compared).toBeGreaterThan(1000);
    expect(readFileSync(join(config.dataDir, 'files/ab/cd'), 'utf8')).toBe('an attachment');
    console.log(`${engine} into ${target}: ${restored.out.trim()}; ${compared} rows compared`);
    const server = await start(to);
    expect(run(to, 'export', 'csv').out.split('\n').length).toBeGreaterThan(30);
    server.child.kill('SIGTERM');
    await server.ended;
  });

  it('killed at any moment is never taken for a whole one, and can be done again', async () => {
    const to = await place(engine);
    const config = { dataDir: to['DATA_DIR'] ?? '', databaseUrl: to['DATABASE_URL'] };
    const states: string[] = [];
    for (const afterMs of [300, 1200, 2200, 3200, 4200]) {
      const child = spawn(process.execPath, [...ARGUMENTS, 'restore', file, '--replace', '--passphrase-file', passphrase], { cwd: root, env: environmentOf(to), stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
      const code = await ended;
      clearTimeout(timer);
      if (code !== null) {
        states.push('finished');
        break;
      }
      // Either a start is refused, or there is nothing at all, or all of it.
      const state = await settleRestore(config).then(() => (config.databaseUrl === undefined && existsSync(join(config.dataDir, 'db')) ? 'whole' : 'nothing'), (error: { code?: string }) => String(error.code));
      expect(['restore-unfinished', 'nothing', 'whole']).toContain(state);
      states.push(state);
      if (state === 'whole') break;
    }
    console.log(`${engine}: restores killed, then: ${states.join(', ')}`);
    if (states.at(-1) !== 'finished' && states.at(-1) !== 'whole') expect(run(to, 'restore', file, '--replace', '--passphrase-file', passphrase)).toMatchObject({ status: 0 });
    await settleRestore(config);
    const database = await openDatabase(config);
    const session = config.databaseUrl === undefined ? await sessionOf(database) : await connectSession(config.databaseUrl);
    expect(await compareRows(session, file, readFileSync(passphrase, 'utf8').trim())).toBeGreaterThan(1000);
    await session.close();
    await database.close();
  });
});

describe('a backup onto a disk that is full', () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const isMounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'mizan-test', disk]).status === 0;
  if (isMounted) mounted.push(disk);
  else console.warn('SKIPPED: no small disk can be mounted here, so a backup onto a full one was not shown.');

  it.skipIf(!isMounted)('says so and leaves nothing', async () => {
    const at = await place('embedded');
    expect(run(at, 'sample', 'load').status).toBe(0);
    const full = run(at, 'backup', join(disk, 'one.backup'));
    expect(full.status).toBe(3);
    expect(full.err).toContain('(disk-full)');
    expect(readdirSync(disk)).toEqual([]);
    const good = join(folder, 'good.backup');
    expect(run(at, 'backup', good).status).toBe(0);
    const verified = await verifyBackup(good, undefined, { migrations: allMigrations() });
    expect(verified.ok).toBe(true);
  });
});

describe('migrate', () => {
  it('tells what is missing, does it, and then nothing is', async () => {
    const at = await place('embedded');
    const before = run(at, 'migrate', '--plan');
    expect(before.status).toBe(1);
    expect(before.out).toContain('0 migrations are applied');
    expect(existsSync(join(at['DATA_DIR'] ?? '', 'db'))).toBe(false);
    expect(run(at, 'migrate').out).toContain('Applied: platform/0001-jobs');
    expect(run(at, 'migrate', '--plan')).toMatchObject({ status: 0 });
    expect(run(at, 'migrate').out).toBe('Nothing was missing.\n');
  });
});
