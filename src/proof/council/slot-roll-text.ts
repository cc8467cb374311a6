/** The slot roll: who sits in which seat for one vote, after recusals, with the ballot key of each. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, SEATS_MAX, isSlug, printLines, printRound, printSeat } from './lines.ts';
import type { Round } from './lines.ts';

export const SLOT_ROLL_TYPE = 'mizan-council/slot-roll/v1';

/** Who sits: undefined where neither the member nor an alternate could. */
export interface Sitter {
  readonly constituency: string;
  /** C2SP verifier key of the ballot key. */
  readonly ballotKey: string;
}

export interface SlotRoll extends Round {
  readonly council: string;
  readonly epoch: number;
  /** SHA-256 of the roll of the epoch. */
  readonly roll: string;
  /** Index 0 is seat 01. */
  readonly seats: readonly (Sitter | undefined)[];
}

export function printSlotRoll(slotRoll: SlotRoll): string {
  const seats = slotRoll.seats.map((sitter, index) => {
    const seat = `seat ${printSeat(index + 1)}`;
    return sitter === undefined ? `${seat} vacant` : `${seat} ${sitter.constituency} ${sitter.ballotKey}`;
  });
  return printLines([SLOT_ROLL_TYPE, `council ${slotRoll.council}`, `epoch ${slotRoll.epoch} ${slotRoll.roll}`, printRound(slotRoll), ...seats]);
}

function parseSitter(lines: LineReader, seat: number): Sitter | undefined {
  const [number = '', constituency = '', ballotKey] = lines.words('seat', 2, 3);
  lines.check(number === printSeat(seat), 'text-seat', printSeat(seat));
  if (ballotKey === undefined) {
    lines.check(constituency === 'vacant', 'text-line', 'vacant');
    return undefined;
  }
  lines.check(isSlug(constituency) && constituency !== 'vacant', 'text-name', constituency);
  return { constituency, ballotKey: lines.asVkey(ballotKey) };
}

export function parseSlotRoll(text: string): Verdict<SlotRoll, ProofRefusal> {
  const lines = new LineReader(text, SLOT_ROLL_TYPE);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const seats: (Sitter | undefined)[] = [];
  do seats.push(parseSitter(lines, seats.length + 1));
  while (lines.next('seat') && seats.length < SEATS_MAX);
  const keys = seats.flatMap((sitter) => (sitter === undefined ? [] : [sitter.ballotKey]));
  lines.check(new Set(keys).size === keys.length, 'slot-roll-key-twice');
  return lines.finish({ council, epoch, roll: digest, ...round, seats });
}
