/** The words of impact assessments: what is kept of one, what it looks like when opened, why something is refused. */

import type { Instant, Json } from '../../base/index.ts';
import type { Decision, FactAnswer, FactDefinition, Pack } from '../../law/index.ts';
import type { Answer, Answers, AnswerProblem, Assessed, LowerLevel, QuestionId, Questionnaire } from '../../law/questionnaire/index.ts';
import type { SystemEntry } from '../registry/index.ts';

export const LIST_ROWS_MAX = 100;
export const LIST_ROWS_DEFAULT = 25;
export const STEPS_MAX = 50_000;
export const EVIDENCE_MAX = 100;
/** Assessments of one system that are looked through for shared answers and listed beside each other. */
export const OF_SYSTEM_MAX = 50;
export const IMPORT_BYTES_MAX = 8 * 1024 * 1024;
export const EXPORT_FORMAT = 'mizan-impact/1';

/** `replaced`: an open one that went on in a newer version of its questionnaire. */
export type AssessmentState = 'open' | 'finished' | 'replaced';
export const STATES: readonly AssessmentState[] = ['open', 'finished', 'replaced'];

/** Where an answer came from: `person`, `import`, `revision`, `field:purpose`, `fact:R.size`, `shared:12` (number of the other assessment). */
export type Origin = string;

export interface ImpactRow {
  readonly id: string;
  /** Counts up over all; what people quote. */
  readonly number: number;
  readonly systemId: string;
  readonly systemName: string;
  readonly bodyName: string;
  readonly kind: string;
  readonly version: string;
  readonly digest: string;
  readonly state: AssessmentState;
  readonly step: number;
  readonly answered: number;
  readonly required: number;
  readonly level?: string;
  readonly revises?: string;
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly changedAt: Instant;
  readonly finishedAt?: Instant;
}

export interface ImpactStep {
  readonly step: number;
  readonly batch: number;
  readonly question: QuestionId;
  readonly answer: Answer | null;
  readonly undoes: boolean;
  readonly origin: Origin;
  readonly actor: string;
  readonly answeredAt: Instant;
}

export interface EvidenceItem {
  readonly id: string;
  readonly question: QuestionId;
  readonly attachmentId: string;
  readonly name: string;
  readonly sha256: string;
  readonly attachedAt: Instant;
}

export interface Seal {
  readonly record: string;
  readonly sha256: string;
  readonly sealedBy: string;
  readonly sealedAt: Instant;
  readonly publishedAt?: Instant;
}

/** What the law says to the facts that the answers state; only for questionnaires of the kind `law`. */
export interface LawView {
  readonly pack: Pack;
  readonly decision: Decision;
  readonly asOf: string;
}

/** A fact that an answer states, beside what the interview of the system holds. */
export interface Offer {
  readonly question: QuestionId;
  readonly fact: FactDefinition;
  readonly value: FactAnswer;
  readonly held: FactAnswer | undefined;
  readonly isSame: boolean;
}

/** Everything a page about one assessment needs. */
export interface ImpactView {
  readonly row: ImpactRow;
  /** Undefined when the entry is gone. */
  readonly entry: SystemEntry | undefined;
  readonly questionnaire: Questionnaire;
  /** The version in use now, when it is another one. */
  readonly newer: Questionnaire | undefined;
  readonly steps: readonly ImpactStep[];
  readonly answers: Answers;
  readonly origins: Readonly<Record<QuestionId, Origin>>;
  readonly assessed: Assessed;
  readonly evidence: readonly EvidenceItem[];
  readonly seal: Seal | undefined;
  readonly law: LawView | undefined;
}

export interface ListFilter {
  readonly q?: string | undefined;
  readonly state?: AssessmentState | undefined;
  readonly kind?: string | undefined;
  readonly system?: string | undefined;
}

export interface ListKey {
  readonly changedAt: string;
  readonly id: string;
}

export interface ImpactPage {
  readonly items: readonly ImpactRow[];
  readonly next?: ListKey;
}

/** What everybody may read of a finished assessment. */
export interface PublishedOutcome {
  readonly row: Pick<ImpactRow, 'id' | 'kind' | 'version' | 'digest' | 'level'>;
  readonly seal: Pick<Seal, 'sha256' | 'sealedAt'>;
}

export interface Published extends PublishedOutcome {
  readonly questionnaire: Questionnaire | undefined;
}

export interface AnswerDifference {
  readonly question: QuestionId;
  readonly before: Answer | undefined;
  readonly after: Answer | undefined;
}

export interface Comparison {
  readonly before: ImpactView;
  readonly after: ImpactView;
  readonly differences: readonly AnswerDifference[];
}

export type Recomputed =
  | { readonly kind: 'equal' | 'different'; readonly stored: string; readonly sha256: string }
  | { readonly kind: 'questionnaire-missing'; readonly stored: string };

export type Explanation = LowerLevel | undefined;

export type ImpactRefusal =
  | { readonly code: 'no-assessment' }
  | { readonly code: 'no-system' }
  | { readonly code: 'no-questionnaire'; readonly kind: string }
  | { readonly code: 'stale' }
  | { readonly code: 'nothing-to-undo' }
  | { readonly code: 'assessment-closed' }
  | { readonly code: 'assessment-incomplete'; readonly missing: number }
  | { readonly code: 'not-finished' }
  | { readonly code: 'wrong-answers'; readonly problems: readonly { readonly question: string; readonly problem: AnswerProblem }[] }
  | { readonly code: 'wrong-questionnaire'; readonly expected: string; readonly found: string }
  | { readonly code: 'not-an-export' }
  | { readonly code: 'no-fact'; readonly fact: string }
  | { readonly code: 'too-many-answers' };

export type ExportFile = { readonly [key: string]: Json };
