/** Rule C2: whether an entry may follow a prefix of the log. Writer, seats and verifiers run this one function and so agree. */

import { yes } from '../../base/index.ts';
import { base64, fromUtf8 } from '../bytes.ts';
import { append, leafHash, treeRoot } from '../merkle.ts';
import { refuse } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { admitRoll, changedSeats, ringName } from './admitted-roll.ts';
import type { AdmittedRoll } from './admitted-roll.ts';
import { BALLOT_TYPE, COMMIT_TYPE } from './ballot-text.ts';
import { certify } from './certificate.ts';
import { CLOSE_TYPE, COMMITS_CLOSE_TYPE } from './close-text.ts';
import { detectedSeat, verifyEvidence } from './evidence.ts';
import { ENTRY_BYTES_MAX } from './lines.ts';
import { ANCHORS_KEPT_MAX, constitutionDigest, cutTrail, digestOf, newestTime, sameEpoch, treeAt } from './log-state.ts';
import type { Anchored, LogState } from './log-state.ts';
import { EVENT_TYPE, EVIDENCE_TYPE, GENESIS_TYPE, PRIVATE_TYPE, parseEvent, parseEvidence, parseGenesis, parsePrivate } from './log-texts.ts';
import { MOTION_TYPE } from './motion-text.ts';
import { OPEN_TYPE } from './open-text.ts';
import { OUTCOME_TYPE } from './outcome-text.ts';
import { stepComplaint, stepDissent, stepMinutes, stepMotion, stepOpen, stepRecusal, stepSlotRoll } from './replay-round.ts';
import type { Stepped } from './replay-round.ts';
import { stepBallot, stepClose, stepCommit, stepCommitsClose, stepOutcome, stepReveal } from './replay-vote.ts';
import { NO_PREVIOUS, ROLL_TYPE } from './roll-text.ts';
import { COMPLAINT_TYPE, DISSENT_TYPE, KEY_TYPE, MINUTES_TYPE, RECUSAL_TYPE, parseKey } from './seat-texts.ts';
import { SLOT_ROLL_TYPE } from './slot-roll-text.ts';

/** First line of a revealed ballot; printed and read in commitment.ts. */
const REVEAL_TYPE = 'mizan-council/sealed/v1';
const PROVEN_MAX = 1024;

function stepGenesis(suite: Suite, state: LogState, text: string): Stepped {
  const parsed = parseGenesis(text);
  if (!parsed.ok) return parsed;
  if (state.genesis !== undefined) return refuse('genesis-not-first');
  if (parsed.value.council !== state.constitution.council) return refuse('other-council', 2, parsed.value.council);
  if (parsed.value.constitution !== constitutionDigest(suite, state.constitution)) return refuse('genesis-constitution', 4);
  return yes({ ...state, genesis: parsed.value });
}

function firstRoll(state: LogState, index: number, admitted: AdmittedRoll): Stepped {
  if (state.genesis?.roll !== admitted.digest) return refuse('roll-not-genesis');
  if (admitted.roll.epoch !== 1) return refuse('roll-epoch', 3, String(admitted.roll.epoch));
  if (state.genesis.origin !== admitted.origin) return refuse('roll-origin', 5, admitted.origin);
  if (admitted.roll.previous !== NO_PREVIOUS) return refuse('roll-previous', 4);
  return yes({ ...state, roll: admitted, rollIndex: index });
}

function stepRoll(suite: Suite, state: LogState, index: number, text: string): Stepped {
  const parsed = admitRoll(suite, state.constitution, text);
  if (!parsed.ok) return parsed;
  const admitted = parsed.value;
  const before = state.roll;
  if (before === undefined) return firstRoll(state, index, admitted);
  const { nextRoll } = state;
  if (admitted.origin !== before.origin || ringName(admitted.log.key) !== ringName(before.log.key)) return refuse('roll-origin', 5, admitted.origin);
  if (admitted.roll.epoch !== before.roll.epoch + 1) return refuse('roll-epoch', 3, String(admitted.roll.epoch));
  if (admitted.roll.previous !== before.digest) return refuse('roll-previous', 4);
  const named = nextRoll?.motions.some((motion) => state.motions.get(motion)?.motion.annexes.some(({ digest }) => digest === admitted.digest) === true);
  if (nextRoll?.epoch !== admitted.roll.epoch || named !== true) return refuse('roll-not-carried');
  if (newestTime(state) < nextRoll.inForceS) return refuse('roll-standstill');
  if (state.openRounds.length > 0) return refuse('roll-round-open', undefined, state.openRounds[0]);
  if (state.handover !== undefined) return refuse('roll-handover-open');
  if (changedSeats(before, admitted) > state.constitution.changes) return refuse('roll-changes', undefined, String(changedSeats(before, admitted)));
  return yes({ ...state, roll: admitted, rollIndex: index, handover: before, nextRoll: undefined });
}

/** Rolls that have to certify a checkpoint of this size: before the roll entry the old one, first above it both, then the new one. */
export function rollsFor(state: LogState, size: number): readonly [AdmittedRoll, ...AdmittedRoll[]] | undefined {
  if (state.roll === undefined) return undefined;
  if (state.handover === undefined) return [state.roll];
  return size <= state.rollIndex ? [state.handover] : [state.handover, state.roll];
}

function stepAnchor(suite: Suite, state: LogState, index: number, entry: string): Stepped {
  const size = Number(entry.split('\n', 2)[1]);
  const rolls = rollsFor(state, size);
  if (rolls === undefined) return refuse('log-no-roll');
  const certified = certify(suite, entry, rolls, state.constitution.quorum);
  if (!certified.ok) return certified;
  const last = state.anchors.at(-1);
  if (last !== undefined && certified.value.size <= last.size) return refuse('anchor-old', 2, String(size));
  const tree = treeAt(state, certified.value.size);
  if (tree === undefined) return refuse('anchor-ahead', 2, String(size));
  if (base64(treeRoot(suite, tree)) !== certified.value.root) return refuse('anchor-forked', 3);
  const handedOver = state.handover !== undefined && rolls.length === 2;
  const anchor: Anchored = { ...certified.value, index, epoch: (rolls.at(-1) as AdmittedRoll).roll.epoch };
  let { motions } = state;
  for (const digest of state.motionsNotAnchored) {
    const logged = motions.get(digest);
    if (logged !== undefined && logged.index < anchor.size) motions = motions.set(digest, { ...logged, sinceS: anchor.timeS });
  }
  return yes({
    ...state,
    anchors: [...state.anchors.slice(-(ANCHORS_KEPT_MAX - 1)), anchor],
    handover: handedOver ? undefined : state.handover,
    motions,
    motionsNotAnchored: state.motionsNotAnchored.filter((digest) => motions.get(digest)?.sinceS === undefined),
    trail: cutTrail(state.trail, anchor.size),
  });
}

function stepKey(suite: Suite, state: LogState, text: string): Stepped {
  const parsed = parseKey(text);
  if (!parsed.ok) return parsed;
  const admitted = sameEpoch(state, parsed.value);
  if (!admitted.ok) return admitted;
  const { who, vkey } = parsed.value;
  const { seats, alternates } = admitted.value.roll;
  const member = 'seat' in who ? seats[who.seat - 1] : alternates.find(({ constituency, rank }) => constituency === who.constituency && rank === who.rank);
  return member?.mlDsaDigest === digestOf(suite, vkey) ? yes(state) : refuse('key-not-in-roll', 5);
}

function stepEvidence(suite: Suite, state: LogState, text: string): Stepped {
  const parsed = parseEvidence(text);
  if (!parsed.ok) return parsed;
  const proven = verifyEvidence(suite, state, parsed.value);
  if (!proven.ok) return proven;
  const mark = detectedSeat(proven.value);
  return yes(state.proven.includes(mark) || state.proven.length >= PROVEN_MAX ? state : { ...state, proven: [...state.proven, mark] });
}

type Rule = (suite: Suite, state: LogState, index: number, text: string) => Stepped;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  [GENESIS_TYPE, (suite, state, _index, text) => stepGenesis(suite, state, text)],
  [ROLL_TYPE, stepRoll],
  [KEY_TYPE, (suite, state, _index, text) => stepKey(suite, state, text)],
  [MOTION_TYPE, stepMotion],
  [RECUSAL_TYPE, stepRecusal],
  [SLOT_ROLL_TYPE, stepSlotRoll],
  [COMPLAINT_TYPE, stepComplaint],
  [DISSENT_TYPE, (suite, state, _index, text) => stepDissent(suite, state, text)],
  [MINUTES_TYPE, (suite, state, _index, text) => stepMinutes(suite, state, text)],
  [OPEN_TYPE, stepOpen],
  [BALLOT_TYPE, stepBallot],
  [COMMIT_TYPE, stepCommit],
  [REVEAL_TYPE, stepReveal],
  [COMMITS_CLOSE_TYPE, (_suite, state, index, text) => stepCommitsClose(state, index, text)],
  [CLOSE_TYPE, (_suite, state, index, text) => stepClose(state, index, text)],
  [OUTCOME_TYPE, (_suite, state, index, text) => stepOutcome(state, index, text)],
  [EVIDENCE_TYPE, (suite, state, _index, text) => stepEvidence(suite, state, text)],
  [EVENT_TYPE, (_suite, state, _index, text) => keep(state, parseEvent(text))],
  [PRIVATE_TYPE, (_suite, state, _index, text) => keep(state, parsePrivate(text))],
]);

const PLATFORM_TYPES: ReadonlySet<string> = new Set([EVENT_TYPE, PRIVATE_TYPE]);

const keep = (state: LogState, read: ReturnType<typeof parseEvent | typeof parsePrivate>): Stepped => (read.ok ? yes(state) : read);

/** What an entry is: its first line, or `anchor` for a checkpoint, whose first line is the name of the log. */
export function entryType(state: LogState, text: string): string {
  const first = text.slice(0, text.indexOf('\n') + 1).slice(0, -1);
  return state.genesis !== undefined && first === state.genesis.origin ? 'anchor' : first;
}

/**
 * The state after `entry` at `index`, or why it may not stand there. A pure function of the prefix: no clock, no place, no memory but
 * `state`. Of the council's entries the genesis is the first and the first roll the second.
 */
export function step(suite: Suite, state: LogState, index: number, entry: Uint8Array): Stepped {
  if (index !== state.tree.size) return refuse('entry-index', undefined, `${index} ≠ ${state.tree.size}`);
  if (entry.length > ENTRY_BYTES_MAX) return refuse('text-too-long');
  const text = fromUtf8(entry);
  if (text === undefined) return refuse('text-not-unicode');
  const type = entryType(state, text);
  // Acts of the platform may come before the council is founded, and between any two of its entries.
  if (!PLATFORM_TYPES.has(type)) {
    if (state.genesis === undefined && type !== GENESIS_TYPE) return refuse('genesis-missing');
    if (state.genesis !== undefined && state.roll === undefined && type !== ROLL_TYPE && type !== GENESIS_TYPE) return refuse('log-no-roll');
  }
  const rule = type === 'anchor' ? stepAnchor : RULES.get(type);
  if (rule === undefined) return refuse('entry-type', 1, type.slice(0, 80));
  const next = rule(suite, state, index, text);
  if (!next.ok) return next;
  const tree = append(suite, state.tree, leafHash(suite, entry));
  // Nothing before the first roll is ever named by its size.
  return yes({ ...next.value, tree, trail: { tree, before: next.value.roll === undefined ? undefined : next.value.trail } });
}

