/** First set-up, sign-in with password and code, sessions and sign-out, over HTTP on both engines. */

import { afterAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { ADMINISTRATOR, type Browser, codeOf, PASSWORD, secretOn, setUpAll, setUpFields, setUpToken, type Stage, stagesOf } from '../../../../test/support/identity.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SESSION_IDLE_MS } from '../model.ts';

onEveryEngine((open) => {
  const { stage, closeAll } = stagesOf(open);
  afterAll(closeAll);
  const callerOf = async ({ identity }: Stage, browser: Browser) => identity.authenticate({ headers: { cookie: browser.cookieHeader() } });
  const signIn = async (one: Stage, browser: Browser, secret: string): Promise<void> => {
    await browser.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
    await browser.post('/identity/second-factor', { code: codeOf(secret, one.clock.now()) });
  };

  describe('first set-up', () => {
    it('makes the regulator and an administrator whose role counts once a second factor is there', async () => {
      const one = await stage();
      const browser = one.browser();
      const token = await setUpToken(one.identity);
      const page = await browser.get(`/identity/setup?token=${token}`);
      expect(page.status).toBe(200);
      expect(page.headers['cache-control']).toBe('no-store');
      expect(page.headers['referrer-policy']).toBe('same-origin');
      const done = await browser.post('/identity/setup', setUpFields(token));
      expect([done.status, done.location]).toEqual([303, '/identity/me/code']);
      expect(await callerOf(one, browser)).toMatchObject({ kind: 'person', name: 'Leyla Quliyeva', restricted: true });
      const before = browser.cookies.get('mizan_session');
      const secret = secretOn(await browser.get('/identity/me/code'));
      const codes = await browser.post('/identity/me/code', { code: codeOf(secret, one.clock.now()) });
      expect(codes.status).toBe(200);
      expect(new Set([...codes.document.querySelectorAll('.identity-codes code')].map((item) => item.textContent)).size).toBe(10);
      expect(browser.cookies.get('mizan_session')).not.toBe(before);
      const caller = await callerOf(one, browser);
      expect(caller).toMatchObject({ kind: 'person', session: { steppedUpAt: Date.parse(one.clock.now()) } });
      expect(caller.restricted).toBe(undefined);
      expect(caller.memberships.map(({ role, organisation, reach }) => [role, reach.length, reach[0] === organisation])).toEqual([['administrator', 1, true]]);
    });

    it.each([
      ['no token', ''],
      ['a token nobody gave', 'A'.repeat(43)],
      ['a malformed token', "x' or 1=1"],
    ])('refuses %s', async (_name, token) => {
      const one = await stage();
      await setUpToken(one.identity);
      expect((await one.browser().get(`/identity/setup?token=${encodeURIComponent(token)}`)).status).toBe(403);
      expect((await one.browser().post('/identity/setup', setUpFields(token))).status).toBe(403);
      expect(await one.identity.setUp.isDone()).toBe(false);
    });

    it('works once, not after a day, and not with an older address', async () => {
      const one = await stage();
      const first = await setUpToken(one.identity);
      const second = await setUpToken(one.identity);
      expect((await one.browser().post('/identity/setup', setUpFields(first))).status).toBe(403);
      one.later(DAY_MS);
      expect((await one.browser().post('/identity/setup', setUpFields(second))).status).toBe(403);
      const third = await setUpToken(one.identity);
      expect((await one.browser().post('/identity/setup', setUpFields(third))).status).toBe(303);
      expect((await one.browser().post('/identity/setup', { ...setUpFields(third), email: 'other@regulator.example' })).status).toBe(403);
      expect(await one.identity.setUp.link()).toEqual({ ok: false, refusal: { code: 'already-set-up' } });
    });

    it('lets one of two win who come at once', async () => {
      const one = await stage();
      const token = await setUpToken(one.identity);
      const answers = await Promise.all([one.browser().post('/identity/setup', setUpFields(token)), one.browser().post('/identity/setup', { ...setUpFields(token), email: 'other@regulator.example' })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
      expect(await one.identity.parts.db.selectFrom('identity_people').select('id').execute()).toHaveLength(1);
      expect(await one.identity.parts.db.selectFrom('identity_organisations').select('id').execute()).toHaveLength(1);
    });

    it('tells what is missing or weak, keeps what was typed, and never shows the password again', async () => {
      const one = await stage();
      const token = await setUpToken(one.identity);
      for (const [change, field] of [[{ name: ' ' }, 'name'], [{ email: 'nobody' }, 'email'], [{ 'regulator-ru': '' }, 'regulator-ru'], [{ password: 'short' }, 'password'], [{ password: 'Password1234567' }, 'password'], [{ password: 'LeylaQuliyeva2026' }, 'password']] as const) {
        const page = await one.browser().post('/identity/setup', { ...setUpFields(token), ...change });
        expect([page.status, page.document.querySelector(`.error-summary a[href="#${field}"]`) === null]).toEqual([422, false]);
        expect(page.html).not.toContain(PASSWORD);
        expect(page.document.querySelector('#regulator-en')?.getAttribute('value')).toBe('Regulator of artificial intelligence');
      }
    });
  });

  describe('sign-in', () => {
    it('asks for the second factor, and gives a new session each time', async () => {
      const one = await stage();
      const { browser: first, secret } = await setUpAll(one);
      one.later(MINUTE_MS);
      const browser = one.browser();
      const step = await browser.post('/identity/sign-in', { email: ADMINISTRATOR.toUpperCase(), password: PASSWORD, next: '/registry/mine' });
      expect([step.status, step.location]).toEqual([303, '/identity/second-factor?next=%2Fregistry%2Fmine']);
      expect((await callerOf(one, browser)).kind).toBe('public');
      expect((await browser.get('/identity/second-factor')).status).toBe(200);
      const done = await browser.post('/identity/second-factor', { code: codeOf(secret, one.clock.now()), next: '/registry/mine' });
      expect([done.status, done.location]).toEqual([303, '/registry/mine']);
      expect((await one.identity.ask({ cookie: browser.cookieHeader() })).session?.method).toBe('password+code');
      expect(browser.cookies.get('mizan_session')).not.toBe(first.cookies.get('mizan_session'));
    });

    it('takes a code once, also when two ask at the same moment, and no code of the past', async () => {
      const one = await stage();
      const { secret } = await setUpAll(one);
      const used = codeOf(secret, one.clock.now());
      const again = one.browser();
      await again.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
      expect((await again.post('/identity/second-factor', { code: used })).status).toBe(422);
      one.later(MINUTE_MS);
      const code = codeOf(secret, one.clock.now());
      const two = [one.browser(), one.browser()];
      for (const browser of two) await browser.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
      expect((await Promise.all(two.map(async (browser) => browser.post('/identity/second-factor', { code })))).map(({ status }) => status).sort()).toEqual([303, 422]);
      one.later(5 * MINUTE_MS);
      const late = one.browser();
      await late.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
      expect((await late.post('/identity/second-factor', { code })).status).toBe(422);
    });

    it('takes each recovery code once, however it is typed', async () => {
      const one = await stage();
      const { recoveryCodes } = await setUpAll(one);
      const [code = ''] = recoveryCodes;
      const use = async (typed: string) => {
        const browser = one.browser();
        await browser.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
        return (await browser.post('/identity/second-factor', { code: typed })).status;
      };
      expect(await use(code.toUpperCase().replace('-', ' '))).toBe(303);
      expect(await use(code)).toBe(422);
      expect(await use('aaaaa-aaaaa')).toBe(422);
    });

    it('answers an unknown address, a wrong password and a missing second step alike', async () => {
      const one = await stage();
      await setUpAll(one);
      const shown = (page: { readonly status: number; readonly html: string }, email: string): string => `${page.status} ${page.html.replaceAll(email, '…')}`;
      const wrong = await one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: 'not the right one at all' });
      const unknown = await one.browser().post('/identity/sign-in', { email: 'nobody@regulator.example', password: 'not the right one at all' });
      expect(shown(unknown, 'nobody@regulator.example')).toBe(shown(wrong, ADMINISTRATOR));
      expect(wrong.status).toBe(422);
    });

    it('makes known and unknown accounts wait alike, longer each time, and forgives', async () => {
      const one = await stage();
      const { secret } = await setUpAll(one);
      const statuses = async (email: string): Promise<readonly number[]> => {
        const result: number[] = [];
        for (let tried = 0; tried < 7; tried++) result.push((await one.browser().post('/identity/sign-in', { email, password: 'wrong wrong wrong' })).status);
        return result;
      };
      expect(await statuses(ADMINISTRATOR)).toEqual([422, 422, 422, 422, 422, 429, 429]);
      expect(await statuses('nobody@regulator.example')).toEqual([422, 422, 422, 422, 422, 429, 429]);
      // The right password waits too, then goes through.
      expect((await one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD })).status).toBe(429);
      one.later(31_000);
      expect((await one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: 'wrong wrong wrong' })).status).toBe(422);
      one.later(31_000);
      expect((await one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD })).status).toBe(429);
      one.later(31_000);
      const browser = one.browser();
      await signIn(one, browser, secret);
      expect((await callerOf(one, browser)).kind).toBe('person');
    });

    it('counts tries that come at the same moment', async () => {
      const one = await stage();
      await setUpAll(one);
      const answers = await Promise.all(Array.from({ length: 12 }, async () => one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: 'wrong wrong wrong' })));
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
    });

    it('makes one network address wait that tries many accounts', async () => {
      const one = await stage();
      await setUpAll(one);
      const tries: number[] = [];
      for (let tried = 0; tried < 32; tried++) tries.push((await one.browser({ address: '203.0.113.5' }).post('/identity/sign-in', { email: `person${tried}@regulator.example`, password: 'wrong wrong wrong' })).status);
      expect(tries.indexOf(429)).toBe(30);
      expect((await one.browser({ address: '203.0.113.6' }).post('/identity/sign-in', { email: 'other@regulator.example', password: 'wrong wrong wrong' })).status).toBe(422);
    }, 60_000);

    it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/identity/sign-out', 'javascript:alert(1)', '/ok\r\nset-cookie: a=b'])('never leads to %s', async (next) => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      expect((await browser.get(`/identity/sign-in?next=${encodeURIComponent(next)}`)).location).toBe('/');
    });

    it('speaks the three languages', async () => {
      const one = await stage();
      for (const [language, title] of [['az', 'Giriş'], ['en', 'Sign in'], ['ru', 'Вход']] as const) {
        const page = await one.browser({ language }).get('/identity/sign-in');
        expect(page.document.querySelector('h1')?.textContent).toBe(title);
        expect(page.document.querySelector('#email')?.getAttribute('autocomplete')).toBe('username webauthn');
        expect(page.document.querySelector('#password')?.getAttribute('autocomplete')).toBe('current-password');
      }
    });
  });

  describe('a session', () => {
    it('travels in a cookie that scripts cannot read, and over TLS only where there is TLS', async () => {
      const plain = await stage();
      const { browser } = await setUpAll(plain);
      const tls = await stage({ publicUrl: 'https://register.example' });
      const [line = ''] = (await tls.browser().post('/identity/setup', setUpFields(await setUpToken(tls.identity)))).setCookies;
      expect(line).toMatch(/^__Secure-mizan_session=[^;]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure$/);
      expect(browser.cookies.has('mizan_session')).toBe(true);
    });

    it('cannot be chosen by somebody else: a cookie brought along is replaced and its session ends', async () => {
      const one = await stage();
      const { secret, browser: first } = await setUpAll(one);
      one.later(MINUTE_MS);
      const victim = one.browser();
      victim.cookies.set('mizan_session', first.cookies.get('mizan_session') ?? '');
      await signIn(one, victim, secret);
      expect(victim.cookies.get('mizan_session')).not.toBe(first.cookies.get('mizan_session'));
      expect((await callerOf(one, first)).kind).toBe('public');
      expect((await callerOf(one, victim)).kind).toBe('person');
    });

    it.each([
      ['another value', (value: string) => `A${value.slice(1)}`],
      ['another signature', (value: string) => `${value.slice(0, -6)}AAAA%3D`],
      ['no signature', (value: string) => value.split('.')[0] ?? ''],
      ['nothing', () => ''],
      ['broken encoding', () => '%E0%A4%A'],
    ])('with %s in its cookie is nobody', async (_name, change) => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      browser.cookies.set('mizan_session', change(browser.cookies.get('mizan_session') ?? ''));
      expect(await callerOf(one, browser)).toEqual({ kind: 'public', actor: 'public', memberships: [] });
    });

    it('ends when it was idle, and after seven days even when it was not', async () => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      one.later(SESSION_IDLE_MS - MINUTE_MS);
      expect((await callerOf(one, browser)).kind).toBe('person');
      one.later(SESSION_IDLE_MS - MINUTE_MS);
      expect((await callerOf(one, browser)).kind).toBe('person');
      one.later(SESSION_IDLE_MS + 2 * MINUTE_MS);
      expect((await callerOf(one, browser)).kind).toBe('public');
      await signIn(one, browser, secret);
      for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
        one.later(6 * HOUR_MS);
        expect((await callerOf(one, browser)).kind).toBe('person');
      }
      one.later(6 * HOUR_MS);
      expect((await callerOf(one, browser)).kind).toBe('public');
    });

    it('ends at once with sign-out, in the database too', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const cookie = browser.cookieHeader();
      expect((await callerOf(one, browser)).kind).toBe('person');
      const out = await browser.post('/identity/sign-out');
      expect([out.status, browser.cookies.has('mizan_session')]).toEqual([303, false]);
      expect((await one.identity.authenticate({ headers: { cookie } })).kind).toBe('public');
      expect(await one.identity.parts.db.selectFrom('identity_sessions').select('id').execute()).toEqual([]);
    });
  });
});
