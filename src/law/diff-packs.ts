/** What is different between two packs: entries added, removed and changed field by field, dates that moved, and the conclusions that can change. */

import type { Json } from '../base/index.ts';
import type { Pack, PackRef, Spot } from './model.ts';
import { concernOf, entriesOf, referenceGraph } from './pack-entries.ts';
import type { EntryKind, FieldConcern, PackEntry } from './pack-entries.ts';
import { conclusionOfDuty } from './read-duties.ts';

/** One field before and after, as plain text; absent: the field was not there. */
export interface FieldChange {
  /** Where in the entry: `when`, `label.en`, `values[known 2026-07-27].value`. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
  readonly concern: FieldConcern;
}

export interface EntryChange {
  readonly kind: EntryKind;
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of an added or removed entry: all its fields. */
  readonly fields: readonly FieldChange[];
  /** The weightiest concern of its fields: `law` before `sources` before `words`. Worked cases and the legal basis are `sources` at most. */
  readonly concern: FieldConcern;
  /** Where it stands: in the new pack, of a removed entry in the old one. */
  readonly spot: Spot;
}

/** A date of the law that is another one now. */
export interface MovedDate {
  readonly kind: EntryKind;
  readonly id: string;
  /** The field; of a parameter `value`: its latest value. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface PackDiff {
  readonly from: PackRef;
  readonly to: PackRef;
  /** Title, version, status and other fields of pack.yaml itself. */
  readonly head: readonly FieldChange[];
  /** In the order of the new pack, removed entries last. */
  readonly entries: readonly EntryChange[];
  readonly movedDates: readonly MovedDate[];
  /** The headlines stand in another order, so that another one may come first. */
  readonly isHeadlineReordered: boolean;
}

const CONCERNS: readonly FieldConcern[] = ['law', 'sources', 'words'];

/** Compares what two packs say. Files, lines, comments and the order of entries do not count, except that of the headlines. */
export function diffPacks(old: Pack, next: Pack): PackDiff {
  const before = entriesOf(old);
  const after = entriesOf(next);
  const entries: EntryChange[] = [];
  const movedDates: MovedDate[] = [];
  for (const entry of after.values()) {
    const earlier = before.get(entry.key);
    const fields = fieldChanges(earlier?.content, entry.content);
    if (fields.length === 0) continue;
    entries.push(entryChange(entry, earlier === undefined ? 'added' : 'changed', fields, next));
    if (earlier !== undefined) movedDates.push(...movedDatesOf(earlier, entry, fields));
  }
  for (const entry of before.values()) if (!after.has(entry.key)) entries.push(entryChange(entry, 'removed', fieldChanges(entry.content, undefined), old));
  return { from: old.ref, to: next.ref, head: fieldChanges(headOf(old), headOf(next)), entries, movedDates, isHeadlineReordered: isReordered(headlineIds(old), headlineIds(next)) };
}

function headOf(pack: Pack): { readonly [field: string]: Json } {
  const { ref, jurisdiction, title, status, validFrom, knownFrom } = pack;
  return { id: ref.id, version: ref.version, jurisdiction, title: { ...title }, status, validFrom, knownFrom };
}

function headlineIds(pack: Pack): readonly string[] {
  return pack.headline.map(({ id }) => id);
}

/** Whether those that are in both lists stand in another order. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [inBefore, inAfter] = [new Set(before), new Set(after)];
  const kept = after.filter((id) => inBefore.has(id));
  return before.filter((id) => inAfter.has(id)).some((id, at) => id !== kept[at]);
}

function entryChange({ kind, id, key }: PackEntry, change: EntryChange['change'], fields: readonly FieldChange[], pack: Pack): EntryChange {
  const weightiest = CONCERNS.find((concern) => fields.some((field) => field.concern === concern)) ?? 'words';
  const concern = weightiest === 'law' && (kind === 'case' || kind === 'basis') ? 'sources' : weightiest;
  return { kind, id, change, fields, concern, spot: pack.spots.get(key)! };
}

function fieldChanges(before: { readonly [field: string]: Json } | undefined, after: { readonly [field: string]: Json } | undefined): readonly FieldChange[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const changes: FieldChange[] = [];
  for (const field of new Set([...now.keys(), ...old.keys()])) {
    const [was, is] = [old.get(field), now.get(field)];
    if (was === is) continue;
    if (field.endsWith(ORDER) && (was === undefined || is === undefined || !isReordered(was.split(', '), is.split(', ')))) continue;
    changes.push({ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }), concern: concernOf(field) });
  }
  return changes;
}

/** The order of a list of named items, compared only where the same items stand in another one. */
const ORDER = '.order';

/** Every leaf of an entry by its path. Items with an id are found by it, dated values by their dates; other lists are one text. */
function fieldsOf(content: { readonly [field: string]: Json } | undefined): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const visit = (value: Json | undefined, path: string): void => {
    if (value === undefined || value === null) return;
    if (typeof value !== 'object') fields.set(path, String(value));
    else if (Array.isArray(value)) visitList(value as readonly Json[], path);
    else for (const [name, member] of Object.entries(value)) if (!(path.endsWith(']') && name === 'id')) visit(member, path === '' ? name : `${path}.${name}`);
  };
  const visitList = (items: readonly Json[], path: string): void => {
    if (items.length === 0) return;
    const names = items.map(nameOfItem);
    if (names.includes(undefined) || new Set(names).size < names.length) {
      fields.set(path, items.map(textOfItem).join('; '));
      return;
    }
    for (const [at, item] of items.entries()) visit(item, `${path}[${names[at]!}]`);
    fields.set(`${path}${ORDER}`, names.join(', '));
  };
  for (const [name, value] of Object.entries(content ?? {})) if (name !== 'id' && name !== 'key') visit(value, name);
  return fields;
}

function nameOfItem(item: Json): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { id, known, from } = item as { readonly [field: string]: Json };
  if (typeof id === 'string') return id;
  return typeof known === 'string' ? `known ${known}${typeof from === 'string' ? ` from ${from}` : ''}` : undefined;
}

function textOfItem(item: Json): string {
  if (typeof item !== 'object' || item === null) return String(item);
  if (Array.isArray(item)) return `[${(item as readonly Json[]).map(textOfItem).join(', ')}]`;
  const members = Object.entries(item as { readonly [field: string]: Json });
  const { act, article } = item as { readonly [field: string]: Json };
  if (members.length === 2 && typeof act === 'string' && typeof article === 'string') return `${act} ${article}`;
  return members.map(([name, value]) => `${name} ${textOfItem(value)}`).join(', ');
}

const DATE = /\b\d{4}-\d{2}-\d{2}\b/g;

/** Dates that moved: a field that differs in its dates alone, and the latest value of a date parameter. */
function movedDatesOf(before: PackEntry, after: PackEntry, fields: readonly FieldChange[]): readonly MovedDate[] {
  const { kind, id } = after;
  if (kind === 'case') return [];
  const moved: MovedDate[] = [];
  if (kind === 'parameter') {
    const [was, is] = [latestValue(before), latestValue(after)];
    if (was !== undefined && is !== undefined && was !== is && after.content['type'] === 'date') moved.push({ kind, id, field: 'value', before: was, after: is });
  }
  for (const { field, before: was, after: is, concern } of fields) {
    if (was === undefined || is === undefined || concern !== 'law' || field.endsWith(ORDER)) continue;
    const [datesBefore, datesAfter] = [was.match(DATE) ?? [], is.match(DATE) ?? []];
    if (datesBefore.length === 0 || was.replaceAll(DATE, '') !== is.replaceAll(DATE, '')) continue;
    for (const [at, date] of datesBefore.entries()) {
      const isSaid = moved.some((other) => other.before === date && other.after === datesAfter[at]);
      if (date !== datesAfter[at] && !isSaid) moved.push({ kind, id, field, before: date, after: datesAfter[at]! });
    }
  }
  return moved;
}

function latestValue({ content }: PackEntry): string | undefined {
  const last = (content['values'] as readonly { readonly value?: Json }[] | undefined)?.at(-1)?.value;
  return typeof last === 'string' ? last : undefined;
}

/** A conclusion, family, duty or headline whose result or date can be another one, and the changed entries that reach it. */
export interface Affected {
  readonly kind: 'conclusion' | 'family' | 'duty' | 'headline';
  readonly id: string;
  /** It exists in one of the two packs only. */
  readonly change: 'added' | 'removed' | 'reached';
  /** The changed entries, as `kind:id`. */
  readonly because: readonly string[];
}

/**
 * What can change because of the difference, by following references in both packs. Changes of words, sources and worked cases reach
 * nothing. It is a bound: what is not named cannot change; what is named may still turn out the same.
 */
export function affectedConclusions(old: Pack, next: Pack, diff: PackDiff = diffPacks(old, next)): readonly Affected[] {
  const users = usersOf([referenceGraph(old), referenceGraph(next)]);
  const reasons = new Map<string, Set<string>>();
  const reach = (start: string, because: string): void => {
    const seen = new Set([start]);
    for (const key of seen) {
      const own = reasons.get(key) ?? new Set<string>();
      reasons.set(key, own.add(because));
      for (const user of users.get(key) ?? []) seen.add(user);
    }
  };
  for (const { kind, id, concern } of diff.entries) if (concern === 'law') reach(`${kind === 'family' ? 'requires' : kind}:${id}`, `${kind}:${id}`);
  // Every headline after the first moved one may now be hidden or shown.
  if (diff.isHeadlineReordered) for (const id of headlineIds(next)) reach(`headline:${id}`, 'headline order');
  const changeOf = new Map(diff.entries.map((entry) => [`${entry.kind}:${entry.id}`, entry.change]));
  const duties = new Set([...old.duties, ...next.duties].map(({ id }) => conclusionOfDuty(id)));
  const families = new Set([...old.families, ...next.families].map(({ id }) => id));
  return [...reasons].flatMap(([key, because]): Affected[] => {
    const [kind, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    if (kind !== 'conclusion' && kind !== 'family' && kind !== 'duty' && kind !== 'headline') return [];
    if (kind === 'conclusion' && duties.has(id)) return []; // Said as its duty.
    if (kind === 'family' && !families.has(id)) return []; // A conclusion that stands alone is its own family.
    const change = changeOf.get(key);
    return [{ kind, id, change: change === undefined || change === 'changed' ? 'reached' : change, because: [...because].sort() }];
  });
}

/** Who refers to each entry, in any of the graphs. */
function usersOf(graphs: readonly ReadonlyMap<string, ReadonlySet<string>>[]): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const graph of graphs) {
    for (const [user, needs] of graph) for (const need of needs) users.set(need, (users.get(need) ?? new Set()).add(user));
  }
  return users;
}
