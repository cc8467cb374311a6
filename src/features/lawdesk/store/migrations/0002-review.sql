-- Counsel's review of law, remark by remark, and drafts of law with every step. Nothing in these tables is changed or removed.

-- One row when a person begins to review a pack: who says so and under which licence. There is no sign-in yet that could confirm it.
create table lawdesk_reviews (
  id uuid primary key,
  pack_id text not null,
  reviewer text not null,
  licence text not null,
  actor text not null,
  started_at timestamptz not null
);
create index lawdesk_reviews_by_pack on lawdesk_reviews (pack_id, started_at desc);

create table lawdesk_remarks (
  number bigint generated always as identity primary key,
  review_id uuid not null references lawdesk_reviews (id),
  pack_id text not null,
  version text not null,
  -- The pack version that was on the screen.
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  kind text not null,
  entry text not null,
  -- What the entry said, whatever pack it stands in: the verdict is bound to it.
  entry_digest text not null check (entry_digest ~ '^[0-9a-f]{64}$'),
  verdict text not null check (verdict in ('agree', 'agree-with-remark', 'change-needed', 'reject')),
  remark text not null,
  proposal text not null,
  actor text not null,
  made_at timestamptz not null
);
create index lawdesk_remarks_by_pack on lawdesk_remarks (pack_id, number);

create table lawdesk_drafts (
  id uuid primary key,
  title text not null,
  pack_id text not null,
  base_version text not null,
  base_digest text not null check (base_digest ~ '^[0-9a-f]{64}$'),
  actor text not null,
  created_at timestamptz not null
);

-- Each step holds the whole text of the one file it changed, or the end of the draft. Together with its base the steps are the draft.
create table lawdesk_draft_steps (
  draft_id uuid not null references lawdesk_drafts (id),
  step integer not null check (step > 0),
  act text not null check (act in ('edit', 'undo', 'finish', 'discard')),
  -- The step that an undo takes back.
  undoes integer,
  path text,
  content text,
  -- { "kind": …, "id": …, "fields": […] } of an edit; { "version": …, "digest": … } of a finish.
  about jsonb not null,
  actor text not null,
  made_at timestamptz not null,
  primary key (draft_id, step),
  check ((act in ('edit', 'undo')) = (path is not null)),
  check ((path is null) = (content is null))
);
