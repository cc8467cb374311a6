/** The writer on both engines: batches, order, one pen, every effect lost before and after it happened, and every way a tail can be missing. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { within, systemScope } from '../../../platform/auth/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { fromUtf8, sameBytes, utf8 } from '../../../proof/bytes.ts';
import { leafHash, rootOf } from '../../../proof/merkle.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import type { Admission, Standing } from '../model.ts';
import { logKey, readHead } from '../rules/log-key.ts';
import { openHeadStore } from '../store/head-file.ts';
import { createSequenceStore, type SequenceStore } from '../store/sequence.ts';
import { ledgerTables } from '../store/tables.ts';
import { openTailStore } from '../store/tail-file.ts';
import type { Effect, Perform } from './recover.ts';
import { createWriter, type Writer } from './writer.ts';

const KEY = logKey('log.example', 'a secret of this test alone, long enough');
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mizan-ledger-'));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

interface World {
  readonly database: Database;
  readonly dataDir: string;
  readonly store: SequenceStore;
}

interface Opened {
  readonly writer: Writer;
  readonly troubles: unknown[];
  readonly standings: Standing[];
}

onEveryEngine((open) => {
  let world: World;
  const writers: Writer[] = [];
  let database: Database | undefined;
  beforeEach(async () => {
    database ??= await open(migrationsOf('ledger'));
    // One database serves all: triggers step aside, as they do for a restore.
    await database.execute(`begin; set local session_replication_role = replica; truncate ledger_pending, ledger_entries, ledger_tiles, ledger_heads, ledger_cosignatures; delete from ledger_writer; insert into ledger_writer default values; commit`);
    world = { database, dataDir: folder(), store: createSequenceStore(database) };
  });
  afterEach(async () => {
    for (const writer of writers.splice(0)) await writer.close();
  });

  const start = ({ perform = async (_effect, run) => { await run(); }, alone = true, dataDir = world.dataDir, key = KEY, admission }: { readonly perform?: Perform; readonly alone?: boolean; readonly dataDir?: string; readonly key?: typeof KEY; readonly admission?: Admission } = {}): Opened => {
    const [troubles, standings]: [unknown[], Standing[]] = [[], []];
    const writer = createWriter(
      { store: world.store, head: openHeadStore(dataDir), tail: openTailStore(dataDir), key, holder: randomUUID(), alone, perform },
      { admission: () => admission, onHead: () => undefined, onTrouble: (error) => troubles.push(error), onStanding: (standing) => standings.push(standing), asSystem: async (work) => within(systemScope, work) },
    );
    writers.push(writer);
    return { writer, troubles, standings };
  };
  const record = async (...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await ledgerTables(world.database).insertInto('ledger_pending').values({ entry: Buffer.from(text) }).execute();
  };
  const texts = async (): Promise<(string | undefined)[]> => (await world.store.entries(0, 100_000)).map(({ entry }) => fromUtf8(entry));
  const signedHead = (): { readonly size: number; readonly root: Uint8Array } => {
    const read = readHead(KEY, openHeadStore(world.dataDir).read() ?? '');
    if (!read.ok) throw new Error(read.refusal);
    return read.value;
  };
  const many = (count: number, name = 'entry'): string[] => Array.from({ length: count }, (_, at) => `${name} ${at}\n`);
  const appendAll = async (writer: Writer, given: readonly string[]): Promise<(number | string)[]> => (await writer.append(given.map(utf8))).map((one) => (one.ok ? one.value : one.refusal.code));
  /** The head on the disk is the root of exactly the rows there are, tiles included. */
  const expectWhole = async (): Promise<void> => {
    const entries = await world.store.entries(0, 100_000);
    expect(entries.map(({ index }) => index)).toEqual(entries.map((_, at) => at));
    const { size, root } = signedHead();
    expect(size).toBe(entries.length);
    expect(sameBytes(root, rootOf(nodeSuite, entries.map(({ entry }) => leafHash(nodeSuite, entry))))).toBe(true);
    expect((await ledgerTables(world.database).selectFrom('ledger_tiles').select('index').where('level', '=', 0).execute()).length).toBe(Math.floor(size / 256));
  };

  describe('a batch', () => {
    it('answers indexes in the order given, across tiles', async () => {
      const { writer } = start();
      const given = many(700);
      expect(await appendAll(writer, given)).toEqual(given.map((_, at) => at));
      expect(await texts()).toEqual(given);
      await expectWhole();
    });

    it('takes what waits in the database first, once', async () => {
      await record('one\n', 'two\n');
      const { writer } = start();
      expect(await appendAll(writer, ['three\n'])).toEqual([2]);
      await writer.drain();
      expect(await texts()).toEqual(['one\n', 'two\n', 'three\n']);
      expect(await world.store.countWaiting()).toBe(0);
      await expectWhole();
    });

    it('leaves out what is not admitted, and goes on', async () => {
      const { writer } = start({ admission: (index, entry) => (fromUtf8(entry)?.startsWith('bad') === true ? { ok: false, refusal: `not at ${index}` } : { ok: true, value: undefined }) });
      expect(await appendAll(writer, ['a\n', 'bad\n', 'b\n'])).toEqual([0, 'ledger-entry-refused', 1]);
      await expectWhole();
    });

    it('goes on where an earlier process stopped', async () => {
      const first = start();
      await appendAll(first.writer, many(300));
      await first.writer.close();
      const second = start();
      expect(await appendAll(second.writer, ['next\n'])).toEqual([300]);
      await expectWhole();
    });
  });

  describe('the pen', () => {
    it('is one writer’s until it is given back', async () => {
      const one = start({ alone: false });
      await appendAll(one.writer, ['a\n']);
      const two = start({ alone: false });
      await expect(two.writer.append([utf8('b\n')])).rejects.toMatchObject({ code: 'ledger-following' });
      await one.writer.close();
      expect(await appendAll(two.writer, ['b\n'])).toEqual([1]);
      await expectWhole();
    });

    it('taken by another writes nothing with the old token', async () => {
      const one = start({ alone: false });
      await appendAll(one.writer, ['a\n']);
      const other = randomUUID();
      const token = await world.store.takePen(other, true);
      const standing = one.writer.standing();
      if (standing.state !== 'signing' || token === undefined) throw new Error('signing');
      expect(token).toBeGreaterThan(standing.token);
      await expect(one.writer.append([utf8('b\n')])).rejects.toMatchObject({ code: 'ledger-following' });
      expect(await texts()).toEqual(['a\n']);
    });
  });

  describe('an effect that fails', () => {
    const EFFECTS: readonly Effect[] = ['commit', 'tail', 'head'];
    const cases = EFFECTS.flatMap((effect) => [false, true].map((isDone) => [effect, isDone ? 'after it happened' : 'before it happened', isDone] as const));
    const breaking = (effect: Effect, isDone: boolean, times: number): Perform => {
      let left = times;
      return async (one, run) => {
        const breaks = one === effect && left > 0 && signedSize() > 0;
        if (breaks) left -= 1;
        if (breaks && !isDone) throw new Error('lost before');
        await run();
        if (breaks) throw new Error('lost after');
      };
    };
    const signedSize = (): number => {
      try {
        return signedHead().size;
      } catch {
        return 0;
      }
    };

    it.each(cases)('%s, %s, is mended by the same process', async (effect, _when, isDone) => {
      const { writer } = start({ perform: breaking(effect, isDone, 1) });
      expect(await appendAll(writer, ['first\n'])).toEqual([0]);
      await record('waits\n');
      const given = many(300);
      expect(new Set(await appendAll(writer, given)).size).toBe(300);
      await writer.drain();
      expect((await texts()).toSorted()).toEqual(['first\n', 'waits\n', ...given].toSorted());
      await expectWhole();
    });

    it.each(cases)('%s, %s, and the process with it, is mended by the next one', async (effect, _when, isDone) => {
      const broken = start({ perform: breaking(effect, isDone, 99) });
      await appendAll(broken.writer, ['first\n']);
      await record('waits\n');
      const told = await appendAll(broken.writer, ['in doubt\n']).catch((error: unknown) => String(error));
      await broken.writer.close();
      const next = start();
      expect(typeof (await appendAll(next.writer, ['later\n']))[0]).toBe('number');
      const all = await texts();
      // Whoever was told an index finds the entry there; who was told of a fault finds it once or not at all.
      if (typeof told === 'string') expect(told).toContain('lost');
      else expect(told.map((index) => all[Number(index)])).toEqual(['in doubt\n']);
      expect(all.filter((one) => one === 'waits\n')).toHaveLength(1);
      expect(all.filter((one) => one === 'in doubt\n').length).toBeLessThanOrEqual(1);
      expect(all[0]).toBe('first\n');
      await expectWhole();
    });
  });

  describe('a log that is not the one that was signed last', () => {
    /** As if the rows from `size` on had never been, as after a restore of an old backup. */
    const forget = async (size: number, keepsSize = false): Promise<void> => {
      await world.database.execute(`begin; set local session_replication_role = replica; delete from ledger_entries where index >= ${size}; delete from ledger_tiles where (index + 1) * power(256, level + 1) > ${size}; ${keepsSize ? '' : `update ledger_writer set size = ${size};`} commit`);
    };
    const fill = async (count: number): Promise<void> => {
      const { writer } = start();
      await appendAll(writer, many(count));
      await writer.close();
    };
    const stateOf = async (opened: Opened): Promise<string> => {
      await opened.writer.drain().catch(() => undefined);
      const standing = opened.writer.standing();
      return standing.state === 'halted' ? standing.halt : standing.state;
    };

    it('gets back from the tail what the database lost, and what waited again is not written twice', async () => {
      await fill(600);
      await forget(400);
      await record('entry 500\n');
      const next = start();
      expect(await appendAll(next.writer, ['after\n'])).toEqual([600]);
      expect(await texts()).toEqual([...many(600), 'after\n']);
      await expectWhole();
    });

    it.each<readonly [string, () => Promise<void>, string]>([
      ['whose tail is lost in both places', async () => { await fill(300); await forget(200); rmSync(join(world.dataDir, 'log', 'tail'), { recursive: true }); }, 'tail-lost'],
      ['whose rows were deleted behind the writer', async () => { await fill(10); await forget(9, true); rmSync(join(world.dataDir, 'log', 'tail'), { recursive: true }); }, 'tail-lost'],
      ['whose head is gone', async () => { await fill(3); rmSync(join(world.dataDir, 'log', 'head')); }, 'head-missing'],
      ['whose head is no head', async () => { await fill(3); writeFileSync(join(world.dataDir, 'log', 'head'), 'x'); }, 'head-damaged'],
      ['whose entry was changed', async () => { await fill(3); await world.database.execute(`begin; set local session_replication_role = replica; update ledger_entries set entry = 'other' where index = 1; commit`); }, 'history-differs'],
      ['to which somebody else added', async () => { await fill(3); await ledgerTables(world.database).insertInto('ledger_entries').values({ index: 3, entry: Buffer.from('smuggled') }).execute(); }, 'foreign-entries'],
      ['with a gap', async () => { await fill(300); await world.database.execute(`begin; set local session_replication_role = replica; delete from ledger_entries where index = 299; insert into ledger_entries (index, entry) values (300, 'x'); update ledger_writer set size = 301; commit`); }, 'rows-missing'],
    ])('%s signs nothing', async (_title, harm, halt) => {
      await harm();
      await record('waits\n');
      const before = openHeadStore(world.dataDir).read();
      const next = start();
      expect(await stateOf(next)).toBe(halt);
      await expect(next.writer.append([utf8('b\n')])).rejects.toMatchObject({ code: 'ledger-halted' });
      expect(openHeadStore(world.dataDir).read()).toBe(before);
      expect(await world.store.countWaiting()).toBe(1);
      expect(next.standings.at(-1)?.state).toBe('halted');
    });

    it('is not signed by another key or under another name', async () => {
      await fill(1);
      expect(await stateOf(start({ key: logKey('log.example', 'quite another secret of the same length') }))).toBe('other-key');
      expect(await stateOf(start({ key: logKey('other.example', 'a secret of this test alone, long enough') }))).toBe('other-origin');
    });
  });

  describe('what stands', () => {
    it.each([
      [`update ledger_entries set entry = 'x'`],
      ['delete from ledger_entries'],
      ['truncate ledger_entries cascade'],
      [`update ledger_tiles set index = index + 1000`],
      ['delete from ledger_tiles'],
      [`update ledger_pending set entry = 'x'`],
      ['delete from ledger_pending'],
      ['truncate ledger_pending'],
      ['update ledger_writer set size = size - 1'],
      ['update ledger_writer set token = token - 1'],
      [`update ledger_writer set origin = 'other'`],
      ['delete from ledger_writer'],
      ['truncate ledger_writer'],
    ])('%s is refused to the owner of the tables too', async (statement) => {
      const { writer } = start();
      await appendAll(writer, many(256));
      await writer.close();
      await record('waits\n');
      await expect(world.database.execute(statement)).rejects.toThrow();
      await expect(sql.raw(statement).execute(world.database.db)).rejects.toThrow();
      expect(await texts()).toEqual(many(256));
    });
  });
});
