/** Single sign-on with a real OpenID provider and a real SAML provider: who gets in, and what attackers get. */

import { createHmac } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { CompiledQuery } from 'kysely';
import { generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type KeyPair, makeKeyPair, openOidcPeer, type OidcPeer, type Persona, SAML_ISSUER, samlAnswer, samlMetadata, signedByCurve } from '../../../../test/support/identity-providers.ts';
import { type Browser, codeOf, openStage, secretOn, setUpAll, type Stage } from '../../../../test/support/identity.ts';
import type { Role } from '../model.ts';

const SIGN_IN_URL = 'https://idp.office.example/sso';

onEveryEngine((open) => {
  let peer: OidcPeer;
  let pair: KeyPair;
  let stage: Stage;
  let admin: Browser;
  let ministry: string;
  let agency: string;
  beforeAll(async () => {
    peer = await openOidcPeer();
    pair = makeKeyPair('office');
    stage = await openStage(open, { outboundAllow: peer.allow, at: new Date().toISOString() });
    admin = (await setUpAll(stage)).browser;
    ministry = await organisation('Ministry');
    agency = await organisation('Agency', ministry);
  }, 60_000);
  afterAll(async () => {
    await peer.close();
    await stage.close();
  });

  let visitors = 0;
  /** Each from an address of their own: what one address begins is limited. */
  const user = (): Browser => stage.browser({ address: `192.0.2.${++visitors % 250}` });
  // An organisation has a few connections; each test makes its own.
  beforeEach(async () => void (await stage.database.vault.executeQuery(CompiledQuery.raw('delete from identity_connections'))));

  const organisation = async (name: string, parentId?: string): Promise<string> => {
    const made = await stage.identity.organisations.createOrganisation({ kind: 'ministry', names: { az: name, en: name, ru: name }, parentId });
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const invite = async (organisationId: string, role: Role, email: string): Promise<string> => {
    const before = stage.letters.length;
    await stage.identity.organisations.invite({ organisationId, role, email, language: 'en', by: 'operator' });
    const token = /\/identity\/join\/([\w-]{43})/.exec(JSON.stringify(stage.letters[before]))?.[1] ?? '';
    const joined = await stage.identity.organisations.joinAsNew({ token, name: 'Somebody', language: 'en', password: 'violet kettle under the stairs', origin: { address: '192.0.2.1', userAgent: undefined } });
    if (!joined.ok) throw new Error(joined.refusal.code);
    return joined.value.personId;
  };
  let made = 0;
  /** A connection of its own domain, made through the pages. */
  const connect = async (kind: 'oidc' | 'saml', fields: Record<string, string> = {}, organisationId = ministry): Promise<{ id: string; domain: string; page: string }> => {
    const domain = `d${++made}.example`;
    const common = { name: 'Directory', domains: domain, 'claim-email': kind === 'oidc' ? 'email' : '', 'claim-name': '', 'claim-roles': '', roles: '', 'default-role': 'viewer', strong: '', ...(kind === 'oidc' ? { issuer: peer.issuer, 'client-id': peer.clientId, 'client-secret': peer.clientSecret, scopes: 'email profile' } : { metadata: samlMetadata(pair, SIGN_IN_URL) }) };
    const answer = await admin.post(`/identity/organisations/${organisationId}/connections/new/${kind}`, { ...common, ...fields });
    expect(answer.status, answer.document.querySelector('.error-summary')?.textContent).toBe(303);
    const page = (answer.location ?? '').split('?')[0] ?? '';
    const id = page.split('/').at(-1) ?? '';
    peer.allowRedirect(`http://localhost/identity/oidc/${id}/callback`);
    return { id, domain, page };
  };
  const inside = (url: URL): string => url.pathname + url.search;
  const callerOf = async (browser: Browser) => stage.identity.authenticate({ headers: { cookie: browser.cookieHeader() } });
  const rolesOf = async (browser: Browser): Promise<string[]> => (await callerOf(browser)).memberships.map(({ role, organisation: where }) => `${role} ${where === ministry ? 'ministry' : where === agency ? 'agency' : 'elsewhere'}`).sort();
  const signOn = async (id: string, persona: Persona, browser = user(), next = '') => {
    peer.persona = persona;
    const begun = await browser.get(`/identity/sso/${id}${next}`);
    expect(begun.status).toBe(303);
    return { browser, page: await browser.get(inside(await peer.signIn(begun.location ?? '')), { 'sec-fetch-site': 'cross-site' }) };
  };

  describe('OpenID Connect', () => {
    it('makes a person with the roles of their groups, signs them in, and follows the groups', async () => {
      const { id, domain } = await connect('oidc', { 'claim-roles': 'groups', roles: 'AI editors = editor', 'makes-people': 'yes' });
      const persona = { sub: 'u1', email: `one@${domain}`, email_verified: true, name: 'Nərgiz Babayeva', groups: ['ai EDITORS'] };
      const first = await signOn(id, persona, undefined, '?next=%2Fidentity%2Fme');
      expect([first.page.status, first.page.location, await rolesOf(first.browser)]).toEqual([303, '/identity/me', ['editor ministry']]);
      expect(await callerOf(first.browser)).toMatchObject({ kind: 'person', name: 'Nərgiz Babayeva' });
      const second = await signOn(id, { ...persona, email: 'changed@elsewhere.example', groups: [] });
      expect([second.page.location, await rolesOf(second.browser)]).toEqual(['/', ['viewer ministry']]);
      expect((await callerOf(second.browser)).personId).toBe((await callerOf(first.browser)).personId);
    });

    it('is found by the domain of an address, in a page that any browser can use', async () => {
      const { id, domain } = await connect('oidc');
      const browser = user();
      expect((await browser.get('/identity/sign-in')).html).toContain('href="/identity/sso"');
      expect((await browser.post('/identity/sso', { email: `x@${domain}`, next: '/ok' })).html).toContain(`/identity/sso/${id}?next=%2Fok`);
      expect((await browser.post('/identity/sso', { email: 'x@unknown.example' })).html).not.toContain('/identity/sso/');
      expect((await browser.post('/identity/sso', { email: 'nothing' })).status).toBe(422);
    });

    it.each<[string, (domain: string) => Persona, string]>([
      ['an unknown person when none are made', (domain) => ({ sub: 'x1', email: `new@${domain}`, email_verified: true }), 'invitation'],
      ['an address that is not verified', (domain) => ({ sub: 'x2', email: `new@${domain}`, email_verified: false }), 'verified'],
      ['an address of another domain', () => ({ sub: 'x3', email: 'leyla@regulator.example', email_verified: true }), 'domain'],
      ['a domain below its own', (domain) => ({ sub: 'x4', email: `new@sub.${domain}`, email_verified: true }), 'domain'],
      ['a domain that only ends alike', (domain) => ({ sub: 'x5', email: `new@evil${domain}`, email_verified: true }), 'domain'],
      ['two addresses in one', (domain) => ({ sub: 'x6', email: `leyla@regulator.example ,x@${domain}`, email_verified: true }), 'domain'],
      ['no address', () => ({ sub: 'x7' }), 'did not tell'],
    ])('refuses %s', async (_name, persona, word) => {
      const { id, domain } = await connect('oidc');
      const { browser, page } = await signOn(id, persona(domain));
      expect([page.status, page.html.includes(word), (await callerOf(browser)).kind]).toEqual([403, true, 'public']);
    });

    it('signs in somebody who was invited, and links them for ever', async () => {
      const { id, domain } = await connect('oidc');
      const person = await invite(agency, 'editor', `known@${domain}`);
      const { browser } = await signOn(id, { sub: 'k1', email: `Known@${domain.toUpperCase()}`, email_verified: true });
      expect([(await callerOf(browser)).personId, await rolesOf(browser)]).toEqual([person, ['editor agency']]);
      const stolen = await signOn(id, { sub: 'k2', email: `known@${domain}`, email_verified: true });
      expect([stolen.page.status, (await callerOf(stolen.browser)).kind]).toEqual([403, 'public']);
    });

    it('never takes over somebody of another organisation', async () => {
      const { id, domain } = await connect('oidc', { 'makes-people': 'yes' });
      const other = await organisation('Sibling');
      await invite(other, 'owner', `theirs@${domain}`);
      const { browser, page } = await signOn(id, { sub: 't1', email: `theirs@${domain}`, email_verified: true });
      expect([page.status, page.html.includes('another organisation'), (await callerOf(browser)).kind]).toEqual([403, true, 'public']);
      // Nor somebody who was its own and is another's now.
      const both = await invite(agency, 'viewer', `both@${domain}`);
      expect((await signOn(id, { sub: 't2', email: `both@${domain}`, email_verified: true })).page.status).toBe(303);
      await stage.identity.organisations.grant({ personId: both, organisationId: other, role: 'owner', by: 'operator' });
      expect((await signOn(id, { sub: 't2', email: `both@${domain}`, email_verified: true })).page.status).toBe(403);
    });

    it('signs nobody in whose account an administrator closed, and gives back no role that was taken', async () => {
      const { id, domain } = await connect('oidc', { 'makes-people': 'yes' });
      const persona = { sub: 'c1', email: `gone@${domain}`, email_verified: true };
      const { browser } = await signOn(id, persona);
      const { personId = '' } = await callerOf(browser);
      const [membership] = await stage.identity.organisations.membershipsOf(personId);
      await stage.identity.organisations.revoke(membership?.id ?? '', 'operator');
      expect((await signOn(id, persona)).page.html).toContain('no role');
      await stage.identity.organisations.grant({ personId, organisationId: ministry, role: 'analyst', by: 'operator' });
      expect((await signOn(id, persona)).page.status).toBe(303);
      await stage.identity.organisations.closePerson(personId);
      expect((await signOn(id, persona)).page.html).toContain('closed');
    });

    it('demands a second factor here for roles that reach far, unless the provider vouches for one', async () => {
      const regulator = (await stage.identity.organisations.listOrganisations()).find(({ kind }) => kind === 'regulator')?.id ?? '';
      const { id, domain, page } = await connect('oidc', { strong: 'mfa' }, regulator);
      await invite(regulator, 'officer', `officer@${domain}`);
      const persona = { sub: 'o1', email: `officer@${domain}`, email_verified: true };
      const weak = await signOn(id, persona);
      expect(await callerOf(weak.browser)).toMatchObject({ restricted: true });
      const secret = secretOn(await weak.browser.get('/identity/me/code'));
      await weak.browser.post('/identity/me/code', { code: codeOf(secret, stage.clock.now()) });
      expect((await callerOf(weak.browser)).restricted).toBe(undefined);
      const again = await signOn(id, persona);
      expect([again.page.location, (await callerOf(again.browser)).kind]).toEqual(['/identity/second-factor', 'public']);
      stage.later(60_000);
      await again.browser.post('/identity/second-factor', { code: codeOf(secret, stage.clock.now()) });
      expect((await callerOf(again.browser)).restricted).toBe(undefined);
      expect(page).toContain(regulator);
    });

    it('tries a connection out without signing anybody in, and shows it to nobody else', async () => {
      const { page, domain } = await connect('oidc', { 'makes-people': 'yes', 'claim-roles': 'groups', roles: 'G = editor' });
      await admin.post(`${page}/switch`, { on: 'no' });
      peer.persona = { sub: 'p1', email: `p@${domain}`, email_verified: true, groups: ['G'] };
      const before = await callerOf(admin);
      const begun = await admin.get(`${page}/try`);
      const shown = await admin.get(inside(await peer.signIn(begun.location ?? '')));
      expect([shown.status, shown.html.includes('editor'), shown.html.includes(`p@${domain}`)]).toEqual([200, true, true]);
      expect((await callerOf(admin)).personId).toBe(before.personId);
      const other = await admin.get(`${page}/try`);
      const back = await peer.signIn(other.location ?? '');
      const stranger = user();
      stranger.cookies.set('mizan_sign_on', admin.cookies.get('mizan_sign_on') ?? '');
      expect((await stranger.get(inside(back))).status).toBe(403);
    });
  });

  describe('attacks on OpenID Connect', () => {
    const attack = async (change: (url: URL) => void, prepare?: (id: string) => void, keepBrowser = true) => {
      const { id, domain } = await connect('oidc', { 'makes-people': 'yes' });
      prepare?.(id);
      peer.persona = { sub: 'victim', email: `victim@${domain}`, email_verified: true };
      const browser = user();
      const url = await peer.signIn((await browser.get(`/identity/sso/${id}`)).location ?? '');
      change(url);
      const visitor = keepBrowser ? browser : user();
      try {
        return { id, url, browser: visitor, page: await visitor.get(inside(url)) };
      } finally {
        peer.onToken = undefined;
      }
    };
    const forged = (make: (claims: Record<string, unknown>, token: string) => string | Promise<string>) => () => {
      peer.onToken = async (tokens) => ({ ...tokens, id_token: await make({ ...decodeJwt(String(tokens['id_token'])) }, String(tokens['id_token'])) });
    };
    const hmac = (claims: Record<string, unknown>, key: string): string => {
      const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    it('does nothing to a sign-in that nobody attacks', async () => {
      expect((await attack(() => undefined)).page.status).toBe(303);
    });
    it.each<[string, Parameters<typeof attack>]>([
      ['another state', [(url) => url.searchParams.set('state', 'A'.repeat(43))]],
      ['no state', [(url) => url.searchParams.delete('state')]],
      ['another issuer', [(url) => url.searchParams.set('iss', 'https://evil.example')]],
      ['no issuer where the provider tells one', [(url) => url.searchParams.delete('iss')]],
      ['another code', [(url) => url.searchParams.set('code', 'x'.repeat(43))]],
      ['an error in place of a code', [(url) => { url.searchParams.delete('code'); url.searchParams.set('error', 'access_denied'); }]],
      ['the browser of somebody else', [() => undefined, undefined, false]],
      ['a token without signature (alg none)', [() => undefined, forged((claims) => new UnsecuredJWT(claims).encode())]],
      ['a token signed with the client secret (HS256)', [() => undefined, forged((claims) => hmac(claims, 'the secret of the client, 40 characters !'))]],
      ['a token signed by a stranger', [() => undefined, forged(async (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign((await generateKeyPair('RS256')).privateKey))]],
      ['a token with changed claims', [() => undefined, forged((claims, token) => token.split('.').map((part, at) => (at === 1 ? Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url') : part)).join('.'))]],
      ['no token', [() => undefined, () => { peer.onToken = ({ id_token: _gone, ...rest }) => rest; }]],
    ])('refuses %s', async (_name, given) => {
      const { page, browser } = await attack(...given);
      expect([page.status, (await callerOf(browser)).kind]).toEqual([403, 'public']);
    });
    it('refuses a token that answers another question (nonce), or is too old', async () => {
      let kept: unknown;
      await attack(() => undefined, () => { peer.onToken = (tokens) => { kept = tokens['id_token']; return tokens; }; });
      const replayed = await attack(() => undefined, () => { peer.onToken = (tokens) => ({ ...tokens, id_token: kept }); });
      expect([replayed.page.status, (await callerOf(replayed.browser)).kind]).toEqual([403, 'public']);
    });
    it('takes an answer once', async () => {
      const { page, url, browser } = await attack(() => undefined);
      expect(page.status).toBe(303);
      const other = user();
      other.cookies.set('mizan_sign_on', browser.cookies.get('mizan_sign_on') ?? '');
      expect([(await other.get(inside(url))).status, (await callerOf(other)).kind]).toEqual([403, 'public']);
    });
    it('takes no answer to the question of another connection', async () => {
      const other = await connect('oidc', { 'makes-people': 'yes' });
      const { page } = await attack((url) => { url.pathname = `/identity/oidc/${other.id}/callback`; });
      expect(page.status).toBe(403);
    });
    it('takes no answer that comes too late', async () => {
      const now = stage.clock.now();
      const { page } = await attack(() => stage.later(16 * 60_000));
      stage.clock.move(now);
      expect(page.status).toBe(403);
    });
    it.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/identity/sso/x', 'javascript:alert(1)'])('never leads to %s', async (next) => {
      const { id, domain } = await connect('oidc', { 'makes-people': 'yes' });
      expect((await signOn(id, { sub: 'n1', email: `n@${domain}`, email_verified: true }, undefined, `?next=${encodeURIComponent(next)}`)).page.location).toBe('/');
    });
    it('asks with PKCE, state, nonce and the exact address', async () => {
      const { id } = await connect('oidc');
      const { searchParams } = new URL((await user().get(`/identity/sso/${id}`)).location ?? '');
      expect(Object.fromEntries(searchParams)).toMatchObject({ response_type: 'code', redirect_uri: `http://localhost/identity/oidc/${id}/callback`, code_challenge_method: 'S256', scope: 'openid email profile' });
      for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    });
    it('calls no place that the operator did not allow, and says what to add', async () => {
      const { page, id } = await connect('oidc', { issuer: 'https://login.office.example/realm' });
      expect((await admin.post(`${page}/check`)).html).toContain('login.office.example:443');
      expect((await user().get(`/identity/sso/${id}`)).html).toContain('OUTBOUND_ALLOW');
    });
    it('believes no document of another issuer', async () => {
      const { page, id } = await connect('oidc', { issuer: `${peer.issuer}/` });
      expect((await admin.post(`${page}/check`)).html).toContain('other-issuer');
      expect((await user().get(`/identity/sso/${id}`)).status).toBe(403);
    });
  });

  describe('SAML', () => {
    const begin = async (id: string, browser = user()) => {
      const url = new URL((await browser.get(`/identity/sso/${id}`)).location ?? '');
      const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
      return { browser, url, inResponseTo: /ID="([^"]+)"/.exec(xml)?.[1] ?? '', audience: `http://localhost/identity/saml/${id}/metadata`, recipient: `http://localhost/identity/saml/${id}/answer` };
    };
    const deliver = async (id: string, browser: Browser, xml: string) => {
      // From the provider's page, without our cookies; then the browser by itself, with them.
      const posted = await user().post(`/identity/saml/${id}/answer`, { SAMLResponse: Buffer.from(xml).toString('base64') }, { origin: 'https://idp.office.example', 'sec-fetch-site': 'cross-site' });
      return posted.status === 303 ? browser.get(posted.location ?? '', { 'sec-fetch-site': 'cross-site' }) : posted;
    };
    const run = async (change: (xml: string) => string | Promise<string>, options: Readonly<Record<string, unknown>> = {}, key = pair) => {
      const { id, domain } = await connect('saml', { 'makes-people': 'yes' });
      const { browser, ...asked } = await begin(id);
      const xml = await change(await samlAnswer(key, { ...asked, subject: 's1', email: `s1@${domain}`, options }));
      return { id, domain, xml, browser, page: await deliver(id, browser, xml) };
    };

    it.each<[string, Readonly<Record<string, unknown>>]>([
      ['a signed assertion', {}],
      ['a signed answer', { signResponse: true, signAssertion: false }],
      ['both signed', { signResponse: true }],
    ])('signs in by %s', async (_name, options) => {
      const { page, browser } = await run((xml) => xml, options);
      expect([page.status, page.location, await rolesOf(browser), (await callerOf(browser)).name]).toEqual([303, '/', ['viewer ministry'], 'Aysel Əliyeva']);
    });

    describe('by a key on a curve', () => {
      const curved = makeKeyPair('curved', 'P-256');
      const runCurved = async (certificates: string, change: (xml: string) => string) => {
        const { id, domain } = await connect('saml', { 'makes-people': 'yes', metadata: '', 'entity-id': SAML_ISSUER, 'sign-in-url': SIGN_IN_URL, certificates });
        const { browser, ...asked } = await begin(id);
        const page = await deliver(id, browser, change(await samlAnswer(pair, { ...asked, subject: 's1', email: `s1@${domain}` })));
        return [page.status, (await callerOf(browser)).kind];
      };

      it('takes a certificate out of metadata', async () => {
        const { id } = await connect('saml', { metadata: samlMetadata(curved, SIGN_IN_URL) });
        expect((await stage.identity.parts.db.withTables<{ identity_connections: { id: string; settings: unknown } }>().selectFrom('identity_connections').select('settings').where('id', '=', id).executeTakeFirstOrThrow()).settings).toMatchObject({ certificates: [curved.base64] });
      });
      it.each<[string, string | undefined, string]>([
        ['P-256 and SHA-256', 'P-256', 'sha256'],
        ['P-384 and SHA-384', 'P-384', 'sha384'],
        ['P-521 and SHA-512', 'P-521', 'sha512'],
      ])('signs in with %s, beside an older RSA certificate', async (_name, curve, hash) => {
        const own = makeKeyPair('own', curve);
        expect(await runCurved(`${pair.certificate}${own.certificate}`, (xml) => signedByCurve(xml, own, hash))).toEqual([303, 'person']);
        expect(await runCurved(`${own.certificate}${pair.certificate}`, (xml) => xml)).toEqual([303, 'person']);
      });
      it.each<[string, (xml: string) => string]>([
        ['another key on the same curve', (xml) => signedByCurve(xml, makeKeyPair('evil', 'P-256'))],
        ['a changed address', (xml) => signedByCurve(xml, curved).replaceAll(/s1@d\d+\.example/g, 'leyla@regulator.example')],
        ['an RSA signature', (xml) => xml],
        ['the name of RSA on it', (xml) => signedByCurve(xml, curved).replace('xmldsig-more#ecdsa-sha256', 'xmldsig-more#rsa-sha256')],
        ['SHA-1', (xml) => signedByCurve(xml, curved).replace('xmldsig-more#ecdsa-sha256', 'xmldsig-more#ecdsa-sha1')],
        ['nought as the signature', (xml) => signedByCurve(xml, curved).replace(/<SignatureValue>[^<]*/, `<SignatureValue>${Buffer.alloc(64).toString('base64')}`)],
      ])('refuses %s', async (_name, change) => {
        expect(await runCurved(curved.certificate, change)).toEqual([403, 'public']);
      });
      it('takes no other curve', async () => {
        const answer = await admin.post(`/identity/organisations/${ministry}/connections/new/saml`, { name: 'N', domains: 'curve.example', 'entity-id': SAML_ISSUER, 'sign-in-url': SIGN_IN_URL, certificates: makeKeyPair('odd', 'secp256k1').certificate });
        expect([answer.status, answer.document.querySelector('.error-summary a[href="#certificates"]') === null]).toEqual([422, false]);
      });
    });

    const evil = (xml: string): string => xml.replaceAll(/s1@d\d+\.example/g, 'leyla@regulator.example').replace(/<Signature [\s\S]*?<\/Signature>/, '').replace(/ ID="_[^"]*"( IssueInstant="[^"]*"><saml:Issuer>)/, ' ID="_evil"$1');
    const assertionIn = (xml: string): string => /<saml:Assertion [\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? '';
    it.each<[string, (xml: string) => string, Readonly<Record<string, unknown>>?]>([
      ['no signature', (xml) => xml.replace(/<Signature [\s\S]*?<\/Signature>/, '')],
      ['a changed address', (xml) => xml.replaceAll(/s1@d\d+\.example/g, 'leyla@regulator.example')],
      ['wrapping: an evil assertion before the signed one', (xml) => xml.replace('<saml:Assertion ', `${assertionIn(evil(xml))}<saml:Assertion `)],
      ['wrapping: an evil assertion after the signed one', (xml) => xml.replace('</saml:Assertion>', `</saml:Assertion>${assertionIn(evil(xml))}`)],
      ['wrapping: the signed one inside the evil one', (xml) => xml.replace(assertionIn(xml), assertionIn(evil(xml)).replace('</saml:Issuer>', `</saml:Issuer>${assertionIn(xml)}`))],
      ['wrapping: the signed one hidden in extensions', (xml) => xml.replace(assertionIn(xml), assertionIn(evil(xml))).replace('<samlp:Status>', `<samlp:Extensions>${assertionIn(xml)}</samlp:Extensions><samlp:Status>`)],
      ['wrapping: the signature moved to an evil assertion', (xml) => {
        const signature = /<Signature [\s\S]*?<\/Signature>/.exec(xml)?.[0] ?? '';
        const original = assertionIn(xml).replace(signature, '');
        return xml.replace(assertionIn(xml), assertionIn(evil(xml)).replace('</saml:Issuer>', `</saml:Issuer>${signature.replace('</Signature>', `<Object>${original}</Object></Signature>`)}`));
      }],
      ['the same ID twice', (xml) => xml.replace(/(<samlp:Response [^>]*)ID="[^"]*"/, `$1ID="${/<saml:Assertion [^>]*ID="([^"]+)"/.exec(xml)?.[1] ?? ''}"`)],
      ['a document type with entities', (xml) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml}`],
      ['SHA-1', (xml) => xml, { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }],
      ['another audience', (xml) => xml, { audience: 'urn:somebody-else' }],
      ['another recipient', (xml) => xml, { recipient: 'https://elsewhere.example/acs' }],
      ['another destination', (xml) => xml, { destination: 'https://elsewhere.example/acs' }],
      ['another issuer', (xml) => xml, { issuer: 'urn:idp:evil' }],
      ['an answer to no question', (xml) => xml, { inResponseTo: `_${'A'.repeat(43)}` }],
      ['one that has ended', (xml) => xml, { lifetimeInSeconds: -120 }],
      ['a refusal of the provider', (xml) => xml, { samlStatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }],
      ['no XML', () => 'nothing'],
      ['broken XML', (xml) => xml.replace('</samlp:Status>', '')],
    ])('refuses %s', async (_name, change, options) => {
      const { page, browser } = await run(change, options ?? {});
      expect([page.status, (await callerOf(browser)).kind]).toEqual([403, 'public']);
    });

    it('refuses the key of somebody else, although its certificate comes along', async () => {
      const { page } = await run((xml) => xml, {}, makeKeyPair('evil'));
      expect(page.status).toBe(403);
    });
    it('reads what was signed, however comments cut it', async () => {
      const { id, domain } = await connect('saml', { 'makes-people': 'yes' });
      const { browser, ...asked } = await begin(id);
      const xml = await samlAnswer(pair, { ...asked, subject: `mail@${domain}`, email: `mail@${domain}.evil.example` });
      const page = await deliver(id, browser, xml.replace(`mail@${domain}.evil.example`, `mail@${domain}<!-- -->.evil.example`));
      expect([page.status, (await callerOf(browser)).kind]).toEqual([403, 'public']);
    });
    it('takes an answer once, and only in the browser that asked', async () => {
      const { id, xml, browser, page } = await run((text) => text);
      expect(page.status).toBe(303);
      expect((await deliver(id, browser, xml)).status).toBe(403);
      const { id: other, domain } = await connect('saml', { 'makes-people': 'yes' });
      const { browser: _asker, ...asked } = await begin(other);
      const stolen = await deliver(other, user(), await samlAnswer(pair, { ...asked, subject: 'z', email: `z@${domain}` }));
      expect(stolen.status).toBe(403);
    });
    it('takes no answer of another connection of the same provider', async () => {
      const { id: foreign } = await connect('saml', { 'makes-people': 'yes' });
      const { id, domain } = await connect('saml', { 'makes-people': 'yes' });
      const { browser, ...asked } = await begin(id);
      const xml = await samlAnswer(pair, { ...asked, subject: 'y', email: `y@${domain}` });
      expect((await deliver(foreign, browser, xml)).status).toBe(403);
      expect((await deliver(id, browser, xml)).status).toBe(303);
    });
    it('tells its metadata', async () => {
      const { id } = await connect('saml');
      const { html, status } = await user().get(`/identity/saml/${id}/metadata`);
      expect([status, html.includes(`http://localhost/identity/saml/${id}/answer`), html.includes('WantAssertionsSigned="true"')]).toEqual([200, true, true]);
    });
  });

  describe('the pages of connections', () => {
    it('keep the secret sealed and never show it', async () => {
      const { id, page } = await connect('oidc');
      expect((await admin.get(page)).html).not.toContain(peer.clientSecret);
      const row = await stage.identity.parts.db.withTables<{ identity_connections: { id: string; secret: string | null } }>().selectFrom('identity_connections').select('secret').where('id', '=', id).executeTakeFirstOrThrow();
      expect(row.secret).toMatch(/^[\w-]{60,}$/);
    });
    it.each<[string, Record<string, string>, string]>([
      ['no name', { name: '' }, 'name'],
      ['a domain that is none', { domains: 'office' }, 'domains'],
      ['a role that a directory may not give', { roles: 'G = administrator' }, 'roles'],
      ['a role of the regulator in a ministry', { 'default-role': 'officer' }, 'default-role'],
      ['a line that is no group', { roles: 'nothing' }, 'roles'],
      ['an issuer that is no address', { issuer: 'ftp://x' }, 'issuer'],
    ])('refuse %s', async (_name, fields, field) => {
      const answer = await admin.post(`/identity/organisations/${ministry}/connections/new/oidc`, { name: 'N', domains: 'ok.example', issuer: peer.issuer, 'client-id': 'c', 'client-secret': 's', ...fields });
      expect([answer.status, answer.document.querySelector(`.error-summary a[href="#${field}"]`) === null]).toEqual([422, false]);
    });
    it('give a domain to one connection only', async () => {
      const { domain } = await connect('oidc');
      const answer = await admin.post(`/identity/organisations/${agency}/connections/new/saml`, { name: 'N', domains: domain, metadata: samlMetadata(pair, SIGN_IN_URL) });
      expect([answer.status, answer.html.includes('another connection')]).toEqual([422, true]);
    });
    it('are for administrators who showed a second factor lately', async () => {
      expect((await user().get(`/identity/organisations/${ministry}/connections`)).location).toContain('/identity/sign-in');
      const now = stage.clock.now();
      stage.later(11 * 60_000);
      expect((await admin.get(`/identity/organisations/${ministry}/connections`)).location).toContain('/identity/step-up');
      stage.clock.move(now);
    });
  });
});
