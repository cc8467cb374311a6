/** Backups on both engines and across them: equal row by row, consistent under writing, refused when one byte is wrong. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createServerDatabase } from '../../../test/support/engines.ts';
import { systemScope } from '../auth/index.ts';
import { type Database, migrate, type Migration, migrationsOf, openDatabase } from '../db/index.ts';
import { backupOfOwned, backupOfRunning, backupOfServer, compareRows, connectSession, lastBackup, rememberBackup, restore, sessionOf, settleRestore, stateOfRestore, verifyBackup, withSecrets, writeBackup } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-backup-'));
const opened: Database[] = [];
afterAll(async () => {
  await Promise.all(opened.map(async (database) => database.close()));
  rmSync(folder, { recursive: true, force: true });
});

const THINGS: Migration = {
  id: 'test/0001-things',
  sql: `create table test_things (
      id uuid primary key, number bigint generated always as identity unique, parent uuid references test_things (id), name text not null, day date, at timestamptz,
      amount numeric, share double precision, flags boolean[], tags text[], record jsonb, bytes bytea, words tsvector, length integer generated always as (length(name)) stored);
    create index test_things_name on test_things (name);
    create table test_words (word text);
    create table test_left (id integer primary key, amount integer not null);
    create table test_right (id integer primary key, amount integer not null);
    create table test_acts (id bigint generated always as identity primary key, what text not null);
    create unlogged table test_staged (id integer primary key);
    create function test_note() returns trigger language plpgsql as $note$ begin insert into test_acts (what) values (new.name); return new; end $note$;
    create trigger test_things_note after insert on test_things for each row execute function test_note();
    insert into test_left select n, 100 from generate_series(1, 50) n; insert into test_right select n, 100 from generate_series(1, 50) n;`,
};
const LATER: Migration = { id: 'test/0002-later', sql: `alter table test_words add column length integer; update test_words set length = length(word);` };
const MIGRATIONS = [...migrationsOf('platform'), THINGS];
const MAKING = { software: '1.2.3', madeAt: '2026-11-23T09:00:00.000Z' };
const engines = process.env['TEST_DATABASE_URL'] === undefined ? (['embedded'] as const) : (['embedded', 'server'] as const);
type Engine = 'embedded' | 'server';

interface Place {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}

async function place(engine: Engine): Promise<Place> {
  return { dataDir: mkdtempSync(join(folder, 'data-')), databaseUrl: engine === 'server' ? await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? '') : undefined };
}

async function open(at: Place): Promise<Database> {
  const database = await openDatabase(at, { standing: systemScope });
  opened.push(database);
  return database;
}

async function close(database: Database): Promise<void> {
  opened.splice(opened.indexOf(database), 1);
  await database.close();
}

/** Values that are easily lost: quotes, line ends, letters beyond ASCII, empty text beside null, the ends of number ranges, microseconds. */
async function fill(database: Database, at: Place): Promise<void> {
  await database.execute(`insert into test_things (id, name, day, at, amount, share, flags, tags, record, bytes, words)
    select gen_random_uuid(), E'ə ğ "\\\\" \\n\\t ' || n, date '0044-03-15 BC' + n * 1000, timestamptz '2026-02-03 04:05:06.123456+04' + n * interval '1 hour', 12345678901234567890.000000001 + n, 0.1 + n / 3.0,
      array[true, null, n % 2 = 0], array['a,b', '', null, '{"}'], jsonb_build_object('big', 123456789012345678901234567890.10, 'n', n, 'text', repeat('x', n % 900)), decode(md5(n::text), 'hex'), to_tsvector('simple', 'word' || n || ' другое')
    from generate_series(1, 3000) n`);
  await database.execute(`update test_things set parent = (select id from test_things order by id desc limit 1)`);
  await database.execute(`insert into test_things (id, name, day, at, share) values (gen_random_uuid(), '', 'infinity', '-infinity', 'NaN')`);
  await database.execute(`insert into test_words select case when n % 7 = 0 then null else 'söz' || n % 40 end from generate_series(1, 500) n`);
  await database.execute('insert into test_staged values (1)');
  for (const [path, content] of [['files/ab/cdef', 'attachment'], ['intake/00/1122', Buffer.alloc(3_000_000, 7)], ['files/incoming/half', 'under way'], ['secrets/key', 'not for everybody'], ['logs/a.log', 'line']] as const) {
    mkdirSync(join(at.dataDir, path, '..'), { recursive: true });
    writeFileSync(join(at.dataDir, path), content);
  }
}

async function back(at: Place, database: Database, file: string, secrets = false, passphrase?: string): Promise<Awaited<ReturnType<typeof writeBackup>>> {
  const frames = at.databaseUrl === undefined ? backupOfOwned({ ...at, ...MAKING }, database) : backupOfServer({ ...at, ...MAKING, databaseUrl: at.databaseUrl });
  return writeBackup(secrets ? withSecrets(frames, at.dataDir) : frames, file, passphrase);
}

const order = (at: Place, file: string, more: { readonly migrations?: readonly Migration[]; readonly replace?: boolean; readonly passphrase?: string } = {}): Parameters<typeof restore>[0] => ({ file, passphrase: more.passphrase, ...at, migrations: more.migrations ?? MIGRATIONS, replace: more.replace ?? false });

describe.each(engines)('a backup of %s', (engine) => {
  const file = join(folder, `${engine}.backup`);
  let from: Place;

  it('holds every row, file and sequence, and verifies in depth', async () => {
    from = await place(engine);
    const database = await open(from);
    await migrate(database, MIGRATIONS);
    await fill(database, from);
    const written = await back(from, database, file);
    expect(written.summary).toMatchObject({ files: 2, fileBytes: 3_000_010, secrets: false });
    expect(written.origin.leftOut).toEqual([{ table: 'pgboss.*', why: 'queue' }, { table: 'test_staged', why: 'unlogged' }]);
    expect(written.summary.tables.find(({ name }) => name === 'test_things')?.rows).toBe(3001);
    const deep = await verifyBackup(file, undefined, { migrations: MIGRATIONS });
    expect(deep.ok && deep.value.compared).toBe(written.summary.tables.reduce((sum, table) => sum + table.rows, 0));
    expect(statSync(file).mode & 0o077).toBe(0);
    await close(database);
  });

  it.each(engines)('restores into %s equal row by row, where later work goes on', async (target) => {
    const to = await place(target);
    const restored = await restore(order(to, file, { migrations: [...MIGRATIONS, LATER] }));
    expect(restored.ok && restored.value.applied).toEqual([LATER.id]);
    expect(await stateOfRestore(to)).toBe('none');
    const database = await open(to);
    const session = to.databaseUrl === undefined ? await sessionOf(database) : await connectSession(to.databaseUrl);
    await session.script(`alter table test_words drop column length; delete from platform_migrations where id = '${LATER.id}'`);
    const compared = await compareRows(session, file, undefined);
    expect(compared).toBeGreaterThan(6000);
    expect(readFileSync(join(to.dataDir, 'files/ab/cdef'), 'utf8')).toBe('attachment');
    expect(createHash('sha256').update(readFileSync(join(to.dataDir, 'intake/00/1122'))).digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(3_000_000, 7)).digest('hex'));
    // Keys, triggers, indexes and identities are back at work.
    await expect(database.execute(`insert into test_things (id, parent, name) values (gen_random_uuid(), gen_random_uuid(), 'nobody')`)).rejects.toThrow('test_things_parent_fkey');
    await database.execute(`insert into test_things (id, name) values (gen_random_uuid(), 'next')`);
    const [next] = (await database.execute(`select t.number > 3001 as later, (select what from test_acts order by id desc limit 1) as noted, to_regclass('test_things_name') is not null as indexed from test_things t where name = 'next'`)).rows;
    expect(next).toEqual({ later: true, noted: 'next', indexed: true });
    await session.close();
    await close(database);
    // A second restore into the same place is refused.
    const again = await restore(order(to, file, { migrations: [...MIGRATIONS, LATER] }));
    expect(again).toMatchObject({ ok: false, refusal: { code: 'not-empty', place: 'folder' } });
  });

  it('made while a writer moves amounts between two tables shows one moment', async () => {
    const database = await open(from);
    let moves = 0;
    const over = new AbortController();
    const writer = (async () => {
      while (!over.signal.aborted) {
        await database.execute(`with taken as (update test_left set amount = amount - 1 where id = 1 + ${moves} % 50 returning id) update test_right r set amount = amount + 1 from taken where r.id = taken.id`);
        moves++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const path = join(folder, `${engine}-online.backup`);
    const frames = backupOfRunning({ ...from, ...MAKING }, database);
    const written = await writeBackup(frames, path, undefined);
    const during = moves;
    over.abort();
    await writer;
    expect(during).toBeGreaterThan(5);
    const to = await place('embedded');
    expect((await restore(order(to, path))).ok).toBe(true);
    const restored = await open(to);
    const [sums] = (await restored.execute(`select sum(l.amount + r.amount)::int as both, count(distinct l.amount + r.amount)::int as kinds, (select sum(amount) from test_left)::int as "left" from test_left l join test_right r using (id)`)).rows;
    expect(sums).toMatchObject({ both: 10_000, kinds: 1 });
    console.log(`backup of ${engine} under writing: ${during} transactions meanwhile, ${written.summary.tables.length} tables, ${written.summary.tables.reduce((sum, table) => sum + table.rows, 0)} rows, ${written.bytes} bytes; every pair adds up`);
    await close(restored);
    await close(database);
  });
});

describe('a backup file', () => {
  const at = { path: join(folder, 'small.backup'), sealed: join(folder, 'sealed.backup') };
  const PASSPHRASE = 'a long enough passphrase';

  it('is made', async () => {
    const from = await place('embedded');
    const database = await open(from);
    await migrate(database, MIGRATIONS);
    mkdirSync(join(from.dataDir, 'secrets'));
    writeFileSync(join(from.dataDir, 'secrets/key'), 'not for everybody');
    await back(from, database, at.path);
    const sealed = await back(from, database, at.sealed, true, PASSPHRASE);
    expect(sealed.summary.secrets).toBe(true);
    expect(readFileSync(at.sealed).includes('not for everybody')).toBe(false);
    await close(database);
  });

  it.each([['plain', undefined], ['sealed', PASSPHRASE]] as const)('%s: every flipped byte and every cut is noticed', async (kind, passphrase) => {
    const whole = readFileSync(kind === 'plain' ? at.path : at.sealed);
    const copy = join(folder, `flipped-${kind}`);
    const places = kind === 'plain' ? whole.length : 30;
    let tried = 0;
    const step = Math.max(1, Math.floor(places / 400));
    for (let n = 0; n < places; n += step) {
      const offset = kind === 'plain' ? n : Math.floor((n * whole.length) / places);
      const changed = Buffer.from(whole);
      changed[offset] = changed[offset]! ^ (1 << (n % 8));
      writeFileSync(copy, changed);
      expect((await verifyBackup(copy, passphrase)).ok, `byte ${offset}`).toBe(false);
      tried++;
    }
    for (const length of [0, 1, 14, 15, 16, 60, Math.floor(whole.length / 2), whole.length - 33, whole.length - 1]) {
      writeFileSync(copy, whole);
      truncateSync(copy, length);
      expect((await verifyBackup(copy, passphrase)).ok, `length ${length}`).toBe(false);
      tried++;
    }
    writeFileSync(copy, Buffer.concat([whole, Buffer.from('x')]));
    expect((await verifyBackup(copy, passphrase)).ok).toBe(false);
    console.log(`${kind} backup of ${whole.length} bytes: ${tried + 1} damaged copies, all refused`);
    expect((await verifyBackup(kind === 'plain' ? at.path : at.sealed, passphrase)).ok).toBe(true);
  }, 300_000);

  it.each([
    ['sealed', undefined, 'encrypted'],
    ['sealed', 'another long passphrase', 'wrong-passphrase'],
    ['path', PASSPHRASE, 'not-encrypted'],
  ] as const)('%s with passphrase %s is %s', async (kind, passphrase, refusal) => {
    const verified = await verifyBackup(at[kind], passphrase);
    expect(verified.ok ? undefined : verified.refusal.refusal).toBe(refusal);
  });

  it('with secrets brings them back, for their owner alone', async () => {
    const to = await place('embedded');
    expect((await restore(order(to, at.sealed, { passphrase: PASSPHRASE }))).ok).toBe(true);
    expect(readFileSync(join(to.dataDir, 'secrets/key'), 'utf8')).toBe('not for everybody');
    expect(statSync(join(to.dataDir, 'secrets/key')).mode & 0o077).toBe(0);
    expect(statSync(join(to.dataDir, 'secrets')).mode & 0o077).toBe(0);
    // With --replace what was there lies aside.
    const again = await restore(order(to, at.path, { replace: true }));
    expect(again.ok && readFileSync(join(again.value.movedTo ?? '', 'db/PG_VERSION'), 'utf8').trim()).toMatch(/^\d+$/);
  });

  it('of newer software, or of other migrations, is refused and touches nothing', async () => {
    const to = await place('embedded');
    const newer = await restore(order(to, at.path, { migrations: migrationsOf('platform') }));
    expect(newer).toMatchObject({ ok: false, refusal: { code: 'bad-backup', bad: { refusal: 'newer-software' } } });
    const changed = await restore(order(to, at.path, { migrations: [...migrationsOf('platform'), { ...THINGS, sql: `${THINGS.sql} ` }] }));
    expect(changed).toMatchObject({ ok: false, refusal: { code: 'bad-backup', bad: { refusal: 'changed-migration' } } });
    expect(await stateOfRestore(to)).toBe('none');
  });

  it('that names a path outside the data folder is refused', async () => {
    async function* evil(): AsyncGenerator<never> {
      yield { kind: 'origin', value: { format: 1, software: '1', engine: 'embedded', databaseVersion: '17', madeAt: MAKING.madeAt, migrations: [], leftOut: [] } } as never;
      yield { kind: 'file', value: { path: '../outside' } } as never;
    }
    await expect(writeBackup(evil(), join(folder, 'evil.backup'), undefined)).rejects.toMatchObject({ refusal: 'damaged' });
  });

  it('cannot be written into a folder that is not there, and nothing is left', async () => {
    const from = await place('embedded');
    const database = await open(from);
    await migrate(database, MIGRATIONS);
    await expect(back(from, database, join(folder, 'no/such/file.backup'))).rejects.toMatchObject({ code: 'backup-not-written' });
    await close(database);
  });

  it('is remembered', () => {
    expect(lastBackup(folder)).toBeUndefined();
    rememberBackup(folder, { madeAt: MAKING.madeAt, rows: 3, files: 0 });
    expect(lastBackup(folder)).toEqual({ madeAt: MAKING.madeAt, rows: 3, files: 0 });
  });
});

describe('a restore that broke off', () => {
  it.each(engines)('into %s is never taken for a whole one, and can be done again', async (engine) => {
    const to = await place(engine);
    writeFileSync(join(to.dataDir, 'restore.json'), JSON.stringify({ mark: 'b2c0' }));
    mkdirSync(join(to.dataDir, 'restore-b2c0/db'), { recursive: true });
    mkdirSync(join(to.dataDir, 'files/ab'), { recursive: true });
    writeFileSync(join(to.dataDir, 'files/ab/half'), 'x');
    await expect(settleRestore(to)).rejects.toMatchObject({ code: 'restore-unfinished' });
    expect((await restore(order(to, join(folder, 'small.backup'), { replace: true }))).ok).toBe(true);
    await settleRestore(to);
  });
});
