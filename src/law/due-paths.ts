/** Which conditions may still hold together on the way to a due date: exactly, by diagrams, or roughly where diagrams would grow too large. */

import { DiagramOverflow, Diagrams, FALSE, TRUE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import type { Law } from './compile.ts';
import { DUE_CONDITION_NODES_MAX, DUE_NODES_MAX } from './limits.ts';

/** What is taken to hold so far: a diagram of the scratch store, or TRUE where paths are not followed. FALSE is a way that cannot be. */
export type Path = Node;

/** Operations on paths; conditions are diagrams of the law. */
export interface Paths {
  /** Ways are followed exactly; else each condition is looked at by itself. */
  readonly isExact: boolean;
  /** The way on which `condition` holds too. */
  readonly with: (path: Path, condition: Node) => Path;
  /** The way on which it does not. */
  readonly without: (path: Path, condition: Node) => Path;
  /** Whether `condition` surely holds on this way. */
  readonly isCertain: (path: Path, condition: Node) => boolean;
  /** Indexes of the facts that can still change `condition`. */
  readonly openFacts: (condition: Node) => ReadonlySet<number>;
}

/** A store that several sets of answers share, emptied between duties. */
interface PathStore {
  readonly store: Diagrams;
  generation: number;
}

const stores = new WeakMap<Diagrams, PathStore>();

function storeOf(law: Law): PathStore {
  const known = stores.get(law.diagrams) ?? { store: new Diagrams(DUE_NODES_MAX, 1 << 12, law.diagrams.rank), generation: 0 };
  stores.set(law.diagrams, known);
  return known;
}

/** Follows paths under one assignment of the variables, which must not change. */
export class PathFinder {
  private readonly law: Law;
  private readonly assignment: Assignment;
  private readonly own: PathStore;
  private generation = -1;
  private restrict: (node: Node) => Node = (node) => node;
  private readonly rough: Paths;
  private readonly smallness: Smallness;

  constructor(law: Law, assignment: Assignment) {
    this.law = law;
    this.assignment = assignment;
    this.own = storeOf(law);
    this.rough = roughPaths(law, assignment);
    this.smallness = new Smallness(law.diagrams, assignment);
  }

  /** Whether `condition` can still hold. */
  mayHold(condition: Node): boolean {
    return this.law.diagrams.reach(condition, this.assignment) !== 1;
  }

  /**
   * Evaluates along exact paths where the open conditions are small, else (or where they grow too large on the way) along rough ones, which
   * never miss a way but may follow one that cannot be.
   */
  along<T>(start: Node, others: readonly Node[], evaluate: (paths: Paths, path: Path) => T): T {
    const { own } = this;
    if (own.store.nodeCount > DUE_NODES_MAX / 2) this.empty();
    try {
      if (this.generation !== own.generation) {
        this.restrict = own.store.restriction(this.law.diagrams, this.assignment);
        this.generation = own.generation;
      }
      if (this.smallness.areSmall([start, ...others])) return evaluate(this.exactPaths(), this.restrict(start));
    } catch (error) {
      if (!(error instanceof DiagramOverflow)) throw error;
      this.empty();
    }
    return evaluate(this.rough, TRUE);
  }

  private empty(): void {
    this.own.store.clear();
    this.own.generation++;
  }

  private exactPaths(): Paths {
    const { restrict } = this;
    const { store } = this.own;
    const without = (path: Path, condition: Node): Path => store.and(path, store.not(restrict(condition)));
    return {
      isExact: true,
      with: (path, condition) => store.and(path, restrict(condition)),
      without,
      isCertain: (path, condition) => without(path, condition) === FALSE,
      openFacts: (condition) => factsOf(this.law, store, restrict(condition), undefined),
    };
  }
}

/** Each condition looked at by itself. */
function roughPaths(law: Law, assignment: Assignment): Paths {
  const reached = new Map<Node, number>();
  const reach = (condition: Node): number => {
    const value = reached.get(condition) ?? law.diagrams.reach(condition, assignment);
    reached.set(condition, value);
    return value;
  };
  const known = new Map<Node, ReadonlySet<number>>();
  const openFacts = (condition: Node): ReadonlySet<number> => {
    const facts = known.get(condition) ?? (reach(condition) === 3 ? factsOf(law, law.diagrams, condition, assignment) : new Set<number>());
    known.set(condition, facts);
    return facts;
  };
  return {
    isExact: false,
    with: (path, condition) => (reach(condition) === 1 ? FALSE : path),
    without: (path, condition) => (reach(condition) === 2 ? FALSE : path),
    isCertain: (path, condition) => path === FALSE || reach(condition) === 2,
    openFacts,
  };
}

/** The facts tested below `node`; with an assignment, only those not fully answered. */
function factsOf(law: Law, store: Diagrams, node: Node, assignment: Assignment | undefined): ReadonlySet<number> {
  const facts = new Set<number>();
  store.visit(node, (at) => {
    const variable = store.variable[at]!;
    const fact = law.factOfVariable[variable]!;
    if (fact >= 0 && (assignment === undefined || assignment[variable]! < 0)) facts.add(fact);
  });
  return facts;
}

/** How much is open below diagrams under one assignment, which must not change. Remembers what it has looked at. */
export class Smallness {
  private readonly diagrams: Diagrams;
  private readonly assignment: Assignment;
  private readonly known = new Map<Node, boolean>();

  constructor(diagrams: Diagrams, assignment: Assignment) {
    this.diagrams = diagrams;
    this.assignment = assignment;
  }

  /** Whether what is open of each of `nodes` is small enough to be followed exactly. */
  areSmall(nodes: readonly Node[]): boolean {
    return nodes.every((node) => this.isSmall(node));
  }

  /** Whether what is open below `root` is at most DUE_CONDITION_NODES_MAX nodes; stops looking beyond. */
  private isSmall(root: Node): boolean {
    const known = this.known.get(root);
    if (known !== undefined) return known;
    const { variable, low, high } = this.diagrams;
    const seen = new Set<Node>();
    const open = [root];
    for (let node = open.pop(); node !== undefined && seen.size <= DUE_CONDITION_NODES_MAX; node = open.pop()) {
      if (node <= TRUE || seen.has(node)) continue;
      seen.add(node);
      const value = this.assignment[variable[node]!]!;
      if (value !== 1) open.push(low[node]!);
      if (value !== 0) open.push(high[node]!);
    }
    const isSmall = seen.size <= DUE_CONDITION_NODES_MAX;
    this.known.set(root, isSmall);
    return isSmall;
  }
}
