/** Whose rights a connection has: set before each use, on both engines, also when many work at once; nothing without a scope. */

import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createServerDatabase, onEveryEngine } from '../../../test/support/engines.ts';
import { type Caller, publicScope, type Scope, scopeFor, systemScope, within } from '../auth/index.ts';
import { type Database, migrate, type Migration, openDatabase, openInMemory } from './index.ts';

const [MINE, THEIRS] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const things: Migration = {
  id: 'test/0001-things',
  sql: `create table test_things (id integer primary key, organisation_id uuid, is_public boolean not null default false);
    select mizan_shield('test_things', 'organisation_id = any ((select mizan_organisations())::uuid[])', null, 'is_public');
    create table test_forgotten (id integer);
    insert into test_things values (1, '${MINE}', false), (2, '${THEIRS}', false), (3, '${THEIRS}', true), (4, null, false);`,
};

const caller = (role: 'viewer' | 'editor' | 'auditor' | 'officer'): Caller => ({ kind: 'person', actor: 'person:x', memberships: [{ organisation: MINE, role, reach: [MINE] }] });
function scope(role: Parameters<typeof caller>[0], policy: 'system.see' | 'system.change'): Scope {
  const made = scopeFor(caller(role), policy, 0);
  if (!made.ok) throw new Error(made.refusal);
  return made.value;
}

async function ids(database: Database): Promise<readonly number[]> {
  return (await sql<{ id: number }>`select id from test_things order by id`.execute(database.db)).rows.map((row) => row.id);
}

onEveryEngine((open, engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await open([things]);
  });

  describe('rows', () => {
    it.each<[string, Scope, readonly number[]]>([
      ['the public', publicScope, [3]],
      ['a viewer', scope('viewer', 'system.see'), [1]],
      ['an editor', scope('editor', 'system.change'), [1]],
      ['an auditor', scope('auditor', 'system.see'), [1, 2, 3, 4]],
      ['the system', systemScope, [1, 2, 3, 4]],
    ])('that %s sees', async (_title, one, expected) => {
      expect(await within(one, async () => ids(database))).toEqual(expected);
    });

    it.each<[string, Scope, string, string]>([
      ['an editor writes for others', scope('editor', 'system.change'), `insert into test_things values (9, '${THEIRS}')`, '42501'],
      ['an editor gives an own row away', scope('editor', 'system.change'), `update test_things set organisation_id = '${THEIRS}' where id = 1`, '42501'],
      ['a viewer writes', scope('viewer', 'system.see'), `insert into test_things values (9, '${MINE}')`, '42501'],
      ['an auditor writes', scope('auditor', 'system.see'), `update test_things set is_public = true`, '42501'],
      ['the public writes', publicScope, `delete from test_things`, '42501'],
      ['anybody reads a table nobody thought of', systemScope, `select * from test_forgotten`, '42501'],
      ['anybody turns the shield off', systemScope, `alter table test_things disable row level security`, '42501'],
      ['anybody reads what belongs to identity', systemScope, `select * from platform_migrations`, '42501'],
    ])('are refused when %s', async (_title, one, statement, code) => {
      await expect(within(one, async () => sql.raw(statement).execute(database.db))).rejects.toMatchObject({ code });
      expect(await within(systemScope, async () => ids(database))).toEqual([1, 2, 3, 4]);
    });

    it('of others are not there for a change or a removal', async () => {
      await within(scope('editor', 'system.change'), async () => {
        expect((await sql`update test_things set is_public = true where id in (2, 4)`.execute(database.db)).numAffectedRows).toBe(0n);
        expect((await sql`delete from test_things where id = 2`.execute(database.db)).numAffectedRows).toBe(0n);
      });
      expect(await within(systemScope, async () => ids(database))).toEqual([1, 2, 3, 4]);
    });

    it('stay apart when many work at once on few connections', async () => {
      const kinds: [Scope, readonly number[]][] = [[publicScope, [3]], [scope('viewer', 'system.see'), [1]], [systemScope, [1, 2, 3, 4]], [scope('editor', 'system.change'), [1]]];
      const answers = await Promise.all(
        Array.from({ length: 400 }, async (_, index) => {
          const [one, expected] = kinds[(index * 7) % kinds.length] ?? [publicScope, [3]];
          if (index % 10 === 3) await database.execute('select count(*) from test_forgotten');
          if (index % 10 === 7) {
            const found = await within(one, async () => database.db.transaction().execute(async (tx) => {
              const first = await sql<{ id: number }>`select id from test_things order by id`.execute(tx);
              await Promise.resolve();
              const again = await sql<{ id: number }>`select id from test_things order by id`.execute(tx);
              return [first, again].map(({ rows }) => rows.map((row) => row.id));
            }));
            return JSON.stringify(found) === JSON.stringify([expected, expected]);
          }
          return JSON.stringify(await within(one, async () => ids(database))) === JSON.stringify(expected);
        }),
      );
      expect(answers.filter((right) => !right)).toEqual([]);
    });

    it('are seen right again after a statement that failed and a transaction that was undone', async () => {
      await within(scope('viewer', 'system.see'), async () => expect(sql`select broken from nowhere`.execute(database.db)).rejects.toThrow());
      await within(systemScope, async () => expect(database.db.transaction().execute(async () => {
        throw new Error('undo');
      })).rejects.toThrow('undo'));
      expect(await within(publicScope, async () => ids(database))).toEqual([3]);
      expect((await database.execute('select count(*)::int as count from test_things')).rows).toEqual([{ count: 4 }]);
    });
  });

  describe('work without a scope', () => {
    it('reads and writes nothing', async () => {
      const bare = engine === 'embedded' ? await openInMemory() : await openDatabase({ dataDir: '', databaseUrl: await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? '') });
      try {
        await migrate(bare, [things]);
        await expect(ids(bare)).rejects.toMatchObject({ code: 'no-scope' });
        await expect(bare.db.transaction().execute(async () => undefined)).rejects.toMatchObject({ code: 'no-scope' });
        expect(await within(publicScope, async () => ids(bare))).toEqual([3]);
        await expect(ids(bare)).rejects.toMatchObject({ code: 'no-scope' });
      } finally {
        await bare.close();
      }
    });
  });
});
