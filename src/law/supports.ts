/** What the diagrams of a scratch store depend on: facts and readings below each node, remembered, so that what outcomes share is walked once. */

import { TRUE } from './bdd.ts';
import type { Diagrams, Node } from './bdd.ts';
import type { Law } from './compile.ts';
import { SUPPORT_WORDS_MAX } from './limits.ts';

/** Bits of one word of a set. */
const WORD_BITS = 32;

/** Facts and readings tested below the nodes of one store. A law with very many facts is walked each time instead: the sets would fill the memory. */
export class Supports {
  private readonly store: Diagrams;
  private readonly factCount: number;
  /** By variable: index of its fact, or, after all facts, of its reading. */
  private readonly owner: Int32Array;
  private readonly words: number;
  /** Of each node seen, `words` words with a bit for every owner below it. */
  private masks = new Int32Array(0);
  private isSeen = new Uint8Array(0);
  /** The store has been emptied so often when what is remembered was seen. */
  private clears = 0;

  constructor(law: Law, store: Diagrams) {
    this.store = store;
    this.factCount = law.facts.length;
    this.owner = Int32Array.from(law.factOfVariable);
    law.readings.forEach(({ first, count }, index) => this.owner.fill(this.factCount + index, first, first + count));
    this.words = Math.ceil((this.factCount + law.readings.length) / WORD_BITS);
  }

  /** Indexes of the facts that can change `node`, ascending. */
  facts(node: Node): ReadonlySet<number> {
    return new Set(this.owners(node).filter((owner) => owner < this.factCount));
  }

  /** Indexes of the readings that can change `node`, ascending. */
  readings(node: Node): readonly number[] {
    return this.owners(node).flatMap((owner) => (owner < this.factCount ? [] : [owner - this.factCount]));
  }

  private owners(node: Node): readonly number[] {
    if (node <= TRUE) return [];
    if (this.words > SUPPORT_WORDS_MAX) return this.walked(node);
    this.makeRoom();
    this.see(node);
    const owners: number[] = [];
    for (let word = 0; word < this.words; word++) {
      for (let left = this.masks[node * this.words + word]!; left !== 0; left &= left - 1) owners.push(word * WORD_BITS + 31 - Math.clz32(left & -left));
    }
    return owners;
  }

  private walked(node: Node): readonly number[] {
    const owners = new Set<number>();
    this.store.visit(node, (at) => owners.add(this.owner[this.store.variable[at]!]!));
    return [...owners].sort((a, b) => a - b);
  }

  private makeRoom(): void {
    const { store, words } = this;
    if (this.isSeen.length < store.nodeCount) {
      const [isSeen, masks] = [this.isSeen, this.masks];
      this.isSeen = new Uint8Array(store.variable.length);
      this.masks = new Int32Array(store.variable.length * words);
      this.isSeen.set(isSeen);
      this.masks.set(masks);
    }
    if (this.clears !== store.clears) this.isSeen.fill(0);
    this.clears = store.clears;
  }

  private see(node: Node): void {
    if (this.isSeen[node] === 1) return;
    this.isSeen[node] = 1;
    const { masks, words } = this;
    const low = this.store.low[node]!;
    const high = this.store.high[node]!;
    if (low > TRUE) this.see(low);
    if (high > TRUE) this.see(high);
    // Terminals are never written: their words stay empty.
    for (let word = 0; word < words; word++) masks[node * words + word] = masks[low * words + word]! | masks[high * words + word]!;
    const owner = this.owner[this.store.variable[node]!]!;
    masks[node * words + (owner >> 5)]! |= 1 << (owner & 31);
  }
}
