/** Cells: lists, dates, odd characters, personal data. */

import { describe, expect, it } from 'vitest';
import { comparable, listOf, looksLikeFormula, oddities, personalData, prose, tidy } from './cells.ts';
import { dateText, readDate } from './dates.ts';
import { columnOf, numberFormat, shownNumber, shownText } from './sheet-cells.ts';
import { findHeader, uniqueNames } from './header.ts';
import { JsonRecordCutter, jsonMembers } from './json-rows.ts';

describe('a date', () => {
  it.each([
    ['1/2/2023', '2023-01-02'],
    ['7/1/2023', '2023-07-01'],
    ['2023-07-01', '2023-07-01'],
    ['2024-11-07T12:53:06Z', '2024-11-07'],
    ['2022-08 (estimated)', '2022-08'],
    ['2020', '2020'],
    ['10/2023', '2023-10'],
    ['Q4FY25', '2025-07'],
    ['FY24', '2023-10'],
    ['Q1 2024', '2024-01'],
    ['FY2025 Q1', '2024-10'],
    ['July 2023', '2023-07'],
    ['March 3, 2021', '2021-03-03'],
    ['12 mart 2024', '2024-03-12'],
    ['22-Jul', undefined],
    ['10/12023', undefined],
    ['Pre-2021', undefined],
    ['31/2/2023', undefined],
    ['2/30/2023', undefined],
    ['soon', undefined],
    ['', undefined],
    ['0001-01-01', undefined],
  ])('%s', (text, expected) => {
    const read = readDate(text, { order: 'month-first', fiscalYearStartMonth: 10 });
    expect(read === undefined ? undefined : dateText(read)).toBe(expected);
  });
  it('takes the order it is told', () => {
    expect(readDate('1/2/2023', { order: 'day-first' })?.date).toBe('2023-02-01');
  });
});

describe('a list inside a cell', () => {
  it.each([
    [`['a', "b's"]`, [], ['a', "b's"]],
    [`["Other"]`, [], ['Other']],
    [`['it\\'s', 'x\\ny']`, [], ["it's", 'x\ny']],
    [`('a', None, 3)`, [], ['a', '3']],
    ['[]', [], []],
    ['a; b ;;c', [';'], ['a', 'b', 'c']],
    ['- one\n- two', ['\n'], ['one', 'two']],
    ['', [';'], []],
    [`['a', 'b`, [], [`['a', 'b`]],
    [`['a' 'b']`, [], undefined],
    [`[__import__('os')]`, [], undefined],
  ])('%s', (text, separators, expected) => {
    expect(listOf(text, separators)).toEqual(expected);
  });
});

describe('odd characters', () => {
  it('are counted, and only the compared text is tidied', () => {
    expect(oddities('a\u00A0b\u200Bc')).toMatchObject({ invisible: 2, replacement: 0 });
    expect(oddities('\uFFFDx\uFFFD')).toMatchObject({ replacement: 2 });
    expect(oddities('line_x000D_\nend')).toMatchObject({ escapedControl: 1 });
    expect(oddities(' x ')).toMatchObject({ edgeSpace: true, onlySpace: false });
    expect(oddities('\u00A0 ')).toMatchObject({ onlySpace: true, edgeSpace: false });
    expect(oddities('a\u0000')).toMatchObject({ nul: true });
    expect(oddities('a\uD800')).toMatchObject({ loneSurrogate: true });
    expect(comparable(' Rights-Impacting\n')).toBe('rights-impacting');
    expect(tidy('Department of  Veterans\u00A0Affairs ')).toBe('Department of Veterans Affairs');
    expect(prose('one\r\ntwo_x000D_ ')).toBe('one\ntwo');
  });
  it.each([
    ['=1+1', true],
    ['+cmd', true],
    ['- bullet', true],
    ['@x', true],
    ['\tx', true],
    ['-12.5', false],
    ['+3', false],
    ['-1,204 %', false],
    ['x=1', false],
  ])('%s begins like a formula: %s', (text, expected) => {
    expect(looksLikeFormula(text)).toBe(expected);
  });
});

describe('personal data', () => {
  it.each([
    ['write to jane.doe@example.org today', ['email']],
    ['call +994 12 555 44 33', ['phone']],
    ['call (202) 555-0143', ['phone']],
    ['202-555-0143', ['phone']],
    ['contract 720BHA23GR00104', []],
    ['2023-10-12 to 2024-10-12', []],
    ['@mention without address', []],
    ['12345678901234', []],
  ])('%s', (text, expected) => {
    expect(personalData(text)).toEqual(expected);
  });
});

describe('a header', () => {
  it('is found below a title, and every column has a name of its own', () => {
    expect(findHeader([['Inventory 2024', '', ''], [], ['id', 'name', 'owner'], ['1', 'x', 'y']], [])).toBe(2);
    expect(findHeader([['note'], ['ID ', 'Name'], ['1', '2']], ['id', 'name'])).toBe(1);
    expect(findHeader([['1', '2']], ['id', 'name'])).toBe(-1);
    expect(uniqueNames(['x', 'x', '', 'x', ' y'])).toEqual(['x', 'x (2)', 'column 3', 'x (3)', ' y']);
  });
});

describe('a spreadsheet cell', () => {
  it.each([
    ['plain', 'plain'],
    ['one_x000D_\ntwo', 'one\r\ntwo'],
    ['_x005F_x000D_', '_x000D_'],
    ['_x005F_x0041_x005F_x0042_', '_x0041_x0042_'],
    ['_x0000_ and _xD800_ and _x00_', '_x0000_ and _xD800_ and _x00_'],
  ])('stored as %j says %j', (stored, text) => {
    expect(shownText(stored)).toBe(text);
  });

  it.each([
    ['45292', 14, undefined, '2024-01-01'],
    ['45292.5', 22, undefined, '2024-01-01 12:00:00'],
    ['0.5', 20, undefined, '12:00:00'],
    ['1', 14, undefined, '1900-01-01'],
    ['45292', 164, 'dd.mm.yyyy', '2024-01-01'],
    ['45292', 164, '[$-42C]d mmmm yyyy', '2024-01-01'],
    ['7', 164, '00000', '00007'],
    ['0.256', 10, undefined, '25.60%'],
    ['0.10000000000000001', 0, undefined, '0.1'],
    ['12345678901234567890', 0, undefined, '12345678901234567890'],
    ['42', 164, '"days" 0', '42'],
  ])('%s as format %i %s', (raw, id, code, expected) => {
    expect(shownNumber(raw, numberFormat(id, code), false)).toBe(expected);
  });
  it('has a column', () => {
    expect([columnOf('A1'), columnOf('AB7'), columnOf('XFD1'), columnOf('7')]).toEqual([0, 27, 16_383, undefined]);
  });
});

describe('JSON records', () => {
  const cut = (text: string, key?: string, size = text.length): { records: string[]; beside: string; key: string | undefined } => {
    const cutter = new JsonRecordCutter(key);
    const records = [];
    for (let i = 0; i < text.length; i += size) records.push(...cutter.push(text.slice(i, i + size)));
    const beside = cutter.end();
    return { records: records.map((record) => record.text), beside, key: cutter.recordsKey };
  };
  it.each([
    ['an array', '[{"a":1},{"a":"]}"}]', undefined, ['{"a":1}', '{"a":"]}"}'], undefined],
    ['an object with an array', '{"count":2,"tags":["x"],"rows":[{"a":1}, {"a":2}],"end":true}', undefined, ['{"a":1}', '{"a":2}'], 'rows'],
    ['a named array, empty', '{"x":[{"b":1}],"rows":[]}', 'rows', [], 'rows'],
    ['one object', '{"a":{"b":[1]}}', undefined, ['{"a":{"b":[1]}}'], undefined],
    ['an empty array', '[]', undefined, [], undefined],
  ])('%s', (_given, text, key, records, recordsKey) => {
    for (const size of [text.length, 1, 3]) expect(cut(text, key, size)).toMatchObject({ records, key: recordsKey });
  });
  it.each(['[{"a":1}', '{"a":', '[{"a":1}]]', '[{"a":1} 5]', ''])('refuses %s', (text) => {
    expect(() => cut(text, undefined, text.length || 1)).toThrow();
  });
  it('keeps every member as written', () => {
    expect(jsonMembers({ line: 1, text: '{ "id" : 12345678901234567890, "l":[1, 2], "s":"x\\"y", "n":null, "s":"z" }' })).toEqual([
      { key: 'id', raw: '12345678901234567890' },
      { key: 'l', raw: '[1, 2]' },
      { key: 's', raw: '"x\\"y"' },
      { key: 'n', raw: 'null' },
      { key: 's', raw: '"z"' },
    ]);
  });
});
