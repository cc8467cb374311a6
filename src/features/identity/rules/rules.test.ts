/** One-time codes against the vectors of their standard, passwords, tokens, cookies, pictures for the telephone. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressGroup } from '../actions/parts.ts';
import { fitsKind } from '../actions/organisations.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { deviceName } from './device.ts';
import { nextPage } from './next-page.ts';
import { passwordProblem } from './password.ts';
import { qrCode, remainderOf } from './qr.ts';
import { keyedDigest, newApiKey, newRecoveryCodes, newToken, readRecoveryCode, signed, tokenHash, unsigned } from './tokens.ts';
import { base32, matchTotp, totpAddress, totpCode, totpStep } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

describe('one-time codes', () => {
  // RFC 6238 appendix B, SHA-1; the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i seconds are those of RFC 6238', (seconds, code) => {
    expect(totpCode(SECRET, totpStep(seconds * 1000))).toBe(code);
    expect(matchTotp(SECRET, code, seconds * 1000, 0)).toBe(totpStep(seconds * 1000));
  });

  it.each([
    ['with a space', '287 082', 59_000, 0, 1],
    ['one step late', '287082', 89_000, 0, 1],
    ['one step early', '287082', 29_000, 0, 1],
    ['two steps late', '287082', 120_000, 0, undefined],
    ['taken already', '287082', 59_000, 1, undefined],
    ['older than one that was taken', '287082', 59_000, 2, undefined],
    ['too short', '28708', 59_000, 0, undefined],
    ['with letters', '28708a', 59_000, 0, undefined],
    ['with other digits', '٢٨٧٠٨٢', 59_000, 0, undefined],
    ['empty', '', 59_000, 0, undefined],
  ])('%s', (_name, typed, at, last, expected) => {
    expect(matchTotp(SECRET, typed, at, last)).toBe(expected);
  });

  // RFC 4648 section 10, without padding.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('write "%s" as "%s" in base 32', (text, expected) => {
    expect(base32(Buffer.from(text))).toBe(expected);
  });

  it('tell telephones issuer, account and secret', () => {
    const address = new URL(totpAddress(SECRET, 'Reyestr: sınaq', 'a b@c.example'));
    expect([address.protocol, decodeURIComponent(address.pathname), address.searchParams.get('secret'), address.searchParams.get('issuer')]).toEqual(['otpauth:', '/Reyestr: sınaq:a b@c.example', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'Reyestr: sınaq']);
  });
});

describe('a password', () => {
  const check = (password: string, expected: string | undefined): void => expect([password, passwordProblem(password, ['Leyla Quliyeva', 'leyla@regulator.example', 'Regulator'])]).toEqual([password, expected]);
  it.each(['', 'short', 'elevenchars', '            '.slice(0, 11)])('is too short: "%s"', (password) => check(password, 'short'));
  it.each(['a'.repeat(257)])('is too long', (password) => check(password, 'long'));
  it.each(['password1234', 'Password2026!', 'qwertyuiop12', '123456789012', 'aaaaaaaaaaaa', 'abcabcabcabc', 'P@ssw0rdP@ssw0rd', 'parolparol2026', 'Azərbaycan2026!', 'пароль1234567', 'йцукенгшщзхъ', 'adminadmin123', 'correcthorsebatterystaple', '            '])('is among the first guesses: "%s"', (password) => check(password, 'common'));
  it.each(['LeylaQuliyeva1', 'leyla@regulator.example', 'quliyeva-2026-leyla'])('says who its owner is: "%s"', (password) => check(password, 'personal'));
  it.each(['quiet lamp under nine bridges', 'çay dağ qapı səhər', 'кошка читает вчерашний дождь', 'Xq7#mPz2!kLw9', '🦉🌲🪨🚪🕯🧭🪶🎻🧊🫖🪵🐚', 'passwords are for gatekeepers'])('is accepted: "%s"', (password) => check(password, undefined));
  it('never takes long to judge, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ maxLength: 256, unit: 'binary' }), (password) => ['short', 'long', 'common', 'personal', undefined].includes(passwordProblem(password, ['a', '']))));
  });
});

describe('tokens', () => {
  it('are known again by their digest only when they can be tokens', () => {
    const token = newToken();
    expect(tokenHash(token)).toMatch(/^[0-9a-f]{64}$/);
    for (const bad of ['', token.slice(1), `${token}a`, `${token.slice(0, -1)}=`, "' or 1=1 --"]) expect(tokenHash(bad)).toBe(undefined);
  });
  it('of recovery are read however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect([readRecoveryCode(code.toUpperCase()), readRecoveryCode(` ${code.replace('-', '')} `)]).toEqual([code, code]);
    for (const bad of ['', '123456', 'abcde-fghi', 'abcde-fghijk', 'ab!de-fghij']) expect(readRecoveryCode(bad)).toBe(undefined);
  });
  it('of programs show a beginning and keep a digest', () => {
    const { key, prefix, hash } = newApiKey();
    expect([key.startsWith(prefix), prefix.length, hash.length, key.includes(hash)]).toEqual([true, 10, 64, false]);
  });
  it('depend on the secret and on what they are for', () => {
    expect(new Set([keyedDigest('a', 'b', 'c'), keyedDigest('b', 'b', 'c'), keyedDigest('a', 'c', 'c'), keyedDigest('a', 'bc', '')]).size).toBe(4);
  });
  it('that are signed cannot be changed', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, by) => {
        const text = signed('secret', value);
        expect(unsigned('secret', text)).toBe(value);
        expect(unsigned('other', text)).toBe(undefined);
        const place = at % value.length;
        const changed = `${value.slice(0, place)}${String.fromCharCode((value.charCodeAt(place) + by) % 65_536)}${value.slice(place + 1)}`;
        expect(unsigned('secret', changed + text.slice(value.length))).toBe(undefined);
      }),
    );
    for (const bad of ['', '.', 'value', 'value.', '.signature', 'value.AAAA']) expect(unsigned('secret', bad)).toBe(undefined);
  });
});

describe('cookies', () => {
  it.each([
    ['a=1; b=2', 'b', '2'],
    ['ab=1; b=2', 'b', '2'],
    ['b=1; b=2', 'b', '1'],
    ['b=%41', 'b', 'A'],
    ['b=%', 'b', undefined],
    ['', 'b', undefined],
    [undefined, 'b', undefined],
    [`b=${'x'.repeat(20_000)}`, 'b', undefined],
  ])('%s', (header, name, expected) => expect(readCookie(header, name)).toBe(expected));
  it('are written so that only our server reads them', () => {
    expect(writeCookie('n', 'v;x', { secure: true, maxAgeSeconds: 5 })).toBe('n=v%3Bx; Path=/; Max-Age=5; HttpOnly; SameSite=Lax; Secure');
    expect(writeCookie('n', '', { secure: false })).toBe('n=; Path=/; HttpOnly; SameSite=Lax');
  });
});

describe('the next page', () => {
  it.each([
    ['/registry?q=a', '/registry?q=a'],
    ['/identity/me', '/identity/me'],
    ['/identity/join/abc', '/identity/join/abc'],
    [undefined, '/'],
    ['', '/'],
    ['registry', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/a\\b', '/'],
    ['/a\nb', '/'],
    ['https://evil.example', '/'],
    ['/identity/sign-in', '/'],
    ['/identity/sign-out?x', '/'],
    [`/${'a'.repeat(3000)}`, '/'],
  ])('of %s is %s', (given, expected) => expect(nextPage(given)).toBe(expected));
});

describe('devices and addresses', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0', 'Chrome, Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari, iOS'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
    ['curl/8.5.0', 'curl'],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (agent, expected) => expect(deviceName(agent?.replace('Edg/', 'Xdg/'))).toBe(expected));
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s waits as %s', (address, expected) => expect(addressGroup(address)).toBe(expected));
  it.each([
    ['administrator', 'regulator', true],
    ['administrator', 'ministry', false],
    ['auditor', 'agency', false],
    ['owner', 'ministry', true],
    ['owner', 'regulator', false],
    ['learner', 'regulator', true],
  ] as const)('role %s in %s: %s', (role, kind, expected) => expect(fitsKind(role, kind)).toBe(expected));
});

describe('the picture for the telephone', () => {
  // ISO/IEC 18004 annex: remainder of the data words of "01234567" at version 1-M.
  it('has the correction of the example of its standard', () => {
    expect([...remainderOf(Uint8Array.from([0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11]), 10)]).toEqual([0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55]);
  });
  it('can be read back, at every length that is used', () => {
    for (const text of ['a', 'otpauth://totp/x', 'x'.repeat(40), 'y'.repeat(100), 'z'.repeat(150), 'w'.repeat(213), 'v'.repeat(300), 'u'.repeat(412)]) expect(readBack(qrCode(text))).toBe(text);
  });
});

/** Reads a picture as a telephone does after it has found the squares: format, mask, words in their path, blocks apart. Errors are not corrected: there must be none. */
function readBack(code: ReturnType<typeof qrCode>): string {
  const size = code.length;
  const version = (size - 17) / 4;
  const at = (x: number, y: number): boolean => code[y]?.[x] ?? false;
  const format = [...[0, 1, 2, 3, 4, 5].map((y) => at(8, y)), at(8, 7), at(8, 8), at(7, 8), ...[5, 4, 3, 2, 1, 0].map((x) => at(x, 8))].reduce((bits, bit, index) => bits | (Number(bit) << index), 0) ^ 0x5412;
  const mask = (format >>> 10) & 7;
  expect((format >>> 13) & 3).toBe(0);
  const alignment = version === 1 ? [] : version < 7 ? [6, size - 7] : [6, 4 + 2 * (version + 1) - (version % 1), size - 7];
  const middle = version >= 7 ? [22, 24, 26, 28, 30, 32, 34, 26, 26][version - 7] : undefined;
  const centres = version >= 14 ? [6, 26, version === 14 ? 46 : 48, size - 7] : middle === undefined ? alignment : [6, middle, size - 7];
  const isFixed = (x: number, y: number): boolean => {
    if (x === 6 || y === 6) return true;
    if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8)) return true;
    if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
    return centres.some((cx) => centres.some((cy) => !((cx === 6 && cy === 6) || (cx === 6 && cy === size - 7) || (cx === size - 7 && cy === 6)) && Math.abs(cx - x) <= 2 && Math.abs(cy - y) <= 2));
  };
  const masks = [(x: number, y: number) => (x + y) % 2, (_x: number, y: number) => y % 2, (x: number) => x % 3, (x: number, y: number) => (x + y) % 3, (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3), (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2];
  const bits: number[] = [];
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (!isFixed(x, y)) bits.push(Number(at(x, y) !== (masks[mask]?.(x, y) === 0)));
    }
    upwards = !upwards;
  }
  const words = Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0));
  const [degree = 0, count = 1] = ([[10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5], [30, 5], [22, 8], [22, 9], [24, 9], [24, 10]] as const)[version - 1] ?? [];
  const dataLength = words.length - degree * count;
  const lengths = Array.from({ length: count }, (_, index) => Math.floor(dataLength / count) + (index >= count - (dataLength % count) ? 1 : 0));
  const blocks = lengths.map((): number[] => []);
  let next = 0;
  for (let index = 0; index < Math.max(...lengths); index++) for (const [which, block] of blocks.entries()) if (index < (lengths[which] ?? 0)) block.push(words[next++] ?? 0);
  const corrections = lengths.map((): number[] => []);
  for (let index = 0; index < degree; index++) for (const block of corrections) block.push(words[next++] ?? 0);
  blocks.forEach((block, index) => expect([...remainderOf(Uint8Array.from(block), degree)]).toEqual(corrections[index]));
  const stream = blocks.flat().map((byte) => byte.toString(2).padStart(8, '0')).join('');
  expect(stream.slice(0, 4)).toBe('0100');
  const lengthBits = version < 10 ? 8 : 16;
  const length = Number.parseInt(stream.slice(4, 4 + lengthBits), 2);
  const bytes = Array.from({ length }, (_, index) => Number.parseInt(stream.slice(4 + lengthBits + index * 8, 12 + lengthBits + index * 8), 2));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
