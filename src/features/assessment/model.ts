/** The words of the assessment: answers, candidates, classifications and the work list. */

import type { CivilDate, Instant } from '../../base/index.ts';
import type { Decision, FactAnswer, FactId, Facts, PackRef } from '../../law/index.ts';
import type { Candidate } from '../../law/prescreen/index.ts';

/** Answers one person may give in a row before the history of a system is full; far above the number of facts of any law. */
export const ANSWER_STEPS_MAX = 20_000;
export const WORKLIST_ROWS_MAX = 100;
export const CLASSIFICATIONS_SHOWN_MAX = 100;

/** One answer as it was given; `answer` is null when the person took the earlier one back. */
export interface AnswerStep {
  readonly step: number;
  readonly fact: FactId;
  readonly answer: FactAnswer | null;
  readonly actor: string;
  readonly answeredAt: Instant;
}

/** A decision that was taken and kept: everything that is needed to take it again exactly. */
export interface Classification {
  readonly id: string;
  readonly systemId: string;
  /** 1, 2, 3 … per system. */
  readonly number: number;
  readonly pack: PackRef;
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
  readonly facts: Facts;
  readonly decision: Decision;
  readonly decisionSha256: string;
  readonly headline: string;
  readonly openCount: number;
  readonly actor: string;
  readonly decidedAt: Instant;
}

/** What everybody may read of the newest classification of a published entry. */
export type PublishedClassification = Pick<Classification, 'pack' | 'asOf' | 'knownOn' | 'decision' | 'headline' | 'openCount'>;

export type WorkState = 'untouched' | 'started' | 'decided';

/** A row of the work list. Derived from candidates and answers; never a decision. */
export interface WorkItem {
  readonly systemId: string;
  readonly name: string;
  readonly bodyName: string;
  /** What may hang on it, from the candidates; orders the list. */
  readonly stakes: number;
  /** Conclusions the candidates point to, most weighty first. */
  readonly probable: readonly string[];
  readonly state: WorkState;
  readonly answered: number;
  readonly headline?: string;
  readonly openCount?: number;
}

export interface Screening {
  readonly systemId: string;
  readonly revision: number;
  readonly name: string;
  readonly bodyName: string;
  readonly candidates: readonly Candidate[];
  readonly stakes: number;
  readonly probable: readonly string[];
}

/** Why an answer was not taken. */
export type AnswerRefusal =
  | { readonly kind: 'unknown-fact'; readonly fact: string }
  | { readonly kind: 'not-applicable'; readonly fact: string }
  | { readonly kind: 'wrong-value'; readonly fact: string; readonly message: string }
  | { readonly kind: 'stale'; readonly expected: number; readonly found: number }
  | { readonly kind: 'nothing-to-undo' };

/** Where a page of the work list ends. */
export interface WorklistKey {
  readonly stakes: number;
  readonly systemId: string;
}
