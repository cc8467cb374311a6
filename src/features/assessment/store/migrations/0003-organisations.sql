-- Whose a summary is stands in its row, so that an organisation's work list starts from its own rows and never walks over those of others.

alter table assessment_summaries add column organisation_id uuid;
update assessment_summaries a set organisation_id = s.organisation_id from registry_systems s where s.id = a.system_id and s.organisation_id is not null;
-- In the order of the list, over all states and in each; entries without an organisation cost nothing here.
create index assessment_summaries_of_organisation on assessment_summaries (organisation_id, stakes desc, system_id) where organisation_id is not null;
create index assessment_summaries_of_organisation_by_state on assessment_summaries (organisation_id, state, stakes desc, system_id) where organisation_id is not null;

-- A summary belongs to whom its entry belongs, whoever writes it and whatever they say.
create function assessment_summaries_belong() returns trigger language plpgsql security definer set search_path = public, pg_temp as $belong$
begin
  new.organisation_id := (select s.organisation_id from registry_systems s where s.id = new.system_id);
  return new;
end
$belong$;
create trigger assessment_summaries_belong before insert or update of system_id, organisation_id on assessment_summaries
  for each row execute function assessment_summaries_belong();

-- And follows it. No columns are named: an entry also changes hands when it is given another body.
create function assessment_summaries_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $follow$
begin
  update assessment_summaries a set organisation_id = new.organisation_id where a.system_id = new.id;
  return null;
end
$follow$;
create trigger assessment_summaries_follow after update on registry_systems
  for each row when (new.organisation_id is distinct from old.organisation_id) execute function assessment_summaries_follow();

alter policy own on assessment_summaries using (organisation_id = any ((select mizan_organisations())::uuid[])) with check (organisation_id = any ((select mizan_organisations())::uuid[]));
alter policy own_seen on assessment_summaries using (organisation_id = any ((select mizan_organisations())::uuid[]));

-- Everybody may read the result of a published entry, not who recorded it nor the answers it rests on.
revoke select on assessment_classifications from mizan_public;
grant select (id, system_id, number, pack_id, pack_version, pack_digest, as_of, known_on, decision, decision_sha256, headline, open_count, decided_at) on assessment_classifications to mizan_public;
