/** Participation and warnings of the council as the dashboard and the notices tell them, from what the log says. */

import type { RoundFacts, SeatStanding } from '../../council/index.ts';
import { SOON_HOURS, STALLED_S } from '../model.ts';

export interface SeatFigures {
  readonly seat: number;
  readonly lastSeenS: number | undefined;
  readonly isResponsive: boolean;
  /** Rounds that are over and in which the seat sat; ballots in time, late, and none. */
  readonly sat: number;
  readonly voted: number;
  readonly late: number;
  readonly equivocated: number;
}

const isOver = ({ stage }: RoundFacts): boolean => stage === 'carried' || stage === 'not-carried';

export function seatFigures(seats: readonly SeatStanding[], rounds: readonly RoundFacts[], nowS: number, responsiveS: number): readonly SeatFigures[] {
  return seats.map(({ seat, lastSeenS }) => {
    const own = rounds.filter((round) => isOver(round) && round.sitting[seat - 1] !== undefined);
    const cast = own.map(({ casts }) => casts.find((one) => one.seat === seat && one.choice !== undefined));
    return {
      seat,
      lastSeenS,
      isResponsive: lastSeenS !== undefined && nowS - lastSeenS <= responsiveS,
      sat: own.length,
      voted: cast.filter((one) => one !== undefined && !one.late).length,
      late: cast.filter((one) => one?.late === true).length,
      equivocated: own.filter((round) => round.equivocated.includes(seat)).length,
    };
  });
}

export const isStalled = ({ stage, closesS }: RoundFacts, nowS: number): boolean => stage === 'closing' && closesS !== undefined && nowS - closesS > STALLED_S;

/** Seats that sit and of which the log holds neither ballot nor commitment. */
export function missingSeats({ sitting, casts, committed }: RoundFacts): readonly number[] {
  const has = new Set([...casts.map(({ seat }) => seat), ...committed]);
  return sitting.flatMap((one, index) => (one === undefined || has.has(index + 1) ? [] : [index + 1]));
}

export interface RoundWarning {
  readonly kind: 'stalled' | 'late-quorum' | 'votes-missing';
  readonly slot: string;
  readonly round: number;
  readonly missing: readonly number[];
}

/**
 * What is worth telling of a round now. `late-quorum`: soon over and fewer ballots than the quorum, so it cannot carry yet.
 * Choices are not looked at: who waits for ballots must not learn from a notice how others vote.
 */
export function warningOf(facts: RoundFacts, nowS: number, quorum: number): RoundWarning | undefined {
  const missing = missingSeats(facts);
  const { slot, round } = facts;
  if (isStalled(facts, nowS)) return { kind: 'stalled', slot, round, missing };
  const end = facts.stage === 'committing' ? (facts.commitsCloseS ?? facts.closesS) : facts.closesS;
  if (!['open', 'committing'].includes(facts.stage) || end === undefined || nowS >= end || end - nowS > SOON_HOURS * 3600 || missing.length === 0) return undefined;
  const given = facts.sitting.filter((one) => one !== undefined).length - missing.length;
  return { kind: given < quorum ? 'late-quorum' : 'votes-missing', slot, round, missing };
}
