/** The words of the council as the platform keeps it: what it stands at, what the log says of a round, and every limit. */

import type { Verdict } from '../../base/index.ts';
import type { Constitution } from '../../proof/council/constitution.ts';
import type { Message } from '../../proof/council/messages.ts';
import type { Roll } from '../../proof/council/roll-text.ts';
import type { Outcome } from '../../proof/council/outcome-text.ts';

/** Letters that wait for one seat; the oldest give way, since seats say again what matters. */
export const LETTERS_MAX = 4096;
/** Letters handed over at once. */
export const LETTERS_TAKEN_MAX = 1024;
export const REQUEST_BYTES_MAX = 1024 * 1024;
/** Entries shown at once to a seat, and their bytes. */
export const ENTRIES_MAX = 4096;
export const ENTRIES_BYTES_MAX = 1024 * 1024;
/** Longest time a seat's poll is held. */
export const POLL_SECONDS_MAX = 20;
/** Entries of one submission. */
export const SUBMISSION_ENTRIES_MAX = 100;
export const SUBMISSIONS_WAITING_MAX = 256;
export const TICK_MS = 1_000;
/** The log is certified again when it has grown so many entries since the last anchor: what lies between is kept in memory. */
export const ANCHOR_ENTRIES = 512;
export const ROUNDS_SHOWN_MAX = 100;
/** A seat that was not heard of for so long is not counted as responsive. */
export const RESPONSIVE_S = 15 * 60;
/** At so few responsive seats or fewer an alarm is shown. */
export const RESPONSIVE_ALARM = 25;

export interface CertifiedHead {
  /** The checkpoint with all lines, verbatim. */
  readonly note: string;
  readonly size: number;
  /** Standard base64. */
  readonly root: string;
  readonly timeS: number;
}

/** `following`: another process on the same database writes the log and operates the council. */
export interface CouncilStanding {
  readonly state: 'unfounded' | 'following' | 'operating';
  readonly origin: string;
  readonly epoch: number;
  readonly roll: Roll | undefined;
  /** SHA-256 of the roll's text, 64 hexadecimal digits: what verifiers pin. */
  readonly rollDigest: string | undefined;
  readonly genesisDigest: string | undefined;
  /** Entries of the log that have been read here. */
  readonly prefixSize: number;
  readonly certified: CertifiedHead | undefined;
}

export type RoundStage = 'preparing' | 'open' | 'committing' | 'revealing' | 'closing' | 'carried' | 'not-carried';

/** As they are kept, without the clock: a vote past its end is still kept as open. */
export const UNDER_WAY = ['open', 'committing', 'revealing', 'closing'] as const satisfies readonly RoundStage[];
export const UNDER_WAY_SHOWN = 20;

export interface CastFact {
  readonly seat: number;
  /** Undefined for a commitment that is not revealed. */
  readonly choice: 'yes' | 'no' | 'abstain' | undefined;
  readonly option: string | undefined;
  /** Index of the entry that first held it. */
  readonly index: number;
  /** Whether it came after the cut: shown, not counted. */
  readonly late: boolean;
}

/** All that the log says of a round, as plain data. Times are whole seconds since 1970. */
export interface RoundFacts {
  readonly slot: string;
  readonly round: number;
  readonly epoch: number;
  readonly stage: RoundStage;
  readonly class: string;
  readonly sealed: boolean;
  readonly options: readonly { readonly option: string; readonly motion: string }[];
  readonly openedS: number | undefined;
  readonly commitsCloseS: number | undefined;
  readonly closesS: number | undefined;
  /** Who sits, index 0 is seat 01; undefined is vacant. */
  readonly sitting: readonly ({ readonly constituency: string; readonly ballot: string } | undefined)[];
  readonly recused: readonly string[];
  readonly committed: readonly number[];
  readonly casts: readonly CastFact[];
  /** Seats with two different texts. */
  readonly equivocated: readonly number[];
  readonly outcome: Outcome | undefined;
  /** Certified time at which the cut was closed. */
  readonly closedS: number | undefined;
  /** Indexes of the entries; those that are not there yet are undefined. */
  readonly entries: { readonly slotRoll: number | undefined; readonly open: number | undefined; readonly commitsClose: number | undefined; readonly close: number | undefined; readonly outcome: number | undefined };
  /** Whether a certified checkpoint covers the OUTCOME: then, and only then, it is decided. */
  readonly certified: boolean;
}

export interface SeatStanding {
  readonly seat: number;
  /** When its agent last asked for mail; seconds since 1970. */
  readonly lastSeenS: number | undefined;
  /** The latest stamp it gave, and the size it stands at. */
  readonly lastStampS: number | undefined;
  readonly size: number | undefined;
}

export interface CouncilRefusal {
  readonly code: 'council-founded-already' | 'council-not-founded' | 'council-entry-refused' | 'council-roll-refused' | 'council-busy' | 'council-too-many';
  /** Position of the entry that was refused, the rule's own code, and what it says. */
  readonly entry?: number;
  readonly rule?: string;
  readonly line?: number;
  readonly detail?: string;
}

/** Papers of a motion by the digest of its manifest. */
export type TextsSource = (motionDigest: string) => Promise<{ readonly manifest: string; readonly texts: Readonly<Record<string, string>> } | undefined>;

export interface RoundsPage {
  readonly rounds: readonly RoundFacts[];
  readonly total: number;
}

export interface RoundsQuery {
  readonly stages?: readonly RoundStage[];
  readonly offset?: number;
  readonly limit?: number;
}

export interface Anchor {
  readonly index: number;
  readonly size: number;
  readonly root: string;
  readonly timeS: number;
}

export interface Council {
  /** The numbers in force; before the founding those it would be founded with. */
  readonly constitution: () => Constitution;
  standing(): Promise<CouncilStanding>;
  /** Genesis and first roll, judged by the rule of the log, into the log. Once. */
  found(roll: Roll): Promise<Verdict<{ readonly genesis: string; readonly digest: string }, CouncilRefusal>>;
  /** Entries judged and appended in one go, all or none; their indexes. In any process. */
  submit(entries: readonly string[]): Promise<Verdict<readonly number[], CouncilRefusal>>;
  /** A note over the text by the secretariat's key of this platform. */
  bySecretariat(text: string): string;
  /** Verifier keys of the log and of the secretariat of this platform, as a roll names them. */
  keys(): { readonly log: string; readonly secretariat: string };
  /** A certified checkpoint of the log as it is now, or longer, once it lies in the log. */
  anchored(signal?: AbortSignal): Promise<Anchor>;
  round(slot: string, round: number): Promise<RoundFacts | undefined>;
  /** The newest first. */
  rounds(query?: RoundsQuery): Promise<RoundsPage>;
  /** The slot roll that the log's rule derives for a round now, recusals in the log counted. */
  slotRollFor(slot: string, round: number): Promise<Verdict<{ readonly text: string; readonly digest: string }, CouncilRefusal>>;
  /** The file of a carried decision under the newest certified checkpoint; undefined until there is one. */
  decisionFile(slot: string, round: number): Promise<Uint8Array | undefined>;
  textsBy(source: TextsSource): void;
  /** Told of each certified OUTCOME at least once, in any one process; again after a restart until it returns without a fault. */
  onOutcome(listener: (facts: RoundFacts) => Promise<void>): void;
  /** Told in this process of each change of a round. */
  onChange(listener: (facts: RoundFacts) => void): void;
  seats(): Promise<readonly SeatStanding[]>;
  /** Mail of a seat whose envelope was verified. */
  deliver(from: number, messages: readonly { readonly to: number | 'operator'; readonly message: Message }[]): Promise<void>;
}

