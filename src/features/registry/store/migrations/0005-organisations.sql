-- Whose an entry is. A body that belongs to an organisation gives it its entries; a body without one (mostly from an inventory) is the regulator's care.

alter table registry_bodies add column organisation_id uuid;
alter table registry_systems add column organisation_id uuid;
create index registry_bodies_of_organisation on registry_bodies (organisation_id) where organisation_id is not null;
create index registry_systems_of_organisation on registry_systems (organisation_id, number desc) where organisation_id is not null;

-- An entry belongs to whom its body belongs, whoever wrote it and whatever they said.
create function registry_systems_belong() returns trigger language plpgsql security definer set search_path = public, pg_temp as $belong$
begin
  new.organisation_id := (select b.organisation_id from registry_bodies b where b.id = new.body_id);
  return new;
end
$belong$;
create trigger registry_systems_belong before insert on registry_systems
  for each row execute function registry_systems_belong();
create trigger registry_systems_still_belong before update of body_id, organisation_id on registry_systems
  for each row when (new.body_id is distinct from old.body_id or new.organisation_id is distinct from old.organisation_id) execute function registry_systems_belong();

-- And follows it.
create function registry_bodies_give() returns trigger language plpgsql security definer set search_path = public, pg_temp as $give$
begin
  update registry_systems s set organisation_id = new.organisation_id where s.body_id = new.id;
  return null;
end
$give$;
create trigger registry_bodies_give after update of organisation_id on registry_bodies
  for each row when (new.organisation_id is distinct from old.organisation_id) execute function registry_bodies_give();

select mizan_shield('registry_bodies', 'organisation_id = any ((select mizan_organisations())::uuid[])', null, 'exists (select 1 from registry_systems s where s.body_id = registry_bodies.id)');
select mizan_shield('registry_products', null, 'exists (select 1 from registry_systems s where s.product_id = registry_products.id)', 'exists (select 1 from registry_systems s where s.product_id = registry_products.id)');
select mizan_shield('registry_systems', 'organisation_id = any ((select mizan_organisations())::uuid[])', null, 'is_public');
select mizan_shield('registry_revisions', null, 'exists (select 1 from registry_systems s where s.id = system_id)', 'is_public and exists (select 1 from registry_systems s where s.id = system_id)');
select mizan_shield('registry_attachments', 'exists (select 1 from registry_systems s where s.id = system_id)', null, 'is_public and removed_at is null and exists (select 1 from registry_systems s where s.id = system_id)');
-- Nothing of the register is erased by an organisation, and what a revision says is never changed.
revoke delete on registry_bodies, registry_systems, registry_attachments from mizan_own;
revoke update on registry_bodies from mizan_own;

-- Words of entries that are not published stand apart: an answer to a misspelt word would tell that somebody's draft has it.
create table registry_unpublished_words (
  word text not null,
  -- Whose draft brought it; null is the regulator's care.
  organisation_id uuid
);
create index registry_unpublished_words_word on registry_unpublished_words (word text_pattern_ops);
create index registry_unpublished_words_likeness on registry_unpublished_words using gin (word gin_trgm_ops);
create index registry_unpublished_words_of_organisation on registry_unpublished_words (organisation_id, word) where organisation_id is not null;
with published as materialized (select distinct w.lexeme as word from registry_systems s, unnest(s.words) w where s.is_public),
  apart as (delete from registry_words w where not exists (select 1 from published p where p.word = w.word) returning w.word)
insert into registry_unpublished_words (word) select distinct word from apart;

select mizan_shield('registry_words', null, 'true', 'true');
grant insert on registry_words to mizan_own;
create policy told on registry_words for insert to mizan_own with check (true);
select mizan_shield('registry_unpublished_words', null, 'organisation_id = any ((select mizan_organisations())::uuid[])', null);
grant insert on registry_unpublished_words to mizan_own;
create policy told on registry_unpublished_words for insert to mizan_own with check (organisation_id = any ((select mizan_organisations())::uuid[]));
select mizan_shield('registry_counts', null, 'audience = ''public''', 'audience = ''public''');
-- An edit by an organisation counts like any other, and tells it nothing about the others.
grant insert on registry_counts to mizan_own;
create policy counted on registry_counts for insert to mizan_own with check (true);
grant usage on sequence registry_numbers to mizan_own, mizan_all;

-- A revision is written by the statement that writes its entry, which a policy would not see yet; registry_revisions_refer asks at its end.
grant insert on registry_revisions to mizan_own;
create policy written on registry_revisions for insert to mizan_own with check (true);
create or replace function registry_revisions_refer() returns trigger language plpgsql as $refer$
begin
  if exists (select 1 from added a where not exists (select 1 from registry_systems s where s.id = a.system_id)) then
    raise foreign_key_violation using message = 'a revision refers to a system that does not exist', table = 'registry_revisions';
  end if;
  if current_setting('role') = 'mizan_own' and exists (select 1 from added a join registry_systems s on s.id = a.system_id where coalesce(s.organisation_id <> all (mizan_organisations()), true)) then
    raise insufficient_privilege using message = 'a revision of an entry of another organisation', table = 'registry_revisions';
  end if;
  return null;
end
$refer$;

-- Merging the index of words is for its owner; `store/tidy.ts` asks for it as the system.
create function registry_merge_words() returns void language sql security definer set search_path = public, pg_temp as
  $$ select gin_clean_pending_list('registry_systems_words'); $$;
revoke execute on function registry_merge_words() from public;
grant execute on function registry_merge_words() to mizan_all;

-- References are checked by the owner: who may write an entry need not be able to lock the rows it refers to.
alter function registry_systems_refer() security definer set search_path = public, pg_temp;
alter function registry_system_refers() security definer set search_path = public, pg_temp;
alter function registry_revisions_refer() security definer set search_path = public, pg_temp;
alter function registry_systems_are_free() security definer set search_path = public, pg_temp;
alter function registry_bodies_are_free() security definer set search_path = public, pg_temp;
alter function registry_products_are_free() security definer set search_path = public, pg_temp;

-- The index of words cannot be used under a policy that looks at the row (its operator might tell about rows one may not see), so what a
-- search may find is asked here, in the same words as the policies of registry_systems, with the rights of the owner.
create or replace function registry_hits(query tsquery, lowest bigint, highest bigint, rows_max integer, public_only boolean, mark tsquery)
returns table (number bigint, status text, body_id uuid, sector text, phase text, source_profile text, headline text, marked boolean)
language plpgsql stable security definer
set search_path = public, pg_temp
set enable_seqscan = off
set max_parallel_workers_per_gather = 0
set jit = off
as $hits$
declare
  -- SET ROLE of the session; a function with the rights of its owner does not change it. `none` is the owner of the tables.
  who text := current_setting('role');
  sees_all boolean := who in ('mizan_all', 'mizan_all_read', 'none');
  sees_own boolean := who in ('mizan_own', 'mizan_own_read');
  organisations uuid[] := mizan_organisations();
begin
  return query
    select s.number, s.status, s.body_id, s.sector, s.phase, s.source_profile, s.headline, s.words @@ mark
    from registry_systems s
    -- The sums keep the index of numbers out of it.
    where s.words @@ query and s.number + 0 >= lowest and s.number + 0 < highest and (s.is_public or not public_only)
      and (sees_all or (sees_own and s.organisation_id = any (organisations)) or (who = 'mizan_public' and s.is_public))
    limit rows_max;
end
$hits$;
revoke execute on function registry_hits(tsquery, bigint, bigint, integer, boolean, tsquery) from public;
grant execute on function registry_hits(tsquery, bigint, bigint, integer, boolean, tsquery) to mizan_public, mizan_own_read, mizan_own, mizan_all_read, mizan_all;

-- The first and the last number that somebody may see of some sources and some bodies, each in the order of its own index: under a policy
-- the planner takes the index of published numbers for it and reads through all that lies between.
create function registry_bounds(sources text[], bodies uuid[]) returns table (first bigint, last bigint)
language plpgsql stable security definer
set search_path = public, pg_temp
set enable_seqscan = off
as $bounds$
declare
  who text := current_setting('role');
  sees_all boolean := who in ('mizan_all', 'mizan_all_read', 'none');
  sees_own boolean := who in ('mizan_own', 'mizan_own_read');
  organisations uuid[] := mizan_organisations();
begin
  return query
    select min(ends.low), max(ends.high) from (
      select a.low, z.high from unnest(sources) w (value),
        lateral (select (select s.number from registry_systems s where s.source_profile = w.value and (sees_all or (sees_own and s.organisation_id = any (organisations)) or (who = 'mizan_public' and s.is_public)) order by s.number limit 1) as low) a,
        lateral (select (select s.number from registry_systems s where s.source_profile = w.value and (sees_all or (sees_own and s.organisation_id = any (organisations)) or (who = 'mizan_public' and s.is_public)) order by s.number desc limit 1) as high) z
      union all
      select a.low, z.high from unnest(bodies) w (value),
        lateral (select (select s.number from registry_systems s where s.body_id = w.value and (sees_all or (sees_own and s.organisation_id = any (organisations)) or (who = 'mizan_public' and s.is_public)) order by s.number limit 1) as low) a,
        lateral (select (select s.number from registry_systems s where s.body_id = w.value and (sees_all or (sees_own and s.organisation_id = any (organisations)) or (who = 'mizan_public' and s.is_public)) order by s.number desc limit 1) as high) z
    ) ends;
end
$bounds$;
revoke execute on function registry_bounds(text[], uuid[]) from public;
grant execute on function registry_bounds(text[], uuid[]) to mizan_public, mizan_own_read, mizan_own, mizan_all_read, mizan_all;
