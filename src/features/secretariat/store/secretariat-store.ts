/** Keeps sittings: whoever changes one names the revision they saw; acts are numbered without gaps by the table's own key. */

import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { ACTS_MAX, CORRECTIONS_MAX, type Correction, type CorrectionState, type Happened, type Item, type ItemContent, type ItemState, ITEMS_MAX, type Minutes, type NoticeKind, type Paragraph, type Sitting, type SittingContent, SITTINGS_SHOWN_MAX, type SittingState, type Statement, STATEMENTS_OF_ITEM_MAX, type Task, type TaskContent, type TaskState, TASKS_SHOWN_MAX } from '../model.ts';
import type { SecretariatTables } from './tables.ts';

type Tables = SecretariatTables;
const json = (value: unknown): never => sql`${JSON.stringify(value)}::jsonb` as never;
const PUBLIC_COLUMNS = ['id', 'number', 'kind', 'state', 'title', 'starts_at', 'ends_at', 'papers_by', 'place', 'revision', 'changed_at', 'internal_items'] as const;

export type Store = ReturnType<typeof createStore>;

function sittingOf(row: Omit<Selectable<Tables['secretariat_sittings']>, 'link'> & { readonly link?: string }): Sitting {
  return { id: row.id, number: row.number, kind: row.kind, state: row.state, title: row.title, startsAt: row.starts_at as Instant, endsAt: row.ends_at as Instant, papersBy: row.papers_by as Instant, place: row.place, link: row.link ?? '', revision: row.revision, changedAt: row.changed_at as Instant, internalItems: row.internal_items };
}

function itemOf(row: Selectable<Tables['secretariat_items']> & { readonly supporters?: string | number }): Item {
  return { id: row.id, sittingId: row.sitting_id, parentId: row.parent_id ?? undefined, position: row.position, kind: row.kind, state: row.state, title: row.title, minutes: row.minutes, internal: row.internal, motionId: row.motion_id ?? undefined, rapporteur: row.rapporteur, opinion: row.opinion, supporters: Number(row.supporters ?? 0) };
}

const itemColumns = ({ kind, title, minutes, internal, motionId, parentId, rapporteur, opinion }: ItemContent) => ({ kind, title: json(title), minutes, internal, motion_id: motionId ?? null, parent_id: parentId ?? null, rapporteur, opinion: json(opinion) });

const statementOf = (row: Selectable<Tables['secretariat_statements']>): Statement => ({ id: row.id, itemId: row.item_id, kind: row.kind, theme: row.theme, author: row.author, text: row.text, at: row.at as Instant, answer: row.answer, verdict: row.verdict ?? undefined, answeredBy: row.answered_by, answeredAt: (row.answered_at ?? undefined) as Instant | undefined });
const minutesOf = (row: Selectable<Tables['secretariat_minutes']>): Minutes => ({ sittingId: row.sitting_id, state: row.state, paragraphs: row.paragraphs, revision: row.revision, changedAt: row.changed_at as Instant, note: row.note ?? undefined, entry: row.entry === null ? undefined : Number(row.entry), digests: row.digests ?? undefined, signedAt: (row.signed_at ?? undefined) as Instant | undefined });
const taskOf = (row: Selectable<Tables['secretariat_tasks']>): Task => ({ id: row.id, title: row.title, owner: row.owner, ownerId: row.owner_id ?? undefined, dueOn: row.due_on, state: row.state, outcome: row.outcome, sittingId: row.sitting_id ?? undefined, motionId: row.motion_id ?? undefined, revision: row.revision, changedAt: row.changed_at as Instant });

export function createStore(database: Database) {
  const db = database.db.withTables<Tables>();
  const isPublic = (): boolean => database.scope().reach === 'public';
  const own = (tx: Tx | undefined): Kysely<Tables> => (tx === undefined ? db : (tx as unknown as Kysely<Tables>));
  return {
    ...sittingStore(db, own, isPublic),
    ...itemStore(db, own, isPublic),
    ...statementStore(db),
    ...minutesStore(db, own),
    ...taskStore(db),
    ...noticeStore(db),
    /** One transaction for what belongs together. */
    together: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction().execute(async (tx) => work(tx as unknown as Tx)),
  };
}

type Db = Kysely<Tables>;
type Own = (tx: Tx | undefined) => Db;

function sittingStore(db: Db, own: Own, isPublic: () => boolean) {
  const from = () => (isPublic() ? db.selectFrom('secretariat_sittings').select(PUBLIC_COLUMNS) : db.selectFrom('secretariat_sittings').select([...PUBLIC_COLUMNS, 'link']));
  const columns = ({ kind, title, startsAt, endsAt, papersBy, place, link }: SittingContent) => ({ kind, title: json(title), starts_at: startsAt, ends_at: endsAt, papers_by: papersBy, place, link });
  return {
    /** The next number of a year; the column is unique, callers try again. Undefined when somebody took it meanwhile. */
    create: async (content: SittingContent, at: Instant): Promise<string | undefined> => {
      const year = content.startsAt.slice(0, 4);
      const last = await db.selectFrom('secretariat_sittings').select(sql<string | number | null>`max(split_part(number, '/', 2)::integer)`.as('last')).where('number', 'like', `${year}/%`).executeTakeFirst();
      const id = randomUUID();
      const { numInsertedOrUpdatedRows } = await db.insertInto('secretariat_sittings').values({ id, number: `${year}/${String(Number(last?.last ?? 0) + 1).padStart(2, '0')}`, state: 'draft', revision: 1, changed_at: at, internal_items: 0, ...columns(content) }).onConflict((conflict) => conflict.column('number').doNothing()).executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n ? id : undefined;
    },
    sitting: async (id: string): Promise<Sitting | undefined> => {
      const row = await from().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : sittingOf(row);
    },
    sittingByNumber: async (number: string): Promise<Sitting | undefined> => {
      const row = await from().where('number', '=', number).executeTakeFirst();
      return row === undefined ? undefined : sittingOf(row);
    },
    sittings: async (): Promise<readonly Sitting[]> => (await from().orderBy('starts_at', 'desc').orderBy('id').limit(SITTINGS_SHOWN_MAX).execute()).map(sittingOf),
    /** Those that are to come or under way. */
    dueSittings: async (before: Instant): Promise<readonly Sitting[]> => (await from().where('state', 'in', ['convened', 'running', 'suspended']).where('papers_by', '<=', before).orderBy('starts_at').limit(SITTINGS_SHOWN_MAX).execute()).map(sittingOf),
    rewrite: async (sitting: Sitting, content: SittingContent, at: Instant): Promise<boolean> =>
      (await db.updateTable('secretariat_sittings').set({ ...columns(content), revision: sitting.revision + 1, changed_at: at }).where('id', '=', sitting.id).where('revision', '=', sitting.revision).executeTakeFirst()).numUpdatedRows === 1n,
    setState: async (tx: Tx | undefined, sitting: Sitting, state: SittingState, at: Instant, internalItems = sitting.internalItems): Promise<boolean> =>
      (await own(tx).updateTable('secretariat_sittings').set({ state, internal_items: internalItems, revision: sitting.revision + 1, changed_at: at }).where('id', '=', sitting.id).where('revision', '=', sitting.revision).executeTakeFirst()).numUpdatedRows === 1n,
    history: async (sittingId: string): Promise<readonly Happened[]> =>
      (await db.selectFrom('secretariat_acts').select(['number', 'at', 'act']).where('sitting_id', '=', sittingId).orderBy('number').limit(ACTS_MAX).execute()).map((row) => ({ number: row.number, at: row.at as Instant, act: row.act })),
    lastAct: async (sittingId: string): Promise<number> => Number((await db.selectFrom('secretariat_acts').select(sql<string | number | null>`max(number)`.as('last')).where('sitting_id', '=', sittingId).executeTakeFirst())?.last ?? 0),
    /** False when somebody else's act took the number meanwhile. */
    addAct: async (tx: Tx | undefined, sittingId: string, happened: Happened, actor: string): Promise<boolean> =>
      (await own(tx).insertInto('secretariat_acts').values({ sitting_id: sittingId, number: happened.number, at: happened.at, actor, act: json(happened.act) }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()).numInsertedOrUpdatedRows === 1n,
  };
}

function itemStore(db: Db, own: Own, isPublic: () => boolean) {
  const from = () => {
    const base = db.selectFrom('secretariat_items').selectAll();
    return isPublic() ? base : base.select(sql<string | number>`(select count(*) from secretariat_item_supporters s where s.item_id = secretariat_items.id)`.as('supporters'));
  };
  return {
    items: async (sittingId: string): Promise<readonly Item[]> => (await from().where('sitting_id', '=', sittingId).orderBy('position').orderBy('id').limit(ITEMS_MAX * 2).execute()).map(itemOf),
    item: async (id: string): Promise<Item | undefined> => {
      const row = await from().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : itemOf(row);
    },
    addItem: async (sittingId: string, content: ItemContent, state: ItemState): Promise<string> => {
      const id = randomUUID();
      await db.insertInto('secretariat_items').values({ id, sitting_id: sittingId, state, position: sql`(select coalesce(max(position), 0) + 1 from secretariat_items where sitting_id = ${sittingId}::uuid)` as never, ...itemColumns(content) }).execute();
      return id;
    },
    rewriteItem: async (id: string, content: ItemContent): Promise<void> => void (await db.updateTable('secretariat_items').set(itemColumns(content)).where('id', '=', id).execute()),
    setItem: async (id: string, state: ItemState, from_: ItemState, tx?: Tx): Promise<boolean> => (await own(tx).updateTable('secretariat_items').set({ state }).where('id', '=', id).where('state', '=', from_).executeTakeFirst()).numUpdatedRows === 1n,
    place: async (places: readonly { readonly id: string; readonly position: number }[]): Promise<void> =>
      db.transaction().execute(async (tx) => {
        for (const { id, position } of places) await tx.updateTable('secretariat_items').set({ position }).where('id', '=', id).execute();
      }),
    supportItem: async (itemId: string, person: string, name: string, at: Instant): Promise<number> => {
      await db.insertInto('secretariat_item_supporters').values({ item_id: itemId, person, name, at }).onConflict((conflict) => conflict.doNothing()).execute();
      const { count } = await db.selectFrom('secretariat_item_supporters').select(sql<string | number>`count(*)`.as('count')).where('item_id', '=', itemId).executeTakeFirstOrThrow();
      return Number(count);
    },
    itemsOfMotion: async (motionId: string): Promise<readonly Item[]> => (await from().where('motion_id', '=', motionId).limit(ITEMS_MAX).execute()).map(itemOf),
  };
}

function statementStore(db: Db) {
  return {
    statements: async (itemIds: readonly string[]): Promise<readonly Statement[]> =>
      itemIds.length === 0 ? [] : (await db.selectFrom('secretariat_statements').selectAll().where('item_id', 'in', [...itemIds]).orderBy('at').orderBy('id').limit(STATEMENTS_OF_ITEM_MAX * 4).execute()).map(statementOf),
    statement: async (id: string): Promise<Statement | undefined> => {
      const row = await db.selectFrom('secretariat_statements').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : statementOf(row);
    },
    countStatements: async (itemId: string): Promise<number> => Number((await db.selectFrom('secretariat_statements').select(sql<string | number>`count(*)`.as('count')).where('item_id', '=', itemId).executeTakeFirst())?.count ?? 0),
    addStatement: async ({ itemId, kind, theme, author, text, at }: Pick<Statement, 'itemId' | 'kind' | 'theme' | 'author' | 'text' | 'at'>, person: string): Promise<void> =>
      void (await db.insertInto('secretariat_statements').values({ id: randomUUID(), item_id: itemId, kind, theme, author, person, text, at, answer: '', verdict: null, answered_by: '', answered_at: null }).execute()),
    answer: async (id: string, { answer, verdict, by, at }: { readonly answer: string; readonly verdict: Statement['verdict']; readonly by: string; readonly at: Instant }): Promise<void> =>
      void (await db.updateTable('secretariat_statements').set({ answer, verdict: verdict ?? null, answered_by: by, answered_at: at }).where('id', '=', id).execute()),
  };
}

function minutesStore(db: Db, own: Own) {
  return {
    minutes: async (sittingId: string): Promise<Minutes | undefined> => {
      const row = await db.selectFrom('secretariat_minutes').selectAll().where('sitting_id', '=', sittingId).executeTakeFirst();
      return row === undefined ? undefined : minutesOf(row);
    },
    /** Sittings whose minutes stand in this state. */
    minutesStates: async (): Promise<ReadonlyMap<string, Minutes['state']>> => new Map((await db.selectFrom('secretariat_minutes').select(['sitting_id', 'state']).execute()).map((row) => [row.sitting_id, row.state])),
    startMinutes: async (sittingId: string, paragraphs: readonly Paragraph[], at: Instant): Promise<boolean> =>
      (await db.insertInto('secretariat_minutes').values({ sitting_id: sittingId, state: 'draft', paragraphs: json(paragraphs), revision: 1, changed_at: at, note: null, entry: null, digests: null, signed_at: null }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()).numInsertedOrUpdatedRows === 1n,
    changeMinutes: async (tx: Tx | undefined, minutes: Minutes, changes: Partial<Pick<Minutes, 'state' | 'paragraphs' | 'note' | 'entry' | 'digests' | 'signedAt'>>, at: Instant): Promise<boolean> => {
      const { state, paragraphs, note, entry, digests, signedAt } = changes;
      const set = { ...(state === undefined ? {} : { state }), ...(paragraphs === undefined ? {} : { paragraphs: json(paragraphs) }), ...(note === undefined ? {} : { note, entry: entry ?? null, digests: json(digests), signed_at: signedAt ?? null }) };
      return (await own(tx).updateTable('secretariat_minutes').set({ ...set, revision: minutes.revision + 1, changed_at: at }).where('sitting_id', '=', minutes.sittingId).where('revision', '=', minutes.revision).executeTakeFirst()).numUpdatedRows === 1n;
    },
    corrections: async (sittingId: string): Promise<readonly Correction[]> =>
      (await db.selectFrom('secretariat_corrections').selectAll().where('sitting_id', '=', sittingId).orderBy('at').orderBy('id').limit(CORRECTIONS_MAX).execute()).map((row) => ({ id: row.id, sittingId: row.sitting_id, paragraphId: row.paragraph_id, text: row.text, reason: row.reason, author: row.author, state: row.state, at: row.at as Instant })),
    addCorrection: async ({ sittingId, paragraphId, text, reason, author, at }: Omit<Correction, 'id' | 'state'>, person: string): Promise<void> =>
      void (await db.insertInto('secretariat_corrections').values({ id: randomUUID(), sitting_id: sittingId, paragraph_id: paragraphId, text: json(text), reason, author, person, state: 'proposed', at }).execute()),
    setCorrection: async (tx: Tx | undefined, id: string, state: CorrectionState): Promise<boolean> => (await own(tx).updateTable('secretariat_corrections').set({ state }).where('id', '=', id).where('state', '=', 'proposed').executeTakeFirst()).numUpdatedRows === 1n,
  };
}

function taskStore(db: Db) {
  const from = () => db.selectFrom('secretariat_tasks').select(['id', 'title', 'owner', 'owner_id', sql<string>`due_on::text`.as('due_on'), 'state', 'outcome', 'sitting_id', 'motion_id', 'revision', 'changed_at']);
  return {
    /** Those that are not over first, the earliest due date first. */
    tasks: async (): Promise<readonly Task[]> => (await from().orderBy(sql`state in ('done', 'dropped')`).orderBy('due_on').orderBy('id').limit(TASKS_SHOWN_MAX).execute()).map(taskOf),
    dueTasks: async (day: string): Promise<readonly Task[]> => (await from().where('state', 'in', ['open', 'doing']).where(sql<boolean>`due_on <= ${day}::date`).limit(TASKS_SHOWN_MAX).execute()).map(taskOf),
    task: async (id: string): Promise<Task | undefined> => {
      const row = await from().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : taskOf(row);
    },
    addTask: async ({ title, owner, dueOn, sittingId, motionId }: TaskContent, ownerId: string | undefined, at: Instant): Promise<string> => {
      const id = randomUUID();
      await db.insertInto('secretariat_tasks').values({ id, title: json(title), owner, owner_id: ownerId ?? null, due_on: dueOn, state: 'open', outcome: '', sitting_id: sittingId ?? null, motion_id: motionId ?? null, revision: 1, changed_at: at }).execute();
      return id;
    },
    setTask: async (task: Task, state: TaskState, outcome: string, at: Instant): Promise<boolean> =>
      (await db.updateTable('secretariat_tasks').set({ state, outcome, revision: task.revision + 1, changed_at: at }).where('id', '=', task.id).where('revision', '=', task.revision).executeTakeFirst()).numUpdatedRows === 1n,
  };
}

function noticeStore(db: Db) {
  return {
    off: async (person: string): Promise<readonly NoticeKind[]> => (await db.selectFrom('secretariat_preferences').select('off').where('person', '=', person).executeTakeFirst())?.off ?? [],
    allOff: async (): Promise<ReadonlyMap<string, readonly NoticeKind[]>> => new Map((await db.selectFrom('secretariat_preferences').selectAll().execute()).map((row) => [row.person, row.off])),
    prefer: async (person: string, off: readonly NoticeKind[]): Promise<void> => void (await db.insertInto('secretariat_preferences').values({ person, off: json(off) }).onConflict((conflict) => conflict.column('person').doUpdateSet({ off: json(off) })).execute()),
    /** True for the first who says so: they tell it. */
    tellOnce: async (what: string, at: Instant): Promise<boolean> => (await db.insertInto('secretariat_told').values({ what, at }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()).numInsertedOrUpdatedRows === 1n,
  };
}
