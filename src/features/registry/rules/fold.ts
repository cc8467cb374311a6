/** Folds text so that people find what they mean: capitals, accents, Azerbaijani letters and dotted or dotless i do not matter. */

export const WORD_LENGTH_MAX = 40;

/** Letters that decomposition does not reach. ə is written e on foreign keyboards, ı is written i. */
const LETTERS: Readonly<Record<string, string>> = { ə: 'e', ı: 'i', ø: 'o', ł: 'l', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe' };

/** ASCII and the spaces between: \s alone would let in spaces of other scripts, which are neither letters nor digits, so they do no harm. */
const PLAIN = /^[ -~\s]*$/;

/** Lower case without marks. The same for `İ`, `I`, `ı` and `i`; for `Ə`, `ə` and `e`; for `Ş` and `s`; for `ё` and `е`. */
export function fold(text: string): string {
  // Most texts are plain, and unfolding is the slowest step of an import.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[əıøłđßæœ]/g, (letter) => LETTERS[letter] ?? letter);
}

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
