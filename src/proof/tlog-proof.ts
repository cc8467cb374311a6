/** The proof file (C2SP tlog-proof): an entry's place in the log, the hashes up to the root, and the signed checkpoint, in one text. */

import { yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, fromDecimal } from './bytes.ts';
import { HASH_BYTES, PROOF_HASHES_MAX, verifyInclusion } from './merkle.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

/** Longest proof file read: a checkpoint with a hundred signature lines is the greater part of it. */
export const TLOG_PROOF_CHARS_MAX = 1_000_000;
/** Longest extra data read. */
export const EXTRA_BYTES_MAX = 65_535;

const HEADER = 'c2sp.org/tlog-proof@v1';

export interface TlogProof {
  /** Whatever the maker added. Nothing vouches for it: never believe it without a check of its own. */
  readonly extra?: Uint8Array;
  readonly index: number;
  /** From the leaf's sibling upwards. */
  readonly hashes: readonly Uint8Array[];
  /** The checkpoint verbatim, with its signatures: a signed note, not yet opened. */
  readonly checkpoint: string;
}

/** Reads a proof file; every text has one value and every value one text. */
export function parseTlogProof(text: string): Verdict<TlogProof, ProofRefusal> {
  if (text.length > TLOG_PROOF_CHARS_MAX) return refuse('tlog-proof-too-long');
  const split = text.indexOf('\n\n');
  const lines = text.slice(0, Math.max(split, 0)).split('\n');
  if (lines[0] !== HEADER) return refuse('tlog-proof-header', 1, HEADER);
  const hasExtra = lines[1]?.startsWith('extra ') ?? false;
  const extra = hasExtra ? fromBase64(lines[1]!.slice('extra '.length)) : undefined;
  // No extra data is written as no line, so an empty line of it would be a second writing.
  if (hasExtra && (extra === undefined || extra.length === 0 || extra.length > EXTRA_BYTES_MAX)) return refuse('tlog-proof-extra', 2);
  const indexAt = hasExtra ? 2 : 1;
  const indexLine = lines[indexAt] ?? '';
  const index = indexLine.startsWith('index ') ? fromDecimal(indexLine.slice('index '.length)) : undefined;
  if (index === undefined) return refuse('tlog-proof-index', indexAt + 1);
  const hashLines = lines.slice(indexAt + 1);
  if (hashLines.length > PROOF_HASHES_MAX) return refuse('tlog-proof-too-many-hashes', indexAt + 2 + PROOF_HASHES_MAX);
  const hashes: Uint8Array[] = [];
  for (const [at, line] of hashLines.entries()) {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) return refuse('tlog-proof-hash', indexAt + 2 + at);
    hashes.push(hash);
  }
  const checkpoint = text.slice(split + 2);
  if (checkpoint.startsWith('\n') || !checkpoint.endsWith('\n') || !checkpoint.isWellFormed()) return refuse('tlog-proof-checkpoint', lines.length + 2);
  return yes({ ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint });
}

/** The text of a proof file. */
export function printTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [HEADER, ...(extra === undefined || extra.length === 0 ? [] : [`extra ${base64(extra)}`]), `index ${index}`, ...hashes.map((hash) => base64(hash))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/**
 * Step 4 of the specification: whether the leaf is where the proof says, under a head that the caller has read from
 * `proof.checkpoint` after checking its signatures (steps 2 and 3).
 */
export function verifyTlogProof(suite: Suite, proof: TlogProof, leaf: Uint8Array, head: { readonly size: number; readonly root: Uint8Array }): Verdict<true, ProofRefusal> {
  return verifyInclusion(suite, proof.index, head.size, leaf, proof.hashes, head.root);
}
