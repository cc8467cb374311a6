/** Keeps where the versions come from that were made at this desk. Rows are only ever added. */

import type { Instant } from '../../../base/index.ts';
import type { PackRef } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { CheckResult } from '../model/install.ts';
import type { DeskTables } from './tables.ts';

export interface MadeHere {
  readonly ref: PackRef;
  readonly base: { readonly version: string; readonly digest: string };
  readonly draftId: string;
  /** The last step of the draft that is in it. */
  readonly step: number;
  readonly at: Instant;
  readonly actor: string;
  /** Empty where the name was not asked for yet. */
  readonly author: string;
  readonly check?: CheckResult;
}

export interface MadeHereStore {
  /** The first record of a version stands. */
  add(made: MadeHere): Promise<void>;
  get(digest: string): Promise<MadeHere | undefined>;
  digests(): Promise<ReadonlySet<string>>;
}

/** As many as the lawbook lists. */
const VERSIONS_MAX = 500;

export function createMadeHereStore(database: Database): MadeHereStore {
  const db = database.db.withTables<DeskTables>();
  return {
    add: async ({ ref, base, draftId, step, at, actor, author, check }) => {
      await db
        .insertInto('lawdesk_made_here')
        .values({ digest: ref.digest, pack_id: ref.id, version: ref.version, base_version: base.version, base_digest: base.digest, draft_id: draftId, step, at, actor, author, check_result: check === undefined ? null : JSON.stringify(check) })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    },
    get: async (digest) => {
      const row = await db.selectFrom('lawdesk_made_here').selectAll().where('digest', '=', digest).executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        ref: { id: row.pack_id, version: row.version, digest: row.digest },
        base: { version: row.base_version, digest: row.base_digest },
        draftId: row.draft_id,
        step: row.step,
        at: row.at as Instant,
        actor: row.actor,
        author: row.author,
        ...(row.check_result === null ? {} : { check: row.check_result as unknown as CheckResult }),
      };
    },
    digests: async () => new Set((await db.selectFrom('lawdesk_made_here').select('digest').limit(VERSIONS_MAX).execute()).map((row) => row.digest)),
  };
}
