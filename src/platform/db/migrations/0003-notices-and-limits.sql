-- What one process of Mizan tells all others on the same database, kept for a day so that one which was cut off learns what it missed.
-- Numbers are given before a transaction commits, so a later number may be seen first: readers go by the transaction, not by the number.
create table platform_notices (
  id bigint generated always as identity primary key,
  topic text not null check (length(topic) between 1 and 80),
  payload jsonb not null check (pg_column_size(payload) <= 65536),
  node uuid not null,
  transaction xid8 not null default pg_current_xact_id(),
  announced_at timestamptz not null default clock_timestamp()
);
create index platform_notices_by_transaction on platform_notices (transaction);
create index platform_notices_by_age on platform_notices (announced_at);

-- Rate limits that all processes share. `arrival` is the moment at which everything taken so far would have arrived at the even pace of the
-- limit; what lies in the past limits nothing any more. The key is a digest: no address and no account stands here.
create table platform_limits (
  key text primary key check (length(key) <= 64),
  arrival timestamptz not null,
  granted integer not null
);
create index platform_limits_by_arrival on platform_limits (arrival);

-- Read by the owner only; told inside the transaction of whoever changes something.
select mizan_shield('platform_notices', null, null, null);
grant insert on platform_notices to mizan_own;
create policy told on platform_notices for insert to mizan_own with check (true);
-- Counted outside of every scope: also who has none yet is limited.
alter table platform_limits enable row level security;
