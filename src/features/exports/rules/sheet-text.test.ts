/** What a worksheet cannot store is written as an escape, and nothing else is. */

import { expect, it } from 'vitest';
import { sheetText } from './sheet-text.ts';

it.each([
  ['plain', 'plain'],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['Windows\r\nline', 'Windows_x000D_\nline'],
  ['bell\u0007', 'bell_x0007_'],
  ['_x000D_', '_x005F_x000D_'],
  ['_x0041_x0042_', '_x005F_x0041_x005F_x0042_'],
  ['_x00_ and _x12345_', '_x00_ and _x12345_'],
  ['əğı 😀', 'əğı 😀'],
])('%j is stored as %j', (text, stored) => {
  expect(sheetText(text)).toBe(stored);
});
