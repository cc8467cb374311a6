/** The life of a sitting, of an item, of minutes and of a task as tables: what may happen in which state, and where it leads. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { ItemState, MinutesState, SittingState, TaskState } from '../model.ts';

export type SittingAct = 'edit' | 'convene' | 'cancel' | 'open' | 'suspend' | 'resume' | 'close';

interface Step<S> {
  readonly from: readonly S[];
  /** Undefined: the state stays. */
  readonly to?: S;
}

/** Once it is convened the agenda still grows by what members demand; once it is closed only its minutes change. */
export const SITTING_LIFE: Readonly<Record<SittingAct, Step<SittingState>>> = {
  edit: { from: ['draft', 'convened'] },
  convene: { from: ['draft'], to: 'convened' },
  cancel: { from: ['draft', 'convened'], to: 'cancelled' },
  open: { from: ['convened'], to: 'running' },
  suspend: { from: ['running'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'running' },
  close: { from: ['running', 'suspended'], to: 'closed' },
};

/** What a minority has put on the agenda nobody takes off. */
export const ITEM_LIFE: Readonly<Record<'take' | 'demand' | 'drop', Step<ItemState>>> = {
  take: { from: ['proposed'], to: 'agenda' },
  demand: { from: ['proposed', 'agenda'], to: 'demanded' },
  drop: { from: ['proposed', 'agenda'], to: 'dropped' },
};

export const MINUTES_LIFE: Readonly<Record<'edit' | 'circulate' | 'correct' | 'take-back' | 'sign', Step<MinutesState>>> = {
  edit: { from: ['draft'] },
  circulate: { from: ['draft'], to: 'review' },
  correct: { from: ['review'] },
  'take-back': { from: ['review'], to: 'draft' },
  sign: { from: ['review'], to: 'signed' },
};

export const TASK_LIFE: Readonly<Record<'begin' | 'finish' | 'drop' | 'reopen', Step<TaskState>>> = {
  begin: { from: ['open'], to: 'doing' },
  finish: { from: ['open', 'doing'], to: 'done' },
  drop: { from: ['open', 'doing'], to: 'dropped' },
  reopen: { from: ['done', 'dropped'], to: 'open' },
};

export const mayDo = <S, A extends string>(life: Readonly<Record<A, Step<S>>>, state: S, act: A): boolean => life[act].from.includes(state);

/** The state after the act, or that it cannot be now. */
export function afterDoing<S, A extends string>(life: Readonly<Record<A, Step<S>>>, state: S, act: A): Verdict<S, 'not-now'> {
  return mayDo(life, state, act) ? yes(life[act].to ?? state) : no('not-now');
}
