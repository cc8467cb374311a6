/** How each seat voted, from what the log says of a round: what counts, what came late, and who voted twice. */

import { reaches } from '../../../proof/council/constitution.ts';
import type { ClassRule, Constitution } from '../../../proof/council/constitution.ts';
import type { CastFact, RoundFacts } from '../../council/index.ts';
import type { SeatVote } from '../model.ts';

export interface SeatRow {
  readonly seat: number;
  readonly constituency: string;
  readonly vote: SeatVote;
  /** The option of a yes that was counted. */
  readonly option: string | undefined;
  /** Choices of the counted ballots in the order of the log: two where the seat voted twice. */
  readonly counted: readonly CastFact[];
  readonly late: readonly CastFact[];
  readonly isRecused: boolean;
  /** An alternate sits in the place of the member. */
  readonly isAlternate: boolean;
}

const textOf = (cast: CastFact): string => `${cast.choice} ${cast.option ?? ''}`;

/** `sizes`: constituency and number of seats in the order of the roll, which is the order of the seat numbers. */
export function seatVotes(facts: RoundFacts, sizes: Constitution['constituencies']): readonly SeatRow[] {
  const places = sizes.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
  return places.map((constituency, at) => {
    const seat = at + 1;
    const own = facts.casts.filter((cast) => cast.seat === seat).toSorted((one, other) => one.index - other.index);
    const counted: CastFact[] = [];
    for (const cast of own) if (!cast.late && cast.choice !== undefined && !counted.some((each) => textOf(each) === textOf(cast))) counted.push(cast);
    const sitter = facts.sitting[at];
    const isAlternate = sitter !== undefined && sitter.ballot.startsWith('ballot.alt-');
    const isRecused = facts.recused.includes(`seat${String(seat).padStart(2, '0')}`);
    return { seat, constituency, vote: voteOf(facts, seat, sitter !== undefined, counted), option: counted.find(({ choice }) => choice === 'yes')?.option, counted, late: own.filter(({ late }) => late), isRecused, isAlternate };
  });
}

function voteOf(facts: RoundFacts, seat: number, isFilled: boolean, counted: readonly CastFact[]): SeatVote {
  if (!isFilled) return 'vacant';
  const [first] = counted;
  if (counted.length > 1) return 'twice';
  if (first?.choice !== undefined) return first.choice;
  return facts.committed.includes(seat) ? 'sealed' : 'silent';
}

/** Yes of each constituency for the option, beside what reaching it takes. An equivocator's yes counts too. */
export function breadthOf(rows: readonly SeatRow[], option: string | undefined, rule: ClassRule, sizes: Constitution['constituencies']): readonly { readonly constituency: string; readonly yes: number; readonly seats: number; readonly needed: number }[] {
  return sizes.map(({ name, seats }) => ({
    constituency: name,
    yes: rows.filter((row) => row.constituency === name && row.counted.some(({ choice, option: of }) => choice === 'yes' && (option === undefined || of === option))).length,
    seats,
    needed: reaches(rule.breadth.by, seats),
  }));
}
