-- What people answered about a system, what was decided from it, and what the recognisers think it may be.

-- Every answer ever given, newest wins; a withdrawn answer is a row whose answer is null. Nothing is updated in place.
create table assessment_answers (
  system_id uuid not null,
  -- Counts the answers of a system; together with the system it orders them.
  step integer not null check (step > 0),
  pack_id text not null,
  fact text not null,
  answer jsonb,
  -- An undo appends the earlier answer; it takes back the last change that was not undone yet.
  undoes boolean not null default false,
  actor text not null,
  answered_at timestamptz not null,
  primary key (system_id, step)
);

create table assessment_classifications (
  id uuid primary key,
  system_id uuid not null,
  number integer not null check (number > 0),
  pack_id text not null,
  pack_version text not null,
  pack_digest text not null,
  as_of date not null,
  known_on date not null,
  facts jsonb not null,
  -- Canonical JSON (RFC 8785) of the whole decision, as text: jsonb would not keep its bytes.
  decision text not null,
  decision_sha256 text not null check (decision_sha256 ~ '^[0-9a-f]{64}$'),
  headline text not null,
  open_count integer not null,
  actor text not null,
  decided_at timestamptz not null,
  unique (system_id, number)
);
create index assessment_classifications_by_system on assessment_classifications (system_id, number desc);

-- One row a system: what orders the work list. Derived; can be rebuilt from the tables above and the register.
create table assessment_summaries (
  system_id uuid primary key,
  -- Revision of the record that the recognisers read.
  revision integer not null,
  recognisers text not null,
  candidates jsonb not null,
  stakes double precision not null,
  probable text[] not null,
  -- State of the work: untouched, started, decided.
  state text not null check (state in ('untouched', 'started', 'decided')),
  answered integer not null default 0,
  headline text,
  open_count integer,
  -- The answers as they stand and the result of every regime as one code letter each, so that a new pack version can
  -- re-decide all systems in one pass. Null while nothing is answered.
  facts jsonb,
  codes text,
  name text not null,
  body_name text not null,
  updated_at timestamptz not null
);
-- The work list is read in this order, page after page.
create index assessment_summaries_by_stakes on assessment_summaries (stakes desc, system_id);
create index assessment_summaries_by_state on assessment_summaries (state, stakes desc, system_id);
-- Every pass over all systems after a change of law: what it decided on and how much moved.
create table assessment_redecisions (
  id bigint generated always as identity primary key,
  pack_id text not null,
  pack_digest text not null,
  as_of date not null,
  known_on date not null,
  systems integer not null,
  changed integer not null,
  finished_at timestamptz not null
);
-- The pass reads the answered systems in the order of their ids.
create index assessment_summaries_answered on assessment_summaries (system_id) where facts is not null;
