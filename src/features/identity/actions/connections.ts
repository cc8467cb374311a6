/** Sets connections up: what an administrator types, checked field by field; their secrets and keys; and whether the provider answers. */

import { randomUUID } from 'node:crypto';
import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { type Caller, ROLES } from '../../../platform/auth/index.ts';
import type { Limits } from '../../../platform/limits/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { DAY_MS, MINUTE_MS, type Organisation, type Role } from '../model.ts';
import { type Connection, type ConnectionKind, CONNECTIONS_OF_ORGANISATION_MAX, domainOf, DOMAINS_OF_CONNECTION_MAX, isDomain, mayGive, type OidcConnection, type OidcSettings, ROLE_ENTRIES_MAX, type RoleEntry, type SamlSettings } from '../rules/connection.ts';
import { readCertificate, readCertificates, readProviderMetadata } from '../rules/saml-metadata.ts';
import { createSeal } from '../rules/seal.ts';
import { newToken, sha256 } from '../rules/tokens.ts';
import type { ConnectionTables } from '../store/connection-tables.ts';
import { connectionOfDomain, countConnections, getConnection, isAnyOn, listConnections, switchConnection, writeConnection } from '../store/connections.ts';
import { getOrganisation } from '../store/organisations.ts';
import { addScimToken, findScimToken, listScimTokens, revokeScimToken, type ScimToken, touchScimToken } from '../store/scim.ts';
import { asIdentity } from './directory.ts';
import type { Parts } from './parts.ts';
import { createProviders, type ProviderDocument, type ProviderRefusal } from './providers.ts';
import { createScim, type Directory, type Scim } from './scim.ts';
import { createSso, type Sso } from './sso.ts';

export type FieldProblem = 'required' | 'issuer' | 'address' | 'domain' | 'domain-taken' | 'role-line' | 'role-not-here' | 'metadata' | 'certificates' | 'too-many' | 'too-long';
export interface FieldError {
  readonly field: string;
  readonly problem: FieldProblem;
  /** What was typed, or how many there may be. */
  readonly about?: string;
}
export type SaveRefusal = { readonly code: 'fields'; readonly errors: readonly FieldError[] } | { readonly code: 'no-organisation' } | { readonly code: 'no-connection' } | { readonly code: 'too-many'; readonly max: number };

/** Names of form fields to what was typed. */
export type Typed = Readonly<Record<string, string | undefined>>;

export type CheckReport =
  | { readonly kind: 'oidc'; readonly outcome: Verdict<{ readonly document: ProviderDocument; readonly keys: number }, ProviderRefusal> }
  | { readonly kind: 'saml'; readonly certificates: readonly { readonly subject: string; readonly endsAt: Instant; readonly fingerprint: string; readonly isOver: boolean }[] };

export interface Connections {
  readonly sso: Sso;
  readonly scim: Scim;
  /** Whether the page of sign-in offers it. */
  isOffered(): Promise<boolean>;
  ofEmail(email: string): Promise<{ readonly connection: Connection; readonly organisation: Organisation } | undefined>;
  list(organisationId: string): Promise<readonly Connection[]>;
  get(organisationId: string, id: string): Promise<Connection | undefined>;
  find(id: string): Promise<Connection | undefined>;
  /** The id. A secret that was left empty stays as it is. */
  save(given: { readonly organisationId: string; readonly id: string | undefined; readonly kind: ConnectionKind; readonly typed: Typed; readonly caller: Caller }): Promise<Verdict<string, SaveRefusal>>;
  switch(organisationId: string, id: string, on: boolean): Promise<boolean>;
  check(connection: Connection): Promise<CheckReport>;
  /** Shown once. `days` from 1 to 366. */
  createToken(given: { readonly organisationId: string; readonly connectionId: string; readonly days: number; readonly caller: Caller }): Promise<Verdict<string, { readonly code: 'no-connection' | 'key-lifetime' } | { readonly code: 'too-many'; readonly max: number }>>;
  listTokens(connectionId: string): Promise<readonly ScimToken[]>;
  revokeToken(organisationId: string, connectionId: string, id: string): Promise<boolean>;
  /** Who shows this key; undefined for nobody. */
  directoryOf(token: string): Promise<(Directory & { readonly tokenId: string }) | undefined>;
  readonly limits: Limits;
}

export interface ConnectionsParts {
  /** Of the identity that was opened. */
  readonly parts: Parts;
  readonly secret: (name: string) => string;
  readonly outbound: Outbound;
  readonly limits: Limits;
  readonly log: Pick<Log, 'warn'>;
}

/** Seals what connections keep; without it their client secrets have to be typed anew. */
const CONNECTIONS_SECRET = 'identity-connections';
export const SCIM_TOKEN = /^mzs_[A-Za-z0-9_-]{43}$/;
const SCIM_PREFIX_CHARACTERS = 11;
/** Two are enough to change keys without a gap. */
export const LIVE_TOKENS_MAX = 3;
const TOKENS_SHOWN_MAX = 50;
export const TOKEN_DAYS_MAX = 366;
const LINE_MAX = 500;
const LINES_MAX = 200;

export function openConnections({ parts, secret, outbound, limits, log }: ConnectionsParts): Connections {
  const db = parts.db.withTables<Omit<ConnectionTables, keyof import('../store/tables.ts').IdentityTables>>();
  const seal = createSeal(secret(CONNECTIONS_SECRET));
  const { clock } = parts;
  const providers = createProviders({ outbound, clock });
  const sso = createSso({ parts, db, seal, providers, log });

  const own = async (organisationId: string, id: string): Promise<Connection | undefined> => {
    const connection = await getConnection(db, id);
    return connection?.organisationId === organisationId ? connection : undefined;
  };

  return {
    sso,
    scim: createScim({ parts, db }),
    limits,
    isOffered: async () => isAnyOn(db),
    ofEmail: async (email) => {
      const domain = domainOf(email.trim());
      const connection = domain === undefined ? undefined : await connectionOfDomain(db, domain);
      const organisation = connection === undefined ? undefined : await getOrganisation(parts.db, connection.organisationId);
      return connection === undefined || organisation === undefined || organisation.closedAt !== undefined ? undefined : { connection, organisation };
    },
    list: async (organisationId) => listConnections(db, organisationId),
    get: own,
    find: async (id) => getConnection(db, id),
    save: async ({ organisationId, id, kind, typed, caller }) => {
      const organisation = await getOrganisation(parts.db, organisationId);
      if (organisation === undefined || organisation.closedAt !== undefined) return no({ code: 'no-organisation' });
      const before = id === undefined ? undefined : await own(organisationId, id);
      if (id !== undefined && before?.kind !== kind) return no({ code: 'no-connection' });
      if (id === undefined && (await countConnections(db, organisationId)) >= CONNECTIONS_OF_ORGANISATION_MAX) return no({ code: 'too-many', max: CONNECTIONS_OF_ORGANISATION_MAX });
      const read = readTyped(kind, typed, organisation, before === undefined);
      if (!read.ok) return no({ code: 'fields', errors: read.refusal });
      const { clientSecret, ...given } = read.value;
      const number = id ?? randomUUID();
      const taken = await db
        .transaction()
        .execute(async (tx) => {
          const domain = await writeConnection(tx, number, { ...given, secret: clientSecret === undefined ? undefined : seal.close(clientSecret, number) }, clock.now(), before === undefined ? { organisationId, kind, by: caller.actor } : undefined);
          if (domain !== undefined) throw new DomainTaken(domain);
        })
        .catch((error: unknown) => {
          if (error instanceof DomainTaken) return error.domain;
          throw error;
        });
      return typeof taken === 'string' ? no({ code: 'fields', errors: [{ field: 'domains', problem: 'domain-taken', about: taken }] }) : yes(number);
    },
    switch: async (organisationId, id, on) => {
      if ((await own(organisationId, id)) === undefined) return false;
      await switchConnection(db, id, on ? null : clock.now());
      return true;
    },
    check: async (connection) => {
      if (connection.kind === 'saml') {
        const now = clock.now();
        return { kind: 'saml', certificates: connection.settings.certificates.flatMap((one) => readCertificate(one) ?? []).map(({ subject, endsAt, fingerprint }) => ({ subject, endsAt, fingerprint, isOver: endsAt <= now })) };
      }
      return { kind: 'oidc', outcome: await checkOidc(connection) };
    },
    createToken: async ({ organisationId, connectionId, days, caller }) => {
      if ((await own(organisationId, connectionId)) === undefined) return no({ code: 'no-connection' });
      if (!Number.isInteger(days) || days < 1 || days > TOKEN_DAYS_MAX) return no({ code: 'key-lifetime' });
      const at = clock.now();
      const live = (await listScimTokens(db, connectionId, TOKENS_SHOWN_MAX)).filter((one) => one.revokedAt === undefined && one.expiresAt > at);
      if (live.length >= LIVE_TOKENS_MAX) return no({ code: 'too-many', max: LIVE_TOKENS_MAX });
      const token = `mzs_${newToken()}`;
      await addScimToken(db, { connectionId, prefix: token.slice(0, SCIM_PREFIX_CHARACTERS), hash: sha256(token), by: caller.actor, at, expiresAt: new Date(Date.parse(at) + days * DAY_MS).toISOString() as Instant });
      return yes(token);
    },
    listTokens: async (connectionId) => listScimTokens(db, connectionId, TOKENS_SHOWN_MAX),
    revokeToken: async (organisationId, connectionId, id) => (await own(organisationId, connectionId)) !== undefined && revokeScimToken(db, connectionId, id, clock.now()),
    directoryOf: async (token) => {
      if (!SCIM_TOKEN.test(token)) return undefined;
      const now = clock.now();
      const found = await findScimToken(db, sha256(token), now);
      const connection = found === undefined ? undefined : await getConnection(db, found.connectionId);
      const organisation = connection === undefined ? undefined : await getOrganisation(asIdentity(db), connection.organisationId);
      if (found === undefined || connection === undefined || organisation === undefined) return undefined;
      if (found.lastUsedAt === undefined || Date.parse(now) - Date.parse(found.lastUsedAt) >= MINUTE_MS) await touchScimToken(db, found.id, now);
      return { connection, organisation, tokenId: found.id };
    },
  };

  async function checkOidc(connection: OidcConnection): Promise<Verdict<{ readonly document: ProviderDocument; readonly keys: number }, ProviderRefusal>> {
    const document = await providers.discover(connection, true);
    if (!document.ok) return document;
    const keys = await providers.keys(document.value, true);
    return keys.ok ? yes({ document: document.value, keys: keys.value.keys.length }) : keys;
  }
}

class DomainTaken extends Error {
  readonly domain: string;
  constructor(domain: string) {
    super('domain taken');
    this.domain = domain;
  }
}

interface ReadConnection {
  readonly name: string;
  readonly settings: OidcSettings | SamlSettings;
  readonly domains: readonly string[];
  readonly makesPeople: boolean;
  readonly defaultRole: Role | undefined;
  readonly roleMap: readonly RoleEntry[];
  readonly clientSecret?: string;
}

/** From what was typed to a connection, or every field that is wrong. */
function readTyped(kind: ConnectionKind, typed: Typed, organisation: Organisation, isNew: boolean): Verdict<ReadConnection, readonly FieldError[]> {
  const errors: FieldError[] = [];
  const line = (field: string): string => {
    const text = (typed[field] ?? '').trim();
    if (text.length > LINE_MAX) errors.push({ field, problem: 'too-long', about: String(LINE_MAX) });
    return text.slice(0, LINE_MAX);
  };
  const required = (field: string): string => {
    const text = line(field);
    if (text === '') errors.push({ field, problem: 'required' });
    return text;
  };
  const name = required('name').slice(0, 200);
  const domains = readDomains(typed['domains'], errors);
  const roleMap = readRoleMap(typed['roles'], organisation, errors);
  const defaultRole = ROLES.find((role) => role === typed['default-role']);
  if (defaultRole !== undefined && !mayGive(defaultRole, organisation.kind)) errors.push({ field: 'default-role', problem: 'role-not-here', about: defaultRole });
  const settings = kind === 'oidc' ? readOidc(typed, line, required, errors) : readSaml(typed, line, errors);
  const clientSecret = kind === 'oidc' ? (isNew ? required('client-secret') : line('client-secret')) : '';
  if (errors.length > 0) return no(errors);
  return yes({ name, settings, domains, makesPeople: typed['makes-people'] === 'yes', defaultRole, roleMap, ...(clientSecret === '' ? {} : { clientSecret }) });
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\n\r]+/).map((one) => one.trim()).filter((one) => one !== '').slice(0, LINES_MAX);
}

function readDomains(text: string | undefined, errors: FieldError[]): readonly string[] {
  const domains = [...new Set(linesOf(text?.replaceAll(/[\s,;]+/g, '\n')).map((one) => one.toLowerCase().replace(/^@/, '')))];
  const wrong = domains.find((one) => !isDomain(one));
  if (domains.length === 0) errors.push({ field: 'domains', problem: 'required' });
  else if (domains.length > DOMAINS_OF_CONNECTION_MAX) errors.push({ field: 'domains', problem: 'too-many', about: String(DOMAINS_OF_CONNECTION_MAX) });
  else if (wrong !== undefined) errors.push({ field: 'domains', problem: 'domain', about: wrong.slice(0, 100) });
  return domains;
}

/** Lines `group = role`; the last sign counts, since names of groups hold such signs, too. */
function readRoleMap(text: string | undefined, organisation: Organisation, errors: FieldError[]): readonly RoleEntry[] {
  const entries: RoleEntry[] = [];
  for (const row of linesOf(text)) {
    const at = row.lastIndexOf('=');
    const value = row.slice(0, Math.max(0, at)).trim();
    const role = ROLES.find((one) => one === row.slice(at + 1).trim());
    if (at < 1 || value === '' || role === undefined) errors.push({ field: 'roles', problem: 'role-line', about: row.slice(0, 100) });
    else if (!mayGive(role, organisation.kind)) errors.push({ field: 'roles', problem: 'role-not-here', about: role });
    else entries.push({ value, role });
  }
  if (entries.length > ROLE_ENTRIES_MAX) errors.push({ field: 'roles', problem: 'too-many', about: String(ROLE_ENTRIES_MAX) });
  return entries;
}

type Line = (field: string) => string;

function readOidc(typed: Typed, line: Line, required: Line, errors: FieldError[]): OidcSettings {
  const issuer = required('issuer');
  const url = URL.parse(issuer);
  // Without TLS only where the operator allows it in OUTBOUND_ALLOW; the address has no query, since the document lies below it.
  if (issuer !== '' && (url === null || !['https:', 'http:'].includes(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')) errors.push({ field: 'issuer', problem: 'issuer' });
  const scopes = line('scopes').split(/[\s,]+/).filter((one) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(one)).slice(0, 20);
  return {
    issuer,
    clientId: required('client-id'),
    scopes: scopes.length === 0 ? ['openid', 'email', 'profile'] : scopes,
    claims: { email: line('claim-email') || 'email', name: line('claim-name') || 'name', roles: line('claim-roles') },
    vouchesForEmail: typed['vouches'] === 'yes',
    strong: linesOf(typed['strong']).map((one) => one.slice(0, LINE_MAX)),
  };
}

function readSaml(typed: Typed, line: Line, errors: FieldError[]): SamlSettings {
  const pasted = (typed['metadata'] ?? '').trim();
  const claims = { email: line('claim-email'), name: line('claim-name'), roles: line('claim-roles') };
  const strong = linesOf(typed['strong']).map((one) => one.slice(0, LINE_MAX));
  if (pasted !== '') {
    const read = readProviderMetadata(pasted);
    if (read.ok && isWebAddress(read.value.signInUrl)) return { ...read.value, claims, strong };
    errors.push({ field: 'metadata', problem: 'metadata', about: read.ok ? 'no-address' : read.refusal });
    return { entityId: '', signInUrl: '', certificates: [], claims, strong };
  }
  const entityId = line('entity-id');
  const signInUrl = line('sign-in-url');
  const certificates = readCertificates(typed['certificates'] ?? '');
  if (entityId === '') errors.push({ field: 'entity-id', problem: 'required' });
  if (!isWebAddress(signInUrl)) errors.push({ field: 'sign-in-url', problem: 'address' });
  if (certificates === undefined) errors.push({ field: 'certificates', problem: 'certificates' });
  return { entityId, signInUrl, certificates: certificates ?? [], claims, strong };
}

/** Only the browser goes there; without TLS only on this machine. */
function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.username === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)));
}
