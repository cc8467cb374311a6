-- Who did what, when, from where, and how it ended. A row is written before the act and completed once; nothing else ever changes it.

create table platform_audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- public, person:…, key:…, operator, system
  actor text not null,
  person_id uuid,
  -- Where the person holds a role, so that an owner sees what their people did.
  organisations uuid[] not null default '{}',
  policy text not null,
  method text not null,
  -- The route with its placeholders; what it was about stands in `targets`.
  route text not null,
  targets jsonb not null default '{}',
  address text not null,
  request_id uuid not null,
  ended_at timestamptz,
  status integer,
  -- Code of the problem that was answered; null when it succeeded.
  code text
);
create index platform_audit_by_actor on platform_audit (actor, id desc);
create index platform_audit_by_policy on platform_audit (policy, id desc);
create index platform_audit_by_organisation on platform_audit using gin (organisations);
create index platform_audit_failed on platform_audit (id desc) where code is not null;

create function platform_audit_stands() returns trigger language plpgsql as $stands$
begin
  if tg_op = 'UPDATE' and old.ended_at is null and new.ended_at is not null and new.id = old.id and new.at = old.at and new.policy = old.policy
    and new.method = old.method and new.route = old.route and new.address = old.address and new.request_id = old.request_id then
    return new;
  end if;
  raise exception 'the audit record is never changed' using errcode = 'integrity_constraint_violation';
end
$stands$;
create trigger platform_audit_stands before update or delete on platform_audit for each row execute function platform_audit_stands();
create trigger platform_audit_stays before truncate on platform_audit execute function platform_audit_stands();

alter table platform_audit enable row level security;
grant select on platform_audit to mizan_all, mizan_all_read, mizan_own, mizan_own_read;
create policy regulator on platform_audit for select to mizan_all, mizan_all_read using (true);
create policy own on platform_audit for select to mizan_own, mizan_own_read using (organisations && (select mizan_organisations())::uuid[]);
