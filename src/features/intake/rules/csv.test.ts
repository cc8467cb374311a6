/** Delimited text: what must survive reading, and what must be told; checked against csv-parse as an independent reader. */

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL_CHARS_MAX, COLUMNS_MAX } from '../model/limits.ts';
import { CsvParser, csvLine, detectDelimiter, DELIMITERS } from './csv.ts';

/** Reads a text in pieces of `size` characters. */
function read(text: string, delimiter = ',', size = text.length || 1): { line: number; cells: readonly string[]; oddQuote?: string }[] {
  const parser = new CsvParser(delimiter);
  const records = [];
  for (let i = 0; i < text.length; i += size) records.push(...parser.push(text.slice(i, i + size)));
  records.push(...parser.end());
  return records.map(({ line, cells, oddQuote }) => ({ line, cells, ...(oddQuote === undefined ? {} : { oddQuote: oddQuote.kind }) }));
}

describe('delimited text', () => {
  const cases: readonly [given: string, text: string, expected: ReturnType<typeof read>][] = [
    ['plain', 'a,b\n1,2\n', [{ line: 1, cells: ['a', 'b'] }, { line: 2, cells: ['1', '2'] }]],
    ['no line end at the end', 'a\n1', [{ line: 1, cells: ['a'] }, { line: 2, cells: ['1'] }]],
    ['line break inside quotes', 'a,b\r\n"x\ny",2\r\nz,3', [{ line: 1, cells: ['a', 'b'] }, { line: 2, cells: ['x\ny', '2'] }, { line: 4, cells: ['z', '3'] }]],
    ['mixed line ends', 'a\r\nb\nc\rd', [{ line: 1, cells: ['a'] }, { line: 2, cells: ['b'] }, { line: 3, cells: ['c'] }, { line: 4, cells: ['d'] }]],
    ['doubled quotes', '"say ""yes""",x', [{ line: 1, cells: ['say "yes"', 'x'] }]],
    ['empty lines are skipped, lines still counted', 'a,b\n\n\n1,2', [{ line: 1, cells: ['a', 'b'] }, { line: 4, cells: ['1', '2'] }]],
    ['a quoted empty cell is a record', 'a\n""\nb', [{ line: 1, cells: ['a'] }, { line: 2, cells: [''] }, { line: 3, cells: ['b'] }]],
    ['edge spaces and formulas stay', ' =1+1 ,+2,-x,@a,\t\n', [{ line: 1, cells: [' =1+1 ', '+2', '-x', '@a', '\t'] }]],
    ['quote in an unquoted cell', '5" pipe,2', [{ line: 1, cells: ['5" pipe', '2'], oddQuote: 'stray-quote' }]],
    ['text after a closing quote', '"a"b,2', [{ line: 1, cells: ['ab', '2'], oddQuote: 'text-after-quote' }]],
    ['a quote never closed', 'a,b\n1,"x\ny', [{ line: 1, cells: ['a', 'b'] }, { line: 2, cells: ['1', 'x\ny'], oddQuote: 'unclosed-quote' }]],
    ['trailing delimiter', 'a,\n', [{ line: 1, cells: ['a', ''] }]],
    ['NUL is data', 'a\u0000b,c', [{ line: 1, cells: ['a\u0000b', 'c'] }]],
  ];
  it.each(cases)('%s', (_given, text, expected) => {
    expect(read(text)).toEqual(expected);
    // However the text falls into pieces.
    for (const size of [1, 2, 3]) expect(read(text, ',', size)).toEqual(expected);
  });

  it('is read back equal, whatever the cells hold', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '"', '\n', '\r', '\r\n', ',', ';', '=1', '""', ' ', '\u0000', '\uFEFF'), fc.string());
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 })), fc.constantFrom(...DELIMITERS), fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 7 }), (table, delimiter, end, size) => {
        const text = table.map((cells) => csvLine(cells, delimiter) + end).join('');
        expect(read(text, delimiter, size).map((record) => record.cells)).toEqual(table);
      }),
      { numRuns: 300 },
    );
  });

  it('reads what csv-parse reads', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', '\n', ',', ';', '中') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 }), (table) => {
        const text = table.map((cells) => `${csvLine(cells)}\n`).join('');
        expect(read(text).map((record) => record.cells)).toEqual(parse(text, { skip_empty_lines: false }));
      }),
    );
  });

  it('refuses too many columns and endless cells', () => {
    expect(() => read(','.repeat(10_000))).toThrow(expect.objectContaining({ code: 'too-many-columns', detail: { line: 1, max: COLUMNS_MAX } }));
    expect(() => read(`a,b\n1,"${'x\n'.repeat(CELL_CHARS_MAX)}`, ',', 4096)).toThrow(expect.objectContaining({ code: 'cell-too-long', detail: { line: 2, column: 2, max: CELL_CHARS_MAX } }));
  });
});

describe('the delimiter', () => {
  it.each([
    ['comma', 'a,b,c\n1,2,3\n4,5,6\n', ','],
    ['semicolon with decimal commas', 'a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n', ';'],
    ['tab', 'a\tb\n1, and 2\tx\n', '\t'],
    ['pipe', 'a|b|c\n1|2|3\n', '|'],
    ['commas only in quoted prose', 'a;b\n"x, y, z";2\n"x, y";3\n', ';'],
    ['one column', 'name\nx\ny\n', ','],
  ])('%s', (_given, text, expected) => {
    expect(detectDelimiter(text, true)).toBe(expected);
  });
});
