/** A clock that jumps by hours, days and years, ahead and back: nothing that ended comes alive again, nothing lives for ever, nobody stays locked out. */

import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/features/identity/model.ts';
import { permitsOffered } from '../../src/features/identity/actions/keys.ts';
import { type Instant, instant } from '../../src/base/index.ts';
import { POLICY_NAMES, systemScope, within } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { type Database, migrationsOf } from '../../src/platform/db/index.ts';
import { createJobs, type JobHandler, type Jobs, TryLater } from '../../src/platform/jobs/index.ts';
import { createJobStore } from '../../src/platform/jobs/store.ts';
import { openLimits } from '../../src/platform/limits/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { openReader, pruneNotices } from '../../src/platform/notices/store.ts';
import { openNotices } from '../../src/platform/notices/index.ts';
import { ADMINISTRATOR, type Browser, codeOf, NOON, PASSWORD, setUpAll, setUpFields, setUpToken, type Stage, stagesOf } from '../support/identity.ts';
import { onEveryEngine } from '../support/engines.ts';
import { makeOrganisation, makePerson } from '../support/people.ts';

const YEAR_MS = 365 * DAY_MS;
const STEPPED_UP = '/identity/me/recovery-codes';

onEveryEngine((open) => {
  const { stage, closeAll } = stagesOf(open);
  afterAll(closeAll);
  // The first stage opens the database.
  beforeAll(async () => void (await stage()));

  const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/identity/me')).status === 200;
  const sessionsLeft = async ({ identity }: Stage): Promise<number> => (await identity.parts.db.selectFrom('identity_sessions').select('id').execute()).length;

  describe('a session', () => {
    it.each([
      { name: 'past its end', aheadMs: 8 * DAY_MS },
      { name: 'past its quiet time', aheadMs: 13 * HOUR_MS },
      { name: 'by years', aheadMs: 20 * YEAR_MS },
    ])('over by a clock that jumped $name stays over when the clock is right again', async ({ aheadMs }) => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      expect(await isIn(browser)).toBe(true);
      one.later(aheadMs);
      expect(await isIn(browser)).toBe(false);
      one.later(-aheadMs + MINUTE_MS);
      expect(await isIn(browser)).toBe(false);
      expect(await sessionsLeft(one)).toBe(0);
      await signIn(one, browser, secret);
      expect(await isIn(browser)).toBe(true);
    });

    it('begun by a clock that was ahead ends when the clock is right, and a new one begins at once', async () => {
      const one = await stage();
      one.later(YEAR_MS);
      const { browser, secret } = await setUpAll(one);
      expect(await isIn(browser)).toBe(true);
      one.later(-YEAR_MS);
      expect(await isIn(browser)).toBe(false);
      // The generator took a code of next year; a code of today is older. A recovery code works whatever the clock shows.
      expect((await passwordThen(browser, codeOf(secret, one.clock.now()))).status).toBe(422);
    });

    it('survives a correction by minutes, and jumps that end before anybody asks', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      for (const ms of [4 * MINUTE_MS, -4 * MINUTE_MS, -4 * MINUTE_MS, 4 * MINUTE_MS]) {
        one.later(ms);
        expect(await isIn(browser), `${ms} ms`).toBe(true);
      }
      one.later(YEAR_MS);
      one.later(-YEAR_MS);
      expect(await isIn(browser)).toBe(true);
    });

    it('that is in use goes on when the clock is set back, is seen at the new time, and ends when it falls quiet', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      // Well within its life, in use all the time.
      for (let hour = 0; hour < 10; hour++) {
        one.later(HOUR_MS);
        expect(await isIn(browser)).toBe(true);
      }
      one.later(-9 * HOUR_MS);
      expect(await isIn(browser)).toBe(true);
      one.later(12 * HOUR_MS + MINUTE_MS);
      expect(await isIn(browser)).toBe(false);
    });

    it('that nobody asks for is removed when it is over, so that a clock set back finds none', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      one.later(13 * HOUR_MS);
      await within(systemScope, async () => one.identity.sweep());
      expect(await sessionsLeft(one)).toBe(0);
      one.later(-13 * HOUR_MS);
      expect(await isIn(browser)).toBe(false);
    });

    it('is over for the list of sessions when it is over for its browser', async () => {
      const one = await stage();
      const regulator = await makeOrganisation(one.identity, 'Regulator', 'regulator');
      one.later(2 * HOUR_MS);
      const { personId } = await makePerson(one.identity, 'Aysel', regulator, 'officer');
      expect(await one.identity.account.sessions(personId)).toHaveLength(1);
      one.later(-2 * HOUR_MS);
      expect(await one.identity.account.sessions(personId)).toEqual([]);
    });
  });

  describe('the proof before something dangerous', () => {
    it('is asked for again after every jump, and an old one never counts again', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      expect((await browser.post(STEPPED_UP)).status).toBe(200);
      // Eleven hours of work, then the clock is set back to just after the proof.
      for (let hour = 0; hour < 11; hour++) {
        one.later(HOUR_MS);
        expect(await isIn(browser)).toBe(true);
      }
      expect((await browser.post(STEPPED_UP)).status).not.toBe(200);
      one.later(-11 * HOUR_MS + 2 * MINUTE_MS);
      const refused = await browser.post(STEPPED_UP);
      expect([refused.status, refused.location]).toEqual([303, expect.stringContaining('/identity/step-up')]);
      expect(await isIn(browser)).toBe(true);
    });
  });

  describe('a one-time code', () => {
    it('works once, whichever way the clock jumps', async () => {
      const one = await stage();
      const { browser, secret, recoveryCodes } = await setUpAll(one);
      one.later(MINUTE_MS);
      const used = codeOf(secret, one.clock.now());
      expect((await passwordThen(one.browser(), used)).status).toBe(303);
      // Back to the very second in which the code was right: it was seen by whoever looked over a shoulder.
      for (const ms of [5 * HOUR_MS, -5 * HOUR_MS]) {
        one.later(ms);
        expect((await passwordThen(one.browser({ address: '192.0.2.44' }), used)).status, `${ms} ms`).toBe(422);
      }
      one.later(-3 * HOUR_MS);
      const early = one.browser({ address: '192.0.2.45' });
      const told = await passwordThen(early, codeOf(secret, one.clock.now()));
      expect(told.status).toBe(422);
      expect(told.html).toContain('a recovery code works whatever the clock shows');
      // The ways on: a recovery code now, the telephone when the clock is right.
      expect((await passwordThen(early, recoveryCodes[0] ?? '')).status).toBe(303);
      one.later(3 * HOUR_MS + MINUTE_MS);
      expect((await passwordThen(one.browser({ address: '192.0.2.46' }), codeOf(secret, one.clock.now()))).status).toBe(303);
      expect(await isIn(browser)).toBe(true);
    });
  });

  describe('waiting after wrong tries', () => {
    it('that began by a clock that was ahead ends when the clock is right', async () => {
      const one = await stage();
      const { secret } = await setUpAll(one);
      one.later(YEAR_MS);
      const guesser = one.browser({ address: '192.0.2.50' });
      for (let i = 0; i < 7; i++) await guesser.post('/identity/sign-in', { email: ADMINISTRATOR, password: 'wrong' });
      expect((await guesser.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD })).status).toBe(429);
      one.later(-YEAR_MS + HOUR_MS);
      const browser = one.browser();
      await signIn(one, browser, secret);
      expect(await isIn(browser)).toBe(true);
    });

    it('is never longer than the longest wait, and a jump back frees nobody who guesses on', async () => {
      const one = await stage();
      await setUpAll(one);
      const guess = async (): Promise<number> => (await one.browser({ address: '192.0.2.51' }).post('/identity/sign-in', { email: ADMINISTRATOR, password: 'wrong' })).status;
      for (let i = 0; i < 7; i++) await guess();
      expect(await guess()).toBe(429);
      one.later(-10 * MINUTE_MS);
      expect(await guess()).toBe(429);
      one.later(-5 * HOUR_MS);
      // One try is let through, and counts on: it waits again at once, for longer.
      expect(await guess()).toBe(422);
      expect(await guess()).toBe(429);
      one.later(15 * MINUTE_MS + 1000);
      expect(await guess()).toBe(422);
    });
  });

  describe('roles and links', () => {
    it('a role that was taken away by a clock that was ahead does not come back, one that was given counts at once', async () => {
      const one = await stage();
      const regulator = await makeOrganisation(one.identity, 'Regulator', 'regulator');
      const officer = await makePerson(one.identity, 'Aysel', regulator, 'officer');
      const rolesNow = async (): Promise<readonly string[]> => (await one.identity.authenticate({ headers: officer.headers })).memberships.map(({ role }) => role);
      expect(await rolesNow()).toEqual(['officer']);
      one.later(5 * HOUR_MS);
      const [held] = await one.identity.organisations.membershipsOf(officer.personId);
      expect(await one.identity.organisations.revoke(held?.id ?? '', 'operator')).toMatchObject({ ok: true });
      expect(await one.identity.organisations.grant({ personId: officer.personId, organisationId: regulator, role: 'counsel', by: 'operator' })).toMatchObject({ ok: true });
      expect(await rolesNow()).toEqual(['counsel']);
      one.later(-5 * HOUR_MS);
      expect(await rolesNow()).toEqual(['counsel']);
      expect((await one.identity.organisations.membershipsOf(officer.personId)).map(({ role }) => role)).toEqual(['counsel']);
    });

    it('a first set-up with a clock that was ahead leaves an administrator whose role counts', async () => {
      const one = await stage();
      one.later(YEAR_MS);
      const { browser, recoveryCodes } = await setUpAll(one);
      one.later(-YEAR_MS);
      expect((await passwordThen(browser, recoveryCodes[0] ?? '')).status).toBe(303);
      expect((await browser.get('/identity/people')).status).toBe(200);
    });

    it('a link of a clock that was ahead is not taken, and a new one is', async () => {
      const one = await stage();
      one.later(YEAR_MS);
      const ahead = await setUpToken(one.identity);
      one.later(-YEAR_MS);
      expect((await one.browser().post('/identity/setup', setUpFields(ahead))).status).toBe(403);
      expect((await one.browser().post('/identity/setup', setUpFields(await setUpToken(one.identity)))).status).toBe(303);
    });

    it('a link that ran out is swept, so that it does not work again when the clock is set back', async () => {
      const one = await stage();
      const token = await setUpToken(one.identity);
      one.later(2 * DAY_MS);
      await within(systemScope, async () => one.identity.sweep());
      one.later(-2 * DAY_MS);
      expect((await one.browser().post('/identity/setup', setUpFields(token))).status).toBe(403);
    });

    it('a key whose end lies further away than any key may live is not taken', async () => {
      const one = await stage();
      const regulator = await makeOrganisation(one.identity, 'Regulator', 'regulator');
      one.later(2 * YEAR_MS);
      const officer = await makePerson(one.identity, 'Aysel', regulator, 'officer');
      const caller = await one.identity.authenticate({ headers: officer.headers });
      const made = await one.identity.keys.create({ caller, name: 'Statistics', permits: permitsOffered(caller, POLICY_NAMES).slice(0, 1), days: 90 });
      const headers = { authorization: `Bearer ${made.ok ? made.value.key : JSON.stringify(made.refusal)}` };
      const asks = async (): Promise<string> => (await one.identity.authenticate({ headers })).kind;
      expect(await asks()).toBe('key');
      one.later(-2 * YEAR_MS);
      one.identity.forget();
      expect(await asks()).toBe('public');
    });
  });

  describe('limits', () => {
    it('hold nobody for longer than their window, and let nobody take more at one time', async () => {
      const database = await open(migrationsOf('platform'));
      let at = Date.parse(NOON);
      const limits = openLimits({ database, log: pino({ level: 'silent' }), now: (): Instant => instant(new Date(at)) });
      limits.stop();
      const limit = { max: 5, windowSeconds: 900 };
      const takeAll = async (): Promise<number> => (await limits.take('sign-in', limit, 5)).granted;
      expect(await takeAll()).toBe(5);
      at += 5 * HOUR_MS;
      expect(await takeAll()).toBe(5);
      at -= 5 * HOUR_MS;
      expect(await limits.take('sign-in', limit)).toMatchObject({ granted: 0, retryAfterSeconds: 180 });
      at += 180_000;
      expect((await limits.take('sign-in', limit)).granted).toBe(1);
    });
  });

  describe('notices', () => {
    it('that another process has not read yet outlive a clock of the database that jumped ahead', async () => {
      const database = await open(migrationsOf('platform'));
      await within(systemScope, async () => {
        const other = await openReader(database);
        const notices = await openNotices({ database, databaseUrl: undefined, log: pino({ level: 'silent' }) });
        for (const number of [1, 2, 3]) await notices.announce('test.told', { number });
        // What the database sees when its clock is three days ahead.
        await database.execute(`update platform_notices set announced_at = announced_at - interval '3 days'`);
        await pruneNotices(database);
        expect((await other.read()).notices.map(({ payload }) => payload)).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
        await notices.stop();
      });
    });
  });

  describe('a job', () => {
    const log = createLog({ logLevel: 'silent' });
    async function withJob(handler: JobHandler, use: (jobs: Jobs, database: Database) => Promise<void>): Promise<void> {
      const database = await open(migrationsOf('platform'));
      const jobs = await createJobs({ database, clock: systemClock, log });
      jobs.define('test.clock', handler, { policy: 'job.cancel' });
      await jobs.begin();
      try {
        await within(systemScope, async () => use(jobs, database));
      } finally {
        await jobs.stop();
      }
    }
    /** By how much the clock of the queue differs from the real one. */
    const setQueueClock = async (database: Database, hours: number): Promise<unknown> =>
      database.execute(`create or replace function pgboss.job_now() returns timestamptz language sql stable as $$ select now() + interval '${hours} hours' $$`);

    it('that was put off runs in its time, also when the clock was set back meanwhile', async () => {
      let runs = 0;
      await withJob(
        async () => {
          runs += 1;
          if (runs === 1) throw new TryLater(1000, 'later');
          return runs;
        },
        async (jobs, database) => {
          await setQueueClock(database, 5);
          const id = await jobs.start('test.clock', null);
          await expect.poll(async () => (await database.execute(`select 1 from pgboss.job where state < 'active' and start_after > now() + interval '4 hours'`)).rows.length, { timeout: 20_000 }).toBe(1);
          await setQueueClock(database, 0);
          // Once a minute in a running server; here at once, again until its second has passed.
          await expect.poll(async () => {
            await jobs.wakeOverdue();
            return (await jobs.get(id))?.state;
          }, { timeout: 20_000 }).toBe('done');
        },
      );
      expect(runs).toBe(2);
    });

    it('that another process put off, days ahead by a wrong clock, is due when the clock is right', async () => {
      await withJob(
        async () => 'done',
        async (jobs, database) => {
          await setQueueClock(database, 72);
          const waiting = await jobs.start('test.clock', null);
          await jobs.wait(waiting);
          const id = await database.db.transaction().execute(async (tx) => {
            const started = await jobs.start('test.clock', null, tx);
            await tx.withTables<{ 'pgboss.job': { id: string; start_after: string } }>().updateTable('pgboss.job').set({ start_after: new Date(Date.now() + 73 * HOUR_MS).toISOString() }).where('id', '=', started).execute();
            return started;
          });
          await setQueueClock(database, 0);
          expect(await jobs.wakeOverdue()).toBe(1);
          expect((await jobs.wait(id)).state).toBe('done');
        },
      );
    });

    it('whose claim ran out by a clock that jumped ahead is not run twice by its process', async () => {
      let runs = 0;
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await withJob(
        async () => {
          runs += 1;
          await held;
          return runs;
        },
        async (jobs, database) => {
          const id = await jobs.start('test.clock', null);
          await expect.poll(() => runs, { timeout: 20_000 }).toBe(1);
          // What the watch over claims does with one that ran out.
          await database.execute(`update pgboss.job set state = 'retry', start_after = pgboss.job_now() where id = '${id}'`);
          await expect.poll(async () => (await database.execute(`select state::text as state from pgboss.job where id = '${id}'`)).rows[0]?.['state'], { timeout: 20_000 }).toBe('active');
          release();
          expect(await jobs.wait(id)).toMatchObject({ state: 'done', attempts: 1, result: 1 });
        },
      );
      expect(runs).toBe(1);
    });

    it('that was given to another process ends here without a trace', async () => {
      let why: unknown;
      await withJob(
        async (job) => {
          await new Promise((_, reject) => job.signal.addEventListener('abort', () => {
            why = job.signal.reason;
            reject(new Error('stopped'));
          }, { once: true }));
          return 'here';
        },
        async (jobs, database) => {
          const id = await jobs.start('test.clock', null);
          await expect.poll(() => jobs.running(), { timeout: 20_000 }).toBe(1);
          const elsewhere = createJobStore(database);
          const claimed = await elsewhere.claim(id, systemClock.now());
          expect(claimed?.view.attempts).toBe(2);
          await expect.poll(() => jobs.running(), { timeout: 20_000 }).toBe(0);
          expect(why).toBe('job-taken-over');
          expect(await elsewhere.get(id)).toMatchObject({ state: 'running', attempts: 2, result: null });
          await elsewhere.finish(id, 1, 'failed', systemClock.now(), { done: 0, total: null, note: null }, {});
          expect((await elsewhere.get(id))?.state).toBe('running');
          await elsewhere.finish(id, 2, 'done', systemClock.now(), { done: 0, total: null, note: null }, { result: 'there' });
          expect(await jobs.wait(id)).toMatchObject({ state: 'done', result: 'there' });
        },
      );
    });
  });
});

async function passwordThen(browser: Browser, code: string): ReturnType<Browser['post']> {
  const first = await browser.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
  return first.location?.startsWith('/identity/second-factor') === true ? browser.post('/identity/second-factor', { code }) : first;
}

async function signIn(stage: Stage, browser: Browser, secret: string): Promise<void> {
  stage.later(MINUTE_MS);
  const done = await passwordThen(browser, codeOf(secret, stage.clock.now()));
  expect(done.status).toBe(303);
}
