/** Keeps reading fast: adds up the counters and merges what the index of words has not merged yet. */

import { sql } from 'kysely';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { addUpCounts, isUntidy } from './counts.ts';
import { forgetCounts } from './remembered.ts';
import type { Access } from './rows.ts';

/** As the system, whoever wrote: after an import, and after some hundred edits. Never inside a caller's transaction: it would hold rows that others write. */
export async function tidy(db: Access, now = false): Promise<void> {
  // Here the transaction is committed: what was counted while it ran may be old.
  forgetCounts();
  if (!isUntidy() && !now) return;
  await within(systemScope, async () => {
    await addUpCounts(db);
    await sql`select registry_merge_words()`.execute(db);
  });
}
