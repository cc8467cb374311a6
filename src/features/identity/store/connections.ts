/** Keeps connections with their domains, sign-ins that were begun, and assertions that were taken. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import { DAY_MS, type Role } from '../model.ts';
import { type Connection, type ConnectionKind, CONNECTIONS_OF_ORGANISATION_MAX, type OidcSettings, type RoleEntry, type SamlSettings } from '../rules/connection.ts';
import type { ConnectionDb, ConnectionTables } from './connection-tables.ts';
import { stands } from './standing.ts';

const ASSERTIONS_KEPT_MS = 30 * DAY_MS;

type Row = ConnectionTables['identity_connections'] & { readonly domains: readonly string[] };

function connectionOf(row: Row): Connection {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    name: row.name,
    domains: row.domains,
    makesPeople: row.makes_people,
    defaultRole: row.default_role ?? undefined,
    roleMap: row.role_map.entries,
    createdAt: row.created_at as Instant,
    changedAt: row.changed_at as Instant,
    offAt: (row.off_at as Instant | null) ?? undefined,
    // The two shapes are kept apart by the column beside them.
    ...({ kind: row.kind, settings: row.settings } as { kind: 'oidc'; settings: OidcSettings } | { kind: 'saml'; settings: SamlSettings }),
  };
}

const withDomains = sql<string[]>`coalesce((select array_agg(d.domain order by d.domain) from identity_connection_domains d where d.connection_id = c.id), '{}')`.as('domains');

export async function getConnection(db: ConnectionDb, id: string): Promise<Connection | undefined> {
  const row = await db.selectFrom('identity_connections as c').selectAll('c').select(withDomains).where('c.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : connectionOf(row);
}

export async function listConnections(db: ConnectionDb, organisationId: string): Promise<readonly Connection[]> {
  const rows = await db.selectFrom('identity_connections as c').selectAll('c').select(withDomains).where('c.organisation_id', '=', organisationId).orderBy('c.created_at').orderBy('c.id').limit(CONNECTIONS_OF_ORGANISATION_MAX).execute();
  return rows.map(connectionOf);
}

export async function countConnections(db: ConnectionDb, organisationId: string): Promise<number> {
  return (await db.selectFrom('identity_connections').select(sql<number>`count(*)::int`.as('count')).where('organisation_id', '=', organisationId).executeTakeFirstOrThrow()).count;
}

/** The connection that is on and owns the domain. */
export async function connectionOfDomain(db: ConnectionDb, domain: string): Promise<Connection | undefined> {
  const row = await db
    .selectFrom('identity_connections as c')
    .innerJoin('identity_connection_domains as own', 'own.connection_id', 'c.id')
    .selectAll('c')
    .select(withDomains)
    .where('own.domain', '=', domain)
    .where('c.off_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : connectionOf(row);
}

export async function isAnyOn(db: ConnectionDb): Promise<boolean> {
  return (await db.selectFrom('identity_connections').select('id').where('off_at', 'is', null).limit(1).executeTakeFirst()) !== undefined;
}

export async function sealedSecretOf(db: ConnectionDb, id: string): Promise<string | undefined> {
  return (await db.selectFrom('identity_connections').select('secret').where('id', '=', id).executeTakeFirst())?.secret ?? undefined;
}

export interface ConnectionWrite {
  readonly name: string;
  readonly settings: OidcSettings | SamlSettings;
  readonly domains: readonly string[];
  readonly makesPeople: boolean;
  readonly defaultRole: Role | undefined;
  readonly roleMap: readonly RoleEntry[];
  /** Sealed; undefined leaves what is there. */
  readonly secret?: string | undefined;
}

/** The domain that belongs to another connection, or undefined when all was written. To be called in a transaction that is undone on a domain. */
export async function writeConnection(db: ConnectionDb, id: string, given: ConnectionWrite, at: Instant, made?: { readonly organisationId: string; readonly kind: ConnectionKind; readonly by: string }): Promise<string | undefined> {
  const columns = { name: given.name, settings: given.settings, makes_people: given.makesPeople, default_role: given.defaultRole ?? null, role_map: { entries: given.roleMap }, changed_at: at, ...(given.secret === undefined ? {} : { secret: given.secret }) };
  if (made === undefined) await db.updateTable('identity_connections').set(columns).where('id', '=', id).execute();
  else await db.insertInto('identity_connections').values({ secret: null, ...columns, id, organisation_id: made.organisationId, kind: made.kind, created_at: at, created_by: made.by, off_at: null }).execute();
  await db.deleteFrom('identity_connection_domains').where('connection_id', '=', id).execute();
  for (const domain of given.domains) {
    const taken = await db.insertInto('identity_connection_domains').values({ domain, connection_id: id }).onConflict((conflict) => conflict.column('domain').doNothing()).returning('domain').executeTakeFirst();
    if (taken === undefined) return domain;
  }
  return undefined;
}

export async function switchConnection(db: ConnectionDb, id: string, offAt: Instant | null): Promise<void> {
  await db.updateTable('identity_connections').set({ off_at: offAt }).where('id', '=', id).execute();
}

export interface SignOn {
  readonly hash: string;
  readonly connectionId: string;
  readonly browser: string;
  readonly detail: string | undefined;
  readonly next: string;
  readonly triedBy: string | undefined;
  readonly answer: string | undefined;
}

function signOnOf(row: ConnectionTables['identity_sign_ons']): SignOn {
  return { hash: row.hash, connectionId: row.connection_id, browser: row.browser, detail: row.detail ?? undefined, next: row.next, triedBy: row.tried_by ?? undefined, answer: row.answer ?? undefined };
}

/** What is old is swept on the way. */
export async function beginSignOn(db: ConnectionDb, given: { readonly hash: string; readonly connectionId: string; readonly browser: string; readonly detail?: string; readonly next: string; readonly triedBy?: string | undefined; readonly at: Instant; readonly lifeMs: number }): Promise<void> {
  await db.deleteFrom('identity_sign_ons').where('expires_at', '<', given.at).execute();
  // Kept for longer than they are good for: after a clock that jumped ahead and back one could be shown again.
  await db.deleteFrom('identity_assertions').where('expires_at', '<', new Date(Date.parse(given.at) - ASSERTIONS_KEPT_MS).toISOString()).execute();
  const expires = new Date(Date.parse(given.at) + given.lifeMs).toISOString();
  await db.insertInto('identity_sign_ons').values({ hash: given.hash, connection_id: given.connectionId, browser: given.browser, detail: given.detail ?? null, next: given.next, tried_by: given.triedBy ?? null, created_at: given.at, expires_at: expires, used_at: null, answer: null }).execute();
}

/** Uses a sign-in up; of several answers to it one gets it. */
export async function takeSignOn(db: ConnectionDb, hash: string, connectionId: string, now: Instant): Promise<SignOn | undefined> {
  const row = await db.updateTable('identity_sign_ons').set({ used_at: now }).where('hash', '=', hash).where('connection_id', '=', connectionId).where('used_at', 'is', null).where('expires_at', '>', now).returningAll().executeTakeFirst();
  return row === undefined ? undefined : signOnOf(row);
}

export async function peekSignOn(db: ConnectionDb, hash: string, connectionId: string, now: Instant): Promise<SignOn | undefined> {
  const row = await db.selectFrom('identity_sign_ons').selectAll().where('hash', '=', hash).where('connection_id', '=', connectionId).where('used_at', 'is', null).where('expires_at', '>', now).executeTakeFirst();
  return row === undefined ? undefined : signOnOf(row);
}

/** Keeps what a SAML answer said until the browser that began comes for it. False when another answer was first. */
export async function keepAnswer(db: ConnectionDb, hash: string, answer: string): Promise<boolean> {
  const row = await db.updateTable('identity_sign_ons').set({ answer }).where('hash', '=', hash).where('used_at', 'is', null).where('answer', 'is', null).returning('hash').executeTakeFirst();
  return row !== undefined;
}

/** False when this assertion was taken before. */
export async function takeAssertion(db: ConnectionDb, connectionId: string, hash: string, expiresAt: Instant): Promise<boolean> {
  const row = await db.insertInto('identity_assertions').values({ connection_id: connectionId, hash, expires_at: expiresAt }).onConflict((conflict) => conflict.columns(['connection_id', 'hash']).doNothing()).returning('hash').executeTakeFirst();
  return row !== undefined;
}

/** Whom a provider knows under this subject. */
export async function personOfSubject(db: ConnectionDb, connectionId: string, subject: string): Promise<string | undefined> {
  return (await db.selectFrom('identity_accounts').select('person_id').where('provider_id', '=', connectionId).where('account_id', '=', subject).executeTakeFirst())?.person_id;
}

export async function isLinked(db: ConnectionDb, connectionId: string, personId: string): Promise<boolean> {
  return (await db.selectFrom('identity_accounts').select('id').where('provider_id', '=', connectionId).where('person_id', '=', personId).limit(1).executeTakeFirst()) !== undefined;
}

export async function linkSubject(db: ConnectionDb, connectionId: string, subject: string, personId: string, at: Instant): Promise<void> {
  await db.insertInto('identity_accounts').values({ id: randomUUID(), provider_id: connectionId, account_id: subject, person_id: personId, password: null, created_at: at, updated_at: at }).execute();
}

export interface Membership {
  readonly id: string;
  readonly organisationId: string;
  readonly path: readonly string[];
  readonly role: Role;
  readonly grantedBy: string;
}

/** Roles of a person that count now. */
export async function currentMemberships(db: ConnectionDb, personId: string, now: Instant): Promise<readonly Membership[]> {
  const rows = await db
    .selectFrom('identity_memberships as m')
    .innerJoin('identity_organisations as o', 'o.id', 'm.organisation_id')
    .select(['m.id', 'm.organisation_id', 'o.path', 'm.role', 'm.granted_by'])
    .where('m.person_id', '=', personId)
    .where(stands('m', now))
    .execute();
  return rows.map((row) => ({ id: row.id, organisationId: row.organisation_id, path: row.path, role: row.role, grantedBy: row.granted_by }));
}

/** Roles that somebody other than this directory took back here: it must not give them again. What ran out by itself was not taken back. */
export async function takenBack(db: ConnectionDb, personId: string, organisationId: string, actor: string): Promise<ReadonlySet<Role>> {
  const rows = await db.selectFrom('identity_memberships').select(['role', 'ended_by']).distinctOn('role').where('person_id', '=', personId).where('organisation_id', '=', organisationId).where('until_at', 'is not', null).orderBy('role').orderBy('until_at', 'desc').execute();
  return new Set(rows.filter((row) => row.ended_by !== null && row.ended_by !== actor).map((row) => row.role));
}
