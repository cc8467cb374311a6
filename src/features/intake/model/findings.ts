/** What was noticed in a file: counts by column, problems by code, columns that came or went. */

/** Counts that grow with the file and are therefore never problems one by one. */
export const CELL_COUNTS = ['invisible', 'replacement', 'escapedControl', 'edgeSpace', 'onlySpace', 'placeholder', 'formula-like', 'date-unread'] as const;
export type CellCount = (typeof CELL_COUNTS)[number];

export interface FindingsSummary {
  /** How often in the whole file. `invisible`, `replacement` and `escapedControl` count characters, the others cells. */
  readonly counts: { readonly [C in CellCount]: number };
  /** Cells that hold a replacement character. */
  readonly damagedCells: number;
  readonly byColumn: Readonly<Record<string, Partial<Record<CellCount, number>>>>;
  /** Label values no map knows: column → value → how often. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly problems: { readonly error: number; readonly warning: number; readonly note: number };
  readonly problemCodes: Readonly<Record<string, number>>;
  /** Problems beyond PROBLEMS_KEPT_MAX, counted only. */
  readonly notKept: number;
}

export interface SchemaDrift {
  /** Columns that no rule of the profile knows; kept verbatim with every record. */
  readonly added: readonly string[];
  /** Columns the source always had; fields mapped from them stay as they were. */
  readonly missing: readonly string[];
  readonly renamed: readonly { readonly expected: string; readonly found: string }[];
  readonly reordered: boolean;
}
