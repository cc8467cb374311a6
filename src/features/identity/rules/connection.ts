/** What a connection to an organisation's own directory is, and what it may say about whom. */

import type { Instant } from '../../../base/index.ts';
import { REGULATOR_ROLES } from '../../../platform/auth/index.ts';
import type { OrganisationKind, Role } from '../model.ts';

export type ConnectionKind = 'oidc' | 'saml';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Beyond `openid`. */
  readonly scopes: readonly string[];
  /** Claims by name; a dot leads into an object (`realm_access.roles`), unless a claim has the whole text as its name. */
  readonly claims: { readonly email: string; readonly name: string; readonly roles: string };
  /** The provider keeps the addresses of its people itself: they count as verified although it does not say so. */
  readonly vouchesForEmail: boolean;
  /** Values of `acr` or `amr` that stand for more than a password. */
  readonly strong: readonly string[];
}

export interface SamlSettings {
  readonly entityId: string;
  /** Where sign-ins are sent (HTTP-Redirect). */
  readonly signInUrl: string;
  /** Certificates in base64 of DER; several while the provider changes its key. */
  readonly certificates: readonly string[];
  /** Attributes by name; an empty one is looked for under the usual names. */
  readonly claims: { readonly email: string; readonly name: string; readonly roles: string };
  /** Values of AuthnContextClassRef that stand for more than a password. */
  readonly strong: readonly string[];
}

export interface RoleEntry {
  /** As the directory names a group or role. */
  readonly value: string;
  readonly role: Role;
}

interface Common {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly domains: readonly string[];
  readonly makesPeople: boolean;
  readonly defaultRole: Role | undefined;
  readonly roleMap: readonly RoleEntry[];
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly offAt: Instant | undefined;
}
export type OidcConnection = Common & { readonly kind: 'oidc'; readonly settings: OidcSettings };
export type SamlConnection = Common & { readonly kind: 'saml'; readonly settings: SamlSettings };
export type Connection = OidcConnection | SamlConnection;

/** What a provider told of somebody who signed in, after everything about the telling was checked. */
export interface Told {
  /** By which the provider knows them for ever. */
  readonly subject: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
  readonly groups: readonly string[];
  /** More than a password was shown. */
  readonly isStrong: boolean;
  /** When they proved themselves, when the provider says so. */
  readonly provedAt: Instant | undefined;
}

export const CONNECTIONS_OF_ORGANISATION_MAX = 10;
export const DOMAINS_OF_CONNECTION_MAX = 50;
export const ROLE_ENTRIES_MAX = 100;
export const GROUPS_TOLD_MAX = 1000;
export const SUBJECT_CHARACTERS_MAX = 1000;

/** The actor stored with what a connection does. */
export const connectionActor = (id: string): string => `connection:${id}`;

/**
 * Roles that a directory may give in an organisation of this kind. Never the administrator: whoever keeps the directory of the regulator would
 * else be one, too, and could shut everybody else out.
 */
export function mayGive(role: Role, kind: OrganisationKind): boolean {
  return role !== 'administrator' && (kind === 'regulator' || !REGULATOR_ROLES.includes(role));
}

/** Roles of somebody with these groups: those that the map names, else the default one. */
export function rolesOf(groups: readonly string[], { roleMap, defaultRole }: Pick<Common, 'roleMap' | 'defaultRole'>, kind: OrganisationKind): readonly Role[] {
  const told = new Set(groups.map((group) => group.toLowerCase()));
  const roles = new Set(roleMap.filter(({ value }) => told.has(value.toLowerCase())).map(({ role }) => role));
  if (roles.size === 0 && defaultRole !== undefined) roles.add(defaultRole);
  return [...roles].filter((role) => mayGive(role, kind));
}

/** The domain of an address in lower case; undefined for what has none. */
export function domainOf(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  const domain = at < 1 ? '' : email.slice(at + 1).toLowerCase();
  return domain === '' || /\s/.test(email) ? undefined : domain;
}

/** Exactly a domain of the connection: what stands below it is another one. */
export function isOfDomains(email: string, domains: readonly string[]): boolean {
  const domain = domainOf(email);
  return domain !== undefined && domains.includes(domain);
}

/** A whole domain name of at least two labels, in ASCII. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(text);
}

/** What stands between a connection and a person who exists already. */
export type Distance = 'ours' | 'free' | 'elsewhere';

/**
 * `ours` when the connection may speak for the person: all their roles lie in its organisation or below it. The regulator's own directory may
 * speak for whoever holds a role in it, since the regulator reaches everywhere. `free` holds no role at all; `elsewhere` is somebody else's.
 */
export function distanceOf(memberships: readonly { readonly path: readonly string[] }[], organisation: { readonly id: string; readonly kind: OrganisationKind }): Distance {
  if (memberships.length === 0) return 'free';
  const inside = memberships.filter(({ path }) => path.includes(organisation.id)).length;
  if (inside === memberships.length || (organisation.kind === 'regulator' && inside > 0)) return 'ours';
  return 'elsewhere';
}

/** Claims and attributes hold one text, several, or something else; only texts count. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '').slice(0, GROUPS_TOLD_MAX) : [];
}

/** A claim by its whole name, else by the way into objects. */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (path === '') return undefined;
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

