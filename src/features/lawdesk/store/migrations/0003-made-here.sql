-- Versions that were made at this desk: from which version, out of which draft, by whom and when. Nothing is changed or removed.

create table lawdesk_made_here (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  pack_id text not null,
  version text not null,
  base_version text not null,
  base_digest text not null check (base_digest ~ '^[0-9a-f]{64}$'),
  draft_id uuid not null references lawdesk_drafts (id),
  -- The last step of the draft that is in it.
  step integer not null,
  at timestamptz not null,
  actor text not null,
  -- The name by which a person signs the act; empty where it was not asked for yet.
  author text not null,
  -- { "errors": n, "warnings": n, "cases": n, "passed": n, "problems": […] } of the check before it was kept.
  check_result jsonb
);

-- Drafts that were finished before this record was kept say it in their last step.
insert into lawdesk_made_here (digest, pack_id, version, base_version, base_digest, draft_id, step, at, actor, author)
select distinct on (step.about ->> 'digest')
  step.about ->> 'digest', draft.pack_id, step.about ->> 'version', draft.base_version, draft.base_digest, draft.id, step.step - 1, step.made_at, step.actor, ''
from lawdesk_draft_steps step join lawdesk_drafts draft on draft.id = step.draft_id
where step.act = 'finish' and step.about ->> 'digest' is not null
order by step.about ->> 'digest', step.made_at;
