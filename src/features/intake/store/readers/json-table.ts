/** Opens JSON as a table: the keys of the records, in order of appearance, are its columns. */

import { BATCH_ROWS, CELL_CHARS_MAX, COLUMNS_MAX, JSON_RECORD_CHARS_MAX, ROWS_MAX } from '../../model/limits.ts';
import { UnreadableFile } from '../../model/refusal.ts';
import type { SourceRow, SourceTable, TableFacts, TableOptions } from '../../model/table.ts';
import { jsonMembers, JsonRecordCutter, type JsonRecordText } from '../../rules/json-rows.ts';
import { uniqueNames } from '../../rules/header.ts';
import { detectEncoding, textOf } from './text.ts';

export async function openJson(path: string, options: TableOptions): Promise<SourceTable> {
  const encoding = await detectEncoding(path, options.encoding);
  // The keys are known only after a first reading; it also proves that the document is well-formed to its end.
  const keys = new Set<string>();
  const asLines = options.recordsKey === undefined && (await isJsonLines(path, encoding.name));
  const cutter = new JsonRecordCutter(options.recordsKey, asLines);
  let count = 0;
  for await (const records of recordsOf(path, encoding.name, cutter)) {
    for (const record of records) {
      count++;
      if (count > ROWS_MAX) throw new UnreadableFile('too-many-rows', { max: ROWS_MAX });
      for (const key of keysOf(record)) keys.add(key);
      if (keys.size > COLUMNS_MAX) throw new UnreadableFile('too-many-columns', { line: record.line, max: COLUMNS_MAX });
    }
  }
  const beside = cutter.end();
  if (count === 0 && cutter.recordsKey === undefined && beside !== '') throw new UnreadableFile('json-no-records', { key: options.recordsKey ?? '' });
  const names = [...keys];
  const facts: TableFacts = {
    format: 'json',
    encoding,
    headerAsWritten: names,
    header: names,
    preamble: [],
    ...(cutter.recordsKey === undefined ? {} : { recordsKey: cutter.recordsKey, beside }),
  };
  return { facts, problems: [], rows: () => rowsOf(path, facts, new JsonRecordCutter(options.recordsKey, asLines)) };
}

/** JSON Lines: the first line is a whole object, and something follows it. */
async function isJsonLines(path: string, encoding: string): Promise<boolean> {
  let head = '';
  for await (const piece of textOf(path, encoding)) {
    head += piece;
    if (head.trimStart().includes('\n') || head.length > JSON_RECORD_CHARS_MAX) break;
  }
  const [line = '', ...rest] = head.trimStart().split('\n', 2);
  if (!line.startsWith('{') || rest.join('').trim() === '') return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

async function* recordsOf(path: string, encoding: string, cutter: JsonRecordCutter): AsyncIterable<readonly JsonRecordText[]> {
  for await (const piece of textOf(path, encoding)) {
    const records = cutter.push(piece);
    if (records.length > 0) yield records;
  }
}

/** Keys made unique, so that a key written twice does not overwrite itself. */
function keysOf(record: JsonRecordText): readonly string[] {
  const keys = jsonMembers(record).map((member) => member.key);
  return new Set(keys).size === keys.length ? keys : uniqueNames(keys);
}

async function* rowsOf(path: string, facts: TableFacts, cutter: JsonRecordCutter): AsyncIterable<readonly SourceRow[]> {
  const places = new Map(facts.header.map((name, index) => [name, index]));
  let batch: SourceRow[] = [];
  let number = 0;
  for await (const records of recordsOf(path, facts.encoding?.name ?? 'utf-8', cutter)) {
    for (const record of records) {
      number++;
      batch.push(rowOf(record, number, facts.header.length, places));
      if (batch.length === BATCH_ROWS) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

function rowOf(record: JsonRecordText, number: number, width: number, places: ReadonlyMap<string, number>): SourceRow {
  const cells = Array.from({ length: width }, () => '');
  const kinds = Array.from({ length: width }, () => 'm');
  const members = jsonMembers(record);
  const names = uniqueNames(members.map((member) => member.key));
  members.forEach((member, index) => {
    const place = places.get(member.key === '' ? '' : (names[index] ?? member.key));
    if (place === undefined) return;
    const { raw } = member;
    kinds[place] = raw.startsWith('"') ? 's' : raw === 'null' ? 'n' : 'j';
    cells[place] = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw === 'null' ? '' : raw;
    if ((cells[place] ?? '').length > CELL_CHARS_MAX) throw new UnreadableFile('cell-too-long', { line: record.line, column: place + 1, max: CELL_CHARS_MAX });
  });
  const kind = kinds.join('');
  return /^s*$/.test(kind) ? { number, line: record.line, cells } : { number, line: record.line, cells, kinds: kind };
}
