/** Bodies: those of inventories and of the regulator, known by their names, and those of organisations, which name only themselves. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { nameKey } from '../rules/fold.ts';
import { type Access, valueList } from './rows.ts';

/** Bodies of the organisations of one scope that are read by name; beyond it a search is kept to them by the database alone. */
export const OWN_BODIES_MAX = 1_000;

export interface Body {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  /** Given by the regulator, with the entries an inventory brought; the others were made when the organisation wrote under that name. */
  readonly isGiven: boolean;
}

/** A name of signs only folds to nothing; it is then its own key. */
export function bodyKey(name: string): string {
  return nameKey(name) || name.trim();
}

function shownName(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ');
}

/** Finds or creates bodies by their folded names; answers their ids by key. */
export async function resolveBodies(tx: Tx, names: readonly string[], at: Instant): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const byKey = new Map<string, string>();
  for (const name of names) {
    const key = bodyKey(name);
    if (!byKey.has(key)) byKey.set(key, shownName(name));
  }
  // Sorted, so that two writers with the same new bodies queue up instead of locking each other out.
  const wanted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, name]) => ({ id: randomUUID(), key, name }));
  const text = JSON.stringify(wanted);
  await sql`insert into registry_bodies (id, key, name, created_at)
    select x.id, x.key, x.name, ${at} from jsonb_to_recordset(${text}::jsonb) as x(id uuid, key text, name text)
    where not exists (select 1 from registry_bodies b where b.key = x.key) order by x.key on conflict (key) do nothing`.execute(tx);
  const { rows } = await sql<{ key: string; id: string }>`select key, id from registry_bodies
    where key in (select x.key from jsonb_to_recordset(${text}::jsonb) as x(key text))`.execute(tx);
  return new Map(rows.map((row) => [row.key, row.id]));
}

/**
 * The body that an organisation writes its entries under; made where it is missing. Its key names the organisation: whoever calls
 * themselves by the name of another body gets a body of their own, never the entries that an inventory brought for that name.
 */
export async function ensureBody(tx: Tx, organisation: string, name: string, at: Instant): Promise<string> {
  const key = `@${organisation}:${bodyKey(name)}`;
  await sql`insert into registry_bodies (id, key, name, organisation_id, created_at) values (${randomUUID()}, ${key}, ${shownName(name)}, ${organisation}::uuid, ${at}) on conflict (key) do nothing`.execute(tx);
  const { rows } = await sql<{ id: string }>`select id from registry_bodies where key = ${key}`.execute(tx);
  return rows[0]?.id ?? '';
}

/** Bodies of organisations: those the regulator gave them first, then their own; at most OWN_BODIES_MAX and one more. */
export async function bodiesOf(access: Access, organisations: readonly string[]): Promise<readonly Body[]> {
  if (organisations.length === 0) return [];
  const { rows } = await sql<Body>`select id, name, organisation_id as organisation, key not like '@%' as "isGiven" from registry_bodies where organisation_id = any(${organisations}::uuid[])
    order by key like '@%', created_at, id limit ${OWN_BODIES_MAX + 1}`.execute(access);
  return rows;
}

/** Folded names by id. */
export async function namesOfBodies(access: Access, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`select id, name from registry_bodies where id in ${valueList(wanted)}`.execute(access);
  return new Map(rows.map((row) => [row.id, bodyKey(row.name)]));
}

/**
 * Gives a body with all its entries to an organisation, or to none. What the organisation wrote under a body of its own of the same name goes
 * over to it, so that one name is one body. False when there is no such body.
 */
export async function giveBody(tx: Tx, id: string, organisation: string | null): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`update registry_bodies set organisation_id = ${organisation}::uuid where id = ${id}::uuid returning name`.execute(tx);
  const [body] = rows;
  if (body === undefined) return false;
  if (organisation !== null) await takeOver(tx, id, organisation, body.name);
  await sql`insert into registry_unpublished_words (word, organisation_id)
    select distinct w.lexeme, ${organisation}::uuid from registry_systems s, unnest(s.words) w where s.body_id = ${id}::uuid and not s.is_public and w.lexeme ~ '^[^=#@0-9]..'
      and not exists (select 1 from registry_words p where p.word = w.lexeme)
      and not exists (select 1 from registry_unpublished_words u where u.word = w.lexeme and u.organisation_id is not distinct from ${organisation}::uuid)`.execute(tx);
  return true;
}

async function takeOver(tx: Tx, id: string, organisation: string, name: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from registry_bodies where key = ${`@${organisation}:${bodyKey(name)}`} and id <> ${id}::uuid`.execute(tx);
  const own = rows[0]?.id;
  if (own === undefined) return;
  await sql`with moved as (
      update registry_systems set body_id = ${id}::uuid, words = ts_delete(words, ${`=body:${own}`}) || array_to_tsvector(array[${`=body:${id}`}])
      where body_id = ${own}::uuid returning is_public
    ), counted as (select audience, count(*)::int as n from moved, lateral (values ('workspace'), ('public')) as a (audience) where audience = 'workspace' or is_public group by audience)
    insert into registry_counts (audience, facet, value, n)
    select audience, 'body', value, sign * n from counted, (values (${own}, -1), (${id}, 1)) as x (value, sign)`.execute(tx);
}
