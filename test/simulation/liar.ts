/** A seat that lies: it keeps no rule, signs whatever helps, and tells each what it likes. */

import { printCommit } from '../../src/proof/council/ballot-text.ts';
import { printSealed } from '../../src/proof/commitment.ts';
import type { Address, Message } from '../../src/proof/council/messages.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import type { Stage } from './stage.ts';
import { CLOSES_S, COMMITS_S, START_S } from './stage.ts';

export const LIAR_VOTES = ['silent', 'double', 'flood', 'late', 'yes', 'old-epoch', 'copied', 'uncommitted', 'withheld'] as const;

export interface LiarPlan {
  readonly votes: (typeof LIAR_VOTES)[number];
  /** Cosigns every tree it is shown, or none. */
  readonly cosigns: boolean;
  /** Seconds added to its stamps. */
  readonly stampS: number;
  /** Answers receipts for what it does not hold. */
  readonly receipts: boolean;
  /** Claims lines and ballots of others. */
  readonly forges: boolean;
}

export class Liar {
  readonly #world: Stage;
  readonly #seat: number;
  readonly #plan: LiarPlan;
  readonly #sealed: string[] = [];
  readonly #reveals: string[] = [];
  readonly #others: string[] = [];
  readonly #copied: string[] = [];

  constructor(world: Stage, seat: number, plan: LiarPlan) {
    this.#world = world;
    this.#seat = seat;
    this.#plan = plan;
  }

  get #everyone(): readonly Address[] {
    return ['operator', ...this.#world.seats.map(({ seat }) => seat)];
  }

  schedule(): void {
    const { random } = this.#world;
    const votes = this.#plan.votes === 'silent' ? 0 : 2;
    for (let time = 0; time < votes; time += 1) {
      const atS = this.#plan.votes === 'late' ? CLOSES_S - random.whole(0, 900) : random.whole(200, 2300);
      this.#world.at(START_S + atS, () => this.#world.opens.forEach((open) => this.#vote(open)));
    }
    if (this.#plan.votes !== 'withheld') this.#world.at(START_S + random.whole(COMMITS_S + 60, CLOSES_S), () => this.#reveal());
  }

  /** The texts this liar signs in a round. */
  #texts(open: Open): readonly string[] {
    const { votes } = this.#plan;
    const yes = open.options.map(({ option }) => this.#world.ballotText(open, 'yes', option));
    const no = this.#world.ballotText(open, 'no');
    if (votes === 'flood') return [...yes, no, this.#world.ballotText(open, 'abstain')];
    return votes === 'double' ? (yes.length > 1 ? yes : [yes[0]!, no]) : [this.#world.random.pick(yes)];
  }

  #vote(open: Open): void {
    const { rules, random } = this.#world;
    if (this.#plan.votes === 'old-epoch') {
      const old = this.#world.ballotText({ ...open, epoch: open.epoch + 1 }, 'yes');
      this.#cast(rules.sign(`ballot-old.${random.whole(1, this.#world.seats.length)}`, old));
      return;
    }
    for (const [index, text] of this.#texts(open).entries()) {
      const note = rules.sign(`ballot.${this.#seat}`, text, random.whole(0, 3));
      if (open.sealed) this.#seal(open, note, index);
      else this.#cast(note, index);
    }
    if (this.#plan.forges) this.#cast(rules.sign(`ballot.${this.#seat}`, 'x\n').replace('x\n', this.#world.ballotText(open, 'yes')).replace(`ballot.${this.#seat}`, `ballot.${random.whole(1, this.#world.seats.length)}`));
  }

  #seal(open: Open, note: string, index: number): void {
    const { council, epoch, slotRoll, slot, round } = open;
    const sealed = printSealed({ seat: this.#seat, slot, round, salt: new Uint8Array(32).fill(100 + index), ballot: note });
    this.#reveals.push(sealed);
    if (this.#plan.votes === 'uncommitted') return;
    const copied = this.#plan.votes === 'copied' ? this.#others.at(-1) : undefined;
    if (copied !== undefined) this.#copied.push(copied);
    const commit = copied ?? printCommit({ council, epoch, slotRoll, slot, round, commitment: this.#world.rules.digest(sealed) });
    this.#cast(this.#world.rules.sign(`ballot.${this.#seat}`, commit), index);
  }

  #reveal(): void {
    for (const sealed of [...this.#reveals, ...this.#sealed]) this.#cast(sealed);
  }

  /** Sends a cast to a half of all that depends on its number, so that nobody sees the whole lie at once. */
  #cast(note: string, index = 0): void {
    for (const to of this.#everyone) {
      const isShown = to === 'operator' || this.#plan.votes === 'flood' || (to + index) % 2 === 0 || this.#world.random.chance(0.2);
      if (isShown) this.#world.send(this.#seat, to, { kind: 'cast', note });
    }
  }

  /** Whether this liar does nothing about a message, now or later. */
  isDeafTo({ kind }: Message): boolean {
    if (kind === 'cosign') return !this.#plan.cosigns;
    if (kind === 'cast') return !this.#plan.receipts && this.#plan.votes !== 'copied';
    return kind !== 'where' || !this.#plan.receipts;
  }

  receive(from: Address, message: Message): void {
    const { rules, random, nowS } = this.#world;
    if (message.kind === 'cosign') {
      if (!this.#plan.cosigns) return;
      const text = message.note.slice(0, message.note.indexOf('\n\n') + 1);
      const timeS = nowS + this.#plan.stampS;
      this.#world.checks.cosigned(this.#seat, false, text, timeS);
      this.#world.send(this.#seat, 'operator', { kind: 'cosigned', text, line: rules.cosignLine(`seat.${this.#seat}`, text, timeS) });
      if (this.#plan.forges) {
        const forged = rules.cosignLine(`seat.${random.whole(1, this.#world.seats.length)}`, rules.checkpointText({ size: 1, root: this.#world.opens[0]!.opened.root }), timeS);
        this.#world.send(this.#seat, 'operator', { kind: 'cosigned', text, line: forged });
      }
      return;
    }
    if (message.kind === 'where' && this.#plan.receipts) this.#world.send(this.#seat, from, { kind: 'here', certified: undefined, casts: [] });
    if (message.kind !== 'cast') return;
    if (message.note.startsWith('mizan-council/commit')) this.#others.push(message.note.slice(0, message.note.indexOf('\n\n') + 1));
    if (this.#plan.votes === 'copied' && message.note.startsWith('mizan-council/sealed')) this.#copy(message.note);
    if (!this.#plan.receipts || typeof from !== 'number') return;
    const open = this.#world.opens.find(({ slot }) => message.note.includes(`\nslot ${slot} `));
    const text = message.note.slice(0, message.note.indexOf('\n\n') + 1);
    if (open !== undefined) this.#world.send(this.#seat, from, { kind: 'receipt', note: this.#world.falseReceipt(this.#seat, open, from, rules.digest(text), nowS) });
  }

  /** Casts another seat's sealed ballot as its own. */
  #copy(sealed: string): void {
    const digest = this.#world.rules.digest(sealed);
    if (this.#sealed.includes(sealed) || !this.#copied.some((commit) => commit.includes(digest))) return;
    this.#sealed.push(sealed);
    this.#cast(sealed.replace(/\nseat \d\d\n/, `\nseat ${String(this.#seat).padStart(2, '0')}\n`));
  }
}
