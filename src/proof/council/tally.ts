/** The count of a round: a pure function of the slot roll, the class and the ballots below the cut. */

import { reaches } from './constitution.ts';
import type { Breadth, ClassRule } from './constitution.ts';
import type { Choice } from './ballot-text.ts';
import type { Close } from './close-text.ts';
import type { Open } from './open-text.ts';
import type { Outcome } from './outcome-text.ts';
import type { SlotRoll } from './slot-roll-text.ts';

/** A verified ballot of a seat of the slot roll, where it lies in the log. */
export interface Cast {
  readonly seat: number;
  /** Index of the entry that first held this text of this seat. */
  readonly index: number;
  readonly choice: Choice;
  /** The option of a yes. */
  readonly option: string | undefined;
}

export interface Tally {
  readonly carried: string | undefined;
  readonly yes: readonly { readonly option: string; readonly seats: readonly number[] }[];
  readonly no: readonly number[];
  readonly abstain: readonly number[];
  readonly silent: readonly number[];
  readonly equivocated: readonly number[];
  /** Names of the constituencies reached by the carried option, else by the one with most yes. */
  readonly constituencies: readonly string[];
}

/** The constituencies that these seats reach; sizes are those of the slot roll's whole council, vacant seats included. */
export function reached(sizes: ReadonlyMap<string, number>, slotRoll: Pick<SlotRoll, 'seats'>, seats: readonly number[], by: Breadth['by']): readonly string[] {
  const counts = new Map<string, number>();
  for (const seat of new Set(seats)) {
    const constituency = slotRoll.seats[seat - 1]?.constituency;
    if (constituency !== undefined) counts.set(constituency, (counts.get(constituency) ?? 0) + 1);
  }
  return [...sizes].flatMap(([name, size]) => ((counts.get(name) ?? 0) >= reaches(by, size) ? [name] : []));
}

const textOf = (cast: Cast): string => `${cast.choice} ${cast.option ?? ''}`;

/** Each seat's distinct texts below the cut, in log order. */
function textsBySeat(casts: readonly Cast[], cutSize: number): ReadonlyMap<number, readonly Cast[]> {
  const bySeat = new Map<number, Cast[]>();
  const inCut = casts.filter(({ index }) => index < cutSize).toSorted((one, other) => one.index - other.index || (textOf(one) < textOf(other) ? -1 : 1));
  for (const cast of inCut) {
    const texts = bySeat.get(cast.seat) ?? [];
    if (!texts.some((text) => textOf(text) === textOf(cast))) texts.push(cast);
    bySeat.set(cast.seat, texts);
  }
  return bySeat;
}

/**
 * Counts. A seat with two texts has equivocated: its yes counts (voiding it would let a liar undo a certificate), its no and abstain do
 * not. Where a class counts first ballots only, each seat has the one text that lies first. Should two options carry, which takes more
 * liars than the council is built for, none does.
 */
export function tally(rule: ClassRule, sizes: ReadonlyMap<string, number>, slotRoll: Pick<SlotRoll, 'seats'>, options: readonly string[], casts: readonly Cast[], cutSize: number): Tally {
  const filled = slotRoll.seats.flatMap((sitter, index) => (sitter === undefined ? [] : [index + 1]));
  const texts = textsBySeat(casts, cutSize);
  const equivocated = filled.filter((seat) => (texts.get(seat)?.length ?? 0) > 1);
  const counted = (seat: number): readonly Cast[] => (rule.counts === 'first' ? (texts.get(seat) ?? []).slice(0, 1) : (texts.get(seat) ?? []));
  const only = (choice: Choice): readonly number[] =>
    filled.filter((seat) => counted(seat).some((cast) => cast.choice === choice) && (rule.counts === 'first' || !equivocated.includes(seat)));
  const yes = options.map((option) => ({ option, seats: filled.filter((seat) => counted(seat).some((cast) => cast.choice === 'yes' && cast.option === option)) }));
  const reachedBy = (seats: readonly number[]): readonly string[] => reached(sizes, slotRoll, seats, rule.breadth.by);
  const carrying = yes.filter(({ seats }) => seats.length >= rule.yes && reachedBy(seats).length >= rule.breadth.of);
  const carried = carrying.length === 1 ? carrying[0]?.option : undefined;
  const most = yes.reduce<readonly number[]>((best, { seats }) => (seats.length > best.length ? seats : best), []);
  const shown = yes.find(({ option }) => option === carried)?.seats ?? most;
  const silent = filled.filter((seat) => !texts.has(seat));
  return { carried, yes, no: only('no'), abstain: only('abstain'), silent, equivocated, constituencies: reachedBy(shown) };
}

/** The OUTCOME that follows from a count and the CLOSE it was made under. */
export function outcomeOf(rule: ClassRule, open: Open, close: Close, count: Tally): Outcome {
  return {
    council: open.council,
    epoch: open.epoch,
    slotRoll: open.slotRoll,
    slot: open.slot,
    round: open.round,
    cut: close.cut,
    carried: count.carried,
    yes: count.yes.map(({ option, seats }) => ({ option, seats: seats.length })),
    no: count.no.length,
    abstain: count.abstain.length,
    silent: count.silent.length,
    equivocated: count.equivocated.length,
    constituencies: count.constituencies.length,
    inForceS: count.carried === undefined ? undefined : close.timeS + rule.standstillS,
  };
}
