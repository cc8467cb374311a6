/** Requests to a witness (C2SP tlog-witness, add-checkpoint): their form, and the pure decision whether to cosign. */

import { assert, yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, fromDecimal, fromUtf8, hex, sameBytes, utf8 } from './bytes.ts';
import { parseForeignCheckpoint, type Checkpoint } from './checkpoint.ts';
import { emptyRoot, PROOF_HASHES_MAX, verifyConsistency } from './merkle.ts';
import { NOTE_CHARS_MAX, openNote, parseNote, printNote, type Note, type VerifierKey } from './note.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import { SHA256_BYTES, type Suite } from './suite.ts';

export const ADD_CHECKPOINT_CHARS_MAX = NOTE_CHARS_MAX;
/** The type of the body of a 409 answer, which holds the size to start from. */
export const TLOG_SIZE_TYPE = 'text/x.tlog.size';

export interface AddCheckpoint {
  /** The size the log believes the witness saw last. */
  readonly oldSize: number;
  /** Consistency proof from the old size, at most 63 hashes. */
  readonly proof: readonly Uint8Array[];
  readonly note: Note;
}

/** Reads the body of a request. `printAddCheckpoint` gives back every byte of what is accepted. */
export function parseAddCheckpoint(body: string): Verdict<AddCheckpoint, ProofRefusal> {
  if (body.length > ADD_CHECKPOINT_CHARS_MAX) return refuse('witness-too-long');
  const empty = body.indexOf('\n\n');
  if (empty === -1) return refuse('witness-no-checkpoint');
  const [old = '', ...hashes] = body.slice(0, empty).split('\n', PROOF_HASHES_MAX + 2);
  const oldSize = old.startsWith('old ') ? fromDecimal(old.slice(4)) : undefined;
  if (oldSize === undefined) return refuse('witness-old-size', 1, old.slice(0, 40));
  if (hashes.length > PROOF_HASHES_MAX) return refuse('witness-too-many-hashes', PROOF_HASHES_MAX + 2);
  const proof: Uint8Array[] = [];
  for (const [at, line] of hashes.entries()) {
    const hash = fromBase64(line);
    if (hash?.length !== SHA256_BYTES) return refuse('witness-proof-line', at + 2);
    proof.push(hash);
  }
  const note = parseNote(body.slice(empty + 2));
  if (!note.ok) return note;
  return yes({ oldSize, proof, note: note.value });
}

/** The code for a body that could not be read: 403 where only the signature has no right writing, as for one that is wrong, else 400. */
export function codeOfUnread({ code }: ProofRefusal): 400 | 403 {
  return code === 'note-signature-base64' ? 403 : 400;
}

/** Reads the body from the bytes of a request. */
export function parseAddCheckpointBytes(body: Uint8Array): Verdict<AddCheckpoint, ProofRefusal> {
  if (body.length > ADD_CHECKPOINT_CHARS_MAX * 3) return refuse('witness-too-long');
  const text = fromUtf8(body);
  return text === undefined ? refuse('note-not-utf8') : parseAddCheckpoint(text);
}

export function printAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  assert(Number.isSafeInteger(oldSize) && oldSize >= 0 && proof.length <= PROOF_HASHES_MAX, 'a request has a size and not too many hashes');
  return `old ${oldSize}\n${proof.map((hash) => `${base64(hash)}\n`).join('')}\n${printNote(note)}`;
}

/** What a witness keeps about one log: the keys it trusts for the origin, and the last head it cosigned. */
export interface WitnessedLog {
  readonly keys: readonly VerifierKey[];
  /** Absent before the first. */
  readonly last?: Pick<Checkpoint, 'size' | 'root'>;
}

export type Judgement =
  /** Store `last` durably and only then sign `request.note.text` and answer. */
  | { readonly code: 200; readonly last: Pick<Checkpoint, 'size' | 'root'> }
  /** The body is the size of the last head and LF, of the type `TLOG_SIZE_TYPE`. */
  | { readonly code: 409; readonly refusal: ProofRefusal; readonly body: string }
  | { readonly code: 400 | 403 | 404 | 422; readonly refusal: ProofRefusal };

function refused<C extends 400 | 403 | 404 | 422>(code: C, verdict: { readonly refusal: ProofRefusal }): { readonly code: C; readonly refusal: ProofRefusal } {
  return { code, refusal: verdict.refusal };
}

/** The origin a request speaks of, by which the caller looks up its `WitnessedLog`; undefined where the note is no checkpoint. */
export function originOf({ note }: AddCheckpoint): string | undefined {
  const read = parseForeignCheckpoint(note.text);
  return read.ok ? read.value.origin : undefined;
}

/** The name under which a witness serves its latest checkpoint of a log: `<name>/checkpoint`. */
export function originHash(suite: Suite, origin: string): string {
  return hex(suite.sha256(utf8(origin)));
}

function isContinued(suite: Suite, last: Pick<Checkpoint, 'size' | 'root'>, { size, root }: Checkpoint, proof: readonly Uint8Array[]): Verdict<true, ProofRefusal> {
  if (size === 0 && !sameBytes(root, emptyRoot(suite))) return refuse('witness-empty-root');
  if (last.size > 0) return verifyConsistency(suite, last.size, size, last.root, root, proof);
  // The empty tree is consistent with any, so there is nothing to prove; the library refuses such proofs, the protocol wants none.
  return proof.length === 0 ? yes(true) : refuse('witness-proof-from-empty');
}

/**
 * Decides a request in the order the protocol lays down: 404 unknown origin, 403 not signed by the log, 400 older than the old size,
 * 409 not the size cosigned last, 422 not consistent. The caller makes decision and storing one step for each origin; `log` is
 * undefined where the origin is unknown.
 */
export function judgeAddCheckpoint(suite: Suite, log: WitnessedLog | undefined, request: AddCheckpoint): Judgement {
  const read = parseForeignCheckpoint(request.note.text);
  if (!read.ok) return refused(400, read);
  const checkpoint = read.value;
  if (log === undefined) return refused(404, refuse('witness-unknown-origin', undefined, checkpoint.origin));
  const opened = openNote(suite, request.note, log.keys);
  if (!opened.ok) return refused(403, opened);
  if (request.oldSize > checkpoint.size) return refused(400, refuse('witness-old-size', 1, String(request.oldSize)));
  const last = log.last ?? { size: 0, root: emptyRoot(suite) };
  if (request.oldSize !== last.size) return { code: 409, refusal: refuse('witness-stale', undefined, String(last.size)).refusal, body: `${last.size}\n` };
  const continued = isContinued(suite, last, checkpoint, request.proof);
  if (!continued.ok) return refused(422, continued);
  return { code: 200, last: { size: checkpoint.size, root: checkpoint.root } };
}
