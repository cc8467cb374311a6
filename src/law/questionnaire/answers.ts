/** Checks what people answer: a raw value and a question in, an answer or a named refusal out. */

import { no, parseCivilDate, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { CHECK_VALUES } from './model.ts';
import type { Answer, AnswerShape, Answers, Cell, CheckValue, ColumnType, Question, QuestionId, Questionnaire, Row } from './model.ts';

export type AnswerProblem =
  | { readonly code: 'unknown-question' }
  | { readonly code: 'not-answerable' }
  | { readonly code: 'wrong-shape'; readonly column?: string }
  | { readonly code: 'unknown-choice'; readonly value: string; readonly column?: string }
  | { readonly code: 'excluded-choice'; readonly value: string; readonly column?: string }
  | { readonly code: 'text-too-long'; readonly limit: number; readonly column?: string }
  | { readonly code: 'no-number'; readonly column?: string }
  | { readonly code: 'out-of-range'; readonly min?: number; readonly max?: number; readonly column?: string }
  | { readonly code: 'no-day'; readonly column?: string }
  | { readonly code: 'too-many-rows'; readonly limit: number }
  | { readonly code: 'unknown-column'; readonly value: string };

/** `null`, an empty text, an empty list: the answer is taken back (`undefined` in the verdict). */
export function parseQuestionAnswer(question: Question, raw: unknown): Verdict<Answer | undefined, AnswerProblem> {
  if (question.type === 'note') return no({ code: 'not-answerable' });
  if (isEmpty(raw)) return yes(undefined);
  if (question.type === 'check') return parseCheck(raw);
  if (question.type === 'table') return parseRows(question, raw);
  return parseCell(question.type, question, raw);
}

/** All answers of an import: what is right, and what is wrong by question. */
export function parseAnswers(questionnaire: Questionnaire, raw: unknown): { readonly answers: Answers; readonly problems: readonly { readonly question: string; readonly problem: AnswerProblem }[] } {
  const answers: Record<QuestionId, Answer> = {};
  const problems: { readonly question: string; readonly problem: AnswerProblem }[] = [];
  const questions = new Map(questionnaire.pages.flatMap((page) => page.questions).map((question) => [question.id, question]));
  for (const [id, value] of Object.entries(isPlainMap(raw) ? raw : {})) {
    const question = questions.get(id);
    const parsed = question === undefined ? no({ code: 'unknown-question' } as const) : parseQuestionAnswer(question, value);
    if (!parsed.ok) problems.push({ question: id, problem: parsed.refusal });
    else if (parsed.value !== undefined) answers[id] = parsed.value;
  }
  return { answers, problems };
}

function parseCheck(raw: unknown): Verdict<Answer, AnswerProblem> {
  if (typeof raw === 'string') return isCheck(raw) ? yes({ check: raw }) : no({ code: 'unknown-choice', value: raw.slice(0, 100) });
  if (!isPlainMap(raw) || typeof raw['check'] !== 'string' || Object.keys(raw).some((key) => key !== 'check' && key !== 'remark')) return no({ code: 'wrong-shape' });
  const { check, remark } = raw;
  if (!isCheck(check)) return no({ code: 'unknown-choice', value: check.slice(0, 100) });
  if (remark === undefined || remark === '') return yes({ check });
  if (typeof remark !== 'string' || !remark.isWellFormed()) return no({ code: 'wrong-shape' });
  return remark.length > REMARK_LENGTH_MAX ? no({ code: 'text-too-long', limit: REMARK_LENGTH_MAX }) : yes({ check, remark });
}

export const REMARK_LENGTH_MAX = 4_000;

function isCheck(text: string): text is CheckValue {
  return (CHECK_VALUES as readonly string[]).includes(text);
}

function parseRows(question: Question, raw: unknown): Verdict<Answer | undefined, AnswerProblem> {
  if (!Array.isArray(raw)) return no({ code: 'wrong-shape' });
  if (raw.length > question.rowsMax) return no({ code: 'too-many-rows', limit: question.rowsMax });
  const rows: Row[] = [];
  for (const item of raw as readonly unknown[]) {
    if (!isPlainMap(item)) return no({ code: 'wrong-shape' });
    const row: Record<string, Cell> = {};
    for (const [id, value] of Object.entries(item)) {
      const column = question.columns.find((one) => one.id === id);
      if (column === undefined) return no({ code: 'unknown-column', value: id.slice(0, 100) });
      if (isEmpty(value)) continue;
      const cell = parseCell(column.type, column, value);
      if (!cell.ok) return no({ ...cell.refusal, column: id } as AnswerProblem);
      row[id] = cell.value;
    }
    if (Object.keys(row).length > 0) rows.push(row);
  }
  return yes(rows.length === 0 ? undefined : rows);
}

function parseCell(type: ColumnType, shape: AnswerShape, raw: unknown): Verdict<Cell, AnswerProblem> {
  switch (type) {
    case 'choice':
      return typeof raw !== 'string' ? no({ code: 'wrong-shape' }) : shape.choices.some((choice) => choice.id === raw) ? yes(raw) : no({ code: 'unknown-choice', value: raw.slice(0, 100) });
    case 'choices':
      return parseChoices(shape, raw);
    case 'yes-no':
      return typeof raw === 'boolean' ? yes(raw) : no({ code: 'wrong-shape' });
    case 'gauge':
      return typeof raw === 'number' && Number.isInteger(raw) && raw >= 1 && raw <= shape.steps.length ? yes(raw) : no({ code: 'out-of-range', min: 1, max: shape.steps.length });
    case 'number':
      if (typeof raw !== 'number' || !Number.isFinite(raw)) return no({ code: 'no-number' });
      return raw >= (shape.min ?? -Infinity) && raw <= (shape.max ?? Infinity) ? yes(raw) : no({ code: 'out-of-range', ...(shape.min === undefined ? {} : { min: shape.min }), ...(shape.max === undefined ? {} : { max: shape.max }) });
    case 'date':
      return typeof raw === 'string' && parseCivilDate(raw) !== undefined ? yes(raw) : no({ code: 'no-day' });
    case 'text':
    case 'long-text':
      if (typeof raw !== 'string' || !raw.isWellFormed()) return no({ code: 'wrong-shape' });
      return raw.length > shape.lengthMax ? no({ code: 'text-too-long', limit: shape.lengthMax }) : yes(raw);
  }
}

function parseChoices(shape: AnswerShape, raw: unknown): Verdict<Cell, AnswerProblem> {
  if (!Array.isArray(raw) || raw.some((item) => typeof item !== 'string')) return no({ code: 'wrong-shape' });
  const given = new Set(raw as readonly string[]);
  for (const value of given) if (!shape.choices.some((choice) => choice.id === value)) return no({ code: 'unknown-choice', value: value.slice(0, 100) });
  const alone = shape.choices.find((choice) => choice.exclusive && given.has(choice.id));
  if (alone !== undefined && given.size > 1) return no({ code: 'excluded-choice', value: alone.id });
  // In the order of the questionnaire, so that the same choice has the same bytes.
  return yes(shape.choices.filter((choice) => given.has(choice.id)).map((choice) => choice.id));
}

function isEmpty(raw: unknown): boolean {
  return raw === null || raw === undefined || (typeof raw === 'string' && raw.trim() === '') || (Array.isArray(raw) && raw.length === 0);
}

function isPlainMap(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
