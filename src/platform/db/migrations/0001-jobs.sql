-- What people see of a job: its progress, its checkpoint, its outcome. pg-boss (schema pgboss) decides who runs it and when.
create table platform_jobs (
  id uuid primary key,
  name text not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  input jsonb not null,
  checkpoint jsonb,
  done bigint not null default 0,
  total bigint,
  note text,
  result jsonb,
  error jsonb,
  attempts integer not null default 0,
  cancel_requested boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index platform_jobs_by_creation on platform_jobs (created_at desc, id desc);
create index platform_jobs_unfinished on platform_jobs (state) where state in ('waiting', 'running');
