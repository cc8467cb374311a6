import { describe, expect, it } from 'vitest';
import { classOf, councilOf33 } from '../../../proof/council/constitution.ts';
import type { CastFact, RoundFacts } from '../../council/index.ts';
import { breadthOf, seatVotes } from './seat-votes.ts';

const constitution = councilOf33('council.example');
const cast = (seat: number, choice: CastFact['choice'], index: number, of: Partial<CastFact> = {}): CastFact => ({ seat, choice, option: choice === 'yes' ? 'A' : undefined, index, late: false, ...of });
const places = constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));

function facts(of: Partial<RoundFacts>): RoundFacts {
  return {
    slot: '2027-014', round: 1, epoch: 1, stage: 'carried', class: 'standard', sealed: false, options: [{ option: 'A', motion: 'a'.repeat(64) }],
    openedS: 0, commitsCloseS: undefined, closesS: 1, sitting: places.map((constituency, at) => ({ constituency, ballot: `ballot.seat${String(at + 1).padStart(2, '0')}.x+00000000+AA==` })),
    recused: [], committed: [], casts: [], equivocated: [], outcome: undefined, closedS: 2,
    entries: { slotRoll: 1, open: 2, commitsClose: undefined, close: 9, outcome: 10 }, certified: true, ...of,
  };
}
const voteOf = (of: Partial<RoundFacts>, seat: number) => seatVotes(facts(of), constitution.constituencies)[seat - 1];

describe('how a seat voted', () => {
  it('is told for each case', () => {
    const vacant = facts({}).sitting.with(4, undefined);
    const alternate = facts({}).sitting.with(4, { constituency: 'civil-society', ballot: 'ballot.alt-civil-society-1.x+00000000+AA==' });
    const table = [
      [{ vote: 'yes', option: 'A' }, { casts: [cast(5, 'yes', 4)] }],
      [{ vote: 'no', option: undefined }, { casts: [cast(5, 'no', 4)] }],
      [{ vote: 'abstain' }, { casts: [cast(5, 'abstain', 4)] }],
      [{ vote: 'silent' }, { casts: [cast(6, 'yes', 4)] }],
      // The same ballot in a stack again is one ballot; another one is evidence, whichever came first.
      [{ vote: 'yes', counted: { length: 1 } }, { casts: [cast(5, 'yes', 4), cast(5, 'yes', 6)] }],
      [{ vote: 'twice', counted: [{ index: 4 }, { index: 6 }] }, { casts: [cast(5, 'no', 6), cast(5, 'yes', 4)] }],
      [{ vote: 'twice', option: 'A' }, { casts: [cast(5, 'yes', 4), cast(5, 'yes', 6, { option: 'B' })] }],
      [{ vote: 'silent', late: { length: 1 } }, { casts: [cast(5, 'yes', 12, { late: true })] }],
      [{ vote: 'no', late: { length: 1 } }, { casts: [cast(5, 'no', 4), cast(5, 'yes', 12, { late: true })] }],
      [{ vote: 'sealed' }, { sealed: true, committed: [5], casts: [cast(5, undefined, 4)] }],
      [{ vote: 'yes' }, { sealed: true, committed: [5], casts: [cast(5, undefined, 3), cast(5, 'yes', 4)] }],
      [{ vote: 'vacant', isRecused: true }, { sitting: vacant, recused: ['seat05'] }],
      [{ vote: 'silent', isAlternate: true, isRecused: true }, { sitting: alternate, recused: ['seat05'] }],
    ] as const;
    for (const [expected, of] of table) expect(voteOf(of, 5)).toMatchObject({ seat: 5, constituency: 'civil-society', ...expected });
  });

  it('reaches a constituency by a third of its seats, an equivocator counted', () => {
    const rows = seatVotes(facts({ casts: [cast(1, 'yes', 4), cast(2, 'yes', 4), cast(3, 'yes', 4), cast(3, 'no', 5), cast(10, 'yes', 4), cast(18, 'yes', 4, { option: 'B' })] }), constitution.constituencies);
    const rule = classOf(constitution, 'standard');
    if (rule === undefined) throw new Error('no class');
    expect(breadthOf(rows, 'A', rule, constitution.constituencies).map(({ constituency, yes, needed }) => [constituency, yes, needed])).toEqual([['civil-society', 3, 3], ['state', 1, 3], ['industry', 0, 3], ['science', 0, 3]]);
  });
});
