/** A database that is lost, silent, slow or fully used: 503 that says so, health that names it, one line in the log, and work that goes on by itself. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServerDatabase } from '../support/engines.ts';
import { type Cable, layCable } from '../support/cable.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';
import { POOL_CONNECTIONS_MAX } from '../../src/platform/db/index.ts';
import { systemScope, within } from '../../src/platform/auth/index.ts';

const TIMEOUTS = { statementMs: 1500, readMs: 3000, connectMs: 1000 };
const RECORD = { name: 'Ranking of applications', organisation: 'Office', purpose: 'Ranks applications.' };
const BACK = { timeout: 30_000, interval: 50 };

describe.skipIf(process.env['TEST_DATABASE_URL'] === undefined)('a database server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-faults-'));
  const logFile = join(folder, 'log');
  let cable: Cable;
  let story: Story;

  beforeAll(async () => {
    cable = await layCable(await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? ''));
    story = await openStory({ environment: { DATABASE_URL: cable.url, LOG_FILE: logFile, LOG_LEVEL: 'warn' }, limits: PATIENT, databaseTimeouts: TIMEOUTS });
  });
  afterAll(async () => {
    cable?.set('whole');
    await story?.close();
    await cable?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asked once: `story.send` would ask again until it is served. */
  const ask = async (url: string, options: { readonly method?: 'GET' | 'POST'; readonly payload?: object; readonly accept?: string; readonly language?: string } = {}) =>
    story.mizan.server.inject({
      method: options.method ?? 'GET',
      url,
      headers: { authorization: `Bearer ${story.mizan.operatorToken}`, accept: options.accept ?? 'application/json', 'accept-language': options.language ?? 'en' },
      ...(options.payload === undefined ? {} : { payload: options.payload }),
    });
  const statusOf = async (url: string): Promise<number> => (await ask(url)).statusCode;
  const create = async () => ask('/api/v1/systems', { method: 'POST', payload: { record: RECORD } });
  const logged = (): readonly { readonly level: number; readonly code?: string }[] => readFileSync(logFile, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as { level: number; code?: string });
  const database = async (): Promise<unknown> => ((await ask('/health/ready')).json<{ checks: { name: string; state: string }[] }>().checks.find(({ name }) => name === 'database')?.state);

  it('whose connections are cut is told as away, in words, and once in the log; then everything goes on', async () => {
    expect((await create()).statusCode).toBe(201);
    const before = logged().length;
    cable.set('cut');
    await expect.poll(async () => statusOf('/api/v1/workspace/systems'), BACK).toBe(503);
    for (let asked = 0; asked < 30; asked++) {
      const answer = await (asked % 2 === 0 ? ask('/api/v1/workspace/systems') : create());
      expect([answer.statusCode, answer.headers['retry-after'], answer.json<{ code: string }>().code]).toEqual([503, '5', 'database-away']);
    }
    for (const [language, words] of [['en', 'does not answer'], ['az', 'cavab vermir'], ['ru', 'не отвечает']] as const) {
      const page = await ask('/registry/mine', { accept: 'text/html', language });
      expect([page.statusCode, page.body]).toEqual([503, expect.stringContaining(words)]);
    }
    const signIn = await story.mizan.server.inject({ method: 'POST', url: '/identity/sign-in', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: 'http://localhost', host: 'localhost' }, payload: 'email=a%40b.example&password=long+enough+words+here' });
    expect(signIn.statusCode).toBe(503);
    expect((await ask('/health/live')).statusCode).toBe(200);
    expect(await ask('/health/ready')).toMatchObject({ statusCode: 503 });
    expect(await database()).toBe('failed');

    cable.set('whole');
    await expect.poll(async () => statusOf('/api/v1/workspace/systems'), BACK).toBe(200);
    expect((await create()).statusCode).toBe(201);
    await expect.poll(async () => statusOf('/health/ready'), BACK).toBe(200);
    const told = logged().slice(before).filter(({ code }) => code !== 'notices-cut-off');
    expect(told.map(({ code }) => code)).toEqual(['database-away', 'database-back']);
  });

  it('that is silent holds requests for a bounded time, and its connections are not used again', async () => {
    const before = logged().length;
    cable.set('silent');
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: POOL_CONNECTIONS_MAX + 8 }, async () => ask('/api/v1/workspace/systems')));
    const took = performance.now() - began;
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([503]));
    for (const answer of answers) expect(['database-away', 'database-busy']).toContain(answer.json<{ code: string }>().code);
    // Who waited for a connection was told after its second; who held one after three.
    expect(took).toBeLessThan(30_000);
    expect((await ask('/health/live')).statusCode).toBe(200);
    expect(await database()).toBe('failed');
    cable.set('whole');
    await expect.poll(async () => statusOf('/api/v1/workspace/systems'), BACK).toBe(200);
    expect((await create()).statusCode).toBe(201);
    expect(logged().slice(before).filter(({ level }) => level >= 50).map(({ code }) => code)).toEqual(['database-away']);
  });

  it('that is slow is waited for; a statement that takes too long is ended with 503, and nothing of it stands', async () => {
    cable.set('slow', 60);
    expect(await statusOf('/api/v1/workspace/systems')).toBe(200);
    expect((await create()).statusCode).toBe(201);
    cable.set('whole');
    await within(systemScope, async () => {
      await expect(sql`select pg_sleep(10)`.execute(story.mizan.database.db)).rejects.toMatchObject({ code: 'database-slow' });
    });
    // Somebody else holds the table: the act waits for it, and is told to come again.
    const { vault } = story.mizan.database;
    const count = async (): Promise<unknown> => (await story.mizan.database.execute('select count(*)::int as n from registry_systems')).rows[0]?.['n'];
    const standing = await count();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const holder = vault.transaction().execute(async (tx) => {
      await sql`lock table registry_revisions in exclusive mode`.execute(tx);
      locked();
      await held;
    });
    await isLocked;
    const answer = await create();
    expect([answer.statusCode, answer.headers['retry-after'], answer.json<{ code: string }>().code]).toEqual([503, '5', 'database-slow']);
    release();
    await holder;
    expect(await count()).toBe(standing);
    expect((await create()).statusCode).toBe(201);
  });

  it('all of whose connections are used is told as busy after a bounded wait, while health says so', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let inside = 0;
    const holders = Array.from({ length: POOL_CONNECTIONS_MAX }, async () => story.mizan.database.vault.connection().execute(async () => {
      inside += 1;
      await held;
    }));
    await expect.poll(() => inside, BACK).toBe(POOL_CONNECTIONS_MAX);
    const answer = await ask('/api/v1/workspace/systems');
    expect([answer.statusCode, answer.headers['retry-after'], answer.json<{ code: string }>().code]).toEqual([503, '5', 'database-busy']);
    expect(await ask('/health/ready')).toMatchObject({ statusCode: 200 });
    release();
    await Promise.all(holders);
    expect(await statusOf('/api/v1/workspace/systems')).toBe(200);
  });

  it('that cuts a job under way gets the job again when it is back', async () => {
    const begun = (await story.send('POST', '/api/v1/samples', { language: 'en' })).status;
    expect(begun).toBeLessThan(300);
    const rows = Array.from({ length: 1500 }, (_, n) => `f-${n},registered,System ${n},Agency ${n % 9},Ranks things ${n}.,Screens applications in case ${n}.,A score.,employment,in-use,en`);
    const { INVENTORY_COLUMNS } = await import('../support/inventory.ts');
    const started = (await story.upload('/api/v1/imports', { profile: 'mizan-csv', mode: 'all' }, { name: 'inventory.csv', content: [INVENTORY_COLUMNS.join(','), ...rows].join('\n') })).json<{ import: string; job: string }>();
    await expect.poll(async () => (await ask(`/api/v1/jobs/${started.job}`)).json<{ state: string }>().state, { timeout: 20_000, interval: 5 }).toBe('running');
    cable.set('cut');
    await expect.poll(async () => statusOf('/api/v1/workspace/systems'), BACK).toBe(503);
    cable.set('whole');
    await expect.poll(async () => (await story.get(`/api/v1/jobs/${started.job}`)).json<{ state: string; error: unknown }>(), { timeout: 150_000, interval: 250 }).toMatchObject({ state: 'done', error: null });
    const { rows: found } = await story.mizan.database.execute(`select count(*)::int as n from registry_systems where source_key like 'f-%'`);
    expect(found[0]?.['n']).toBe(1500);
  }, 240_000);
});
