/** What migrations would do before they do it: which are missing, and what each statement means for a database in use. */

import { createHash } from 'node:crypto';
import type { Migration } from './migrate.ts';
import type { Database } from './open.ts';

/** What a statement asks of a table, the heaviest first. */
export const EFFECTS = {
  rewrite: 'writes the whole table anew; nobody reads or writes it meanwhile',
  rows: 'changes rows that are there; writers of the same rows wait',
  scan: 'reads the whole table; nobody writes it meanwhile',
  index: 'builds an index; nobody writes the table meanwhile',
  remove: 'takes something away that older software may still use',
  lock: 'locks the table for a moment',
} as const;
export type Effect = keyof typeof EFFECTS;

export interface Touch {
  readonly table: string;
  readonly effect: Effect;
  /** The beginning of the statement, in one line. */
  readonly statement: string;
  /** As the database estimates it; undefined for a table that it does not have. */
  readonly rows?: number;
}

export interface PlannedMigration {
  readonly id: string;
  readonly bytes: number;
  readonly statements: number;
  /** On tables that are there already; what a migration makes itself costs nothing. */
  readonly touches: readonly Touch[];
}

export interface MigrationPlan {
  readonly applied: number;
  readonly pending: readonly PlannedMigration[];
  /** In the database but not in this software: the database is of a newer version. */
  readonly unknown: readonly string[];
  /** Applied with other content than this software has. */
  readonly changed: readonly string[];
}

const STATEMENT_SHOWN_LENGTH = 100;

/** Reads only; a database without tables has everything before it. */
export async function planMigrations(database: Pick<Database, 'execute'>, migrations: readonly Migration[]): Promise<MigrationPlan> {
  const [table] = (await database.execute(`select to_regclass('public.platform_migrations') is not null as there`)).rows;
  const rows = table?.['there'] === true ? (await database.execute('select id, sha256 from platform_migrations order by applied_at, id')).rows : [];
  const applied = new Map(rows.map((row) => [String(row['id']), String(row['sha256'])]));
  const known = new Set(migrations.map(({ id }) => id));
  const counts = await database.execute(`select c.relname::text as name, (case when c.reltuples > 0 then c.reltuples else coalesce(s.n_live_tup, 0) end)::bigint as rows from pg_class c left join pg_stat_user_tables s on s.relid = c.oid where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`);
  const sizes = new Map(counts.rows.map((row) => [String(row['name']), Number(row['rows'])]));
  const pending = migrations.filter(({ id }) => !applied.has(id));
  return {
    applied: applied.size,
    pending: pending.map(({ id, sql }) => {
      const statements = statementsOf(sql);
      return {
        id,
        bytes: Buffer.byteLength(sql),
        statements: statements.length,
        touches: touchesOf(statements).flatMap((touch) => {
          const count = sizes.get(touch.table);
          return count === undefined ? [] : [{ ...touch, rows: count }];
        }),
      };
    }),
    unknown: [...applied.keys()].filter((id) => !known.has(id)),
    changed: migrations.filter(({ id, sql }) => applied.has(id) && applied.get(id) !== createHash('sha256').update(sql).digest('hex')).map(({ id }) => id),
  };
}

/** Splits at the semicolons that end statements: not those in quotes, in dollar quotes, or in comments. Comments are left out. */
export function statementsOf(sql: string): readonly string[] {
  const statements: string[] = [];
  let current = '';
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-zA-Z_]*)\$[\s\S]*?\$\1\$|;|[^-/'"$;]+|./g;
  for (const [text] of sql.matchAll(token)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    if (text !== ';') current += text;
    else {
      statements.push(current);
      current = '';
    }
  }
  return [...statements, current].map((statement) => statement.trim().replaceAll(/\s+/g, ' ')).filter((statement) => statement !== '');
}

const NAME = String.raw`(?:only )?(?:public\.)?"?([a-z_][a-z0-9_]*)"?`;
const RULES: readonly (readonly [pattern: RegExp, effect: (rest: string) => Effect])[] = [
  [new RegExp(`^alter table (?:if exists )?${NAME} (.*)$`, 'i'), alterEffect],
  [new RegExp(`^create (?:unique )?index .*?\\bon ${NAME}(.*)$`, 'i'), () => 'index'],
  [new RegExp(`^update ${NAME}\\b(.*)$`, 'i'), () => 'rows'],
  [new RegExp(`^delete from ${NAME}(.*)$`, 'i'), () => 'rows'],
  [new RegExp(`^insert into ${NAME}(.*)$`, 'i'), () => 'rows'],
  [new RegExp(`^(?:drop table|truncate(?: table)?) (?:if exists )?${NAME}(.*)$`, 'i'), () => 'remove'],
  [new RegExp(`^(?:create trigger|drop trigger) .*? on ${NAME}(.*)$`, 'i'), () => 'lock'],
  [new RegExp(`^(?:create policy|drop policy|alter policy) .*? on ${NAME}(.*)$`, 'i'), () => 'lock'],
];

function alterEffect(rest: string): Effect {
  const text = rest.toLowerCase();
  // A default that is the same for every row is kept beside the table; one that differs must be written into each.
  if (/\balter (?:column )?\S+ (?:set data )?type\b|\bset (?:logged|unlogged|tablespace)\b|\bgenerated always as \(.*\) stored\b|\bgenerated (?:always|by default) as identity\b|\bdefault \S*(?:random|clock_timestamp|nextval|uuid)\S*\(/.test(text)) return 'rewrite';
  if (/\bdrop column\b|\brename\b|\bdrop constraint\b/.test(text)) return 'remove';
  if (/\bset not null\b|\badd (?:constraint \S+ )?(?:check|foreign key|primary key|unique)\b|\breferences\b|\badd (?:column )?.*\b(?:check|unique|primary key)\b/.test(text) && !/\bnot valid\b/.test(text)) return 'scan';
  return 'lock';
}

/** What statements do to tables that an earlier migration made; what they make themselves is left out. */
export function touchesOf(statements: readonly string[]): readonly Touch[] {
  const made = new Set<string>();
  const touches: Touch[] = [];
  for (const statement of statements) {
    const creates = new RegExp(`^create (?:unlogged )?table (?:if not exists )?${NAME}`, 'i').exec(statement)?.[1];
    if (creates !== undefined) made.add(creates.toLowerCase());
    for (const [pattern, effect] of RULES) {
      const found = pattern.exec(statement);
      const table = found?.[1]?.toLowerCase();
      if (found === null || table === undefined || made.has(table)) continue;
      touches.push({ table, effect: effect(found[2] ?? ''), statement: statement.slice(0, STATEMENT_SHOWN_LENGTH) });
      break;
    }
  }
  return touches;
}
