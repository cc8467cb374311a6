/** What an import is expected to write, and on which engine. */

import { describe, expect, it } from 'vitest';
import { UnreadableFile } from '../model/refusal.ts';
import { createSpace, neededBytes, RESERVE_BYTES, type Work } from './space.ts';

const MEGABYTE = 1_000_000;

describe('the room that an import needs', () => {
  it.each<[string, Work, 'embedded' | 'server', number, number]>([
    // What was measured, in megabytes, and an upper bound that a generous estimate may not pass.
    ['20,000 short rows', { step: 'apply', bytes: 2_971_639, isWorkbook: false, rows: 20_000 }, 'embedded', 223, 350],
    ['8,785 long rows', { step: 'apply', bytes: 13_336_785, isWorkbook: false, rows: 8_785 }, 'embedded', 272, 420],
    ['checking 20,000 short rows', { step: 'check', bytes: 2_971_639, isWorkbook: false }, 'embedded', 8, 80],
    ['receiving and checking them', { step: 'receive', bytes: 2_971_639 }, 'embedded', 11, 83],
    ['a million short rows, whose log is used again', { step: 'apply', bytes: 150_000_000, isWorkbook: false, rows: 1_000_000 }, 'embedded', 5_000, 7_000],
    ['nothing that is new', { step: 'apply', bytes: 0, isWorkbook: false, rows: 0 }, 'embedded', 64, 68],
    ['the kept file only', { step: 'receive', bytes: 10_000_000 }, 'server', 74, 78],
  ])('for %s is neither too little nor absurd', (_name, work, engine, least, most) => {
    const needed = neededBytes(work, engine) / MEGABYTE;
    expect(needed).toBeGreaterThan(least);
    expect(needed).toBeLessThan(most);
  });

  it.each<[Work]>([[{ step: 'check', bytes: 10_000_000, isWorkbook: false }], [{ step: 'apply', bytes: 10_000_000, isWorkbook: true, rows: 100 }]])('on a server is the server’s matter once the file is kept: %j', (work) => {
    expect(neededBytes(work, 'server')).toBe(0);
  });

  it('of a workbook is that of the text in it', () => {
    const of = (isWorkbook: boolean): number => neededBytes({ step: 'check', bytes: 1_000_000, isWorkbook }, 'embedded') - RESERVE_BYTES;
    expect(of(true)).toBe(6 * of(false));
  });

  it('that no disk has is refused with numbers', async () => {
    const refused = await createSpace(import.meta.dirname, 'embedded').check({ step: 'receive', bytes: 1e18 }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnreadableFile);
    expect(refused).toMatchObject({ code: 'disk-space-low', detail: { free: expect.any(Number) as number, needed: expect.any(Number) as number } });
  });
});
