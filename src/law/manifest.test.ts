/** The signed manifest: one right one, every way of being wrong, and any changed byte. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, civil } from '../base/index.ts';
import type { Json } from '../base/index.ts';
import { loadPack } from './load-pack.ts';
import {
  compareVersions, keyText, type Manifest, manifestFits, type ManifestQuestion, manifestOf, type ManifestRefusal, manifestText, parseManifest, readKey, readTrustedKeys, signManifest, textOfBytes,
  trustedKeyLine, type TrustedKey, variableOrderDigest, verifyManifest,
} from './manifest.ts';
import type { PackFile } from './model.ts';

const text = (word: string): string => `{ az: "${word}", en: "${word}", ru: "${word}" }`;
const FILES: readonly PackFile[] = [
  {
    path: 'pack.yaml',
    text: `id: tiny
version: 1.2.0
engine: 1
jurisdiction: XX
title: ${text('Tiny')}
status: draft
valid_from: 2025-01-01
known_from: 2024-12-01
legal_basis: [ { key: act, celex: "32024R1689", oj: "OJ L", title: ${text('Act')} } ]
files: [ rules/first.yaml ]
families: [ { id: duty, weight: 1, label: ${text('Duty')} } ]
headline: [ { id: none, label: ${text('None')} } ]
`,
  },
  {
    path: 'rules/first.yaml',
    text: `facts:
  - { id: X.a, group: g, type: bool, ask: ${text('A?')}, help: ${text('h')}, example: ${text('e')}, why: ${text('w')}, cite: [ { act: act, article: "Art. 1" } ] }
conclusions: [ { id: duty.a, family: duty, label: ${text('a')}, plain: ${text('p')} } ]
rules: [ { id: a, concludes: duty.a, when: X.a, label: ${text('ə')}, cite: [ { act: act, article: "Art. 1" } ], ev: V, authority: law } ]
`,
  },
];
const loaded = loadPack(FILES);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
const pack = loaded.value;

/** Keys of tests only, from fixed seeds, so that failures repeat. */
function keyOf(seed: number): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
const [press, lawyer, council, stranger] = [keyOf(1), keyOf(2), keyOf(3), keyOf(4)];
const publicOf = (key: typeof press): string => keyText(createPublicKey(key));
const KEYS: readonly TrustedKey[] = [
  { role: 'publisher', name: 'Law press', key: publicOf(press) },
  { role: 'counsel', name: 'Local counsel', key: publicOf(lawyer) },
  { role: 'council', name: 'Council', key: publicOf(council) },
];
const NOW = civil('2026-11-23');
const plain = manifestOf({ pack, files: FILES, issued: civil('2026-11-01'), validUntil: civil('2027-01-31') });
const publish = (manifest: Manifest): Manifest => signManifest(manifest, { role: 'publisher', name: 'Law press' }, press);
const counselAct = { role: 'counsel', name: 'L. Counsel', licence: 'B-17', signedAt: civil('2026-11-02') } as const;
const whole = signManifest(signManifest(publish(plain), counselAct, lawyer), { role: 'council', name: 'Council', decision: '12/2026', signedAt: civil('2026-11-03') }, council);

function ask(more: Partial<ManifestQuestion> & { readonly manifest?: Manifest } = {}): ReturnType<typeof verifyManifest> {
  const { manifest, ...rest } = more;
  return verifyManifest({ text: manifestText(manifest ?? whole), files: FILES, trustedKeys: KEYS, now: NOW, ...rest });
}
const codeOf = (more: Parameters<typeof ask>[0]): string => {
  const answer = ask(more);
  return answer.ok ? 'ok' : answer.refusal.code;
};

describe('a sound manifest', () => {
  it('is believed, with everybody who signed', () => {
    const answer = ask();
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    expect(answer.value.signers.map(({ role, name, on, statement }) => ({ role, name, on, statement }))).toEqual([
      { role: 'publisher', name: 'Law press', on: '2026-11-01', statement: undefined },
      { role: 'counsel', name: 'Local counsel', on: '2026-11-02', statement: 'B-17' },
      { role: 'council', name: 'Council', on: '2026-11-03', statement: '12/2026' },
    ]);
    expect(answer.value.manifest).toEqual(whole);
    expect(answer.value.manifest.variable_order_sha256).toBe(variableOrderDigest(pack));
  });

  it('has the same bytes whenever it is made', () => {
    expect(manifestText(publish(manifestOf({ pack, files: FILES.toReversed(), issued: civil('2026-11-01'), validUntil: civil('2027-01-31') })))).toBe(manifestText(publish(plain)));
  });

  it('may come again as the version in force', () => expect(codeOf({ adopted: pack.ref })).toBe('ok'));
});

describe('a refusal', () => {
  const first = FILES[0]!;
  const second = FILES[1]!;
  const base = { id: 'base', version: '1.0.0', digest: 'a'.repeat(64) };
  const overlay = publish(manifestOf({ pack: { ...pack, bases: [base] }, files: FILES, issued: civil('2026-11-01') }));
  const changed = (member: keyof Manifest, value: unknown): Manifest => ({ ...whole, [member]: value });
  const check: readonly (readonly [string, Parameters<typeof ask>[0], ManifestRefusal | Partial<ManifestRefusal>])[] = [
    ['no manifest', { text: undefined }, { code: 'unsigned', role: 'publisher' }],
    ['no signature', { manifest: plain }, { code: 'unsigned', role: 'publisher' }],
    ['counsel alone', { manifest: signManifest(plain, counselAct, lawyer) }, { code: 'unsigned', role: 'publisher' }],
    ['a claim that counsel signed', { manifest: publish({ ...plain, status: 'counsel_signed' }) }, { code: 'unsigned', role: 'counsel' }],
    ['a claim that it was adopted', { manifest: publish({ ...plain, status: 'adopted' }) }, { code: 'unsigned', role: 'counsel' }],
    ['not JSON', { text: '{' }, { code: 'malformed', where: 'canonical' }],
    ['a list', { text: '[]' }, { code: 'malformed', where: 'canonical' }],
    ['null', { text: 'null' }, { code: 'malformed', where: 'canonical' }],
    ['a space', { text: `${manifestText(whole)} ` }, { code: 'malformed', where: 'canonical' }],
    ['a member twice', { text: manifestText(whole).replace('"format":1', '"format":1,"format":1') }, { code: 'malformed', where: 'canonical' }],
    ['a member nobody knows', { manifest: { ...whole, more: 1 } as Manifest }, { code: 'malformed', where: 'more' }],
    ['an inherited name', { text: manifestText(whole).replace('{"council_certificate"', '{"constructor":{},"council_certificate"') }, { code: 'malformed', where: 'constructor' }],
    ['a version that is none', { manifest: changed('version', '1.2') }, { code: 'malformed', where: 'version' }],
    ['a path out of the folder', { manifest: changed('files', [{ path: '../pack.yaml', sha256: 'a'.repeat(64) }]) }, { code: 'malformed', where: 'files[0].path' }],
    ['no pack.yaml', { manifest: changed('files', [{ path: 'other.yaml', sha256: 'a'.repeat(64) }]) }, { code: 'malformed', where: 'files' }],
    ['two paths that differ by case', { manifest: changed('files', [...whole.files, { path: 'Pack.yaml', sha256: 'a'.repeat(64) }]) }, { code: 'malformed', where: 'files' }],
    ['a day that does not exist', { manifest: changed('issued', '2026-02-30') }, { code: 'malformed', where: 'issued' }],
    ['too long', { text: ' '.repeat(600_000) }, { code: 'malformed', where: 'length' }],
    ['a publisher nobody believes', { manifest: signManifest(plain, { role: 'publisher', name: 'Law press' }, stranger) }, { code: 'unknown-key', role: 'publisher' }],
    ['a counsel who publishes', { manifest: signManifest(plain, { role: 'publisher', name: 'L. Counsel' }, lawyer) }, { code: 'unknown-key', role: 'publisher' }],
    ['a counsel nobody believes', { manifest: signManifest(publish(plain), counselAct, stranger) }, { code: 'unknown-key', role: 'counsel' }],
    ['a stranger under the key of the publisher', { manifest: { ...plain, publisher: { ...signManifest(plain, { role: 'publisher', name: 'Law press' }, stranger).publisher!, key: publicOf(press) } } }, { code: 'wrong-signature', role: 'publisher', name: 'Law press' }],
    ['the signature of another pack', { manifest: { ...plain, version: '1.3.0', publisher: whole.publisher! } }, { code: 'wrong-signature', role: 'publisher' }],
    ["counsel's signature in the publisher's place", { manifest: { ...whole, publisher: { name: 'L. Counsel', key: publicOf(press), sig: whole.counsel!.sig } } }, { code: 'wrong-signature', role: 'publisher' }],
    ['another licence', { manifest: { ...whole, counsel: { ...whole.counsel!, licence: 'B-18' } } }, { code: 'wrong-signature', role: 'counsel' }],
    ['another decision', { manifest: { ...whole, council_certificate: { ...whole.council_certificate!, decision: '13/2026' } } }, { code: 'wrong-signature', role: 'council' }],
    ['a later end', { manifest: changed('valid_until', '2028-01-01') }, { code: 'wrong-signature', role: 'publisher' }],
    ['a revoked key', { trustedKeys: KEYS.with(0, { ...KEYS[0]!, revokedOn: civil('2026-11-20') }) }, { code: 'key-revoked', role: 'publisher', on: civil('2026-11-20') }],
    ['the day before it was made', { now: civil('2026-10-31') }, { code: 'not-yet-valid', from: civil('2026-11-03') }],
    ['the day before the council', { now: civil('2026-11-02') }, { code: 'not-yet-valid', from: civil('2026-11-03') }],
    ['the day after its end', { now: civil('2027-02-01') }, { code: 'expired', until: civil('2027-01-31') }],
    ['a newer engine', { manifest: publish({ ...plain, engine_min: 2 }) }, { code: 'engine-too-old', needs: 2, has: 1 }],
    ['a changed file', { files: [first, { ...second, text: `${second.text} ` }] }, { code: 'file-changed', file: 'rules/first.yaml' }],
    ['a missing file', { files: [first] }, { code: 'file-missing', file: 'rules/first.yaml' }],
    ['one file more', { files: [...FILES, { path: 'rules/more.yaml', text: '' }] }, { code: 'extra-file', file: 'rules/more.yaml' }],
    ['a file twice', { files: [...FILES, second] }, { code: 'malformed', where: 'files' }],
    ['a base that is not here', { manifest: overlay }, { code: 'base-missing', ...base }],
    ['another base', { manifest: overlay, bases: [{ ...base, digest: 'b'.repeat(64) }] }, { code: 'base-differs', id: 'base', wanted: base.digest, found: 'b'.repeat(64) }],
    ['an older version', { adopted: { version: '1.2.1', digest: 'c'.repeat(64) } }, { code: 'downgraded', version: '1.2.0', adopted: '1.2.1' }],
    ['the same version with other content', { adopted: { version: '1.2.0', digest: 'c'.repeat(64) } }, { code: 'version-reused', version: '1.2.0' }],
  ];
  it.each(check)('for %s', (_what, given, expected) => {
    expect(ask(given)).toEqual({ ok: false, refusal: expect.objectContaining(expected) as unknown });
  });

  it('does not come on the last day, nor with the base', () => {
    expect(codeOf({ now: civil('2027-01-31') })).toBe('ok');
    expect(codeOf({ manifest: overlay, bases: [{ ...base, digest: 'b'.repeat(64) }, base] })).toBe('ok');
    expect(codeOf({ adopted: { version: '1.2.0-rc.1', digest: 'c'.repeat(64) } })).toBe('ok');
  });
});

describe('a manifest and the pack it speaks of', () => {
  it('say the same', () => expect(manifestFits(whole, pack, FILES).ok).toBe(true));
  it.each(['id', 'version', 'jurisdiction', 'digest', 'status', 'valid_from', 'known_from', 'variable_order_sha256', 'legal_basis', 'extends', 'files'] as const)('or the %s is told', (member) => {
    const other = Array.isArray(whole[member]) ? [...whole[member], { id: 'x', version: '1.0.0', digest: 'd' }] : 'other';
    expect(manifestFits({ ...whole, [member]: other }, pack, FILES)).toEqual({ ok: false, refusal: { code: 'malformed', where: member } });
  });
});

describe('any changed byte is refused', () => {
  const bytes = Buffer.from(manifestText(whole), 'utf8');
  const flipped = (of: Uint8Array, at: number, mask: number): Buffer => {
    const copy = Buffer.from(of);
    copy[at] = (copy[at] ?? 0) ^ mask;
    return copy;
  };
  const verdictOn = (manifest: Uint8Array, files: readonly PackFile[]): boolean => {
    const read = textOfBytes(manifest);
    return read !== undefined && verifyManifest({ text: read, files, trustedKeys: KEYS, now: NOW }).ok;
  };

  const said = JSON.parse(manifestText(whole)) as Readonly<Record<string, unknown>>;
  const isWholeWithout = (manifest: Uint8Array, members: readonly string[]): boolean => {
    const left = JSON.parse(Buffer.from(manifest).toString('utf8')) as Readonly<Record<string, unknown>>;
    const gone = Object.keys(said).filter((member) => !(member in left));
    return gone.length > 0 && gone.every((member) => members.includes(member)) && Object.entries(left).every(([member, value]) => JSON.stringify(value) === JSON.stringify(said[member]));
  };

  it('the unchanged bytes are not', () => expect(verdictOn(bytes, FILES)).toBe(true));

  // Every bit of it, not a sample: it is short.
  it('of the manifest', () => {
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at++) for (let bit = 0; bit < 8; bit++) if (verdictOn(flipped(bytes, at, 1 << bit), FILES)) accepted.push(`${at}.${bit}`);
    expect(accepted).toEqual([]);
  }, 120_000);

  it('of a file', () => {
    fc.assert(
      fc.property(fc.nat({ max: FILES.length - 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, place, mask) => {
        const file = FILES[which]!;
        const own = Buffer.from(file.text, 'utf8');
        const read = textOfBytes(flipped(own, place % own.length, mask));
        return read === undefined || !verdictOn(bytes, FILES.with(which, { ...file, text: read }));
      }),
      { numRuns: 2000 },
    );
  });

  it('a counter-signature taken off leaves the rest as it was signed', () => {
    expect(Object.keys(said)).toContain('counsel');
    const rest = Object.fromEntries(Object.entries(said).filter(([member]) => member !== 'counsel'));
    expect(isWholeWithout(Buffer.from(JSON.stringify(rest), 'utf8'), ['counsel'])).toBe(true);
    expect(isWholeWithout(Buffer.from(JSON.stringify({ ...rest, version: '9.9.9' }), 'utf8'), ['counsel'])).toBe(false);
  });

  it('cut, doubled or moved', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: bytes.length }), (from, length) => {
        const cut = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length + 1)]);
        const doubled = Buffer.concat([bytes.subarray(0, from + 1), bytes.subarray(from)]);
        // A whole counter-signature may be taken off: what is left says less, and nothing that was not signed.
        return (!verdictOn(cut, FILES) || isWholeWithout(cut, ['counsel', 'council_certificate'])) && !verdictOn(doubled, FILES);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('keys', () => {
  const P = (1n << 255n) - 19n;
  const L = (1n << 252n) + 27742317777372353535851937790883648493n;
  const mod = (a: bigint): bigint => ((a % P) + P) % P;
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, square] = [1n, mod(base)];
    for (let e = exponent; e > 0n; e >>= 1n, square = mod(square * square)) if ((e & 1n) === 1n) result = mod(result * square);
    return result;
  };
  const D = mod(-121665n * power(121666n, P - 2n));
  type Point = readonly [bigint, bigint];
  const add = ([x1, y1]: Point, [x2, y2]: Point): Point => {
    const k = mod(D * x1 * x2 * y1 * y2);
    return [mod((x1 * y2 + x2 * y1) * power(1n + k, P - 2n)), mod((y1 * y2 + x1 * x2) * power(1n - k, P - 2n))];
  };
  const times8 = (point: Point): Point => [1, 2, 3].reduce<Point>((sum) => add(sum, sum), point);
  const encoded = (y: bigint, odd: 0 | 1): string => {
    const bytes = Buffer.alloc(32);
    let rest = y;
    for (let at = 0; at < 32; at++, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
    bytes[31] = (bytes[31] ?? 0) | (odd << 7);
    return `ed25519:${bytes.toString('base64url')}`;
  };
  /** x of a point of the curve from its y, by x² = (y² - 1) / (d y² + 1). */
  const xOf = (y: bigint): bigint | undefined => {
    const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
    return mod(x * x) === square ? x : undefined;
  };
  // Found by arithmetic, not taken from the list under test: multiples by the order of the big subgroup leave only the small part.
  const small = new Set<bigint>();
  for (let y = 2n; small.size < 5 && y < 200n; y++) {
    const x = xOf(y);
    if (x === undefined) continue;
    let [sum, double]: [Point, Point] = [[0n, 1n], [x, y]];
    for (let e = L; e > 0n; e >>= 1n, double = add(double, double)) if ((e & 1n) === 1n) sum = add(sum, double);
    small.add(sum[1]);
  }

  it('of small order are all known', () => {
    expect(small.size).toBe(5);
    for (const y of small) expect(times8([xOf(y) ?? 0n, y])).toEqual([0n, 1n]);
    for (const y of small) for (const odd of [0, 1] as const) expect(readKey(encoded(y, odd))).toEqual({ ok: false, refusal: 'weak-key' });
  });

  it('that are not reduced are refused', () => {
    for (let above = 0n; above < 19n; above++) for (const odd of [0, 1] as const) expect(readKey(encoded(P + above, odd))).toEqual({ ok: false, refusal: 'weak-key' });
  });

  it('of small order fit nothing in the pinned node:crypto either; in that of older Node versions the same bytes fit any text', () => {
    const weak = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: encoded(1n, 0).slice('ed25519:'.length) }, format: 'jwk' });
    const fits = Buffer.concat([Buffer.from(encoded(1n, 0).slice('ed25519:'.length), 'base64url'), Buffer.alloc(32)]);
    expect(verify(null, Buffer.from('any text'), weak, fits)).toBe(false);
  });

  it('make one signature for one text: node:crypto refuses the second spelling of the same', () => {
    const message = Buffer.from('text');
    const first = sign(null, message, press);
    let s = 0n;
    for (let at = 63; at >= 32; at--) s = (s << 8n) | BigInt(first[at] ?? 0);
    const second = Buffer.from(first);
    let rest = s + L;
    for (let at = 32; at < 64; at++, rest >>= 8n) second[at] = Number(rest & 0xffn);
    expect([verify(null, message, createPublicKey(press), first), verify(null, message, createPublicKey(press), second)]).toEqual([true, false]);
  });

  it.each([
    ['', 'not-a-key'], ['ed25519:', 'not-a-key'], ['ed25519:AAAA', 'not-a-key'], [publicOf(press).replace('ed25519:', 'rsa:'), 'not-a-key'], [`${publicOf(press)}=`, 'not-a-key'],
    [`${publicOf(press)} `, 'not-a-key'], [publicOf(press).replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)), 'not-a-key'],
  ])('%j is %s', (given, expected) => expect(readKey(given)).toEqual({ ok: false, refusal: expected }));

  it('stand one a line', () => {
    const lines = KEYS.map(trustedKeyLine);
    expect(readTrustedKeys(`# believed here\n\n${lines.join('\r\n')}\n`)).toEqual({ ok: true, value: KEYS });
    expect(readTrustedKeys(`${lines[0] ?? ''}\nnotary ed25519:AAAA X`)).toEqual({ ok: false, refusal: { line: 2, code: 'not-a-line' } });
    expect(readTrustedKeys('publisher ed25519:AAAA X')).toEqual({ ok: false, refusal: { line: 1, code: 'not-a-key' } });
    expect(readTrustedKeys(`publisher ${encoded(1n, 0)} X`)).toEqual({ ok: false, refusal: { line: 1, code: 'weak-key' } });
    expect(readTrustedKeys(Array.from({ length: 201 }, () => lines[0]).join('\n'))).toEqual({ ok: false, refusal: { line: 201, code: 'too-many' } });
  });

  it('of another kind are not written', () => {
    expect(() => keyText(generateKeyPairSync('x25519').publicKey)).toThrow(TypeError);
  });
});

describe('versions', () => {
  // The order that Semantic Versioning 2.0 §11 gives as its example, and numbers beyond ten.
  const rising = ['nothing', '0.9.9', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.2.0', '1.10.0', '2.0.0'];
  it('rise', () => {
    for (const [at, one] of rising.entries()) for (const [other, two] of rising.entries()) expect(Math.sign(compareVersions(one, two)), `${one} ${two}`).toBe(Math.sign(at - other));
  });
});

it('a manifest of any other JSON is malformed, never an accident', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const answer = parseManifest(canonical(JSON.parse(json) as Json));
      return !answer.ok && answer.refusal.code === 'malformed';
    }),
  );
});
