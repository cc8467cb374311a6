-- Whoever may see an entry may see what was answered and decided about it; the public sees the recorded results of published entries.

select mizan_shield('assessment_answers', 'exists (select 1 from registry_systems s where s.id = system_id)', null, null);
select mizan_shield('assessment_classifications', 'exists (select 1 from registry_systems s where s.id = system_id)', null, 'exists (select 1 from registry_systems s where s.id = system_id)');
select mizan_shield('assessment_summaries', 'exists (select 1 from registry_systems s where s.id = system_id)', null, null);
select mizan_shield('assessment_redecisions', null, null, null);
