/** Only the database's own last words count, and after them nothing is asked of it: real PGlite, told by hand. */

import { PGlite } from '@electric-sql/pglite';
import { Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createBreakage, shield, ShieldedDialect } from './breakage.ts';

const LAST_WORDS = '2026-11-23 14:56:37.674 UTC [42] PANIC:  could not write to file "pg_wal/xlogtemp.42": No space left on device';

describe('the log of the embedded database', () => {
  it.each([
    [LAST_WORDS, true],
    ['2026-11-23 14:56:37.674 UTC [42] ERROR:  could not extend file: No space left on device', false],
    ['2026-11-23 14:56:37.674 UTC [42] DETAIL:  Key (name)=(PANIC:  stop) already exists.', false],
    [`\t${LAST_WORDS}`, false],
    ['PANIC:  a text that somebody saved', false],
    ['', false],
  ])('%j ends it: %s', (line, ends) => {
    const breakage = createBreakage();
    breakage.hear(line);
    expect(breakage.signal.aborted).toBe(ends);
  });
});

describe('a broken database', () => {
  it('refuses statements, transactions under way, waiting and new ones, and leaves no promise behind', async () => {
    const pglite = await PGlite.create();
    const breakage = createBreakage();
    shield(pglite, breakage);
    const db = new Kysely<object>({ dialect: new ShieldedDialect({ pglite }, breakage.signal) });
    const refused = { code: 'database-broken' };
    const ask = async (): Promise<unknown> => sql`select 1`.execute(db);
    await expect(ask()).resolves.toMatchObject({ rows: [{}] });
    let waiting: Promise<unknown> | undefined;
    const underWay = db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx);
      waiting = db.transaction().execute(async (other) => sql`select 1`.execute(other)).catch((error: unknown) => error);
      breakage.hear(LAST_WORDS);
      await sql`select 1`.execute(tx);
    });
    await expect(underWay).rejects.toMatchObject(refused);
    expect(await waiting).toMatchObject(refused);
    for (let n = 0; n < 3; n++) {
      await expect(ask()).rejects.toMatchObject(refused);
      await expect(db.transaction().execute(async () => undefined)).rejects.toMatchObject(refused);
      await expect(pglite.exec('select 1')).rejects.toMatchObject(refused);
    }
  });
});
