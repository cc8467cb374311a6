/** The words of the secretariat: sittings and their agenda, what is said in them, minutes, tasks, and every limit. */

import { assert, type Instant, type Language } from '../../base/index.ts';

/** `written`: nobody meets; members write until the end that is set, and vote with their own keys as always. */
export const SITTING_KINDS = ['sitting', 'written'] as const;
export type SittingKind = (typeof SITTING_KINDS)[number];
export const SITTING_STATES = ['draft', 'convened', 'running', 'suspended', 'closed', 'cancelled'] as const;
export type SittingState = (typeof SITTING_STATES)[number];

export const ITEM_KINDS = ['motion', 'report', 'discussion', 'break', 'other'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];
/** `proposed`: a member asks for it; the secretariat takes it on, or a minority of the council puts it on by its number. */
export const ITEM_STATES = ['proposed', 'agenda', 'demanded', 'dropped'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** How somebody asks for the floor. `question` interrupts who speaks, `order` comes before everything. */
export const SPEECH_KINDS = ['pro', 'contra', 'intervention', 'question', 'order'] as const;
export type SpeechKind = (typeof SPEECH_KINDS)[number];

/** What is written to an item: a question to the rapporteur, a comment of the public consultation, a conflict of interest, a written contribution. */
export const STATEMENT_KINDS = ['question', 'consultation', 'conflict', 'pro', 'contra', 'remark'] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];
/** What became of a comment of the consultation. */
export const VERDICTS = ['taken', 'partly', 'not-taken', 'noted'] as const;
export type CommentVerdict = (typeof VERDICTS)[number];

export const MINUTES_STATES = ['draft', 'review', 'signed'] as const;
export type MinutesState = (typeof MINUTES_STATES)[number];
export const CORRECTION_STATES = ['proposed', 'adopted', 'rejected'] as const;
export type CorrectionState = (typeof CORRECTION_STATES)[number];
export const TASK_STATES = ['open', 'doing', 'done', 'dropped'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const NOTICE_KINDS = ['convened', 'papers', 'late-quorum', 'votes-missing', 'stalled', 'minutes', 'task'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const TITLE_CHARS_MAX = 200;
export const TEXT_CHARS_MAX = 4000;
export const PARAGRAPH_CHARS_MAX = 6000;
export const NAME_CHARS_MAX = 120;
export const ITEMS_MAX = 100;
export const ITEM_DEPTH_MAX = 3;
export const ITEM_MINUTES_MAX = 600;
export const STATEMENTS_OF_ITEM_MAX = 500;
export const PARAGRAPHS_MAX = 400;
export const CORRECTIONS_MAX = 500;
export const TASKS_SHOWN_MAX = 200;
export const SITTINGS_SHOWN_MAX = 50;
/** Acts of one sitting, undone ones counted: a day of one act every ten seconds stays below. */
export const ACTS_MAX = 5000;
export const SPEECHES_WAITING_MAX = 60;
export const SPEECH_SECONDS_MAX = 3600;
export const SPEECH_SECONDS: Readonly<Record<SpeechKind, number>> = { pro: 300, contra: 300, intervention: 120, question: 60, order: 60 };
assert(Math.max(...Object.values(SPEECH_SECONDS)) <= SPEECH_SECONDS_MAX, 'usual times lie within what may be set');
export const STREAMS_MAX = 200;
export const PEOPLE_TOLD_MAX = 200;
export const ROUNDS_LOOKED_AT_MAX = 100;
/** Notices go out so long before a deadline. */
export const SOON_HOURS = 24;
/** A round that has been closing for longer is shown as stalled (council.md 3.3). */
export const STALLED_S = 24 * 3600;

export type Localised = Readonly<Record<Language, string>>;

export interface Sitting {
  readonly id: string;
  /** `2027/03`: names the minutes in the log. */
  readonly number: string;
  readonly kind: SittingKind;
  readonly state: SittingState;
  readonly title: Localised;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Papers are with the members, and conflicts declared, by then. */
  readonly papersBy: Instant;
  readonly place: string;
  readonly link: string;
  readonly revision: number;
  readonly changedAt: Instant;
  /** Items that the public does not see; counted when it was convened. */
  readonly internalItems: number;
}
export type SittingContent = Pick<Sitting, 'kind' | 'title' | 'startsAt' | 'endsAt' | 'papersBy' | 'place' | 'link'>;

export interface Item {
  readonly id: string;
  readonly sittingId: string;
  readonly parentId: string | undefined;
  readonly position: number;
  readonly kind: ItemKind;
  readonly state: ItemState;
  readonly title: Localised;
  readonly minutes: number;
  /** For members only: the public sees that there is such an item, and a commitment to it lies in the log. */
  readonly internal: boolean;
  readonly motionId: string | undefined;
  readonly rapporteur: string;
  readonly opinion: Localised;
  readonly supporters: number;
}
export type ItemContent = Pick<Item, 'kind' | 'title' | 'minutes' | 'internal' | 'motionId' | 'parentId' | 'rapporteur' | 'opinion'>;

export interface Statement {
  readonly id: string;
  readonly itemId: string;
  readonly kind: StatementKind;
  readonly theme: string;
  readonly author: string;
  readonly text: string;
  readonly at: Instant;
  readonly answer: string;
  readonly verdict: CommentVerdict | undefined;
  readonly answeredBy: string;
  readonly answeredAt: Instant | undefined;
}

/** What happens in a sitting, one after the other; the standing of a sitting is what these add up to. */
export type Act =
  | { readonly act: 'open' }
  | { readonly act: 'suspend' }
  | { readonly act: 'resume' }
  | { readonly act: 'close' }
  | { readonly act: 'present'; readonly seat: number; readonly way: 'room' | 'online' }
  | { readonly act: 'absent'; readonly seat: number }
  | { readonly act: 'item'; readonly item: string }
  | { readonly act: 'item-end' }
  | { readonly act: 'ask'; readonly name: string; readonly kind: SpeechKind; readonly by?: string }
  | { readonly act: 'take-back'; readonly speech: number }
  | { readonly act: 'floor'; readonly speech: number }
  | { readonly act: 'floor-end' }
  | { readonly act: 'hold' }
  | { readonly act: 'go-on' }
  | { readonly act: 'list'; readonly isOpen: boolean }
  | { readonly act: 'seconds'; readonly kind: SpeechKind; readonly seconds: number }
  | { readonly act: 'note'; readonly language: Language; readonly text: string };

export interface Happened {
  readonly number: number;
  readonly at: Instant;
  readonly act: Act | { readonly act: 'undo'; readonly undone: number };
}

export interface Paragraph extends Localised {
  /** Stays when paragraphs before it are added or removed. */
  readonly id: string;
}

export interface Minutes {
  readonly sittingId: string;
  readonly state: MinutesState;
  readonly paragraphs: readonly Paragraph[];
  readonly revision: number;
  readonly changedAt: Instant;
  /** The signed note, its place in the log and the digests it names, once signed. */
  readonly note: string | undefined;
  readonly entry: number | undefined;
  readonly digests: Localised | undefined;
  readonly signedAt: Instant | undefined;
}

export interface Correction {
  readonly id: string;
  readonly sittingId: string;
  readonly paragraphId: string;
  readonly text: Localised;
  readonly reason: string;
  readonly author: string;
  readonly state: CorrectionState;
  readonly at: Instant;
}

export interface Task {
  readonly id: string;
  readonly title: Localised;
  readonly owner: string;
  readonly ownerId: string | undefined;
  readonly dueOn: string;
  readonly state: TaskState;
  readonly outcome: string;
  readonly sittingId: string | undefined;
  readonly motionId: string | undefined;
  readonly revision: number;
  readonly changedAt: Instant;
}
export type TaskContent = Pick<Task, 'title' | 'owner' | 'dueOn' | 'sittingId' | 'motionId'>;

export type FieldProblem = 'missing' | 'too-long' | 'order' | 'not-a-time' | 'not-a-link' | 'not-a-number' | 'unknown' | 'cycle';
export interface FieldError {
  readonly field: string;
  readonly problem: FieldProblem;
}

export type SittingRefusal =
  | { readonly code: 'no-sitting' }
  | { readonly code: 'sitting-fields'; readonly fields: readonly FieldError[] }
  | { readonly code: 'sitting-not-now'; readonly state: SittingState; readonly act: string }
  | { readonly code: 'sitting-stale' }
  | { readonly code: 'sitting-agenda-empty' }
  | { readonly code: 'sitting-too-many' }
  | { readonly code: 'sitting-act'; readonly why: ActRefusal }
  | { readonly code: 'sitting-statement-late' }
  | { readonly code: 'minutes-not-now'; readonly state: MinutesState }
  | { readonly code: 'minutes-untranslated'; readonly paragraphs: readonly number[] }
  | { readonly code: 'minutes-corrections-open'; readonly count: number }
  | { readonly code: 'minutes-log'; readonly rule: string };

/** Why an act does not fit what stands. */
export type ActRefusal = 'not-running' | 'no-item' | 'no-speech' | 'floor-taken' | 'floor-free' | 'list-closed' | 'list-full' | 'asks-already' | 'no-seat' | 'already' | 'text' | 'nothing-to-undo' | 'too-many';
