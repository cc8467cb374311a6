/** Canonical JSON against the published vectors of RFC 8785, and its laws. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, type Json } from './index.ts';

const vectors = join(import.meta.dirname, '../../../shared/data/vectors/jcs-rfc8785');
const present = existsSync(vectors);
if (!present) console.warn('SKIPPED: the published vectors of RFC 8785 are not here (../shared/data/vectors/jcs-rfc8785).');
const names = present ? readdirSync(join(vectors, 'input')) : ['absent'];
/** The full list of the standard has a hundred million lines; a longer one than this is read in part. */
const NUMBERS_MAX = 100_000;

describe.skipIf(!present)('the vectors', () => {
  it.each(names)('%s', (name) => {
    const made = Buffer.from(canonical(JSON.parse(readFileSync(join(vectors, 'input', name), 'utf8')) as Json), 'utf8');
    const hex = readFileSync(join(vectors, 'outhex', name.replace('.json', '.txt')), 'utf8').replaceAll(/\s/g, '');
    expect(made.toString('hex')).toBe(hex);
  });

  it('numbers are written as in the list', () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const line of readFileSync(join(vectors, 'es6-numbers.csv'), 'utf8').split('\n').slice(0, NUMBERS_MAX)) {
      const [hex, text] = line.trim().split(',');
      if (hex === undefined || text === undefined || !/^[0-9a-f]+$/.test(hex)) continue;
      const number = Buffer.from(hex.padStart(16, '0'), 'hex').readDoubleBE();
      compared += 1;
      if (canonical(number) !== text) wrong.push(line);
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(7);
  });
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'ə'] }, '{"a":[true,null,"ə"],"b":1}'],
    [{ a: undefined, b: 2 }, '{"b":2}'],
    [-0, '0'],
    [1e21, '1e+21'],
    ['\u0000\u001f"\\/', '"\\u0000\\u001f\\"\\\\/"'],
    [{ '\u{1F600}': 1, '\uFB33': 2 }, '{"\u{1F600}":1,"\uFB33":2}'],
  ] as const)('%j → %s', (value, expected) => expect(canonical(value as Json)).toBe(expected));

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\uD800'], [['a', { b: '\uDC00' }]], [{ '\uD800': 1 }]])('refuses %j', (value) => expect(() => canonical(value as Json)).toThrow(TypeError));

  it('means the same as what it was made from, whatever the order of the members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonical(reversed(value))).toBe(text);
        expect(canonical(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, member === undefined ? undefined : reversed(member)]));
}
