/**
 * Finds the newest (or oldest) numbers that fit a query without reading all that fit. The numbers are cut into blocks of 512,
 * 8,192 and 131,072, and each entry carries its blocks as words, so one index intersects any query with a range of blocks.
 * From the starting number outwards the walk takes the rest of the small block, sees how many fit there, and takes as many
 * blocks next as should fill the page: common words fill it at once, rare ones reach the end in a few strides, and nothing
 * grows with the page number. A range that holds far more than expected is entered by parts.
 */

import { sql } from 'kysely';
import type { Status } from '../model.ts';
import { anyOf, BLOCK_SHIFTS, blockWord } from '../rules/search-words.ts';
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
  /** Whether `mark` of the walk fits too; null when none was given. */
  readonly marked?: boolean | null;
}

export type Direction = 'down' | 'up';

export interface Ask {
  /** Looked at in each entry found, for a register that is mostly public; otherwise a term does it. */
  readonly publicOnly: boolean;
  /** A second query whose answer each hit carries. */
  readonly mark?: string;
  /** So many numbers are looked through first, when the asker knows how thinly hits lie. */
  readonly firstSpan?: number;
}

export interface Range {
  /** Inclusive. */
  readonly low: number;
  /** Exclusive. */
  readonly high: number;
}

const SMALLEST = 2 ** (BLOCK_SHIFTS[0] ?? 0);
/** The first stride when many hits are wanted, as for counting. */
const FIRST_OF_MANY = 2 ** (BLOCK_SHIFTS[1] ?? 0);
/** Blocks named in one query. */
const BLOCKS_MAX = 16;
/** A stride is at most so many times the one before: what lies together is found before it is too much. */
const GROWTH_MAX = 16;
/** Hits fetched beyond the wanted ones before a range counts as too full; never less than a smallest block, or there would be no end. */
const SPARE = SMALLEST;

/**
 * The first `want` hits of `terms` (joined by and) strictly beyond `from`, in order. `within` holds every number that can fit.
 * `terms` may not be empty: without a condition an ordinary index does it.
 */
export async function walk(access: Access, terms: readonly string[], from: number, within: Range, direction: Direction, want: number, ask: Ask): Promise<readonly Hit[]> {
  const { low, high: end } = within;
  const isDown = direction === 'down';
  const hits: Hit[] = [];
  let position = isDown ? Math.min(from, end) : Math.max(from + 1, low);
  let span = Math.max(SMALLEST, ask.firstSpan ?? (want > SMALLEST ? FIRST_OF_MANY : SMALLEST));
  /** A range that was too full: strides stay within its sixteenth until it is behind. */
  let crowd: { readonly edge: number; readonly span: number } | undefined;
  while (hits.length < want && (isDown ? position > low : position < end)) {
    const need = want - hits.length;
    const { range, blocks } = stride(position, span, end, isDown);
    const limit = need + SPARE;
    const found = await hitsIn(access, [...terms, ...(blocks.length === 0 ? [] : [anyOf(blocks)])].join('&'), range, limit + 1, ask);
    const width = range.high - range.low;
    if (found.length > limit && width > SMALLEST) {
      crowd = { edge: isDown ? range.low : range.high, span: Math.max(SMALLEST, Math.floor(width / GROWTH_MAX)) };
      span = crowd.span;
      continue;
    }
    hits.push(...found.sort((a, b) => (isDown ? b.number - a.number : a.number - b.number)));
    position = isDown ? range.low : range.high;
    const expected = found.length === 0 ? Number.POSITIVE_INFINITY : (width / found.length) * (want - hits.length) * 1.2;
    if (crowd !== undefined && (isDown ? position <= crowd.edge : position >= crowd.edge)) crowd = undefined;
    span = Math.max(SMALLEST, Math.min(expected, Math.max(width, span) * GROWTH_MAX, crowd?.span ?? Number.POSITIVE_INFINITY));
  }
  return hits.slice(0, want);
}

/**
 * The range of about `span` numbers next to the position, cut at the edges of blocks, and the words of its blocks. Without
 * words when it reaches to the end of the numbers in more than the largest strides. Downwards the position is exclusive, upwards inclusive.
 */
export function stride(position: number, span: number, end: number, isDown: boolean): { readonly range: Range; readonly blocks: readonly string[] } {
  let level = 0;
  while (level + 1 < BLOCK_SHIFTS.length && span >= 2 ** (BLOCK_SHIFTS[level + 1] ?? 0)) level++;
  const size = 2 ** (BLOCK_SHIFTS[level] ?? 0);
  const count = Math.max(1, Math.min(BLOCKS_MAX, Math.round(span / size)));
  if (isDown) {
    const first = Math.floor((position - 1) / size);
    const last = Math.max(0, first - count + 1);
    // Everything that is left: the words of the blocks would say nothing.
    const isRest = last === 0 && level === BLOCK_SHIFTS.length - 1;
    return { range: { low: last * size, high: position }, blocks: isRest ? [] : blockWords(level, last, first) };
  }
  const first = Math.floor(position / size);
  const last = first + count - 1;
  const isRest = (last + 1) * size >= end && level === BLOCK_SHIFTS.length - 1 && first === 0;
  return { range: { low: position, high: (last + 1) * size }, blocks: isRest ? [] : blockWords(level, first, last) };
}

function blockWords(level: number, first: number, last: number): string[] {
  const size = 2 ** (BLOCK_SHIFTS[level] ?? 0);
  return Array.from({ length: last - first + 1 }, (_, index) => blockWord(level, (first + index) * size));
}

/** Unordered. */
async function hitsIn(access: Access, query: string, range: Range, limit: number, ask: Ask): Promise<Hit[]> {
  const { rows } = await sql<Hit>`select * from registry_hits(${query}::tsquery, ${range.low}::bigint, ${range.high}::bigint, ${limit}::integer,
    ${ask.publicOnly}::boolean, ${ask.mark ?? null}::tsquery)`.execute(access);
  return [...rows];
}
