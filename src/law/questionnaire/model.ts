/** The words of questionnaires: pages, questions, answers, scoring, results. Types only; the YAML is in docs/spec/questionnaires.md. */

import type { CivilDate, LocalisedText } from '../../base/index.ts';
import type { Comparator, FactId } from '../model.ts';

export type QuestionId = string;

export const QUESTION_TYPES = ['choice', 'choices', 'yes-no', 'check', 'gauge', 'text', 'long-text', 'number', 'date', 'table', 'note'] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];
export const COLUMN_TYPES = ['choice', 'choices', 'yes-no', 'gauge', 'text', 'long-text', 'number', 'date'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export const CHECK_VALUES = ['yes', 'partial', 'no', 'na'] as const;
export type CheckValue = (typeof CHECK_VALUES)[number];

/** An answer by its question's type: choice id; choice ids; boolean; {check, remark}; step 1…n; text; number; day; rows of cells. */
export type Answer = string | number | boolean | readonly string[] | { readonly check: CheckValue; readonly remark?: string } | readonly Row[];
export type Cell = string | number | boolean | readonly string[];
export type Row = { readonly [column: string]: Cell };
/** Given answers by question; an absent question is unanswered. */
export type Answers = { readonly [question: QuestionId]: Answer };

/** A condition whose names are resolved. */
export type ConditionTree =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'all' | 'any'; readonly of: readonly ConditionTree[] }
  | { readonly op: 'not'; readonly of: ConditionTree }
  /** The choice taken, or one of the choices taken, is `value`; of a yes-no: `yes` or `no`; of a check: its value. */
  | { readonly op: 'is'; readonly question: QuestionId; readonly value: string }
  | { readonly op: 'empty'; readonly question: QuestionId }
  | { readonly op: 'compare'; readonly question: QuestionId; readonly by: Comparator; readonly limit: number | CivilDate };

export interface VisibleIf {
  readonly text: string;
  readonly tree: ConditionTree;
}

export interface Choice {
  readonly id: string;
  readonly label: LocalisedText;
  readonly score: number;
  /** Taken alone: “none of these”. */
  readonly exclusive: boolean;
  /** The value of the fact where it differs from the id. */
  readonly factValue?: string;
}

/** What an answer or a cell of a table may be. */
export interface AnswerShape {
  readonly choices: readonly Choice[];
  /** Names of the steps of a gauge, from the least to the most. */
  readonly steps: readonly LocalisedText[];
  readonly lengthMax: number;
  readonly min?: number;
  readonly max?: number;
  readonly unit?: LocalisedText;
}

export interface Column extends AnswerShape {
  readonly id: string;
  readonly type: ColumnType;
  readonly label: LocalisedText;
  readonly help?: LocalisedText;
  readonly required: boolean;
}

export interface Question extends AnswerShape {
  readonly id: QuestionId;
  readonly page: string;
  readonly type: QuestionType;
  readonly ask: LocalisedText;
  readonly help?: LocalisedText;
  /** The question's own condition; the page's and the panel's conditions are joined to it in `visibleIf` of the page. */
  readonly visibleIf?: VisibleIf;
  readonly required: boolean;
  /** The tally this question counts in. */
  readonly tally?: string;
  /** Scores of a yes-no question. */
  readonly scoreYes: number;
  readonly scoreNo: number;
  readonly columns: readonly Column[];
  readonly rowsMax: number;
  readonly evidence: 'none' | 'optional' | 'required';
  readonly rights: readonly string[];
  readonly cite: readonly string[];
  readonly fact?: FactId;
  readonly field?: string;
  readonly shared?: string;
}

export interface QuestionPage {
  readonly id: string;
  readonly title: LocalisedText;
  readonly plain?: LocalisedText;
  readonly visibleIf?: VisibleIf;
  readonly questions: readonly Question[];
}

export interface Named {
  readonly id: string;
  readonly label: LocalisedText;
}

export interface Alternative {
  readonly id: string;
  readonly when: VisibleIf;
  readonly pages: readonly string[];
}

export interface Tally extends Named {
  readonly alternatives: readonly Alternative[];
}

export interface Reduction {
  readonly tally: string;
  readonly atShare: number;
  readonly byShare: number;
}

export type GridRisk =
  | { readonly kind: 'pair'; readonly id: string; readonly label: LocalisedText; readonly down: QuestionId; readonly across: QuestionId }
  | { readonly kind: 'rows'; readonly id: string; readonly label: LocalisedText; readonly rows: QuestionId; readonly name: string; readonly down: string; readonly across: string };

export type Scoring =
  | { readonly kind: 'tallies'; readonly tallies: readonly Tally[]; readonly result: string; readonly reduction?: Reduction }
  | { readonly kind: 'grid'; readonly down: LocalisedText; readonly across: LocalisedText; readonly risks: readonly GridRisk[]; readonly matrix: readonly (readonly string[])[] }
  | {
      readonly kind: 'rights';
      readonly rows: QuestionId;
      readonly right: string;
      readonly group?: string;
      readonly severity: readonly string[];
      readonly raise?: { readonly column: string; readonly from: number; readonly by: number };
      readonly probability: string;
      readonly matrix: readonly (readonly string[])[];
    }
  | { readonly kind: 'checklist' }
  | { readonly kind: 'law'; readonly pack: string; readonly shows: readonly string[] }
  | { readonly kind: 'none' };

export interface Level extends Named {
  readonly plain?: LocalisedText;
  readonly upToShare?: number;
  readonly upTo?: number;
}

export interface Consequence {
  /** Level ids; empty: always. */
  readonly levels: readonly string[];
  /** Conclusions of which one holds (`law`); empty: always. */
  readonly when: readonly string[];
  readonly label: LocalisedText;
  readonly plain?: LocalisedText;
  readonly cite: readonly string[];
}

export interface QuestionnaireSource {
  readonly title: string;
  readonly url?: string;
  readonly licence?: string;
  readonly note?: string;
}

/** id, version and digest name a questionnaire; an answer is given to exactly one. */
export interface QuestionnaireRef {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

export type QuestionnaireStatus = 'draft' | 'needs_local_counsel' | 'adopted';

export interface Questionnaire {
  readonly ref: QuestionnaireRef;
  readonly title: LocalisedText;
  readonly plain: LocalisedText;
  readonly source: QuestionnaireSource;
  readonly status: QuestionnaireStatus;
  readonly cite: readonly string[];
  readonly rights: readonly Named[];
  readonly pages: readonly QuestionPage[];
  readonly scoring: Scoring;
  readonly levels: readonly Level[];
  readonly consequences: readonly Consequence[];
}

export type Truth = 'true' | 'false' | 'unknown';
