/** Finds the header row and gives every column a name of its own. */

import { COLUMNS_MAX, HEADER_CHARS_MAX, HEADER_SEARCH_ROWS_MAX } from '../model/limits.ts';
import { UnreadableFile } from '../model/refusal.ts';
import { comparable } from './cells.ts';

/** A title above the table fills a cell or two; a header row fills most. */
const FILLED_SHARE = 0.6;

/**
 * Place (0-based) of the header row among the first rows: the one that holds most of the expected names, else the first
 * that fills at least three fifths of the commonest width. -1 when no row holds an expected name although some are expected.
 */
export function findHeader(rows: readonly (readonly string[])[], expected: readonly string[]): number {
  const head = rows.slice(0, HEADER_SEARCH_ROWS_MAX);
  if (expected.length > 0) {
    const wanted = new Set(expected.map((name) => comparable(name)));
    const hits = head.map((cells) => new Set(cells.map((cell) => comparable(cell)).filter((cell) => wanted.has(cell))).size);
    const most = Math.max(0, ...hits);
    return most === 0 ? -1 : hits.indexOf(most);
  }
  const width = commonestWidth(head);
  const found = head.findIndex((cells) => filled(cells) >= Math.max(1, Math.ceil(width * FILLED_SHARE)));
  return Math.max(0, found);
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

function commonestWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const cells of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}

/** `x`, `x (2)`; a blank name becomes `column N`. Edge spaces stay: the name as written is part of the file. */
export function uniqueNames(written: readonly string[]): string[] {
  if (written.length > COLUMNS_MAX) throw new UnreadableFile('too-many-columns', { line: 1, max: COLUMNS_MAX });
  const taken = new Set<string>();
  return written.map((name, index) => {
    const base = name.trim() === '' ? `column ${index + 1}` : name.slice(0, HEADER_CHARS_MAX);
    let unique = base;
    for (let n = 2; taken.has(unique); n++) unique = `${base} (${n})`;
    taken.add(unique);
    return unique;
  });
}

export function columnNames(width: number): string[] {
  return uniqueNames(Array.from({ length: width }, () => ''));
}
