-- Decisions as people look for them. All of it can be read again from the log and from the motions.
create table decisions_decided (
  slot text not null check (length(slot) between 1 and 63),
  round smallint not null check (round between 1 and 99),
  epoch integer not null check (epoch >= 1),
  class text not null check (length(class) <= 40),
  result text not null check (result in ('carried', 'not-carried')),
  option text check (length(option) = 1),
  number text not null check (length(number) <= 63),
  kind text check (length(kind) <= 40),
  kind_label text check (length(kind_label) <= 2000),
  title text not null check (length(title) <= 20000),
  -- Title, number and kind as every search compares them.
  words text not null check (length(words) <= 20000),
  motion text not null check (motion ~ '^[0-9a-f]{64}$'),
  decided_at timestamptz not null,
  in_force_at timestamptz,
  yes smallint not null,
  no smallint not null,
  abstain smallint not null,
  primary key (slot, round)
);
create index decisions_decided_order on decisions_decided (decided_at desc, slot, round);

-- Minority and separate opinions and reasons: the log holds who signed and the digests.
create table decisions_opinions (
  index bigint primary key check (index >= 0),
  slot text not null,
  round smallint not null,
  kind text not null check (kind in ('minority', 'separate', 'reasons')),
  seats text not null,
  texts text not null check (length(texts) <= 4000)
);
create index decisions_opinions_of on decisions_opinions (slot, round, index);

-- How far the log was read for them.
create table decisions_read (
  sole boolean primary key default true check (sole),
  size bigint not null default 0
);

select mizan_shield('decisions_decided', null, 'true', 'true');
select mizan_shield('decisions_opinions', null, 'true', 'true');
select mizan_shield('decisions_read', null, 'true', 'true');
