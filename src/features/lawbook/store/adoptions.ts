/** Keeps the acts that put packs in force. Append-only; the newest act of a place says what stands. */

import { sql } from 'kysely';
import type { Instant, Json } from '../../../base/index.ts';
import type { PackRef } from '../../../law/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { type Adoption, ADOPTIONS_SHOWN_MAX, type Place } from '../model.ts';
import type { LawbookTables } from './tables.ts';

export interface AdoptionStore {
  /** Undefined when another act came first: `previous` is no longer what stands. `alongside` happens in the same transaction, or not at all. */
  add(act: { readonly place: Place; readonly pack: PackRef; readonly previous: string | undefined; readonly author: string; readonly reason: string; readonly effects?: Json; readonly at: Instant }, alongside?: (adoption: Adoption, transaction: Tx) => Promise<void>): Promise<Adoption | undefined>;
  list(): Promise<readonly Adoption[]>;
  /** What stands: the main law first, then those beside it by id. */
  standing(): Promise<readonly { readonly place: Place; readonly packId: string; readonly digest: string }[]>;
}

/** Only one act at a time; the lock ends with its transaction. The number has no meaning but must be nobody else's. */
const ADOPTION_LOCK = 4_201_603;

export function createAdoptionStore(database: Database): AdoptionStore {
  const db = database.db.withTables<LawbookTables>();
  const standing = async (on: typeof db): Promise<readonly { readonly place: Place; readonly packId: string; readonly digest: string }[]> => {
    // One row stands in the main place, one for each pack beside it.
    const { rows } = await sql<{ place: Place; pack_id: string; digest: string }>`
      select place, pack_id, digest from (
        select distinct on (place, case when place = 'main' then '' else pack_id end) place, pack_id, digest, act
        from lawbook_adoptions order by place, case when place = 'main' then '' else pack_id end, id desc
      ) as newest where act = 'adopt' order by place desc, pack_id`.execute(on);
    return rows.map((row) => ({ place: row.place, packId: row.pack_id, digest: row.digest }));
  };
  return {
    add: (act, alongside) =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${ADOPTION_LOCK})`.execute(tx);
        const stands = (await standing(tx)).find((one) => one.place === act.place && (act.place === 'main' || one.packId === act.pack.id));
        if (stands?.digest !== act.previous) return undefined;
        const row = await tx
          .insertInto('lawbook_adoptions')
          .values({ place: act.place, pack_id: act.pack.id, digest: act.pack.digest, act: 'adopt', previous_digest: act.previous ?? null, author: act.author, reason: act.reason, effects: act.effects === undefined ? null : JSON.stringify(act.effects), adopted_at: act.at })
          .returning('id')
          .executeTakeFirstOrThrow();
        const adoption: Adoption = {
          number: row.id,
          place: act.place,
          pack: act.pack,
          act: 'adopt',
          ...(act.previous === undefined ? {} : { previousDigest: act.previous }),
          author: act.author,
          reason: act.reason,
          ...(act.effects === undefined ? {} : { effects: act.effects }),
          adoptedAt: act.at,
        };
        await alongside?.(adoption, tx as unknown as Tx);
        return adoption;
      }),
    list: async () => {
      const rows = await db
        .selectFrom('lawbook_adoptions')
        .innerJoin('lawbook_packs', 'lawbook_packs.digest', 'lawbook_adoptions.digest')
        .select(['lawbook_adoptions.id as number', 'place', 'pack_id', 'lawbook_adoptions.digest', 'lawbook_packs.version', 'act', 'previous_digest', 'author', 'reason', 'effects', 'adopted_at'])
        .orderBy('number', 'desc')
        .limit(ADOPTIONS_SHOWN_MAX)
        .execute();
      return rows.map((row) => ({
        number: row.number,
        place: row.place,
        pack: { id: row.pack_id, version: row.version, digest: row.digest },
        act: row.act,
        ...(row.previous_digest === null ? {} : { previousDigest: row.previous_digest }),
        author: row.author,
        reason: row.reason,
        ...(row.effects === null ? {} : { effects: row.effects }),
        adoptedAt: row.adopted_at as Instant,
      }));
    },
    standing: () => standing(db),
  };
}
