-- The register: bodies, products, systems, their complete history, what the search reads, and counters for its facets.
-- Records live in registry_revisions only; registry_systems says which revision stands and holds what lists and filters need.

create extension if not exists pg_trgm;

create table registry_bodies (
  id uuid primary key,
  name text not null,
  -- Folded name: the same body with a trailing space or other capitals is the same body.
  key text not null unique,
  created_at timestamptz not null
);

-- A product that several bodies use. A system joins one when an import or a person says so, never by likeness of names alone.
create table registry_products (
  id uuid primary key,
  name text not null,
  provider text not null,
  key text not null unique,
  created_at timestamptz not null
);

create sequence registry_numbers;

create table registry_systems (
  id uuid primary key,
  number bigint not null unique,
  revision integer not null,
  status text not null check (status in ('draft', 'submitted', 'registered', 'withdrawn')),
  -- Registered or withdrawn, and not in the secure section (Art. 49(4)): what the public may see.
  is_public boolean not null,
  name text not null,
  body_id uuid not null references registry_bodies (id),
  product_id uuid references registry_products (id),
  -- Folded name and provider: likeness that a person may turn into a link.
  product_key text not null,
  sector text,
  phase text,
  source_profile text,
  source_key text,
  sample boolean not null default false,
  -- Digest of the record as it was last imported: tells a changed source from an entry edited here.
  source_sha256 text,
  headline text,
  stakes integer,
  open integer,
  sha256 text not null,
  -- Folded words, marked words of the name, filters and number blocks, as one set: see rules/search-words.ts.
  words tsvector not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  registered_at timestamptz,
  check ((source_profile is null) = (source_key is null))
);
create unique index registry_systems_source on registry_systems (source_profile, source_key) where source_key is not null;
create index registry_systems_public on registry_systems (number desc) where is_public;
create index registry_systems_product on registry_systems (product_id) where product_id is not null;
create index registry_systems_likeness on registry_systems (product_key);
create index registry_systems_stakes on registry_systems (stakes desc, number desc) where stakes is not null;
create index registry_systems_sample on registry_systems (number) where sample;
-- What it has not merged yet is read in full by every search: store/tidy.ts merges after each import and every few hundred edits.
create index registry_systems_words on registry_systems using gin (words);

-- Body and product are not foreign keys here: they cost a tenth of an import, rows of both are removed by store/samples.ts only, which asks.
create table registry_revisions (
  system_id uuid not null references registry_systems (id),
  revision integer not null,
  kind text not null,
  status text not null,
  is_public boolean not null,
  at timestamptz not null,
  actor text not null,
  reason text not null,
  body_id uuid not null,
  product_id uuid,
  record jsonb not null,
  sha256 text not null,
  primary key (system_id, revision)
);

-- Every word of the register, for words with other endings and for near misses. Duplicates are allowed: a unique index would
-- make an edit wait for the end of a long import that brought the same word.
create table registry_words (
  word text not null
);
create index registry_words_word on registry_words (word text_pattern_ops);
create index registry_words_likeness on registry_words using gin (word gin_trgm_ops);

-- Counters are sums of many rows, so that two writers never wait for each other; now and then the rows are added up.
create table registry_counts (
  audience text not null check (audience in ('public', 'workspace')),
  facet text not null,
  value text not null,
  n integer not null
);
create index registry_counts_key on registry_counts (audience, facet, value);

create table registry_attachments (
  id uuid primary key,
  system_id uuid not null references registry_systems (id),
  kind text not null,
  name text not null,
  media_type text not null,
  bytes bigint not null,
  file_id text not null,
  sha256 text not null,
  is_public boolean not null,
  added_at timestamptz not null,
  added_by text not null,
  removed_at timestamptz,
  removed_by text
);
create index registry_attachments_system on registry_attachments (system_id);
