/** Keeps every attempt to bring a pack in, accepted or refused. Rows are only ever added. */

import type { Instant } from '../../../base/index.ts';
import type { Signer } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { type CheckResult, type Install, type InstallRefusal, INSTALLS_SHOWN_MAX } from '../model/install.ts';
import type { DeskTables } from './tables.ts';

export interface InstallStore {
  add(install: Omit<Install, 'number'>): Promise<Install>;
  get(number: number): Promise<Install | undefined>;
  /** The newest attempt that was accepted with this digest: its manifest is the one that counts. */
  accepted(digest: string): Promise<Install | undefined>;
  /** Digests of every version that was accepted. */
  acceptedDigests(): Promise<ReadonlySet<string>>;
  /** Remembers versions that ship with the program; answers every one that ever did. */
  keepBuiltIn(digests: readonly string[], at: Instant): Promise<ReadonlySet<string>>;
  /** Newest first. */
  list(): Promise<readonly Install[]>;
}

/** As many as the lawbook lists. */
const VERSIONS_MAX = 500;

type Row = Omit<DeskTables['lawdesk_installs'], 'id'> & { readonly id: number };

export function createInstallStore(database: Database): InstallStore {
  const db = database.db.withTables<DeskTables>();
  return {
    add: async (install) => {
      const row = await db
        .insertInto('lawdesk_installs')
        .values({
          at: install.at,
          actor: install.actor,
          author: install.author,
          file_name: install.fileName,
          upload_sha256: install.uploadSha256,
          upload_bytes: install.uploadBytes,
          outcome: install.outcome,
          pack_id: install.packId ?? null,
          version: install.version ?? null,
          digest: install.digest ?? null,
          manifest: install.manifest ?? null,
          signature: install.signers.length === 0 ? null : JSON.stringify(install.signers),
          refusal: install.refusal === undefined ? null : JSON.stringify(install.refusal),
          check_result: install.check === undefined ? null : JSON.stringify(install.check),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { number: row.id, ...install };
    },
    get: async (number) => {
      const row = await db.selectFrom('lawdesk_installs').selectAll().where('id', '=', number).executeTakeFirst();
      return row === undefined ? undefined : installOf(row);
    },
    accepted: async (digest) => {
      const row = await db.selectFrom('lawdesk_installs').selectAll().where('digest', '=', digest).where('outcome', '<>', 'refused').orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? undefined : installOf(row);
    },
    acceptedDigests: async () => {
      const rows = await db.selectFrom('lawdesk_installs').select('digest').distinct().where('outcome', '<>', 'refused').where('digest', 'is not', null).limit(VERSIONS_MAX).execute();
      return new Set(rows.flatMap((row) => row.digest ?? []));
    },
    keepBuiltIn: async (digests, at) => {
      for (const digest of digests) await db.insertInto('lawdesk_built_in').values({ digest, since: at }).onConflict((conflict) => conflict.doNothing()).execute();
      return new Set((await db.selectFrom('lawdesk_built_in').select('digest').limit(VERSIONS_MAX).execute()).map((row) => row.digest));
    },
    list: async () => (await db.selectFrom('lawdesk_installs').selectAll().orderBy('id', 'desc').limit(INSTALLS_SHOWN_MAX).execute()).map(installOf),
  };
}

function installOf(row: Row): Install {
  return {
    number: row.id,
    at: row.at as Instant,
    actor: row.actor,
    author: row.author,
    fileName: row.file_name,
    uploadSha256: row.upload_sha256,
    uploadBytes: row.upload_bytes,
    outcome: row.outcome,
    ...(row.pack_id === null ? {} : { packId: row.pack_id }),
    ...(row.version === null ? {} : { version: row.version }),
    ...(row.digest === null ? {} : { digest: row.digest }),
    ...(row.manifest === null ? {} : { manifest: row.manifest }),
    signers: (row.signature ?? []) as unknown as readonly Signer[],
    ...(row.refusal === null ? {} : { refusal: row.refusal as unknown as InstallRefusal }),
    ...(row.check_result === null ? {} : { check: row.check_result as unknown as CheckResult }),
  };
}
