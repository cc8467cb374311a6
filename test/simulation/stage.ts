/** The times of a simulated vote, and what a liar sees of the world. */

import type { Choice } from '../../src/proof/council/ballot-text.ts';
import type { Address, Message } from '../../src/proof/council/messages.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import type { Checks } from './checks.ts';
import type { Random } from './random.ts';
import type { SimulatedRules } from './simulated-rules.ts';

export const START_S = 1_800_000_000;
/** Seconds after the start. */
export const OPENS_S = 60;
export const COMMITS_S = 2400;
export const CLOSES_S = 4200;

export interface Stage {
  readonly rules: SimulatedRules;
  readonly random: Random;
  readonly checks: Checks;
  readonly opens: readonly Open[];
  readonly seats: readonly { readonly seat: number }[];
  readonly nowS: number;
  at(atS: number, run: () => void): void;
  send(from: Address, to: Address, message: Message): void;
  ballotText(open: Open, choice: Choice, option?: string): string;
  falseReceipt(seat: number, open: Open, voter: number, digest: string, timeS: number): string;
}
