-- Assessments belong to their entry. The public sees what was published of a sealed one, and the questionnaires.

select mizan_shield('impact_questionnaires', null, 'true', 'true');
select mizan_shield('impact_assessments', 'exists (select 1 from registry_systems s where s.id = system_id)', null,
  'exists (select 1 from registry_systems s where s.id = system_id) and exists (select 1 from impact_seals p where p.assessment_id = impact_assessments.id and p.published_at is not null)');
select mizan_shield('impact_answers', 'exists (select 1 from impact_assessments a where a.id = assessment_id)', null, null);
select mizan_shield('impact_evidence', 'exists (select 1 from impact_assessments a where a.id = assessment_id)', null, null);
select mizan_shield('impact_seals', 'exists (select 1 from impact_assessments a where a.id = assessment_id)', null, 'published_at is not null');
