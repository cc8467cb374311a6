/** Migrations on both engines: applied once, in order, all or nothing, never changed afterwards, and by one of many starters. */

import { describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../test/support/engines.ts';
import { migrate, type Migration, migrationsOf } from './index.ts';

const first: Migration = { id: 'test/0001-create', sql: 'create table test_things (id integer primary key, name text not null);' };
const second: Migration = { id: 'test/0002-fill', sql: `insert into test_things values (1, 'one; not the end'); insert into test_things values (2, 'two');` };

onEveryEngine((open) => {
  describe('migrations', () => {
    it('are applied once and in order', async () => {
      const database = await open([]);
      expect(await migrate(database, [first, second])).toEqual([first.id, second.id]);
      expect(await migrate(database, [first, second])).toEqual([]);
      expect((await database.execute('select name from test_things order by id')).rows).toEqual([{ name: 'one; not the end' }, { name: 'two' }]);
    });

    it('that were applied may not change', async () => {
      const database = await open([first]);
      await expect(migrate(database, [{ ...first, sql: `${first.sql} ` }])).rejects.toMatchObject({ code: 'migration-changed', detail: { id: first.id } });
      expect(await migrate(database, [first])).toEqual([]);
    });

    it('that fail keep nothing, and the next start tries again', async () => {
      const database = await open([first]);
      const broken: Migration = { id: second.id, sql: `${second.sql} insert into test_nowhere values (1);` };
      await expect(migrate(database, [first, broken])).rejects.toMatchObject({ code: 'migration-failed', detail: { id: second.id } });
      expect((await database.execute('select count(*)::int as count from test_things')).rows).toEqual([{ count: 0 }]);
      expect(await migrate(database, [first, second])).toEqual([second.id]);
    });

    it('of starters that come at once are applied by one', async () => {
      const database = await open([]);
      await migrate(database, []);
      await Promise.all([1, 2, 3, 4].map(async () => migrate(database, [first, second])));
      expect((await database.execute(`select id from platform_migrations where id like 'test/%' order by id`)).rows.map((row) => row['id'])).toEqual([first.id, second.id]);
      expect((await database.execute('select count(*)::int as count from test_things')).rows).toEqual([{ count: 2 }]);
    });

    it('of the platform stand', async () => {
      const database = await open(migrationsOf('platform'));
      expect((await database.execute(`select to_regclass('platform_jobs') is not null as there`)).rows).toEqual([{ there: true }]);
    });
  });

  describe('the database', () => {
    it('answers the rows of every statement of a text', async () => {
      const database = await open([]);
      expect((await database.execute('select 1 as a; select 2 as a; select 3 as a where false')).rows).toEqual([{ a: 1 }, { a: 2 }]);
    });

    it('gives dates and instants as text, and big integers as numbers', async () => {
      const database = await open([]);
      const { rows } = await database.execute(`select date '2026-02-03' as day, timestamptz '2026-02-03 04:05:06.789+04' as at, 9007199254740991::bigint as big, null::date as none`);
      expect(rows).toEqual([{ day: '2026-02-03', at: '2026-02-03T00:05:06.789Z', big: 9_007_199_254_740_991, none: null }]);
    });

    it('keeps other work out of a transaction that is undone', async () => {
      const database = await open([first]);
      const db = database.vault.withTables<{ test_things: { id: number; name: string } }>();
      let inside: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (inside = resolve));
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      const undone = db.transaction().execute(async (tx) => {
        await tx.insertInto('test_things').values({ id: 1, name: 'undone' }).execute();
        inside();
        await gate;
        throw new Error('undo');
      });
      await begun;
      const outside = [db.insertInto('test_things').values({ id: 2, name: 'kept' }).execute(), database.execute(`insert into test_things values (3, 'kept')`), db.transaction().execute(async (tx) => tx.insertInto('test_things').values({ id: 4, name: 'kept' }).execute())];
      go();
      await expect(undone).rejects.toThrow('undo');
      await Promise.all(outside);
      expect((await db.selectFrom('test_things').select('id').orderBy('id').execute()).map((row) => row.id)).toEqual([2, 3, 4]);
    });
  });
});
