-- Motions: texts, annexes, supporters, amendments, what happened, standings of systems, settings.

create table motions_motions (
  id uuid primary key,
  -- Given at submission; rival options share it and differ in the option.
  number text check (number ~ '^[0-9]{4}-[0-9]{3,5}$'),
  option text not null default 'A' check (option ~ '^[A-H]$'),
  slot text,
  round integer not null default 1 check (round between 1 and 99),
  kind text not null,
  class text not null,
  state text not null,
  authentic text not null check (authentic in ('az', 'en', 'ru')),
  title jsonb not null,
  body jsonb not null,
  basis jsonb not null,
  parties jsonb not null,
  subject jsonb not null,
  -- Folded words of titles and parties for the search, and the text without capitals and blanks for the warning about the same text.
  words text not null,
  likeness text not null,
  mover_name text not null,
  moved_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- Whoever saves names the revision they saw.
  revision integer not null default 1,
  manifest text,
  digest text unique check (digest ~ '^[0-9a-f]{64}$'),
  amend_until timestamptz,
  opened_at timestamptz,
  closes_at timestamptz,
  in_force_at timestamptz,
  lapses_at timestamptz,
  effect text not null default 'none' check (effect in ('none', 'waiting', 'done', 'recorded', 'failed', 'reversed')),
  effect_why text,
  effect_at timestamptz,
  job_id uuid,
  told text not null default '',
  unique (number, option)
);
create index motions_latest on motions_motions (changed_at desc, id);
create index motions_by_slot on motions_motions (slot, round);
create index motions_by_likeness on motions_motions (likeness);
create index motions_by_system on motions_motions ((subject ->> 'system')) where subject ? 'system';

create table motions_annexes (
  motion_id uuid not null references motions_motions (id) on delete cascade,
  position integer not null check (position > 0),
  name text not null,
  source text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  content text,
  primary key (motion_id, position)
);
create index motions_annexes_by_digest on motions_annexes (sha256);

create table motions_supporters (
  motion_id uuid not null references motions_motions (id) on delete cascade,
  person text not null,
  name text not null,
  at timestamptz not null,
  primary key (motion_id, person)
);

create table motions_amendments (
  id uuid primary key,
  motion_id uuid not null references motions_motions (id) on delete cascade,
  number integer not null,
  act text not null check (act in ('replace', 'insert', 'delete')),
  paragraph integer not null check (paragraph >= 0),
  text jsonb not null,
  reason text not null,
  mover_name text not null,
  moved_by text not null,
  state text not null default 'proposed' check (state in ('proposed', 'adopted', 'rejected', 'withdrawn')),
  at timestamptz not null,
  decided_at timestamptz,
  unique (motion_id, number)
);

create table motions_amendment_supporters (
  amendment_id uuid not null references motions_amendments (id) on delete cascade,
  person text not null,
  at timestamptz not null,
  primary key (amendment_id, person)
);

create table motions_events (
  motion_id uuid not null references motions_motions (id) on delete cascade,
  number integer not null,
  at timestamptz not null,
  act text not null,
  actor text not null,
  detail text,
  primary key (motion_id, number)
);

-- What decisions in force say of a system; the newest that has not ended counts.
create table motions_standings (
  system_id uuid not null,
  motion_id uuid not null references motions_motions (id),
  standing text not null check (standing in ('authorised', 'suspended', 'prohibited')),
  since timestamptz not null,
  until timestamptz,
  ended_at timestamptz,
  primary key (system_id, motion_id)
);

create table motions_settings (
  only_row boolean primary key default true check (only_row),
  value jsonb not null
);

-- A draft is seen by those who work on it; what is submitted is public, and who supported it is counted, not named.
select mizan_shield('motions_motions', null, 'state <> ''draft''', 'state <> ''draft''');
select mizan_shield('motions_annexes', null, 'exists (select 1 from motions_motions m where m.id = motion_id)', 'exists (select 1 from motions_motions m where m.id = motion_id)');
select mizan_shield('motions_supporters', null, 'exists (select 1 from motions_motions m where m.id = motion_id)', 'exists (select 1 from motions_motions m where m.id = motion_id)');
select mizan_shield('motions_amendments', null, 'exists (select 1 from motions_motions m where m.id = motion_id)', 'exists (select 1 from motions_motions m where m.id = motion_id)');
select mizan_shield('motions_amendment_supporters', null, 'exists (select 1 from motions_amendments a where a.id = amendment_id)', 'exists (select 1 from motions_amendments a where a.id = amendment_id)');
select mizan_shield('motions_events', null, 'exists (select 1 from motions_motions m where m.id = motion_id)', 'exists (select 1 from motions_motions m where m.id = motion_id)');
select mizan_shield('motions_standings', null, 'true', 'true');
select mizan_shield('motions_settings', null, 'true', 'true');
revoke select on motions_motions, motions_supporters, motions_amendments, motions_amendment_supporters, motions_events from mizan_public;
grant select (id, number, option, slot, round, kind, class, state, authentic, title, body, basis, parties, subject, words, likeness, created_at, changed_at, revision, manifest, digest, amend_until, opened_at, closes_at, in_force_at, lapses_at, effect, effect_why, effect_at) on motions_motions to mizan_public;
grant select (motion_id, at) on motions_supporters to mizan_public;
grant select (id, motion_id, number, act, paragraph, text, reason, state, at, decided_at) on motions_amendments to mizan_public;
grant select (amendment_id, at) on motions_amendment_supporters to mizan_public;
grant select (motion_id, number, at, act, detail) on motions_events to mizan_public;
