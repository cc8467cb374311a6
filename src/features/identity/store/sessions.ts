/** Keeps sessions, and reads everything about who asks in one statement. */

import { randomUUID } from 'node:crypto';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Instant, Language } from '../../../base/index.ts';
import type { Membership } from '../../../platform/auth/index.ts';
import { API_KEY_LIFE_MS_MAX, CLOCK_SKEW_MS, type OrganisationKind, type Origin, type Role, SESSION_IDLE_MS, SESSION_LIFE_MS, type SessionMethod, type SessionRow, SESSIONS_OF_PERSON_MAX } from '../model.ts';
import { newToken } from '../rules/tokens.ts';
import { stands } from './standing.ts';
import type { IdentityTables } from './tables.ts';

export type IdentityDb = Kysely<IdentityTables>;

/** A session or key with its person, as one statement finds it. */
export interface Found {
  /** Of the session or of the key. */
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly language: Language | null;
  readonly hasCode: boolean;
  readonly hasPasskey: boolean;
  readonly memberships: readonly (Membership & { readonly kind: OrganisationKind })[];
}

export interface FoundSession extends Found {
  readonly method: SessionMethod;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly seenAt: Instant;
  readonly stepUpAt: Instant | null;
  /** When the password was last shown again in this session. */
  readonly confirmedAt: Instant | null;
}

export interface FoundKey extends Found {
  readonly permits: readonly string[];
  readonly expiresAt: Instant;
  readonly lastUsedAt: Instant | null;
}

interface PersonColumns {
  readonly id: string;
  readonly person_id: string;
  readonly name: string;
  readonly email: string;
  readonly language: Language | null;
  readonly has_code: boolean;
  readonly has_passkey: boolean;
  readonly memberships: readonly { readonly organisation: string; readonly role: Role; readonly kind: OrganisationKind; readonly reach: readonly string[] }[];
}

/** The columns every caller needs; `p` is the person. A role in an organisation that was closed counts no more. */
const ofPerson = (now: Instant) => sql`
  p.id as person_id, p.name, p.email, p.language,
  exists (select 1 from identity_two_factors f where f.person_id = p.id and f.verified) as has_code,
  exists (select 1 from identity_passkeys k where k.person_id = p.id) as has_passkey,
  coalesce((select jsonb_agg(jsonb_build_object('organisation', m.organisation_id, 'role', m.role, 'kind', o.kind,
      'reach', (select jsonb_agg(r.id order by cardinality(r.path), r.id) from identity_organisations r where r.path @> array[m.organisation_id])) order by m.from_at, m.id)
    from identity_memberships m join identity_organisations o on o.id = m.organisation_id
    where m.person_id = p.id and ${stands('m', now)} and o.closed_at is null), '[]'::jsonb) as memberships`;

function foundOf(row: PersonColumns): Found {
  return { id: row.id, personId: row.person_id, name: row.name, email: row.email, language: row.language, hasCode: row.has_code, hasPasskey: row.has_passkey, memberships: row.memberships };
}

const shifted = (now: Instant, ms: number): string => new Date(Date.parse(now) + ms).toISOString();

/**
 * Which sessions are over by this clock: at their end, idle too long, or begun by a clock that has been set back since. The last would
 * live longer than any session may, by as much as that clock was ahead.
 */
const isOver = (now: Instant, idleMs: number): RawBuilder<boolean> => sql<boolean>`(
  s.expires_at <= ${now}::timestamptz or coalesce(s.seen_at, s.created_at) <= ${shifted(now, -idleMs)}::timestamptz or s.created_at > ${shifted(now, CLOCK_SKEW_MS)}::timestamptz)`;

/**
 * The session of a token when it has neither ended nor been idle too long. One that is over is removed at once: a clock that goes back
 * must not bring it to life again.
 */
export async function findSession(db: IdentityDb, token: string, now: Instant, idleMs: number): Promise<FoundSession | undefined> {
  const { rows } = await sql<PersonColumns & { method: SessionMethod; created_at: Instant; expires_at: Instant; seen_at: Instant; step_up_at: Instant | null; confirmed_at: Instant | null; over: boolean }>`
    select s.id, s.method, s.created_at, s.expires_at, coalesce(s.seen_at, s.created_at) as seen_at, s.step_up_at, s.confirmed_at, ${isOver(now, idleMs)} as over, ${ofPerson(now)}
    from identity_sessions s join identity_people p on p.id = s.person_id
    where s.token = ${token} and p.closed_at is null`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.over) {
    await db.deleteFrom('identity_sessions').where('id', '=', row.id).execute();
    return undefined;
  }
  return { ...foundOf(row), method: row.method, startedAt: row.created_at, expiresAt: row.expires_at, seenAt: row.seen_at, stepUpAt: row.step_up_at, confirmedAt: row.confirmed_at };
}

/** Removes every session that is over, so that none is left which a clock set back could bring to life. */
export async function sweepSessions(db: IdentityDb, now: Instant, idleMs: number): Promise<void> {
  await sql`delete from identity_sessions s where ${isOver(now, idleMs)}`.execute(db);
}

/** A key whose end lies further away than any key may live was made by a clock that was ahead: it is not taken. */
export async function findKey(db: IdentityDb, hash: string, now: Instant): Promise<FoundKey | undefined> {
  const { rows } = await sql<PersonColumns & { permits: string[]; expires_at: Instant; last_used_at: Instant | null }>`
    select a.id, a.permits, a.expires_at, a.last_used_at, ${ofPerson(now)}
    from identity_api_keys a join identity_people p on p.id = a.person_id
    where a.hash = ${hash} and a.expires_at > ${now}::timestamptz and a.expires_at <= ${shifted(now, API_KEY_LIFE_MS_MAX + CLOCK_SKEW_MS)}::timestamptz
      and a.revoked_at is null and p.closed_at is null`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : { ...foundOf(row), permits: row.permits, expiresAt: row.expires_at, lastUsedAt: row.last_used_at };
}

export interface NewSession {
  readonly personId: string;
  readonly method: SessionMethod;
  readonly origin: Origin;
  readonly at: Instant;
  readonly stepUpAt?: Instant | undefined;
}

/** Writes a session and answers its token. Of very many sessions of one person the oldest end. */
export async function createSession(db: IdentityDb, { personId, method, origin, at, stepUpAt }: NewSession): Promise<{ readonly id: string; readonly token: string }> {
  const id = randomUUID();
  const token = newToken();
  const expires = new Date(Date.parse(at) + SESSION_LIFE_MS).toISOString();
  await db
    .insertInto('identity_sessions')
    .values({ id, token, person_id: personId, expires_at: expires, created_at: at, updated_at: at, ip_address: origin.address, user_agent: origin.userAgent?.slice(0, 400) ?? null, method, seen_at: at, step_up_at: stepUpAt ?? null, confirmed_at: null })
    .execute();
  await sql`delete from identity_sessions where id in (select id from identity_sessions where person_id = ${personId} order by created_at desc, id offset ${SESSIONS_OF_PERSON_MAX})`.execute(db);
  return { id, token };
}

/** Gives a session a new token, as every change of what it may do demands. Its start and its end stay. */
export async function rotateSession(db: IdentityDb, id: string, change: { readonly method?: SessionMethod; readonly stepUpAt?: Instant; readonly confirmedAt?: Instant; readonly at: Instant }): Promise<string | undefined> {
  const token = newToken();
  const done = await db
    .updateTable('identity_sessions')
    .set({ token, updated_at: change.at, ...(change.method === undefined ? {} : { method: change.method }), ...(change.stepUpAt === undefined ? {} : { step_up_at: change.stepUpAt }), ...(change.confirmedAt === undefined ? {} : { confirmed_at: change.confirmedAt }) })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return done === undefined ? undefined : token;
}

export async function touchSession(db: IdentityDb, id: string, at: Instant): Promise<void> {
  await db.updateTable('identity_sessions').set({ seen_at: at }).where('id', '=', id).execute();
}

/** The clock was set back since the last request: how long ago the last proof was is not known any more, so it counts as none. */
export async function touchSetBack(db: IdentityDb, id: string, at: Instant): Promise<void> {
  await db.updateTable('identity_sessions').set({ seen_at: at, step_up_at: null, confirmed_at: null }).where('id', '=', id).execute();
}

export async function touchKey(db: IdentityDb, id: string, at: Instant): Promise<void> {
  await db.updateTable('identity_api_keys').set({ last_used_at: at }).where('id', '=', id).execute();
}

export async function listSessions(db: IdentityDb, personId: string, now: Instant, idleMs: number = SESSION_IDLE_MS): Promise<readonly SessionRow[]> {
  const rows = await db
    .selectFrom('identity_sessions as s')
    .select(['id', 'method', 'created_at', 'seen_at', 'ip_address', 'user_agent'])
    .where('person_id', '=', personId)
    .where(sql<boolean>`not ${isOver(now, idleMs)}`)
    .orderBy('created_at', 'desc')
    .limit(SESSIONS_OF_PERSON_MAX)
    .execute();
  return rows.map((row) => ({ id: row.id, method: row.method, createdAt: row.created_at as Instant, seenAt: (row.seen_at ?? row.created_at) as Instant, address: row.ip_address ?? undefined, userAgent: row.user_agent ?? undefined }));
}

/** Ends sessions of a person: one by id, or all, or all but one. Answers how many. */
export async function endSessions(db: IdentityDb, personId: string, which: { readonly only?: string; readonly except?: string } = {}): Promise<number> {
  let query = db.deleteFrom('identity_sessions').where('person_id', '=', personId);
  if (which.only !== undefined) query = query.where('id', '=', which.only);
  if (which.except !== undefined) query = query.where('id', '!=', which.except);
  const done = await query.executeTakeFirst();
  return Number(done.numDeletedRows);
}

export async function endByToken(db: IdentityDb, token: string): Promise<void> {
  await db.deleteFrom('identity_sessions').where('token', '=', token).execute();
}
