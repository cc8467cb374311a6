/** Which council a seed means: who lies and how, what the network does, how the operator behaves. */

import { councilOf33 } from '../../src/proof/council/constitution.ts';
import type { Constitution } from '../../src/proof/council/constitution.ts';
import type { OperatorFaults } from '../../src/proof/council/operator.ts';
import type { SeatFaults } from '../../src/proof/council/seat.ts';
import { LIAR_VOTES } from './liar.ts';
import type { LiarPlan } from './liar.ts';
import { Random } from './random.ts';
import type { SimulatedRules } from './simulated-rules.ts';
import { SymbolicRules } from './symbolic-rules.ts';
import type { RuleFaults, SymbolicPrefix } from './symbolic-rules.ts';
import { OPERATOR_MODES, World } from './world.ts';
import type { Base, Plan } from './world.ts';

export const CONSTITUTION: Constitution = councilOf33('council.example');

/**
 * Councils of the same proportions (n = 3f + 3, q = 2f + 2, four constituencies, as 33 has), because a vote among n seats is n² messages:
 * what goes wrong between quorums, clocks and disks goes wrong among twelve, too, and a hundred thousand of them are tried in a minute.
 */
const SHAPES: Readonly<Record<number, readonly number[]>> = { 12: [3, 3, 3, 3], 15: [4, 4, 4, 3] };
export const SIZES = [33, 15, 12] as const;
/** One council in so many has 33 seats. */
export const WHOLE_EVERY = 10;

export function constitutionOf(seats: number): Constitution {
  const sizes = SHAPES[seats];
  if (sizes === undefined) return CONSTITUTION;
  const liars = seats / 3 - 1;
  const quorum = 2 * liars + 2;
  const caps = { changes: liars, domainCap: liars, modelCap: 1 };
  const constituencies = CONSTITUTION.constituencies.map(({ name }, index) => ({ name, seats: sizes[index]! }));
  const classes = CONSTITUTION.classes.map((rule) => ({ ...rule, yes: rule.counts === 'first' ? Math.floor(seats / 2) + 1 : quorum }));
  return { ...CONSTITUTION, seats, liars, quorum, minority: liars + 1, ...caps, constituencies, classes };
}

/** How many seats the council of this seed has. */
export const sizeOf = (seed: number): number => (seed % WHOLE_EVERY === 0 ? 33 : seed % 2 === 0 ? 15 : 12);

/** What is planted, and how the adversary is directed at it. */
export interface Variant {
  readonly rules?: RuleFaults;
  readonly seat?: SeatFaults;
  readonly operator?: OperatorFaults;
  readonly constitution?: Partial<Constitution>;
  /** Seats of the council, 33 if none are given. */
  readonly seats?: number;
  readonly liars?: number;
  readonly vacant?: readonly number[];
  readonly losesWrites?: boolean;
  /** The directed adversary: what the plan is made to be. */
  readonly plan?: Partial<Plan>;
  /** What every liar is made to do. */
  readonly liar?: Partial<LiarPlan>;
}

function liarPlan(random: Random, directed: Partial<LiarPlan>): LiarPlan {
  return {
    votes: random.pick(LIAR_VOTES),
    cosigns: random.chance(0.6),
    stampS: random.pick([0, 0, -5000, 3000, 100_000]),
    receipts: random.chance(0.5),
    forges: random.chance(0.2),
    ...directed,
  };
}

export function planOf(seed: number, variant: Variant = {}): Plan {
  const random = new Random(seed ^ 0x5bd1e995);
  const { seats: size, liars: most } = constitutionOf(variant.seats ?? CONSTITUTION.seats);
  const seats = Array.from({ length: size }, (_, index) => index + 1);
  const isCalm = random.chance(0.3);
  const count = variant.liars ?? Math.round((random.pick([10, 10, 10, 9, 7, 5, 0]) * most) / CONSTITUTION.liars);
  // A third of the councils lies as one: all liars alike.
  const same = random.chance(0.34) ? liarPlan(random, variant.liar ?? {}) : undefined;
  const liars = new Map(random.some(seats, count).map((seat) => [seat, same ?? liarPlan(random, variant.liar ?? {})]));
  const vote = random.pick(['single', 'single', 'rivals', 'sealed'] as const);
  const operator = random.pick([...OPERATOR_MODES, 'honest'] as const);
  return {
    seed,
    operator,
    splitsEvenly: random.chance(0.5),
    operatorClockS: operator === 'censoring' || operator === 'forking' ? random.pick([0, 0, -1800, 1800, 3600]) : 0,
    liars,
    vote,
    class: vote === 'sealed' ? 'contested' : random.pick(['standard', 'standard', 'emergency', 'procedural']),
    yes: random.pick([1, 0.9, 0.7, 0.5]),
    loss: isCalm ? 0 : random.pick([0.05, 0.1, 0.3]),
    repeats: random.chance(0.3) ? 0.05 : 0,
    crashes: isCalm ? 0 : random.pick([0, 0.002, 0.01]),
    restores: random.pick([0, 0.3]),
    clockSteps: isCalm ? 0 : random.pick([0, 0.1, 0.2]),
    partition: !isCalm && random.chance(0.3),
    victims: new Set(random.some(seats, random.whole(1, Math.floor(size * 0.6)))),
    settlesAfterS: isCalm ? 0 : random.whole(3000, 5500),
    seatFaults: variant.seat ?? {},
    operatorFaults: variant.operator ?? {},
    losesWrites: variant.losesWrites ?? false,
    // A forking operator shows two logs that differ in votes alone.
    actsEveryS: operator === 'forking' ? 0 : random.pick([0, 0, 400, 60]),
    ...variant.plan,
  };
}

export interface Bench {
  readonly rules: SimulatedRules;
  readonly base: Base;
}

/** Rules with a short log that every council of this bench starts from. */
export function benchOf(variant: Variant = {}): Bench {
  const rules = new SymbolicRules({ ...constitutionOf(variant.seats ?? CONSTITUTION.seats), ...variant.constitution }, variant.rules, variant.vacant);
  const entries = ['mizan-log/event/v1\n{"act":"genesis"}\n', 'mizan-log/event/v1\n{"act":"roll"}\n'];
  let prefix: SymbolicPrefix = rules.empty;
  for (const entry of entries) {
    const next = rules.extend(prefix, entry);
    if (!next.ok) throw new Error('the base of a simulation is valid');
    prefix = next.value;
  }
  return { rules, base: { prefix, entries } };
}

export interface Ran {
  readonly broken: string | undefined;
  readonly decided: number;
  readonly steps: number;
  /** Whether this council had to decide: honest operator, settled network, a quorum of responsive honest seats. */
  readonly isDecisionDue: boolean;
}

export function runSeed(bench: Bench, seed: number, variant: Variant = {}): Ran {
  const world = new World(bench.rules, bench.base, planOf(seed, variant));
  const broken = world.run();
  const ran = { broken, decided: world.checks.decided.size, steps: world.steps, isDecisionDue: world.isDecisionDue };
  bench.rules.forget(bench.base.prefix);
  return ran;
}

/** The first seed from `first` on at which something breaks; undefined when none of `count` does. */
export function firstBroken(variant: Variant, count: number, first = 1): { readonly seed: number; readonly broken: string } | undefined {
  const bench = benchOf(variant);
  for (let seed = first; seed < first + count; seed += 1) {
    const { broken } = runSeed(bench, seed, variant);
    if (broken !== undefined) return { seed, broken };
  }
  return undefined;
}
