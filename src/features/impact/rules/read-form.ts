/** Turns what a form sends into raw answers of the engine: `q.<id>`, `q.<id>.remark`, `q.<id>.<row>.<column>`. */

import type { Column, Question } from '../../../law/questionnaire/index.ts';

export type FormFields = Readonly<Record<string, string | readonly string[] | undefined>>;

export function nameOf(question: string, ...more: readonly (string | number)[]): string {
  return ['q', question, ...more].join('.');
}

/** The raw answer of one question; `null` when nothing was chosen or written. */
export function rawFromForm(question: Question, form: FormFields): unknown {
  if (question.type === 'table') return rowsFrom(question, form);
  const value = form[nameOf(question.id)];
  if (question.type !== 'check') return rawFrom(question.type, value);
  const check = one(value);
  const remark = one(form[nameOf(question.id, 'remark')]);
  // A remark without a choice is sent on, so that it is asked for the choice and not lost in silence.
  return check === '' && remark.trim() === '' ? null : { check, ...(remark === '' ? {} : { remark }) };
}

function rowsFrom(question: Question, form: FormFields): unknown {
  const rows: Record<string, unknown>[] = [];
  // One row more than allowed is read, so that too many are refused and not dropped.
  for (let row = 0; row <= question.rowsMax; row++) {
    if (one(form[nameOf(question.id, row, 'remove')]) !== '') continue;
    const cells = Object.fromEntries(question.columns.map((column) => [column.id, rawFrom(column.type, form[nameOf(question.id, row, column.id)])]));
    if (Object.values(cells).some((cell) => cell !== null)) rows.push(cells);
  }
  return rows.length === 0 ? null : rows;
}

function rawFrom(type: Question['type'] | Column['type'], value: string | readonly string[] | undefined): unknown {
  if (type === 'choices') {
    const given = (value === undefined ? [] : typeof value === 'string' ? [value] : value).filter((item) => item !== '');
    return given.length === 0 ? null : given;
  }
  const text = one(value);
  if (text.trim() === '') return null;
  if (type === 'yes-no') return text === 'yes' ? true : text === 'no' ? false : text;
  if (type === 'number' || type === 'gauge') return numberFrom(text);
  // Browsers send line breaks as CR LF; the register keeps LF.
  return type === 'text' || type === 'long-text' ? text.replaceAll('\r\n', '\n').trim() : text;
}

/** Accepts a decimal comma and grouping spaces; anything else stays text for the engine to refuse by name. */
function numberFrom(text: string): number | string {
  const plain = text.trim().replaceAll(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : text;
}

function one(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}
