/** Amounts as people write them. */

import { expect, it } from 'vitest';
import { parseTurnover } from './parse-turnover.ts';

it.each([
  ['1000000', 1_000_000],
  ['1 000 000', 1_000_000],
  ['1.000.000', 1_000_000],
  ['1,000,000', 1_000_000],
  ['0', 0],
  ['1.5', undefined],
  ['-3', undefined],
  ['1e9', undefined],
  ['', undefined],
  ['99999999999999999', undefined],
] as const)('%j is %j', (text, expected) => expect(parseTurnover(text)).toBe(expected));
