/** What seat and operator ask of the log: the prefix they hold, its rounds, and whether an entry, a ballot or a checkpoint is valid there. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Constitution } from './constitution.ts';
import type { Close } from './close-text.ts';
import type { Cut } from './lines.ts';
import type { Open } from './open-text.ts';
import type { Outcome } from './outcome-text.ts';
import type { Receipt } from './seat-texts.ts';

/** What a seat can cast in a round: a ballot, the commitment to a sealed one, or what reveals it. */
export const CAST_KINDS = ['ballot', 'commit', 'reveal'] as const;
export type CastKind = (typeof CAST_KINDS)[number];

/** One verified text of one seat, with a note that proves it. Two signatures of one text are one text. */
export interface CastText {
  readonly kind: CastKind;
  readonly seat: number;
  /** Name of the round, `roundKey`. */
  readonly round: string;
  /** The text signed (of a reveal: the sealed text), by which casts are told apart. */
  readonly text: string;
  /** `castName` of it, made once: it is compared often. */
  readonly name: string;
  /** What is appended to the log to show it; with the line of this seat only. */
  readonly note: string;
}

/** A round as a prefix of the log shows it. */
export interface RoundView {
  readonly open: Open;
  /** Index of the OPEN that governs. */
  readonly openIndex: number;
  /** Whether a seat of the slot roll is filled; index 0 is seat 01. */
  readonly filled: readonly boolean[];
  /** Names (`castName`) of all texts that lie in the prefix. */
  readonly casts: ReadonlySet<string>;
  readonly commitsClose: Close | undefined;
  readonly close: Close | undefined;
  readonly outcome: Outcome | undefined;
}

/** A prefix of the log whose every entry was valid. Values: a longer prefix is another object. */
export interface Prefix {
  readonly size: number;
  /** Standard base64 of the root. */
  readonly root: string;
  readonly epoch: number;
  /** The rounds that have an OPEN, by `roundKey`. */
  readonly rounds: ReadonlyMap<string, RoundView>;
}

/** A cosignature that verified, by seat or by outside witness. */
export interface Cosigned {
  readonly by: { readonly seat: number } | { readonly outside: string };
  readonly timeS: number;
}

/** A checkpoint with enough cosignatures: of a quorum of seats and of the outside witnesses needed. */
export interface Certified {
  readonly cut: Cut;
  /** Certified time. */
  readonly timeS: number;
  /** The stamp of each seat that cosigned. */
  readonly stamps: ReadonlyMap<number, number>;
}

export interface Rules {
  readonly constitution: Constitution;
  readonly empty: Prefix;
  /** Rule C2: the prefix with one entry more, or why the entry is not valid there. */
  extend(before: Prefix, entry: string): Verdict<Prefix, ProofRefusal>;
  /** The prefix with an entry that nobody judged; its rounds stay as they were where it is not valid. */
  extendUnjudged(before: Prefix, entry: string): Prefix;
  /** The casts a note (of a reveal: a sealed text) proves under the slot roll of its round, one for each seat that signed it. */
  casts(prefix: Prefix, note: string): Verdict<readonly CastText[], ProofRefusal>;
  /** The text of a ballot, commitment or sealed ballot that this seat's ballot key signed, whatever its round; undefined where it signed none. */
  signedCast(prefix: Prefix, note: string, seat: number): string | undefined;
  /** Size and root of a checkpoint of this log that the log signed. */
  checkpoint(prefix: Prefix, note: string): Verdict<Cut, ProofRefusal>;
  /** The text of a checkpoint of this log. */
  checkpointText(cut: Cut): string;
  /** Who cosigned this text in this line, at what time. */
  cosigned(prefix: Prefix, checkpointText: string, line: string): Verdict<Cosigned, ProofRefusal>;
  /** The certified checkpoint in this note, or why it is none. */
  certified(prefix: Prefix, note: string): Verdict<Certified, ProofRefusal>;
  /** A receipt that the agent of its holder signed. */
  receipt(prefix: Prefix, note: string): Verdict<Receipt, ProofRefusal>;
  /** SHA-256 of a text, 64 hexadecimal digits. */
  digest(text: string): string;
  /** The ballots under these seals, one note for each text with the lines of all: what the file of a sealed decision shows. */
  gathered(seals: readonly string[]): readonly string[];
  /** One note of a text with the lines of several notes over the same text. */
  stack(notes: readonly string[]): string;
  /** The signed checkpoint with these cosignature lines added; also the entry that anchors it. */
  withLines(checkpointNote: string, lines: readonly string[]): string;
  /** The OUTCOME that follows in this prefix from a round with CLOSE. */
  outcome(prefix: Prefix, round: string): Outcome | undefined;
}

/** One name for a cast, whatever signature proves it: identity is (kind, seat, text), never signature bytes. */
export const castName = ({ kind, seat, text }: Pick<CastText, 'kind' | 'seat' | 'text'>): string => `${kind} ${seat} ${text}`;

/** The text in the name of a cast of this kind; undefined for the name of another kind. */
export const castText = (name: string, kind: CastKind): string | undefined => (name.startsWith(`${kind} `) ? name.slice(name.indexOf(' ', kind.length + 1) + 1) : undefined);
