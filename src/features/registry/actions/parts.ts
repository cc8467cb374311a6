/** What every action of the registry works with. */

import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import type { Change, SystemEntry } from '../model.ts';
import { publicRecord, withoutContacts } from '../rules/publish.ts';
import type { EntryState } from '../store/read.ts';
import type { PublicChange } from '../store/recorded.ts';

export type Listener = (changes: readonly Change[]) => Promise<void>;

/** Keeps published changes for good, in the transaction that made them: both are kept or neither. */
export type Recorder = (tx: Tx, changes: readonly PublicChange[]) => Promise<void>;

/** Names by id; ids that do not exist are left out. */
export type OrganisationNames = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface ActionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly organisationNames: OrganisationNames;
  /** Hands what is published of these changes to whoever keeps it for good; inside the transaction. */
  readonly record: (tx: Tx, changes: readonly Change[]) => Promise<void>;
  /** Tells the listeners; after the commit, never before. */
  readonly announce: (changes: readonly Change[]) => Promise<void>;
}

export const REASON_LENGTH_MAX = 2_000;

/** What the asker may see of an entry; undefined when it is not theirs to see. */
export function visible(scope: Scope, state: EntryState | undefined): SystemEntry | undefined {
  if (state === undefined) return undefined;
  if (scope.reach === 'own') return state.entry.organisationId !== undefined && scope.organisations.includes(state.entry.organisationId) ? state.entry : undefined;
  if (scope.kind === 'workspace') return state.entry;
  return state.isPublic ? publicEntry(state.entry) : undefined;
}

/** A public entry as the public sees it. */
export function publicEntry(entry: SystemEntry): SystemEntry {
  const { organisationId: _theirs, ...rest } = entry;
  return { ...rest, record: publicRecord(entry.record), body: { ...entry.body, name: withoutContacts(entry.body.name) } };
}
