/** Impact assessments over HTTP on both engines: abandoned, found again, finished, computed again; and what is refused. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { LANGUAGES } from '../../../base/index.ts';
import { publicScope, systemScope as scope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { assessmentMigrations, openAssessment } from '../../assessment/index.ts';
import { lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { createAttachments, createRegistry, type Registry, registryMigrations } from '../../registry/index.ts';
import { type Impact, impactMigrations, impactPdf, impactRoutes, openImpact, publicImpactSection } from '../index.ts';
import { asOperator, OPERATOR_TOKEN } from '../../../../test/support/operator.ts';

const same = (text: string): string => `{ az: "${text} az", en: "${text}", ru: "${text} ru" }`;
const head = (id: string, version: string): string => `id: ${id}\nversion: ${version}\nengine: 1\ntitle: ${same(`Questionnaire ${id}`)}\nplain: ${same('For tests.')}\nsource: { title: "Own" }\nstatus: adopted\n`;
const points = (version: string, second = 'Second?'): string => `${head('points', version)}scoring: { kind: tallies, tallies: [ { id: raw, label: ${same('Risk')} } ], result: raw }
levels: [ { id: I, label: ${same('Low')}, up_to_share: 0.5 }, { id: II, label: ${same('High')} } ]
consequences: [ { levels: [ II ], label: ${same('Ask the council')} } ]
pages:
  - { id: about, title: ${same('About')}, questions: [ { id: purpose, type: long-text, ask: ${same('Purpose?')}, field: purpose, shared: purpose }, { id: size, type: choice, ask: ${same('Size?')}, fact: R.size, choices: [ { id: micro, label: ${same('Micro')} }, { id: large, label: ${same('Large')} } ] } ] }
  - { id: risk, title: ${same('Risk part')}, tally: raw, questions: [
      { id: first, type: yes-no, ask: ${same('First?')}, score_yes: 3 }, { id: second, type: choice, ask: ${same(second)}, visible_if: first, evidence: optional, choices: [ { id: a, label: ${same('A')}, score: 1 }, { id: b, label: ${same('B')}, score: 5 } ] },
      { id: table, type: table, rows_max: 3, ask: ${same('Groups?')}, columns: [ { id: who, type: text, label: ${same('Who')}, required: true }, { id: n, type: number, label: ${same('How many')} } ] } ] }
`;
const law = `${head('law', '1.0.0')}scoring: { kind: law, pack: eu-ai-act, shows: [ scope, high_risk ] }
consequences: [ { when: [ scope.material ], label: ${same('The Act is about it')} } ]
pages: [ { id: p, title: ${same('P')}, questions: [ { id: infers, type: yes-no, required: true, ask: ${same('Infers?')}, fact: S.infers } ] } ]
`;

onEveryEngine((open) => {
  let app: MizanServer;
  let impact: Impact;
  let registry: Registry;
  let database: Database;
  let folder: string;
  let reopen: () => Promise<Impact>;
  let systemId: string;
  const clock = fixedClock('2026-11-23T09:00:00.000Z');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mizan-impact-'));
    for (const [id, text] of [['points', points('1.0.0')], ['law', law]] as const) {
      mkdirSync(join(folder, 'q', id), { recursive: true });
      writeFileSync(join(folder, 'q', id, 'questionnaire.yaml'), text);
    }
    database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...impactMigrations()]);
    registry = createRegistry({ database, clock });
    const lawbook = await openLawbook({ database, clock });
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => ({ set: { recognisers: [], pack: '' } as never, digest: 'none' }) });
    reopen = () => openImpact({ database, clock, registry, lawbook, assessment, questionnairesFolder: join(folder, 'q') });
    impact = await reopen();
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const theme = loadTheme('neutral');
    app = await createServer({ operatorToken: OPERATOR_TOKEN, config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, ['registry', 'impact']), navigation: [], limits: { eventLoopDelayMsMax: 120_000 } });
    asOperator(app);
    const attachments = createAttachments({ database, clock, files: await openFileStore(folder) });
    // A service that is opened again (another version installed) serves the same routes.
    const standing = new Proxy({} as Impact, { get: (_, key) => impact[key as keyof Impact] });
    impactRoutes(app, { impact: standing, registry, attachments, pdf: (view, language) => impactPdf(view, language, 'Test') });
    await app.ready();
    const made = await registry.create(scope, { name: 'CV ranking İşə qəbul', organisation: 'Test body', purpose: 'Ranks applicants.' });
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    systemId = made.value.id;
    return async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const page = async (url: string, language = 'en') => {
    const answer = await app.inject({ url, headers: { accept: 'text/html', cookie: `mizan_language=${language}` } });
    return { status: answer.statusCode, html: answer.body, document: parseHTML(answer.body).document };
  };
  const form = (url: string, values: Readonly<Record<string, string | readonly string[]>>) =>
    app.inject({ method: 'POST', url, headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))).toString() });
  const send = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
  };
  const start = async (kind = 'points'): Promise<string> => {
    const { json } = await send('POST', '/api/v1/impact/assessments', { system: systemId, kind });
    return String(json['id']);
  };
  const stepOf = async (id: string): Promise<number> => Number((await send('GET', `/api/v1/impact/assessments/${id}`)).json['step']);
  const save = async (id: string, answers: object) => send('POST', `/api/v1/impact/assessments/${id}/answers`, { answers, after: await stepOf(id) });

  describe('the story of an assessment', () => {
    let id: string;
    it('starts from a page, with what the register knows filled in', async () => {
      expect((await page('/impact/new?q=isə')).html).toContain('CV ranking');
      const begun = await form('/impact', { system: systemId, kind: 'points' });
      expect(begun.statusCode).toBe(303);
      id = String(begun.headers.location).split('/').at(-1) ?? '';
      const { html } = await page(`/impact/${id}/pages/about`);
      expect(html).toContain('Ranks applicants.');
      expect(html).toContain('Filled in');
    });

    it('is abandoned half-way and found again', async () => {
      const saved = await form(`/impact/${id}/pages/risk`, { after: String(await stepOf(id)), shown: ['first', 'second', 'table'], 'q.first': 'yes', act: 'next' });
      expect(saved.statusCode).toBe(303);
      clock.move('2026-11-25T09:00:00.000Z');
      impact = await reopen();
      for (const query of ['q=ranking', 'q=ISE', 'state=open', 'kind=points', `system=${systemId}`]) expect((await page(`/impact?${query}`)).html).toContain(`/impact/${id}`);
      for (const query of ['q=weather', 'state=finished', 'kind=law']) expect((await page(`/impact?${query}`)).html).not.toContain(`/impact/${id}`);
      const { document } = await page(`/impact/${id}`);
      expect([...document.querySelectorAll('.task-list__status')].map((one) => one.textContent?.trim())).toEqual(['Done', 'In progress']);
      expect((await page(`/impact/${id}/pages/risk`)).document.querySelector('input[name="q.first"][checked]')?.getAttribute('value')).toBe('yes');
    });

    it('gives no level before it is complete, and is not finished', async () => {
      const { json } = await send('GET', `/api/v1/impact/assessments/${id}`);
      expect(json).toMatchObject({ isComplete: false, consequences: [] });
      expect(JSON.stringify(json['resultSoFar'])).not.toContain('level');
      expect((await page(`/impact/${id}/result`)).html).toContain('so far');
      expect((await form(`/impact/${id}/finish`, { after: String(await stepOf(id)) })).statusCode).toBe(422);
    });

    it('undoes a save as a whole and shows the questions it was about', async () => {
      await save(id, { second: 'a', table: [{ who: 'x' }] });
      const undone = await form(`/impact/${id}/undo`, { after: String(await stepOf(id)) });
      expect(undone.headers.location).toBe(`/impact/${id}/pages/risk?said=undone`);
      expect((await send('GET', `/api/v1/impact/assessments/${id}`)).json['answers']).toEqual({ purpose: 'Ranks applicants.', first: true });
    });

    it('saves what is right and says what is not', async () => {
      const saved = await form(`/impact/${id}/pages/risk`, { after: String(await stepOf(id)), shown: ['first', 'second', 'table'], 'q.first': 'yes', 'q.second': 'b', 'q.table.0.n': 'many', 'q.table.0.who': 'all', act: 'next' });
      expect(saved.statusCode).toBe(422);
      expect(saved.body).toContain('How many: Write a number');
      expect(parseHTML(saved.body).document.querySelector('input[name="q.table.0.n"]')?.getAttribute('value')).toBe('many');
      expect((await send('GET', `/api/v1/impact/assessments/${id}`)).json['answers']).toMatchObject({ second: 'b' });
    });

    it('keeps documents with the answer and with the system', async () => {
      const payload = ['--x', 'content-disposition: form-data; name="file"; filename="study.txt"', 'content-type: text/plain', '', 'A study.', '--x--', ''].join('\r\n');
      const sent = await app.inject({ method: 'POST', url: `/impact/${id}/evidence/second`, headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload });
      expect(sent.statusCode).toBe(303);
      expect((await page(`/impact/${id}/evidence/second`)).html).toContain('study.txt');
      expect((await app.inject({ method: 'POST', url: `/impact/${id}/evidence/second`, headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload: '--x--\r\n' })).statusCode).toBe(422);
      expect((await app.inject({ method: 'POST', url: `/impact/${id}/evidence/nothing` })).statusCode).toBe(404);
    });

    it.each([
      ['study.txt', '', 422, 'The file is empty.'],
      ['study.pdf', 'A study.', 422, 'another kind of file than the content'],
      ['study.xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', 422, 'holds macros or scripts'],
      ['study.exe', 'A study.', 415, 'Files of this kind are not taken'],
      ['study.exe.txt', 'A study.', 422, 'needs a plain name'],
    ])('says why a document is not taken: %s with “%s”', async (name, content, status, words) => {
      const payload = ['--x', `content-disposition: form-data; name="file"; filename="${name}"`, 'content-type: text/plain', '', content, '--x--', ''].join('\r\n');
      const sent = await app.inject({ method: 'POST', url: `/impact/${id}/evidence/second`, headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload });
      expect([sent.statusCode, parseHTML(sent.body).document.querySelector('.error-summary')?.textContent]).toEqual([status, expect.stringContaining(words)]);
    });

    it('offers facts, which an officer takes over', async () => {
      await save(id, { size: 'micro' });
      expect((await page(`/impact/${id}/result`)).html).toContain('Take over');
      expect((await form(`/impact/${id}/facts`, { fact: 'R.size' })).headers.location).toBe(`/impact/${id}/result?said=fact-taken`);
      expect((await page(`/impact/${id}/result`)).html).not.toContain('Take over');
      expect((await send('POST', `/api/v1/impact/assessments/${id}/facts`, { fact: 'S.infers' })).json['code']).toBe('no-fact');
    });

    it('is finished, sealed, and computed again to the same bytes', async () => {
      const { json } = await send('GET', `/api/v1/impact/assessments/${id}`);
      expect(json).toMatchObject({ isComplete: true, result: { value: 8, max: 8, level: 'II' } });
      expect((await page(`/impact/${id}/result`)).html).toContain('Ask the council');
      expect((await form(`/impact/${id}/finish`, { after: String(await stepOf(id)) })).statusCode).toBe(303);
      expect((await send('GET', `/api/v1/impact/assessments/${id}/recompute`)).json['kind']).toBe('equal');
      const seal = await app.inject({ url: `/impact/${id}/seal.json` });
      expect(JSON.parse(seal.body)).toMatchObject({ answers: { first: true, second: 'b' }, evidence: [{ name: 'study.txt' }], result: { level: 'II' } });
      expect((await page(`/impact?state=finished`)).html).toContain('High');
      expect((await save(id, { first: false })).json['code']).toBe('assessment-closed');
      expect((await form(`/impact/${id}/undo`, { after: String(await stepOf(id)) })).statusCode).toBe(409);
      expect((await app.inject({ method: 'POST', url: `/impact/${id}/evidence/second` })).statusCode).toBe(409);
    });

    it('notices when an answer was altered behind its back', async () => {
      await sql`update impact_answers set answer = '"a"' where assessment_id = ${id} and question = 'second' and answer = '"b"'`.execute(database.db);
      expect((await send('GET', `/api/v1/impact/assessments/${id}/recompute`)).json['kind']).toBe('different');
      await sql`update impact_answers set answer = '"b"' where assessment_id = ${id} and question = 'second' and answer = '"a"'`.execute(database.db);
    });

    it('is on the public entry only when published, and then without answers', async () => {
      expect(await impact.published(systemId)).toEqual([]);
      expect((await form(`/impact/${id}/publish`, { public: 'yes' })).statusCode).toBe(303);
      const published = await impact.published(systemId);
      expect(published.map((one) => one.row.level)).toEqual(['II']);
      expect(JSON.stringify(publicImpactSection(published, 'en')?.props)).not.toContain('Ranks applicants');
      await form(`/impact/${id}/publish`, { public: 'no' });
      expect(await impact.published(systemId)).toEqual([]);
      expect(await registry.get(publicScope, systemId)).toBeUndefined();
    });

    it('as PDF and JSON; the file goes into another assessment', async () => {
      const pdf = await app.inject({ url: `/impact/${id}/result.pdf`, headers: { cookie: 'mizan_language=az' } });
      expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
      const { json: file } = await send('GET', `/api/v1/impact/assessments/${id}/export`);
      const other = await start();
      const after = await stepOf(other);
      const taken = await send('POST', `/api/v1/impact/assessments/${other}/import`, { file, after });
      expect(taken.json['answers']).toEqual(file['answers']);
      for (const [bad, code] of [[{}, 'not-an-export'], [{ ...file, questionnaire: { id: 'law', version: '1', digest: '' } }, 'wrong-questionnaire'], [{ ...file, questionnaire: { id: 'points', version: '9', digest: 'x' } }, 'wrong-questionnaire'], [{ ...file, answers: { first: 'maybe' } }, 'wrong-answers']] as const) {
        expect((await send('POST', `/api/v1/impact/assessments/${other}/import`, { file: bad, after: await stepOf(other) })).json['code']).toBe(code);
      }
    });

    it('is revised in a newer version: equal answers go along, the old one stays as sealed', async () => {
      writeFileSync(join(folder, 'q', 'points', 'questionnaire.yaml'), points('1.1.0', 'Second, asked otherwise?'));
      impact = await reopen();
      expect((await page(`/impact/${id}`)).html).toContain('1.1.0');
      const { status, json } = await send('POST', `/api/v1/impact/assessments/${id}/revise`);
      expect([status, json['changed']]).toEqual([201, ['second']]);
      const next = await send('GET', `/api/v1/impact/assessments/${String(json['id'])}`);
      expect(next.json).toMatchObject({ version: '1.1.0', answers: { first: true, purpose: 'Ranks applicants.' }, isComplete: false });
      expect((await send('GET', `/api/v1/impact/assessments/${id}/recompute`)).json['kind']).toBe('equal');
      const compared = await page(`/impact/${String(json['id'])}/compare?with=${id}`);
      expect(compared.html).toContain('One answer differs');
    });
  });

  it('of two who saw the same step only the first is heard', async () => {
    const id = await start();
    const after = await stepOf(id);
    const both = await Promise.all([1, 2].map((n) => send('POST', `/api/v1/impact/assessments/${id}/answers`, { answers: { purpose: `Words ${n}` }, after })));
    expect(both.map((one) => one.status).sort()).toEqual([200, 409]);
    const late = await form(`/impact/${id}/pages/about`, { after: String(after), shown: ['purpose'], 'q.purpose': 'late words' });
    expect([late.statusCode, late.body.includes('late words')]).toEqual([409, true]);
    expect((await send('GET', `/api/v1/impact/assessments/${id}`)).json['answers']).not.toMatchObject({ purpose: 'late words' });
  });

  it('a hidden answer sleeps and comes back', async () => {
    const id = await start();
    await save(id, { first: true, second: 'b' });
    const away = await save(id, { first: false });
    expect(away.json).toMatchObject({ notCounting: ['second'], result: { value: 0, level: 'I' } });
    expect((await page(`/impact/${id}/result`)).html).toContain('One answer does not count');
    expect((await save(id, { first: true })).json).toMatchObject({ notCounting: [], result: { value: 8 } });
  });

  it('facts given to the law are copied into the next questionnaire, shared answers too', async () => {
    const { json } = await send('GET', `/api/v1/impact/assessments/${await start()}`);
    expect(json['answers']).toMatchObject({ size: 'micro', purpose: expect.any(String) as string });
    expect(json['origins']).toMatchObject({ size: 'fact:R.size', purpose: 'field:purpose' });
  });

  it('a questionnaire of the law shows what the pack concludes and has no score', async () => {
    const id = await start('law');
    const { json } = await save(id, { infers: false });
    expect(json).toMatchObject({ isComplete: true, result: { kind: 'law' } });
    expect((json['law'] as { outcomes: Record<string, string> }).outcomes['scope.material']).toBe('fails');
    expect(json['consequences']).toEqual([]);
    await send('POST', `/api/v1/impact/assessments/${id}/finish`, { after: await stepOf(id) });
    clock.move('2026-11-28T09:00:00.000Z');
    expect((await send('GET', `/api/v1/impact/assessments/${id}/recompute`)).json['kind']).toBe('equal');
    expect((await page(`/impact/${id}/result`)).html).toContain('/lawbook/eu-ai-act/regime/');
  });

  it.each([
    ['GET', '/api/v1/impact/assessments/00000000-0000-4000-8000-000000000000', undefined, 'no-assessment'],
    ['GET', '/api/v1/impact/questionnaires/nothing', undefined, 'no-questionnaire'],
    ['GET', '/api/v1/impact/assessments?after=zzz', undefined, 'bad-cursor'],
    ['POST', '/api/v1/impact/assessments', { system: '00000000-0000-4000-8000-000000000000', kind: 'points' }, 'no-system'],
    ['POST', '/api/v1/impact/assessments', { system: '00000000-0000-4000-8000-000000000000', kind: 'nothing' }, 'no-questionnaire'],
    ['POST', '/api/v1/impact/assessments', { system: 'x', kind: 'points' }, 'bad-request'],
  ] as const)('%s %s %j is refused: %s', async (method, url, payload, code) => expect((await send(method, url, payload)).json['code']).toBe(code));

  it.each([
    [{ nothing: 1 }, 'answers.nothing'],
    [{ first: 'yes' }, 'answers.first'],
    [{ second: 'c' }, 'answers.second'],
    [{ table: [{}, { who: 1 }] }, 'answers.table'],
    [{ constructor: 1 }, 'answers.constructor'],
  ])('answers %j are refused whole', async (answers, path) => {
    const id = await start();
    const before = await stepOf(id);
    const { status, json } = await save(id, { purpose: 'kept?', ...answers });
    expect([status, (json['errors'] as { path: string }[])[0]?.path]).toEqual([422, path]);
    expect(await stepOf(id)).toBe(before);
  });

  it('pages through the list without a gap', async () => {
    const seen: string[] = [];
    let after = '';
    do {
      const { json } = await send('GET', `/api/v1/impact/assessments?limit=3${after === '' ? '' : `&after=${after}`}`);
      seen.push(...(json['items'] as { id: string }[]).map((row) => row.id));
      after = (json['next'] as string | undefined) ?? '';
    } while (after !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe((await impact.counts({})).reduce((sum, one) => sum + one.count, 0));
  });

  it.each(LANGUAGES)('every page is whole in %s', async (language) => {
    const id = await start();
    await save(id, { first: true, second: 'a', table: [{ who: 'x', n: 1.5 }] });
    for (const url of ['/impact', '/impact/new', `/impact/new?system=${systemId}`, `/impact/${id}`, `/impact/${id}/pages/about`, `/impact/${id}/pages/risk`, `/impact/${id}/answers`, `/impact/${id}/result`, `/impact/${id}/evidence/second`]) {
      const { status, document } = await page(url, language);
      expect([url, status]).toEqual([url, 200]);
      expect(document.querySelectorAll('h1').length).toBe(1);
      expect(document.documentElement.getAttribute('lang')).toBe(language);
      const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
      expect(ids.filter((one, index) => ids.indexOf(one) !== index)).toEqual([]);
    }
  });
});
