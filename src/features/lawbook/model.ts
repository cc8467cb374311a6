/** The words of the lawbook: which packs are in force, and how a question to the law is put. */

import type { CivilDate } from '../../base/index.ts';
import type { Decision, Facts, Law, Pack, PackFile, PackRef } from '../../law/index.ts';

/** The two dates of every question: when the law is to apply, and up to when it was published. */
export interface LawDates {
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
}

export interface Lawbook {
  /** Packs in force, in the order of their ids. */
  packs(): readonly Pack[];
  /** The pack in force with this id; without an id the first (the register's main law). */
  pack(id?: string): Pack | undefined;
  /** A pack version by its digest, in force or kept from earlier; undefined when it was never here. */
  packByDigest(digest: string): Promise<Pack | undefined>;
  /** The files of a pack version byte for byte, for those who verify it themselves. */
  filesByDigest(digest: string): Promise<readonly PackFile[] | undefined>;
  /** The compiled law of a pack at two dates. Kept in memory for the dates asked most recently. */
  law(pack: Pack, dates: LawDates): Law;
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
