/** Keeps answers: every step is a row, nothing is overwritten; two editors at once are told apart by the step they saw. */

import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { FactAnswer, Facts } from '../../../law/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { ANSWER_STEPS_MAX, type AnswerStep } from '../model.ts';
import type { AssessmentTables } from './tables.ts';

export type StoredStep = AnswerStep & { readonly undoes: boolean };

export interface AnswerStore {
  /** Steps of a system under one pack, ascending. */
  steps(systemId: string, packId: string): Promise<readonly StoredStep[]>;
  /** Appends one step after `after`; false when somebody else appended first (the caller's page is stale). */
  append(step: { readonly systemId: string; readonly packId: string; readonly after: number; readonly fact: string; readonly answer: FactAnswer | null; readonly undoes: boolean; readonly actor: string; readonly at: Instant }): Promise<boolean>;
  /** Appends one step a fact after `after`, in one statement. */
  appendAll(given: { readonly systemId: string; readonly packId: string; readonly after: number; readonly facts: Facts; readonly actor: string; readonly at: Instant }): Promise<void>;
  remove(systemIds: readonly string[]): Promise<void>;
  /** The number of the last step of a system over all packs. */
  lastStep(systemId: string): Promise<number>;
}

export function createAnswerStore(database: Database): AnswerStore {
  const db = database.db.withTables<AssessmentTables>();
  return {
    steps: async (systemId, packId) => {
      const rows = await db
        .selectFrom('assessment_answers')
        .select(['step', 'fact', 'answer', 'undoes', 'actor', 'answered_at'])
        .where('system_id', '=', systemId)
        .where('pack_id', '=', packId)
        .orderBy('step')
        .limit(ANSWER_STEPS_MAX)
        .execute();
      return rows.map((row) => ({
        step: row.step,
        fact: row.fact,
        answer: row.answer as FactAnswer | null,
        undoes: row.undoes,
        actor: row.actor,
        answeredAt: row.answered_at as Instant,
      }));
    },
    append: async (step) => {
      // The primary key (system, step) decides between two editors: the second insert finds its step taken.
      const result = await db
        .insertInto('assessment_answers')
        .values({
          system_id: step.systemId,
          step: step.after + 1,
          pack_id: step.packId,
          fact: step.fact,
          answer: step.answer === null ? null : JSON.stringify(step.answer),
          undoes: step.undoes,
          actor: step.actor,
          answered_at: step.at,
        })
        .onConflict((conflict) => conflict.columns(['system_id', 'step']).doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    appendAll: async ({ systemId, packId, after, facts, actor, at }) => {
      const rows = Object.entries(facts).map(([fact, answer], index) => ({ system_id: systemId, step: after + index + 1, pack_id: packId, fact, answer: JSON.stringify(answer), undoes: false, actor, answered_at: at }));
      if (rows.length > 0) await db.insertInto('assessment_answers').values(rows).execute();
    },
    remove: async (systemIds) => {
      if (systemIds.length > 0) await db.deleteFrom('assessment_answers').where('system_id', 'in', [...systemIds]).execute();
    },
    lastStep: async (systemId) => {
      const { rows } = await sql<{ step: number | null }>`select max(step) as step from assessment_answers where system_id = ${systemId}`.execute(db);
      return rows[0]?.step ?? 0;
    },
  };
}
