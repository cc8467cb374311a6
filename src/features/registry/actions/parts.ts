/** What every action of the registry works with. */

import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Change, SystemEntry } from '../model.ts';
import { publicRecord, withoutContacts } from '../rules/publish.ts';
import type { EntryState } from '../store/read.ts';

export type Listener = (changes: readonly Change[]) => Promise<void>;

export interface ActionParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Tells the listeners; after the commit, never before. */
  readonly announce: (changes: readonly Change[]) => Promise<void>;
}

export const REASON_LENGTH_MAX = 2_000;

/** What the asker may see of an entry; undefined when it is not theirs to see. */
export function visible(scope: Scope, state: EntryState | undefined): SystemEntry | undefined {
  if (state === undefined) return undefined;
  if (scope.kind === 'workspace') return state.entry;
  return state.isPublic ? publicEntry(state.entry) : undefined;
}

/** A public entry as the public sees it. */
export function publicEntry(entry: SystemEntry): SystemEntry {
  return { ...entry, record: publicRecord(entry.record), body: { ...entry.body, name: withoutContacts(entry.body.name) } };
}
