/** The entries of a pack one by one, whatever their kind: what each one says in canonical form, its digest, and what it refers to. */

import { canonical } from '../base/index.ts';
import type { Json } from '../base/index.ts';
import { sha256Hex } from './digest.ts';
import type { Expression, Pack } from './model.ts';
import { conclusionOfDuty } from './read-duties.ts';
import { referencesOf } from './resolve-names.ts';

/** `rule`, `fact`, `parameter`…: the word before the colon in `Pack.spots`. */
export type EntryKind = string;

/** One declared entry of a pack. */
export interface PackEntry {
  readonly kind: EntryKind;
  readonly id: string;
  /** `kind:id`, as in `Pack.spots`. */
  readonly key: string;
  /** What it says: conditions as their text, dates as YYYY-MM-DD, without its place in the file. */
  readonly content: { readonly [field: string]: Json };
}

/** Lists of a pack whose singular is no plain cut of the “s”. */
const KIND_OF_LIST: { readonly [list: string]: EntryKind } = {
  legalBasis: 'basis', families: 'family', headline: 'headline', cases: 'case', duties: 'duty', dutyGroups: 'duty-group',
};
/** Lists that are about the pack, not of it. */
const NOT_ENTRIES = new Set(['notes', 'layers']);
/** Fields that say where something stands or how it was parsed. */
const NOT_CONTENT = new Set(['spot', 'spots', 'expression', 'syntax']);

const entriesByPack = new WeakMap<Pack, ReadonlyMap<string, PackEntry>>();

/** Every entry declared in the pack by `kind:id`, in the order of the pack. What the engine derives (conclusion and rule of a duty) is not among them. */
export function entriesOf(pack: Pack): ReadonlyMap<string, PackEntry> {
  const known = entriesByPack.get(pack);
  if (known !== undefined) return known;
  const entries = new Map<string, PackEntry>();
  const duties = new Set(pack.duties.map((duty) => conclusionOfDuty(duty.id)));
  for (const [list, items] of Object.entries(pack) as [string, unknown][]) {
    if (!Array.isArray(items) || NOT_ENTRIES.has(list)) continue;
    const kind = KIND_OF_LIST[list] ?? list.replace(/s$/, '');
    for (const item of items as readonly Readonly<Record<string, unknown>>[]) {
      const id = item['id'] ?? item['key'];
      if (typeof id !== 'string' || !pack.spots.has(`${kind}:${id}`)) continue;
      if ((kind === 'conclusion' || kind === 'rule') && duties.has(id)) continue;
      entries.set(`${kind}:${id}`, { kind, id, key: `${kind}:${id}`, content: contentOf(item) as PackEntry['content'] });
    }
  }
  entriesByPack.set(pack, entries);
  return entries;
}

/**
 * SHA-256 (hex) of what one entry says: the identity that counsel signs. Moving lines, comments, quoting, key order and every other
 * entry leave it alone; any word, number, date, condition or citation of the entry changes it. Undefined when there is no such entry.
 */
export function ruleDigest(pack: Pack, kind: EntryKind, id: string): string | undefined {
  const entry = entriesOf(pack).get(`${kind}:${id}`);
  return entry === undefined ? undefined : sha256Hex(canonical({ kind, content: entry.content }));
}

/** A value of the loaded pack as plain data; conditions, and whatever else was parsed from a text, as that text. */
function contentOf(value: unknown): Json | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.flatMap((item) => contentOf(item) ?? []);
  if (value instanceof Set) return [...value].flatMap((item) => contentOf(item) ?? []);
  if (value instanceof Map) return contentOf(Object.fromEntries(value));
  if (typeof value !== 'object') return undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const text = (value as { readonly text?: unknown }).text;
  if (typeof text === 'string' && members.every(([name, member]) => name === 'text' || NOT_CONTENT.has(name) || typeof member === 'object')) return text;
  const content: Record<string, Json> = {};
  for (const [name, member] of members) {
    // Dates of a timing stand as terms beside the text they were parsed from.
    if (`${name}Text` in value || (name === 'if' && 'dateText' in value)) continue;
    if (typeof member === 'string' && name.endsWith('Text')) {
      content[name.slice(0, -'Text'.length)] = member.replaceAll(/\s+/g, ' ').trim();
      continue;
    }
    const said = NOT_CONTENT.has(name) ? undefined : contentOf(member);
    if (said !== undefined) content[name] = said;
  }
  return content;
}

/** Fields that are read by people or say where a text stands; they refer to nothing. */
const WORDS = new Set(['label', 'plain', 'ask', 'help', 'example', 'why', 'title', 'story', 'note', 'answerCost', 'mutable', 'sensitivity', 'who', 'group']);
const SOURCES = new Set(['cite', 'evidence', 'authority', 'source', 'annex', 'celex', 'oj', 'url', 'known_note']);

/** What a field is about: the `law` itself, its `sources` (citations, evidence marks), or `words` (texts and how the question is put). */
export type FieldConcern = 'law' | 'sources' | 'words';

/** The concern of a field path such as `values[known 2026-07-27].source` or `due[111_1].label.en`. */
export function concernOf(path: string): FieldConcern {
  for (const part of path.replaceAll(/\[[^\]]*\]/g, '').split('.')) {
    if (WORDS.has(part)) return 'words';
    if (SOURCES.has(part)) return 'sources';
  }
  return 'law';
}

/**
 * What every entry refers to, by `kind:id`. A family stands twice: `family:F` is “any member holds”, `requires:F` what it demands of each
 * member; so a change of one member does not seem to touch its siblings. A conclusion refers to its rules.
 */
export function referenceGraph(pack: Pack): ReadonlyMap<string, ReadonlySet<string>> {
  const known = graphByPack.get(pack) ?? graphOf(pack);
  graphByPack.set(pack, known);
  return known;
}

const graphByPack = new WeakMap<Pack, ReadonlyMap<string, ReadonlySet<string>>>();

function graphOf(pack: Pack): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, Set<string>>();
  const node = (key: string): Set<string> => {
    const edges = graph.get(key) ?? new Set<string>();
    graph.set(key, edges);
    return edges;
  };
  const kindsOfId = namesOf(pack);
  for (const [list, items] of Object.entries(pack) as [string, unknown][]) {
    if (!Array.isArray(items) || NOT_ENTRIES.has(list) || list === 'cases') continue;
    const kind = KIND_OF_LIST[list] ?? list.replace(/s$/, '');
    for (const item of items as readonly Readonly<Record<string, unknown>>[]) {
      const id = (item['id'] ?? item['key']) as string;
      collect(item, kindsOfId, node(`${kind === 'family' ? 'requires' : kind}:${id}`));
    }
  }
  for (const { id, concludes } of pack.rules) {
    node(`conclusion:${concludes}`).add(`rule:${id}`);
    // Collected as a name in `concludes`; but a rule does not depend on what it concludes.
    node(`rule:${id}`).delete(`conclusion:${concludes}`);
  }
  for (const { id, family } of pack.conclusions) {
    node(`conclusion:${id}`).delete(`family:${family}`);
    node(`conclusion:${id}`).add(`requires:${family}`);
    node(`family:${family}`).add(`conclusion:${id}`);
  }
  for (const { id } of pack.duties) {
    const conclusion = conclusionOfDuty(id);
    node(`conclusion:${conclusion}`).add(`duty:${id}`);
    node(`duty:${id}`).add(`conclusion:${conclusion}`);
  }
  return graph;
}

/** Which kinds of entries have this id. A headline is a label: nothing refers to it. */
function namesOf(pack: Pack): ReadonlyMap<string, readonly EntryKind[]> {
  const names = new Map<string, EntryKind[]>();
  for (const { kind, id } of entriesOf(pack).values()) {
    if (kind !== 'headline' && kind !== 'case' && kind !== 'rule' && kind !== 'basis') names.set(id, [...(names.get(id) ?? []), kind]);
  }
  return names;
}

/** Conditions by their resolved names; in other fields of the law every word that is an id counts, so that new kinds of entries need no code here. */
function collect(value: unknown, names: ReadonlyMap<string, readonly EntryKind[]>, into: Set<string>, field = ''): void {
  if (field !== '' && concernOf(field) !== 'law') return;
  if (typeof value === 'string') {
    if (field === 'id' || field === 'key' || field === 'kind' || field === 'type') return;
    for (const [word] of value.matchAll(/[\p{L}\p{N}][\p{L}\p{N}_.-]*/gu)) for (const kind of names.get(word) ?? []) into.add(`${kind}:${word}`);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, names, into, field);
  } else if (typeof value === 'object' && value !== null) {
    const { expression } = value as { readonly expression?: Expression };
    if (expression !== undefined && typeof (value as { readonly text?: unknown }).text === 'string') {
      referencesOf(expression, into);
      return;
    }
    for (const [name, member] of Object.entries(value)) collect(member, names, into, name);
  }
}
