/** Proofs, roots and entries of a log read from its tiles, with no tree in memory and no trust in whoever serves the tiles. */

import { no, yes, type Verdict } from '../base/index.ts';
import { sameBytes } from './bytes.ts';
import { emptyRoot, fillPlan, HASH_BYTES, leafHash, nodeHash, peaksOf, planConsistency, planInclusion, treeRoot, verifyConsistency, verifyInclusion, type TreeNode, type ProofPlan, type Tree } from './merkle.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';
import { parseEntryBundle, TILE_HEIGHT, TILE_WIDTH, tilePath, tileWidth, type Tile } from './tiles.ts';

/** Gives the bytes at a path below the log's prefix, undefined where there is nothing; throws a fault where it cannot tell. */
export type ReadTile = (path: string) => Promise<Uint8Array | undefined>;

/** Tiles a reader keeps unless told otherwise, each up to 16 KiB with the hashes computed in it. */
export const READER_TILES_MAX = 1024;

/** A tree whose root the caller has checked, as from a certified checkpoint. */
export interface TrustedHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A tile of hashes with the inner hashes computed so far. */
class HashTile {
  readonly width: number;
  private readonly bytes: Uint8Array;
  private readonly inner = new Map<number, Uint8Array>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.width = bytes.length / HASH_BYTES;
  }

  /** The hash `height` levels above the tile's own hashes, the `at`-th from the left. The hashes below it must all be here. */
  hash(suite: Suite, height: number, at: number): Uint8Array {
    if (height === 0) return this.bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
    const place = height * TILE_WIDTH + at;
    const known = this.inner.get(place);
    if (known !== undefined) return known;
    const made = nodeHash(suite, this.hash(suite, height - 1, at * 2), this.hash(suite, height - 1, at * 2 + 1));
    this.inner.set(place, made);
    return made;
  }
}

/** The tile that shows a node, without its width. */
function placeOf({ level, index }: TreeNode): { readonly level: number; readonly index: number; readonly height: number; readonly at: number } {
  const height = level % TILE_HEIGHT;
  const across = TILE_WIDTH / 2 ** height;
  return { level: Math.floor(level / TILE_HEIGHT), index: Math.floor(index / across), height, at: index % across };
}

/**
 * Reads a log through its tiles. Every answer is checked against the head it is asked for, so wrong tiles are refused
 * (`tile-root`), never passed on. Tiles are kept up to a maximum, the longest unused leaving first.
 */
export class TileReader {
  private readonly suite: Suite;
  private readonly read: ReadTile;
  private readonly tilesMax: number;
  /** By level and index. Insertion order is the order of use. */
  private readonly kept = new Map<string, HashTile>();

  constructor(suite: Suite, read: ReadTile, tilesMax: number = READER_TILES_MAX) {
    this.suite = suite;
    this.read = read;
    this.tilesMax = tilesMax;
  }

  /** The inclusion proof of entry `index` under `head`, with the leaf hash that it proves. */
  async inclusion(index: number, head: TrustedHead): Promise<Verdict<{ readonly leaf: Uint8Array; readonly proof: readonly Uint8Array[] }, ProofRefusal>> {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < head.size)) return refuse('proof-index', undefined, `${index} of ${head.size}`);
    const filled = await this.hashesOf([[{ level: 0, index }], ...planInclusion(index, head.size)], head.size);
    if (!filled.ok) return filled;
    const [leaf, ...proof] = filled.value;
    if (!verifyInclusion(this.suite, index, head.size, leaf!, proof, head.root).ok) return this.distrust();
    return yes({ leaf: leaf!, proof });
  }

  /** The consistency proof from an older head to `head`. */
  async consistency(from: TrustedHead, head: TrustedHead): Promise<Verdict<readonly Uint8Array[], ProofRefusal>> {
    if (from.size === 0) return refuse('proof-from-empty');
    if (!(Number.isSafeInteger(from.size) && from.size > 0 && from.size <= head.size)) return refuse('proof-tree-shrinks', undefined, `${from.size} to ${head.size}`);
    const filled = await this.hashesOf(planConsistency(from.size, head.size), head.size);
    if (!filled.ok) return filled;
    if (!verifyConsistency(this.suite, from.size, head.size, from.root, head.root, filled.value).ok) return this.distrust();
    return filled;
  }

  /** The right edge of the tree under `head`: what is needed to append to it. */
  async tree(head: TrustedHead): Promise<Verdict<Tree, ProofRefusal>> {
    const filled = await this.hashesOf(peaksOf(head.size).map((node) => [node]), head.size);
    if (!filled.ok) return filled;
    const tree: Tree = { size: head.size, peaks: filled.value };
    return sameBytes(treeRoot(this.suite, tree), head.root) ? yes(tree) : this.distrust();
  }

  /**
   * The root these tiles lead to at `size`: a claim of who serves them, to be compared with a signed one. For a size that was never
   * a head, `servedSize` is the later size whose tiles there are.
   */
  async claimedRoot(size: number, servedSize: number = size): Promise<Verdict<Uint8Array, ProofRefusal>> {
    if (!(Number.isSafeInteger(size) && size >= 0 && size <= servedSize)) return refuse('proof-tree-shrinks', undefined, `${size} to ${servedSize}`);
    if (size === 0) return yes(emptyRoot(this.suite));
    const filled = await this.hashesOf(peaksOf(size).map((node) => [node]), servedSize);
    return filled.ok ? yes(treeRoot(this.suite, { size, peaks: filled.value })) : filled;
  }

  /** Entry `index` under `head`, with its inclusion proof. */
  async entry(index: number, head: TrustedHead): Promise<Verdict<{ readonly entry: Uint8Array; readonly leaf: Uint8Array; readonly proof: readonly Uint8Array[] }, ProofRefusal>> {
    const proven = await this.inclusion(index, head);
    if (!proven.ok) return proven;
    const bundle = await this.bundle(Math.floor(index / TILE_WIDTH), head.size);
    if (!bundle.ok) return bundle;
    const entry = bundle.value[index % TILE_WIDTH];
    if (entry === undefined || !sameBytes(leafHash(this.suite, entry), proven.value.leaf)) return refuse('bundle-entry', undefined, `entry ${index}`);
    return yes({ entry, ...proven.value });
  }

  /** The entries of one bundle as served, not checked: `entry` checks one, and who reads all hashes them into a tree. */
  async bundle(index: number, size: number): Promise<Verdict<readonly Uint8Array[], ProofRefusal>> {
    const width = tileWidth('entries', index, size);
    if (width === 0) return refuse('tile-missing', undefined, tilePath({ level: 'entries', index, width: TILE_WIDTH }));
    const bytes = await this.readWidest({ level: 'entries', index, width });
    if (bytes === undefined) return refuse('tile-missing', undefined, tilePath({ level: 'entries', index, width }));
    const entries = parseEntryBundle(bytes.bytes, bytes.width);
    return entries.ok ? yes(entries.value.slice(0, width)) : entries;
  }

  /** Tiles that lead elsewhere are forgotten, so that a server that mended itself is believed again. */
  private distrust(): { readonly ok: false; readonly refusal: ProofRefusal } {
    this.kept.clear();
    return refuse('tile-root');
  }

  /** All tiles of the plan at once, then its hashes. */
  private async hashesOf(plan: ProofPlan, size: number): Promise<Verdict<Uint8Array[], ProofRefusal>> {
    const wanted = new Map<string, Tile>();
    for (const node of plan.flat()) {
      const { level, index } = placeOf(node);
      wanted.set(`${level}/${index}`, { level, index, width: tileWidth(level, index, size) });
    }
    // Held here, because the cache may be smaller than one plan.
    const tiles = new Map<string, HashTile>();
    const read = await Promise.all([...wanted].map(async ([key, tile]) => ({ key, tile, found: await this.hashTile(key, tile) })));
    for (const { key, found } of read) {
      if (!found.ok) return no(found.refusal);
      tiles.set(key, found.value);
    }
    return yes(
      fillPlan(
        this.suite,
        (node) => {
          const { level, index, height, at } = placeOf(node);
          return tiles.get(`${level}/${index}`)!.hash(this.suite, height, at);
        },
        plan,
      ),
    );
  }

  private async hashTile(key: string, tile: Tile): Promise<Verdict<HashTile, ProofRefusal>> {
    const known = this.kept.get(key);
    if (known !== undefined && known.width >= tile.width) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return yes(known);
    }
    const found = await this.readWidest(tile);
    if (found === undefined) return refuse('tile-missing', undefined, tilePath(tile));
    if (found.bytes.length !== found.width * HASH_BYTES) return refuse('tile-length', undefined, tilePath({ ...tile, width: found.width }));
    const made = new HashTile(found.bytes);
    this.kept.delete(key);
    this.kept.set(key, made);
    if (this.kept.size > this.tilesMax) this.kept.delete(this.kept.keys().next().value as string);
    return yes(made);
  }

  /** The tile, or the full one where the log has filled it since and put the partial one away (tlog-tiles allows that). */
  private async readWidest(tile: Tile): Promise<{ readonly bytes: Uint8Array; readonly width: number } | undefined> {
    const bytes = await this.read(tilePath(tile));
    if (bytes !== undefined) return { bytes, width: tile.width };
    if (tile.width === TILE_WIDTH) return undefined;
    const full = await this.read(tilePath({ ...tile, width: TILE_WIDTH }));
    return full === undefined ? undefined : { bytes: full, width: TILE_WIDTH };
  }
}
