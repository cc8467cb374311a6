/** The life of a motion as one table: what may happen in which state, and where it leads. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { State } from '../model.ts';

export type Act =
  | 'edit' | 'submit' | 'support' | 'admit' | 'refuse' | 'overrule' | 'amend' | 'schedule' | 'open' | 'cancel-opening' | 'withdraw'
  | 'carry' | 'carry-at-once' | 'fail' | 'again' | 'enter-force' | 'not-confirmed' | 'complete' | 'lapse' | 'supersede';

interface Step {
  readonly from: readonly State[];
  /** Undefined: the state stays. */
  readonly to?: State;
}

/** Only before OPEN can anything be taken back; afterwards the log alone decides, which is why `carry` and `fail` have no other way in. */
export const LIFE: Readonly<Record<Act, Step>> = {
  edit: { from: ['draft'] },
  submit: { from: ['draft'], to: 'submitted' },
  support: { from: ['draft', 'submitted'] },
  admit: { from: ['submitted'], to: 'admissible' },
  refuse: { from: ['submitted'], to: 'inadmissible' },
  overrule: { from: ['inadmissible'], to: 'admissible' },
  amend: { from: ['submitted', 'admissible'] },
  schedule: { from: ['admissible'], to: 'scheduled' },
  'cancel-opening': { from: ['scheduled'], to: 'admissible' },
  open: { from: ['scheduled'], to: 'open' },
  withdraw: { from: ['draft', 'submitted', 'admissible', 'inadmissible', 'scheduled'], to: 'withdrawn' },
  carry: { from: ['open'], to: 'standstill' },
  'carry-at-once': { from: ['open', 'standstill'], to: 'in-force' },
  fail: { from: ['open'], to: 'not-carried' },
  again: { from: ['not-carried'], to: 'admissible' },
  'enter-force': { from: ['standstill'], to: 'in-force' },
  'not-confirmed': { from: ['standstill'], to: 'lapsed' },
  complete: { from: ['in-force'], to: 'completed' },
  lapse: { from: ['in-force', 'completed'], to: 'lapsed' },
  supersede: { from: ['standstill', 'in-force', 'completed'], to: 'superseded' },
};

export const mayAct = (state: State, act: Act): boolean => LIFE[act].from.includes(state);

/** The state after the act, or why it cannot be now. */
export function afterAct(state: State, act: Act): Verdict<State, { readonly code: 'motion-not-now'; readonly state: State; readonly act: string }> {
  return mayAct(state, act) ? yes(LIFE[act].to ?? state) : no({ code: 'motion-not-now', state, act });
}

/** States from which nothing leads on. */
export const isOver = (state: State): boolean => ['withdrawn', 'lapsed', 'superseded'].includes(state);
/** Its texts can still change by amendments. */
export const isOpenToChange = (state: State): boolean => ['draft', 'submitted', 'admissible'].includes(state);
