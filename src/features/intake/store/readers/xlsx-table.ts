/** Opens a workbook's sheet as a table, streaming: the archive is checked first, then read part by part. */

import { type Entry, type ZipFile } from 'yauzl';
import { BATCH_ROWS, CELL_CHARS_MAX, COLUMNS_MAX, HEADER_SEARCH_ROWS_MAX, ROWS_MAX } from '../../model/limits.ts';
import { UnreadableFile } from '../../model/refusal.ts';
import type { Problem, SourceRow, SourceTable, TableFacts, TableOptions } from '../../model/table.ts';
import { columnOf, type NumberFormat, numberFormat, shownNumber, shownText } from '../../rules/sheet-cells.ts';
import { attribute, type XmlHandler, XmlScanner } from '../../rules/xml.ts';
import { entriesOf, entryText, guardArchive, openArchive } from './archive.ts';
import { headerProblems, headOf } from './csv-table.ts';

interface SheetName {
  readonly name: string;
  readonly part: string;
  readonly isHidden: boolean;
}

interface Workbook {
  readonly sheets: readonly SheetName[];
  readonly date1904: boolean;
  readonly formats: readonly NumberFormat[];
  readonly texts: readonly string[];
}

/** A row of the sheet: shown texts by column, gaps as ''. */
interface SheetRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly odd: readonly { readonly column: number; readonly code: 'formula-without-value' | 'cell-error' }[];
}

export async function openXlsx(path: string, options: TableOptions): Promise<SourceTable> {
  await guardArchive(path);
  const workbook = await readWorkbook(path);
  const sheet = options.sheet === undefined ? (workbook.sheets.find((one) => !one.isHidden) ?? workbook.sheets[0]) : workbook.sheets.find((one) => one.name === options.sheet);
  if (sheet === undefined) throw new UnreadableFile('sheet-not-found', { sheet: options.sheet ?? '' });
  const first: string[][] = [];
  for await (const rows of sheetRows(path, workbook, sheet)) {
    first.push(...rows.map((row) => [...row.cells]));
    if (first.length >= HEADER_SEARCH_ROWS_MAX) break;
  }
  if (first.length === 0) throw new UnreadableFile('file-empty');
  const head = headOf(first.slice(0, HEADER_SEARCH_ROWS_MAX), options);
  const facts: TableFacts = {
    format: 'xlsx',
    headerAsWritten: head.written,
    header: head.names,
    preamble: head.preamble,
    sheet: sheet.name,
    otherSheets: workbook.sheets.filter((one) => one !== sheet).map((one) => one.name),
  };
  const problems = [...headerProblems(head.written, head.names), ...otherSheets(facts)];
  return { facts, problems, rows: (tell) => rowsOf(path, workbook, sheet, facts, tell) };
}

function otherSheets(facts: TableFacts): readonly Problem[] {
  const names = facts.otherSheets ?? [];
  return names.length === 0 ? [] : [{ code: 'other-sheets', severity: 'note', found: names.join(', ').slice(0, 200) }];
}

async function* rowsOf(path: string, workbook: Workbook, sheet: SheetName, facts: TableFacts, tell: (problem: Problem) => void): AsyncIterable<readonly SourceRow[]> {
  let toSkip = facts.preamble.length + (facts.headerAsWritten.length > 0 ? 1 : 0);
  let number = 0;
  let batch: SourceRow[] = [];
  for await (const rows of sheetRows(path, workbook, sheet)) {
    for (const row of rows) {
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      number++;
      if (number > ROWS_MAX) throw new UnreadableFile('too-many-rows', { max: ROWS_MAX });
      batch.push(fit(row, number, facts.header, tell));
      if (batch.length === BATCH_ROWS) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function fit(row: SheetRow, number: number, header: readonly string[], tell: (problem: Problem) => void): SourceRow {
  const { line } = row;
  for (const { column, code } of row.odd) tell({ code, severity: 'warning', row: number, line, column: header[column] ?? `column ${column + 1}`, found: row.cells[column] ?? '' });
  const beyond = row.cells.slice(header.length).filter((cell) => cell !== '');
  if (beyond.length > 0) tell({ code: 'row-wider', severity: 'error', row: number, line, found: beyond.join(' | ').slice(0, 80) });
  // A workbook leaves empty cells out, so a short row is not a problem.
  return { number, line, cells: header.map((_name, index) => row.cells[index] ?? '') };
}

async function readWorkbook(path: string): Promise<Workbook> {
  const zip = await openArchive(path);
  try {
    const entries = new Map((await entriesOf(zip)).map((entry) => [entry.fileName.replace(/^\//, ''), entry]));
    const targets = new Map<string, string>();
    await scan(zip, entries.get('xl/_rels/workbook.xml.rels'), {
      open: (name, attributes) => {
        if (name === 'Relationship') targets.set(attribute(attributes, 'Id') ?? '', partName(attribute(attributes, 'Target') ?? ''));
      },
    });
    const { sheets, date1904 } = await readSheets(zip, entries.get('xl/workbook.xml'), targets);
    return { sheets, date1904, formats: await readFormats(zip, entries.get('xl/styles.xml')), texts: await readTexts(zip, entries.get('xl/sharedStrings.xml')) };
  } finally {
    zip.close();
  }
}

function partName(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function readSheets(zip: ZipFile, entry: Entry | undefined, targets: ReadonlyMap<string, string>): Promise<{ sheets: readonly SheetName[]; date1904: boolean }> {
  if (entry === undefined) throw new UnreadableFile('not-a-workbook');
  const sheets: SheetName[] = [];
  let date1904 = false;
  await scan(zip, entry, {
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      if (name !== 'sheet') return;
      const part = targets.get(attribute(attributes, 'r:id') ?? '');
      if (part !== undefined) sheets.push({ name: attribute(attributes, 'name') ?? '', part, isHidden: /hidden/i.test(attribute(attributes, 'state') ?? '') });
    },
  });
  return { sheets, date1904 };
}

async function readFormats(zip: ZipFile, entry: Entry | undefined): Promise<readonly NumberFormat[]> {
  const custom = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let isCells = false;
  await scan(zip, entry, {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      else if (name === 'cellXfs') isCells = true;
      else if (name === 'xf' && isCells) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0);
        formats.push(numberFormat(id, custom.get(id)));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return formats;
}

/** The shared texts: rich text is the sum of its runs; phonetic readings are not shown. */
async function readTexts(zip: ZipFile, entry: Entry | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  await scan(zip, entry, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isText = !isPhonetic;
    },
    close: (name) => {
      if (name === 'si') texts.push(shownText(text));
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 't') isText = false;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
  });
  return texts;
}

async function scan(zip: ZipFile, entry: Entry | undefined, handler: Partial<XmlHandler>): Promise<void> {
  if (entry === undefined) return;
  const nothing = (): void => undefined;
  const scanner = new XmlScanner({ open: handler.open ?? nothing, close: handler.close ?? nothing, text: handler.text ?? nothing });
  for await (const text of entryText(zip, entry)) scanner.push(text);
  scanner.end();
}

async function* sheetRows(path: string, workbook: Workbook, sheet: SheetName): AsyncIterable<readonly SheetRow[]> {
  const zip = await openArchive(path);
  try {
    const entry = (await entriesOf(zip)).find((one) => one.fileName.replace(/^\//, '') === sheet.part);
    if (entry === undefined) throw new UnreadableFile('sheet-not-found', { sheet: sheet.name });
    const collector = new RowCollector(workbook);
    const scanner = new XmlScanner(collector);
    for await (const text of entryText(zip, entry)) {
      scanner.push(text);
      const rows = collector.take();
      if (rows.length > 0) yield rows;
    }
    scanner.end();
  } finally {
    zip.close();
  }
}

/** Collects rows while the sheet's XML passes; blank rows are left out. */
class RowCollector implements XmlHandler {
  private readonly workbook: Workbook;
  private rows: SheetRow[] = [];
  private line = 0;
  private cells: string[] = [];
  private odd: { column: number; code: 'formula-without-value' | 'cell-error' }[] = [];
  private column = -1;
  private type = '';
  private style = 0;
  private value = '';
  private hasValue = false;
  private hasFormula = false;
  private reading = false;
  private isPhonetic = false;

  constructor(workbook: Workbook) {
    this.workbook = workbook;
  }

  take(): readonly SheetRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    if (name === 'row') {
      this.line = Number(attribute(attributes, 'r') ?? this.line + 1);
      this.cells = [];
      this.odd = [];
      this.column = -1;
    } else if (name === 'c') {
      this.column = columnOf(attribute(attributes, 'r') ?? '') ?? this.column + 1;
      this.type = attribute(attributes, 't') ?? 'n';
      this.style = Number(attribute(attributes, 's') ?? 0);
      this.value = '';
      this.hasValue = false;
      this.hasFormula = false;
    } else if (name === 'f') this.hasFormula = true;
    else if (name === 'rPh') this.isPhonetic = true;
    else if (name === 'v' || name === 't') {
      this.reading = !this.isPhonetic;
      this.hasValue = true;
    }
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.reading = false;
    else if (name === 'rPh') this.isPhonetic = false;
    else if (name === 'c') this.endCell();
    else if (name === 'row' && this.cells.some((cell) => cell !== '')) this.rows.push({ line: this.line, cells: this.cells, odd: this.odd });
  }

  text(text: string): void {
    if (this.reading) this.value += text;
    if (this.value.length > CELL_CHARS_MAX) throw new UnreadableFile('cell-too-long', { line: this.line, column: this.column + 1, max: CELL_CHARS_MAX });
  }

  private endCell(): void {
    const shown = this.hasValue ? this.shown() : '';
    if (this.hasFormula && !this.hasValue) this.odd.push({ column: this.column, code: 'formula-without-value' });
    else if (this.type === 'e') this.odd.push({ column: this.column, code: 'cell-error' });
    if (shown === '') return;
    if (this.column >= COLUMNS_MAX) throw new UnreadableFile('too-many-columns', { line: this.line, max: COLUMNS_MAX });
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = shown;
  }

  private shown(): string {
    const { texts, formats, date1904 } = this.workbook;
    switch (this.type) {
      case 's':
        return texts[Number(this.value)] ?? '';
      case 'b':
        return this.value === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return shownNumber(this.value, formats[this.style] ?? numberFormat(0, undefined), date1904);
      default:
        return shownText(this.value);
    }
  }
}
