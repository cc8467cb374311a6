/** The registry over HTTP: the interface for programs, the pages, and what neither may show. */

import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { migrate, type Database } from '../../../platform/db/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { systemScope } from '../../../platform/auth/index.ts';
import { LANGUAGES } from '../../../base/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { createAttachments } from '../actions/attachments.ts';
import { createRegistry, type Registry } from '../actions/registry.ts';
import { bareDraft, hostile, taxRisk, withContacts } from '../examples.ts';
import { registryMigrations } from '../index.ts';
import type { SystemEntry, SystemRecord } from '../model.ts';
import { registryRoutes } from './routes.ts';
import { openEmpty } from '../../../../test/support/image.ts';
import { asOperator, OPERATOR_TOKEN } from '../../../../test/support/operator.ts';

let app: MizanServer;
let registry: Registry;
let database: Database;

beforeAll(async () => {
  const config = readConfig({ LOG_LEVEL: 'silent' });
  if (!config.ok) throw new Error('config');
  database = await openEmpty({ standing: systemScope });
  await migrate(database, registryMigrations());
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  registry = createRegistry({ database, clock });
  const theme = loadTheme('neutral');
  app = await createServer({ operatorToken: OPERATOR_TOKEN, config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, ['registry']), navigation: [] });
  asOperator(app);
  const dataDir = mkdtempSync(join(tmpdir(), 'mizan-registry-'));
  const attachments = createAttachments({ database, clock, files: await openFileStore(dataDir) });
  registryRoutes(app, { registry, clock, attachments, headlineLabel: (headline) => `Label ${headline}`, exportLinks: (query) => [{ href: `/exports/csv?${query}`, label: 'CSV' }] });
  await app.ready();
  return async () => {
    await app.close();
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
});

async function published(record: SystemRecord): Promise<SystemEntry> {
  const { rows } = await registry.importRows(systemScope, [{ key: record.name, record }], { source: 'test' });
  const entry = await registry.get(systemScope, rows[0]?.id ?? '');
  if (entry === undefined) throw new Error('not imported');
  return entry;
}

const form = (values: Readonly<Record<string, string>>) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(values).toString() });
const page = async (url: string, language = 'en') => {
  const answer = await app.inject({ url, headers: { accept: 'text/html', cookie: `mizan_language=${language}` } });
  return { status: answer.statusCode, html: answer.body, document: parseHTML(answer.body).document };
};

describe('the interface for programs', () => {
  it('creates, edits, moves, and tells the whole history', async () => {
    const made = await app.inject({ method: 'POST', url: '/api/v1/systems', payload: { record: taxRisk, reason: 'first' } });
    expect([made.statusCode, made.headers['etag']]).toEqual([201, '"1"']);
    const { id } = made.json<{ id: string }>();
    expect((await app.inject(`/api/v1/systems/${id}`)).statusCode).toBe(404);
    expect((await app.inject(`/api/v1/workspace/systems/${id}`)).json()).toMatchObject({ id, status: 'draft', record: taxRisk });
    const edited = await app.inject({ method: 'PUT', url: `/api/v1/systems/${id}`, headers: { 'if-match': '"1"' }, payload: { record: { ...taxRisk, benefit: 'Fewer visits' } } });
    expect([edited.statusCode, edited.headers['etag']]).toEqual([200, '"2"']);
    for (const [to, revision] of [['submitted', 2], ['registered', 3]] as const) {
      expect((await app.inject({ method: 'POST', url: `/api/v1/systems/${id}/transitions`, headers: { 'if-match': String(revision) }, payload: { to } })).statusCode).toBe(200);
    }
    const shown = (await app.inject(`/api/v1/systems/${id}`)).json<SystemEntry>();
    expect(shown).toMatchObject({ status: 'registered', revision: 4, record: { benefit: 'Fewer visits' } });
    expect(shown.record.contactEmail).toBeUndefined();
    expect((await app.inject(`/api/v1/systems/${id}/history`)).json<{ items: unknown[] }>().items).toHaveLength(1);
    expect((await app.inject(`/api/v1/workspace/systems/${id}/history`)).json<{ items: unknown[] }>().items).toHaveLength(4);
    expect((await app.inject(`/api/v1/systems/${id}/at/2026-11-23`)).json()).toMatchObject({ revision: { revision: 4 } });
    expect((await app.inject(`/api/v1/systems/${id}/at/2026-11-22`)).statusCode).toBe(404);
    expect((await app.inject(`/api/v1/workspace/systems/${id}/differences?from=1&to=2`)).json<{ fields: { key: string }[] }>().fields.map((field) => field.key)).toEqual(['benefit']);
    const restored = await app.inject({ method: 'POST', url: `/api/v1/systems/${id}/restorations`, headers: { 'if-match': '"4"' }, payload: { revision: 1 } });
    expect(restored.json<SystemEntry>().record.benefit).toBeUndefined();
  });

  it('lists with the shape others script against', async () => {
    await registry.importRows(systemScope, Array.from({ length: 30 }, (_, index) => ({ key: `l${index}`, record: { name: `Listed ${index}`, organisation: 'Listing body', purpose: 'walrus' } })), { source: 'listing' });
    const first = (await app.inject('/api/v1/systems?q=walrus&limit=12')).json<{ items: { id: string }[]; total: number; next: string | null }>();
    expect([first.items.length, first.total, typeof first.next]).toEqual([12, 30, 'string']);
    const second = (await app.inject(`/api/v1/systems?q=walrus&limit=12&after=${first.next}`)).json<typeof first>();
    const third = (await app.inject(`/api/v1/systems?q=walrus&limit=12&after=${second.next}`)).json<typeof first>();
    expect([third.items.length, third.next]).toEqual([6, null]);
    expect(new Set([...first.items, ...second.items, ...third.items].map((item) => item.id)).size).toBe(30);
    expect((await app.inject('/api/v1/systems?source=listing&source=other')).json<typeof first>().total).toBe(30);
  });

  it.each([
    ['no If-Match', { method: 'PUT', url: '/api/v1/systems/ID', payload: { record: taxRisk } }, 428, 'revision-required'],
    ['a stale If-Match', { method: 'PUT', url: '/api/v1/systems/ID', headers: { 'if-match': '"9"' }, payload: { record: bareDraft } }, 409, 'stale-edit'],
    ['a bad record', { method: 'POST', url: '/api/v1/systems', payload: { record: { name: 'x', organisation: 'y', phase: 'soon' } } }, 422, 'invalid'],
    ['no record', { method: 'POST', url: '/api/v1/systems', payload: {} }, 400, 'bad-request'],
    ['an incomplete submission', { method: 'POST', url: '/api/v1/systems/ID/transitions', headers: { 'if-match': '"1"' }, payload: { to: 'submitted' } }, 422, 'incomplete'],
    ['a leap', { method: 'POST', url: '/api/v1/systems/ID/transitions', headers: { 'if-match': '"1"' }, payload: { to: 'registered' } }, 409, 'transition-not-allowed'],
    ['an unknown status', { method: 'POST', url: '/api/v1/systems/ID/transitions', headers: { 'if-match': '"1"' }, payload: { to: 'gone' } }, 400, 'bad-request'],
    ['a bad cursor', { method: 'GET', url: '/api/v1/systems?after=zzz' }, 400, 'bad-cursor'],
    ['a limit beyond the maximum', { method: 'GET', url: '/api/v1/systems?limit=100000' }, 400, 'bad-request'],
    ['an id that is none', { method: 'GET', url: '/api/v1/systems/1%27or%201=1' }, 400, 'bad-request'],
    ['an unknown system', { method: 'GET', url: '/api/v1/systems/00000000-0000-4000-8000-000000000000' }, 404, 'not-found'],
    ['a day that does not exist', { method: 'GET', url: '/api/v1/workspace/systems/ID/at/2026-02-30' }, 400, 'not-a-date'],
  ] as const)('refuses %s', async (_name, request, status, code) => {
    const made = await registry.create(systemScope, bareDraft);
    const id = made.ok ? made.value.id : '';
    const answer = await app.inject({ ...request, url: request.url.replace('ID', id) });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect((await registry.get(systemScope, id))?.revision).toBe(1);
  });

  it.each(LANGUAGES)('names the field of a problem in %s', async (language) => {
    const answer = await app.inject({ method: 'POST', url: `/api/v1/systems?lang=${language}`, payload: { record: { name: 'x', organisation: 'y', suppliers: [{ name: 'a'.repeat(600) }] } } });
    const [problem] = answer.json<{ errors: { path: string; message: string }[] }>().errors;
    expect(problem?.path).toBe('suppliers.0.name');
    expect(problem?.message).toContain({ az: 'Təchizatçılar', en: 'Suppliers', ru: 'Субпоставщики' }[language]);
    expect(problem?.message).toContain('500');
  });

  it('shows the public nothing of restricted fields and contacts', async () => {
    const entry = await published({ ...withContacts, name: 'Contacts inside' });
    for (const url of ['/api/v1/systems?q=contacts', `/api/v1/systems/${entry.id}`, `/api/v1/systems/${entry.id}/at/2026-12-01`, `/registry/${entry.id}`, '/registry?q=contacts', `/registry/${entry.id}?at=2026-12-01`]) {
      const { body, statusCode } = await app.inject({ url, headers: { accept: 'text/html' } });
      expect(statusCode, url).toBe(200);
      expect(body, url).not.toMatch(/leyla\.m|gizli@|raw@|risk@example|555[- ]01/);
    }
    expect((await app.inject(`/api/v1/workspace/systems/${entry.id}`)).body).toContain('raw@example.az');
  });
});

describe('pages', () => {
  it.each(LANGUAGES)('the list and an entry in %s have a title, one heading, no script and no untranslated key', async (language) => {
    const entry = await published({ ...taxRisk, name: `Entry ${language}` });
    for (const url of ['/registry', '/registry?q=zzzzqqq', `/registry/${entry.id}`, `/registry/${entry.id}?at=2020-01-01`, '/registry/mine', '/registry/new', `/registry/${entry.id}/manage`, `/registry/${entry.id}/edit`, `/registry/${entry.id}/move?to=withdrawn`]) {
      const { status, document, html } = await page(url, language);
      expect(status, url).toBe(200);
      expect(document.querySelectorAll('h1').length, url).toBe(1);
      expect(document.querySelectorAll('script').length, url).toBe(0);
      expect(html, url).not.toMatch(/\b(?:field|page|list|form|manage|choice|problem|column)\.[a-z-]+[<"]/);
      expect(html, url).not.toContain('style="');
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      expect(ids.length, url).toBe(new Set(ids).size);
    }
  });

  it('escape every field', async () => {
    const entry = await published(hostile);
    for (const url of [`/registry/${entry.id}`, '/registry?source=test', `/registry/${entry.id}/manage`, `/registry/${entry.id}/edit`, '/registry?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg%20src=x%3E']) {
      const { document, html, status } = await page(url);
      expect(status).toBe(200);
      expect(document.querySelectorAll('script, main img, svg[onload], [onerror], [onclick], main b, main i, main u').length, url).toBe(0);
      expect(html, url).not.toContain('<script>');
      expect([...document.querySelectorAll('a')].filter((link) => (link.getAttribute('href') ?? '').startsWith('javascript:')), url).toEqual([]);
    }
  });

  it('search, narrow, page and offer downloads of the same list', async () => {
    const { document } = await page('/registry?q=walrus&limit=10');
    expect(document.querySelectorAll('.registry-result').length).toBe(10);
    expect(document.querySelector('[role=status]')?.textContent).toContain('30 systems');
    const next = document.querySelector('a[rel=next]')?.getAttribute('href') ?? '';
    const second = await page(next);
    expect(second.document.querySelectorAll('.registry-result').length).toBe(10);
    expect(second.document.querySelector('a[rel=prev]')).not.toBeNull();
    expect(document.querySelector('a[href^="/exports/csv?q=walrus"]')).not.toBeNull();
  });

  it('answer by number, and 404 for what is not public', async () => {
    const entry = await published({ ...taxRisk, name: 'Numbered' });
    expect((await app.inject(`/registry/${entry.number}`)).headers['location']).toBe(`/registry/${entry.id}`);
    const made = await registry.create(systemScope, bareDraft);
    expect((await page(`/registry/${made.ok ? made.value.id : ''}`)).status).toBe(404);
    expect((await page('/registry/99999999')).status).toBe(404);
    expect((await page('/registry/nonsense')).status).toBe(404);
  });

  it('make an entry by form, with every problem at its field', async () => {
    const bad = await app.inject({ method: 'POST', url: '/registry/new', ...form({ name: '', organisation: 'Body', website: 'javascript:x', startDate: '2026-02-30' }) });
    expect(bad.statusCode).toBe(422);
    const { document } = parseHTML(bad.body);
    expect([...document.querySelectorAll('.error-summary a')].map((link) => link.getAttribute('href'))).toEqual(expect.arrayContaining(['#name', '#website', '#startDate']));
    expect(document.querySelector('#website')?.getAttribute('aria-invalid')).toBe('true');
    expect(document.querySelector('#website')?.getAttribute('value')).toBe('javascript:x');
    const good = await app.inject({ method: 'POST', url: '/registry/new', ...form({ name: 'By form', organisation: 'Body', purpose: 'a\r\nb', 'suppliers.1.name': 'Late', topics: 'one\r\ntwo' }) });
    expect(good.statusCode).toBe(303);
    const id = /registry\/([^/]+)\/manage/.exec(String(good.headers['location']))?.[1] ?? '';
    expect((await registry.get(systemScope, id))?.record).toEqual({ name: 'By form', organisation: 'Body', purpose: 'a\nb', suppliers: [{ name: 'Late' }], topics: ['one', 'two'] });
    expect((await page(String(good.headers['location']))).html).toContain('Saved as version 1.');
  });

  it('show a stale edit in three columns and save the choice', async () => {
    const made = await registry.create(systemScope, { ...bareDraft, purpose: 'base', scope: 'base' });
    const id = made.ok ? made.value.id : '';
    await registry.edit(systemScope, id, 1, { ...bareDraft, purpose: 'theirs', scope: 'base', benefit: 'new' });
    const stale = await app.inject({ method: 'POST', url: `/registry/${id}/edit`, ...form({ revision: '1', name: bareDraft.name, organisation: bareDraft.organisation, purpose: 'yours', scope: 'mine' }) });
    expect(stale.statusCode).toBe(409);
    expect((await registry.get(systemScope, id))?.record.purpose).toBe('theirs');
    const { document } = parseHTML(stale.body);
    const hidden = (name: string): string => document.querySelector(`input[type=hidden][name="${name}"]`)?.getAttribute('value') ?? '';
    expect(hidden('revision')).toBe('2');
    expect([...document.querySelectorAll('input[type=radio][checked]')].map((input) => `${input.getAttribute('name')}=${input.getAttribute('value')}`)).toEqual(['pick.purpose=theirs', 'pick.scope=yours', 'pick.benefit=theirs']);
    const saved = await app.inject({ method: 'POST', url: `/registry/${id}/edit`, ...form({ revision: '2', yours: hidden('yours'), reason: '', 'pick.purpose': 'yours', 'pick.scope': 'yours', 'pick.benefit': 'theirs' }) });
    expect(saved.statusCode).toBe(303);
    expect((await registry.get(systemScope, id))?.record).toEqual({ ...bareDraft, purpose: 'yours', scope: 'mine', benefit: 'new' });
  });

  it('move with a confirmation, and tell what is missing', async () => {
    const made = await registry.create(systemScope, taxRisk);
    const id = made.ok ? made.value.id : '';
    const { document } = await page(`/registry/${id}/manage`);
    expect(document.querySelector(`a[href="/registry/${id}/move?to=submitted"]`)).not.toBeNull();
    expect((await app.inject({ method: 'POST', url: `/registry/${id}/move`, ...form({ revision: '1', to: 'submitted', reason: 'ready' }) })).statusCode).toBe(303);
    expect((await registry.get(systemScope, id))?.status).toBe('submitted');
    expect((await app.inject({ method: 'POST', url: `/registry/${id}/move`, ...form({ revision: '1', to: 'registered' }) })).statusCode).toBe(409);
    const bare = await registry.create(systemScope, bareDraft);
    expect((await page(`/registry/${bare.ok ? bare.value.id : ''}/manage`)).document.querySelector('a[href$="/edit#purpose"]')).not.toBeNull();
  });

  it('refuse a form sent from another site', async () => {
    const answer = await app.inject({ method: 'POST', url: '/registry/new', headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' }, payload: 'name=x&organisation=y' });
    expect(answer.statusCode).toBe(403);
  });
});

describe('attachments', () => {
  const multipart = (fields: Readonly<Record<string, string>>, name: string, content: string) => {
    const parts = Object.entries(fields).map(([key, value]) => `--b\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`);
    return { headers: { 'content-type': 'multipart/form-data; boundary=b' }, payload: `${parts.join('')}--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n${content}\r\n--b--\r\n` };
  };
  const send = async (id: string, fields: Readonly<Record<string, string>>, name: string, content: string) => app.inject({ method: 'POST', url: `/api/v1/systems/${id}/attachments`, ...multipart(fields, name, content) });

  it('are given to those who may see them, as downloads', async () => {
    const entry = await published({ ...taxRisk, name: 'With files' });
    const shown = await send(entry.id, { kind: 'certificate', public: 'yes' }, 'Sertifikat ə.txt', 'valid');
    const hidden = await send(entry.id, { kind: 'other' }, 'notes.txt', 'internal');
    expect([shown.statusCode, hidden.statusCode]).toEqual([201, 201]);
    const list = async (prefix: string) => (await app.inject(`${prefix}/${entry.id}/attachments`)).json<{ items: { id: string; name: string; kind: string }[] }>().items;
    expect((await list('/api/v1/systems')).map((one) => [one.name, one.kind])).toEqual([['Sertifikat ə.txt', 'certificate']]);
    expect(await list('/api/v1/workspace/systems')).toHaveLength(2);
    const file = await app.inject(`/registry/${entry.id}/attachments/${shown.json<{ id: string }>().id}`);
    expect([file.statusCode, file.body, file.headers['content-type']]).toEqual([200, 'valid', 'text/plain; charset=utf-8']);
    expect(file.headers['content-disposition']).toBe("attachment; filename*=UTF-8''Sertifikat%20%C9%99.txt");
    expect(file.headers['x-content-type-options']).toBe('nosniff');
    const hiddenId = hidden.json<{ id: string }>().id;
    expect((await app.inject(`/registry/${entry.id}/attachments/${hiddenId}`)).statusCode).toBe(404);
    expect((await app.inject(`/registry/${entry.id}/manage/attachments/${hiddenId}`)).body).toBe('internal');
    expect((await page(`/registry/${entry.id}`)).document.querySelectorAll('#attachments li').length).toBe(1);
    expect((await page(`/registry/${entry.id}/manage`)).document.querySelectorAll('#attachments li').length).toBe(2);
    expect((await app.inject({ method: 'DELETE', url: `/api/v1/systems/${entry.id}/attachments/${hiddenId}` })).statusCode).toBe(204);
    expect((await app.inject(`/registry/${entry.id}/manage/attachments/${hiddenId}`)).statusCode).toBe(404);
  });

  it.each([
    ['a program', 'x.txt', '\u007fELF\u0001\u0001\u0001\u0000\u0000\u0000', 415],
    ['a web page', 'x.html', '<html><script>1</script></html>', 415],
    ['nothing', 'x.txt', '', 422],
    ['a picture that is a text', 'x.png', 'hello', 422],
  ] as const)('refuse %s', async (_name, name, content, status) => {
    const entry = await published({ ...taxRisk, name: `Refuses ${name} ${content.length}` });
    const answer = await send(entry.id, {}, name, content);
    expect([answer.statusCode, (await app.inject(`/api/v1/workspace/systems/${entry.id}/attachments`)).json<{ items: unknown[] }>().items]).toEqual([status, []]);
  });

  it('refuse an unknown entry and a request without a file', async () => {
    expect((await send('00000000-0000-4000-8000-000000000000', {}, 'a.txt', 'x')).statusCode).toBe(404);
    const entry = await published({ ...taxRisk, name: 'No file' });
    expect((await app.inject({ method: 'POST', url: `/api/v1/systems/${entry.id}/attachments`, payload: {} })).statusCode).toBe(400);
    expect((await app.inject({ method: 'POST', url: `/registry/${entry.id}/attachments`, ...multipart({ kind: 'other' }, '', '') })).statusCode).toBe(400);
  });
});
