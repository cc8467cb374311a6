/** Reads the frameworks (their items with short names of our own) and the themes under which they are set side by side. */

import { didYouMean } from '../nearest-name.ts';
import type { Evidence, PackFile } from '../model.ts';
import { ProblemList, type YamlEntry, YamlSource } from '../yaml-reader.ts';
import { type CrosswalkProblem, type Framework, type FrameworkItem, FRAMEWORKS_MAX, ITEMS_MAX, type Theme, THEMES_MAX } from './model.ts';

const EVIDENCE: readonly Evidence[] = ['V', 'S', 'G', 'D', 'K', 'C'];
/** A prefix names columns and addresses: no dots, no capitals. */
const PREFIX = /^[a-z][a-z0-9]*$/;
/** Ids stand in addresses and after a prefix. */
const LOCAL = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const FRAMEWORK_ID = /^[a-z0-9][a-z0-9-]*$/;

export interface FrameworksRead {
  readonly frameworks: readonly Framework[];
  readonly themes: readonly Theme[];
  readonly problems: readonly CrosswalkProblem[];
}

/** `files` are those of frameworks; `themes` is the file that orders them, absent when only a mapping file is checked. */
export function readFrameworks(files: readonly PackFile[], themes?: PackFile): FrameworksRead {
  const problems = new ProblemList();
  const budget = { nodes: 0 };
  const placed = files.slice(0, FRAMEWORKS_MAX).flatMap((file) => {
    const top = new YamlSource(file.path, file.text, problems, budget).top('a framework');
    const one = top === undefined ? undefined : framework(top);
    return one === undefined ? [] : [{ path: file.path, one }];
  });
  const read = placed.map(({ one }) => one);
  if (files.length > FRAMEWORKS_MAX) problems.error('too-many', { file: files[FRAMEWORKS_MAX]?.path ?? '', line: 1 }, `there are ${files.length} frameworks, at most ${FRAMEWORKS_MAX} are read`, 'Remove some.');
  for (const name of ['id', 'prefix', 'iri'] as const) unique(placed.map(({ path, one }) => ({ path, value: one[name] })), name, problems);
  if (themes === undefined) return { frameworks: read, themes: [], problems: [...problems.items, ...problems.notes] };
  const top = new YamlSource(themes.path, themes.text, problems, budget).top('the list of themes');
  const order = top?.texts('frameworks') ?? [];
  for (const id of order) if (!read.some((one) => one.id === id)) top?.error('unknown-framework', `there is no framework “${id}”.${didYouMean(id, read.map((one) => one.id))}`, 'Use the id of a file in the folder frameworks.');
  for (const one of read) if (top !== undefined && !order.includes(one.id)) top.error('framework-without-column', `“${one.id}” is not listed`, 'Add it to “frameworks”: the order of the matrix.');
  const known = new Set(read.flatMap((one) => one.items.map(({ id }) => id)));
  const listed = top?.entries('themes', 'a theme', THEMES_MAX).flatMap((entry) => theme(entry, known) ?? []) ?? [];
  top?.finish();
  unique(listed.map((one) => ({ path: themes.path, value: one.id })), 'id', problems);
  return { frameworks: read.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)), themes: listed, problems: [...problems.items, ...problems.notes] };
}

function framework(top: YamlEntry): Framework | undefined {
  const id = matching(top, 'id', FRAMEWORK_ID);
  const prefix = matching(top, 'prefix', PREFIX);
  const iri = top.text('iri');
  const law = top.entry('law', 'the law of a framework');
  const groups = top.entries('groups', 'a group').map((entry) => {
    const group = { id: entry.text('id') ?? '', label: entry.localised('label') };
    entry.finish();
    return group;
  });
  const groupIds = groups.map((group) => group.id);
  const items = top.entries('items', 'an item', ITEMS_MAX).flatMap((entry) => item(entry, prefix ?? '', groupIds) ?? []);
  items.forEach((one, index) => {
    if (items.findIndex((other) => other.id === one.id) !== index) top.error('duplicate-id', `the item “${one.local}” stands there twice`, 'Keep one of them.');
  });
  if (items.length === 0) top.error('no-items', 'the framework has no items', 'List them under “items”.');
  const result = {
    title: top.localised('title'),
    version: top.text('version') ?? '',
    publisher: top.text('publisher') ?? '',
    source: top.text('source') ?? '',
    evidence: top.oneOf('ev', EVIDENCE) ?? ('K' as const),
    note: top.localised('note'),
    groups,
    items,
    ...(law === undefined ? {} : { law: { pack: law.text('pack') ?? '', act: law.text('act') ?? '' } }),
  };
  law?.finish();
  top.finish();
  return id === undefined || prefix === undefined || iri === undefined ? undefined : { id, prefix, iri, ...result };
}

function item(entry: YamlEntry, prefix: string, groups: readonly string[]): FrameworkItem | undefined {
  const local = matching(entry, 'id', LOCAL);
  const code = entry.optionalText('code');
  const group = entry.text('group') ?? '';
  const label = entry.localised('label');
  if (!groups.includes(group)) entry.error('unknown-group', `there is no group “${group}”.${didYouMean(group, groups)}`, 'Use an id of “groups”.');
  entry.finish();
  return local === undefined ? undefined : { id: `${prefix}:${local}`, local, group, label, ...(code === undefined ? {} : { code }) };
}

function theme(entry: YamlEntry, known: ReadonlySet<string>): Theme | undefined {
  const id = entry.id('id');
  const label = entry.localised('label');
  const items = entry.texts('items');
  for (const one of items) if (!known.has(one)) entry.error('unknown-id', `there is no item “${one}”.${didYouMean(one, known)}`, 'Use prefix:id of a framework.');
  if (new Set(items).size !== items.length) entry.error('duplicate-id', 'an item is listed twice', 'List it once.');
  entry.finish();
  return id === undefined ? undefined : { id, label, items };
}

function matching(entry: YamlEntry, key: string, pattern: RegExp): string | undefined {
  const text = entry.text(key);
  if (text === undefined || pattern.test(text)) return text;
  entry.error('bad-id', `“${text}” cannot be the ${key} of ${entry.what}`, 'Use letters, digits, “-” and, for items, “.” and “_”.');
  return undefined;
}

function unique(named: readonly { readonly path: string; readonly value: string }[], name: string, problems: ProblemList): void {
  named.forEach(({ path, value }, index) => {
    if (named.findIndex((other) => other.value === value) !== index) problems.error('duplicate-id', { file: path, line: 1 }, `the ${name} “${value}” is taken`, 'Choose another.');
  });
}
