/** The paper of a seat: what was printed is read again, whatever a hand made of it; what was copied wrongly is refused. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { PAPER_GROUPS, printPaper, readPaper, SEED_BYTES } from './paper.ts';
import { KEY_NAMES, seedsOf } from './seeds.ts';

const seeds = fc.uint8Array({ minLength: SEED_BYTES, maxLength: SEED_BYTES });

describe('paper of a seat', () => {
  it('has fourteen fours and is read again, in small letters and with dashes too', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const groups = printPaper(suite, seed);
        expect(groups).toHaveLength(PAPER_GROUPS);
        for (const typed of [groups.join(' '), groups.join('-').toLowerCase(), groups.join('').replaceAll('0', 'o').replaceAll('1', 'l')]) expect(readPaper(suite, typed)).toEqual({ ok: true, value: seed });
      }),
      { numRuns: 500 },
    );
  });

  it('refuses one letter exchanged for another', () => {
    fc.assert(
      fc.property(seeds, fc.nat(55), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), (seed, at, letter) => {
        const text = printPaper(suite, seed).join('');
        fc.pre(text[at] !== letter);
        expect(readPaper(suite, `${text.slice(0, at)}${letter}${text.slice(at + 1)}`).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  const [first = '', second = '', ...others] = printPaper(suite, new Uint8Array(32).fill(7));
  it.each([
    ['nothing', '', 'paper-length'],
    ['a group short', [second, ...others].join(' '), 'paper-length'],
    ['a letter that none is', ['UUUU', second, ...others].join(' '), 'paper-letter'],
    ['two groups exchanged', [second, first, ...others].join(' '), 'paper-checksum'],
  ])('refuses %s', (_what, typed, refusal) => {
    expect(readPaper(suite, typed)).toEqual({ ok: false, refusal });
  });

  it('gives five seeds, all different', () => {
    const made = seedsOf(suite, new Uint8Array(32).fill(1));
    expect(Object.keys(made)).toEqual([...KEY_NAMES]);
    expect(new Set(Object.values(made)).size).toBe(5);
  });
});
