/** Proofs that a seat or the operator lied: signed things that no honest holder of the key can have signed both. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { base64, sameBytes } from '../bytes.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { verifyConsistency } from '../merkle.ts';
import { parseNote } from '../note.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { openStrictly, ringName } from './admitted-roll.ts';
import type { AdmittedRoll, KeyRing, RingKey, SignedLine } from './admitted-roll.ts';
import { parseBallot, parseCommit, sameRound } from './ballot-text.ts';
import { printSeat } from './lines.ts';
import type { Round } from './lines.ts';
import { digestOf, roundOf, sameEpoch } from './log-state.ts';
import type { LogState, RoundState } from './log-state.ts';
import type { Evidence, EvidenceKind } from './log-texts.ts';
import { parseReceipt } from './seat-texts.ts';

export interface Proven {
  readonly kind: EvidenceKind;
  /** Undefined is the operator. */
  readonly seat: number | undefined;
}

/** How the state of the log remembers what is proven. */
export const detectedSeat = ({ kind, seat }: Proven): string => `${seat === undefined ? 'operator' : `seat-${printSeat(seat)}`} ${kind}`;

type Answer = Verdict<true, ProofRefusal>;

/** The note trimmed to the lines of these keys, opened: other lines prove nothing here and may be there. */
function openUnder(suite: Suite, exhibit: string, ring: KeyRing): Verdict<{ readonly text: string; readonly signed: readonly SignedLine[] }, ProofRefusal> {
  const note = parseNote(exhibit);
  if (!note.ok) return note;
  const lines = note.value.lines.filter((line) => ring.has(ringName(line)));
  if (lines.length === 0) return refuse('note-no-known-key');
  const trimmed = exhibit.slice(0, note.value.text.length + 1) + exhibit.slice(note.value.text.length + 1).split('\n').filter((line, at) => line !== '' && note.value.lines[at] !== undefined && lines.includes(note.value.lines[at])).map((line) => `${line}\n`).join('');
  return openStrictly(suite, trimmed, ring);
}

const ofSeat = (ring: KeyRing, seat: number): KeyRing => new Map([...ring].filter(([, each]) => each.seat === seat));

function twoTexts(suite: Suite, state: LogState, evidence: Evidence, admitted: AdmittedRoll, read: typeof parseBallot | typeof parseCommit): Answer {
  const [one = '', other = ''] = evidence.exhibits;
  const parsed = [one, other].map((exhibit) => {
    const split = exhibit.lastIndexOf('\n\n');
    return read(exhibit.slice(0, split < 0 ? 0 : split + 1));
  });
  const rounds: (Round & { readonly epoch: number })[] = [];
  for (const each of parsed) {
    if (!each.ok) return each;
    rounds.push(each.value);
  }
  const [first, second] = rounds;
  if (first === undefined || second === undefined || !sameRound(first, second) || first.epoch !== second.epoch || first.epoch !== evidence.epoch) return refuse('evidence-other-round');
  const ring = ofSeat(new Map<string, RingKey>([...admitted.ballots, ...(roundOf(state, first).open?.ring ?? [])]), evidence.seat ?? 0);
  const opened = [openUnder(suite, one, ring), openUnder(suite, other, ring)] as const;
  if (!opened[0].ok) return opened[0];
  if (!opened[1].ok) return opened[1];
  const keys = opened.map((each) => (each.ok ? each.value.signed.map(({ key }) => ringName(key)) : []));
  if (!(keys[0] ?? []).some((key) => keys[1]?.includes(key) === true)) return refuse('evidence-other-key');
  return opened[0].value.text === opened[1].value.text ? refuse('evidence-same-text') : yes(true);
}

/** Two checkpoints of one signer that no growing log can have: other roots at one size, or a proof that the larger one begins otherwise. */
function forked(suite: Suite, evidence: Evidence, ring: KeyRing): Answer {
  const heads: Checkpoint[] = [];
  const keys: string[][] = [];
  for (const exhibit of evidence.exhibits.slice(0, 2)) {
    const opened = openUnder(suite, exhibit, ring);
    if (!opened.ok) return opened;
    const head = parseCheckpoint(opened.value.text);
    if (!head.ok) return head;
    heads.push(head.value);
    keys.push(opened.value.signed.map(({ key }) => ringName(key)));
  }
  const [one, other] = heads.toSorted((first, second) => first.size - second.size);
  if (one === undefined || other === undefined || one.origin !== other.origin) return refuse('evidence-other-round');
  if (!(keys[0] ?? []).some((key) => keys[1]?.includes(key) === true)) return refuse('evidence-other-key');
  if (one.size === other.size) return sameBytes(one.root, other.root) ? refuse('evidence-same-text') : yes(true);
  // The first hash is the root that the larger log really has at the smaller size; the rest proves it.
  const [root, ...proof] = evidence.proof;
  if (root === undefined || sameBytes(root, one.root)) return refuse('evidence-same-text');
  return verifyConsistency(suite, one.size, other.size, root, other.root, proof);
}

/** A receipt in time, and a cut without that ballot which the same seat cosigned after the end of voting. */
function brokenReceipt(suite: Suite, state: LogState, evidence: Evidence, admitted: AdmittedRoll): Answer {
  const [receiptNote = '', cutNote = ''] = evidence.exhibits;
  const seat = evidence.seat ?? 0;
  const opened = openUnder(suite, receiptNote, ofSeat(admitted.agents, seat));
  if (!opened.ok) return opened;
  const receipt = parseReceipt(opened.value.text);
  if (!receipt.ok) return receipt;
  const cosigned = openUnder(suite, cutNote, ofSeat(admitted.cosigners, seat));
  if (!cosigned.ok) return cosigned;
  const head = parseCheckpoint(cosigned.value.text);
  if (!head.ok) return head;
  const round = roundOf(state, receipt.value);
  if (receipt.value.holder !== seat || receipt.value.epoch !== evidence.epoch || round.open === undefined || round.close === undefined) return refuse('evidence-other-round');
  const { closesS } = round.open.value;
  const cut = round.close.value.cut;
  const stampS = Math.max(...cosigned.value.signed.map(({ timeS }) => timeS ?? 0));
  if (receipt.value.timeS > closesS - state.constitution.deltaS || stampS < closesS) return refuse('evidence-in-time');
  // What lies below the cut says nothing of another tree of that size, however the seat came to cosign it: that is a fork.
  if (head.value.size !== cut.size || base64(head.value.root) !== cut.root) return refuse('evidence-other-cut');
  const text = [...round.open.meanings.keys()].find((each) => digestOf(suite, each) === receipt.value.digest);
  return text !== undefined && isAbsent(round, receipt.value.voter, text, cut.size) ? yes(true) : refuse('evidence-not-absent');
}

function isAbsent(round: RoundState, seat: number, text: string, cutSize: number): boolean {
  const meaning = round.open?.meanings.get(text);
  return !round.casts.some((cast) => cast.seat === seat && cast.choice === meaning?.choice && cast.option === meaning.option && cast.index < cutSize);
}

/** Whether the exhibits prove what the evidence says. Whoever submits it adds nothing to its force. */
export function verifyEvidence(suite: Suite, state: LogState, evidence: Evidence): Verdict<Proven, ProofRefusal> {
  const admitted = sameEpoch(state, evidence);
  if (!admitted.ok) return admitted;
  if (evidence.exhibits.length !== 2) return refuse('evidence-exhibit', undefined, String(evidence.exhibits.length));
  if (evidence.proof.length > 0 && !evidence.kind.startsWith('forked')) return refuse('evidence-exhibit');
  const answer = judge(suite, state, evidence, admitted.value);
  return answer.ok ? yes({ kind: evidence.kind, seat: evidence.seat }) : answer;
}

function judge(suite: Suite, state: LogState, evidence: Evidence, admitted: AdmittedRoll): Answer {
  switch (evidence.kind) {
    case 'double-ballot':
      return twoTexts(suite, state, evidence, admitted, parseBallot);
    case 'double-commitment':
      return twoTexts(suite, state, evidence, admitted, parseCommit);
    case 'forked-operator':
      return forked(suite, evidence, new Map([[ringName(admitted.log.key), admitted.log]]));
    case 'forked-cosigner':
      return forked(suite, evidence, ofSeat(admitted.cosigners, evidence.seat ?? 0));
    case 'broken-receipt':
      return brokenReceipt(suite, state, evidence, admitted);
  }
}

/** Seats proven to have lied, each once: shown as "proven liars n of f". */
export function provenLiars(state: LogState): readonly number[] {
  return [...new Set(state.proven.flatMap((mark) => (mark.startsWith('seat-') ? [Number(mark.slice(5, 7))] : [])))].toSorted((one, other) => one - other);
}
