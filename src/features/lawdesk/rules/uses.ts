/** Which entries of a pack use which, followed by the names they write; and which worked cases touch an entry. */

import type { Pack, WorkedCase } from '../../../law/index.ts';
import { type Entry, isLocalised, isPlainMap, type Plain } from './entries.ts';

/** Links walked from one entry at most. */
const WALK_MAX = 2_000;

export interface Uses {
  /** Entries that name this one, in the order of the pack. */
  usedBy(id: string): readonly Entry[];
  /** Conclusions whose result can depend on the entry. */
  conclusionsOf(entry: Entry): ReadonlySet<string>;
}

/** Names are found as words of every text that is not for people; so new kinds of entries need no code here. */
export function usesOf(entries: readonly Entry[]): Uses {
  const ids = new Set(entries.filter((entry) => entry.kind !== 'case' && entry.kind !== 'basis').map((entry) => entry.id));
  const users = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.kind === 'case') continue;
    for (const name of namesIn(entry.data, ids)) {
      if (name === entry.id) continue;
      const list = users.get(name) ?? [];
      list.push(entry);
      users.set(name, list);
    }
  }
  const concluded = (entry: Entry): readonly string[] => {
    const concludes = entry.data['concludes'];
    if (entry.kind === 'rule') return typeof concludes === 'string' ? [concludes] : [];
    if (entry.kind === 'duty') return [`duty.${entry.id}`];
    return entry.kind === 'conclusion' || entry.kind === 'family' ? [entry.id] : [];
  };
  return {
    usedBy: (id) => users.get(id) ?? [],
    conclusionsOf: (start) => {
      const result = new Set<string>(concluded(start));
      if (result.size > 0) return result;
      const queue = [start];
      const seen = new Set([`${start.kind}:${start.id}`]);
      for (let at = 0; at < queue.length && at < WALK_MAX; at++) {
        for (const user of users.get((queue[at] as Entry).id) ?? []) {
          const key = `${user.kind}:${user.id}`;
          if (seen.has(key)) continue;
          seen.add(key);
          const reached = concluded(user);
          for (const conclusion of reached) result.add(conclusion);
          // What depends on a conclusion is another conclusion's matter.
          if (reached.length === 0) queue.push(user);
        }
      }
      return result;
    },
  };
}

function namesIn(value: Plain, ids: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (one: Plain, key: string): void => {
    if (typeof one === 'string') {
      if (['id', 'note', 'source', 'file'].includes(key)) return;
      for (const [word] of one.matchAll(/[\p{L}\p{N}_][\p{L}\p{N}_.-]*/gu)) if (ids.has(word)) found.add(word);
    } else if (Array.isArray(one)) for (const item of one as readonly Plain[]) visit(item, key);
    else if (isPlainMap(one) && !isLocalised(one)) for (const [name, member] of Object.entries(one)) if (name !== 'cite' && name !== 'annex') visit(member, name);
  };
  visit(value, '');
  return found;
}

/** Worked cases that expect something of these conclusions. */
export function casesAbout(pack: Pack, conclusions: ReadonlySet<string>): readonly WorkedCase[] {
  return pack.cases.filter((one) => [...Object.keys(one.expect), ...Object.keys((one as { readonly due?: object }).due ?? {}).map((duty) => `duty.${duty}`)].some((id) => conclusions.has(id)));
}
