/** Tiles of the log (C2SP tlog-tiles): their names and widths, entry bundles, and the growing edge from which a writer makes them. */

import { yes, type Verdict } from '../base/index.ts';
import { fromDecimal, joinBytes } from './bytes.ts';
import { append, EMPTY_TREE, HASH_BYTES, nodeHash, treeRoot, type Tree } from './merkle.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

/** Levels of the tree in one tile. */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of tiles in the largest tree a number can count: 256^7 is above 2^53. */
export const TILE_LEVELS_MAX = 7;
/** An entry's length is written in two bytes. */
export const ENTRY_BYTES_MAX = 65_535;
export const BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX);

/** A tile of hashes at `level`, or a bundle of entries; `width` is 256 for a full one, less for the one at the right edge. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

// ---------------------------------------------------------------- names

/** The tile's path below the log's prefix: `tile/0/x001/x234/067.p/5`. */
export function tilePath({ level, index, width }: Tile): string {
  const groups: string[] = [];
  for (let rest = index; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length === 0 ? '' : 'x'}${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(0|[1-9][0-9]?|entries)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** The tile of a path, which must be written as `tilePath` writes it; refuses tiles that no tree of a countable size has. */
export function parseTilePath(path: string): Verdict<Tile, ProofRefusal> {
  const [, levelText = '', groups = '', widthText] = PATH.exec(path) ?? [];
  const level = levelText === 'entries' ? 'entries' : fromDecimal(levelText);
  // A leading group of zeros would be a second name of the same tile.
  if (level === undefined || groups.startsWith('x000')) return refuse('tile-path');
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  if (width > TILE_WIDTH || (widthText !== undefined && width === TILE_WIDTH)) return refuse('tile-path');
  // (index · 256 + width) hashes, each over 256^level entries, must still be a size.
  const leaves = (index * TILE_WIDTH + width) * TILE_WIDTH ** (level === 'entries' ? 0 : level);
  return Number.isSafeInteger(leaves) ? yes({ level, index, width }) : refuse('tile-path');
}

// ---------------------------------------------------------------- which tiles a tree has

/** How many hashes stand at this tile level in a tree of `size`: floor(size / 256^level). */
export function hashesAtLevel(level: number | 'entries', size: number): number {
  return Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
}

/** How wide tile `index` of `level` is in a tree of `size`: 0 where there is none, up to 256. */
export function tileWidth(level: number | 'entries', index: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAtLevel(level, size) - index * TILE_WIDTH));
}

/**
 * The tiles that a tree of `to` has and a tree of `from` has not, or has narrower: what is to be written when the log grows.
 * Entry bundles first, then hashes from the leaves upwards. One by one, since the first growth of a copied log is long.
 */
export function* newTiles(from: number, to: number): Generator<Tile, undefined> {
  for (const tile of newHashTiles(from, to)) {
    if (tile.level > 0) break;
    yield { ...tile, level: 'entries' };
  }
  yield* newHashTiles(from, to);
}

/** The same without the bundles, for tiles of any width: other logs use others. */
export function* newHashTiles(from: number, to: number, fullWidth: number = TILE_WIDTH): Generator<Tile & { readonly level: number }, undefined> {
  for (let level = 0, span = 1; span <= to; level += 1, span *= fullWidth) {
    const before = Math.floor(from / span);
    const after = Math.floor(to / span);
    if (before === after) continue;
    for (let index = Math.floor(before / fullWidth); index * fullWidth < after; index += 1) {
      yield { level, index, width: Math.min(fullWidth, after - index * fullWidth) };
    }
  }
}

// ---------------------------------------------------------------- contents

/** The hashes of a tile, each a view into `bytes`; refuses any other length than `width` hashes. */
export function parseTile(bytes: Uint8Array, width: number): Verdict<readonly Uint8Array[], ProofRefusal> {
  if (width < 1 || width > TILE_WIDTH || bytes.length !== width * HASH_BYTES) return refuse('tile-length', undefined, `${bytes.length} bytes for ${width} hashes`);
  return yes(Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)));
}

/** The bytes of a tile of hashes. */
export function printTile(hashes: readonly Uint8Array[]): Uint8Array {
  return joinBytes(...hashes);
}

/** The entries of a bundle, each a view into `bytes`; refuses a bundle of more or fewer than `width` entries or with bytes after the last. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Verdict<readonly Uint8Array[], ProofRefusal> {
  if (width < 1 || width > TILE_WIDTH) return refuse('bundle-length', undefined, `${width} entries`);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const [high, low] = bytes.subarray(at, at + 2);
    if (high === undefined || low === undefined) return refuse('bundle-length', undefined, `ends in entry ${entries.length} of ${width}`);
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return refuse('bundle-length', undefined, `ends in entry ${entries.length} of ${width}`);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return at === bytes.length ? yes(entries) : refuse('bundle-length', undefined, `${bytes.length - at} bytes after entry ${width}`);
}

/** The bytes of an entry bundle; refuses an entry above 65,535 bytes, whose length two bytes cannot say. */
export function printEntryBundle(entries: readonly Uint8Array[]): Verdict<Uint8Array, ProofRefusal> {
  const tooLong = entries.findIndex(({ length }) => length > ENTRY_BYTES_MAX);
  if (tooLong !== -1) return refuse('entry-too-long', undefined, `entry ${tooLong}: ${entries[tooLong]!.length} bytes, at most ${ENTRY_BYTES_MAX}`);
  return yes(joinBytes(...entries.flatMap((entry) => [Uint8Array.of(Math.floor(entry.length / 256), entry.length % 256), entry])));
}

// ---------------------------------------------------------------- the growing edge

/** A tile with its bytes, ready to be stored. */
export interface FilledTile {
  readonly tile: Tile;
  readonly bytes: Uint8Array;
}

/** The open tiles of a log: for each tile level the hashes that do not fill a tile yet. Plain data; an older value stays true. */
export interface TileEdge {
  readonly size: number;
  /** By level, from the leaves: fewer than 256 hashes each. */
  readonly open: readonly (readonly Uint8Array[])[];
}

export const EMPTY_EDGE: TileEdge = { size: 0, open: [] };

/** The root of a full tile, that is its hash in the tile above; also of fewer hashes where they are a power of two. */
export function tileHash(suite: Suite, hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(suite, row[at * 2]!, row[at * 2 + 1]!));
  return row[0]!;
}

/**
 * The edge after these leaf hashes, and every tile of hashes that is new or wider: full ones as they filled, then the open ones at
 * the end. The tiles are the same whether leaves come singly or together, but for the partial ones in between.
 */
export function growEdge(suite: Suite, edge: TileEdge, leafHashes: readonly Uint8Array[]): { readonly edge: TileEdge; readonly tiles: readonly FilledTile[] } {
  const open = edge.open.map((hashes) => [...hashes]);
  const touched = new Set<number>();
  const tiles: FilledTile[] = [];
  let size = edge.size;
  for (const leaf of leafHashes) {
    size += 1;
    let rising: Uint8Array | undefined = leaf;
    for (let level = 0; rising !== undefined; level += 1) {
      const hashes: Uint8Array[] = (open[level] ??= []);
      hashes.push(rising);
      touched.add(level);
      if (hashes.length < TILE_WIDTH) break;
      tiles.push({ tile: { level, index: size / TILE_WIDTH ** (level + 1) - 1, width: TILE_WIDTH }, bytes: printTile(hashes) });
      rising = tileHash(suite, hashes);
      open[level] = [];
      touched.delete(level);
    }
  }
  for (const level of [...touched].sort((one, other) => one - other)) {
    const hashes = open[level]!;
    tiles.push({ tile: { level, index: Math.floor(hashesAtLevel(level, size) / TILE_WIDTH), width: hashes.length }, bytes: printTile(hashes) });
  }
  return { edge: { size, open }, tiles };
}

/** The edge tiles of a tree of `size`, in the order of their levels; a level whose last tile is full has none. */
export function edgeTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; level < TILE_LEVELS_MAX; level += 1) {
    const hashes = hashesAtLevel(level, size);
    if (hashes % TILE_WIDTH > 0) tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH });
  }
  return tiles;
}

/** The tree that an edge stands for: its peaks are the peaks inside the open tiles, from the highest level down. */
export function treeOfEdge(suite: Suite, { size, open }: TileEdge): Tree {
  const peaks = open.toReversed().flatMap((hashes) => append(suite, EMPTY_TREE, ...hashes).peaks);
  return { size, peaks };
}

/** The root of the log at this edge. */
export function edgeRoot(suite: Suite, edge: TileEdge): Uint8Array {
  return treeRoot(suite, treeOfEdge(suite, edge));
}
