-- Connections: how an organisation's own directory signs its people in (OpenID Connect, SAML) and keeps them (SCIM).
-- As all of identity: granted to nobody, reached as the owner only.

-- Was prepared for a library; connections keep their secrets sealed and belong to an organisation.
drop table identity_sso_providers;

create table identity_connections (
  id uuid primary key,
  organisation_id uuid not null references identity_organisations (id),
  kind text not null check (kind in ('oidc', 'saml')),
  name text not null check (length(name) between 1 and 200),
  -- What is needed to talk to the provider; its shape follows the kind. Holds no secret.
  settings jsonb not null,
  -- The client secret, AES-256-GCM under a key that is not in the database.
  secret text,
  -- Whether somebody unknown with an address of its domains is made a person at the first sign-in.
  makes_people boolean not null default false,
  -- The role of those for whom no other one is told; null gives none.
  default_role text,
  -- What the directory calls its groups or roles → roles here: { "entries": [{ "value": …, "role": … }] }
  role_map jsonb not null default '{"entries": []}',
  created_at timestamptz not null,
  created_by text not null,
  changed_at timestamptz not null,
  off_at timestamptz
);
create index identity_connections_by_organisation on identity_connections (organisation_id);

-- A domain of addresses belongs to one connection: nobody else's directory may speak for it.
create table identity_connection_domains (
  domain text primary key check (domain = lower(domain) and length(domain) <= 253),
  connection_id uuid not null references identity_connections (id) on delete cascade
);
create index identity_connection_domains_by_connection on identity_connection_domains (connection_id);

-- Sign-ins that were begun and are answered once, by the browser that began them.
create table identity_sign_ons (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  connection_id uuid not null references identity_connections (id) on delete cascade,
  -- Digest of the cookie of the browser.
  browser text not null check (browser ~ '^[0-9a-f]{64}$'),
  -- nonce and verifier of OpenID Connect, sealed; null for SAML.
  detail text,
  next text not null,
  -- The administrator who tries the connection out; nobody is signed in then.
  tried_by uuid references identity_people (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- What a SAML answer said, until the browser that began fetches it; sealed.
  answer text
);
create index identity_sign_ons_ending on identity_sign_ons (expires_at);

-- Assertions that were taken: each works once.
create table identity_assertions (
  connection_id uuid not null references identity_connections (id) on delete cascade,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  primary key (connection_id, hash)
);
create index identity_assertions_ending on identity_assertions (expires_at);

create table identity_scim_tokens (
  id uuid primary key,
  connection_id uuid not null references identity_connections (id) on delete cascade,
  prefix text not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index identity_scim_tokens_by_connection on identity_scim_tokens (connection_id, created_at desc);

-- People as the directory of an organisation keeps them.
create table identity_scim_users (
  person_id uuid not null references identity_people (id) on delete cascade,
  connection_id uuid not null references identity_connections (id) on delete cascade,
  user_name text not null,
  external_id text,
  -- Names as the directory told them: { formatted, givenName, familyName, displayName }
  names jsonb not null default '{}',
  active boolean not null,
  -- The account was closed by the directory and may be opened by it again; one that an administrator closed may not.
  closed_here boolean not null default false,
  -- Removed by the directory; kept so that its return finds the same person.
  deleted_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (connection_id, person_id)
);
create unique index identity_scim_users_by_name on identity_scim_users (connection_id, lower(user_name)) where deleted_at is null;
create index identity_scim_users_by_external on identity_scim_users (connection_id, external_id);

create table identity_scim_groups (
  id uuid primary key,
  connection_id uuid not null references identity_connections (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  external_id text,
  version integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index identity_scim_groups_by_name on identity_scim_groups (connection_id, lower(name));

create table identity_scim_members (
  group_id uuid not null references identity_scim_groups (id) on delete cascade,
  connection_id uuid not null,
  person_id uuid not null,
  primary key (group_id, person_id),
  foreign key (connection_id, person_id) references identity_scim_users (connection_id, person_id) on delete cascade
);
create index identity_scim_members_by_person on identity_scim_members (connection_id, person_id);
