-- The council as the platform operates it. What counts lies in the log; here is what is on its way, and what is read from the log for pages.

-- The numbers it was founded with: the genesis names their digest only.
create table council_founding (
  sole boolean primary key default true check (sole),
  constitution text not null check (length(constitution) <= 65536),
  genesis text not null check (length(genesis) <= 4096),
  genesis_index bigint not null check (genesis_index >= 0),
  roll_index bigint not null check (roll_index > genesis_index),
  founded_at timestamptz not null
);

-- Mail between seats and the operator (0). Every claim in it is proven by the signatures inside.
create table council_letters (
  id bigint generated always as identity primary key,
  recipient smallint not null check (recipient between 0 and 99),
  sender smallint not null check (sender between 0 and 99),
  message text not null check (length(message) <= 4194304),
  sent_at timestamptz not null default clock_timestamp()
);
create index council_letters_for on council_letters (recipient, id);

-- Entries that somebody wants in the log, judged and written by the one process that writes it.
create table council_submissions (
  id uuid primary key,
  ordinal bigint generated always as identity,
  entries text not null,
  state text not null default 'waiting' check (state in ('waiting', 'written', 'refused')),
  answer text,
  made_at timestamptz not null default clock_timestamp()
);
create index council_submissions_waiting on council_submissions (ordinal) where state = 'waiting';

-- Where the operator stands, for the other processes: the head it asks the seats about, and the newest certified one.
create table council_operator (
  sole boolean primary key default true check (sole),
  head text,
  head_size bigint,
  asked text not null default '[]',
  certified text,
  certified_size bigint,
  certified_root text,
  certified_s bigint,
  epoch integer not null default 0,
  roll text,
  roll_digest text,
  prefix_size bigint not null default 0,
  anchor text,
  changed_at timestamptz not null default clock_timestamp()
);

-- Every roll there was, verbatim as it lies in the log.
create table council_rolls (
  epoch integer primary key check (epoch >= 1),
  text text not null check (length(text) <= 65536),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  index bigint not null
);

-- What the log says of each round.
create table council_rounds (
  slot text not null check (length(slot) between 1 and 63),
  round smallint not null check (round between 1 and 99),
  stage text not null,
  first_index bigint not null,
  outcome_index bigint,
  facts text not null,
  -- The OUTCOME is certified, and whoever follows it has been told.
  certified boolean not null default false,
  -- The certified checkpoint that covers it, under the roll of its own epoch.
  checkpoint text,
  told boolean not null default false,
  primary key (slot, round)
);
create index council_rounds_order on council_rounds (first_index desc);
create index council_rounds_untold on council_rounds (outcome_index) where outcome_index is not null and not told;

create table council_seen (
  seat smallint primary key check (seat between 1 and 99),
  seen_at timestamptz,
  stamp_s bigint,
  size bigint
);

-- One request of an agent is taken once.
create table council_requests (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  until timestamptz not null
);
create index council_requests_over on council_requests (until);

select mizan_shield('council_founding', null, 'true', 'true');
select mizan_shield('council_letters', null, null, null);
select mizan_shield('council_submissions', null, null, null);
select mizan_shield('council_operator', null, 'true', 'true');
select mizan_shield('council_rolls', null, 'true', 'true');
select mizan_shield('council_rounds', null, 'true', 'true');
select mizan_shield('council_seen', null, 'true', 'true');
select mizan_shield('council_requests', null, null, null);
revoke update, delete on council_founding from mizan_all;
