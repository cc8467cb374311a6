/** Two platforms over HTTP: one log witnessed by the other, proofs and files as strangers fetch them, followed, copied, and lied about. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine, type OpenFresh } from '../../../../test/support/engines.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { createOutbound, parseOutboundAllow } from '../../../platform/outbound/index.ts';
import { fromUtf8, utf8 } from '../../../proof/bytes.ts';
import { parseCheckpoint } from '../../../proof/checkpoint.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { openNote, parseNote, parseVkey, printNote } from '../../../proof/note.ts';
import { checkPolicy, parsePolicy } from '../../../proof/policy.ts';
import { parseTlogProof, verifyTlogProof } from '../../../proof/tlog-proof.ts';
import { originHash, printAddCheckpoint } from '../../../proof/witness.ts';
import { fsck } from '../actions/fsck.ts';
import { type FetchFile, mirror, monitor } from '../actions/follow.ts';
import { type Ledger, openLedger } from '../actions/open-ledger.ts';
import { logKey, signHead, witnessKey } from '../rules/log-key.ts';
import { ledgerRoutes } from './routes.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mizan-peers-'));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));
const clock = fixedClock('2026-11-23T09:00:00.000Z');
const secretOf = (who: string) => (name: string): string => `${who} ${name} of this test, long enough to be one`;
const KEY = logKey('a.example/log', secretOf('a')('log-key'));

interface Peer {
  readonly ledger: Ledger;
  readonly database: Database;
  readonly app: MizanServer;
  readonly url: string;
}

async function openPeer(open: OpenFresh, who: string, files: { readonly policy?: string; readonly witnessed?: string; readonly allow?: string }): Promise<Peer> {
  const dataDir = folder();
  const written = (name: string, text: string | undefined): string | undefined => {
    if (text !== undefined) writeFileSync(join(dataDir, name), text);
    return text === undefined ? undefined : join(dataDir, name);
  };
  const database = await open(migrationsOf('ledger'));
  const allow = parseOutboundAllow(files.allow ?? '');
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0' });
  if (!allow.ok || !config.ok) throw new Error('settings');
  const log = createLog({ logLevel: 'silent' });
  const ledger = await openLedger({ database, clock, log, dataDir, secret: secretOf(who), outbound: createOutbound({ allow: allow.value }), origin: `${who}.example/log`, policyFile: written('policy', files.policy), witnessedFile: written('witnessed', files.witnessed), publishWaitMs: 5 });
  const theme = loadTheme('neutral');
  const app = await createServer({ config: config.value, log, theme, assets: loadAssets(theme, ['ledger']), navigation: [], limits: { eventLoopDelayMsMax: 120_000 } });
  ledgerRoutes(app, { ledger });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { ledger, database, app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/log` };
}

onEveryEngine((open) => {
  let [a, b]: Peer[] = [];
  beforeAll(async () => {
    b = await openPeer(open, 'b', { witnessed: `log ${KEY.vkey}\nquorum none\n` });
    a = await openPeer(open, 'a', { policy: `witness peer ${b.ledger.witness.vkey} ${b.url}/witness\nquorum peer\n`, allow: `private:http://${new URL(b.url).host}` });
  }, 120_000);
  afterAll(async () => {
    for (const peer of [a, b]) {
      await peer?.app.close();
      await peer?.ledger.close();
    }
  });
  const peers = (): { readonly a: Peer; readonly b: Peer } => {
    if (a === undefined || b === undefined) throw new Error('opened');
    return { a, b };
  };
  const fetchFrom = (url: string): FetchFile => async (path) => {
    const answer = await fetch(`${url}/${path}`);
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
  };
  const append = async (...texts: string[]): Promise<void> => {
    await peers().a.ledger.append(texts.map(utf8));
    await peers().a.ledger.settled();
  };
  const many = (count: number, name: string): string[] => Array.from({ length: count }, (_, at) => `${name} ${at}\n`);
  const post = async (body: string): Promise<{ readonly status: number; readonly body: string; readonly type: string | null }> => {
    const answer = await fetch(`${peers().b.url}/witness/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, body: await answer.text(), type: answer.headers.get('content-type') };
  };

  describe('a log with a witness', () => {
    it('shows only heads that the quorum cosigned, and whoever has the policy can check it', async () => {
      await append(...many(300, 'one'));
      await append(...many(5, 'two'));
      const [text, policyText] = await Promise.all(['checkpoint', 'policy'].map(async (path) => (await fetch(`${peers().a.url}/${path}`)).text()));
      const [note, policy] = [parseNote(text ?? ''), parsePolicy(nodeSuite, policyText ?? '')];
      if (!note.ok || !policy.ok) throw new Error('read');
      expect(checkPolicy(nodeSuite, policy.value, note.value)).toMatchObject({ ok: true, value: { witnesses: [{ name: 'peer' }] } });
      expect(parseCheckpoint(note.value.text)).toMatchObject({ ok: true, value: { size: 305 } });
    });

    it('gives a proof of an entry that needs no server', async () => {
      const proof = parseTlogProof(await (await fetch(`${peers().a.url}/entries/42/proof`)).text());
      if (!proof.ok) throw new Error(proof.refusal.code);
      const checkpoint = parseNote(proof.value.checkpoint);
      const key = parseVkey(nodeSuite, KEY.vkey);
      if (!checkpoint.ok || !key.ok) throw new Error('read');
      const opened = openNote(nodeSuite, checkpoint.value, [key.value]);
      const head = opened.ok ? parseCheckpoint(opened.value.text) : opened;
      if (!head.ok) throw new Error('head');
      expect(verifyTlogProof(nodeSuite, proof.value, leafHash(nodeSuite, utf8('one 42\n')), head.value).ok).toBe(true);
      expect(verifyTlogProof(nodeSuite, proof.value, leafHash(nodeSuite, utf8('one 43\n')), head.value).ok).toBe(false);
    });

    it('finds itself whole', async () => {
      expect(await within(systemScope, async () => fsck(peers().a.ledger))).toMatchObject({ entries: 305, standing: 'signing', problems: [] });
    });

    it('has pages in three languages without a script', async () => {
      for (const language of ['az', 'en', 'ru']) {
        for (const path of ['', '?before=30', '/entries/7']) {
          const answer = await fetch(`${peers().a.url}${path}`, { headers: { accept: 'text/html', cookie: `mizan_language=${language}` } });
          const html = await answer.text();
          expect([answer.status, html.includes('<script'), html.includes(`lang="${language}"`)]).toEqual([200, false, true]);
        }
      }
    });

    it.each([
      ['checkpoint', 200, 'text/plain; charset=utf-8', 'public, max-age=1'],
      ['tile/0/000', 200, 'application/octet-stream', 'public, max-age=31536000, immutable'],
      ['tile/0/001.p/49', 200, 'application/octet-stream', 'public, max-age=31536000, immutable'],
      ['tile/1/000.p/1', 200, 'application/octet-stream', 'public, max-age=31536000, immutable'],
      ['tile/entries/000', 200, 'application/octet-stream', 'public, max-age=31536000, immutable'],
      ['tile/entries/001', 404, undefined, undefined],
      ['tile/0/002.p/1', 404, undefined, undefined],
      ['tile/0/000.p/256', 404, undefined, undefined],
      ['tile/0/x000/000', 404, undefined, undefined],
      ['tile/0/%2e%2e%2fcheckpoint', 404, undefined, undefined],
      ['entries/305', 404, undefined, undefined],
      ['entries/-1', 400, undefined, undefined],
      ['entries/305/proof', 404, undefined, undefined],
      ['witness/00/checkpoint', 400, undefined, undefined],
    ])('answers %s with %i', async (path, status, type, cache) => {
      const answer = await fetch(`${peers().a.url}/${path}`);
      expect(answer.status).toBe(status);
      if (type !== undefined) expect([answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([type, cache]);
    });
  });

  describe('the witness', () => {
    const sign = (size: number, fill: number): ReturnType<typeof parseNote> => parseNote(signHead(KEY, size, new Uint8Array(32).fill(fill)).note);
    const request = (oldSize: number, note: ReturnType<typeof parseNote>, proof: readonly Uint8Array[] = []): string => {
      if (!note.ok) throw new Error(note.refusal.code);
      return printAddCheckpoint({ oldSize, proof, note: note.value });
    };

    it.each<readonly [string, () => string, number, string | undefined]>([
      ['a forked head of the same size', () => request(305, sign(305, 7)), 422, undefined],
      ['a head without proof', () => request(305, sign(400, 7)), 422, undefined],
      ['an old head', () => request(300, sign(305, 7)), 409, '305\n'],
      ['a size larger than the head', () => request(400, sign(305, 7)), 400, undefined],
      ['a stranger’s log', () => request(0, parseNote(signHead(logKey('c.example/log', 'x'.repeat(50)), 1, new Uint8Array(32)).note)), 404, undefined],
      ['a head signed by another key', () => request(305, parseNote(signHead(logKey('a.example/log', 'y'.repeat(50)), 306, new Uint8Array(32)).note)), 403, undefined],
      ['no request', () => 'hello', 400, undefined],
      ['an empty body', () => '\n', 400, undefined],
    ])('answers %s by its rule', async (_title, body, status, told) => {
      const answer = await post(body());
      expect([answer.status, told === undefined ? undefined : answer.body]).toEqual([status, told]);
      if (status === 409) expect(answer.type).toBe('text/x.tlog.size');
    });

    it('cosigns none of several forged heads that come at once', async () => {
      const [mine, other] = [logKey('a.example/log', secretOf('a')('log-key')), new Uint8Array(32).fill(9)];
      const before = await (await fetch(`${peers().b.url}/witness/${originHash(nodeSuite, 'a.example/log')}/checkpoint`)).text();
      const answers = await Promise.all([1, 2, 3].map(async (fill) => post(request(305, parseNote(signHead(mine, 306, other.fill(fill)).note)))));
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
      expect(await (await fetch(`${peers().b.url}/witness/${originHash(nodeSuite, 'a.example/log')}/checkpoint`)).text()).toBe(before);
      const key = witnessKey('witness.b.example/log', secretOf('b')('witness-key')).verifier;
      const note = parseNote(before);
      expect(note.ok && openNote(nodeSuite, note.value, [key]).ok).toBe(true);
    });
  });

  describe('whoever follows the log', () => {
    it('keeps a head and a copy, and sees both continued', async () => {
      const copy = join(folder(), 'copy');
      const file = fetchFrom(peers().a.url);
      const first = await monitor(file, KEY.vkey, undefined);
      if (!first.ok) throw new Error(first.refusal.code);
      expect(await mirror(file, KEY.vkey, copy)).toMatchObject({ ok: true, value: { size: first.value.size, from: undefined } });
      await append(...many(300, 'three'));
      expect(await monitor(file, KEY.vkey, first.value.head)).toMatchObject({ ok: true, value: { from: first.value.size, size: first.value.size + 300 } });
      expect(await mirror(file, KEY.vkey, copy)).toMatchObject({ ok: true, value: { from: first.value.size, size: first.value.size + 300 } });
      // The copy is a log like the other: it can be followed itself.
      const fromCopy: FetchFile = async (path) => {
        try {
          return new Uint8Array(readFileSync(join(copy, path)));
        } catch {
          return undefined;
        }
      };
      expect(await mirror(fromCopy, KEY.vkey, join(folder(), 'again'))).toMatchObject({ ok: true });
    });

    it('is told of a log that shrank, forked, or serves other files', async () => {
      const honest = fetchFrom(peers().a.url);
      const now = await monitor(honest, KEY.vkey, undefined);
      if (!now.ok) throw new Error(now.refusal.code);
      const signed = (size: number, fill: number): string => signHead(KEY, size, new Uint8Array(32).fill(fill)).note;
      const serving = (head: string): FetchFile => async (path) => (path === 'checkpoint' ? utf8(head) : honest(path));
      expect(await monitor(serving(signed(3, 1)), KEY.vkey, now.value.head)).toMatchObject({ refusal: { code: 'log-shrank' } });
      expect(await monitor(serving(signed(now.value.size, 1)), KEY.vkey, now.value.head)).toMatchObject({ refusal: { code: 'log-forked' } });
      expect(await monitor(honest, KEY.vkey, signed(100, 1))).toMatchObject({ refusal: { code: 'log-forked' } });
      expect(await monitor(honest, logKey('a.example/log', 'z'.repeat(50)).vkey, undefined)).toMatchObject({ refusal: { code: 'log-head' } });
      expect(await monitor(honest, 'no key', undefined)).toMatchObject({ refusal: { code: 'log-key' } });
      const lying: FetchFile = async (path) => {
        const bytes = await honest(path);
        if (path !== 'tile/entries/000' || bytes === undefined) return bytes;
        const changed = bytes.slice();
        changed[4] = (changed[4] ?? 0) ^ 1;
        return changed;
      };
      expect(await mirror(lying, KEY.vkey, join(folder(), 'lied'))).toMatchObject({ refusal: { code: 'log-forked' } });
      const note = parseNote(now.value.head);
      expect(note.ok && printNote(note.value)).toBe(now.value.head);
      expect(fromUtf8((await honest('policy')) ?? new Uint8Array())).toContain('quorum peer');
    });
  });
});
