/** Keeps classifications with everything that is needed to take them again. Rows are never changed. */

import type { CivilDate, Instant } from '../../../base/index.ts';
import type { Decision, Facts } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { type Classification, CLASSIFICATIONS_SHOWN_MAX, type PublishedClassification } from '../model.ts';
import type { AssessmentTables } from './tables.ts';

export interface ClassificationStore {
  /** Keeps a classification under the next number of its system. */
  keep(classification: Omit<Classification, 'number' | 'decision'> & { readonly decisionText: string }): Promise<number>;
  get(id: string): Promise<(Classification & { readonly decisionText: string }) | undefined>;
  /** The newest, with what everybody may read of it. */
  published(systemId: string): Promise<PublishedClassification | undefined>;
  /** Newest first. */
  list(systemId: string): Promise<readonly Classification[]>;
  remove(systemIds: readonly string[]): Promise<void>;
}

export function createClassificationStore(database: Database): ClassificationStore {
  const db = database.db.withTables<AssessmentTables>();
  const rowsOf = (systemId: string) => db.selectFrom('assessment_classifications').selectAll().where('system_id', '=', systemId).orderBy('number', 'desc');
  return {
    keep: async (one) => {
      const row = await db
        .insertInto('assessment_classifications')
        .values((values) => ({
          id: one.id,
          system_id: one.systemId,
          number: values
            .selectFrom('assessment_classifications')
            .where('system_id', '=', one.systemId)
            .select((select) => select.fn.coalesce(select(select.fn.max('number'), '+', select.lit(1)), select.lit(1)).as('next')),
          pack_id: one.pack.id,
          pack_version: one.pack.version,
          pack_digest: one.pack.digest,
          as_of: one.asOf,
          known_on: one.knownOn,
          facts: JSON.stringify(one.facts),
          decision: one.decisionText,
          decision_sha256: one.decisionSha256,
          headline: one.headline,
          open_count: one.openCount,
          actor: one.actor,
          decided_at: one.decidedAt,
        }))
        .returning('number')
        .executeTakeFirstOrThrow();
      return row.number;
    },
    get: async (id) => {
      const row = await db.selectFrom('assessment_classifications').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : { ...classificationOf(row), decisionText: row.decision };
    },
    published: async (systemId) => {
      // These columns and no others: the public may read only them.
      const row = await db
        .selectFrom('assessment_classifications')
        .select(['pack_id', 'pack_version', 'pack_digest', 'as_of', 'known_on', 'decision', 'headline', 'open_count'])
        .where('system_id', '=', systemId)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        pack: { id: row.pack_id, version: row.pack_version, digest: row.pack_digest },
        asOf: row.as_of as CivilDate,
        knownOn: row.known_on as CivilDate,
        decision: JSON.parse(row.decision) as Decision,
        headline: row.headline,
        openCount: row.open_count,
      };
    },
    remove: async (systemIds) => {
      if (systemIds.length > 0) await db.deleteFrom('assessment_classifications').where('system_id', 'in', [...systemIds]).execute();
    },
    list: async (systemId) => (await rowsOf(systemId).limit(CLASSIFICATIONS_SHOWN_MAX).execute()).map(classificationOf),
  };
}

function classificationOf(row: AssessmentTables['assessment_classifications']): Classification {
  return {
    id: row.id,
    systemId: row.system_id,
    number: row.number,
    pack: { id: row.pack_id, version: row.pack_version, digest: row.pack_digest },
    asOf: row.as_of as CivilDate,
    knownOn: row.known_on as CivilDate,
    facts: row.facts as unknown as Facts,
    decision: JSON.parse(row.decision) as Decision,
    decisionSha256: row.decision_sha256,
    headline: row.headline,
    openCount: row.open_count,
    actor: row.actor,
    decidedAt: row.decided_at as Instant,
  };
}
