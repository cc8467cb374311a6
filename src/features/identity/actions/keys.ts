/** Keys of programs: shown once, kept as a digest, never able to do more than their person, and never for ever. */

import { randomUUID } from 'node:crypto';
import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { type Caller, isPolicyName, may, type PolicyName, policyOf } from '../../../platform/auth/index.ts';
import { API_KEY_LIFE_MS_MAX, API_KEYS_OF_PERSON_MAX, DAY_MS, type IdentityRefusal } from '../model.ts';
import { newApiKey } from '../rules/tokens.ts';
import type { Parts } from './parts.ts';

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  /** The beginning of the key. */
  readonly prefix: string;
  readonly permits: readonly PolicyName[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly lastUsedAt: Instant | undefined;
  readonly revokedAt: Instant | undefined;
}

export interface Keys {
  /** The whole key, for this one time. `days` from 1 to 366. */
  create(given: { readonly caller: Caller; readonly name: string; readonly permits: readonly string[]; readonly days: number }): Promise<Verdict<{ readonly id: string; readonly key: string }, IdentityRefusal>>;
  list(personId: string): Promise<readonly KeyRow[]>;
  revoke(personId: string, id: string): Promise<Verdict<true, IdentityRefusal>>;
}

/** Policies a key of this caller could be given: what the caller may do, less what asks for a second factor, less the own account. */
export function permitsOffered(caller: Caller, names: readonly PolicyName[]): readonly PolicyName[] {
  return names.filter((name) => {
    const policy = policyOf(name);
    return policy.everybody !== true && policy.anyAccount !== true && policy.stepUp !== true && may(caller, name);
  });
}

export function createKeys({ db, clock, forget }: Parts): Keys {
  return {
    create: async ({ caller, name, permits, days }) => {
      if (caller.kind !== 'person' || caller.personId === undefined) return no({ code: 'no-person' });
      const lifeMs = days * DAY_MS;
      if (!Number.isInteger(days) || lifeMs < DAY_MS || lifeMs > API_KEY_LIFE_MS_MAX) return no({ code: 'key-lifetime' });
      const known = [...new Set(permits)].filter(isPolicyName);
      if (known.length === 0 || known.length !== new Set(permits).size || permitsOffered(caller, known).length !== known.length) return no({ code: 'key-permits' });
      const at = clock.now();
      const open = await db.selectFrom('identity_api_keys').select('id').where('person_id', '=', caller.personId).where('revoked_at', 'is', null).where('expires_at', '>', at).limit(API_KEYS_OF_PERSON_MAX).execute();
      if (open.length >= API_KEYS_OF_PERSON_MAX) return no({ code: 'too-many', max: API_KEYS_OF_PERSON_MAX });
      const { key, prefix, hash } = newApiKey();
      const id = randomUUID();
      await db
        .insertInto('identity_api_keys')
        .values({ id, person_id: caller.personId, name, prefix, hash, permits: known, created_at: at, expires_at: new Date(Date.parse(at) + lifeMs).toISOString(), last_used_at: null, revoked_at: null })
        .execute();
      return yes({ id, key });
    },
    list: async (personId) => {
      const rows = await db.selectFrom('identity_api_keys').selectAll().where('person_id', '=', personId).orderBy('created_at', 'desc').limit(API_KEYS_OF_PERSON_MAX * 2).execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        permits: row.permits.filter(isPolicyName),
        createdAt: row.created_at as Instant,
        expiresAt: row.expires_at as Instant,
        lastUsedAt: (row.last_used_at as Instant | null) ?? undefined,
        revokedAt: (row.revoked_at as Instant | null) ?? undefined,
      }));
    },
    revoke: async (personId, id) => {
      const row = await db.updateTable('identity_api_keys').set({ revoked_at: clock.now() }).where('id', '=', id).where('person_id', '=', personId).where('revoked_at', 'is', null).returning('id').executeTakeFirst();
      forget(personId);
      return row === undefined ? no({ code: 'no-key' }) : yes(true);
    },
  };
}
