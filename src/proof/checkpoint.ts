/** Checkpoints (C2SP tlog-checkpoint): which log, how many entries, which root, in three lines. */

import { assert, yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, fromDecimal } from './bytes.ts';
import { hasNameLength } from './note-key.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import { SHA256_BYTES } from './suite.ts';

export const CHECKPOINT_EXTENSIONS_MAX = 16;

export interface Checkpoint {
  readonly origin: string;
  /** Number of entries, 0 ≤ n ≤ 2^53-1. */
  readonly size: number;
  /** Root of the tree of that size, 32 bytes. */
  readonly root: Uint8Array;
}

/** The checkpoint of another log, which may say more in lines we witness but do not understand. */
export interface ForeignCheckpoint extends Checkpoint {
  readonly extensions: readonly string[];
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

function isOrigin(line: string): boolean {
  return hasNameLength(line) && line.isWellFormed() && !CONTROL.test(line);
}

/** Reads the text of a checkpoint of any log; extension lines are allowed, but none may be empty. */
export function parseForeignCheckpoint(text: string): Verdict<ForeignCheckpoint, ProofRefusal> {
  if (!text.endsWith('\n')) return refuse('checkpoint-lines');
  const lines = text.slice(0, -1).split('\n', 3 + CHECKPOINT_EXTENSIONS_MAX + 1);
  const [origin, sizeText, rootText, ...extensions] = lines;
  if (origin === undefined || sizeText === undefined || rootText === undefined) return refuse('checkpoint-lines');
  if (!isOrigin(origin)) return refuse('checkpoint-origin', 1);
  const size = fromDecimal(sizeText);
  if (size === undefined) return refuse('checkpoint-size', 2, sizeText.slice(0, 40));
  const root = fromBase64(rootText);
  if (root?.length !== SHA256_BYTES) return refuse('checkpoint-root', 3, rootText.slice(0, 60));
  if (extensions.length > CHECKPOINT_EXTENSIONS_MAX) return refuse('checkpoint-extension', 4 + CHECKPOINT_EXTENSIONS_MAX);
  for (const [at, line] of extensions.entries()) {
    if (line === '' || CONTROL.test(line) || !line.isWellFormed()) return refuse('checkpoint-extension', 4 + at);
  }
  return yes({ origin, size, root, extensions });
}

/** Reads the text of a checkpoint of our own kind: exactly three lines, because nobody checks what an extension line says. */
export function parseCheckpoint(text: string): Verdict<Checkpoint, ProofRefusal> {
  const read = parseForeignCheckpoint(text);
  if (!read.ok) return read;
  const { origin, size, root, extensions } = read.value;
  if (extensions.length > 0) return refuse('checkpoint-extension', 4);
  return yes({ origin, size, root });
}

/** The text that the log signs, final newline included. */
export function printCheckpoint({ origin, size, root }: Checkpoint): string {
  assert(isOrigin(origin) && Number.isSafeInteger(size) && size >= 0 && root.length === SHA256_BYTES, 'a checkpoint has an origin, a size and a root');
  return `${origin}\n${size}\n${base64(root)}\n`;
}
