/** Passkeys in Chromium with an authenticator that exists in software only: added, used to sign in and to confirm, refused when they are somebody else's. */

import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchBrowser } from '../../../../test/support/browser.ts';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { ADMINISTRATOR, codeOf, PASSWORD, setUpToken, setUpFields, type Stage, stagesOf } from '../../../../test/support/identity.ts';
import { MINUTE_MS } from '../model.ts';

describe.skipIf(chromiumPath === undefined)('passkeys in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => browser.close());

  onEveryEngine((open) => {
    const { stage, closeAll } = stagesOf(open);
    afterAll(closeAll);

    /** A page with an authenticator that checks its owner, or does not. */
    const device = async (origin: string, checksOwner = true): Promise<{ readonly page: Page; readonly cdp: CDPSession; readonly authenticatorId: string }> => {
      const context = await browser.newContext({ locale: 'en', baseURL: origin });
      const page = await context.newPage();
      const cdp = await context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: checksOwner, automaticPresenceSimulation: true } });
      return { page, cdp, authenticatorId };
    };
    const listening = async (): Promise<{ readonly one: Stage; readonly origin: string }> => {
      // The library goes by the machine's clock.
      const one = await stage({ at: new Date().toISOString() });
      await one.app.listen({ host: '127.0.0.1', port: 0 });
      return { one, origin: `http://localhost:${(one.app.server.address() as AddressInfo).port}` };
    };
    const shot = async (page: Page, name: string): Promise<void> => {
      const folder = process.env['SHOTS'];
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: `${folder}/identity-${name}-${width}.png`, fullPage: true });
      }
    };
    /** First set-up as a person does it, in the browser. */
    const setUp = async (one: Stage, page: Page): Promise<string> => {
      const fields = setUpFields(await setUpToken(one.identity));
      await page.goto(`/identity/setup?token=${fields['token'] ?? ''}`);
      await shot(page, 'setup');
      for (const [name, value] of Object.entries(fields)) if (name !== 'token' && name !== 'language') await page.fill(`[name="${name}"]`, value);
      await page.click('main button[type=submit]');
      await page.waitForURL('**/identity/me/code');
      await shot(page, 'code');
      const secret = (await page.textContent('.identity-secret')) ?? '';
      await page.fill('[name=code]', codeOf(secret, one.clock.now()));
      await page.click('main button[type=submit]');
      await page.waitForSelector('.identity-codes');
      await shot(page, 'recovery-codes');
      return secret;
    };
    const addPasskey = async (page: Page, name: string): Promise<void> => {
      await page.goto('/identity/me');
      await page.fill('#passkey-name', name);
      await page.click('[data-passkey=add] button');
    };

    it('are added, named, and sign in without anything being typed', async () => {
      const { one, origin } = await listening();
      const { page, cdp, authenticatorId } = await device(origin);
      await setUp(one, page);
      await addPasskey(page, 'work laptop');
      await page.waitForURL('**said=saved**');
      expect(await page.textContent('#passkeys')).toContain('work laptop');
      await shot(page, 'me');
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
      expect(credentials.map(({ isResidentCredential, rpId }) => [isResidentCredential, rpId])).toEqual([[true, 'localhost']]);
      await page.click('form[action="/identity/sign-out"] button >> nth=0');
      await page.waitForURL('**/identity/sign-in**');
      await page.goto('/identity/sign-in?next=/identity/me');
      // The browser may use the passkey by itself beside the field; otherwise the button asks for it.
      await page.click('[data-passkey=sign-in] button', { timeout: 3000 }).catch(() => undefined);
      await page.waitForURL(({ pathname }) => pathname === '/identity/me');
      const { caller, session } = await one.identity.ask({ cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') });
      expect([session?.method, caller.restricted, caller.session?.steppedUpAt !== undefined]).toEqual(['passkey', undefined, true]);
    }, 120_000);

    it('confirm again after ten minutes, also at the second step after a password', async () => {
      const { one, origin } = await listening();
      const { page } = await device(origin);
      await setUp(one, page);
      await addPasskey(page, '');
      await page.waitForURL('**said=saved**');
      one.later(11 * MINUTE_MS);
      await page.goto('/identity/step-up?next=/identity/me');
      await shot(page, 'step-up');
      await page.click('[data-passkey=confirm] button');
      await page.waitForURL(({ pathname }) => pathname === '/identity/me');
      const steppedUp = (await one.identity.ask({ cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') })).caller.session?.steppedUpAt;
      expect(steppedUp).toBe(Date.parse(one.clock.now()));
      await page.click('form[action="/identity/sign-out"] button >> nth=0');
      await page.waitForURL('**/identity/sign-in**');
      const away = await browser.newContext({ baseURL: origin, locale: 'en' });
      const other = await away.newPage();
      await other.goto('/identity/sign-in');
      await shot(other, 'sign-in');
      await other.fill('[name=email]', ADMINISTRATOR);
      await other.fill('[name=password]', PASSWORD);
      await other.click('main form[action="/identity/sign-in"] button[type=submit]');
      await other.waitForURL('**/identity/second-factor');
      await shot(other, 'second-step');
      expect(await other.isVisible('[data-passkey=sign-in] button')).toBe(true);
    }, 120_000);

    it('that do not check their owner, or are somebody else’s, are refused', async () => {
      const { one, origin } = await listening();
      const careless = await device(origin, false);
      await setUp(one, careless.page);
      await addPasskey(careless.page, 'careless');
      await careless.page.waitForSelector('[data-passkey=add] [data-part=problem]:not([hidden])');
      expect(await one.identity.parts.db.selectFrom('identity_passkeys').select('id').execute()).toEqual([]);
      const stranger = await device(origin);
      await stranger.page.goto('/identity/sign-in');
      await stranger.page.click('[data-passkey=sign-in] button');
      await stranger.page.waitForSelector('[data-passkey=sign-in] [data-part=problem]:not([hidden])', { timeout: 90_000 });
      expect((await one.identity.parts.db.selectFrom('identity_sessions').select('id').execute()).length).toBe(1);
    }, 180_000);
  });
});
