/** Plans of migrations: what is missing, unknown or changed, and what each statement means for a table in use. */

import { describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../test/support/engines.ts';
import { type Migration, migrationsOf } from './index.ts';
import { planMigrations, statementsOf, touchesOf } from './plan.ts';

describe('statements', () => {
  it.each([
    ['', []],
    ['select 1; select 2', ['select 1', 'select 2']],
    [`insert into a values ('x;y''; z'); -- not; this\nselect 1;`, [`insert into a values ('x;y''; z')`, 'select 1']],
    ['create function f() as $f$ begin; end; $f$; /* ; */ select "a;b"', ['create function f() as $f$ begin; end; $f$', 'select "a;b"']],
    ['select 1 - 2 / 3; select $1', ['select 1 - 2 / 3', 'select $1']],
  ] as const)('of %j', (sql, expected) => {
    expect(statementsOf(sql)).toEqual(expected);
  });

  it.each([
    ['alter table a add column b text', 'lock'],
    ["alter table a add column b text not null default ''", 'lock'],
    ['alter table a add column b uuid default gen_random_uuid()', 'rewrite'],
    ['alter table a alter column b type bigint', 'rewrite'],
    ['alter table public.a add column b bigint generated always as identity', 'rewrite'],
    ['alter table "a" alter column b set not null', 'scan'],
    ['alter table a add constraint c check (b > 0)', 'scan'],
    ['alter table a add constraint c check (b > 0) not valid', 'lock'],
    ['alter table a add column b uuid references c (id)', 'scan'],
    ['alter table a drop column b', 'remove'],
    ['alter table a rename to b', 'remove'],
    ['alter table a enable row level security', 'lock'],
    ['create unique index i on a (b)', 'index'],
    ['update a set b = 1', 'rows'],
    ['delete from a', 'rows'],
    ['drop table if exists a', 'remove'],
    ['create policy p on a for select using (true)', 'lock'],
  ] as const)('%s: %s', (statement, effect) => {
    expect(touchesOf([statement])).toEqual([{ table: 'a', effect, statement }]);
  });

  it('on tables of the same migration cost nothing', () => {
    expect(touchesOf(['create table a (id integer)', 'create index i on a (id)', 'insert into a values (1)', 'create view v as select 1'])).toEqual([]);
  });
});

onEveryEngine((open) => {
  it('a plan changes nothing and tells rows', async () => {
    const first: Migration = { id: 'test/0001-one', sql: 'create table test_one (id integer primary key); insert into test_one select generate_series(1, 1000);' };
    const second: Migration = { id: 'test/0002-two', sql: 'alter table test_one add column word text; create index test_one_word on test_one (word); create table test_two (id integer);' };
    const third: Migration = { id: 'test/0003-three', sql: 'update test_one set word = id::text;' };
    const database = await open([first]);
    await database.execute('analyze');
    // The platform's own come before any other.
    const own = migrationsOf('platform');
    const plan = await planMigrations(database, [...own, first, second, third]);
    expect(plan).toMatchObject({ applied: own.length + 1, unknown: [], changed: [] });
    expect(plan.pending.map(({ id, statements, touches }) => [id, statements, touches.map(({ effect, rows }) => [effect, rows])])).toEqual([
      [second.id, 3, [['lock', 1000], ['index', 1000]]],
      [third.id, 1, [['rows', 1000]]],
    ]);
    expect((await planMigrations(database, own)).unknown).toEqual([first.id]);
    expect((await planMigrations(database, [{ ...first, sql: 'select 1' }])).changed).toEqual([first.id]);
    expect((await database.execute(`select to_regclass('test_two') is null as absent`)).rows).toEqual([{ absent: true }]);
  });
});
