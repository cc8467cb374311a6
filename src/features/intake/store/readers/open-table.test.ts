/** Files as they come: encodings, workbooks, JSON, and those that must be refused before they do harm. */

import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, closeSync, ftruncateSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import Excel from 'exceljs';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import type { Problem, TableFacts, TableOptions } from '../../model/table.ts';
import { openTable } from './open-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-intake-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function file(content: Buffer | string): string {
  const path = join(folder, `file-${++files}`);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, options: TableOptions = {}): Promise<{ facts: TableFacts; rows: (readonly string[])[]; lines: number[]; kinds: (string | undefined)[]; problems: Problem[] }> {
  const table = await openTable(path, options);
  const problems: Problem[] = [...table.problems];
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const kinds: (string | undefined)[] = [];
  for await (const batch of table.rows((problem) => problems.push(problem))) {
    for (const row of batch) {
      rows.push(row.cells);
      lines.push(row.line);
      kinds.push(row.kinds);
    }
  }
  return { facts: table.facts, rows, lines, kinds, problems };
}

describe('encodings', () => {
  const french = 'nom,ville\nÉlève façade,Besançon\nDéjà vu à Noël,Orléans\nœuvre coûteuse,Nîmes\n';
  const russian = 'имя,город\nРаспознавание лиц на границе,Москва\nОценка налоговых рисков,Казань\nЧат-бот для граждан,Самара\n';
  const azerbaijani = 'ad,şəhər\nVergi riskinin qiymətləndirilməsi,Gəncə\nÇatbot,Bakı\n';
  it.each([
    ['UTF-8', Buffer.from(azerbaijani), 'utf-8', azerbaijani, false],
    ['UTF-8 with BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(azerbaijani)]), 'utf-8', azerbaijani, true],
    ['Windows-1252', iconv.encode(french, 'windows-1252'), 'windows-1252', french, false],
    ['Windows-1251', iconv.encode(russian, 'windows-1251'), 'windows-1251', russian, false],
    ['UTF-16 with BOM', iconv.encode(azerbaijani, 'utf-16le', { addBOM: true }), 'utf-16le', azerbaijani, true],
    ['UTF-16 big endian without BOM', iconv.encode(french, 'utf-16be', { addBOM: false }), 'utf-16be', french, false],
  ])('%s', async (_given, bytes, name, text, byteOrderMark) => {
    const { facts, rows } = await read(file(bytes));
    expect(facts.encoding).toMatchObject({ name, byteOrderMark });
    expect([facts.header, ...rows].map((cells) => `${cells.join(',')}\n`).join('')).toBe(text);
  });
  it('is guessed from letters far into the file, and can be chosen instead', async () => {
    const late = Buffer.concat([Buffer.from(`a,b\n${'plain,text\n'.repeat(40_000)}`), iconv.encode('Élève façade,Besançon\n'.repeat(20), 'windows-1252')]);
    expect((await read(file(late))).rows.at(-1)).toEqual(['Élève façade', 'Besançon']);
    const wrong = file(iconv.encode('a,b\nŞ,1\n', 'windows-1254'));
    expect((await read(wrong, { encoding: 'windows-1254' })).rows).toEqual([['Ş', '1']]);
    await expect(read(wrong, { encoding: 'klingon' })).rejects.toMatchObject({ code: 'encoding-unknown' });
  });
  it('keeps text that was damaged before', async () => {
    expect((await read(file('a,b\nx\uFFFDy,1\n'))).rows).toEqual([['x\uFFFDy', '1']]);
  });
});

describe('rows', () => {
  it('tells ragged rows by record and physical line', async () => {
    const { rows, lines, kinds, problems } = await read(file('a,b,c\n"x\ny",2,3\n1,2\n1,2,3,4\n1,2,3,\n'));
    expect(rows).toEqual([['x\ny', '2', '3'], ['1', '2', ''], ['1', '2', '3'], ['1', '2', '3']]);
    expect(lines).toEqual([2, 4, 5, 6]);
    expect(kinds[1]).toBe('ssm');
    expect(problems.map(({ code, severity, row, line }) => [code, severity, row, line])).toEqual([['row-narrower', 'error', 2, 4], ['row-wider', 'error', 3, 5], ['row-wider-blank', 'note', 4, 6]]);
  });
  it('names duplicate headers apart', async () => {
    const { facts, problems } = await read(file('x,x,\n1,2,3\n'));
    expect(facts.header).toEqual(['x', 'x (2)', 'column 3']);
    expect(facts.headerAsWritten).toEqual(['x', 'x', '']);
    expect(problems.map((problem) => problem.code)).toEqual(['header-duplicate', 'header-blank']);
  });
  it('finds a header below a title, and reads tables without one', async () => {
    const titled = file('Inventory of systems,,\n\nid,name,owner\n1,A,B\n2,C,D\n');
    expect(await read(titled)).toMatchObject({ facts: { header: ['id', 'name', 'owner'], preamble: [['Inventory of systems', '', '']] }, rows: [['1', 'A', 'B'], ['2', 'C', 'D']] });
    expect(await read(file('1;A\n2;B\n'), { headerRow: 'none' })).toMatchObject({ facts: { header: ['column 1', 'column 2'], headerAsWritten: [] }, rows: [['1', 'A'], ['2', 'B']] });
    await expect(read(file('1,2\n'), { expected: ['id', 'name'] })).rejects.toMatchObject({ code: 'header-not-found' });
  });
});

describe('JSON', () => {
  it('makes columns of keys and keeps what each value was', async () => {
    const { facts, rows, kinds } = await read(file('{"meta":{"n":2},"records":[{"id":1,"t":["a","b"],"s":"x"},{"id":"2","u":null}]}'));
    expect(facts).toMatchObject({ recordsKey: 'records', header: ['id', 't', 's', 'u'] });
    expect(rows).toEqual([['1', '["a","b"]', 'x', ''], ['2', '', '', '']]);
    expect(kinds).toEqual(['jjsm', 'smmn']);
  });
  it('reads JSON Lines with mixed shapes', async () => {
    const { facts, rows } = await read(file('{"a":1,"l":[{"x":1}]}\n{"b":"two"}\n'));
    expect([facts.recordsKey, facts.header, rows]).toEqual([undefined, ['a', 'l', 'b'], [['1', '[{"x":1}]', ''], ['', '', 'two']]]);
  });
  it.each([
    ['broken', '[{"a":1},{"a":}]', 'json-malformed'],
    ['cut off', '[{"a":1},{"a"', 'json-malformed'],
    ['numbers', '[{"a":1},5]', 'json-malformed'],
    ['too many keys', JSON.stringify([Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))]), 'too-many-columns'],
  ])('refuses %s', async (_given, text, code) => {
    await expect(read(file(text))).rejects.toMatchObject({ code });
  });
});

/** A ZIP made by hand, so that its table of contents can lie. */
function zip(entries: readonly { name: string; content: Buffer; claimed?: number }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimed } of entries) {
    const packed = deflateRawSync(content, { level: 9 });
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(content), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(claimed ?? content.length, 22);
    head.writeUInt16LE(name.length, 26);
    const local = Buffer.concat([head, Buffer.from(name), packed]);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(8, 10);
    head.copy(central, 16, 14, 30);
    central.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([central, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const body = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(body.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, body, end]);
}

describe('workbooks', () => {
  it('show what their cells show', async () => {
    const book = new Excel.Workbook();
    const sheet = book.addWorksheet('Systems');
    sheet.addRow(['id', 'name', 'when', 'sum', 'code', 'html', 'yes', 'bad', 'none']);
    sheet.addRow([1, { richText: [{ text: 'Chat' }, { text: 'bot', font: { bold: true } }] }, new Date(Date.UTC(2024, 0, 31)), { formula: 'A2*2', result: 2 }, 7, '<b>&amp;lt;</b>\nA', true, { error: '#REF!' }, { formula: 'NOW()' }]);
    sheet.getCell('E2').numFmt = '00000';
    sheet.getCell('C2').numFmt = 'dd/mm/yyyy';
    book.addWorksheet('Notes').addRow(['x']);
    const { facts, rows, problems } = await read(file(Buffer.from(await book.xlsx.writeBuffer())));
    expect(facts).toMatchObject({ format: 'xlsx', sheet: 'Systems', otherSheets: ['Notes'], header: ['id', 'name', 'when', 'sum', 'code', 'html', 'yes', 'bad', 'none'] });
    expect(rows).toEqual([['1', 'Chatbot', '2024-01-31', '2', '00007', '<b>&amp;lt;</b>\nA', 'TRUE', '#REF!', '']]);
    expect(problems.map((problem) => problem.code).sort()).toEqual(['cell-error', 'formula-without-value', 'other-sheets']);
  });
  it('are read by sheet, and gaps stay gaps', async () => {
    const book = new Excel.Workbook();
    book.addWorksheet('First').addRow(['x']);
    const second = book.addWorksheet('Second');
    second.getCell('A1').value = 'a';
    second.getCell('C1').value = 'c';
    second.getCell('C5').value = 'late';
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    expect(await read(file(bytes), { sheet: 'Second' })).toMatchObject({ facts: { header: ['a', 'column 2', 'c'] }, rows: [['', '', 'late']], lines: [5] });
    await expect(read(file(bytes), { sheet: 'Third' })).rejects.toMatchObject({ code: 'sheet-not-found' });
  });
  const part = (name: string, content: string | Buffer, claimed?: number): { name: string; content: Buffer; claimed?: number } => ({ name, content: Buffer.from(content), ...(claimed === undefined ? {} : { claimed }) });
  const zeros = Buffer.alloc(64 * 1024 * 1024, 0x20);
  it.each([
    ['a bomb', zip([part('xl/workbook.xml', '<workbook/>'), part('xl/worksheets/sheet1.xml', zeros)]), 'archive-bomb'],
    ['a bomb that lies about its size', zip([part('xl/workbook.xml', '<workbook/>'), part('xl/worksheets/sheet1.xml', zeros, 1000)]), 'archive-bad-entry'],
    ['too many entries', zip(Array.from({ length: 3000 }, (_, i) => part(`e${i}`, 'x'))), 'archive-too-many-entries'],
    ['a path that climbs out', zip([part('../../etc/passwd', 'x')]), 'archive-bad-entry'],
    ['an archive that is no workbook', zip([part('hello.txt', 'x')]), 'not-a-workbook'],
    ['a document type in its XML', zip([part('xl/workbook.xml', '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')]), 'archive-bad-entry'],
    ['half an archive', zip([part('xl/workbook.xml', '<workbook/>')]).subarray(0, 40), 'not-a-workbook'],
    ['an old binary workbook', Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), 'workbook-old-format'],
  ])('refuse %s', async (_given, bytes, code) => {
    await expect(read(file(bytes))).rejects.toMatchObject({ code });
  });
});

describe('limits', () => {
  it('refuses a file of two gigabytes by its size alone', async () => {
    const path = join(folder, 'huge.csv');
    const handle = openSync(path, 'w');
    // A sparse file: nothing of it is ever read.
    ftruncateSync(handle, 2 * 1024 ** 3);
    closeSync(handle);
    const before = process.memoryUsage().rss;
    await expect(read(path)).rejects.toMatchObject({ code: 'file-too-large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
  });
  it.each([
    ['an empty file', '', 'file-empty'],
    ['only spaces', ' \n \n', 'file-empty'],
    ['a file of another source', 'x,y\n1,2\n', 'header-not-found'],
    ['ten thousand columns', `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')}\n`, 'too-many-columns'],
    ['an endless cell', `a,b\n1,"${'x'.repeat(200_000)}`, 'cell-too-long'],
  ])('refuses %s', async (_given, text, code) => {
    await expect(read(file(text), { expected: ['a', 'b'] })).rejects.toMatchObject({ code });
  });
});

const data = join(import.meta.dirname, '../../../../../../shared/data');
describe.skipIf(!hasData())('published files', () => {
  it.each([
    ['us-inventory/2023_consolidated_ai_inventory_raw.csv', 710, 10, 2392],
    ['us-inventory/2024_consolidated_ai_inventory_raw.csv', 1757, 62, undefined],
    ['nl-algoritmeregister/algoritmes_schellevis_2026-05-13.json', 1431, 9, undefined],
    ['uk-atrs/atrs_records.csv', 136, 4, 137],
    ['uk-atrs/atrs_records.json', 136, 7, undefined],
    ['registers/helsinki-ai-register.csv', 5, 21, undefined],
    ['registers/amsterdam-algorithm-register.csv', 4, 21, undefined],
    ['registers/jrc120399_ai-watch-t6-old.csv', 100, 19, undefined],
    ['speed/ms_us_county_broadband_2020October.csv', 3142, 5, undefined],
    ['speed/wizardtim_speedtests_2017-2019.csv', 23_654, 8, undefined],
  ])('%s', async (path, rows, columns, lastLine) => {
    const table = await read(join(data, path));
    expect([table.rows.length, table.facts.header.length]).toEqual([rows, columns]);
    if (lastLine !== undefined) expect(table.lines.at(-1)).toBe(lastLine);
    expect(table.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });
  it('reads a workbook and its CSV alike', async () => {
    const sheet = await read(join(data, 'speed/rtr-netztest-opendata-2021-11.xlsx'));
    const csv = await read(join(data, 'speed/rtr-netztest-opendata-2021-11.csv'));
    expect(sheet.facts.header).toEqual(csv.facts.header);
    expect(sheet.rows.length).toBe(41);
    const differing = sheet.rows.flatMap((cells, row) => cells.filter((cell, column) => !sameShown(cell, csv.rows[row]?.[column] ?? '')));
    expect(differing).toEqual([]);
    expect(createHash('sha256').update(readFileSync(join(data, 'speed/rtr-netztest-opendata-2021-11.xlsx'))).digest('hex')).toHaveLength(64);
  });
});

/** The CSV was converted by other software: numbers may be written otherwise, booleans as 0 and 1. */
function sameShown(a: string, b: string): boolean {
  if ((a === 'TRUE' && /^(?:true|1)$/i.test(b)) || (a === 'FALSE' && /^(?:false|0)$/i.test(b))) return true;
  return a === b || a.toLowerCase() === b.toLowerCase() || (a !== '' && b !== '' && Number(a) === Number(b));
}

function hasData(): boolean {
  try {
    readFileSync(join(import.meta.dirname, '../../../../../../shared/data/README.md'));
    return true;
  } catch {
    console.warn('SKIPPED: ../shared/data is not here, so the published files were not read.');
    return false;
  }
}
