/** Keeps links and steps that work once. */

import { sql } from 'kysely';
import { type Instant, instant } from '../../../base/index.ts';
import { CLOCK_SKEW_MS } from '../model.ts';
import { newToken, tokenHash } from '../rules/tokens.ts';
import type { IdentityDb } from './sessions.ts';
import type { TokenPurpose } from './tables.ts';

export interface TokenFound {
  readonly hash: string;
  readonly personId: string | undefined;
  readonly detail: Readonly<Record<string, string | boolean>>;
}

/** Writes a token and answers it; tokens of the same purpose and person that were not used yet end. Old ones are swept on the way. */
export async function issueToken(db: IdentityDb, given: { readonly purpose: TokenPurpose; readonly personId?: string; readonly detail?: Readonly<Record<string, string | boolean>>; readonly at: Instant; readonly lifeMs: number; readonly keepOthers?: boolean }): Promise<string> {
  const token = newToken();
  const hash = tokenHash(token) ?? '';
  if (given.keepOthers !== true) {
    await sql`delete from identity_tokens where purpose = ${given.purpose} and person_id is not distinct from ${given.personId ?? null}::uuid and used_at is null`.execute(db);
  }
  await sql`delete from identity_tokens where expires_at < ${given.at}::timestamptz - interval '30 days'`.execute(db);
  await db
    .insertInto('identity_tokens')
    .values({ hash, purpose: given.purpose, person_id: given.personId ?? null, detail: { ...given.detail }, created_at: given.at, expires_at: new Date(Date.parse(given.at) + given.lifeMs).toISOString(), used_at: null })
    .execute();
  return token;
}

/** Issued later than now can be only by a clock that has been set back since: such a link would live longer than it may. */
const issuedBy = (now: Instant): Instant => instant(new Date(Date.parse(now) + CLOCK_SKEW_MS));

/** Looks without using up: for showing a form. */
export async function peekToken(db: IdentityDb, purpose: TokenPurpose, token: string, now: Instant): Promise<TokenFound | undefined> {
  const hash = tokenHash(token);
  if (hash === undefined) return undefined;
  const row = await db.selectFrom('identity_tokens').select(['hash', 'person_id', 'detail']).where('hash', '=', hash).where('purpose', '=', purpose).where('used_at', 'is', null).where('expires_at', '>', now).where('created_at', '<=', issuedBy(now)).executeTakeFirst();
  return row === undefined ? undefined : { hash: row.hash, personId: row.person_id ?? undefined, detail: row.detail };
}

/** Uses a token up; of several requests with the same one, one gets it. */
export async function takeToken(db: IdentityDb, purpose: TokenPurpose, token: string, now: Instant): Promise<TokenFound | undefined> {
  const hash = tokenHash(token);
  if (hash === undefined) return undefined;
  const row = await db
    .updateTable('identity_tokens')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('created_at', '<=', issuedBy(now))
    .returning(['hash', 'person_id', 'detail'])
    .executeTakeFirst();
  return row === undefined ? undefined : { hash: row.hash, personId: row.person_id ?? undefined, detail: row.detail };
}

/** Ends every open link of a person: after a new password none of the old ones may still work. */
export async function endTokens(db: IdentityDb, personId: string): Promise<void> {
  await db.deleteFrom('identity_tokens').where('person_id', '=', personId).where('used_at', 'is', null).execute();
}

/** Removes links that ran out unused, and those of a clock that was ahead: none is left which a clock that jumps could bring to life. */
export async function sweepTokens(db: IdentityDb, now: Instant): Promise<void> {
  await db.deleteFrom('identity_tokens').where('used_at', 'is', null).where((where) => where.or([where('expires_at', '<=', now), where('created_at', '>', issuedBy(now))])).execute();
}
