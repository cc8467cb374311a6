/** Jobs on both engines: progress, results, cancellation, failure, limits, and going on after the process died. */

import { describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../test/support/engines.ts';
import { Fault, type Json } from '../../base/index.ts';
import { storeScope, systemScope } from '../auth/index.ts';
import { systemClock } from '../clock/index.ts';
import { type Database, migrationsOf } from '../db/index.ts';
import { createLog } from '../log/index.ts';
import { createJobs, type JobHandler, type Jobs, type JobView, TryLater } from './index.ts';
import { JOB_ATTEMPTS_MAX, JOBS_RUNNING_MAX } from './model.ts';
import { createJobStore } from './store.ts';

const log = createLog({ logLevel: 'silent' });

onEveryEngine((open, engine) => {
  async function withJobs(handlers: Readonly<Record<string, JobHandler>>, use: (jobs: Jobs, database: Database) => Promise<void>, database?: Database): Promise<void> {
    const on = database ?? (await open(migrationsOf('platform')));
    const jobs = await createJobs({ database: on, clock: systemClock, log });
    for (const [name, handler] of Object.entries(handlers)) jobs.define(name, handler, { policy: 'job.cancel' });
    await jobs.begin();
    try {
      await use(jobs, on);
    } finally {
      await jobs.stop();
    }
  }

  describe('a job', () => {
    it('tells its progress and keeps its result', async () => {
      const seen: JobView[] = [];
      let go: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (go = resolve));
      await withJobs(
        {
          'test.count': async (job) => {
            await gate;
            const { to } = job.input as { to: number };
            for (let done = 1; done <= to; done++) job.progress(done, to, `row ${done}`);
            return { counted: to, list: [1, 'two', null] };
          },
        },
        async (jobs) => {
          const id = await jobs.start('test.count', { to: 3 });
          const stopWatching = jobs.watch(id, (view) => seen.push(view));
          go();
          const view = await jobs.wait(id);
          stopWatching();
          expect(view).toMatchObject({ state: 'done', done: 3, total: 3, note: 'row 3', result: { counted: 3, list: [1, 'two', null] }, attempts: 1, error: null });
          expect(view.finishedAt).toMatch(/^\d{4}-.*Z$/);
          expect(seen.at(-1)?.state).toBe('done');
          expect(seen.map((one) => one.done)).toEqual(expect.arrayContaining([1, 2, 3]));
          expect((await jobs.list()).map((one) => one.id)).toEqual([id]);
          expect(await jobs.list({ name: 'test.other' })).toEqual([]);
        },
      );
    });

    it('that fails says why, and a programming error is not shown', async () => {
      const handlers: Record<string, JobHandler> = {
        'test.fault': async () => {
          throw new Fault('disk-full', 'The disk is full.');
        },
        'test.error': async () => {
          throw new TypeError('secret of line 12');
        },
      };
      await withJobs(handlers, async (jobs) => {
        expect(await jobs.wait(await jobs.start('test.fault', null))).toMatchObject({ state: 'failed', error: { code: 'disk-full', message: 'The disk is full.' } });
        const view = await jobs.wait(await jobs.start('test.error', null));
        expect(view).toMatchObject({ state: 'failed', error: { code: 'job-fault' } });
        expect(JSON.stringify(view)).not.toContain('secret');
      });
    });

    it('is cancelled while it runs and while it waits', async () => {
      const started: string[] = [];
      const untilAborted: JobHandler = async (job) => {
        started.push(job.id);
        await new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
        return null;
      };
      await withJobs({ 'test.slow': untilAborted }, async (jobs) => {
        const [first, second] = [await jobs.start('test.slow', 1), await jobs.start('test.slow', 2)];
        await expect.poll(() => started.length, { timeout: 20_000 }).toBe(2);
        const third = await jobs.start('test.slow', 3);
        expect((await jobs.cancel(third))?.state).toBe('cancelled');
        await jobs.cancel(first);
        await jobs.cancel(second);
        expect((await jobs.wait(first)).state).toBe('cancelled');
        expect((await jobs.wait(second)).state).toBe('cancelled');
        expect(started).toHaveLength(2);
        expect(jobs.running()).toBe(0);
        expect(await jobs.cancel('00000000-0000-4000-8000-000000000000')).toBeUndefined();
        expect((await jobs.cancel(third))?.state).toBe('cancelled');
      });
    });

    it('exists only when the transaction that started it commits', async () => {
      let runs = 0;
      await withJobs({ 'test.once': async () => ++runs }, async (jobs, database) => {
        let lost = '';
        await expect(database.db.transaction().execute(async (tx) => {
          lost = await jobs.start('test.once', null, tx);
          throw new Error('undo');
        })).rejects.toThrow('undo');
        expect(await jobs.get(lost)).toBeUndefined();
        const kept = await database.db.transaction().execute(async (tx) => jobs.start('test.once', null, tx));
        expect((await jobs.wait(kept)).result).toBe(1);
      });
    });

    it('may tell progress inside a long transaction, and is seen from outside meanwhile', async () => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const told: (() => void)[] = [];
      const database = await open(migrationsOf('platform'));
      const handler: JobHandler = async (job) =>
        database.db.transaction().execute(async (tx) => {
          await job.checkpoint({ at: 5 }, tx);
          job.progress(5, 10);
          for (const tell of told) tell();
          await held;
          return 'through';
        });
      await withJobs({ 'test.long': handler }, async (jobs) => {
        const inside = new Promise<void>((resolve) => told.push(resolve));
        const id = await jobs.start('test.long', null);
        await inside;
        expect(await jobs.get(id)).toMatchObject({ state: 'running', done: 5, total: 10 });
        release();
        expect((await jobs.wait(id)).result).toBe('through');
      }, database);
    });

    it('is put back when the process stops, and goes on from its checkpoint', async () => {
      const database = await open(migrationsOf('platform'));
      const resumed: (Json | undefined)[] = [];
      const handler: JobHandler = async (job) => {
        resumed.push(job.resumed);
        if (job.resumed !== undefined) return 'second run';
        await job.checkpoint({ line: 400 });
        job.progress(400, 1000);
        await new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
        return null;
      };
      let id = '';
      await withJobs({ 'test.resume': handler }, async (jobs) => {
        id = await jobs.start('test.resume', null);
        await expect.poll(async () => (await jobs.get(id))?.done, { timeout: 20_000 }).toBe(400);
      }, database);
      expect(await createJobStore(database).get(id)).toMatchObject({ state: 'waiting', done: 400, attempts: 0 });
      await withJobs({ 'test.resume': handler }, async (jobs) => {
        expect(await jobs.wait(id)).toMatchObject({ state: 'done', result: 'second run' });
      }, database);
      expect(resumed).toEqual([undefined, { line: 400 }]);
    });

    it('that asks to come back later runs again with what it kept, and its secret input is gone when it ends', async () => {
      const database = await open(migrationsOf('platform'));
      const jobs = await createJobs({ database, clock: systemClock, log });
      const tries: Json[] = [];
      jobs.define('test.later', async (job) => {
        tries.push(job.resumed ?? 0);
        await job.checkpoint(tries.length);
        if (tries.length < 3) throw new TryLater(10, 'not yet');
        return (job.input as { word: string }).word.length;
      }, { policy: 'job.cancel', quick: true, secretInput: true });
      jobs.define('test.never', async () => null, { policy: 'job.cancel', quick: true, secretInput: true });
      const cancelled = await jobs.start('test.never', { word: 'hidden too' });
      await jobs.cancel(cancelled);
      await jobs.begin();
      const id = await jobs.start('test.later', { word: 'hidden' });
      expect(await jobs.wait(id)).toMatchObject({ state: 'done', result: 6, attempts: 1 });
      expect(tries).toEqual([0, 1, 2]);
      const { rows } = await database.execute('select input, checkpoint from platform_jobs');
      expect(rows).toHaveLength(2);
      expect(JSON.stringify(rows)).not.toContain('hidden');
      await jobs.stop();
    });

    it('that is quick does not stand behind long ones', async () => {
      const database = await open(migrationsOf('platform'));
      const jobs = await createJobs({ database, clock: systemClock, log });
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      jobs.define('test.long', async () => held.then(() => null), { policy: 'job.cancel' });
      jobs.define('test.quick', async () => 'through', { policy: 'job.cancel', quick: true });
      await jobs.begin();
      const long = await Promise.all(Array.from({ length: JOBS_RUNNING_MAX + 1 }, async () => jobs.start('test.long', null)));
      await expect.poll(() => jobs.running(), { timeout: 20_000 }).toBe(JOBS_RUNNING_MAX);
      expect(await jobs.wait(await jobs.start('test.quick', null))).toMatchObject({ state: 'done', result: 'through' });
      release();
      for (const id of long) await jobs.wait(id);
      await jobs.stop();
    });

    it('of a kind this version does not know fails with its name', async () => {
      const database = await open(migrationsOf('platform'));
      let id = '';
      const jobs = await createJobs({ database, clock: systemClock, log });
      jobs.define('test.gone', async () => null, { policy: 'job.cancel' });
      id = await jobs.start('test.gone', null);
      await jobs.stop();
      await withJobs({}, async (later) => {
        expect(await later.wait(id)).toMatchObject({ state: 'failed', error: { code: 'job-unknown' } });
      }, database);
    });

    it('is refused when its input is too large', async () => {
      await withJobs({ 'test.big': async () => null }, async (jobs) => {
        await expect(jobs.start('test.big', 'x'.repeat(300_000))).rejects.toMatchObject({ code: 'job-input-too-large' });
        expect(await jobs.list()).toEqual([]);
      });
    });

    // A killed process leaves the row as running. The server engine waits for the heartbeat to be missed, which only time can show.
    it.runIf(engine === 'embedded')('left running by a killed process runs again, but not for ever', async () => {
      const database = await open(migrationsOf('platform'));
      const store = createJobStore(database);
      const attempts: number[] = [];
      const handler: JobHandler = async (job) => {
        attempts.push(job.attempt);
        return job.resumed ?? 'from the beginning';
      };
      const crashed = '11111111-1111-4111-8111-111111111111';
      const hopeless = '22222222-2222-4222-8222-222222222222';
      const at = systemClock.now();
      for (const id of [crashed, hopeless]) await database.db.transaction().execute(async (tx) => store.insert(id, 'test.crash', null, storeScope(systemScope), at, tx));
      await store.claim(crashed, at);
      await store.saveCheckpoint(crashed, 1, { rows: 7 }, undefined);
      for (let attempt = 0; attempt < JOB_ATTEMPTS_MAX; attempt++) await store.claim(hopeless, at);
      await withJobs({ 'test.crash': handler }, async (jobs) => {
        expect(await jobs.wait(crashed)).toMatchObject({ state: 'done', attempts: 2, result: { rows: 7 } });
        expect(await jobs.wait(hopeless)).toMatchObject({ state: 'failed', error: { code: 'job-attempts' } });
      }, database);
      expect(attempts).toEqual([2]);
    });
  });

  describe('finished jobs', () => {
    it('are kept for thirty days', async () => {
      const database = await open(migrationsOf('platform'));
      const store = createJobStore(database);
      const id = '33333333-3333-4333-8333-333333333333';
      const old = '2020-01-01T00:00:00.000Z' as ReturnType<typeof systemClock.now>;
      await database.db.transaction().execute(async (tx) => store.insert(id, 'test.old', null, storeScope(systemScope), old, tx));
      await store.finish(id, 0, 'done', old, { done: 0, total: null, note: null }, { result: 1 });
      expect(await store.removeFinishedBefore(old)).toBe(0);
      expect(await store.removeFinishedBefore(systemClock.now())).toBe(1);
      expect(await store.get(id)).toBeUndefined();
    });
  });
});
