/** The words of motions: kinds, states, what is kept of a motion, what the council below answers, why something is refused. */

import { assert, type Instant, type Language } from '../../base/index.ts';
import { OPTIONS_MAX } from '../../proof/council/open-text.ts';
import type { RoundFacts } from '../council/index.ts';

export const KINDS = ['authorise', 'suspend', 'prohibit', 'adopt-pack', 'grant-agreement', 'renew-agreement', 'revoke-agreement', 'accredit', 'roll', 'procedure', 'annul'] as const;
export type Kind = (typeof KINDS)[number];

export const STATES = ['draft', 'submitted', 'admissible', 'inadmissible', 'scheduled', 'open', 'not-carried', 'standstill', 'in-force', 'completed', 'withdrawn', 'lapsed', 'superseded'] as const;
export type State = (typeof STATES)[number];

/** Where the effect of a carried motion stands. `recorded`: the platform has nothing to carry out, the decision itself is the effect. */
export const EFFECT_STATES = ['none', 'waiting', 'done', 'recorded', 'failed', 'reversed'] as const;
export type EffectState = (typeof EFFECT_STATES)[number];

export const TITLE_CHARS_MAX = 200;
export const BODY_CHARS_MAX = 60_000;
export const PARAGRAPHS_MAX = 500;
export const REASON_CHARS_MAX = 4000;
export const FIELD_CHARS_MAX = 2000;
/** A whole next roll is pasted into one field. */
export const ROLL_CHARS_MAX = 65_535;
export const ANNEXES_OF_MOTION_MAX = 50;
export const AMENDMENTS_MAX = 200;
export const EVENTS_SHOWN_MAX = 500;
export const ROWS_MAX = 100;
export const ROWS_DEFAULT = 25;
/** Motions looked at in one pass of the clockwork (standstills that end, emergencies that lapse, votes that close soon). */
export const DUE_MAX = 200;
export const RIVALS_MAX = OPTIONS_MAX;
assert(BODY_CHARS_MAX * 4 < 1024 * 1024, 'a text of a motion stays below a megabyte');

export type Localised = Readonly<Record<Language, string>>;
/** What a motion is about, field by field as its kind asks. */
export type Subject = Readonly<Record<string, string>>;

export interface MotionContent {
  readonly kind: Kind;
  readonly class: string;
  readonly authentic: Language;
  readonly title: Localised;
  readonly body: Localised;
  readonly basis: readonly string[];
  readonly parties: readonly string[];
  readonly subject: Subject;
}

export interface Motion extends MotionContent {
  readonly id: string;
  /** Given when it is submitted; rival options share it. */
  readonly number: string | undefined;
  readonly option: string;
  /** Where it is voted on: the number, or `epoch/<N+1>` for a new roll. */
  readonly slot: string | undefined;
  readonly round: number;
  readonly state: State;
  readonly moverName: string;
  readonly movedBy: string;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly revision: number;
  readonly manifest: string | undefined;
  /** SHA-256 of the manifest, 64 hexadecimal digits: what ballots name. */
  readonly digest: string | undefined;
  readonly amendUntil: Instant | undefined;
  readonly openedAt: Instant | undefined;
  readonly closesAt: Instant | undefined;
  readonly inForceAt: Instant | undefined;
  readonly lapsesAt: Instant | undefined;
  readonly effect: EffectState;
  readonly effectWhy: string | undefined;
  readonly effectAt: Instant | undefined;
  readonly jobId: string | undefined;
  readonly supporters: number;
}

/** `dossier:<part>`: frozen by the platform as canonical JSON; `file`: brought by a person; `roll`: the next roll itself. */
export interface AnnexRow {
  readonly motionId: string;
  readonly position: number;
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** Text of a frozen annex; files lie in the file store under their digest. */
  readonly content: string | undefined;
}

export const AMENDMENT_ACTS = ['replace', 'insert', 'delete'] as const;
export type AmendmentAct = (typeof AMENDMENT_ACTS)[number];
export const AMENDMENT_STATES = ['proposed', 'adopted', 'rejected', 'withdrawn'] as const;
export type AmendmentState = (typeof AMENDMENT_STATES)[number];

export interface Amendment {
  readonly id: string;
  readonly motionId: string;
  readonly number: number;
  readonly act: AmendmentAct;
  /** Counted from 1; for `insert` the paragraph after which it stands, 0 is before the first. */
  readonly paragraph: number;
  readonly text: Localised;
  readonly reason: string;
  readonly moverName: string;
  readonly movedBy: string;
  readonly state: AmendmentState;
  readonly supporters: number;
  readonly at: Instant;
}

export interface MotionEvent {
  readonly number: number;
  readonly at: Instant;
  /** A word of the life of a motion or of its effect; catalogue key `event.<act>`. */
  readonly act: string;
  readonly detail: string | undefined;
}

export interface Standing {
  readonly systemId: string;
  readonly standing: 'authorised' | 'suspended' | 'prohibited';
  readonly motionId: string;
  readonly number: string;
  readonly slot: string;
  readonly round: number;
  readonly since: Instant;
  readonly until: Instant | undefined;
}

export interface MotionView {
  readonly motion: Motion;
  readonly annexes: readonly AnnexRow[];
  readonly rivals: readonly Motion[];
  /** The vote is over and does not come to its end. */
  readonly isStalled: boolean;
  readonly amendments: readonly Amendment[];
  readonly events: readonly MotionEvent[];
  /** Other motions with the same authentic text. */
  readonly sameText: readonly Pick<Motion, 'id' | 'number' | 'option' | 'title' | 'state'>[];
  readonly round: RoundFacts | undefined;
  readonly supportersMin: number;
}

export interface ListFilter {
  readonly q?: string | undefined;
  readonly state?: State | undefined;
  readonly kind?: Kind | undefined;
  readonly system?: string | undefined;
}

export interface ListKey {
  readonly changedAt: string;
  readonly id: string;
}

export interface Settings {
  /** Members who have to support a motion before the secretariat looks at it. */
  readonly supportersMin: number;
  /** Law packs may then be adopted through a decision in force only. */
  readonly adoptByDecision: boolean;
  /** Members are told so many hours before a vote closes. */
  readonly closingNoticeHours: number;
}
export const SETTINGS_DEFAULT: Settings = { supportersMin: 3, adoptByDecision: false, closingNoticeHours: 24 };

export type MotionRefusal =
  | { readonly code: 'no-motion' }
  | { readonly code: 'motion-fields'; readonly fields: readonly FieldError[] }
  | { readonly code: 'motion-not-now'; readonly state: State; readonly act: string }
  | { readonly code: 'motion-stale' }
  | { readonly code: 'motion-supporters'; readonly needed: number; readonly have: number }
  | { readonly code: 'motion-own-support' }
  | { readonly code: 'motion-class'; readonly class: string }
  | { readonly code: 'motion-rival' }
  | { readonly code: 'motion-amendment'; readonly problem: AmendmentProblem }
  | { readonly code: 'motion-amendments-open'; readonly count: number }
  | { readonly code: 'motion-amend-until'; readonly until: Instant }
  | { readonly code: 'motion-annexes' }
  | { readonly code: 'motion-no-council' }
  | { readonly code: 'motion-demand'; readonly rule: string }
  | { readonly code: 'motion-effect-nothing' };

export type AmendmentProblem = 'late' | 'paragraph' | 'text' | 'clash' | 'state' | 'too-many';
export interface FieldError {
  readonly field: string;
  readonly problem: 'missing' | 'too-long' | 'unknown' | 'not-a-date' | 'not-a-roll' | 'language' | 'too-many' | 'basis';
}
