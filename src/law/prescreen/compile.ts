/** All phrases of a recogniser set compiled into one matcher: a trie over letters that names words, and a trie over words that names phrases. */

import { assert } from '../../base/index.ts';
import { ALPHABET } from './letters.ts';
import type { Exclusion, Phrase, Phrases, Recogniser, RecogniserSet, Signal, TextLanguage } from './model.ts';

/** A trie over folded letters. `next[node * ALPHABET + letter]` is 0 where there is no way on; node 0 is the root. */
export interface LetterTrie {
  readonly next: Int32Array;
  /** Symbol of the word that ends at a node, or 0. */
  readonly whole: Int32Array;
  /** Symbol of the prefix (in the suffix trie: suffix) that ends at a node, or 0. */
  readonly part: Int32Array;
  readonly isEmpty: boolean;
}

export interface CompiledSignal {
  readonly strength: number;
  readonly lists: readonly number[];
  readonly within: number | undefined;
  readonly near: number | undefined;
}

export interface CompiledRecogniser {
  readonly recogniser: Recogniser;
  readonly signals: readonly CompiledSignal[];
  readonly unless: readonly CompiledSignal[];
}

export interface CompiledNegation {
  readonly before: number;
  readonly beforeWindow: number;
  readonly after: number;
  readonly afterWindow: number;
  readonly apparent: number;
}

export interface Matcher {
  readonly words: LetterTrie;
  readonly suffixes: LetterTrie;
  /** Phrase trie: `node * symbols + symbol` → node. */
  readonly phrases: ReadonlyMap<number, number>;
  readonly symbols: number;
  /** Lists that a phrase ending at a node belongs to. */
  readonly ends: readonly (readonly number[] | undefined)[];
  readonly lists: number;
  readonly recognisers: readonly CompiledRecogniser[];
  /** Recognisers with a signal that starts from a list. */
  readonly byList: readonly (readonly number[])[];
  readonly negations: readonly CompiledNegation[];
  readonly stop: number;
  /** Lists below this number say no; from it on they say something about the system. */
  readonly firstPlainList: number;
}

class TrieBuilder {
  private next = new Int32Array(ALPHABET * 1024);
  private nodes = 1;
  private readonly whole: number[] = [0];
  private readonly part: number[] = [0];

  private step(node: number, letter: number): number {
    const at = node * ALPHABET + letter;
    const known = this.next[at] ?? 0;
    if (known !== 0) return known;
    const fresh = this.nodes++;
    if (this.nodes * ALPHABET > this.next.length) {
      const larger = new Int32Array(this.next.length * 2);
      larger.set(this.next);
      this.next = larger;
    }
    this.next[at] = fresh;
    this.whole.push(0);
    this.part.push(0);
    return fresh;
  }

  /** Enters a word and answers its symbol, a fresh one from `allot` if it is new. */
  symbol(letters: string, isPart: boolean, allot: () => number): number {
    let node = 0;
    for (let at = 0; at < letters.length; at++) node = this.step(node, letters.charCodeAt(at));
    const symbols = isPart ? this.part : this.whole;
    const known = symbols[node] ?? 0;
    if (known !== 0) return known;
    const fresh = allot();
    symbols[node] = fresh;
    return fresh;
  }

  finish(): LetterTrie {
    return {
      next: this.next.slice(0, this.nodes * ALPHABET),
      whole: Int32Array.from(this.whole),
      part: Int32Array.from(this.part),
      isEmpty: this.nodes === 1,
    };
  }
}

class MatcherBuilder {
  readonly words = new TrieBuilder();
  readonly suffixes = new TrieBuilder();
  private symbolCount = 1;
  private readonly entries: { readonly symbols: readonly number[]; readonly list: number }[] = [];
  private readonly numbers = new Map<Phrases, number>();
  private listCount = 0;
  private readonly languages: readonly TextLanguage[];

  constructor(languages: readonly TextLanguage[]) {
    this.languages = languages;
  }

  get lists(): number {
    return this.listCount;
  }

  get symbols(): number {
    return this.symbolCount;
  }

  private symbolOf(word: Phrase[number]): number {
    const allot = (): number => this.symbolCount++;
    if (word.kind !== 'suffix') return this.words.symbol(word.letters, word.kind === 'prefix', allot);
    return this.suffixes.symbol([...word.letters].reverse().join(''), true, allot);
  }

  add(phrases: readonly Phrase[]): number {
    const list = this.listCount++;
    for (const phrase of phrases) this.entries.push({ symbols: phrase.map((word) => this.symbolOf(word)), list });
    return list;
  }

  addByLanguage(phrases: Phrases): number {
    const known = this.numbers.get(phrases);
    if (known !== undefined) return known;
    const list = this.add(this.languages.flatMap((language) => phrases.get(language) ?? []));
    this.numbers.set(phrases, list);
    return list;
  }

  signal(signal: Signal | Exclusion): CompiledSignal {
    return {
      strength: signal.strength,
      lists: signal.lists.map((list) => this.addByLanguage(list)),
      within: signal.within,
      near: 'near' in signal ? signal.near : undefined,
    };
  }

  phraseTrie(): { readonly phrases: Map<number, number>; readonly ends: (number[] | undefined)[] } {
    const phrases = new Map<number, number>();
    const ends: (number[] | undefined)[] = [undefined];
    for (const { symbols, list } of this.entries) {
      let node = 0;
      for (const symbol of symbols) {
        const key = node * this.symbolCount + symbol;
        let onward = phrases.get(key);
        if (onward === undefined) {
          onward = ends.length;
          ends.push(undefined);
          phrases.set(key, onward);
        }
        node = onward;
      }
      const lists = ends[node] ?? [];
      if (!lists.includes(list)) lists.push(list);
      ends[node] = lists;
    }
    return { phrases, ends };
  }
}

function recognisersByList(recognisers: readonly CompiledRecogniser[], lists: number): number[][] {
  const byList: number[][] = Array.from({ length: lists }, () => []);
  for (const [number, recogniser] of recognisers.entries()) {
    for (const signal of recogniser.signals) {
      const first = signal.lists[0];
      assert(first !== undefined, 'a signal has at least one list');
      const owners = byList[first];
      if (owners !== undefined && !owners.includes(number)) owners.push(number);
    }
  }
  return byList;
}

/** Compiles the phrases of the given languages. Pure; some tens of milliseconds for the shipped set. */
export function compileMatcher(set: RecogniserSet, languages: readonly TextLanguage[]): Matcher {
  const builder = new MatcherBuilder(languages);
  const rules = languages.flatMap((language) => set.negation.get(language) ?? []);
  const stop = builder.add(rules.flatMap((rule) => rule.stop));
  const negations = rules.map((rule) => ({
    before: builder.add(rule.before),
    beforeWindow: rule.beforeWindow,
    after: builder.add(rule.after),
    afterWindow: rule.afterWindow,
    apparent: builder.add(rule.apparent),
  }));
  const firstPlainList = builder.lists;
  const recognisers = set.recognisers.map((recogniser) => ({
    recogniser,
    signals: recogniser.signals.map((signal) => builder.signal(signal)),
    unless: recogniser.unless.map((exclusion) => builder.signal(exclusion)),
  }));
  const { phrases, ends } = builder.phraseTrie();
  return {
    words: builder.words.finish(),
    suffixes: builder.suffixes.finish(),
    phrases,
    symbols: builder.symbols,
    ends,
    lists: builder.lists,
    recognisers,
    byList: recognisersByList(recognisers, builder.lists),
    negations,
    stop,
    firstPlainList,
  };
}
