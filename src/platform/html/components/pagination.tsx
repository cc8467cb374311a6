/** Previous and next of a list in pages. Pages have no numbers: a cursor costs the same however far one goes. */

import type { ComponentChildren, VNode } from 'preact';
import { useText } from './language.ts';

export interface PaginationProps {
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
  /** E.g. "50 of 1,757 systems". */
  readonly summary?: ComponentChildren | undefined;
  /** What is paged, said to screen readers when a page has two lists. */
  readonly label?: string | undefined;
}

export function Pagination({ previous, next, summary, label }: PaginationProps): VNode | null {
  const t = useText();
  if (previous === undefined && next === undefined && summary === undefined) return null;
  return (
    <nav class="pagination" aria-label={label ?? t('pagination.label')}>
      {previous === undefined ? <span /> : (
        <a class="pagination__link" href={previous} rel="prev">
          <span class="arrow arrow--back" aria-hidden="true" />
          {t('pagination.previous')}
        </a>
      )}
      {summary === undefined ? <span /> : <p class="pagination__summary">{summary}</p>}
      {next === undefined ? <span /> : (
        <a class="pagination__link pagination__link--next" href={next} rel="next">
          {t('pagination.next')}
          <span class="arrow" aria-hidden="true" />
        </a>
      )}
    </nav>
  );
}
