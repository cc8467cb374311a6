/**
 * The words an entry is found by, as one set: `tax` stands somewhere in its public text, `@tax` in its name, `=sector:health`
 * is a filter, `#1:93` a block of numbers. One index over the set then answers any mixture of words, filters and paging.
 */

import { ALL_FIELDS } from '../fields.ts';
import { type Facet, type FacetFilter, FACETS, type SystemRecord, valueOf } from '../model.ts';
import { wordsOf } from './fold.ts';
import { withoutContacts } from './publish.ts';

/** The search reads this much of the public text of an entry; names, owners and purposes come first. */
export const SEARCHED_LENGTH_MAX = 6_000;
export const SEARCHED_WORDS_MAX = 600;
const NAME_WORDS_MAX = 40;
export const QUERY_LENGTH_MAX = 200;
export const QUERY_WORDS_MAX = 8;

/** Each level groups the numbers of systems into blocks of 2^shift. Fine blocks find a full page among common words, coarse ones skip deserts. */
export const BLOCK_SHIFTS = [9, 13, 17] as const;

const SEARCHED = ALL_FIELDS.filter((field) => field.searched === true);

/** Public words only, contacts left out, so that a search cannot probe for what is not published. */
export function textWords(record: SystemRecord): { readonly words: readonly string[]; readonly nameWords: readonly string[] } {
  const parts: string[] = [];
  let length = 0;
  for (const field of SEARCHED) {
    const value = valueOf(record, field.key);
    if (value === undefined || length >= SEARCHED_LENGTH_MAX) continue;
    const text = (Array.isArray(value) ? value.join('\n') : (value as string)).slice(0, SEARCHED_LENGTH_MAX - length);
    parts.push(withoutContacts(text));
    length += text.length;
  }
  return { words: wordsOf(parts.join('\n'), SEARCHED_WORDS_MAX), nameWords: wordsOf(withoutContacts(record.name), NAME_WORDS_MAX) };
}

export type FacetValues = { readonly [F in Facet]?: string };

export function filterWord(facet: Facet | 'audience', value: string): string {
  // Lexemes are at most 2 kB; a long value is cut alike on both sides.
  return `=${facet}:${value.slice(0, 300).replaceAll(/\s/g, '_')}`;
}

export function blockWord(level: number, number: number): string {
  return `#${level}:${Math.floor(number / 2 ** (BLOCK_SHIFTS[level] ?? 0))}`;
}

/** The whole set of an entry. */
export function entryWords(entry: { readonly number: number; readonly isPublic: boolean; readonly facets: FacetValues }, text: ReturnType<typeof textWords>): string[] {
  const set = [...text.words, ...text.nameWords.map((word) => `@${word}`), String(entry.number)];
  for (const facet of FACETS) {
    const value = entry.facets[facet];
    if (value !== undefined) set.push(filterWord(facet, value));
  }
  if (entry.isPublic) set.push(filterWord('audience', 'public'));
  BLOCK_SHIFTS.forEach((_shift, level) => set.push(blockWord(level, entry.number)));
  return set;
}

/** One word as a term of a query; the quotes make any character a plain one. */
export function term(word: string): string {
  return `'${word.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
}

export function anyOf(words: readonly string[]): string {
  return words.length === 1 ? term(words[0] ?? '') : `(${words.map(term).join('|')})`;
}

/** Filters as a query: any of the values of a facet, all of the facets. */
export function filterTerms(filter: FacetFilter, isPublicOnly: boolean): string[] {
  const terms = FACETS.flatMap((facet) => {
    const values = filter[facet] ?? [];
    return values.length === 0 ? [] : [anyOf(values.map((value) => filterWord(facet, value)))];
  });
  return isPublicOnly ? [...terms, term(filterWord('audience', 'public'))] : terms;
}
