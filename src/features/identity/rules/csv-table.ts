/** Lists as CSV: a head and rows as spreadsheets expect them, in UTF-8 with a byte order mark. */

import { csvField } from '../../../base/index.ts';

/** RFC 4180. What a spreadsheet could run as a formula gets an apostrophe before it. */
export function csvTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\u{feff}${[head, ...rows].map((cells) => cells.map(csvField).join(',')).join('\r\n')}\r\n`;
}
