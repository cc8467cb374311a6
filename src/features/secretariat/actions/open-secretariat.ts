/** The service of the secretariat: sittings and agendas, what happens in them, minutes up to the signed note in the log, tasks. */

import { randomUUID } from 'node:crypto';
import { type Language, LANGUAGES, no, type Verdict, yes } from '../../../base/index.ts';
import { demandScope, type Scope, systemScope, within } from '../../../platform/auth/index.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { printMinutes } from '../../../proof/council/seat-texts.ts';
import type { RoundFacts } from '../../council/index.ts';
import type { Motion } from '../../motions/index.ts';
import { type Act, CORRECTIONS_MAX, type Correction, type CommentVerdict, type FieldError, type Happened, type Item, ITEMS_MAX, type ItemState, type Localised, type Minutes, type MinutesState, type NoticeKind, type Paragraph, PARAGRAPH_CHARS_MAX, PARAGRAPHS_MAX, type Sitting, type SittingRefusal, type Statement, type StatementKind, STATEMENTS_OF_ITEM_MAX, type Task, TEXT_CHARS_MAX, TITLE_CHARS_MAX } from '../model.ts';
import { moved as movedItems } from '../rules/agenda.ts';
import { draftMinutes, minutesText, untranslated } from '../rules/draft-minutes.ts';
import { afterDoing, ITEM_LIFE, mayDo, MINUTES_LIFE, SITTING_LIFE, type SittingAct, TASK_LIFE } from '../rules/life.ts';
import { judgeNext, lastUndoable, type Live, replay } from '../rules/live.ts';
import { type Given, readItem, readSitting, readTask, tidyLine, tidyText } from '../rules/read-forms.ts';
import { createStore } from '../store/secretariat-store.ts';
import type { SecretariatParts, Work } from './parts.ts';
import { cancelled, convened, minutesCirculated, moved, tell, tellDue } from './tell.ts';

type Done<T = true> = Promise<Verdict<T, SittingRefusal>>;
const NUMBER_TRIES_MAX = 5;
const ACT_TRIES_MAX = 5;

export interface SittingView {
  readonly sitting: Sitting;
  readonly items: readonly Item[];
  readonly statements: readonly Statement[];
  /** Motions on the agenda with what the log says of their vote. */
  readonly motions: ReadonlyMap<string, { readonly motion: Motion; readonly round: RoundFacts | undefined }>;
  readonly live: Live;
  readonly history: readonly Happened[];
  readonly minutesState: MinutesState | undefined;
  readonly seats: number;
  readonly quorum: number;
  readonly minority: number;
}

export interface MinutesView {
  readonly sitting: Sitting;
  readonly minutes: Minutes;
  readonly corrections: readonly Correction[];
}

/** A person as far as an act names them. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

export type Secretariat = ReturnType<typeof openSecretariat>;

export function openSecretariat(parts: SecretariatParts) {
  const work: Work = { ...parts, store: createStore(parts.database) };
  const listeners = new Map<string, Set<() => void>>();
  /** Told by this process or another one. */
  const changed = (sittingId: string): void => listeners.get(sittingId)?.forEach((listener) => listener());
  const announce = async (sittingId: string): Promise<void> => (parts.announce === undefined ? changed(sittingId) : parts.announce(sittingId));
  return {
    ...sittingActions(work),
    ...agendaActions(work, announce),
    ...liveActions(work, announce),
    ...minutesActions(work),
    ...taskActions(work),
    preferences: async (person: string): Promise<readonly NoticeKind[]> => work.store.off(person),
    prefer: async (person: string, off: readonly NoticeKind[]): Promise<void> => work.store.prefer(person, off),
    /** What the clock asks for. */
    tick: async (): Promise<void> => within(systemScope, async () => tellDue(work)),
    changed,
    /** Calls the listener at each change of a sitting until it is taken away again. */
    watch: (sittingId: string, listener: () => void): (() => void) => {
      const own = listeners.get(sittingId) ?? new Set();
      listeners.set(sittingId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(sittingId) === own) listeners.delete(sittingId);
      };
    },
  };
}

const fields = (errors: readonly FieldError[]): { readonly ok: false; readonly refusal: SittingRefusal } => no({ code: 'sitting-fields', fields: errors });
const stale = (): { readonly ok: false; readonly refusal: SittingRefusal } => no({ code: 'sitting-stale' });

async function withSitting<T>(work: Work, id: string, act: SittingAct | undefined, does: (sitting: Sitting) => Done<T>): Done<T> {
  const sitting = await work.store.sitting(id);
  if (sitting === undefined) return no({ code: 'no-sitting' });
  if (act !== undefined && !mayDo(SITTING_LIFE, sitting.state, act)) return no({ code: 'sitting-not-now', state: sitting.state, act });
  return does(sitting);
}

async function motionsOf(work: Work, items: readonly Item[]): Promise<SittingView['motions']> {
  const found = new Map<string, { motion: Motion; round: RoundFacts | undefined }>();
  for (const { motionId } of items) {
    if (motionId === undefined || found.has(motionId)) continue;
    const view = await work.motions.view(motionId);
    if (view !== undefined) found.set(motionId, { motion: view.motion, round: view.round });
  }
  return found;
}

function known(work: Work, items: readonly Item[]): Parameters<typeof replay>[1] {
  return { items: new Set(items.filter(({ state }) => state === 'agenda' || state === 'demanded').map(({ id }) => id)), seats: work.council.constitution().seats };
}

// ---------------------------------------------------------------- sittings

function sittingActions(work: Work) {
  const { store, clock, council } = work;
  return {
    sittings: async (): Promise<readonly Sitting[]> => store.sittings(),
    minutesStates: async () => store.minutesStates(),
    sitting: async (id: string): Promise<Sitting | undefined> => store.sitting(id),
    /** `isWhole`: with what only members see; without it what the public may. */
    view: async (id: string, isWhole: boolean): Promise<SittingView | undefined> => {
      const sitting = await store.sitting(id);
      if (sitting === undefined) return undefined;
      const items = await store.items(id);
      const [statements, history, minutes, motions] = await Promise.all([isWhole ? store.statements(items.map((one) => one.id)) : [], isWhole ? store.history(id) : [], store.minutes(id), motionsOf(work, items)]);
      const { seats, quorum, minority } = council.constitution();
      return { sitting, items, statements, motions, history, live: replay(history, known(work, items)), minutesState: minutes?.state, seats, quorum, minority };
    },
    create: async (given: Given): Done<string> => {
      const content = readSitting(given);
      if (!content.ok) return fields(content.refusal);
      for (let attempt = 0; attempt < NUMBER_TRIES_MAX; attempt += 1) {
        const id = await store.create(content.value, clock.now());
        if (id !== undefined) return yes(id);
      }
      return stale();
    },
    save: async (id: string, given: Given, revision: number): Done =>
      withSitting(work, id, 'edit', async (sitting) => {
        const content = readSitting(given);
        if (!content.ok) return fields(content.refusal);
        if (sitting.revision !== revision || !(await store.rewrite(sitting, content.value, clock.now()))) return stale();
        const next = await store.sitting(id);
        const isMoved = next !== undefined && (next.startsAt !== sitting.startsAt || next.endsAt !== sitting.endsAt || next.place !== sitting.place || next.link !== sitting.link);
        if (sitting.state === 'convened' && isMoved) await tell(work, moved(next));
        return yes(true);
      }),
    /** Members are told, the agenda becomes public, and the log keeps it: internal items by salted commitments only. */
    convene: async (id: string): Done =>
      withSitting(work, id, 'convene', async (sitting) => {
        const items = (await store.items(id)).filter(({ state }) => state === 'agenda' || state === 'demanded');
        if (items.length === 0) return no({ code: 'sitting-agenda-empty' });
        const internal = items.filter((one) => one.internal);
        const isDone = await store.together(async (tx) => {
          const isWritten = await store.setState(tx, sitting, 'convened', clock.now(), internal.length);
          if (isWritten) {
            const secret = Object.fromEntries(internal.map((item, index) => [`item-${index + 1}`, { ...item.title }]));
            await work.record?.(tx, { act: 'convened', body: { number: sitting.number, kind: sitting.kind, starts: sitting.startsAt, ends: sitting.endsAt, papers: sitting.papersBy, items: items.length, internal: internal.length }, ...(internal.length === 0 ? {} : { secret }) });
          }
          return isWritten;
        });
        if (!isDone) return stale();
        await tell(work, convened(sitting));
        return yes(true);
      }),
    cancel: async (id: string): Done =>
      withSitting(work, id, 'cancel', async (sitting) => {
        const isDone = await store.together(async (tx) => {
          const isWritten = await store.setState(tx, sitting, 'cancelled', clock.now());
          if (isWritten && sitting.state !== 'draft') await work.record?.(tx, { act: 'cancelled', body: { number: sitting.number } });
          return isWritten;
        });
        if (!isDone) return stale();
        if (sitting.state !== 'draft') await tell(work, cancelled(sitting));
        return yes(true);
      }),
  };
}

// ---------------------------------------------------------------- agenda and what is written to items

function agendaActions(work: Work, announce: (id: string) => Promise<void>) {
  const { store, clock, council } = work;
  const hasMotion = async (given: Given): Promise<boolean> => {
    const id = tidyLine(given['motion']);
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && (await work.motions.view(id)) !== undefined;
  };
  const withItem = async <T>(itemId: string, does: (item: Item, sitting: Sitting) => Done<T>, act: SittingAct | undefined = 'edit'): Done<T> => {
    const item = await store.item(itemId);
    return item === undefined ? no({ code: 'no-sitting' }) : withSitting(work, item.sittingId, act, async (sitting) => does(item, sitting));
  };
  return {
    item: async (id: string): Promise<Item | undefined> => store.item(id),
    itemsOfMotion: async (motionId: string): Promise<readonly Item[]> => store.itemsOfMotion(motionId),
    /** The secretariat puts it on the agenda; a member proposes it. */
    addItem: async (sittingId: string, given: Given, state: Extract<ItemState, 'agenda' | 'proposed'>, author?: Author): Done<string> =>
      withSitting(work, sittingId, 'edit', async (sitting) => {
        const items = await store.items(sittingId);
        if (items.length >= ITEMS_MAX) return no({ code: 'sitting-too-many' });
        const content = readItem(given, items, await hasMotion(given));
        if (!content.ok) return fields(content.refusal);
        const id = await store.addItem(sittingId, content.value, state);
        if (state === 'proposed' && author !== undefined) await store.supportItem(id, author.id, author.name, clock.now());
        await announce(sitting.id);
        return yes(id);
      }),
    saveItem: async (itemId: string, given: Given): Done =>
      withItem(itemId, async (item, sitting) => {
        const content = readItem(given, await store.items(sitting.id), await hasMotion(given), itemId);
        if (!content.ok) return fields(content.refusal);
        await store.rewriteItem(item.id, content.value);
        return yes(true);
      }),
    moveItem: async (itemId: string, by: -1 | 1): Done =>
      withItem(itemId, async (item) => {
        await store.place(movedItems((await store.items(item.sittingId)).filter(({ state }) => state === 'agenda' || state === 'demanded'), itemId, by));
        return yes(true);
      }),
    takeItem: async (itemId: string): Done => withItem(itemId, async (item) => setItem(work, item, 'take')),
    dropItem: async (itemId: string): Done => withItem(itemId, async (item) => setItem(work, item, 'drop')),
    /** A member stands behind an item; with as many as the constitution's minority it is on the agenda and stays. */
    supportItem: async (itemId: string, author: Author): Done<number> =>
      withItem(itemId, async (item) => {
        if (!mayDo(ITEM_LIFE, item.state, 'demand')) return no({ code: 'sitting-not-now', state: 'convened', act: 'support' });
        const count = await store.supportItem(itemId, author.id, author.name, clock.now());
        if (count >= council.constitution().minority) await store.setItem(itemId, 'demanded', item.state);
        return yes(count);
      }),
    /** Conflicts and comments until the papers are due; written contributions to a written procedure until its end; questions until the sitting is over. */
    state: async (itemId: string, kind: StatementKind, given: Given, author: Author): Done =>
      withItem(
        itemId,
        async (item, sitting) => {
          const text = tidyText(given['text']);
          const theme = tidyLine(given['theme']);
          const errors: FieldError[] = [];
          if (text === '') errors.push({ field: 'text', problem: 'missing' });
          if (text.length > TEXT_CHARS_MAX) errors.push({ field: 'text', problem: 'too-long' });
          if (kind === 'consultation' && theme === '') errors.push({ field: 'theme', problem: 'missing' });
          if (theme.length > TITLE_CHARS_MAX) errors.push({ field: 'theme', problem: 'too-long' });
          if (errors.length > 0) return fields(errors);
          const now = clock.now();
          if (['closed', 'cancelled', 'draft'].includes(sitting.state) && !(kind === 'consultation' && sitting.state === 'draft')) return no({ code: 'sitting-not-now', state: sitting.state, act: kind });
          const isLate = kind === 'conflict' ? now > sitting.papersBy : sitting.kind === 'written' && now > sitting.endsAt;
          if (isLate) return no({ code: 'sitting-statement-late' });
          if ((await store.countStatements(itemId)) >= STATEMENTS_OF_ITEM_MAX) return no({ code: 'sitting-too-many' });
          await store.addStatement({ itemId: item.id, kind, theme, author: author.name, text, at: now }, author.id);
          await announce(sitting.id);
          return yes(true);
        },
        undefined,
      ),
    answerStatement: async (statementId: string, given: Given, author: Author): Done<string> => {
      const statement = await store.statement(statementId);
      if (statement === undefined) return no({ code: 'no-sitting' });
      const answer = tidyText(given['answer']);
      const verdict = (['taken', 'partly', 'not-taken', 'noted'] as const).find((one): one is CommentVerdict => one === given['verdict']);
      const errors: FieldError[] = [];
      if (answer === '') errors.push({ field: 'answer', problem: 'missing' });
      if (answer.length > TEXT_CHARS_MAX) errors.push({ field: 'answer', problem: 'too-long' });
      if (statement.kind === 'consultation' && verdict === undefined) errors.push({ field: 'verdict', problem: 'missing' });
      if (errors.length > 0) return fields(errors);
      await store.answer(statementId, { answer, verdict: statement.kind === 'consultation' ? verdict : undefined, by: author.name, at: clock.now() });
      return yes(statement.itemId);
    },
  };
}

async function setItem(work: Work, item: Item, act: keyof typeof ITEM_LIFE): Done {
  const next = afterDoing(ITEM_LIFE, item.state, act);
  if (!next.ok) return no({ code: 'sitting-not-now', state: 'convened', act });
  return (await work.store.setItem(item.id, next.value, item.state)) ? yes(true) : stale();
}

// ---------------------------------------------------------------- the sitting itself

const STATE_ACTS: Readonly<Partial<Record<Act['act'], SittingAct>>> = { open: 'open', suspend: 'suspend', resume: 'resume', close: 'close' };

function liveActions(work: Work, announce: (id: string) => Promise<void>) {
  const { store, clock } = work;
  /** Judges the act against what stands, gives it the next number, and tries again when somebody else's act came between. */
  const act = async (sittingId: string, made: (history: readonly Happened[]) => Happened['act'] | undefined): Done =>
    withSitting(work, sittingId, undefined, async (first) => {
      for (let attempt = 0; attempt < ACT_TRIES_MAX; attempt += 1) {
        const sitting = attempt === 0 ? first : await store.sitting(sittingId);
        const [history, items] = await Promise.all([store.history(sittingId), store.items(sittingId)]);
        const next = made(history);
        if (sitting === undefined || next === undefined) return no({ code: 'sitting-act', why: 'nothing-to-undo' });
        const happened: Happened = { number: history.length + 1, at: clock.now(), act: next };
        const stateAct = next.act === 'undo' ? undefined : STATE_ACTS[next.act];
        if (sitting.kind === 'written' && stateAct === undefined) return no({ code: 'sitting-act', why: 'not-running' });
        const state = stateAct === undefined ? yes(sitting.state) : afterDoing(SITTING_LIFE, sitting.state, stateAct);
        if (!state.ok || !['convened', 'running', 'suspended'].includes(sitting.state)) return no({ code: 'sitting-not-now', state: sitting.state, act: next.act });
        if (next.act !== 'undo') {
          const judged = judgeNext(history, next, happened.at, known(work, items));
          if (!judged.ok) return no({ code: 'sitting-act', why: judged.refusal });
        }
        const isWritten = await write(sitting, happened, stateAct === undefined ? undefined : state.value);
        if (!isWritten) continue;
        await announce(sittingId);
        return yes(true);
      }
      return stale();
    });
  const write = async (sitting: Sitting, happened: Happened, state: Sitting['state'] | undefined): Promise<boolean> =>
    store.together(async (tx) => {
      if (!(await store.addAct(tx, sitting.id, happened, demandScope().actor))) return false;
      if (state === undefined) return true;
      if (!(await store.setState(tx, sitting, state, happened.at))) throw new Rollback();
      await work.record?.(tx, { act: happened.act.act, body: { number: sitting.number, state } });
      return true;
    }).catch((error: unknown) => {
      if (error instanceof Rollback) return false;
      throw error;
    });
  return {
    act: async (sittingId: string, one: Act): Done => act(sittingId, () => one),
    /** Takes the last act back. `seen` is the number of the last act that the person saw: who undoes must not take back what they have not seen. */
    undo: async (sittingId: string, seen: number): Done =>
      act(sittingId, (history) => {
        const last = lastUndoable(history);
        return last === undefined || history.length !== seen ? undefined : { act: 'undo', undone: last.number };
      }),
    /** For a stream, which outlives its request: with the rights it was opened with. */
    lastActAs: async (scope: Scope, sittingId: string): Promise<number> => within(scope, async () => store.lastAct(sittingId)),
  };
}

class Rollback extends Error {}

// ---------------------------------------------------------------- minutes

function minutesActions(work: Work) {
  const { store, clock } = work;
  const withMinutes = async <T>(sittingId: string, act: keyof typeof MINUTES_LIFE, does: (minutes: Minutes, sitting: Sitting) => Done<T>): Done<T> =>
    withSitting(work, sittingId, undefined, async (sitting) => {
      const minutes = await store.minutes(sittingId);
      if (minutes === undefined) return no({ code: 'no-sitting' });
      return mayDo(MINUTES_LIFE, minutes.state, act) ? does(minutes, sitting) : no({ code: 'minutes-not-now', state: minutes.state });
    });
  const change = async (minutes: Minutes, changes: Parameters<typeof store.changeMinutes>[2]): Done => ((await store.changeMinutes(undefined, minutes, changes, clock.now())) ? yes(true) : no({ code: 'sitting-stale' }));
  return {
    minutes: async (sittingId: string): Promise<MinutesView | undefined> => {
      const [sitting, minutes] = await Promise.all([store.sitting(sittingId), store.minutes(sittingId)]);
      if (sitting === undefined || minutes === undefined) return undefined;
      return { sitting, minutes, corrections: minutes.state === 'signed' && demandScope().reach === 'public' ? [] : await store.corrections(sittingId) };
    },
    /** Drafted once the sitting is over; again as long as they are a draft, on demand. */
    draftMinutes: async (sittingId: string): Done =>
      withSitting(work, sittingId, undefined, async (sitting) => {
        const isOver = sitting.kind === 'written' ? sitting.state === 'closed' || (sitting.state !== 'draft' && clock.now() > sitting.endsAt) : sitting.state === 'closed';
        if (!isOver || sitting.state === 'cancelled') return no({ code: 'sitting-not-now', state: sitting.state, act: 'minutes' });
        const paragraphs = await drafted(work, sitting);
        if (await store.startMinutes(sittingId, paragraphs, clock.now())) return yes(true);
        return withMinutes(sittingId, 'edit', async (minutes) => change(minutes, { paragraphs }));
      }),
    saveParagraph: async (sittingId: string, paragraphId: string, given: Given, revision: number): Done =>
      withMinutes(sittingId, 'edit', async (minutes) => {
        const text = readParagraph(given, true);
        if (!text.ok) return fields(text.refusal);
        if (minutes.revision !== revision) return stale();
        return change(minutes, { paragraphs: minutes.paragraphs.map((one) => (one.id === paragraphId ? { ...text.value, id: one.id } : one)) });
      }),
    /** Empty texts after the paragraph named, or at the beginning. */
    addParagraph: async (sittingId: string, after: string | undefined, given: Given, revision: number): Done =>
      withMinutes(sittingId, 'edit', async (minutes) => {
        const text = readParagraph(given, false);
        if (!text.ok) return fields(text.refusal);
        if (minutes.revision !== revision) return stale();
        if (minutes.paragraphs.length >= PARAGRAPHS_MAX) return no({ code: 'sitting-too-many' });
        const at = minutes.paragraphs.findIndex(({ id }) => id === after) + 1;
        return change(minutes, { paragraphs: [...minutes.paragraphs.slice(0, at), { id: randomUUID(), ...text.value }, ...minutes.paragraphs.slice(at)] });
      }),
    removeParagraph: async (sittingId: string, paragraphId: string, revision: number): Done =>
      withMinutes(sittingId, 'edit', async (minutes) => (minutes.revision === revision ? change(minutes, { paragraphs: minutes.paragraphs.filter(({ id }) => id !== paragraphId) }) : stale())),
    /** To the members for correction. */
    circulate: async (sittingId: string): Done =>
      withMinutes(sittingId, 'circulate', async (minutes, sitting) => {
        const missing = untranslated(minutes.paragraphs);
        if (missing.length > 0) return no({ code: 'minutes-untranslated', paragraphs: missing });
        const done = await change(minutes, { state: 'review' });
        if (done.ok) await tell(work, minutesCirculated(sitting, minutes.revision));
        return done;
      }),
    takeBackMinutes: async (sittingId: string): Done => withMinutes(sittingId, 'take-back', async (minutes) => change(minutes, { state: 'draft' })),
    correct: async (sittingId: string, paragraphId: string, given: Given, author: Author): Done =>
      withMinutes(sittingId, 'correct', async (minutes) => {
        if (!minutes.paragraphs.some(({ id }) => id === paragraphId)) return no({ code: 'no-sitting' });
        const text = readParagraph(given, false);
        const reason = tidyText(given['reason']);
        const errors: FieldError[] = [...(text.ok ? [] : text.refusal), ...(reason === '' ? [{ field: 'reason', problem: 'missing' } as const] : reason.length > TEXT_CHARS_MAX ? [{ field: 'reason', problem: 'too-long' } as const] : [])];
        if (!text.ok || errors.length > 0) return fields(errors);
        if ((await store.corrections(sittingId)).length >= CORRECTIONS_MAX) return no({ code: 'sitting-too-many' });
        await store.addCorrection({ sittingId, paragraphId, text: text.value, reason, author: author.name, at: clock.now() }, author.id);
        return yes(true);
      }),
    decideCorrection: async (sittingId: string, correctionId: string, isAdopted: boolean): Done =>
      withMinutes(sittingId, 'correct', async (minutes) => {
        const correction = (await store.corrections(sittingId)).find(({ id }) => id === correctionId);
        if (correction?.state !== 'proposed') return no({ code: 'sitting-stale' });
        const isDone = await store.together(async (tx) => {
          if (!(await store.setCorrection(tx, correctionId, isAdopted ? 'adopted' : 'rejected'))) return false;
          if (!isAdopted) return true;
          const paragraphs = minutes.paragraphs.map((one) => (one.id === correction.paragraphId ? { ...correction.text, id: one.id } : one));
          if (!(await store.changeMinutes(tx, minutes, { paragraphs }, clock.now()))) throw new Rollback();
          return true;
        }).catch((error: unknown) => {
          if (error instanceof Rollback) return false;
          throw error;
        });
        return isDone ? yes(true) : stale();
      }),
    signMinutes: async (sittingId: string): Done<number> => withMinutes(sittingId, 'sign', async (minutes, sitting) => sign(work, minutes, sitting)),
    /** What the digest of the signed note was taken of. */
    minutesText: (view: MinutesView, language: Language): string => minutesText(view.sitting, view.minutes.paragraphs, language),
  };
}

async function drafted(work: Work, sitting: Sitting): Promise<readonly Paragraph[]> {
  const { store, council } = work;
  const items = await store.items(sitting.id);
  const [history, statements, motions] = await Promise.all([store.history(sitting.id), store.statements(items.map(({ id }) => id)), motionsOf(work, items)]);
  const { seats, quorum } = council.constitution();
  const told = new Map([...motions].map(([id, { motion, round }]) => [id, { number: motion.number ?? '', title: motion.title, round }] as const));
  return draftMinutes({ sitting, items, live: sitting.kind === 'written' ? undefined : replay(history, known(work, items)), statements, motions: told, seats, quorum });
}

function readParagraph(given: Given, mayMiss: boolean): Verdict<Localised, readonly FieldError[]> {
  const errors: FieldError[] = [];
  const texts = Object.fromEntries(LANGUAGES.map((spoken) => {
    const text = tidyText(given[`text-${spoken}`]);
    if (text.length > PARAGRAPH_CHARS_MAX) errors.push({ field: `text-${spoken}`, problem: 'too-long' });
    if (text === '' && !mayMiss) errors.push({ field: `text-${spoken}`, problem: 'missing' });
    return [spoken, text];
  })) as Record<Language, string>;
  return errors.length === 0 ? yes(texts) : no(errors);
}

/**
 * The note goes into the log before the row says so: after a crash between the two it is signed again, to the same bytes, and the log
 * holds the same minutes twice, which changes nothing. The other way round the row could speak of an entry that never came.
 */
async function sign(work: Work, minutes: Minutes, sitting: Sitting): Done<number> {
  const { store, clock, council, suite } = work;
  const open = (await store.corrections(sitting.id)).filter(({ state }) => state === 'proposed').length;
  if (open > 0) return no({ code: 'minutes-corrections-open', count: open });
  const missing = untranslated(minutes.paragraphs);
  if (missing.length > 0) return no({ code: 'minutes-untranslated', paragraphs: missing });
  const { epoch, state } = await council.standing();
  if (state === 'unfounded') return no({ code: 'minutes-log', rule: 'council-not-founded' });
  const digests = Object.fromEntries(LANGUAGES.map((spoken) => [spoken, digestOf(suite, minutesText(sitting, minutes.paragraphs, spoken))])) as Record<Language, string>;
  const texts = [...LANGUAGES].sort().map((language) => ({ language, digest: digests[language] }));
  const note = council.bySecretariat(printMinutes({ council: council.constitution().council, epoch, session: sitting.number, texts }));
  const written = await council.submit([note]);
  if (!written.ok) return no({ code: 'minutes-log', rule: written.refusal.rule ?? written.refusal.code });
  const entry = written.value[0] ?? 0;
  const isDone = await store.changeMinutes(undefined, minutes, { state: 'signed', note, entry, digests, signedAt: clock.now() }, clock.now());
  return isDone ? yes(entry) : stale();
}

// ---------------------------------------------------------------- tasks

function taskActions(work: Work) {
  const { store, clock } = work;
  return {
    tasks: async (): Promise<readonly Task[]> => store.tasks(),
    addTask: async (given: Given, ownerId?: string): Done<string> => {
      const content = readTask(given);
      return content.ok ? yes(await store.addTask(content.value, ownerId, clock.now())) : fields(content.refusal);
    },
    setTask: async (id: string, act: keyof typeof TASK_LIFE, outcome: string, revision: number): Done => {
      const task = await store.task(id);
      if (task === undefined) return no({ code: 'no-sitting' });
      const next = afterDoing(TASK_LIFE, task.state, act);
      if (!next.ok || task.revision !== revision) return stale();
      const text = tidyText(outcome);
      // How a task ended is what it is kept for.
      if (text === '' && (act === 'finish' || act === 'drop')) return fields([{ field: 'outcome', problem: 'missing' }]);
      if (text.length > TEXT_CHARS_MAX) return fields([{ field: 'outcome', problem: 'too-long' }]);
      return (await store.setTask(task, next.value, text === '' ? task.outcome : text, clock.now())) ? yes(true) : stale();
    },
  };
}
