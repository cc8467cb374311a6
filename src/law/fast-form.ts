/**
 * The law in the form in which bulk work runs: a few flat decision tables, each of which answers several conclusions in one walk.
 *
 * Three things make it faster than the diagrams it is made from. Conclusions that test the same facts share one table, whose leaves list
 * everything that then holds. The answer to a fact is a word of bits, so that one step asks “any of these values?” instead of one step per
 * value. And readings, which bulk work leaves at their defaults, are decided beforehand. It answers only what is fully known; a walk that
 * meets anything else says so, and the caller goes back to the diagrams.
 */

import { FALSE, hash, TRUE } from './bdd.ts';
import type { Diagrams, Node } from './bdd.ts';
import type { CompiledFact, CompiledOutcome, Law } from './compile.ts';
import { JOINT_NODES_MAX, TABLE_GROWTH_MAX, TABLE_NODES_MAX, TABLES_TRIED_MAX } from './limits.ts';
import type { FactId } from './model.ts';

/** Bits of one word of answers; the sign is left for answers that are not known. */
export const WORD_BITS = 30;
/** A row of the program: word, mask, where to go when none of the masked bits is set, where to go when any is. */
const ROW_LENGTH = 4;

/** The answer to one fact, or to WORD_BITS values of it: a bool is bit 0; an enum sets the bit of its value, a set those of its members, a number one for each boundary it is beyond. */
export interface AnswerWord {
  readonly id: FactId;
  readonly fact: CompiledFact;
  /** Number of the first value or boundary of this word. */
  readonly offset: number;
  /** Of enums and sets, every value of the fact; those without a bit in this word have none. */
  readonly bitOfValue: ReadonlyMap<string, number>;
}

export interface Table {
  /** Where the walk begins in the program; a leaf when negative. */
  readonly root: number;
  /** Indexes of the conclusions it answers. */
  readonly outcomes: Int32Array;
}

/** Conclusions that need the same requirement. Where it fails, all of them fail. */
export interface Stage {
  readonly requirement: { readonly root: number; readonly node: Node } | undefined;
  readonly tables: readonly Table[];
}

export interface FastForm {
  readonly stages: readonly Stage[];
  /** Rows of ROW_LENGTH; a target below zero is the leaf ~target. */
  readonly program: Int32Array;
  /** What holds at a leaf, families of the conclusions included: the indexes at `holdingFrom[leaf]` … `holdingFrom[leaf + 1] - 1`. */
  readonly holding: Int32Array;
  readonly holdingFrom: Int32Array;
  readonly words: readonly AnswerWord[];
}

/** By the answers nothing is known in, which laws of equal content and readings share. */
const forms = new WeakMap<Law['blank'], FastForm>();

/** The fast form of a law, made once when it is first asked for. */
export function fastFormOf(law: Law): FastForm {
  const known = forms.get(law.blank) ?? new FastFormBuilder(law).form();
  forms.set(law.blank, known);
  return known;
}

/** The requirement of a stage holds at the leaf that lists this. */
const REQUIREMENT_MET = -1;

/** A node of several conclusions at once: an inner node ≥ 0, or the leaf ~index. */
type Joint = number;

/** Numbers by triples of numbers, in typed arrays: one open table, emptied at once by a new stamp. */
class Triples {
  private keys: Int32Array;
  private stamps: Int32Array;
  private stamp = 1;
  private count = 0;

  constructor(expected: number) {
    this.keys = new Int32Array(expected * 2 * KEY_LENGTH);
    this.stamps = new Int32Array(expected * 2);
  }

  /** Forgets everything. */
  begin(): void {
    this.stamp++;
    this.count = 0;
  }

  get(a: number, b: number, c: number): number | undefined {
    const slot = this.slot(a, b, c);
    return this.stamps[slot] === this.stamp ? this.keys[slot * KEY_LENGTH + 3]! : undefined;
  }

  set(a: number, b: number, c: number, value: number): void {
    if (++this.count * 2 > this.stamps.length) this.grow();
    this.put(a, b, c, value);
  }

  private put(a: number, b: number, c: number, value: number): void {
    const slot = this.slot(a, b, c);
    const { keys } = this;
    const at = slot * KEY_LENGTH;
    keys[at] = a;
    keys[at + 1] = b;
    keys[at + 2] = c;
    keys[at + 3] = value;
    this.stamps[slot] = this.stamp;
  }

  /** Where the triple stands, or else the free place for it. */
  private slot(a: number, b: number, c: number): number {
    const { keys, stamps, stamp } = this;
    const mask = stamps.length - 1;
    let slot = hash(a, b, c) & mask;
    while (stamps[slot] === stamp) {
      const at = slot * KEY_LENGTH;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const { keys, stamps, stamp } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.stamps = new Int32Array(stamps.length * 2);
    for (let slot = 0; slot < stamps.length; slot++) {
      const at = slot * KEY_LENGTH;
      if (stamps[slot] === stamp) this.put(keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!);
    }
  }
}

/** Three numbers and what they stand for. */
const KEY_LENGTH = 4;

/** Diagrams whose leaves are sets of outcomes: the conclusions that hold there. */
class JointDiagrams {
  readonly variable: number[] = [];
  readonly low: Joint[] = [];
  readonly high: Joint[] = [];
  readonly leaves: (readonly number[])[] = [];
  private readonly nodes = new Triples(1 << 14);
  private readonly memo = new Triples(1 << 11);
  private readonly leafOf = new Map<string, Joint>();
  private readonly source: Diagrams;
  private readonly law: Law;

  constructor(law: Law) {
    this.law = law;
    this.source = law.diagrams;
  }

  leaf(holding: readonly number[]): Joint {
    const key = holding.join();
    const known = this.leafOf.get(key);
    if (known !== undefined) return known;
    const leaf = ~this.leaves.length;
    this.leaves.push(holding);
    this.leafOf.set(key, leaf);
    return leaf;
  }

  private make(variable: number, low: Joint, high: Joint): Joint {
    if (low === high) return low;
    const known = this.nodes.get(variable, low, high);
    if (known !== undefined) return known;
    const node = this.variable.push(variable) - 1;
    this.low.push(low);
    this.high.push(high);
    this.nodes.set(variable, low, high, node);
    return node;
  }

  /** `joint` and beside it `outcome`, which holds where `node` does; undefined when that takes more than `nodesMax` nodes. */
  with(joint: Joint, node: Node, outcome: number, nodesMax: number): Joint | undefined {
    const { source, memo } = this;
    memo.begin();
    let visited = 0;
    const walk = (left: Joint, start: Node): Joint => {
      const right = this.decided(start);
      if (right === FALSE) return left;
      if (left < 0 && right === TRUE) return this.leaf([...this.leaves[~left]!, outcome]);
      const known = memo.get(left, right, 0);
      if (known !== undefined) return known;
      if (++visited > nodesMax) return left;
      const variable = this.first(left < 0 ? -1 : this.variable[left]!, right === TRUE ? -1 : source.variable[right]!);
      const isLeft = left >= 0 && this.variable[left] === variable;
      const isRight = right !== TRUE && source.variable[right] === variable;
      const low = walk(isLeft ? this.low[left]! : left, isRight ? source.low[right]! : right);
      const high = walk(isLeft ? this.high[left]! : left, isRight ? source.high[right]! : right);
      const result = this.make(variable, low, high);
      memo.set(left, right, 0, result);
      return result;
    };
    const result = walk(joint, node);
    return visited > nodesMax ? undefined : result;
  }

  /** Follows readings to their defaults. */
  private decided(start: Node): Node {
    const { source, law } = this;
    let node = start;
    while (node > TRUE && law.factOfVariable[source.variable[node]!]! < 0) node = law.blank[source.variable[node]!] === 1 ? source.high[node]! : source.low[node]!;
    return node;
  }

  private first(a: number, b: number): number {
    if (a < 0 || b < 0) return Math.max(a, b);
    const { rank } = this.source;
    return rank === undefined ? Math.min(a, b) : rank[a]! <= rank[b]! ? a : b;
  }

  /** The inner nodes below `root`, each before its children. */
  topDown(root: Joint): readonly Joint[] {
    const seen = new Set<Joint>();
    const after: Joint[] = [];
    const visit = (node: Joint): void => {
      if (node < 0 || seen.has(node)) return;
      seen.add(node);
      visit(this.low[node]!);
      visit(this.high[node]!);
      after.push(node);
    };
    visit(root);
    return after.reverse();
  }
}

interface Draft {
  readonly root: Joint;
  readonly outcomes: readonly number[];
  /** Number of nodes. */
  readonly size: number;
  /** Steps of a walk on average, when all values of a fact are equally likely. */
  readonly steps: number;
}

class FastFormBuilder {
  private readonly law: Law;
  private readonly joint: JointDiagrams;
  private readonly families = new Map<number, number>();
  private readonly rows: number[] = [];
  private readonly placed = new Map<Joint, number>();
  private readonly wordOf: Int32Array;
  private readonly bitOf: Int32Array;
  private readonly words: AnswerWord[] = [];

  constructor(law: Law) {
    this.law = law;
    this.joint = new JointDiagrams(law);
    law.outcomes.forEach(({ members }, family) => members.forEach((member) => this.families.set(member, family)));
    this.wordOf = new Int32Array(law.variableCount).fill(-1);
    this.bitOf = new Int32Array(law.variableCount);
    for (const fact of law.facts) {
      for (let at = 0; at < fact.count; at++) {
        if (at % WORD_BITS === 0) this.words.push(wordOf(fact, at));
        this.wordOf[fact.first + at] = this.words.length - 1;
        this.bitOf[fact.first + at] = bitAt(at);
      }
    }
  }

  form(): FastForm {
    const stages = [...this.byRequirement()].map(([requirement, outcomes]): Stage => ({
      requirement: requirement === TRUE ? undefined : { root: this.place(this.alone(requirement, REQUIREMENT_MET).root), node: requirement },
      tables: this.grouped(outcomes).map((draft) => this.table(draft)),
    }));
    const holding: number[] = [];
    const holdingFrom = [0, ...this.joint.leaves.map((leaf) => holding.push(...this.withFamilies(leaf)))];
    return { stages, program: Int32Array.from(this.rows), holding: Int32Array.from(holding), holdingFrom: Int32Array.from(holdingFrom), words: this.words };
  }

  private withFamilies(holding: readonly number[]): readonly number[] {
    return [...new Set(holding.flatMap((outcome) => [outcome, ...(this.families.has(outcome) ? [this.families.get(outcome)!] : [])]))];
  }

  private byRequirement(): ReadonlyMap<Node, readonly number[]> {
    const byNode = new Map<Node, number[]>();
    this.law.outcomes.forEach(({ members, requires }, index) => {
      if (members.length > 0) return;
      const node = requires?.node ?? TRUE;
      byNode.set(node, [...(byNode.get(node) ?? []), index]);
    });
    return byNode;
  }

  /** What is to be walked once the requirement of an outcome is met. */
  private bodyOf(index: number): Node {
    const outcome: CompiledOutcome = this.law.outcomes[index]!;
    return outcome.requires === undefined ? outcome.node : outcome.body;
  }

  private alone(node: Node, outcome: number): Draft {
    const root = this.joint.with(this.joint.leaf([]), node, outcome, Number.POSITIVE_INFINITY)!;
    return this.draft(root, [outcome]);
  }

  /** Joins each conclusion to the table with which it saves the most steps, as long as the two together do not grow too much. */
  private grouped(outcomes: readonly number[]): readonly Draft[] {
    const drafts: Draft[] = [];
    for (const index of outcomes) {
      const own = this.alone(this.bodyOf(index), index);
      let best: { readonly at: number; readonly draft: Draft; readonly saved: number } | undefined;
      for (let at = Math.max(0, drafts.length - TABLES_TRIED_MAX); at < drafts.length && this.joint.variable.length < JOINT_NODES_MAX; at++) {
        const draft = drafts[at]!;
        const nodesMax = Math.min(TABLE_NODES_MAX, Math.ceil((draft.size + own.size) * TABLE_GROWTH_MAX));
        // A table tells apart whatever its conclusions alone tell apart: it is never smaller than one of them.
        if (Math.max(draft.size, own.size) > nodesMax) continue;
        const root = this.joint.with(draft.root, this.bodyOf(index), index, nodesMax);
        if (root === undefined) continue;
        const joined = this.draft(root, [...draft.outcomes, index]);
        const saved = draft.steps + own.steps - joined.steps;
        if (saved > (best?.saved ?? 0)) best = { at, draft: joined, saved };
      }
      if (best === undefined) drafts.push(own);
      else drafts[best.at] = best.draft;
    }
    return drafts;
  }

  private draft(root: Joint, outcomes: readonly number[]): Draft {
    const order = this.joint.topDown(root);
    const mass = new Map<Joint, number>([[root, 1]]);
    let steps = 0;
    for (const node of order) {
      const own = mass.get(node)!;
      const weight = this.law.weights[this.joint.variable[node]!]!;
      steps += own;
      for (const [to, share] of [[this.joint.low[node]!, own * (1 - weight)], [this.joint.high[node]!, own * weight]] as const) mass.set(to, (mass.get(to) ?? 0) + share);
    }
    return { root, outcomes, size: order.length, steps };
  }

  private table({ root, outcomes }: Pick<Draft, 'root' | 'outcomes'>): Table {
    return { root: this.place(root), outcomes: Int32Array.from(outcomes) };
  }

  /** Writes the rows below `node`, parents first, and gives the address of its own. */
  private place(node: Joint): number {
    if (node < 0) return node;
    const known = this.placed.get(node);
    if (known !== undefined) return known;
    const address = this.rows.length;
    this.placed.set(node, address);
    this.rows.push(0, 0, 0, 0);
    const { joint } = this;
    const any = joint.high[node]!;
    const word = this.wordOf[joint.variable[node]!]!;
    let mask = this.bitOf[joint.variable[node]!]!;
    let none = joint.low[node]!;
    // Values of one fact that lead to the same place are asked in one step.
    while (none >= 0 && joint.high[none] === any && this.wordOf[joint.variable[none]!] === word) {
      mask |= this.bitOf[joint.variable[none]!]!;
      none = joint.low[none]!;
    }
    const row = [word, mask, this.place(none), this.place(any)];
    for (let at = 0; at < ROW_LENGTH; at++) this.rows[address + at] = row[at]!;
    return address;
  }
}

function bitAt(at: number): number {
  return 1 << (at % WORD_BITS);
}

function wordOf(fact: CompiledFact, offset: number): AnswerWord {
  const { id } = fact.definition;
  const isHere = (at: number): boolean => at >= offset && at < Math.min(fact.count, offset + WORD_BITS);
  return { id, fact, offset, bitOfValue: new Map([...fact.valueIndex].map(([value, at]) => [value, isHere(at) ? bitAt(at) : 0])) };
}
