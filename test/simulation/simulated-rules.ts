/** What the world needs of rules beyond what the cores need: signing for everybody, and the plain truth for its checks. */

import type { Cut } from '../../src/proof/council/lines.ts';
import type { Prefix, Rules } from '../../src/proof/council/rules.ts';

export interface SimulatedPrefix extends Prefix {
  /** Whether every entry is valid. */
  readonly isValid: boolean;
}

export interface SimulatedRules extends Rules {
  /** A note by the key `ballot.5`, `agent.5`, `ballot-old.5`, `log` or `secretariat`. `salt` asks for another signature of the same text. */
  sign(key: string, text: string, salt?: number): string;
  /** The line of the key `seat.5` or `outside.court`. */
  cosignLine(key: string, checkpointText: string, timeS: number): string;
  prefixOf(cut: Cut): SimulatedPrefix | undefined;
  areConsistent(one: Prefix, other: Prefix): boolean;
  /** Seats with a valid yes for this motion below this prefix, counted without the rules. */
  trueYes(cut: Prefix, round: string, motion: string): readonly number[];
  /** Constituencies that these seats reach by a third. */
  trueBreadth(seats: readonly number[]): number;
  isPublishable(note: string): boolean;
  /** Lets go of what a run has added behind the given prefix. */
  forget(kept: Prefix): void;
}
