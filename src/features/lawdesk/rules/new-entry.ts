/** What a new entry needs at least: the fields of the form for each kind, and the entry that a filled form becomes. */

import { isMap, isSeq, parseDocument } from 'yaml';
import { type Language, LANGUAGES, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import type { Pack, PackFile } from '../../../law/index.ts';
import { entriesOf, type EntryKind, type Plain, type PlainMap } from './entries.ts';
import { FIELD_TEXT_LENGTH_MAX, type FormBody, one, RESULTS } from './entry-forms.ts';
import { namesOf } from './sentence.ts';

export const NEW_KINDS = ['rule', 'duty', 'definition', 'conclusion', 'parameter', 'fact', 'case', 'timing', 'duty-group', 'clock'] as const;
export type NewKind = (typeof NEW_KINDS)[number];

export function isNewKind(text: string): text is NewKind {
  return (NEW_KINDS as readonly string[]).includes(text);
}

/** A field of the form. `texts` are three fields, one a language; `cite` are act and article; `name` is the first condition of a sentence. */
export type NewField =
  | { readonly key: string; readonly as: 'texts' | 'cite' | 'name' | 'family' | 'conclusion' | 'role' | 'duty-group' | 'timing' | 'text' | 'values' | 'value' | 'expect' }
  | { readonly key: string; readonly as: 'date-parameter' | 'number-parameter' | 'group'; readonly optional?: true }
  | { readonly key: string; readonly as: 'choice'; readonly values: readonly string[]; readonly value: string };

const EVIDENCE: NewField = { key: 'ev', as: 'choice', values: ['V', 'S', 'G', 'D', 'K', 'C'], value: 'K' };
const AUTHORITY: NewField = { key: 'authority', as: 'choice', values: ['law', 'delegated', 'guidance_final', 'guidance_draft', 'national', 'regulator_decision'], value: 'law' };
const CITE: NewField = { key: 'cite', as: 'cite' };
const texts = (key: string): NewField => ({ key, as: 'texts' });

/** In the order of the page, which is the order in the file. */
export const NEW_FIELDS: { readonly [K in NewKind]: readonly NewField[] } = {
  rule: [{ key: 'concludes', as: 'conclusion' }, { key: 'kind', as: 'choice', values: ['general', 'exception'], value: 'general' }, { key: 'when', as: 'name' }, texts('label'), CITE, EVIDENCE, AUTHORITY],
  duty: [{ key: 'role', as: 'role' }, { key: 'group', as: 'duty-group' }, { key: 'when', as: 'name' }, texts('label'), texts('plain'), CITE, EVIDENCE, AUTHORITY, { key: 'timing', as: 'timing' }, { key: 'article', as: 'date-parameter', optional: true }],
  definition: [{ key: 'when', as: 'name' }, texts('label'), CITE],
  conclusion: [{ key: 'family', as: 'family' }, texts('label'), texts('plain')],
  parameter: [{ key: 'type', as: 'choice', values: ['date', 'number'], value: 'date' }, texts('label'), { key: 'values', as: 'value' }],
  fact: [{ key: 'group', as: 'group' }, { key: 'type', as: 'choice', values: ['bool', 'enum', 'set', 'number', 'date'], value: 'bool' }, { key: 'values', as: 'values' }, texts('ask'), texts('help'), texts('example'), texts('why'), CITE],
  case: [texts('title'), texts('story'), { key: 'expect', as: 'expect' }],
  timing: [texts('label')],
  'duty-group': [texts('label')],
  clock: [texts('label'), CITE, { key: 'length', as: 'number-parameter' }, { key: 'unit', as: 'choice', values: ['years', 'months', 'days', 'hours'], value: 'days' }, { key: 'from', as: 'text' }],
};

/** Answers of a new question that the form has room for; more are added in the file. */
export const NEW_VALUES_MAX = 8;
const ID_PATTERN = /^\p{L}[\p{L}\p{N}_.-]{0,119}$/u;
const VALUE_ID_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,119}$/u;
/** The last line of a timing has no condition; every new timing begins with it. */
const ORDINARY_DATE = 'max(article, route)';

/** What is wrong with one field of the form, by its name in the form. */
export interface NewProblem {
  readonly field: string;
  /** The field of the pack it is about. */
  readonly key: string;
  readonly language?: Language;
  readonly code: 'missing' | 'bad-id' | 'id-taken' | 'bad-file' | 'not-a-date' | 'not-a-number' | 'unknown-choice' | 'too-few-values' | 'too-long';
}

export interface NewEntry {
  readonly file: string;
  readonly id: string;
  readonly data: PlainMap;
}

/** The files of a pack that can take an entry: those that pack.yaml lists, or pack.yaml itself when it lists none. */
export function filesForEntries(files: readonly PackFile[]): readonly string[] {
  const manifest = files.find((file) => file.path === 'pack.yaml');
  const top = manifest === undefined ? null : parseDocument(manifest.text, { logLevel: 'error' }).contents;
  const listed: unknown = isMap(top) ? top.get('files', true) : undefined;
  const names = isSeq(listed) ? (listed.toJSON() as readonly unknown[]).filter((name) => typeof name === 'string') : [];
  const known = files.filter((file) => names.includes(file.path)).map((file) => file.path);
  return known.length > 0 ? known : manifest === undefined ? [] : ['pack.yaml'];
}

/** The file that holds most entries of the kind; the first when there is none of it yet. */
export function usualFile(files: readonly PackFile[], kind: EntryKind): string {
  const counts = new Map<string, number>();
  for (const entry of entriesOf(files)) if (entry.kind === kind) counts.set(entry.file, (counts.get(entry.file) ?? 0) + 1);
  const possible = filesForEntries(files);
  return possible.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0] ?? 'pack.yaml';
}

/** The name of a field in the form. */
export function newFieldName(key: string, rest = ''): string {
  return rest === '' ? `new.${key}` : `new.${key}.${rest}`;
}

/** The entry that the form describes, or everything that is missing or wrong in it. */
export function newEntryOf(pack: Pack, files: readonly PackFile[], kind: NewKind, body: FormBody): Verdict<NewEntry, readonly NewProblem[]> {
  const reader = new FormReader(pack, body);
  const [id, file] = [one(body, 'id'), one(body, 'file')];
  if (id === '') reader.problem('id', 'id', 'missing');
  else if (!ID_PATTERN.test(id)) reader.problem('id', 'id', 'bad-id');
  else if (pack.spots.has(`${kind}:${id}`) || entriesOf(files).some((entry) => entry.kind === kind && entry.id === id)) reader.problem('id', 'id', 'id-taken');
  if (!filesForEntries(files).includes(file)) reader.problem('file', 'file', 'bad-file');
  const data: Record<string, Plain> = {};
  for (const field of NEW_FIELDS[kind]) {
    const value = reader.value(field);
    if (value !== undefined) data[field.key] = value;
  }
  if (kind === 'case') data['facts'] = {};
  if (kind === 'timing') data['due'] = [{ id: 'ordinary', date: ORDINARY_DATE, label: data['label'] ?? {} }];
  return reader.problems.length > 0 ? no(reader.problems) : yes({ file, id, data: inPackOrder(data) });
}

/** Facts of a case stand before what it expects. */
function inPackOrder(data: Readonly<Record<string, Plain>>): PlainMap {
  const { expect, ...rest } = data;
  return expect === undefined ? data : { ...rest, expect };
}

class FormReader {
  readonly problems: NewProblem[] = [];
  private readonly pack: Pack;
  private readonly body: FormBody;

  constructor(pack: Pack, body: FormBody) {
    this.pack = pack;
    this.body = body;
  }

  problem(field: string, key: string, code: NewProblem['code'], language?: Language): void {
    this.problems.push({ field, key, code, ...(language === undefined ? {} : { language }) });
  }

  /** The value of a field, undefined where nothing is written. */
  value(field: NewField): Plain | undefined {
    const { key, as } = field;
    switch (as) {
      case 'texts':
        return this.texts(newFieldName(key), key);
      case 'cite':
        return this.cite();
      case 'values':
        return ['enum', 'set'].includes(this.text(newFieldName('type'))) ? this.values() : undefined;
      case 'value':
        return this.datedValue();
      case 'expect':
        return this.expectation();
      case 'choice': {
        const said = this.text(newFieldName(key)) || field.value;
        if (!field.values.includes(said)) this.problem(newFieldName(key), key, 'unknown-choice');
        // What the format takes for granted is not written.
        return key === 'kind' && said === field.value ? undefined : said;
      }
      case 'family':
        return this.chosen(key, this.pack.families.map(({ id }) => id), true);
      case 'conclusion':
        return this.chosen(key, this.pack.conclusions.map(({ id }) => id));
      case 'role':
        return this.chosen(key, rolesOf(this.pack).map(({ id }) => id));
      case 'duty-group':
        return this.chosen(key, this.pack.dutyGroups.map(({ id }) => id));
      case 'timing':
        return this.chosen(key, this.pack.timings.map(({ id }) => id));
      case 'name':
        return this.chosen(key, firstConditions(this.pack));
      case 'date-parameter':
      case 'number-parameter':
        return this.chosen(key, this.pack.parameters.filter(({ type }) => `${type}-parameter` === as).map(({ id }) => `$${id}`), field.optional);
      case 'group':
      case 'text': {
        const said = this.text(newFieldName(key));
        if (said === '') this.problem(newFieldName(key), key, 'missing');
        return said;
      }
    }
  }

  private text(name: string): string {
    const said = one(this.body, name);
    if (said.length > FIELD_TEXT_LENGTH_MAX) this.problem(name, name.split('.')[1] ?? name, 'too-long');
    return said;
  }

  private chosen(key: string, values: readonly string[], isOptional = false): string | undefined {
    const said = this.text(newFieldName(key));
    if (said === '' && !isOptional) this.problem(newFieldName(key), key, 'missing');
    else if (said !== '' && !values.includes(said)) this.problem(newFieldName(key), key, 'unknown-choice');
    return said === '' ? undefined : said;
  }

  private texts(name: string, key: string): PlainMap {
    return Object.fromEntries(
      LANGUAGES.map((language) => {
        const said = this.text(`${name}.${language}`).replaceAll('\r\n', '\n');
        if (said === '') this.problem(`${name}.${language}`, key, 'missing', language);
        return [language, said];
      }),
    );
  }

  private cite(): Plain {
    const [act, article] = [this.text(newFieldName('cite', 'act')), this.text(newFieldName('cite', 'article'))];
    if (act === '') this.problem(newFieldName('cite', 'act'), 'act', 'missing');
    else if (!this.pack.legalBasis.some((basis) => basis.key === act)) this.problem(newFieldName('cite', 'act'), 'act', 'unknown-choice');
    if (article === '') this.problem(newFieldName('cite', 'article'), 'article', 'missing');
    return [{ act, article }];
  }

  private values(): Plain {
    const values: PlainMap[] = [];
    for (let at = 0; at < NEW_VALUES_MAX; at++) {
      const name = newFieldName('values', String(at));
      const id = this.text(`${name}.id`);
      if (id === '' && LANGUAGES.every((language) => this.text(`${name}.${language}`) === '')) continue;
      if (!VALUE_ID_PATTERN.test(id)) this.problem(`${name}.id`, 'id', id === '' ? 'missing' : 'bad-id');
      if (values.some((value) => value['id'] === id)) this.problem(`${name}.id`, 'id', 'id-taken');
      values.push({ id, label: this.texts(name, 'label') });
    }
    if (values.length < (this.text(newFieldName('type')) === 'enum' ? 2 : 1)) this.problem(newFieldName('values', '0.id'), 'values', 'too-few-values');
    return values;
  }

  private datedValue(): Plain {
    const name = (part: string): string => newFieldName('values', part);
    const [value, known, source, ev] = [this.text(name('value')), this.text(name('known')), this.text(name('source')), this.text(name('ev')) || 'K'];
    const isNumber = this.text(newFieldName('type')) === 'number';
    if (value !== '' && !isNumber && parseCivilDate(value) === undefined) this.problem(name('value'), 'value', 'not-a-date');
    if (value !== '' && isNumber && !Number.isFinite(Number(value))) this.problem(name('value'), 'value', 'not-a-number');
    if (known === '') this.problem(name('known'), 'known', 'missing');
    else if (parseCivilDate(known) === undefined) this.problem(name('known'), 'known', 'not-a-date');
    if (source === '') this.problem(name('source'), 'source', 'missing');
    // A value that nobody has fixed is null, and stays so until somebody does.
    return [{ value: value === '' ? null : isNumber ? Number(value) : value, known, source, ev }];
  }

  private expectation(): Plain {
    const [id, result] = [this.text(newFieldName('expect', 'id')), this.text(newFieldName('expect', 'result')) || 'holds'];
    if (id === '') this.problem(newFieldName('expect', 'id'), 'expect', 'missing');
    else if (![...this.pack.families, ...this.pack.conclusions].some((known) => known.id === id)) this.problem(newFieldName('expect', 'id'), 'expect', 'unknown-choice');
    if (!RESULTS.includes(result)) this.problem(newFieldName('expect', 'result'), 'expect', 'unknown-choice');
    return { [id]: result };
  }
}

/** Conclusions that say who somebody is: those duties already name, and those of the family of roles. */
export function rolesOf(pack: Pack): readonly Pack['conclusions'][number][] {
  const named = new Set(pack.duties.flatMap((duty) => duty.roles));
  return pack.conclusions.filter((conclusion) => named.has(conclusion.id) || conclusion.family === 'role');
}

/** What a new condition may begin with: whatever holds or does not hold without a value to choose. */
export function firstConditions(pack: Pack): readonly string[] {
  return [...namesOf(pack)].flatMap(([id, named]) => (named.kind === 'reading' || (named.kind === 'fact' && named.fact.type !== 'bool') ? [] : [id]));
}
