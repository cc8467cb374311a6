/** Certified checkpoints: signed by the log, cosigned by a quorum of seats and by enough witnesses outside the council. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { base64 } from '../bytes.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { openStrictly, ringName, seatsOf } from './admitted-roll.ts';
import type { AdmittedRoll, KeyRing, SignedLine } from './admitted-roll.ts';
import { certifiedTime } from './certified-time.ts';
import type { Cut } from './lines.ts';

export interface Certified extends Cut {
  /** Distinct seats of the roll that cosigned, ascending. */
  readonly seats: readonly number[];
  /** Names of the outside witnesses that cosigned. */
  readonly outside: readonly string[];
  readonly timeS: number;
}

/** All keys that may stand on a checkpoint under these rolls. */
function ringFor(rolls: readonly AdmittedRoll[]): KeyRing {
  return new Map(rolls.flatMap(({ log, cosigners, outside }) => [[ringName(log.key), log] as const, ...cosigners, ...outside]));
}

function judge(admitted: AdmittedRoll, signed: readonly SignedLine[], quorum: number): Verdict<Omit<Certified, 'size' | 'root'>, ProofRefusal> {
  const under = (ring: KeyRing): readonly SignedLine[] => signed.filter(({ key }) => ring.has(ringName(key)));
  if (!signed.some(({ key }) => ringName(key) === ringName(admitted.log.key))) return refuse('certificate-log-signature');
  // The seat is looked up under this roll: in a handover one key may belong to the same seat of both.
  const stamps = under(admitted.cosigners).map(({ key, timeS }) => ({ seat: admitted.cosigners.get(ringName(key))?.seat ?? 0, timeS: timeS ?? 0 }));
  const seats = seatsOf(stamps.map(({ seat, timeS }) => ({ seat, timeS, key: admitted.log.key }))).toSorted((one, other) => one - other);
  const timeS = certifiedTime(stamps, quorum);
  if (timeS === undefined) return refuse('certificate-quorum', undefined, `${seats.length} of ${quorum}`);
  const outside = under(admitted.outside).map(({ key }) => key.name);
  if (outside.length < admitted.roll.outside.needed) return refuse('certificate-outside', undefined, `${outside.length} of ${admitted.roll.outside.needed}`);
  return yes({ seats, outside, timeS });
}

/**
 * Whether the note is a checkpoint of this log certified under every roll given: one as a rule, the old and the new at a handover.
 * The time is the earliest that they certify. Every line has to be of a key of these rolls; a note with lines of others is trimmed first.
 */
export function certify(suite: Suite, note: string, rolls: readonly [AdmittedRoll, ...AdmittedRoll[]], quorum: number): Verdict<Certified, ProofRefusal> {
  const opened = openStrictly(suite, note, ringFor(rolls));
  if (!opened.ok) return opened;
  const checkpoint = parseCheckpoint(opened.value.text);
  if (!checkpoint.ok) return checkpoint;
  const { origin, size, root } = checkpoint.value;
  if (rolls.some((admitted) => admitted.origin !== origin)) return refuse('certificate-origin', 1, origin);
  let certified: Omit<Certified, 'size' | 'root'> | undefined;
  for (const admitted of rolls) {
    const judged = judge(admitted, opened.value.signed, quorum);
    if (!judged.ok) return judged;
    certified = { ...judged.value, timeS: Math.min(judged.value.timeS, certified?.timeS ?? judged.value.timeS) };
  }
  return yes({ size, root: base64(root), ...(certified as Omit<Certified, 'size' | 'root'>) });
}
