/** What the forms of the editor mean: the fields of a posted form become edits of one entry, and nothing else of it changes. */

import { LANGUAGES, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { conditionsIn, type Entry, type EntryKind, isPlainMap, localisedIn, type Plain, type PlainMap, scalarText } from './entries.ts';
import { changeSentence, leafOf, parsePath, type SentenceAct, type SentenceRefusal } from './sentence.ts';
import type { FieldEdit } from './yaml-edit.ts';

/** A posted form: single values, and lists where a name came more than once. */
export type FormBody = Readonly<Record<string, string | readonly string[]>>;
export type FormRefusal = SentenceRefusal | 'field-missing' | 'not-a-number' | 'not-a-date' | 'text-too-long' | 'too-many-rows' | 'unknown-form';

export const FIELD_TEXT_LENGTH_MAX = 8_000;
/** Citations, dated values or expectations of one entry. */
export const ROWS_MAX = 100;

export function one(body: FormBody, name: string): string {
  const value = body[name];
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).trim();
}

export function many(body: FormBody, name: string): readonly string[] {
  const value = body[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

export function isTooLong(body: FormBody): boolean {
  return Object.values(body).some((value) => (typeof value === 'string' ? [value] : value).some((text) => text.length > FIELD_TEXT_LENGTH_MAX));
}

/** The edits a form asks for; `form` names which of the forms of the page it was. */
export function editsOf(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  if (isTooLong(body)) return no('text-too-long');
  switch (one(body, 'form')) {
    case 'sentence':
      return sentenceEdit(pack, entry, body);
    case 'texts':
      return yes(textEdits(entry, body));
    case 'fields':
      return fieldEdits(entry, body);
    case 'cite':
      return citationEdits(entry, body);
    case 'values':
      return valueEdits(entry, body);
    case 'case':
      return caseEdits(pack, entry, body);
    default:
      return no('unknown-form');
  }
}

function sentenceEdit(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  const condition = conditionsIn(entry.data).find(({ path }) => path.join('.') === one(body, 'condition'));
  const path = parsePath(one(body, 'at'));
  if (condition === undefined || path === undefined) return no('node-missing');
  const act = one(body, 'act');
  let change: SentenceAct;
  if (act === 'replace' || act === 'add') {
    const node = leafOf(pack, { name: one(body, 'name'), relation: one(body, 'relation'), values: many(body, 'values') });
    if (!node.ok) return node;
    change = { act, node: node.value };
  } else if (['remove', 'negate', 'switch', 'wrap-all', 'wrap-any', 'unwrap', 'up', 'down'].includes(act)) change = { act: act as 'remove' };
  else return no('unknown-form');
  const changed = changeSentence(condition.text, path, change);
  return changed.ok ? yes([{ path: condition.path, value: changed.value }]) : changed;
}

function textEdits(entry: Entry, body: FormBody): readonly FieldEdit[] {
  return localisedIn(entry.data).flatMap(({ path, text }) =>
    LANGUAGES.flatMap((language): FieldEdit[] => {
      const value = body[`text.${path.join('.')}.${language}`];
      const said = typeof value === 'string' ? value.replaceAll('\r\n', '\n').trim() : undefined;
      return said === undefined || said === (text[language] ?? '') ? [] : [{ path: [...path, language], value: said }];
    }),
  );
}

/** How a field is asked for. Choices are the words of the pack format. */
export type FieldSpec =
  | { readonly key: string; readonly as: 'choice'; readonly values: readonly string[]; readonly value?: 'number' | 'boolean' }
  | { readonly key: string; readonly as: 'text' | 'date' | 'number' | 'parameter' | 'conclusion' | 'family' | 'option' };

const EVIDENCE: FieldSpec = { key: 'ev', as: 'choice', values: ['V', 'S', 'G', 'D', 'K', 'C'] };
const AUTHORITY: FieldSpec = { key: 'authority', as: 'choice', values: ['law', 'delegated', 'guidance_final', 'guidance_draft', 'national', 'regulator_decision'] };
const NOTE: FieldSpec = { key: 'note', as: 'text' };
const text = (key: string): FieldSpec => ({ key, as: 'text' });
const date = (key: string): FieldSpec => ({ key, as: 'date' });

/** The single fields of each kind that the editor offers, in the order of the page. */
export const FIELDS: { readonly [K in EntryKind]: readonly FieldSpec[] } = {
  rule: [
    { key: 'concludes', as: 'conclusion' },
    { key: 'kind', as: 'choice', values: ['general', 'exception'] },
    { key: 'then', as: 'choice', values: ['fails', 'holds'] },
    { key: 'priority', as: 'number' },
    text('overrides'),
    { key: 'applies', as: 'parameter' },
    EVIDENCE,
    AUTHORITY,
    date('valid_from'),
    date('valid_to'),
    date('known_from'),
    date('known_to'),
    NOTE,
  ],
  duty: [text('group'), text('timing'), text('article'), text('route'), text('sanction'), EVIDENCE, AUTHORITY, NOTE],
  definition: [NOTE],
  conclusion: [{ key: 'family', as: 'family' }, NOTE],
  family: [{ key: 'weight', as: 'number' }, NOTE],
  parameter: [{ key: 'type', as: 'choice', values: ['date', 'number'] }, NOTE],
  timing: [NOTE],
  clock: [text('length'), { key: 'unit', as: 'choice', values: ['years', 'months', 'days', 'hours'] }, text('from'), NOTE],
  sanction: [text('fixed'), text('percent'), EVIDENCE, NOTE],
  reading: [{ key: 'default', as: 'option' }, EVIDENCE, NOTE],
  fact: [
    text('group'),
    { key: 'cost', as: 'choice', values: ['1', '2', '3', '4', '5'], value: 'number' },
    { key: 'mutable', as: 'choice', values: ['true', 'false'], value: 'boolean' },
    { key: 'sensitivity', as: 'choice', values: ['public', 'internal', 'secret'] },
    { key: 'who', as: 'choice', values: ['provider', 'deployer', 'both', 'regulator'] },
    NOTE,
  ],
  case: [date('as_of'), date('known_on'), NOTE],
  headline: [],
  'duty-group': [],
  basis: [text('celex'), text('oj'), text('url')],
};

function fieldEdits(entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  const edits: FieldEdit[] = [];
  for (const spec of FIELDS[entry.kind]) {
    if (body[`field.${spec.key}`] === undefined) continue;
    const said = one(body, `field.${spec.key}`);
    const before = entry.data[spec.key];
    if (said === scalarText(before)) continue;
    if (spec.as === 'date' && said !== '' && parseCivilDate(said) === undefined) return no('not-a-date');
    const isNumber = spec.as === 'number' || (spec.as === 'choice' && spec.value === 'number');
    if (isNumber && said !== '' && !Number.isFinite(Number(said))) return no('not-a-number');
    const value: Plain | undefined = said === '' ? undefined : isNumber ? Number(said) : spec.as === 'choice' && spec.value === 'boolean' ? said === 'true' : said;
    edits.push({ path: [spec.key], value });
  }
  return yes(edits);
}

function citationEdits(entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  const before = Array.isArray(entry.data['cite']) ? (entry.data['cite'] as readonly Plain[]) : [];
  const after: PlainMap[] = [];
  for (let at = 0; body[`cite.${at}.article`] !== undefined; at++) {
    if (at >= ROWS_MAX) return no('too-many-rows');
    const [act, article] = [one(body, `cite.${at}.act`), one(body, `cite.${at}.article`)];
    const old = before[at];
    if (act !== '' && article !== '') after.push({ ...(isPlainMap(old) ? old : {}), act, article });
  }
  return yes(sameJson(before, after) ? [] : [{ path: ['cite'], value: after.length === 0 ? undefined : after }]);
}

function valueEdits(entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  const before = Array.isArray(entry.data['values']) ? (entry.data['values'] as readonly Plain[]) : [];
  const isNumber = entry.data['type'] === 'number';
  const after: PlainMap[] = [];
  for (let at = 0; body[`value.${at}.known`] !== undefined; at++) {
    if (at >= ROWS_MAX) return no('too-many-rows');
    const row = (name: string): string => one(body, `value.${at}.${name}`);
    const known = before[at];
    const old: PlainMap = isPlainMap(known) ? known : {};
    if (row('value') === '' && row('known') === '' && row('source') === '') continue;
    if ((!isNumber && row('value') !== '' && parseCivilDate(row('value')) === undefined) || parseCivilDate(row('known')) === undefined || (row('from') !== '' && parseCivilDate(row('from')) === undefined)) return no('not-a-date');
    if (isNumber && !Number.isFinite(Number(row('value')))) return no('not-a-number');
    const { from: _from, ...rest } = old;
    // A value that no source fixes stays null until somebody writes one.
    const value: Plain = row('value') === '' ? null : !isNumber ? row('value') : Number(row('value')) === old['value'] ? old['value'] : Number(row('value'));
    after.push({ ...rest, value, ...(row('from') === '' ? {} : { from: row('from') }), known: row('known'), source: row('source'), ev: row('ev') || 'K' });
  }
  const ordered = after.toSorted((a, b) => `${scalarText(a['known'])}|${scalarText(a['from'])}`.localeCompare(`${scalarText(b['known'])}|${scalarText(b['from'])}`, 'en'));
  if (ordered.length !== before.length) return yes([{ path: ['values'], value: ordered }]);
  // Cell by cell, so that comments between the values stay.
  return yes(
    ordered.flatMap((row, index) => {
      const known = before[index];
      const old: PlainMap = isPlainMap(known) ? known : {};
      return [...new Set([...Object.keys(old), ...Object.keys(row)])].flatMap((key): FieldEdit[] => (sameJson(old[key] ?? null, row[key] ?? null) ? [] : [{ path: ['values', index, key], value: row[key] }]));
    }),
  );
}

/** What a case may expect of a conclusion. */
export const RESULTS: readonly string[] = ['holds', 'fails', 'undetermined', 'disputed'];

function caseEdits(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], FormRefusal> {
  const edits: FieldEdit[] = [];
  const facts = isPlainMap(entry.data['facts']) ? entry.data['facts'] : {};
  for (const id of many(body, 'fact').slice(0, 500)) {
    const fact = pack.facts.find((one_) => one_.id === id);
    if (fact === undefined) return no('unknown-name');
    const said = answerOf(fact.type, fact.values.map((value) => value.id), many(body, `answer.${id}`));
    if (!said.ok) return said;
    if (!sameAnswer(facts[id], said.value)) edits.push({ path: ['facts', id], value: said.value });
  }
  if (!isPlainMap(entry.data['facts']) && edits.length > 0) return yes([{ path: ['facts'], value: Object.fromEntries(edits.map((edit) => [String(edit.path[1]), edit.value ?? null])) }]);
  for (const [section, isFine] of [
    ['expect', (value: string) => RESULTS.includes(value)],
    ['dates', (value: string) => parseCivilDate(value) !== undefined],
    ['due', (value: string) => parseCivilDate(value) !== undefined || ['never', 'open', 'undated', 'no-duty'].includes(value)],
  ] as const) {
    const before = isPlainMap(entry.data[section]) ? entry.data[section] : {};
    const after: Record<string, Plain> = {};
    const rows = Object.keys(before).length + 3;
    for (let at = 0; at < Math.min(rows, ROWS_MAX); at++) {
      const [id, value] = [one(body, `${section}.${at}.id`), one(body, `${section}.${at}.value`)];
      if (id === '' || value === '') continue;
      if (!isFine(value)) return no(section === 'expect' ? 'unknown-value' : 'not-a-date');
      after[id] = value;
    }
    if (body[`${section}.0.id`] === undefined || sameJson(before, after)) continue;
    const keys = Object.keys(before);
    // Keys that stay are changed in place; only a new or a missing one touches its neighbours.
    if (keys.length === 0 || Object.keys(after).length === 0) edits.push({ path: [section], value: Object.keys(after).length === 0 ? undefined : after });
    else for (const key of new Set([...keys, ...Object.keys(after)])) if (!sameJson(before[key] ?? null, after[key] ?? null)) edits.push({ path: [section, key], value: after[key] });
  }
  return yes(edits);
}

/** Undefined takes the fact out of the case: it is then unanswered. */
function answerOf(type: string, members: readonly string[], values: readonly string[]): Verdict<Plain | undefined, FormRefusal> {
  const chosen = values.map((value) => value.trim()).filter((value) => value !== '');
  const [first] = chosen;
  if (first === undefined) return yes(undefined);
  if (first === 'unknown') return yes('unknown');
  switch (type) {
    case 'bool':
      return first === 'yes' || first === 'no' ? yes(first) : no('unknown-value');
    case 'number':
      return Number.isFinite(Number(first)) ? yes(Number(first)) : no('not-a-number');
    case 'date':
      return parseCivilDate(first) === undefined ? no('not-a-date') : yes(first);
    case 'set': {
      const set = chosen.filter((value) => value !== '@none');
      return set.every((value) => members.includes(value)) ? yes(set) : no('unknown-value');
    }
    default:
      return members.includes(first) ? yes(first) : no('unknown-value');
  }
}

function sameAnswer(before: Plain | undefined, after: Plain | undefined): boolean {
  const plain = (value: Plain | undefined): Plain | undefined => (value === true ? 'yes' : value === false ? 'no' : value);
  if (Array.isArray(before) && Array.isArray(after)) return sameJson([...(before as readonly Plain[])].sort(), [...(after as readonly Plain[])].sort());
  return sameJson(plain(before) ?? null, plain(after) ?? null);
}

function sameJson(a: Plain, b: Plain): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(value: Plain): Plain {
  if (Array.isArray(value)) return (value as readonly Plain[]).map(inOrder);
  if (!isPlainMap(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, inOrder(member)]));
}
