/** Public sortition: who is drawn follows from the final log and a lottery named beforehand, and anybody can compute it again. */

import { yes, type Verdict } from '../base/index.ts';
import { fromBase64, utf8 } from './bytes.ts';
import { isSlot, LineReader, printLines, printSeat, SEATS_MAX } from './council/lines.ts';
import { HASH_BYTES } from './merkle.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

/** Numbers of one public draw; a state lottery has five to twenty. */
export const DRAWN_MAX = 32;

const DRAW = 'mizan-council/draw/v1';
const DRAWN = /^(?:0[0-9]|[1-9][0-9]{1,2})$/;

/** Everything a draw depends on. The root has to be final, with candidates and contributions inside, before the numbers are drawn. */
export interface Draw {
  readonly slot: string;
  /** What is drawn for: `reviewers`, `rapporteur`, `alternates`. */
  readonly purpose: string;
  /** Standard base64 of the 32 bytes of the root. */
  readonly root: string;
  /** The numbers of the public draw in the order announced for it, 0 to 999. */
  readonly drawn: readonly number[];
}

/** The text of a draw, as it is logged and hashed. */
export function printDraw({ slot, purpose, root, drawn }: Draw): string {
  return printLines([DRAW, `slot ${slot}`, `purpose ${purpose}`, `root ${root}`, `draw ${drawn.map((number) => String(number).padStart(2, '0')).join(' ')}`]);
}

/** Reads the text of a draw. */
export function parseDraw(text: string): Verdict<Draw, ProofRefusal> {
  const lines = new LineReader(text, DRAW);
  const slot = lines.value('slot');
  lines.check(isSlot(slot), 'draw-form', slot);
  const purpose = lines.slug('purpose');
  const root = lines.value('root');
  lines.check(fromBase64(root)?.length === HASH_BYTES, 'draw-form', root);
  const words = lines.words('draw', 1, DRAWN_MAX);
  lines.check(words.every((word) => DRAWN.test(word)), 'draw-form', words.join(' '));
  return lines.finish({ slot, purpose, root, drawn: words.map(Number) });
}

/** The seed of a draw: SHA-256 of its text. */
export function seedOf(suite: Suite, draw: Draw): Uint8Array {
  return suite.sha256(utf8(printDraw(draw)));
}

/** The seats in the order the draw gives them: ascending by SHA-256(seed || `seat NN` LF). The first ones are drawn. */
export function rankSeats(suite: Suite, seed: Uint8Array, seats: readonly number[]): Verdict<readonly number[], ProofRefusal> {
  const isSeat = (seat: number): boolean => Number.isInteger(seat) && seat >= 1 && seat <= SEATS_MAX;
  if (seed.length !== HASH_BYTES || !seats.every((seat) => isSeat(seat)) || new Set(seats).size !== seats.length) return refuse('draw-seats');
  const ranked = seats.map((seat) => ({ seat, hash: suite.sha256(seed, utf8(`seat ${printSeat(seat)}\n`)) }));
  ranked.sort((one, other) => compareBytes(one.hash, other.hash) || one.seat - other.seat);
  return yes(ranked.map(({ seat }) => seat));
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, place) => byte !== other[place]);
  return at === -1 ? 0 : one[at]! - other[at]!;
}
