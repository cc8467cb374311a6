/** Writes systems and revisions in sets: one system by hand and a thousand by import take the same way. */

import { hash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { assert, canonical, type Instant, type Json } from '../../../base/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { RevisionKind, Status, SystemRecord } from '../model.ts';
import { nameKey } from '../rules/fold.ts';
import { isPublic } from '../rules/lifecycle.ts';
import { entryWords, type FacetValues, textWords } from '../rules/search-words.ts';
import { bodyKey, namesOfBodies, resolveBodies } from './bodies.ts';
import { Differences } from './counts.ts';
import type { Access } from './rows.ts';
import { rememberWords, Vocabulary } from './vocabulary.ts';

/** Who did it, when and why; stands with every revision. */
export interface Stamp {
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string;
  readonly kind: RevisionKind;
}

export interface NewSystem {
  readonly record: SystemRecord;
  readonly status: Status;
  readonly sample: boolean;
  readonly source?: { readonly profile: string; readonly key: string } | undefined;
  readonly productId?: string | undefined;
  /** Known already; otherwise the body is found or made by the name in the record. */
  readonly bodyId?: string | undefined;
  /** Computed by the caller when it needed it anyway. */
  readonly written?: WrittenRecord;
}

/** A record as the text that is stored and its digest; written once, because long records cost most of an import. */
export interface WrittenRecord {
  readonly text: string;
  readonly sha256: string;
}

/** What stands before a new revision is written. */
export interface Standing {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly status: Status;
  readonly is_public: boolean;
  readonly body_id: string;
  readonly product_id: string | null;
  readonly sector: string | null;
  readonly phase: string | null;
  readonly source_profile: string | null;
  readonly headline: string | null;
  readonly was_registered: boolean;
}

export interface NextRevision {
  readonly before: Standing;
  readonly record: SystemRecord;
  readonly status: Status;
  readonly productId: string | null;
  /** Known already; otherwise the body stays while the record names it, or is found or made by the name. */
  readonly bodyId?: string | undefined;
  readonly written?: WrittenRecord;
  /** Digest to remember as "last imported". */
  readonly sourceSha256?: string;
}

export const STANDING_COLUMNS = sql`s.id, s.number, s.revision, s.status, s.is_public, s.body_id, s.product_id, s.sector, s.phase, s.source_profile, s.headline, s.registered_at is not null as was_registered`;

export function writeRecord(record: SystemRecord): WrittenRecord {
  const text = canonical(record as unknown as Json);
  return { text, sha256: hash('sha256', text) };
}

/** A JSON list of rows, each with its record in the text it was already written in. */
function rowsWithRecords(rows: readonly object[], texts: readonly string[]): string {
  return `[${rows.map((row, index) => `${JSON.stringify(row).slice(0, -1)},"record":${texts[index] ?? 'null'}}`).join(',')}]`;
}

/** A key for "the same product": folded name and provider. */
export function productKeyOf(name: string, provider: string): string {
  return `${nameKey(name)}|${nameKey(provider)}`;
}

/** Finds or creates products; answers their ids by `productKeyOf`. */
export async function resolveProducts(tx: Tx, products: readonly { readonly name: string; readonly provider: string }[], at: Instant): Promise<ReadonlyMap<string, string>> {
  const byKey = new Map(products.map((product) => [productKeyOf(product.name, product.provider), product]));
  const wanted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, product]) => ({ id: randomUUID(), key, name: product.name, provider: product.provider }));
  if (wanted.length === 0) return new Map();
  const text = JSON.stringify(wanted);
  await sql`insert into registry_products (id, key, name, provider, created_at)
    select x.id, x.key, x.name, x.provider, ${at} from jsonb_to_recordset(${text}::jsonb) as x(id uuid, key text, name text, provider text)
    where not exists (select 1 from registry_products p where p.key = x.key) order by x.key on conflict (key) do nothing`.execute(tx);
  const { rows } = await sql<{ key: string; id: string }>`select key, id from registry_products
    where key in (select x.key from jsonb_to_recordset(${text}::jsonb) as x(key text))`.execute(tx);
  return new Map(rows.map((row) => [row.key, row.id]));
}

/** Creates systems at revision 1; answers their ids in the order of `systems`. */
export async function insertSystems(tx: Tx, systems: readonly NewSystem[], stamp: Stamp): Promise<readonly string[]> {
  const bodies = await resolveBodies(tx, systems.flatMap((system) => (system.bodyId === undefined ? [system.record.organisation] : [])), stamp.at);
  const { rows: numbers } = await sql<{ number: number }>`select nextval('registry_numbers') as number from generate_series(1, ${systems.length}::int)`.execute(tx);
  const differences = new Differences();
  const vocabulary = new Vocabulary();
  const texts: string[] = [];
  const rows = systems.map((system, index) => {
    const number = numbers[index]?.number ?? 0;
    const common = sharedColumns(system.record, system.status, system.bodyId ?? bodies.get(bodyKey(system.record.organisation)), false);
    const facets = facetsOf({ ...common, source_profile: system.source?.profile ?? null, headline: null });
    differences.add({ isPublic: common.is_public, facets });
    const { text, sha256 } = system.written ?? writeRecord(system.record);
    texts.push(text);
    return {
      ...common,
      id: randomUUID(),
      number,
      product_id: system.productId ?? null,
      source_profile: system.source?.profile ?? null,
      source_key: system.source?.key ?? null,
      source_sha256: system.source === undefined ? null : sha256,
      sample: system.sample,
      sha256,
      words: wordSet(system.record, { number, isPublic: common.is_public, facets }, vocabulary),
    };
  });
  await sql`with x as materialized (
      select * from jsonb_to_recordset(${rowsWithRecords(rows, texts)}::jsonb) as x(id uuid, number bigint, status text, is_public boolean, name text, body_id uuid,
        product_id uuid, product_key text, sector text, phase text, source_profile text, source_key text, source_sha256 text, sample boolean, sha256 text,
        words text, record jsonb)
    ), systems as (
      insert into registry_systems (id, number, revision, status, is_public, name, body_id, product_id, product_key, sector, phase, source_profile, source_key,
        source_sha256, sample, sha256, words, created_at, updated_at, registered_at)
      select id, number, 1, status, is_public, name, body_id, product_id, product_key, sector, phase, source_profile, source_key, source_sha256, sample, sha256,
        array_to_tsvector(string_to_array(words, ' ')), ${stamp.at}::timestamptz, ${stamp.at}::timestamptz,
        case when status = 'registered' then ${stamp.at}::timestamptz end from x order by number
    )
    insert into registry_revisions (system_id, revision, kind, status, is_public, at, actor, reason, body_id, product_id, record, sha256)
    select id, 1, ${stamp.kind}, status, is_public, ${stamp.at}::timestamptz, ${stamp.actor}, ${stamp.reason}, body_id, product_id, record, sha256 from x`.execute(tx);
  await differences.save(tx);
  await rememberWords(tx, vocabulary);
  return rows.map((row) => row.id);
}

/**
 * Writes the next revision of systems whose rows the caller has locked or updates under the revision it read.
 * Answers the ids that were written; one that is missing had moved on.
 */
export async function reviseSystems(tx: Tx, revisions: readonly NextRevision[], stamp: Stamp): Promise<ReadonlySet<string>> {
  if (revisions.length === 0) return new Set();
  const bodyOf = await bodiesOfRevisions(tx, revisions, stamp.at);
  const vocabulary = new Vocabulary();
  const texts: string[] = [];
  const rows = revisions.map((one) => {
    const { text, sha256 } = one.written ?? writeRecord(one.record);
    texts.push(text);
    const common = sharedColumns(one.record, one.status, bodyOf(one), one.before.was_registered);
    const facets = facetsOf({ ...common, source_profile: one.before.source_profile, headline: one.before.headline });
    return {
      ...common,
      id: one.before.id,
      revision: one.before.revision,
      product_id: one.productId,
      sha256,
      source_sha256: one.sourceSha256 ?? null,
      words: wordSet(one.record, { number: one.before.number, isPublic: common.is_public, facets }, vocabulary),
      facets,
    };
  });
  const { rows: written } = await sql<{ id: string }>`with x as materialized (
      select * from jsonb_to_recordset(${rowsWithRecords(rows, texts)}::jsonb) as x(id uuid, revision int, status text, is_public boolean, name text, body_id uuid,
        product_id uuid, product_key text, sector text, phase text, sha256 text, source_sha256 text, words text, record jsonb)
    ), systems as (
      update registry_systems s set revision = s.revision + 1, status = x.status, is_public = x.is_public, name = x.name, body_id = x.body_id,
        product_id = x.product_id, product_key = x.product_key, sector = x.sector, phase = x.phase, sha256 = x.sha256,
        source_sha256 = coalesce(x.source_sha256, s.source_sha256), words = array_to_tsvector(string_to_array(x.words, ' ')), updated_at = ${stamp.at}::timestamptz,
        registered_at = case when x.status = 'registered' then coalesce(s.registered_at, ${stamp.at}::timestamptz) else s.registered_at end
      from x where s.id = x.id and s.revision = x.revision returning s.id, s.revision
    )
    insert into registry_revisions (system_id, revision, kind, status, is_public, at, actor, reason, body_id, product_id, record, sha256)
    select x.id, systems.revision, ${stamp.kind}, x.status, x.is_public, ${stamp.at}::timestamptz, ${stamp.actor}, ${stamp.reason}, x.body_id, x.product_id, x.record, x.sha256
    from x join systems on systems.id = x.id returning system_id as id`.execute(tx);
  const done = new Set(written.map((row) => row.id));
  const differences = new Differences();
  revisions.forEach((one, index) => {
    const row = rows[index];
    if (row === undefined || !done.has(row.id)) return;
    differences.remove({ isPublic: one.before.is_public, facets: facetsOf(one.before) });
    differences.add({ isPublic: row.is_public, facets: row.facets });
  });
  await differences.save(tx);
  await rememberWords(tx, vocabulary);
  return done;
}

/** A body of an organisation may bear the name of another one: an entry stays with its own while its record names it. */
async function bodiesOfRevisions(tx: Tx, revisions: readonly NextRevision[], at: Instant): Promise<(one: NextRevision) => string | undefined> {
  const names = await namesOfBodies(tx, revisions.map((one) => one.before.body_id));
  const stays = (one: NextRevision): boolean => names.get(one.before.body_id) === bodyKey(one.record.organisation);
  const bodies = await resolveBodies(tx, revisions.flatMap((one) => (one.bodyId === undefined && !stays(one) ? [one.record.organisation] : [])), at);
  return (one) => one.bodyId ?? (stays(one) ? one.before.body_id : bodies.get(bodyKey(one.record.organisation)));
}

export function facetsOf(row: Pick<Standing, 'status' | 'body_id' | 'sector' | 'phase' | 'source_profile' | 'headline'>): FacetValues {
  return {
    status: row.status,
    body: row.body_id,
    ...(row.sector === null ? {} : { sector: row.sector }),
    ...(row.phase === null ? {} : { phase: row.phase }),
    ...(row.source_profile === null ? {} : { source: row.source_profile }),
    ...(row.headline === null ? {} : { headline: row.headline }),
  };
}

function sharedColumns(record: SystemRecord, status: Status, bodyId: string | undefined, wasRegistered: boolean) {
  assert(bodyId !== undefined, 'every body of a batch was resolved');
  return {
    status,
    is_public: isPublic(status, record, wasRegistered),
    name: record.name,
    body_id: bodyId,
    product_key: productKeyOf(record.name, record.providerName ?? ''),
    sector: record.sector ?? null,
    phase: record.phase ?? null,
  };
}

/** Joined by spaces: folded words and filter words hold none (spaces in a filter value are written `_`). */
function wordSet(record: SystemRecord, entry: Parameters<typeof entryWords>[0], vocabulary: Vocabulary): string {
  const text = textWords(record);
  const body = entry.isPublic ? undefined : entry.facets.body;
  for (const word of text.words) vocabulary.add(word, body);
  for (const word of text.nameWords) vocabulary.add(word, body);
  return entryWords(entry, text).join(' ');
}

/** The state of a system before a change, locked until the transaction ends. */
export async function lockStanding(access: Access, id: string): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`select ${STANDING_COLUMNS} from registry_systems s where s.id = ${id} for update`.execute(access);
  return rows[0];
}
