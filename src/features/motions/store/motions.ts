/** Keeps motions: every change names the revision it saw and adds its event in the same transaction. */

import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import { assert, type Instant } from '../../../base/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { type Amendment, type AmendmentState, type AnnexRow, DUE_MAX, EVENTS_SHOWN_MAX, type ListFilter, type ListKey, type Motion, type MotionContent, type MotionEvent, type Settings, SETTINGS_DEFAULT, type Standing } from '../model.ts';
import { likenessOf } from '../rules/motion-words.ts';
import { foldLetters } from '../../../platform/text/index.ts';
import type { MotionTables } from './tables.ts';

type Row = Omit<Selectable<MotionTables['motions_motions']>, 'mover_name' | 'moved_by' | 'job_id' | 'told'> & { readonly mover_name?: string; readonly moved_by?: string; readonly job_id?: string | null; readonly supporters?: number };
type Changes = Partial<Omit<MotionTables['motions_motions'], 'id' | 'revision'>>;

/** What everybody may read; the names of movers are for those who work on motions. */
const PUBLIC_COLUMNS = ['id', 'number', 'option', 'slot', 'round', 'kind', 'class', 'state', 'authentic', 'title', 'body', 'basis', 'parties', 'subject', 'created_at', 'changed_at', 'revision', 'manifest', 'digest', 'amend_until', 'opened_at', 'closes_at', 'in_force_at', 'lapses_at', 'effect', 'effect_why', 'effect_at'] as const;

export interface Happened {
  readonly act: string;
  readonly actor: string;
  readonly at: Instant;
  readonly detail?: string | undefined;
}

export interface MotionStore {
  create(content: MotionContent, of: { readonly moverName: string; readonly rivalOf?: Motion | undefined; readonly option?: string }, happened: Happened): Promise<string>;
  get(id: string): Promise<Motion | undefined>;
  byDigest(digest: string): Promise<Motion | undefined>;
  /** All options of a slot, in the order of their letters. */
  ofSlot(slot: string): Promise<readonly Motion[]>;
  ofNumber(number: string): Promise<readonly Motion[]>;
  list(filter: ListFilter, limit: number, after?: ListKey): Promise<{ readonly items: readonly Motion[]; readonly next?: ListKey }>;
  counts(): Promise<readonly { readonly kind: string; readonly state: string; readonly count: number }[]>;
  sameText(motion: Motion): Promise<readonly Motion[]>;
  /** Changes it if nobody did since `revision`, and adds the event; false otherwise. `also` runs in the same transaction. */
  change(motion: Motion, changes: Changes, happened: Happened | undefined, also?: (tx: Tx) => Promise<void>): Promise<boolean>;
  /** The same inside a transaction that is under way. */
  changeIn(tx: Tx, motion: Motion, changes: Changes, happened: Happened | undefined): Promise<boolean>;
  rewrite(motion: Motion, content: MotionContent, happened: Happened): Promise<boolean>;
  /** The next number of a year; unique because the column is, callers try again. */
  nextNumber(year: string): Promise<string>;
  annexes(id: string): Promise<readonly AnnexRow[]>;
  annexOf(sha256: string): Promise<AnnexRow | undefined>;
  putAnnex(id: string, annex: Omit<AnnexRow, 'motionId' | 'position'>): Promise<void>;
  removeAnnex(id: string, position: number): Promise<void>;
  dropDossier(id: string): Promise<void>;
  support(id: string, person: string, name: string, at: Instant): Promise<boolean>;
  unsupport(id: string, person: string): Promise<void>;
  supports(id: string, person: string): Promise<boolean>;
  amendments(id: string): Promise<readonly Amendment[]>;
  addAmendment(amendment: Omit<Amendment, 'number' | 'supporters' | 'state'>): Promise<number>;
  setAmendment(id: string, state: AmendmentState, at: Instant, tx?: Tx): Promise<void>;
  moveAmendment(id: string, paragraph: number, tx: Tx): Promise<void>;
  supportAmendment(id: string, person: string, at: Instant): Promise<void>;
  events(id: string): Promise<readonly MotionEvent[]>;
  /** Motions on which the clock has something to do. */
  due(now: Instant, closingBefore: Instant): Promise<readonly Motion[]>;
  told(id: string): Promise<string>;
  setStanding(tx: Tx, systemId: string, motionId: string, standing: Standing['standing'], since: Instant, until: Instant | undefined): Promise<void>;
  endStanding(tx: Tx, motionId: string, at: Instant): Promise<void>;
  standing(systemId: string, now: Instant): Promise<Standing | undefined>;
  settings(): Promise<Settings>;
  saveSettings(settings: Settings): Promise<void>;
}

const json = (value: unknown): never => sql`${JSON.stringify(value)}::jsonb` as never;

function contentColumns(content: MotionContent): Record<string, unknown> {
  return {
    kind: content.kind,
    class: content.class,
    authentic: content.authentic,
    title: json(content.title),
    body: json(content.body),
    basis: json(content.basis),
    parties: json(content.parties),
    subject: json(content.subject),
    words: foldLetters([...Object.values(content.title), ...content.parties].join(' ')),
    likeness: likenessOf(`${content.title[content.authentic]} ${content.body[content.authentic]}`),
  };
}

const at = (value: string | null): Instant | undefined => (value === null ? undefined : (value as Instant));

function motionOf(row: Row): Motion {
  return {
    id: row.id, number: row.number ?? undefined, option: row.option, slot: row.slot ?? undefined, round: row.round, kind: row.kind, class: row.class, state: row.state, authentic: row.authentic,
    title: row.title, body: row.body, basis: row.basis, parties: row.parties, subject: row.subject, moverName: row.mover_name ?? '', movedBy: row.moved_by ?? '',
    createdAt: row.created_at as Instant, changedAt: row.changed_at as Instant, revision: row.revision, manifest: row.manifest ?? undefined, digest: row.digest ?? undefined,
    amendUntil: at(row.amend_until), openedAt: at(row.opened_at), closesAt: at(row.closes_at), inForceAt: at(row.in_force_at), lapsesAt: at(row.lapses_at),
    effect: row.effect, effectWhy: row.effect_why ?? undefined, effectAt: at(row.effect_at), jobId: row.job_id ?? undefined, supporters: row.supporters ?? 0,
  };
}

export function createMotionStore(database: Database): MotionStore {
  const db = database.db.withTables<MotionTables>();
  const isPublic = (): boolean => database.scope().reach === 'public';
  const from = () => {
    const counted = sql<number>`(select count(*) from motions_supporters s where s.motion_id = motions_motions.id)`.as('supporters');
    return isPublic() ? db.selectFrom('motions_motions').select(PUBLIC_COLUMNS).select(counted) : db.selectFrom('motions_motions').select([...PUBLIC_COLUMNS, 'mover_name', 'moved_by', 'job_id']).select(counted);
  };
  const many = async (query: { execute(): Promise<readonly unknown[]> }): Promise<readonly Motion[]> => (await query.execute()).map((row) => motionOf(row as Row));
  const one = async (query: { executeTakeFirst(): Promise<unknown> }): Promise<Motion | undefined> => {
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : motionOf(row as Row);
  };
  const addEvent = async (tx: Kysely<MotionTables>, motionId: string, { act, actor, at: when, detail }: Happened): Promise<void> => {
    await tx.insertInto('motions_events').values({ motion_id: motionId, number: sql`(select coalesce(max(number), 0) + 1 from motions_events where motion_id = ${motionId}::uuid)` as never, at: when, act, actor, detail: detail ?? null }).execute();
  };
  const write = async (tx: Kysely<MotionTables>, motion: Motion, columns: Record<string, unknown>, happened: Happened | undefined): Promise<boolean> => {
    const { numUpdatedRows } = await tx.updateTable('motions_motions').set({ ...columns, revision: motion.revision + 1, ...(happened === undefined ? {} : { changed_at: happened.at }) } as never).where('id', '=', motion.id).where('revision', '=', motion.revision).executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    if (happened !== undefined) await addEvent(tx, motion.id, happened);
    return true;
  };
  const update = async (motion: Motion, columns: Record<string, unknown>, happened: Happened | undefined, also?: (tx: Tx) => Promise<void>): Promise<boolean> =>
    db.transaction().execute(async (tx) => {
      const isWritten = await write(tx, motion, columns, happened);
      if (isWritten) await also?.(tx as unknown as Tx);
      return isWritten;
    });
  const own = (tx: Tx): Kysely<MotionTables> => tx as unknown as Kysely<MotionTables>;
  return {
    create: async (content, { moverName, rivalOf, option = 'A' }, happened) => {
      const id = randomUUID();
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('motions_motions').values({ id, number: rivalOf?.number ?? null, slot: rivalOf?.slot ?? null, option, state: 'draft', mover_name: moverName, moved_by: happened.actor, created_at: happened.at, changed_at: happened.at, ...contentColumns(content) } as never).execute();
        await addEvent(tx, id, happened);
      });
      return id;
    },
    get: async (id) => one(from().where('id', '=', id)),
    byDigest: async (digest) => one(from().where('digest', '=', digest)),
    ofSlot: async (slot) => many(from().where('slot', '=', slot).where('number', 'is not', null).orderBy('option')),
    ofNumber: async (number) => many(from().where('number', '=', number).orderBy('option')),
    list: async ({ q, state, kind, system }, limit, after) => {
      let query = from().orderBy('changed_at', 'desc').orderBy('id').limit(limit + 1);
      for (const word of foldLetters(q ?? '').split(' ').filter((each) => each !== '').slice(0, 8)) query = query.where((eb) => eb.or([sql<boolean>`strpos(words, ${word}) > 0`, sql<boolean>`number = ${word}`]));
      if (state !== undefined) query = query.where('state', '=', state);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (system !== undefined) query = query.where(sql<boolean>`subject ->> 'system' = ${system}`);
      if (after !== undefined) query = query.where(sql<boolean>`changed_at <= ${after.changedAt}::timestamptz and (changed_at < ${after.changedAt}::timestamptz or id > ${after.id}::uuid)`);
      const rows = await many(query);
      const last = rows[limit - 1];
      return { items: rows.slice(0, limit), ...(rows.length > limit && last !== undefined ? { next: { changedAt: last.changedAt, id: last.id } } : {}) };
    },
    counts: async () => (await db.selectFrom('motions_motions').select(['kind', 'state', sql<number>`count(*)`.as('count')]).groupBy(['kind', 'state']).execute()).map((row) => ({ ...row })),
    sameText: async (motion) => many(from().where('likeness', '=', likenessOf(`${motion.title[motion.authentic]} ${motion.body[motion.authentic]}`)).where('id', '<>', motion.id).where('state', '<>', 'withdrawn').orderBy('changed_at', 'desc').limit(5)),
    change: async (motion, changes, happened, also) => update(motion, changes, happened, also),
    changeIn: async (tx, motion, changes, happened) => write(own(tx), motion, changes, happened),
    rewrite: async (motion, content, happened) => update(motion, contentColumns(content), happened),
    nextNumber: async (year) => {
      const row = await db.selectFrom('motions_motions').select(sql<string | null>`max(split_part(number, '-', 2)::integer)`.as('last')).where('number', 'like', `${year}-%`).executeTakeFirst();
      return `${year}-${String(Number(row?.last ?? 0) + 1).padStart(3, '0')}`;
    },
    annexes: async (id) => (await db.selectFrom('motions_annexes').selectAll().where('motion_id', '=', id).orderBy('position').execute()).map(annexOf),
    annexOf: async (sha256) => {
      const row = await db.selectFrom('motions_annexes').selectAll().where('sha256', '=', sha256).limit(1).executeTakeFirst();
      return row === undefined ? undefined : annexOf(row);
    },
    putAnnex: async (id, { name, source, sha256, bytes, mediaType, content }) => {
      await db.insertInto('motions_annexes').values({ motion_id: id, position: sql`(select coalesce(max(position), 0) + 1 from motions_annexes where motion_id = ${id}::uuid)` as never, name, source, sha256, bytes, media_type: mediaType, content: content ?? null }).execute();
    },
    removeAnnex: async (id, position) => void (await db.deleteFrom('motions_annexes').where('motion_id', '=', id).where('position', '=', position).where('source', '=', 'file').execute()),
    dropDossier: async (id) => void (await db.deleteFrom('motions_annexes').where('motion_id', '=', id).where('source', '<>', 'file').execute()),
    support: async (id, person, name, when) => (await db.insertInto('motions_supporters').values({ motion_id: id, person, name, at: when }).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()).numInsertedOrUpdatedRows === 1n,
    unsupport: async (id, person) => void (await db.deleteFrom('motions_supporters').where('motion_id', '=', id).where('person', '=', person).execute()),
    supports: async (id, person) => (await db.selectFrom('motions_supporters').select('person').where('motion_id', '=', id).where('person', '=', person).executeTakeFirst()) !== undefined,
    amendments: async (id) => {
      const columns = ['id', 'motion_id', 'number', 'act', 'paragraph', 'text', 'reason', 'state', 'at'] as const;
      const counted = sql<number>`(select count(*) from motions_amendment_supporters s where s.amendment_id = motions_amendments.id)`.as('supporters');
      const base = db.selectFrom('motions_amendments').where('motion_id', '=', id).orderBy('number');
      const rows = isPublic() ? await base.select(columns).select(counted).execute() : await base.select([...columns, 'mover_name', 'moved_by']).select(counted).execute();
      return rows.map((row): Amendment => ({ id: row.id, motionId: row.motion_id, number: row.number, act: row.act, paragraph: row.paragraph, text: row.text, reason: row.reason, state: row.state, at: row.at as Instant, supporters: row.supporters, moverName: 'mover_name' in row ? String(row.mover_name) : '', movedBy: 'moved_by' in row ? String(row.moved_by) : '' }));
    },
    addAmendment: async ({ id, motionId, act, paragraph, text, reason, moverName, movedBy, at: when }) => {
      const row = await db.insertInto('motions_amendments').values({ id, motion_id: motionId, number: sql`(select coalesce(max(number), 0) + 1 from motions_amendments where motion_id = ${motionId}::uuid)` as never, act, paragraph, text: json(text), reason, mover_name: moverName, moved_by: movedBy, state: 'proposed', at: when, decided_at: null }).returning('number').executeTakeFirstOrThrow();
      return row.number;
    },
    setAmendment: async (id, state, when, tx) => void (await (tx === undefined ? db : own(tx)).updateTable('motions_amendments').set({ state, decided_at: when }).where('id', '=', id).execute()),
    moveAmendment: async (id, paragraph, tx) => void (await own(tx).updateTable('motions_amendments').set({ paragraph }).where('id', '=', id).execute()),
    supportAmendment: async (id, person, when) => void (await db.insertInto('motions_amendment_supporters').values({ amendment_id: id, person, at: when }).onConflict((conflict) => conflict.doNothing()).execute()),
    events: async (id) => (await db.selectFrom('motions_events').select(['number', 'at', 'act', 'detail']).where('motion_id', '=', id).orderBy('number').limit(EVENTS_SHOWN_MAX).execute()).map((row) => ({ number: row.number, at: row.at as Instant, act: row.act, detail: row.detail ?? undefined })),
    due: async (now, closingBefore) =>
      many(from().where((eb) => eb.or([
        eb.and([eb('state', '=', 'standstill'), eb('in_force_at', '<=', now)]),
        eb.and([eb('state', 'in', ['in-force', 'completed']), eb('lapses_at', '<=', now)]),
        eb.and([eb('state', 'in', ['in-force', 'completed']), eb('effect', '=', 'waiting')]),
        eb.and([eb('state', '=', 'open'), eb('closes_at', '<=', closingBefore)]),
      ])).orderBy('changed_at').limit(DUE_MAX)),
    told: async (id) => (await db.selectFrom('motions_motions').select('told').where('id', '=', id).executeTakeFirst())?.told ?? '',
    setStanding: async (tx, systemId, motionId, standing, since, until) => void (await own(tx).insertInto('motions_standings').values({ system_id: systemId, motion_id: motionId, standing, since, until: until ?? null, ended_at: null }).onConflict((conflict) => conflict.doNothing()).execute()),
    endStanding: async (tx, motionId, when) => void (await own(tx).updateTable('motions_standings').set({ ended_at: when }).where('motion_id', '=', motionId).where('ended_at', 'is', null).execute()),
    standing: async (systemId, now) => {
      const row = await db.selectFrom('motions_standings as s').innerJoin('motions_motions as m', 'm.id', 's.motion_id').select(['s.system_id', 's.standing', 's.motion_id', 's.since', 's.until', 'm.number', 'm.slot', 'm.round']).where('s.system_id', '=', systemId).where('s.ended_at', 'is', null).where((eb) => eb.or([eb('s.until', 'is', null), eb('s.until', '>', now)])).orderBy('s.since', 'desc').limit(1).executeTakeFirst();
      if (row === undefined) return undefined;
      assert(row.number !== null && row.slot !== null, 'what is in force was voted on');
      return { systemId: row.system_id, standing: row.standing, motionId: row.motion_id, number: row.number, slot: row.slot, round: row.round, since: row.since as Instant, until: at(row.until) };
    },
    settings: async () => ({ ...SETTINGS_DEFAULT, ...(await db.selectFrom('motions_settings').select('value').executeTakeFirst())?.value }),
    saveSettings: async (settings) => void (await db.insertInto('motions_settings').values({ only_row: true, value: json(settings) }).onConflict((conflict) => conflict.column('only_row').doUpdateSet({ value: json(settings) })).execute()),
  };
}

function annexOf(row: Selectable<MotionTables['motions_annexes']>): AnnexRow {
  return { motionId: row.motion_id, position: row.position, name: row.name, source: row.source, sha256: row.sha256, bytes: row.bytes, mediaType: row.media_type, content: row.content ?? undefined };
}
