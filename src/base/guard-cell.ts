/** Keeps spreadsheet programs from running a cell as a formula, so that the guard can be taken off again exactly. */

/** What a spreadsheet may run: OWASP "CSV injection". */
const RUNNABLE = /^[=+\-@\t\r]/;
/** A text that already looks guarded gets one guard more, else reading back would take away a character of its own. */
const LOOKS_GUARDED = /^'[=+\-@\t\r']/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/** Puts an apostrophe before what could run; plain numbers stay numbers. Stored values are never touched. */
export function guardCell(cell: string): string {
  return (RUNNABLE.test(cell) && !NUMBER.test(cell)) || LOOKS_GUARDED.test(cell) ? `'${cell}` : cell;
}

/** The exact inverse of guardCell. */
export function unguardCell(cell: string): string {
  return LOOKS_GUARDED.test(cell) ? cell.slice(1) : cell;
}

/** A CSV field after RFC 4180: quoted where needed, quotes doubled. */
export function csvField(cell: string): string {
  const guarded = guardCell(cell);
  return /[",\r\n]/.test(guarded) || /^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
