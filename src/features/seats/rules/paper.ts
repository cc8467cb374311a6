/** The paper that brings a seat's keys back: one seed in letters that people copy without mistakes, in fours, with a checksum. */

import { no, yes, type Verdict } from '../../../base/index.ts';
import { joinBytes, sameBytes, utf8, type Suite } from '../../../proof/index.ts';

export const SEED_BYTES = 32;
const CHECK_BYTES = 3;
/** 35 bytes are 280 bits: exactly 56 letters, fourteen fours. */
export const PAPER_LETTERS = ((SEED_BYTES + CHECK_BYTES) * 8) / 5;
export const PAPER_GROUPS = PAPER_LETTERS / 4;
/** Crockford's letters: no I, L, O, U, which hands write like others. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PAPER_CHARS_MAX = 400;
const LABEL = utf8('mizan-seat/paper/v1\n');

export type PaperRefusal = 'paper-length' | 'paper-letter' | 'paper-checksum';

const checkOf = (suite: Suite, seed: Uint8Array): Uint8Array => suite.sha256(LABEL, seed).subarray(0, CHECK_BYTES);

/** Fourteen groups of four letters. The seed has 32 bytes. */
export function printPaper(suite: Suite, seed: Uint8Array): readonly string[] {
  const bytes = joinBytes(seed, checkOf(suite, seed));
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const letters = Array.from({ length: PAPER_LETTERS }, (_, at) => LETTERS[Number((bits >> BigInt((PAPER_LETTERS - 1 - at) * 5)) & 31n)]).join('');
  return letters.match(/.{4}/g) ?? [];
}

/** Reads what somebody typed from the paper. Spaces, dashes and case do not matter; O is read as 0, I and L as 1. */
export function readPaper(suite: Suite, typed: string): Verdict<Uint8Array, PaperRefusal> {
  const text = typed.slice(0, PAPER_CHARS_MAX).toUpperCase().replaceAll(/[\s\-–—.,]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (text.length !== PAPER_LETTERS) return no('paper-length');
  let bits = 0n;
  for (const letter of text) {
    const at = LETTERS.indexOf(letter);
    if (at === -1) return no('paper-letter');
    bits = (bits << 5n) | BigInt(at);
  }
  const bytes = Uint8Array.from({ length: SEED_BYTES + CHECK_BYTES }, (_, at) => Number((bits >> BigInt((SEED_BYTES + CHECK_BYTES - 1 - at) * 8)) & 255n));
  const seed = bytes.slice(0, SEED_BYTES);
  return sameBytes(checkOf(suite, seed), bytes.subarray(SEED_BYTES)) ? yes(seed) : no('paper-checksum');
}
