/** Stories over HTTP: law is written from nothing, and the lines of timings and duties are changed, without a word of YAML. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUTIES_PACK } from '../../../law/examples-duties.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { migrate } from '../../../platform/db/index.ts';
import { type Served, serve } from '../../../../test/support/serve.ts';
import { lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { deskRoutes, lawdeskMigrations } from '../index.ts';
import { entryOf, type EntryKind, type Plain } from '../rules/entries.ts';
import { NEW_KINDS } from '../rules/new-entry.ts';

let served: Served;
let digest = '';
const folder = mkdtempSync(join(tmpdir(), 'mizan-desk-packs-'));

beforeAll(async () => {
  served = await serve();
  await migrate(served.database, [...lawbookMigrations(), ...lawdeskMigrations()]);
  for (const file of DUTIES_PACK) {
    const path = join(folder, 'example', file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
  }
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  const lawbook = await openLawbook({ database: served.database, clock, packsFolder: folder });
  digest = lawbook.pack()?.ref.digest ?? '';
  deskRoutes(served.app, { database: served.database, clock, lawbook, issuer: (_theme, language) => ({ az: 'Reyestr', en: 'Register', ru: 'Реестр' })[language] });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string;
  readonly refresh: unknown;
}
type Form = Readonly<Record<string, string>>;

async function send(method: 'GET' | 'POST', url: string, form?: Form | URLSearchParams, language = 'en'): Promise<Answer> {
  const answer = await served.app.inject({ method, url, headers: { accept: 'text/html', cookie: `mizan_language=${language}`, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) }, ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }) });
  return { status: answer.statusCode, body: answer.body, location: answer.headers.location ?? '', refresh: answer.headers['refresh'] };
}
const words = (html: string): string => (parseHTML(html).document.querySelector('main')?.textContent ?? '').replaceAll(/\s+/g, ' ');
const errorsOf = (html: string): readonly string[] => [...parseHTML(html).document.querySelectorAll('.error-summary a')].map((link) => (link.getAttribute('href') ?? '').slice(1));

async function draft(): Promise<string> {
  return (await send('POST', '/lawdesk/drafts', { digest, title: 'From nothing' })).location;
}
async function dataOf(url: string, kind: EntryKind, id: string): Promise<{ readonly [key: string]: Plain } | undefined> {
  const answer = await served.app.inject({ method: 'GET', url: `/api/v1${url}`, headers: { accept: 'application/json' } });
  const { files } = JSON.parse(answer.body) as { readonly files: readonly { readonly path: string; readonly text: string }[] };
  return entryOf(files, kind, id)?.data;
}

const LANGUAGES = ['az', 'en', 'ru'];
const said = (key: string, text: string): Form => Object.fromEntries(LANGUAGES.map((language) => [`new.${key}.${language}`, `${text} (${language})`]));
const CITE: Form = { 'new.cite.act': 'act', 'new.cite.article': 'Art. 7' };

/** What every kind needs at least, in an order in which each may use those before. */
const ENTRIES: readonly (readonly [kind: string, file: string, form: Form])[] = [
  ['fact', 'facts.yaml', { id: 'voice', 'new.group': 'g', 'new.type': 'enum', 'new.values.0.id': 'live', 'new.values.0.az': 'Canlı', 'new.values.0.en': 'Live', 'new.values.0.ru': 'Живой', 'new.values.1.id': 'copied', 'new.values.1.az': 'Surət', 'new.values.1.en': 'Copied', 'new.values.1.ru': 'Копия', ...said('ask', 'Whose voice?'), ...said('help', 'Help'), ...said('example', 'Example'), ...said('why', 'Why'), ...CITE }],
  ['fact', 'facts.yaml', { id: 'imitates', 'new.group': 'g', 'new.type': 'bool', ...said('ask', 'Does it imitate a person?'), ...said('help', 'Help'), ...said('example', 'Example'), ...said('why', 'Why'), ...CITE }],
  ['definition', 'rules.yaml', { id: 'imitation', 'new.when': 'imitates', ...said('label', 'Imitation'), ...CITE }],
  ['parameter', 'parameters.yaml', { id: 'applies.voice', 'new.type': 'date', ...said('label', 'Voices'), 'new.values.value': '2027-01-01', 'new.values.known': '2026-10-01', 'new.values.source': 'Art. 7(2)' }],
  ['parameter', 'parameters.yaml', { id: 'voice.days', 'new.type': 'number', ...said('label', 'Days'), 'new.values.value': '', 'new.values.known': '2026-10-01', 'new.values.source': 'Art. 7(3)', 'new.values.ev': 'V' }],
  ['conclusion', 'rules.yaml', { id: 'transparency.voice', 'new.family': 'transparency', ...said('label', 'Voices'), ...said('plain', 'A voice is imitated.') }],
  ['rule', 'rules.yaml', { id: 'voice-general', 'new.concludes': 'transparency.voice', 'new.kind': 'general', 'new.when': 'imitation', ...said('label', 'Imitated voices'), ...CITE, 'new.ev': 'V', 'new.authority': 'law' }],
  ['rule', 'rules.yaml', { id: 'voice-exception', 'new.concludes': 'transparency.voice', 'new.kind': 'exception', 'new.when': 'generator', ...said('label', 'Not where it is a generator'), ...CITE }],
  ['timing', 'timings.yaml', { id: 'voice-day', ...said('label', 'From its own day') }],
  ['duty-group', 'duties.yaml', { id: 'voices', ...said('label', 'Voices') }],
  ['clock', 'duties.yaml', { id: 'voice.report', ...said('label', 'Report'), ...CITE, 'new.length': '$incident.days', 'new.unit': 'days', 'new.from': 'awareness' }],
  ['duty', 'duties.yaml', { id: 'V.TELL', 'new.role': 'role.provider', 'new.group': 'voices', 'new.when': 'transparency.voice', ...said('label', 'Tell'), ...said('plain', 'Say that the voice is imitated.'), ...CITE, 'new.timing': 'voice-day', 'new.article': '$applies.voice' }],
  ['case', 'cases.yaml', { id: 'voice', ...said('title', 'A voice'), ...said('story', 'A shop imitates a singer.'), 'new.expect.id': 'transparency.voice', 'new.expect.result': 'holds' }],
];

describe('an entry from nothing', () => {
  it('offers every kind in three languages, with a form that asks only for what it needs', async () => {
    const url = await draft();
    expect((await send('GET', url)).body).toContain(`${url}/new`);
    for (const language of LANGUAGES) {
      const kinds = await send('GET', `${url}/new`, undefined, language);
      expect(kinds.status).toBe(200);
      for (const kind of NEW_KINDS) {
        expect(kinds.body).toContain(`${url}/new/${kind}`);
        expect((await send('GET', `${url}/new/${kind}`, undefined, language)).status).toBe(200);
      }
    }
    expect((await send('GET', `${url}/new/headline`)).status).toBe(404);
    // The file with most entries of the kind is chosen.
    expect(parseHTML((await send('GET', `${url}/new/fact`)).body).document.querySelector('select[name="file"] option[selected]')?.getAttribute('value')).toBe('facts.yaml');
  });

  it('is refused with what is missing, and keeps what was written', async () => {
    const url = await draft();
    const empty = await send('POST', `${url}/new/rule`, { after: '0', 'new.label.en': 'Kept words' });
    expect(empty.status).toBe(422);
    expect(errorsOf(empty.body)).toEqual(['id', 'file', 'new.concludes', 'new.when', 'new.label.az', 'new.label.ru', 'new.cite.act', 'new.cite.article']);
    expect(empty.body).toContain('Kept words');
    expect(words(empty.body)).toContain('Fill in: Label (AZ)');
    const rule: Form = { after: '0', file: 'rules.yaml', 'new.concludes': 'gpai', 'new.when': 'model', ...said('label', 'x'), ...CITE };
    for (const [form, field] of [
      [{ ...rule, id: '1st' }, 'id'],
      [{ ...rule, id: 'a53' }, 'id'],
      [{ ...rule, id: 'n', file: '../facts.yaml' }, 'file'],
      [{ ...rule, id: 'n', 'new.when': 'size' }, 'new.when'],
      [{ ...rule, id: 'n', 'new.concludes': 'nobody' }, 'new.concludes'],
      [{ ...rule, id: 'n', 'new.kind': 'maybe' }, 'new.kind'],
      [{ ...rule, id: 'n', 'new.cite.act': 'other' }, 'new.cite.act'],
    ] as const) {
      const answer = await send('POST', `${url}/new/rule`, form);
      expect([answer.status, errorsOf(answer.body)]).toEqual([422, [field]]);
    }
    const parameter: Form = { after: '0', id: 'p', file: 'parameters.yaml', 'new.type': 'date', ...said('label', 'p'), 'new.values.source': 's' };
    for (const [form, field] of [
      [{ 'new.values.value': '2027-02-30', 'new.values.known': '2026-01-01' }, 'new.values.value'],
      [{ 'new.values.known': '' }, 'new.values.known'],
      [{ 'new.type': 'number', 'new.values.value': 'many', 'new.values.known': '2026-01-01' }, 'new.values.value'],
    ] as const) {
      expect(errorsOf((await send('POST', `${url}/new/parameter`, { ...parameter, ...form })).body)).toEqual([field]);
    }
    const oneAnswer = Object.fromEntries(Object.entries(ENTRIES[0]?.[2] ?? {}).filter(([name]) => !name.startsWith('new.values.1')));
    expect(errorsOf((await send('POST', `${url}/new/fact`, { after: '0', file: 'facts.yaml', ...oneAnswer })).body)).toEqual(['new.values.0.id']);
    expect((await send('POST', `${url}/new/rule`, { ...rule, id: 'n', after: '7' })).status).toBe(409);
    expect((await send('GET', url)).body).toContain('Nothing has been changed yet');
  });

  it('makes a whole piece of law, which loads, is checked, and is undone step by step', async () => {
    const url = await draft();
    for (const [step, [kind, file, form]] of ENTRIES.entries()) {
      const made = await send('POST', `${url}/new/${kind}`, { after: String(step), file, ...form });
      expect([made.status, made.location, errorsOf(made.body)]).toEqual([303, `${url}/${kind}/${encodeURIComponent(form['id'] ?? '')}?saved=yes`, []]);
      const page = await send('GET', made.location);
      expect([page.status, words(page.body).includes('does not load like this') ? words((await send('GET', `${url}/check`)).body).slice(0, 600) : '']).toEqual([200, '']);
    }
    expect(await dataOf(url, 'rule', 'voice-exception')).toEqual({ id: 'voice-exception', concludes: 'transparency.voice', kind: 'exception', when: 'generator', label: { az: 'Not where it is a generator (az)', en: 'Not where it is a generator (en)', ru: 'Not where it is a generator (ru)' }, cite: [{ act: 'act', article: 'Art. 7' }], ev: 'K', authority: 'law' });
    expect((await dataOf(url, 'parameter', 'voice.days'))?.['values']).toEqual([{ value: null, known: '2026-10-01', source: 'Art. 7(3)', ev: 'V' }]);
    expect((await dataOf(url, 'timing', 'voice-day'))?.['due']).toEqual([{ id: 'ordinary', date: 'max(article, route)', label: { az: 'From its own day (az)', en: 'From its own day (en)', ru: 'From its own day (ru)' } }]);
    const after = ENTRIES.length;
    // The case waits for its facts, then answers as expected.
    expect(words((await send('GET', `${url}/case/voice`)).body)).toContain('1 case does not answer as expected');
    const facts = new URLSearchParams({ form: 'case', after: String(after) });
    for (const [fact, value] of [['imitates', 'yes'], ['generator', 'no']] as const) {
      facts.append('fact', fact);
      facts.append(`answer.${fact}`, value);
    }
    expect((await send('POST', `${url}/case/voice`, facts)).status).toBe(303);
    expect(words((await send('GET', `${url}/case/voice`)).body)).toContain('1 case answers as expected');
    // The check shows what it finds by itself.
    let check = await send('GET', `${url}/check`);
    for (let looks = 0; check.refresh !== undefined && looks < 200; looks++) {
      expect(words(check.body)).toContain('The check runs');
      await sleep(50);
      check = await send('GET', `${url}/check`);
    }
    expect(words(check.body)).toContain('Worked cases');
    expect((await send('POST', `${url}/undo`, { after: String(after + 1) })).status).toBe(303);
    const undone = await send('POST', `${url}/undo`, { after: String(after + 2) });
    expect([undone.status, undone.location]).toEqual([303, `${url}#history`]);
    expect((await send('GET', `${url}/case/voice`)).status).toBe(404);
  });
});

describe('lines of timings and duties', () => {
  const due = (after: number, more: Form): Form => ({ form: 'rows', list: 'due', after: String(after), ...more });
  const ids = async (url: string): Promise<readonly Plain[]> => ((await dataOf(url, 'timing', 'marking'))?.['due'] as readonly { readonly id: string }[] | undefined)?.map(({ id }) => id) ?? [];

  it('are changed, added, moved and removed, and nothing else moves', async () => {
    const url = await draft();
    const timing = `${url}/timing/marking`;
    for (const language of LANGUAGES) expect((await send('GET', timing, undefined, language)).status).toBe(200);
    expect(words((await send('GET', timing)).body)).toContain('Due: the lines of the timing');
    const changed = await send('POST', timing, due(0, { 'row.0.if': 'first_placed < $trans.111_3.before', 'row.1.date': 'max(article, route)' }));
    expect([changed.status, changed.location]).toEqual([303, `${timing}?saved=yes#rows-due`]);
    expect((await send('POST', timing, due(1, { 'row.new.id': 'public', 'row.new.when': 'public_use', 'row.new.date': 'never', 'row.new.again': 'design_change', 'row.new.label.az': 'İctimai', 'row.new.label.en': 'Public', 'row.new.label.ru': 'Публичное' }))).status).toBe(303);
    expect(await ids(url)).toEqual(['111_4', 'placing', 'public']);
    // A condition on the last line is a mistake of law; moved up it is none.
    expect(words((await send('GET', timing)).body)).toContain('does not load like this');
    expect((await send('POST', timing, due(2, { 'row.2.then': 'up' }))).status).toBe(303);
    expect(await ids(url)).toEqual(['111_4', 'public', 'placing']);
    expect(words((await send('GET', timing)).body)).not.toContain('does not load like this');
    expect((await send('POST', timing, due(3, { 'row.1.when': '@remove', 'row.0.then': 'remove' }))).status).toBe(303);
    expect((await send('POST', timing, due(4, { 'row.0.when': 'chatbot', 'row.0.again': '' }))).status).toBe(303);
    expect((await dataOf(url, 'timing', 'marking'))?.['due']).toEqual([
      { id: 'public', date: 'never', label: { az: 'İctimai', en: 'Public', ru: 'Публичное' }, when: 'chatbot' },
      { id: 'placing', date: 'max(article, route)', label: { az: 'placing (az)', en: 'placing', ru: 'placing (ru)' }, cite: [{ act: 'act', article: 'Art. placing' }] },
    ]);
    expect((await send('POST', `${url}/timing/chapter-9`, { form: 'rows', list: 'dates.1.lines', after: '5', 'row.0.when': '@remove', 'row.0.if': 'article <= route' })).status).toBe(303);
    expect((await dataOf(url, 'timing', 'chapter-9'))?.['dates']).toMatchObject([{ id: 'cut' }, { id: 'base', lines: [{ date: 'article', if: 'article <= route' }, { date: 'max(article, route)' }] }]);
    expect(words((await send('GET', timing)).body)).not.toContain('does not load like this');
  });

  it('are refused where they cannot be read or are not whole', async () => {
    const url = await draft();
    const timing = `${url}/timing/marking`;
    for (const [form, part] of [
      [{ 'row.0.date': 'max(article' }, 'cannot be read'],
      [{ 'row.0.if': 'yesterday' }, 'cannot be read'],
      [{ 'row.0.date': '' }, 'not complete'],
      [{ 'row.new.date': 'never' }, 'not complete'],
      [{ 'row.new.id': 'placing', 'row.new.date': 'never', 'row.new.label.az': 'x', 'row.new.label.en': 'x', 'row.new.label.ru': 'x' }, 'is taken'],
      [{ 'row.0.again': 'nobody' }, 'Choose an answer'],
      [{ 'row.0.then': 'remove', 'row.1.then': 'remove' }, 'keeps at least one line'],
      [{}, 'Nothing was changed'],
      [{ list: 'label' }, 'not known'],
    ] as const) {
      const answer = await send('POST', timing, due(0, form));
      expect([answer.status, words(answer.body).includes(part) ? part : words(answer.body).slice(0, 300)]).toEqual([422, part]);
    }
  });

  it('of a duty: evidence, retention and clocks', async () => {
    const url = await draft();
    const duty = `${url}/duty/T.1`;
    const label = (text: string): Form => Object.fromEntries(LANGUAGES.map((language) => [`row.new.label.${language}`, `${text} ${language}`]));
    const post = (after: number, list: string, form: Form): Promise<Answer> => send('POST', duty, { form: 'rows', list, after: String(after), ...form });
    expect(words((await post(0, 'retention', { 'row.new.id': 'logs', 'row.new.length': '$nobody', 'row.new.unit': 'months', 'row.new.from': 'use', ...label('Logs') })).body)).toContain('Choose an answer');
    expect((await post(0, 'evidence', { 'row.new.id': 'notice', ...label('Notice') })).status).toBe(303);
    expect((await post(1, 'evidence', { 'row.new.id': 'photo', ...label('Photo') })).status).toBe(303);
    expect((await post(2, 'evidence', { 'row.0.then': 'remove' })).status).toBe(303);
    expect((await post(3, 'retention', { 'row.new.id': 'logs', 'row.new.length': '$docs.years', 'row.new.unit': 'years', 'row.new.from': 'use', ...label('Logs') })).status).toBe(303);
    expect((await post(4, 'retention', { 'row.0.unit': 'months' })).status).toBe(303);
    expect((await send('POST', duty, { form: 'clocks', after: '5', clocks: 'incident.days' })).status).toBe(303);
    const data = await dataOf(url, 'duty', 'T.1');
    expect(data?.['evidence']).toEqual([{ id: 'photo', label: { az: 'Photo az', en: 'Photo en', ru: 'Photo ru' } }]);
    expect(data?.['retention']).toEqual([{ id: 'logs', length: '$docs.years', unit: 'months', from: 'use', label: { az: 'Logs az', en: 'Logs en', ru: 'Logs ru' } }]);
    expect(data?.['clocks']).toEqual(['incident.days']);
    expect(words((await send('GET', duty)).body)).not.toContain('does not load like this');
    expect((await post(6, 'evidence', { 'row.0.then': 'remove' })).status).toBe(303);
    expect((await send('POST', duty, { form: 'clocks', after: '7' })).status).toBe(303);
    expect(Object.keys((await dataOf(url, 'duty', 'T.1')) ?? {})).not.toContain('evidence');
    expect(Object.keys((await dataOf(url, 'duty', 'T.1')) ?? {})).not.toContain('clocks');
    expect((await send('POST', `${url}/rule/a53`, { form: 'clocks', after: '8', clocks: 'incident.days' })).status).toBe(422);
  });
});
