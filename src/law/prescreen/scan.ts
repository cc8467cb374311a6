/** One pass over one text: where the words are, and which phrases occur. */

import { ALPHABET, isSeveral, isSilent, letterClass, lettersOf } from './letters.ts';
import type { LetterTrie, Matcher } from './compile.ts';
import { TEXT_CHARS_MAX } from './model.ts';

/** One occurrence of a phrase of a list. Word numbers count from the start of the text. */
export interface Hit {
  readonly text: number;
  readonly firstWord: number;
  readonly lastWord: number;
  readonly sentence: number;
  readonly start: number;
  readonly end: number;
  negated: boolean;
}

export type Report = (list: number, hit: Hit) => void;

/** A tag is looked for no further than this. */
const TAG_CHARS_MAX = 300;
const LESS_THAN = 60;
const AMPERSAND = 38;
const SEMICOLON = 59;
const NEWLINE = 10;
const FULL_STOP = 46;
const BLOCK_TAG = /^<\/?(?:p|br|div|li|ul|ol|td|tr|th|h[1-6])\b/i;
const ENTITY = /^&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,9});/i;

/** End of the tag or entity that starts at `at`, or `at` if none does. */
function skipMarkup(text: string, at: number, code: number): number {
  if (code === AMPERSAND) {
    const entity = ENTITY.exec(text.slice(at, at + 12));
    return entity === null ? at : at + entity[0].length;
  }
  if (!/[a-z/!]/i.test(text.charAt(at + 1))) return at;
  const close = text.slice(at, at + TAG_CHARS_MAX).indexOf('>');
  return close < 0 ? at : at + close + 1;
}

function endsSentence(text: string, at: number, code: number): boolean {
  // ! ? ; : and line ends always; a full stop only before a space, so that 3.4 and e.g. inside words do not.
  if (code === 33 || code === 63 || code === SEMICOLON || code === NEWLINE) return true;
  if (code !== FULL_STOP) return false;
  const following = text.charCodeAt(at + 1);
  return Number.isNaN(following) || following === 32 || following === NEWLINE || following === 13 || following === LESS_THAN;
}

/** Reads one text and reports every occurrence of every phrase. Reading is linear in the length, which is cut at TEXT_CHARS_MAX. */
export class Scanner {
  private readonly matcher: Matcher;
  private readonly starts = new Int32Array(TEXT_CHARS_MAX + 1);
  private readonly letters = new Uint8Array(4 * TEXT_CHARS_MAX);
  private letterCount = 0;
  private symbols: number[] = [];
  private activeNodes: number[] = [];
  private activeStarts: number[] = [];
  private onwardNodes: number[] = [];
  private onwardStarts: number[] = [];
  private node = 0;
  private word = 0;
  private sentence = 0;
  private textNumber = 0;
  private readonly words: LetterTrie;
  private readonly suffixes: LetterTrie;

  constructor(matcher: Matcher) {
    this.matcher = matcher;
    this.words = matcher.words;
    this.suffixes = matcher.suffixes;
  }

  /** `textNumber` is put into the hits. */
  scan(text: string, textNumber: number, report: Report): void {
    this.word = 0;
    this.sentence = 0;
    this.textNumber = textNumber;
    this.activeNodes.length = 0;
    this.activeStarts.length = 0;
    const end = Math.min(text.length, TEXT_CHARS_MAX);
    let inWord = false;
    let wordEnd = 0;
    for (let at = 0; at < end; at++) {
      const code = text.charCodeAt(at);
      const kind = letterClass[code] ?? 0;
      if (kind !== 0) {
        if (isSilent(kind)) continue;
        if (!inWord) {
          inWord = true;
          this.begin(at);
        }
        if (isSeveral(kind)) for (const letter of lettersOf(code)) this.letter(letter);
        else this.letter(kind);
        wordEnd = at + 1;
        continue;
      }
      if (inWord) {
        inWord = false;
        this.endWord(wordEnd, report);
      }
      if (code === LESS_THAN || code === AMPERSAND) {
        const after = skipMarkup(text, at, code);
        if (after > at) {
          if (code === LESS_THAN && BLOCK_TAG.test(text.slice(at, at + 6))) this.endSentence();
          at = after - 1;
        }
      } else if (code < 64 && endsSentence(text, at, code)) this.endSentence();
    }
    if (inWord) this.endWord(wordEnd, report);
  }

  private begin(at: number): void {
    this.starts[this.word] = at;
    this.node = 0;
    this.letterCount = 0;
    this.symbols.length = 0;
  }

  private letter(letter: number): void {
    this.letters[this.letterCount++] = letter;
    // -1 means that no pattern starts like this word; the root is 0 and is never reached again.
    if (this.node < 0) return;
    const next = this.words.next[this.node * ALPHABET + letter] ?? 0;
    if (next === 0) {
      this.node = -1;
      return;
    }
    this.node = next;
    const prefix = this.words.part[next] ?? 0;
    if (prefix !== 0) this.symbols.push(prefix);
  }

  private endSentence(): void {
    this.sentence++;
    this.activeNodes.length = 0;
    this.activeStarts.length = 0;
  }

  private matchSuffixes(): void {
    let node = 0;
    for (let at = this.letterCount - 1; at >= 0; at--) {
      node = this.suffixes.next[node * ALPHABET + (this.letters[at] ?? 0)] ?? 0;
      if (node === 0) return;
      const suffix = this.suffixes.part[node] ?? 0;
      if (suffix !== 0) this.symbols.push(suffix);
    }
  }

  private endWord(wordEnd: number, report: Report): void {
    if (this.node > 0) {
      const whole = this.words.whole[this.node] ?? 0;
      if (whole !== 0) this.symbols.push(whole);
    }
    if (!this.suffixes.isEmpty) this.matchSuffixes();
    if (this.symbols.length > 0) this.advance(wordEnd, report);
    else if (this.activeNodes.length > 0) {
      this.activeNodes.length = 0;
      this.activeStarts.length = 0;
    }
    this.word++;
  }

  private advance(wordEnd: number, report: Report): void {
    this.onwardNodes.length = 0;
    this.onwardStarts.length = 0;
    for (const symbol of this.symbols) {
      this.step(0, this.word, symbol, wordEnd, report);
      for (let at = 0; at < this.activeNodes.length; at++) {
        this.step(this.activeNodes[at] ?? 0, this.activeStarts[at] ?? 0, symbol, wordEnd, report);
      }
    }
    [this.activeNodes, this.onwardNodes] = [this.onwardNodes, this.activeNodes];
    [this.activeStarts, this.onwardStarts] = [this.onwardStarts, this.activeStarts];
  }

  private step(node: number, firstWord: number, symbol: number, wordEnd: number, report: Report): void {
    const next = this.matcher.phrases.get(node * this.matcher.symbols + symbol);
    if (next === undefined) return;
    this.onwardNodes.push(next);
    this.onwardStarts.push(firstWord);
    const lists = this.matcher.ends[next];
    if (lists === undefined) return;
    const start = this.starts[firstWord] ?? 0;
    for (const list of lists) {
      report(list, { text: this.textNumber, firstWord, lastWord: this.word, sentence: this.sentence, start, end: wordEnd, negated: false });
    }
  }
}
