/** What the database itself tells about its tables: columns, order of rows, keys between tables, indexes, sequences. */

import { assert } from '../../base/index.ts';
import { type Origin, SEQUENCES_MAX, type TableHead, TABLES_MAX } from './format.ts';
import type { Session } from './session.ts';

export interface TableFound extends TableHead {
  /** `order by` of a full and lasting order, the same on both engines. */
  readonly order: string;
}

/** Remembers which restores this very database went through; never in a backup. */
export const RESTORES_TABLE = 'platform_restores';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const TABLES = `from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'
  and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')`;

/** All tables of the register by name. Rows of unlogged tables are lost by every crash and made again, so they are left out. */
export async function tablesOf(session: Session): Promise<{ readonly tables: readonly TableFound[]; readonly leftOut: Origin['leftOut'] }> {
  const rows = await session.query<{ name: string; persistence: string }>(`select c.relname::text as name, c.relpersistence::text as persistence ${TABLES} order by c.relname::text collate "C"`);
  assert(rows.length <= TABLES_MAX, 'a register has fewer tables than that');
  const tables: TableFound[] = [];
  const leftOut: Origin['leftOut'][number][] = [{ table: 'pgboss.*', why: 'queue' }];
  for (const { name, persistence } of rows) {
    if (name === RESTORES_TABLE) leftOut.push({ table: name, why: 'own' });
    else if (persistence === 'p') tables.push(await tableOf(session, name));
    else leftOut.push({ table: name, why: 'unlogged' });
  }
  return { tables, leftOut };
}

interface ColumnRow extends Readonly<Record<string, unknown>> {
  readonly name: string;
  readonly type: string;
  readonly isText: boolean;
  /** Place in the primary key from 1; 0 when it is not in it. */
  readonly key: number;
}

async function tableOf(session: Session, table: string): Promise<TableFound> {
  const columns = await session.query<ColumnRow>(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attcollation <> 0 as "isText",
       coalesce(array_position((select i.indkey::int2[] from pg_index i where i.indrelid = a.attrelid and i.indisprimary), a.attnum), -1) + 1 as key
     from pg_attribute a where a.attrelid = ('public.' || quote_ident($1))::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum`,
    [table],
  );
  const keys = columns.filter((column) => column.key > 0).sort((a, b) => a.key - b.key);
  // Without a key equal rows may stand in any order, as they cannot be told apart.
  const order = (keys.length > 0 ? keys : columns).map(({ name, isText }) => (isText ? `${quoted(name)} collate "C"` : keys.length > 0 ? quoted(name) : `${quoted(name)}::text collate "C"`));
  return { name: table, columns: columns.map(({ name, type }) => ({ name, type })), order: order.join(', ') };
}

export async function sequencesOf(session: Session): Promise<readonly { readonly name: string; readonly lastValue: string; readonly isCalled: boolean }[]> {
  const names = await session.query<{ name: string }>(`select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'S' order by c.relname::text collate "C"`);
  assert(names.length <= SEQUENCES_MAX, 'a register has fewer sequences than that');
  const states: { name: string; lastValue: string; isCalled: boolean }[] = [];
  for (const { name } of names) {
    const [state] = await session.query<{ value: string; called: string }>(`select last_value::text as value, is_called::text as called from public.${quoted(name)}`);
    states.push({ name, lastValue: state?.value ?? '1', isCalled: state?.called === 'true' });
  }
  return states;
}

/** What stands in the way of loading rows in any order, as statements that take it away and that put it back. */
export async function hindrancesOf(session: Session): Promise<{ readonly away: readonly string[]; readonly back: readonly string[] }> {
  const keys = await session.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace order by conrelid::regclass::text, conname`,
  );
  const indexes = await session.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not i.indisunique and not exists (select 1 from pg_constraint x where x.conindid = i.indexrelid)
     order by 1`,
  );
  const triggers = await session.query<{ table: string }>(
    `select distinct t.tgrelid::regclass::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by 1`,
  );
  return {
    away: [
      ...keys.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
      ...triggers.map(({ table }) => `alter table ${table} disable trigger user`),
      ...indexes.map(({ name }) => `drop index ${name}`),
    ],
    back: [
      ...indexes.map(({ definition }) => definition),
      ...keys.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
      ...triggers.map(({ table }) => `alter table ${table} enable trigger user`),
    ],
  };
}
