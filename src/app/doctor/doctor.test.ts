/** The doctor: each usual fault is really made, and is found with its advice. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { createServerDatabase } from '../../../test/support/engines.ts';
import { rememberBackup } from '../../platform/backup/index.ts';
import { readConfig } from '../../platform/config/index.ts';
import { type Database, migrate, openInMemory } from '../../platform/db/index.ts';
import { allMigrations } from '../migrations.ts';
import { database, insideFindings, serverFindings } from './database.ts';
import { backup, dataFolder, diskFinding, fileSystem, fileSystemFinding, leftovers, lock, outbox, secrets } from './folder.ts';
import { examine, type Finding, type Look, LOOKS, settingsFindings, surroundings } from './index.ts';
import { build, fonts, fontsFinding, packs, securityContact, theme } from './installation.ts';
import { clock, memory, node, openFiles, openFilesIn } from './machine.ts';
import type { Surroundings } from './model.ts';
import { mail, outbound, port, proxies, publicAddress, scanner } from './network.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-doctor-'));
const closers: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true, force: true });
});

function around(environment: Readonly<Record<string, string>> = {}, more: Partial<Surroundings> = {}): Surroundings {
  const dataDir = environment['DATA_DIR'] ?? mkdtempSync(join(folder, 'data-'));
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', ...environment });
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  return { ...surroundings(config.value), environment, ...more };
}

/** What a look says, in one line each: state and advice. */
async function said(look: Look, where: Surroundings): Promise<string> {
  return (await examine(look, where)).map(({ state, found, fix }) => `${state} ${found} → ${fix ?? ''}`).join('\n');
}
const told = (findings: Finding | readonly Finding[]): string => [findings].flat().map(({ state, subject, found, fix }) => `${state} ${subject} ${found} → ${fix ?? ''}`).join('\n');

async function listening(answer?: string): Promise<number> {
  const listener: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (answer !== undefined) socket.write(answer);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closers.push(() => void listener.close());
  return (listener.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: free } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return free;
}

describe('a healthy installation', () => {
  it('has no failure', async () => {
    const where = around({}, { root: surroundings(around().config).root });
    const findings = (await Promise.all(LOOKS.map(async (look) => examine(look, where)))).flat();
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([]);
    expect(new Set(LOOKS.map(({ subject }) => subject)).size).toBe(LOOKS.length);
    expect(LOOKS.length).toBeGreaterThanOrEqual(20);
  });
});

describe('the machine', () => {
  it.each([
    ['an old Node', node, { nodeVersion: 'v20.11.0' }, /^fail v20.11.0 → .*Node 26/],
    ['too little memory', memory, { memoryBytes: 200 * 1024 ** 2 }, /^fail 0.2 GiB.*MemoryMax=/],
    ['little memory', memory, { memoryBytes: 1024 ** 3 }, /^warn 1.0 GiB/],
    ['a clock that is behind its files', clock, { now: Date.parse('2020-01-01') }, /^fail 2020.*NTP/],
  ] as const)('%s', async (_fault, look, more, expected) => {
    const where = around({}, more);
    writeFileSync(join(where.config.dataDir, 'mizan.lock'), '{}');
    expect(await said(look, where)).toMatch(expected);
  });

  it.each([['256', /^fail .*LimitNOFILE=65536/], ['2048', /^warn/], ['unlimited', /^ok/]] as const)('at most %s open files', (most, expected) => {
    expect(told(openFilesIn(`Limit  Soft  Hard  Units\nMax open files            ${most}                1048576              files\n`))).toMatch(new RegExp(expected.source.replace('^', '^').replace(/^\^(\w+)/, '^$1 open files')));
  });

  it.runIf(process.platform === 'linux')('a process that may open few files sees it', async () => {
    const child = spawn('sh', ['-c', 'ulimit -n 200; cat /proc/self/limits'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (piece: Buffer) => (text += piece.toString()));
    await once(child, 'close');
    expect(openFilesIn(text).state).toBe('fail');
    expect((await examine(openFiles, around()))[0]?.subject).toBe('open files');
  });
});

describe('the data folder', () => {
  it.skipIf(process.getuid?.() === 0)('that cannot be written', async () => {
    const where = around();
    chmodSync(where.config.dataDir, 0o500);
    expect(await said(dataFolder, where)).toMatch(/^fail .*cannot be written.*DATA_DIR/);
  });

  it('that is no folder cannot be written either', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    expect(await said(dataFolder, around({ DATA_DIR: join(folder, 'a-file/data') }))).toMatch(/^fail .*ENOTDIR.*DATA_DIR|^fail .*cannot be written/);
  });

  it('open to every user', async () => {
    const where = around();
    chmodSync(where.config.dataDir, 0o755);
    expect(await said(dataFolder, where)).toMatch(/^warn .*chmod 700/);
  });

  it.runIf(process.platform === 'linux')('in memory', async () => {
    expect(await said(fileSystem, around({ DATA_DIR: '/dev/shm/mizan-doctor-nowhere' }))).toMatch(/^fail tmpfs.*on a disk/);
  });

  it.each([
    [0x6969, true, /^fail file system NFS.*local disk/],
    [0x6969, false, /^warn file system NFS/],
    [0x794c7630, true, /^warn .*container.*volume/],
    [0xef53, true, /^ok/],
  ] as const)('on the file system %s', (type, embedded, expected) => {
    expect(told(fileSystemFinding(type, embedded))).toMatch(expected);
  });

  it.each([
    [1e6, { free: 1e6, all: 1e6 }, /^fail .*writes will fail/],
    [1e9, { free: 1e6, all: 1e6 }, /^warn .*more space/],
    [1e12, { free: 10, all: 1e6 }, /^fail .*entries/],
    [1e12, { free: 10_000, all: 1e6 }, /^warn .*df -i/],
    [1e12, { free: 0, all: 0 }, /^ok/],
  ] as const)('with %d bytes and entries %j', (free, inodes, expected) => {
    expect(told(diskFinding(free, inodes))).toMatch(expected);
  });

  it('with a lock that was left, one of another process, and one that is damaged', async () => {
    const where = around();
    const path = join(where.config.dataDir, 'mizan.lock');
    writeFileSync(path, JSON.stringify({ pid: 999_999_999, started: '1' }));
    expect(await said(lock, where)).toMatch(/^ok left by process/);
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: '1' }));
    expect(await said(lock, where)).toMatch(/^warn held by process .*stop it/);
    writeFileSync(path, 'x');
    expect(await said(lock, where)).toMatch(/^warn .*cannot be read/);
  });

  it.runIf(process.platform === 'linux')('whose embedded database two processes use at the same time', async () => {
    const where = around();
    mkdirSync(join(where.config.dataDir, 'db'));
    writeFileSync(join(where.config.dataDir, 'db/file'), '');
    const hold = (): void => {
      const child = spawn('sh', ['-c', 'echo ready; exec sleep 60 < "$0"', join(where.config.dataDir, 'db/file')], { stdio: ['ignore', 'pipe', 'ignore'] });
      closers.push(() => void child.kill('SIGKILL'));
    };
    hold();
    await expect.poll(async () => said(lock, where)).toMatch(/^fail process \d+ uses .*without the lock/);
    hold();
    await expect.poll(async () => said(lock, where)).toMatch(/^fail processes \d+ and \d+ .*Stop all but one/);
  });

  it('with a restore that broke off, and a copy that was left', async () => {
    const where = around();
    mkdirSync(join(where.config.dataDir, 'snapshot-1'));
    expect(await said(leftovers, where)).toMatch(/^warn .*snapshot-1.*rm -r/);
    writeFileSync(join(where.config.dataDir, 'restore.json'), '{"mark":"1"}');
    expect(await said(leftovers, where)).toMatch(/^fail .*restore FILE --replace/);
  });

  it('with secrets that others can read, and one that is named and not there', async () => {
    const where = around();
    mkdirSync(join(where.config.dataDir, 'secrets'), { mode: 0o700 });
    writeFileSync(join(where.config.dataDir, 'secrets/session'), 'x', { mode: 0o600 });
    expect(await said(secrets, where)).toMatch(/^ok/);
    chmodSync(join(where.config.dataDir, 'secrets/session'), 0o644);
    expect(await said(secrets, where)).toMatch(/^fail others .*session.*chmod -R go=/);
  });

  it.each([[1, /^ok/], [3, /^warn .*3 days.*every night/], [40, /^fail .*40 days/]] as const)('with a backup of %d days', async (days, expected) => {
    const where = around();
    rememberBackup(where.config.dataDir, { madeAt: new Date(where.now - days * 24 * 3600 * 1000).toISOString(), rows: 1, files: 0 });
    expect(await said(backup, where)).toMatch(expected);
  });

  it('that was never backed up', async () => {
    const where = around();
    mkdirSync(join(where.config.dataDir, 'db'));
    expect(await said(backup, where)).toMatch(/^warn none was ever made.*mizan backup FILE/);
  });

  it('with mail that does not leave', async () => {
    const where = around({ SMTP_URL: 'smtp://localhost:1', MAIL_FROM: 'register@example.org' });
    mkdirSync(join(where.config.dataDir, 'outbox'));
    const path = join(where.config.dataDir, 'outbox/one.eml');
    writeFileSync(path, 'x');
    expect(await said(outbox, where)).toMatch(/^ok/);
    utimesSync(path, 1, 1);
    expect(await said(outbox, where)).toMatch(/^warn 1 messages.*log/);
  });
});

describe('the network', () => {
  it('a port that is taken, and an address that is not here', async () => {
    expect(await said(port, around({ PORT: String(await listening()) }))).toMatch(/^fail .*EADDRINUSE.*another PORT/);
    expect(await said(port, around({ HOST: '192.0.2.1', PUBLIC_URL: 'https://register.example' }))).toMatch(/^fail .*HOST is no address of this machine/);
  });

  it.each([
    [{ HOST: '0.0.0.0', ALLOW_HTTP: 'yes' }, /^warn .*PUBLIC_URL/],
    [{ PUBLIC_URL: 'http://register.example' }, /^fail .*in the clear/],
    [{ PUBLIC_URL: 'https://register.example', HOST: '0.0.0.0' }, /^warn .*past the proxy/],
    [{ PUBLIC_URL: 'https://register.example' }, /^ok/],
  ] as const)('the address with %j', async (environment, expected) => {
    expect(await said(publicAddress, around(environment))).toMatch(expected);
  });

  it.each([
    [{ PUBLIC_URL: 'https://register.example' }, /^warn .*TRUSTED_PROXIES=127.0.0.1/],
    [{ PUBLIC_URL: 'https://register.example', TRUSTED_PROXIES: '0.0.0.0/0' }, /^warn .*almost anybody/],
    [{ PUBLIC_URL: 'https://register.example', TRUSTED_PROXIES: '127.0.0.1' }, /^ok/],
  ] as const)('proxies with %j', async (environment, expected) => {
    expect(await said(proxies, around(environment))).toMatch(expected);
  });

  it('a mail server that is not there, or takes nothing', async () => {
    expect(await said(mail, around({ SMTP_URL: `smtp://127.0.0.1:${await closedPort()}`, MAIL_FROM: 'register@example.org' }))).toMatch(/^fail 127.0.0.1:\d+: .*firewall/);
    expect(await said(mail, around({ SMTP_URL: `smtp://127.0.0.1:${await listening('554 go away\r\n')}`, MAIL_FROM: 'register@example.org' }))).toMatch(/^fail .*SMTP_URL/);
    expect(await said(mail, around())).toMatch(/^ok .*outbox/);
  });

  it('places to call that have no address', async () => {
    expect(await said(outbound, around({ OUTBOUND_ALLOW: 'login.invalid:443' }))).toMatch(/^fail no address is known for login.invalid:443/);
    expect(await said(outbound, around({ OUTBOUND_ALLOW: 'http://127.0.0.1:80' }))).toMatch(/^ok/);
  });

  it('a virus scanner that is not there', async () => {
    expect(await said(scanner, around({ CLAMD: `127.0.0.1:${await closedPort()}` }))).toMatch(/^fail .*Start clamd/);
    expect(await said(scanner, around({ CLAMD: `127.0.0.1:${await listening('PONG\0')}` }))).toMatch(/^ok/);
  });
});

describe('the installation', () => {
  const root = surroundings(around().config).root;
  it('that is not built, or older than its sources, or has other packages', async () => {
    const copy = mkdtempSync(join(folder, 'root-'));
    expect(await said(build, around({}, { root: copy }))).toMatch(/^warn .*not built.*npm run build/);
    mkdirSync(join(copy, 'dist'));
    mkdirSync(join(copy, 'src'));
    writeFileSync(join(copy, 'dist/.built'), '');
    writeFileSync(join(copy, 'src/new.ts'), '');
    utimesSync(join(copy, 'dist/.built'), 1000, 1000);
    expect(await said(build, around({}, { root: copy }))).toMatch(/^warn .*new.ts is newer/);
    mkdirSync(join(copy, 'node_modules'));
    writeFileSync(join(copy, 'node_modules/.mizan-lock'), 'x');
    writeFileSync(join(copy, 'package-lock.json'), '{}');
    expect(await said(build, around({}, { root: copy }))).toMatch(/^warn .*packages.*npm ci/);
  });

  it('with a broken law pack, and with none', async () => {
    const copy = mkdtempSync(join(folder, 'root-'));
    expect(await said(packs, around({}, { root: copy }))).toMatch(/^fail no pack/);
    cpSync(join(root, 'packs/law/bright-line'), join(copy, 'packs/law/bright-line'), { recursive: true });
    writeFileSync(join(copy, 'packs/law/bright-line/pack.yaml'), 'id: bright-line\nversion: none\n');
    expect(await said(packs, around({}, { root: copy }))).toMatch(/^fail with errors: bright-line.*mizan pack check/);
  });

  it('with a theme that is not there, and without fonts', async () => {
    expect(await said(theme, around({ THEME: 'nowhere' }))).toMatch(/^fail .*THEME=neutral/);
    expect(told(fontsFinding([join(folder, 'no.ttf')]))).toMatch(/^fail fonts missing: .*npm ci/);
    expect(await said(fonts, around())).toMatch(/^ok/);
  });
});

it('nobody to whom a weakness can be reported', async () => {
  expect(await said(securityContact, around({ THEME: 'neutral' }))).toMatch(/^warn nobody .*SECURITY_CONTACT/);
  expect(await said(securityContact, around({ THEME: 'neutral', SECURITY_CONTACT: 'mailto:security@register.example' }))).toMatch(/^ok mailto:security@register.example/);
});

describe('the database', () => {
  const FACTS = { version: 170_005, encoding: 'UTF8', user: 'mizan', mayCreateTables: true, hasTrigrams: true, rolesMissing: [], mayCreateRoles: true, connectionsMax: 100, connectionsUsed: 3, foreignTables: [], writesSafely: true, now: new Date(), others: ['mizan/1.0.0'] };
  it.each([
    [{ version: 140_009 }, /fail database PostgreSQL 14.9 → Upgrade/],
    [{ encoding: 'SQL_ASCII' }, /fail encoding SQL_ASCII → .*createdb --encoding=UTF8/],
    [{ hasTrigrams: false }, /fail search .*postgresql-contrib/],
    [{ rolesMissing: ['mizan_own'], mayCreateRoles: false }, /fail SQL roles missing: mizan_own → .*create role mizan_own nologin; grant mizan_own to "mizan";/],
    [{ writesSafely: false }, /warn durability .*fsync/],
    [{ connectionsUsed: 95 }, /warn connections 95 of 100.*max_connections/],
    [{ others: ['mizan/0.9.0'] }, /warn versions .*mizan\/0.9.0.*same version/],
  ] as const)('with %j', (facts, expected) => {
    expect(told(serverFindings({ ...FACTS, ...facts }, '1.0.0'))).toMatch(expected);
  });

  it('embedded: newer, changed and missing migrations, and a queue that stands still', async () => {
    const opened: Database = await openInMemory();
    closers.push(async () => opened.close());
    const root = { root: '/installation' };
    expect(told(await insideFindings(opened, root))).toMatch(/^warn migrations .*no tables yet.*--plan/);
    await migrate(opened, allMigrations());
    expect(told(await insideFindings(opened, root))).toMatch(/^ok migrations.*\nok jobs/);
    await opened.execute(`insert into platform_jobs (id, name, state, input, created_at) values (gen_random_uuid(), 'a.b', 'waiting', '{}', now() - interval '2 hours')`);
    expect(told(await insideFindings(opened, root))).toMatch(/warn jobs 1 jobs wait, 0 run; the oldest waits 120 minutes → No process/);
    const { rows } = await opened.execute(`select id, sha256 from platform_migrations order by id desc limit 1`);
    await opened.execute('update platform_migrations set sha256 = $1 where id = $2', ['other', rows[0]?.['id']]);
    expect(told(await insideFindings(opened, root))).toMatch(/fail migrations applied with other content/);
    await opened.execute(`insert into platform_migrations values ('platform/9999-future', 'x')`);
    expect(told(await insideFindings(opened, root))).toMatch(/fail migrations the database is newer.*9999-future/);
  });

  it('on nobody’s port', async () => {
    expect(await said(database, around({ DATABASE_URL: `postgres://mizan@127.0.0.1:${await closedPort()}/mizan` }))).toMatch(/^fail .*start PostgreSQL/);
    expect(await said(database, around({ DATABASE_URL: 'postgres://mizan@database.invalid/mizan' }))).toMatch(/^fail .*host name/);
  });

  const url = process.env['TEST_DATABASE_URL'];
  describe.skipIf(url === undefined)('PostgreSQL', () => {
    const make = async (): Promise<URL> => new URL(await createServerDatabase(url ?? ''));
    const run = async (at: string, ...statements: readonly string[]): Promise<void> => {
      const client = new pg.Client({ connectionString: at });
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    };

    it('that is healthy, not there, unknown to the user, in another encoding, and without rights', async () => {
      const fresh = await make();
      await run(fresh.toString(), 'select 1');
      expect(await said(database, around({ DATABASE_URL: fresh.toString() }))).toMatch(/^ok PostgreSQL/);
      const absent = new URL(fresh);
      absent.pathname = '/mizan_nowhere';
      expect(await said(database, around({ DATABASE_URL: absent.toString() }))).toMatch(/^fail .*createdb/);
      const stranger = new URL(fresh);
      stranger.username = 'mizan_stranger';
      expect(await said(database, around({ DATABASE_URL: stranger.toString() }))).toMatch(/^fail .*(pg_hba|password|unknown)/);
      const name = `mizan_ascii_${process.pid}`;
      await run(url ?? '', `create database ${name} encoding 'SQL_ASCII' locale 'C' template template0`);
      const ascii = new URL(fresh);
      ascii.pathname = `/${name}`;
      expect(await said(database, around({ DATABASE_URL: ascii.toString() }))).toMatch(/fail SQL_ASCII/);
      const weak = `mizan_weak_${process.pid}`;
      await run(fresh.toString(), `create role ${weak} login`, 'create table if not exists platform_migrations (id text primary key, sha256 text, applied_at timestamptz)');
      const limited = new URL(fresh);
      limited.username = weak;
      const weakSaid = await said(database, around({ DATABASE_URL: limited.toString() }));
      expect(weakSaid).toMatch(new RegExp(`fail ${weak} may not make tables → .*grant create on schema public`));
      expect(weakSaid).toMatch(/fail tables belong to another user: platform_migrations/);
    });

    it('whose clock is far from ours', async () => {
      expect(await said(clock, around({ DATABASE_URL: (await make()).toString() }, { now: Date.now() + 3600_000 }))).toMatch(/^fail 3[56]\d\d s away.*NTP/);
    });
  });
});

it('wrong settings are found, each with what to set', () => {
  expect(told(settingsFindings({ PORT: 'x', OUTBOUND_ALLOW: '*.example', SMTP_URL_FILE: '/nowhere/smtp', LOG_FILES_KEPT: '-1' }).findings)).toMatch(/fail settings SMTP_URL_FILE is wrong[^]*fail settings PORT is wrong → .*PORT=8080[^]*OUTBOUND_ALLOW[^]*LOG_FILES_KEPT/);
  expect(settingsFindings({}).findings).toMatchObject([{ state: 'ok' }]);
});

it('a look that breaks is a finding', async () => {
  const look: Look = { subject: 'x', examine: () => { throw new Error('broke'); } };
  expect(told(await examine(look, around()))).toMatch(/^fail x broke/);
  symlinkSync('/nowhere', join(folder, 'link'));
  expect((await examine(dataFolder, around({ DATA_DIR: join(folder, 'link/data') })))[0]?.state).toBe('fail');
});
