/** Opens delimited text as a table. */

import { BATCH_ROWS, HEADER_SEARCH_ROWS_MAX, ROWS_MAX } from '../../model/limits.ts';
import { UnreadableFile } from '../../model/refusal.ts';
import type { Problem, SourceRow, SourceTable, TableFacts, TableOptions } from '../../model/table.ts';
import { CsvParser, type CsvRecord, detectDelimiter } from '../../rules/csv.ts';
import { columnNames, findHeader, uniqueNames } from '../../rules/header.ts';
import { detectEncoding, textOf } from './text.ts';

const SAMPLE_CHARS = 128 * 1024;

export async function openCsv(path: string, options: TableOptions): Promise<SourceTable> {
  const encoding = await detectEncoding(path, options.encoding);
  const sample = await sampleOf(path, encoding.name);
  const delimiter = options.delimiter ?? detectDelimiter(sample.text, sample.isWhole);
  const parser = new CsvParser(delimiter);
  const first = parser.push(sample.text);
  if (sample.isWhole) first.push(...parser.end());
  else if (first.length === 0) throw new UnreadableFile('cell-too-long', { line: 1, column: 1, max: SAMPLE_CHARS });
  if (first.length === 0) throw new UnreadableFile('file-empty');
  const head = headOf(first.slice(0, HEADER_SEARCH_ROWS_MAX).map((record) => record.cells), options);
  const facts: TableFacts = { format: 'csv', encoding, delimiter, headerAsWritten: head.written, header: head.names, preamble: head.preamble };
  return { facts, problems: headerProblems(head.written, head.names), rows: (tell) => rowsOf(path, facts, tell) };
}

export interface Head {
  readonly written: readonly string[];
  readonly names: readonly string[];
  readonly preamble: readonly (readonly string[])[];
}

/** Takes the header row as the options say, or finds it. */
export function headOf(rows: readonly (readonly string[])[], options: TableOptions): Head {
  const place = options.headerRow ?? 'find';
  if (place === 'none') {
    const width = Math.max(...rows.map((cells) => cells.length));
    return { written: [], names: columnNames(width), preamble: [] };
  }
  const index = place === 'find' ? findHeader(rows, options.expected ?? []) : place - 1;
  const written = rows[index];
  if (index < 0 || written === undefined) throw new UnreadableFile('header-not-found', { expected: (options.expected ?? []).slice(0, 5).join(', ') });
  return { written, names: uniqueNames(written), preamble: rows.slice(0, index) };
}

export function headerProblems(written: readonly string[], names: readonly string[]): Problem[] {
  return written.flatMap((name, index): Problem[] => {
    const unique = names[index] ?? '';
    if (name.trim() === '') return [{ code: 'header-blank', severity: 'note', column: unique }];
    if (unique !== name) return [{ code: 'header-duplicate', severity: 'warning', column: unique, found: name.slice(0, 80) }];
    return name.trim() === name ? [] : [{ code: 'header-edge-space', severity: 'note', column: unique }];
  });
}

async function sampleOf(path: string, encoding: string): Promise<{ text: string; isWhole: boolean }> {
  let text = '';
  for await (const piece of textOf(path, encoding)) {
    text += piece;
    if (text.length >= SAMPLE_CHARS) return { text: text.slice(0, SAMPLE_CHARS), isWhole: false };
  }
  return { text, isWhole: true };
}

async function* rowsOf(path: string, facts: TableFacts, tell: (problem: Problem) => void): AsyncIterable<readonly SourceRow[]> {
  const parser = new CsvParser(facts.delimiter ?? ',');
  let toSkip = facts.preamble.length + (facts.headerAsWritten.length > 0 ? 1 : 0);
  let number = 0;
  let batch: SourceRow[] = [];
  const take = (records: readonly CsvRecord[]): void => {
    for (const record of records) {
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      number++;
      if (number > ROWS_MAX) throw new UnreadableFile('too-many-rows', { max: ROWS_MAX });
      batch.push(fit(record, number, facts.header, tell));
    }
  };
  for await (const piece of textOf(path, facts.encoding?.name ?? 'utf-8')) {
    take(parser.push(piece));
    for (; batch.length >= BATCH_ROWS; batch = batch.slice(BATCH_ROWS)) yield batch.slice(0, BATCH_ROWS);
  }
  take(parser.end());
  for (; batch.length > 0; batch = batch.slice(BATCH_ROWS)) yield batch.slice(0, BATCH_ROWS);
}

/** Makes the record as wide as the header; what is missing or too much is a problem of that record, never of the file. */
function fit(record: CsvRecord, number: number, header: readonly string[], tell: (problem: Problem) => void): SourceRow {
  const { cells, line } = record;
  if (record.oddQuote !== undefined) {
    const { kind, cell } = record.oddQuote;
    tell({ code: kind, severity: kind === 'unclosed-quote' ? 'error' : 'warning', row: number, line, column: header[cell] ?? `column ${cell + 1}`, found: cells[cell]?.slice(0, 80) ?? '' });
  }
  if (cells.length === header.length) return { number, line, cells };
  if (cells.length > header.length) {
    const beyond = cells.slice(header.length);
    // Trailing empty cells are what spreadsheets leave behind; text there would be lost, so the row is not good.
    const isBlank = beyond.every((cell) => cell === '');
    tell({ code: isBlank ? 'row-wider-blank' : 'row-wider', severity: isBlank ? 'note' : 'error', row: number, line, found: beyond.join(' | ').slice(0, 80) });
    return { number, line, cells: cells.slice(0, header.length) };
  }
  tell({ code: 'row-narrower', severity: 'error', row: number, line, column: header[cells.length] ?? '', found: String(cells.length) });
  const missing = header.length - cells.length;
  return { number, line, cells: [...cells, ...Array.from({ length: missing }, () => '')], kinds: 's'.repeat(cells.length) + 'm'.repeat(missing) };
}
