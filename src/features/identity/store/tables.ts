/** The tables of identity as Kysely sees them. Nothing outside this feature may read or write them. */

import type { Language, LocalisedText } from '../../../base/index.ts';
import type { OrganisationKind, Role, SessionMethod } from '../model.ts';

export type IdentityTables = {
  identity_people: { id: string; name: string; email: string; email_verified: boolean; image: string | null; language: Language | null; created_at: string; updated_at: string; closed_at: string | null };
  identity_sessions: {
    id: string;
    token: string;
    person_id: string;
    expires_at: string;
    created_at: string;
    updated_at: string;
    ip_address: string | null;
    user_agent: string | null;
    method: SessionMethod;
    seen_at: string | null;
    step_up_at: string | null;
    confirmed_at: string | null;
  };
  identity_accounts: {
    id: string;
    account_id: string;
    provider_id: string;
    person_id: string;
    password: string | null;
    created_at: string;
    updated_at: string;
  };
  identity_verifications: { id: string; identifier: string; value: string; expires_at: string; created_at: string; updated_at: string };
  identity_two_factors: { person_id: string; secret: string; verified: boolean; last_step: number; recovery_codes: string[]; created_at: string; verified_at: string | null };
  identity_passkeys: { id: string; name: string | null; public_key: string; person_id: string; credential_id: string; counter: number; device_type: string; backed_up: boolean; transports: string | null; created_at: string | null; aaguid: string | null };
  identity_api_keys: { id: string; person_id: string; name: string; prefix: string; hash: string; permits: string[]; created_at: string; expires_at: string; last_used_at: string | null; revoked_at: string | null };
  identity_organisations: { id: string; parent_id: string | null; kind: OrganisationKind; names: LocalisedText; path: string[]; created_at: string; closed_at: string | null };
  identity_memberships: { id: string; person_id: string; organisation_id: string; role: Role; from_at: string; until_at: string | null; granted_by: string; ended_by: string | null };
  identity_invitations: {
    id: string;
    organisation_id: string;
    role: Role;
    email: string;
    token_hash: string;
    language: Language;
    invited_by: string;
    created_at: string;
    expires_at: string;
    accepted_at: string | null;
    accepted_by: string | null;
    withdrawn_at: string | null;
  };
  identity_tokens: { hash: string; purpose: TokenPurpose; person_id: string | null; detail: Record<string, string | boolean>; created_at: string; expires_at: string; used_at: string | null };
  identity_lockouts: { key: string; failures: number; last_at: string; waits_until: string | null };
};

export type TokenPurpose = 'setup' | 'recovery' | 'address' | 'second-step';
