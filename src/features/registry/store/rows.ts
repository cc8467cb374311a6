/** Rows of the database as entries and revisions. */

import { sql, type RawBuilder } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Db, Tx } from '../../../platform/db/index.ts';
import type { Revision, RevisionKind, Status, SystemEntry, SystemRecord } from '../model.ts';

/** A connection or a transaction. */
export type Access = Db | Tx;

export interface EntryRow {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly status: Status;
  readonly is_public: boolean;
  readonly record: SystemRecord;
  readonly body_id: string;
  readonly body_name: string;
  readonly product_id: string | null;
  readonly product_name: string | null;
  readonly sample: boolean;
  readonly source_profile: string | null;
  readonly source_key: string | null;
  readonly headline: string | null;
  readonly stakes: number | null;
  readonly open: number | null;
  readonly sha256: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly registered_at: string | null;
  readonly organisation_id: string | null;
}

/** `select … from` of entries; callers add their conditions on `s`. */
export const SELECT_ENTRIES: RawBuilder<EntryRow> = sql`select s.id, s.number, s.revision, s.status, s.is_public, r.record, s.body_id, b.name as body_name,
  s.product_id, p.name as product_name, s.sample, s.source_profile, s.source_key, s.headline, s.stakes, s.open, s.sha256,
  s.created_at, s.updated_at, s.registered_at, s.organisation_id
  from registry_systems s
  join registry_revisions r on r.system_id = s.id and r.revision = s.revision
  join registry_bodies b on b.id = s.body_id
  left join registry_products p on p.id = s.product_id`;

export function entryOf(row: EntryRow): SystemEntry {
  return {
    id: row.id,
    number: row.number,
    revision: row.revision,
    status: row.status,
    record: row.record,
    body: { id: row.body_id, name: row.body_name },
    ...(row.product_id === null || row.product_name === null ? {} : { product: { id: row.product_id, name: row.product_name } }),
    sample: row.sample,
    ...(row.source_profile === null || row.source_key === null ? {} : { source: { profile: row.source_profile, key: row.source_key } }),
    ...(row.headline === null ? {} : { summary: { headline: row.headline, stakes: row.stakes ?? 0, open: row.open ?? 0 } }),
    sha256: row.sha256,
    createdAt: row.created_at as Instant,
    updatedAt: row.updated_at as Instant,
    ...(row.organisation_id === null ? {} : { organisationId: row.organisation_id }),
    ...(row.registered_at === null ? {} : { registeredAt: row.registered_at as Instant }),
  };
}

export interface RevisionRow {
  readonly revision: number;
  readonly kind: RevisionKind;
  readonly status: Status;
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly sha256: string;
}

export function revisionOf(row: RevisionRow): Revision {
  return { revision: row.revision, kind: row.kind, status: row.status, at: row.at as Instant, actor: row.actor, reason: row.reason, sha256: row.sha256 };
}

/** `(a, b, c)` of plain values. */
export function valueList(values: readonly unknown[]): RawBuilder<unknown> {
  return sql`(${sql.join(values.map((value) => sql`${value}`))})`;
}
