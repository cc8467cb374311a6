/** What a process does before it writes: takes the pen, and makes sure that the log it finds is the one that was signed last. */

import { sameBytes } from '../../../proof/bytes.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { edgeRoot, EMPTY_EDGE, growEdge, TILE_WIDTH, tileHash, parseTile, type TileEdge } from '../../../proof/tiles.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, type Halt, type Halted, type SignedHead } from '../model.ts';
import { type LogKey, readHead, signHead } from '../rules/log-key.ts';
import type { HeadStore } from '../store/head-file.ts';
import type { FullTile, SequenceStore, WriterRow } from '../store/sequence.ts';
import type { TailStore } from '../store/tail-file.ts';

/** What survives a crash or does not, each as one step; tests lose them before and after. */
export type Effect = 'commit' | 'tail' | 'head' | 'publish';
export type Perform = (effect: Effect, run: () => void | Promise<void>) => Promise<void>;

export interface WriterParts {
  readonly store: SequenceStore;
  readonly head: HeadStore;
  readonly tail: TailStore;
  readonly key: LogKey;
  readonly holder: string;
  /** Nobody else can use this database: the embedded engine. */
  readonly alone: boolean;
  readonly perform: Perform;
}

export type Recovered =
  | { readonly state: 'signing'; readonly token: number; readonly edge: TileEdge; readonly head: SignedHead }
  | { readonly state: 'following' }
  | Halted;

/** The full tiles among those that grew, with the hash each is in the tile above. */
export function fullTiles(grown: ReturnType<typeof growEdge>['tiles']): readonly FullTile[] {
  return grown.flatMap(({ tile, bytes }) => {
    if (tile.width < TILE_WIDTH || tile.level === 'entries') return [];
    const hashes = parseTile(bytes, TILE_WIDTH);
    return hashes.ok ? [{ level: tile.level, index: tile.index, hashes: bytes, root: tileHash(nodeSuite, hashes.value) }] : [];
  });
}

/** Takes entries for one commit from the front: not too many, not too long together, at least one. */
export function batchOf<T>(waiting: readonly T[], lengthOf: (one: T) => number): readonly T[] {
  let bytes = 0;
  const found = waiting.slice(0, BATCH_ENTRIES_MAX).findIndex((one) => {
    bytes += lengthOf(one);
    return bytes > BATCH_BYTES_MAX;
  });
  return waiting.slice(0, found === -1 ? BATCH_ENTRIES_MAX : Math.max(1, found));
}

export async function recover(parts: WriterParts): Promise<Recovered> {
  const { store, key, holder, alone } = parts;
  const seen = await store.writer();
  if (seen.isHeld && seen.holder !== holder && !alone) return { state: 'following' };
  const name = { origin: key.verifier.name, vkey: key.vkey };
  const stop = (halt: Halt, headSize?: number): Halted => ({ state: 'halted', halt, headSize, databaseSize: seen.rows });
  if (seen.name !== undefined && seen.name.origin !== name.origin) return stop('other-origin');
  if (seen.name !== undefined && seen.name.vkey !== name.vkey) return stop('other-key');
  const token = await store.takePen(holder, alone);
  if (token === undefined) return { state: 'following' };
  if (seen.name === undefined) await store.baptise(name);
  // Asked again under the pen: nobody else moves the log from here on.
  return compare(parts, token, await store.writer());
}

/** The head on the disk against the rows of the database. */
async function compare(parts: WriterParts, token: number, row: WriterRow): Promise<Recovered> {
  const { store, head, key } = parts;
  const stop = (halt: Halt, headSize?: number): Halted => ({ state: 'halted', halt, headSize, databaseSize: row.rows });
  const text = head.read();
  if (text === undefined) {
    if (row.rows > 0 || row.size > 0) return stop('head-missing');
    const first = signHead(key, 0, edgeRoot(nodeSuite, EMPTY_EDGE));
    await parts.perform('head', () => head.replace(undefined, first.note));
    return { state: 'signing', token, edge: EMPTY_EDGE, head: first };
  }
  const read = readHead(key, text);
  if (!read.ok) return stop(read.refusal === 'damaged' ? 'head-damaged' : read.refusal);
  const signed = read.value;
  if (row.rows > row.size) return stop('foreign-entries', signed.size);
  let rows = row.rows;
  if (signed.size > rows) {
    if (!(await putBack(parts, token, rows, signed))) return stop('tail-lost', signed.size);
    rows = signed.size;
  }
  if (rows < row.size) return stop('rows-missing', signed.size);
  const then = await store.edge(signed.size);
  if (then === undefined) return stop('rows-missing', signed.size);
  if (!sameBytes(edgeRoot(nodeSuite, then), signed.root)) return stop('history-differs', signed.size);
  if (rows === signed.size) return { state: 'signing', token, edge: then, head: signed };
  // A commit whose head was lost: its entries stand, and are signed now.
  const edge = await store.edge(rows);
  if (edge === undefined) return stop('rows-missing', signed.size);
  const entries = await entriesOf(store, signed.size, rows);
  await parts.perform('tail', () => parts.tail.append(signed.size, entries));
  const next = signHead(key, rows, edgeRoot(nodeSuite, edge));
  await parts.perform('head', () => head.replace(signed.note, next.note));
  return { state: 'signing', token, edge, head: next };
}

async function entriesOf(store: SequenceStore, from: number, to: number): Promise<readonly Uint8Array[]> {
  return (await store.entries(from, to)).map(({ entry }) => entry);
}

/** Puts entries back that the database lost and the tail still has; false when they are not all there or are not the ones that were signed. */
async function putBack({ store, tail, holder }: WriterParts, token: number, from: number, signed: SignedHead): Promise<boolean> {
  const lost = tail.read(from, signed.size);
  const before = await store.edge(from);
  if (lost === undefined || before === undefined) return false;
  const leaves = lost.map((entry) => leafHash(nodeSuite, entry));
  if (!sameBytes(edgeRoot(nodeSuite, growEdge(nodeSuite, before, leaves).edge), signed.root)) return false;
  let edge = before;
  for (let at = 0; at < lost.length; ) {
    const entries = batchOf(lost.slice(at, at + BATCH_ENTRIES_MAX), ({ length }) => length);
    const grown = growEdge(nodeSuite, edge, leaves.slice(at, at + entries.length));
    await store.putBack({ token, holder, start: from + at, entries, tiles: fullTiles(grown.tiles), pending: [] });
    edge = grown.edge;
    at += entries.length;
  }
  return true;
}
