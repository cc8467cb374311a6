/** Keeps organisations as a forest, and who holds which role in them. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant, LocalisedText } from '../../../base/index.ts';
import { MEMBERSHIPS_OF_PERSON_MAX, type Organisation, type OrganisationKind, type Role } from '../model.ts';
import type { IdentityDb } from './sessions.ts';
import { stands } from './standing.ts';

interface OrganisationRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly kind: OrganisationKind;
  readonly names: LocalisedText;
  readonly path: string[];
  readonly created_at: string;
  readonly closed_at: string | null;
}

function organisationOf(row: OrganisationRow): Organisation {
  return { id: row.id, parentId: row.parent_id ?? undefined, kind: row.kind, names: row.names, path: row.path, createdAt: row.created_at as Instant, closedAt: (row.closed_at as Instant | null) ?? undefined };
}

/** One change of the forest or of the administrators at a time, in all processes. */
const FOREST_LOCK = 4_210_535;

export async function lockForest(db: IdentityDb): Promise<void> {
  await sql`select pg_advisory_xact_lock(${FOREST_LOCK})`.execute(db);
}

export async function getOrganisation(db: IdentityDb, id: string): Promise<Organisation | undefined> {
  const row = await db.selectFrom('identity_organisations').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : organisationOf(row);
}

/** In the order of the forest: an organisation stands before its parts. `below` limits it to one organisation and its parts. */
export async function listOrganisations(db: IdentityDb, limit: number, below?: string): Promise<readonly Organisation[]> {
  let query = db.selectFrom('identity_organisations').selectAll();
  if (below !== undefined) query = query.where(sql<boolean>`path @> array[${below}::uuid]`);
  const rows = await query.orderBy('path').limit(limit).execute();
  return rows.map(organisationOf);
}

export async function countOrganisations(db: IdentityDb): Promise<number> {
  return (await db.selectFrom('identity_organisations').select(sql<number>`count(*)::int`.as('count')).executeTakeFirstOrThrow()).count;
}

export async function addOrganisation(db: IdentityDb, given: { readonly kind: OrganisationKind; readonly names: LocalisedText; readonly parent: Organisation | undefined; readonly at: Instant }): Promise<string> {
  const id = randomUUID();
  await sql`insert into identity_organisations (id, parent_id, kind, names, path, created_at)
    values (${id}, ${given.parent?.id ?? null}, ${given.kind}, ${JSON.stringify(given.names)}::jsonb, ${[...(given.parent?.path ?? []), id]}::uuid[], ${given.at})`.execute(db);
  return id;
}

export async function renameOrganisation(db: IdentityDb, id: string, names: LocalisedText): Promise<boolean> {
  const { rows } = await sql`update identity_organisations set names = ${JSON.stringify(names)}::jsonb where id = ${id} returning id`.execute(db);
  return rows.length === 1;
}

/** Moves an organisation with everything below it; paths of all are written anew in one statement. */
export async function putBelow(db: IdentityDb, moved: Organisation, parent: Organisation | undefined): Promise<void> {
  const above = [...(parent?.path ?? [])];
  await sql`update identity_organisations set
      parent_id = case when id = ${moved.id} then ${parent?.id ?? null}::uuid else parent_id end,
      path = ${above}::uuid[] || path[${moved.path.length}::int:]
    where path @> array[${moved.id}::uuid]`.execute(db);
}

export async function hasOpenParts(db: IdentityDb, id: string): Promise<boolean> {
  return (await db.selectFrom('identity_organisations').select('id').where('parent_id', '=', id).where('closed_at', 'is', null).limit(1).executeTakeFirst()) !== undefined;
}

export async function markClosed(db: IdentityDb, id: string, at: Instant | null): Promise<void> {
  await db.updateTable('identity_organisations').set({ closed_at: at }).where('id', '=', id).execute();
}

export interface MembershipRow {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly email: string;
  readonly organisationId: string;
  readonly organisationNames: LocalisedText;
  readonly role: Role;
  readonly fromAt: Instant;
  readonly untilAt: Instant | undefined;
  readonly grantedBy: string;
}

/** Roles as they stand now, of a person or in an organisation (not below it). */
export async function listMemberships(db: IdentityDb, of: { readonly personId: string } | { readonly organisationId: string }, now: Instant, limit: number): Promise<readonly MembershipRow[]> {
  let query = db
    .selectFrom('identity_memberships as m')
    .innerJoin('identity_people as p', 'p.id', 'm.person_id')
    .innerJoin('identity_organisations as o', 'o.id', 'm.organisation_id')
    .select(['m.id', 'm.person_id', 'p.name', 'p.email', 'm.organisation_id', 'o.names', 'm.role', 'm.from_at', 'm.until_at', 'm.granted_by'])
    .where(stands('m', now));
  query = 'personId' in of ? query.where('m.person_id', '=', of.personId) : query.where('m.organisation_id', '=', of.organisationId);
  const rows = await query.orderBy(sql`lower(p.name)`).orderBy('m.from_at').orderBy('m.id').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    personName: row.name,
    email: row.email,
    organisationId: row.organisation_id,
    organisationNames: row.names,
    role: row.role,
    fromAt: row.from_at as Instant,
    untilAt: (row.until_at as Instant | null) ?? undefined,
    grantedBy: row.granted_by,
  }));
}

/** `already` when the person holds the role there, `full` when they hold very many. */
export async function addMembership(db: IdentityDb, given: { readonly personId: string; readonly organisationId: string; readonly role: Role; readonly at: Instant; readonly until?: Instant | undefined; readonly by: string }): Promise<'added' | 'already' | 'full'> {
  const { count } = await db.selectFrom('identity_memberships').select(sql<number>`count(*)::int`.as('count')).where('person_id', '=', given.personId).where('until_at', 'is', null).executeTakeFirstOrThrow();
  if (count >= MEMBERSHIPS_OF_PERSON_MAX) return 'full';
  // One that runs out by itself is ended first, so that two never stand side by side.
  await db.updateTable('identity_memberships').set({ until_at: given.at, ended_by: given.by }).where('person_id', '=', given.personId).where('organisation_id', '=', given.organisationId).where('role', '=', given.role).where('until_at', '>', given.at).execute();
  const { rows } = await sql`insert into identity_memberships (id, person_id, organisation_id, role, from_at, until_at, granted_by)
    values (${randomUUID()}, ${given.personId}, ${given.organisationId}, ${given.role}, ${given.at}, ${given.until ?? null}, ${given.by})
    on conflict (person_id, organisation_id, role) where until_at is null do nothing returning id`.execute(db);
  return rows.length === 1 ? 'added' : 'already';
}

export async function getMembership(db: IdentityDb, id: string, now: Instant): Promise<{ readonly id: string; readonly personId: string; readonly organisationId: string; readonly role: Role } | undefined> {
  const row = await db
    .selectFrom('identity_memberships as m')
    .select(['m.id', 'm.person_id', 'm.organisation_id', 'm.role'])
    .where('m.id', '=', id)
    .where(stands('m', now))
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, personId: row.person_id, organisationId: row.organisation_id, role: row.role };
}

export async function endMembership(db: IdentityDb, id: string, at: Instant, by: string): Promise<void> {
  await db.updateTable('identity_memberships').set({ until_at: at, ended_by: by }).where('id', '=', id).execute();
}

/** Administrators who can sign in, besides one membership or one person. */
export async function otherAdministrators(db: IdentityDb, except: { readonly membershipId?: string; readonly personId?: string }): Promise<number> {
  let query = db
    .selectFrom('identity_memberships as m')
    .innerJoin('identity_people as p', 'p.id', 'm.person_id')
    .innerJoin('identity_organisations as o', 'o.id', 'm.organisation_id')
    .select(sql<number>`count(distinct m.person_id)::int`.as('count'))
    .where('m.role', '=', 'administrator')
    .where('o.kind', '=', 'regulator')
    .where('o.closed_at', 'is', null)
    .where('p.closed_at', 'is', null)
    // One that ends by itself leaves the register without anybody some day.
    .where('m.until_at', 'is', null);
  if (except.membershipId !== undefined) query = query.where('m.id', '!=', except.membershipId);
  if (except.personId !== undefined) query = query.where('m.person_id', '!=', except.personId);
  return (await query.executeTakeFirstOrThrow()).count;
}
