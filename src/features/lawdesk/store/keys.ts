/** Keeps the keys that are believed and every act on them. Nothing is removed; of a key only its revocation is written later, once. */

import type { Instant } from '../../../base/index.ts';
import type { KeyRole } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { type DeskKey, KEY_ACTS_SHOWN_MAX, type KeyAct, KEYS_MAX } from '../model/keys.ts';
import type { DeskTables } from './tables.ts';

export interface KeyStep {
  readonly at: Instant;
  readonly actor: string;
  readonly author: string;
  readonly reason: string;
}

export interface KeyStore {
  /** By role and name; revoked ones too. */
  list(): Promise<readonly DeskKey[]>;
  get(fingerprint: string): Promise<DeskKey | undefined>;
  /** All of them or none. Answers the key that was here already, if one was. */
  add(keys: readonly Pick<DeskKey, 'fingerprint' | 'role' | 'name' | 'key'>[], step: KeyStep): Promise<DeskKey | undefined>;
  /** False when it is revoked already, or not known. */
  revoke(fingerprint: string, step: KeyStep): Promise<boolean>;
  /** Newest first. */
  acts(): Promise<readonly KeyAct[]>;
}

export function createKeyStore(database: Database): KeyStore {
  const db = database.db.withTables<DeskTables>();
  const get = async (fingerprint: string): Promise<DeskKey | undefined> => {
    const row = await db.selectFrom('lawdesk_keys').selectAll().where('fingerprint', '=', fingerprint).executeTakeFirst();
    return row === undefined ? undefined : keyOf(row);
  };
  return {
    list: async () => (await db.selectFrom('lawdesk_keys').selectAll().orderBy('role').orderBy('name').orderBy('fingerprint').limit(KEYS_MAX).execute()).map(keyOf),
    get,
    add: async (keys, step) => {
      try {
        await db.transaction().execute(async (tx) => {
          for (const { fingerprint, role, name, key } of keys) {
            const added = await tx
              .insertInto('lawdesk_keys')
              .values({ fingerprint, role, name, key, added_at: step.at, added_by: step.author })
              .onConflict((conflict) => conflict.doNothing())
              .returning('fingerprint')
              .executeTakeFirst();
            if (added === undefined) throw new KnownKey(fingerprint);
            await tx.insertInto('lawdesk_key_acts').values({ fingerprint, act: 'add', ...step }).execute();
          }
        });
        return undefined;
      } catch (error) {
        if (error instanceof KnownKey) return get(error.fingerprint);
        throw error;
      }
    },
    revoke: async (fingerprint, step) =>
      db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('lawdesk_keys')
          .set({ revoked_at: step.at, revoked_by: step.author, revoked_reason: step.reason })
          .where('fingerprint', '=', fingerprint)
          .where('revoked_at', 'is', null)
          .returning('fingerprint')
          .executeTakeFirst();
        if (changed === undefined) return false;
        await tx.insertInto('lawdesk_key_acts').values({ fingerprint, act: 'revoke', ...step }).execute();
        return true;
      }),
    acts: async () => {
      const rows = await db
        .selectFrom('lawdesk_key_acts')
        .innerJoin('lawdesk_keys', 'lawdesk_keys.fingerprint', 'lawdesk_key_acts.fingerprint')
        .select(['id as number', 'lawdesk_key_acts.fingerprint', 'name', 'act', 'at', 'author', 'reason'])
        .orderBy('number', 'desc')
        .limit(KEY_ACTS_SHOWN_MAX)
        .execute();
      return rows.map((row) => ({ ...row, act: row.act as KeyAct['act'], at: row.at as Instant }));
    },
  };
}

/** Takes the transaction back when a key is here already. */
class KnownKey extends Error {
  readonly fingerprint: string;
  constructor(fingerprint: string) {
    super('known key');
    this.fingerprint = fingerprint;
  }
}

function keyOf(row: DeskTables['lawdesk_keys']): DeskKey {
  return {
    fingerprint: row.fingerprint,
    role: row.role as KeyRole,
    name: row.name,
    key: row.key,
    addedAt: row.added_at as Instant,
    addedBy: row.added_by,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at as Instant, revokedBy: row.revoked_by ?? '', revokedReason: row.revoked_reason ?? '' }),
  };
}
