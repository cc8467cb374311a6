/** Keeps every installed questionnaire version with its files, so that old answers can be scored again. */

import type { Instant } from '../../../base/index.ts';
import type { PackFile } from '../../../law/index.ts';
import type { Questionnaire } from '../../../law/questionnaire/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { ImpactTables } from './tables.ts';

export interface QuestionnaireStore {
  /** A digest that is known already is left as it is. */
  keep(questionnaire: Questionnaire, files: readonly PackFile[], at: Instant): Promise<void>;
  files(digest: string): Promise<readonly PackFile[] | undefined>;
}

export function createQuestionnaireStore(database: Database): QuestionnaireStore {
  const db = database.db.withTables<ImpactTables>();
  return {
    keep: async ({ ref }, files, at) => {
      await db.insertInto('impact_questionnaires').values({ digest: ref.digest, id: ref.id, version: ref.version, files: JSON.stringify(files), installed_at: at }).onConflict((conflict) => conflict.column('digest').doNothing()).execute();
    },
    files: async (digest) => {
      const row = await db.selectFrom('impact_questionnaires').select('files').where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? undefined : (row.files as unknown as readonly PackFile[]);
    },
  };
}
