/** Cursors of lists: where the next page begins, as opaque text that says nothing to people and survives an address. */

/** Longer texts are no cursors of ours. */
const CURSOR_LENGTH_MAX = 400;

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** The parts as they were encoded; undefined for anything that is not a list in this form. Whoever reads them checks each. */
export function decodeCursor(text: string): readonly unknown[] | undefined {
  if (text.length > CURSOR_LENGTH_MAX) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}
