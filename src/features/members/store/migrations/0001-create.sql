-- The register of members: who holds which place of the council for which days. Keys stand in the roll, which only a decision changes.

create table members_terms (
  id uuid primary key,
  -- `seat07` or `alt-state-1`.
  place text not null check (place ~ '^(seat[0-9]{2}|alt-[a-z][a-z0-9-]{0,39}-[0-9]{1,2})$'),
  name text not null check (length(name) between 1 and 120),
  from_on date not null,
  until_on date not null check (until_on >= from_on),
  ended_on date check (ended_on between from_on and until_on),
  sworn_on date,
  nominated_by text not null default '',
  contact text not null default '',
  ended_why text not null default '',
  -- Whoever changes it names the revision they saw.
  revision integer not null default 1,
  changed_at timestamptz not null,
  check ((ended_on is null) = (ended_why = ''))
);
create unique index members_terms_of on members_terms (place, from_on);

-- One row that every new term takes in its turn: whether two terms overlap is asked and written by one hand at a time.
create table members_turn (
  sole boolean primary key default true check (sole),
  number bigint not null
);

-- Everybody sees who holds a place and until when; how to reach them and why they left is for those who keep the register.
select mizan_shield('members_terms', null, 'true', 'true');
select mizan_shield('members_turn', null, null, null);
revoke select on members_terms from mizan_public;
grant select (id, place, name, from_on, until_on, ended_on, sworn_on, revision) on members_terms to mizan_public;
