/** What a spreadsheet cell shows: numbers, dates by their format, texts; a formula is never run, its last value is shown. */

/** Built-in number formats that show a date or a time (ECMA-376 part 1, 18.8.30, and the East Asian ones). */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58]);
const TIME_FORMATS = new Set([18, 19, 20, 21, 45, 46, 47]);
const BUILT_IN: Readonly<Record<number, string>> = { 9: '0%', 10: '0.00%', 22: 'm/d/yy h:mm' };

export interface NumberFormat {
  readonly kind: 'number' | 'date' | 'percent' | 'padded';
  /** Digits after the point of a percentage; digits of a padded number. */
  readonly digits: number;
  readonly hasTime: boolean;
}

/** Reads the format of a cell from its id and, for custom ones, its code. */
export function numberFormat(id: number, custom: string | undefined): NumberFormat {
  const code = (custom ?? BUILT_IN[id] ?? '').replaceAll(/"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_./gi, '').split(';')[0] ?? '';
  const isDate = custom === undefined ? DATE_FORMATS.has(id) : /[ymdhs]/i.test(code) && !/general/i.test(code);
  if (isDate) return { kind: 'date', digits: 0, hasTime: custom === undefined ? TIME_FORMATS.has(id) || id === 22 : /[hs]/i.test(code) };
  const percent = /^0(?:\.(0+))?%$/.exec(code);
  if (percent !== null) return { kind: 'percent', digits: percent[1]?.length ?? 0, hasTime: false };
  if (/^0{2,}$/.test(code)) return { kind: 'padded', digits: code.length, hasTime: false };
  return { kind: 'number', digits: 0, hasTime: false };
}

/** Escapes of single characters in texts of a workbook; NUL and halves of characters cannot be stored, so they stay as written. */
const ESCAPED = /_x(?!0000|[dD][89a-fA-F])([0-9A-Fa-f]{4})_/g;

/** The text of a text cell: `_x000D_` is a carriage return, `_x005F_x000D_` are the letters (ECMA-376 part 1, 22.9.2.19). */
export function shownText(stored: string): string {
  return stored.includes('_x') ? stored.replaceAll(ESCAPED, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : stored;
}

/** The text of a numeric cell. `raw` is the value as stored; what is no number is shown as it is. */
export function shownNumber(raw: string, format: NumberFormat, date1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  switch (format.kind) {
    case 'date':
      return shownDate(value, format.hasTime, date1904) ?? raw;
    case 'percent':
      return `${(value * 100).toFixed(format.digits)}%`;
    case 'padded':
      return Number.isInteger(value) ? (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(format.digits, '0') : raw;
    default:
      return plainNumber(raw, value);
  }
}

/** 0.10000000000000001 is what 0.1 looks like on disk; a long identifier must keep all its digits. */
function plainNumber(raw: string, value: number): string {
  if (/^[+-]?\d+$/.test(raw)) return raw;
  return Math.abs(value) >= 1e21 || (value !== 0 && Math.abs(value) < 1e-6) ? raw : String(value);
}

const DAY_MS = 86_400_000;
/** Day 25569 of the 1900 system is 1970-01-01; the 1904 system begins 1462 days later. */
const UNIX_DAY = 25_569;
const SHIFT_1904 = 1_462;
const LAST_DAY = 2_958_465;

function shownDate(serial: number, hasTime: boolean, date1904: boolean): string | undefined {
  if (serial < 0 || serial > LAST_DAY) return undefined;
  const time = new Date(Math.round((serial % 1) * DAY_MS)).toISOString().slice(11, 19);
  if (serial < 1 && hasTime && !date1904) return time;
  // The 1900 system counts a 29 February 1900 that never was; days before it are one off.
  const days = date1904 ? serial + SHIFT_1904 : serial < 60 ? serial + 1 : serial;
  const moment = new Date(Math.round((days - UNIX_DAY) * DAY_MS)).toISOString();
  return serial % 1 === 0 && !hasTime ? moment.slice(0, 10) : `${moment.slice(0, 10)} ${moment.slice(11, 19)}`;
}

/** Column of a cell address, from 0: `A1` is 0, `AB7` is 27. Undefined when it is none. */
export function columnOf(address: string): number | undefined {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(address)?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
