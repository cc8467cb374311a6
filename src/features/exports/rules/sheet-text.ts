/** How a worksheet stores characters that XML cannot say or would change: as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). */

/** Control characters and the carriage return, which XML readers turn into a line feed. */
// oxlint-disable-next-line no-control-regex -- these are the characters to be written differently
const UNSAYABLE = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g;
/** A text that already looks like such an escape gets its underscore escaped, else reading would change it. */
const LOOKS_ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)/g;

export function sheetText(text: string): string {
  return text.replaceAll(LOOKS_ESCAPED, '_x005F_').replaceAll(UNSAYABLE, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}
