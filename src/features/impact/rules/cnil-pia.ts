/** Takes a file of the CNIL's PIA program into answers of the questionnaire `dpia`. The shape is the program's; see packs/questionnaires/dpia/README.md. */

import { type CivilDate, type Json, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import type { Cell, Row } from '../../../law/questionnaire/index.ts';
import { textOfHtml } from './pia-text.ts';

export const PIA_KIND = 'dpia';
/** Question that holds the name of the file taken over, and the file itself as a document. */
export const PIA_FILE_QUESTION = 'taken-from';

export const PIA_LISTS_MAX = 1_000;
export const PIA_MEASURES_MAX = 200;
export const PIA_EVALUATIONS_MAX = 60;
export const PIA_COMMENTS_MAX = 200;
export const PIA_ITEMS_MAX = 100;
export const PIA_TEXT_MAX = 20_000;
export const PIA_LINE_MAX = 1_000;
export const PIA_COMMENT_MAX = 10_000;
/** Elements in all texts of a file; the parser slows down with depth. */
export const PIA_MARKUP_MAX = 20_000;

/** `path` leads to the place in the file: `answers[3].data.gauge`. */
export interface PiaProblem {
  readonly code: 'no-pia' | 'wrong-shape' | 'too-many' | 'too-long' | 'out-of-range';
  readonly path: string;
  readonly limit?: number;
}

export type PiaMap = { readonly [key: string]: Json };

/** Raw answers by question of the questionnaire; a question that the file does not answer is absent. */
export type PiaAnswers = { readonly [question: string]: string | number | boolean | readonly Row[] };

export const TEXT_QUESTIONS = [111, 112, 113, 121, 122, 123, 211, 212, 213, 214, 215, 221, 222, 223, 224, 225, 226, 227] as const;
const RISKS = [320, 330, 340] as const;
export const LIST_QUESTIONS: readonly number[] = RISKS.flatMap((risk) => [risk + 1, risk + 2, risk + 3, risk + 4]);
export const GAUGE_QUESTIONS: readonly number[] = RISKS.flatMap((risk) => [risk + 5, risk + 6]);
export const ALL_QUESTIONS: readonly number[] = [...TEXT_QUESTIONS, ...LIST_QUESTIONS, ...GAUGE_QUESTIONS].sort((a, b) => a - b);

/** The evaluated parts besides the measures; those of section 2 name the question. */
export const PARTS: readonly string[] = ['1.1', '1.2', ...[211, 212, 213, 214, 215].map((id) => `2.1.${id}`), ...[221, 222, 223, 224, 225, 226, 227].map((id) => `2.2.${id}`), '3.2', '3.3', '3.4'];

/** Choice ids by the numbers of the format. */
export const STATES = ['doing', 'refused', 'simple', 'signed', 'archived'] as const;
export const VERDICTS = ['may-not', 'may'] as const;
export const EVALUATION_STATES = [undefined, 'to-fix', 'improvable', 'acceptable'] as const;

/** Plain fields of `pia` and the questions they answer; the last two are rich text in the program. */
export const HEAD_TEXTS: readonly { readonly key: string; readonly question: string; readonly max: number }[] = [
  { key: 'author_name', question: 'author', max: PIA_LINE_MAX },
  { key: 'evaluator_name', question: 'evaluator', max: PIA_LINE_MAX },
  { key: 'validator_name', question: 'validator', max: PIA_LINE_MAX },
  { key: 'dpos_names', question: 'dpo-name', max: PIA_LINE_MAX },
  { key: 'dpo_opinion', question: 'dpo-opinion', max: PIA_TEXT_MAX },
  { key: 'people_names', question: 'people-names', max: PIA_LINE_MAX },
  { key: 'concerned_people_opinion', question: 'people-opinion', max: PIA_TEXT_MAX },
  { key: 'concerned_people_searched_content', question: 'people-not-asked', max: PIA_TEXT_MAX },
];
export const HEAD_CHOICES: readonly { readonly key: string; readonly question: string; readonly ids: readonly string[] }[] = [
  { key: 'status', question: 'state', ids: STATES },
  { key: 'dpo_status', question: 'dpo-verdict', ids: VERDICTS },
  { key: 'concerned_people_status', question: 'people-verdict', ids: VERDICTS },
];

/** Stops at the first thing that does not fit; the reader below throws it and `fromPia` returns it. */
class Misfit {
  readonly problem: PiaProblem;
  constructor(problem: PiaProblem) {
    this.problem = problem;
  }
}

function misfit(code: PiaProblem['code'], path: string, limit?: number): never {
  throw new Misfit({ code, path, ...(limit === undefined ? {} : { limit }) });
}

export function isMap(value: unknown): value is PiaMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the file answers, or the first place that does not fit. Anything the questionnaire does not know is left for `toPia`, which keeps it. */
export function fromPia(file: unknown): Verdict<PiaAnswers, PiaProblem> {
  try {
    return yes(readFile(file));
  } catch (error) {
    if (error instanceof Misfit) return no(error.problem);
    throw error;
  }
}

function readFile(file: unknown): PiaAnswers {
  if (!isMap(file) || !isMap(file['pia'])) return misfit('no-pia', 'pia');
  let markup = 0;
  for (const text of textsIn(file)) markup += text.split('<').length - 1;
  if (markup > PIA_MARKUP_MAX) misfit('too-many', '', PIA_MARKUP_MAX);
  const evaluations = itemsOf(file, 'evaluations', PIA_LISTS_MAX);
  const measures = readMeasures(itemsOf(file, 'measures', PIA_MEASURES_MAX), evaluations);
  const answers: Record<string, PiaAnswers[string] | undefined> = { ...readHead(file['pia']), ...readAnswers(itemsOf(file, 'answers', PIA_LISTS_MAX)), measures: measures.rows, evaluations: readParts(evaluations), comments: readComments(itemsOf(file, 'comments', PIA_COMMENTS_MAX), measures.ids) };
  return Object.fromEntries(Object.entries(answers).filter((entry): entry is [string, PiaAnswers[string]] => entry[1] !== undefined && !(Array.isArray(entry[1]) && entry[1].length === 0)));
}

function* textsIn(value: Json): Generator<string> {
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') yield next;
    else if (typeof next === 'object' && next !== null) open.push(...(Object.values(next) as readonly Json[]));
  }
}

export interface PiaItem {
  readonly item: PiaMap;
  readonly path: string;
}

function itemsOf(file: PiaMap, key: string, limit: number): readonly PiaItem[] {
  const list = file[key];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return misfit('wrong-shape', key);
  if (list.length > limit) return misfit('too-many', key, limit);
  return list.map((item: Json, index) => (isMap(item) ? { item, path: `${key}[${index}]` } : misfit('wrong-shape', `${key}[${index}]`)));
}

function readHead(pia: PiaMap): Record<string, PiaAnswers[string] | undefined> {
  const texts = HEAD_TEXTS.map(({ key, question, max }) => [question, readPlain(pia[key], `pia.${key}`, max)] as const);
  const choices = HEAD_CHOICES.map(({ key, question, ids }) => [question, readNumbered(pia[key], `pia.${key}`, ids)] as const);
  return { ...Object.fromEntries([...texts, ...choices]), 'people-asked': readFlag(pia['concerned_people_searched_opinion']) };
}

/** Names that are numbers of user accounts in newer versions of the program are no text; they are kept and not shown. */
export function readPlain(value: Json | undefined, path: string, max: number): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return value.length > max ? misfit('too-long', path, max) : value;
}

export function readRich(value: Json | undefined, path: string, max: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return misfit('wrong-shape', path);
  const text = textOfHtml(value);
  if (text.length > max) return misfit('too-long', path, max);
  return text.trim() === '' ? undefined : text;
}

export function readNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function readNumbered(value: Json | undefined, path: string, ids: readonly (string | undefined)[]): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = readNumber(value);
  return number === undefined || number >= ids.length ? misfit('out-of-range', path, ids.length - 1) : ids[number];
}

export function readFlag(value: Json | undefined): boolean | undefined {
  if (value === true || value === 1 || value === 'true') return true;
  return value === false || value === 0 || value === 'false' ? false : undefined;
}

/** 0 is “undefined” in the format. */
export function readGauge(value: Json | undefined, path: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const step = readNumber(value);
  if (step === undefined || step > 4) return misfit('out-of-range', path, 4);
  return step === 0 ? undefined : step;
}

const HALF_DAY_MS = 12 * 60 * 60 * 1000;

/** The program writes midnight of its user as an instant; the nearest midnight of Greenwich gives the day. Anything else is no day. */
export function readDay(value: Json | undefined): CivilDate | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = parseCivilDate(value);
  if (plain !== undefined) return plain;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : parseCivilDate(new Date(instant + HALF_DAY_MS).toISOString().slice(0, 10));
}

function readAnswers(items: readonly PiaItem[]): Record<string, PiaAnswers[string] | undefined> {
  const answers: Record<string, PiaAnswers[string] | undefined> = {};
  for (const { item, path } of items) {
    const id = readNumber(item['reference_to']);
    if (id === undefined || !ALL_QUESTIONS.includes(id)) continue;
    const data = item['data'] ?? {};
    if (!isMap(data)) return misfit('wrong-shape', `${path}.data`);
    if (LIST_QUESTIONS.includes(id)) answers[`q${id}`] = readList(data['list'], `${path}.data.list`);
    else if (GAUGE_QUESTIONS.includes(id)) {
      answers[`q${id}`] = readGauge(data['gauge'], `${path}.data.gauge`);
      answers[`q${id}-why`] = readRich(data['text'], `${path}.data.text`, PIA_TEXT_MAX);
    } else answers[`q${id}`] = readRich(data['text'], `${path}.data.text`, PIA_TEXT_MAX);
  }
  return answers;
}

export function readList(value: Json | undefined, path: string): readonly Row[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return misfit('wrong-shape', path);
  if (value.length > PIA_ITEMS_MAX) return misfit('too-many', path, PIA_ITEMS_MAX);
  const rows = value.flatMap((item: Json, index): Row[] => {
    if (typeof item !== 'string') return misfit('wrong-shape', `${path}[${index}]`);
    if (item.length > PIA_LINE_MAX) return misfit('too-long', `${path}[${index}]`, PIA_LINE_MAX);
    return item.trim() === '' ? [] : [{ item }];
  });
  return rows.length === 0 ? undefined : rows;
}

/** Cells of one evaluation, of a measure or of a part. */
export function readEvaluation(item: PiaMap, path: string): Row {
  const gauges = isMap(item['gauges']) ? item['gauges'] : {};
  return present({
    status: readNumbered(item['status'], `${path}.status`, EVALUATION_STATES),
    comment: readRich(item['evaluation_comment'], `${path}.evaluation_comment`, PIA_COMMENT_MAX),
    plan: readRich(item['action_plan_comment'], `${path}.action_plan_comment`, PIA_COMMENT_MAX),
    due: readDay(item['estimated_implementation_date']),
    person: readPlain(item['person_in_charge'], `${path}.person_in_charge`, 300),
    'severity-after': readGauge(gauges['x'], `${path}.gauges.x`),
    'likelihood-after': readGauge(gauges['y'], `${path}.gauges.y`),
  });
}

export function present(cells: Readonly<Record<string, Cell | undefined>>): Row {
  return Object.fromEntries(Object.entries(cells).filter((entry): entry is [string, Cell] => entry[1] !== undefined));
}

/** Rows, and for each the id the file gives the measure. */
function readMeasures(items: readonly PiaItem[], evaluations: readonly PiaItem[]): { readonly rows: readonly Row[]; readonly ids: readonly (number | undefined)[] } {
  const read = items.map(({ item, path }) => {
    const id = readNumber(item['id']);
    const evaluation = id === undefined ? undefined : evaluations.find((one) => one.item['reference_to'] === `3.1.${id}`);
    const { 'severity-after': _x, 'likelihood-after': _y, ...cells } = evaluation === undefined ? {} : readEvaluation(evaluation.item, evaluation.path);
    const row = present({ title: readPlain(item['title'], `${path}.title`, PIA_LINE_MAX), content: readRich(item['content'], `${path}.content`, PIA_TEXT_MAX), ...cells });
    return { id, row };
  });
  const filled = read.filter(({ row }) => Object.keys(row).length > 0);
  return { rows: filled.map(({ row }) => row), ids: filled.map(({ id }) => id) };
}

function readParts(evaluations: readonly PiaItem[]): readonly Row[] {
  const rows = evaluations.flatMap(({ item, path }): Row[] => {
    const part = item['reference_to'];
    return typeof part === 'string' && PARTS.includes(part) ? [{ part, ...readEvaluation(item, path) }] : [];
  });
  return rows.length > PIA_EVALUATIONS_MAX ? misfit('too-many', 'evaluations', PIA_EVALUATIONS_MAX) : rows;
}

function readComments(items: readonly PiaItem[], measureIds: readonly (number | undefined)[]): readonly Row[] {
  return items.flatMap(({ item, path }): Row[] => {
    const row = readComment(item, path, measureIds);
    return row === undefined ? [] : [row];
  });
}

export function readComment(item: PiaMap, path: string, measureIds: readonly (number | undefined)[]): Row | undefined {
  const text = readPlain(item['description'], `${path}.description`, PIA_COMMENT_MAX);
  if (text === undefined) return undefined;
  const about = readNumber(item['reference_to']);
  const measure = item['for_measure'] === true && about !== undefined ? measureIds.indexOf(about) + 1 : 0;
  const isQuestion = item['for_measure'] !== true && about !== undefined && ALL_QUESTIONS.includes(about);
  return present({ question: isQuestion ? String(about) : undefined, measure: measure > 0 ? measure : undefined, text });
}
