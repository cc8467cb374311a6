/** Keeps drafts of law as their steps: each step is the text of one file, nothing is overwritten, and two editors are told apart by the step they saw. */

import { randomUUID } from 'node:crypto';
import type { Instant, Json } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';

type DraftTables = {
  lawdesk_drafts: { id: string; title: string; pack_id: string; base_version: string; base_digest: string; actor: string; created_at: string };
  lawdesk_draft_steps: { draft_id: string; step: number; act: string; undoes: number | null; path: string | null; content: string | null; about: unknown; actor: string; made_at: string };
};

export interface Draft {
  readonly id: string;
  readonly title: string;
  readonly packId: string;
  readonly baseVersion: string;
  readonly baseDigest: string;
  readonly createdAt: Instant;
}

export interface DraftStep {
  readonly step: number;
  readonly act: 'edit' | 'undo' | 'finish' | 'discard';
  readonly undoes: number | undefined;
  readonly path: string | undefined;
  readonly about: Readonly<Record<string, Json>>;
  readonly madeAt: Instant;
}

export const DRAFTS_SHOWN_MAX = 200;
/** Drafts kept at once, finished and discarded ones included; the one beyond is refused. */
export const DRAFTS_MAX = 200;
/** Steps of one draft. */
export const DRAFT_STEPS_MAX = 1_000;
/** Characters of all files of a draft together. */
export const DRAFT_CHARS_MAX = 8_000_000;

export interface NewStep {
  readonly draftId: string;
  /** The last step the editor saw; the new one is the next. */
  readonly after: number;
  readonly act: DraftStep['act'];
  readonly undoes?: number;
  readonly file?: { readonly path: string; readonly text: string };
  readonly about: Readonly<Record<string, Json>>;
}

export interface DraftStore {
  create(given: Omit<Draft, 'id' | 'createdAt'>, actor: string, at: Instant): Promise<Draft>;
  count(): Promise<number>;
  get(id: string): Promise<Draft | undefined>;
  /** Newest first. */
  list(): Promise<readonly Draft[]>;
  /** Ascending, without the texts. */
  steps(id: string): Promise<readonly DraftStep[]>;
  /** The newest text of each file that was changed, up to and with `step`. */
  texts(id: string, step: number): Promise<ReadonlyMap<string, string>>;
  /** False when somebody else made the step first. */
  append(step: NewStep, actor: string, at: Instant): Promise<boolean>;
}

export function createDraftStore(database: Database): DraftStore {
  const db = database.db.withTables<DraftTables>();
  const draftOf = (row: DraftTables['lawdesk_drafts']): Draft => ({ id: row.id, title: row.title, packId: row.pack_id, baseVersion: row.base_version, baseDigest: row.base_digest, createdAt: row.created_at as Instant });
  return {
    create: async (given, actor, at) => {
      const id = randomUUID();
      await db.insertInto('lawdesk_drafts').values({ id, title: given.title, pack_id: given.packId, base_version: given.baseVersion, base_digest: given.baseDigest, actor, created_at: at }).execute();
      return { id, ...given, createdAt: at };
    },
    count: async () => Number((await db.selectFrom('lawdesk_drafts').select((the) => the.fn.countAll().as('rows')).executeTakeFirstOrThrow()).rows),
    get: async (id) => {
      const row = await db.selectFrom('lawdesk_drafts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : draftOf(row);
    },
    list: async () => (await db.selectFrom('lawdesk_drafts').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(DRAFTS_SHOWN_MAX).execute()).map(draftOf),
    steps: async (id) => {
      const rows = await db.selectFrom('lawdesk_draft_steps').select(['step', 'act', 'undoes', 'path', 'about', 'made_at']).where('draft_id', '=', id).orderBy('step').limit(DRAFT_STEPS_MAX + 1).execute();
      return rows.map((row) => ({ step: row.step, act: row.act as DraftStep['act'], undoes: row.undoes ?? undefined, path: row.path ?? undefined, about: row.about as Readonly<Record<string, Json>>, madeAt: row.made_at as Instant }));
    },
    texts: async (id, step) => {
      const rows = await db
        .selectFrom('lawdesk_draft_steps')
        .distinctOn('path')
        .select(['path', 'content'])
        .where('draft_id', '=', id)
        .where('step', '<=', step)
        .where('path', 'is not', null)
        .orderBy('path')
        .orderBy('step', 'desc')
        .execute();
      return new Map(rows.map((row) => [row.path ?? '', row.content ?? '']));
    },
    append: async (step, actor, at) => {
      // The primary key (draft, step) decides between two editors: the second insert finds its step taken.
      const result = await db
        .insertInto('lawdesk_draft_steps')
        .values({ draft_id: step.draftId, step: step.after + 1, act: step.act, undoes: step.undoes ?? null, path: step.file?.path ?? null, content: step.file?.text ?? null, about: JSON.stringify(step.about), actor, made_at: at })
        .onConflict((conflict) => conflict.columns(['draft_id', 'step']).doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
  };
}
