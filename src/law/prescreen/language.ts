/** Which languages a record is probably written in, so that words of one language are not read as words of another. */

import { ALPHABET, fold, isSeveral, isSilent, letterClass } from './letters.ts';
import { TEXTS_MAX } from './model.ts';
import type { RecogniserSet, SourceText, TextLanguage } from './model.ts';

/** Characters of one record that are looked at: function words are frequent, so a page is plenty. */
const SAMPLE_CHARS_MAX = 4_000;
/** A second language counts when it has at least this share of the marks of the first: registers mix Dutch with English. */
const SHARE_MIN = 0.25;
/** Marks that a language needs at all. */
const MARKS_MIN = 2;

/** A word of up to eight letters as one number (70⁸ < 2⁵³): cheaper to look up than a text. Longer words are no function words. */
const LETTERS_MAX = 8;
const NO_WORD = 0;

function keyOf(folded: string): number {
  let key = NO_WORD;
  for (let at = 0; at < folded.length; at++) key = key * ALPHABET + folded.charCodeAt(at);
  return folded.length > LETTERS_MAX ? NO_WORD : key;
}

const tables = new WeakMap<RecogniserSet, ReadonlyMap<number, readonly TextLanguage[]>>();

/** Function word → languages. A function of the set alone, so remembering it changes no answer. */
function tableOf(set: RecogniserSet): ReadonlyMap<number, readonly TextLanguage[]> {
  const known = tables.get(set);
  if (known !== undefined) return known;
  const table = new Map<number, TextLanguage[]>();
  for (const [language, words] of set.functionWords) {
    for (const word of words) table.set(keyOf(fold(word)), [...(table.get(keyOf(fold(word))) ?? []), language]);
  }
  table.delete(NO_WORD);
  tables.set(set, table);
  return table;
}

/** Calls `found` with the key of every word among the first `charsMax` characters. */
function eachWord(text: string, charsMax: number, found: (key: number) => void): void {
  let key = NO_WORD;
  let length = 0;
  const end = Math.min(text.length, charsMax);
  for (let at = 0; at <= end; at++) {
    const kind = at === end ? 0 : (letterClass[text.charCodeAt(at)] ?? 0);
    if (kind === 0) {
      if (length > 0 && length <= LETTERS_MAX) found(key);
      key = NO_WORD;
      length = 0;
    } else if (!isSilent(kind)) {
      // A character that folds to several letters ends any likeness to a function word, which is all that matters here.
      key = isSeveral(kind) ? NO_WORD : key * ALPHABET + kind;
      length += isSeveral(kind) ? LETTERS_MAX + 1 : 1;
    }
  }
}

/**
 * Languages of the set in which the texts are probably written, in the order of the set; all of them when the texts are too
 * short to tell. Counts function words (`the`, `və`, `для`, `het`) as the set lists them.
 */
export function likelyLanguages(set: RecogniserSet, texts: readonly SourceText[]): readonly TextLanguage[] {
  const table = tableOf(set);
  const counts = new Map<TextLanguage, number>();
  let left = SAMPLE_CHARS_MAX;
  for (const { text } of texts.slice(0, TEXTS_MAX)) {
    eachWord(text, left, (key) => {
      for (const language of table.get(key) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
    });
    left = Math.max(0, left - text.length);
  }
  const most = Math.max(0, ...counts.values());
  if (most < MARKS_MIN) return set.languages;
  const least = Math.max(MARKS_MIN, most * SHARE_MIN);
  return set.languages.filter((language) => (counts.get(language) ?? 0) >= least);
}
