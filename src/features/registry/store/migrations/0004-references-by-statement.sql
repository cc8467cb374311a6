-- References checked once for a statement instead of once for a row. A foreign key asks for each row of an import on its own; these ask
-- for a thousand rows at once and refuse the same things: a system without its body or product, a revision without its system, the
-- removal of what is still referred to. Bodies and products are locked against removal as a foreign key would; the system of a
-- revision needs no lock of its own, because every revision is written by the statement that inserts or updates its system.

create function registry_systems_refer() returns trigger language plpgsql as $refer$
begin
  perform 1 from registry_bodies b where b.id in (select a.body_id from added a) order by b.id for key share;
  if exists (select 1 from added a where not exists (select 1 from registry_bodies b where b.id = a.body_id)) then
    raise foreign_key_violation using message = 'a system refers to a body that does not exist', table = 'registry_systems';
  end if;
  if exists (select 1 from added a where a.product_id is not null) then
    perform 1 from registry_products p where p.id in (select a.product_id from added a) order by p.id for key share;
    if exists (select 1 from added a where a.product_id is not null and not exists (select 1 from registry_products p where p.id = a.product_id)) then
      raise foreign_key_violation using message = 'a system refers to a product that does not exist', table = 'registry_systems';
    end if;
  end if;
  return null;
end
$refer$;

-- Updates seldom move a system to another body or product; only those that do are asked about.
create function registry_system_refers() returns trigger language plpgsql as $refer$
begin
  perform 1 from registry_bodies b where b.id = new.body_id for key share;
  if not found then
    raise foreign_key_violation using message = 'a system refers to a body that does not exist', table = 'registry_systems';
  end if;
  if new.product_id is not null then
    perform 1 from registry_products p where p.id = new.product_id for key share;
    if not found then
      raise foreign_key_violation using message = 'a system refers to a product that does not exist', table = 'registry_systems';
    end if;
  end if;
  return null;
end
$refer$;

create function registry_revisions_refer() returns trigger language plpgsql as $refer$
begin
  if exists (select 1 from added a where not exists (select 1 from registry_systems s where s.id = a.system_id)) then
    raise foreign_key_violation using message = 'a revision refers to a system that does not exist', table = 'registry_revisions';
  end if;
  return null;
end
$refer$;

create function registry_systems_are_free() returns trigger language plpgsql as $free$
begin
  if exists (select 1 from gone g join registry_revisions r on r.system_id = g.id) then
    raise foreign_key_violation using message = 'a system with a history cannot be removed', table = 'registry_systems';
  end if;
  return null;
end
$free$;

create function registry_bodies_are_free() returns trigger language plpgsql as $free$
begin
  if exists (select 1 from gone g join registry_systems s on s.body_id = g.id) then
    raise foreign_key_violation using message = 'a body with systems cannot be removed', table = 'registry_bodies';
  end if;
  return null;
end
$free$;

create function registry_products_are_free() returns trigger language plpgsql as $free$
begin
  if exists (select 1 from gone g join registry_systems s on s.product_id = g.id) then
    raise foreign_key_violation using message = 'a product with systems cannot be removed', table = 'registry_products';
  end if;
  return null;
end
$free$;

create function registry_ids_stand() returns trigger language plpgsql as $stand$
begin
  raise foreign_key_violation using message = 'what others refer to keeps its id', table = tg_table_name;
end
$stand$;

alter table registry_systems drop constraint registry_systems_body_id_fkey;
alter table registry_systems drop constraint registry_systems_product_id_fkey;
alter table registry_revisions drop constraint registry_revisions_system_id_fkey;

create trigger registry_systems_refer after insert on registry_systems
  referencing new table as added for each statement execute function registry_systems_refer();
create trigger registry_system_refers after update of body_id, product_id on registry_systems
  for each row when (new.body_id is distinct from old.body_id or new.product_id is distinct from old.product_id) execute function registry_system_refers();
create trigger registry_revisions_refer after insert on registry_revisions
  referencing new table as added for each statement execute function registry_revisions_refer();
create trigger registry_revision_stays before update of system_id on registry_revisions
  for each row when (new.system_id is distinct from old.system_id) execute function registry_ids_stand();
create trigger registry_systems_are_free after delete on registry_systems
  referencing old table as gone for each statement execute function registry_systems_are_free();
create trigger registry_bodies_are_free after delete on registry_bodies
  referencing old table as gone for each statement execute function registry_bodies_are_free();
create trigger registry_products_are_free after delete on registry_products
  referencing old table as gone for each statement execute function registry_products_are_free();
create trigger registry_systems_keep_id before update of id on registry_systems
  for each row when (new.id is distinct from old.id) execute function registry_ids_stand();
create trigger registry_bodies_keep_id before update of id on registry_bodies
  for each row when (new.id is distinct from old.id) execute function registry_ids_stand();
create trigger registry_products_keep_id before update of id on registry_products
  for each row when (new.id is distinct from old.id) execute function registry_ids_stand();
