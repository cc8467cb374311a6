/** Everything the registry may refuse, by name, with what a person needs to go on. */

import type { FieldKey, FieldProblem, Status, SystemEntry, SystemRecord } from '../model.ts';

export type RegistryRefusal =
  | { readonly code: 'not-found' }
  /** The public reads; only the workspace writes. */
  | { readonly code: 'not-allowed' }
  /** An organisation writes under its own names; these are they. */
  | { readonly code: 'organisation-not-yours'; readonly yours: readonly string[] }
  | { readonly code: 'organisation-unknown' }
  /** Who sends an entry back to an organisation says why. */
  | { readonly code: 'reason-needed' }
  | { readonly code: 'invalid'; readonly problems: readonly FieldProblem[] }
  /** Somebody saved before: the entry as it stands now, and the record that the editor started from. Nothing was written. */
  | { readonly code: 'stale-edit'; readonly current: SystemEntry; readonly base: SystemRecord | undefined }
  | { readonly code: 'transition-not-allowed'; readonly from: Status; readonly to: Status; readonly allowed: readonly Status[] }
  | { readonly code: 'incomplete'; readonly to: Status; readonly missing: readonly FieldKey[] }
  | { readonly code: 'withdrawn-stands' }
  | { readonly code: 'revision-not-found'; readonly revision: number }
  | { readonly code: 'bad-cursor' };
