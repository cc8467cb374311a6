/** Reduced ordered binary decision diagrams in typed arrays: one node number stands for one Boolean function, equal functions are equal numbers. */

import { DIAGRAM_NODES_MAX } from './limits.ts';

export type Node = number;
export const FALSE: Node = 0;
export const TRUE: Node = 1;
/** Value of a variable in an assignment: -1 not assigned, 0 false, 1 true. */
export type Assignment = Int8Array;

/** Terminals come after every variable. */
const TERMINAL_VARIABLE = 0x7fffffff;
/** Walks are numbered up to here, then begin again. */
const STAMP_MAX = 0x7ffffffe;
const CACHE_BITS = 15;
/** Stands for the table of a store that nobody has added to since it was copied. */
const NOT_HASHED = new Int32Array(0);
/** Capacity a cleared store keeps. */
const SCRATCH_NODES_KEPT = 1 << 17;

/** Thrown when a store would exceed its bound of nodes or of steps; compile.ts turns it into a fault that names the rule. */
export class DiagramOverflow extends Error {
  constructor(max: number, unit: 'nodes' | 'steps' = 'nodes') {
    super(`more than ${max} diagram ${unit}`);
    this.name = 'DiagramOverflow';
  }
}

/** A store of diagrams over the variables 0, 1, 2…, tested in the order of `rank`. Node numbers are valid only within their store. */
export class Diagrams {
  /** Variable, low child (variable false) and high child of each node. Owned by this class; others only read. */
  variable: Int32Array;
  low: Int32Array;
  high: Int32Array;
  private count = 2;
  /** How often the store has been emptied: node numbers of before mean nothing. */
  clears = 0;
  private readonly nodesMax: number;
  private readonly stepsMax: number;
  private stepsLeft: number;
  /** Place of each variable in the order; undefined: a variable is its own place. */
  readonly rank: Int32Array | undefined;
  private table: Int32Array;
  private readonly cache = new Int32Array(4 << CACHE_BITS);
  private isCacheUsed = false;
  private memoValue = new Int32Array(0);
  private memoStamp = new Int32Array(0);
  private stamp = 0;
  /** The nodes of the visit under way, by its number. */
  private visited: Int32Array = new Int32Array(0);
  private visits = 0;
  /** What became of the nodes of a source, by the number of the restriction. */
  private readonly restricted: { value: Int32Array; stamp: Int32Array; last: number } = { value: new Int32Array(0), stamp: new Int32Array(0), last: 0 };

  /** `stepsMax` bounds the work of all connectives together (not only what they keep); 0: not bounded. */
  constructor(nodesMax: number = DIAGRAM_NODES_MAX, nodesExpected = 1 << 10, rank?: Int32Array, stepsMax = 0) {
    this.nodesMax = nodesMax;
    this.stepsMax = stepsMax;
    this.stepsLeft = stepsMax;
    this.rank = rank;
    this.variable = new Int32Array(nodesExpected);
    this.low = new Int32Array(nodesExpected);
    this.high = new Int32Array(nodesExpected);
    this.table = new Int32Array(nodesExpected * 2);
    this.setTerminals();
  }

  private setTerminals(): void {
    for (const terminal of [FALSE, TRUE]) {
      this.variable[terminal] = TERMINAL_VARIABLE;
      this.low[terminal] = terminal;
      this.high[terminal] = terminal;
    }
  }

  /** Number of nodes, terminals included. */
  get nodeCount(): number {
    return this.count;
  }

  /** An empty store with the same order of variables and the same bound of nodes. */
  scratch(): Diagrams {
    return new Diagrams(this.nodesMax, 1 << 10, this.rank);
  }

  /** Grants the connectives their bound of steps anew. */
  renewSteps(): void {
    this.stepsLeft = this.stepsMax;
  }

  /** Forgets every node; for scratch stores. */
  clear(): void {
    this.count = 2;
    this.clears++;
    if (this.isCacheUsed) this.cache.fill(0);
    this.isCacheUsed = false;
    if (this.variable.length <= SCRATCH_NODES_KEPT && this.table !== NOT_HASHED) {
      this.table.fill(0);
      return;
    }
    // One large question must not make every later one pay for emptying a large table.
    this.variable = new Int32Array(SCRATCH_NODES_KEPT);
    this.low = new Int32Array(SCRATCH_NODES_KEPT);
    this.high = new Int32Array(SCRATCH_NODES_KEPT);
    this.table = new Int32Array(SCRATCH_NODES_KEPT * 2);
    this.setTerminals();
  }

  /** The node “if `variable` then `high` else `low`”, reduced and shared. */
  make(variable: number, low: Node, high: Node): Node {
    if (low === high) return low;
    if (this.table === NOT_HASHED) this.rehash();
    let mask = this.table.length - 1;
    let slot = hash(variable, low, high) & mask;
    for (let node = this.table[slot]!; node !== 0; node = this.table[slot]!) {
      if (this.variable[node] === variable && this.low[node] === low && this.high[node] === high) return node;
      slot = (slot + 1) & mask;
    }
    if (this.count >= this.nodesMax) throw new DiagramOverflow(this.nodesMax);
    if (this.count === this.variable.length) {
      this.grow();
      mask = this.table.length - 1;
      slot = hash(variable, low, high) & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
    }
    const node = this.count++;
    this.variable[node] = variable;
    this.low[node] = low;
    this.high[node] = high;
    this.table[slot] = node;
    return node;
  }

  private grow(): void {
    const size = this.variable.length * 2;
    this.variable = enlarged(this.variable, size);
    this.low = enlarged(this.low, size);
    this.high = enlarged(this.high, size);
    this.rehash();
  }

  private rehash(): void {
    this.table = new Int32Array(this.variable.length * 2);
    const mask = this.table.length - 1;
    for (let node = 2; node < this.count; node++) {
      let slot = hash(this.variable[node]!, this.low[node]!, this.high[node]!) & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = node;
    }
  }

  /** The function that is the variable itself. */
  literal(variable: number): Node {
    return this.make(variable, FALSE, TRUE);
  }

  /** If `f` then `g` else `h`. All connectives come from it. */
  ite(f: Node, g: Node, h: Node): Node {
    if (f === TRUE) return g;
    if (f === FALSE) return h;
    if (g === h) return g;
    if (g === TRUE && h === FALSE) return f;
    const slot = (hash(f, g, h) & ((1 << CACHE_BITS) - 1)) << 2;
    // Slot keys start at f ≥ 2, so that an empty slot (0) never matches.
    if (this.cache[slot] === f && this.cache[slot + 1] === g && this.cache[slot + 2] === h) return this.cache[slot + 3]!;
    // Conditions may share so little that few nodes cost many steps: the cache forgets, and the same is worked out again.
    if (this.stepsLeft > 0 && --this.stepsLeft === 0) throw new DiagramOverflow(this.stepsMax, 'steps');
    const top = this.first(this.first(this.variable[f]!, this.variable[g]!), this.variable[h]!);
    const low = this.ite(this.cofactor(f, top, 0), this.cofactor(g, top, 0), this.cofactor(h, top, 0));
    const high = this.ite(this.cofactor(f, top, 1), this.cofactor(g, top, 1), this.cofactor(h, top, 1));
    const node = this.make(top, low, high);
    this.isCacheUsed = true;
    this.cache[slot] = f;
    this.cache[slot + 1] = g;
    this.cache[slot + 2] = h;
    this.cache[slot + 3] = node;
    return node;
  }

  /** Which of two variables (or the mark of terminals) is tested first. */
  private first(a: number, b: number): number {
    if (this.rank === undefined || a === TERMINAL_VARIABLE || b === TERMINAL_VARIABLE) return Math.min(a, b);
    return this.rank[a]! <= this.rank[b]! ? a : b;
  }

  private cofactor(f: Node, variable: number, value: 0 | 1): Node {
    if (this.variable[f] !== variable) return f;
    return value === 1 ? this.high[f]! : this.low[f]!;
  }

  not(f: Node): Node {
    return this.ite(f, FALSE, TRUE);
  }

  and(f: Node, g: Node): Node {
    return this.ite(f, g, FALSE);
  }

  or(f: Node, g: Node): Node {
    return this.ite(f, TRUE, g);
  }

  /** Any of them: joined pair by pair, so that large diagrams are walked few times. */
  any(nodes: readonly Node[]): Node {
    let left = [...new Set(nodes)];
    while (left.length > 1) left = Array.from({ length: Math.ceil(left.length / 2) }, (_, at) => (2 * at + 1 < left.length ? this.or(left[2 * at]!, left[2 * at + 1]!) : left[2 * at]!));
    return left[0] ?? FALSE;
  }

  xor(f: Node, g: Node): Node {
    return this.ite(f, this.not(g), g);
  }

  /** `f` of `source` with the assigned variables replaced by their values, as a diagram of this store. `source` may be this store. */
  restrictFrom(source: Diagrams, f: Node, assignment: Assignment): Node {
    return this.restriction(source, assignment)(f);
  }

  /** The same for many functions under one assignment, which must not change meanwhile: what they share is walked once. Valid until this store is cleared. */
  restriction(source: Diagrams, assignment: Assignment): (f: Node) => Node {
    const memo = this.restricted;
    if (memo.last === STAMP_MAX) {
      memo.stamp.fill(0);
      memo.last = 0;
    }
    const stamp = ++memo.last;
    const walk = (start: Node): Node => {
      const { variable, low, high } = source;
      let node = start;
      let value = node > TRUE ? assignment[variable[node]!]! : -1;
      while (node > TRUE && value >= 0) {
        node = value === 1 ? high[node]! : low[node]!;
        value = node > TRUE ? assignment[variable[node]!]! : -1;
      }
      if (node <= TRUE) return node;
      if (memo.stamp[node] === stamp) return memo.value[node]!;
      const ifLow = walk(low[node]!);
      const result = this.make(variable[node]!, ifLow, walk(high[node]!));
      memo.stamp[node] = stamp;
      memo.value[node] = result;
      return result;
    };
    return (f) => {
      if (memo.stamp.length < source.count) {
        memo.stamp = enlarged(memo.stamp, source.variable.length);
        memo.value = enlarged(memo.value, source.variable.length);
      }
      return walk(f);
    };
  }

  restrict(f: Node, assignment: Assignment): Node {
    return this.restrictFrom(this, f, assignment);
  }

  /** There is a value of each of `variables` that makes `f` true. */
  exists(f: Node, variables: ReadonlySet<number>): Node {
    const memo = new Map<Node, Node>();
    const walk = (node: Node): Node => {
      if (node <= TRUE) return node;
      const known = memo.get(node);
      if (known !== undefined) return known;
      const low = walk(this.low[node]!);
      const high = walk(this.high[node]!);
      const result = variables.has(this.variable[node]!) ? this.or(low, high) : this.make(this.variable[node]!, low, high);
      memo.set(node, result);
      return result;
    };
    return walk(f);
  }

  /** The variables on which `f` depends, ascending. */
  support(f: Node): readonly number[] {
    const { variable } = this;
    const variables = new Set<number>();
    this.visit(f, (node) => variables.add(variable[node]!));
    return [...variables].sort((a, b) => a - b);
  }

  /** Number of inner nodes of `f`. */
  size(f: Node): number {
    let size = 0;
    this.visit(f, () => size++);
    return size;
  }

  /** Whether `f` has more than `max` inner nodes; does not look beyond them. */
  isLargerThan(f: Node, max: number): boolean {
    const seen = new Set<Node>();
    const open = [f];
    for (let node = open.pop(); node !== undefined && seen.size <= max; node = open.pop()) {
      if (node <= TRUE || seen.has(node)) continue;
      seen.add(node);
      open.push(this.low[node]!, this.high[node]!);
    }
    return seen.size > max;
  }

  /** Calls `each` for every inner node below `f` once, in no particular order. */
  visit(f: Node, each: (node: Node) => void): void {
    this.visitAll([f], each);
  }

  private visitAll(roots: readonly Node[], each: (node: Node) => void): void {
    const { low, high } = this;
    if (this.visited.length < this.count) this.visited = enlarged(this.visited, this.variable.length);
    const { visited } = this;
    if (this.visits === STAMP_MAX) {
      visited.fill(0);
      this.visits = 0;
    }
    const stamp = ++this.visits;
    const stack = [...roots];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node <= TRUE || visited[node] === stamp) continue;
      visited[node] = stamp;
      each(node);
      stack.push(low[node]!, high[node]!);
    }
  }

  /** The share of models that satisfy `f`, when variable v is true with probability `weights[v]`, independently. */
  fraction(f: Node, weights: Float64Array): number {
    const memo = new Map<Node, number>();
    const walk = (node: Node): number => {
      if (node <= TRUE) return node;
      const known = memo.get(node);
      if (known !== undefined) return known;
      const weight = weights[this.variable[node]!]!;
      const share = weight * walk(this.high[node]!) + (1 - weight) * walk(this.low[node]!);
      memo.set(node, share);
      return share;
    };
    return walk(f);
  }

  /** Number of satisfying assignments over `variableCount` variables, tested in their own order. */
  modelCount(f: Node, variableCount: number): bigint {
    const memo = new Map<Node, bigint>();
    const levelOf = (node: Node): number => (node <= TRUE ? variableCount : this.variable[node]!);
    const walk = (node: Node): bigint => {
      if (node <= TRUE) return BigInt(node);
      const known = memo.get(node);
      if (known !== undefined) return known;
      const [low, high] = [this.low[node]!, this.high[node]!];
      const gap = (child: Node): bigint => 1n << BigInt(levelOf(child) - this.variable[node]! - 1);
      const count = walk(low) * gap(low) + walk(high) * gap(high);
      memo.set(node, count);
      return count;
    };
    return walk(f) << BigInt(levelOf(f));
  }

  /** One satisfying assignment as variable → value, lowest first; undefined when there is none. */
  witness(f: Node): ReadonlyMap<number, boolean> | undefined {
    if (f === FALSE) return undefined;
    const model = new Map<number, boolean>();
    let node = f;
    while (node > TRUE) {
      // In a reduced diagram every node other than FALSE reaches TRUE.
      const takesLow = this.low[node] !== FALSE;
      model.set(this.variable[node]!, !takesLow);
      node = takesLow ? this.low[node]! : this.high[node]!;
    }
    return model;
  }

  /** Which terminals `f` can still reach: 1 only FALSE, 2 only TRUE, 3 both. Allocates nothing; the fast path of every decision. */
  reach(f: Node, assignment: Assignment): 1 | 2 | 3 {
    const { variable, low, high } = this;
    let node = f;
    while (node > TRUE) {
      const value = assignment[variable[node]!]!;
      if (value < 0) return this.reachOpen(node, assignment);
      node = value === 1 ? high[node]! : low[node]!;
    }
    return node === TRUE ? 2 : 1;
  }

  private reachOpen(f: Node, assignment: Assignment): 1 | 2 | 3 {
    this.beginMemo();
    return this.reachFrom(f, assignment) as 1 | 2 | 3;
  }

  private reachFrom(start: Node, assignment: Assignment): number {
    let node = start;
    while (node > TRUE) {
      const value = assignment[this.variable[node]!]!;
      if (value < 0) break;
      node = value === 1 ? this.high[node]! : this.low[node]!;
    }
    if (node <= TRUE) return node + 1;
    if (this.memoStamp[node] === this.stamp) return this.memoValue[node]!;
    let result = this.reachFrom(this.low[node]!, assignment);
    if (result !== 3) result |= this.reachFrom(this.high[node]!, assignment);
    this.memoStamp[node] = this.stamp;
    this.memoValue[node] = result;
    return result;
  }

  /**
   * Which terminals can be reached whatever the variables marked in `isFree` are, which must not be assigned: 1 FALSE, 2 TRUE, 3 both.
   * Says less rather than too much: where the other variables would have to be chosen after the marked ones, it may miss a terminal.
   */
  reachWhatever(f: Node, assignment: Assignment, isFree: Uint8Array): number {
    this.beginMemo();
    return this.reachWhateverFrom(f, assignment, isFree);
  }

  private reachWhateverFrom(start: Node, assignment: Assignment, isFree: Uint8Array): number {
    let node = start;
    while (node > TRUE) {
      const value = assignment[this.variable[node]!]!;
      if (value < 0) break;
      node = value === 1 ? this.high[node]! : this.low[node]!;
    }
    if (node <= TRUE) return node + 1;
    if (this.memoStamp[node] === this.stamp) return this.memoValue[node]!;
    const mustAll = isFree[this.variable[node]!] === 1;
    let result = this.reachWhateverFrom(this.low[node]!, assignment, isFree);
    // The other side cannot change what both sides must give, or what either side gave already.
    if (result !== (mustAll ? 0 : 3)) {
      const other = this.reachWhateverFrom(this.high[node]!, assignment, isFree);
      result = mustAll ? result & other : result | other;
    }
    this.memoStamp[node] = this.stamp;
    this.memoValue[node] = result;
    return result;
  }

  private beginMemo(): void {
    if (this.memoStamp.length < this.count) {
      this.memoStamp = new Int32Array(this.variable.length);
      this.memoValue = new Int32Array(this.variable.length);
      this.stamp = 0;
    }
    if (this.stamp === STAMP_MAX) {
      this.memoStamp.fill(0);
      this.stamp = 0;
    }
    this.stamp++;
  }

  /** Copies the given diagrams into a new store that holds nothing else, each node after its children, for locality. */
  compacted(roots: readonly Node[]): { readonly store: Diagrams; readonly nodeOf: (old: Node) => Node } {
    // What is copied is reduced and shared already: it is written down as it is met, and looked up only if somebody adds to it.
    const moved = new Int32Array(this.count).fill(-1);
    moved[FALSE] = FALSE;
    moved[TRUE] = TRUE;
    const kept = this.countBelow(roots);
    const store = new Diagrams(this.nodesMax, powerOfTwoFrom(kept + 2), this.rank);
    const { variable, low, high } = store;
    const move = (node: Node): Node => {
      const known = moved[node]!;
      if (known >= 0) return known;
      const ifLow = move(this.low[node]!);
      const ifHigh = move(this.high[node]!);
      const copy = store.count++;
      variable[copy] = this.variable[node]!;
      low[copy] = ifLow;
      high[copy] = ifHigh;
      moved[node] = copy;
      return copy;
    };
    for (const root of roots) move(root);
    store.table = NOT_HASHED;
    return { store, nodeOf: (old) => moved[old]! };
  }

  private countBelow(roots: readonly Node[]): number {
    let kept = 0;
    this.visitAll(roots, () => kept++);
    return kept;
  }
}

/** Scatters three numbers over 31 bits. */
export function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  h ^= h >>> 15;
  return (Math.imul(h, 0x2c1b3c6d) ^ (h >>> 13)) & 0x7fffffff;
}

function enlarged(array: Int32Array, size: number): Int32Array {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

/** Which terminals many diagrams can reach under one assignment after the other: what they share is walked once for each assignment. */
export class SharedReach {
  private readonly diagrams: Diagrams;
  private readonly values: Uint8Array;
  private readonly stamps: Int32Array;
  private stamp = 0;

  /** Of diagrams to which nothing is added any more. */
  constructor(diagrams: Diagrams) {
    this.diagrams = diagrams;
    this.values = new Uint8Array(diagrams.nodeCount);
    this.stamps = new Int32Array(diagrams.nodeCount);
  }

  /** Forgets the assignment of before. */
  begin(): void {
    if (this.stamp === STAMP_MAX) {
      this.stamps.fill(0);
      this.stamp = 0;
    }
    this.stamp++;
  }

  /** As Diagrams.reach; the assignment must be the same until `begin` is called. */
  of(start: Node, assignment: Assignment): 1 | 2 | 3 {
    const { variable, low, high } = this.diagrams;
    let node = start;
    while (node > TRUE) {
      const value = assignment[variable[node]!]!;
      if (value < 0) break;
      node = value === 1 ? high[node]! : low[node]!;
    }
    if (node <= TRUE) return node === TRUE ? 2 : 1;
    if (this.stamps[node] === this.stamp) return this.values[node] as 1 | 2 | 3;
    let result = this.of(low[node]!, assignment);
    if (result !== 3) result = (result | this.of(high[node]!, assignment)) as 1 | 2 | 3;
    this.stamps[node] = this.stamp;
    this.values[node] = result;
    return result;
  }
}

function powerOfTwoFrom(least: number): number {
  let size = 64;
  while (size < least) size *= 2;
  return size;
}
