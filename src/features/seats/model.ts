/** Who a seat in the browser is, and the limits of what it keeps. */

import type { Verdict } from '../../base/index.ts';
import type { Person } from '../../proof/council/seat-texts.ts';

/** Short ones are guessed whatever the sealing costs. */
export const PASSPHRASE_CHARS_MIN = 12;
export const PASSPHRASE_CHARS_MAX = 200;
export const REASON_CHARS_MAX = 2000;
export const OPINION_CHARS_MAX = 60_000;

/** Of which council and which place the keys are; a rotation makes new ones with another epoch. */
export interface SeatIdentity {
  readonly council: string;
  readonly origin: string;
  readonly epoch: number;
  readonly who: Person;
}

export const VIEWS = ['standing', 'keys', 'restore', 'round', 'support', 'help'] as const;
export type View = (typeof VIEWS)[number];

/** What the page knows of the council before the browser has asked for the log. */
export interface CouncilFacts {
  readonly council: string;
  readonly origin: string;
  /** Epoch in force, or 1 before the founding. */
  readonly epoch: number;
  readonly seats: number;
  readonly constituencies: readonly string[];
  readonly isFounded: boolean;
}

/** Demands of one epoch that wait for signatures at once. */
export const DEMANDS_WAITING_MAX = 100;
export const NOTE_CHARS_MAX = 8192;

export interface WaitingDemand {
  readonly digest: string;
  readonly text: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly seats: readonly number[];
}

/** `rule` is the log's own word for what it refuses. */
export type NoteRefusal = { readonly code: 'seats-note-form' | 'seats-note-signature' | 'seats-note-text' | 'seats-note-too-many' | 'seats-not-founded' } | { readonly code: 'seats-note-refused'; readonly rule: string };

/** `waits`: for the signatures of others. */
export type NoteTaken = { readonly state: 'logged'; readonly entry: number } | { readonly state: 'waits'; readonly count: number };

export interface Seats {
  /** What the page knows before the browser has asked for the log. */
  facts(): Promise<CouncilFacts>;
  /** A recusal or an opinion goes into the log; a demand waits until a minority has signed it. `texts` are by language. */
  take(note: string, texts: Readonly<Record<string, string>>): Promise<Verdict<NoteTaken, NoteRefusal>>;
  demands(): Promise<readonly WaitingDemand[]>;
  /** The text of an opinion or a demand by its digest. */
  text(digest: string): Promise<string | undefined>;
}
