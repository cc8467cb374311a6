/** Lists the register: words, filters, order, pages by key, counts that stop at a named maximum. */

import { sql, type RawBuilder } from 'kysely';
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../../base/index.ts';
import { type Scope, systemScope, within as withinScope } from '../../../platform/auth/index.ts';
import { type Facet, type FacetCount, type FacetFilter, FACETS, type ListPage, type ListQuery, type Order, STATUSES, type SystemEntry } from '../model.ts';
import { wordsOf } from '../rules/fold.ts';
import { anyOf, filterTerms, QUERY_LENGTH_MAX, QUERY_WORDS_MAX } from '../rules/search-words.ts';
import { bodiesOf, OWN_BODIES_MAX } from './bodies.ts';
import { type Audience, countAll, countFacets, countOf, FACET_VALUES_MAX } from './counts.ts';
import { isId, readBodyNames, readEntriesByNumber } from './read.ts';
import { type Access, type EntryRow, entryOf, SELECT_ENTRIES, valueList } from './rows.ts';
import { remembered } from './remembered.ts';
import { type Ask, type Direction, type Hit, type Range, walk } from './walk.ts';

/** Hits are counted up to here; beyond it the page says "or more". A small register is counted to its end. */
export const FOUND_MAX = 1_000;
const SMALL_REGISTER = 5_000;
const ENDINGS_MAX = 12;
const LIKE_WORDS_MAX = 6;
/** Share of common trigrams; two thirds of one-letter slips in words of six letters pass, chance neighbours do not. */
const LIKENESS_MIN = 0.4;
/** Words with one beginning that are looked through for the shortest. */
const VOCABULARY_SCAN_MAX = 400;
const FACET_FILTER_VALUES_MAX = 50;

/** Where a page begins: in which tier (0: all words in the name, 1: anywhere), beyond which number, in which direction. */
interface Cursor {
  readonly tier: number;
  readonly number: number;
  readonly stakes?: number;
  readonly direction: Direction;
}

/** `after` was not made by this list. */
export class BadCursor extends Error {}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.tier, cursor.number, cursor.direction === 'up' ? 1 : 0, ...(cursor.stakes === undefined ? [] : [cursor.stakes])])).toString('base64url');
}

export function decodeCursor(text: string): Cursor {
  try {
    const parts = JSON.parse(Buffer.from(text.slice(0, 200), 'base64url').toString('utf8')) as unknown[];
    const [tier, number, up, stakes] = parts;
    if (![tier, number, up].every(Number.isSafeInteger) || (stakes !== undefined && !Number.isSafeInteger(stakes)) || tier !== 0 && tier !== 1) throw new BadCursor();
    return { tier, number: Number(number), direction: up === 1 ? 'up' : 'down', ...(stakes === undefined ? {} : { stakes: Number(stakes) }) };
  } catch {
    throw new BadCursor(text.slice(0, 200));
  }
}

/** Whose list it is: what is published, everything, or what belongs to some organisations, which no counter counts. */
export interface Reader {
  readonly audience: Audience;
  /** UUIDs. */
  readonly own?: readonly string[];
}

export function readerOf(scope: Scope): Reader {
  if (scope.kind === 'public') return { audience: 'public' };
  return scope.reach === 'own' ? { audience: 'workspace', own: scope.organisations } : { audience: 'workspace' };
}

export async function search(access: Access, reader: Reader, query: ListQuery): Promise<ListPage> {
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? PAGE_ROWS_DEFAULT), 1), PAGE_ROWS_MAX);
  const cursor = query.after === undefined || query.after === '' ? undefined : decodeCursor(query.after);
  const facets = await filterOf(access, reader, query.facets ?? {});
  if (facets === undefined) return emptyPage();
  const words = wordsOf((query.q ?? '').slice(0, QUERY_LENGTH_MAX), QUERY_WORDS_MAX);
  const hasSigns = (query.q ?? '').trim() !== '' && words.length === 0;
  if (hasSigns) return emptyPage();
  const order = query.order ?? (words.length > 0 ? 'relevance' : 'latest');
  if (order === 'stakes' && words.length === 0) return listByStakes(access, reader, facets, limit, cursor);
  const { audience } = reader;
  if (reader.own === undefined && words.length === 0) {
    if (Object.keys(facets).length === 0) return listAll(access, audience, limit, cursor);
    const cluster = clusterOf(facets);
    if (cluster !== undefined) return listCluster(access, audience, cluster, limit, cursor);
  }
  const within = await boundsOf(access, facets, await endOf(access, reader, facets));
  // A term for what nearly every entry has is the dearest of all; then each entry found is looked at instead.
  const publicOnly = audience === 'public' && (await isMostlyPublic(access));
  const filters = filterTerms(facets, audience === 'public' && !publicOnly);
  const exact = await expand(access, reader, words);
  const page = await searchTiers(access, reader, asked(exact, filters, order, publicOnly), facets, within, limit, cursor);
  if (page.items.length > 0 || words.length === 0 || cursor !== undefined) return page;
  const like = await expandByLikeness(access, reader, words, exact);
  if (like === undefined) return page;
  const near = await searchTiers(access, reader, asked(like, filters, order, publicOnly), facets, within, limit, undefined);
  return { ...withoutCursors(near), nearMisses: near.items.length > 0 };
}

async function isMostlyPublic(access: Access): Promise<boolean> {
  return remembered(access, 'mostly-public', async () => withinScope(systemScope, async () => 2 * (await countAll(access, 'public')) > (await countAll(access, 'workspace'))));
}

/**
 * The filter as asked, kept to the bodies of the reader where the reader sees only those: one index then answers it. Undefined when nothing
 * can fit. Too many bodies to be named are kept apart by the database alone; a word that every entry has stands in for them.
 */
async function filterOf(access: Access, reader: Reader, given: FacetFilter): Promise<FacetFilter | undefined> {
  const filter = cleanFilter(given);
  if (reader.own === undefined) return filter;
  const bodies = await bodiesOf(access, reader.own);
  if (bodies.length > OWN_BODIES_MAX) return Object.keys(filter).length === 0 ? { status: STATUSES } : filter;
  const mine = bodies.map((body) => body.id).filter((id) => filter.body?.includes(id) !== false);
  return mine.length === 0 ? undefined : { ...filter, body: mine };
}

/** Near misses are one page: what follows would be even less alike. */
function withoutCursors(page: ListPage): ListPage {
  const { next: _next, previous: _previous, ...rest } = page;
  return rest;
}

function emptyPage(): ListPage {
  return { items: [], total: 0, totalIsExact: true, facets: noFacets(), facetsAreExact: true, nearMisses: false };
}

function noFacets(): Record<Facet, readonly FacetCount[]> {
  return { status: [], body: [], sector: [], phase: [], source: [], headline: [] };
}

function cleanFilter(filter: FacetFilter): FacetFilter {
  return Object.fromEntries(FACETS.flatMap((facet) => {
    const values = (filter[facet] ?? []).filter((value) => value !== '').slice(0, FACET_FILTER_VALUES_MAX);
    return values.length === 0 ? [] : [[facet, values]];
  }));
}

async function endOf(access: Access, reader: Reader, filter: FacetFilter): Promise<number> {
  // The bodies tell it: the newest number of all may be far away.
  if (reader.own !== undefined && filter.body !== undefined) return Number.MAX_SAFE_INTEGER;
  const { rows } = await sql<{ number: number }>`select number from registry_systems order by number desc limit 1`.execute(access);
  return (rows[0]?.number ?? 0) + 1;
}

/** Numbers that can fit, and the end of all numbers. */
interface Bounds extends Range {
  readonly end: number;
}

/** Sources are imported one after the other and bodies lie together: their first and last numbers keep a walk out of all that lies around them. */
async function boundsOf(access: Access, filter: FacetFilter, end: number): Promise<Bounds> {
  let [low, high] = [0, end];
  const narrow = async (sources: readonly string[], bodies: readonly string[]): Promise<void> => {
    const { rows } = await sql<{ first: number | null; last: number | null }>`select first, last from registry_bounds(${sources}::text[], ${bodies}::uuid[])`.execute(access);
    low = Math.max(low, rows[0]?.first ?? end);
    high = Math.min(high, (rows[0]?.last ?? -1) + 1);
  };
  if (filter.source !== undefined) await narrow(filter.source, []);
  const bodies = filter.body ?? [];
  if (bodies.length > 0 && bodies.every(isId)) await narrow([], bodies);
  return { low, high, end };
}

// ---- words ---------------------------------------------------------------------------------------------------------

/** For each word of the query the words of the register that begin with it: other endings, in languages that have many. */
async function expand(access: Access, reader: Reader, words: readonly string[]): Promise<readonly (readonly string[])[]> {
  const result: (readonly string[])[] = [];
  for (const word of words) {
    if (word.length < 3 || /^\d+$/.test(word)) {
      result.push([word]);
      continue;
    }
    const { rows } = await sql<{ word: string }>`select distinct word, length(word) from (
        ${eachVocabulary(reader, sql`word ~>=~ ${word} and word ~<~ ${nextPrefix(word)} limit ${VOCABULARY_SCAN_MAX}`)}
      ) found order by length(word), word limit ${ENDINGS_MAX}`.execute(access);
    result.push([...new Set([word, ...rows.map((row) => row.word)])]);
  }
  return result;
}

/** The words of published entries, and for those who see more the words of what they see. */
function eachVocabulary(reader: Reader, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const published = sql`(select word from registry_words where ${condition})`;
  if (reader.audience === 'public') return published;
  const mine = reader.own === undefined ? sql`` : sql`organisation_id = any(${reader.own}::uuid[]) and `;
  return sql`${published} union all (select word from registry_unpublished_words where ${mine}${condition})`;
}

/** The first text after all texts that begin with `word`, in code point order. */
export function nextPrefix(word: string): string {
  const points = Array.from(word, (letter) => letter.codePointAt(0) ?? 0);
  const last = points.pop() ?? 0;
  return String.fromCodePoint(...points, last + 1);
}

/** Words spelled alike in place of words the register does not have; undefined when it has them all, for then nothing was misspelt. */
async function expandByLikeness(access: Access, reader: Reader, words: readonly string[], exact: readonly (readonly string[])[]): Promise<readonly (readonly string[])[] | undefined> {
  let isNew = false;
  const result: (readonly string[])[] = [];
  for (const [index, word] of words.entries()) {
    const known = exact[index] ?? [word];
    if (word.length < 3 || /^\d+$/.test(word) || (await isInVocabulary(access, reader, known))) {
      result.push(known);
      continue;
    }
    const { rows } = await sql<{ word: string }>`select word from (
        select distinct word, similarity(word, ${word}) as likeness from (${eachVocabulary(reader, sql`word % ${word}`)}) like_it
      ) found where likeness >= ${LIKENESS_MIN} order by likeness desc, word limit ${LIKE_WORDS_MAX}`.execute(access);
    isNew ||= rows.length > 0;
    result.push([word, ...rows.map((row) => row.word)]);
  }
  return isNew ? result : undefined;
}

async function isInVocabulary(access: Access, reader: Reader, words: readonly string[]): Promise<boolean> {
  if (words.length > 1) return true;
  const { rows } = await sql<{ word: string }>`${eachVocabulary(reader, sql`word = ${words[0] ?? ''} limit 1`)}`.execute(access);
  return rows.length > 0;
}

/** What a search asks: all terms of `anywhere`; `inName` when entries with all words in their name come first. */
interface Asked {
  readonly anywhere: readonly string[];
  readonly inName: string | undefined;
  readonly filters: readonly string[];
  readonly publicOnly: boolean;
}

/** By relevance: first the entries with all words in their name, then the others; newest first in each. */
function asked(words: readonly (readonly string[])[], filters: readonly string[], order: Order, publicOnly: boolean): Asked {
  const anywhere = [...words.map(anyOf), ...filters];
  if (words.length === 0 || order === 'latest') return { anywhere, inName: undefined, filters, publicOnly };
  return { anywhere, inName: words.map((one) => anyOf(one.map((word) => `@${word}`))).join('&'), filters, publicOnly };
}

function askOf(query: Asked, mark?: string): Ask {
  return { publicOnly: query.publicOnly, ...(mark === undefined ? {} : { mark }) };
}

/** The terms of a tier: 0 all words in the name, 1 all others. Without words there is only the second. */
function termsOf(query: Asked, tier: number): readonly string[] {
  if (query.inName === undefined) return tier === 0 ? [] : query.anywhere;
  return tier === 0 ? [query.inName, ...query.filters] : [...query.anywhere, `!(${query.inName})`];
}

// ---- pages ---------------------------------------------------------------------------------------------------------

interface Placed {
  readonly hit: Hit;
  readonly tier: number;
}

interface Counted {
  readonly total: number;
  readonly totalIsExact: boolean;
  readonly facets: ListPage['facets'];
  readonly facetsAreExact: boolean;
}

async function searchTiers(access: Access, reader: Reader, query: Asked, facets: FacetFilter, within: Bounds, limit: number, cursor: Cursor | undefined): Promise<ListPage> {
  let found: readonly Placed[] | undefined;
  const counted = await remembered(access, JSON.stringify([reader, query]), async () => {
    const countedMax = within.end <= SMALL_REGISTER || reader.own !== undefined ? SMALL_REGISTER : FOUND_MAX;
    const hits = await walk(access, query.anywhere, within.high, within, 'down', countedMax + 1, askOf(query, query.inName));
    if (cursor === undefined) found = await firstPage(access, hits, query, within, hits.length <= countedMax ? 0 : limit + 1);
    return countOfHits(access, reader, query, facets, hits, countedMax);
  });
  found ??= await collect(access, query, cursor ?? { tier: 0, number: within.high, direction: 'down' }, within, limit + 1);
  const page = found.slice(0, limit);
  const isUp = cursor?.direction === 'up';
  if (isUp) page.reverse();
  const items = await readEntriesByNumber(access, page.map((one) => one.hit.number));
  const places = page.map((one) => ({ tier: one.tier, number: one.hit.number }));
  return { items, ...counted, ...cursorsOf(places, cursor, found.length > limit), nearMisses: false };
}

/**
 * The hits of the count, the newest without a gap, in the order of the list. When there are more than were counted, those with the words
 * in their name are looked for beyond the counted ones until `want` are known; of the others enough are known already.
 */
async function firstPage(access: Access, hits: readonly Hit[], query: Asked, within: Range, want: number): Promise<readonly Placed[]> {
  if (query.inName === undefined) return hits.map((hit) => ({ hit, tier: 1 }));
  const named = hits.filter((hit) => hit.marked === true);
  const last = hits.at(-1)?.number ?? 0;
  const missing = want - named.length;
  // As thinly as among the counted ones; when there is none, everything is looked through at once.
  const firstSpan = Math.min(within.high, ((within.high - last) / named.length) * missing * 1.2);
  const further = missing <= 0 ? [] : await walk(access, termsOf(query, 0), last, within, 'down', missing, { ...askOf(query), firstSpan });
  return [...[...named, ...further].map((hit) => ({ hit, tier: 0 })), ...hits.filter((hit) => hit.marked !== true).map((hit) => ({ hit, tier: 1 }))];
}

async function countOfHits(access: Access, reader: Reader, query: Asked, facets: FacetFilter, hits: readonly Hit[], countedMax: number): Promise<Counted> {
  const facetsAreExact = hits.length <= countedMax;
  const total = facetsAreExact ? hits.length : await exactTotal(access, reader, facets, query);
  return { total: total ?? countedMax, totalIsExact: total !== undefined, facets: await labelled(access, tally(hits.slice(0, countedMax))), facetsAreExact };
}

/** The cursors of a page in reading order: `next` when more follows, `previous` when the reader came from before. */
function cursorsOf(places: readonly Omit<Cursor, 'direction'>[], cursor: Cursor | undefined, hasMore: boolean): { readonly next?: string; readonly previous?: string } {
  const isUp = cursor?.direction === 'up';
  const [first, last] = [places[0], places.at(-1)];
  return {
    ...((isUp || hasMore) && last !== undefined ? { next: encodeCursor({ ...last, direction: 'down' }) } : {}),
    ...(cursor !== undefined && (!isUp || hasMore) && first !== undefined ? { previous: encodeCursor({ ...first, direction: 'up' }) } : {}),
  };
}

/** One filter without words has a counter. */
async function exactTotal(access: Access, { audience, own }: Reader, filter: FacetFilter, query: Asked): Promise<number | undefined> {
  if (own !== undefined) return undefined;
  const facets = FACETS.filter((facet) => filter[facet] !== undefined);
  const [facet] = facets;
  const hasWords = query.anywhere.length > query.filters.length;
  return facets.length === 1 && facet !== undefined && !hasWords ? countOf(access, audience, facet, filter[facet] ?? []) : undefined;
}

async function collect(access: Access, query: Asked, from: Cursor, within: Range, want: number): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  const isDown = from.direction === 'down';
  const order = [0, 1].map((tier) => ({ terms: termsOf(query, tier), tier }));
  if (!isDown) order.reverse();
  for (const { terms, tier } of order) {
    if (terms.length === 0 || placed.length >= want || (isDown ? tier < from.tier : tier > from.tier)) continue;
    const start = tier === from.tier ? from.number : isDown ? within.high : -1;
    const hits = await walk(access, terms, start, within, from.direction, want - placed.length, askOf(query));
    placed.push(...hits.map((hit) => ({ hit, tier })));
  }
  return placed;
}

function tally(hits: readonly Hit[]): ReadonlyMap<Facet, readonly { value: string; count: number }[]> {
  const result = new Map<Facet, readonly { value: string; count: number }[]>();
  for (const facet of FACETS) {
    const sums = new Map<string, number>();
    for (const hit of hits) {
      const value = facetOf(hit, facet);
      if (value !== null) sums.set(value, (sums.get(value) ?? 0) + 1);
    }
    const sorted = [...sums].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    result.set(facet, sorted.slice(0, FACET_VALUES_MAX));
  }
  return result;
}

function facetOf(hit: Hit, facet: Facet): string | null {
  switch (facet) {
    case 'status':
      return hit.status;
    case 'body':
      return hit.body_id;
    case 'source':
      return hit.source_profile;
    default:
      return hit[facet];
  }
}

async function labelled(access: Access, counts: ReadonlyMap<Facet, readonly { value: string; count: number }[]>): Promise<ListPage['facets']> {
  const names = await readBodyNames(access, (counts.get('body') ?? []).map((one) => one.value));
  const result = noFacets();
  for (const facet of FACETS) {
    result[facet] = (counts.get(facet) ?? []).map((one) => ({ ...one, label: facet === 'body' ? (names.get(one.value) ?? one.value) : one.value }));
  }
  return result;
}

/** The whole register, newest first: an ordinary index and exact counters. */
async function listAll(access: Access, audience: Audience, limit: number, cursor: Cursor | undefined): Promise<ListPage> {
  const isUp = cursor?.direction === 'up';
  const visible = audience === 'public' ? sql`s.is_public` : sql`true`;
  const beyond = cursor === undefined ? sql`true` : isUp ? sql`s.number > ${cursor.number}::bigint` : sql`s.number < ${cursor.number}::bigint`;
  const { rows } = await sql<{ number: number }>`select s.number from registry_systems s where ${visible} and ${beyond}
    order by s.number ${isUp ? sql`asc` : sql`desc`} limit ${limit + 1}`.execute(access);
  const hasMore = rows.length > limit;
  const numbers = rows.slice(0, limit).map((row) => row.number);
  if (isUp) numbers.reverse();
  const counted = await remembered(access, JSON.stringify([audience, 'all']), async (): Promise<Counted> => ({
    total: await countAll(access, audience),
    totalIsExact: true,
    facets: await labelled(access, await countFacets(access, audience)),
    facetsAreExact: true,
  }));
  return {
    items: await readEntriesByNumber(access, numbers),
    ...counted,
    ...cursorsOf(numbers.map((number) => ({ tier: 1, number })), cursor, hasMore),
    nearMisses: false,
  };
}

interface Cluster {
  readonly facet: 'body' | 'source';
  readonly value: string;
}

/** One source or one body and nothing else: their entries lie together, and have an index of their own. */
function clusterOf(filter: FacetFilter): Cluster | undefined {
  const [facet, ...others] = FACETS.filter((one) => filter[one] !== undefined);
  const [value, ...more] = facet === undefined ? [] : (filter[facet] ?? []);
  if (others.length > 0 || more.length > 0 || value === undefined) return undefined;
  if (facet === 'source') return { facet, value };
  return facet === 'body' && isId(value) ? { facet, value } : undefined;
}

async function listCluster(access: Access, audience: Audience, { facet, value }: Cluster, limit: number, cursor: Cursor | undefined): Promise<ListPage> {
  const isUp = cursor?.direction === 'up';
  const mine = facet === 'source' ? sql`s.source_profile = ${value}` : sql`s.body_id = ${value}::uuid`;
  const visible = audience === 'public' ? sql`${mine} and s.is_public` : mine;
  const beyond = cursor === undefined ? sql`true` : isUp ? sql`s.number > ${cursor.number}::bigint` : sql`s.number < ${cursor.number}::bigint`;
  const { rows } = await sql<{ number: number }>`select s.number from registry_systems s where ${visible} and ${beyond}
    order by s.number ${isUp ? sql`asc` : sql`desc`} limit ${limit + 1}`.execute(access);
  const counted = await remembered(access, JSON.stringify([audience, facet, value]), async (): Promise<Counted> => {
    const { rows: hits } = await sql<Hit>`select s.number, s.status, s.body_id, s.sector, s.phase, s.source_profile, s.headline from registry_systems s
      where ${visible} order by s.number desc limit ${FOUND_MAX + 1}`.execute(access);
    const total = await countOf(access, audience, facet, [value]);
    return { total, totalIsExact: true, facets: await labelled(access, tally(hits.slice(0, FOUND_MAX))), facetsAreExact: hits.length <= FOUND_MAX };
  });
  const numbers = rows.slice(0, limit).map((row) => row.number);
  if (isUp) numbers.reverse();
  return { items: await readEntriesByNumber(access, numbers), ...counted, ...cursorsOf(numbers.map((number) => ({ tier: 1, number })), cursor, rows.length > limit), nearMisses: false };
}

/** The work list: highest stakes first; entries that were never assessed are not in it. */
async function listByStakes(access: Access, reader: Reader, filter: FacetFilter, limit: number, cursor: Cursor | undefined): Promise<ListPage> {
  const isUp = cursor?.direction === 'up';
  const conditions = [sql`s.stakes is not null`, ...columnConditions(filter), ...visibleTo(reader)];
  const beyond = cursor === undefined ? [] : [isUp ? sql`(s.stakes, s.number) > (${cursor.stakes ?? 0}::int, ${cursor.number}::bigint)` : sql`(s.stakes, s.number) < (${cursor.stakes ?? 0}::int, ${cursor.number}::bigint)`];
  const { rows } = await sql<{ number: number; stakes: number }>`select s.number, s.stakes from registry_systems s
    where ${sql.join([...conditions, ...beyond], sql` and `)} order by s.stakes ${isUp ? sql`asc` : sql`desc`}, s.number ${isUp ? sql`asc` : sql`desc`} limit ${limit + 1}`.execute(access);
  const counted = await sql<Hit>`select s.number, s.status, s.body_id, s.sector, s.phase, s.source_profile, s.headline from registry_systems s
    where ${sql.join(conditions, sql` and `)} order by s.stakes desc, s.number desc limit ${FOUND_MAX + 1}`.execute(access);
  const hasMore = rows.length > limit;
  const page = rows.slice(0, limit);
  if (isUp) page.reverse();
  const isExact = counted.rows.length <= FOUND_MAX;
  return {
    items: await readEntriesByNumber(access, page.map((row) => row.number)),
    total: Math.min(counted.rows.length, FOUND_MAX),
    totalIsExact: isExact,
    ...cursorsOf(page.map((row) => ({ tier: 1, number: row.number, stakes: row.stakes })), cursor, hasMore),
    facets: await labelled(access, tally(counted.rows.slice(0, FOUND_MAX))),
    facetsAreExact: isExact,
    nearMisses: false,
  };
}

/** Said again although the policies of the table say it: the values tell the planner how few they are. */
function visibleTo({ audience, own }: Reader): RawBuilder<unknown>[] {
  if (own !== undefined) return [sql`s.organisation_id = any(${own}::uuid[])`];
  return audience === 'public' ? [sql`s.is_public`] : [];
}

const FACET_COLUMNS: { readonly [F in Facet]: RawBuilder<unknown> } = {
  status: sql`s.status`,
  body: sql`s.body_id::text`,
  sector: sql`s.sector`,
  phase: sql`s.phase`,
  source: sql`s.source_profile`,
  headline: sql`s.headline`,
};

function columnConditions(filter: FacetFilter): RawBuilder<unknown>[] {
  return FACETS.flatMap((facet) => {
    const values = filter[facet];
    return values === undefined || values.length === 0 ? [] : [sql`${FACET_COLUMNS[facet]} in ${valueList(values)}`];
  });
}

/** All entries that fit, oldest first, in batches by key: for exports and for deciding everything again. Memory stays flat. */
export async function* streamEntries(access: Access, reader: Reader, query: Pick<ListQuery, 'q' | 'facets'>, batchRows: number): AsyncGenerator<SystemEntry> {
  const words = wordsOf((query.q ?? '').slice(0, QUERY_LENGTH_MAX), QUERY_WORDS_MAX);
  if (words.length > 0) {
    yield* streamFound(access, reader, words, query.facets ?? {}, batchRows);
    return;
  }
  const conditions = [...columnConditions(cleanFilter(query.facets ?? {})), ...visibleTo(reader)];
  let after = 0;
  for (;;) {
    const { rows } = await sql<EntryRow>`${SELECT_ENTRIES} where ${sql.join([sql`s.number > ${after}::bigint`, ...conditions], sql` and `)}
      order by s.number limit ${batchRows}`.execute(access);
    for (const row of rows) yield entryOf(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < batchRows) return;
    after = last.number;
  }
}

/** Found as a search finds them: the index of words is open to nothing else. */
async function* streamFound(access: Access, reader: Reader, words: readonly string[], filter: FacetFilter, batchRows: number): AsyncGenerator<SystemEntry> {
  const facets = await filterOf(access, reader, filter);
  if (facets === undefined) return;
  const terms = [...(await expand(access, reader, words)).map(anyOf), ...filterTerms(facets, reader.audience === 'public')];
  const within = await boundsOf(access, facets, await endOf(access, reader, facets));
  let after = within.low - 1;
  for (;;) {
    const hits = await walk(access, terms, after, within, 'up', batchRows, { publicOnly: false });
    yield* await readEntriesByNumber(access, hits.map((hit) => hit.number));
    const last = hits.at(-1);
    if (last === undefined || hits.length < batchRows) return;
    after = last.number;
  }
}
