/** Rule C2 for a vote under way: ballot, commitment, revealing, both closings, OUTCOME. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { hex } from '../bytes.ts';
import { commitSealed, parseSealed } from '../commitment.ts';
import { refuse } from '../refusals.ts';
import type { ProofCode, ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { openStrictly, seatsOf } from './admitted-roll.ts';
import { parseBallot, parseCommit, roundKey } from './ballot-text.ts';
import { parseClose, parseCommitsClose } from './close-text.ts';
import type { Close } from './close-text.ts';
import { roundOf, sameEpoch, withRound } from './log-state.ts';
import type { LogState, Meaning, RoundState } from './log-state.ts';
import { parseOutcome, printOutcome } from './outcome-text.ts';
import { signedText } from './replay-round.ts';
import type { Stepped } from './replay-round.ts';
import { outcomeOf, tally } from './tally.ts';

type Opened = RoundState & Required<Pick<RoundState, 'open'>>;

const ROUND_LINE = /^slot ([^ \n]+) round ([1-9][0-9]?)$/m;

/** Why a ballot is none of those that OPEN allows; named field by field, so that a steward learns what is wrong. */
function otherBallot(state: LogState, round: RoundState, text: string): ProofRefusal {
  const parsed = parseBallot(text);
  if (!parsed.ok) return parsed.refusal;
  const ballot = parsed.value;
  const epoch = sameEpoch(state, ballot);
  if (!epoch.ok) return epoch.refusal;
  if (round.open === undefined) return refuse('ballot-early', 4, roundKey(ballot)).refusal;
  const open = round.open.value;
  const differs: readonly (readonly [boolean, ProofCode, number])[] = [
    [ballot.slotRoll !== open.slotRoll, 'ballot-other-slot-roll', 3],
    [ballot.opened.size !== open.opened.size || ballot.opened.root !== open.opened.root, 'ballot-other-opened', 6],
    [ballot.closesS !== open.closesS, 'ballot-other-closes', 7],
  ];
  const [, code, line] = differs.find(([is]) => is) ?? ([true, 'ballot-other-motion', 5] as const);
  return refuse(code, line).refusal;
}

function openedRound(state: LogState, text: string): Verdict<RoundState, ProofRefusal> {
  const named = ROUND_LINE.exec(text);
  return named === null ? refuse('text-line', 4, 'slot … round …') : yes(roundOf(state, { slot: named[1] ?? '', round: Number(named[2]) }));
}

/** The round with one more text of these seats, counted or late. */
function castBy(round: RoundState, seats: readonly number[], index: number, meaning: Meaning): RoundState {
  const into = round.close === undefined ? 'casts' : 'late';
  const known = (seat: number): boolean =>
    [...round.casts, ...round.late].some((cast) => cast.seat === seat && cast.choice === meaning.choice && cast.option === meaning.option);
  const fresh = seats.filter((seat) => !known(seat)).map((seat) => ({ seat, index, ...meaning }));
  return fresh.length === 0 ? round : { ...round, [into]: [...round[into], ...fresh] };
}

/** One ballot, or several of the same text stacked. Ballots after CLOSE are kept as late. */
export function stepBallot(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const text = signedText(entry);
  const found = openedRound(state, text);
  if (!found.ok) return { ok: false, refusal: otherBallot(state, roundOf(state, { slot: '', round: 0 }), text) };
  const round = found.value;
  const meaning = round.open?.meanings.get(text);
  if (round.open === undefined || meaning === undefined) return { ok: false, refusal: otherBallot(state, round, text) };
  const opened = openStrictly(suite, entry, round.open.ring);
  if (!opened.ok) return opened;
  const seats = seatsOf(opened.value.signed);
  if (round.open.value.sealed) {
    // A sealed vote is cast by revealing; a note of several such ballots only gathers what is revealed already.
    const hidden = seats.find((seat) => ![...round.casts, ...round.late].some((cast) => cast.seat === seat && cast.choice === meaning.choice && cast.option === meaning.option));
    return hidden === undefined ? yes(state) : refuse('ballot-not-revealed', undefined, String(hidden));
  }
  return yes(withRound(state, castBy(round, seats, index, meaning)));
}

export function stepCommit(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const parsed = parseCommit(signedText(entry));
  if (!parsed.ok) return parsed;
  const commit = parsed.value;
  const epoch = sameEpoch(state, commit);
  if (!epoch.ok) return epoch;
  const round = roundOf(state, commit);
  if (round.open === undefined) return refuse('ballot-early', 4, roundKey(commit));
  if (!round.open.value.sealed) return refuse('commit-not-sealed');
  if (commit.slotRoll !== round.open.value.slotRoll) return refuse('ballot-other-slot-roll', 3);
  const opened = openStrictly(suite, entry, round.open.ring);
  if (!opened.ok) return opened;
  const [seat, second] = seatsOf(opened.value.signed);
  if (seat === undefined || second !== undefined) return refuse('commit-one-seat');
  // Only the first in log order counts, so that nobody chooses afterwards among several.
  if (round.commitsClose !== undefined || round.commits.some((each) => each.seat === seat)) return yes(state);
  return yes(withRound(state, { ...round, commits: [...round.commits, { seat, index, commitment: commit.commitment }] }));
}

export function stepReveal(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const parsed = parseSealed(entry);
  if (!parsed.ok) return parsed;
  const sealed = parsed.value;
  const round = roundOf(state, sealed);
  if (round.open === undefined) return refuse('ballot-early', 3, roundKey(sealed));
  if (!round.open.value.sealed) return refuse('commit-not-sealed');
  if (round.commitsClose === undefined) return refuse('reveal-early');
  const cut = round.commitsClose.value.cut.size;
  const commit = round.commits.find(({ seat, index: at }) => seat === sealed.seat && at < cut);
  if (commit === undefined) return refuse('reveal-without-commitment');
  if (commit.commitment !== hex(commitSealed(suite, sealed))) return refuse('reveal-other-commitment');
  const text = signedText(sealed.ballot);
  const meaning = round.open.meanings.get(text);
  if (meaning === undefined) return { ok: false, refusal: otherBallot(state, round, text) };
  const opened = openStrictly(suite, sealed.ballot, round.open.ring);
  if (!opened.ok) return opened;
  if (opened.value.signed.some(({ seat }) => seat !== sealed.seat)) return refuse('reveal-other-seat', 2);
  return yes(withRound(state, castBy(round, [sealed.seat], index, meaning)));
}

// ---------------------------------------------------------------- closing

/** Whether the anchor named is certified, covers `from` and shows that `dueS` has come. */
function closes(state: LogState, close: Close, round: RoundState, from: number, dueS: number): Verdict<Opened, ProofRefusal> {
  const epoch = sameEpoch(state, close);
  if (!epoch.ok) return epoch;
  if (round.open === undefined) return refuse('round-not-open', 4);
  if (close.slotRoll !== round.open.value.slotRoll) return refuse('ballot-other-slot-roll', 3);
  const anchor = state.anchors.find(({ index }) => index === close.anchor);
  if (anchor === undefined) return refuse('close-not-anchored', 6);
  if (anchor.size !== close.cut.size || anchor.root !== close.cut.root) return refuse('close-cut', 5);
  if (anchor.timeS !== close.timeS) return refuse('close-time', 7);
  if (anchor.size <= from) return refuse('close-before-open', 5);
  return close.timeS < dueS ? refuse('close-early', 7) : yes(round as Opened);
}

export function stepCommitsClose(state: LogState, index: number, text: string): Stepped {
  const parsed = parseCommitsClose(text);
  if (!parsed.ok) return parsed;
  const round = roundOf(state, parsed.value);
  const dueS = round.open?.value.commitsCloseS;
  if (round.open !== undefined && dueS === undefined) return refuse('commit-not-sealed');
  const valid = closes(state, parsed.value, round, round.open?.index ?? 0, dueS ?? 0);
  if (!valid.ok) return valid;
  if (round.commitsClose !== undefined) return refuse('close-second');
  return yes(withRound(state, { ...round, commitsClose: { index, value: parsed.value } }));
}

export function stepClose(state: LogState, index: number, text: string): Stepped {
  const parsed = parseClose(text);
  if (!parsed.ok) return parsed;
  const close = parsed.value;
  const round = roundOf(state, close);
  if (round.open?.value.sealed === true && round.commitsClose === undefined) return refuse('close-before-commits-close');
  const from = Math.max(round.open?.index ?? 0, round.commitsClose?.index ?? 0);
  const valid = closes(state, close, round, from, round.open?.value.closesS ?? 0);
  if (!valid.ok) return valid;
  if (round.close !== undefined) return refuse('close-second');
  const { rule, value: open, slotRoll } = valid.value.open;
  const sizes = new Map(state.constitution.constituencies.map(({ name, seats }) => [name, seats]));
  const count = tally(rule, sizes, slotRoll, open.options.map(({ option }) => option), round.casts, close.cut.size);
  const closed = { index, value: close, tally: count, outcome: outcomeOf(rule, open, close, count) };
  // Ballots between cut and CLOSE came too late for the count and are shown with those that come later.
  const [casts, late] = [round.casts.filter((cast) => cast.index < close.cut.size), round.casts.filter((cast) => cast.index >= close.cut.size)];
  return yes(withRound(state, { ...round, casts, late, close: closed }));
}

export function stepOutcome(state: LogState, index: number, text: string): Stepped {
  const parsed = parseOutcome(text);
  if (!parsed.ok) return parsed;
  const round = roundOf(state, parsed.value);
  if (round.close === undefined || round.open === undefined) return refuse('outcome-without-close');
  if (round.outcome !== undefined) return refuse('outcome-second');
  if (printOutcome(round.close.outcome) !== text) return refuse('outcome-differs');
  const { carried, inForceS } = round.close.outcome;
  const key = roundKey(round);
  const next = { ...withRound(state, { ...round, outcome: { index, value: parsed.value } }), openRounds: state.openRounds.filter((each) => each !== key) };
  const epoch = /^epoch\/([1-9][0-9]*)$/.exec(round.slot)?.[1];
  if (epoch === undefined || carried === undefined || inForceS === undefined) return yes(next);
  const motions = round.open.value.options.filter(({ option }) => option === carried).map(({ motion }) => motion);
  return yes({ ...next, nextRoll: { epoch: Number(epoch), motions, inForceS } });
}

