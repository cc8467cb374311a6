/** What a reader's own machine finds out about the file of a decision: the eight checks with what each saw, and the words for a refusal. */

import { fromUtf8 } from '../../../proof/bytes.ts';
import { CHECKS, type CheckPassed, type Decision, type DecisionReport, NOT_CARRIED_FORMAT, parseDecision, verifyDecision } from '../../../proof/council/bundle.ts';
import { checkConstitution, type Constitution, councilOf33, parseConstitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { parseRoll } from '../../../proof/council/roll-text.ts';
import type { ProofCode, ProofRefusal } from '../../../proof/refusals.ts';
import type { Suite } from '../../../proof/suite.ts';

export { CHECKS };
export type CheckName = CheckPassed['check'];

export interface FileCheck {
  /** `fits`: all checks hold, and no roll was pinned. */
  readonly result: 'accepted' | 'fits' | 'refused';
  readonly passed: readonly CheckPassed[];
  /** The check that failed; undefined where the file could not even be read. */
  readonly failed: CheckName | undefined;
  readonly refusal: ProofRefusal | undefined;
  readonly report: DecisionReport | undefined;
  readonly texts: Readonly<Record<string, string>>;
  /** Digest of the file's roll, for comparing with the gazette. */
  readonly roll: string | undefined;
  /** Digest of the constitution by which was judged, where one was given. */
  readonly constitution: string | undefined;
}

/** 64 hexadecimal digits of what a person typed or pasted: spaces, line ends, case and the prefix do not matter. Undefined when there are not 64. */
export function pinOf(typed: string): string | undefined {
  const digits = typed.replace(/^\s*sha-?256\s*:/i, '').replaceAll(/[\s\u00a0·.:-]/g, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

const unread = (refusal: ProofRefusal): FileCheck => ({ result: 'refused', passed: [], failed: undefined, refusal, report: undefined, texts: {}, roll: undefined, constitution: undefined });

/** The numbers given, or those of the council of 33 with the constituencies of the roll. */
function constitutionFor(decision: Decision, given: Uint8Array | undefined): Constitution | ProofRefusal {
  if (given === undefined) {
    const roll = parseRoll(decision.roll);
    if (!roll.ok) return roll.refusal;
    const [first = '', second = '', third = '', fourth = ''] = new Set(roll.value.seats.map(({ constituency }) => constituency));
    return councilOf33(roll.value.council, [first, second, third, fourth]);
  }
  const parsed = parseConstitution(fromUtf8(given) ?? '');
  if (!parsed.ok) return parsed.refusal;
  const checked = checkConstitution(parsed.value);
  return checked.ok ? parsed.value : checked.refusal;
}

/** Checks a file. `pin` is a digest of `pinOf`, or undefined where the reader has none yet. */
export function checkFile(suite: Suite, bytes: Uint8Array, pin: string | undefined, constitution?: Uint8Array): FileCheck {
  const parsed = parseDecision(bytes);
  if (!parsed.ok) return unread(parsed.refusal.detail === NOT_CARRIED_FORMAT ? { code: 'decision-needs-replay', detail: 'not-carried' } : parsed.refusal);
  const decision = parsed.value;
  const numbers = constitutionFor(decision, constitution);
  if ('code' in numbers) return unread(numbers);
  const roll = digestOf(suite, decision.roll);
  const passed: CheckPassed[] = [];
  const verified = verifyDecision(suite, decision, { constitution: numbers, roll: pin ?? roll }, (one) => void passed.push(one));
  return {
    result: !verified.ok ? 'refused' : pin === undefined ? 'fits' : 'accepted',
    passed,
    failed: verified.ok ? undefined : CHECKS[passed.length],
    refusal: verified.ok ? undefined : verified.refusal,
    report: verified.ok ? verified.value : undefined,
    texts: decision.motion.texts,
    roll,
    constitution: constitution === undefined ? undefined : digestOf(suite, fromUtf8(constitution) ?? ''),
  };
}

/** Refusals that have words of their own; what is left over is told by its kind. */
const OWN_WORDS = [
  'decision-too-long', 'decision-not-canonical', 'decision-form', 'decision-format', 'decision-roll-not-pinned', 'decision-slot-roll', 'decision-needs-replay', 'decision-motion',
  'decision-texts', 'decision-ballot-text', 'decision-quorum', 'decision-breadth', 'decision-proof', 'decision-inclusion', 'decision-order', 'decision-outcome', 'close-early',
  'note-bad-signature', 'note-unknown-key', 'note-key-twice', 'certificate-log-signature', 'certificate-quorum', 'certificate-outside', 'certificate-origin', 'open-signers',
  'slot-roll-stranger', 'other-epoch', 'motion-class', 'key-not-admissible', 'roll-key-twice', 'roll-domain-cap', 'roll-changes', 'roll-not-carried', 'roll-standstill',
] as const satisfies readonly ProofCode[];

const KINDS = [
  ['roll-succession', /^roll-(?:origin|epoch|previous)$/],
  ['roll-numbers', /^roll-(?:council|seats|constituency|outside)$/],
  ['constitution', /^constitution-/],
  ['keys', /^(?:key-|roll-key-)/],
  ['note', /^note-/],
  ['checkpoint', /^checkpoint-/],
] as const;

export type Reason = (typeof OWN_WORDS)[number] | (typeof KINDS)[number][0] | 'text';

/** Under which words a refusal is told to people. */
export function reasonOf(code: ProofCode): Reason {
  return OWN_WORDS.find((own) => own === code) ?? KINDS.find(([, pattern]) => pattern.test(code))?.[0] ?? 'text';
}

/** Digits in fours, as screens and papers show a digest. */
export const inFours = (digest: string): string => (digest.match(/.{1,4}/g) ?? []).join(' ');
