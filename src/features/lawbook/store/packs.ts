/** Keeps every installed pack version with its files. Rows are never changed or removed. */

import type { Instant } from '../../../base/index.ts';
import type { PackFile, PackRef } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';

type LawbookTables = {
  lawbook_packs: { digest: string; id: string; version: string; status: string; files: string; installed_at: string };
};

export interface PackStore {
  /** Keeps the files of a pack version; a digest that is known already is left as it is. */
  keep(ref: PackRef, status: string, files: readonly PackFile[], at: Instant): Promise<void>;
  /** The files of a version by digest; undefined when this register never had it. */
  files(digest: string): Promise<readonly PackFile[] | undefined>;
  /** All versions of a pack, newest first. */
  versions(id: string): Promise<readonly { readonly ref: PackRef; readonly status: string; readonly installedAt: string }[]>;
}

const VERSIONS_MAX = 200;

export function createPackStore(database: Database): PackStore {
  const db = database.db.withTables<LawbookTables>();
  return {
    keep: async (ref, status, files, at) => {
      await db
        .insertInto('lawbook_packs')
        .values({ digest: ref.digest, id: ref.id, version: ref.version, status, files: JSON.stringify(files), installed_at: at })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    },
    files: async (digest) => {
      const row = await db.selectFrom('lawbook_packs').select('files').where('digest', '=', digest).executeTakeFirst();
      return row?.files as unknown as readonly PackFile[] | undefined;
    },
    versions: async (id) => {
      const rows = await db
        .selectFrom('lawbook_packs')
        .select(['digest', 'id', 'version', 'status', 'installed_at'])
        .where('id', '=', id)
        .orderBy('installed_at', 'desc')
        .limit(VERSIONS_MAX)
        .execute();
      return rows.map((row) => ({ ref: { id: row.id, version: row.version, digest: row.digest }, status: row.status, installedAt: row.installed_at }));
    },
  };
}
