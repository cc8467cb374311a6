/** Reads delimited text piece by piece: quotes, line breaks inside cells, mixed line ends, each record with its physical line. */

import { CELL_CHARS_MAX, COLUMNS_MAX } from '../model/limits.ts';
import { UnreadableFile } from '../model/refusal.ts';

export interface CsvRecord {
  /** Physical line (1-based) on which the record begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote inside an unquoted cell, text after a closing quote, or a quote that never closes; the cell's place from 0. */
  readonly oddQuote?: { readonly kind: 'stray-quote' | 'text-after-quote' | 'unclosed-quote'; readonly cell: number };
}

const QUOTE = 34;
const LF = 10;
const CR = 13;
/** Between cells; inside an unquoted cell; inside quotes; after a quote that may be the closing one. */
const START = 0;
const PLAIN = 1;
const QUOTED = 2;
const CLOSING = 3;

/**
 * A push parser: `push` answers the records completed by this piece, `end` the last one. Wholly empty lines are skipped,
 * as spreadsheets write them; a line holding `""` is a record with one empty cell. CR, LF and CRLF all end a record.
 * Throws UnreadableFile for too many columns or an endless cell (usually a quote left open).
 */
export class CsvParser {
  private readonly delimiter: number;
  private cells: string[] = [];
  private cell = '';
  private state = START;
  private line = 1;
  private recordLine = 1;
  private wasQuoted = false;
  private swallowLineFeed = false;
  private odd: CsvRecord['oddQuote'];

  constructor(delimiter: string) {
    this.delimiter = delimiter.charCodeAt(0);
  }

  push(text: string): CsvRecord[] {
    const records: CsvRecord[] = [];
    let i = 0;
    if (this.swallowLineFeed && text.length > 0) {
      if (text.charCodeAt(0) === LF) i = 1;
      this.swallowLineFeed = false;
    }
    while (i < text.length) {
      if (this.state === QUOTED) i = this.readQuoted(text, i);
      else if (this.state === CLOSING) i = this.afterQuote(text, i);
      else i = this.readPlain(text, i);
      if (this.state === END) i = this.finishRecord(text, i, records);
    }
    return records;
  }

  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (this.state === QUOTED) this.odd = { kind: 'unclosed-quote', cell: this.cells.length };
    this.emit(records);
    return records;
  }

  /** Inside quotes everything counts up to the next quote. */
  private readQuoted(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    const to = quote === -1 ? text.length : quote;
    for (let k = text.indexOf('\n', from); k !== -1 && k < to; k = text.indexOf('\n', k + 1)) this.line++;
    this.append(text, from, to);
    if (quote === -1) return to;
    this.state = CLOSING;
    return to + 1;
  }

  private afterQuote(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      this.cell += '"';
      this.state = QUOTED;
      return at + 1;
    }
    if (code !== this.delimiter && code !== LF && code !== CR) this.odd ??= { kind: 'text-after-quote', cell: this.cells.length };
    this.state = PLAIN;
    return at;
  }

  private readPlain(text: string, from: number): number {
    let i = from;
    const { delimiter } = this;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === delimiter) {
        this.append(text, from, i);
        this.endCell();
        return i + 1;
      }
      if (code === LF || code === CR) {
        this.append(text, from, i);
        this.state = END;
        return i;
      }
      if (code === QUOTE) {
        if (this.state === START && i === from) {
          this.state = QUOTED;
          this.wasQuoted = true;
          return i + 1;
        }
        this.odd ??= { kind: 'stray-quote', cell: this.cells.length };
      }
    }
    this.append(text, from, i);
    this.state = PLAIN;
    return i;
  }

  private append(text: string, from: number, to: number): void {
    if (to === from) return;
    this.cell = this.cell === '' ? text.slice(from, to) : this.cell + text.slice(from, to);
    if (this.cell.length > CELL_CHARS_MAX) throw new UnreadableFile('cell-too-long', { line: this.recordLine, column: this.cells.length + 1, max: CELL_CHARS_MAX });
  }

  private endCell(): void {
    if (this.cells.length === COLUMNS_MAX) throw new UnreadableFile('too-many-columns', { line: this.recordLine, max: COLUMNS_MAX });
    this.cells.push(this.cell);
    this.cell = '';
    this.state = START;
  }

  /** `at` is the line end itself. */
  private finishRecord(text: string, at: number, records: CsvRecord[]): number {
    this.emit(records);
    this.line++;
    this.recordLine = this.line;
    if (text.charCodeAt(at) !== CR) return at + 1;
    if (at + 1 === text.length) this.swallowLineFeed = true;
    return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }

  private emit(records: CsvRecord[]): void {
    if (this.cells.length > 0 || this.cell !== '' || this.wasQuoted) {
      this.endCell();
      records.push(this.odd === undefined ? { line: this.recordLine, cells: this.cells } : { line: this.recordLine, cells: this.cells, oddQuote: this.odd });
    }
    this.cells = [];
    this.cell = '';
    this.state = START;
    this.wasQuoted = false;
    this.odd = undefined;
  }
}

/** The record is complete; the scanner stands on its line end. */
const END = 4;

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The delimiter under which the sample falls into the most regular table: the widest for which most records agree.
 * A sample without any is a table of one column, which the comma reads correctly.
 */
export function detectDelimiter(sample: string, isWholeFile: boolean): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const widths = widthsUnder(sample, delimiter, isWholeFile);
    const { width, share } = commonest(widths);
    const score = width < 2 ? 0 : share * share * Math.log2(width + 1);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function widthsUnder(sample: string, delimiter: string, isWholeFile: boolean): number[] {
  const parser = new CsvParser(delimiter);
  try {
    const records = parser.push(sample);
    if (isWholeFile) records.push(...parser.end());
    return records.map((record) => record.cells.length);
  } catch (error) {
    // A sample that this delimiter cuts into thousands of cells speaks against it; the real reading will tell.
    if (error instanceof UnreadableFile) return error.code === 'too-many-columns' ? [COLUMNS_MAX] : [];
    throw error;
  }
}

function commonest(widths: readonly number[]): { readonly width: number; readonly share: number } {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  let width = 0;
  let count = 0;
  for (const [one, times] of counts) if (times > count || (times === count && one > width)) [width, count] = [one, times];
  return { width, share: widths.length === 0 ? 0 : count / widths.length };
}

const NEEDS_QUOTES = /["\r\n]/;

/** One record of delimited text, quoted where it must be; the mirror of the parser for tests and the bench. */
export function csvLine(cells: readonly string[], delimiter = ','): string {
  if (cells.length === 1 && cells[0] === '') return '""';
  return cells.map((cell) => (NEEDS_QUOTES.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
}
