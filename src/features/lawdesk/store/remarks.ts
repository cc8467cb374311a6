/** Keeps reviews and their remarks. Rows are only ever added. */

import { randomUUID } from 'node:crypto';
import type { Generated } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { RemarkMark, ReviewVerdict } from '../rules/review-state.ts';

type ReviewTables = {
  lawdesk_reviews: { id: string; pack_id: string; reviewer: string; licence: string; actor: string; started_at: string };
  lawdesk_remarks: {
    number: Generated<string>;
    review_id: string;
    pack_id: string;
    version: string;
    digest: string;
    kind: string;
    entry: string;
    entry_digest: string;
    verdict: string;
    remark: string;
    proposal: string;
    actor: string;
    made_at: string;
  };
};

export interface Review {
  readonly id: string;
  readonly packId: string;
  readonly reviewer: string;
  readonly licence: string;
  /** Who began it; nobody else goes on with it. */
  readonly actor: string;
  readonly startedAt: Instant;
}

export interface Remark extends RemarkMark {
  readonly reviewId: string;
  readonly packId: string;
  readonly version: string;
  readonly digest: string;
  readonly remark: string;
  readonly proposal: string;
  readonly madeAt: Instant;
}

export type NewRemark = Pick<Remark, 'reviewId' | 'packId' | 'version' | 'digest' | 'kind' | 'entry' | 'entryDigest' | 'verdict' | 'remark' | 'proposal'>;

/** Remarks on one pack over all its versions; the one beyond is refused. */
export const REMARKS_MAX = 20_000;
export const REVIEWS_SHOWN_MAX = 200;

export interface RemarkStore {
  start(given: { readonly packId: string; readonly reviewer: string; readonly licence: string; readonly actor: string; readonly at: Instant }): Promise<Review>;
  review(id: string): Promise<Review | undefined>;
  reviews(packId: string): Promise<readonly Review[]>;
  add(remark: NewRemark, actor: string, at: Instant): Promise<number>;
  /** All remarks on a pack, oldest first. */
  remarks(packId: string): Promise<readonly Remark[]>;
  count(packId: string): Promise<number>;
}

export function createRemarkStore(database: Database): RemarkStore {
  const db = database.db.withTables<ReviewTables>();
  const reviewOf = (row: ReviewTables['lawdesk_reviews']): Review => ({ id: row.id, packId: row.pack_id, reviewer: row.reviewer, licence: row.licence, actor: row.actor, startedAt: row.started_at as Instant });
  return {
    start: async ({ packId, reviewer, licence, actor, at }) => {
      const id = randomUUID();
      await db.insertInto('lawdesk_reviews').values({ id, pack_id: packId, reviewer, licence, actor, started_at: at }).execute();
      return { id, packId, reviewer, licence, actor, startedAt: at };
    },
    review: async (id) => {
      const row = await db.selectFrom('lawdesk_reviews').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : reviewOf(row);
    },
    reviews: async (packId) => (await db.selectFrom('lawdesk_reviews').selectAll().where('pack_id', '=', packId).orderBy('started_at', 'desc').limit(REVIEWS_SHOWN_MAX).execute()).map(reviewOf),
    add: async (remark, actor, at) => {
      const row = await db
        .insertInto('lawdesk_remarks')
        .values({
          review_id: remark.reviewId,
          pack_id: remark.packId,
          version: remark.version,
          digest: remark.digest,
          kind: remark.kind,
          entry: remark.entry,
          entry_digest: remark.entryDigest,
          verdict: remark.verdict,
          remark: remark.remark,
          proposal: remark.proposal,
          actor,
          made_at: at,
        })
        .returning('number')
        .executeTakeFirstOrThrow();
      return Number(row.number);
    },
    remarks: async (packId) => {
      const rows = await db
        .selectFrom('lawdesk_remarks')
        .innerJoin('lawdesk_reviews', 'lawdesk_reviews.id', 'lawdesk_remarks.review_id')
        .selectAll('lawdesk_remarks')
        .select(['lawdesk_reviews.reviewer', 'lawdesk_reviews.licence'])
        .where('lawdesk_remarks.pack_id', '=', packId)
        .orderBy('lawdesk_remarks.number')
        .limit(REMARKS_MAX)
        .execute();
      return rows.map((row) => ({
        number: Number(row.number),
        reviewId: row.review_id,
        packId: row.pack_id,
        version: row.version,
        digest: row.digest,
        kind: row.kind,
        entry: row.entry,
        entryDigest: row.entry_digest,
        verdict: row.verdict as ReviewVerdict,
        remark: row.remark,
        proposal: row.proposal,
        reviewer: row.reviewer,
        licence: row.licence,
        madeAt: row.made_at as Instant,
      }));
    },
    count: async (packId) => {
      const row = await db.selectFrom('lawdesk_remarks').select((the) => the.fn.countAll().as('rows')).where('pack_id', '=', packId).executeTakeFirstOrThrow();
      return Number(row.rows);
    },
  };
}
