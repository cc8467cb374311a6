-- What members sign besides ballots, on its way to the log. Keys are in their browsers; nothing here is secret.

-- Texts that a note in the log names by digest only.
create table seats_texts (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  text text not null check (length(text) <= 60002),
  made_at timestamptz not null default clock_timestamp()
);

-- Demands of a minority that wait for signatures; the same text is signed by all.
create table seats_demands (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  text text not null check (length(text) <= 4096),
  epoch integer not null check (epoch >= 1),
  state text not null default 'waiting' check (state in ('waiting', 'logged', 'refused')),
  -- Index in the log, or the rule that refused it there.
  entry bigint,
  refusal text,
  made_at timestamptz not null default clock_timestamp()
);
create index seats_demands_waiting on seats_demands (made_at) where state = 'waiting';

create table seats_demand_lines (
  demand text not null references seats_demands (digest) on delete cascade,
  seat smallint not null check (seat between 1 and 99),
  -- The note with the line of this seat only.
  note text not null check (length(note) <= 8192),
  made_at timestamptz not null default clock_timestamp(),
  primary key (demand, seat)
);

-- Members and the authority see and bring demands; a text is public, as what names its digest lies in a public log.
select mizan_shield('seats_texts', null, null, 'true');
select mizan_shield('seats_demands', null, null, null);
select mizan_shield('seats_demand_lines', null, null, null);
