-- What administrators did to people and organisations and why, in words for those who come after; and when somebody last signed in.
-- The audit record tells every request; this tells reasons.

create table identity_acts (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- As stored with every act: person:…, key:…, operator, system.
  actor text not null,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*$'),
  organisation_id uuid references identity_organisations (id),
  person_id uuid references identity_people (id) on delete cascade,
  -- What the kind needs to be told: a role, the names before, the organisation before.
  detail jsonb not null default '{}',
  reason text check (length(reason) between 1 and 1000)
);
create index identity_acts_by_organisation on identity_acts (organisation_id, id desc) where organisation_id is not null;
create index identity_acts_by_person on identity_acts (person_id, id desc) where person_id is not null;

create function identity_acts_stand() returns trigger language plpgsql as $stand$
begin
  raise exception 'what was done is never changed' using errcode = 'integrity_constraint_violation';
end
$stand$;
create trigger identity_acts_stand before update on identity_acts for each row execute function identity_acts_stand();

-- Sessions end and are forgotten; that somebody was here stays. Every way of signing in makes a session.
alter table identity_people add column signed_in_at timestamptz;
update identity_people p set signed_in_at = (select max(s.created_at) from identity_sessions s where s.person_id = p.id);
create function identity_people_seen() returns trigger language plpgsql as $seen$
begin
  update identity_people set signed_in_at = new.created_at where id = new.person_id and (signed_in_at is null or signed_in_at < new.created_at);
  return null;
end
$seen$;
create trigger identity_people_seen after insert on identity_sessions for each row execute function identity_people_seen();
