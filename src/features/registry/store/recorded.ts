/** What the public has to learn of changes: entries that stand in the register, or stood there until now. */

import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Change, RevisionKind, Status } from '../model.ts';

/** One change of a published entry. Names no person and repeats no field: the digest says which content it is. */
export interface PublicChange {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly kind: RevisionKind;
  readonly status: Status;
  /** SHA-256 of the canonical record, in hexadecimal. */
  readonly sha256: string;
}

/** In the order of numbers. Drafts and sample data are nobody's business. */
export async function publicChanges(tx: Tx, changes: readonly Change[]): Promise<readonly PublicChange[]> {
  if (changes.length === 0) return [];
  const given = JSON.stringify(changes.map(({ id, revision }) => ({ id, revision })));
  const { rows } = await sql<PublicChange>`
    select s.id, s.number, r.revision, r.kind, r.status, r.sha256
    from jsonb_to_recordset(${given}::jsonb) as x(id uuid, revision int)
    join registry_systems s on s.id = x.id
    join registry_revisions r on r.system_id = x.id and r.revision = x.revision
    where not s.sample and (r.is_public or exists (select 1 from registry_revisions b where b.system_id = x.id and b.revision = x.revision - 1 and b.is_public))
    order by s.number`.execute(tx);
  return rows;
}
