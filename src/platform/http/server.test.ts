/** What every route of the server has in common: how problems are told, who may drive it, limits, the log, the end. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Served, serve } from '../../../test/support/serve.ts';
import { Fault } from '../../base/index.ts';
import { operationRoutes } from '../operations/index.ts';
import { closeServer, Refused } from './index.ts';

let served: Served;

beforeAll(async () => {
  served = await serve();
  const { app } = served;
  operationRoutes(app, served);
  const config = { policy: 'job.see', api: true } as const;
  app.get('/api/v1/refused', { config }, () => {
    throw new Refused('stale-edit', 'Somebody else saved first.', { status: 409, errors: [{ path: '/revision', message: 'is 3 now' }] });
  });
  app.get('/api/v1/fault', { config }, () => {
    throw new Fault('disk-broken', 'The disk does not answer.', { disk: 1 });
  });
  app.get('/api/v1/full', { config }, () => {
    throw new Error('write failed', { cause: Object.assign(new Error('could not extend file'), { code: '53100' }) });
  });
  app.get('/api/v1/bug', { config }, () => {
    throw new TypeError('cannot read secret of undefined');
  });
  app.get('/page-bug', { config: { policy: 'public' }, schema: { hide: true } }, () => {
    throw new TypeError('cannot read secret of undefined');
  });
  app.post('/api/v1/echo', { config, schema: { body: z.object({ count: z.number().int() }) } }, (request) => request.body);
  app.post('/form', { config: { policy: 'job.see' }, schema: { hide: true } }, (request) => request.body);
  await app.ready();
});
afterAll(async () => served.close());

describe('a problem', () => {
  it.each([
    ['/api/v1/refused', 409, { code: 'stale-edit', detail: 'Somebody else saved first.', errors: [{ path: '/revision', message: 'is 3 now' }] }],
    ['/api/v1/fault', 500, { code: 'disk-broken', detail: 'The disk does not answer.' }],
    ['/api/v1/full', 507, { code: 'disk-full', detail: expect.stringContaining('Free some space') as string }],
    ['/api/v1/bug', 500, { code: 'fault' }],
    ['/api/v1/nothing', 404, { code: 'not-found' }],
  ] as const)('at %s is told as problem+json', async (url, status, expected) => {
    const answer = await served.app.inject({ url });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ type: `urn:mizan:problem:${expected.code}`, status, ...expected });
    expect(answer.json<{ instance: string }>().instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).not.toContain('secret');
    expect(answer.body).not.toContain('.ts:');
  });

  it('of a browser is a page in its language, with the number of the request', async () => {
    for (const [language, words] of [['az', 'Mizan bunu edə bilmədi'], ['en', 'Mizan could not do this'], ['ru', 'Mizan не смог это сделать']] as const) {
      const answer = await served.app.inject({ url: '/page-bug', headers: { accept: 'text/html', 'accept-language': language } });
      expect(answer.statusCode).toBe(500);
      expect(answer.body).toContain(words);
      expect(answer.body).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
      expect(answer.body).not.toContain('secret');
    }
  });

  it('of a body names the fields', async () => {
    const answer = await served.app.inject({ method: 'POST', url: '/api/v1/echo', payload: { count: 'many' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'bad-request', errors: [{ path: '/count' }] });
  });

  it.each([
    ['{"count":', 'application/json', 400],
    ['count=1', 'application/xml', 415],
    [JSON.stringify({ count: 1, pad: 'x'.repeat(1_100_000) }), 'application/json', 413],
    ['{"__proto__":{"count":1}}', 'application/json', 400],
  ])('of a broken body %.12s as %s is %d', async (payload, type, status) => {
    const answer = await served.app.inject({ method: 'POST', url: '/api/v1/echo', payload, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});

describe('who may drive the workspace', () => {
  it.each([
    [{ host: 'evil.example' }, 421],
    [{ host: '127.0.0.1.evil.example:8080' }, 421],
    [{ host: '127.0.0.1:8080', origin: 'https://evil.example' }, 403],
    [{ host: '127.0.0.1:8080', origin: 'null' }, 403],
    [{ host: '127.0.0.1:8080', 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: '127.0.0.1:8080', 'sec-fetch-site': 'same-site' }, 403],
    [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-origin' }, 200],
    [{ host: 'localhost:8080' }, 200],
    [{ host: '[::1]:8080' }, 200],
  ] as const)('%j → %d', async (headers, status) => {
    const answer = await served.app.inject({ method: 'POST', url: '/api/v1/echo', payload: { count: 1 }, headers });
    expect(answer.statusCode).toBe(status);
  });

  it('a foreign page may not read by a foreign name either', async () => {
    expect((await served.app.inject({ url: '/health/live', headers: { host: 'evil.example' } })).statusCode).toBe(421);
  });

  it('a route without a policy stops the start', async () => {
    const other = await serve();
    expect(() => other.app.get('/open-door', () => 'oops')).toThrow('names no policy');
    await other.close();
  });

  it('every answer forbids scripts and frames of others', async () => {
    const policy = String((await served.app.inject({ url: '/health/live' })).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});

describe('a form', () => {
  it('keeps repeated names as lists, and takes no name for more than a name', async () => {
    const answer = await served.app.inject({ method: 'POST', url: '/form', payload: 'a=1&a=2&b=%D1%8F&__proto__=x&constructor=y', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    expect(body).toMatchObject({ a: ['1', '2'], b: 'я', constructor: 'y' });
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it.each([[2000, 200], [2001, 413]])('of %d fields → %d', async (fields, status) => {
    const payload = Array.from({ length: fields }, (_, index) => `f${index}=1`).join('&');
    const answer = await served.app.inject({ method: 'POST', url: '/form', payload, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(answer.statusCode).toBe(status);
  });
});

describe('the log', () => {
  it('has the route and the status, and nothing about the person', async () => {
    await served.app.inject({
      url: '/api/v1/nothing?name=Leyla+Mammadova',
      headers: { 'user-agent': 'Telltale/9', cookie: 'mizan_language=az; other=telltale-cookie', authorization: 'Bearer telltale-token', referer: 'http://127.0.0.1/telltale-referer', 'x-forwarded-for': '203.0.113.77' },
      remoteAddress: '198.51.100.23',
    });
    const text = served.logged();
    expect(text).toContain('"path":"/api/v1/nothing"');
    expect(text).toContain('"status":404');
    for (const personal of ['Leyla', 'name=', 'Telltale', 'telltale', '203.0.113.77', '198.51.100.23', 'user-agent', 'cookie']) expect(text, personal).not.toContain(personal);
  });

  it('tells an operator what a caller is not told', () => {
    expect(served.logged()).toContain('cannot read secret of undefined');
  });
});

describe('health and figures', () => {
  it('say that it lives and is ready', async () => {
    expect((await served.app.inject('/health/live')).json()).toEqual({ state: 'ok' });
    const ready = await served.app.inject('/health/ready');
    expect(ready.json()).toMatchObject({ state: 'ok', checks: [{ name: 'database', state: 'ok' }, { name: 'disk', state: 'ok' }, { name: 'jobs', state: 'ok', value: 0 }] });
  });

  it('count requests by route and not by path', async () => {
    await served.app.inject('/api/v1/refused');
    await served.app.inject('/api/v1/some-name-of-a-person');
    const text = (await served.app.inject('/metrics')).body;
    expect(text).toMatch(/mizan_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/refused",status="409"\} \d+/);
    expect(text).toContain('mizan_check_ok{check="database"} 1');
    expect(text).toContain('mizan_jobs_running 0');
    expect(text).toContain('mizan_process_resident_memory_bytes');
    expect(text).not.toContain('some-name-of-a-person');
  });

  it('say so when the database is gone', async () => {
    const broken = await serve();
    operationRoutes(broken.app, broken);
    await broken.app.ready();
    await broken.jobs.stop();
    await broken.database.close();
    const ready = await broken.app.inject('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ state: 'failed', checks: [{ name: 'database', state: 'failed' }, {}, {}] });
    await broken.app.close();
  });
});

describe('too much', () => {
  it('memory in use is answered as busy, while health still answers', async () => {
    const pressed = await serve({ limits: { heapBytesMax: 1 } });
    operationRoutes(pressed.app, pressed);
    pressed.app.get('/page', { config: { policy: 'public' }, schema: { hide: true } }, () => 'page');
    await pressed.app.listen({ host: '127.0.0.1', port: 0 });
    // Memory is looked at every five seconds.
    await expect.poll(async () => (await pressed.app.inject('/page')).statusCode, { timeout: 20_000 }).toBe(503);
    const program = await pressed.app.inject('/page');
    expect(program.headers['retry-after']).toBe('5');
    expect(program.json()).toMatchObject({ code: 'busy', status: 503 });
    const person = await pressed.app.inject({ url: '/page', headers: { accept: 'text/html', 'accept-language': 'ru' } });
    expect(person.statusCode).toBe(503);
    expect(person.body).toContain('Mizan перегружен');
    expect((await pressed.app.inject('/health/live')).statusCode).toBe(200);
    await pressed.close();
  });

  it('requests of one address are answered as too many, as a page too', async () => {
    const limited = await serve({ limits: { requestsPerMinuteMax: 2 } });
    operationRoutes(limited.app, limited);
    limited.app.get('/page', { config: { policy: 'public' }, schema: { hide: true } }, () => 'page');
    await limited.app.ready();
    const statuses: number[] = [];
    for (let request = 0; request < 3; request++) statuses.push((await limited.app.inject('/page')).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
    const person = await limited.app.inject({ url: '/page', headers: { accept: 'text/html', 'accept-language': 'az' } });
    expect(person.statusCode).toBe(429);
    expect(person.body).toContain('Ünvanınızdan həddən çox sorğu gəlir');
    expect(Number(person.headers['retry-after'])).toBeGreaterThan(0);
    expect((await limited.app.inject('/health/live')).statusCode).toBe(200);
    await limited.close();
  });
});

describe('the end', () => {
  it('lets a running request finish, and cuts one that does not', async () => {
    const ending = await serve();
    let entered: () => void = () => undefined;
    let release: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (entered = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    ending.app.get('/slow', { config: { policy: 'public' }, schema: { hide: true } }, async () => {
      entered();
      await gate;
      return 'finished';
    });
    const url = await ending.app.listen({ host: '127.0.0.1', port: 0 });
    const answer = fetch(`${url}/slow`);
    await running;
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => undefined);
    const closed = closeServer(ending.app);
    release();
    expect(await (await answer).text()).toBe('finished');
    idle.end();
    await closed;
    await expect(fetch(`${url}/slow`)).rejects.toThrow();
    await ending.close();

    const stuck = await serve();
    const inside = new Promise<void>((resolve) => (entered = resolve));
    stuck.app.get('/stuck', { config: { policy: 'public' }, schema: { hide: true } }, async () => {
      entered();
      await new Promise(() => undefined);
      return '';
    });
    const stuckUrl = await stuck.app.listen({ host: '127.0.0.1', port: 0 });
    const cut = expect(fetch(`${stuckUrl}/stuck`)).rejects.toThrow();
    await inside;
    await closeServer(stuck.app, 50);
    await cut;
    await stuck.close();
  });
});
