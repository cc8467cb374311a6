/** The one way a motion changes its state: rule, row, event and log entry together. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { demandScope } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Motion, MotionRefusal } from '../model.ts';
import { type Act, afterAct } from '../rules/life.ts';
import type { MotionTables } from '../store/tables.ts';
import type { Work } from './parts.ts';

export interface More {
  readonly detail?: string | undefined;
  readonly set?: Partial<Omit<MotionTables['motions_motions'], 'id' | 'revision' | 'state'>>;
  readonly also?: (tx: Tx) => Promise<void>;
}

/** Drafts leave no trace in the log; from the submission on each act has an entry. */
export async function changeMotion(work: Work, motion: Motion, act: Act, more: More = {}): Promise<Verdict<true, MotionRefusal>> {
  const state = afterAct(motion.state, act);
  if (!state.ok) return state;
  return writeChange(work, motion, act, { ...more, state: state.value });
}

/** A change that is no step of the life (what became of an effect); the state stays. */
export async function noteOnMotion(work: Work, motion: Motion, act: string, more: More = {}): Promise<Verdict<true, MotionRefusal>> {
  return writeChange(work, motion, act, { ...more, state: motion.state });
}

async function writeChange(work: Work, motion: Motion, act: string, { detail, set = {}, also, state }: More & { readonly state: Motion['state'] }): Promise<Verdict<true, MotionRefusal>> {
  const isDone = await work.store.change(motion, { ...set, state }, { act, actor: demandScope().actor, at: work.clock.now(), detail }, async (tx) => {
    await also?.(tx);
    const number = set.number ?? motion.number;
    if (number !== undefined && state !== 'draft') await work.record?.(tx, { act, number, option: motion.option, state, motion: set.digest ?? motion.digest, detail });
  });
  return isDone ? yes(true) : no({ code: 'motion-stale' });
}
