/** The words of the lawbook: which packs are in force, and how a question to the law is put. */

import type { CivilDate, Instant, Json, Verdict } from '../../base/index.ts';
import type { Decision, Facts, Law, Layer, Pack, PackFile, PackProblem, PackRef } from '../../law/index.ts';

/** The two dates of every question: when the law is to apply, and up to when it was published. */
export interface LawDates {
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
}

/** `main`: the law that classifies systems. `beside`: rules that stand for themselves next to it, one pack each. */
export type Place = 'main' | 'beside';

/** The act that put a pack in force, or took one that stands beside out of force. */
export interface Adoption {
  /** 1, 2, 3 … over all acts. */
  readonly number: number;
  readonly place: Place;
  readonly pack: PackRef;
  readonly act: 'adopt' | 'withdraw';
  readonly previousDigest?: string;
  readonly author: string;
  readonly reason: string;
  /** What the author saw of the effects on registered systems; absent at installation. */
  readonly effects?: Json;
  readonly adoptedAt: Instant;
}

/** Who the first act is by: nobody chose, the installation did. */
export const INSTALLATION = 'installation';
export const ADOPTIONS_SHOWN_MAX = 200;
export const REASON_LENGTH_MAX = 2_000;
export const AUTHOR_LENGTH_MAX = 200;

export type AdoptRefusal =
  | { readonly kind: 'unknown-pack'; readonly digest: string }
  | { readonly kind: 'in-force-already'; readonly digest: string }
  | { readonly kind: 'no-author' }
  | { readonly kind: 'no-reason' }
  /** The check of the pack finds errors: it may be installed and read, not adopted. */
  | { readonly kind: 'pack-has-errors'; readonly problems: readonly PackProblem[] }
  /** Another part of the program cannot work with it; `messages` say which and why. */
  | { readonly kind: 'does-not-fit'; readonly messages: readonly string[] }
  | { readonly kind: 'somebody-was-faster'; readonly inForce: string };

export interface InstalledPack {
  readonly ref: PackRef;
  readonly status: string;
  readonly installedAt: string;
  readonly isInForce: boolean;
  readonly bases: readonly { readonly id: string; readonly digest: string }[];
}

export interface Lawbook {
  /** Packs in force: the main law first, then those that stand beside it in the order of their ids. */
  packs(): readonly Pack[];
  /** The pack in force with this id; without an id the register's main law. */
  pack(id?: string): Pack | undefined;
  /** Every version kept here, newest first. */
  installed(): Promise<readonly InstalledPack[]>;
  /** Keeps a version side by side with the one in force; changes nothing else. Refuses what does not load. */
  install(files: readonly PackFile[]): Promise<Verdict<Pack, readonly PackProblem[]>>;
  /** Acts of adoption, newest first. */
  adoptions(): Promise<readonly Adoption[]>;
  /**
   * Puts an installed version in force. What was decided before stays as it was decided. The version that the installation put in force is adopted
   * the same way: that act changes nothing but that somebody answers for it; `previousDigest` is then its own.
   */
  adopt(given: { readonly digest: string; readonly author: string; readonly reason: string; readonly effects: Json }): Promise<Verdict<Adoption, AdoptRefusal>>;
  /** Tells after each adoption; what a listener throws does not undo the act. */
  onAdopt(listener: (adoption: Adoption) => Promise<void>): void;
  /** Tells after another process on the same database adopted; this one works with it already. What must happen once follows from `onAdopt` there. */
  onFollow(listener: () => Promise<void>): void;
  /** A part that must be able to work with every pack in force, or that vouches for packs, says here what speaks against one. */
  mustFit(judge: (pack: Pack) => readonly string[] | Promise<readonly string[]>): void;
  /** Errors and warnings of the check; found once for each version while the program runs. */
  problems(pack: Pack): Promise<readonly PackProblem[]>;
  /** Checks packs elsewhere than in this thread, which a large one would hold for seconds. */
  checkWith(check: (pack: Pack) => Promise<readonly PackProblem[]>): void;
  /** A pack version by its digest, in force or kept from earlier; undefined when it was never here. */
  packByDigest(digest: string): Promise<Pack | undefined>;
  /** The files of a pack version byte for byte, for those who verify it themselves. */
  filesByDigest(digest: string): Promise<readonly PackFile[] | undefined>;
  /** The compiled law of a pack at two dates; `duties` is all of it. Kept in memory for the dates asked most recently. */
  law(pack: Pack, dates: LawDates, layer?: Layer): Law;
  decide(pack: Pack, facts: Facts, dates: LawDates): Decision;
  versions(id: string): Promise<readonly { readonly ref: PackRef; readonly status: string; readonly installedAt: string }[]>;
}

/** The small words that answers are put together with, in one language. */
export interface WordingTerms {
  readonly yes: string;
  readonly no: string;
  /** `not: {value}` */
  readonly not: (value: string) => string;
  readonly and: string;
  readonly or: string;
  readonly none: string;
}
