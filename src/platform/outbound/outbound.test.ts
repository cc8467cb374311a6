/** Calls to real servers on this machine: what is allowed arrives, everything else never leaves, by whatever way it is tried. */

import { execFile } from 'node:child_process';
import http, { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import https, { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../../test/support/certificates.ts';
import { Fault } from '../../base/index.ts';
import { type Caller, createLightOutbound, createOutbound, type LightOutboundOptions, type Outbound, type OutboundEntry, type OutboundOptions, parseOutboundAllow } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Peer {
  readonly port: number;
  /** Requests that arrived, and connections that were opened. */
  readonly asked: string[];
  connections(): number;
}

async function serve(answer: Answer, address = '127.0.0.1', tls?: { readonly key: string; readonly cert: string }): Promise<Peer> {
  const asked: string[] = [];
  let connections = 0;
  const heard: Answer = (request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${request.url}`);
    answer(request, response);
  };
  const server = tls === undefined ? createServer(heard) : createTlsServer(tls, heard);
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, asked, connections: () => connections };
}

const hello: Answer = (_request, response) => response.end('hello');

function allowed(text: string): readonly OutboundEntry[] {
  const verdict = parseOutboundAllow(text);
  if (!verdict.ok) throw new Error(verdict.refusal);
  return verdict.value;
}

let create: (options: LightOutboundOptions) => Caller = createOutbound;

function open(allow: string, options: Partial<LightOutboundOptions> = {}): Caller {
  const outbound = create({ allow: allowed(allow), ...options });
  closers.push(async () => outbound.close());
  return outbound;
}

/** Answers one list of addresses after the other, the last one for ever. */
function resolver(...answers: readonly (readonly string[])[]): { resolve: (host: string) => Promise<readonly string[]>; asked: string[] } {
  const asked: string[] = [];
  return { asked, resolve: async (host) => answers[Math.min(asked.push(host), answers.length) - 1] ?? [] };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'went through';
  } catch (error) {
    for (let one: unknown = error; one instanceof Error; one = one.cause) if (one instanceof Fault) return one.code;
    return String(error);
  }
}

describe.each([['the way out of the server', createOutbound], ['the light way out of a daemon', createLightOutbound]] as const)('%s', (_which, made) => {
  beforeEach(() => void (create = made));

  describe('a call', () => {
    it('reaches an allowed place and nothing else', async () => {
      const peer = await serve((request, response) => response.writeHead(201, { 'x-got': String(request.headers['x-sent']) }).end('hello'));
      const other = await serve(hello);
      const outbound = open(`http://127.0.0.1:${peer.port}`);
      expect(outbound.places).toEqual([`127.0.0.1:${peer.port}`]);
      const answer = await outbound.fetch(`http://127.0.0.1:${peer.port}/a?b=1`, { headers: { 'x-sent': 'yes' } });
      expect([answer.status, answer.text(), answer.headers.get('x-got'), answer.url]).toEqual([201, 'hello', 'yes', `http://127.0.0.1:${peer.port}/a?b=1`]);
      expect(await codeOf(outbound.fetch(`http://127.0.0.1:${other.port}/`))).toBe('outbound-not-allowed');
      expect(await codeOf(outbound.fetch(`http://localhost:${peer.port}/`))).toBe('outbound-not-allowed');
      expect(await codeOf(outbound.fetch(`https://127.0.0.1:${peer.port}/`))).toBe('outbound-not-allowed');
      expect(await codeOf(open('').fetch('https://login.example/'))).toBe('outbound-not-allowed');
      expect(other.connections()).toBe(0);
      await expect(open('').fetch('https://login.example/')).rejects.toThrow(/OUTBOUND_ALLOW/);
    });

    it('sends a body', async () => {
      const peer = await serve((request, response) => void request.pipe(response));
      const outbound = open(`http://127.0.0.1:${peer.port}`);
      expect((await outbound.fetch(`http://127.0.0.1:${peer.port}/`, { method: 'POST', body: 'yük' })).text()).toBe('yük');
    });

    it.each([
      ['file:///etc/passwd', 'outbound-bad-address'],
      ['data:text/plain,x', 'outbound-bad-address'],
      ['not an address', 'outbound-bad-address'],
      ['https://user:word@login.example/', 'outbound-bad-address'],
      ['https://user@login.example/', 'outbound-bad-address'],
      ['https://login.example:444/', 'outbound-not-allowed'],
      ['https://login.example./', 'outbound-not-allowed'],
      ['https://a.login.example/', 'outbound-not-allowed'],
      ['http://login.example:443/', 'outbound-not-allowed'],
      ['https://login.example@evil.example/', 'outbound-bad-address'],
      ['https://evil.example\\@login.example/', 'outbound-not-allowed'],
      ['https://evil.example#@login.example/', 'outbound-not-allowed'],
    ])('to %j is refused as %s', async (address, code) => {
      const { resolve, asked } = resolver(['127.0.0.1']);
      expect(await codeOf(open('login.example:443', { resolve }).fetch(address))).toBe(code);
      expect(asked).toEqual([]);
    });

    it.each([
      ['2130706433'], ['0x7f000001'], ['0177.0.0.1'], ['127.1'], ['0'], ['[::ffff:127.0.0.1]'], ['[::]'], ['[::1]'], ['127.0.0.1.'], ['①②⑦.0.0.1'], ['localhost'],
    ])('to this machine as %s never leaves', async (host) => {
      const peer = await serve(hello, '0.0.0.0');
      expect(await codeOf(open(`http://login.example:${peer.port}`).fetch(`http://${host}:${peer.port}/`))).toBe('outbound-not-allowed');
      expect(peer.connections()).toBe(0);
    });
  });

  describe('the addresses of a name', () => {
    it.each([
      ['private', ['127.0.0.1']],
      ['private', ['10.1.2.3']],
      ['private', ['::1']],
      ['metadata', ['169.254.169.254']],
      ['mapped', ['::ffff:127.0.0.1']],
      ['mapped in hexadecimal', ['::ffff:7f00:1']],
      ['translated', ['64:ff9b::7f00:1']],
      ['unspecified', ['0.0.0.0']],
      ['link-local', ['fe80::1']],
      ['mixed with a good one', ['8.8.8.8', '127.0.0.1']],
      ['no address', ['localhost']],
    ])('are refused when they are %s', async (_what, addresses) => {
      const peer = await serve(hello);
      const outbound = open(`http://login.example:${peer.port}`, resolver(addresses));
      expect(await codeOf(outbound.fetch(`http://login.example:${peer.port}/`))).toBe('outbound-private-address');
      expect(peer.connections()).toBe(0);
    });

    it('may be of an inner network when the operator says so, but never a metadata service', async () => {
      const peer = await serve(hello);
      const at = `http://login.example:${peer.port}`;
      expect((await open(`private:${at}`, resolver(['127.0.0.1'])).fetch(at)).text()).toBe('hello');
      expect(peer.asked).toEqual([`GET login.example:${peer.port} /`]);
      for (const address of ['169.254.169.254', 'fd00:ec2::254', '::ffff:127.0.0.1', '0.0.0.0']) expect(await codeOf(open(`private:${at}`, resolver([address])).fetch(at))).toBe('outbound-private-address');
    });

    it('are asked for once a connection, and the connection goes there', async () => {
      const good = await serve((_request, response) => response.end('good'), '127.0.0.2');
      const at = `http://login.example:${good.port}`;
      const names = resolver(['127.0.0.2'], ['127.0.0.1'], ['169.254.169.254']);
      const outbound = open(`private:${at}`, names);
      expect((await outbound.fetch(at)).text()).toBe('good');
      expect([good.connections(), names.asked]).toEqual([1, ['login.example']]);
    });

    it('that change after a check are checked again', async () => {
      const peer = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end('good'));
      const at = `http://login.example:${peer.port}`;
      const outbound = open(`private:${at}`, resolver(['127.0.0.1'], ['169.254.169.254']));
      expect((await outbound.fetch(at)).text()).toBe('good');
      expect(await codeOf(outbound.fetch(at))).toBe('outbound-private-address');
    });

    it('that cannot be had, or are too many, are told', async () => {
      const at = 'https://login.example:443';
      const failing = async (): Promise<readonly string[]> => {
        throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      };
      expect(await codeOf(open(at, { resolve: failing }).fetch(at))).toBe('outbound-not-resolved');
      expect(await codeOf(open(at, resolver([])).fetch(at))).toBe('outbound-not-resolved');
      expect(await codeOf(open(at, resolver(Array.from({ length: 40 }, (_, index) => `8.8.8.${index}`))).fetch(at))).toBe('outbound-not-resolved');
    });
  });

  describe('a redirect', () => {
    it('is not followed unless asked', async () => {
      const peer = await serve((_request, response) => response.writeHead(302, { location: '/there' }).end());
      expect((await open(`http://127.0.0.1:${peer.port}`).fetch(`http://127.0.0.1:${peer.port}/`)).status).toBe(302);
      expect(peer.asked).toHaveLength(1);
    });

    it('is checked like any call, and a key stays with the place it was meant for', async () => {
      const inner = await serve(hello);
      const seen: (string | undefined)[] = [];
      const second = await serve((request, response) => {
        seen.push(request.headers.authorization, request.headers['x-kind']?.toString());
        response.end('second');
      });
      const first = await serve((request, response) => {
        const to = { '/inner': `http://127.0.0.1:${inner.port}/secret`, '/meta': 'http://169.254.169.254/latest', '/file': 'file:///etc/passwd', '/user': `http://a:b@127.0.0.1:${second.port}/`, '/again': '/again', '/second': `http://127.0.0.1:${second.port}/` }[request.url ?? ''];
        response.writeHead(302, { location: to }).end();
      });
      const outbound = open(`http://127.0.0.1:${first.port},http://127.0.0.1:${second.port}`);
      const follow = async (path: string) => outbound.fetch(`http://127.0.0.1:${first.port}${path}`, { redirects: 3, headers: { authorization: 'Bearer hidden', 'x-kind': 'kept' } });
      expect(await codeOf(follow('/inner'))).toBe('outbound-not-allowed');
      expect(await codeOf(follow('/meta'))).toBe('outbound-not-allowed');
      expect(await codeOf(follow('/file'))).toBe('outbound-bad-address');
      expect(await codeOf(follow('/user'))).toBe('outbound-bad-address');
      expect(await codeOf(follow('/again'))).toBe('outbound-failed');
      expect(first.asked.filter((one) => one.endsWith('/again'))).toHaveLength(4);
      expect((await follow('/second')).text()).toBe('second');
      expect(seen).toEqual([undefined, 'kept']);
      expect(inner.connections()).toBe(0);
    });
  });

  describe('an answer', () => {
    const limits = { bytesMax: 100_000, wholeMs: 1500, silenceMs: 700 };
    const drip: Answer = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 100);
      response.on('close', () => clearInterval(timer));
    };
    const endless: Answer = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    };
    it.each<[string, Answer, string]>([
      ['that never begins', () => undefined, 'outbound-too-slow'],
      ['that drips', drip, 'outbound-too-slow'],
      ['that stops in the middle', (_request, response) => void response.writeHead(200).write('half'), 'outbound-too-slow'],
      ['that says it is too large', (_request, response) => response.writeHead(200, { 'content-length': '100001' }).end(Buffer.alloc(100_001)), 'outbound-too-large'],
      ['that is endless', endless, 'outbound-too-large'],
      ['that is packed', (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000))), 'outbound-packed'],
      ['with a huge head', (_request, response) => response.writeHead(200, { 'x-long': 'x'.repeat(40_000) }).end(), 'outbound-failed'],
      ['that breaks off', (request) => void request.socket.destroy(), 'outbound-failed'],
      ['of exactly the size', (_request, response) => response.end(Buffer.alloc(100_000)), 'went through'],
    ])('%s ends', async (_what, answer, expected) => {
      const peer = await serve(answer);
      expect(await codeOf(open(`http://127.0.0.1:${peer.port}`, { limits }).fetch(`http://127.0.0.1:${peer.port}/`))).toBe(expected);
    });

    it('is not asked for packed, whatever the caller writes', async () => {
      const peer = await serve((request, response) => response.end(String(request.headers['accept-encoding'])));
      const outbound = open(`http://127.0.0.1:${peer.port}`);
      expect((await outbound.fetch(`http://127.0.0.1:${peer.port}/`, { headers: { 'Accept-Encoding': 'gzip' } })).text()).toBe('identity');
    });

    it('is not waited for when the caller gives up, nor where nobody listens', async () => {
      const peer = await serve(() => undefined);
      const at = `http://127.0.0.1:${peer.port}/`;
      await expect(open(`http://127.0.0.1:${peer.port}`).fetch(at, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort|timeout/i);
      expect(await codeOf(open('http://127.0.0.1:1').fetch('http://127.0.0.1:1/'))).toBe('outbound-failed');
    });
  });

  const certificates = makeCertificates(['login.example']);
  describe.skipIf(certificates === undefined)('over TLS', () => {
    const { authority, ...tls } = certificates ?? { authority: '', key: '', cert: '' };
    it('the certificate must fit the name and be trusted', async () => {
      const peer = await serve(hello, '127.0.0.1', tls);
      const at = (name: string): string => `https://${name}:${peer.port}`;
      const here = resolver(['127.0.0.1']);
      expect((await open(`private:${at('login.example')}`, { ...here, authorities: [authority] }).fetch(at('login.example'))).text()).toBe('hello');
      expect((await open(at('127.0.0.1'), { authorities: [authority] }).fetch(at('127.0.0.1'))).text()).toBe('hello');
      expect(await codeOf(open(`private:${at('login.example')}`, here).fetch(at('login.example')))).toBe('outbound-failed');
      expect(await codeOf(open(`private:${at('other.example')}`, { ...here, authorities: [authority] }).fetch(at('other.example')))).toBe('outbound-failed');
      expect(peer.asked).toHaveLength(2);
    });
  });
});

function openServer(allow: string, options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({ allow: allowed(allow), ...options });
  closers.push(async () => outbound.close());
  return outbound;
}

describe('the whole process', () => {
  const nodeGet = async (address: string, door: Pick<typeof http, 'get'> = http): Promise<string> =>
    new Promise((resolve, reject) => {
      door.get(address, (response) => {
        response.resume();
        response.on('end', () => resolve('went through'));
      }).on('error', reject);
    });

  it('is held to the list by every way a library may take, and let go again', async () => {
    const peer = await serve(hello);
    const other = await serve((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${peer.port}/` }).end());
    const at = `http://127.0.0.1:${other.port}/`;
    const release = openServer(`http://127.0.0.1:${peer.port}`).install();
    closers.push(release);
    expect(await (await fetch(`http://127.0.0.1:${peer.port}/`)).text()).toBe('hello');
    expect(await (await undiciFetch(`http://127.0.0.1:${peer.port}/`)).text()).toBe('hello');
    expect(await (await fetch(new Request(`http://127.0.0.1:${peer.port}/`, { method: 'POST', body: 'x' }))).text()).toBe('hello');
    for (const leave of [async () => fetch(at), async () => fetch(new Request(at)), async () => undiciFetch(at), async () => undiciRequest(at), async () => nodeGet(at), async () => nodeGet(at.replace('http:', 'https:'), https)]) {
      expect(await codeOf(leave())).toBe('outbound-not-allowed');
    }
    const socket = new WebSocket(at.replace('http', 'ws'));
    expect(await new Promise((resolve) => {
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve('refused'));
    })).toBe('refused');
    expect(other.connections()).toBe(0);
    release();
    expect((await fetch(at, { redirect: 'manual' })).status).toBe(302);
    expect(await nodeGet(at)).toBe('went through');
  });

  it('follows no redirect out of the list', async () => {
    const inner = await serve(hello);
    const peer = await serve((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end());
    closers.push(openServer(`http://127.0.0.1:${peer.port}`).install());
    expect(await codeOf(fetch(`http://127.0.0.1:${peer.port}/`))).toBe('outbound-not-allowed');
    expect(inner.connections()).toBe(0);
  });

  it('has limits for libraries, too', async () => {
    const peer = await serve((_request, response) => response.end(Buffer.alloc(200_000)));
    closers.push(openServer(`http://127.0.0.1:${peer.port}`, { limits: { bytesMax: 100_000 } }).install());
    expect(await codeOf((async () => (await fetch(`http://127.0.0.1:${peer.port}/`)).text())())).toBe('outbound-too-large');
  });

  it('uses no proxy of the environment', async () => {
    const proxy = await serve(hello);
    const peer = await serve(hello);
    const script = `import { createOutbound, parseOutboundAllow } from ${JSON.stringify(pathToFileURL(`${import.meta.dirname}/index.ts`).href)};
      const before = await fetch('http://proxied.example/').then((answer) => answer.text(), () => 'failed');
      const outbound = createOutbound({ allow: parseOutboundAllow('http://127.0.0.1:${peer.port}').value });
      outbound.install();
      const after = await fetch('http://127.0.0.1:${peer.port}/').then((answer) => answer.text());
      const own = (await outbound.fetch('http://127.0.0.1:${peer.port}/')).text();
      const other = await fetch('http://proxied.example/').then(() => 'through', (error) => error.cause.code);
      console.log(JSON.stringify([before, after, own, other]));
      process.exit();`;
    const proxies = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, http_proxy: `http://127.0.0.1:${proxy.port}`, NO_PROXY: '', no_proxy: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--use-env-proxy', '--input-type=module', '--eval', script], { env: { ...process.env, ...proxies } });
    expect(JSON.parse(stdout)).toEqual(['hello', 'hello', 'hello', 'outbound-not-allowed']);
    expect(proxy.asked).toHaveLength(1);
    expect(peer.asked).toHaveLength(2);
  });
});
