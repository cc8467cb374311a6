/** Looks at every entry, tile and head there is, and says what is not as it should be. Reads only. */

import { hex, sameBytes } from '../../../proof/bytes.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { edgeRoot, EMPTY_EDGE, growEdge, TILE_WIDTH } from '../../../proof/tiles.ts';
import type { Ledger } from './open-ledger.ts';
import type { LedgerEntry, Standing } from '../model.ts';
import { fullTiles } from './recover.ts';

export interface FsckReport {
  readonly origin: string;
  readonly standing: Standing['state'];
  readonly halt: string | undefined;
  readonly entries: number;
  readonly root: string;
  readonly publishedSize: number | undefined;
  readonly waiting: number;
  /** Empty when all is well; at most `PROBLEMS_MAX`. */
  readonly problems: readonly string[];
}

export const PROBLEMS_MAX = 50;

export async function fsck(ledger: Ledger): Promise<FsckReport> {
  const problems: string[] = [];
  const say = (problem: string): void => {
    if (problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  const heads = new Map((await ledger.heads(PROBLEMS_MAX)).map((head) => [head.size, head]));
  let edge = EMPTY_EDGE;
  for (;;) {
    const entries = await ledger.entries(edge.size, edge.size + TILE_WIDTH - (edge.size % TILE_WIDTH));
    if (entries.length === 0) break;
    const gap = entries.findIndex(({ index }, at) => index !== edge.size + at);
    if (gap !== -1) {
      say(`entry ${edge.size + gap} is missing`);
      break;
    }
    for (const { index, leaf, entry } of entries) if (!sameBytes(leaf, leafHash(nodeSuite, entry))) say(`the hash kept for entry ${index} is not its hash`);
    edge = await growChecked(ledger, edge, entries, heads, say);
    if (entries.length < TILE_WIDTH - (edge.size - entries.length) % TILE_WIDTH) break;
  }
  const standing = ledger.standing();
  if (standing.state === 'halted') say(`the log signs nothing: ${standing.halt}; the last signed head covers ${standing.headSize ?? 'an unknown number of'} entries, the database holds ${standing.databaseSize}`);
  const published = await ledger.published();
  for (const size of heads.keys()) if (size > edge.size) say(`the public head of ${size} entries covers more than the ${edge.size} that are there`);
  return {
    origin: ledger.name.origin,
    standing: standing.state,
    halt: standing.state === 'halted' ? standing.halt : undefined,
    entries: edge.size,
    root: hex(edgeRoot(nodeSuite, edge)),
    publishedSize: published?.size,
    waiting: await ledger.waiting(),
    problems,
  };
}

/** The edge after these entries; each public head on the way is compared, and each full tile. */
async function growChecked(ledger: Ledger, before: typeof EMPTY_EDGE, entries: readonly LedgerEntry[], heads: ReadonlyMap<number, { readonly root: Uint8Array }>, say: (problem: string) => void): Promise<typeof EMPTY_EDGE> {
  const leaves = entries.map(({ entry }) => leafHash(nodeSuite, entry));
  const to = before.size + entries.length;
  for (const [size, head] of heads) {
    if (size <= before.size || size > to) continue;
    const then = growEdge(nodeSuite, before, leaves.slice(0, size - before.size)).edge;
    if (!sameBytes(edgeRoot(nodeSuite, then), head.root)) say(`the public head of ${size} entries has another root than the entries`);
  }
  const grown = growEdge(nodeSuite, before, leaves);
  for (const tile of fullTiles(grown.tiles)) {
    const kept = await ledger.fullTile(tile.level, tile.index);
    if (kept === undefined) say(`tile ${tile.level}/${tile.index} is missing`);
    else if (!sameBytes(kept.hashes, tile.hashes) || !sameBytes(kept.root, tile.root)) say(`tile ${tile.level}/${tile.index} is not that of the entries`);
  }
  return grown.edge;
}
