/** Folds text so that people find what they mean: capitals, accents, Azerbaijani letters and dotted or dotless i do not matter. */

import { foldLetters } from '../../../platform/text/index.ts';

export const WORD_LENGTH_MAX = 40;

/** ASCII and the spaces between. */
const PLAIN = /^[ -~\s]*$/;

export const fold = foldLetters;

/** The distinct words of a text in order, at most `wordsMax`; a word is letters and digits, cut at 40. */
export function wordsOf(text: string, wordsMax: number): string[] {
  const words = new Set<string>();
  const folded = fold(text);
  // Plain letters are cut several times as fast without the tables of all scripts.
  for (const word of folded.split(PLAIN.test(folded) ? /[^a-z0-9]+/ : /[^\p{L}\p{N}]+/u)) {
    if (word !== '') words.add(word.slice(0, WORD_LENGTH_MAX));
    if (words.size >= wordsMax) break;
  }
  return [...words];
}

/** One name for what is written with other capitals, spaces or punctuation. */
export function nameKey(name: string): string {
  return wordsOf(name, 60).join(' ');
}
