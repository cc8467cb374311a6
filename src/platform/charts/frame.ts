/** The two sizes charts are drawn in, and breaking names into lines by letters, since a server cannot measure fonts. */

export interface Frame {
  /** Units of the drawing; close to CSS pixels at the usual size of the window. */
  readonly width: number;
  readonly height: number;
  /** Room for the name of a category beside a bar. */
  readonly labelLetters: number;
  /** Letters in a line across the whole drawing. */
  readonly lineLetters: number;
  /** Width of an average letter at the size of chart text. */
  readonly letterPx: number;
  readonly ticks: number;
  /** Dates are longer than numbers. */
  readonly dateTicks: number;
}

export const WIDE: Frame = { width: 720, height: 320, labelLetters: 30, lineLetters: 90, letterPx: 7.6, ticks: 7, dateTicks: 6 };
export const NARROW: Frame = { width: 340, height: 260, labelLetters: 14, lineLetters: 42, letterPx: 7.6, ticks: 4, dateTicks: 3 };

const LINES_MAX = 3;

/** At most three lines; what does not fit ends in an ellipsis (the table beside the chart has the full name). */
export function linesOf(label: string, letters: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of label.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > letters) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  const kept = lines.slice(0, LINES_MAX).map((one) => (one.length > letters + 4 ? `${one.slice(0, letters + 3)}…` : one));
  if (lines.length > LINES_MAX) kept[LINES_MAX - 1] = `${kept[LINES_MAX - 1]} …`;
  return kept;
}
