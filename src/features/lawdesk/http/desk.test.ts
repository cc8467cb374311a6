/** Two stories over HTTP: counsel signs, the law changes, her signature falls away where it must; and a draft breaks a case, is repaired, and becomes a version. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname, join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIRING_PACK } from '../../../law/examples.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { migrate } from '../../../platform/db/index.ts';
import { type Served, serve } from '../../../../test/support/serve.ts';
import { type Lawbook, lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { deskRoutes, type Lawdesk, lawdeskMigrations, lawdeskRoutes, openLawdesk } from '../index.ts';

let served: Served;
let lawbook: Lawbook;
let desk: Lawdesk;
let id: string;
let digest: string;
const folder = mkdtempSync(join(tmpdir(), 'mizan-desk-packs-'));

beforeAll(async () => {
  served = await serve();
  await migrate(served.database, [...lawbookMigrations(), ...lawdeskMigrations()]);
  for (const file of HIRING_PACK) {
    const path = join(folder, 'hiring', file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
  }
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  lawbook = await openLawbook({ database: served.database, clock, packsFolder: folder });
  const pack = lawbook.pack();
  if (pack === undefined) throw new Error('no pack');
  ({ id, digest } = pack.ref);
  deskRoutes(served.app, { database: served.database, clock, lawbook, issuer: (_theme, language) => ({ az: 'Reyestr', en: 'Register', ru: 'Реестр' })[language], adoptHref: () => '/effects#waiting' });
  desk = await openLawdesk({ database: served.database, clock, lawbook, packsFolder: folder });
  lawdeskRoutes(served.app, desk);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

async function send(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await served.app.inject({ method, url, headers: { accept: 'text/html', cookie: 'mizan_language=en', ...headers }, ...(payload === undefined ? {} : { payload: payload as object }) });
  return { status: answer.statusCode, body: answer.body, location: answer.headers.location ?? '', headers: answer.headers, bytes: answer.rawPayload };
}

const get = (url: string, language = 'en'): Promise<Answer> => send('GET', url, undefined, { cookie: `mizan_language=${language}` });
const post = (url: string, values: Readonly<Record<string, string>> | string): Promise<Answer> => send('POST', url, new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
const api = async <T>(method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown): Promise<{ readonly status: number; readonly value: T }> => {
  const answer = await send(method, url, body, { accept: 'application/json' });
  return { status: answer.status, value: JSON.parse(answer.body) as T };
};
const words = (html: string): string => (parseHTML(html).document.querySelector('main')?.textContent ?? '').replaceAll(/\s+/g, ' ');

interface Sheet {
  readonly entries: number;
  readonly reviewed: number;
  readonly signed: number;
  readonly states: Readonly<Record<string, number>>;
  readonly rows: readonly { readonly kind: string; readonly entry: string; readonly digest: string; readonly state: string; readonly restsChanged: readonly string[] }[];
}
const sheet = async (ref: string, reviewer = ''): Promise<Sheet> => (await api<Sheet>('GET', `/api/v1/lawdesk/review/${ref}?reviewer=${encodeURIComponent(reviewer)}`)).value;
const rowOf = (of: Sheet, entry: string, kind = 'rule'): Sheet['rows'][number] => {
  const row = of.rows.find((one) => one.entry === entry && one.kind === kind);
  if (row === undefined) throw new Error(`no ${kind} ${entry}`);
  return row;
};

/** Begins a draft and answers its address. */
async function draft(title: string): Promise<{ readonly url: string; readonly id: string }> {
  const begun = await post('/lawdesk/drafts', { digest, title });
  expect(begun.status).toBe(303);
  return { url: begun.location, id: begun.location.split('/').at(-1) ?? '' };
}

const author = 'Rəşad Quliyev';
const LOOKS_MAX = 200;

/** Follows a page that looks again by itself until it has something to show. */
async function settled(url: string): Promise<string> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const page = await get(url);
    if (page.status === 303) return (await get(page.location)).body;
    if (page.headers['refresh'] === undefined) return page.body;
    await sleep(50);
  }
  throw new Error(`${url} does not come to an end`);
}

/** Sends the form that ends a draft, and waits as a reader does: without another click. */
async function finished(url: string, values: Readonly<Record<string, string>>): Promise<string> {
  const sent = await post(`${url}/finish`, { author, ...values });
  expect([sent.status, sent.location.startsWith(url)]).toEqual([303, true]);
  return settled(sent.location);
}

describe('review by counsel', () => {
  const who = { reviewer: 'Leyla Həsənova', licence: 'Bar 0417' };
  let review = '';

  it('shows every entry with its sentence, sources, cases and a form, in three languages', async () => {
    const first = await sheet(id);
    expect([first.reviewed, first.signed, first.states['open']]).toEqual([0, 0, first.entries]);
    for (const [language, heading] of [['en', 'Your verdict'], ['az', 'Rəyiniz'], ['ru', 'Ваше заключение']] as const) {
      const page = await get(`/lawdesk/review/${id}/rule/filter`, language);
      expect(page.status).toBe(200);
      expect(page.body).toContain(heading);
      expect(page.body).not.toContain('<script');
    }
    const page = words((await get(`/lawdesk/review/${id}/rule/filter`)).body);
    for (const part of ['Art. filter', 'narrow? Yes', 'influences? No', 'Renaming', 'this rule decides']) expect(page).toContain(part);
    expect((await get(`/lawdesk/review/${id}?state=open&kind=rule`)).body).toContain('/rule/listed');
  });

  it('asks for name, licence, a verdict and the reason of an objection', async () => {
    const url = `/lawdesk/review/${id}/rule/filter`;
    const { digest: entryDigest } = rowOf(await sheet(id), 'filter');
    for (const [form, said] of [
      [{ verdict: 'agree' }, 'Write the name'],
      [{ verdict: 'agree', reviewer: 'A' }, 'Write the licence'],
      [{ ...who }, 'Choose one of the four'],
      [{ ...who, verdict: 'reject' }, 'Say in the remark'],
      [{ ...who, verdict: 'agree', remark: 'x'.repeat(8_001) }, 'too long'],
    ] as const) {
      const answer = await post(url, { entryDigest, ...form });
      expect(answer.status).toBe(422);
      expect(answer.body).toContain(said);
    }
    expect((await post(url, { ...who, verdict: 'agree', entryDigest: '0'.repeat(64) })).status).toBe(409);
    expect((await post(url, { ...who, verdict: 'agree', entryDigest, review: '00000000-0000-4000-8000-000000000000' })).status).toBe(404);
    expect((await get(`/lawdesk/review/${id}/rule/absent`)).status).toBe(404);
    expect((await get('/lawdesk/review/absent')).status).toBe(404);
    expect((await sheet(id)).reviewed).toBe(0);
  });

  it('keeps the name in the review, goes to the next entry, and counts', async () => {
    const before = await sheet(id);
    const saved = await post(`/lawdesk/review/${id}/rule/filter?kind=rule`, { ...who, entryDigest: rowOf(before, 'filter').digest, verdict: 'agree' });
    expect(saved.status).toBe(303);
    review = new URL(saved.location, 'http://x').searchParams.get('as') ?? '';
    expect(review).toMatch(/^[0-9a-f-]{36}$/);
    const next = await get(`/lawdesk/review/${id}/rule/listed?as=${review}`);
    expect(next.body).toContain('written as Leyla Həsənova, Bar 0417');
    const second = await post(`/lawdesk/review/${id}/rule/listed?as=${review}`, { review, entryDigest: rowOf(before, 'listed').digest, verdict: 'change-needed', remark: '=HYPERLINK("x") needs Art. 6(2)', proposal: 'Say “intended to be used”.', then: 'stay' });
    expect(second.location).toContain(`/rule/listed?as=${review}#history`);
    expect((await get(second.location.split('#')[0] ?? '')).body).toContain('Say “intended to be used”.');
    const after = await sheet(id);
    expect([after.reviewed, after.signed, rowOf(after, 'filter').state, rowOf(after, 'listed').state]).toEqual([2, 1, 'agree', 'change-needed']);
    expect((await sheet(id, 'Somebody, else')).reviewed).toBe(0);
  });

  it('gives the remarks away as CSV, JSON and PDF', async () => {
    const csv = (await get(`/lawdesk/review/${id}/remarks.csv`)).body;
    expect(csv.startsWith('\u{feff}number,')).toBe(true);
    expect(csv).toContain(`"'=HYPERLINK(""x"") needs Art. 6(2)"`);
    const json = JSON.parse((await get(`/lawdesk/review/${id}/remarks.json?reviewer=${encodeURIComponent('Leyla Həsənova, Bar 0417')}`)).body) as { signed: number; remarks: readonly { verdict: string; standing: boolean }[] };
    expect([json.signed, json.remarks.map((remark) => [remark.verdict, remark.standing])]).toEqual([1, [['agree', true], ['change-needed', true]]]);
    const pdf = await get(`/lawdesk/review/${id}/remarks.pdf`, 'az');
    expect([pdf.headers['content-type'], pdf.bytes.subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
  }, 60_000);

  it('binds a signature to the content: a new version leaves only what did not change', async () => {
    const { id: draftId } = await draft('A narrower filter');
    const edited = await api<{ step: number }>('PATCH', `/api/v1/lawdesk/drafts/${draftId}/rule/filter`, { after: 0, edits: [{ path: ['label', 'en'], value: 'filter, read narrowly' }] });
    expect(edited.value).toEqual({ step: 1 });
    const done = await api<{ digest: string; version: string }>('POST', `/api/v1/lawdesk/drafts/${draftId}/finish`, { after: 1, version: '9.0.0', author: 'Rəşad Quliyev' });
    expect(done.status).toBe(200);
    const now = await sheet(done.value.digest);
    expect([rowOf(now, 'filter').state, rowOf(now, 'listed').state, now.signed]).toEqual(['changed', 'change-needed', 0]);
    const page = words((await get(`/lawdesk/review/${done.value.digest}/rule/filter`)).body);
    expect(page).toContain('changed since it was reviewed');
    expect(page).toContain('filter, read narrowly');
    expect(now.rows.flatMap((row) => row.restsChanged)).toEqual([]);
    // The version in force is what it was, and so is what was signed of it.
    expect(rowOf(await sheet(id), 'filter').state).toBe('agree');
  });

  it('says when what a rule rests on has changed since, and lets the verdict stand', async () => {
    const { id: draftId } = await draft('A wider use');
    expect((await api('PATCH', `/api/v1/lawdesk/drafts/${draftId}/definition/hit`, { after: 0, edits: [{ path: ['when'], value: 'person and recruit and not narrow or recruit and person' }] })).status).toBe(200);
    expect((await api('PATCH', `/api/v1/lawdesk/drafts/${draftId}/parameter/applies.route.III`, { after: 1, edits: [{ path: ['values', 1, 'value'], value: '2028-12-02' }] })).status).toBe(200);
    const done = await api<{ digest: string }>('POST', `/api/v1/lawdesk/drafts/${draftId}/finish`, { after: 2, version: '9.0.1', author: 'Rəşad Quliyev' });
    expect(done.status).toBe(200);
    const now = await sheet(done.value.digest);
    expect([rowOf(now, 'listed').state, rowOf(now, 'listed').restsChanged, rowOf(now, 'filter').restsChanged]).toEqual(['change-needed', ['definition:hit', 'parameter:applies.route.III'], []]);
    for (const [language, said] of [['en', 'What it rests on has changed since the verdict'], ['az', 'əsaslandığı hissə dəyişib'], ['ru', 'изменилось то, на чём оно основано']] as const) {
      const page = await get(`/lawdesk/review/${done.value.digest}/rule/listed`, language);
      expect(words(page.body)).toContain(said);
      expect(page.body).toContain(`/lawdesk/review/${done.value.digest}/definition/hit`);
    }
    const among = await get(`/lawdesk/review/${done.value.digest}?state=rests-changed`);
    expect([among.body.includes('/rule/listed'), among.body.includes('/rule/filter')]).toEqual([true, false]);
  });
});

describe('the editor', () => {
  const sentence = (after: number, more: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({ form: 'sentence', after: String(after), condition: 'when', ...more });

  it('edits a sentence, shows the case that breaks, undoes, and finishes', async () => {
    const { url } = await draft('The filter');
    const rule = `${url}/rule/filter`;
    expect((await get(rule)).body).toContain('All 2 cases answer as expected');
    // not profiling → profiling: renaming files is high-risk then.
    const flipped = await post(rule, sentence(0, { at: '2', act: 'negate' }));
    expect(flipped.status).toBe(303);
    const broken = words((await get(rule)).body);
    for (const part of ['profiling? Yes', '1 case does not answer as expected', 'Renaming', 'answered otherwise']) expect(broken).toContain(part);
    // A draft with a failing case is not installed.
    expect(words(await finished(url, { after: '1', version: '9.1.0' }))).toContain('case “renaming” expects');
    expect((await lawbook.versions(id)).map((version) => version.ref.version)).not.toContain('9.1.0');
    const undone = await post(`${url}/undo`, { after: '1' });
    expect(undone.status).toBe(303);
    expect((await get(rule)).body).toContain('All 2 cases answer as expected');
    expect((await post(`${url}/finish`, { after: '2', version: '9.1.0', author })).body).toContain('Nothing was changed');
    // Wrap, move, add: the text of the pack says what the tree says.
    expect((await post(rule, sentence(2, { at: '1', act: 'up' }))).status).toBe(303);
    expect((await get(rule)).body).toContain('not influences and narrow and not profiling');
    const added = await post(rule, sentence(3, { at: '', act: 'add', name: 'person', relation: 'yes' }));
    expect(added.status).toBe(303);
    expect((await get(rule)).body).toContain('not influences and narrow and not profiling and person');
    const nameless = await post(`${url}/finish`, { after: '4', version: '9.1.0' });
    expect([nameless.status, nameless.body.includes('Give your name')]).toEqual([422, true]);
    const done = await finished(url, { after: '4', version: '9.1.0' });
    for (const part of ['Version 9.1.0 stands beside', 'href="/effects#waiting"', '/bundle"']) expect(done).toContain(part);
    expect((await lawbook.versions(id)).map((version) => version.ref.version)).toContain('9.1.0');
    expect(lawbook.pack()?.ref.digest).toBe(digest);
    expect((await post(rule, sentence(5, { at: '0', act: 'negate' }))).status).toBe(409);
    // Base and draft side by side.
    expect(words((await get(`${url}/difference`)).body)).toContain('not influences and narrow');
    const versions = await lawbook.versions(id);
    const newest = versions.find((version) => version.ref.version === '9.1.0')?.ref.digest ?? '';
    expect((await get(`/lawdesk/difference?from=${digest}&to=${newest}`)).status).toBe(200);
    expect((await get(`/lawdesk/difference?from=${digest}&to=${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('remembers where a version comes from, and holds it without a signature', async () => {
    const made = (await lawbook.versions(id)).find((version) => version.ref.version === '9.1.0')?.ref.digest ?? '';
    const page = words((await get(`/lawdesk/packs/${made}`)).body);
    for (const part of ['made at this desk', 'example 1.0.0', author, 'up to step 4', 'held by this register', 'A pack from outside needs a trusted signature', '2 of 2']) expect(page).toContain(part);
    expect(await desk.packs.objection(made)).toBeUndefined();
    expect(await desk.packs.objection(digest)).toBeUndefined();
    // The same files put there by no act of the desk: nobody answers for them.
    const files = (await lawbook.filesByDigest(made)) ?? [];
    const stray = await lawbook.install(files.map((file) => (file.path === 'pack.yaml' ? { ...file, text: file.text.replace('9.1.0', '9.1.1') } : file)));
    if (!stray.ok) throw new Error('does not load');
    expect(await desk.packs.objection(stray.value.ref.digest)).toEqual({ code: 'unsigned', role: 'publisher' });
    expect(words((await get(`/lawdesk/packs/${stray.value.ref.digest}`)).body)).toContain('no record of where this version comes from');
    const origins = (await api<{ packs: readonly { version: string; origin: string }[] }>('GET', '/api/v1/lawdesk/packs')).value.packs;
    expect(new Map(origins.map((one) => [one.version, one.origin]))).toEqual(new Map([['9.1.1', 'unknown'], ['9.1.0', 'made-here'], ['9.0.1', 'made-here'], ['9.0.0', 'made-here'], ['1.0.0', 'built-in']]));
  });

  it('keeps comments and order of the file', async () => {
    const { url, id: draftId } = await draft('Texts and dates');
    const parameter = `${url}/parameter/applies.route.III`;
    const values = { 'value.0.value': '2026-08-02', 'value.0.from': '', 'value.0.known': '2024-07-12', 'value.0.source': 'Reg. (EU) 2024/1689 Art. 113', 'value.0.ev': 'V', 'value.1.value': '2028-12-02', 'value.1.from': '', 'value.1.known': '2026-07-27', 'value.1.source': 'Reg. (EU) 2026/1744 Art. 1', 'value.1.ev': 'V', 'value.2.value': '', 'value.2.from': '', 'value.2.known': '', 'value.2.source': '', 'value.2.ev': '' };
    expect((await post(parameter, { form: 'values', after: '0', ...values })).status).toBe(303);
    expect((await post(parameter, { form: 'values', after: '1', ...values, 'value.2.value': '2026-02-30', 'value.2.known': '2026-01-01' })).body).toContain('A date that exists');
    const state = await api<{ files: readonly { path: string; text: string }[] }>('GET', `/api/v1/lawdesk/drafts/${draftId}`);
    const before = HIRING_PACK.find((file) => file.path === 'parameters.yaml')?.text ?? '';
    expect(state.value.files.find((file) => file.path === 'parameters.yaml')?.text).toBe(before.replace('2027-12-02', '2028-12-02'));
    const difference = words((await get(`${url}/difference?dates=yes`)).body);
    expect(difference).toContain('2 December 2027');
    expect(difference).toContain('2 December 2028');
    expect((await post(`${url}/rule/listed`, { form: 'cite', after: '1', 'cite.0.act': 'act', 'cite.0.article': 'Art. 6(2)', 'cite.1.act': 'act', 'cite.1.article': 'Annex III', 'cite.2.act': '', 'cite.2.article': '' })).status).toBe(303);
    expect((await post(`${url}/rule/listed`, { form: 'fields', after: '2', 'field.ev': 'S', 'field.valid_from': '2026-08-02' })).status).toBe(303);
    expect((await post(`${url}/rule/listed`, { form: 'texts', after: '3', 'text.label.en': 'Listed: uses' })).status).toBe(303);
    expect((await post(`${url}/case/ranking`, { form: 'case', after: '4', fact: 'narrow', 'answer.narrow': 'yes', 'expect.0.id': 'high.III.4a', 'expect.0.value': 'holds', 'expect.1.id': '', 'expect.1.value': '' })).status).toBe(303);
    expect((await post(`${url}/case/ranking`, { form: 'copy', after: '5', newId: 'ranking-2' })).location).toContain('/case/ranking-2?saved=yes');
    const listed = (await api<{ files: readonly { path: string; text: string }[]; problems: readonly { severity: string }[] }>('GET', `/api/v1/lawdesk/drafts/${draftId}`)).value;
    const rules = listed.files.find((file) => file.path === 'rules.yaml')?.text ?? '';
    for (const part of ['ev: S', 'valid_from: 2026-08-02', 'en: "Listed: uses"', '{ act: act, article: "Annex III" }']) expect(rules).toContain(part);
    const cases = listed.files.find((file) => file.path === 'cases.yaml')?.text ?? '';
    expect(cases).toContain('id: ranking-2');
    expect(cases).toContain('narrow: yes');
    expect(cases).not.toContain('high: holds');
  });

  it('refuses the stale, the deep, the unknown and the broken, and keeps what was there', async () => {
    const { url } = await draft('Bad input');
    const rule = `${url}/rule/filter`;
    expect((await post(rule, sentence(0, { at: '0', act: 'negate' }))).status).toBe(303);
    const stale = await post(rule, sentence(0, { at: '1', act: 'remove' }));
    expect([stale.status, stale.body.includes('changed since you read it')]).toEqual([409, true]);
    for (const [form, said] of [
      [{ at: '9', act: 'remove' }, 'not in the sentence'],
      [{ at: '0', act: 'up' }, 'no neighbour'],
      [{ at: '', act: 'remove' }, 'last condition'],
      [{ at: '0', act: 'replace', name: 'nobody', relation: 'yes' }, 'no such question'],
      [{ at: '../../x', act: 'remove' }, 'not in the sentence'],
      [{ at: '0', act: 'explode' }, 'not known'],
      [{ condition: 'label.en', at: '', act: 'negate' }, 'not in the sentence'],
    ] as const) {
      const answer = await post(rule, sentence(1, form));
      expect([answer.status, words(answer.body).includes(said) ? said : words(answer.body).slice(0, 200)]).toEqual([422, said]);
    }
    // Thirteen levels by hand, through the interface for programs, then one more by the form.
    const deep = `${'recruit and (person or '.repeat(6)}narrow${')'.repeat(6)}`;
    const draftId = url.split('/').at(-1) ?? '';
    expect((await api('PATCH', `/api/v1/lawdesk/drafts/${draftId}/rule/filter`, { after: 1, edits: [{ path: ['when'], value: deep }] })).status).toBe(200);
    const tooDeep = await post(rule, sentence(2, { at: '', act: 'negate' }));
    expect([tooDeep.status, tooDeep.body.includes('more than 12 levels')]).toEqual([422, true]);
    // A broken draft is shown with its problem at the entry, and an undo repairs it.
    expect((await api('PATCH', `/api/v1/lawdesk/drafts/${draftId}/rule/filter`, { after: 2, edits: [{ path: ['when'], value: 'nowhere and (' }] })).status).toBe(200);
    const broken = await get(rule);
    expect(broken.status).toBe(200);
    for (const part of ['does not load like this', 'cannot be read', 'bad-condition']) expect(words(broken.body)).toContain(part);
    expect((await post(`${url}/finish`, { after: '3', version: '9.2.0', author })).location).toBe(`${url}/check?finish=yes`);
    expect((await post(`${url}/undo`, { after: '3' })).status).toBe(303);
    expect((await get(rule)).body).not.toContain('does not load like this');
    expect((await get(`${url}/rule/absent`)).status).toBe(404);
    expect((await get(`${url}/nothing/filter`)).status).toBe(404);
    expect((await get('/lawdesk/drafts/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await post(`${url}/finish`, { after: '4', version: 'next', author })).body).toContain('three numbers');
    expect((await post(`${url}/finish`, { after: '4', version: '0.0.1', author })).body).toContain('not later');
    expect((await post('/lawdesk/drafts', { digest: '0'.repeat(64), title: 'x' })).status).toBe(404);
    expect((await post('/lawdesk/drafts', { digest, title: ' ' })).status).toBe(422);
    expect((await post(`${url}/discard`, { after: '4' })).location).toBe('/lawdesk/drafts');
    expect((await post(`${url}/undo`, { after: '5' })).status).toBe(409);
  });

  it('finds questions by words and offers their answers without a script', async () => {
    const { url } = await draft('Search');
    const found = await get(`${url}/rule/filter?condition=when&at=0&mode=replace&q=profil`);
    expect(found.body).toContain('mode=replace&amp;name=profiling#panel');
    const form = await get(`${url}/rule/filter?condition=when&at=0&mode=replace&name=profiling`);
    expect(parseHTML(form.body).document.querySelectorAll('#answer input[name="relation"]').length).toBe(2);
    expect(form.body).not.toContain('<script');
    for (const language of ['az', 'ru']) expect((await get(`${url}/rule/filter?condition=when&at=root`, language)).status).toBe(200);
  });
});
