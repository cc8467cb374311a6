-- The transparency log: what waits to be written into it, what is written, the hashes over it, and the heads that were signed and witnessed.

-- Entries that acts left in their own transaction; the writer takes them in the order of their numbers.
-- `leaf` is the hash of RFC 6962, made by the database itself.
create table ledger_pending (
  id bigint generated always as identity primary key,
  entry bytea not null check (octet_length(entry) between 1 and 65535),
  leaf bytea not null generated always as (sha256('\x00'::bytea || entry)) stored,
  recorded_at timestamptz not null default clock_timestamp()
);

create table ledger_entries (
  index bigint primary key check (index >= 0),
  entry bytea not null check (octet_length(entry) between 1 and 65535),
  leaf bytea not null generated always as (sha256('\x00'::bytea || entry)) stored
);
create index ledger_entries_by_leaf on ledger_entries using hash (leaf);

-- Full tiles only: 256 hashes of one level, and the root over them, which is one hash of the level above.
create table ledger_tiles (
  level smallint not null check (level between 0 and 6),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) = 8192),
  root bytea not null check (octet_length(root) = 32),
  primary key (level, index)
);

-- The one writer. `token` grows with every change of hands: who holds an older one can commit nothing. `size` is what the log holds.
create table ledger_writer (
  sole boolean primary key default true check (sole),
  token bigint not null default 0,
  holder uuid,
  until timestamptz not null default '-infinity',
  size bigint not null default 0,
  origin text,
  vkey text
);
insert into ledger_writer default values;

-- Heads that were made public, signed by the log alone; and what witnesses added to each.
create table ledger_heads (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null check (length(note) <= 4096),
  signed_at timestamptz not null
);
create table ledger_cosignatures (
  size bigint not null references ledger_heads (size),
  name text not null check (length(name) between 1 and 200),
  key_id bytea not null check (octet_length(key_id) = 4),
  signature bytea not null check (octet_length(signature) between 1 and 4096),
  received_at timestamptz not null,
  primary key (size, name, key_id)
);

-- Logs of others that this platform witnesses: the last head it put its name to.
create table ledger_witnessed (
  origin text primary key check (length(origin) between 1 and 300),
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  cosigned_at timestamptz not null
);

-- What opens a commitment: salt and content of one private field. Erasing a row makes the commitment meaningless for ever.
create table ledger_openings (
  id uuid primary key,
  commitment bytea not null unique check (octet_length(commitment) = 32),
  salt bytea not null check (octet_length(salt) = 32),
  content text not null check (length(content) <= 20000),
  purpose text not null check (length(purpose) between 1 and 100),
  made_at timestamptz not null default clock_timestamp()
);

create function ledger_stands() returns trigger language plpgsql as $stands$
begin
  raise exception 'what the log holds is never changed' using errcode = 'integrity_constraint_violation';
end
$stands$;
create trigger ledger_entries_stand before update or delete on ledger_entries for each row execute function ledger_stands();
create trigger ledger_entries_stay before truncate on ledger_entries execute function ledger_stands();
create trigger ledger_tiles_stand before update or delete on ledger_tiles for each row execute function ledger_stands();
create trigger ledger_tiles_stay before truncate on ledger_tiles execute function ledger_stands();
create trigger ledger_heads_stand before update or delete on ledger_heads for each row execute function ledger_stands();
create trigger ledger_heads_stay before truncate on ledger_heads execute function ledger_stands();
create trigger ledger_cosignatures_stand before update or delete on ledger_cosignatures for each row execute function ledger_stands();
create trigger ledger_cosignatures_stay before truncate on ledger_cosignatures execute function ledger_stands();
create trigger ledger_pending_stay before truncate on ledger_pending execute function ledger_stands();
create trigger ledger_pending_stand before update on ledger_pending for each row execute function ledger_stands();

-- A waiting entry leaves only into the log.
create function ledger_pending_leaves() returns trigger language plpgsql security definer set search_path = public, pg_temp as $leaves$
begin
  if exists (select 1 from ledger_entries e where e.leaf = old.leaf) then
    return old;
  end if;
  raise exception 'an entry that waits for the log is never dropped' using errcode = 'integrity_constraint_violation';
end
$leaves$;
create trigger ledger_pending_leaves before delete on ledger_pending for each row execute function ledger_pending_leaves();

-- The writer row only grows: a token or a size that went back would be a second writer or a second history.
create function ledger_writer_grows() returns trigger language plpgsql as $grows$
begin
  if tg_op = 'UPDATE' and new.token >= old.token and new.size >= old.size
    and (old.origin is null or new.origin = old.origin) and (old.vkey is null or new.vkey = old.vkey) then
    return new;
  end if;
  raise exception 'the writer of the log never goes back' using errcode = 'integrity_constraint_violation';
end
$grows$;
create trigger ledger_writer_grows before update or delete on ledger_writer for each row execute function ledger_writer_grows();
create trigger ledger_writer_stays before truncate on ledger_writer execute function ledger_stands();

-- A witness never goes back either.
create function ledger_witnessed_grows() returns trigger language plpgsql as $grows$
begin
  if tg_op = 'UPDATE' and new.origin = old.origin and new.size >= old.size and (new.size > old.size or new.root = old.root) then
    return new;
  end if;
  raise exception 'a witness never goes back' using errcode = 'integrity_constraint_violation';
end
$grows$;
create trigger ledger_witnessed_grows before update or delete on ledger_witnessed for each row execute function ledger_witnessed_grows();
create trigger ledger_witnessed_stays before truncate on ledger_witnessed execute function ledger_stands();

select mizan_shield('ledger_pending', null, null, null);
-- Whoever does an act that is logged writes its entry, and reads none that waits.
grant insert on ledger_pending to mizan_own;
create policy told on ledger_pending for insert to mizan_own with check (true);
select mizan_shield('ledger_entries', null, 'true', 'true');
select mizan_shield('ledger_tiles', null, 'true', 'true');
select mizan_shield('ledger_heads', null, 'true', 'true');
select mizan_shield('ledger_cosignatures', null, 'true', 'true');
select mizan_shield('ledger_writer', null, 'true', 'true');
select mizan_shield('ledger_witnessed', null, null, null);
select mizan_shield('ledger_openings', null, null, null);
grant insert on ledger_openings to mizan_own;
create policy told on ledger_openings for insert to mizan_own with check (true);
revoke update, delete on ledger_entries, ledger_tiles, ledger_heads, ledger_cosignatures from mizan_all;
revoke update on ledger_pending, ledger_openings from mizan_all;
revoke delete, insert on ledger_writer from mizan_all;
revoke delete on ledger_witnessed from mizan_all;
