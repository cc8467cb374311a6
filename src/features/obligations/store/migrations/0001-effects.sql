-- What another law would do to the registered systems: one run a measurement, one row an affected system.
create table obligations_effect_runs (
  id uuid primary key,
  from_digest text not null,
  from_id text not null,
  from_version text not null,
  to_digest text not null,
  to_id text not null,
  to_version text not null,
  as_of date not null,
  known_on date not null,
  job_id text,
  actor text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- Counts by regime, duty and headline; null until the run is finished.
  summary jsonb,
  has_items boolean not null default true
);
create index obligations_effect_runs_by_time on obligations_effect_runs (started_at desc);

create table obligations_effects (
  run_id uuid not null references obligations_effect_runs (id),
  system_id uuid not null,
  name text not null,
  body_name text not null,
  weight integer not null,
  -- `regime:…`, `duty:…`, `shift:…`: what the list is filtered by.
  touches text[] not null,
  effect jsonb not null,
  primary key (run_id, system_id)
);
create index obligations_effects_by_weight on obligations_effects (run_id, weight desc, system_id);
