-- Which pack is law here, since when, by whose act and why. Rows are never changed or removed; the newest of a place counts.
create table lawbook_adoptions (
  id bigint generated always as identity primary key,
  -- `main`: the law that classifies. `beside`: rules that stand for themselves next to it, one pack each.
  place text not null check (place in ('main', 'beside')),
  pack_id text not null,
  digest text not null references lawbook_packs (digest),
  -- `withdraw` takes a pack that stands beside out of force; the main law is only ever replaced.
  act text not null check (act in ('adopt', 'withdraw')),
  previous_digest text,
  author text not null,
  reason text not null,
  -- What the author saw before adopting: the summary of the effects on registered systems. Null at installation.
  effects jsonb,
  adopted_at timestamptz not null
);
create index lawbook_adoptions_by_place on lawbook_adoptions (place, pack_id, id desc);
-- An overlay is read together with the versions of the packs it extends: [{ "id": "…", "digest": "…" }].
alter table lawbook_packs add column bases jsonb not null default '[]';
