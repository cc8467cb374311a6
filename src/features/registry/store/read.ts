/** Reads entries as they stand, as they stood, and their revisions. */

import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Revision, Status, SystemEntry, SystemRecord } from '../model.ts';
import { type Access, type EntryRow, entryOf, type RevisionRow, revisionOf, SELECT_ENTRIES, valueList } from './rows.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Entries read by id in one statement. */
export const ENTRIES_MAX = 1_000;

export function isId(text: string): boolean {
  return UUID.test(text);
}

export interface EntryState {
  readonly entry: SystemEntry;
  readonly isPublic: boolean;
}

export async function readEntry(access: Access, id: string): Promise<EntryState | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await sql<EntryRow>`${SELECT_ENTRIES} where s.id = ${id}`.execute(access);
  return rows[0] === undefined ? undefined : { entry: entryOf(rows[0]), isPublic: rows[0].is_public };
}

/** Entries by id, in no particular order; ids that do not exist are passed over. At most ENTRIES_MAX at once. */
export async function readEntries(access: Access, ids: readonly string[]): Promise<readonly EntryState[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<EntryRow>`${SELECT_ENTRIES} where s.id in (select x::uuid from jsonb_array_elements_text(${JSON.stringify(ids.slice(0, ENTRIES_MAX))}::jsonb) x)`.execute(access);
  return rows.map((row) => ({ entry: entryOf(row), isPublic: row.is_public }));
}

/** Entries by number, in the order asked. */
export async function readEntriesByNumber(access: Access, numbers: readonly number[]): Promise<readonly SystemEntry[]> {
  if (numbers.length === 0) return [];
  const { rows } = await sql<EntryRow>`${SELECT_ENTRIES} where s.number in ${valueList(numbers)}`.execute(access);
  const byNumber = new Map(rows.map((row) => [row.number, entryOf(row)]));
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

export async function readEntryByNumber(access: Access, number: number): Promise<EntryState | undefined> {
  const { rows } = await sql<EntryRow>`${SELECT_ENTRIES} where s.number = ${number}`.execute(access);
  return rows[0] === undefined ? undefined : { entry: entryOf(rows[0]), isPublic: rows[0].is_public };
}

export interface RevisionState {
  readonly revision: Revision;
  readonly record: SystemRecord;
  readonly isPublic: boolean;
  readonly bodyName: string;
  readonly bodyId: string;
  readonly productId: string | undefined;
}

interface FullRevisionRow extends RevisionRow {
  readonly record: SystemRecord;
  readonly is_public: boolean;
  readonly body_id: string;
  readonly body_name: string;
  readonly product_id: string | null;
}

const REVISION_COLUMNS = sql`r.revision, r.kind, r.status, r.at, r.actor, r.reason, r.sha256`;
/** An entry may have changed hands: the body that an earlier revision names is then perhaps not the reader's to see, its name in the record is. */
const BODY_NAME = sql`coalesce(b.name, r.record->>'organisation') as body_name`;

function stateOf(row: FullRevisionRow): RevisionState {
  return { revision: revisionOf(row), record: row.record, isPublic: row.is_public, bodyId: row.body_id, bodyName: row.body_name, productId: row.product_id ?? undefined };
}

export async function readRevision(access: Access, id: string, revision: number): Promise<RevisionState | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await sql<FullRevisionRow>`select ${REVISION_COLUMNS}, r.record, r.is_public, r.body_id, r.product_id, ${BODY_NAME}
    from registry_revisions r left join registry_bodies b on b.id = r.body_id where r.system_id = ${id} and r.revision = ${revision}`.execute(access);
  return rows[0] === undefined ? undefined : stateOf(rows[0]);
}

/** The revision that stood at `at`: the last one written at or before it. */
export async function readRevisionAt(access: Access, id: string, at: Instant): Promise<RevisionState | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await sql<FullRevisionRow>`select ${REVISION_COLUMNS}, r.record, r.is_public, r.body_id, r.product_id, ${BODY_NAME}
    from registry_revisions r left join registry_bodies b on b.id = r.body_id
    where r.system_id = ${id} and r.at <= ${at}::timestamptz order by r.revision desc limit 1`.execute(access);
  return rows[0] === undefined ? undefined : stateOf(rows[0]);
}

/** Newest first, `limit` revisions before `before` (exclusive). */
export async function readHistory(access: Access, id: string, publicOnly: boolean, before: number, limit: number): Promise<readonly Revision[]> {
  if (!UUID.test(id)) return [];
  const { rows } = await sql<RevisionRow>`select ${REVISION_COLUMNS} from registry_revisions r
    where r.system_id = ${id} and r.revision < ${before} and (r.is_public or not ${publicOnly}::boolean) order by r.revision desc limit ${limit}`.execute(access);
  return rows.map(revisionOf);
}

export const DEPLOYMENTS_MAX = 50;

export interface Deployment {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly body: { readonly id: string; readonly name: string };
  readonly status: Status;
}

/** What an entry is likened by. */
interface Likeness {
  readonly id: string;
  readonly product_id: string | null;
  readonly product_key: string;
  readonly body_id: string;
}

export async function readLikeness(access: Access, id: string): Promise<Likeness | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await sql<Likeness>`select id, product_id, product_key, body_id from registry_systems where id = ${id}`.execute(access);
  return rows[0];
}

/** Other deployments of the same product (linked), or entries of other bodies with the same name and provider (likely, to be confirmed by a person). */
export async function readDeployments(access: Access, me: Likeness, publicOnly: boolean): Promise<{ readonly linked: readonly Deployment[]; readonly likely: readonly Deployment[] }> {
  const { rows } = await sql<{ id: string; number: number; name: string; body_id: string; body_name: string; status: Status; is_linked: boolean }>`
    with others as (
      (select o.id, true as is_linked from registry_systems o where o.product_id = ${me.product_id}::uuid and o.id <> ${me.id}::uuid and (o.is_public or not ${publicOnly}::boolean) limit ${DEPLOYMENTS_MAX})
      union all
      (select o.id, false from registry_systems o where o.product_key = ${me.product_key} and o.body_id <> ${me.body_id}::uuid
        and o.product_id is distinct from coalesce(${me.product_id}::uuid, '00000000-0000-0000-0000-000000000000'::uuid) and (o.is_public or not ${publicOnly}::boolean) limit ${DEPLOYMENTS_MAX})
    )
    select o.id, o.number, o.name, o.body_id, b.name as body_name, o.status, others.is_linked
    from others join registry_systems o on o.id = others.id join registry_bodies b on b.id = o.body_id order by b.name, o.number`.execute(access);
  const deployments = rows.map((row) => ({ linked: row.is_linked, value: { id: row.id, number: row.number, name: row.name, body: { id: row.body_id, name: row.body_name }, status: row.status } }));
  return { linked: deployments.filter((one) => one.linked).map((one) => one.value), likely: deployments.filter((one) => !one.linked).map((one) => one.value) };
}

export async function readBodyNames(access: Access, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const real = ids.filter((id) => UUID.test(id));
  if (real.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from registry_bodies where id in ${valueList(real)}`.execute(access);
  return new Map(rows.map((row) => [row.id, row.name]));
}
