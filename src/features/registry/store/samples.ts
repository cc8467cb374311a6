/** Removes the sample data: the only place of the registry that erases anything. */

import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { Differences } from './counts.ts';
import { facetsOf, type Standing, STANDING_COLUMNS } from './save.ts';

export async function removeSamples(tx: Tx): Promise<number> {
  const { rows } = await sql<Standing>`select ${STANDING_COLUMNS} from registry_systems s where s.sample for update`.execute(tx);
  const differences = new Differences();
  for (const row of rows) differences.remove({ isPublic: row.is_public, facets: facetsOf(row) });
  await sql`delete from registry_attachments where system_id in (select id from registry_systems where sample)`.execute(tx);
  await sql`delete from registry_revisions where system_id in (select id from registry_systems where sample)`.execute(tx);
  await sql`delete from registry_systems where sample`.execute(tx);
  await sql`delete from registry_products p where not exists (select 1 from registry_systems s where s.product_id = p.id)
    and not exists (select 1 from registry_revisions r where r.product_id = p.id)`.execute(tx);
  await sql`delete from registry_bodies b where not exists (select 1 from registry_systems s where s.body_id = b.id)
    and not exists (select 1 from registry_revisions r where r.body_id = b.id)`.execute(tx);
  await differences.save(tx);
  return rows.length;
}
