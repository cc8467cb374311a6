/** When a role counts: the one place that says it, for every statement that asks. */

import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';

/**
 * `of` is the name that the statement gives to identity_memberships. A role that somebody took away is gone whatever the clock says, and one
 * that was given counts at once: only an end that was planned is a matter of the clock. So a clock that jumps neither brings a role back nor
 * keeps an administrator out.
 */
export function stands(of: string, now: Instant): RawBuilder<boolean> {
  const column = (name: string): RawBuilder<unknown> => sql.ref(`${of}.${name}`);
  return sql<boolean>`(${column('until_at')} is null or (${column('ended_by')} is null and ${column('until_at')} > ${now}::timestamptz))`;
}
