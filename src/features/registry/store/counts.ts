/** Counters of the facets: every write adds rows of differences, reading sums them, and now and then they are added up. */

import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { type Facet, FACETS } from '../model.ts';
import type { FacetValues } from '../rules/search-words.ts';
import { forgetCounts } from './remembered.ts';
import type { Access } from './rows.ts';

/** Facet values listed at most; the rest is found by the search. */
export const FACET_VALUES_MAX = 12;
/** Difference rows written by this process before it adds them up. */
const DIFFERENCES_MAX = 2_000;

export type Audience = 'public' | 'workspace';

interface Counted {
  readonly isPublic: boolean;
  readonly facets: FacetValues;
}

/** Collects what a batch changes, so that one statement stores it. Owned by one call; never shared. */
export class Differences {
  readonly #sums = new Map<string, number>();

  add(entry: Counted): void {
    this.#count(entry, 1);
  }

  remove(entry: Counted): void {
    this.#count(entry, -1);
  }

  async save(tx: Tx): Promise<void> {
    const rows = [...this.#sums].filter(([, n]) => n !== 0).map(([key, n]) => [...(JSON.parse(key) as string[]), n]);
    if (rows.length === 0) return;
    await sql`insert into registry_counts (audience, facet, value, n)
      select x->>0, x->>1, x->>2, (x->>3)::int from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) x`.execute(tx);
    written += rows.length;
    forgetCounts();
  }

  #count(entry: Counted, by: number): void {
    for (const audience of entry.isPublic ? (['workspace', 'public'] as const) : (['workspace'] as const)) {
      this.#bump(audience, 'all', '', by);
      for (const facet of FACETS) {
        const value = entry.facets[facet];
        if (value !== undefined) this.#bump(audience, facet, value, by);
      }
    }
  }

  #bump(audience: Audience, facet: string, value: string, by: number): void {
    const key = JSON.stringify([audience, facet, value]);
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + by);
  }
}

/** Rows written by this process since it last added up; only a trigger for tidying, so it may be forgotten at a restart. */
let written = 0;

/** True once enough was written by this process that adding up is worth its while; asking starts the next count. */
export function isUntidy(): boolean {
  if (written < DIFFERENCES_MAX) return false;
  written = 0;
  return true;
}

export async function addUpCounts(db: Access): Promise<void> {
  // Two at once are safe: the second finds the rows deleted by the first and adds up what is left.
  await sql`with gone as (delete from registry_counts returning audience, facet, value, n)
    insert into registry_counts (audience, facet, value, n)
    select audience, facet, value, sum(n)::int from gone group by 1, 2, 3 having sum(n) <> 0`.execute(db);
}

export async function countAll(db: Access, audience: Audience): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coalesce(sum(n), 0)::int as n from registry_counts where audience = ${audience} and facet = 'all'`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The exact number of entries that have any of `values`. */
export async function countOf(db: Access, audience: Audience, facet: Facet, values: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coalesce(sum(n), 0)::int as n from registry_counts
    where audience = ${audience} and facet = ${facet} and value in (${sql.join(values)})`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The largest values of every facet with their exact counts. */
export async function countFacets(db: Access, audience: Audience): Promise<ReadonlyMap<Facet, readonly { value: string; count: number }[]>> {
  const { rows } = await sql<{ facet: Facet; value: string; n: number }>`select facet, value, n from (
      select facet, value, n, row_number() over (partition by facet order by n desc, value) as place from (
        select facet, value, sum(n)::int as n from registry_counts where audience = ${audience} and facet <> 'all' group by 1, 2
      ) sums where n > 0
    ) placed where place <= ${FACET_VALUES_MAX} order by facet, place`.execute(db);
  const result = new Map<Facet, { value: string; count: number }[]>();
  for (const row of rows) result.set(row.facet, [...(result.get(row.facet) ?? []), { value: row.value, count: row.n }]);
  return result;
}
