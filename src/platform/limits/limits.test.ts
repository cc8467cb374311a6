/** Shared limits: never more than the limit says, whatever the order, the processes and the clock. */

import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { instant, type Instant } from '../../base/index.ts';
import { createServerDatabase, onEveryEngine } from '../../../test/support/engines.ts';
import { systemScope } from '../auth/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../db/index.ts';
import { type Limits, openLimits } from './limits.ts';
import { requestStore } from './request-store.ts';

const log = pino({ level: 'silent' });
const START = Date.parse('2026-11-23T09:00:00.000Z');
const url = process.env['TEST_DATABASE_URL'];

function withClock(database: Database): { readonly limits: Limits; readonly move: (toMs: number) => void } {
  let at = START;
  const limits = openLimits({ database, log, now: (): Instant => instant(new Date(at)) });
  limits.stop();
  return { limits, move: (toMs) => (at = START + toMs) };
}

/** The rule in its simplest form: a moment up to which everything taken is spread. Where arithmetic cannot tell a whole step from less, it goes with what was given. */
function model(max: number, windowMs: number): (atMs: number, asked: number, given: number) => number {
  const step = windowMs / max;
  let arrival = Number.NEGATIVE_INFINITY;
  return (at, asked, given) => {
    const from = Math.min(Math.max(arrival, at), at + windowMs);
    const free = (at + windowMs - from) / step + 1e-4;
    const whole = Math.round(free);
    const isEither = Math.abs(free - whole) < 1e-8 && (given === Math.min(asked, whole) || given === Math.min(asked, whole - 1));
    const granted = isEither ? given : Math.min(asked, Math.floor(free));
    // What a clock was ahead by is forgotten, also where nothing was granted.
    if (granted > 0 || arrival > from) arrival = from + Math.max(0, granted) * step;
    return Math.max(0, granted);
  };
}

describe('limits', () => {
  onEveryEngine((open) => {
    it('grant the burst, refuse the next and say how long to wait', async () => {
      const { limits, move } = withClock(await open(migrationsOf('platform')));
      const limit = { max: 5, windowSeconds: 900 };
      const given = [];
      for (let i = 0; i < 6; i++) given.push(await limits.take('sign-in account a', limit));
      expect(given.map(({ granted, remaining, retryAfterSeconds }) => [granted, remaining, retryAfterSeconds])).toEqual([[1, 4, 0], [1, 3, 0], [1, 2, 0], [1, 1, 0], [1, 0, 180], [0, 0, 180]]);
      expect((await limits.take('sign-in account b', limit)).granted).toBe(1);
      move(179_000);
      expect(await limits.take('sign-in account a', limit)).toMatchObject({ granted: 0, retryAfterSeconds: 1 });
      move(180_000);
      expect(await limits.take('sign-in account a', limit)).toMatchObject({ granted: 1, remaining: 0 });
      await limits.forget('sign-in account a');
      expect(await limits.take('sign-in account a', limit)).toMatchObject({ granted: 1, remaining: 4 });
    });

    it('agree with the rule on any order of times and amounts', async () => {
      const { limits, move } = withClock(await open(migrationsOf('platform')));
      let run = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 600 }),
          fc.array(fc.record({ gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120_000 }), fc.integer({ min: -6 * 3_600_000, max: 0 })), asked: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 25 }),
          async (max, windowSeconds, takes) => {
            const key = `property ${run++}`;
            const expected = model(max, windowSeconds * 1000);
            let at = 0;
            for (const { gapMs, asked } of takes) {
              at += gapMs;
              move(at);
              const taken = await limits.take(key, { max, windowSeconds }, asked);
              expect(taken.granted).toBe(expected(at, asked, taken.granted));
              // Nobody waits for longer than the window, also after a clock was set back.
              expect(taken.retryAfterSeconds).toBeLessThanOrEqual(Math.ceil(windowSeconds / max));
            }
          },
        ),
        {
          numRuns: 60,
          // Almost five steps are counted as five: the wait after them is still one step.
          examples: [[5, 600, [{ gapMs: 0, asked: 1 }, { gapMs: 119_988, asked: 2 }, { gapMs: 0, asked: 3 }]]],
        },
      );
    });

    it('never pass 2 × max − 1 in the length of a window', async () => {
      const { limits, move } = withClock(await open(migrationsOf('platform')));
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 10, maxLength: 40 }), async (max, gaps) => {
          const [key, windowMs] = [`window ${run++}`, 30_000];
          const granted: number[] = [];
          let at = 0;
          for (const gap of gaps) {
            at += gap;
            move(at);
            if ((await limits.take(key, { max, windowSeconds: windowMs / 1000 })).granted === 1) granted.push(at);
          }
          for (const from of granted) expect(granted.filter((one) => one >= from && one < from + windowMs).length).toBeLessThanOrEqual(2 * max - 1);
        }),
        { numRuns: 40 },
      );
    });

    it('store no key, and forget what limits nothing', async () => {
      const database = await open(migrationsOf('platform'));
      const limits = openLimits({ database, log });
      await limits.take('sign-in address 192.0.2.7', { max: 1, windowSeconds: 0.001 });
      await limits.take('sign-in address 192.0.2.8', { max: 1, windowSeconds: 3600 });
      const rows = async (): Promise<readonly Record<string, unknown>[]> => (await database.execute('select key from platform_limits')).rows;
      expect(JSON.stringify(await rows())).not.toContain('192');
      await database.execute('select pg_sleep(0.01)');
      await limits.prune();
      expect(await rows()).toHaveLength(1);
      limits.stop();
    });

    it('hold when many ask at the same moment', async () => {
      const { limits } = withClock(await open(migrationsOf('platform')));
      const taken = await Promise.all(Array.from({ length: 100 }, async () => limits.take('rush', { max: 7, windowSeconds: 60 })));
      expect(taken.filter(({ granted }) => granted === 1)).toHaveLength(7);
    });

    it('without a number or a window are a mistake of the program', async () => {
      const { limits } = withClock(await open(migrationsOf('platform')));
      for (const [max, windowSeconds] of [[0, 60], [1.5, 60], [5, 0], [5, 604_801]] as const) await expect(limits.take('x', { max, windowSeconds })).rejects.toThrow();
    });
  });

  it.skipIf(url === undefined)('count over processes', async () => {
    const databaseUrl = await createServerDatabase(url ?? '');
    const databases = await Promise.all([1, 2, 3].map(async () => openDatabase({ dataDir: '', databaseUrl }, { standing: systemScope })));
    await migrate(databases[0]!, migrationsOf('platform'));
    const nodes = databases.map((database) => openLimits({ database, log }));
    const taken = await Promise.all(Array.from({ length: 300 }, async (_, i) => nodes[i % 3]!.take('shared', { max: 50, windowSeconds: 3600 })));
    expect(taken.filter(({ granted }) => granted === 1)).toHaveLength(50);
    for (const node of nodes) node.stop();
    await Promise.all(databases.map(async (database) => database.close()));
  });
});

describe('the store of requests', () => {
  const ask = async (store: { incr(key: string, callback: (error: Error | null, result?: { current: number; ttl: number }) => void, timeWindow: number, max: number): void }, key: string, max: number): Promise<{ current: number; ttl: number }> =>
    new Promise((resolve, reject) => store.incr(key, (error, result) => (error === null && result !== undefined ? resolve(result) : reject(error ?? new Error('no result'))), 60_000, max));

  onEveryEngine((open) => {
    it('lets exactly the limit through from two processes, with few questions to the database', async () => {
      const { limits } = withClock(await open(migrationsOf('platform')));
      let asked = 0;
      const counting = { take: async (...given: Parameters<Limits['take']>) => ((asked += 1), limits.take(...given)) };
      const Store = requestStore(counting);
      const stores = [new Store({}), new Store({})];
      let passed = 0;
      for (let i = 0; i < 1500; i++) if ((await ask(stores[i % 2]!, '192.0.2.1', 1200)).current <= 1200) passed += 1;
      expect(passed).toBe(1200);
      expect(asked).toBeLessThan(80);
      expect((await ask(stores[0]!, '192.0.2.2', 1200)).current).toBe(1);
    });

    it('holds requests of one key that come together', async () => {
      const { limits } = withClock(await open(migrationsOf('platform')));
      const store = new (requestStore(limits))({});
      const answers = await Promise.all(Array.from({ length: 60 }, async () => ask(store, 'k', 20)));
      expect(answers.filter(({ current }) => current <= 20)).toHaveLength(20);
      expect(answers.filter(({ current }) => current > 20).every(({ ttl }) => ttl > 0 && ttl <= 60_000)).toBe(true);
    });
  });

  it('hands on the failure of the database', async () => {
    const store = new (requestStore({ take: async () => Promise.reject(new Error('away')) }))({});
    await expect(ask(store, 'k', 20)).rejects.toThrow('away');
  });
});
