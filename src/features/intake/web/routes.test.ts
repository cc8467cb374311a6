/** The pages and the programs' interface of the intake, from the upload to the register. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../base/index.ts';
import { systemScope } from '../../../platform/auth/index.ts';
import { systemClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { type Database, migrate, migrationsOf } from '../../../platform/db/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { createJobs, type Jobs } from '../../../platform/jobs/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { createRegistry, type Registry, registryMigrations } from '../../registry/index.ts';
import { createIntake, type Intake, intakeMigrations, intakeRoutes } from '../index.ts';
import { FILE_REFUSALS } from '../model/refusal.ts';
import { intakeText } from '../text/index.ts';
import { openEmpty } from '../../../../test/support/image.ts';
import { asOperator, OPERATOR_TOKEN } from '../../../../test/support/operator.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-intake-'));
let app: MizanServer;
let database: Database;
let jobs: Jobs;
let intake: Intake;
let registry: Registry;

beforeAll(async () => {
  const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', UPLOAD_MAX_MB: '1' });
  if (!config.ok) throw new Error('config');
  database = await openEmpty({ standing: systemScope });
  await migrate(database, [...migrationsOf('platform'), ...registryMigrations(), ...intakeMigrations()]);
  const log = createLog(config.value);
  const theme = loadTheme('neutral');
  const assets = loadAssets(theme, ['intake']);
  registry = createRegistry({ database, clock: systemClock });
  jobs = await createJobs({ database, clock: systemClock, log });
  intake = createIntake({ database, clock: systemClock, jobs, registry, dataDir: folder });
  app = await createServer({ operatorToken: OPERATOR_TOKEN, config: config.value, log, theme, assets, navigation: [], limits: { eventLoopDelayMsMax: 120_000 } });
  asOperator(app);
  intakeRoutes(app, { intake, jobs, assets, fieldLabel: (key) => key });
  await jobs.begin();
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await jobs.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function upload(fields: Readonly<Record<string, string>>, file?: { name: string; content: string | Buffer }): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'mizan-test-boundary';
  const parts = Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  if (file !== undefined) parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: text/csv\r\n\r\n`), Buffer.from(file.content), Buffer.from('\r\n'));
  return { payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

const form = (values: Readonly<Record<string, string>>): { payload: string; headers: Record<string, string> } => ({ payload: new URLSearchParams(values).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
const head = 'Use_Case_ID,Department_Code,Agency,Office,Title,Summary,Development_Stage,Techniques,Source_Code,Department\n';

async function settled(id: string): Promise<void> {
  const view = await intake.get(systemScope, id);
  if (view?.jobId !== null && view?.jobId !== undefined) await jobs.wait(view.jobId);
}

describe('pages', () => {
  it('lead from the upload through the preview into the register, in three languages', async () => {
    const list = await app.inject({ url: '/intake' });
    expect(list.statusCode).toBe(200);
    expect(list.body).toContain('us-federal-2024');
    const sent = await app.inject({ method: 'POST', url: '/intake', ...upload({ profile: 'us-federal-2023' }, { name: '<b>.csv', content: `${head}X-1,D,,,<script>alert(1)</script>,Purpose,Nonsense stage,Other,,Dep\nX-2,D,,,Second,a.b@example.org,In-use,,,Dep\n` }) });
    expect(sent.statusCode).toBe(303);
    const url = String(sent.headers.location);
    await settled(url.split('/').at(-1) ?? '');
    for (const language of LANGUAGES) {
      const page = await app.inject({ url: `${url}?lang=${language}` });
      const t = intakeText.in(language);
      expect(page.statusCode).toBe(200);
      for (const text of [t('counts.title'), t('problems.title'), t('apply'), t('problem.label-unmapped'), 'Nonsense stage', '&lt;b>.csv']) expect(page.body).toContain(text);
      expect(page.body).not.toContain('<script>alert');
    }
    const filtered = await app.inject({ url: `${url}?severity=warning&column=Summary` });
    expect(filtered.body).toContain(intakeText.in('en')('problem.personal-email'));
    const applied = await app.inject({ method: 'POST', url: `${url}/apply`, ...form({}) });
    expect(applied.statusCode).toBe(303);
    await settled(url.split('/').at(-1) ?? '');
    const after = await app.inject({ url });
    expect(after.body).toContain(intakeText.in('en')('applied.notice'));
    const found = await registry.list(systemScope, { facets: { source: ['us-federal-2023'] } });
    expect(found.ok && found.value.total).toBe(2);
    expect((await app.inject({ method: 'POST', url: `${url}/apply`, ...form({}), })).statusCode).toBe(409);
  });

  it('match the columns of an unknown file and save that as a profile', async () => {
    const sent = await app.inject({ method: 'POST', url: '/intake', ...upload({ profile: 'unmapped' }, { name: 'own.csv', content: 'Nr;Bezeichnung;Zweck;Seit\n7;Chatbot;Antworten;01.02.2023\n8;Planer;Pläne;2020\n' }) });
    const url = String(sent.headers.location);
    expect(url).toMatch(/\/map$/);
    const page = await app.inject({ url });
    expect(page.body).toContain('Bezeichnung');
    expect(page.body).toContain('Antworten');
    const values = { 'field-1': 'name', 'field-2': 'purpose', 'field-3': 'startDate', key: '0', date: 'day-first', organisation: 'Stadt', licence: '', status: 'registered' };
    const refused = await app.inject({ method: 'POST', url, ...form({ ...values, 'field-1': '', id: 'Bad Id' }) });
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('lower-case letters');
    const saved = await app.inject({ method: 'POST', url, ...form({ ...values, id: 'own-list' }) });
    expect([saved.statusCode, saved.headers.location]).toEqual([303, url.replace(/\/map$/, '')]);
    const id = url.split('/')[2] ?? '';
    await settled(id);
    expect(await intake.get(systemScope, id)).toMatchObject({ state: 'checked', profile: 'own-list', counts: { added: 2, bad: 0 } });
    await app.inject({ method: 'POST', url: `/intake/${id}/apply`, ...form({}) });
    await settled(id);
    const found = await registry.list(systemScope, { facets: { source: ['own-list'] } });
    expect(found.ok && found.value.items.map((entry) => [entry.record.name, entry.record.startDate, entry.body.name, entry.source?.key]).sort((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([['Chatbot', '2023-02-01', 'Stadt', '7'], ['Planer', '2020', 'Stadt', '8']]);
    const yaml = await app.inject({ url: '/intake/profiles/own-list.yaml' });
    expect(yaml.body).toContain('column: Bezeichnung');
  });

  it('offer the good rows when others have errors', async () => {
    const sent = await app.inject({ method: 'POST', url: '/intake', ...upload({ profile: 'us-federal-2023' }, { name: 'bad.csv', content: `${head}Y-1,D,,,,No title,,,,Dep\nY-2,D,,,Good,,,,,Dep\n` }) });
    const url = String(sent.headers.location);
    await settled(url.split('/').at(-1) ?? '');
    const page = await app.inject({ url });
    expect(page.body).toContain('apply-good');
    await app.inject({ method: 'POST', url: `${url}/apply-good`, ...form({}) });
    await settled(url.split('/').at(-1) ?? '');
    expect(await intake.get(systemScope, url.split('/').at(-1) ?? '')).toMatchObject({ state: 'applied', result: { added: 1, leftOut: 1 } });
  });
});

describe('the interface for programs', () => {
  it('takes a file, tells what it would change, and applies it', async () => {
    const sent = await app.inject({ method: 'POST', url: '/api/v1/imports', ...upload({ profile: 'helsinki', mode: 'all' }, { name: 'h.csv', content: 'id,name,description,lead_organisation_name,status\n1,Bot,Talks,Library,In production\n' }) });
    expect(sent.statusCode).toBe(202);
    const { import: id, job } = sent.json<{ import: string; job: string }>();
    expect(await jobs.wait(job)).toMatchObject({ state: 'done', result: { read: 1, added: 1, changed: 0, unchanged: 0, withdrawn: 0, duplicates: 0, problems: 0 } });
    expect((await app.inject({ url: `/api/v1/imports/${id}` })).json()).toMatchObject({ state: 'applied', result: { added: 1 } });
    expect((await app.inject({ url: '/api/v1/imports?limit=1' })).json()).toMatchObject({ items: [{ id }] });
    expect((await app.inject({ url: '/api/v1/imports/profiles' })).json<{ items: { id: string }[] }>().items.map((one) => one.id)).toContain('nl-algorithm-register');
    expect((await app.inject({ url: `/api/v1/imports/${id}/problems` })).json()).toEqual({ items: [], next: null });
    expect((await app.inject({ method: 'POST', url: `/api/v1/imports/${id}/cancel` })).statusCode).toBe(409);
  });

  it.each([
    ['no file', upload({ profile: 'helsinki' }), 422, 'file-missing'],
    ['no multipart', { payload: '{}', headers: { 'content-type': 'application/json' } }, 415, 'file-missing'],
    ['an unknown profile', upload({ profile: 'nobody' }, { name: 'x.csv', content: 'a\n1\n' }), 422, 'profile-unknown'],
    ['an unknown mode', upload({ profile: 'helsinki', mode: 'maybe' }, { name: 'x.csv', content: 'a\n1\n' }), 400, 'bad-request'],
    ['more bytes than allowed', upload({ profile: 'helsinki' }, { name: 'x.csv', content: Buffer.alloc(1024 * 1024 + 10, 'x') }), 413, 'file-too-large'],
  ])('refuses %s', async (_given, request, status, code) => {
    const answer = await app.inject({ method: 'POST', url: '/api/v1/imports', ...request });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('does not know an import that is not there', async () => {
    expect((await app.inject({ url: '/api/v1/imports/11111111-1111-4111-8111-111111111111' })).statusCode).toBe(404);
    expect((await app.inject({ url: '/api/v1/imports/nonsense' })).statusCode).toBe(400);
  });
});

describe('texts', () => {
  it('has one for every refusal of a file', () => {
    const keys = Object.keys(intakeText.messages.en);
    expect(FILE_REFUSALS.filter((code) => !keys.includes(`refusal.${code}`))).toEqual([]);
  });
});
