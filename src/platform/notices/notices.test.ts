/** Notices: told once to every process, only after the commit, in spite of lost connections and of transactions that end out of order. */

import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import pino from 'pino';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json } from '../../base/index.ts';
import { createServerDatabase, onEveryEngine } from '../../../test/support/engines.ts';
import { systemScope } from '../auth/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../db/index.ts';
import type { Notices } from './model.ts';
import { openNotices } from './notices.ts';

const log = pino({ level: 'silent' });
const url = process.env['TEST_DATABASE_URL'];

interface Listening {
  readonly notices: Notices;
  readonly heard: Json[];
}

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of opened.reverse()) await one.close();
});

async function listen(database: Database, databaseUrl: string | undefined): Promise<Listening> {
  const heard: Json[] = [];
  const notices = await openNotices({ database, databaseUrl, log });
  notices.on('test.told', ({ payload }) => void heard.push(payload));
  notices.on('test.hinted', () => void heard.push('hint'));
  await notices.begin();
  opened.push({ close: async () => notices.stop() });
  return { notices, heard };
}

describe('notices', () => {
  onEveryEngine((open) => {
    it('are told to the process itself, in order', async () => {
      const { notices, heard } = await listen(await open(migrationsOf('platform')), undefined);
      for (const number of [1, 2, 3]) await notices.announce('test.told', { number });
      await notices.catchUp();
      expect(heard).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    });

    it('of a transaction are told when it commits, and never when it does not', async () => {
      const database = await open(migrationsOf('platform'));
      const { notices, heard } = await listen(database, undefined);
      await database.db.transaction().execute(async (tx) => {
        await notices.announce('test.told', 'committed', tx);
        expect(heard).toEqual([]);
      });
      await database.db.transaction().execute(async (tx) => {
        await notices.announce('test.told', 'undone', tx);
        throw new Error('undo');
      }).catch(() => undefined);
      await notices.catchUp();
      expect(heard).toEqual(['committed']);
    });

    it('from before a process began are not told to it', async () => {
      const database = await open(migrationsOf('platform'));
      const first = await listen(database, undefined);
      await first.notices.announce('test.told', 'old');
      const second = await listen(database, undefined);
      await first.notices.announce('test.told', 'new');
      await second.notices.catchUp();
      expect(second.heard).toEqual(['new']);
    });

    it('go on after a handler that throws', async () => {
      const database = await open(migrationsOf('platform'));
      const notices = await openNotices({ database, databaseUrl: undefined, log });
      const heard: Json[] = [];
      notices.on('test.told', () => {
        throw new Error('broken handler');
      });
      notices.on('test.told', ({ payload, own }) => void heard.push({ payload, own }));
      await notices.announce('test.told', 1);
      await notices.announce('test.told', 2);
      await notices.catchUp();
      expect(heard).toEqual([{ payload: 1, own: true }, { payload: 2, own: true }]);
      await notices.stop();
    });

    it('have a topic in kebab words and a small payload', async () => {
      const { notices } = await listen(await open(migrationsOf('platform')), undefined);
      for (const topic of ['Test.told', 'test told', '', 'x'.repeat(81)]) await expect(notices.announce(topic, null)).rejects.toThrow();
      await expect(notices.announce('test.told', 'x'.repeat(20_000))).rejects.toThrow('small');
    });
  });

  describe.skipIf(url === undefined)('between processes on PostgreSQL', () => {
    const pair = async (): Promise<{ readonly url: string; readonly one: Listening; readonly other: Listening; readonly databases: readonly [Database, Database] }> => {
      const databaseUrl = await createServerDatabase(url ?? '');
      const databases = [await openDatabase({ dataDir: '', databaseUrl }, { standing: systemScope }), await openDatabase({ dataDir: '', databaseUrl }, { standing: systemScope })] as const;
      await migrate(databases[0], migrationsOf('platform'));
      const [one, other] = [await listen(databases[0], databaseUrl), await listen(databases[1], databaseUrl)];
      for (const database of databases) opened.unshift(database);
      return { url: databaseUrl, one, other, databases };
    };

    it('reach the other one', async () => {
      const { one, other } = await pair();
      await one.notices.announce('test.told', { law: 'x' });
      await expect.poll(() => other.heard).toEqual([{ law: 'x' }]);
      await expect.poll(() => one.heard).toEqual([{ law: 'x' }]);
    });

    it('reach both once when transactions commit in another order than they began', async () => {
      const { one, other, databases } = await pair();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let begun = (): void => undefined;
      const inside = new Promise<void>((resolve) => (begun = resolve));
      const slow = databases[0].db.transaction().execute(async (tx) => {
        await one.notices.announce('test.told', 'began first', tx);
        begun();
        await held;
      });
      await inside;
      for (let i = 0; i < 20; i++) await other.notices.announce('test.told', i);
      await one.notices.catchUp();
      await expect.poll(() => one.heard).toEqual(Array.from({ length: 20 }, (_, i) => i));
      release();
      await slow;
      await expect.poll(() => [one.heard.length, other.heard.length]).toEqual([21, 21]);
      await one.notices.catchUp();
      await other.notices.catchUp();
      expect([one.heard.at(-1), one.heard.length, other.heard.length]).toEqual(['began first', 21, 21]);
    });

    it('that were missed are learnt after the connection was cut', async () => {
      const { url: databaseUrl, one, other } = await pair();
      const admin = new pg.Client({ connectionString: databaseUrl });
      await admin.connect();
      const cut = await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'mizan notices'`);
      expect(cut.rowCount).toBe(2);
      await one.notices.announce('test.told', 'while nobody listened');
      await expect.poll(() => other.heard, { timeout: 15_000 }).toEqual(['while nobody listened']);
      await expect.poll(async () => (await admin.query(`select 1 from pg_stat_activity where datname = current_database() and application_name = 'mizan notices'`)).rowCount, { timeout: 15_000 }).toBe(2);
      await one.notices.announce('test.told', 'again');
      await expect.poll(() => other.heard, { timeout: 4_000 }).toEqual(['while nobody listened', 'again']);
      await admin.end();
    });

    it('come through by reading when no notification does', async () => {
      const { one, other, databases } = await pair();
      await sql`insert into platform_notices (topic, payload, node) values ('test.told', '"unheard"'::jsonb, gen_random_uuid())`.execute(databases[0].db);
      await expect.poll(() => [one.heard, other.heard], { timeout: 15_000 }).toEqual([['unheard'], ['unheard']]);
    });

    it('that are hints reach the others only, many as one', async () => {
      const { one, other } = await pair();
      for (let i = 0; i < 50; i++) one.notices.hint('test.hinted');
      await expect.poll(() => other.heard).toEqual(['hint']);
      await pause(300);
      expect([one.heard, other.heard]).toEqual([[], ['hint']]);
    });

    it('pass over what others send on the channel', async () => {
      const { one, other, databases } = await pair();
      for (const text of ['no json', '{}', '{"node":1,"topic":2}', '[]', '{"node":"x","topic":"Not A Topic"}']) await databases[0].execute(`select pg_notify('mizan_notices', $1)`, [text]);
      await one.notices.announce('test.told', 'still here');
      await expect.poll(() => other.heard).toEqual(['still here']);
    });

    it('are told once each to three readers while many write at once', async () => {
      const { one, other, databases } = await pair();
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let i = 0; i < 100; i++) {
          const database = databases[writer % 2 === 0 ? 0 : 1];
          await database.db.transaction().execute(async (tx) => {
            await (writer % 2 === 0 ? one : other).notices.announce('test.told', writer * 100 + i, tx);
            if (i % 3 === 0) await pause(1);
            if (i % 10 === 9) throw new Error('undo');
          }).catch(() => undefined);
        }
      });
      await Promise.all(writers);
      await one.notices.catchUp();
      await other.notices.catchUp();
      const expected = Array.from({ length: 800 }, (_, i) => i).filter((i) => i % 10 !== 9);
      for (const { heard } of [one, other]) expect([...(heard as number[])].sort((a, b) => a - b)).toEqual(expected);
    });
  });
});
