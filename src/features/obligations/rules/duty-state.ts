/** Where a duty stands on the day that is asked about, and in which order duties are told. */

import { type CivilDate, dateOfDay, dayNumber } from '../../../base/index.ts';
import { type Due, type DutiesDecision, type DutyForm, type DutyOutcome, type Facts, NEVER_DAY, OPEN_DAY, RESULT_CODES, UNDATED_DAY } from '../../../law/index.ts';

export const DUTY_STATES = ['due', 'coming', 'open', 'never', 'undated'] as const;
/**
 * `due`: it applies on the day. `coming`: its day is later. `open`: whether there is one, or its day, hangs on answers not yet given.
 * `never`: a transitional rule lets the system be. `undated`: the law known then fixes no day.
 */
export type DutyState = (typeof DUTY_STATES)[number];

/** A duty that there is or may be. */
export interface StandingDuty extends DutyOutcome {
  readonly state: DutyState;
}

/** Duties that hold or may hold, by their day; those without a day last. Where a duty fails there is nothing to tell. */
export function standingDuties(decision: DutiesDecision, asOf: CivilDate): readonly StandingDuty[] {
  const standing = decision.duties.flatMap((one): readonly StandingDuty[] => (one.outcome.result === 'fails' ? [] : [{ ...one, state: stateOf(one, asOf) }]));
  return standing.sort((a, b) => dayOf(a).localeCompare(dayOf(b), 'en'));
}

function stateOf({ outcome, due }: DutyOutcome, asOf: CivilDate): DutyState {
  if (outcome.result !== 'holds' || due === undefined) return 'open';
  switch (due.kind) {
    case 'date': return due.date <= asOf ? 'due' : 'coming';
    case 'between': return 'open';
    case 'never': return 'never';
    case 'undated': return 'undated';
  }
}

const LAST = '9999-12-31';

function dayOf({ due, state }: StandingDuty): string {
  const own = due?.kind === 'date' ? due.date : due?.kind === 'between' ? (due.earliest ?? LAST) : LAST;
  // What is settled comes before what is open on the same day.
  return `${own} ${DUTY_STATES.indexOf(state)}`;
}

/** The date of a due date that is settled. */
export function settledDate(due: Due | undefined): CivilDate | undefined {
  return due?.kind === 'date' ? due.date : undefined;
}

export interface DutyCounts {
  readonly byState: Readonly<Record<DutyState, number>>;
  /** The first day of those that begin later. */
  readonly next?: CivilDate;
}

export function countDuties(duties: readonly StandingDuty[]): DutyCounts {
  const byState: Record<DutyState, number> = { due: 0, coming: 0, open: 0, never: 0, undated: 0 };
  for (const { state } of duties) byState[state]++;
  const next = duties.filter((one) => one.state === 'coming').map(({ due }) => settledDate(due)).filter((date) => date !== undefined).sort()[0];
  return { byState, ...(next === undefined ? {} : { next }) };
}

const [FAILS, HOLDS] = [RESULT_CODES.indexOf('fails'), RESULT_CODES.indexOf('holds')];

/** The same counts from the fast form, for lists. Owns its scratch memory: one after the other. */
export function counterOf(form: DutyForm, asOf: CivilDate): (facts: Facts) => DutyCounts {
  const [codes, days] = [new Uint8Array(form.ids.length), new Int32Array(form.ids.length)];
  const today = dayNumber(asOf);
  const stateAt = (at: number): DutyState => {
    const day = days[at]!;
    if (codes[at] !== HOLDS || day === OPEN_DAY) return 'open';
    if (day === NEVER_DAY) return 'never';
    if (day === UNDATED_DAY) return 'undated';
    return day <= today ? 'due' : 'coming';
  };
  return (facts) => {
    form.due(facts, codes, days);
    const byState: Record<DutyState, number> = { due: 0, coming: 0, open: 0, never: 0, undated: 0 };
    let next = Number.POSITIVE_INFINITY;
    for (let at = 0; at < codes.length; at++) {
      if (codes[at] === FAILS) continue;
      const state = stateAt(at);
      byState[state]++;
      if (state === 'coming') next = Math.min(next, days[at]!);
    }
    return { byState, ...(Number.isFinite(next) ? { next: dateOfDay(next) } : {}) };
  };
}
