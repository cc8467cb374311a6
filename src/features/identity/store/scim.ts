/** Keeps what directories tell of people and groups, and the keys by which they come in. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import { type Filter, SCIM_MEMBERS_MAX } from '../rules/scim.ts';
import type { ConnectionDb, ScimNames } from './connection-tables.ts';

export interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | undefined;
  readonly names: ScimNames;
  readonly active: boolean;
  readonly closedHere: boolean;
  readonly email: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
}

export interface ScimGroup {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | undefined;
  readonly version: number;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
}

const USER_COLUMNS = ['u.person_id', 'u.user_name', 'u.external_id', 'u.names', 'u.active', 'u.closed_here', 'u.version', 'u.created_at', 'u.changed_at', 'p.email'] as const;
interface UserRow {
  readonly person_id: string;
  readonly user_name: string;
  readonly external_id: string | null;
  readonly names: ScimNames;
  readonly active: boolean;
  readonly closed_here: boolean;
  readonly version: number;
  readonly created_at: string;
  readonly changed_at: string;
  readonly email: string;
}
const userOf = (row: UserRow): ScimUser => ({ id: row.person_id, userName: row.user_name, externalId: row.external_id ?? undefined, names: row.names, active: row.active, closedHere: row.closed_here, email: row.email, version: row.version, createdAt: row.created_at as Instant, changedAt: row.changed_at as Instant });

// oxlint-disable-next-line typescript/explicit-function-return-type -- a query of Kysely, built upon by its callers
const usersOf = (db: ConnectionDb, connectionId: string) => db.selectFrom('identity_scim_users as u').innerJoin('identity_people as p', 'p.id', 'u.person_id').where('u.connection_id', '=', connectionId).where('u.deleted_at', 'is', null);

export async function getUser(db: ConnectionDb, connectionId: string, id: string): Promise<ScimUser | undefined> {
  const row = await usersOf(db, connectionId).select(USER_COLUMNS).where('u.person_id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : userOf(row);
}

/** Whether the directory keeps this person by SCIM. */
export async function isKept(db: ConnectionDb, connectionId: string, personId: string): Promise<boolean> {
  return (await getUser(db, connectionId, personId)) !== undefined;
}

/** What was left of a person whom the directory removed. */
export async function removedUser(db: ConnectionDb, connectionId: string, personId: string): Promise<{ readonly closedHere: boolean } | undefined> {
  const row = await db.selectFrom('identity_scim_users').select('closed_here').where('connection_id', '=', connectionId).where('person_id', '=', personId).where('deleted_at', 'is not', null).executeTakeFirst();
  return row === undefined ? undefined : { closedHere: row.closed_here };
}

export async function findUserByName(db: ConnectionDb, connectionId: string, userName: string): Promise<string | undefined> {
  return (await usersOf(db, connectionId).select('u.person_id').where(sql<boolean>`lower(u.user_name) = lower(${userName})`).executeTakeFirst())?.person_id;
}

export async function listUsers(db: ConnectionDb, connectionId: string, filter: Filter | undefined, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly users: readonly ScimUser[] }> {
  let query = usersOf(db, connectionId);
  if (filter?.attribute === 'userName') query = query.where(sql<boolean>`lower(u.user_name) = lower(${filter.value})`);
  if (filter?.attribute === 'externalId') query = query.where('u.external_id', '=', filter.value);
  if (filter?.attribute === 'emails') query = query.where('p.email', '=', filter.value.toLowerCase());
  if (filter?.attribute === 'id') query = query.where(sql<boolean>`u.person_id::text = ${filter.value.toLowerCase()}`);
  const { total } = await query.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  const rows = limit === 0 ? [] : await query.select(USER_COLUMNS).orderBy('u.created_at').orderBy('u.person_id').offset(offset).limit(limit).execute();
  return { total, users: rows.map(userOf) };
}

export interface UserWrite {
  readonly userName: string;
  readonly externalId: string | undefined;
  readonly names: ScimNames;
  readonly active: boolean;
  readonly closedHere: boolean;
}

export async function putUser(db: ConnectionDb, connectionId: string, personId: string, given: UserWrite, at: Instant): Promise<void> {
  const columns = { user_name: given.userName, external_id: given.externalId ?? null, names: given.names, active: given.active, closed_here: given.closedHere, changed_at: at, deleted_at: null };
  await db
    .insertInto('identity_scim_users')
    .values({ ...columns, person_id: personId, connection_id: connectionId, version: 1, created_at: at })
    .onConflict((conflict) => conflict.columns(['connection_id', 'person_id']).doUpdateSet({ ...columns, version: sql<number>`identity_scim_users.version + 1` }))
    .execute();
}

export async function removeUser(db: ConnectionDb, connectionId: string, personId: string, closedHere: boolean, at: Instant): Promise<void> {
  await db.deleteFrom('identity_scim_members').where('connection_id', '=', connectionId).where('person_id', '=', personId).execute();
  await db.updateTable('identity_scim_users').set({ deleted_at: at, active: false, closed_here: closedHere, changed_at: at, version: sql`version + 1` }).where('connection_id', '=', connectionId).where('person_id', '=', personId).execute();
}

/** Groups of people, by person. */
export async function groupsOf(db: ConnectionDb, connectionId: string, personIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScimGroup[]>> {
  if (personIds.length === 0) return new Map();
  const rows = await db.selectFrom('identity_scim_members as m').innerJoin('identity_scim_groups as g', 'g.id', 'm.group_id').selectAll('g').select('m.person_id').where('m.connection_id', '=', connectionId).where('m.person_id', 'in', [...personIds]).orderBy('g.name').execute();
  const groups = new Map<string, ScimGroup[]>();
  for (const row of rows) groups.set(row.person_id, [...(groups.get(row.person_id) ?? []), groupOf(row)]);
  return groups;
}

interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly version: number;
  readonly created_at: string;
  readonly changed_at: string;
}
const groupOf = (row: GroupRow): ScimGroup => ({ id: row.id, name: row.name, externalId: row.external_id ?? undefined, version: row.version, createdAt: row.created_at as Instant, changedAt: row.changed_at as Instant });

export async function getGroup(db: ConnectionDb, connectionId: string, id: string): Promise<ScimGroup | undefined> {
  const row = await db.selectFrom('identity_scim_groups').selectAll().where('connection_id', '=', connectionId).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : groupOf(row);
}

export async function listGroups(db: ConnectionDb, connectionId: string, filter: Filter | undefined, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly groups: readonly ScimGroup[] }> {
  let query = db.selectFrom('identity_scim_groups').where('connection_id', '=', connectionId);
  if (filter?.attribute === 'displayName') query = query.where(sql<boolean>`lower(name) = lower(${filter.value})`);
  if (filter?.attribute === 'externalId') query = query.where('external_id', '=', filter.value);
  if (filter?.attribute === 'id') query = query.where(sql<boolean>`id::text = ${filter.value.toLowerCase()}`);
  const { total } = await query.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  const rows = limit === 0 ? [] : await query.selectAll().orderBy('created_at').orderBy('id').offset(offset).limit(limit).execute();
  return { total, groups: rows.map(groupOf) };
}

export async function membersOf(db: ConnectionDb, groupId: string): Promise<readonly { readonly id: string; readonly userName: string }[]> {
  const rows = await db.selectFrom('identity_scim_members as m').innerJoin('identity_scim_users as u', (join) => join.onRef('u.connection_id', '=', 'm.connection_id').onRef('u.person_id', '=', 'm.person_id')).select(['m.person_id', 'u.user_name']).where('m.group_id', '=', groupId).orderBy('m.person_id').limit(SCIM_MEMBERS_MAX).execute();
  return rows.map((row) => ({ id: row.person_id, userName: row.user_name }));
}

/** The id; undefined when another group of the connection has the name. */
export async function putGroup(db: ConnectionDb, connectionId: string, id: string | undefined, given: { readonly name: string; readonly externalId: string | undefined }, at: Instant): Promise<string | undefined> {
  const other = await db.selectFrom('identity_scim_groups').select('id').where('connection_id', '=', connectionId).where(sql<boolean>`lower(name) = lower(${given.name})`).executeTakeFirst();
  if (other !== undefined && other.id !== id) return undefined;
  const columns = { name: given.name, external_id: given.externalId ?? null, changed_at: at };
  if (id !== undefined) {
    await db.updateTable('identity_scim_groups').set({ ...columns, version: sql`version + 1` }).where('id', '=', id).execute();
    return id;
  }
  const made = randomUUID();
  await db.insertInto('identity_scim_groups').values({ ...columns, id: made, connection_id: connectionId, version: 1, created_at: at }).execute();
  return made;
}

/** Makes these people the members; false when one of them is nobody whom this connection keeps. */
export async function setMembers(db: ConnectionDb, connectionId: string, groupId: string, ids: readonly string[]): Promise<boolean> {
  if (ids.length > 0) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from identity_scim_users where connection_id = ${connectionId} and deleted_at is null and person_id = any(${[...ids]}::uuid[])`.execute(db);
    if (rows[0]?.count !== new Set(ids).size) return false;
  }
  await db.deleteFrom('identity_scim_members').where('group_id', '=', groupId).execute();
  if (ids.length > 0) await sql`insert into identity_scim_members (group_id, connection_id, person_id) select ${groupId}, ${connectionId}, id from unnest(${[...ids]}::uuid[]) id`.execute(db);
  return true;
}

export async function removeGroup(db: ConnectionDb, connectionId: string, id: string): Promise<boolean> {
  return (await db.deleteFrom('identity_scim_groups').where('connection_id', '=', connectionId).where('id', '=', id).returning('id').executeTakeFirst()) !== undefined;
}

export interface ScimToken {
  readonly id: string;
  readonly prefix: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly lastUsedAt: Instant | undefined;
  readonly revokedAt: Instant | undefined;
}

export async function addScimToken(db: ConnectionDb, given: { readonly connectionId: string; readonly prefix: string; readonly hash: string; readonly by: string; readonly at: Instant; readonly expiresAt: Instant }): Promise<string> {
  const id = randomUUID();
  await db.insertInto('identity_scim_tokens').values({ id, connection_id: given.connectionId, prefix: given.prefix, hash: given.hash, created_at: given.at, created_by: given.by, expires_at: given.expiresAt, last_used_at: null, revoked_at: null }).execute();
  return id;
}

export async function listScimTokens(db: ConnectionDb, connectionId: string, limit: number): Promise<readonly ScimToken[]> {
  const rows = await db.selectFrom('identity_scim_tokens').selectAll().where('connection_id', '=', connectionId).orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map((row) => ({ id: row.id, prefix: row.prefix, createdAt: row.created_at as Instant, expiresAt: row.expires_at as Instant, lastUsedAt: (row.last_used_at as Instant | null) ?? undefined, revokedAt: (row.revoked_at as Instant | null) ?? undefined }));
}

export async function revokeScimToken(db: ConnectionDb, connectionId: string, id: string, at: Instant): Promise<boolean> {
  return (await db.updateTable('identity_scim_tokens').set({ revoked_at: at }).where('id', '=', id).where('connection_id', '=', connectionId).where('revoked_at', 'is', null).returning('id').executeTakeFirst()) !== undefined;
}

/** The connection of a token that is good now; of one that is on, in an organisation that is open. */
export async function findScimToken(db: ConnectionDb, hash: string, now: Instant): Promise<{ readonly id: string; readonly connectionId: string; readonly lastUsedAt: Instant | undefined } | undefined> {
  const row = await db
    .selectFrom('identity_scim_tokens as t')
    .innerJoin('identity_connections as c', 'c.id', 't.connection_id')
    .innerJoin('identity_organisations as o', 'o.id', 'c.organisation_id')
    .select(['t.id', 't.connection_id', 't.last_used_at'])
    .where('t.hash', '=', hash)
    .where('t.expires_at', '>', now)
    .where('t.revoked_at', 'is', null)
    .where('c.off_at', 'is', null)
    .where('o.closed_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, connectionId: row.connection_id, lastUsedAt: (row.last_used_at as Instant | null) ?? undefined };
}

export async function touchScimToken(db: ConnectionDb, id: string, at: Instant): Promise<void> {
  await db.updateTable('identity_scim_tokens').set({ last_used_at: at }).where('id', '=', id).execute();
}
