/** Recovery, invitations, one's own account, keys of programs, organisations and roles, over HTTP on both engines. */

import { afterAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { ADMINISTRATOR, type Browser, codeOf, OPERATOR_TOKEN, type Page, PASSWORD, secretOn, setUpAll, type Stage, stagesOf } from '../../../../test/support/identity.ts';
import type { Role } from '../../../platform/auth/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model.ts';

const OTHER_PASSWORD = 'seven slow trains in the fog';
const names = (name: string) => ({ az: `${name} az`, en: name, ru: `${name} ru` });
const linkIn = (one: Stage, index = -1): string => {
  const button = one.letters.at(index)?.blocks.find((block) => block.kind === 'button');
  return button?.kind === 'button' ? new URL(button.url).pathname : '';
};
const saidOn = (page: Page): string => page.document.querySelector('.notice--success')?.textContent?.trim() ?? '';

onEveryEngine((open) => {
  const { stage, closeAll } = stagesOf(open);
  afterAll(closeAll);
  const callerOf = async ({ identity }: Stage, browser: Browser) => identity.authenticate({ headers: { cookie: browser.cookieHeader() } });
  const must = <T>(verdict: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: { readonly code: string } }): T => {
    if (!verdict.ok) throw new Error(verdict.refusal.code);
    return verdict.value;
  };
  const invite = async (one: Stage, organisationId: string, role: Role, email: string): Promise<string> => {
    must(await one.identity.organisations.invite({ organisationId, role, email, language: 'en', by: 'operator' }));
    return linkIn(one);
  };
  const join = async (one: Stage, organisationId: string, role: Role, email: string, name = 'Rəşad Əliyev'): Promise<Browser> => {
    const browser = one.browser();
    const done = await browser.post(await invite(one, organisationId, role, email), { name, language: 'az', password: PASSWORD });
    expect([done.status, done.location]).toEqual([303, '/identity/me?said=joined']);
    return browser;
  };
  const ministry = async (one: Stage): Promise<string> => must(await one.identity.organisations.createOrganisation({ kind: 'ministry', names: names('Ministry') }));

  describe('recovery', () => {
    it('answers known and unknown addresses alike, and writes to the known one only', async () => {
      const one = await stage();
      await setUpAll(one);
      one.letters.length = 0;
      const known = await one.browser().post('/identity/recover', { email: ADMINISTRATOR });
      const unknown = await one.browser().post('/identity/recover', { email: 'nobody@regulator.example' });
      expect([known.status, known.html]).toEqual([unknown.status, unknown.html]);
      await one.identity.settled();
      expect(one.letters.map(({ to, language }) => [to, language])).toEqual([[ADMINISTRATOR, 'az']]);
      expect(linkIn(one)).toMatch(/^\/identity\/recover\/[\w-]{43}$/);
    });

    it('sets a new password once, ends every session, and keeps the second factor', async () => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      await one.browser().post('/identity/recover', { email: ADMINISTRATOR });
      await one.identity.settled();
      const link = linkIn(one);
      const forgetful = one.browser();
      expect((await forgetful.get(link)).status).toBe(200);
      expect((await forgetful.post(link, { password: 'password1234' })).status).toBe(422);
      const done = await forgetful.post(link, { password: OTHER_PASSWORD });
      expect([done.status, done.location]).toEqual([303, '/identity/sign-in?said=recovered']);
      expect(saidOn(await forgetful.get(done.location ?? ''))).toContain('new password is saved');
      expect((await callerOf(one, browser)).kind).toBe('public');
      expect((await forgetful.post(link, { password: PASSWORD })).status).toBe(403);
      expect((await forgetful.get(link)).status).toBe(403);
      expect((await forgetful.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD })).status).toBe(422);
      expect((await forgetful.post('/identity/sign-in', { email: ADMINISTRATOR, password: OTHER_PASSWORD })).location).toBe('/identity/second-factor');
      one.later(MINUTE_MS);
      expect((await forgetful.post('/identity/second-factor', { code: codeOf(secret, one.clock.now()) })).status).toBe(303);
    });

    it('links end after an hour, and an older one with a newer one', async () => {
      const one = await stage();
      await setUpAll(one);
      for (let asked = 0; asked < 2; asked++) await one.browser().post('/identity/recover', { email: ADMINISTRATOR });
      await one.identity.settled();
      expect((await one.browser().get(linkIn(one, -2))).status).toBe(403);
      expect((await one.browser().get(linkIn(one))).status).toBe(200);
      one.later(HOUR_MS);
      expect((await one.browser().get(linkIn(one))).status).toBe(403);
    });

    it('of two who use a link at once lets one win', async () => {
      const one = await stage();
      await setUpAll(one);
      await one.browser().post('/identity/recover', { email: ADMINISTRATOR });
      await one.identity.settled();
      const link = linkIn(one);
      const answers = await Promise.all([PASSWORD, OTHER_PASSWORD].map(async (password) => one.browser().post(link, { password: `${password} again` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
    });

    it('by the operator prints a link at the machine, which can take lost factors away; nobody else gets one', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const ask = async (headers: Record<string, string>, email = ADMINISTRATOR) =>
        one.app.inject({ method: 'POST', url: '/api/v1/identity/reset-link', headers: { host: 'localhost', 'sec-fetch-site': 'same-origin', ...headers }, payload: { email, withoutFactors: true } });
      expect((await ask({})).statusCode).toBe(401);
      expect((await ask({ cookie: browser.cookieHeader() })).statusCode).toBe(403);
      const operator = { authorization: `Bearer ${OPERATOR_TOKEN}` };
      expect((await ask(operator, 'nobody@regulator.example')).statusCode).toBe(404);
      const given = await ask(operator);
      expect(given.statusCode).toBe(200);
      const link = new URL(given.json<{ url: string }>().url).pathname;
      const person = one.browser();
      expect((await person.get(link)).document.querySelector('.notice--warning')).not.toBe(null);
      await person.post(link, { password: OTHER_PASSWORD });
      expect((await person.post('/identity/sign-in', { email: ADMINISTRATOR, password: OTHER_PASSWORD })).location).toBe('/');
      expect((await callerOf(one, person)).restricted).toBe(true);
      expect((await one.app.inject({ method: 'POST', url: '/api/v1/identity/setup-link', headers: { host: 'localhost', ...operator }, payload: {} })).statusCode).toBe(409);
    });

    it('begun by an administrator sends a letter and shows nothing', async () => {
      const one = await stage();
      await setUpAll(one);
      const owner = await join(one, await ministry(one), 'owner', 'owner@ministry.example');
      const personId = (await callerOf(one, owner)).personId ?? '';
      expect(await one.identity.account.startRecovery(personId)).toEqual({ ok: true, value: true });
      expect(one.letters.at(-1)?.to).toBe('owner@ministry.example');
    });
  });

  describe('an invitation', () => {
    it('makes a person with a role that reaches downwards, once', async () => {
      const one = await stage();
      await setUpAll(one);
      const { organisations } = one.identity;
      const top = await ministry(one);
      const agency = must(await organisations.createOrganisation({ kind: 'agency', names: names('Agency'), parentId: top }));
      await organisations.createOrganisation({ kind: 'ministry', names: names('Other') });
      const link = await invite(one, top, 'editor', 'Editor@Ministry.example');
      const page = await one.browser().get(link);
      expect(page.document.querySelector('main')?.textContent).toContain('Ministry');
      expect(page.document.querySelector('main')?.textContent).toContain('editor@ministry.example');
      const browser = one.browser();
      expect((await browser.post(link, { name: '', password: PASSWORD })).status).toBe(422);
      expect((await browser.post(link, { name: 'Aysel', password: 'editor@ministry' })).status).toBe(422);
      expect((await browser.post(link, { name: 'Aysel Rəhimova', language: 'ru', password: PASSWORD })).status).toBe(303);
      expect(await callerOf(one, browser)).toMatchObject({ kind: 'person', name: 'Aysel Rəhimova', language: 'ru', memberships: [{ organisation: top, role: 'editor', reach: [top, agency] }] });
      expect((await one.browser().get(link)).status).toBe(403);
      expect((await one.browser().post(link, { name: 'Another', password: PASSWORD })).status).toBe(403);
    });

    it('to somebody who has an account is accepted by that account only', async () => {
      const one = await stage();
      const { browser: administrator } = await setUpAll(one);
      const top = await ministry(one);
      const owner = await join(one, top, 'owner', 'owner@ministry.example');
      const link = await invite(one, top, 'analyst', 'owner@ministry.example');
      expect((await one.browser().get(link)).document.querySelector('main a.button')?.getAttribute('href')).toBe(`/identity/sign-in?next=${encodeURIComponent(link)}`);
      expect((await one.browser().post(link, { name: 'Thief', password: PASSWORD })).status).toBe(422);
      expect((await administrator.post(link)).status).toBe(422);
      expect((await owner.post(link)).location).toBe('/identity/me?said=joined');
      expect((await callerOf(one, owner)).memberships.map(({ role }) => role).sort()).toEqual(['analyst', 'owner']);
    });

    it('can be withdrawn, ends after seven days, and with a newer one', async () => {
      const one = await stage();
      await setUpAll(one);
      const top = await ministry(one);
      const { organisations } = one.identity;
      const first = await invite(one, top, 'viewer', 'a@ministry.example');
      one.later(MINUTE_MS);
      const second = await invite(one, top, 'viewer', 'a@ministry.example');
      expect((await one.browser().get(first)).status).toBe(403);
      const [newest] = await organisations.listInvitations(top);
      must(await organisations.withdrawInvitation(newest?.id ?? ''));
      expect((await one.browser().get(second)).status).toBe(403);
      const third = await invite(one, top, 'viewer', 'a@ministry.example');
      one.later(7 * DAY_MS);
      expect((await one.browser().post(third, { name: 'Late', password: PASSWORD })).status).toBe(403);
    });

    it.each(['/identity/join/short', `/identity/join/${'A'.repeat(43)}`, '/identity/recover/..', `/identity/address/${'A'.repeat(43)}`])('that nobody sent is refused: %s', async (url) => {
      const one = await stage();
      expect([403, 404]).toContain((await one.browser().get(url)).status);
      expect([403, 404]).toContain((await one.browser().post(url, { name: 'x', password: PASSWORD })).status);
    });
  });

  describe('the own account', () => {
    it('needs a session', async () => {
      const one = await stage();
      for (const url of ['/identity/me', '/identity/me/code', '/identity/step-up']) expect((await one.browser().get(url)).location).toBe(`/identity/sign-in?next=${encodeURIComponent(url)}`);
      for (const url of ['/identity/me', '/identity/me/password', '/identity/me/keys', '/identity/me/recovery-codes']) expect((await one.browser().post(url)).location).toMatch(/^\/identity\/sign-in/);
    });

    it('changes name and language, and is shown in three languages', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      await browser.post('/identity/me', { name: ' Leyla Q. ', language: 'ru' });
      expect(await callerOf(one, browser)).toMatchObject({ name: 'Leyla Q.', language: 'ru' });
      expect((await browser.post('/identity/me', { name: '', language: 'ru' })).status).toBe(422);
      for (const language of ['az', 'en', 'ru']) expect((await browser.get(`/identity/me?lang=${language}`)).status).toBe(200);
    });

    it('changes its address when the new one is confirmed, and tells the old one', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      one.letters.length = 0;
      expect((await browser.post('/identity/me/email', { email: 'new@regulator.example', 'address-password': 'wrong' })).status).toBe(422);
      expect((await browser.post('/identity/me/email', { email: 'new@regulator.example', 'address-password': PASSWORD })).location).toBe('/identity/me?said=address-asked');
      await one.identity.settled();
      expect(one.letters.map(({ to }) => to)).toEqual(['new@regulator.example', ADMINISTRATOR]);
      const link = linkIn(one, 0);
      expect((await one.browser().get(link)).status).toBe(200);
      expect((await one.identity.account.person((await callerOf(one, browser)).personId ?? ''))?.email).toBe(ADMINISTRATOR);
      expect((await one.browser().post(link)).status).toBe(303);
      expect((await one.identity.account.person((await callerOf(one, browser)).personId ?? ''))?.email).toBe('new@regulator.example');
      expect((await one.browser().post(link)).status).toBe(403);
    });

    it('takes no address that somebody else has, and does not tell', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      await join(one, await ministry(one), 'owner', 'owner@ministry.example');
      one.letters.length = 0;
      expect((await browser.post('/identity/me/email', { email: 'owner@ministry.example', 'address-password': PASSWORD })).location).toBe('/identity/me?said=address-asked');
      await one.identity.settled();
      expect(one.letters).toEqual([]);
    });

    it('changes its password, ends other sessions, and gets a new token for this one', async () => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      one.later(MINUTE_MS);
      const other = one.browser();
      await other.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
      await other.post('/identity/second-factor', { code: codeOf(secret, one.clock.now()) });
      const before = browser.cookies.get('mizan_session');
      expect((await browser.post('/identity/me/password', { 'present-password': 'wrong', 'new-password': OTHER_PASSWORD })).status).toBe(422);
      expect((await browser.post('/identity/me/password', { 'present-password': PASSWORD, 'new-password': 'short' })).status).toBe(422);
      expect((await browser.post('/identity/me/password', { 'present-password': PASSWORD, 'new-password': OTHER_PASSWORD })).location).toBe('/identity/me?said=password-changed');
      expect(browser.cookies.get('mizan_session')).not.toBe(before);
      expect([(await callerOf(one, browser)).kind, (await callerOf(one, other)).kind]).toEqual(['person', 'public']);
      expect(one.letters.at(-1)?.to).toBe(ADMINISTRATOR);
    });

    it('lists sessions and ends them at once', async () => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      const others: Browser[] = [];
      for (let count = 0; count < 2; count++) {
        one.later(MINUTE_MS);
        const other = one.browser({ address: `198.51.100.${count}` });
        await other.post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD });
        await other.post('/identity/second-factor', { code: codeOf(secret, one.clock.now()) });
        others.push(other);
      }
      const page = await browser.get('/identity/me');
      expect(page.document.querySelectorAll('#sessions tbody tr')).toHaveLength(3);
      expect(page.document.querySelector('#sessions')?.textContent).toContain('198.51.100.1');
      const form = [...page.document.querySelectorAll('#sessions form')].find((item) => (item.getAttribute('action') ?? '').endsWith('/end'));
      // Asked just before it ends: what is remembered must not outlive it.
      expect(await Promise.all(others.map(async (other) => (await callerOf(one, other)).kind))).toEqual(['person', 'person']);
      await browser.post(form?.getAttribute('action') ?? '');
      expect((await Promise.all(others.map(async (other) => (await callerOf(one, other)).kind))).sort()).toEqual(['person', 'public']);
      await browser.post('/identity/me/sessions/end-others');
      expect(await Promise.all(others.map(async (other) => (await callerOf(one, other)).kind))).toEqual(['public', 'public']);
      expect((await callerOf(one, browser)).kind).toBe('person');
    });

    it('cannot end or change what belongs to somebody else', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const owner = await join(one, await ministry(one), 'owner', 'owner@ministry.example');
      const session = (await one.identity.ask({ cookie: browser.cookieHeader() })).session?.id ?? '';
      expect((await owner.post(`/identity/me/sessions/${session}/end`)).location).toBe('/identity/me');
      expect((await callerOf(one, browser)).kind).toBe('person');
    });

    it('shows a second factor again before something dangerous, for ten minutes', async () => {
      const one = await stage();
      const { browser, secret } = await setUpAll(one);
      const renew = async () => browser.post('/identity/me/recovery-codes', {}, { referer: 'http://localhost/identity/me' });
      const now = Date.now;
      try {
        Date.now = () => Date.parse(one.clock.now());
        expect((await renew()).document.querySelectorAll('.identity-codes code')).toHaveLength(10);
        one.later(11 * MINUTE_MS);
        expect((await renew()).location).toBe('/identity/step-up?next=%2Fidentity%2Fme');
        expect((await browser.get('/identity/step-up?next=/identity/me')).status).toBe(200);
        expect((await browser.post('/identity/step-up', { code: '000000' })).status).toBe(422);
        const before = browser.cookies.get('mizan_session');
        expect((await browser.post('/identity/step-up', { code: codeOf(secret, one.clock.now()), next: '/identity/me' })).location).toBe('/identity/me');
        expect(browser.cookies.get('mizan_session')).not.toBe(before);
        expect((await renew()).status).toBe(200);
        expect((await browser.post('/identity/me/code/remove')).location).toBe('/identity/me?said=factor-removed');
      } finally {
        Date.now = now;
      }
    });

    it('asks for the password before the first second factor, unless it was shown a moment ago', async () => {
      const one = await stage();
      await setUpAll(one);
      const owner = await join(one, await ministry(one), 'owner', 'owner@ministry.example');
      // Joined a moment ago: the password was typed then.
      expect((await owner.get('/identity/me/code')).status).toBe(200);
      expect((await owner.get('/identity/me')).document.querySelector('[data-passkey=add]')).not.toBe(null);
      one.later(11 * MINUTE_MS);
      const asked = await owner.get('/identity/me/code?next=/identity/policies');
      expect([asked.status, asked.location]).toEqual([303, `/identity/me/confirm?next=${encodeURIComponent('/identity/me/code?next=/identity/policies')}`]);
      expect((await owner.post('/identity/me/code', { code: '123456' })).location).toContain('/identity/me/confirm');
      const me = await owner.get('/identity/me');
      expect([me.document.querySelector('[data-passkey=add]'), me.document.querySelector('#passkeys a.button')?.getAttribute('href')]).toEqual([null, `/identity/me/confirm?next=${encodeURIComponent('/identity/me#passkeys')}`]);
      const passkey = await one.app.inject({ method: 'POST', url: '/identity/me/passkeys/options', headers: { host: 'localhost', 'sec-fetch-site': 'same-origin', cookie: owner.cookieHeader() }, payload: {} });
      expect([passkey.statusCode, passkey.json<{ code: string }>().code]).toEqual([403, 'step-up-needed']);
      const page = await owner.get(asked.location ?? '');
      expect([page.status, page.document.querySelector('[name=password]') !== null, page.document.querySelector('.identity-secret')]).toEqual([200, true, null]);
      expect((await owner.post('/identity/me/confirm', { password: 'wrong', next: '/identity/me/code' })).status).toBe(422);
      expect((await owner.post('/identity/me/confirm', { password: PASSWORD, next: 'https://elsewhere.example/' })).location).toBe('/identity/me');
      const before = owner.cookies.get('mizan_session');
      expect((await owner.post('/identity/me/confirm', { password: PASSWORD, next: '/identity/me/code' })).location).toBe('/identity/me/code');
      expect(owner.cookies.get('mizan_session')).not.toBe(before);
      // The password is no second factor: what asks for one still does.
      expect((await owner.post('/identity/me/recovery-codes')).location).toContain('/identity/step-up');
      const secret = secretOn(await owner.get('/identity/me/code'));
      expect((await owner.post('/identity/me/code', { code: codeOf(secret, one.clock.now()) })).status).toBe(200);
      one.later(11 * MINUTE_MS);
      expect((await owner.get('/identity/me/confirm?next=/identity/me')).location).toBe('/identity/step-up?next=%2Fidentity%2Fme');
    });

    it('sends word when a second factor is removed, in the language of its owner', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      await one.identity.settled();
      one.letters.length = 0;
      expect((await browser.post('/identity/me/code/remove')).location).toBe('/identity/me?said=factor-removed');
      await one.identity.settled();
      expect(one.letters.map(({ to, language, subject }) => [to, language, subject.includes('ikinci amil')])).toEqual([[ADMINISTRATOR, 'az', true]]);
    });

    it('without a password is asked to sign in again before the first second factor', async () => {
      const one = await stage();
      const top = await ministry(one);
      const owner = await join(one, top, 'owner', 'owner@ministry.example');
      await one.identity.parts.db.deleteFrom('identity_accounts').execute();
      one.later(11 * MINUTE_MS);
      const page = await owner.get((await owner.get('/identity/me/code')).location ?? '');
      expect([page.status, page.document.querySelector('[name=password]'), page.document.querySelector('main form[action="/identity/sign-out"]') !== null]).toEqual([200, null, true]);
      expect((await owner.post('/identity/me/confirm', { password: '' })).status).toBe(422);
    });

    it('without a second factor is sent to set one up', async () => {
      const one = await stage();
      await setUpAll(one);
      const owner = await join(one, await ministry(one), 'owner', 'owner@ministry.example');
      expect((await owner.get('/identity/step-up?next=/identity/me')).location).toBe('/identity/me/code?next=%2Fidentity%2Fme');
      const secret = secretOn(await owner.get('/identity/me/code'));
      expect((await owner.post('/identity/me/code', { code: '000000' })).status).toBe(422);
      expect(secretOn(await owner.get('/identity/me/code'))).toBe(secret);
      expect((await owner.post('/identity/me/code', { code: codeOf(secret, one.clock.now()) })).status).toBe(200);
    });
  });

  describe('a key of a program', () => {
    it('does what it was given, never more than its person, until it ends', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const { caller } = await one.identity.ask({ cookie: browser.cookieHeader() });
      const { keys, organisations } = one.identity;
      const { id, key } = must(await keys.create({ caller, name: 'nightly', permits: ['system.see'], days: 30 }));
      const ask = async () => one.identity.authenticate({ headers: { authorization: `Bearer ${key}` } });
      expect(await ask()).toMatchObject({ kind: 'key', actor: `key:${id}`, personId: caller.personId, permits: ['system.see'] });
      expect((await one.identity.parts.db.selectFrom('identity_api_keys').selectAll().executeTakeFirstOrThrow()).hash).not.toContain(key);
      // A cookie beside a key does not add to it.
      expect((await one.identity.authenticate({ headers: { authorization: `Bearer ${key.slice(0, 20)}${key[20] === 'A' ? 'B' : 'A'}${key.slice(21)}`, cookie: browser.cookieHeader() } })).kind).toBe('public');
      one.later(30 * DAY_MS);
      expect((await ask()).kind).toBe('public');
      const again = must(await keys.create({ caller, name: 'second', permits: ['system.see'], days: 1 }));
      expect((await one.identity.authenticate({ headers: { authorization: `Bearer ${again.key}` } })).kind).toBe('key');
      must(await keys.revoke(caller.personId ?? '', again.id));
      expect((await one.identity.authenticate({ headers: { authorization: `Bearer ${again.key}` } })).kind).toBe('public');
      expect(await organisations.closePerson(caller.personId ?? '')).toEqual({ ok: false, refusal: { code: 'last-administrator' } });
    });

    it.each([
      [['system.see'], 0, 'key-lifetime'],
      [['system.see'], 367, 'key-lifetime'],
      [['system.see'], 1.5, 'key-lifetime'],
      [['system.see'], Number.NaN, 'key-lifetime'],
      [[], 30, 'key-permits'],
      [['nothing.real'], 30, 'key-permits'],
      [['account.change'], 30, 'key-permits'],
      [['person.lock'], 30, 'key-permits'],
    ] as const)('with %j for %d days is refused: %s', async (permits, days, code) => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const { caller } = await one.identity.ask({ cookie: browser.cookieHeader() });
      expect(await one.identity.keys.create({ caller, name: 'n', permits, days })).toEqual({ ok: false, refusal: { code } });
    });

    it('of an editor cannot do what editors may not', async () => {
      const one = await stage();
      await setUpAll(one);
      const editor = await join(one, await ministry(one), 'editor', 'editor@ministry.example');
      const { caller } = await one.identity.ask({ cookie: editor.cookieHeader() });
      expect(await one.identity.keys.create({ caller, name: 'n', permits: ['platform.sample'], days: 1 })).toEqual({ ok: false, refusal: { code: 'key-permits' } });
    });
  });

  describe('organisations', () => {
    it('move with everything below, keep their paths, and never form a circle', async () => {
      const one = await stage();
      const { organisations } = one.identity;
      const make = async (name: string, parentId?: string) => must(await organisations.createOrganisation({ kind: 'agency', names: names(name), parentId }));
      const a = await make('a');
      const b = await make('b', a);
      const c = await make('c', b);
      const d = await make('d');
      expect((await organisations.getOrganisation(c))?.path).toEqual([a, b, c]);
      for (const [moved, parent] of [[a, a], [a, b], [a, c]] as const) expect(await organisations.moveOrganisation(moved, parent)).toEqual({ ok: false, refusal: { code: 'organisation-cycle' } });
      must(await organisations.moveOrganisation(b, d));
      expect([(await organisations.getOrganisation(b))?.parentId, (await organisations.getOrganisation(c))?.parentId, (await organisations.getOrganisation(c))?.path]).toEqual([d, b, [d, b, c]]);
      must(await organisations.moveOrganisation(b, undefined));
      expect((await organisations.getOrganisation(c))?.path).toEqual([b, c]);
      expect((await organisations.listOrganisations(b)).map(({ id }) => id)).toEqual([b, c]);
      expect(await organisations.closeOrganisation(b)).toEqual({ ok: false, refusal: { code: 'organisation-has-open-parts' } });
      must(await organisations.closeOrganisation(c));
      must(await organisations.closeOrganisation(b));
      expect(await organisations.createOrganisation({ kind: 'agency', names: names('e'), parentId: b })).toEqual({ ok: false, refusal: { code: 'organisation-closed' } });
    });

    it('that move against each other at once leave no circle', async () => {
      const one = await stage();
      const { organisations } = one.identity;
      const a = must(await organisations.createOrganisation({ kind: 'agency', names: names('a') }));
      const b = must(await organisations.createOrganisation({ kind: 'agency', names: names('b') }));
      const moved = await Promise.all([organisations.moveOrganisation(a, b), organisations.moveOrganisation(b, a)]);
      expect(moved.map(({ ok }) => ok).sort()).toEqual([false, true]);
    });

    it('other than a regulator give no role of the regulator, and a regulator stands below nobody', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const { organisations } = one.identity;
      const top = await ministry(one);
      const { personId = '', memberships } = await callerOf(one, browser);
      for (const role of ['administrator', 'officer', 'counsel', 'inspector', 'auditor'] as const) {
        expect(await organisations.grant({ personId, organisationId: top, role, by: 'operator' })).toEqual({ ok: false, refusal: { code: 'role-not-here' } });
        expect(await organisations.invite({ organisationId: top, role, email: 'x@y.example', language: 'en', by: 'operator' })).toEqual({ ok: false, refusal: { code: 'role-not-here' } });
      }
      const regulator = memberships[0]?.organisation ?? '';
      expect(await organisations.moveOrganisation(regulator, top)).toEqual({ ok: false, refusal: { code: 'organisation-cycle' } });
      expect(await organisations.createOrganisation({ kind: 'regulator', names: names('r'), parentId: top })).toEqual({ ok: false, refusal: { code: 'organisation-cycle' } });
      expect(await organisations.closeOrganisation(regulator)).toEqual({ ok: false, refusal: { code: 'last-administrator' } });
    });

    it('give and take roles that count from the next request on; the last administrator stays', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const { organisations } = one.identity;
      const top = await ministry(one);
      const owner = await join(one, top, 'owner', 'owner@ministry.example');
      const { personId = '' } = await callerOf(one, owner);
      expect(await organisations.grant({ personId, organisationId: top, role: 'owner', by: 'operator' })).toEqual({ ok: false, refusal: { code: 'already-member' } });
      const [membership] = await organisations.membershipsOf(personId);
      must(await organisations.revoke(membership?.id ?? '', 'operator'));
      expect((await callerOf(one, owner)).memberships).toEqual([]);
      expect(await organisations.revoke(membership?.id ?? '', 'operator')).toEqual({ ok: false, refusal: { code: 'not-a-member' } });
      must(await organisations.grant({ personId, organisationId: top, role: 'viewer', by: 'operator', until: one.clock.now() && new Date(Date.parse(one.clock.now()) + DAY_MS).toISOString() as ReturnType<typeof one.clock.now> }));
      expect((await callerOf(one, owner)).memberships.map(({ role }) => role)).toEqual(['viewer']);
      const administrator = await callerOf(one, browser);
      const regulator = administrator.memberships[0]?.organisation ?? '';
      const [mine] = await organisations.membershipsOf(administrator.personId ?? '');
      expect(await organisations.revoke(mine?.id ?? '', 'operator')).toEqual({ ok: false, refusal: { code: 'last-administrator' } });
      must(await organisations.grant({ personId, organisationId: regulator, role: 'administrator', by: 'operator' }));
      // A role of the regulator does not count in a session that began with a password alone.
      expect((await callerOf(one, owner)).restricted).toBe(true);
      must(await organisations.revoke(mine?.id ?? '', 'operator'));
      must(await organisations.closePerson(administrator.personId ?? ''));
      expect((await callerOf(one, browser)).kind).toBe('public');
      expect((await one.browser().post('/identity/sign-in', { email: ADMINISTRATOR, password: PASSWORD })).status).toBe(422);
    });

    it('list people by page, word and organisation', async () => {
      const one = await stage();
      await setUpAll(one);
      const top = await ministry(one);
      for (const [name, email] of [['Bella', 'b@m.example'], ['alma', 'a@m.example'], ['Çinar 100%', 'c@m.example']] as const) await join(one, top, 'viewer', email, name);
      const { organisations } = one.identity;
      const first = await organisations.listPeople({ limit: 2 });
      const last = first.at(-1);
      const rest = await organisations.listPeople({ limit: 10, ...(last === undefined ? {} : { after: { name: last.name, id: last.id } }) });
      expect([...first, ...rest].map(({ name }) => name).sort()).toEqual(['Bella', 'Leyla Quliyeva', 'alma', 'Çinar 100%'].sort());
      expect((await organisations.listPeople({ limit: 10, q: '100%' })).map(({ name }) => name)).toEqual(['Çinar 100%']);
      expect((await organisations.listPeople({ limit: 10, q: '%' })).map(({ name }) => name)).toEqual(['Çinar 100%']);
      expect(await organisations.listPeople({ limit: 10, organisation: top })).toHaveLength(3);
    });
  });
});
