/** The words of the register of members: places, terms of office and how they stand, what is typed wrong, and every limit. */

import type { DomainKind } from '../../proof/council/roll-text.ts';

export const NAME_CHARS_MAX = 120;
export const TEXT_CHARS_MAX = 2000;
/** Terms of all places that are read at once: 99 seats and 40 alternates over a hundred years fit. */
export const TERMS_MAX = 5000;
/** A term that ends within so many days is shown as ending. */
export const ENDING_DAYS = 90;

/** `over`: the last term has ended and nobody follows, though the roll may still name the keys. `coming`: a successor is entered and has not begun. */
export const STANDINGS = ['held', 'ending', 'coming', 'over', 'vacant'] as const;
export type SeatStanding = (typeof STANDINGS)[number];

/** `seat07` or `alt-state-1`, as keys and recusals name who it is. */
export interface Place {
  readonly place: string;
  /** Undefined for an alternate. */
  readonly seat: number | undefined;
  /** Order in which alternates of the constituency step in; undefined for a seat. */
  readonly rank: number | undefined;
  readonly constituency: string;
  readonly domains: Readonly<Partial<Record<DomainKind, string>>>;
  /** Of the ballot key in the roll in force, as a verifier key; undefined before the founding. */
  readonly ballotKey: string | undefined;
}

/** Days are `YYYY-MM-DD`. What only the secretariat sees is empty for everybody else. */
export interface Term {
  readonly id: string;
  readonly place: string;
  readonly name: string;
  readonly fromOn: string;
  /** The last day. */
  readonly untilOn: string;
  /** The last day where the term ended before its time. */
  readonly endedOn: string | undefined;
  readonly swornOn: string | undefined;
  readonly nominatedBy: string;
  readonly contact: string;
  readonly endedWhy: string;
  readonly revision: number;
}
export type TermContent = Pick<Term, 'name' | 'fromOn' | 'untilOn' | 'nominatedBy' | 'contact'>;

export interface PlaceRow {
  readonly place: Place;
  readonly standing: SeatStanding;
  /** Who holds it today; for `coming` who will, for `over` who did last. */
  readonly term: Term | undefined;
}

export interface RegisterFilter {
  readonly q?: string | undefined;
  readonly constituency?: string | undefined;
  readonly standing?: SeatStanding | undefined;
}

export const NOMINATIONS_SHOWN_MAX = 500;
/** Bodies that stand behind one nomination. */
export const BODIES_MAX = 20;
/** Everybody is heard for so many days at least before a nomination is decided on. */
export const CONSULT_DAYS_MIN = 14;
export const KEYS_CHARS_MAX = 32_768;

/** `moved`: a motion to change the roll carries it on; only the vote on that motion makes a member. */
export const NOMINATION_STATES = ['consulting', 'accepted', 'declined', 'withdrawn', 'moved'] as const;
export type NominationState = (typeof NOMINATION_STATES)[number];

export interface Nomination {
  readonly id: string;
  readonly number: number;
  readonly place: string;
  readonly name: string;
  readonly bodies: readonly string[];
  readonly statement: string;
  readonly domains: Place['domains'];
  readonly consultUntil: string;
  readonly state: NominationState;
  /** Empty for the public. */
  readonly reason: string;
  /** Undefined for the public. */
  readonly keys: string | undefined;
  readonly motionId: string | undefined;
  readonly revision: number;
}
export type NominationContent = Pick<Nomination, 'place' | 'name' | 'bodies' | 'statement' | 'domains' | 'consultUntil'>;

export const INTERESTS_OF_TERM_MAX = 200;
export const INTERESTS_MAX = 10_000;
export const INTEREST_KINDS = ['employment', 'office', 'ownership', 'contract', 'funding', 'family', 'other'] as const;
export type InterestKind = (typeof INTEREST_KINDS)[number];

export interface Interest {
  readonly id: string;
  readonly termId: string;
  readonly organisation: string;
  /** The organisation as parties of motions are written. */
  readonly party: string;
  readonly kind: InterestKind;
  readonly fromOn: string;
  /** Undefined while it goes on. */
  readonly untilOn: string | undefined;
  readonly revision: number;
}
export type InterestContent = Pick<Interest, 'organisation' | 'party' | 'kind' | 'fromOn' | 'untilOn'>;

export interface Conflict {
  readonly place: Place;
  readonly name: string;
  readonly interests: readonly Interest[];
}
/** `sits`: the alternate who sits for this vote; undefined where the place stays vacant, or nobody recused themselves. */
export interface ConflictView {
  readonly conflicts: readonly (Conflict & { readonly isRecused: boolean; readonly sits: { readonly place: Place; readonly name: string | undefined } | undefined })[];
}

export type FieldProblem = 'missing' | 'too-long' | 'not-a-day' | 'order' | 'not-a-word' | 'too-many' | 'unknown';
export interface FieldError {
  readonly field: string;
  readonly problem: FieldProblem;
}

export type MemberRefusal =
  | { readonly code: 'no-member' }
  | { readonly code: 'member-fields'; readonly fields: readonly FieldError[] }
  | { readonly code: 'member-stale' }
  | { readonly code: 'member-place-taken'; readonly name: string; readonly until: string }
  | { readonly code: 'member-sits-already'; readonly place: string }
  | { readonly code: 'member-terms-most'; readonly most: number }
  | { readonly code: 'member-term-length'; readonly years: number }
  | { readonly code: 'member-not-now' }
  | { readonly code: 'interest-twice' }
  | { readonly code: 'interest-too-many'; readonly most: number }
  | { readonly code: 'nomination-support'; readonly needed: number; readonly have: number }
  | { readonly code: 'nomination-twice'; readonly number: number }
  | { readonly code: 'nomination-domain-cap'; readonly kind: DomainKind; readonly group: string; readonly seats: number; readonly cap: number }
  | { readonly code: 'nomination-window'; readonly days: number }
  | { readonly code: 'nomination-consulting'; readonly until: string }
  | { readonly code: 'nomination-place-taken'; readonly number: number }
  | { readonly code: 'nomination-changes'; readonly most: number }
  | { readonly code: 'nomination-keys'; readonly rule: string; readonly detail: string }
  | { readonly code: 'nomination-keys-missing'; readonly numbers: readonly number[] }
  | { readonly code: 'nomination-none' }
  | { readonly code: 'nomination-no-council' }
  | { readonly code: 'nomination-roll'; readonly rule: string; readonly detail: string };
