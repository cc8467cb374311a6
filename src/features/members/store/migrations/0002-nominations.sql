-- Nominations: who is proposed for which place by whom, how long everybody is heard, and what became of it.

create table members_nominations (
  id uuid primary key,
  number integer not null unique check (number > 0),
  place text not null check (place ~ '^(seat[0-9]{2}|alt-[a-z][a-z0-9-]{0,39}-[0-9]{1,2})$'),
  name text not null check (length(name) between 1 and 120),
  bodies jsonb not null,
  statement text not null,
  domains jsonb not null,
  consult_until date not null,
  -- `moved`: a motion to change the roll carries it on.
  state text not null check (state in ('consulting', 'accepted', 'declined', 'withdrawn', 'moved')),
  reason text not null default '',
  -- The file of keys that the person handed in, as it was checked.
  keys text check (length(keys) <= 32768),
  motion_id uuid,
  revision integer not null default 1,
  changed_at timestamptz not null,
  check ((state = 'moved') = (motion_id is not null))
);
create unique index members_nominations_accepted on members_nominations (place) where state = 'accepted';

-- Who was declined or stepped back is not held up to everybody.
select mizan_shield('members_nominations', null, 'state in (''consulting'', ''accepted'', ''moved'')', 'state in (''consulting'', ''accepted'', ''moved'')');
revoke select on members_nominations from mizan_public;
grant select (id, number, place, name, bodies, statement, domains, consult_until, state, motion_id, revision) on members_nominations to mizan_public;
