/** What one entry said when it was reviewed and what it says now, field by field. */

import { type Entry, isPlainMap, type Plain, scalarText } from './entries.ts';

export interface EntryFieldChange {
  /** `when`, `label.en`, `values.1.known`. */
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

/** Fields shown of one entry at most; what is beyond is one line that says so. */
export const FIELD_CHANGES_MAX = 200;

export function entryChanges(before: Entry | undefined, after: Entry | undefined): readonly EntryFieldChange[] {
  const [old, now] = [leaves(before?.data ?? {}), leaves(after?.data ?? {})];
  const changes: EntryFieldChange[] = [];
  for (const field of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(field), now.get(field)];
    if (was === is) continue;
    changes.push({ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) });
    if (changes.length === FIELD_CHANGES_MAX) break;
  }
  return changes;
}

function leaves(data: Plain): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (value: Plain, path: string): void => {
    if (Array.isArray(value)) {
      const items = value as readonly Plain[];
      if (items.every((item) => typeof item !== 'object')) found.set(path, items.join(', '));
      else items.forEach((item, index) => visit(item, `${path}.${index + 1}`));
    } else if (isPlainMap(value)) for (const [key, member] of Object.entries(value)) visit(member, path === '' ? key : `${path}.${key}`);
    else if (value !== null) found.set(path, scalarText(value));
  };
  visit(data, '');
  return found;
}
