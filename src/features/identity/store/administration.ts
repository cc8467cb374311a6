/** Reads people and organisations as administrators look at them, and keeps what they did with its reason. */

import { type RawBuilder, sql } from 'kysely';
import type { Instant, LocalisedText } from '../../../base/index.ts';
import type { Organisation, OrganisationKind, Role } from '../model.ts';
import type { IdentityDb } from './sessions.ts';
import { stands } from './standing.ts';

/** Everything, or these organisations (closed downwards). */
export type Within = 'all' | readonly string[];

export interface OrganisationCounted extends Organisation {
  /** Who holds a role in it now; not in its parts. */
  readonly people: number;
}

interface OrganisationColumns {
  readonly id: string;
  readonly parent_id: string | null;
  readonly kind: OrganisationKind;
  readonly names: LocalisedText;
  readonly path: string[];
  readonly created_at: Instant;
  readonly closed_at: Instant | null;
  readonly people: number;
}

/** Organisations with how many people each has; an organisation stands before its parts. */
export async function countedOrganisations(db: IdentityDb, within: Within, now: Instant, limit: number): Promise<readonly OrganisationCounted[]> {
  const { rows } = await sql<OrganisationColumns>`
    select o.id, o.parent_id, o.kind, o.names, o.path, o.created_at, o.closed_at, coalesce(m.people, 0) as people
    from identity_organisations o
    left join (select held.organisation_id, count(distinct held.person_id)::int as people from identity_memberships held
      where ${stands('held', now)} group by held.organisation_id) m on m.organisation_id = o.id
    where ${within === 'all' ? sql`true` : sql`o.id = any(${[...within]}::uuid[])`}
    order by o.path limit ${limit}`.execute(db);
  return rows.map((row) => ({ id: row.id, parentId: row.parent_id ?? undefined, kind: row.kind, names: row.names, path: row.path, createdAt: row.created_at, closedAt: row.closed_at ?? undefined, people: row.people }));
}

/** Names by id, of those that exist. */
export async function namesOfOrganisations(db: IdentityDb, ids: readonly string[]): Promise<ReadonlyMap<string, LocalisedText>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; names: LocalisedText }>`select id, names from identity_organisations where id = any(${[...new Set(ids)]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.names]));
}

export async function namesOfPeople(db: IdentityDb, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from identity_people where id = any(${[...new Set(ids)]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Whose the keys are. */
export async function ownersOfKeys(db: IdentityDb, ids: readonly string[]): Promise<ReadonlyMap<string, { readonly personId: string; readonly personName: string; readonly keyName: string }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; person_id: string; person: string; name: string }>`select k.id, k.person_id, p.name as person, k.name
    from identity_api_keys k join identity_people p on p.id = k.person_id where k.id = any(${[...new Set(ids)]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, { personId: row.person_id, personName: row.person, keyName: row.name }]));
}

/** As whom a person acts: by themselves, and by each of their keys. */
export async function actorsOf(db: IdentityDb, personId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from identity_api_keys where person_id = ${personId}::uuid order by created_at desc limit 200`.execute(db);
  return [`person:${personId}`, ...rows.map((row) => `key:${row.id}`)];
}

/** People who are not locked and hold a role within. */
export async function knownPeople(db: IdentityDb, within: Within, now: Instant, limit: number): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`select p.id, p.name from identity_people p
    where p.closed_at is null and exists (select 1 from identity_memberships m where ${holdsNow(now)} and ${within === 'all' ? sql`true` : sql`m.organisation_id = any(${[...within]}::uuid[])`})
    order by lower(p.name) collate "C", p.id limit ${limit}`.execute(db);
  return rows;
}

export const PEOPLE_STATES = ['open', 'locked', 'never', 'weak'] as const;
/** `open` may sign in; `locked` may not; `never` has not signed in yet; `weak` has no second factor. */
export type PeopleState = (typeof PEOPLE_STATES)[number];

export interface PeopleFilter {
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
  /** Holds a role there or below. */
  readonly organisation?: string | undefined;
  readonly state?: PeopleState | undefined;
  readonly after?: { readonly name: string; readonly id: string } | undefined;
  readonly limit: number;
}

export interface PersonSeen {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: Instant;
  readonly closedAt: Instant | undefined;
  readonly signedInAt: Instant | undefined;
  readonly hasCode: boolean;
  readonly passkeys: number;
  /** Sessions that have not run out. */
  readonly sessions: number;
  readonly roles: readonly { readonly organisation: string; readonly names: LocalisedText; readonly role: Role }[];
}

interface PersonColumns {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly created_at: Instant;
  readonly closed_at: Instant | null;
  readonly signed_in_at: Instant | null;
  readonly has_code: boolean;
  readonly passkeys: number;
  readonly sessions: number;
  readonly roles: PersonSeen['roles'];
}

const WORDS_MAX = 8;

/** The rows of people under a condition, by name. `idleSince` is when a session must have been used to count. */
async function readPeople(db: IdentityDb, condition: RawBuilder<unknown>, now: Instant, idleSince: Instant, limit: number): Promise<readonly PersonSeen[]> {
  const { rows } = await sql<PersonColumns>`
    select p.id, p.name, p.email, p.created_at, p.closed_at, p.signed_in_at,
      exists (select 1 from identity_two_factors f where f.person_id = p.id and f.verified) as has_code,
      (select count(*)::int from identity_passkeys k where k.person_id = p.id) as passkeys,
      (select count(*)::int from identity_sessions s where s.person_id = p.id and s.expires_at > ${now}::timestamptz and coalesce(s.seen_at, s.created_at) > ${idleSince}::timestamptz) as sessions,
      coalesce((select jsonb_agg(jsonb_build_object('organisation', o.id, 'names', o.names, 'role', m.role) order by m.from_at, m.id)
        from identity_memberships m join identity_organisations o on o.id = m.organisation_id where ${holdsNow(now)}), '[]'::jsonb) as roles
    from identity_people p where ${condition} order by lower(p.name) collate "C", p.id limit ${limit}`.execute(db);
  return rows.map(seen);
}

const holdsNow = (now: Instant): RawBuilder<unknown> => sql`m.person_id = p.id and ${stands('m', now)}`;

export async function seePeople(db: IdentityDb, { q, role, organisation, state, after, limit }: PeopleFilter, now: Instant, idleSince: Instant): Promise<readonly PersonSeen[]> {
  const conditions = [sql`true`];
  for (const word of (q ?? '').toLowerCase().split(/\s+/).filter((one) => one !== '').slice(0, WORDS_MAX)) {
    const like = `%${word.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
    conditions.push(sql`(lower(p.name) like ${like} or p.email like ${like})`);
  }
  if (role !== undefined || organisation !== undefined) {
    conditions.push(sql`exists (select 1 from identity_memberships m join identity_organisations o on o.id = m.organisation_id where ${holdsNow(now)}
      and ${role === undefined ? sql`true` : sql`m.role = ${role}`} and ${organisation === undefined ? sql`true` : sql`o.path @> array[${organisation}::uuid]`})`);
  }
  if (state === 'open') conditions.push(sql`p.closed_at is null`);
  if (state === 'locked') conditions.push(sql`p.closed_at is not null`);
  if (state === 'never') conditions.push(sql`p.signed_in_at is null`);
  if (state === 'weak') conditions.push(sql`not exists (select 1 from identity_two_factors f where f.person_id = p.id and f.verified) and not exists (select 1 from identity_passkeys k where k.person_id = p.id)`);
  if (after !== undefined) conditions.push(sql`(lower(p.name) collate "C", p.id) > (lower(${after.name}) collate "C", ${after.id}::uuid)`);
  return readPeople(db, sql.join(conditions, sql` and `), now, idleSince, limit);
}

export async function seePerson(db: IdentityDb, id: string, now: Instant, idleSince: Instant): Promise<PersonSeen | undefined> {
  return (await readPeople(db, sql`p.id = ${id}::uuid`, now, idleSince, 1))[0];
}

function seen(row: PersonColumns): PersonSeen {
  return { id: row.id, name: row.name, email: row.email, createdAt: row.created_at, closedAt: row.closed_at ?? undefined, signedInAt: row.signed_in_at ?? undefined, hasCode: row.has_code, passkeys: row.passkeys, sessions: row.sessions, roles: row.roles };
}

export const ACT_KINDS = [
  'organisation-created', 'organisation-renamed', 'organisation-moved', 'organisation-closed', 'organisation-reopened',
  'role-granted', 'role-revoked', 'invited', 'invited-again', 'invitation-withdrawn',
  'locked', 'unlocked', 'sessions-ended', 'recovery-sent', 'factors-removed',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

export interface Act {
  readonly id: number;
  readonly at: Instant;
  readonly actor: string;
  readonly kind: ActKind;
  readonly organisationId: string | undefined;
  readonly personId: string | undefined;
  readonly detail: Readonly<Record<string, string>>;
  readonly reason: string | undefined;
}

export async function keepAct(db: IdentityDb, act: Omit<Act, 'id'>): Promise<void> {
  await sql`insert into identity_acts (at, actor, kind, organisation_id, person_id, detail, reason)
    values (${act.at}, ${act.actor}, ${act.kind}, ${act.organisationId ?? null}::uuid, ${act.personId ?? null}::uuid, ${JSON.stringify(act.detail)}::jsonb, ${act.reason ?? null})`.execute(db);
}

/** Newest first. */
export async function listActs(db: IdentityDb, of: { readonly organisationId: string } | { readonly personId: string }, limit: number): Promise<readonly Act[]> {
  const { rows } = await sql<{ id: number; at: Instant; actor: string; kind: ActKind; organisation_id: string | null; person_id: string | null; detail: Readonly<Record<string, string>>; reason: string | null }>`
    select id, at, actor, kind, organisation_id, person_id, detail, reason from identity_acts
    where ${'personId' in of ? sql`person_id = ${of.personId}::uuid` : sql`organisation_id = ${of.organisationId}::uuid`} order by id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ id: row.id, at: row.at, actor: row.actor, kind: row.kind, organisationId: row.organisation_id ?? undefined, personId: row.person_id ?? undefined, detail: row.detail, reason: row.reason ?? undefined }));
}
