/** Verifiable random outputs against the examples of RFC 9381, and against whoever changes a bit of them. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hex, joinBytes, utf8 } from './bytes.ts';
import { proveVrf, verifyVrf } from './ecvrf.ts';

const file = join(import.meta.dirname, '../../../shared/data/vectors/rfc9381-ecvrf/edwards25519-sha512-tai.json');
const present = existsSync(file);
if (!present) console.warn('SKIPPED: the published vectors of RFC 9381 are not here (../shared/data/vectors/rfc9381-ecvrf).');

interface Case {
  readonly sk: string;
  readonly pk: string;
  readonly alpha: string;
  readonly h: string;
  readonly u: string;
  readonly v: string;
  readonly pi: string;
  readonly beta: string;
}

const cases = present ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] }).cases : [];
const bytes = (text: string): Uint8Array => {
  const read = fromHex(text);
  if (read === undefined) throw new Error(`not hexadecimal: ${text}`);
  return read;
};

describe.skipIf(!present)('RFC 9381, B.3', () => {
  it('has three examples', () => expect(cases.length).toBe(3));

  it.each(cases.map((one) => [one.alpha, one] as const))('of the input “%s”', (_alpha, one) => {
    // One of the published keys lost a digit in the making of the file: the seed is the one of RFC 8032 test 1.
    const seed = bytes(one.sk.length === 64 ? one.sk : RFC_8032_TEST_1);
    expect(hex(ed25519.getPublicKey(seed))).toBe(one.pk);
    const made = proveVrf(seed, bytes(one.alpha));
    expect(hex(made.proof)).toBe(one.pi);
    expect(hex(made.output)).toBe(one.beta);
    const verified = verifyVrf(bytes(one.pk), bytes(one.alpha), bytes(one.pi));
    expect(verified.ok && hex(verified.value)).toBe(one.beta);
  });

  it.each(cases.map((one) => [one.alpha, one] as const))('the points between, of the input “%s”', (_alpha, one) => {
    // u and v computed from the proof as §5.3 says; h is the point for which they come out as published.
    const [gamma, c, s] = [bytes(one.pi).subarray(0, 32), bytes(one.pi).subarray(32, 48), bytes(one.pi).subarray(48)];
    const scalar = (part: Uint8Array): bigint => BigInt(`0x${hex(part.toReversed())}`);
    const { Point } = ed25519;
    const u = Point.BASE.multiply(scalar(s)).subtract(Point.fromBytes(bytes(one.pk)).multiply(scalar(c)));
    const v = Point.fromBytes(bytes(one.h)).multiply(scalar(s)).subtract(Point.fromBytes(gamma).multiply(scalar(c)));
    expect([hex(u.toBytes()), hex(v.toBytes())]).toEqual([one.u, one.v]);
  });
});

const RFC_8032_TEST_1 = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const seed = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(seed);

describe('a proof', () => {
  it('is the same every time, and another for another input or key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (input, other) => {
        const made = proveVrf(other, input);
        expect(proveVrf(other, input)).toEqual(made);
        const verified = verifyVrf(ed25519.getPublicKey(other), input, made.proof);
        expect(verified.ok && hex(verified.value)).toBe(hex(made.output));
        expect(verifyVrf(ed25519.getPublicKey(other), joinBytes(input, utf8('x')), made.proof)).toMatchObject({ ok: false });
        expect(verifyVrf(publicKey, input, made.proof)).toMatchObject({ ok: false });
      }),
      { numRuns: 50 },
    );
  });

  it('with any bit changed is refused', () => {
    const input = utf8('reviewers of 2027-014');
    const { proof } = proveVrf(seed, input);
    for (let bit = 0; bit < proof.length * 8; bit += 1) {
      const spoilt = Uint8Array.from(proof);
      spoilt[Math.floor(bit / 8)]! ^= 1 << bit % 8;
      expect(verifyVrf(publicKey, input, spoilt).ok).toBe(false);
    }
  });

  it('is refused by name', () => {
    const { proof } = proveVrf(seed, utf8('a'));
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
    const unreduced = Uint8Array.from(proof);
    let s = BigInt(`0x${hex(proof.slice(48).toReversed())}`) + ORDER;
    for (let at = 48; at < 80; at += 1, s >>= 8n) unreduced[at] = Number(s & 255n);
    expect(verifyVrf(identity, utf8('a'), proof)).toMatchObject({ refusal: { code: 'vrf-key' } });
    expect(verifyVrf(new Uint8Array(31), utf8('a'), proof)).toMatchObject({ refusal: { code: 'vrf-key' } });
    expect(verifyVrf(publicKey, utf8('a'), proof.subarray(1))).toMatchObject({ refusal: { code: 'vrf-proof-form' } });
    expect(verifyVrf(publicKey, utf8('a'), joinBytes(proof, Uint8Array.of(0)))).toMatchObject({ refusal: { code: 'vrf-proof-form' } });
    expect(verifyVrf(publicKey, utf8('a'), unreduced)).toMatchObject({ refusal: { code: 'vrf-proof-form' } });
    expect(verifyVrf(publicKey, utf8('b'), proof)).toMatchObject({ refusal: { code: 'vrf-proof-wrong' } });
    expect(() => proveVrf(new Uint8Array(31), utf8('a'))).toThrow(RangeError);
  });
});
