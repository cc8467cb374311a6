-- The secretariat: sittings, agenda, what was written and said, minutes, tasks, who wants which notices.

create table secretariat_sittings (
  id uuid primary key,
  -- Names the minutes in the log.
  number text not null unique check (number ~ '^[0-9]{4}/[0-9]{2,4}$'),
  kind text not null check (kind in ('sitting', 'written')),
  state text not null default 'draft' check (state in ('draft', 'convened', 'running', 'suspended', 'closed', 'cancelled')),
  title jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  papers_by timestamptz not null check (papers_by <= starts_at),
  place text not null,
  link text not null,
  -- Whoever saves names the revision they saw.
  revision integer not null default 1,
  changed_at timestamptz not null,
  internal_items integer not null default 0 check (internal_items >= 0)
);
create index secretariat_sittings_latest on secretariat_sittings (starts_at desc, id);

create table secretariat_items (
  id uuid primary key,
  sitting_id uuid not null references secretariat_sittings (id) on delete cascade,
  parent_id uuid references secretariat_items (id),
  position integer not null,
  kind text not null check (kind in ('motion', 'report', 'discussion', 'break', 'other')),
  state text not null check (state in ('proposed', 'agenda', 'demanded', 'dropped')),
  title jsonb not null,
  minutes integer not null check (minutes between 0 and 600),
  internal boolean not null,
  motion_id uuid,
  rapporteur text not null,
  opinion jsonb not null
);
create index secretariat_items_of on secretariat_items (sitting_id, position);
create index secretariat_items_by_motion on secretariat_items (motion_id) where motion_id is not null;

create table secretariat_item_supporters (
  item_id uuid not null references secretariat_items (id) on delete cascade,
  person text not null,
  name text not null,
  at timestamptz not null,
  primary key (item_id, person)
);

create table secretariat_statements (
  id uuid primary key,
  item_id uuid not null references secretariat_items (id) on delete cascade,
  kind text not null check (kind in ('question', 'consultation', 'conflict', 'pro', 'contra', 'remark')),
  theme text not null,
  author text not null,
  person text not null,
  text text not null,
  at timestamptz not null,
  answer text not null default '',
  verdict text check (verdict in ('taken', 'partly', 'not-taken', 'noted')),
  answered_by text not null default '',
  answered_at timestamptz
);
create index secretariat_statements_of on secretariat_statements (item_id, at);

-- Acts of a sitting, numbered without gaps: two people who act at once get two numbers, or one is told that something changed.
create table secretariat_acts (
  sitting_id uuid not null references secretariat_sittings (id) on delete cascade,
  number integer not null check (number between 1 and 5000),
  at timestamptz not null,
  actor text not null,
  act jsonb not null,
  primary key (sitting_id, number)
);

create table secretariat_minutes (
  sitting_id uuid primary key references secretariat_sittings (id) on delete cascade,
  state text not null check (state in ('draft', 'review', 'signed')),
  paragraphs jsonb not null,
  revision integer not null default 1,
  changed_at timestamptz not null,
  note text,
  entry bigint,
  digests jsonb,
  signed_at timestamptz,
  check ((state = 'signed') = (note is not null and entry is not null and digests is not null and signed_at is not null))
);

create table secretariat_corrections (
  id uuid primary key,
  sitting_id uuid not null references secretariat_minutes (sitting_id) on delete cascade,
  paragraph_id text not null,
  text jsonb not null,
  reason text not null,
  author text not null,
  person text not null,
  state text not null default 'proposed' check (state in ('proposed', 'adopted', 'rejected')),
  at timestamptz not null
);
create index secretariat_corrections_of on secretariat_corrections (sitting_id, at);

create table secretariat_tasks (
  id uuid primary key,
  title jsonb not null,
  owner text not null,
  owner_id uuid,
  due_on date not null,
  state text not null default 'open' check (state in ('open', 'doing', 'done', 'dropped')),
  outcome text not null default '',
  sitting_id uuid references secretariat_sittings (id) on delete set null,
  motion_id uuid,
  revision integer not null default 1,
  changed_at timestamptz not null
);
create index secretariat_tasks_due on secretariat_tasks (due_on) where state in ('open', 'doing');

-- Kinds of notices a person has turned off.
create table secretariat_preferences (
  person uuid primary key,
  off jsonb not null
);

-- What has been told, so that nobody is told twice: also by another process, also after a restart.
create table secretariat_told (
  what text primary key,
  at timestamptz not null
);

-- The public sees sittings from their convening, what is not internal on their agenda, and signed minutes. What was said is in the minutes.
select mizan_shield('secretariat_sittings', null, 'state <> ''draft''', 'state <> ''draft''');
select mizan_shield('secretariat_items', null, 'not internal and state in (''agenda'', ''demanded'') and exists (select 1 from secretariat_sittings s where s.id = sitting_id)', 'not internal and state in (''agenda'', ''demanded'') and exists (select 1 from secretariat_sittings s where s.id = sitting_id)');
select mizan_shield('secretariat_item_supporters', null, null, null);
select mizan_shield('secretariat_statements', null, null, null);
select mizan_shield('secretariat_acts', null, null, null);
select mizan_shield('secretariat_minutes', null, 'state = ''signed''', 'state = ''signed''');
select mizan_shield('secretariat_corrections', null, null, null);
select mizan_shield('secretariat_tasks', null, null, null);
select mizan_shield('secretariat_preferences', null, null, null);
select mizan_shield('secretariat_told', null, null, null);
revoke select on secretariat_sittings from mizan_public;
-- The link of the meeting room is for members.
grant select (id, number, kind, state, title, starts_at, ends_at, papers_by, place, revision, changed_at, internal_items) on secretariat_sittings to mizan_public;
