/** Takes rows of another register over: set-based, keyed by source, each change a revision, nothing edited here overwritten. */

import { sql } from 'kysely';
import { Fault, type Instant } from '../../../base/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Change, Status, SystemRecord } from '../model.ts';
import { insertSystems, productKeyOf, resolveProducts, reviseSystems, type Standing, STANDING_COLUMNS, writeRecord } from './save.ts';

export const BATCH_ROWS_MAX = 1_000;
const BATCH_CHARACTERS_MAX = 8_000_000;
const PENDING_KILOBYTES = '65536';
/** Merging takes as much at once as this memory holds. */
const MERGE_MEMORY = '64MB';

/** One row of a source, already parsed. `key` names it within its source for ever. */
export interface ImportRow {
  readonly key: string;
  readonly record: SystemRecord;
  /** The product this is a deployment of, when the import found the same one at several bodies. */
  readonly product?: { readonly name: string; readonly provider: string };
}

export interface ImportOptions {
  /** Mapping profile, e.g. `us-federal-2024`. */
  readonly source: string;
  readonly reason: string;
  /** Entries of published registers arrive `registered`; a body's own list may arrive as `draft`. */
  readonly status: Status;
  readonly sample: boolean;
  /** What happens to an entry that people edited here and whose source changed: keep their version (default) or take the source's. */
  readonly onEdited: 'keep' | 'replace';
}

/** edited-here: the source changed, but people edited the entry here; their version stands. */
export type ImportOutcome = 'added' | 'changed' | 'unchanged' | 'edited-here';

export interface ImportedRow {
  readonly key: string;
  readonly outcome: ImportOutcome;
  readonly id: string;
}

export interface ImportResult {
  readonly rows: readonly ImportedRow[];
  /** To be announced after the transaction is committed. */
  readonly changes: readonly Change[];
}

interface KnownRow extends Standing {
  readonly source_key: string;
  readonly sha256: string;
  readonly source_sha256: string | null;
  readonly last_kind: string;
}

export async function importRows(tx: Tx, rows: readonly ImportRow[], options: ImportOptions, at: Instant, actor: string): Promise<ImportResult> {
  // Merging the index of words in larger portions is half the work; what is left over is merged by `tidy` after the commit.
  await sql`select set_config('gin_pending_list_limit', ${PENDING_KILOBYTES}, true), set_config('work_mem', ${MERGE_MEMORY}, true)`.execute(tx);
  const results: ImportedRow[] = [];
  const changes: Change[] = [];
  for (const batch of batchesOf(rows)) {
    const done = await importBatch(tx, batch, options, at, actor);
    results.push(...done.rows);
    changes.push(...done.changes);
  }
  return { rows: results, changes };
}

function* batchesOf(rows: readonly ImportRow[]): Generator<readonly ImportRow[]> {
  let batch: ImportRow[] = [];
  let characters = 0;
  for (const row of rows) {
    const size = (row.record.sourceColumns ?? []).reduce((sum, column) => sum + column.name.length + column.value.length, 1_000);
    if (batch.length === BATCH_ROWS_MAX || (batch.length > 0 && characters + size > BATCH_CHARACTERS_MAX)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(row);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}

async function importBatch(tx: Tx, rows: readonly ImportRow[], options: ImportOptions, at: Instant, actor: string): Promise<ImportResult> {
  const keys = rows.map((row) => row.key);
  if (new Set(keys).size !== keys.length) {
    const repeated = keys.find((key, index) => keys.indexOf(key) !== index) ?? '';
    throw new Fault('source-key-repeated', `Two rows of one import have the key "${repeated}"; keys name rows within their source.`, { key: repeated });
  }
  const known = await knownRows(tx, options.source, keys);
  const products = await resolveProducts(tx, rows.flatMap((row) => (row.product === undefined ? [] : [row.product])), at);
  const productOf = (row: ImportRow): string | undefined => (row.product === undefined ? undefined : products.get(productKeyOf(row.product.name, row.product.provider)));
  const judged = rows.map((row) => {
    const [before, written] = [known.get(row.key), writeRecord(row.record)];
    return { row, written, before, outcome: judge(before, written.sha256, productOf(row), options) };
  });

  const added = judged.filter((one) => one.outcome === 'added');
  const stamp = { at, actor, reason: options.reason, kind: 'imported' as const };
  const ids = added.length === 0 ? [] : await insertSystems(
    tx,
    added.map((one) => ({ record: one.row.record, status: options.status, sample: options.sample, source: { profile: options.source, key: one.row.key }, productId: productOf(one.row), written: one.written })),
    stamp,
  );
  const changed = judged.flatMap((one) => (one.outcome === 'changed' && one.before !== undefined ? [{ ...one, before: one.before }] : []));
  await reviseSystems(
    tx,
    changed.map((one) => ({
      before: one.before,
      record: one.row.record,
      status: one.before.status === 'withdrawn' ? options.status : one.before.status,
      productId: productOf(one.row) ?? one.before.product_id,
      written: one.written,
      sourceSha256: one.written.sha256,
    })),
    stamp,
  );
  const idOf = new Map(added.map((one, index) => [one.row.key, ids[index] ?? '']));
  return {
    rows: judged.map((one) => ({ key: one.row.key, outcome: one.outcome, id: one.before?.id ?? idOf.get(one.row.key) ?? '' })),
    changes: [
      ...ids.map((id) => ({ id, revision: 1, kind: 'imported' as const })),
      ...changed.map((one) => ({ id: one.before.id, revision: one.before.revision + 1, kind: 'imported' as const })),
    ],
  };
}

function judge(before: KnownRow | undefined, sha256: string, productId: string | undefined, options: ImportOptions): ImportOutcome {
  if (before === undefined) return 'added';
  // An earlier import withdrew it because its source no longer had it; now it is back.
  const isBack = before.status === 'withdrawn' && before.last_kind === 'imported';
  const isLinkedAnew = productId !== undefined && before.product_id === null;
  if (before.source_sha256 === sha256 && !isBack && !isLinkedAnew) return 'unchanged';
  const isEditedHere = before.sha256 !== before.source_sha256;
  return isEditedHere && options.onEdited === 'keep' ? 'edited-here' : 'changed';
}

/** Entries of a source by key, locked, so that nobody edits between reading and writing. */
async function knownRows(tx: Tx, source: string, keys: readonly string[]): Promise<ReadonlyMap<string, KnownRow>> {
  const { rows } = await sql<KnownRow>`select ${STANDING_COLUMNS}, s.source_key, s.sha256, s.source_sha256,
      (select r.kind from registry_revisions r where r.system_id = s.id and r.revision = s.revision) as last_kind
    from registry_systems s where s.source_profile = ${source}
      and s.source_key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb)) order by s.id for update`.execute(tx);
  return new Map(rows.map((row) => [row.source_key, row]));
}

/** Withdraws the entries of a source by key, with all they say kept; those already withdrawn stay as they are. */
export async function withdrawByKeys(tx: Tx, source: string, keys: readonly string[], reason: string, at: Instant, actor: string): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (let start = 0; start < keys.length; start += BATCH_ROWS_MAX) {
    const known = await knownRows(tx, source, keys.slice(start, start + BATCH_ROWS_MAX));
    const standing = [...known.values()].filter((row) => row.status !== 'withdrawn');
    if (standing.length === 0) continue;
    const { rows } = await sql<{ system_id: string; record: SystemRecord }>`select r.system_id, r.record from registry_revisions r
      join jsonb_to_recordset(${JSON.stringify(standing.map((row) => ({ id: row.id, revision: row.revision })))}::jsonb) as x(id uuid, revision int)
      on r.system_id = x.id and r.revision = x.revision`.execute(tx);
    const records = new Map(rows.map((row) => [row.system_id, row.record]));
    await reviseSystems(
      tx,
      standing.flatMap((before) => {
        const record = records.get(before.id);
        return record === undefined ? [] : [{ before, record, status: 'withdrawn' as const, productId: before.product_id }];
      }),
      { at, actor, reason, kind: 'imported' },
    );
    changes.push(...standing.map((row) => ({ id: row.id, revision: row.revision + 1, kind: 'imported' as const })));
  }
  return changes;
}
