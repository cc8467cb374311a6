/** The words of published decisions: what the list keeps of each, what a page tells, and every limit. */

import type { Instant, Language } from '../../base/index.ts';
import type { RoundFacts } from '../council/index.ts';

export const ROWS_DEFAULT = 25;
export const ROWS_MAX = 100;
/** Rows of one export or feed. */
export const EXPORTED_ROWS_MAX = 10_000;
export const FEED_ROWS = 50;
export const QUERY_CHARS_MAX = 200;
/** Entries of the log read at once for separate opinions, and in one look. */
export const ENTRIES_AT_ONCE = 500;
export const ENTRIES_LOOKED_MAX = 20_000;
export const OPINIONS_MAX = 200;

export type Localised = Readonly<Record<Language, string>>;
export const RESULTS = ['carried', 'not-carried'] as const;
export type Result = (typeof RESULTS)[number];
export const OPINION_KINDS = ['minority', 'separate', 'reasons'] as const;
export type OpinionKind = (typeof OPINION_KINDS)[number];
/** How a seat's vote is shown. `twice`: two different ballots. `sealed`: a commitment that was not revealed. */
export const SEAT_VOTES = ['yes', 'no', 'abstain', 'silent', 'sealed', 'twice', 'vacant'] as const;
export type SeatVote = (typeof SEAT_VOTES)[number];

/** What the feature of motions says about the motion of a vote. */
export interface MotionTold {
  readonly number: string;
  readonly option: string;
  readonly authentic: string;
  /** In one language at least; the first line of a text is its title. */
  readonly texts: Readonly<Record<string, string>>;
  readonly basis: readonly string[];
  readonly parties: readonly string[];
  /** A word of the kinds of motions with its label; undefined for motions from elsewhere. */
  readonly kind?: { readonly word: string; readonly label: Localised };
  readonly href?: string;
  /** What the motion does once it is carried and in force. */
  readonly effect?: Localised;
}

export interface DecidedRow {
  readonly slot: string;
  readonly round: number;
  readonly epoch: number;
  readonly class: string;
  readonly result: Result;
  readonly option: string | undefined;
  readonly number: string;
  readonly kind: string | undefined;
  readonly kindLabel: Localised | undefined;
  readonly title: Localised;
  readonly motion: string;
  readonly decidedAt: Instant;
  readonly inForceAt: Instant | undefined;
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
}

export interface ListFilter {
  readonly q?: string | undefined;
  readonly kind?: string | undefined;
  readonly result?: Result | undefined;
  readonly class?: string | undefined;
  /** Days `YYYY-MM-DD`, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

export interface Listed {
  readonly rows: readonly DecidedRow[];
  readonly total: number;
}

/** What there is to choose from: only what some decision has. */
export interface Choices {
  readonly kinds: readonly { readonly word: string; readonly label: Localised }[];
  readonly classes: readonly string[];
}

/** An opinion as the log has it: who signed, and the digests of its texts. */
export interface Opinion {
  readonly index: number;
  readonly kind: OpinionKind;
  readonly seats: readonly number[];
  readonly texts: readonly { readonly language: string; readonly digest: string; readonly text: string | undefined }[];
}

export interface DecisionView {
  readonly row: DecidedRow;
  readonly facts: RoundFacts;
  readonly motion: MotionTold;
  readonly opinions: readonly Opinion[];
  /** From the file: the certificate. Undefined until a certified checkpoint covers the outcome. */
  readonly certificate: { readonly size: number; readonly timeS: number; readonly seats: readonly number[]; readonly outside: readonly string[]; readonly verified: boolean } | undefined;
  readonly breadth: readonly { readonly constituency: string; readonly yes: number; readonly seats: number; readonly needed: number }[];
  readonly needed: { readonly yes: number; readonly constituencies: number };
  /** Digest of the roll of its epoch. */
  readonly roll: string | undefined;
  /** SHA-256 of the file. */
  readonly fileDigest: string | undefined;
}
