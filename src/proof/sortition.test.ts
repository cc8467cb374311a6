/** A draw gives one order, which depends on everything it names and on nothing else. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, hex, utf8 } from './bytes.ts';
import { nodeSuite as suite } from './node-suite.ts';
import { DRAWN_MAX, parseDraw, printDraw, rankSeats, seedOf, type Draw } from './sortition.ts';

const ROOT = base64(suite.sha256());
const draw: Draw = { slot: '2027-014', purpose: 'reviewers', root: ROOT, drawn: [3, 11, 27, 0, 100] };
const text = `mizan-council/draw/v1\nslot 2027-014\npurpose reviewers\nroot ${ROOT}\ndraw 03 11 27 00 100\n`;
const draws: fc.Arbitrary<Draw> = fc.record({
  slot: fc.stringMatching(/^[a-z0-9][a-z0-9/-]{0,20}$/),
  purpose: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base64(bytes)),
  drawn: fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: DRAWN_MAX }),
});
const seats = fc.uniqueArray(fc.integer({ min: 1, max: 33 }), { maxLength: 33 });

describe('a draw', () => {
  it('is printed and read', () => {
    expect(printDraw(draw)).toBe(text);
    expect(parseDraw(text)).toEqual({ ok: true, value: draw });
    expect(hex(seedOf(suite, draw))).toBe(hex(suite.sha256(utf8(text))));
  });

  it('is read as it was printed, always', () => {
    fc.assert(
      fc.property(draws, (one) => {
        expect(parseDraw(printDraw(one))).toEqual({ ok: true, value: one });
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    [text.replace('03', '3'), 'draw-form'],
    [text.replace('100', '0100'), 'draw-form'],
    [text.replace('03', '003'), 'draw-form'],
    [text.replace('03', '-3'), 'draw-form'],
    [text.replace('03', '1000'), 'draw-form'],
    [text.replace('03 ', '03  '), 'text-line'],
    [text.replace(' 03 11 27 00 100', ''), 'text-line'],
    [text.replace('03', '03 '.repeat(DRAWN_MAX).trimEnd()), 'text-line'],
    [text.replace(ROOT, ROOT.slice(4)), 'draw-form'],
    [text.replace('2027-014', '2027_014'), 'draw-form'],
    [text.replace('reviewers', 'Reviewers'), 'text-name'],
    [`${text}more\n`, 'text-line-surplus'],
    [text.slice(0, -1), 'text-no-final-newline'],
  ])('%#: is refused as %2$s', (given, code) => expect(parseDraw(given)).toMatchObject({ ok: false, refusal: { code } }));
});

describe('the order of seats', () => {
  it('holds every seat once, whatever order they came in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), seats, (seed, some) => {
        const ranked = rankSeats(suite, seed, some);
        expect(ranked).toEqual(rankSeats(suite, seed, some.toReversed()));
        expect(ranked.ok && [...ranked.value].sort((one, other) => one - other)).toEqual([...some].sort((one, other) => one - other));
        // Whoever leaves does not change the order of those who stay.
        const fewer = rankSeats(suite, seed, some.slice(1));
        expect(fewer.ok && fewer.value).toEqual(ranked.ok && ranked.value.filter((seat) => seat !== some[0]));
      }),
      { numRuns: 2000 },
    );
  });

  it('is another for another draw', () => {
    const orders = [draw, { ...draw, slot: '2027-015' }, { ...draw, purpose: 'rapporteur' }, { ...draw, drawn: [11, 3, 27, 0, 100] }, { ...draw, root: base64(utf8('x'.repeat(32))) }];
    const all = orders.map((one) => JSON.stringify(rankSeats(suite, seedOf(suite, one), Array.from({ length: 33 }, (_, at) => at + 1))));
    expect(new Set(all).size).toBe(orders.length);
  });

  it('gives every seat the first place about as often', () => {
    const counts = new Map<number, number>();
    const three = [1, 2, 3];
    for (let at = 0; at < 3000; at += 1) {
      const ranked = rankSeats(suite, suite.sha256(utf8(String(at))), three);
      if (ranked.ok) counts.set(ranked.value[0]!, (counts.get(ranked.value[0]!) ?? 0) + 1);
    }
    // Fixed inputs, so a fixed result: three standard deviations around a thousand are ±78.
    for (const seat of three) expect(Math.abs(counts.get(seat)! - 1000)).toBeLessThan(78);
  });

  it.each([[[0]], [[100]], [[1.5]], [[1, 2, 1]]])('is refused for %j', (some) => {
    expect(rankSeats(suite, new Uint8Array(32), some)).toMatchObject({ refusal: { code: 'draw-seats' } });
  });

  it('is refused for a seed of another length', () => expect(rankSeats(suite, new Uint8Array(31), [1])).toMatchObject({ refusal: { code: 'draw-seats' } }));
});
