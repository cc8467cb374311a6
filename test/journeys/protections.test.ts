/** What protects every route alike, asked of every route: headers, origins, limits over three counters, and a log that tells nothing about people. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope, within } from '../../src/platform/auth/index.ts';
import { ROUTE_LIMITS } from '../../src/platform/http/index.ts';
import { limitOfRoute } from '../../src/platform/http/route-limits.ts';
import { openLimits } from '../../src/platform/limits/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { makeOrganisation, makePerson, type Somebody } from '../support/people.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';

const UNKNOWN = '00000000-0000-4000-8000-00000000dead';
const ORIGIN = 'http://localhost';
let story: Story;
let person: Somebody;

const addressOf = (pattern: string): string => pattern.replaceAll(/:[A-Za-z]+/g, (name) => (name === ':number' ? '1' : UNKNOWN));

beforeAll(async () => {
  story = await openStory({ limits: { ...PATIENT, requestsPerMinuteMax: 1_000_000 }, environment: { SECURITY_CONTACT: 'security@register.example' } });
  const ministry = await makeOrganisation(story.mizan.identity, 'Ministry', 'ministry');
  person = await makePerson(story.mizan.identity, 'Editor', ministry, 'editor');
});
afterAll(async () => story?.close());

/** What the log publishes is checked in the pages of others too; it says the same to everybody. */
const LOG_FILES = /^\/log\/(?:checkpoint|policy|tile\/|entries\/[0-9]+\/proof)|^\/decisions\/constitution\.txt/;

describe('every route', () => {
  it('carries every protection in its answer, whoever asks and however it ends', async () => {
    // Reading first: some acts end the session or make it anew.
    const known = story.mizan.server.knownRoutes.filter(({ url }) => !url.endsWith('/events'));
    const routes = [...known.filter(({ method }) => method === 'GET'), ...known.filter(({ method }) => method !== 'GET')];
    expect(routes.length).toBeGreaterThan(150);
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      for (const headers of [{}, person.headers]) {
        const answer = await story.mizan.server.inject({ method: method as 'GET', url: addressOf(url), headers: { accept: 'text/html', ...headers } });
        const { headers: got } = answer;
        const policy = String(got['content-security-policy']);
        const problems = [
          policy.includes("default-src 'none'") && policy.includes("frame-ancestors 'none'") && policy.includes("base-uri 'none'") && !policy.includes('unsafe') ? '' : `policy ${policy}`,
          got['content-disposition'] === undefined || (got['content-disposition'].startsWith('attachment') && policy.includes('sandbox')) ? '' : 'a file that is shown',
          got['x-content-type-options'] === 'nosniff' ? '' : 'sniffed',
          got['referrer-policy'] === 'same-origin' || got['referrer-policy'] === 'no-referrer' ? '' : 'referrer',
          got['cross-origin-opener-policy'] === 'same-origin' ? '' : 'opener',
          got['cross-origin-resource-policy'] === 'same-origin' ? '' : 'resource',
          String(got['permissions-policy']).includes('camera=()') ? '' : 'permissions',
          got['access-control-allow-origin'] === undefined || LOG_FILES.test(url) ? '' : 'open to other origins',
          got['x-powered-by'] === undefined && got['server'] === undefined ? '' : 'tells its software',
          Object.keys(headers).length > 0 && !url.startsWith('/assets/') && got['cache-control'] !== 'no-store' && !url.includes('robots') && !url.includes('security.txt') ? `kept: ${String(got['cache-control'])}` : '',
          [got['set-cookie'] ?? []].flat().every((cookie) => /HttpOnly/.test(cookie) && /SameSite=(?:Lax|Strict)/.test(cookie)) ? '' : 'cookie',
          answer.statusCode < 500 ? '' : `status ${answer.statusCode}`,
        ].filter((one) => one !== '');
        if (problems.length > 0) wrong.push(`${method} ${url} ${'cookie' in headers ? 'signed in' : 'public'}: ${problems.join(', ')}`);
      }
    }
    console.log(`headers: ${routes.length} routes, each asked by nobody and by a person`);
    expect(wrong).toEqual([]);
  });

  it('that changes something takes nothing from another page, for somebody who is signed in', async () => {
    // Answers of a sign-in service come from its pages by design; what they carry is checked by the route itself.
    const acts = story.mizan.server.knownRoutes.filter(({ method, url }) => method !== 'GET' && !/^\/identity\/(?:sso|auth|saml)\//.test(url));
    expect(acts.length).toBeGreaterThan(60);
    const { cookie = '' } = person.headers;
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost.evil.example' },
      { origin: 'https://other.localhost', 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: `${ORIGIN}:81` },
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
      {},
    ];
    let asked = 0;
    const wrong: string[] = [];
    for (const { method, url } of acts) {
      for (const headers of foreign) {
        asked += 1;
        const answer = await story.mizan.server.inject({ method: method as 'POST', url: addressOf(url), headers: { host: 'localhost', cookie, ...headers } });
        // SCIM has a form of its own for refusals.
        if (answer.statusCode !== 403 || (!url.startsWith('/scim/') && answer.json<{ code: string }>().code !== 'foreign-origin')) wrong.push(`${method} ${url} ${JSON.stringify(headers)} → ${answer.statusCode}`);
      }
    }
    console.log(`origins: ${acts.length} routes × ${foreign.length} = ${asked} requests refused`);
    expect(wrong).toEqual([]);
  });

  it('answers no question of another origin whether it may ask', async () => {
    const answer = await story.mizan.server.inject({ method: 'OPTIONS', url: '/api/v1/systems', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } });
    expect(answer.statusCode).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('what crawlers and finders of weaknesses are told', () => {
  it('names no page of the workspace to crawlers', async () => {
    const { body, headers } = await story.get('/robots.txt');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    for (const way of ['/identity/', '/api/', '/registry/mine', '/assessment', '/lawdesk']) expect(body).toMatch(new RegExp(`^Disallow: ${way}`, 'm'));
    expect(body).not.toMatch(/^Disallow: \/(?:registry)?$/m);
    expect((await story.get('/registry/mine')).headers['x-robots-tag']).toBe('noindex, nofollow');
  });

  it('names whom to write to, for half a year', async () => {
    const { status, body } = await story.get('/.well-known/security.txt');
    expect(status).toBe(200);
    expect(body).toMatch(/^Contact: mailto:security@register\.example$/m);
    expect(body).toMatch(/^Expires: 2027-05-22T00:00:00Z$/m);
  });
});

describe('limits', () => {
  it('stand for the routes that cost or matter', () => {
    const named = story.mizan.server.knownRoutes.flatMap(({ method, url }) => limitOfRoute(method, url) ?? []);
    for (const name of Object.keys(ROUTE_LIMITS).filter((one) => one !== 'search' && one !== 'key')) expect(named, name).toContain(name);
    expect(limitOfRoute('POST', '/identity/sign-in')).toBe('sign-in');
    expect(limitOfRoute('GET', '/registry')).toBeUndefined();
  });

  it('are counted together by three counters on one database, apart for accounts and addresses', async () => {
    const { database, log } = story.mizan;
    const counters = [1, 2, 3].map(() => openLimits({ database, log }));
    const limit = { max: 10, windowSeconds: 3600 };
    let granted = 0;
    for (let turn = 0; turn < 30; turn++) granted += (await within(systemScope, async () => counters[turn % 3]!.take('sign-in address 192.0.2.7', limit))).granted;
    expect(granted).toBe(10);
    expect((await within(systemScope, async () => counters[0]!.take('sign-in person:x', limit))).granted).toBe(1);
    for (const counter of counters) counter.stop();
  });

  it('end in 429 with the time to wait, as a page in each language, by address or by account', async () => {
    const strict = await openStory({ limits: { ...PATIENT, routeLimitsFactor: 0.01 } });
    const ask = async (headers: Readonly<Record<string, string>>, remoteAddress: string) => strict.mizan.server.inject({ url: '/registry?q=camera', headers, remoteAddress });
    const seen: number[] = [];
    for (let turn = 0; turn < 8; turn++) seen.push((await ask({}, '192.0.2.20')).statusCode);
    expect(seen).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const refused = await ask({}, '192.0.2.20');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    for (const [language, words] of [['az', 'axtarış'], ['en', 'searching'], ['ru', 'поиск']] as const) {
      const page = await ask({ accept: 'text/html', 'accept-language': language }, '192.0.2.20');
      expect([page.statusCode, page.body.includes(words)]).toEqual([429, true]);
    }
    // Another address, and somebody signed in behind the refused one, are counted by themselves.
    expect((await ask({}, '192.0.2.21')).statusCode).toBe(200);
    const someone = await makePerson(strict.mizan.identity, 'Reader', await makeOrganisation(strict.mizan.identity, 'Agency', 'agency'), 'viewer');
    const account: number[] = [];
    for (let turn = 0; turn < 3; turn++) account.push((await ask(someone.headers, `192.0.2.${30 + turn}`)).statusCode);
    expect(account).toEqual([200, 429, 429]);
    await strict.close();
  });
});

describe('the log', () => {
  it('the server really writes tells nothing of what was typed or sent, whatever the request and its end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-log-'));
    const path = join(folder, 'mizan.log');
    const logged = await openStory({ limits: PATIENT, environment: { LOG_FILE: path, LOG_LEVEL: 'debug' } });
    const { server, identity } = logged.mizan;
    const told = { email: 'leyla-of-the-log@people.example', password: 'a-password-nobody-logs', bearer: 'mzk_bearer-nobody-logs', cookie: 'cookie-nobody-logs', search: 'words-of-a-search', code: '918273', link: 'L'.repeat(30) + '-_' + 'k'.repeat(11), assertion: 'QXNzZXJ0aW9uLW5vYm9keS1sb2dz', agent: 'An-agent-nobody-logs/1.0', body: 'words-of-an-entry' };
    try {
      const ministry = await makeOrganisation(identity, 'Ministry', 'ministry');
      const editor = await makePerson(identity, 'Editor of the log', ministry, 'editor');
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
      const json = { 'content-type': 'application/json' };
      const asked: readonly (readonly ['GET' | 'POST', string, (string | undefined)?, Readonly<Record<string, string>>?])[] = [
        ['POST', '/identity/sign-in', `email=${told.email}&password=${told.password}`, form],
        ['POST', '/identity/recover', `email=${told.email}`, form],
        ['POST', '/identity/second-factor', `code=${told.code}`, form],
        ['GET', `/identity/join/${told.link}`],
        ['POST', `/identity/join/${told.link}`, `name=x&password=${told.password}`, form],
        ['GET', `/identity/setup?token=${told.link}`],
        ['POST', `/identity/saml/${UNKNOWN}/answer`, `SAMLResponse=${told.assertion}`, form],
        ['GET', `/identity/oidc/${UNKNOWN}/callback?code=${told.code}&state=${told.link}`],
        ['POST', '/scim/v2/Users', JSON.stringify({ userName: told.email }), { ...json, 'content-type': 'application/scim+json', authorization: `Bearer ${told.bearer}` }],
        ['GET', `/registry?q=${told.search}`],
        ['GET', '/api/v1/workspace/systems', undefined, { authorization: `Bearer ${told.bearer}` }],
        ['POST', '/api/v1/systems', `{"name":"${told.body}"`, json],
        ['POST', '/api/v1/systems', JSON.stringify({ name: told.body, purpose: 7 }), { ...json, ...editor.headers }],
        ['GET', '/identity/me', undefined, editor.headers],
        ['GET', `/no-such-page?${told.search}`, undefined, editor.headers],
      ];
      for (const [method, url, payload, headers] of asked) {
        await server.inject({ method, url, headers: { accept: 'text/html', 'user-agent': told.agent, cookie: `mizan_session=${told.cookie}`, ...headers }, ...(payload === undefined ? {} : { payload }) });
      }
      const lines = readFileSync(path, 'utf8').trim().split('\n');
      // Not an empty log: each request is there by its path.
      for (const [, url] of asked) expect(lines.some((line) => line.includes((url.split('?')[0] ?? '').replace(told.link, '[left out]'))), url).toBe(true);
      const session = /=([^;]+)/.exec(editor.headers['cookie'] ?? '')?.[1] ?? '';
      for (const secret of [...Object.values(told), session, decodeURIComponent(session).split('.')[0] ?? '', logged.mizan.operatorToken, '192.0.2.1']) expect(lines.filter((line) => line.includes(secret)), secret).toEqual([]);
    } finally {
      await logged.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leaves out what a program writes by name, and the query of a request', () => {
    let text = '';
    const log = createLog({ logLevel: 'debug' }, { write: (line: string) => (text += line) });
    log.info({ req: { method: 'GET', url: '/registry?q=words', headers: { cookie: 'kept-cookie' } }, cookie: 'kept-cookie', authorization: 'kept-bearer', password: 'kept-password', token: 'kept-token', of: { password: 'kept-password', token: 'kept-token' }, err: Object.assign(new Error('refused'), { detail: 'kept-row' }) }, 'request');
    expect(text).toContain('"path":"/registry"');
    for (const secret of ['words', 'kept-']) expect(text).not.toContain(secret);
  });
});
