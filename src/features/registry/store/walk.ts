/**
 * Finds the newest (or oldest) numbers that fit a query without reading all that fit. The numbers are cut into blocks of 512,
 * 8,192 and 131,072, and each entry carries its blocks as words, so one index intersects any query with a block. From the
 * starting number outwards the walk tries the rest of its small block, of its middle block, of its large block, then all the
 * rest: common words fill a page at once, rare ones reach the end in four steps, and no step grows with the page number.
 */

import { sql } from 'kysely';
import type { Status } from '../model.ts';
import { BLOCK_SHIFTS, blockWord, term } from '../rules/search-words.ts';
import type { Access } from './rows.ts';

/** What the counting of facets needs of each hit. */
export interface Hit {
  readonly number: number;
  readonly status: Status;
  readonly body_id: string;
  readonly sector: string | null;
  readonly phase: string | null;
  readonly source_profile: string | null;
  readonly headline: string | null;
}

export type Direction = 'down' | 'up';

/** More hits than this in a block and the walk enters its parts instead. At least a smallest block, or there would be no end. */
const DENSE = 1_000;

interface Range {
  /** Inclusive. */
  readonly low: number;
  /** Exclusive. */
  readonly high: number;
}

/**
 * The first `want` hits of `terms` (joined by and) strictly beyond `from`, in order. `end` is one more than the largest number.
 * `terms` may not be empty: without a condition an ordinary index does it.
 */
export async function walk(access: Access, terms: readonly string[], from: number, end: number, direction: Direction, want: number): Promise<readonly Hit[]> {
  const hits: Hit[] = [];
  const isDown = direction === 'down';

  const fill = async (range: Range, level: number | undefined): Promise<void> => {
    const blocks = level === undefined ? [] : [term(blockWord(level, range.low))];
    const found = await hitsIn(access, [...terms, ...blocks].join('&'), range);
    if (found.length <= DENSE) {
      hits.push(...found.sort((a, b) => (isDown ? b.number - a.number : a.number - b.number)));
      return;
    }
    const finer = level === undefined ? BLOCK_SHIFTS.length - 1 : level - 1;
    for (const part of partsOf(range, finer, isDown)) {
      if (hits.length >= want) return;
      await fill(part, finer);
    }
  };

  let position = isDown ? Math.min(from, end) : Math.max(from + 1, 0);
  for (let level = 0; level < BLOCK_SHIFTS.length && hits.length < want; level++) {
    if (isDown ? position <= 0 : position >= end) return hits.slice(0, want);
    const range = restOfBlock(position, level, isDown);
    await fill(range, level);
    position = isDown ? range.low : range.high;
  }
  if (hits.length < want && (isDown ? position > 0 : position < end)) {
    await fill(isDown ? { low: 0, high: position } : { low: position, high: end }, undefined);
  }
  return hits.slice(0, want);
}

/** From the position to the edge of its block: downwards the position is exclusive, upwards inclusive. */
export function restOfBlock(position: number, level: number, isDown: boolean): Range {
  const size = 2 ** (BLOCK_SHIFTS[level] ?? 0);
  if (isDown) return { low: Math.floor((position - 1) / size) * size, high: position };
  return { low: position, high: (Math.floor(position / size) + 1) * size };
}

/** The blocks of `level` that a range touches, cut to the range, in the order of the walk. */
export function partsOf(range: Range, level: number, isDown: boolean): Range[] {
  const size = 2 ** (BLOCK_SHIFTS[level] ?? 0);
  const parts: Range[] = [];
  for (let low = Math.floor(range.low / size) * size; low < range.high; low += size) {
    parts.push({ low: Math.max(low, range.low), high: Math.min(low + size, range.high) });
  }
  return isDown ? parts.reverse() : parts;
}

/** Unordered, at most DENSE + 1. The sums keep the planner from walking an index of numbers instead of the index of words. */
async function hitsIn(access: Access, query: string, range: Range): Promise<Hit[]> {
  const { rows } = await sql<Hit>`select number, status, body_id, sector, phase, source_profile, headline from registry_systems
    where words @@ ${query}::tsquery and number + 0 >= ${range.low}::bigint and number + 0 < ${range.high}::bigint limit ${DENSE + 1}`.execute(access);
  return [...rows];
}
