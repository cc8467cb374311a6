/** A table read from a file, whatever its format: a header, rows of text cells, and what had to be noticed on the way. */

export type TableFormat = 'csv' | 'xlsx' | 'json';

/**
 * What kind of value a cell had in its file, one letter per column, so that the cell can be written back as it was:
 * `s` text, `n` JSON null, `j` another JSON value (its text as written), `m` missing (short row, absent key).
 */
export type CellKinds = string;

export interface SourceRow {
  /** Number of the record in the file, 1 = first record after the header. */
  readonly number: number;
  /** Physical line on which the record begins; in a workbook its row. */
  readonly line: number;
  /** As many cells as the header has columns; text exactly as in the file. */
  readonly cells: readonly string[];
  /** Absent when every cell is text. */
  readonly kinds?: CellKinds;
}

export type Severity = 'error' | 'warning' | 'note';

/** One thing to know about one place of the file. `values` are shown in the text of the code. */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly row?: number;
  readonly line?: number;
  readonly column?: string;
  /** What is written there, cut to a readable length. */
  readonly found?: string;
}

export interface TableFacts {
  readonly format: TableFormat;
  readonly encoding?: { readonly name: string; readonly byteOrderMark: boolean; readonly detected: boolean; readonly confidence?: number; readonly alternatives?: readonly string[] };
  readonly delimiter?: string;
  /** Names as written, before duplicates got a number; empty when the file has no header row. */
  readonly headerAsWritten: readonly string[];
  /** Unique names, in order: `x`, `x (2)`. */
  readonly header: readonly string[];
  /** Rows above the header row, kept so that nothing of the file is lost. */
  readonly preamble: readonly (readonly string[])[];
  readonly sheet?: string;
  readonly otherSheets?: readonly string[];
  /** In a JSON document the key of the array of records, and the text of everything beside it. */
  readonly recordsKey?: string;
  readonly beside?: string;
}

export interface TableOptions {
  readonly format?: TableFormat;
  readonly encoding?: string;
  readonly delimiter?: string;
  /** `find` looks for the header row; a number is its place (1 = first row); `none` names columns `column 1`, … */
  readonly headerRow?: 'find' | 'none' | number;
  /** Names the header row should hold: used by `find`. */
  readonly expected?: readonly string[];
  readonly sheet?: string;
  readonly recordsKey?: string;
}

/** An opened file: facts at once, rows as a stream of small batches. `rows` may be asked for again; each time reads from the start. */
export interface SourceTable {
  readonly facts: TableFacts;
  /** Problems of the file as a whole, found while opening it. */
  readonly problems: readonly Problem[];
  rows(tell: (problem: Problem) => void): AsyncIterable<readonly SourceRow[]>;
}
