/** A map whose older versions stay as they were: setting a key copies a path of sixteen-way branches, never the whole. */

type Bucket<V> = readonly (readonly [key: string, value: V])[];
interface Branch<V> {
  readonly branches: readonly (Trie<V> | undefined)[];
}
type Trie<V> = Branch<V> | Bucket<V>;

const BITS = 4;
const WIDTH = 1 << BITS;
const HASH_BITS = 32;

/** FNV-1a over UTF-16 units; only spreads keys, proves nothing. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

const isBucket = <V>(trie: Trie<V>): trie is Bucket<V> => Array.isArray(trie);

function setIn<V>(trie: Trie<V> | undefined, shift: number, hash: number, key: string, value: V): Trie<V> {
  if (trie === undefined) return [[key, value]];
  if (isBucket(trie)) {
    const at = trie.findIndex(([each]) => each === key);
    if (at >= 0) return trie.with(at, [key, value]);
    if (shift >= HASH_BITS) return [...trie, [key, value]];
    const split = trie.reduce<Trie<V>>((branch, [each, its]) => setIn(branch, shift, hashOf(each), each, its), { branches: Array.from({ length: WIDTH }) });
    return setIn(split, shift, hash, key, value);
  }
  const at = (hash >>> shift) & (WIDTH - 1);
  return { branches: trie.branches.with(at, setIn(trie.branches[at], shift + BITS, hash, key, value)) };
}

export class PersistentMap<V> {
  readonly #root: Trie<V> | undefined;
  readonly size: number;

  private constructor(root: Trie<V> | undefined, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<V>(): PersistentMap<V> {
    return new PersistentMap<V>(undefined, 0);
  }

  get(key: string): V | undefined {
    const hash = hashOf(key);
    let trie = this.#root;
    for (let shift = 0; trie !== undefined; shift += BITS) {
      if (isBucket(trie)) return trie.find(([each]) => each === key)?.[1];
      trie = trie.branches[(hash >>> shift) & (WIDTH - 1)];
    }
    return undefined;
  }

  /** A map that also holds this; the present one is unchanged. */
  set(key: string, value: V): PersistentMap<V> {
    const size = this.get(key) === undefined ? this.size + 1 : this.size;
    return new PersistentMap(setIn(this.#root, 0, hashOf(key), key, value), size);
  }

  /** All entries in an order that depends on the keys alone up to collisions. */
  *entries(): Generator<readonly [string, V]> {
    const waiting: (Trie<V> | undefined)[] = [this.#root];
    while (waiting.length > 0) {
      const trie = waiting.pop();
      if (trie === undefined) continue;
      if (isBucket(trie)) yield* trie;
      else waiting.push(...trie.branches.toReversed());
    }
  }
}
