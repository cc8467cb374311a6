-- Declared interests of members. They are public: whoever reads a motion sees whose interests its parties meet.

create table members_interests (
  id uuid primary key,
  term_id uuid not null references members_terms (id) on delete cascade,
  organisation text not null check (length(organisation) between 1 and 120),
  -- The organisation as parties of motions are written.
  party text not null check (length(party) between 1 and 80),
  kind text not null check (kind in ('employment', 'office', 'ownership', 'contract', 'funding', 'family', 'other')),
  from_on date not null,
  until_on date check (until_on >= from_on),
  revision integer not null default 1,
  changed_at timestamptz not null
);
create index members_interests_of on members_interests (term_id);

select mizan_shield('members_interests', null, 'true', 'true');
