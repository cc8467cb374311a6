/** What is wrong is refused over HTTP: said as problem+json to programs and as a page to people, and nothing is stored. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import { ALL_FIELDS, type SystemEntry } from '../../src/features/registry/index.ts';
import { LANGUAGES } from '../../src/base/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { inventoryCsv } from '../support/inventory.ts';
import { type Answer, type Method, openStory, type Story } from '../support/story.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const MEGABYTE = 1024 * 1024;

/** RFC 9457 as this product speaks it: nothing more, nothing less, and no inner detail of the program. */
function expectProblem(answer: Answer, status: number, code?: string): void {
  expect(answer.status, answer.body.slice(0, 400)).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = answer.json<Record<string, unknown>>();
  expect(Object.keys(problem).filter((key) => !['type', 'title', 'status', 'detail', 'instance', 'code', 'errors'].includes(key))).toEqual([]);
  expect(problem).toMatchObject({ type: `urn:mizan:problem:${String(problem['code'])}`, status, title: expect.any(String), instance: expect.any(String) });
  if (code !== undefined) expect(problem['code']).toBe(code);
  expect(answer.body).not.toMatch(/node_modules|\bat .+\.[tj]s:\d|stack|select .+ from|\/tmp\/|\/work\//i);
}

onEveryEngine((_open, engine) => {
  let story: Story;
  let id: string;
  let draft: string;
  beforeAll(async () => {
    story = await openStory({ engine, environment: { UPLOAD_MAX_MB: '1' } });
    await story.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() });
    const { systems } = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>();
    id = systems.find((entry) => entry.record.name === 'Recruitment ranking')?.id ?? '';
    draft = systems.find((entry) => entry.status === 'draft')?.id ?? '';
  });
  afterAll(async () => story?.close());

  describe('programs are told as problem+json', () => {
    it.each<[string, Method, string, unknown, number, string]>([
      ['an unknown law pack', 'POST', '/api/v1/classify', { facts: {}, pack: 'moon-law' }, 404, 'unknown-pack'],
      ['facts that are none', 'POST', '/api/v1/classify', { facts: { 'X.moon': true } }, 422, 'facts'],
      ['a fact of the wrong type', 'POST', '/api/v1/classify', { facts: { 'S.infers': 'yes, surely' } }, 422, 'facts'],
      ['facts that are a list', 'POST', '/api/v1/classify', { facts: [] }, 400, 'bad-request'],
      ['a day that does not exist', 'POST', '/api/v1/classify', { facts: {}, asOf: '2026-02-30' }, 400, 'not-a-date'],
      ['a day in another notation', 'POST', '/api/v1/classify', { facts: {}, knownOn: '30.12.2026' }, 400, 'not-a-date'],
      ['a result on a day that does not exist', 'GET', '/api/v1/systems/ID/assessment?asOf=2025-13-01', undefined, 400, 'not-a-date'],
      ['a classification on a day that does not exist', 'POST', '/api/v1/systems/ID/classifications', { asOf: '2026-04-31' }, 400, 'not-a-date'],
      ['the assessment of nobody', 'GET', `/api/v1/systems/${NOBODY}/assessment`, undefined, 404, 'no-system'],
      ['an answer about nobody', 'POST', `/api/v1/systems/${NOBODY}/answers`, { fact: 'S.infers', answer: true, after: 0 }, 404, 'no-system'],
      ['a classification of nobody', 'GET', `/api/v1/classifications/${NOBODY}`, undefined, 404, 'not-found'],
      ['a recomputation of nobody', 'GET', `/api/v1/classifications/${NOBODY}/recompute`, undefined, 404, 'not-found'],
      ['a work list of too many rows', 'GET', '/api/v1/worklist?limit=5000', undefined, 400, 'bad-request'],
      ['an unknown state of work', 'GET', '/api/v1/worklist?state=asleep', undefined, 400, 'bad-request'],
      ['an unknown export format', 'GET', '/api/v1/exports/docx', undefined, 404, 'unknown-format'],
      ['a name of a property of every object', 'GET', '/api/v1/exports/constructor', undefined, 404, 'unknown-format'],
      ['a search beyond its length', 'GET', `/api/v1/exports/csv?q=${'a'.repeat(500)}`, undefined, 400, 'bad-request'],
      ['a stale edit', 'PUT', '/api/v1/systems/ID', { record: { name: 'x', organisation: 'y' } }, 409, 'stale-edit'],
      ['a job of nobody', 'GET', `/api/v1/jobs/${NOBODY}`, undefined, 404, 'not-found'],
      ['an import of nobody', 'GET', `/api/v1/imports/${NOBODY}`, undefined, 404, 'not-found'],
      ['an address that is none', 'GET', '/api/v1/moon', undefined, 404, 'not-found'],
      ['a method that is none', 'DELETE', '/api/v1/systems/ID', undefined, 404, 'not-found'],
      ['an id that is none', 'GET', '/api/v1/systems/%00', undefined, 400, 'bad-request'],
    ])('%s', async (_name, method, url, payload, status, code) => {
      const answer = await story.send(method, url.replace('ID', id), payload, method === 'PUT' ? { 'if-match': '"77"' } : {});
      expectProblem(answer, status, code);
    });

    it.each([
      ['cut JSON', 'application/json', '{"facts": {', 400],
      ['no JSON at all', 'application/json', '', 400],
      ['XML', 'application/xml', '<a/>', 415],
      ['a poisoned prototype', 'application/json', '{"__proto__": {"x": 1}, "facts": {}}', 400],
      ['a body beyond the limit', 'application/json', JSON.stringify({ facts: { a: 'x'.repeat(2 * MEGABYTE) } }), 413],
    ])('%s', async (_name, type, body, status) => {
      expectProblem(await story.send('POST', '/api/v1/classify', body, { 'content-type': type }), status);
    });

    it('a file beyond the limit, a file without a profile, a file that is no table', async () => {
      expectProblem(await story.upload('/api/v1/imports', { profile: 'mizan-csv' }, { name: 'big.csv', content: Buffer.alloc(MEGABYTE + 1, 'a') }), 413, 'file-too-large');
      expectProblem(await story.upload('/api/v1/imports', { profile: 'moon' }, { name: 'a.csv', content: inventoryCsv() }), 422, 'profile-unknown');
      const bomb = await story.importFile('mizan-csv', { name: 'a.csv', content: Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]) });
      expect([bomb.state, bomb.refusal?.code, bomb.result]).toEqual(['refused', expect.any(String), null]);
    });

    it('nothing of all that is stored', async () => {
      const { systems } = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>();
      expect(systems.map((entry) => entry.revision)).toEqual([1, 1, 1, 1, 1, 1]);
      expect((await story.get('/api/v1/worklist?state=untouched')).json<{ items: unknown[] }>().items).toHaveLength(6);
    });
  });

  describe('people are told on a page', () => {
    it.each([
      ['/registry/moon', 404],
      [`/registry/${NOBODY}`, 404],
      [`/assessment/${NOBODY}`, 404],
      ['/assessment/moon', 400],
      ['/assessment/ID/result?asOf=2026-02-30', 400],
      [`/assessment/classifications/${NOBODY}`, 404],
      ['/lawbook/moon', 404],
      ['/lawbook/eu-ai-act/regime/moon', 404],
      ['/lawbook/eu-ai-act/regime/high_risk.III.4a?asOf=yesterday', 400],
      ['/lawbook/eu-ai-act/fact/moon', 404],
      ['/exports/moon', 404],
      [`/intake/${NOBODY}`, 404],
      ['/moon', 404],
    ])('%s', async (url, status) => {
      for (const language of LANGUAGES) {
        const page = await story.page(url.replace('ID', id), language);
        expect(page.status, `${url} ${language}`).toBe(status);
        expect(page.document.querySelector('html')?.getAttribute('lang')).toBe(language);
        expect(page.document.querySelectorAll('h1').length).toBe(1);
        expect(page.document.querySelector('main')?.textContent?.trim().length).toBeGreaterThan(20);
        expect(page.html).not.toMatch(/node_modules|<script|style="/);
      }
    });

    it('an answer without a choice keeps the question and says why', async () => {
      const [question = ''] = (await story.get(`/api/v1/systems/${id}/assessment`)).json<{ ask: string[] }>().ask;
      const answer = await story.form(`/assessment/${id}/answers`, { fact: question, after: '0' });
      expect(answer.status).toBe(422);
      const { document } = parseHTML(answer.body);
      const link = document.querySelector('.error-summary a')?.getAttribute('href') ?? '';
      expect(document.querySelector(link), link).not.toBeNull();
    });
  });

  describe('other sites cannot drive it', () => {
    it.each<[string, Method, string, Record<string, string>, number]>([
      ['a name that is not this machine', 'GET', '/', { host: 'evil.example' }, 421],
      ['a name that begins like this machine', 'GET', '/api/v1/systems', { host: 'localhost.evil.example' }, 421],
      ['a form on another site', 'POST', '/portal/samples', { origin: 'https://evil.example' }, 403],
      ['a script on another site', 'POST', '/api/v1/systems', { 'sec-fetch-site': 'cross-site' }, 403],
      ['another port of this machine', 'POST', '/api/v1/systems', { origin: 'http://localhost:9', host: 'localhost:80' }, 403],
      ['a sandboxed frame', 'POST', '/api/v1/systems', { origin: 'null' }, 403],
    ])('%s', async (_name, method, url, headers, status) => {
      expectProblem(await story.send(method, url, method === 'GET' ? undefined : { record: { name: 'Driven', organisation: 'x' } }, headers), status);
      expect((await story.get('/api/v1/workspace/systems?q=Driven')).json<{ total: number }>().total).toBe(0);
    });

    it('every page tells the browser to load and run nothing foreign', async () => {
      for (const url of ['/', '/registry', `/assessment/${id}`, '/moon']) {
        const { headers } = await story.get(url, { accept: 'text/html' });
        expect(String(headers['content-security-policy']), url).toContain("default-src 'none'");
        expect(String(headers['content-security-policy']), url).not.toContain('unsafe');
        expect(headers['x-content-type-options'], url).toBe('nosniff');
      }
    });
  });

  it('HTML in every field of an entry is text on every page', async () => {
    const poison = (key: string): string => `"><script>alert('${key}')</script><img src=x onerror=alert(1)>`;
    const record: Record<string, unknown> = {};
    for (const field of ALL_FIELDS) {
      if (['line', 'text'].includes(field.type) && field.key !== 'entryLanguage' && (field.lengthMax ?? 500) >= 200) record[field.key] = poison(field.key);
      else if (field.type === 'lines') record[field.key] = [poison(field.key)];
      else if (field.type === 'items') record[field.key] = [Object.fromEntries((field.columns ?? []).filter((column) => column.type !== 'date' && column.type !== 'link').map((column) => [column.key, poison(`${field.key}.${column.key}`)]))];
    }
    record['entryLanguage'] = '"><b>';
    record['sourceColumns'] = [{ name: poison('column'), value: poison('value') }];
    const content = JSON.stringify({ systems: [{ id: 'poison', status: 'registered', record }] });
    const imported = await story.importFile('mizan', { name: '<script>alert(1)</script>.json', content });
    expect(imported.result).toMatchObject({ added: 1 });
    const entry = (await story.get('/api/v1/systems?q=alert')).json<{ items: SystemEntry[] }>().items[0];
    const poisoned = entry?.id ?? '';
    const pages = [
      '/', '/registry', '/registry?q=alert', `/registry/${poisoned}`, '/registry/mine', `/registry/${poisoned}/manage`, `/registry/${poisoned}/edit`, '/assessment', `/assessment/${poisoned}`, `/assessment/${poisoned}/answers`, `/assessment/${poisoned}/result`,
      '/intake', `/intake/${imported.id}`, '/exports?q=%3Cscript%3E', '/portal/dashboard', '/lawbook/search?q=%22%3E%3Cscript%3E', '/registry?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E', `/assessment/${poisoned}?fact=%22%3E%3Cscript%3E`,
    ];
    for (const url of pages) {
      const { document, html, status } = await story.page(url);
      expect(status, url).toBe(200);
      expect(html, url).not.toMatch(/<script>alert|<img src=x/);
      expect(document.querySelectorAll('[onerror], [onload], [onclick], main img').length, url).toBe(0);
    }
    for (const url of ['/moon?q=%3Cscript%3Ealert(1)%3C/script%3E', '/exports/%3Cscript%3Ealert(1)%3C%2Fscript%3E', '/lawbook/%3Cscript%3Ealert(1)%3C%2Fscript%3E']) expect((await story.page(url)).html, url).not.toContain('<script>');
    const pdf = await story.get(`/assessment/${poisoned}/result.pdf`);
    expect([pdf.status, pdf.bytes.subarray(0, 5).toString('latin1')]).toEqual([200, '%PDF-']);
  });

  it('a draft and a secure entry are invisible to the public, wherever it looks', async () => {
    const secure = (await story.importFile('mizan', { name: 'secure.json', content: JSON.stringify({ systems: [{ id: 'secure', status: 'registered', record: { name: 'Okapi watch', organisation: 'Secret Okapi Service', purpose: 'okapiword at the border', section: 'secure' } }] }) })).result;
    expect(secure).toMatchObject({ added: 1 });
    const hidden = (await story.get('/api/v1/workspace/systems?q=okapiword')).json<{ items: SystemEntry[] }>().items[0]?.id ?? '';
    const { number } = (await story.get(`/api/v1/workspace/systems/${draft}`)).json<SystemEntry>();
    for (const one of [draft, hidden]) {
      for (const url of [`/api/v1/systems/${one}`, `/api/v1/systems/${one}/history`, `/api/v1/systems/${one}/at/2026-12-31`, `/api/v1/systems/${one}/differences?from=1&to=1`]) expect([url, (await story.get(url)).status]).toEqual([url, 404]);
      expect((await story.page(`/registry/${one}`)).status).toBe(404);
      expect((await story.get(`/api/v1/workspace/systems/${one}`)).status).toBe(200);
    }
    expect((await story.page(`/registry/${number}`)).status).toBe(404);
    for (const url of ['/', '/registry', '/registry?q=zirafaword', '/registry?q=okapiword', '/registry?status=draft', '/api/v1/systems?limit=100', '/api/v1/systems?q=zirafaword', '/api/v1/systems?status=draft', '/api/v1/systems?q=okapiword', '/exports', '/exports/csv', '/exports/json', '/exports/dcat-ap', '/exports/csv?q=zirafaword', '/exports/atrs', '/exports/annex-viii']) {
      const { status, body } = await story.get(url, { accept: 'text/html' });
      expect(status, url).toBe(200);
      expect(body, url).not.toMatch(/Zirafa planner|Hidden Draft|Plans zirafaword|Okapi watch|Secret Okapi/);
    }
    for (const word of ['zirafaword', 'okapiword', 'Hidden Draft Office']) expect((await story.get(`/api/v1/systems?q=${encodeURIComponent(word)}`)).json<{ total: number }>().total, word).toBe(0);
    // With a classification it stays hidden.
    expect((await story.send('POST', `/api/v1/systems/${draft}/classifications`, {})).status).toBe(201);
    expect((await story.page(`/registry/${draft}`)).status).toBe(404);
    expect((await story.page('/')).html).not.toContain('Zirafa');
  });
});
