/** Which Ed25519 signatures are accepted: the same on both suites, on every published edge case. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromHex, hex, joinBytes, utf8 } from './bytes.ts';
import { nobleSuite } from './noble-suite.ts';
import { mlDsa44SignerOf, nodeSuite, signerOf } from './node-suite.ts';
import type { Suite } from './suite.ts';

const vectors = join(import.meta.dirname, '../../../shared/data/vectors');
const present = existsSync(vectors);
if (!present) console.warn('SKIPPED: the published signature vectors are not here (../shared/data/vectors).');

const SUITES: readonly (readonly [string, Suite])[] = [
  ['node:crypto', nodeSuite],
  ['noble', nobleSuite],
];

const read = <T>(...path: readonly string[]): T => JSON.parse(readFileSync(join(vectors, ...path), 'utf8')) as T;
function bytesOf(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

interface Case {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const cctv = (): readonly Case[] =>
  read<readonly { key: string; sig: string; msg: string }[]>('cctv', 'ed25519', 'ed25519vectors.json').map(({ key, sig, msg }) => ({ key: bytesOf(key), message: utf8(msg), signature: bytesOf(sig) }));
const speccheck = (): readonly Case[] =>
  read<readonly { pub_key: string; signature: string; message: string }[]>('ed25519-speccheck', 'cases.json').map((one) => ({ key: bytesOf(one.pub_key), message: bytesOf(one.message), signature: bytesOf(one.signature) }));

interface Wycheproof<G> {
  readonly numberOfTests: number;
  readonly testGroups: readonly G[];
}
interface WycheproofTest {
  readonly tcId: number;
  readonly msg: string;
  readonly sig: string;
  readonly ctx?: string;
  readonly result: 'valid' | 'invalid';
}

describe.each(SUITES)('Ed25519 on %s', (_, suite) => {
  const counted = (cases: readonly Case[]): number => cases.filter(({ key, message, signature }) => suite.admits(key) && suite.verify(key, message, signature)).length;

  it.skipIf(!present)('accepts 1 of the 914 cases of CCTV and none of the 12 of speccheck', () => {
    expect([cctv().length, counted(cctv())]).toEqual([914, 1]);
    expect([speccheck().length, counted(speccheck())]).toEqual([12, 0]);
  });

  it.skipIf(!present)('answers the 151 cases of Wycheproof as they want, and admits their keys', () => {
    const file = read<Wycheproof<{ publicKey: { pk: string }; tests: readonly WycheproofTest[] }>>('wycheproof', 'testvectors_v1', 'ed25519_test.json');
    const wrong: number[] = [];
    let asked = 0;
    for (const { publicKey, tests } of file.testGroups) {
      const key = bytesOf(publicKey.pk);
      expect(suite.admits(key)).toBe(true);
      for (const { tcId, msg, sig, result } of tests) {
        asked += 1;
        if (suite.verify(key, bytesOf(msg), bytesOf(sig)) !== (result === 'valid')) wrong.push(tcId);
      }
    }
    expect([asked, wrong]).toEqual([151, []]);
  });

  it.skipIf(!present)('verifies the 128 lines of the reference implementation, and no changed one', () => {
    const lines = gunzipSync(readFileSync(join(vectors, 'rfc8032', 'sign.input.gz'))).toString('utf8').trim().split('\n');
    expect(lines).toHaveLength(128);
    for (const line of lines) {
      const [secret = '', publicHex = '', messageHex = '', signed = ''] = line.split(':');
      const signer = signerOf(bytesOf(secret.slice(0, 64)));
      const message = bytesOf(messageHex);
      const signature = bytesOf(signed.slice(0, 128));
      expect(hex(signer.publicKey)).toBe(publicHex);
      expect(hex(signer.sign(message))).toBe(hex(signature));
      expect(suite.admits(signer.publicKey)).toBe(true);
      expect(suite.verify(signer.publicKey, message, signature)).toBe(true);
      expect(suite.verify(signer.publicKey, joinBytes(message, Uint8Array.of(0)), signature)).toBe(false);
    }
  });

  it('refuses the identity as R, which Node 20, Node 26 and Go do not agree on', () => {
    const key = bytesOf('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    const s = 'bbeb93d23e4a3858e12c17a95eb2533e460de2590867be9dfbedcfbbedabbf08';
    expect(suite.admits(key)).toBe(true);
    expect(suite.verify(key, utf8('identity-R\n'), bytesOf(`01${'00'.repeat(31)}${s}`))).toBe(false);
    expect(suite.verify(key, utf8('identity-R\n'), bytesOf(`01${'00'.repeat(30)}80${s}`))).toBe(false);
  });

  it('refuses S + L, the same signature written twice', () => {
    const { publicKey, sign } = signerOf(new Uint8Array(32).fill(7));
    const message = utf8('one signature\n');
    const signature = sign(message);
    const L = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${hex(signature.slice(32).toReversed())}`) + L;
    const second = joinBytes(signature.slice(0, 32), bytesOf(s.toString(16).padStart(64, '0')).toReversed());
    expect(suite.verify(publicKey, message, signature)).toBe(true);
    expect(suite.verify(publicKey, message, second)).toBe(false);
  });

  it.each([
    ['the identity', `01${'00'.repeat(31)}`],
    ['zero, of order four', '00'.repeat(32)],
    ['order eight', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['the identity, not canonical', `ee${'ff'.repeat(30)}7f`],
    ['off the curve', `02${'00'.repeat(31)}`],
    ['31 bytes', '00'.repeat(31)],
    ['a point with torsion', 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43'],
  ])('does not admit %s', (_name, key) => expect(suite.admits(bytesOf(key))).toBe(false));

  it.each([
    [31, 64],
    [33, 64],
    [32, 63],
    [32, 65],
    [0, 0],
  ])('refuses a key of %i bytes with a signature of %i', (keyBytes, signatureBytes) => {
    expect(suite.verify(new Uint8Array(keyBytes).fill(1), utf8('x'), new Uint8Array(signatureBytes).fill(1))).toBe(false);
  });

  it('hashes its parts one after the other', () => {
    expect(hex(suite.sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(suite.sha256(utf8('a'), utf8('bc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe.skipIf(!present)('both suites', () => {
  it('give the same answer to every edge case, under keys nobody would admit as well', () => {
    const differing = [...cctv(), ...speccheck()].filter(
      ({ key, message, signature }) => nodeSuite.verify(key, message, signature) !== nobleSuite.verify(key, message, signature),
    );
    expect(differing).toEqual([]);
  });
});

describe.skipIf(!present)('ML-DSA-44 on node:crypto', () => {
  it('answers the 180 cases of Wycheproof as they want where no context is given, and refuses those of a context', () => {
    const file = read<Wycheproof<{ publicKey: string; tests: readonly WycheproofTest[] }>>('wycheproof', 'testvectors_v1', 'mldsa_44_verify_test.json');
    const wrong: number[] = [];
    let [asked, withContext] = [0, 0];
    for (const { publicKey, tests } of file.testGroups) {
      for (const { tcId, msg, sig, ctx, result } of tests) {
        asked += 1;
        // Cosignatures are made with the empty context: a signature of any other context is one of another statement.
        const empty = ctx === undefined || ctx === '';
        if (!empty) withContext += 1;
        if (nodeSuite.verifyMlDsa44?.(bytesOf(publicKey), bytesOf(msg), bytesOf(sig)) !== (result === 'valid' && empty)) wrong.push(tcId);
      }
    }
    expect([asked, wrong]).toEqual([180, []]);
    expect(withContext).toBeGreaterThan(0);
  });

  it('has the keys of the 86 signing cases of Wycheproof and verifies what they signed', () => {
    const file = read<Wycheproof<{ privateSeed: string; publicKey?: string; tests: readonly (WycheproofTest & { msg?: string })[] }>>('wycheproof', 'testvectors_v1', 'mldsa_44_sign_seed_test.json');
    let asked = 0;
    for (const { privateSeed, publicKey, tests } of file.testGroups) {
      asked += tests.length;
      const seed = bytesOf(privateSeed);
      if (seed.length !== 32) {
        expect(() => mlDsa44SignerOf(seed)).toThrow(RangeError);
        continue;
      }
      const signer = mlDsa44SignerOf(seed);
      if (publicKey !== undefined) expect(hex(signer.publicKey)).toBe(publicKey);
      for (const { msg, sig, ctx, result } of tests) {
        if (msg === undefined || result !== 'valid') continue;
        const message = bytesOf(msg);
        expect(nodeSuite.verifyMlDsa44?.(signer.publicKey, message, bytesOf(sig))).toBe(ctx === undefined || ctx === '');
        expect(nodeSuite.verifyMlDsa44?.(signer.publicKey, message, signer.sign(message))).toBe(true);
      }
    }
    expect(asked).toBe(86);
  });
});
