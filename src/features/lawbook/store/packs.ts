/** Keeps every installed pack version with its files. Rows are never changed or removed. */

import type { Instant } from '../../../base/index.ts';
import type { PackFile, PackRef } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { LawbookTables } from './tables.ts';

export type Base = { readonly id: string; readonly digest: string };
export type PackRow = { readonly ref: PackRef; readonly status: string; readonly installedAt: string; readonly bases: readonly Base[] };

export interface PackStore {
  /** Keeps the files of a pack version; a digest that is known already is left as it is. `bases` are the packs it was read together with. */
  keep(ref: PackRef, status: string, files: readonly PackFile[], bases: readonly Base[], at: Instant): Promise<void>;
  /** The files of a version by digest; undefined when this register never had it. */
  get(digest: string): Promise<{ readonly files: readonly PackFile[]; readonly bases: readonly Base[] } | undefined>;
  /** All versions of a pack, or of all packs, newest first. */
  versions(id?: string): Promise<readonly PackRow[]>;
}

const VERSIONS_MAX = 500;

export function createPackStore(database: Database): PackStore {
  const db = database.db.withTables<LawbookTables>();
  return {
    keep: async (ref, status, files, bases, at) => {
      await db
        .insertInto('lawbook_packs')
        .values({ digest: ref.digest, id: ref.id, version: ref.version, status, files: JSON.stringify(files), bases: JSON.stringify(bases), installed_at: at })
        .onConflict((conflict) => conflict.column('digest').doNothing())
        .execute();
    },
    get: async (digest) => {
      const row = await db.selectFrom('lawbook_packs').select(['files', 'bases']).where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? undefined : { files: row.files as unknown as readonly PackFile[], bases: row.bases as unknown as readonly Base[] };
    },
    versions: async (id) => {
      let query = db.selectFrom('lawbook_packs').select(['digest', 'id', 'version', 'status', 'bases', 'installed_at']).orderBy('installed_at', 'desc').orderBy('digest').limit(VERSIONS_MAX);
      if (id !== undefined) query = query.where('id', '=', id);
      const rows = await query.execute();
      return rows.map((row) => ({ ref: { id: row.id, version: row.version, digest: row.digest }, status: row.status, installedAt: row.installed_at, bases: row.bases as unknown as readonly Base[] }));
    },
  };
}
