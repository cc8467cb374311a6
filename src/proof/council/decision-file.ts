/** The file of a decision as it is written: its members, their shape, and the one way in which they are printed. */

import { canonical, yes } from '../../base/index.ts';
import type { Json, Verdict } from '../../base/index.ts';
import { fromUtf8, utf8 } from '../bytes.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import { parseCanonical } from './log-texts.ts';

export const DECISION_FORMAT = 'mizan-council/decision/v1';
export const NOT_CARRIED_FORMAT = 'mizan-council/not-carried/v1';
export const DECISION_BYTES_MAX = 16_777_216;
/** Changes of the roll that a file tells: sixty-four epochs of a council are decades. */
export const ROLL_CHANGES_MAX = 64;

export interface Inclusion {
  readonly index: number;
  /** Base64 hashes, leaf to root. */
  readonly hashes: readonly string[];
}

/** What every vote leaves behind, whatever its result. Texts and notes stand verbatim. */
export interface VotePapers {
  readonly slotRoll: string;
  readonly motion: { readonly manifest: string; readonly texts: Readonly<Record<string, string>> };
  readonly open: string;
  readonly close: string;
  readonly outcome: string;
  /** One certified checkpoint above all entries that the file proves. */
  readonly checkpoint: string;
}

/** How one roll became the next: the decision of slot `epoch/<N+1>`, and the next roll under a checkpoint that both rolls certify. */
export interface RollChange extends VotePapers {
  /** The roll that decided; the next one stands in the next change, the last one in the decision. */
  readonly roll: string;
  readonly ballots: string;
  readonly proofs: { readonly open: Inclusion; readonly ballots: Inclusion; readonly close: Inclusion; readonly outcome: Inclusion; readonly next: Inclusion };
}

/** The file `decision.json`: canonical JSON (RFC 8785) of exactly these members. */
export interface Decision extends VotePapers {
  readonly format: typeof DECISION_FORMAT;
  /** Oldest first, without a gap, up to the roll of the decision. Absent where the reader is expected to know that roll. */
  readonly rolls?: readonly RollChange[];
  readonly roll: string;
  /** The yes ballots of the carried option, stacked in one note. */
  readonly ballots: string;
  readonly proofs: { readonly open: Inclusion; readonly ballots: Inclusion; readonly close: Inclusion; readonly outcome: Inclusion };
}

/** The file of a vote that carried nothing: no note can show who kept away, so the reader has to replay the log as well. */
export interface NotCarried extends VotePapers {
  readonly format: typeof NOT_CARRIED_FORMAT;
  readonly rolls?: readonly RollChange[];
  readonly roll: string;
  readonly proofs: { readonly open: Inclusion; readonly close: Inclusion; readonly outcome: Inclusion };
}

type Shape = 'string' | 'number' | 'strings' | 'texts' | { readonly [key: string]: Shape };

const PROOF: Shape = { index: 'number', hashes: 'strings' };
const VOTE = { slotRoll: 'string', motion: { manifest: 'string', texts: 'texts' }, open: 'string', close: 'string', outcome: 'string', checkpoint: 'string' } as const;
const CHANGE: Shape = { ...VOTE, roll: 'string', ballots: 'string', proofs: { open: PROOF, ballots: PROOF, close: PROOF, outcome: PROOF, next: PROOF } };
const DECISION: { readonly [key: string]: Shape } = { ...VOTE, format: 'string', roll: 'string', ballots: 'string', proofs: { open: PROOF, ballots: PROOF, close: PROOF, outcome: PROOF } };
const NOT_CARRIED: { readonly [key: string]: Shape } = { ...VOTE, format: 'string', roll: 'string', proofs: { open: PROOF, close: PROOF, outcome: PROOF } };

type Fields = { readonly [key: string]: Json | undefined };

const fieldsOf = (value: Json | undefined): Fields | undefined => (value === null || typeof value !== 'object' || Array.isArray(value) ? undefined : (value as Fields));

/** The first place that has not the shape wanted; undefined where all has. */
function misshapen(value: Json | undefined, shape: Shape, path: string): string | undefined {
  if (shape === 'string') return typeof value === 'string' ? undefined : path;
  if (shape === 'number') return Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : path;
  if (shape === 'strings') return Array.isArray(value) && value.length <= 64 && value.every((each: Json) => typeof each === 'string') ? undefined : path;
  const object = fieldsOf(value);
  if (object === undefined) return path;
  if (shape === 'texts') return Object.keys(object).find((key) => typeof object[key] !== 'string' || !/^[a-z]{2,3}$/.test(key)) === undefined ? undefined : path;
  const stranger = Object.keys(object).find((key) => !Object.hasOwn(shape, key));
  if (stranger !== undefined) return `${path}.${stranger}`;
  for (const [key, inner] of Object.entries(shape) as readonly (readonly [string, Shape])[]) {
    const wrong = misshapen(object[key], inner, `${path}.${key}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** `rolls` may be left out, which no other member may. */
function misshapenRolls(value: Json | undefined): string | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > ROLL_CHANGES_MAX) return 'decision.rolls';
  for (const [at, change] of (value as readonly Json[]).entries()) {
    const wrong = misshapen(change, CHANGE, `decision.rolls.${at}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function parseForm(bytes: Uint8Array, format: string, shape: { readonly [key: string]: Shape }): Verdict<Json, ProofRefusal> {
  if (bytes.length > DECISION_BYTES_MAX) return refuse('decision-too-long');
  const text = fromUtf8(bytes);
  const value = text === undefined ? undefined : parseCanonical(text);
  if (value === undefined) return refuse('decision-not-canonical');
  const { rolls, ...rest } = fieldsOf(value) ?? {};
  const wrong = (fieldsOf(value) === undefined ? 'decision' : undefined) ?? (rolls === undefined ? undefined : misshapenRolls(rolls)) ?? misshapen(rest, shape, 'decision');
  // A file of another format has another shape as well: the format is what its reader wants to hear.
  if (typeof rest['format'] === 'string' && rest['format'] !== format) return refuse('decision-format', undefined, rest['format']);
  return wrong === undefined ? yes(value) : refuse('decision-form', undefined, wrong);
}

export function parseDecision(bytes: Uint8Array): Verdict<Decision, ProofRefusal> {
  const parsed = parseForm(bytes, DECISION_FORMAT, DECISION);
  return parsed.ok ? yes(parsed.value as unknown as Decision) : parsed;
}

export function parseNotCarried(bytes: Uint8Array): Verdict<NotCarried, ProofRefusal> {
  const parsed = parseForm(bytes, NOT_CARRIED_FORMAT, NOT_CARRIED);
  return parsed.ok ? yes(parsed.value as unknown as NotCarried) : parsed;
}

export function printDecision(decision: Decision | NotCarried): Uint8Array {
  return utf8(canonical(decision as unknown as Json));
}
