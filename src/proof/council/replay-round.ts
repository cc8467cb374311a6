/** Rule C2 for what prepares and opens a vote: motion, recusal, slot roll, complaint, OPEN. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { memberName, openStrictly, ringName, ringOf, seatsOf, slotRing, slotRollOf } from './admitted-roll.ts';
import type { AdmittedRoll, KeyRing, RingKey } from './admitted-roll.ts';
import { CHOICES, printBallot, roundKey } from './ballot-text.ts';
import { classOf } from './constitution.ts';
import type { ClassRule } from './constitution.ts';
import { isSlot } from './lines.ts';
import { OPEN_ROUNDS_MAX, digestOf, newestTime, roundOf, sameEpoch, withRound } from './log-state.ts';
import type { Anchored, LogState, Meaning, RoundState } from './log-state.ts';
import { parseMotion } from './motion-text.ts';
import { ballotOf, parseOpen } from './open-text.ts';
import type { Open } from './open-text.ts';
import { parseComplaint, parseDissent, parseMinutes, parseRecusal } from './seat-texts.ts';
import type { Person } from './seat-texts.ts';
import { parseSlotRoll, printSlotRoll } from './slot-roll-text.ts';
import { parseVkey } from '../note.ts';

export type Stepped = Verdict<LogState, ProofRefusal>;

const CONFIRM = '/confirm';
/** Class of the votes on a new roll. */
export const ROLL_CLASS = 'constitutional';
const ROUND_ENTRIES_MAX = 256;

export function stepMotion(suite: Suite, state: LogState, index: number, text: string): Stepped {
  const motion = parseMotion(text);
  if (!motion.ok) return motion;
  if (motion.value.council !== state.constitution.council) return refuse('other-council', 2, motion.value.council);
  if (classOf(state.constitution, motion.value.class) === undefined) return refuse('motion-class', 5, motion.value.class);
  const digest = digestOf(suite, text);
  // A second copy changes nothing: the papers lie there since the first.
  if (state.motions.get(digest) !== undefined) return yes(state);
  const motions = state.motions.set(digest, { index, motion: motion.value, sinceS: undefined });
  return yes({ ...state, motions, motionsNotAnchored: [...state.motionsNotAnchored, digest] });
}

/** The ballot key of whoever is named, as a ring of one. */
function ringOfPerson(suite: Suite, admitted: AdmittedRoll, who: Person): KeyRing | undefined {
  if ('seat' in who) return new Map([...admitted.ballots].filter(([, { seat }]) => seat === who.seat));
  const alternate = admitted.roll.alternates.find(({ constituency, rank }) => constituency === who.constituency && rank === who.rank);
  const key = alternate === undefined ? undefined : parseVkey(suite, alternate.ballot);
  return key?.ok === true ? ringOf([{ key: key.value, seat: 0 }]) : undefined;
}

export function stepRecusal(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const text = signedText(entry);
  const recusal = parseRecusal(text);
  if (!recusal.ok) return recusal;
  const admitted = sameEpoch(state, recusal.value);
  if (!admitted.ok) return admitted;
  const own = ringOfPerson(suite, admitted.value, recusal.value.who);
  if (own === undefined || own.size === 0) return refuse('recusal-nobody', 5);
  const opened = openStrictly(suite, entry, new Map([...admitted.value.ballots, ...own]));
  if (!opened.ok) return opened;
  // Over somebody's head only a whole quorum decides, otherwise ten liars could empty seats.
  const bySelf = opened.value.signed.some(({ key }) => own.has(ringName(key)));
  if (!bySelf && seatsOf(opened.value.signed).length < state.constitution.quorum) return refuse('recusal-not-own');
  const round = roundOf(state, recusal.value);
  if (round.recusals.some(({ value }) => memberName(value) === memberName(recusal.value.who))) return yes(state);
  return yes(withRound(state, { ...round, recusals: [...round.recusals, { index, value: recusal.value.who }] }));
}

/** The part of a note before the last empty line, for reading before it is verified; the whole text where there is none. */
export function signedText(entry: string): string {
  const split = entry.lastIndexOf('\n\n');
  return split < 0 ? entry : entry.slice(0, split + 1);
}

export function stepSlotRoll(suite: Suite, state: LogState, index: number, text: string): Stepped {
  const slotRoll = parseSlotRoll(text);
  if (!slotRoll.ok) return slotRoll;
  const admitted = sameEpoch(state, slotRoll.value);
  if (!admitted.ok) return admitted;
  const round = roundOf(state, slotRoll.value);
  if (round.open !== undefined) return refuse('slot-roll-after-open');
  const expected = slotRollOf(admitted.value, slotRoll.value, round.recusals.map(({ value }) => value));
  if (printSlotRoll(expected) !== text) return refuse('slot-roll-not-derived');
  if (round.slotRolls.at(-1)?.digest === digestOf(suite, text)) return yes(state);
  const ring = slotRing(suite, admitted.value, slotRoll.value);
  if (!ring.ok) return ring;
  const next = { index, value: slotRoll.value, digest: digestOf(suite, text), ring: ring.value };
  return yes(withRound(state, { ...round, slotRolls: [...round.slotRolls.slice(-ROUND_ENTRIES_MAX), next] }));
}

export function stepComplaint(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const complaint = parseComplaint(signedText(entry));
  if (!complaint.ok) return complaint;
  const admitted = sameEpoch(state, complaint.value);
  if (!admitted.ok) return admitted;
  const opened = openStrictly(suite, entry, admitted.value.ballots);
  if (!opened.ok) return opened;
  if (seatsOf(opened.value.signed).length < state.constitution.minority) return refuse('complaint-minority', undefined, String(state.constitution.minority));
  const round = roundOf(state, complaint.value);
  if (round.complaints.some(({ value }) => value === complaint.value.kind)) return yes(state);
  return yes(withRound(state, { ...round, complaints: [...round.complaints, { index, value: complaint.value.kind }] }));
}

/** Dissents and minutes change nothing that is counted: they have to be read and rightly signed. */
export function stepDissent(suite: Suite, state: LogState, entry: string): Stepped {
  const dissent = parseDissent(signedText(entry));
  if (!dissent.ok) return dissent;
  const round = roundOf(state, dissent.value);
  if (round.open === undefined) return refuse('round-not-open');
  const opened = openStrictly(suite, entry, round.open.ring);
  return opened.ok ? yes(state) : opened;
}

export function stepMinutes(suite: Suite, state: LogState, entry: string): Stepped {
  const minutes = parseMinutes(signedText(entry));
  if (!minutes.ok) return minutes;
  const admitted = sameEpoch(state, minutes.value);
  if (!admitted.ok) return admitted;
  const opened = openStrictly(suite, entry, ringOf([admitted.value.secretariat]));
  return opened.ok ? yes(state) : opened;
}

// ---------------------------------------------------------------- OPEN

/** Whether this round may follow what came before it in the slot. */
function mayFollow(state: LogState, open: Open, bySeats: number): ProofRefusal | undefined {
  const { minority } = state.constitution;
  if (open.round > 1) {
    const before = roundOf(state, { slot: open.slot, round: open.round - 1 });
    if (before.outcome === undefined || before.outcome.value.carried !== undefined) return refuse('open-round-before', 4).refusal;
    if (bySeats < minority && !before.complaints.some(({ value }) => value === 'round')) return refuse('open-round-demand', 4, String(minority)).refusal;
  }
  if (!open.slot.endsWith(CONFIRM)) return undefined;
  const slot = open.slot.slice(0, -CONFIRM.length);
  // The vote to confirm belongs to whichever round carried: only one of a slot can.
  const carried = isSlot(slot) ? carriedRound(state, slot) : undefined;
  if (carried?.outcome === undefined || carried.open?.rule.prepareS === 0) return refuse('open-confirm-what', 4, slot).refusal;
  if (!carried.complaints.some(({ value }) => value === 'confirm')) return refuse('open-confirm-demand', 4, String(minority)).refusal;
  return newestTime(state) > (carried.outcome.value.inForceS ?? 0) ? refuse('open-confirm-late', 4).refusal : undefined;
}

function carriedRound(state: LogState, slot: string): RoundState | undefined {
  for (let round = 1; ; round += 1) {
    const known = state.rounds.get(roundKey({ slot, round }));
    if (known?.outcome === undefined) return undefined;
    if (known.outcome.value.carried !== undefined) return known;
  }
}

function papersReady(state: LogState, open: Open, rule: ClassRule, opened: Anchored): ProofRefusal | undefined {
  for (const { option, motion } of open.options) {
    const logged = state.motions.get(motion);
    if (logged === undefined || logged.index >= opened.size) return refuse('open-motion-unknown', undefined, option).refusal;
    if (logged.motion.option !== option || logged.motion.class !== open.class) return refuse('open-motion-differs', undefined, option).refusal;
    if (logged.sinceS === undefined || opened.timeS < logged.sinceS + rule.prepareS) return refuse('open-papers-late', undefined, option).refusal;
  }
  const nowS = newestTime(state);
  const votedS = open.commitsCloseS ?? open.closesS;
  if (votedS < nowS + rule.voteS || open.closesS < votedS + rule.revealS) return refuse('open-window-short').refusal;
  return undefined;
}

function classFits(state: LogState, open: Open): Verdict<ClassRule, ProofRefusal> {
  const rule = classOf(state.constitution, open.class);
  if (rule === undefined) return refuse('motion-class', 5, open.class);
  if (rule.sealed !== open.sealed) return refuse('open-sealed', 6);
  const epoch = /^epoch\/(.*)$/.exec(open.slot)?.[1];
  if (epoch !== undefined && (epoch !== String(open.epoch + 1) || open.class !== ROLL_CLASS)) return refuse('open-epoch-slot', 4, open.slot);
  return yes(rule);
}

function meaningsOf(open: Open): ReadonlyMap<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  for (const choice of CHOICES) {
    for (const option of choice === 'yes' ? open.options.map((each) => each.option) : [undefined]) {
      const ballot = ballotOf(open, choice, option);
      if (ballot !== undefined) meanings.set(printBallot(ballot), { choice, option });
    }
  }
  return meanings;
}

export function stepOpen(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const parsed = parseOpen(signedText(entry));
  if (!parsed.ok) return parsed;
  const open = parsed.value;
  const admitted = sameEpoch(state, open);
  if (!admitted.ok) return admitted;
  const round = roundOf(state, open);
  if (round.open !== undefined) return refuse('open-second', 4);
  if (state.openRounds.length >= OPEN_ROUNDS_MAX) return refuse('open-too-many');
  const { secretariat, ballots } = admitted.value;
  const signed = openStrictly(suite, entry, new Map<string, RingKey>([...ballots, [ringName(secretariat.key), secretariat]]));
  if (!signed.ok) return signed;
  const bySeats = seatsOf(signed.value.signed).length;
  const bySecretariat = signed.value.signed.some(({ key }) => ringName(key) === ringName(secretariat.key));
  if (!bySecretariat && bySeats < state.constitution.minority) return refuse('open-signers');
  const rule = classFits(state, open);
  if (!rule.ok) return rule;
  const opened = state.anchors.findLast(({ size, root }) => size === open.opened.size && root === open.opened.root);
  if (opened === undefined) return refuse('open-not-anchored');
  const slotRoll = round.slotRolls.findLast((each) => each.index < opened.size);
  if (slotRoll?.digest !== open.slotRoll || slotRoll.value.epoch !== open.epoch) return refuse('open-slot-roll', 3);
  const refusal = mayFollow(state, open, bySeats) ?? papersReady(state, open, rule.value, opened);
  if (refusal !== undefined) return { ok: false, refusal };
  const opening = { index, value: open, rule: rule.value, slotRoll: slotRoll.value, ring: slotRoll.ring, meanings: meaningsOf(open) };
  return yes({ ...withRound(state, { ...round, open: opening }), openRounds: [...state.openRounds, roundKey(open)] });
}
