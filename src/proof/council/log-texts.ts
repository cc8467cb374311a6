/** The entries that are not about one vote: genesis, platform events, private commitments, evidence. */

import { canonical } from '../../base/index.ts';
import type { Json, Verdict } from '../../base/index.ts';
import { yes } from '../../base/index.ts';
import { base64, fromBase64, utf8 } from '../bytes.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, isSlug, printLines, printSeat, printTime } from './lines.ts';

export const GENESIS_TYPE = 'mizan-council/genesis/v1';
export const EVENT_TYPE = 'mizan-log/event/v1';
export const PRIVATE_TYPE = 'mizan-log/private/v1';
export const EVIDENCE_TYPE = 'mizan-council/evidence/v1';
export const EVENT_BYTES_MAX = 16_384;
export const PRIVATE_FIELDS_MAX = 64;
export const EXHIBITS_MAX = 4;

/** Entry 0: which council keeps this log, under which numbers, starting with which roll. Trusted by its published digest, so unsigned. */
export interface Genesis {
  readonly council: string;
  readonly origin: string;
  /** SHA-256 of the constitution text and of the first roll. */
  readonly constitution: string;
  readonly roll: string;
  readonly timeS: number;
}

export function printGenesis(it: Genesis): string {
  return printLines([
    GENESIS_TYPE,
    `council ${it.council}`,
    `origin ${it.origin}`,
    `constitution sha256:${it.constitution}`,
    `roll sha256:${it.roll}`,
    `time ${printTime(it.timeS)}`,
  ]);
}

export function parseGenesis(text: string): Verdict<Genesis, ProofRefusal> {
  const lines = new LineReader(text, GENESIS_TYPE);
  const council = lines.name('council');
  const origin = lines.name('origin');
  // An anchor is a checkpoint as it stands, told apart by its first line, the origin: it must not look like a type.
  lines.check(!origin.startsWith('mizan-'), 'text-name', origin);
  const constitution = lines.asNamedDigest(lines.value('constitution'));
  const roll = lines.asNamedDigest(lines.value('roll'));
  return lines.finish({ council, origin, constitution, roll, timeS: lines.time('time') });
}

/** An act of the platform: one object of canonical JSON. */
export function printEvent(event: { readonly [key: string]: Json }): string {
  return `${EVENT_TYPE}\n${canonical(event)}\n`;
}

export function parseEvent(text: string): Verdict<{ readonly [key: string]: Json }, ProofRefusal> {
  if (!text.startsWith(`${EVENT_TYPE}\n`)) return refuse('text-type', 1, EVENT_TYPE);
  if (!text.endsWith('\n')) return refuse('text-no-final-newline');
  if (!text.isWellFormed()) return refuse('text-not-unicode');
  const written = text.slice(EVENT_TYPE.length + 1, -1);
  if (utf8(written).length > EVENT_BYTES_MAX) return refuse('text-too-long');
  const event = parseCanonical(written);
  if (event === undefined || event === null || typeof event !== 'object' || Array.isArray(event)) return refuse('event-not-canonical', 2);
  return yes(event as { readonly [key: string]: Json });
}

/** The value of RFC 8785 JSON, or undefined for any other writing: so a repeated key, which JSON.parse drops, is refused too. */
export function parseCanonical(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return canonical(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Commitments to fields that must not be read here; their salts and contents lie in a store that can be erased. */
export interface Private {
  readonly subject: string;
  readonly fields: readonly { readonly name: string; readonly commitment: string }[];
}

export const printPrivate = (it: Private): string =>
  printLines([PRIVATE_TYPE, `subject ${it.subject}`, ...it.fields.map(({ name, commitment }) => `field ${name} sha256:${commitment}`)]);

export function parsePrivate(text: string): Verdict<Private, ProofRefusal> {
  const lines = new LineReader(text, PRIVATE_TYPE);
  const subject = lines.slug('subject');
  const fields: { name: string; commitment: string }[] = [];
  do {
    const [name = '', commitment = ''] = lines.words('field', 2);
    lines.check(isSlug(name) && name > (fields.at(-1)?.name ?? ''), 'text-name', name);
    fields.push({ name, commitment: lines.asNamedDigest(commitment) });
  } while (lines.next('field') && fields.length < PRIVATE_FIELDS_MAX);
  return lines.finish({ subject, fields });
}

export const EVIDENCE_KINDS = ['double-ballot', 'double-commitment', 'forked-operator', 'forked-cosigner', 'broken-receipt'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Signed things that cannot both be honest. Anyone may submit it: the exhibits are the proof. */
export interface Evidence {
  readonly council: string;
  readonly epoch: number;
  readonly kind: EvidenceKind;
  /** The seat proven; undefined is the operator of the log. */
  readonly seat: number | undefined;
  /** The signed notes, verbatim. */
  readonly exhibits: readonly string[];
  /** Hashes of a consistency proof, for checkpoints of different sizes. */
  readonly proof: readonly Uint8Array[];
}

export function printEvidence(it: Evidence): string {
  return printLines([
    EVIDENCE_TYPE,
    `council ${it.council}`,
    `epoch ${it.epoch}`,
    `kind ${it.kind}`,
    it.seat === undefined ? 'against operator' : `against seat-${printSeat(it.seat)}`,
    ...it.exhibits.map((exhibit) => `exhibit ${base64(utf8(exhibit))}`),
    ...it.proof.map((hash) => `proof ${base64(hash)}`),
  ]);
}

export function parseEvidence(text: string): Verdict<Evidence, ProofRefusal> {
  const lines = new LineReader(text, EVIDENCE_TYPE);
  const council = lines.name('council');
  const epoch = lines.number('epoch', 1);
  const kind = lines.oneOf('kind', EVIDENCE_KINDS);
  const against = lines.value('against');
  const seat = against === 'operator' ? undefined : lines.asSeat(against.replace(/^seat-/, ''));
  lines.check(against === 'operator' || against.startsWith('seat-'), 'text-seat', against);
  lines.check((seat === undefined) === (kind === 'forked-operator'), 'evidence-against', against);
  const exhibits: string[] = [];
  do exhibits.push(readExhibit(lines));
  while (lines.next('exhibit') && exhibits.length < EXHIBITS_MAX);
  const proof: Uint8Array[] = [];
  while (lines.next('proof') && proof.length < 63) {
    const hash = fromBase64(lines.value('proof'));
    lines.check(hash?.length === 32, 'text-root');
    proof.push(hash ?? new Uint8Array(32));
  }
  return lines.finish({ council, epoch, kind, seat, exhibits, proof });
}

function readExhibit(lines: LineReader): string {
  const bytes = fromBase64(lines.value('exhibit'));
  const text = bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  lines.check(text !== undefined && base64(utf8(text)) === base64(bytes ?? new Uint8Array()), 'evidence-exhibit');
  return text ?? '';
}
