-- Identity: people, how they prove who they are, organisations, and who holds which role where.
-- None of these tables is granted to anybody: only the connection that owns them reads and writes here.

create table identity_people (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  -- Lower case; one person has one address.
  email text not null unique check (email = lower(email) and length(email) <= 320),
  email_verified boolean not null default false,
  image text,
  -- Language of letters; pages follow the reader's own choice.
  language text check (language in ('az', 'en', 'ru')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A person who left signs in no more; what they did keeps their number.
  closed_at timestamptz
);
create index identity_people_by_name on identity_people (lower(name), id);

create table identity_sessions (
  id uuid primary key,
  token text not null unique,
  person_id uuid not null references identity_people (id) on delete cascade,
  -- Set once at sign-in and never moved: the longest life of a session.
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  -- password, password+code, password+passkey, passkey, sso.
  method text not null default 'sso',
  -- The last request, to the minute; an idle session ends.
  seen_at timestamptz,
  -- The last proof by a second factor in this session.
  step_up_at timestamptz
);
create index identity_sessions_by_person on identity_sessions (person_id, created_at desc);
create index identity_sessions_ending on identity_sessions (expires_at);

create table identity_accounts (
  id uuid primary key,
  account_id text not null,
  -- `credential` is the password; anything else is a provider of single sign-on.
  provider_id text not null,
  person_id uuid not null references identity_people (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- scrypt with salt, `salt:key` in hexadecimal.
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);
create index identity_accounts_by_person on identity_accounts (person_id);

-- Short-lived notes of the library: challenges of passkeys, states of single sign-on.
create table identity_verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index identity_verifications_by_identifier on identity_verifications (identifier, created_at desc);
create index identity_verifications_ending on identity_verifications (expires_at);

-- A generator of one-time codes of a person, with what replaces it when it is lost.
create table identity_two_factors (
  person_id uuid primary key references identity_people (id) on delete cascade,
  -- Encrypted with the secret of the installation.
  secret text not null,
  -- False until the first code was typed in.
  verified boolean not null default false,
  -- The time step of the last code that was taken: a code works once.
  last_step bigint not null default 0,
  -- Keyed digests of the codes that were not used yet.
  recovery_codes text[] not null default '{}',
  created_at timestamptz not null,
  verified_at timestamptz
);

create table identity_passkeys (
  id uuid primary key,
  name text,
  public_key text not null,
  person_id uuid not null references identity_people (id) on delete cascade,
  credential_id text not null unique,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  created_at timestamptz,
  aaguid text
);
create index identity_passkeys_by_person on identity_passkeys (person_id, created_at);

-- Keys of programs. The key itself is shown once and not kept.
create table identity_api_keys (
  id uuid primary key,
  person_id uuid not null references identity_people (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- The beginning of the key, by which its owner knows it again.
  prefix text not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  -- Names of policies; never more than the person has when the key is used.
  permits text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index identity_api_keys_by_person on identity_api_keys (person_id, created_at desc);

create table identity_sso_providers (
  id uuid primary key,
  issuer text not null,
  oidc_config text,
  saml_config text,
  person_id uuid references identity_people (id) on delete set null,
  provider_id text not null unique,
  organisation_id text,
  domain text not null
);

create table identity_organisations (
  id uuid primary key,
  parent_id uuid references identity_organisations (id),
  kind text not null check (kind in ('regulator', 'ministry', 'agency', 'department', 'company', 'other')),
  -- { az, en, ru }
  names jsonb not null,
  -- From the root to itself; written together with parent_id.
  path uuid[] not null check (path[cardinality(path)] = id),
  created_at timestamptz not null,
  closed_at timestamptz
);
create index identity_organisations_by_path on identity_organisations using gin (path);
create index identity_organisations_by_parent on identity_organisations (parent_id);

create table identity_memberships (
  id uuid primary key,
  person_id uuid not null references identity_people (id) on delete cascade,
  organisation_id uuid not null references identity_organisations (id),
  role text not null check (role in ('administrator', 'officer', 'counsel', 'inspector', 'owner', 'editor', 'viewer', 'analyst', 'council-member', 'secretariat', 'learner', 'auditor')),
  from_at timestamptz not null,
  until_at timestamptz,
  -- The actor who appointed, as stored with acts.
  granted_by text not null,
  ended_by text
);
create unique index identity_memberships_once on identity_memberships (person_id, organisation_id, role) where until_at is null;
create index identity_memberships_by_person on identity_memberships (person_id);
create index identity_memberships_by_organisation on identity_memberships (organisation_id);

create table identity_invitations (
  id uuid primary key,
  organisation_id uuid not null references identity_organisations (id),
  role text not null,
  email text not null check (email = lower(email)),
  token_hash text not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  language text not null check (language in ('az', 'en', 'ru')),
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references identity_people (id),
  withdrawn_at timestamptz
);
create index identity_invitations_by_organisation on identity_invitations (organisation_id, created_at desc);

-- Links and steps that work once: first set-up, recovery, a new address, the second step of a sign-in. Only digests are kept.
create table identity_tokens (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  purpose text not null check (purpose in ('setup', 'recovery', 'address', 'second-step')),
  person_id uuid references identity_people (id) on delete cascade,
  detail jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index identity_tokens_by_person on identity_tokens (person_id, purpose);
create index identity_tokens_ending on identity_tokens (expires_at);

-- Tries that failed, by keyed digest of account or address; each further one waits longer.
create table identity_lockouts (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  waits_until timestamptz
);
create index identity_lockouts_old on identity_lockouts (last_at);
