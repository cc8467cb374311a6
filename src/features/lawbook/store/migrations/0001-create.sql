-- Every version of every law pack that was ever in force here, with its files, so that an old decision can be recomputed exactly.
create table lawbook_packs (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  id text not null,
  version text not null,
  status text not null,
  -- [{ "path": "pack.yaml", "text": "…" }, …] byte for byte, by name; pack.yaml says their order in the digest.
  files jsonb not null,
  installed_at timestamptz not null
);
create index lawbook_packs_by_id on lawbook_packs (id, installed_at desc);
