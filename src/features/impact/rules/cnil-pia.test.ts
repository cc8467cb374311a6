/** Files of the PIA program: in and out again without loss, measures keep their evaluations, and what does not fit is named by its place. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant, Json } from '../../../base/index.ts';
import { type Answers, assess, parseAnswers, type Row } from '../../../law/questionnaire/index.ts';
import { loadInstalledQuestionnaires } from '../actions/load-installed.ts';
import { readImpactExamples } from '../actions/load-examples.ts';
import { ALL_QUESTIONS, fromPia, GAUGE_QUESTIONS, HEAD_CHOICES, HEAD_TEXTS, LIST_QUESTIONS, PARTS, type PiaMap, readDay } from './cnil-pia.ts';
import { toPia } from './write-pia.ts';

const dpia = loadInstalledQuestionnaires().find(({ questionnaire }) => questionnaire.ref.id === 'dpia')?.questionnaire;
if (dpia === undefined) throw new Error('dpia is not installed');
const questions = dpia.pages.flatMap((page) => page.questions);

const written = (answers: Answers, base?: unknown): PiaMap => toPia({ answers, name: 'System', startedAt: '2026-11-01T08:00:00.000Z' as Instant, changedAt: '2026-11-23T08:00:00.000Z' as Instant, ...(base === undefined ? {} : { base }) });
const read = (file: unknown): unknown => {
  const result = fromPia(file);
  return result.ok ? result.value : result.refusal;
};

const text = fc.string({ unit: fc.constantFrom('a', 'ə', 'ж', ' ', '\n', '<', '>', '&', '"', "'", '-', '\u00A0', '/', '1'), minLength: 1, maxLength: 30 }).filter((one) => one.trim() !== '');
const step = fc.integer({ min: 1, max: 4 });
const day = fc.constantFrom('2026-01-01', '2026-12-31', '2027-02-28', '2028-02-29');
const evaluation = { status: fc.constantFrom('to-fix', 'improvable', 'acceptable'), comment: text, plan: text, due: day, person: text };
const some = (cells: Record<string, fc.Arbitrary<unknown>>, needed: string[]): fc.Arbitrary<Row> => fc.record(cells, { requiredKeys: needed }) as fc.Arbitrary<Row>;
/** Any answers to the questions that the format knows. */
const filled: fc.Arbitrary<Answers> = fc
  .record(
    {
      ...Object.fromEntries(ALL_QUESTIONS.filter((id) => !GAUGE_QUESTIONS.includes(id) && !LIST_QUESTIONS.includes(id)).map((id) => [`q${id}`, text])),
      ...Object.fromEntries(LIST_QUESTIONS.map((id) => [`q${id}`, fc.array(fc.record({ item: text }), { minLength: 1, maxLength: 3 })])),
      ...Object.fromEntries(GAUGE_QUESTIONS.flatMap((id) => [[`q${id}`, step], [`q${id}-why`, text]])),
      ...Object.fromEntries(HEAD_TEXTS.map(({ question }) => [question, text])),
      ...Object.fromEntries(HEAD_CHOICES.map(({ question, ids }) => [question, fc.constantFrom(...ids)])),
      'people-asked': fc.boolean(),
      measures: fc.array(some({ title: text, content: text, ...evaluation }, ['title']), { minLength: 1, maxLength: 4 }),
      evaluations: fc.array(some({ part: fc.constantFrom(...PARTS), ...evaluation, 'severity-after': step, 'likelihood-after': step }, ['part']), { minLength: 1, maxLength: 4 }),
      comments: fc.array(fc.oneof(some({ question: fc.constantFrom(...ALL_QUESTIONS.map(String)), text }, ['question', 'text']), some({ measure: fc.integer({ min: 1, max: 4 }), text }, ['text'])), { minLength: 1, maxLength: 3 }),
    } as Record<string, fc.Arbitrary<unknown>>,
    { requiredKeys: [] },
  )
  .map((given): Answers => {
    const measures = (given['measures'] as readonly Row[] | undefined) ?? [];
    const comments = given['comments'] as readonly Row[] | undefined;
    const fitting = comments?.map(({ measure, ...rest }) => (typeof measure === 'number' && measure <= measures.length ? { ...rest, measure } : rest));
    return { ...given, ...(fitting === undefined ? {} : { comments: fitting }) };
  });

describe('there and back', () => {
  it('covers the questions of the questionnaire, all but the name of the file', () => {
    const known = [...ALL_QUESTIONS.map((id) => `q${id}`), ...GAUGE_QUESTIONS.map((id) => `q${id}-why`), ...[...HEAD_TEXTS, ...HEAD_CHOICES].map(({ question }) => question), 'people-asked', 'measures', 'evaluations', 'comments', 'taken-from'];
    expect([...known].sort()).toEqual(questions.map((question) => question.id).sort());
    const parts = questions.find((question) => question.id === 'evaluations')?.columns[0]?.choices.map((choice) => choice.id);
    expect(parts).toEqual(PARTS);
  });

  it('reads what it wrote, whatever was answered', () => {
    fc.assert(fc.property(filled, (answers) => { expect(read(written(answers))).toEqual(answers); }), { numRuns: 150 });
  });

  it('reads what it wrote onto a file that said something else', () => {
    fc.assert(fc.property(filled, filled, (before, after) => { expect(read(written(after, written(before)))).toEqual(after); }), { numRuns: 150 });
  });

  it('writes nothing that the questionnaire would refuse to read', () => {
    fc.assert(fc.property(filled, (answers) => { expect(parseAnswers(dpia, read(written(answers))).problems).toEqual([]); }), { numRuns: 50 });
  });

  it('keeps every field it does not know', () => {
    const unknown = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }).map((key) => `x_${key}`), fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Json), { maxKeys: 3 });
    fc.assert(
      fc.property(filled, fc.array(unknown, { minLength: 12, maxLength: 12 }), (answers, extras) => {
        const file = JSON.parse(JSON.stringify(written(answers))) as Record<string, Json>;
        let used = 0;
        const more = (item: Json): Json => ({ ...(item as PiaMap), ...extras[used++ % extras.length] });
        for (const key of ['answers', 'measures', 'evaluations', 'comments']) file[key] = (file[key] as readonly Json[]).map((item) => more(item));
        file['answers'] = (file['answers'] as readonly PiaMap[]).map(({ data, ...item }) => ({ ...item, data: more(data ?? null) }));
        file['evaluations'] = [...(file['evaluations'] as readonly Json[]), { reference_to: '3.1.9999', status: 2, x: 1 }, { reference_to: '9.9', status: 77 }];
        file['answers'] = [...file['answers'], { reference_to: 999, data: { text: 'of another version' } }];
        Object.assign(file, { pia: more(file['pia'] ?? {}), ...extras[0], attachments: [{ name: 'a.pdf' }] });
        expect(JSON.parse(JSON.stringify(written(read(file) as Answers, file)))).toEqual(file);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a file as the program writes it', () => {
  // The shape of a real export, our own content: nulls, empty lists, gauge 0 for texts, ids far from 1, local midnights.
  const file = {
    pia: { id: 12, name: 'Sensor', status: 3, dpo_status: 1, dpo_opinion: 'Fine.', author_name: 'A', evaluator_name: 7, dpos_names: 'D', concerned_people_searched_opinion: true, concerned_people_status: 0, people_names: 'P', rejection_reason: 'none', created_at: '2026-02-20T15:25:41.845Z' },
    answers: [
      { id: 343, pia_id: 12, reference_to: 111, data: { text: '<div>It <strong>measures</strong> sleep.</div>\n<div> </div>', gauge: 0, list: [] }, created_at: '2026-02-20T15:25:41.845Z' },
      { id: 344, pia_id: 12, reference_to: 321, data: { text: null, gauge: null, list: ['Spam', 'Theft'] } },
      { id: 345, pia_id: 12, reference_to: 325, data: { text: 'Grave<script>x</script>', gauge: 3, list: [] } },
      { id: 346, pia_id: 12, reference_to: 326, data: { text: null, gauge: 0, list: [] } },
    ],
    measures: [{ id: 101, title: 'Encryption', content: '<p>TLS</p>', placeholder: 'slug' }, { id: 104, title: 'Log', content: null }],
    evaluations: [
      { id: 1, reference_to: '2.1.211', status: 2, evaluation_comment: 'Say more.', action_plan_comment: null, gauges: { x: 0, y: 0 }, estimated_implementation_date: '2026-03-30T22:00:00.000Z', global_status: 2 },
      { id: 2, reference_to: '3.1.104', status: 1, gauges: { x: 0, y: 0 }, person_in_charge: 'B', global_status: 2 },
      { id: 3, reference_to: '3.2', status: 2, gauges: { x: 2, y: 1 } },
    ],
    comments: [{ id: 1, description: 'Why?\n', reference_to: 212, for_measure: false }, { id: 2, description: 'How long?', reference_to: 104, for_measure: true }],
  };
  it('is read', () => {
    expect(read(file)).toEqual({
      author: 'A', 'dpo-name': 'D', 'dpo-opinion': 'Fine.', 'people-names': 'P', 'people-asked': true, 'people-verdict': 'may-not', 'dpo-verdict': 'may', state: 'signed',
      q111: 'It measures sleep.', q321: [{ item: 'Spam' }, { item: 'Theft' }], q325: 3, 'q325-why': 'Grave',
      measures: [{ title: 'Encryption', content: 'TLS' }, { title: 'Log', status: 'to-fix', person: 'B' }],
      evaluations: [{ part: '2.1.211', status: 'improvable', comment: 'Say more.', due: '2026-03-31' }, { part: '3.2', status: 'improvable', 'severity-after': 2, 'likelihood-after': 1 }],
      comments: [{ question: '212', text: 'Why?\n' }, { measure: 2, text: 'How long?' }],
    });
  });
  it('comes out as it went in, but for the script', () => {
    const out = written(read(file) as Answers, file);
    expect(out).toEqual({ ...file, answers: file.answers.map((item) => (item.id === 345 ? { ...item, data: { ...item.data, text: 'Grave' } } : item)) });
  });
  it('gives a new measure a number of its own, and the evaluation follows it', () => {
    const answers = read(file) as Record<string, readonly Row[]>;
    const out = written({ ...answers, measures: [{ title: 'Training', status: 'acceptable' }, ...(answers['measures'] ?? [])], comments: [{ measure: 1, text: 'New' }] }, file);
    expect((out['measures'] as readonly PiaMap[]).map(({ id, title }) => [id, title])).toEqual([[105, 'Training'], [101, 'Encryption'], [104, 'Log']]);
    expect((out['evaluations'] as readonly PiaMap[]).map((item) => [item['reference_to'], item['status']])).toEqual([['2.1.211', 2], ['3.1.104', 1], ['3.2', 2], ['3.1.105', 3]]);
    expect((out['comments'] as readonly PiaMap[]).map((item) => [item['reference_to'], item['for_measure']])).toEqual([[105, true]]);
  });
  it('a measure that was taken out takes its evaluation along', () => {
    const answers = read(file) as Record<string, readonly Row[]>;
    const out = written({ ...answers, measures: [(answers['measures'] ?? [])[0] ?? {}], comments: [] }, file);
    expect((out['evaluations'] as readonly PiaMap[]).map((item) => item['reference_to'])).toEqual(['2.1.211', '3.2']);
  });
});

it('the worked example goes out and comes back', () => {
  const example = readImpactExamples('en').find((one) => one.questionnaire === 'dpia');
  const { answers } = parseAnswers(dpia, example?.answers);
  expect(read(written(answers))).toEqual(answers);
  expect(assess(dpia, read(written(answers)) as Answers).result).toEqual(assess(dpia, answers).result);
});

describe('what does not fit', () => {
  const of = (more: object): object => ({ pia: {}, answers: [], measures: [], evaluations: [], comments: [], ...more });
  it.each([
    ['nothing', null, 'no-pia', 'pia'],
    ['a list', [], 'no-pia', 'pia'],
    ['another JSON', { answers: [] }, 'no-pia', 'pia'],
    ['answers that are no list', of({ answers: {} }), 'wrong-shape', 'answers'],
    ['an answer that is no map', of({ answers: [1] }), 'wrong-shape', 'answers[0]'],
    ['a text that is a number', of({ answers: [{ reference_to: 111, data: { text: 5 } }] }), 'wrong-shape', 'answers[0].data.text'],
    ['a step above four', of({ answers: [{ reference_to: 325, data: { gauge: 5 } }] }), 'out-of-range', 'answers[0].data.gauge'],
    ['a step that is half', of({ answers: [{ reference_to: 325, data: { gauge: 1.5 } }] }), 'out-of-range', 'answers[0].data.gauge'],
    ['an item that is no text', of({ answers: [{ reference_to: 321, data: { list: ['a', {}] } }] }), 'wrong-shape', 'answers[0].data.list[1]'],
    ['too many items', of({ answers: [{ reference_to: 321, data: { list: Array<string>(101).fill('a') } }] }), 'too-many', 'answers[0].data.list'],
    ['a text too long', of({ answers: [{ reference_to: 111, data: { text: 'a'.repeat(20_001) } }] }), 'too-long', 'answers[0].data.text'],
    ['too many measures', of({ measures: Array.from({ length: 201 }, () => ({})) }), 'too-many', 'measures'],
    ['a state nobody knows', of({ pia: { status: 9 } }), 'out-of-range', 'pia.status'],
    ['an evaluation nobody knows', of({ evaluations: [{ reference_to: '1.1', status: 4 }] }), 'out-of-range', 'evaluations[0].status'],
    ['a file of nothing but elements', of({ answers: [{ reference_to: 111, data: { text: '<b>'.repeat(20_001) } }] }), 'too-many', ''],
  ])('%s', (_, file, code, path) => expect(read(file)).toMatchObject({ code, path }));

  it('a broken file to write onto is left aside', () => expect(read(written({ author: 'A' }, { pia: {}, answers: 5 }))).toEqual({ author: 'A' }));
});

it.each([
  ['2026-03-31', '2026-03-31'],
  ['2026-03-30T22:00:00.000Z', '2026-03-31'],
  ['2026-03-31T00:00:00.000Z', '2026-03-31'],
  ['2026-03-31T05:00:00.000Z', '2026-03-31'],
  ['2026-03-31T00:00:00+04:00', '2026-03-31'],
  ['soon', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  [null, undefined],
])('the day of %j is %s', (given, expected) => expect(readDay(given)).toBe(expected));
