/** What two editors changed at once: field by field, whose change it was, and the record that a person's choice makes. */

import { canonical, type Json } from '../../../base/index.ts';
import { ALL_FIELDS } from '../fields.ts';
import { type SystemRecord, valueOf } from '../model.ts';

export type Side = 'yours' | 'theirs';

export interface Conflict {
  readonly key: string;
  readonly changedBy: 'yours' | 'theirs' | 'both';
}

function same(a: unknown, b: unknown): boolean {
  return (a === undefined ? '' : canonical(a as Json)) === (b === undefined ? '' : canonical(b as Json));
}

/** Fields in which the two differ. Without a base every difference counts as changed by both. */
export function conflicts(base: SystemRecord | undefined, theirs: SystemRecord, yours: SystemRecord): readonly Conflict[] {
  return ALL_FIELDS.flatMap(({ key }) => {
    const [their, your] = [valueOf(theirs, key), valueOf(yours, key)];
    if (same(their, your)) return [];
    const was = base === undefined ? undefined : valueOf(base, key);
    const changedBy = base === undefined ? 'both' : same(was, their) ? 'yours' : same(was, your) ? 'theirs' : 'both';
    return [{ key, changedBy }];
  });
}

/** What is proposed for a field: the side that changed it; theirs where both did, because theirs is saved already. */
export function proposal(conflict: Conflict): Side {
  return conflict.changedBy === 'yours' ? 'yours' : 'theirs';
}

/** Theirs, with the chosen fields from yours. */
export function merge(theirs: SystemRecord, yours: SystemRecord, chosen: Readonly<Record<string, Side>>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...theirs };
  for (const { key } of ALL_FIELDS) {
    if (chosen[key] !== 'yours') continue;
    const value = valueOf(yours, key);
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}
