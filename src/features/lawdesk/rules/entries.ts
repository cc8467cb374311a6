/** The entries of a pack's files as they are written: rules, definitions, dates, questions, cases, with file, line and plain data. */

import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { LANGUAGES, type LocalisedText } from '../../../base/index.ts';
import type { Citation, PackFile } from '../../../law/index.ts';

/** Sections of pack files by the kind of their entries; `key` names the entry where it is not `id`. */
export const SECTIONS: readonly { readonly section: string; readonly kind: EntryKind; readonly key?: string }[] = [
  { section: 'rules', kind: 'rule' },
  { section: 'duties', kind: 'duty' },
  { section: 'definitions', kind: 'definition' },
  { section: 'conclusions', kind: 'conclusion' },
  { section: 'families', kind: 'family' },
  { section: 'parameters', kind: 'parameter' },
  { section: 'timings', kind: 'timing' },
  { section: 'clocks', kind: 'clock' },
  { section: 'sanctions', kind: 'sanction' },
  { section: 'readings', kind: 'reading' },
  { section: 'facts', kind: 'fact' },
  { section: 'cases', kind: 'case' },
  { section: 'headline', kind: 'headline' },
  { section: 'duty_groups', kind: 'duty-group' },
  { section: 'legal_basis', kind: 'basis', key: 'key' },
];

export const ENTRY_KINDS = ['rule', 'duty', 'definition', 'conclusion', 'family', 'parameter', 'timing', 'clock', 'sanction', 'reading', 'fact', 'case', 'headline', 'duty-group', 'basis'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
/** What counsel confirms: everything that carries law. Worked cases are evidence beside it; headlines and groups are labels of lists. */
export const REVIEWED_KINDS: readonly EntryKind[] = ['rule', 'duty', 'definition', 'conclusion', 'family', 'parameter', 'timing', 'clock', 'sanction', 'reading', 'fact'];

export function isEntryKind(text: string): text is EntryKind {
  return (ENTRY_KINDS as readonly string[]).includes(text);
}

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainMap = { readonly [key: string]: Plain };
/** A way into an entry: keys of maps, numbers of list items. */
export type FieldPath = readonly (string | number)[];

export interface Entry {
  readonly kind: EntryKind;
  readonly id: string;
  readonly file: string;
  /** 1-based line on which it begins, and the one after its last. */
  readonly line: number;
  readonly lineAfter: number;
  readonly data: PlainMap;
}

/** Files parsed most recently, by their text: a draft differs from its base in one file at a time. */
const FILES_REMEMBERED_MAX = 160;
const remembered = new Map<string, readonly Omit<Entry, 'file'>[]>();

/** All entries of all files, in the order of the files given. A file that is no YAML has none. */
export function entriesOf(files: readonly PackFile[]): readonly Entry[] {
  return files.flatMap((file) => {
    let entries = remembered.get(file.text);
    if (entries === undefined) {
      entries = parseEntries(file.text);
      const oldest = remembered.keys().next();
      if (remembered.size >= FILES_REMEMBERED_MAX && oldest.done !== true) remembered.delete(oldest.value);
    } else remembered.delete(file.text);
    remembered.set(file.text, entries);
    return entries.map((entry) => ({ ...entry, file: file.path }));
  });
}

export function entryOf(files: readonly PackFile[], kind: EntryKind, id: string): Entry | undefined {
  return entriesOf(files).find((entry) => entry.kind === kind && entry.id === id);
}

function parseEntries(text: string): readonly Omit<Entry, 'file'>[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const top = document.contents;
  if (!isMap(top)) return [];
  return SECTIONS.flatMap(({ section, kind, key = 'id' }) => {
    const node = top.get(section, true);
    const entry = (value: Node, id: unknown, start: number): Omit<Entry, 'file'>[] =>
      typeof id === 'string' || typeof id === 'number'
        ? [{ kind, id: String(id), line: lines.linePos(start).line, lineAfter: lines.linePos(Math.max(start, (value.range?.[1] ?? start) - 1)).line + 1, data: value.toJS(document) as PlainMap }]
        : [];
    if (isSeq(node)) return node.items.flatMap((item) => (isMap(item) ? entry(item, item.get(key), item.range?.[0] ?? 0) : []));
    if (isMap(node)) return node.items.flatMap((pair) => (isScalar(pair.key) && isMap(pair.value) ? entry(pair.value, pair.key.value, pair.key.range?.[0] ?? 0) : []));
    return [];
  });
}

export function isLocalised(value: Plain | undefined): value is LocalisedText {
  return isPlainMap(value) && LANGUAGES.some((language) => typeof value[language] === 'string') && Object.keys(value).every((key) => (LANGUAGES as readonly string[]).includes(key));
}

export function isPlainMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A single value as it stands in a form; lists and maps have no text. */
export function scalarText(value: Plain | undefined): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The name of an entry in the pack's words; undefined where it has none in any form. */
export function titleOf(entry: Entry): LocalisedText | undefined {
  for (const key of ['label', 'ask', 'title', 'plain']) {
    const value = entry.data[key];
    if (isLocalised(value)) return value;
  }
  return undefined;
}

/** Every text in three languages inside the entry, with its way in. */
export function localisedIn(data: Plain, path: FieldPath = []): readonly { readonly path: FieldPath; readonly text: LocalisedText }[] {
  if (isLocalised(data)) return [{ path, text: data }];
  if (Array.isArray(data)) return (data as readonly Plain[]).flatMap((item, index) => localisedIn(item, [...path, index]));
  if (isPlainMap(data)) return Object.entries(data).flatMap(([key, value]) => localisedIn(value, [...path, key]));
  return [];
}

const CONDITION_KEYS = ['when', 'applies_if', 'requires', 'lower_when', 'unless'];

/** Every condition inside the entry as text, with its way in; trees of the file are written out as text. The dates a timing compares (`if`) are no conditions of facts. */
export function conditionsIn(data: Plain, path: FieldPath = []): readonly { readonly path: FieldPath; readonly text: string }[] {
  if (Array.isArray(data)) return (data as readonly Plain[]).flatMap((item, index) => conditionsIn(item, [...path, index]));
  if (!isPlainMap(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const here = [...path, key];
    if (!CONDITION_KEYS.includes(key)) return conditionsIn(value, here);
    const text = conditionText(value);
    return text === undefined || text === 'open' ? [] : [{ path: here, text }];
  });
}

function conditionText(value: Plain): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (!isPlainMap(value)) return undefined;
  if (value['not'] !== undefined) {
    const inner = conditionText(value['not']);
    return inner === undefined ? undefined : `not (${inner})`;
  }
  for (const [key, word] of [['all', 'and'], ['any', 'or']] as const) {
    const parts = value[key];
    if (!Array.isArray(parts)) continue;
    const texts = (parts as readonly Plain[]).map(conditionText);
    return texts.includes(undefined) || texts.length === 0 ? undefined : texts.map((text) => `(${text})`).join(` ${word} `);
  }
  return undefined;
}

/** The articles an entry cites, its annexes included. */
export function citationsOf(entry: Entry): readonly Citation[] {
  return ['cite', 'annex'].flatMap((key) => {
    const list = entry.data[key];
    return Array.isArray(list) ? (list as readonly Plain[]).flatMap((one) => (isPlainMap(one) && typeof one['act'] === 'string' && typeof one['article'] === 'string' ? [{ act: one['act'], article: one['article'] }] : [])) : [];
  });
}

/** Evidence marks of the entry: its own, and those of its dated values. */
export function evidenceOf(entry: Entry): readonly string[] {
  const own = entry.data['ev'];
  const values = entry.data['values'];
  const dated = Array.isArray(values) ? (values as readonly Plain[]).flatMap((value) => (isPlainMap(value) && typeof value['ev'] === 'string' ? [value['ev']] : [])) : [];
  return [...new Set([...(typeof own === 'string' ? [own] : []), ...dated])];
}

export function authorityOf(entry: Entry): string | undefined {
  const authority = entry.data['authority'];
  if (typeof authority === 'string') return authority;
  // A rule that names none is law; other entries have none.
  return entry.kind === 'rule' || entry.kind === 'duty' ? 'law' : undefined;
}
