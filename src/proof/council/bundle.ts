/** The eight checks by which anybody can convince themselves of a decision from its file, without asking a server. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { fromBase64, utf8 } from '../bytes.ts';
import { leafHash, verifyInclusion } from '../merkle.ts';
import { refuse } from '../refusals.ts';
import type { ProofCode, ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { admitRoll, changedSeats, openStrictly, ringName, seatsOf, slotRing } from './admitted-roll.ts';
import type { AdmittedRoll, RingKey } from './admitted-roll.ts';
import { printBallot } from './ballot-text.ts';
import { certify } from './certificate.ts';
import type { Certified } from './certificate.ts';
import { parseClose } from './close-text.ts';
import type { Close } from './close-text.ts';
import { classOf } from './constitution.ts';
import type { ClassRule, Constitution } from './constitution.ts';
import type { Decision, Inclusion, NotCarried, RollChange, VotePapers } from './decision-file.ts';
import { digestOf } from './log-state.ts';
import { parseMotion } from './motion-text.ts';
import type { Motion } from './motion-text.ts';
import { ballotOf, parseOpen } from './open-text.ts';
import type { Open } from './open-text.ts';
import { parseOutcome } from './outcome-text.ts';
import type { Outcome } from './outcome-text.ts';
import { ROLL_CLASS, signedText } from './replay-round.ts';
import { parseSlotRoll } from './slot-roll-text.ts';
import type { SlotRoll } from './slot-roll-text.ts';
import { reached } from './tally.ts';

export * from './decision-file.ts';

/** What a verifier believes beforehand, from the gazette or from an earlier check. */
export interface Pin {
  readonly constitution: Constitution;
  /** Epoch of the pinned roll, where it is known; the digest says it anyway. */
  readonly epoch?: number;
  /** SHA-256 of a roll, 64 hexadecimal digits: of the decision's own epoch, or of an earlier one that the file leads on from. */
  readonly roll: string;
  /** A roll as admitted once before, so that its keys need not be looked at again. */
  readonly admitted?: AdmittedRoll;
  /** The reader replays the log as well, so that what follows from the order of its entries alone may be accepted. */
  readonly replays?: true;
}

export interface DecisionReport {
  readonly council: string;
  readonly origin: string;
  readonly slot: string;
  readonly round: number;
  readonly epoch: number;
  readonly class: string;
  readonly motion: Motion;
  readonly motionDigest: string;
  readonly option: string;
  /** Seats whose yes was verified, ascending, and the constituencies they reach. */
  readonly yes: readonly number[];
  readonly constituencies: readonly string[];
  readonly outcome: Outcome;
  /** Certified time of the cut. */
  readonly closedS: number;
  readonly inForceS: number;
  readonly checkpoint: Certified;
  /** Digest of the roll, and epochs through which the file leads from the pinned roll to it. */
  readonly roll: string;
  readonly rollChanges: number;
}

/** The report of a vote that carried nothing. */
export type NotCarriedReport = Omit<DecisionReport, 'inForceS' | 'yes' | 'constituencies'>;

/** One of the eight checks that held, with what was looked at. Each comes once, in this order. */
export type CheckPassed =
  | { readonly check: 'roll'; readonly digest: string; readonly pinned: string; readonly epoch: number; readonly seats: number; readonly changes: number }
  | { readonly check: 'checkpoint'; readonly size: number; readonly seats: number; readonly outside: readonly string[]; readonly timeS: number }
  | { readonly check: 'opening'; readonly slot: string; readonly round: number; readonly filled: number; readonly class: string }
  | { readonly check: 'motion'; readonly digest: string; readonly number: string; readonly languages: readonly string[] }
  | { readonly check: 'ballots'; readonly seats: readonly number[]; readonly needed: number; readonly reached: readonly string[] }
  | { readonly check: 'inclusion'; readonly indexes: readonly number[]; readonly size: number }
  | { readonly check: 'order'; readonly cut: number; readonly closedS: number }
  | { readonly check: 'outcome'; readonly option: string; readonly yes: number; readonly no: number; readonly abstain: number; readonly silent: number; readonly inForceS: number };

export const CHECKS = ['roll', 'checkpoint', 'opening', 'motion', 'ballots', 'inclusion', 'order', 'outcome'] as const satisfies readonly CheckPassed['check'][];

type Tell = (passed: CheckPassed) => void;
const untold: Tell = () => undefined;

const expectThat = (holds: boolean, code: ProofCode, detail?: string): Verdict<true, ProofRefusal> => (holds ? yes(true) : refuse(code, undefined, detail));

interface Vote {
  readonly open: Open;
  readonly slotRoll: SlotRoll;
  readonly rule: ClassRule;
}

interface Votes {
  readonly seats: readonly number[];
  readonly reached: readonly string[];
}

/** (3) Slot roll, roll and OPEN belong together, and OPEN is signed by those who may open. */
function checkVote(suite: Suite, papers: VotePapers, pin: Pin, admitted: AdmittedRoll): Verdict<Vote, ProofRefusal> {
  const open = parseOpen(signedText(papers.open));
  if (!open.ok) return open;
  const slotRoll = parseSlotRoll(papers.slotRoll);
  if (!slotRoll.ok) return slotRoll;
  const { epoch, council } = admitted.roll;
  if ([open.value, slotRoll.value].some((each) => each.epoch !== epoch || each.council !== council)) return refuse('other-epoch');
  if (slotRoll.value.roll !== admitted.digest) return refuse('decision-slot-roll', undefined, 'roll');
  if (digestOf(suite, papers.slotRoll) !== open.value.slotRoll) return refuse('decision-slot-roll', undefined, 'open');
  if (slotRoll.value.slot !== open.value.slot || slotRoll.value.round !== open.value.round) return refuse('decision-slot-roll', undefined, 'slot');
  const { secretariat, ballots } = admitted;
  const signed = openStrictly(suite, papers.open, new Map<string, RingKey>([...ballots, [ringName(secretariat.key), secretariat]]));
  if (!signed.ok) return signed;
  const bySecretariat = signed.value.signed.some(({ key }) => ringName(key) === ringName(secretariat.key));
  if (!bySecretariat && seatsOf(signed.value.signed).length < pin.constitution.minority) return refuse('open-signers');
  const rule = classOf(pin.constitution, open.value.class);
  if (rule === undefined) return refuse('motion-class', 5, open.value.class);
  // Below a quorum of yes ballots the log's order decides, so the file of one decision cannot show it.
  if (rule.yes < pin.constitution.quorum && pin.replays !== true) return refuse('decision-needs-replay', undefined, rule.name);
  return yes({ open: open.value, slotRoll: slotRoll.value, rule });
}

/** (4) The texts are those voted on: their digests make the manifest, whose digest the ballots name. */
function checkMotion(suite: Suite, papers: VotePapers, open: Open): Verdict<{ readonly motion: Motion; readonly digest: string }, ProofRefusal> {
  const motion = parseMotion(papers.motion.manifest);
  if (!motion.ok) return motion;
  const digest = digestOf(suite, papers.motion.manifest);
  const option = open.options.find((each) => each.motion === digest);
  if (option?.option !== motion.value.option || motion.value.class !== open.class) return refuse('decision-motion', undefined, digest);
  const { texts } = papers.motion;
  if (Object.keys(texts).length !== motion.value.texts.length) return refuse('decision-texts');
  for (const { language, digest: wanted } of motion.value.texts) {
    const text = Object.hasOwn(texts, language) ? texts[language] : undefined;
    if (text === undefined || digestOf(suite, text) !== wanted) return refuse('decision-texts', undefined, language);
  }
  return yes({ motion: motion.value, digest });
}

/** (4, 5) The stacked note is the one text that OPEN allows, signed by enough distinct seats of enough constituencies. */
function checkBallots(suite: Suite, note: string, vote: Vote, admitted: AdmittedRoll, option: string): Verdict<Votes, ProofRefusal> {
  const ballot = ballotOf(vote.open, 'yes', option);
  if (ballot === undefined || signedText(note) !== printBallot(ballot)) return refuse('decision-ballot-text');
  const ring = slotRing(suite, admitted, vote.slotRoll);
  if (!ring.ok) return ring;
  const signed = openStrictly(suite, note, ring.value);
  if (!signed.ok) return signed;
  const seats = seatsOf(signed.value.signed).toSorted((one, other) => one - other);
  if (seats.length < vote.rule.yes) return refuse('decision-quorum', undefined, `${seats.length} of ${vote.rule.yes}`);
  const constituencies = reached(admitted.sizes, vote.slotRoll, seats, vote.rule.breadth.by);
  if (constituencies.length < vote.rule.breadth.of) return refuse('decision-breadth', undefined, `${constituencies.length} of ${vote.rule.breadth.of}`);
  return yes({ seats, reached: constituencies });
}

/** (6) The entries lie in the tree of the certified checkpoint. */
function checkInclusions(suite: Suite, entries: readonly (readonly [name: string, entry: string, proof: Inclusion])[], checkpoint: Certified): Verdict<true, ProofRefusal> {
  const root = fromBase64(checkpoint.root) ?? new Uint8Array();
  for (const [name, entry, { index, hashes }] of entries) {
    const proof = hashes.map((hash) => fromBase64(hash));
    if (proof.includes(undefined)) return refuse('decision-proof', undefined, name);
    const included = verifyInclusion(suite, index, checkpoint.size, leafHash(suite, utf8(entry)), proof as readonly Uint8Array[], root);
    if (!included.ok) return refuse('decision-inclusion', undefined, `${name}: ${included.refusal.code}`);
  }
  return yes(true);
}

interface Places {
  readonly open: Inclusion;
  readonly ballots?: Inclusion;
  readonly close: Inclusion;
  readonly outcome: Inclusion;
}

/** (7) The order of the entries: opened, then voted, then cut, then closed, then counted. */
function checkOrder({ open, ballots, close: closing, outcome }: Places, vote: Vote, close: Close): Verdict<true, ProofRefusal> {
  const voted = ballots === undefined || (open.index < ballots.index && ballots.index < close.cut.size);
  const ordered = vote.open.opened.size <= open.index && voted && open.index < close.cut.size && close.cut.size <= closing.index && closing.index < outcome.index;
  if (!ordered || close.anchor >= closing.index || close.anchor < close.cut.size) return refuse('decision-order');
  return expectThat(close.timeS >= vote.open.closesS, 'close-early');
}

/** (8) OUTCOME and CLOSE are of this round, with the same cut and the options of OPEN. */
function checkSameRound(outcome: Outcome, close: Close, { open }: Vote): Verdict<true, ProofRefusal> {
  for (const each of [outcome, close]) {
    if (each.council !== open.council || each.epoch !== open.epoch || each.slotRoll !== open.slotRoll || each.slot !== open.slot || each.round !== open.round) return refuse('decision-outcome', undefined, 'round');
  }
  if (outcome.cut.size !== close.cut.size || outcome.cut.root !== close.cut.root) return refuse('decision-outcome', undefined, 'cut');
  const names = outcome.yes.map((each) => each.option).join(' ') === open.options.map((each) => each.option).join(' ');
  return expectThat(names, 'decision-outcome', 'yes');
}

/** (8) OUTCOME says what follows from the rest, as far as the file can show it. */
function checkOutcome(outcome: Outcome, close: Close, vote: Vote, option: string, votes: Votes): Verdict<true, ProofRefusal> {
  const same = checkSameRound(outcome, close, vote);
  if (!same.ok) return same;
  const { rule, slotRoll } = vote;
  const filled = slotRoll.seats.filter((sitter) => sitter !== undefined).length;
  const counted = outcome.yes.find((each) => each.option === option)?.seats ?? 0;
  if (outcome.carried !== option || counted < votes.seats.length || counted > filled) return refuse('decision-outcome', undefined, 'yes');
  if (outcome.constituencies < votes.reached.length) return refuse('decision-outcome', undefined, 'constituencies');
  return expectThat(outcome.inForceS === close.timeS + rule.standstillS, 'decision-outcome', 'in-force');
}

/** What checks 2 to 8 established of one vote. */
interface Established extends Vote {
  readonly checkpoint: Certified;
  readonly motion: Motion;
  readonly motionDigest: string;
  readonly votes: Votes;
  readonly close: Close;
  readonly outcome: Outcome;
}

type Carried = VotePapers & { readonly ballots: string; readonly proofs: Decision['proofs'] };

/** Checks 2 to 8 on a vote under the first of the rolls; the checkpoint is certified under all of them. */
function checkCarried(suite: Suite, papers: Carried, pin: Pin, rolls: readonly [AdmittedRoll, ...AdmittedRoll[]], tell: Tell): Verdict<Established, ProofRefusal> {
  const [admitted] = rolls;
  const checkpoint = certify(suite, papers.checkpoint, rolls, pin.constitution.quorum);
  if (!checkpoint.ok) return checkpoint;
  const { size, seats, outside, timeS } = checkpoint.value;
  tell({ check: 'checkpoint', size, seats: seats.length, outside, timeS });
  const vote = checkVote(suite, papers, pin, admitted);
  if (!vote.ok) return vote;
  const { open, rule, slotRoll } = vote.value;
  tell({ check: 'opening', slot: open.slot, round: open.round, class: open.class, filled: slotRoll.seats.filter((sitter) => sitter !== undefined).length });
  const motion = checkMotion(suite, papers, open);
  if (!motion.ok) return motion;
  tell({ check: 'motion', digest: motion.value.digest, number: motion.value.motion.number, languages: motion.value.motion.texts.map(({ language }) => language) });
  const { option } = motion.value.motion;
  const votes = checkBallots(suite, papers.ballots, vote.value, admitted, option);
  if (!votes.ok) return votes;
  tell({ check: 'ballots', seats: votes.value.seats, needed: rule.yes, reached: votes.value.reached });
  const { proofs } = papers;
  const included = checkInclusions(suite, [['open', papers.open, proofs.open], ['ballots', papers.ballots, proofs.ballots], ['close', papers.close, proofs.close], ['outcome', papers.outcome, proofs.outcome]], checkpoint.value);
  if (!included.ok) return included;
  tell({ check: 'inclusion', indexes: [proofs.open.index, proofs.ballots.index, proofs.close.index, proofs.outcome.index], size });
  const close = parseClose(papers.close);
  if (!close.ok) return close;
  const ordered = checkOrder(proofs, vote.value, close.value);
  if (!ordered.ok) return ordered;
  tell({ check: 'order', cut: close.value.cut.size, closedS: close.value.timeS });
  const outcome = parseOutcome(papers.outcome);
  if (!outcome.ok) return outcome;
  const told = checkOutcome(outcome.value, close.value, vote.value, option, votes.value);
  if (!told.ok) return told;
  const counted = outcome.value.yes.find((each) => each.option === option)?.seats ?? 0;
  tell({ check: 'outcome', option, yes: counted, no: outcome.value.no, abstain: outcome.value.abstain, silent: outcome.value.silent, inForceS: close.value.timeS + rule.standstillS });
  return yes({ ...vote.value, checkpoint: checkpoint.value, motion: motion.value.motion, motionDigest: motion.value.digest, votes: votes.value, close: close.value, outcome: outcome.value });
}

/** The next roll follows the one before as rule 8 of the log has it, as far as one file can show it. */
function checkSuccession(suite: Suite, change: RollChange, nextText: string, next: AdmittedRoll, before: AdmittedRoll, pin: Pin): Verdict<true, ProofRefusal> {
  if (next.origin !== before.origin || ringName(next.log.key) !== ringName(before.log.key)) return refuse('roll-origin', 5, next.origin);
  if (next.roll.epoch !== before.roll.epoch + 1) return refuse('roll-epoch', 3, String(next.roll.epoch));
  if (next.roll.previous !== before.digest) return refuse('roll-previous', 4);
  const changed = changedSeats(before, next);
  if (changed > pin.constitution.changes) return refuse('roll-changes', undefined, String(changed));
  // The handover: whoever decided and whoever takes over certify one and the same log.
  const decided = checkCarried(suite, change, pin, [before, next], untold);
  if (!decided.ok) return decided;
  const { open, motion, checkpoint, close, rule } = decided.value;
  if (open.slot !== `epoch/${next.roll.epoch}` || open.class !== ROLL_CLASS || !motion.annexes.some(({ digest }) => digest === next.digest)) return refuse('roll-not-carried', undefined, open.slot);
  if (checkpoint.timeS < close.timeS + rule.standstillS) return refuse('roll-standstill');
  const included = checkInclusions(suite, [['next', nextText, change.proofs.next]], checkpoint);
  if (!included.ok) return included;
  return expectThat(change.proofs.outcome.index < change.proofs.next.index, 'decision-order', 'next');
}

interface Rolls {
  readonly admitted: AdmittedRoll;
  readonly pinned: AdmittedRoll;
}

/** (1) One of the file's rolls is the pinned one, each follows the one before, and their keys may be used. */
function checkRolls(suite: Suite, file: { readonly roll: string; readonly rolls?: readonly RollChange[] }, pin: Pin): Verdict<Rolls, ProofRefusal> {
  const changes = file.rolls ?? [];
  const texts = [...changes.map(({ roll }) => roll), file.roll];
  const digests = texts.map((text) => digestOf(suite, text));
  // Asked first: nobody has to look at two thousand keys of a file that is of another council.
  const at = digests.indexOf(pin.roll);
  if (at < 0) return refuse('decision-roll-not-pinned', undefined, digests.at(-1));
  const admitted: AdmittedRoll[] = [];
  for (const [index, text] of texts.entries()) {
    const roll = pin.admitted !== undefined && pin.admitted.digest === digests[index] ? yes(pin.admitted) : admitRoll(suite, pin.constitution, text);
    if (!roll.ok) return roll;
    admitted.push(roll.value);
  }
  for (const [index, change] of changes.entries()) {
    const before = admitted[index] as AdmittedRoll;
    const next = admitted[index + 1] as AdmittedRoll;
    const followed = checkSuccession(suite, change, texts[index + 1] as string, next, before, pin);
    if (!followed.ok) return no({ ...followed.refusal, detail: `epoch ${next.roll.epoch}${followed.refusal.detail === undefined ? '' : `: ${followed.refusal.detail}`}` });
  }
  const last = admitted.at(-1) as AdmittedRoll;
  const pinned = admitted[at] as AdmittedRoll;
  return pin.epoch !== undefined && pinned.roll.epoch !== pin.epoch ? refuse('other-epoch', 3) : yes({ admitted: last, pinned });
}

function tellRolls({ admitted, pinned }: Rolls, tell: Tell): number {
  const changes = admitted.roll.epoch - pinned.roll.epoch;
  tell({ check: 'roll', digest: admitted.digest, pinned: pinned.digest, epoch: admitted.roll.epoch, seats: admitted.roll.seats.length, changes });
  return changes;
}

/**
 * The eight checks of docs/spec/council.md on one file; `tell` hears of each that held. That OPEN and CLOSE are the first of their round
 * rests on the honest cosigners of the checkpoint, who replayed the log; whoever will not rest on them replays it too.
 */
export function verifyDecision(suite: Suite, decision: Decision, pin: Pin, tell: Tell = untold): Verdict<DecisionReport, ProofRefusal> {
  const rolls = checkRolls(suite, decision, pin);
  if (!rolls.ok) return rolls;
  const rollChanges = tellRolls(rolls.value, tell);
  const { admitted } = rolls.value;
  const vote = checkCarried(suite, decision, pin, [admitted], tell);
  if (!vote.ok) return vote;
  const { open, motion, motionDigest, votes, outcome, close, checkpoint, rule } = vote.value;
  return yes({
    council: open.council,
    origin: admitted.origin,
    slot: open.slot,
    round: open.round,
    epoch: open.epoch,
    class: open.class,
    motion,
    motionDigest,
    option: motion.option,
    yes: votes.seats,
    constituencies: votes.reached,
    outcome,
    closedS: close.timeS,
    inForceS: close.timeS + rule.standstillS,
    checkpoint,
    roll: admitted.digest,
    rollChanges,
  });
}

/**
 * What a file can show of a vote that carried nothing: everything but the absence of ballots. It is accepted only of a reader who
 * replays the log (`pin.replays`), because OUTCOME follows from all of its entries.
 */
export function verifyNotCarried(suite: Suite, file: NotCarried, pin: Pin): Verdict<NotCarriedReport, ProofRefusal> {
  const rolls = checkRolls(suite, file, pin);
  if (!rolls.ok) return rolls;
  const { admitted } = rolls.value;
  const checkpoint = certify(suite, file.checkpoint, [admitted], pin.constitution.quorum);
  if (!checkpoint.ok) return checkpoint;
  const vote = checkVote(suite, file, { ...pin, replays: true }, admitted);
  if (!vote.ok) return vote;
  const { open } = vote.value;
  const motion = checkMotion(suite, file, open);
  if (!motion.ok) return motion;
  const included = checkInclusions(suite, [['open', file.open, file.proofs.open], ['close', file.close, file.proofs.close], ['outcome', file.outcome, file.proofs.outcome]], checkpoint.value);
  if (!included.ok) return included;
  const close = parseClose(file.close);
  if (!close.ok) return close;
  const outcome = parseOutcome(file.outcome);
  if (!outcome.ok) return outcome;
  for (const held of [checkOrder(file.proofs, vote.value, close.value), checkSameRound(outcome.value, close.value, vote.value)]) if (!held.ok) return held;
  if (outcome.value.carried !== undefined) return refuse('decision-outcome', undefined, 'carried');
  if (pin.replays !== true) return refuse('decision-needs-replay', undefined, 'not-carried');
  return yes({
    council: open.council,
    origin: admitted.origin,
    slot: open.slot,
    round: open.round,
    epoch: open.epoch,
    class: open.class,
    motion: motion.value.motion,
    motionDigest: motion.value.digest,
    option: motion.value.motion.option,
    outcome: outcome.value,
    closedS: close.value.timeS,
    checkpoint: checkpoint.value,
    roll: admitted.digest,
    rollChanges: tellRolls(rolls.value, untold),
  });
}
