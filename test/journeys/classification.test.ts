/** From an inventory to a published classification: import, work list, answers until nothing is open, record, recompute, public page. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/base/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { inventoryCsv } from '../support/inventory.ts';
import { openStory, STORY_DAY, type Story } from '../support/story.ts';

interface Sheet {
  readonly step: number;
  readonly ask: readonly string[];
  readonly skipped: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly candidates: readonly { readonly conclusion: string; readonly fact: string }[];
  readonly headline: { readonly id: string; readonly label: string };
  readonly regimes: readonly { readonly id: string; readonly result: string; readonly dates: { readonly appliesFrom?: string; readonly applies: boolean } }[];
}
interface Fact {
  readonly id: string;
  readonly type: 'bool' | 'enum' | 'set' | 'number' | 'date';
  readonly values: readonly { readonly id: string }[];
}
interface Work {
  readonly items: readonly { readonly systemId: string; readonly name: string; readonly stakes: number; readonly probable: readonly string[]; readonly state: string }[];
  readonly total: number;
  readonly next?: string;
}

/** What a person who knows the system would say; everything else is no, nothing or the first choice. */
const RECRUITMENT: Readonly<Record<string, unknown>> = { 'S.infers': true, 'S.nexus': ['market_EU'], 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'], 'X.task': 'none', 'X.profiling': true };
const regimeOf = (sheet: Sheet) => sheet.regimes.find((one) => one.id === 'high_risk.III.4a');
/** More questions than any law has; a story that needs more would never end. */
const QUESTIONS_MAX = 400;

onEveryEngine((_open, engine) => {
  let story: Story;
  let facts: ReadonlyMap<string, Fact>;
  let regimes: readonly string[];
  const idOf = new Map<string, string>();

  beforeAll(async () => {
    story = await openStory({ engine });
    await story.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() });
    const { packs } = (await story.get('/api/v1/law')).json<{ packs: { facts: Fact[]; regimes: { id: string }[] }[] }>();
    facts = new Map(packs[0]?.facts.map((fact) => [fact.id, fact]));
    regimes = packs[0]?.regimes.map((one) => one.id) ?? [];
    for (const item of (await story.get('/api/v1/worklist?limit=100')).json<Work>().items) idOf.set(item.name, item.systemId);
  });
  afterAll(async () => story?.close());

  const sheetOf = async (id: string, dates = ''): Promise<Sheet> => (await story.get(`/api/v1/systems/${id}/assessment${dates}`)).json<Sheet>();
  const answer = async (id: string, fact: string, value: unknown, after: number) => story.send('POST', `/api/v1/systems/${id}/answers`, { fact, answer: value, after });
  /** Says no to everything but what `known` says otherwise, until the law asks nothing more. */
  const interview = async (id: string, known: Readonly<Record<string, unknown>>): Promise<Sheet> => {
    for (let asked = 0; asked < QUESTIONS_MAX; asked++) {
      const sheet = await sheetOf(id);
      const [question] = sheet.ask;
      if (question === undefined) return sheet;
      const fact = facts.get(question);
      if (fact === undefined) throw new Error(`the law asks for ${question} and has no such question`);
      const plain = { bool: false, set: [], enum: fact.values[0]?.id, number: 0, date: STORY_DAY }[fact.type];
      const given = await answer(id, question, question in known ? known[question] : plain, sheet.step);
      expect(given.status, given.body).toBe(200);
    }
    throw new Error('the questions do not end');
  };

  it('orders the work by stakes and names a legal point in each of the three languages of the texts', async () => {
    const { items, total } = (await story.get('/api/v1/worklist')).json<Work>();
    expect(total).toBe(6);
    expect(items.map((item) => item.stakes)).toEqual(items.map((item) => item.stakes).toSorted((a, b) => b - a));
    const probable = (name: string): readonly string[] => items.find((item) => item.name === name)?.probable ?? [];
    expect(probable('İşə qəbul köməkçisi')).toContain('high_risk.III.4a');
    expect(probable('Recruitment ranking')).toContain('high_risk.III.4a');
    expect(probable('Помощник по пособиям')).toContain('high_risk.III.5a');
    expect(items.at(-1)?.stakes).toBe(0);
    const { document } = await story.page('/assessment');
    expect([...document.querySelectorAll('main tbody th a')].map((link) => link.textContent)).toEqual(items.map((item) => item.name));
  });

  it('does not call a system that nobody answered for settled', async () => {
    const id = idOf.get('Recruitment ranking') ?? '';
    const entry = (await story.get(`/api/v1/systems/${id}`)).json<{ summary: { headline: string; open: number } }>();
    expect(entry.summary.headline).toBe('open');
    expect(entry.summary.open).toBeGreaterThan(0);
  });

  it('answers end, the decision is kept, comes out equal again, and is published', async () => {
    const id = idOf.get('Recruitment ranking') ?? '';
    const before = await sheetOf(id);
    expect(before.ask.length).toBeGreaterThan(20);
    expect(before.candidates.map((one) => one.conclusion)).toContain('high_risk.III.4a');
    expect((await story.page(`/registry/${id}`)).html).not.toContain('regime/high_risk.III.4a');
    const after = await interview(id, RECRUITMENT);
    expect(after.ask).toEqual([]);
    expect(after.skipped).toEqual([]);
    expect(after.regimes.filter((one) => one.result === 'undetermined' || one.result === 'disputed')).toEqual([]);
    expect(after.regimes.map((one) => one.id)).toEqual(expect.arrayContaining([...regimes]));
    expect(regimeOf(after)).toMatchObject({ result: 'holds', dates: { appliesFrom: '2027-12-02', applies: false } });

    const kept = await story.send('POST', `/api/v1/systems/${id}/classifications`, {});
    expect(kept.status).toBe(201);
    const { id: classification, number, decisionSha256 } = kept.json<{ id: string; number: number; decisionSha256: string }>();
    expect(number).toBe(1);
    expect((await story.get(`/api/v1/classifications/${classification}/recompute`)).json()).toEqual({ kind: 'equal', storedSha256: decisionSha256, sha256: decisionSha256 });
    const again = (await story.send('POST', `/api/v1/systems/${id}/classifications`, {})).json<{ number: number; decisionSha256: string }>();
    expect(again).toMatchObject({ number: 2, decisionSha256 });

    const entry = (await story.get(`/api/v1/systems/${id}`)).json<{ summary: { headline: string; open: number } }>();
    expect(entry.summary).toMatchObject({ headline: after.headline.id, open: 0 });
    for (const language of LANGUAGES) {
      const { document, status } = await story.page(`/registry/${id}`, language);
      expect(status).toBe(200);
      expect(document.querySelector('html')?.getAttribute('lang')).toBe(language);
      const label = (await story.get(`/api/v1/systems/${id}/assessment?lang=${language}`, { cookie: `mizan_language=${language}` })).json<Sheet>().headline.label;
      expect(document.querySelector('main')?.textContent).toContain(label);
      expect((await story.page(`/assessment/classifications/${classification}?recompute=yes`, language)).status).toBe(200);
    }
    const { items } = (await story.get('/api/v1/worklist?state=decided')).json<Work>();
    expect(items.map((item) => item.systemId)).toEqual([id]);
  });

  it('the result on another day is computed for that day, and the kept one stands', async () => {
    const id = idOf.get('Recruitment ranking') ?? '';
    const now = await sheetOf(id);
    // As the law was known before it was amended, as it stands, and when it has come to apply.
    for (const [dates, appliesFrom, applies] of [
      ['?asOf=2026-07-01&knownOn=2026-07-01', '2026-08-02', false],
      [`?asOf=${STORY_DAY}&knownOn=${STORY_DAY}`, '2027-12-02', false],
      [`?asOf=2027-12-01&knownOn=${STORY_DAY}`, '2027-12-02', false],
      [`?asOf=2027-12-02&knownOn=${STORY_DAY}`, '2027-12-02', true],
    ] as const) {
      expect(regimeOf(await sheetOf(id, dates)), dates).toMatchObject({ result: 'holds', dates: { appliesFrom, applies } });
      expect((await story.page(`/assessment/${id}/result${dates}`)).status).toBe(200);
    }
    expect(await sheetOf(id)).toEqual(now);
    const pdf = await story.get(`/assessment/${id}/result.pdf?lang=az`);
    expect([pdf.status, pdf.headers['content-type'], pdf.bytes.subarray(0, 5).toString('latin1')]).toEqual([200, 'application/pdf', '%PDF-']);
  });

  it('skip, back and take back lead where they say', async () => {
    const id = idOf.get('Service desk chatbot') ?? '';
    const start = await sheetOf(id);
    const [first = '', second = ''] = start.ask;
    const form = (path: string, values: Record<string, string>) => story.form(`/assessment/${id}/${path}`, values);
    // The button "I do not know" leaves the question open and goes on.
    const skipped = await form('answers', { fact: first, after: '0', act: 'unknown' });
    expect([skipped.status, skipped.headers['location']]).toEqual([303, `/assessment/${id}`]);
    const afterSkip = await sheetOf(id);
    expect([afterSkip.skipped, afterSkip.ask.includes(first), afterSkip.step]).toEqual([[first], false, 1]);
    const back = await form('undo', { after: '1' });
    expect(back.headers['location']).toBe(`/assessment/${id}?fact=${encodeURIComponent(first)}`);
    const afterBack = await sheetOf(id);
    expect([afterBack.ask, afterBack.facts]).toEqual([start.ask, {}]);
    expect((await form('answers', { fact: second, after: String(afterBack.step), value: 'no' })).status).toBe(303);
    const { document } = await story.page(`/assessment/${id}?fact=${second}`);
    expect(document.querySelector('main input[checked]')?.getAttribute('value')).toBe('no');
    expect((await form('answers', { fact: second, after: String(afterBack.step + 1), act: 'take-back' })).status).toBe(303);
    expect((await sheetOf(id)).facts).toEqual({});
  });

  describe('refuses', () => {
    it.each([
      ['an answer to a step nobody stands at', 'S.infers', true, 99, 409, 'stale'],
      ['a question the law does not have', 'X.nothing', true, 0, 422, 'unknown-fact'],
      ['a word for a yes or no', 'S.infers', 'perhaps', 0, 422, 'wrong-value'],
      ['a value the question does not offer', 'X.area', ['moon'], 0, 422, 'wrong-value'],
      ['a number for a set', 'X.area', 4, 0, 422, 'wrong-value'],
    ])('%s', async (_name, fact, value, after, status, code) => {
      const id = idOf.get('Translation memory') ?? '';
      const refused = await answer(id, fact, value, after);
      expect([refused.status, refused.json<{ code: string }>().code]).toEqual([status, code]);
      expect(refused.headers['content-type']).toContain('application/problem+json');
      expect(await sheetOf(id)).toMatchObject({ step: 0, facts: {} });
    });

    it('the second of two people who saw the same question, and keeps the first', async () => {
      const id = idOf.get('Translation memory') ?? '';
      const [question = ''] = (await sheetOf(id)).ask;
      const given = await Promise.all([answer(id, question, true, 0), answer(id, question, false, 0)]);
      expect(given.map((one) => one.status).toSorted()).toEqual([200, 409]);
      const winner = given[0]?.status === 200;
      expect(await sheetOf(id)).toMatchObject({ step: 1, facts: { [question]: winner } });
      const page = await story.form(`/assessment/${id}/answers`, { fact: question, after: '0', value: 'no' });
      expect([page.status, page.headers['content-type']]).toEqual([409, 'text/html; charset=utf-8']);
    });
  });
});
