/** Keeps people, their passwords and their generators of one-time codes. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant, Language } from '../../../base/index.ts';
import { PEOPLE_PAGE_MAX, type Person } from '../model.ts';
import type { IdentityDb } from './sessions.ts';
import { stands } from './standing.ts';

export const CREDENTIAL = 'credential';

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly language: Language | null;
  readonly created_at: string;
  readonly closed_at: string | null;
}
const PERSON_COLUMNS = ['id', 'name', 'email', 'email_verified', 'language', 'created_at', 'closed_at'] as const;

function personOf(row: PersonRow): Person {
  return { id: row.id, name: row.name, email: row.email, emailVerified: row.email_verified, language: row.language ?? undefined, createdAt: row.created_at as Instant, closedAt: (row.closed_at as Instant | null) ?? undefined };
}

export async function isAnybodyThere(db: IdentityDb): Promise<boolean> {
  return (await db.selectFrom('identity_people').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export async function getPerson(db: IdentityDb, id: string): Promise<Person | undefined> {
  const row = await db.selectFrom('identity_people').select(PERSON_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

export async function getPersonByEmail(db: IdentityDb, email: string): Promise<Person | undefined> {
  const row = await db.selectFrom('identity_people').select(PERSON_COLUMNS).where('email', '=', email.toLowerCase()).executeTakeFirst();
  return row === undefined ? undefined : personOf(row);
}

/** What sign-in needs of an address in one statement: the password and which second factors there are. */
export async function findCredential(db: IdentityDb, email: string): Promise<{ readonly personId: string; readonly password: string | null; readonly hasCode: boolean; readonly hasPasskey: boolean } | undefined> {
  const { rows } = await sql<{ id: string; password: string | null; has_code: boolean; has_passkey: boolean }>`
    select p.id, a.password,
      exists (select 1 from identity_two_factors f where f.person_id = p.id and f.verified) as has_code,
      exists (select 1 from identity_passkeys k where k.person_id = p.id) as has_passkey
    from identity_people p left join identity_accounts a on a.person_id = p.id and a.provider_id = ${CREDENTIAL}
    where p.email = ${email.toLowerCase()} and p.closed_at is null`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : { personId: row.id, password: row.password, hasCode: row.has_code, hasPasskey: row.has_passkey };
}

export async function passwordOf(db: IdentityDb, personId: string): Promise<string | null> {
  const row = await db.selectFrom('identity_accounts').select('password').where('person_id', '=', personId).where('provider_id', '=', CREDENTIAL).executeTakeFirst();
  return row?.password ?? null;
}

export interface NewPerson {
  readonly name: string;
  readonly email: string;
  readonly language: Language | undefined;
  /** Hash of the password; absent for people who come by single sign-on only. */
  readonly password?: string;
  readonly at: Instant;
}

/** Undefined when the address is taken. */
export async function createPerson(db: IdentityDb, { name, email, language, password, at }: NewPerson): Promise<string | undefined> {
  const id = randomUUID();
  const row = await db
    .insertInto('identity_people')
    .values({ id, name, email: email.toLowerCase(), email_verified: true, image: null, language: language ?? null, created_at: at, updated_at: at, closed_at: null })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (password !== undefined) await setPassword(db, id, password, at);
  return id;
}

export async function setPassword(db: IdentityDb, personId: string, password: string, at: Instant): Promise<void> {
  await db
    .insertInto('identity_accounts')
    .values({ id: randomUUID(), account_id: personId, provider_id: CREDENTIAL, person_id: personId, password, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.columns(['provider_id', 'account_id']).doUpdateSet({ password, updated_at: at }))
    .execute();
}

export async function changePerson(db: IdentityDb, id: string, change: { readonly name?: string; readonly language?: Language | null; readonly email?: string; readonly closedAt?: Instant | null }, at: Instant): Promise<boolean> {
  const { closedAt, email, ...rest } = change;
  const done = await db
    .updateTable('identity_people')
    .set({ ...rest, ...(email === undefined ? {} : { email: email.toLowerCase(), email_verified: true }), ...(closedAt === undefined ? {} : { closed_at: closedAt }), updated_at: at })
    .where('id', '=', id)
    .where((where) => (email === undefined ? where.val(true) : where.not(where.exists(where.selectFrom('identity_people as other').select('other.id').where('other.email', '=', email.toLowerCase()).where('other.id', '!=', id)))))
    .returning('id')
    .executeTakeFirst();
  return done !== undefined;
}

export interface PeopleAsked {
  /** Words of name or address. */
  readonly q?: string | undefined;
  /** Only those who hold a role there or below. */
  readonly organisation?: string | undefined;
  /** The last person of the page before. */
  readonly after?: { readonly name: string; readonly id: string } | undefined;
  readonly limit: number;
}

export async function listPeople(db: IdentityDb, { q, organisation, after, limit }: PeopleAsked, now: Instant): Promise<readonly Person[]> {
  let query = db.selectFrom('identity_people as p').select(PERSON_COLUMNS.map((name) => `p.${name}` as const));
  for (const word of (q ?? '').toLowerCase().split(/\s+/).filter((one) => one !== '').slice(0, 8)) {
    const like = `%${word.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
    query = query.where(sql<boolean>`(lower(p.name) like ${like} or p.email like ${like})`);
  }
  if (organisation !== undefined) {
    query = query.where(sql<boolean>`exists (select 1 from identity_memberships m join identity_organisations o on o.id = m.organisation_id
      where m.person_id = p.id and o.path @> array[${organisation}::uuid] and ${stands('m', now)})`);
  }
  if (after !== undefined) query = query.where(sql<boolean>`(lower(p.name) collate "C", p.id) > (lower(${after.name}) collate "C", ${after.id}::uuid)`);
  const rows = await query.orderBy(sql`lower(p.name) collate "C"`).orderBy('p.id').limit(Math.min(limit, PEOPLE_PAGE_MAX)).execute();
  return rows.map(personOf);
}

export interface CodeGenerator {
  /** Encrypted. */
  readonly secret: string;
  readonly verified: boolean;
  readonly lastStep: number;
  readonly recoveryCodes: readonly string[];
}

export async function getGenerator(db: IdentityDb, personId: string): Promise<CodeGenerator | undefined> {
  const row = await db.selectFrom('identity_two_factors').selectAll().where('person_id', '=', personId).executeTakeFirst();
  return row === undefined ? undefined : { secret: row.secret, verified: row.verified, lastStep: row.last_step, recoveryCodes: row.recovery_codes };
}

/** Keeps a generator that was not confirmed yet; one that was confirmed stays, and so does one that another window made first. */
export async function offerGenerator(db: IdentityDb, personId: string, secret: string, at: Instant): Promise<void> {
  await db
    .insertInto('identity_two_factors')
    .values({ person_id: personId, secret, verified: false, last_step: 0, recovery_codes: [], created_at: at, verified_at: null })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .execute();
}

/** Takes a code's step; false when another request took the same or a later one first. */
export async function takeStep(db: IdentityDb, personId: string, step: number): Promise<boolean> {
  const row = await db.updateTable('identity_two_factors').set({ last_step: step }).where('person_id', '=', personId).where('last_step', '<', step).returning('person_id').executeTakeFirst();
  return row !== undefined;
}

export async function confirmGenerator(db: IdentityDb, personId: string, digests: readonly string[], at: Instant): Promise<boolean> {
  const row = await db
    .updateTable('identity_two_factors')
    .set({ verified: true, verified_at: at, recovery_codes: [...digests] })
    .where('person_id', '=', personId)
    .where('verified', '=', false)
    .returning('person_id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function replaceRecoveryCodes(db: IdentityDb, personId: string, digests: readonly string[]): Promise<boolean> {
  const row = await db.updateTable('identity_two_factors').set({ recovery_codes: [...digests] }).where('person_id', '=', personId).where('verified', '=', true).returning('person_id').executeTakeFirst();
  return row !== undefined;
}

/** Uses a recovery code up; true for one request only. */
export async function takeRecoveryCode(db: IdentityDb, personId: string, digest: string): Promise<boolean> {
  const { rows } = await sql`update identity_two_factors set recovery_codes = array_remove(recovery_codes, ${digest})
    where person_id = ${personId} and verified and ${digest} = any(recovery_codes) returning person_id`.execute(db);
  return rows.length === 1;
}

export async function removeGenerator(db: IdentityDb, personId: string): Promise<boolean> {
  const done = await db.deleteFrom('identity_two_factors').where('person_id', '=', personId).executeTakeFirst();
  return done.numDeletedRows > 0n;
}
