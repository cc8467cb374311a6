/** The addresses of the review pages: which pack, who reviews, and what is shown stay in the address from page to page. */

import type { ReviewFilter } from '../rules/review-filter.ts';

export interface ReviewView {
  /** Id of a pack (the version in force) or digest of a version. */
  readonly ref: string;
  /** The review begun earlier. */
  readonly as: string;
  /** Whose verdicts count (`name, licence`); empty: everybody's. */
  readonly reviewer: string;
  readonly filter: ReviewFilter;
}

export const EMPTY_FILTER: ReviewFilter = { q: '', state: [], kind: [], file: [], evidence: [], authority: [] };

/** The query of a view, with parts changed; `q` and filters that are empty are left out. */
export function viewQuery(view: ReviewView, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams();
  if (view.as !== '') query.set('as', view.as);
  if (view.reviewer !== '') query.set('reviewer', view.reviewer);
  if (view.filter.q !== '') query.set('q', view.filter.q);
  for (const name of ['state', 'kind', 'evidence', 'authority', 'file'] as const) for (const value of view.filter[name]) query.append(name, value);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

export function listHref(view: ReviewView, more?: Readonly<Record<string, string>>): string {
  return `/lawdesk/review/${view.ref}${viewQuery(view, more)}`;
}

export function entryHref(view: ReviewView, kind: string, id: string): string {
  return `/lawdesk/review/${view.ref}/${kind}/${encodeURIComponent(id)}${viewQuery(view)}`;
}
