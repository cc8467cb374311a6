/** Why a database cannot be worked with, in facts: for those who look for the fault, before anything else needs the database. */

import pg from 'pg';
import { SQL_ROLES } from './roles.ts';

export type Unreached = 'refused' | 'unknown-host' | 'no-answer' | 'wrong-password' | 'not-let-in' | 'no-database' | 'too-many-connections' | 'other';

export interface DatabaseFacts {
  /** `170005` is 17.5. */
  readonly version: number;
  readonly encoding: string;
  readonly user: string;
  readonly mayCreateTables: boolean;
  /** `pg_trgm` is there or can be made. */
  readonly hasTrigrams: boolean;
  readonly rolesMissing: readonly string[];
  readonly mayCreateRoles: boolean;
  readonly connectionsMax: number;
  readonly connectionsUsed: number;
  /** Tables of the register that belong to somebody else. */
  readonly foreignTables: readonly string[];
  readonly writesSafely: boolean;
  readonly now: Date;
  /** `application_name` of other Mizan processes, `mizan/1.2.0`. */
  readonly others: readonly string[];
}

const CONNECT_MS_MAX = 5000;
const REASONS: Readonly<Record<string, Unreached>> = {
  ECONNREFUSED: 'refused', ENOTFOUND: 'unknown-host', EAI_AGAIN: 'unknown-host', ETIMEDOUT: 'no-answer', EHOSTUNREACH: 'no-answer', ENETUNREACH: 'no-answer',
  '28P01': 'wrong-password', '28000': 'not-let-in', '3D000': 'no-database', '53300': 'too-many-connections',
};

/** Connects once, reads, and leaves. `message` is the server's or the network's own. */
export async function diagnose(databaseUrl: string): Promise<{ readonly unreached: Unreached; readonly message: string } | { readonly unreached?: never; readonly facts: DatabaseFacts }> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS_MAX, query_timeout: CONNECT_MS_MAX, application_name: 'mizan-doctor' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const roles = SQL_ROLES.map((role) => `'${role}'`).join(', ');
    const { rows } = await client.query<Record<string, string>>(`select current_setting('server_version_num') as version, pg_encoding_to_char(encoding) as encoding, current_user::text as "user",
        has_schema_privilege('public', 'create')::text as "mayCreateTables", clock_timestamp()::text as now, (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms,
        (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)::text as "mayCreateRoles",
        (exists (select 1 from pg_extension where extname = 'pg_trgm') or (exists (select 1 from pg_available_extensions where name = 'pg_trgm') and has_database_privilege(current_database(), 'create')))::text as "hasTrigrams",
        (select coalesce(string_agg(r, ','), '') from unnest(array[${roles}]) r where not exists (select 1 from pg_roles where rolname = r)) as "rolesMissing",
        current_setting('max_connections') as "connectionsMax", (select count(*) from pg_stat_activity where backend_type = 'client backend')::text as "connectionsUsed",
        (select coalesce(string_agg(tablename, ','), '') from (select tablename from pg_tables where schemaname = 'public' and tableowner <> current_user and not pg_has_role(tableowner, 'member') limit 5) t) as "foreignTables",
        current_setting('fsync') as fsync, (select coalesce(string_agg(distinct application_name, ','), '') from pg_stat_activity where datname = current_database() and application_name like 'mizan/%') as others
      from pg_database where datname = current_database()`);
    const row = rows[0] ?? {};
    const list = (name: string): readonly string[] => (row[name] ?? '').split(',').filter((part) => part !== '');
    return {
      facts: {
        version: Number(row['version']), encoding: row['encoding'] ?? '', user: row['user'] ?? '', mayCreateTables: row['mayCreateTables'] === 'true', hasTrigrams: row['hasTrigrams'] === 'true', rolesMissing: list('rolesMissing'),
        mayCreateRoles: row['mayCreateRoles'] === 'true', connectionsMax: Number(row['connectionsMax']), connectionsUsed: Number(row['connectionsUsed']), foreignTables: list('foreignTables'), writesSafely: row['fsync'] === 'on', now: new Date(Number(row['ms'])), others: list('others'),
      },
    };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return { unreached: REASONS[code ?? ''] ?? (/timeout/i.test(message ?? '') ? 'no-answer' : 'other'), message: message ?? 'unknown' };
  } finally {
    await client.end().catch(() => undefined);
  }
}
