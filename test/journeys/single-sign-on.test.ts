/** An administrator connects a directory and tries it out without scripts; then somebody of the organisation signs in with it. In Chromium, with a real OpenID provider. */

import { type AddressInfo, createServer } from 'node:net';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { systemScope } from '../../src/platform/auth/index.ts';
import { migrate } from '../../src/platform/db/index.ts';
import { chromiumPath } from '../support/browser.ts';
import { openOidcPeer } from '../support/identity-providers.ts';
import { openStage, setUpAll } from '../support/identity.ts';
import { openEmpty } from '../support/image.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(chromiumPath === undefined)('single sign-on', () => {
  it('is connected, tried out and used', async () => {
    const port = await freePort();
    const base = `http://localhost:${port}`;
    const peer = await openOidcPeer();
    const stage = await openStage(
      async (migrations) => {
        const database = await openEmpty({ standing: systemScope });
        await migrate(database, migrations);
        return database;
      },
      { outboundAllow: peer.allow, at: new Date().toISOString(), publicUrl: base },
    );
    const administrator = (await setUpAll(stage)).browser;
    const organisation = await stage.identity.organisations.createOrganisation({ kind: 'ministry', names: { az: 'Yollar Nazirliyi', en: 'Ministry of Roads', ru: 'Министерство дорог' } });
    expect(organisation.ok).toBe(true);
    await stage.app.listen({ port, host: '127.0.0.1' });
    const chrome = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const context = await chrome.newContext({ javaScriptEnabled: false });
      await context.addCookies([{ name: 'mizan_session', value: administrator.cookies.get('mizan_session') ?? '', url: base }]);
      const page = await context.newPage();
      const path = `${base}/identity/organisations/${organisation.ok ? organisation.value : ''}/connections`;
      await page.goto(`${path}/new/oidc`);
      for (const [name, value] of Object.entries({ name: 'Directory', domains: 'roads.example', issuer: peer.issuer, 'client-id': peer.clientId, 'client-secret': peer.clientSecret, 'claim-roles': 'groups', roles: 'AI = editor' })) await page.fill(`[name="${name}"]`, value);
      await page.check('[name=makes-people]');
      await page.click('main form button');
      await page.waitForURL(/said=saved/);
      const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      peer.allowRedirect(`${base}/identity/oidc/${id}/callback`);
      peer.persona = { sub: 'w', email: 'w@roads.example', email_verified: true, name: 'Nigar Quliyeva', groups: ['AI'] };
      await page.click('form[action$="/check"] button');
      expect(await page.textContent('main')).toContain(`${peer.issuer}/token`);
      await page.goto(`${path}/${id}/try`);
      await page.waitForURL(/\/callback/);
      expect(await page.textContent('main')).toContain('w@roads.example');

      const visitor = await (await chrome.newContext()).newPage();
      await visitor.goto(`${base}/identity/sign-in?next=%2Fidentity%2Fme`);
      await visitor.click('main a[href^="/identity/sso"]');
      await visitor.fill('[name=email]', 'w@roads.example');
      await visitor.click('main form button');
      await visitor.click('main a[href^="/identity/sso/"]');
      await visitor.waitForURL(`${base}/identity/me`);
      expect(await visitor.inputValue('[name=name]')).toBe('Nigar Quliyeva');
    } finally {
      await chrome.close();
      await peer.close();
      await stage.close();
      await stage.database.close();
    }
  }, 120_000);
});
