#!/bin/sh
# Makes the user and the database of Mizan, and the SQL roles by which row-level security keeps organisations apart. Run once, as an
# administrator of the database server; a second run changes nothing but the password.
#   MIZAN_DATABASE_PASSWORD=… PGUSER=postgres sh roles.sh
# The user owns its database and may take the roles; it is no superuser and makes no roles and no databases.
set -eu
: "${MIZAN_DATABASE_PASSWORD:?the password that the user mizan gets}"
database=${MIZAN_DATABASE:-mizan}
psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${PGUSER:-${POSTGRES_USER:-postgres}}" --dbname postgres -v password="$MIZAN_DATABASE_PASSWORD" -v database="$database" <<'SQL'
select 'create role mizan login' where not exists (select 1 from pg_roles where rolname = 'mizan') \gexec
alter role mizan nosuperuser nocreatedb nocreaterole nobypassrls password :'password';
select format('create role %I nologin', name) from unnest(array['mizan_nobody', 'mizan_public', 'mizan_own_read', 'mizan_own', 'mizan_all_read', 'mizan_all']) as wanted(name)
  where not exists (select 1 from pg_roles where rolname = name) \gexec
grant mizan_nobody, mizan_public, mizan_own_read, mizan_own, mizan_all_read, mizan_all to mizan;
select format('create database %I owner mizan encoding %L locale %L template template0', :'database', 'UTF8', 'C.UTF-8')
  where not exists (select 1 from pg_database where datname = :'database') \gexec
select format('revoke all on database %I from public', :'database') \gexec
\connect :"database"
-- Trusted since PostgreSQL 13, so the owner could make it, too; here it is there from the beginning.
create extension if not exists pg_trgm;
SQL
