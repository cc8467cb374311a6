/** A decision diagram ready to be drawn: what is asked, which answer leads where, and a place for each on a plane. */

import { no, yes } from '../base/index.ts';
import type { Verdict } from '../base/index.ts';
import { TRUE } from './bdd.ts';
import type { Node } from './bdd.ts';
import type { Law } from './compile.ts';
import { placed } from './diagram-layout.ts';
import { DRAWN_NODES_DEFAULT, DRAWN_NODES_MAX } from './limits.ts';

/** What a node asks. `value`: a member of a set, asked yes or no. */
export interface DiagramTest {
  readonly kind: 'fact' | 'reading';
  readonly id: string;
  readonly value?: string;
}

export interface DiagramNode {
  /** Its index in `nodes`; the root is 0. */
  readonly id: number;
  /** `more`: where a truncated drawing stops. */
  readonly kind: 'test' | 'holds' | 'fails' | 'more';
  readonly test?: DiagramTest;
  /** The test in the words of a condition: `X.employment has recruit`, `X.task`; of a terminal its kind. */
  readonly label: string;
  /** Row, from 0 at the top: tests of one fact or set member stand in one row, the terminals in the last. */
  readonly level: number;
  /** Centre; one unit is the width of a node with its gap (x) or the height of a row (y). */
  readonly x: number;
  readonly y: number;
}

export interface DiagramEdge {
  readonly from: number;
  readonly to: number;
  /** Any of these answers leads this way: `yes`, `no`, members of an enum, options of a reading, ranges such as `>= 10, < 20`. */
  readonly answers: readonly string[];
  /** From the centre of one node to that of the other, through the gaps of the rows between. Edges to one node join on the way. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** Extent: x from 0 to `width`, y from 0 to `height`, centres included. */
  readonly width: number;
  readonly height: number;
  readonly isTruncated: boolean;
}

export type DiagramRefusal =
  | { readonly code: 'unknown-conclusion' | 'unknown-rule'; readonly id: string }
  /** `nodes` of the diagram in the engine, where an enum of k values is up to k - 1 nodes. */
  | { readonly code: 'diagram-too-large'; readonly id: string; readonly nodes: number; readonly nodesMax: number };

/**
 * The diagram of a conclusion (or family) with all its rules, exceptions and requirements, or of the condition of one rule that is in
 * force. Refused above `nodesMax` nodes (at most DRAWN_NODES_MAX); with `truncate` the nodes nearest to the root are drawn instead and
 * the rest is one node `more`.
 */
export function diagramOf(law: Law, what: { readonly conclusion: string } | { readonly rule: string }, options: { readonly nodesMax?: number; readonly truncate?: boolean } = {}): Verdict<Diagram, DiagramRefusal> {
  const nodesMax = Math.max(2, Math.min(options.nodesMax ?? DRAWN_NODES_DEFAULT, DRAWN_NODES_MAX));
  const root = rootOf(law, what);
  const id = 'rule' in what ? what.rule : what.conclusion;
  if (root === undefined) return no({ code: 'rule' in what ? 'unknown-rule' : 'unknown-conclusion', id });
  const drawing = new Drawing(law, nodesMax);
  drawing.from(root);
  if (drawing.isTruncated && options.truncate !== true) return no({ code: 'diagram-too-large', id, nodes: law.diagrams.size(root), nodesMax });
  const layout = placed(drawing.nodes, drawing.edges);
  return yes({
    nodes: drawing.nodes.map((node, index) => ({ ...node, ...layout.nodes[index]! })),
    edges: drawing.edges.map((edge, index) => ({ ...edge, points: layout.edges[index]! })),
    width: layout.width,
    height: layout.height,
    isTruncated: drawing.isTruncated,
  });
}

function rootOf(law: Law, what: { readonly conclusion: string } | { readonly rule: string }): Node | undefined {
  if ('rule' in what) return law.outcomes.flatMap(({ rules }) => rules).find(({ rule }) => rule.id === what.rule)?.condition;
  const index = law.outcomeById.get(what.conclusion);
  return index === undefined ? undefined : law.outcomes[index]!.node;
}

type BareNode = Omit<DiagramNode, 'x' | 'y'>;
type BareEdge = Omit<DiagramEdge, 'points'>;

/** A fact or reading whose values are a chain of variables; `count` 1 and `yes`/`no` for the rest. */
interface Chain {
  readonly test: DiagramTest;
  readonly label: string;
  readonly first: number;
  readonly count: number;
  /** Answer 0 … count: of a chain of values the value itself, of boundaries the range; `isBeyond`: a true variable means a later answer. */
  readonly answers: readonly string[];
  readonly isBeyond: boolean;
}

/** Walks the diagram breadth first and joins the variables of a chain into one node. */
class Drawing {
  readonly nodes: BareNode[] = [];
  readonly edges: BareEdge[] = [];
  isTruncated = false;
  private readonly law: Law;
  private readonly nodesMax: number;
  private readonly drawn = new Map<Node, number>();
  private readonly chains = new Map<number, Chain>();
  private more: number | undefined;

  constructor(law: Law, nodesMax: number) {
    this.law = law;
    this.nodesMax = nodesMax;
  }

  from(root: Node): void {
    this.nodeFor(root);
    // Nodes are appended while we walk, nearest to the root first.
    for (const [node, id] of this.drawn) if (node > TRUE) this.expand(node, id);
    const last = this.level();
    for (const [id, node] of this.nodes.entries()) if (node.kind !== 'test') this.nodes[id] = { ...node, level: last };
  }

  private nodeFor(node: Node): number {
    const known = this.drawn.get(node);
    if (known !== undefined) return known;
    if (node > TRUE && this.nodes.length >= this.nodesMax) {
      this.isTruncated = true;
      this.more ??= this.add({ kind: 'more', label: 'more' });
      return this.more;
    }
    const chain = node > TRUE ? this.chainOf(this.law.diagrams.variable[node]!) : undefined;
    const id = this.add(chain === undefined ? { kind: node === TRUE ? 'holds' : 'fails', label: node === TRUE ? 'holds' : 'fails' } : { kind: 'test', test: chain.test, label: chain.label });
    this.drawn.set(node, id);
    return id;
  }

  private add(node: Omit<BareNode, 'id' | 'level'>): number {
    this.nodes.push({ id: this.nodes.length, level: 0, ...node });
    return this.nodes.length - 1;
  }

  /** One edge for each different target, with all the answers that lead there. */
  private expand(start: Node, from: number): void {
    const { variable, low, high } = this.law.diagrams;
    const chain = this.chainOf(variable[start]!);
    const answersByTarget = new Map<Node, string[]>();
    const lead = (target: Node, answer: string): void => {
      const answers = answersByTarget.get(target) ?? [];
      answersByTarget.set(target, [...answers, answer]);
    };
    let node = start;
    for (let at = 0; at < chain.count; at++) {
      // Where the diagram skips a variable of the chain, both its values lead on to the same node.
      const isTested = node > TRUE && variable[node] === chain.first + at;
      const settled = isTested ? (chain.isBeyond ? low : high)[node]! : node;
      lead(settled, chain.answers[at]!);
      if (isTested) node = (chain.isBeyond ? high : low)[node]!;
    }
    lead(node, chain.answers[chain.count]!);
    for (const [target, answers] of answersByTarget) this.edges.push({ from, to: this.nodeFor(target), answers });
  }

  private chainOf(variable: number): Chain {
    const { law } = this;
    const index = law.factOfVariable[variable]!;
    if (index < 0) return this.readingChain(variable);
    const { definition, first, count, boundaries } = law.facts[index]!;
    const { id, type, values } = definition;
    const remembered = this.chains.get(type === 'set' ? variable : first);
    if (remembered !== undefined) return remembered;
    const chain = ((): Chain => {
      switch (type) {
        case 'bool': return { test: { kind: 'fact', id }, label: id, first, count: 1, answers: ['yes', 'no'], isBeyond: false };
        case 'set': {
          const value = values[variable - first]!.id;
          return { test: { kind: 'fact', id, value }, label: `${id} has ${value}`, first: variable, count: 1, answers: ['yes', 'no'], isBeyond: false };
        }
        case 'enum': return { test: { kind: 'fact', id }, label: id, first, count, answers: values.map((value) => value.id), isBeyond: false };
        default: return { test: { kind: 'fact', id }, label: id, first, count, answers: rangesOf(boundaries.map(({ text }) => text)), isBeyond: true };
      }
    })();
    this.chains.set(chain.first, chain);
    return chain;
  }

  private readingChain(variable: number): Chain {
    const { reading, first, count } = this.law.readings.find((item) => variable >= item.first && variable < item.first + item.count)!;
    return { test: { kind: 'reading', id: reading.id }, label: reading.id, first, count, answers: reading.options.map((option) => option.id), isBeyond: false };
  }

  /** Gives each row of tests its level, in the order of the variables; answers the level of the terminals. */
  private level(): number {
    const { rank } = this.law.diagrams;
    const placeOf = (node: Node): number => {
      const { first } = this.chainOf(this.law.diagrams.variable[node]!);
      return rank === undefined ? first : rank[first]!;
    };
    const tests = [...this.drawn].filter(([node]) => node > TRUE);
    const places = [...new Set(tests.map(([node]) => placeOf(node)))].sort((a, b) => a - b);
    const levels = new Map(places.map((place, level) => [place, level]));
    for (const [node, id] of tests) this.nodes[id] = { ...this.nodes[id]!, level: levels.get(placeOf(node))! };
    return places.length;
  }
}

/** The ranges between boundaries such as `>= 10`, `> 20`: below the first, between two, beyond the last. */
function rangesOf(boundaries: readonly string[]): readonly string[] {
  const below = (boundary: string): string => (boundary.startsWith('>=') ? `<${boundary.slice(2)}` : `<=${boundary.slice(1)}`);
  return [...boundaries, undefined].map((boundary, at) => {
    const previous = boundaries[at - 1];
    return [...(previous === undefined ? [] : [previous]), ...(boundary === undefined ? [] : [below(boundary)])].join(', ');
  });
}
