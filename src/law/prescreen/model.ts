/** The words of the pre-screen: recognisers as loaded, candidates as proposed. The file format is in docs/spec/recognisers.md. */

import { TEXT_LENGTH_MAX } from '../../base/index.ts';
import type { Citation, ConclusionId, FactDefinition, FactId, FactValue, PackProblem } from '../model.ts';

/** Recogniser files of one set. */
export const RECOGNISER_FILES_MAX = 64;
/** Characters of one recogniser file. */
export const RECOGNISER_FILE_LENGTH_MAX = 1_000_000;
/** Problems reported for one set; the rest is counted in the last one. */
export const RECOGNISER_PROBLEMS_MAX = 300;
/** Recognisers of one set. */
export const RECOGNISERS_MAX = 500;
/** Phrases of one set after their alternatives were written out. */
export const PHRASES_MAX = 60_000;
/** Phrases that the alternatives of one written phrase may stand for. */
export const PHRASE_ALTERNATIVES_MAX = 400;
/** Words of one phrase. */
export const PHRASE_WORDS_MAX = 8;
/** Letters that a prefix or a suffix pattern needs at least where it stands alone: shorter ones would match every other word. */
export const PATTERN_LETTERS_MIN = 3;
/** The same inside a phrase of several words, which the other words hold in check. */
export const PATTERN_LETTERS_MIN_IN_PHRASE = 2;
/** Texts (fields) of one record that are read; further ones are ignored. */
export const TEXTS_MAX = 64;
/** Characters of one text that are read; the rest is ignored. */
export const TEXT_CHARS_MAX = TEXT_LENGTH_MAX;
/** Pieces of evidence kept for one candidate, on each side. */
export const EVIDENCE_MAX = 12;
/** Occurrences of one list of phrases that are kept in one record. */
export const HITS_MAX = 64;

/** ISO 639-1, for example `az`, `en`, `nl`. */
export type TextLanguage = string;

/** What a recogniser set may name of a law pack: a loaded pack satisfies it. */
export interface PackNames {
  readonly facts: readonly Pick<FactDefinition, 'id' | 'type' | 'values'>[];
  readonly conclusions: readonly { readonly id: ConclusionId }[];
  /** A recogniser may name a family where the text shows no more than that some member is worth asking about. */
  readonly families: readonly { readonly id: string }[];
  readonly legalBasis: readonly { readonly key: string }[];
}

/** One written phrase: words in order, each exact, a prefix (`recruit*`) or a suffix (`*mir`). */
export type Phrase = readonly PhraseWord[];
export interface PhraseWord {
  readonly kind: 'exact' | 'prefix' | 'suffix';
  /** Folded letters, see `fold`. */
  readonly letters: string;
}

/** Phrases of one meaning by language. */
export type Phrases = ReadonlyMap<TextLanguage, readonly Phrase[]>;

/** Something to look for: every list must occur, together within `within` words of one text, or anywhere in the record. */
export interface Signal {
  /** 0 to 1: how far this alone speaks for (a signal) or against (an exclusion) the proposal. */
  readonly strength: number;
  readonly lists: readonly Phrases[];
  /** Largest distance in words between two occurrences that belong together; absent: anywhere in the record. */
  readonly within?: number;
}

/** An exclusion. With `near` it silences only occurrences at most so many words away; without, it weakens the whole candidate. */
export interface Exclusion extends Signal {
  readonly near?: number;
}

export interface Proposal {
  readonly fact: FactId;
  readonly value: FactValue;
}

export interface Recogniser {
  readonly id: string;
  readonly proposes: readonly Proposal[];
  readonly conclusion: ConclusionId;
  readonly point: Citation;
  /** The least score at which the candidate is proposed. */
  readonly threshold: number;
  /** How much hangs on the conclusion; orders the work list. */
  readonly weight: number;
  readonly signals: readonly Signal[];
  readonly unless: readonly Exclusion[];
}

/** How a language says no. Windows count words and never cross the end of a sentence. */
export interface NegationRules {
  readonly before: readonly Phrase[];
  readonly beforeWindow: number;
  readonly after: readonly Phrase[];
  readonly afterWindow: number;
  /** Phrases that contain a negative word and deny nothing of what follows: `not only`. */
  readonly apparent: readonly Phrase[];
  /** Words that end the reach of a negation: `but`. */
  readonly stop: readonly Phrase[];
}

export interface RecogniserSet {
  readonly id: string;
  readonly languages: readonly TextLanguage[];
  readonly recognisers: readonly Recogniser[];
  readonly negation: ReadonlyMap<TextLanguage, NegationRules>;
  /** Frequent small words by language, for `likelyLanguages`. */
  readonly functionWords: ReadonlyMap<TextLanguage, readonly string[]>;
  readonly warnings: readonly PackProblem[];
}

export interface SourceText {
  readonly field: string;
  readonly text: string;
}

export interface Evidence {
  readonly field: string;
  /** Offsets in UTF-16 units into the text as given: `text.slice(start, end) === words`. */
  readonly start: number;
  readonly end: number;
  readonly words: string;
  /** The text denies it; such words are shown and count for nothing. */
  readonly negated: boolean;
}

/** A guess about a fact with the words that led to it. Never a fact: a person confirms or rejects it. */
export interface Candidate {
  readonly recogniser: string;
  readonly fact: FactId;
  readonly value: FactValue;
  readonly conclusion: ConclusionId;
  readonly point: Citation;
  /** 0 to 1; strengths of the signals that fired, joined as 1 − ∏(1 − strength), weakened by exclusions. Not a probability. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
  /** Words that weakened the score. */
  readonly against: readonly Evidence[];
  /** Weight of the conclusion in the work list. */
  readonly weight: number;
}

export interface PrescreenOptions {
  /** Languages to read; absent: those that `likelyLanguages` finds. */
  readonly languages?: readonly TextLanguage[];
  /** Replaces the threshold of every recogniser (for threshold curves). */
  readonly threshold?: number;
}
