-- What each SQL role may touch. Every table is shielded: a role that no policy names sees no row, and a table that was forgotten has no grant.

-- The organisations of the work at hand, set with the role (platform/db/claim.ts). In a policy write `(select mizan_organisations())`, so that
-- it is asked once for a statement and not once for a row.
create function mizan_organisations() returns uuid[] language sql stable parallel safe as
  $$ select coalesce(nullif(current_setting('mizan.organisations', true), ''), '{}')::uuid[] $$;

-- Who works: person:…, key:…, operator, system.
create function mizan_actor() returns text language sql stable parallel safe as
  $$ select coalesce(current_setting('mizan.actor', true), '') $$;

-- Grants and policies of one table. Conditions are SQL over its columns; null means not at all.
--   own        rows that people of an organisation read and write
--   own_reads  rows that they may read only, besides
--   published  rows that everybody may read
-- The regulator's reach is every row: a policy that is always true costs nothing, also where an index needs an operator that could leak.
create function mizan_shield(shielded regclass, own text, own_reads text, published text) returns void language plpgsql as $shield$
begin
  execute format('alter table %s enable row level security', shielded);
  execute format('grant select on %s to mizan_all_read', shielded);
  execute format('grant select, insert, update, delete on %s to mizan_all', shielded);
  execute format('create policy regulator on %s to mizan_all, mizan_all_read using (true) with check (true)', shielded);
  if own is not null then
    execute format('grant select, insert, update, delete on %s to mizan_own', shielded);
    execute format('grant select on %s to mizan_own_read', shielded);
    execute format('create policy own on %s to mizan_own using (%s) with check (%s)', shielded, own, own);
    execute format('create policy own_seen on %s for select to mizan_own_read using (%s)', shielded, own);
  end if;
  if own_reads is not null then
    execute format('grant select on %s to mizan_own, mizan_own_read', shielded);
    execute format('create policy own_reads on %s for select to mizan_own, mizan_own_read using (%s)', shielded, own_reads);
  end if;
  if published is not null then
    execute format('grant select on %s to mizan_public', shielded);
    execute format('create policy published on %s for select to mizan_public using (%s)', shielded, published);
  end if;
end
$shield$;

-- A job works with the rights of whoever started it, and that is whose it is.
alter table platform_jobs add column actor text not null default 'system';
alter table platform_jobs add column scope jsonb;
select mizan_shield('platform_jobs', 'actor = (select mizan_actor())', null, null);
