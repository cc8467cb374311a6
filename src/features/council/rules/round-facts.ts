/** What a prefix of the log says of one round, as plain data for pages and programs. */

import type { LogState, RoundState } from '../../../proof/council/log-state.ts';
import { memberName } from '../../../proof/council/admitted-roll.ts';
import type { Constitution } from '../../../proof/council/constitution.ts';
import type { CastFact, RoundFacts, RoundStage } from '../model.ts';

/** Certifying takes some rounds of letters, however short the windows of a council are. */
const STALL_S_MIN = 15;

/** The stage without the clock: a vote past its end reads as still open, see `stageAt`. */
function stageOf(round: RoundState): RoundStage {
  if (round.outcome !== undefined) return round.outcome.value.carried === undefined ? 'not-carried' : 'carried';
  if (round.open === undefined) return 'preparing';
  if (round.close !== undefined) return 'closing';
  if (!round.open.value.sealed) return 'open';
  return round.commitsClose === undefined ? 'committing' : 'revealing';
}

/** The stage at a time: what nobody has closed yet though its time is over is closing. */
export function stageAt(facts: Pick<RoundFacts, 'stage' | 'closesS' | 'commitsCloseS'>, nowS: number): RoundStage {
  const endS = facts.stage === 'committing' ? facts.commitsCloseS : facts.closesS;
  const isOpen = facts.stage === 'open' || facts.stage === 'committing' || facts.stage === 'revealing';
  return isOpen && endS !== undefined && nowS >= endS ? 'closing' : facts.stage;
}

/**
 * Whether a vote that is over has stayed without its end longer than clocks and the last ballots explain. Then either the operator keeps back
 * what seats hold, or too few seats answer; nothing is decided, whatever was cast.
 */
export function isStalled(facts: Pick<RoundFacts, 'stage' | 'closesS' | 'commitsCloseS'>, { deltaS }: Pick<Constitution, 'deltaS'>, nowS: number): boolean {
  const endS = facts.commitsCloseS !== undefined && facts.stage === 'committing' ? facts.commitsCloseS : facts.closesS;
  return stageAt(facts, nowS) === 'closing' && endS !== undefined && nowS > endS + Math.max(deltaS, STALL_S_MIN);
}

function castsOf(round: RoundState): readonly CastFact[] {
  const cut = round.close?.value.cut.size;
  const told = (late: boolean) => ({ seat, choice, option, index }: RoundState['casts'][number]): CastFact => ({ seat, choice, option, index, late });
  return [...round.casts.map((cast) => told(cut !== undefined && cast.index >= cut)(cast)), ...round.late.map(told(true))];
}

function equivocatedIn(casts: readonly CastFact[]): readonly number[] {
  const texts = new Map<number, Set<string>>();
  for (const { seat, choice, option, late } of casts) if (!late) texts.set(seat, (texts.get(seat) ?? new Set()).add(`${choice} ${option}`));
  return [...texts].flatMap(([seat, each]) => (each.size > 1 ? [seat] : [])).toSorted((one, other) => one - other);
}

/** `certifiedSize`: entries below a certified checkpoint. */
export function roundFacts(state: LogState, round: RoundState, certifiedSize: number): RoundFacts {
  const open = round.open?.value;
  const casts = castsOf(round);
  const slotRoll = round.open?.slotRoll ?? round.slotRolls.at(-1)?.value;
  const at = open === undefined ? undefined : state.anchors.find(({ size }) => size === open.opened.size);
  return {
    slot: round.slot,
    round: round.round,
    epoch: open?.epoch ?? slotRoll?.epoch ?? state.roll?.roll.epoch ?? 0,
    stage: stageOf(round),
    class: open?.class ?? '',
    sealed: open?.sealed ?? false,
    options: open?.options ?? [],
    openedS: at?.timeS,
    commitsCloseS: open?.commitsCloseS,
    closesS: open?.closesS,
    sitting: (slotRoll?.seats ?? []).map((sitter) => (sitter === undefined ? undefined : { constituency: sitter.constituency, ballot: sitter.ballotKey })),
    recused: round.recusals.map(({ value }) => memberName(value)),
    committed: [...new Set(round.commits.map(({ seat }) => seat))].toSorted((one, other) => one - other),
    casts,
    equivocated: equivocatedIn(casts),
    outcome: round.outcome?.value,
    closedS: round.close?.value.timeS,
    entries: { slotRoll: slotRollIndex(round), open: round.open?.index, commitsClose: round.commitsClose?.index, close: round.close?.index, outcome: round.outcome?.index },
    certified: round.outcome !== undefined && round.outcome.index < certifiedSize,
  };
}

function slotRollIndex(round: RoundState): number | undefined {
  const named = round.open?.value.slotRoll;
  return (named === undefined ? undefined : round.slotRolls.find(({ digest }) => digest === named)?.index) ?? round.slotRolls.at(-1)?.index;
}

/** The first entry of the log that is about this round. */
export function firstIndexOf(round: RoundState): number {
  const all = [...round.recusals, ...round.slotRolls, ...round.complaints, ...(round.open === undefined ? [] : [round.open])];
  return all.reduce((least, { index }) => Math.min(least, index), Number.MAX_SAFE_INTEGER);
}
