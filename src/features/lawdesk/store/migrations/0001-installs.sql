-- Whom this register believes, and every pack that was ever brought here: accepted or refused. Nothing is changed or removed but the day a key was revoked.

create table lawdesk_keys (
  -- SHA-256 (hex) of the 32 bytes of the public key: what two people compare by telephone.
  fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{64}$'),
  role text not null check (role in ('publisher', 'counsel', 'council')),
  name text not null,
  -- `ed25519:` and the public key in base64url.
  key text not null unique,
  added_at timestamptz not null,
  added_by text not null,
  revoked_at timestamptz,
  revoked_by text,
  revoked_reason text,
  check ((revoked_at is null) = (revoked_by is null))
);

create table lawdesk_key_acts (
  id bigint generated always as identity primary key,
  fingerprint text not null references lawdesk_keys (fingerprint),
  act text not null check (act in ('add', 'revoke')),
  at timestamptz not null,
  actor text not null,
  -- The name by which a person signs the act; the actor is the account.
  author text not null,
  reason text not null
);
create index lawdesk_key_acts_by_key on lawdesk_key_acts (fingerprint, id);

create table lawdesk_installs (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  author text not null,
  file_name text not null,
  -- SHA-256 of the upload as it came, so that a refused one can be told again.
  upload_sha256 text not null,
  upload_bytes bigint not null,
  outcome text not null check (outcome in ('installed', 'present', 'refused')),
  -- What was claimed, as far as it could be read; digest is set when the pack was kept.
  pack_id text,
  version text,
  digest text,
  -- pack.json byte for byte; null when there was none.
  manifest text,
  -- { "signers": […] } when accepted.
  signature jsonb,
  -- { "code": …, … } when refused.
  refusal jsonb,
  -- { "errors": n, "warnings": n, "cases": n, "passed": n, "problems": […] } when the pack was checked.
  check_result jsonb,
  check ((outcome = 'refused') = (refusal is not null))
);
create index lawdesk_installs_by_digest on lawdesk_installs (digest, id desc) where digest is not null;

-- Every version that ever shipped with the program here: an update brings new ones, and the old ones still need no signature.
create table lawdesk_built_in (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  since timestamptz not null
);
-- Before there was a law desk, nothing could come in any other way.
insert into lawdesk_built_in (digest, since) select digest, installed_at from lawbook_packs;
