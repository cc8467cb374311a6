/**
 * One simulated council: 33 seats and an operator that run the product's cores, a network that loses, delays and repeats, crashes
 * between any two effects, clocks that step, disks restored from old backups, liars, and a hostile operator. Everything follows
 * from the seed. After each step the world checks what must never happen; at the end, what must have happened.
 */

import { printBallot } from '../../src/proof/council/ballot-text.ts';
import type { Choice } from '../../src/proof/council/ballot-text.ts';
import { COSIGN_ENTRIES_MAX } from '../../src/proof/council/messages.ts';
import type { Address, Message } from '../../src/proof/council/messages.ts';
import { ballotOf, printOpen } from '../../src/proof/council/open-text.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import { restoreOperator, stepOperator } from '../../src/proof/council/operator.ts';
import type { OperatorEffect, OperatorEvent, OperatorFaults, OperatorRecord, OperatorState } from '../../src/proof/council/operator.ts';
import { restoreSeat, stepSeat } from '../../src/proof/council/seat.ts';
import type { SeatEffect, SeatEvent, SeatFaults, SeatRecord, SeatState } from '../../src/proof/council/seat.ts';
import { printReceipt } from '../../src/proof/council/seat-texts.ts';
import { Checks } from './checks.ts';
import { Liar } from './liar.ts';
import type { LiarPlan } from './liar.ts';
import { Random } from './random.ts';
import type { SimulatedRules, SimulatedPrefix } from './simulated-rules.ts';
import { CLOSES_S, COMMITS_S, OPENS_S, START_S } from './stage.ts';
import type { Stage } from './stage.ts';

export const OPERATOR_MODES = ['honest', 'censoring', 'forking', 'replaying', 'stalling'] as const;
export type OperatorMode = (typeof OPERATOR_MODES)[number];

export interface Plan {
  readonly seed: number;
  readonly operator: OperatorMode;
  readonly liars: ReadonlyMap<number, LiarPlan>;
  /** One slot with one motion, rivals in one slot, rivals (wrongly) in two slots, or sealed ballots. */
  readonly vote: 'single' | 'rivals' | 'split-rivals' | 'sealed';
  readonly class: string;
  /** Chance of an honest seat to want yes. */
  readonly yes: number;
  readonly loss: number;
  readonly repeats: number;
  readonly crashes: number;
  readonly restores: number;
  readonly clockSteps: number;
  readonly partition: boolean;
  /** Seats that the operator serves last or never, where it is hostile. */
  readonly victims: ReadonlySet<number>;
  /** Seconds after the start when network, disks and clocks are sound again. */
  readonly settlesAfterS: number;
  /** A forking operator that keeps two halves of the honest seats strictly apart. */
  readonly splitsEvenly: boolean;
  /** How far the operator's clock is off. */
  readonly operatorClockS: number;
  readonly seatFaults: SeatFaults;
  readonly operatorFaults: OperatorFaults;
  /** Disks that lose what was written last when the power goes. */
  readonly losesWrites: boolean;
  /** Seconds between two acts of the platform that go into the same log; 0 for a log of the council alone. */
  readonly actsEveryS: number;
}

const SEAT_TICK_S = 700;
const OPERATOR_TICK_S = 150;
const PATIENCE_S = 2400;

/** Something that happens, or a message that arrives. */
type Delivery = (() => void) | { readonly from: Address; readonly to: Address; readonly message: Message; readonly operator: number };

interface SimulatedSeat {
  readonly seat: number;
  state: SeatState;
  readonly records: SeatRecord[];
  isUp: boolean;
  offsetS: number;
  instance: number;
  isRestored: boolean;
  wants: readonly { readonly round: string; readonly choice: Choice; readonly option: string | undefined }[];
}

interface SimulatedOperator {
  readonly index: number;
  state: OperatorState;
  readonly records: OperatorRecord[];
  /** What its disk holds as the log. */
  readonly entries: string[];
  isUp: boolean;
}

/** The next delivery first, equal times in the order they were sent: times are whole seconds, so each second has its own list. */
class Queue {
  readonly #seconds: (Delivery[] | undefined)[] = [];
  #at = 0;
  #taken = 0;

  push(atS: number, delivery: Delivery): void {
    const at = Math.max(atS - START_S, this.#at);
    const second = this.#seconds[at];
    if (second === undefined) this.#seconds[at] = [delivery];
    else second.push(delivery);
  }

  /** Seconds since 1970 of what `take` answers next; undefined when nothing is left. */
  get nextS(): number | undefined {
    const seconds = this.#seconds;
    let at = this.#at;
    for (; at < seconds.length; at += 1) {
      const second = seconds[at];
      if (second === undefined) continue;
      if (at !== this.#at) this.#taken = 0;
      this.#at = at;
      if (this.#taken < second.length) return START_S + at;
      seconds[at] = undefined;
    }
    this.#at = at;
    this.#taken = 0;
    return undefined;
  }

  take(): Delivery {
    const delivery = this.#seconds[this.#at]![this.#taken]!;
    this.#taken += 1;
    return delivery;
  }
}

/** Rules, the log every run starts from, and the rounds it opens. */
export interface Base {
  readonly prefix: SimulatedPrefix;
  readonly entries: readonly string[];
  readonly opens?: readonly Open[];
}

export class World implements Stage {
  readonly rules: SimulatedRules;
  readonly plan: Plan;
  readonly random: Random;
  readonly checks: Checks;
  readonly seats: SimulatedSeat[];
  readonly operators: SimulatedOperator[];
  readonly opens: readonly Open[];
  readonly liars: ReadonlyMap<number, Liar>;
  readonly #queue = new Queue();
  readonly #asked = new Map<number, number>();
  readonly #seen: { readonly to: Address; readonly from: Address; readonly message: Message }[] = [];
  readonly #side: ReadonlySet<number>;
  nowS = START_S;
  steps = 0;
  #settled = false;

  constructor(rules: SimulatedRules, base: Base, plan: Plan) {
    this.rules = rules;
    this.plan = plan;
    this.random = new Random(plan.seed);
    this.opens = base.opens ?? opensOf(base.prefix, plan);
    const numbers = Array.from({ length: rules.constitution.seats }, (_, index) => index + 1);
    const honest = numbers.filter((seat) => !plan.liars.has(seat));
    this.checks = new Checks(rules, honest, this.opens);
    this.#side = new Set(plan.splitsEvenly ? this.random.some(honest, Math.floor(honest.length / 2)) : this.random.some(numbers, this.random.whole(Math.floor(numbers.length * 0.43), Math.ceil(numbers.length * 0.57))));
    const head: SeatRecord = { kind: 'head', entries: base.entries, stampS: START_S - 100 };
    this.seats = numbers.map((seat) => this.#newSeat(seat, head));
    const operators = plan.operator === 'forking' ? 2 : 1;
    const records: readonly OperatorRecord[] = [{ kind: 'entries', entries: base.entries }];
    this.operators = Array.from({ length: operators }, (_, index) => ({ index, state: restoreOperator(rules, records), records: [...records], entries: [...base.entries], isUp: true }));
    this.liars = new Map([...plan.liars].map(([seat, liarPlan]) => [seat, new Liar(this, seat, liarPlan)]));
    this.#schedule(honest);
  }

  #newSeat(seat: number, head: SeatRecord): SimulatedSeat {
    const { random, plan, opens } = this;
    const offsetS = random.whole(-60, 60);
    const wanted = opens.map((open) => this.#wish(open));
    // Who prefers one of two rivals wants that one only, when they are told that the slots exclude each other.
    const state = restoreSeat(this.rules, seat, this.#instance(seat, 0), [head], { ...plan.seatFaults, resumesBlindly: true });
    return { seat, state, records: [head], isUp: true, offsetS, instance: 0, isRestored: false, wants: wanted };
  }

  #wish(open: Open): { readonly round: string; readonly choice: Choice; readonly option: string | undefined } {
    const { random, plan } = this;
    const round = `${open.slot} ${open.round}`;
    if (random.chance(plan.yes)) return { round, choice: 'yes', option: random.pick(open.options).option };
    return { round, choice: random.pick(['no', 'abstain']), option: undefined };
  }

  #instance(seat: number, start: number): string {
    return (seat * 1000 + start).toString(16).padStart(32, '0');
  }

  // -------------------------------------------------------------- time

  at(atS: number, run: () => void): void {
    this.#queue.push(atS, run);
  }

  #schedule(honest: readonly number[]): void {
    const { plan, random } = this;
    for (const operator of this.operators) {
      this.at(START_S + OPENS_S, () => this.opens.forEach((open) => this.operate(operator, { kind: 'submitted', entry: this.rules.sign('secretariat', printOpen(this.#openFor(operator, open))) })));
      // Nonsense that anybody may submit: a second OPEN of the same round.
      this.at(START_S + OPENS_S + 600, () => this.opens.forEach((open) => this.operate(operator, { kind: 'submitted', entry: this.rules.sign('secretariat', printOpen({ ...open, closesS: open.closesS + 1 })) })));
      this.at(START_S + 5 + operator.index, () => this.#operatorTick(operator));
      for (let actS = plan.actsEveryS; plan.actsEveryS > 0 && actS < CLOSES_S + PATIENCE_S; actS += plan.actsEveryS) this.at(START_S + actS, () => this.#act(operator));
    }
    for (const seat of this.seats) {
      if (plan.liars.has(seat.seat)) continue;
      this.at(START_S + random.whole(10, SEAT_TICK_S), () => this.#seatTick(seat));
      for (let decision = 0; decision < 2; decision += 1) this.at(START_S + random.whole(150, decision === 0 ? 2000 : 4000), () => this.#decide(seat, decision));
    }
    for (const seat of random.some(honest, Math.round(plan.clockSteps * honest.length))) {
      this.at(START_S + random.whole(0, CLOSES_S), () => {
        if (!this.#settled) this.seats[seat - 1]!.offsetS = random.pick([-3600, -1200, 1200, 3600, 7200]);
      });
    }
    for (const liar of this.liars.values()) liar.schedule();
    this.at(START_S + plan.settlesAfterS, () => this.#settle());
  }

  /** A forking operator may open the same round with another end. */
  #openFor(operator: SimulatedOperator, open: Open): Open {
    return operator.index === 1 && this.plan.seed % 3 === 0 ? { ...open, closesS: open.closesS + 60 } : open;
  }

  #settle(): void {
    this.#settled = true;
    for (const seat of this.seats) {
      seat.offsetS = this.random.whole(-60, 60);
      if (!seat.isUp) this.#start(seat);
    }
    for (const operator of this.operators) if (!operator.isUp) this.#startOperator(operator);
  }

  /** Runs to the end; answers the first thing that must not be, or nothing. */
  run(): string | undefined {
    const endS = START_S + Math.max(this.plan.settlesAfterS, CLOSES_S) + PATIENCE_S;
    for (let atS = this.#queue.nextS; atS !== undefined && atS <= endS; atS = this.#queue.nextS) {
      const delivery = this.#queue.take();
      this.nowS = atS;
      this.steps += 1;
      if (typeof delivery === 'function') delivery();
      else this.#deliver(delivery.from, delivery.to, delivery.message, delivery.operator);
      if (this.checks.broken !== undefined) return this.checks.broken;
      if (this.checks.decided.size === this.opens.length && this.plan.operator !== 'forking') break;
    }
    return this.isDecisionDue ? this.checks.undecided() : this.checks.broken;
  }

  /** Honest operator, settled network, and a quorum of honest seats that do not sit out after a restore. */
  get isDecisionDue(): boolean {
    const responsive = this.seats.filter(({ seat, isRestored }) => !this.plan.liars.has(seat) && !isRestored).length;
    return ['honest', 'replaying'].includes(this.plan.operator) && responsive >= this.rules.constitution.quorum;
  }

  // -------------------------------------------------------------- network

  send(from: Address, to: Address, message: Message, operator = 0): void {
    const { random, plan } = this;
    if (!this.#settled) {
      if (from !== to && random.chance(plan.loss)) return;
      if (plan.partition && typeof from === 'number' && typeof to === 'number' && this.#side.has(from) !== this.#side.has(to)) return;
    }
    const delayS = from === to ? 0 : this.#settled ? random.whole(0, 4) : random.chance(0.05) ? random.whole(30, 900) : random.whole(0, 20);
    if (typeof to === 'number' && this.liars.get(to)?.isDeafTo(message) === true) return;
    this.#queue.push(this.nowS + delayS, { from, to, message, operator });
    if (plan.repeats > 0 && random.chance(plan.repeats)) {
      this.at(this.nowS + random.whole(1, 2000), () => this.#deliver(from, to, message, operator));
      this.#seen.push({ from, to, message });
    }
  }

  #deliver(from: Address, to: Address, message: Message, operator: number): void {
    if (to === 'operator') {
      this.#toOperators(from, message);
      return;
    }
    if (message.kind === 'cosign') this.#asked.set(to, operator);
    const liar = this.liars.get(to);
    if (liar !== undefined) liar.receive(from, message);
    else this.seatEvent(this.seats[to - 1]!, { kind: 'received', from, message });
  }

  #toOperators(from: Address, message: Message): void {
    const only = message.kind === 'refused' && typeof from === 'number' ? this.#asked.get(from) : undefined;
    for (const operator of this.operators) {
      if (only !== undefined && only !== operator.index) continue;
      if (message.kind === 'cast' && this.#isDropped(operator, from)) continue;
      this.operate(operator, { kind: 'received', from, message: this.#filtered(operator, message) });
    }
  }

  #isDropped(operator: SimulatedOperator, from: Address): boolean {
    if (typeof from !== 'number') return false;
    if (this.plan.operator === 'censoring') return this.plan.victims.has(from);
    return this.plan.operator === 'forking' && operator.index === 1 && this.plan.victims.has(from);
  }

  #filtered(operator: SimulatedOperator, message: Message): Message {
    const isHostile = this.plan.operator === 'censoring' || (this.plan.operator === 'forking' && operator.index === 1);
    if (!isHostile || message.kind !== 'held') return message;
    return { ...message, casts: message.casts.filter((note) => ![...this.plan.victims].some((seat) => note.includes(`— ballot.${seat} `))) };
  }

  // -------------------------------------------------------------- seats

  clockOf(seat: SimulatedSeat): number {
    return this.nowS + seat.offsetS;
  }

  seatEvent(seat: SimulatedSeat, event: SeatEvent): void {
    if (!seat.isUp) return;
    const step = stepSeat(this.rules, seat.state, event, this.clockOf(seat), this.plan.seatFaults);
    seat.state = step.state;
    this.#perform(seat, step.effects);
  }

  #perform(seat: SimulatedSeat, effects: readonly SeatEffect[]): void {
    for (const effect of effects) {
      if (!this.#settled && this.plan.crashes > 0 && this.random.chance(this.plan.crashes)) {
        this.#crash(seat);
        return;
      }
      this.#effect(seat, effect);
      if (!seat.isUp) return;
    }
  }

  #effect(seat: SimulatedSeat, effect: SeatEffect): void {
    if (effect.kind === 'persist') seat.records.push(...effect.records);
    else if (effect.kind === 'send') for (const to of effect.to) this.send(seat.seat, to, effect.message);
    else if (effect.kind === 'cosign') {
      this.checks.cosigned(seat.seat, seat.isRestored, effect.text, effect.timeS);
      this.send(seat.seat, 'operator', { kind: 'cosigned', text: effect.text, line: this.rules.cosignLine(`seat.${seat.seat}`, effect.text, effect.timeS) });
    } else if (effect.kind === 'sign') this.#sign(seat, effect);
    else if (effect.kind === 'seal') {
      this.checks.signed(seat.seat, seat.isRestored, effect.ballot, (text) => this.#honestHolders(text));
      const salt = new Uint8Array(32).fill(seat.seat);
      this.seatEvent(seat, { kind: 'sealed', round: effect.round, note: this.rules.sign(`ballot.${seat.seat}`, effect.ballot), salt });
    } else this.checks.told(seat.seat, effect.notice, effect.round);
  }

  #sign(seat: SimulatedSeat, effect: Extract<SeatEffect, { kind: 'sign' }>): void {
    const note = this.rules.sign(`${effect.key}.${seat.seat}`, effect.text);
    if (effect.as === 'cast') this.checks.signed(seat.seat, seat.isRestored, effect.text, (text) => this.#honestHolders(text));
    else {
      const receipt = this.rules.receipt(seat.state.prefix, note);
      if (receipt.ok) this.checks.receipted(seat.seat, seat.isRestored, receipt.value);
    }
    for (const to of effect.to) this.send(seat.seat, to, { kind: effect.as, note });
  }

  #honestHolders(text: string): number {
    return this.seats.filter(({ seat, state }) => !this.plan.liars.has(seat) && [...state.held.values()].some((held) => held.some((each) => each.text === text))).length;
  }

  #seatTick(seat: SimulatedSeat): void {
    this.seatEvent(seat, { kind: 'tick' });
    this.at(this.nowS + SEAT_TICK_S, () => this.#seatTick(seat));
  }

  #decide(seat: SimulatedSeat, decision: number): void {
    for (const wish of seat.wants) {
      // A steward may forget what they decided, or change their mind: the second decision is drawn anew.
      const drawn = decision === 0 ? wish : this.#wish(this.opens.find((open) => `${open.slot} ${open.round}` === wish.round)!);
      this.seatEvent(seat, { kind: 'decided', round: drawn.round, choice: drawn.choice, ...(drawn.option === undefined ? {} : { option: drawn.option }) });
    }
  }

  #crash(seat: SimulatedSeat): void {
    const { random, plan } = this;
    seat.isUp = false;
    if (plan.losesWrites) seat.records.length = Math.max(1, seat.records.length - random.whole(0, 3));
    const restored = this.seats.filter(({ isRestored }) => isRestored).length;
    if (plan.restores > 0 && seat.records.length > 1 && plan.liars.size + restored < this.rules.constitution.liars && random.chance(plan.restores)) {
      seat.records.length = random.whole(1, seat.records.length);
      seat.isRestored = true;
    }
    this.at(this.nowS + random.whole(1, 1200), () => this.#start(seat));
  }

  #start(seat: SimulatedSeat): void {
    if (seat.isUp) return;
    seat.isUp = true;
    seat.instance += 1;
    seat.state = restoreSeat(this.rules, seat.seat, this.#instance(seat.seat, seat.instance), seat.records, this.plan.seatFaults);
    this.seatEvent(seat, { kind: 'started' });
  }

  // -------------------------------------------------------------- operators

  operate(operator: SimulatedOperator, event: OperatorEvent): void {
    if (!operator.isUp) return;
    const isHostile = this.plan.operator === 'censoring' || (this.plan.operator === 'forking' && operator.index === 1);
    const faults: OperatorFaults = isHostile ? { ...this.plan.operatorFaults, ignoresMissing: true } : this.plan.operatorFaults;
    const step = stepOperator(this.rules, operator.state, event, this.nowS + this.plan.operatorClockS, faults);
    operator.state = step.state;
    for (const effect of step.effects) {
      if (!this.#settled && this.plan.crashes > 0 && this.random.chance(this.plan.crashes / 20)) {
        operator.isUp = false;
        this.at(this.nowS + this.random.whole(1, 600), () => this.#startOperator(operator));
        return;
      }
      this.#operatorEffect(operator, effect);
    }
  }

  #startOperator(operator: SimulatedOperator): void {
    if (operator.isUp) return;
    operator.isUp = true;
    operator.state = restoreOperator(this.rules, operator.records);
    // What was submitted and not written is submitted again, as its author does who sees no entry.
    for (const open of this.opens) {
      if (this.nowS > START_S + OPENS_S && !operator.state.prefix.rounds.has(`${open.slot} ${open.round}`)) {
        this.operate(operator, { kind: 'submitted', entry: this.rules.sign('secretariat', printOpen(this.#openFor(operator, open))) });
      }
    }
  }

  #operatorEffect(operator: SimulatedOperator, effect: OperatorEffect): void {
    if (effect.kind === 'persist') {
      operator.records.push(...effect.records);
      for (const record of effect.records) if (record.kind === 'entries') operator.entries.push(...record.entries);
    } else if (effect.kind === 'sign-head') this.operate(operator, { kind: 'head-signed', note: this.rules.sign('log', effect.text) });
    else if (effect.kind === 'send') this.#serve(operator, effect.to, effect.message);
    else if (effect.kind === 'ask') this.#ask(operator, effect);
    else if (effect.kind === 'ask-witnesses') this.#witness(operator, effect.note);
    else if (effect.kind === 'publish') this.checks.published(effect.note);
  }

  /** Whom a forking operator shows which log: each side its own, liars both, and now and then the other one to everybody. */
  #serve(operator: SimulatedOperator, to: Address, message: Message): void {
    if (this.operators.length > 1 && typeof to === 'number' && !this.plan.liars.has(to)) {
      const isOwnSide = this.#side.has(to) === (operator.index === 0);
      if (!isOwnSide && (this.plan.splitsEvenly || !this.random.chance(0.1))) return;
    }
    // A seat without C1 is only seen when it is shown a whole other log.
    const whole = message.kind === 'cosign' && this.operators.length > 1 && this.random.chance(0.3);
    const shown: Message = whole && message.kind === 'cosign' ? { ...message, from: 0, entries: operator.entries.slice(0, operator.state.headSize) } : message;
    this.send('operator', to, shown, operator.index);
  }

  #ask(operator: SimulatedOperator, { seat, note, headSize, from, certified }: Extract<OperatorEffect, { kind: 'ask' }>): void {
    const entries = operator.entries.slice(from, Math.min(headSize, from + COSIGN_ENTRIES_MAX));
    this.#serve(operator, seat, { kind: 'cosign', note, from, entries, certified });
  }

  /** The platform around the council writes its acts into the same log, whether a vote is open or not. */
  #act(operator: SimulatedOperator): void {
    if (!operator.isUp) return;
    const entry = `mizan-log/event/v1\n{"act":"platform","at":${this.nowS}}\n`;
    operator.records.push({ kind: 'entries', entries: [entry] });
    operator.entries.push(entry);
    this.operate(operator, { kind: 'appended', entries: [entry] });
  }

  #witness(operator: SimulatedOperator, note: string): void {
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    for (const name of ['court', 'audit', 'university']) {
      this.at(this.nowS + 1, () => this.operate(operator, { kind: 'witnessed', text, line: this.rules.cosignLine(`outside.${name}`, text, this.nowS) }));
    }
  }

  #operatorTick(operator: SimulatedOperator): void {
    if (this.plan.operator === 'stalling' && this.nowS > START_S + this.plan.settlesAfterS / 2) return;
    this.operate(operator, { kind: 'tick' });
    if (this.plan.operator === 'replaying' && this.#seen.length > 0) {
      for (const old of this.random.some(this.#seen, 3)) this.at(this.nowS + this.random.whole(1, 60), () => this.#deliver(old.from, old.to, old.message, 0));
    }
    this.at(this.nowS + OPERATOR_TICK_S, () => this.#operatorTick(operator));
  }

  /** A receipt that a liar gives for anything. */
  falseReceipt(seat: number, open: Open, voter: number, digest: string, timeS: number): string {
    const { council, epoch, slot, round } = open;
    return this.rules.sign(`agent.${seat}`, printReceipt({ council, epoch, slot, round, holder: seat, voter, digest, timeS, instance: this.#instance(seat, 0) }));
  }

  ballotText(open: Open, choice: Choice, option?: string): string {
    return printBallot(ballotOf(open, choice, option ?? open.options[0]!.option)!);
  }
}

function opensOf(base: SimulatedPrefix, plan: Plan): readonly Open[] {
  const motion = (number: number): string => number.toString(16).padStart(64, 'a');
  const A = { option: 'A', motion: motion(1) };
  const B = { option: 'B', motion: motion(2) };
  const common = {
    council: 'council.example',
    epoch: 1,
    slotRoll: motion(3),
    round: 1,
    class: plan.class,
    opened: { size: base.size, root: base.root },
    closesS: START_S + CLOSES_S,
    sealed: plan.vote === 'sealed',
    ...(plan.vote === 'sealed' ? { commitsCloseS: START_S + COMMITS_S } : {}),
  };
  if (plan.vote === 'split-rivals') return [{ ...common, slot: '2027-014', options: [A] }, { ...common, slot: '2027-015', options: [B] }];
  return [{ ...common, slot: '2027-014', options: plan.vote === 'rivals' ? [A, B] : [A] }];
}
