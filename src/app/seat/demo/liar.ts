/** Seats that lie, for the demonstration: each keeps its agent's keys and breaks one rule after the other. Never in a log whose name lacks `demo`. */

import { assert } from '../../../base/index.ts';
import { type NoteSigner, printNote, signNote } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { isDemo } from '../../../proof/council/admitted-roll.ts';
import { printBallot } from '../../../proof/council/ballot-text.ts';
import type { Address, Message } from '../../../proof/council/messages.ts';
import { ballotOf, type Open } from '../../../proof/council/open-text.ts';
import { Courier } from '../courier.ts';
import { outboundFor } from '../daemon.ts';
import type { AgentKeys } from '../seat-folder.ts';

export const BEHAVIOURS = ['silent', 'double', 'late', 'partitioned', 'flood'] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Letters of one flood; enough to be seen, and bounded, since the machine is shared. */
const FLOOD_LETTERS = 100;
/** How often in one vote a liar tells its lies. */
const LIES_TOLD = 4;

export interface LiarParts {
  readonly seat: number;
  readonly behaviour: Exclude<Behaviour, 'silent' | 'partitioned'>;
  readonly council: string;
  readonly origin: string;
  readonly instance: string;
  readonly keys: AgentKeys;
  readonly ballot: NoteSigner;
  readonly server: string;
  readonly seats: number;
  readonly clockS: () => number;
}

/** A liar speaks and does not listen: it cosigns nothing and answers nobody. */
export class Liar {
  readonly #parts: LiarParts;
  readonly #courier: Courier;
  readonly #outbound: ReturnType<typeof outboundFor>;

  constructor(parts: LiarParts) {
    assert(isDemo(parts.origin), 'only a demonstration has liars of its own making');
    this.#parts = parts;
    this.#outbound = outboundFor([parts.server]);
    const { council, seat, instance, keys, clockS } = parts;
    this.#courier = new Courier({ outbound: this.#outbound, council, seat, instance, agent: keys.agent, waitS: 20, clockS, size: () => 0, receive: () => undefined, cosign: async () => undefined, fatal: () => undefined, log: () => undefined }, [parts.server]);
    this.#courier.startSending();
  }

  #cast(open: Open, choice: 'yes' | 'no' | 'abstain', to: readonly Address[]): void {
    const ballot = ballotOf(open, choice, open.options[0]?.option);
    if (ballot === undefined) return;
    const message: Message = { kind: 'cast', note: printNote(signNote(suite, printBallot(ballot), this.#parts.ballot)) };
    this.#courier.send(to, message);
  }

  /** What it does when a vote opens; `after` runs something later. */
  onOpen(open: Open, after: (seconds: number, act: () => void) => void): void {
    const { behaviour, seats, clockS } = this.#parts;
    const all = Array.from({ length: seats }, (_, index) => index + 1);
    if (behaviour === 'late') {
      after(Math.max(0, open.closesS - clockS()) + 1, () => this.#cast(open, 'yes', ['operator', ...all]));
      return;
    }
    // A seat that has not heard of the round yet drops what is cast in it: a liar, who hears no receipt, says it again.
    const everyS = (open.closesS - clockS()) / LIES_TOLD;
    for (let time = 0; time < LIES_TOLD; time += 1) after(time * everyS, () => this.#lie(open, all));
  }

  #lie(open: Open, all: readonly number[]): void {
    // Yes to one half, no to the other, so that neither sees the lie alone.
    this.#cast(open, 'yes', ['operator', ...all.filter((seat) => seat % 2 === 0)]);
    this.#cast(open, 'no', all.filter((seat) => seat % 2 === 1));
    if (this.#parts.behaviour !== 'flood') return;
    for (let letter = 0; letter < FLOOD_LETTERS; letter += 1) {
      const to = [all[letter % all.length] ?? 1];
      this.#courier.send(to, letter % 2 === 0 ? { kind: 'cast', note: `mizan-council/ballot/v1\nnonsense ${letter}\n\n— nobody AAAAAAAA\n` } : { kind: 'where' });
    }
    for (const choice of ['yes', 'no', 'abstain'] as const) this.#cast(open, choice, ['operator', ...all]);
  }

  async stop(): Promise<void> {
    await this.#courier.stop();
    await this.#outbound.close();
  }
}
