/** Which status may follow which, and what must be told before. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { type FieldKey, type Status, type SystemRecord, valueOf } from '../model.ts';

/** A submitted entry can go back to draft; a withdrawn one can return through a new draft; nothing registered is ever erased. */
export const TRANSITIONS: { readonly [S in Status]: readonly Status[] } = {
  draft: ['submitted', 'withdrawn'],
  submitted: ['registered', 'draft', 'withdrawn'],
  registered: ['withdrawn', 'submitted'],
  withdrawn: ['draft'],
};

/**
 * The least an entry tells before it counts: the points of Annex VIII sections A and B that have no "where applicable",
 * and what a reader of a public register cannot do without.
 */
export const REQUIRED_TO_SUBMIT: readonly FieldKey[] = ['name', 'organisation', 'purpose', 'contactEmail'];
export const REQUIRED_TO_REGISTER: readonly FieldKey[] = [...REQUIRED_TO_SUBMIT, 'summary', 'providerName', 'phase', 'marketStatus', 'countries', 'inputs', 'humanDecisions', 'complaint'];

export type MoveRefusal =
  | { readonly code: 'transition-not-allowed'; readonly from: Status; readonly to: Status; readonly allowed: readonly Status[] }
  | { readonly code: 'incomplete'; readonly to: Status; readonly missing: readonly FieldKey[] };

/** Fields that are still to be told before `record` may become `to`, in the order of the form. */
export function missingFor(record: SystemRecord, to: Status): readonly FieldKey[] {
  const required = to === 'submitted' ? REQUIRED_TO_SUBMIT : to === 'registered' ? REQUIRED_TO_REGISTER : [];
  return required.filter((key) => isAbsent(valueOf(record, key)));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

export function move(entry: { readonly status: Status; readonly record: SystemRecord }, to: Status): Verdict<Status, MoveRefusal> {
  const allowed = TRANSITIONS[entry.status];
  if (!allowed.includes(to)) return no({ code: 'transition-not-allowed', from: entry.status, to, allowed });
  const missing = missingFor(entry.record, to);
  return missing.length > 0 ? no({ code: 'incomplete', to, missing }) : yes(to);
}

/**
 * A registered entry is edited in place, and what the law asks of it stays told. A withdrawn entry stands as it is: bring it
 * back to draft first. Entries taken over from another register are as complete as their source; an edit may not empty a field.
 */
export function edit(before: { readonly status: Status; readonly record: SystemRecord }, after: SystemRecord): Verdict<SystemRecord, MoveRefusal | { readonly code: 'withdrawn-stands' }> {
  if (before.status === 'withdrawn') return no({ code: 'withdrawn-stands' });
  const lost = missingFor(after, before.status).filter((key) => !missingFor(before.record, before.status).includes(key));
  return lost.length > 0 ? no({ code: 'incomplete', to: before.status, missing: lost }) : yes(after);
}

/**
 * Entries that are registered are public, and those that were and are withdrawn now, except in the secure section (Art. 49(4): law
 * enforcement, migration, asylum, border control). A draft that is withdrawn was never on the register.
 */
export function isPublic(status: Status, record: Pick<SystemRecord, 'section'>, wasRegistered: boolean): boolean {
  return (status === 'registered' || (status === 'withdrawn' && wasRegistered)) && record.section !== 'secure';
}
