/** The assessment's summary of each system, in columns, so that lists can filter and order by it. */

import { sql } from 'kysely';
import { assert } from '../../../base/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Summary } from '../model.ts';
import { filterWord } from '../rules/search-words.ts';
import { Differences } from './counts.ts';
import { facetsOf, type Standing, STANDING_COLUMNS } from './save.ts';

export const SUMMARIES_MAX = 5_000;

export interface SummaryRow extends Summary {
  readonly systemId: string;
}

/** Writes many at once; systems that do not exist are passed over. A summary is no revision: it is computed, not told. */
export async function saveSummaries(tx: Tx, summaries: readonly SummaryRow[]): Promise<void> {
  assert(summaries.length <= SUMMARIES_MAX, `at most ${SUMMARIES_MAX} summaries at once`);
  if (summaries.length === 0) return;
  const text = JSON.stringify(summaries.map((one) => ({ id: one.systemId, headline: one.headline, stakes: one.stakes, open: one.open, word: filterWord('headline', one.headline) })));
  const { rows: standing } = await sql<Standing>`select ${STANDING_COLUMNS} from registry_systems s
    where s.id in (select x.id from jsonb_to_recordset(${text}::jsonb) as x(id uuid)) order by s.id for update`.execute(tx);
  await sql`update registry_systems s set headline = x.headline, stakes = x.stakes, open = x.open,
      words = case when s.headline is not distinct from x.headline then s.words
        else ts_delete(s.words, '=headline:' || replace(coalesce(s.headline, ''), ' ', '_')) || array_to_tsvector(array[x.word]) end
    from jsonb_to_recordset(${text}::jsonb) as x(id uuid, headline text, stakes int, open int, word text)
    where s.id = x.id and (s.headline, s.stakes, s.open) is distinct from (x.headline, x.stakes, x.open)`.execute(tx);
  const next = new Map(summaries.map((one) => [one.systemId, one.headline]));
  const differences = new Differences();
  for (const row of standing) {
    const headline = next.get(row.id) ?? null;
    if (headline === row.headline) continue;
    differences.remove({ isPublic: row.is_public, facets: facetsOf(row) });
    differences.add({ isPublic: row.is_public, facets: facetsOf({ ...row, headline }) });
  }
  await differences.save(tx);
}
