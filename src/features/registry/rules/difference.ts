/** What differs between two records, field by field, with long texts compared word by word. */

import { canonical, type Json } from '../../../base/index.ts';
import { ALL_FIELDS } from '../fields.ts';
import { type SystemRecord, valueOf } from '../model.ts';

export interface Piece {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

export interface FieldDifference {
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** Word by word; joined without the added ones it is `before`, without the removed ones `after`. */
  readonly pieces: readonly Piece[];
}

/** Longer texts are shown as one whole beside the other: the table of the comparison grows with the product of their lengths. */
export const WORDS_COMPARED_MAX = 1_500;

/** A value as people read it: one line per item of a list. */
export function readable(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' && item !== null ? Object.values(item as Record<string, string>).join(' · ') : String(item))).join('\n');
  return JSON.stringify(value);
}

/** Differing fields in the order of the form; verbatim source columns last, as one field `sourceColumns`. */
export function difference(before: SystemRecord, after: SystemRecord): readonly FieldDifference[] {
  return [...ALL_FIELDS.map((field) => field.key), 'sourceColumns'].flatMap((key) => {
    const [was, is] = [valueOf(before, key), valueOf(after, key)];
    if (isSame(was, is)) return [];
    const [from, to] = key === 'sourceColumns' ? [cells(before), cells(after)] : [readable(was), readable(is)];
    return [{ key, before: from, after: to, pieces: compareWords(from, to) }];
  });
}

function cells(record: SystemRecord): string {
  return (record.sourceColumns ?? []).map((column) => `${column.name}: ${column.value}`).join('\n');
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonical(a as Json) === canonical(b as Json);
}

/** The shortest edit by words and the white space between them. */
export function compareWords(before: string, after: string): readonly Piece[] {
  const a = before.match(/\s+|[^\s]+/g) ?? [];
  const b = after.match(/\s+|[^\s]+/g) ?? [];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middleA = a.slice(head, a.length - tail);
  const middleB = b.slice(head, b.length - tail);
  const middle: Piece[] =
    middleA.length > WORDS_COMPARED_MAX || middleB.length > WORDS_COMPARED_MAX
      ? [piece('removed', middleA), piece('added', middleB)]
      : compareMiddle(middleA, middleB);
  return merged([piece('same', a.slice(0, head)), ...middle, piece('same', a.slice(a.length - tail))]);
}

function piece(kind: Piece['kind'], words: readonly string[]): Piece {
  return { kind, text: words.join('') };
}

/** Longest common subsequence, by the table; both sides are bounded by WORDS_COMPARED_MAX. */
function compareMiddle(a: readonly string[], b: readonly string[]): Piece[] {
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? (longest[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: 'same', text: a[i] ?? '' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))) {
      pieces.push({ kind: 'removed', text: a[i++] ?? '' });
    } else {
      pieces.push({ kind: 'added', text: b[j++] ?? '' });
    }
  }
  return pieces;
}

function merged(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const one of pieces) {
    const last = result.at(-1);
    if (one.text === '') continue;
    if (last?.kind === one.kind) result[result.length - 1] = { kind: last.kind, text: last.text + one.text };
    else result.push(one);
  }
  return result;
}
