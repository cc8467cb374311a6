-- Impact assessments: the questionnaires they were answered on, the assessments, every answer, evidence, seals.

-- Every questionnaire version that was ever installed, with its files; answers are scored with their own version only.
create table impact_questionnaires (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  id text not null,
  version text not null,
  files jsonb not null,
  installed_at timestamptz not null
);
create index impact_questionnaires_by_id on impact_questionnaires (id, installed_at desc);

create table impact_assessments (
  id uuid primary key,
  number bigint generated always as identity unique,
  system_id uuid not null,
  system_name text not null,
  body_name text not null,
  -- Folded words of both names, for the search of the list.
  words text not null,
  kind text not null,
  version text not null,
  digest text not null references impact_questionnaires (digest),
  state text not null check (state in ('open', 'finished', 'replaced')),
  -- The last step; a save names the step its author saw.
  step integer not null default 0,
  answered integer not null default 0,
  required integer not null default 0,
  -- Of a finished one only.
  level text,
  revises uuid references impact_assessments (id),
  started_by text not null,
  started_at timestamptz not null,
  changed_at timestamptz not null,
  finished_at timestamptz
);
create index impact_assessments_latest on impact_assessments (changed_at desc, id);
create index impact_assessments_by_system on impact_assessments (system_id, changed_at desc, id);

-- Every answer ever given, newest wins; a null takes it back. One save is one batch, and an undo takes back a batch.
create table impact_answers (
  assessment_id uuid not null references impact_assessments (id),
  step integer not null check (step > 0),
  batch integer not null check (batch > 0),
  question text not null,
  answer jsonb,
  undoes boolean not null default false,
  -- Where it came from: person, field:…, fact:…, shared:…, import, revision.
  origin text not null,
  actor text not null,
  answered_at timestamptz not null,
  primary key (assessment_id, step)
);

-- Which attachment of the system speaks for which answer.
create table impact_evidence (
  id uuid primary key,
  assessment_id uuid not null references impact_assessments (id),
  question text not null,
  attachment_id uuid not null,
  name text not null,
  sha256 text not null,
  actor text not null,
  attached_at timestamptz not null,
  removed_at timestamptz
);
create index impact_evidence_by_assessment on impact_evidence (assessment_id, attached_at, id);

-- What a finished assessment said, as canonical JSON (RFC 8785) in text, because jsonb would not keep its bytes.
create table impact_seals (
  assessment_id uuid primary key references impact_assessments (id),
  record text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  sealed_by text not null,
  sealed_at timestamptz not null,
  published_at timestamptz
);
