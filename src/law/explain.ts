/** Why a result stands (prime implicants) and what would change it (the smallest flip). Works on restricted walks of the diagrams; changes nothing. */

import { FALSE, TRUE } from './bdd.ts';
import type { Assignment, Diagrams, Node } from './bdd.ts';
import type { CompiledFact, CompiledOutcome, Law } from './compile.ts';
import { REASON_CANDIDATES_MAX, REASON_LITERALS_EXACT_MAX, REASONS_MAX, WAYS_REMEMBERED_MAX } from './limits.ts';
import type { Flip, Literal, Reason } from './model.ts';

/**
 * What is kept or dropped as one in a reason. For bool facts and set members the variable itself; for an enum its first variable; for a
 * number or date two units, “beyond the lower boundary” (its first variable) and “not beyond the upper one” (that plus variableCount).
 */
type Unit = number;

/** Per law: units by variable and value, and the marks that a search for reasons reuses. */
interface ReasonSpace {
  /** Unit of a variable that is false or true; -1 for readings, which are never dropped. */
  readonly whenFalse: Int32Array;
  readonly whenTrue: Int32Array;
  /** 1 for the units that are kept in the search under way; all 0 between searches. */
  readonly kept: Uint8Array;
  /** Nodes already found settled, by stamp. */
  readonly settled: Int32Array;
  /** Cost of the cheapest flip from each node, by the same stamp. */
  readonly costs: Float64Array;
  readonly costStamps: Int32Array;
  stamp: number;
  /** By variable: its place in the order of tests. By unit: the last place at which it is tested. */
  readonly rank: Int32Array;
  readonly lastRank: Int32Array;
  /** For deletion from the deepest unit upwards: nodes whose fate can no longer change, by stamps of their own. */
  readonly finallySettled: Int32Array;
  readonly finallyOpen: Int32Array;
  /** By unit and value or boundary: the literal. */
  readonly literals: Literal[][];
  /** Per outcome: units that only serve exceptions. */
  readonly exclusions: Map<CompiledOutcome, Uint8Array>;
}

const spaces = new WeakMap<Law, ReasonSpace>();

function spaceOf(law: Law): ReasonSpace {
  const known = spaces.get(law);
  if (known !== undefined) return known;
  const units = (value: 0 | 1): Int32Array => Int32Array.from({ length: law.variableCount }, (_, variable) => {
    const fact = law.facts[law.factOfVariable[variable]!];
    if (fact === undefined) return -1;
    if (fact.definition.type === 'bool' || fact.definition.type === 'set') return variable;
    return fact.definition.type === 'enum' || value === 1 ? fact.first : fact.first + law.variableCount;
  });
  const rank = law.diagrams.rank ?? Int32Array.from({ length: law.variableCount }, (_, variable) => variable);
  const { nodeCount } = law.diagrams;
  const space: ReasonSpace = {
    whenFalse: units(0),
    whenTrue: units(1),
    kept: new Uint8Array(2 * law.variableCount),
    settled: new Int32Array(nodeCount),
    costs: new Float64Array(nodeCount),
    costStamps: new Int32Array(nodeCount),
    stamp: 0,
    rank,
    lastRank: lastRanks(law, rank),
    finallySettled: new Int32Array(nodeCount),
    finallyOpen: new Int32Array(nodeCount),
    literals: [],
    exclusions: new Map(),
  };
  spaces.set(law, space);
  return space;
}

function lastRanks(law: Law, rank: Int32Array): Int32Array {
  const last = new Int32Array(2 * law.variableCount);
  for (let variable = 0; variable < law.variableCount; variable++) {
    const fact = law.facts[law.factOfVariable[variable]!];
    // The chain of an enum or number is tested as a whole; members of a set may stand apart.
    const end = fact === undefined || fact.definition.type === 'set' ? variable : fact.first + fact.count - 1;
    last[variable] = last[variable + law.variableCount] = rank[end]!;
  }
  return last;
}

function unitOf(law: Law, variable: number, value: number): Unit {
  return (value === 1 ? spaceOf(law).whenTrue : spaceOf(law).whenFalse)[variable]!;
}

function factOfUnit(law: Law, unit: Unit): CompiledFact {
  return law.facts[law.factOfVariable[unit < law.variableCount ? unit : unit - law.variableCount]!]!;
}

/** Whether the kept units settle `root` on their own: the opposite terminal cannot be reached. */
function isSettled(law: Law, space: ReasonSpace, root: Node, assignment: Assignment, opposite: Node): boolean {
  nextStamp(space);
  return settles(law.diagrams, space, root, assignment, opposite);
}

function nextStamp(space: ReasonSpace): number {
  if (++space.stamp === 0x7fffffff) {
    space.settled.fill(0);
    space.costStamps.fill(0);
    space.finallySettled.fill(0);
    space.finallyOpen.fill(0);
    space.stamp = 1;
  }
  return space.stamp;
}

/** Follows the answers that are kept; ends at a leaf or at the first node whose answer is open or left out. */
function alongKept({ variable, low, high }: Diagrams, space: ReasonSpace, start: Node, assignment: Assignment): Node {
  let node = start;
  while (node > TRUE) {
    const at = variable[node]!;
    const value = assignment[at]!;
    if (value < 0) break;
    const unit = (value === 1 ? space.whenTrue : space.whenFalse)[at]!;
    if (unit >= 0 && space.kept[unit] === 0) break;
    node = value === 1 ? high[node]! : low[node]!;
  }
  return node;
}

function settles(store: Diagrams, space: ReasonSpace, start: Node, assignment: Assignment, opposite: Node): boolean {
  const { low, high } = store;
  const node = alongKept(store, space, start, assignment);
  if (node <= TRUE) return node !== opposite;
  if (space.settled[node] === space.stamp) return true;
  space.settled[node] = space.stamp;
  return settles(store, space, low[node]!, assignment, opposite) && settles(store, space, high[node]!, assignment, opposite);
}

/** The units met on the way to a settled result, in the order of the diagram: they settle it by themselves. */
function touchedUnits(law: Law, space: ReasonSpace, root: Node, assignment: Assignment): Unit[] {
  const { variable, low, high } = law.diagrams;
  const touched: Unit[] = [];
  const seen = new Set<Node>();
  const visit = (start: Node): void => {
    let node = start;
    while (node > TRUE) {
      const at = variable[node]!;
      const value = assignment[at]!;
      if (value < 0) break;
      const unit = (value === 1 ? space.whenTrue : space.whenFalse)[at]!;
      if (unit >= 0 && space.kept[unit] === 0) {
        space.kept[unit] = 1;
        touched.push(unit);
      }
      node = value === 1 ? high[node]! : low[node]!;
    }
    if (node <= TRUE || seen.has(node)) return;
    seen.add(node);
    visit(low[node]!);
    visit(high[node]!);
  };
  visit(root);
  for (const unit of touched) space.kept[unit] = 0;
  return touched;
}

/**
 * Up to `reasonsMax` prime implicants of a settled result: sets of known literals that settle it alone and of which none can be left out.
 * Fewest literals first, then fewest that only serve exceptions, then in the order of the pack. Exact while at most
 * REASON_LITERALS_EXACT_MAX literals are involved; beyond, found by deletion, which still gives prime implicants, not always the shortest.
 */
export function reasonsFor(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node, reasonsMax: number = REASONS_MAX): readonly Reason[] {
  // A family is a wide disjunction: its shortest reasons are those of its members, which stand beside it.
  const exact = outcome.members.length > 0 ? undefined : exactReasons(law, outcome, assignment, goal);
  const candidates = exact ?? reasonsByDeletion(law, outcome, assignment, goal, reasonsMax);
  const seen = new Set<string>();
  const reasons: Reason[] = [];
  for (const units of candidates) {
    const reason = { because: literalsOf(law, outcome, assignment, goal, units) };
    const text = JSON.stringify(reason);
    if (seen.has(text)) continue;
    seen.add(text);
    reasons.push(reason);
    if (reasons.length === reasonsMax) break;
  }
  return reasons;
}

/**
 * One prime implicant by deletion from the literals the walk meets: for bulk work. It depends only on the way through the diagram and the
 * values of the enums and numbers met on it. That way has an exact number, under which the reason is remembered.
 */
export function oneReason(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node): Reason {
  const space = spaceOf(law);
  const key = wayNumber(law, outcome.node, assignment);
  if (key === undefined) return reasonByPlainDeletion(law, outcome, assignment, goal);
  const remembered = waysOf(outcome);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  // A single way meets its units in the order of tests, so that reversed they come deepest first.
  const units = deletionUpwards(law, space, outcome, assignment, goal, touchedUnits(law, space, outcome.node, assignment).reverse());
  const reason: Reason = { because: literalsOf(law, outcome, assignment, goal, units) };
  if (remembered.size >= WAYS_REMEMBERED_MAX) remembered.clear();
  remembered.set(key, reason);
  return reason;
}

/** What oneReason finds, without memory and in the plain way: for tests, and for ways that are not single. */
export function reasonByPlainDeletion(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node): Reason {
  const space = spaceOf(law);
  return { because: literalsOf(law, outcome, assignment, goal, deletion(law, space, outcome, assignment, goal, touchedUnits(law, space, outcome.node, assignment).reverse())) };
}

const ways = new WeakMap<CompiledOutcome, Map<number | string, Reason>>();

function waysOf(outcome: CompiledOutcome): Map<number | string, Reason> {
  const known = ways.get(outcome) ?? new Map<number | string, Reason>();
  ways.set(outcome, known);
  return known;
}

/** A number (a text for long ways) that differs for two ways that differ in a branch or in the value of an enum or number met; undefined when the way is not single. */
function wayNumber(law: Law, root: Node, assignment: Assignment): number | string | undefined {
  const { variable, low, high } = law.diagrams;
  let before = '';
  let key = 1;
  let chain = -1;
  for (let node = root; node > TRUE; ) {
    const at = variable[node]!;
    const value = assignment[at]!;
    if (value < 0) return undefined;
    key = key * 2 + value;
    const fact = law.facts[law.factOfVariable[at]!];
    // The rest of a chain is part of the answer even where the way does not test it.
    if (fact !== undefined && fact.index !== chain && fact.count > 1 && fact.definition.type !== 'set') {
      chain = fact.index;
      key = key * (fact.count + 1) + (fact.definition.type === 'enum' ? chainIndex(fact, assignment) : regionIn(fact, assignment));
    }
    if (key > WAY_NUMBER_MAX) {
      before += `${key}.`;
      key = 1;
    }
    node = value === 1 ? high[node]! : low[node]!;
  }
  return before === '' ? key : before + key;
}

/** One more step (twice, times the values of a fact) still gives an exact number. */
const WAY_NUMBER_MAX = 2 ** 44;

function exclusionsOf(law: Law, space: ReasonSpace, outcome: CompiledOutcome): Uint8Array {
  const known = space.exclusions.get(outcome);
  if (known !== undefined) return known;
  const marks = new Uint8Array(2 * law.variableCount);
  for (let variable = 0; variable < law.variableCount; variable++) {
    const fact = law.factOfVariable[variable]!;
    if (fact >= 0 && !outcome.statutoryFacts.has(fact)) marks[variable] = marks[variable + law.variableCount] = 1;
  }
  space.exclusions.set(outcome, marks);
  return marks;
}

/** All minimal unit sets, sorted; undefined when there are too many literals or candidates. */
function exactReasons(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node): readonly (readonly Unit[])[] | undefined {
  const { variable, low, high } = law.diagrams;
  const bits = new Map<Unit, number>();
  const units: Unit[] = [];
  const memo = new Map<Node, readonly number[]>();
  let isTooMuch = false;
  const bitOf = (unit: Unit): number => {
    const known = bits.get(unit);
    if (known !== undefined) return known;
    if (units.length >= REASON_LITERALS_EXACT_MAX) isTooMuch = true;
    const bit = 1 << (units.length % 31); // Beyond the limit the bits are no longer used.
    bits.set(unit, bit);
    units.push(unit);
    return bit;
  };
  // The minimal sets K of units such that, with only K kept, the opposite terminal cannot be reached from this node.
  const walk = (node: Node): readonly number[] => {
    if (isTooMuch) return NOTHING;
    if (node <= TRUE) return node === goal ? NO_NEED : NOTHING;
    const known = memo.get(node);
    if (known !== undefined) return known;
    const value = assignment[variable[node]!]!;
    let result: readonly number[];
    if (value < 0) result = both(walk(low[node]!), walk(high[node]!));
    else {
      const taken = walk(value === 1 ? high[node]! : low[node]!);
      const unit = unitOf(law, variable[node]!, value);
      if (unit < 0 || taken.length === 0) result = taken;
      else {
        const bit = bitOf(unit);
        const kept = taken.map((mask) => mask | bit);
        result = minimal([...kept, ...both(taken, walk(value === 1 ? low[node]! : high[node]!))]);
      }
    }
    if (result.length > REASON_CANDIDATES_MAX) isTooMuch = true;
    memo.set(node, result);
    return result;
  };
  const masks = walk(outcome.node);
  if (isTooMuch) return undefined;
  const sets = masks.map((mask) => units.filter((_, at) => (mask & (1 << at)) !== 0).sort(inOrder(law)));
  const marks = exclusionsOf(law, spaceOf(law), outcome);
  const exclusions = (set: readonly Unit[]): number => set.filter((unit) => marks[unit] === 1).length;
  return sets.sort((a, b) => a.length - b.length || exclusions(a) - exclusions(b) || compareSets(law, a, b));
}

const NOTHING: readonly number[] = [];
const NO_NEED: readonly number[] = [0];

function both(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || b.length === 0) return NOTHING;
  if (a === NO_NEED) return b;
  if (b === NO_NEED) return a;
  const joined: number[] = [];
  for (const x of a) for (const y of b) joined.push(x | y);
  return minimal(joined);
}

/** Removes the sets that contain another one. */
function minimal(masks: number[]): readonly number[] {
  const result: number[] = [];
  for (const mask of masks.sort((a, b) => bitCount(a) - bitCount(b) || a - b)) {
    if (!result.some((smaller) => (smaller & mask) === smaller)) result.push(mask);
  }
  return result;
}

function bitCount(mask: number): number {
  let rest = mask;
  let count = 0;
  while (rest !== 0) {
    rest &= rest - 1;
    count++;
  }
  return count;
}

/** The variable order, with both units of a number next to each other. */
function inOrder(law: Law): (a: Unit, b: Unit) => number {
  const place = (unit: Unit): number => (unit < law.variableCount ? unit * 2 : (unit - law.variableCount) * 2 + 1);
  return (a, b) => place(a) - place(b);
}

function compareSets(law: Law, a: readonly Unit[], b: readonly Unit[]): number {
  const order = inOrder(law);
  for (const [at, unit] of a.entries()) {
    const difference = order(unit, b[at] ?? unit);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Prime implicants by deletion in different orders, which give different reasons. */
function reasonsByDeletion(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node, reasonsMax: number): readonly (readonly Unit[])[] {
  const space = spaceOf(law);
  const met = touchedUnits(law, space, outcome.node, assignment);
  const forward = met.toSorted(inOrder(law));
  const orders = [met.toReversed(), forward.toReversed(), forward].slice(0, reasonsMax);
  return orders.map((order) => deletion(law, space, outcome, assignment, goal, order)).sort((a, b) => a.length - b.length);
}

/** Leaves out one unit after the other while the rest still settles the result: exclusions first, statutory elements last, each in the given order. */
function deletion(law: Law, space: ReasonSpace, outcome: CompiledOutcome, assignment: Assignment, goal: Node, order: readonly Unit[]): readonly Unit[] {
  const opposite = goal === TRUE ? FALSE : TRUE;
  const marks = exclusionsOf(law, space, outcome);
  for (const unit of order) space.kept[unit] = 1;
  for (const wanted of [1, 0]) {
    for (const unit of order) {
      if (marks[unit] !== wanted) continue;
      space.kept[unit] = 0;
      if (!isSettled(law, space, outcome.node, assignment, opposite)) space.kept[unit] = 1;
    }
  }
  const units = order.filter((unit) => space.kept[unit] === 1).sort(inOrder(law));
  for (const unit of order) space.kept[unit] = 0;
  return units;
}

/**
 * The same units as deletion() leaves, for an order that runs from the deepest unit upwards: then what was decided about the units below is
 * final, and so is the fate of every node below. Each is walked once for all trials, not once for each.
 */
function deletionUpwards(law: Law, space: ReasonSpace, outcome: CompiledOutcome, assignment: Assignment, goal: Node, order: readonly Unit[]): readonly Unit[] {
  const marks = exclusionsOf(law, space, outcome);
  for (const unit of order) space.kept[unit] = 1;
  const trial = new UpwardTrial(law, space, assignment, goal === TRUE ? FALSE : TRUE);
  for (const wanted of [1, 0]) {
    trial.beginPass();
    for (const unit of order) {
      if (marks[unit] !== wanted) continue;
      space.kept[unit] = 0;
      if (!trial.isSettledWithout(unit, outcome.node)) space.kept[unit] = 1;
    }
  }
  const units = order.filter((unit) => space.kept[unit] === 1).sort(inOrder(law));
  for (const unit of order) space.kept[unit] = 0;
  return units;
}

class UpwardTrial {
  private readonly store: Diagrams;
  private readonly space: ReasonSpace;
  private readonly assignment: Assignment;
  private readonly opposite: Node;
  private readonly openStamp: number;
  private settledStamp = 0;
  private trialStamp = 0;
  private frontier = 0;

  constructor(law: Law, space: ReasonSpace, assignment: Assignment, opposite: Node) {
    this.store = law.diagrams;
    this.space = space;
    this.assignment = assignment;
    this.opposite = opposite;
    // What is open stays open when more units are left out, also in the next pass.
    this.openStamp = nextStamp(space);
  }

  beginPass(): void {
    this.settledStamp = nextStamp(this.space);
  }

  isSettledWithout(unit: Unit, root: Node): boolean {
    this.trialStamp = nextStamp(this.space);
    this.frontier = this.space.lastRank[unit]!;
    return this.settles(root);
  }

  private settles(start: Node): boolean {
    const { store, space, assignment } = this;
    const { variable, low, high } = store;
    const node = alongKept(store, space, start, assignment);
    if (node <= TRUE) return node !== this.opposite;
    if (space.settled[node] === this.trialStamp || space.finallySettled[node] === this.settledStamp) return true;
    if (space.finallyOpen[node] === this.openStamp) return false;
    const result = this.settles(low[node]!) && this.settles(high[node]!);
    if (space.rank[variable[node]!]! > this.frontier) (result ? space.finallySettled : space.finallyOpen)[node] = result ? this.settledStamp : this.openStamp;
    else if (result) space.settled[node] = this.trialStamp;
    return result;
  }
}

// From units to literals.

function literalsOf(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node, units: readonly Unit[]): readonly Literal[] {
  const hasBoundaries = units.some((unit) => factOfUnit(law, unit).boundaries.length > 1);
  const weakened = hasBoundaries ? weakenBoundaries(law, outcome, assignment, goal, units) : undefined;
  return units.map((unit) => literalOf(law, unit, assignment, weakened?.get(unit)));
}

/** Equal literals of one law are one object, so that they can be told apart by identity. */
function literalOf(law: Law, unit: Unit, assignment: Assignment, boundary: number | undefined): Literal {
  const fact = factOfUnit(law, unit);
  const { id, type, values } = fact.definition;
  switch (type) {
    case 'bool': return sharedLiteral(law, unit, assignment[unit]!, { fact: id, value: assignment[unit] === 1 ? 'yes' : 'no', holds: true });
    case 'set': return sharedLiteral(law, unit, assignment[unit]!, { fact: id, value: values[unit - fact.first]!.id, holds: assignment[unit] === 1 });
    case 'enum': {
      const index = chainIndex(fact, assignment);
      return sharedLiteral(law, unit, index, { fact: id, value: values[index]!.id, holds: true });
    }
    default: {
      const isBeyond = unit < law.variableCount;
      const region = regionIn(fact, assignment);
      const at = boundary ?? (isBeyond ? region - 1 : region);
      return sharedLiteral(law, unit, at, { fact: id, value: fact.boundaries[at]!.text, holds: isBeyond });
    }
  }
}

/** `choice` tells the literals of one unit apart: a value, or a boundary. */
function sharedLiteral(law: Law, unit: Unit, choice: number, fresh: Literal): Literal {
  const own = (spaceOf(law).literals[unit] ??= []);
  return (own[choice] ??= fresh);
}

/** The index of the value written into the chain of an enum. */
function chainIndex(fact: CompiledFact, assignment: Assignment): number {
  for (let i = 0; i < fact.count; i++) if (assignment[fact.first + i] === 1) return i;
  return fact.count;
}

function regionIn(fact: CompiledFact, assignment: Assignment): number {
  let region = 0;
  while (region < fact.count && assignment[fact.first + region] === 1) region++;
  return region;
}

/** For each unit of a number: the weakest boundary that still settles the result (“> 1e23” where “> 1e25” is true but more than needed). */
function weakenBoundaries(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node, units: readonly Unit[]): ReadonlyMap<Unit, number> {
  const trial: Assignment = new Int8Array(assignment);
  const kept = new Set(units);
  for (let variable = 0; variable < law.variableCount; variable++) {
    const value = assignment[variable]!;
    if (value >= 0 && law.factOfVariable[variable]! >= 0 && !kept.has(unitOf(law, variable, value))) trial[variable] = -1;
  }
  const wanted = goal === TRUE ? 2 : 1;
  const chosen = new Map<Unit, number>();
  for (const unit of units) {
    const fact = factOfUnit(law, unit);
    if (fact.boundaries.length < 2) continue;
    const region = regionIn(fact, assignment);
    const isBeyond = unit < law.variableCount;
    const own = isBeyond ? range(1, region) : range(region, fact.count - 1).toReversed();
    const before = trial.slice(fact.first, fact.first + fact.count);
    for (const step of own) {
      if (isBeyond) for (let i = 0; i < region; i++) trial[fact.first + i] = i < step ? 1 : -1;
      else for (let i = region; i < fact.count; i++) trial[fact.first + i] = i === step ? 0 : -1;
      if (law.diagrams.reach(outcome.node, trial) === wanted) {
        chosen.set(unit, isBeyond ? step - 1 : step);
        break;
      }
      trial.set(before, fact.first);
    }
  }
  return chosen;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

// The smallest flip.

export const FLIP_COST_MUTABLE = 1;
export const FLIP_COST_IMMUTABLE = 10;
/** Ties of the real cost are decided by the number of open facts that must turn out a certain way. */
const TIE = 1 / 1024;

/**
 * The cheapest change that settles the opposite result: 1 per changed mutable fact (an enum, number or date once, a set per member),
 * 10 per immutable one, 0 per open fact that must turn out a certain way. Undefined when no change of facts flips the result.
 */
export function smallestFlip(law: Law, outcome: CompiledOutcome, assignment: Assignment, goal: Node): Flip | undefined {
  const opposite = goal === TRUE ? FALSE : TRUE;
  const { variable, low, high } = law.diagrams;
  const { costs, costStamps } = spaceOf(law);
  const stamp = nextStamp(spaceOf(law));
  const cost = (node: Node): number => {
    if (node <= TRUE) return node === opposite ? 0 : Number.POSITIVE_INFINITY;
    if (costStamps[node] === stamp) return costs[node]!;
    const least = Math.min(stepCost(law, assignment, variable[node]!, 0) + cost(low[node]!), stepCost(law, assignment, variable[node]!, 1) + cost(high[node]!));
    costStamps[node] = stamp;
    costs[node] = least;
    return least;
  };
  const total = cost(outcome.node);
  if (!Number.isFinite(total)) return undefined;
  const path = new Map<number, 0 | 1>();
  for (let node = outcome.node; node > TRUE; ) {
    const at = variable[node]!;
    const viaLow = stepCost(law, assignment, at, 0) + cost(low[node]!);
    const viaHigh = stepCost(law, assignment, at, 1) + cost(high[node]!);
    const takesHigh = viaHigh < viaLow || (viaHigh === viaLow && assignment[at] === 1);
    path.set(at, takesHigh ? 1 : 0);
    node = takesHigh ? high[node]! : low[node]!;
  }
  return { to: opposite === TRUE ? 'holds' : 'fails', changes: changesOf(law, assignment, path), cost: Math.floor(total) };
}

function stepCost(law: Law, assignment: Assignment, variable: number, value: 0 | 1): number {
  const current = assignment[variable]!;
  if (current === value) return 0;
  const index = law.factOfVariable[variable]!;
  if (index < 0) return current < 0 ? 0 : Number.POSITIVE_INFINITY; // A reading is not a fact one could change.
  if (current >= 0) return law.facts[index]!.definition.mutable ? FLIP_COST_MUTABLE : FLIP_COST_IMMUTABLE;
  // The open tail of an answered enum or number was already paid for by leaving its value.
  return assignment[law.facts[index]!.first]! >= 0 && law.facts[index]!.definition.type !== 'set' ? 0 : TIE;
}

function changesOf(law: Law, assignment: Assignment, path: ReadonlyMap<number, 0 | 1>): Flip['changes'] {
  const changes: Flip['changes'][number][] = [];
  const changed = [...path].filter(([variable, value]) => value !== assignment[variable]).map(([variable]) => variable).sort((a, b) => a - b);
  for (const index of new Set(changed.map((variable) => law.factOfVariable[variable]!))) {
    const fact = law.facts[index];
    if (fact === undefined) continue;
    const steps = changed.filter((variable) => law.factOfVariable[variable] === index);
    for (const [literal, isOpen] of changedLiterals(fact, steps, path, assignment)) {
      changes.push({ ...literal, kind: isOpen ? 'unknown' : fact.definition.mutable ? 'mutable' : 'immutable' });
    }
  }
  return changes;
}

function changedLiterals(fact: CompiledFact, steps: readonly number[], path: ReadonlyMap<number, 0 | 1>, assignment: Assignment): readonly (readonly [Literal, boolean])[] {
  const { id, type, values } = fact.definition;
  const isOpen = assignment[fact.first]! < 0;
  switch (type) {
    case 'bool': return [[{ fact: id, value: path.get(fact.first) === 1 ? 'yes' : 'no', holds: true }, isOpen]];
    case 'set': return steps.map((variable) => [{ fact: id, value: values[variable - fact.first]!.id, holds: path.get(variable) === 1 }, assignment[variable]! < 0]);
    case 'enum': {
      // The path says “none of the first n” or “value n”; in the first case the next value is the one named.
      let index = 0;
      while (index < fact.count && path.get(fact.first + index) === 0) index++;
      return [[{ fact: id, value: values[index]!.id, holds: true }, isOpen]];
    }
    default: {
      const tested = range(0, fact.count - 1).filter((i) => path.has(fact.first + i));
      const beyond = tested.findLast((i) => path.get(fact.first + i) === 1);
      const below = tested.find((i) => path.get(fact.first + i) === 0);
      const literal = (at: number, holds: boolean): readonly [Literal, boolean] => [{ fact: id, value: fact.boundaries[at]!.text, holds }, isOpen];
      // Both ends of the new range are said, also the one that was kept: the old value alone would not tell.
      return [...(beyond === undefined ? [] : [literal(beyond, true)]), ...(below === undefined ? [] : [literal(below, false)])];
    }
  }
}
