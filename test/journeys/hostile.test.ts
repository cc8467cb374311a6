/** Input that is made to hurt: each is refused by name, none ends in a fault, and the server goes on. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStory, PATIENT, type Story } from '../support/story.ts';

let story: Story;
let port: number;
beforeAll(async () => {
  story = await openStory({ limits: PATIENT });
  port = Number(new URL(await story.listen()).port);
});
afterAll(async () => story?.close());

/** The bytes go out as they are, and what comes back until the server closes or is silent. */
async function raw(bytes: string | Buffer, silenceMs = 1500): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  socket.on('error', () => undefined);
  socket.setTimeout(silenceMs, () => socket.destroy());
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}
const statusesOf = (text: string): number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
const HOST = 'Host: 127.0.0.1\r\n';

describe('at the socket', () => {
  it.each([
    ['two lengths that differ', `POST /api/v1/classify HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 40\r\n\r\nhello`],
    ['a length beside chunks', `POST /api/v1/classify HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n${HOST}\r\n`],
    ['chunks under a crooked name', `POST /api/v1/classify HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}Content-Length : 5\r\n\r\nhello`],
    ['a folded header', `GET / HTTP/1.1\r\n${HOST}X-A: a\r\n b\r\n\r\n`],
    ['a bare line feed in a header', `GET / HTTP/1.1\n${HOST}X-A: a\nX-B: b\r\n\r\n`],
    ['a chunk length that is none', `POST /api/v1/classify HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    ['a header beyond measure', `GET / HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(40_000)}\r\n\r\n`],
    ['a cookie beyond measure', `GET / HTTP/1.1\r\n${HOST}Cookie: mizan_session=${'a'.repeat(40_000)}\r\n\r\n`],
    ['a zero byte in a header', `GET / HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two hosts', `GET / HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a method that is none', `BREW / HTTP/1.1\r\n${HOST}\r\n`],
  ])('%s is refused once', async (_what, bytes) => {
    const statuses = statusesOf(await raw(bytes));
    // One answer at most: what follows a refused request is never read as a second one.
    expect(statuses.length).toBeLessThanOrEqual(1);
    for (const status of statuses) expect(status >= 400 && status < 500).toBe(true);
  });

  it('a body that never comes holds nobody else up', async () => {
    const slow = connect(port, '127.0.0.1');
    await once(slow, 'connect');
    slow.on('error', () => undefined);
    slow.write(`POST /api/v1/classify HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`);
    expect(statusesOf(await raw(`GET /health/live HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`))).toEqual([200]);
    expect(story.mizan.server.server.requestTimeout).toBeGreaterThan(0);
    expect(story.mizan.server.server.headersTimeout).toBeGreaterThan(0);
    slow.destroy();
  });
});

describe('in addresses', () => {
  it.each(['/../../etc/passwd', '/assets/%2e%2e/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/assets/%252e%252e%252fpackage.json', '/assets/....//package.json', '/crosswalk/sets/%2e%2e%2fpackage.json', '/crosswalk/sets/..%5c..%5cpackage.json', '/intake/profiles/..%2f..%2f..%2fpackage.json', '/registry/%00', '/about/%00', '/about/%ff%fe', '/registry/%', '/registry/%zz', '//evil.example/', '/\\evil.example', `/${'a'.repeat(9000)}`, '/about/__proto__', '/about/constructor', '/.git/config', '/.env', '/dist/cli.js', '/node_modules/zod/package.json'])('%s', async (url) => {
    const text = await raw(`GET ${url} HTTP/1.1\r\n${HOST}Accept: text/html\r\nConnection: close\r\n\r\n`);
    const [status = 0] = statusesOf(text);
    expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(300);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/"dependencies"|root:x:0/);
    expect(text).not.toMatch(/^location: (?:https?:)?\/\//im);
  });

  it.each([
    ['many parameters', `/registry?${Array.from({ length: 1500 }, (_, n) => `p${n}=1`).join('&')}`],
    ['one parameter many times', `/registry?${'q=a&'.repeat(1500)}`],
    ['names of every object', '/registry?__proto__[x]=1&constructor=1&toString=1'],
    ['broken UTF-8', '/registry?q=%ff%fe%c0%80'],
    ['a zero byte', '/registry?q=%00'],
    ['half a pair', '/registry?q=%ed%a0%80'],
    ['a language of another kind', '/registry?lang=../../x'],
    ['a huge number', '/api/v1/systems?limit=999999999999999999999'],
    ['two limits', '/api/v1/systems?limit=1&limit=2'],
    ['a way back to elsewhere', '/identity/sign-in?next=https://evil.example/'],
    ['a way back by two strokes', '/identity/sign-in?next=//evil.example/'],
  ])('%s', async (_what, url) => {
    const answer = await story.get(url, { accept: 'text/html', authorization: '' });
    expect(answer.status, answer.body.slice(0, 300)).toBeLessThan(500);
    expect(answer.body).not.toMatch(/(?:href|action)="(?:https?:)?\/\/evil\.example/);
  });
});

describe('in bodies', () => {
  it.each([
    ['a poisoned prototype', 'application/json', '{"facts":{},"__proto__":{"isAdmin":true}}'],
    ['a poisoned constructor', 'application/json', '{"facts":{},"constructor":{"prototype":{"isAdmin":true}}}'],
    ['depth', 'application/json', `{"facts":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['half a text', 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['a number beyond numbers', 'application/json', '{"facts":{"S.infers":1e999}}'],
    ['no type', '', '{"facts":{}}'],
    ['a type of another kind', 'application/x-java-serialized-object', 'rO0'],
    ['XML that reads files', 'application/xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['parts without a boundary', 'multipart/form-data', 'nothing'],
    ['parts that do not end', 'multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n'],
    ['many fields', 'application/x-www-form-urlencoded', 'a=1&'.repeat(3000)],
    ['a poisoned form', 'application/x-www-form-urlencoded', '__proto__[isAdmin]=1&constructor.prototype.isAdmin=1'],
  ])('%s is refused', async (_what, type, payload) => {
    const answer = await story.send('POST', '/api/v1/classify', payload, type === '' ? {} : { 'content-type': type });
    expect(answer.status, answer.body.slice(0, 300)).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.json<{ code: string }>().code).toMatch(/^[a-z0-9-]+$/);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it.each(['/intake', '/lawdesk/packs', '/api/v1/imports', '/api/v1/lawdesk/packs'])('parts that are none are refused at %s', async (url) => {
    for (const [type, payload] of [['multipart/form-data', 'x'], ['multipart/form-data; boundary=x', '--x--\r\n'], ['multipart/form-data; boundary=x', `--x\r\n${'a: b\r\n'.repeat(500)}\r\n\r\n--x--`], ['text/plain', 'x']] as const) {
      const answer = await story.send('POST', url, payload, { 'content-type': type });
      expect([answer.status >= 400 && answer.status < 500, url, type, answer.status]).toEqual([true, url, type, answer.status]);
    }
  });
});

it('afterwards everything still stands', async () => {
  expect((await story.get('/health/ready')).status).toBe(200);
});
