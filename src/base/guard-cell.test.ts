/** Guarded cells never run and always come back. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField, guardCell, unguardCell } from './guard-cell.ts';

describe('guardCell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+358', "'+358"],
    ['-12.5', '-12.5'],
    ['- a bullet', "'- a bullet"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ["'=1", "''=1"],
    ["''", "'''"],
    ["o'clock", "o'clock"],
    ['', ''],
  ])('%j → %j', (cell, guarded) => {
    expect(guardCell(cell)).toBe(guarded);
  });

  it('comes back exactly, and nothing guarded can run', () => {
    const cell = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '1', 'a', '.'), maxLength: 8 });
    fc.assert(
      fc.property(cell, (text) => {
        const guarded = guardCell(text);
        expect(unguardCell(guarded)).toBe(text);
        expect(/^[=+@\t\r]/.test(guarded)).toBe(false);
        if (guarded.startsWith('-')) expect(Number.isFinite(Number(guarded))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('quotes what RFC 4180 asks to quote', () => {
    expect(csvField('a,"b"\nc')).toBe('"a,""b""\nc"');
    expect(csvField(' edge ')).toBe('" edge "');
  });
});
