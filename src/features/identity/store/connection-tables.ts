/** The tables of connections as Kysely sees them. */

import type { Kysely } from 'kysely';
import type { Role } from '../model.ts';
import type { ConnectionKind, OidcSettings, RoleEntry, SamlSettings } from '../rules/connection.ts';
import type { IdentityTables } from './tables.ts';

export type ConnectionTables = IdentityTables & {
  identity_connections: {
    id: string;
    organisation_id: string;
    kind: ConnectionKind;
    name: string;
    settings: OidcSettings | SamlSettings;
    secret: string | null;
    makes_people: boolean;
    default_role: Role | null;
    role_map: { readonly entries: readonly RoleEntry[] };
    created_at: string;
    created_by: string;
    changed_at: string;
    off_at: string | null;
  };
  identity_connection_domains: { domain: string; connection_id: string };
  identity_sign_ons: { hash: string; connection_id: string; browser: string; detail: string | null; next: string; tried_by: string | null; created_at: string; expires_at: string; used_at: string | null; answer: string | null };
  identity_assertions: { connection_id: string; hash: string; expires_at: string };
  identity_scim_tokens: { id: string; connection_id: string; prefix: string; hash: string; created_at: string; created_by: string; expires_at: string; last_used_at: string | null; revoked_at: string | null };
  identity_scim_users: { person_id: string; connection_id: string; user_name: string; external_id: string | null; names: ScimNames; active: boolean; closed_here: boolean; deleted_at: string | null; version: number; created_at: string; changed_at: string };
  identity_scim_groups: { id: string; connection_id: string; name: string; external_id: string | null; version: number; created_at: string; changed_at: string };
  identity_scim_members: { group_id: string; connection_id: string; person_id: string };
};

/** Names of a person as a directory tells them. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits Kysely's index signature
export type ScimNames = { readonly formatted?: string; readonly givenName?: string; readonly familyName?: string; readonly displayName?: string };

export type ConnectionDb = Kysely<ConnectionTables>;
