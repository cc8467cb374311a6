/** The virus scanner: the exchange byte by byte against a listener of our own, every way it can fail, and the real one where it runs. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { byContent, listenAsScanner } from '../../../test/support/scanner.ts';
import { askClamd, type ClamdPlace, openFileStore, parseClamd, screenArchive, screenUpload, writeZip } from './index.ts';
import { TEST_VIRUS } from './test-virus.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-clamd-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(content: string | Buffer): string {
  const path = join(folder, `file-${Math.trunc(performance.now() * 1000)}`);
  writeFileSync(path, content);
  return path;
}

async function listener(answer: (content: Buffer) => string | undefined, path?: string): Promise<ClamdPlace> {
  const { server, place } = await listenAsScanner(answer, path);
  servers.push(server);
  return place;
}

describe('where it listens', () => {
  it.each([
    ['127.0.0.1:3310', { host: '127.0.0.1', port: 3310 }],
    ['[::1]:3310', { host: '::1', port: 3310 }],
    ['scanner.inner.example:3310', { host: 'scanner.inner.example', port: 3310 }],
    ['/run/clamav/clamd.ctl', { path: '/run/clamav/clamd.ctl' }],
  ])('%s', (text, place) => expect(parseClamd(text)).toEqual({ ok: true, value: place }));

  it.each(['clamd', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:70000', 'http://x:3310', ':3310', 'a b:1'])('%s is refused with an example', (text) => {
    expect(parseClamd(text)).toMatchObject({ ok: false, refusal: expect.stringContaining('CLAMD=') as string });
  });
});

describe('the scanner', () => {
  it('gets the file as it is, in pieces, and its word is believed', async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    let got: Buffer | undefined;
    const place = await listener((sent) => {
      got = sent;
      return 'stream: OK\0';
    });
    expect(await askClamd(place, fileOf(content))).toBe('clean');
    expect(got?.equals(content)).toBe(true);
    expect(await askClamd(await listener(byContent), fileOf(`x ${TEST_VIRUS}`))).toBe('infected');
  });

  it('is spoken to over a socket of the machine', async () => {
    expect(await askClamd(await listener(byContent, join(folder, 'clamd.ctl')), fileOf('text'))).toBe('clean');
  });

  it.each([
    ['its size limit', 'INSTREAM size limit exceeded. ERROR\0'],
    ['an error', 'stream: Can’t allocate memory ERROR\0'],
    ['half an answer', 'stream: OK'],
    ['nothing', ''],
    ['another language', 'HTTP/1.1 400 Bad Request\0'],
    ['too much', 'x'.repeat(10_000)],
    ['a cut connection', undefined],
  ])('that answers with %s is no clear word', async (_what, said) => {
    expect(await askClamd(await listener(() => said), fileOf('text'))).toBe('unreachable');
  });

  it('that is not there, or stays silent, is no clear word either', async () => {
    const gone = await listener(byContent);
    servers.pop()?.close();
    expect(await askClamd(gone, fileOf('text'))).toBe('unreachable');
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    servers.push(silent);
    await once(silent, 'listening');
    expect(await askClamd({ host: '127.0.0.1', port: (silent.address() as AddressInfo).port }, fileOf('text'), 50)).toBe('unreachable');
  });

  it('decides in the store: known is refused, unreachable refuses everything, and nothing is kept', async () => {
    const put = async (clamd: Parameters<typeof askClamd>[0], content: string): Promise<unknown> => {
      const store = await openFileStore(mkdtempSync(join(folder, 'store-')), { clamd });
      return store.put(
        (async function* one() {
          yield Buffer.from(content);
        })(),
        'note.txt',
      );
    };
    const place = await listener(byContent);
    expect(await put(place, 'text')).toMatchObject({ ok: true });
    expect(await put(place, `a text that quotes ${TEST_VIRUS}`)).toEqual({ ok: false, refusal: 'infected' });
    expect(await put({ path: join(folder, 'nobody') }, 'text')).toEqual({ ok: false, refusal: 'not-scanned' });
  });
});

describe('a look at tables and packs', () => {
  it.each([
    ['rows in windows-1251', Buffer.from([0xcf, 0xf0, 0xe8, 0x3b, 0x31]), undefined],
    ['a workbook', Buffer.from('PK\u0003\u0004'), undefined],
    ['XML', Buffer.from('<?xml version="1.0"?><rows/>'), undefined],
    ['a PDF', Buffer.from('%PDF-1.7'), 'file-foreign'],
    ['a program', Buffer.from('\u007FELF\u0002'), 'file-foreign'],
    ['a script', Buffer.from('#!/bin/sh'), 'file-foreign'],
    ['a page of the web', Buffer.from('\uFEFF <!DOCTYPE html><p>'), 'file-foreign'],
    ['the test virus', Buffer.from(TEST_VIRUS), 'file-infected'],
  ])('%s', async (_what, content, refusal) => {
    expect(await screenUpload(fileOf(content), undefined)).toEqual(refusal === undefined ? { ok: true, value: true } : { ok: false, refusal });
  });

  it('asks the scanner too', async () => {
    expect(await screenUpload(fileOf(`a;b\n${TEST_VIRUS};1`), await listener(byContent))).toEqual({ ok: false, refusal: 'file-infected' });
    expect(await screenUpload(fileOf('a;b'), { path: join(folder, 'nobody') })).toEqual({ ok: false, refusal: 'file-not-scanned' });
  });
});

describe('a look at law packs', () => {
  const zip = (...members: readonly (readonly [string, string | Buffer])[]): Buffer => writeZip([['pack.yaml', 'id: tiny'] as const, ...members].map(([path, content]) => ({ path, bytes: Buffer.from(content) })));
  it.each([
    ['law beside a text and a picture', zip(['README.md', '# Law'], ['seal.png', Buffer.from([0x89, 0x50])]), undefined],
    ['no archive', Buffer.from('id: tiny'), 'broken-archive'],
    ['something before the archive', Buffer.concat([Buffer.from('#!/bin/sh\n'), zip()]), 'broken-archive'],
    ['a member twice', zip(['pack.yaml', 'id: other']), 'broken-archive'],
    ['a program by its name', zip(['setup.exe', 'x']), 'active-content'],
    ['a program by its content', zip(['rules.yaml', Buffer.from('\u007FELF\u0002')]), 'active-content'],
    ['an archive in the archive', zip(['more.zip', zip()]), 'embedded-files'],
    ['an old office file', zip(['notes.yaml', Buffer.from([0xd0, 0xcf, 0x11, 0xe0])]), 'embedded-files'],
    ['much from little', zip(['long.yaml', Buffer.alloc(5 * 1024 * 1024)]), 'archive-bomb'],
    ['the test virus as a member', zip(['README.md', TEST_VIRUS]), 'infected'],
  ])('%s', async (_what, bytes, refusal) => {
    expect(await screenArchive(bytes, undefined)).toEqual(refusal === undefined ? { ok: true, value: true } : { ok: false, refusal });
  });

  it('sends the scanner the archive as it came, in pieces', async () => {
    let got: Buffer | undefined;
    const place = await listener((sent) => {
      got = sent;
      return 'stream: OK\0';
    });
    // More than one piece: what does not repeat does not pack.
    const bytes = zip(['noise.txt', Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31 + (index >> 3)) % 251))]);
    expect(await screenArchive(bytes, place)).toEqual({ ok: true, value: true });
    expect(got?.equals(bytes)).toBe(true);
    expect(await screenArchive(zip(), await listener(() => 'stream: Some.Thing FOUND\0'))).toEqual({ ok: false, refusal: 'infected' });
    expect(await screenArchive(zip(), { path: join(folder, 'nobody') })).toEqual({ ok: false, refusal: 'not-scanned' });
  });
});

const isInstalled = spawnSync('clamd', ['--version']).status === 0;
if (!isInstalled) console.warn('SKIPPED: clamd is not installed here (Debian: clamav-daemon); the exchange is tested against a listener of our own only.');

describe('the real clamd', () => {
  it.skipIf(!isInstalled)('knows what one signature describes, and lets the rest through', async () => {
    const home = mkdtempSync(join(folder, 'real-'));
    // One signature of our own: the digest of a file, in the format of hash databases. No download is needed.
    const known = 'a file that only this test calls a virus';
    const { createHash } = await import('node:crypto');
    writeFileSync(join(home, 'own.hsb'), `${createHash('sha256').update(known).digest('hex')}:${known.length}:Mizan.Test:73\n`);
    const socket = join(home, 'clamd.ctl');
    writeFileSync(join(home, 'clamd.conf'), `LocalSocket ${socket}\nDatabaseDirectory ${home}\nForeground yes\nTemporaryDirectory ${home}\n`);
    const child = spawn('clamd', ['-c', join(home, 'clamd.conf')], { stdio: 'ignore' });
    try {
      for (let asked = 0; asked < 300 && !existsSync(socket); asked++) await pause(100);
      expect(await askClamd({ path: socket }, fileOf('a text'))).toBe('clean');
      expect(await askClamd({ path: socket }, fileOf(known))).toBe('infected');
    } finally {
      child.kill();
    }
  });
});
