/** Writes the register into a file of any format, row after row, so that memory stays flat however long it is. */

import { PassThrough, Readable } from 'node:stream';
import ExcelJS from 'exceljs';
import { csvField, Fault, guardCell } from '../../../base/index.ts';
import type { SystemEntry } from '../../registry/index.ts';
import { type Format, XLSX_CELL_LENGTH_MAX, XLSX_ROWS_MAX } from '../model.ts';
import { annexViiiOf } from '../rules/annex-viii.ts';
import { atrsOf } from '../rules/atrs.ts';
import { type CatalogueFacts, catalogueOf, datasetOf, DCAT_CONTEXT } from '../rules/dcat.ts';
import { sheetText } from '../rules/sheet-text.ts';
import { TABLE_COLUMNS, tableRow } from '../rules/table.ts';

const BYTE_ORDER_MARK = '\uFEFF';
/** Text is handed on in pieces of about this many characters: one write a row would cost more than the row. */
const PIECE_LENGTH = 64 * 1024;

export interface ExportFacts extends CatalogueFacts {
  readonly exportedAt: string;
}

/** A stream of the file's bytes. A fault on the way ends the stream with an error, so a cut file is never taken for a whole one. */
export function writeExport(format: Format, entries: AsyncIterable<SystemEntry>, facts: ExportFacts): Readable {
  switch (format) {
    case 'csv':
      return Readable.from(inPieces(csvOf(entries)));
    case 'json':
      return Readable.from(inPieces(jsonList(`{"format":"mizan-systems","version":1,"exportedAt":${JSON.stringify(facts.exportedAt)},"systems":[`, entries, (entry) => entry, ']}\n')));
    case 'annex-viii':
      return Readable.from(inPieces(jsonList('{"source":"Regulation (EU) 2024/1689, Annex VIII","entries":[', entries, annexViiiOf, ']}\n')));
    case 'atrs':
      return Readable.from(inPieces(jsonList('{"standard":"UK Algorithmic Transparency Recording Standard","records":[', entries, atrsOf, ']}\n')));
    case 'dcat-ap':
      return Readable.from(inPieces(dcatOf(entries, facts)));
    case 'xlsx':
      return xlsxOf(entries);
  }
}

async function* csvOf(entries: AsyncIterable<SystemEntry>): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${TABLE_COLUMNS.map(csvField).join(',')}\r\n`;
  for await (const entry of entries) yield `${tableRow(entry).map(csvField).join(',')}\r\n`;
}

async function* jsonList(open: string, entries: AsyncIterable<SystemEntry>, shape: (entry: SystemEntry) => unknown, close: string): AsyncGenerator<string> {
  yield open;
  let separator = '\n';
  for await (const entry of entries) {
    yield separator + JSON.stringify(shape(entry));
    separator = ',\n';
  }
  yield `\n${close}`;
}

/** A flat graph: the catalogue points to its datasets by id, each dataset is described beside it. */
async function* dcatOf(entries: AsyncIterable<SystemEntry>, facts: ExportFacts): AsyncGenerator<string> {
  yield `{"@context":${JSON.stringify(DCAT_CONTEXT)},"@graph":[\n${JSON.stringify(catalogueOf(facts))}`;
  for await (const entry of entries) {
    const dataset = datasetOf(entry, facts.base);
    yield `,\n${JSON.stringify(dataset)},\n${JSON.stringify({ '@id': `${facts.base}/#catalogue`, 'dcat:dataset': { '@id': dataset['@id'] } })}`;
  }
  yield '\n]}\n';
}

function xlsxOf(entries: AsyncIterable<SystemEntry>): Readable {
  const output = new PassThrough();
  const write = async (): Promise<void> => {
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: output, useSharedStrings: false, useStyles: false });
    const sheet = workbook.addWorksheet('systems', { views: [{ state: 'frozen', ySplit: 1 }] });
    sheet.addRow([...TABLE_COLUMNS]).commit();
    let rows = 0;
    for await (const entry of entries) {
      if (++rows > XLSX_ROWS_MAX) throw new Fault('xlsx-too-many-rows', `A worksheet holds ${XLSX_ROWS_MAX} rows. Export as CSV instead.`, { rows: XLSX_ROWS_MAX });
      const cells = tableRow(entry).map(guardCell);
      const tooLong = cells.findIndex((cell) => cell.length > XLSX_CELL_LENGTH_MAX);
      if (tooLong !== -1) {
        throw new Fault('xlsx-cell-too-long', `Entry ${entry.number}, field ${TABLE_COLUMNS[tooLong] ?? ''}: a worksheet cell holds ${XLSX_CELL_LENGTH_MAX} characters and this text is longer. Export as CSV or JSON, where nothing is cut.`, { entry: entry.number });
      }
      sheet.addRow(cells.map(sheetText)).commit();
    }
    sheet.commit();
    await workbook.commit();
  };
  write().catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  return output;
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece: string[] = [];
  let length = 0;
  for await (const text of texts) {
    piece.push(text);
    length += text.length;
    if (length >= PIECE_LENGTH) {
      yield Buffer.from(piece.join(''), 'utf8');
      piece = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.from(piece.join(''), 'utf8');
}
