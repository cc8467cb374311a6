/** Narrows the entries of a pack to those a reviewer wants to see, and finds the next one. */

import type { Language } from '../../../base/index.ts';
import { foldLetters } from '../../../platform/text/index.ts';
import { authorityOf, citationsOf, type Entry, type EntryKind, evidenceOf, localisedIn } from './entries.ts';
import type { ReviewState } from './review-state.ts';

export interface ReviewFilter {
  readonly q: string;
  readonly state: readonly string[];
  readonly kind: readonly string[];
  readonly file: readonly string[];
  readonly evidence: readonly string[];
  readonly authority: readonly string[];
}

export interface Reviewed {
  readonly entry: Entry;
  readonly state: ReviewState;
  /** Somebody wrote a remark or a proposal. */
  readonly isRemarked: boolean;
  /** What it rests on says something else than when a standing verdict was given. */
  readonly restsChanged: readonly object[];
}

/** The state filter knows two more words: `remarked` and `rests-changed`. */
export function matches(row: Reviewed, filter: ReviewFilter, language: Language): boolean {
  const { entry } = row;
  const among = (chosen: readonly string[], values: readonly string[]): boolean => chosen.length === 0 || values.some((value) => chosen.includes(value));
  return (
    among(filter.state, [row.state, ...(row.isRemarked ? ['remarked'] : []), ...(row.restsChanged.length > 0 ? ['rests-changed'] : [])]) &&
    among(filter.kind, [entry.kind]) &&
    among(filter.file, [entry.file]) &&
    among(filter.evidence, evidenceOf(entry)) &&
    among(filter.authority, [authorityOf(entry) ?? '']) &&
    isFound(entry, filter.q, language)
  );
}

function isFound(entry: Entry, q: string, language: Language): boolean {
  const words = foldLetters(q).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = foldLetters([entry.id, ...citationsOf(entry).map((cite) => cite.article), ...localisedIn(entry.data).map(({ text: one }) => one[language] ?? '')].join(' '));
  return words.every((word) => text.includes(word));
}

/** The rows before and after one, of those that match; the row itself need not match (a verdict may just have changed its state). */
export function neighbours<R extends Reviewed>(rows: readonly R[], kind: EntryKind, id: string, filter: ReviewFilter, language: Language): { readonly previous: R | undefined; readonly next: R | undefined; readonly position: number; readonly matching: number } {
  const at = rows.findIndex((row) => row.entry.kind === kind && row.entry.id === id);
  let previous: R | undefined;
  let next: R | undefined;
  let [before, matching] = [0, 0];
  rows.forEach((row, index) => {
    if (!matches(row, filter, language)) return;
    matching++;
    if (index < at) {
      previous = row;
      before++;
    } else if (index > at) next ??= row;
  });
  return { previous, next, position: before + 1, matching };
}
