/** What a cell says: comparable text, placeholder words, characters nobody sees, lists written inside a cell. */

/** No-break and other odd spaces, soft hyphen, zero-width characters, byte order marks inside text, the no-break hyphen. */
const INVISIBLE = /[\u00A0\u00AD\u061C\u180E\u2000-\u200F\u2011\u2028-\u202F\u205F-\u2064\u2066-\u206F\u3000\uFEFF]/g;
const ZERO_WIDTH = /[\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;
/** Excel writes a control character it cannot store as `_x000D_`. */
const ESCAPED_CONTROL = /_x00[01][0-9A-Fa-f]_/g;

/** The text for comparison: NFC, odd spaces as spaces, zero-width characters out, runs of space as one, trimmed, lower case. */
export function comparable(text: string): string {
  return tidy(text).toLowerCase();
}

/** The text for display in a field: as `comparable`, but with its letters as they are and line breaks kept. */
export function tidy(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return text
    .normalize('NFC')
    .replaceAll(ESCAPED_CONTROL, ' ')
    .replaceAll(ZERO_WIDTH, '')
    .replaceAll('\u2011', '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
/** No character that tidying touches and single spaces only: by far the commonest cell, so it is told apart cheaply. */
const PLAIN_ASCII = /^(?:[!-^`-~]+(?: [!-^`-~]+)*)?$/;

/** Long text for a field: edges trimmed and invisible characters out, line breaks and inner spacing as written. */
export function prose(text: string): string {
  if (PLAIN_PROSE.test(text) && !text.includes('_x0')) return text;
  return text.normalize('NFC').replaceAll(ESCAPED_CONTROL, '').replaceAll(ZERO_WIDTH, '').replaceAll('\u2011', '-').replaceAll(/\r\n?/g, '\n').replaceAll(/[^\S\n]/g, ' ').trim();
}

/** ASCII lines without space at the edges. */
const PLAIN_PROSE = /^[!-~](?:[ -~\n]*[!-~])?$/;

export interface Oddities {
  readonly invisible: number;
  readonly replacement: number;
  readonly escapedControl: number;
  readonly edgeSpace: boolean;
  readonly onlySpace: boolean;
  readonly nul: boolean;
  readonly loneSurrogate: boolean;
}

const NOTHING_ODD: Oddities = { invisible: 0, replacement: 0, escapedControl: 0, edgeSpace: false, onlySpace: false, nul: false, loneSurrogate: false };

/** Counts what a reader would not see in a cell. */
export function oddities(text: string): Oddities {
  if (text === '' || (PLAIN_PROSE.test(text) && !text.includes('_x0'))) return NOTHING_ODD;
  const trimmed = text.trim();
  return {
    invisible: count(text, INVISIBLE),
    replacement: count(text, /\uFFFD/g),
    escapedControl: text.includes('_x0') ? count(text, ESCAPED_CONTROL) : 0,
    edgeSpace: trimmed.length !== text.length && trimmed !== '',
    onlySpace: trimmed === '',
    nul: text.includes('\u0000'),
    loneSurrogate: !text.isWellFormed(),
  };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/**
 * A list written inside a cell: a Python or JSON literal `['a', "b's"]`, read as data and never evaluated; otherwise the
 * text cut at the separators. Undefined when the cell begins like a literal but is not one.
 */
export function listOf(text: string, separators: readonly string[]): readonly string[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (/^[[(]/.test(trimmed) && /[\])]$/.test(trimmed)) return literalList(trimmed);
  let parts = [trimmed];
  for (const separator of separators) parts = parts.flatMap((part) => part.split(separator));
  return parts.map((part) => part.replace(/^[-*•·]\s+/, '').trim()).filter((part) => part !== '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', "'": "'", '"': '"', '\\': '\\' };

function literalList(text: string): readonly string[] | undefined {
  const items: string[] = [];
  let i = 1;
  const end = text.length - 1;
  const skipSpace = (): void => {
    while (i < end && /\s/.test(text.charAt(i))) i++;
  };
  for (skipSpace(); i < end; skipSpace()) {
    const quote = text.charAt(i);
    if (quote === "'" || quote === '"') {
      let item = '';
      for (i++; i < end && text.charAt(i) !== quote; i++) {
        if (text.charAt(i) === '\\' && i + 1 < end) {
          i++;
          item += ESCAPES[text.charAt(i)] ?? `\\${text.charAt(i)}`;
        } else item += text.charAt(i);
      }
      if (i >= end) return undefined;
      i++;
      items.push(item.trim());
    } else {
      const bare = /^[\w.+-]+/.exec(text.slice(i, end))?.[0];
      if (bare === undefined) return undefined;
      i += bare.length;
      if (bare !== 'None' && bare !== 'null') items.push(bare);
    }
    skipSpace();
    if (i < end && text.charAt(i) !== ',') return undefined;
    i++;
  }
  return items.filter((item) => item !== '');
}

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/u;
/** International numbers, and North American ones with an area code; dates, contract and case numbers do not look like these. */
const PHONE = /(?<![\w.,/-])(?:\+\d{1,3}[\s().-]{0,2}(?:\d[\s().-]{0,2}){7,11}\d|\(\d{3}\)\s?\d{3}[-.\s]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?![\w-])/;

/** Kinds of personal data that a cell seems to hold. The value itself is never repeated in a message. */
export function personalData(text: string): readonly ('email' | 'phone')[] {
  const found: ('email' | 'phone')[] = [];
  if (text.includes('@') && EMAIL.test(text)) found.push('email');
  if (text.length >= 10 && PHONE.test(text)) found.push('phone');
  return found;
}

/** Cells that a spreadsheet would run as a formula. They are stored as they are; exports neutralise them. Numbers are numbers. */
export function looksLikeFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,\s]+%?$/.test(text);
}
