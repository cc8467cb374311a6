/** What keeps organisations apart cannot be forgotten: every table is shielded or nobody's, every route and job names a policy, and the vault has few doors. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allMigrations } from '../../src/app/migrations.ts';
import { type Database, migrate, openInMemory } from '../../src/platform/db/index.ts';

const src = join(import.meta.dirname, '../../src');

/** Tables without any grant: they are reached as the owner, by the rooms named below. */
const OWNERS_ONLY = /^(identity_|platform_(migrations|notices|limits|rates|restores?)\b|platform_)/;
/** Whoever takes rows past the shield. A new door is an ADR. */
const VAULT_DOORS = ['platform/db/', 'platform/audit/', 'platform/notices/', 'platform/limits/', 'platform/backup/', 'features/identity/'];
/** Statements as the owner of the tables. */
const EXECUTE_DOORS = [...VAULT_DOORS, 'platform/jobs/jobs.ts', 'app/commands/', 'app/doctor/', 'platform/operations/'];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesUnder(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

const files = filesUnder(src).map((path) => ({ path: relative(src, path), text: readFileSync(path, 'utf8') }));
const strangers = (pattern: RegExp, doors: readonly string[]): string[] => files.filter(({ path, text }) => pattern.test(text) && !doors.some((door) => path.startsWith(door))).map(({ path }) => path);

describe('the shield of the tables', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openInMemory();
    await migrate(database, allMigrations());
  });
  afterAll(async () => database.close());

  const ask = async (text: string): Promise<readonly Record<string, unknown>[]> => (await database.execute(text)).rows;

  it('is on every table that any role may touch', async () => {
    const rows = await ask(`select distinct c.relname as name, c.relrowsecurity as shielded from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a left join pg_roles r on r.oid = a.grantee
      where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') and a.grantee <> c.relowner`);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => row['shielded'] !== true)).toEqual([]);
  });

  it('leaves no table out but those of identity and the platform', async () => {
    const rows = await ask(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relrowsecurity`);
    expect(rows.map((row) => String(row['name'])).filter((name) => !OWNERS_ONLY.test(name))).toEqual([]);
  });

  it('grants nothing to everybody and nothing to nobody', async () => {
    expect(await ask(`select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(c.relacl) a where n.nspname = 'public' and (a.grantee = 0 or a.grantee = 'mizan_nobody'::regrole)`)).toEqual([]);
  });

  it('lets readers read only', async () => {
    expect(await ask(`select c.relname, a.privilege_type from pg_class c join pg_namespace n on n.oid = c.relnamespace, lateral aclexplode(c.relacl) a
      where n.nspname = 'public' and c.relkind in ('r', 'p') and a.grantee in ('mizan_public'::regrole, 'mizan_own_read'::regrole, 'mizan_all_read'::regrole) and a.privilege_type <> 'SELECT'`)).toEqual([]);
  });

  it('has functions with the rights of the owner only with a search path of their own', async () => {
    expect(await ask(`select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public' and p.prosecdef and not exists (select 1 from unnest(coalesce(p.proconfig, '{}')) c where c like 'search_path=%')`)).toEqual([]);
  });
});

describe('the source', () => {
  it('opens the vault in few places', () => {
    expect(strangers(/\.vault\b/, VAULT_DOORS)).toEqual([]);
  });

  it('speaks as the owner of the tables in few places', () => {
    expect(strangers(/database\.execute\(/, EXECUTE_DOORS)).toEqual([]);
  });

  it('gives no server a scope to stand on', () => {
    // A backup of a stopped register owns the whole folder.
    expect(strangers(/\bstanding: \w*Scope/, ['platform/db/open.ts', 'app/commands/backup.ts'])).toEqual([]);
  });

  it('makes scopes in one room', () => {
    expect(strangers(/as (unknown as )?Scope\b/, ['platform/auth/'])).toEqual([]);
  });
});
