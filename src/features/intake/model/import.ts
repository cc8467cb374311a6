/** An import as the rest of the feature sees it: from the received file to the counts of what it changed. */

import type { Instant } from '../../../base/index.ts';
import type { FindingsSummary, SchemaDrift } from './findings.ts';
import type { Profile } from './profile.ts';
import type { Problem, TableFacts, TableOptions } from './table.ts';

export const IMPORT_STATES = ['waiting', 'checking', 'checked', 'applying', 'applied', 'refused', 'cancelled', 'failed'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** preview: nothing until a person decides. all: every row or none. good: rows without errors. */
export const IMPORT_MODES = ['preview', 'all', 'good'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

/** What the file would change, counted before anything is changed. */
export interface ImportCounts {
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly withdrawn: number;
  /** Rows with an error: they are not imported. */
  readonly bad: number;
  /** Rows equal to an earlier row of the file in every cell; kept, and flagged. */
  readonly duplicates: number;
  /** Names that stand at several bodies: one product, several deployments. */
  readonly deployments: { readonly groups: number; readonly rows: number };
  /** Groups of different rows that share name and owner. */
  readonly sameNameAndOwner: number;
}

/** What `mizan import --json` prints. */
export interface ImportResult {
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly withdrawn: number;
  readonly duplicates: number;
  readonly problems: number;
  /** The source changed, but people edited the entry here: their version stands. Part of `unchanged`. */
  readonly editedHere: number;
  /** Rows with errors that were left out. */
  readonly leftOut: number;
}

export interface ImportView {
  readonly id: string;
  readonly profile: string;
  readonly rules: Profile;
  readonly profileDigest: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly fileBytes: number;
  readonly mode: ImportMode;
  readonly sample: boolean;
  readonly options: TableOptions;
  readonly state: ImportState;
  readonly facts: TableFacts | null;
  readonly findings: FindingsSummary | null;
  readonly counts: ImportCounts | null;
  readonly drift: SchemaDrift | null;
  readonly result: ImportResult | null;
  /** Why the file could not be imported at all. */
  readonly refusal: { readonly code: string; readonly detail: Readonly<Record<string, string | number | boolean | null>> } | null;
  readonly jobId: string | null;
  readonly actor: string;
  readonly createdAt: Instant;
  readonly checkedAt: Instant | null;
  readonly appliedAt: Instant | null;
}

export interface ProblemQuery {
  readonly severity?: 'error' | 'warning' | 'note';
  readonly column?: string;
  readonly code?: string;
  /** Number of the last problem of the page before. */
  readonly after?: number;
  readonly limit: number;
}

export interface NumberedProblem extends Problem {
  readonly number: number;
}
