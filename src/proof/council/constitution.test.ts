import { describe, expect, it } from 'vitest';
import { checkConstitution, councilOf33, marginOf, parseConstitution, placements, printConstitution, quorumsOf, stoppedBy } from './constitution.ts';
import type { Breadth, Constitution } from './constitution.ts';

const COUNCIL = councilOf33('council.example');

describe('the council of 33', () => {
  it('holds under every placement of ten liars', () => {
    const report = checkConstitution(COUNCIL);
    expect(report).toMatchObject({ ok: true, value: { overlap: 11, honestYes: 12, honest: 23, margin: 1, vetoes: [{ name: 'guarded' }] } });
    if (report.ok) console.log(`constitution of 33: ${report.value.placements} placements of ten liars tried`);
  });

  it('is one text', () => {
    const text = printConstitution(COUNCIL);
    expect(parseConstitution(text)).toEqual({ ok: true, value: COUNCIL });
  });

  it('has the margin that is shown', () => expect([0, 1, 2].map((unfilled) => marginOf(COUNCIL, unfilled))).toEqual([1, 0, -1]));
});

describe('quorums', () => {
  const table: readonly (readonly [seats: number, liars: number, quorums: readonly number[]])[] = [
    [33, 10, [22, 23]],
    [33, 11, []],
    [31, 10, [21]],
    [4, 1, [3]],
  ];
  it.each(table)('of %i seats and %i liars', (seats, liars, quorums) => expect(quorumsOf(seats, liars)).toEqual(quorums));
});

describe('breadth under all placements of ten liars', () => {
  const third: Breadth = { of: 3, by: 'third' };
  const table: readonly (readonly [name: string, sizes: readonly number[], breadth: Breadth, live: boolean])[] = [
    ['a third in 3 of 4 at 9/8/8/8', [9, 8, 8, 8], third, true],
    ['a third in 3 of 4 at 10/8/8/7', [10, 8, 8, 7], third, true],
    ['a third in 3 of 4 at 10/10/7/6', [10, 10, 7, 6], third, false],
    ['one in all at 9/8/8/8', [9, 8, 8, 8], { of: 4, by: 'one' }, false],
  ];
  it.each(table)('%s', (_name, sizes, breadth, live) => {
    const all = placements(sizes, 10) ?? [];
    expect(all.every((placed) => placed.reduce((sum, each) => sum + each, 0) === 10)).toBe(true);
    expect(stoppedBy(sizes, { yes: 22, breadth }, all) === undefined).toBe(live);
  });

  it('counts the placements by another way', () => {
    let count = 0;
    for (let a = 0; a <= 9; a += 1) for (let b = 0; b <= 8; b += 1) for (let c = 0; c <= 8; c += 1) if (10 - a - b - c >= 0 && 10 - a - b - c <= 8) count += 1;
    expect(placements([9, 8, 8, 8], 10)).toHaveLength(count);
  });
});

describe('numbers that do not hold', () => {
  const standard = COUNCIL.classes[1]!;
  const sizes = (...seats: readonly number[]): Constitution['constituencies'] => seats.map((each, index) => ({ name: `c${index}`, seats: each }));
  const table: readonly (readonly [code: string, changed: Partial<Constitution>])[] = [
    ['constitution-safety', { quorum: 21 }],
    ['constitution-liveness', { quorum: 24 }],
    ['constitution-safety', { liars: 11, minority: 12 }],
    ['constitution-sum', { seats: 32 }],
    ['constitution-seats', { liars: 0 }],
    ['constitution-minority', { minority: 10 }],
    ['constitution-outside', { outside: 1 }],
    ['constitution-changes', { changes: 11 }],
    ['constitution-cap', { domainCap: 11 }],
    ['constitution-cap', { modelCap: 0 }],
    ['constitution-constituency', { constituencies: sizes(11, 8, 7, 7) }],
    ['constitution-class-yes', { classes: [{ ...standard, yes: 17 }] }],
    ['constitution-class-yes', { classes: [{ ...standard, yes: 16, counts: 'first' }] }],
    ['constitution-class-yes', { classes: [{ ...standard, yes: 23 }] }],
    ['constitution-class-breadth', { classes: [{ ...standard, breadth: { of: 5, by: 'one' } }] }],
    ['constitution-class-reveal', { classes: [{ ...standard, sealed: true }] }],
    ['constitution-class-live', { constituencies: sizes(10, 10, 7, 6) }],
    ['constitution-class-live', { classes: [{ ...standard, stopped: 'veto' }] }],
  ];
  it.each(table)('%s', (code, changed) => expect(checkConstitution({ ...COUNCIL, ...changed })).toMatchObject({ ok: false, refusal: { code } }));
});
