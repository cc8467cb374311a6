/** Commitments open to what was committed and to nothing else. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../base/index.ts';
import { fromHex, hex, utf8 } from './bytes.ts';
import { commitPrivate, commitSealed, opensPrivate, opensSealed, parseSealed, printSealed, PRIVATE_BYTES_MAX, saltOf, saltText, type SaltScope, type Sealed } from './commitment.ts';
import { nodeSuite as suite, signerOf } from './node-suite.ts';

const CASES = 10_000;
const salts = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('private content', () => {
  // SHA-256 of the 21 bytes of the prefix, 32 bytes of 0x01 and `{"a":1}`, computed with sha256sum.
  it('has a commitment that any tool computes', () => {
    const made = commitPrivate(suite, new Uint8Array(32).fill(1), { a: 1 });
    expect(made.ok && hex(made.value)).toBe(PRIVATE_OF_A);
  });

  it('is opened by its salt and content, whatever the order of members, and by no other', () => {
    fc.assert(
      fc.property(salts, salts, fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (salt, otherSalt, content, other) => {
        const made = commitPrivate(suite, salt, content);
        if (!made.ok) throw new Error(made.refusal.code);
        const reread = JSON.parse(JSON.stringify(content)) as Json;
        expect(opensPrivate(suite, made.value, salt, reread).ok).toBe(true);
        expect(opensPrivate(suite, made.value, otherSalt, content).ok).toBe(hex(salt) === hex(otherSalt));
        const isSame = JSON.stringify(sorted(reread)) === JSON.stringify(sorted(JSON.parse(JSON.stringify(other)) as Json));
        expect(opensPrivate(suite, made.value, salt, other).ok).toBe(isSame);
      }),
      { numRuns: CASES },
    );
  });

  it.each([
    [new Uint8Array(31), { a: 1 }, 'commitment-salt'],
    [new Uint8Array(33), { a: 1 }, 'commitment-salt'],
    [new Uint8Array(32), { a: '\uD800' }, 'commitment-content'],
    [new Uint8Array(32), { a: Number.NaN }, 'commitment-content'],
    [new Uint8Array(32), 'x'.repeat(PRIVATE_BYTES_MAX), 'commitment-content'],
  ] as const)('%#: is refused as %3$s', (salt, content, code) => {
    expect(commitPrivate(suite, salt, content)).toMatchObject({ refusal: { code } });
    expect(opensPrivate(suite, new Uint8Array(32), salt, content)).toMatchObject({ refusal: { code } });
  });
});

const PRIVATE_OF_A = '2504924b08860c89ede85d26aaad13c4b14995b0fdab27f31c6ce9c45c0100e8';

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, member]) => [key, sorted(member as Json)]));
}

/** The worked example of the protocol: RFC 8032 test 1 holds the ballot key of seat 01. */
const signer = signerOf(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')!);
const epochDigest = hex(suite.sha256(utf8('mizan-council/slot-roll/v1\nexample\n')));
const motion = hex(suite.sha256(utf8('mizan-council/motion/v1\nexample\n')));
const scope: SaltScope = { council: 'council.example', epoch: 7, slot: '2027-014', round: 1 };
const ballot = `mizan-council/ballot/v1
council council.example
epoch 7 ${epochDigest}
slot 2027-014 round 1
motion sha256:${motion}
opened 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
closes 2027-03-18T14:00:00Z
choice yes

— ballot.seat01.council.example p1+5VZnkTFKeybOVFHyzXVZGrcmaSocU8YZp67319GeyQiN6LBH96/2jmZijx2PhMNz35W1ugRu26bjqt/TEsZSzuwM=
`;
const sealed: Sealed = { seat: 1, slot: '2027-014', round: 1, salt: saltOf(suite, signer.sign, scope), ballot };

describe('a sealed ballot', () => {
  it('has the commitment of the worked example', () => {
    expect(saltText(scope)).toBe(`mizan-council/salt/v1\ncouncil council.example\nepoch 7\nslot 2027-014 round 1\n`);
    expect(hex(commitSealed(suite, sealed))).toBe('d69e795c775c110a58fb2e0d29ec6d1245959fec1d5807fa815bb69dcf959b6e');
  });

  it('finds its salt again from the key', () => expect(saltOf(suite, signer.sign, scope)).toEqual(sealed.salt));

  it('is read as it was printed', () => expect(parseSealed(printSealed(sealed))).toEqual({ ok: true, value: sealed }));

  it.each([
    ['seat', { seat: 2 }],
    ['slot', { slot: '2027-015' }],
    ['round', { round: 2 }],
    ['salt', { salt: new Uint8Array(32) }],
    ['ballot', { ballot: ballot.replace('choice yes', 'choice no') }],
  ] as const)('of another %s does not open', (_what, change) => {
    const commitment = commitSealed(suite, sealed);
    expect(opensSealed(suite, commitment, sealed).ok).toBe(true);
    expect(opensSealed(suite, commitment, { ...sealed, ...change })).toMatchObject({ refusal: { code: 'commitment-mismatch' } });
  });

  const text = printSealed(sealed);
  it.each([
    ['', 'sealed-form'],
    [text.replace('\n\n', '\n'), 'text-line-surplus'],
    [text.replace(/salt.*\n/, ''), 'text-line-missing'],
    [text.replace('\n\n', '\n\n\n'), 'sealed-form'],
    [text.slice(0, -1), 'sealed-form'],
    [text.slice(0, text.indexOf('\n\n') + 2), 'sealed-form'],
    [text.replace('seat 01', 'seat 1'), 'text-seat'],
    [text.replace('seat 01', 'seat 00'), 'text-seat'],
    [text.replace('round 1', 'round 01'), 'text-number'],
    [text.replace('salt ', 'salt 0'), 'commitment-salt'],
    [text.replace(/salt [0-9a-f]{2}/, 'salt '), 'commitment-salt'],
    [text.replace('sealed/v1', 'sealed/v2'), 'text-type'],
    [text.replace('\n\n', '\nmore 1\n\n'), 'text-line-surplus'],
  ])('%#: is refused as %2$s', (given, code) => expect(parseSealed(given)).toMatchObject({ ok: false, refusal: { code } }));
});
