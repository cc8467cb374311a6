/** Which question to ask next, and what each possible answer would settle. */

import { Diagrams, FALSE, TRUE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import { assignChain, assignOption } from './compile.ts';
import type { CompiledFact, CompiledOutcome, Law } from './compile.ts';
import { assignFacts, assignRegion, assignValue, isSkipped } from './assignment.ts';
import { DIAGRAM_NODES_MAX } from './limits.ts';
import type { FactId, Facts, FactValue, Result } from './model.ts';
import { Supports } from './supports.ts';

/** The weight of the relative drop of open facts beside the drop of entropy. */
const SUPPORT_DROP_WEIGHT = 0.05;
/** Facts that only serve exceptions wait until few facts are open. */
const EXCLUSION_COST_FACTOR = 3;
const EXCLUSION_SUPPORT_MAX = 3;
/** Diagram size up to which the drop of open facts is counted for each answer. */
const SUPPORT_DROP_NODES_MAX = 48;
/** Members of a set up to which all combinations are weighed; beyond, “none” and “exactly one” stand for them. */
const SET_MEMBERS_EXACT_MAX = 5;

/** An outcome that is still open, restricted to what is known, in a scratch store. */
export interface OpenOutcome {
  readonly outcome: CompiledOutcome;
  readonly node: Node;
  /** Indexes of the facts that can still change it. */
  readonly support: ReadonlySet<number>;
}

/** A scratch store that is emptied when it grows; its nodes live for one question only. */
export class Scratch {
  readonly law: Law;
  readonly store: Diagrams;
  /** For trying out one answer after the other; nothing is assigned between trials. */
  readonly trial: Assignment;
  private readonly supports: Supports;
  /** The last walk that met a node, and a number for each node that whoever asked for the walk gives it: the terminals keep their own. */
  private seen: Int32Array = new Int32Array(0);
  private walks = 0;
  places: Int32Array = new Int32Array(0);

  constructor(law: Law) {
    this.law = law;
    this.trial = new Int8Array(law.variableCount).fill(-1);
    this.store = new Diagrams(DIAGRAM_NODES_MAX, 1 << 12, law.diagrams.rank);
    this.supports = new Supports(law, this.store);
  }

  begin(): void {
    if (this.store.nodeCount > 1 << 11) this.store.clear();
  }

  restrict(node: Node, assignment: Assignment): Node {
    return this.store.restrictFrom(this.law.diagrams, node, assignment);
  }

  /** For many outcomes under one assignment. */
  restriction(assignment: Assignment): (node: Node) => Node {
    return this.store.restriction(this.law.diagrams, assignment);
  }

  /** The inner nodes below `root`, each before its children. */
  topDown(root: Node): readonly Node[] {
    const { low, high, nodeCount, variable } = this.store;
    if (this.seen.length < nodeCount) {
      this.seen = new Int32Array(variable.length);
      this.places = new Int32Array(variable.length);
      this.places[TRUE] = TRUE;
      this.walks = 0;
    }
    const { seen } = this;
    const walk = ++this.walks;
    const after: Node[] = [];
    const visit = (node: Node): void => {
      if (node <= TRUE || seen[node] === walk) return;
      seen[node] = walk;
      visit(low[node]!);
      visit(high[node]!);
      after.push(node);
    };
    visit(root);
    return after.reverse();
  }

  /** Fact indexes in the support of a scratch node; readings are left out. */
  factsOf(node: Node): ReadonlySet<number> {
    return this.supports.facts(node);
  }

  /** Indexes of the readings in the support of a scratch node. */
  readingsOf(node: Node): readonly number[] {
    return this.supports.readings(node);
  }
}

/** By diagrams, which laws of equal content share. */
const scratches = new WeakMap<Diagrams, Scratch>();

export function scratchOf(law: Law): Scratch {
  const scratch = scratches.get(law.diagrams) ?? new Scratch(law);
  scratches.set(law.diagrams, scratch);
  scratch.begin();
  return scratch;
}

/**
 * Scores the open facts, best first: Σ over open conclusions of weight · (entropy drop + 0.05 · relative drop of open facts) / cost.
 * Facts whose gate is not yet settled come after those that surely apply, facts already skipped come last; ties by id.
 */
export function rankQuestions(law: Law, open: readonly OpenOutcome[], assignment: Assignment, facts: Facts): readonly { readonly fact: CompiledFact; readonly score: number }[] {
  const scores = new Map<number, number>();
  const scratch = scratches.get(law.diagrams)!;
  for (const item of open) {
    if (item.outcome.members.length > 0) continue; // A family is its members; counting both would count twice.
    for (const [index, gain] of gainsOf(scratch, item)) scores.set(index, (scores.get(index) ?? 0) + (item.outcome.weight * gain) / costOf(item, law.facts[index]!));
  }
  const tier = (fact: CompiledFact): number => (isSkipped(facts[fact.definition.id]) ? 2 : law.diagrams.reach(fact.gate, assignment) === 2 ? 0 : 1);
  return [...scores]
    .map(([index, score]) => ({ fact: law.facts[index]!, score, tier: tier(law.facts[index]!) }))
    .sort((a, b) => a.tier - b.tier || b.score - a.score || (a.fact.definition.id < b.fact.definition.id ? -1 : 1));
}

/** The open questions under `facts`, best first, with their scores; those already skipped come last. Empty when everything is settled or disputed. */
export function questionsFor(law: Law, facts: Facts): readonly { readonly fact: FactId; readonly score: number }[] {
  const assignment: Assignment = new Int8Array(law.variableCount);
  const disputed = new Set(assignFacts(law, facts, assignment).map(({ fact }) => fact.index));
  const scratch = scratchOf(law);
  const restrict = scratch.restriction(assignment);
  const open = law.outcomes.flatMap((outcome): OpenOutcome[] => {
    const node = restrict(outcome.node);
    return node <= TRUE ? [] : [{ outcome, node, support: scratch.factsOf(node) }];
  });
  return rankQuestions(law, open, assignment, facts).filter(({ fact }) => !disputed.has(fact.index)).map(({ fact, score }) => ({ fact: fact.definition.id, score }));
}

function costOf(item: OpenOutcome, fact: CompiledFact): number {
  const isExclusion = !item.outcome.statutoryFacts.has(fact.index) && item.support.size > EXCLUSION_SUPPORT_MAX;
  return fact.definition.answerCost * (isExclusion ? EXCLUSION_COST_FACTOR : 1);
}

/**
 * The gain of asking each open fact about one outcome. The entropy drop comes from one pass down and one up the diagram, so that its cost
 * does not grow with the number of facts; that of a set is the sum over its members, at most the whole entropy. The drop of open facts is
 * counted exactly while the diagram is small, and left out beyond: there one answer hardly moves it.
 */
function gainsOf(scratch: Scratch, item: OpenOutcome): ReadonlyMap<number, number> {
  const { store, law } = scratch;
  const marginals = new Marginals(scratch, item.node);
  const before = entropy(marginals.share);
  const isSmall = !store.isLargerThan(item.node, SUPPORT_DROP_NODES_MAX);
  const gains = new Map<number, number>();
  for (const index of item.support) {
    const fact = law.facts[index]!;
    const drop = isSmall ? SUPPORT_DROP_WEIGHT * supportDrop(scratch, item, fact) : 0;
    gains.set(index, Math.min(before, marginals.entropyDrop(fact)) + drop);
  }
  return gains;
}

function supportDrop(scratch: Scratch, item: OpenOutcome, fact: CompiledFact): number {
  const { store } = scratch;
  let after = 0;
  eachAnswer(scratch, item.node, fact, (assignment, share) => {
    const node = store.restrict(item.node, assignment);
    after += share * (node <= TRUE ? 0 : scratch.factsOf(node).size);
  });
  return (item.support.size - after) / item.support.size;
}

/** The share of models behind each value of each fact, from the mass that flows down a diagram and the shares that come up. */
class Marginals {
  readonly share: number;
  private readonly scratch: Scratch;
  /** Place of each node in `shares` and `mass`; the terminals come first, then the inner nodes, each before its children. */
  private readonly places: Int32Array;
  private readonly shares: Float64Array;
  private readonly mass: Float64Array;
  private readonly nodesByVariable = new Map<number, Node[]>();

  constructor(scratch: Scratch, root: Node) {
    this.scratch = scratch;
    const { store, law } = scratch;
    const order = scratch.topDown(root);
    this.places = scratch.places;
    const { places } = this;
    order.forEach((node, at) => (places[node] = at + 2));
    const [low, high] = [store.low, store.high].map((child) => Int32Array.from(order, (node) => places[child[node]!]!)) as [Int32Array, Int32Array];
    this.shares = new Float64Array(order.length + 2);
    this.mass = new Float64Array(order.length + 2);
    const { shares, mass, nodesByVariable } = this;
    shares[1] = 1;
    mass[places[root]!] = 1;
    for (const [at, node] of order.entries()) {
      const variable = store.variable[node]!;
      const weight = law.weights[variable]!;
      const own = mass[at + 2]!;
      mass[low[at]!]! += own * (1 - weight);
      mass[high[at]!]! += own * weight;
      const nodes = nodesByVariable.get(variable);
      if (nodes === undefined) nodesByVariable.set(variable, [node]);
      else nodes.push(node);
    }
    for (let at = order.length - 1; at >= 0; at--) {
      const weight = law.weights[store.variable[order[at]!]!]!;
      shares[at + 2] = weight * shares[high[at]!]! + (1 - weight) * shares[low[at]!]!;
    }
    this.share = shares[places[root]!]!;
  }

  private shareOf(node: Node): number {
    return this.shares[this.places[node]!]!;
  }

  entropyDrop(fact: CompiledFact): number {
    if (fact.definition.type === 'set') {
      let sum = 0;
      for (let variable = fact.first; variable < fact.first + fact.count; variable++) if (this.nodesByVariable.has(variable)) sum += this.chainDrop(variable, 1, false);
      return sum;
    }
    return this.chainDrop(fact.first, fact.count, fact.boundaries.length > 0);
  }

  /** A chain has count + 1 values, equally likely; a diagram always enters it at its first variable. */
  private chainDrop(first: number, count: number, isBeyond: boolean): number {
    const { store, law } = this.scratch;
    const values = count + 1;
    const joint = new Float64Array(values);
    let touched = 0;
    for (let step = 0; step < count; step++) {
      const weight = law.weights[first + step]!;
      for (const node of this.nodesByVariable.get(first + step) ?? []) {
        const mass = this.mass[this.places[node]!]!;
        if (step === 0) touched += mass * this.shareOf(node);
        const [stop, go] = isBeyond ? [store.low[node]!, store.high[node]!] : [store.high[node]!, store.low[node]!];
        const stopWeight = isBeyond ? 1 - weight : weight;
        joint[step]! += mass * stopWeight * this.shareOf(stop);
        if (step + 1 < count && store.variable[go] === first + step + 1) continue;
        const rest = (mass * (1 - stopWeight) * this.shareOf(go)) / (values - 1 - step);
        for (let later = step + 1; later < values; later++) joint[later]! += rest;
      }
    }
    let after = 0;
    for (const part of joint) after += entropy(Math.min(1, Math.max(0, (part + (this.share - touched) / values) * values))) / values;
    // Rounding may push a gain of nothing below zero by the last bit.
    return Math.max(0, entropy(this.share) - after);
  }
}

function entropy(share: number): number {
  if (share <= 0 || share >= 1) return 0;
  return -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
}

/** Tries the possible answers to one question, each as an assignment of its variables only, with its share. */
function eachAnswer(scratch: Scratch, node: Node, fact: CompiledFact, visit: (assignment: Assignment, share: number) => void): void {
  const { trial } = scratch;
  const each = (count: number, write: (index: number) => void): void => {
    try {
      for (let index = 0; index < count; index++) {
        write(index);
        visit(trial, 1 / count);
      }
    } finally {
      trial.fill(-1, fact.first, fact.first + fact.count);
    }
  };
  switch (fact.definition.type) {
    case 'bool': return each(2, (index) => (trial[fact.first] = index));
    case 'enum': return each(fact.count + 1, (index) => assignChain(trial, fact.first, fact.count, index));
    case 'set': {
      const members = scratch.store.support(node).filter((variable) => scratch.law.factOfVariable[variable] === fact.index);
      if (members.length <= SET_MEMBERS_EXACT_MAX) return each(1 << members.length, (index) => members.forEach((variable, at) => (trial[variable] = (index >> at) & 1)));
      return each(members.length + 1, (index) => members.forEach((variable, at) => (trial[variable] = at === index ? 1 : 0)));
    }
    default: return each(fact.count + 1, (index) => assignRegion(fact, index, trial));
  }
}

/** One possible answer in a preview. `value` is the answer itself; for number and date facts a representative is not made up: `text` says the range. */
export interface AnswerPreview {
  /** As in a literal: `yes`, `no`, an enum member, a set member (alone), `none` (the empty set), or `>= 1e23, not > 1e25`. */
  readonly text: string;
  readonly value?: FactValue;
  /** Outcomes this answer changes: their result, or how many facts would still be open (before → after). */
  readonly outcomes: readonly { readonly id: string; readonly result: Result; readonly openBefore: number; readonly open: number }[];
}

/**
 * What each possible answer to `factId` would settle, given the other answers in `facts` (an answer already given to it is set aside).
 * Readings are at their defaults; facts in dispute count as open. Undefined for an unknown fact.
 */
export function preview(law: Law, facts: Facts, factId: FactId): readonly AnswerPreview[] | undefined {
  const fact = law.factById.get(factId);
  if (fact === undefined) return undefined;
  const { [factId]: _own, ...others } = facts;
  const before: Assignment = new Int8Array(law.variableCount);
  assignFacts(law, others, before);
  const scratch = scratchOf(law);
  const restrict = scratch.restriction(before);
  const open = law.outcomes.flatMap((outcome) => {
    const node = restrict(outcome.node);
    return node <= TRUE ? [] : [{ outcome, node, open: scratch.factsOf(node).size }];
  });
  return possibleAnswers(fact).map(({ text, value, write }) => {
    const after: Assignment = new Int8Array(law.variableCount).fill(-1);
    write(after);
    const answered = scratch.store.restriction(scratch.store, after);
    const outcomes = open.flatMap(({ outcome, node: known, open: openBefore }) => {
      const node = answered(known);
      if (node === known) return [];
      const result: Result = node === TRUE ? 'holds' : node === FALSE ? 'fails' : 'undetermined';
      return [{ id: outcome.id, result, openBefore, open: node <= TRUE ? 0 : scratch.factsOf(node).size }];
    });
    return { text, ...(value === undefined ? {} : { value }), outcomes };
  });
}

function possibleAnswers(fact: CompiledFact): readonly { readonly text: string; readonly value?: FactValue; readonly write: (out: Assignment) => void }[] {
  const { type, values } = fact.definition;
  const answer = (text: string, value: FactValue) => ({ text, value, write: (out: Assignment) => assignValue(fact, value, out) });
  switch (type) {
    case 'bool': return [answer('yes', true), answer('no', false)];
    case 'enum': return values.map(({ id }) => answer(id, id));
    case 'set': return [answer('none', []), ...values.map(({ id }) => answer(id, [id]))];
    default: return Array.from({ length: fact.count + 1 }, (_, region) => ({ text: regionText(fact, region), write: (out: Assignment) => assignRegion(fact, region, out) }));
  }
}

function regionText(fact: CompiledFact, region: number): string {
  const parts = [];
  if (region > 0) parts.push(fact.boundaries[region - 1]!.text);
  if (region < fact.count) parts.push(`not ${fact.boundaries[region]!.text}`);
  return parts.join(', ');
}

/** All combinations of options of the given readings, at most `limit`; the first is the defaults. */
export function readingCombinations(law: Law, readings: readonly number[], limit: number): readonly ReadonlyMap<number, string>[] {
  let combinations: ReadonlyMap<number, string>[] = [new Map()];
  for (const index of readings) {
    const { reading } = law.readings[index]!;
    const options = [reading.default, ...reading.options.map((option) => option.id).filter((id) => id !== reading.default)];
    combinations = options.flatMap((option) => combinations.map((combination) => new Map(combination).set(index, option))).slice(0, limit);
  }
  return combinations;
}

export function assignReadings(law: Law, assignment: Assignment, options: ReadonlyMap<number, string>): void {
  for (const [index, option] of options) assignOption(assignment, law.readings[index]!, option);
}
