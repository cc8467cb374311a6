/** The query of a list, as programs and forms send it: `q`, `limit`, `after`, `order` and the facets. */

import { z } from 'zod';
import { type Language, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import { REFUSAL_STATUS, problemText, refusalText } from '../actions/refusal-text.ts';
import type { RegistryRefusal } from '../actions/refusals.ts';
import { FACETS, type FacetFilter, type ListQuery } from '../model.ts';

const VALUES_MAX = 50;
const many = z.union([z.string().max(300), z.array(z.string().max(300)).max(VALUES_MAX)]).optional();

export const listQuerySchema = z.object({
  q: z.string().max(1_000).optional().meta({ description: 'Words; all must be in the entry. Capitals, accents and Azerbaijani letters do not matter.' }),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT).meta({ description: 'Rows a page.' }),
  after: z.string().max(200).optional().meta({ description: 'The `next` or `previous` of another page of the same list.' }),
  order: z.enum(['relevance', 'latest', 'stakes', '']).optional().meta({ description: 'relevance: words in the name first. latest: newest first. stakes: of the assessment, highest first.' }),
  status: many.meta({ description: 'draft, submitted, registered or withdrawn; repeat for several.' }),
  body: many.meta({ description: 'Ids of bodies.' }),
  sector: many.meta({ description: 'Sectors.' }),
  phase: many.meta({ description: 'Phases of life.' }),
  source: many.meta({ description: 'Mapping profiles of imports.' }),
  headline: many.meta({ description: 'Headline labels of the assessment.' }),
  lang: z.string().max(10).optional().meta({ description: 'az, en or ru.' }),
});
export type ListQueryText = z.infer<typeof listQuerySchema>;

export function facetsOf(query: ListQueryText): FacetFilter {
  return Object.fromEntries(FACETS.flatMap((facet) => {
    const value = query[facet];
    const values = (value === undefined ? [] : Array.isArray(value) ? value : [value]).filter((one) => one !== '');
    return values.length === 0 ? [] : [[facet, values]];
  }));
}

export function listQueryOf(query: ListQueryText): ListQuery {
  return {
    limit: query.limit,
    facets: facetsOf(query),
    ...(query.q === undefined ? {} : { q: query.q }),
    ...(query.after === undefined ? {} : { after: query.after }),
    ...(query.order === undefined || query.order === '' ? {} : { order: query.order }),
  };
}

/** The query as a link: the same list with other parts. */
export function listHref(path: string, query: ListQueryText, change: Partial<Record<'after' | 'order' | 'q', string | undefined>> = {}, without: readonly string[] = []): string {
  const parts = new URLSearchParams();
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') parts.append(name, value);
  };
  put('q', 'q' in change ? change.q : query.q);
  put('order', 'order' in change ? change.order : query.order);
  for (const [facet, values] of Object.entries(facetsOf(query))) if (!without.includes(facet)) for (const value of values) put(facet, value);
  if (query.limit !== PAGE_ROWS_DEFAULT) put('limit', String(query.limit));
  put('after', change.after);
  return parts.size === 0 ? path : `${path}?${parts.toString()}`;
}

/** A refusal on its way to a program or an error page. */
export function refused(refusal: RegistryRefusal, language: Language): Refused {
  const errors =
    refusal.code === 'invalid'
      ? refusal.problems.map((problem) => ({ path: problem.path, message: problemText(problem, language) }))
      : refusal.code === 'incomplete'
        ? refusal.missing.map((key) => ({ path: key, message: problemText({ path: key, code: 'required' }, language) }))
        : undefined;
  return new Refused(refusal.code, refusalText(refusal, language), { status: REFUSAL_STATUS[refusal.code], ...(errors === undefined ? {} : { errors }) });
}
