/** Lists inside an entry that pages change row by row: lines of a timing, evidence and retention of a duty. */

import { LANGUAGES, no, type Verdict, yes } from '../../../base/index.ts';
import { type Pack, parseComparisons, parseTerm } from '../../../law/index.ts';
import { type Entry, type FieldPath, isPlainMap, type Plain, type PlainMap, scalarText } from './entries.ts';
import { type FormBody, many, one } from './entry-forms.ts';
import { firstConditions } from './new-entry.ts';
import type { FieldEdit } from './yaml-edit.ts';

export type ListColumn = { readonly key: string; readonly as: 'id' | 'text' | 'unit' | 'number-parameter' | 'term' | 'comparison' | 'date-fact' | 'condition' | 'texts'; readonly isRequired: boolean };

export interface ListSpec {
  readonly path: FieldPath;
  /** What the list is: a key of the pack format. */
  readonly key: 'evidence' | 'retention' | 'due' | 'lines';
  /** Of the lines of a named date: its name. */
  readonly of?: string;
  readonly columns: readonly ListColumn[];
  /** The first row that fits wins, so their order is law. */
  readonly isOrdered: boolean;
}

export type ListRefusal = 'unknown-form' | 'row-incomplete' | 'bad-term' | 'unknown-value' | 'bad-entry-id' | 'id-taken' | 'last-row';

const column = (key: string, as: ListColumn['as'], isRequired = true): ListColumn => ({ key, as, isRequired });
const LINE: readonly ListColumn[] = [column('when', 'condition', false), column('if', 'comparison', false), column('date', 'term')];
export const UNITS = ['years', 'months', 'days', 'hours'] as const;
const ROW_ID_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,119}$/u;

export function listsOf(entry: Entry): readonly ListSpec[] {
  if (entry.kind === 'duty') {
    return [
      { path: ['evidence'], key: 'evidence', columns: [column('id', 'id'), column('label', 'texts')], isOrdered: false },
      { path: ['retention'], key: 'retention', columns: [column('id', 'id'), column('length', 'number-parameter'), column('unit', 'unit'), column('from', 'text'), column('label', 'texts')], isOrdered: false },
    ];
  }
  if (entry.kind !== 'timing') return [];
  const dates = Array.isArray(entry.data['dates']) ? (entry.data['dates'] as readonly Plain[]) : [];
  return [
    ...dates.map((date, index): ListSpec => ({ path: ['dates', index, 'lines'], key: 'lines', of: isPlainMap(date) ? scalarText(date['id']) : '', columns: LINE, isOrdered: true })),
    { path: ['due'], key: 'due', columns: [column('id', 'id'), ...LINE, column('again', 'date-fact', false), column('label', 'texts')], isOrdered: true },
  ];
}

export function rowsAt(entry: Entry, path: FieldPath): readonly PlainMap[] {
  let data: Plain | undefined = entry.data;
  for (const step of path) data = Array.isArray(data) ? (data as readonly Plain[])[Number(step)] : isPlainMap(data) ? data[String(step)] : undefined;
  return Array.isArray(data) ? (data as readonly Plain[]).filter(isPlainMap) : [];
}

/** The edits a form of rows asks for: cells first, then one row moved, rows removed, and the new row at the end. */
export function listEdits(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], ListRefusal> {
  const spec = listsOf(entry).find(({ path }) => path.join('.') === one(body, 'list'));
  if (spec === undefined) return no('unknown-form');
  const rows = rowsAt(entry, spec.path);
  const cells: FieldEdit[] = [];
  const removed: number[] = [];
  let moved: readonly FieldEdit[] = [];
  for (const [index, row] of rows.entries()) {
    const act = one(body, `row.${index}.then`);
    if (act === 'remove') {
      removed.push(index);
      continue;
    }
    const edits = rowEdits(pack, spec, row, index, body);
    if (!edits.ok) return edits;
    cells.push(...edits.value);
    const to = act === 'up' ? index - 1 : act === 'down' ? index + 1 : index;
    if (to !== index && rows[to] !== undefined) moved = movedTo(spec, rowAfter(row, spec, edits.value), index, to);
  }
  const fresh = newRow(pack, spec, rows, body);
  if (!fresh.ok) return fresh;
  // A moved row and a removed one in the same form would count places differently.
  if (moved.length > 0 && removed.length > 0) moved = [];
  const isEmptied = removed.length === rows.length && rows.length > 0 && fresh.value === undefined;
  if (isEmptied && spec.isOrdered) return no('last-row');
  if (isEmptied) return yes([{ path: spec.path, value: undefined }]);
  const added: readonly FieldEdit[] = fresh.value === undefined ? [] : rows.length === 0 ? [{ path: spec.path, value: [fresh.value] }] : [{ path: [...spec.path, rows.length], value: fresh.value }];
  // The new row joins before others leave, so that the list is never empty in between.
  return yes([...cells, ...moved, ...added, ...removed.toReversed().map((index): FieldEdit => ({ path: [...spec.path, index], value: undefined }))]);
}

function rowAfter(row: PlainMap, spec: ListSpec, edits: readonly FieldEdit[]): PlainMap {
  const after: Record<string, Plain> = { ...row };
  for (const { path, value } of edits) {
    const key = String(path[spec.path.length + 1]);
    if (value === undefined) delete after[key];
    else after[key] = value;
  }
  return after;
}

function movedTo(spec: ListSpec, row: PlainMap, from: number, to: number): readonly FieldEdit[] {
  // Taken out first: after that, the place it goes to counts without it.
  return [{ path: [...spec.path, from], value: undefined }, { path: [...spec.path, to], value: row, insert: true }];
}

function rowEdits(pack: Pack, spec: ListSpec, row: PlainMap, index: number, body: FormBody): Verdict<readonly FieldEdit[], ListRefusal> {
  const edits: FieldEdit[] = [];
  for (const { key, as, isRequired } of spec.columns) {
    const name = `row.${index}.${key}`;
    // Texts of rows that are there stand in the form of texts.
    if (as === 'texts' || body[name] === undefined) continue;
    const said = one(body, name);
    if (as === 'condition') {
      // A sentence that is there is changed as a sentence; here one begins or goes.
      const isThere = row[key] !== undefined;
      if (isThere ? said !== '@remove' : said === '') continue;
      if (!isThere && !firstConditions(pack).includes(said)) return no('unknown-value');
      edits.push({ path: [...spec.path, index, key], value: isThere ? undefined : said });
      continue;
    }
    if (said === scalarText(row[key])) continue;
    if (said === '' && isRequired) return no('row-incomplete');
    const fine = said === '' ? yes(true) : checkedCell(pack, as, said);
    if (!fine.ok) return fine;
    edits.push({ path: [...spec.path, index, key], value: said === '' ? undefined : said });
  }
  return yes(edits);
}

function newRow(pack: Pack, spec: ListSpec, rows: readonly PlainMap[], body: FormBody): Verdict<PlainMap | undefined, ListRefusal> {
  const row: Record<string, Plain> = {};
  const missing: string[] = [];
  for (const { key, as, isRequired } of spec.columns) {
    const name = `row.new.${key}`;
    if (as === 'texts') {
      const texts = LANGUAGES.map((language) => [language, one(body, `${name}.${language}`)] as const);
      if (texts.some(([, said]) => said === '')) missing.push(key);
      if (texts.some(([, said]) => said !== '')) row[key] = Object.fromEntries(texts);
      continue;
    }
    const said = one(body, name);
    if (said === '' && isRequired) missing.push(key);
    if (said === '') continue;
    const fine = checkedCell(pack, as, said);
    if (!fine.ok) return fine;
    row[key] = said;
  }
  // The unit has a default and says nothing alone.
  if (Object.keys(row).every((key) => key === 'unit')) return yes(undefined);
  if (missing.length > 0) return no('row-incomplete');
  return rows.some((other) => other['id'] !== undefined && scalarText(other['id']) === row['id']) ? no('id-taken') : yes(row);
}

function checkedCell(pack: Pack, as: ListColumn['as'], said: string): Verdict<true, ListRefusal> {
  switch (as) {
    case 'id':
      return ROW_ID_PATTERN.test(said) ? yes(true) : no('bad-entry-id');
    case 'unit':
      return (UNITS as readonly string[]).includes(said) ? yes(true) : no('unknown-value');
    case 'number-parameter':
      return pack.parameters.some(({ id, type }) => type === 'number' && said === `$${id}`) ? yes(true) : no('unknown-value');
    case 'date-fact':
      return pack.facts.some(({ id }) => id === said) ? yes(true) : no('unknown-value');
    case 'condition':
      return firstConditions(pack).includes(said) ? yes(true) : no('unknown-value');
    case 'term':
      return parseTerm(said).ok ? yes(true) : no('bad-term');
    case 'comparison':
      return parseComparisons(said).ok ? yes(true) : no('bad-term');
    case 'text':
    case 'texts':
      return yes(true);
  }
}

/** The clocks of a duty as a form chooses them. */
export function clockEdits(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], ListRefusal> {
  if (entry.kind !== 'duty') return no('unknown-form');
  const before = Array.isArray(entry.data['clocks']) ? (entry.data['clocks'] as readonly Plain[]).map(scalarText) : [];
  const chosen = many(body, 'clocks').filter((id) => id !== '');
  if (chosen.some((id) => !pack.clocks.some((clock) => clock.id === id))) return no('unknown-value');
  // Those that were there keep their place.
  const after = [...before.filter((id) => chosen.includes(id)), ...chosen.filter((id) => !before.includes(id))];
  return yes(after.join() === before.join() ? [] : [{ path: ['clocks'], value: after.length === 0 ? undefined : after }]);
}
