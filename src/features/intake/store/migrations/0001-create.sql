-- Imports: the file and what was found in it, its rows while they are compared, and the ledger of what each source brought.

create table intake_imports (
  id uuid primary key,
  profile text not null,
  -- The profile as it was at that moment, so that the import can be repeated exactly.
  profile_rules jsonb not null,
  profile_digest text not null,
  file_name text not null,
  file_sha256 text not null,
  file_bytes bigint not null,
  -- all: every row or none. good: rows without errors. preview: nothing until a person decides.
  mode text not null check (mode in ('preview', 'all', 'good')),
  sample boolean not null default false,
  options jsonb not null,
  state text not null check (state in ('waiting', 'checking', 'checked', 'applying', 'applied', 'refused', 'cancelled', 'failed')),
  facts jsonb,
  findings jsonb,
  counts jsonb,
  drift jsonb,
  result jsonb,
  refusal jsonb,
  job_id uuid,
  actor text not null,
  created_at timestamptz not null,
  checked_at timestamptz,
  applied_at timestamptz
);
create index intake_imports_latest on intake_imports (created_at desc, id desc);

-- The rows of an import between check and apply; cleared when it is applied or thrown away. Unlogged: a crash empties it, apply
-- notices that by its number of rows, and the check is done again. Pages keep room, so that the comparison updates rows in place.
create unlogged table intake_rows (
  import_id uuid not null references intake_imports (id) on delete cascade,
  number integer not null,
  line integer not null,
  identity text not null,
  digest text not null,
  -- Digest over the columns that the file shares with the last one of its source; null when none is missing and digest does.
  compare text,
  -- Says something in a column that the source did not have before.
  fresh boolean not null default false,
  kinds text,
  bad boolean not null default false,
  name text not null,
  organisation text not null,
  product boolean not null default false,
  key text,
  change text check (change in ('added', 'changed', 'unchanged')),
  primary key (import_id, number)
) with (fillfactor = 60);
create index intake_rows_identity on intake_rows (import_id, identity);

create table intake_problems (
  import_id uuid not null references intake_imports (id) on delete cascade,
  number integer not null,
  code text not null,
  severity text not null check (severity in ('error', 'warning', 'note')),
  row_number integer,
  line integer,
  column_name text,
  found text,
  primary key (import_id, number)
);

-- What each source brought last: which key a row got, and the digest of its cells.
create table intake_ledger (
  profile text not null,
  key text not null,
  identity text not null,
  digest text not null,
  -- Only while a file that lacks columns is compared; see compare in intake_rows.
  compare text,
  row_number integer not null,
  kinds text,
  present boolean not null default true,
  import_id uuid not null,
  primary key (profile, key)
);
create index intake_ledger_identity on intake_ledger (profile, identity);

create table intake_sources (
  profile text primary key,
  -- Every column that the stored records of the source may hold, in order.
  header jsonb not null,
  profile_digest text not null,
  import_id uuid not null
);

-- Profiles made on the mapper page. Those that are shipped lie in packs/mappings.
create table intake_profiles (
  id text primary key,
  text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
