import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certifiedTime } from './certified-time.ts';
import { classOf, councilOf33 } from './constitution.ts';
import type { ClassRule } from './constitution.ts';
import { tally } from './tally.ts';
import type { Cast } from './tally.ts';

const COUNCIL = councilOf33('council.example');
const SIZES = new Map(COUNCIL.constituencies.map(({ name, seats }) => [name, seats]));
const SEATS = COUNCIL.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => ({ constituency: name, ballotKey: '' })));
const STANDARD = classOf(COUNCIL, 'standard') as ClassRule;
const PROCEDURAL = classOf(COUNCIL, 'procedural') as ClassRule;
const OPTIONS = ['A', 'B'];

const cast = fc.record({ seat: fc.integer({ min: 1, max: 33 }), index: fc.integer({ min: 0, max: 60 }), meaning: fc.constantFrom('yes A', 'yes A', 'yes B', 'no', 'abstain') });
const casts = fc.array(cast, { maxLength: 60 }).map((many) => many.map(({ seat, index, meaning }) => read(seat, index, meaning)));
const read = (seat: number, index: number, meaning: string): Cast => {
  const [choice, option] = meaning.split(' ');
  return { seat, index, choice: choice as Cast['choice'], option };
};
const count = (rule: ClassRule, ballots: readonly Cast[], cut = 50): ReturnType<typeof tally> => tally(rule, SIZES, { seats: SEATS }, OPTIONS, ballots, cut);
const shuffled = fc.tuple(casts, fc.integer()).map(([ballots, seed]) => [ballots, ballots.toSorted((one, other) => ((one.seat * 31 + one.index) ^ seed) - ((other.seat * 31 + other.index) ^ seed))] as const);

describe('the count', () => {
  it('does not depend on the order in which ballots are listed', () => {
    fc.assert(fc.property(shuffled, ([one, other]) => [STANDARD, PROCEDURAL].forEach((rule) => expect(count(rule, one)).toEqual(count(rule, other)))), { numRuns: 10_000 });
  });

  it('never loses a yes by more ballots, except where first ballots count', () => {
    fc.assert(
      fc.property(casts, cast, (ballots, { seat, index, meaning }) => {
        const before = count(STANDARD, ballots);
        const after = count(STANDARD, [...ballots, read(seat, index, meaning)]);
        before.yes.forEach(({ seats }, at) => expect(after.yes[at]?.seats).toEqual(expect.arrayContaining([...seats])));
      }),
      { numRuns: 10_000 },
    );
  });

  const yes = (seats: number, from = 1): readonly Cast[] => Array.from({ length: seats }, (_, at) => read(from + at, 1, 'yes A'));
  const table: readonly (readonly [name: string, rule: ClassRule, ballots: readonly Cast[], carried: string | undefined])[] = [
    ['21 yes', STANDARD, yes(21), undefined],
    ['22 yes', STANDARD, yes(22), 'A'],
    ['22 ballots of which two of one seat', STANDARD, [...yes(21), read(1, 2, 'yes A')], undefined],
    ['22 yes of which one after the cut', STANDARD, [...yes(21), read(22, 50, 'yes A')], undefined],
    ['22 yes of which ten also said no', STANDARD, [...yes(22), ...Array.from({ length: 10 }, (_, at) => read(at + 1, 2, 'no'))], 'A'],
    ['both options by eleven equivocators', STANDARD, [...yes(33), ...Array.from({ length: 22 }, (_, at) => read(at + 1, 2, 'yes B'))], undefined],
    ['17 first ballots', PROCEDURAL, [...yes(17), read(1, 2, 'no')], 'A'],
    ['17 yes of which one was no first', PROCEDURAL, [...yes(17), read(1, 0, 'no')], undefined],
    ['a seat that is not there', STANDARD, [...yes(21), read(34, 1, 'yes A')], undefined],
  ];
  it.each(table)('%s', (_name, rule, ballots, carried) => expect(count(rule, ballots).carried).toBe(carried));

  it('does not count a vacant seat', () => {
    const vacant = SEATS.map((sitter, index) => (index === 0 ? undefined : sitter));
    expect(tally(STANDARD, SIZES, { seats: vacant }, OPTIONS, yes(22), 50)).toMatchObject({ carried: undefined, silent: Array.from({ length: 11 }, (_, at) => at + 23) });
  });
});

describe('certified time', () => {
  const stamp = fc.record({ seat: fc.integer({ min: 1, max: 33 }), timeS: fc.integer({ min: 1, max: 1000 }) });
  const stamps = fc.array(stamp, { maxLength: 80 });

  it('is the largest time that a quorum stamped or exceeded, in any order, and never falls', () => {
    fc.assert(
      fc.property(stamps, stamp, (many, more) => {
        const time = certifiedTime(many, 22);
        const seats = (timeS: number): number => new Set(many.filter((each) => each.timeS >= timeS).map(({ seat }) => seat)).size;
        expect(certifiedTime(many.toReversed(), 22)).toBe(time);
        if (time === undefined) expect(seats(0)).toBeLessThan(22);
        else expect([seats(time) >= 22, seats(time + 1) < 22]).toEqual([true, true]);
        expect(certifiedTime([...many, more], 22) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(time ?? 0);
      }),
      { numRuns: 10_000 },
    );
  });

  it('cannot be moved beyond an honest stamp by ten liars', () => {
    const honest = Array.from({ length: 23 }, (_, at) => ({ seat: at + 1, timeS: 100 + at }));
    const liars = Array.from({ length: 10 }, (_, at) => ({ seat: at + 24, timeS: 9_999_999 }));
    expect(certifiedTime([...honest, ...liars], 22)).toBe(111);
  });
});
