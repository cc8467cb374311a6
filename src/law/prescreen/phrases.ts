/** Written phrases read into words: `(job|work) applica*`, `face recogni*`, `*mir`. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { fold, isSilent, letterClass } from './letters.ts';
import { PATTERN_LETTERS_MIN, PATTERN_LETTERS_MIN_IN_PHRASE, PHRASE_ALTERNATIVES_MAX, PHRASE_WORDS_MAX } from './model.ts';
import type { Phrase, PhraseWord } from './model.ts';

/** The ways in which a written phrase can be wrong. */
export type PhraseRefusal = 'phrase-empty' | 'phrase-too-long' | 'phrase-unbalanced' | 'phrase-too-many-alternatives' | 'phrase-pattern-too-short' | 'phrase-star-inside-word';

/** Every phrase that the alternatives in `written` stand for. `(a|b)` may not be nested; an empty alternative `(a|)` is allowed. */
function alternatives(written: string): Verdict<readonly string[], PhraseRefusal> {
  let lines: readonly string[] = [''];
  let rest = written;
  while (rest.length > 0) {
    const open = rest.indexOf('(');
    const close = rest.indexOf(')');
    if (open < 0 && close < 0) return yes(lines.map((line) => line + rest));
    if (open < 0 || close < open || rest.slice(open + 1, close).includes('(')) return no('phrase-unbalanced');
    const before = rest.slice(0, open);
    const choices = rest.slice(open + 1, close).split('|');
    lines = lines.flatMap((line) => choices.map((choice) => line + before + choice));
    if (lines.length > PHRASE_ALTERNATIVES_MAX) return no('phrase-too-many-alternatives');
    rest = rest.slice(close + 1);
  }
  return yes(lines);
}

function readWord(written: string, lettersMin: number): Verdict<PhraseWord, PhraseRefusal> {
  const suffix = written.startsWith('*');
  const prefix = written.endsWith('*');
  const inner = written.slice(suffix ? 1 : 0, prefix ? -1 : undefined);
  if (inner.includes('*') || (suffix && prefix)) return no('phrase-star-inside-word');
  const letters = fold(inner);
  if ((suffix || prefix) && letters.length < lettersMin) return no('phrase-pattern-too-short');
  return yes({ kind: suffix ? 'suffix' : prefix ? 'prefix' : 'exact', letters });
}

/** Splits as texts are split: everything that is no letter, digit, mark or star separates words. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const kind = letterClass[line.charCodeAt(at)] ?? 0;
    if (character === '*' || kind !== 0 || isSilent(kind)) word += character;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  if (word !== '') words.push(word);
  return words;
}

function readLine(line: string): Verdict<Phrase, PhraseRefusal> {
  const written = splitWords(line);
  if (written.length === 0) return no('phrase-empty');
  if (written.length > PHRASE_WORDS_MAX) return no('phrase-too-long');
  const words: PhraseWord[] = [];
  for (const item of written) {
    const word = readWord(item, written.length === 1 ? PATTERN_LETTERS_MIN : PATTERN_LETTERS_MIN_IN_PHRASE);
    if (!word.ok) return word;
    if (word.value.letters === '') return no('phrase-empty');
    words.push(word.value);
  }
  return yes(words);
}

/** Last letters of a stem that change before a vowel: uşaq – uşağı, işsizlik – işsizliyi, et – edir. */
const STEM_CHANGES: Readonly<Record<string, Readonly<Record<string, string>>>> = { az: { q: 'ğ', k: 'y', t: 'd' } };

/** The word and, in languages whose stems change, the same prefix with its last letter changed. */
function stems(word: PhraseWord, changes: Readonly<Record<string, string>>): readonly PhraseWord[] {
  if (word.kind !== 'prefix') return [word];
  const change = Object.entries(changes).find(([from]) => word.letters.endsWith(fold(from)));
  return change === undefined ? [word] : [word, { ...word, letters: word.letters.slice(0, -1) + fold(change[1]) }];
}

/** Reads one written phrase into all the phrases it stands for in its language. */
export function readPhrase(written: string, language: string): Verdict<readonly Phrase[], PhraseRefusal> {
  const lines = alternatives(written);
  if (!lines.ok) return lines;
  const changes = STEM_CHANGES[language] ?? {};
  const phrases: Phrase[] = [];
  for (const line of lines.value) {
    const phrase = readLine(line);
    if (!phrase.ok) return phrase;
    let forms: readonly Phrase[] = [[]];
    for (const word of phrase.value) forms = forms.flatMap((form) => stems(word, changes).map((stem) => form.concat(stem)));
    phrases.push(...forms);
    if (phrases.length > PHRASE_ALTERNATIVES_MAX) return no('phrase-too-many-alternatives');
  }
  return yes(phrases);
}
