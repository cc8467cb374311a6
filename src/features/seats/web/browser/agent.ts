/**
 * The agent of a seat in a browser: it carries out what the pure core decides, in the order it decides it, and each effect to its end before
 * the next. What it promises is on the disk before it is signed; when the disk fails, it signs nothing more.
 */

import { printLine, type Suite, utf8 } from '../../../../proof/index.ts';
import type { Choice } from '../../../../proof/council/ballot-text.ts';
import type { Address, Message } from '../../../../proof/council/messages.ts';
import type { RoundView } from '../../../../proof/council/rules.ts';
import type { ReplayPrefix, ReplayRules } from '../../../../proof/council/replay-rules.ts';
import { applyRecord, freshSeat, stepSeat, type SeatEffect, type SeatEvent, type SeatNotice, type SeatState, type Vote } from '../../../../proof/council/seat.ts';
import type { Act, Frame, SeatDisk } from './disk.ts';
import type { SeatSigners } from './keys.ts';
import { cosignLater, signNoteLater } from './later-signer.ts';

export const ACTS_KEPT_MAX = 4096;

export interface AgentParts {
  readonly suite: Suite;
  readonly rules: ReplayRules;
  readonly seat: number;
  readonly signers: SeatSigners;
  readonly disk: SeatDisk;
  /** Of this start, 32 hexadecimal digits. */
  readonly instance: string;
  clockS(): number;
  /** Hands a message to the carrier; never to this seat itself. */
  send(to: readonly Address[], message: Message): void;
  tell(notice: SeatNotice, round: string | undefined): void;
}

export class ConsoleAgent {
  readonly parts: AgentParts;
  readonly acts: Act[] = [];
  #state: SeatState;
  /** Events one after the other: while one is carried out the next waits. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What a failed disk said; then nothing is handled any more. */
  #broken: unknown;
  readonly #mine: SeatEvent[] = [];
  #notices: SeatNotice[] = [];

  private constructor(parts: AgentParts) {
    this.parts = parts;
    this.#state = freshSeat(parts.rules, parts.seat, parts.instance);
  }

  /** With the state that the disk holds. */
  static async open(parts: AgentParts): Promise<ConsoleAgent> {
    const agent = new ConsoleAgent(parts);
    await parts.disk.read((frame) => agent.#take(frame));
    return agent;
  }

  #take(frame: Frame): void {
    if (frame.kind === 'act') this.#remember(frame.act);
    else for (const record of frame.records) this.#state = applyRecord(this.parts.rules, this.#state, record);
  }

  #remember(act: Act): void {
    this.acts.push(act);
    if (this.acts.length > ACTS_KEPT_MAX) this.acts.shift();
  }

  get state(): SeatState {
    return this.#state;
  }

  get prefix(): ReplayPrefix {
    return this.#state.prefix as ReplayPrefix;
  }

  get isEmpty(): boolean {
    return this.prefix.size === 0;
  }

  get broken(): unknown {
    return this.#broken;
  }

  /** The first entries of the log up to the first roll, which the pinned genesis proves. Answers whether the rules take them. */
  async boot(entries: readonly string[]): Promise<boolean> {
    let { empty: prefix } = this.parts.rules;
    for (const entry of entries) {
      const next = this.parts.rules.extend(prefix, entry);
      if (!next.ok) return false;
      prefix = next.value;
    }
    if (prefix.state.roll === undefined || !this.isEmpty) return false;
    const frame: Frame = { kind: 'records', records: [{ kind: 'head', entries, stampS: 0 }] };
    await this.parts.disk.append(frame);
    this.#take(frame);
    return true;
  }

  /** One event and those that follow from it here. Rejects when the disk failed, now or before: then nothing more was signed. */
  async handle(event: SeatEvent): Promise<readonly SeatNotice[]> {
    const before = this.#turn;
    const turn = (async (): Promise<readonly SeatNotice[]> => {
      await before;
      if (this.#broken !== undefined) throw this.#broken;
      this.#notices = [];
      this.#mine.push(event);
      try {
        for (let next = this.#mine.shift(); next !== undefined; next = this.#mine.shift()) await this.#step(next);
      } catch (error) {
        this.#broken = error;
        this.#mine.length = 0;
        throw error;
      }
      return this.#notices;
    })();
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #step(event: SeatEvent): Promise<void> {
    const step = stepSeat(this.parts.rules, this.#state, event, this.parts.clockS());
    this.#state = step.state;
    for (const effect of step.effects) await this.#perform(effect);
  }

  async #perform(effect: SeatEffect): Promise<void> {
    const { signers, disk } = this.parts;
    if (effect.kind === 'persist') await disk.append({ kind: 'records', records: effect.records });
    else if (effect.kind === 'send') this.#send(effect.to, effect.message);
    else if (effect.kind === 'sign') this.#send(effect.to, { kind: effect.as, note: await signNoteLater(effect.text, signers[effect.key]) });
    else if (effect.kind === 'cosign') this.#send(['operator'], { kind: 'cosigned', text: effect.text, line: printLine(await cosignLater(signers.cosign, effect.text, effect.timeS)) });
    else if (effect.kind === 'seal') await this.#seal(effect);
    else {
      this.#notices.push(effect.notice);
      this.parts.tell(effect.notice, effect.round);
    }
  }

  async #seal({ round, ballot, saltText }: Extract<SeatEffect, { kind: 'seal' }>): Promise<void> {
    const { ballot: signer } = this.parts.signers;
    const note = await signNoteLater(ballot, signer);
    this.#mine.push({ kind: 'sealed', round, note, salt: this.parts.suite.sha256(await signer.sign(utf8(saltText))) });
  }

  #send(to: readonly Address[], message: Message): void {
    const { seat } = this.parts;
    if (to.includes(seat)) this.#mine.push({ kind: 'received', from: seat, message });
    const others = to.filter((each) => each !== seat);
    if (others.length > 0) this.parts.send(others, message);
  }

  /** The member's decision: given to the core, and kept with its reason. Answers what the core said. */
  async decide(round: string, choice: Choice, option: string | undefined, why: Pick<Act, 'reason' | 'digits'>): Promise<readonly SeatNotice[]> {
    const before = this.voteOf(round);
    const chosen = option === undefined ? {} : { option };
    const notices = await this.handle({ kind: 'decided', round, choice, ...chosen });
    if (notices.includes('voted') && before === undefined) {
      const act: Act = { round, choice, ...chosen, ...why, timeS: this.parts.clockS() };
      await this.parts.disk.append({ kind: 'act', act });
      this.#remember(act);
    }
    return notices;
  }

  // -------------------------------------------------------------- what it sees

  voteOf(round: string): Vote | undefined {
    return [...this.#state.votes.values()].findLast((vote) => vote.round === round);
  }

  receiptsOf(round: string): ReadonlySet<number> {
    const epoch = this.prefix.rounds.get(round)?.open.epoch ?? 0;
    return this.#state.receipts.get(`${epoch} ${round}`) ?? new Set();
  }

  /** Rounds without OUTCOME first, the newest first. */
  get rounds(): readonly (readonly [string, RoundView])[] {
    const all = [...this.prefix.rounds].toReversed();
    return [...all.filter(([, { outcome }]) => outcome === undefined), ...all.filter(([, { outcome }]) => outcome !== undefined)];
  }
}

