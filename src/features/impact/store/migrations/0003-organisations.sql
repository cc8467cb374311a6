-- Whose an assessment is, and whether its outcome is published, stand in its row: lists start from own rows, and no policy has to look twice.

alter table impact_assessments add column organisation_id uuid, add column is_published boolean not null default false;
update impact_assessments a set organisation_id = s.organisation_id from registry_systems s where s.id = a.system_id and s.organisation_id is not null;
update impact_assessments a set is_published = true from impact_seals p where p.assessment_id = a.id and p.published_at is not null;
create index impact_assessments_of_organisation on impact_assessments (organisation_id, changed_at desc, id) where organisation_id is not null;

-- An assessment belongs to whom its entry belongs, whoever writes it and whatever they say.
create function impact_assessments_belong() returns trigger language plpgsql security definer set search_path = public, pg_temp as $belong$
begin
  new.organisation_id := (select s.organisation_id from registry_systems s where s.id = new.system_id);
  return new;
end
$belong$;
create trigger impact_assessments_belong before insert or update of system_id, organisation_id on impact_assessments
  for each row execute function impact_assessments_belong();

-- And follows it. No columns are named: an entry also changes hands when it is given another body.
create function impact_assessments_follow() returns trigger language plpgsql security definer set search_path = public, pg_temp as $follow$
begin
  update impact_assessments a set organisation_id = new.organisation_id where a.system_id = new.id;
  return null;
end
$follow$;
create trigger impact_assessments_follow after update on registry_systems
  for each row when (new.organisation_id is distinct from old.organisation_id) execute function impact_assessments_follow();

create function impact_seals_publish() returns trigger language plpgsql security definer set search_path = public, pg_temp as $publish$
begin
  update impact_assessments a set is_published = (new.published_at is not null) where a.id = new.assessment_id;
  return null;
end
$publish$;
create trigger impact_seals_publish after insert or update of published_at on impact_seals
  for each row execute function impact_seals_publish();

alter policy own on impact_assessments using (organisation_id = any ((select mizan_organisations())::uuid[])) with check (organisation_id = any ((select mizan_organisations())::uuid[]));
alter policy own_seen on impact_assessments using (organisation_id = any ((select mizan_organisations())::uuid[]));
alter policy published on impact_assessments using (is_published and exists (select 1 from registry_systems s where s.id = system_id));
alter policy published on impact_seals using (published_at is not null and exists (select 1 from impact_assessments a where a.id = assessment_id));

-- Everybody may read level, date and digest; not the answers, which the sealed record holds, nor who gave them.
revoke select on impact_assessments, impact_seals from mizan_public;
grant select (id, number, system_id, kind, version, digest, state, level, finished_at, is_published) on impact_assessments to mizan_public;
grant select (assessment_id, sha256, sealed_at, published_at) on impact_seals to mizan_public;
