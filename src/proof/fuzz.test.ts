/** Readers of foreign bytes on broken input: none crashes, none hangs, and what is accepted is written back as it was. `FUZZ=all` asks a million each. */

import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from './bytes.ts';
import { parseForeignCheckpoint, printCheckpoint } from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import { nodeSuite, signerOf } from './node-suite.ts';
import { addLines, KEY_TYPES, openNote, parseNoteBytes, parseVkey, printNote, printVkey, signNote, verifierKey, type NoteSigner } from './note.ts';
import { parsePolicy, printPolicy } from './policy.ts';
import { parseAddCheckpointBytes, printAddCheckpoint } from './witness.ts';

const INPUTS = process.env['FUZZ'] === 'all' ? 1_000_000 : 100_000;
const TIMEOUT_MS = 600_000;
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));

/** Numbers that follow from the seed alone (mulberry32), so that a find can be had again. */
function numbersFrom(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One to four small injuries: a byte changed, pieces cut, doubled, moved, or put in from what the formats are made of. */
function injure(whole: Uint8Array, next: (below: number) => number, pieces: readonly Uint8Array[]): Uint8Array {
  let bytes = whole;
  for (let left = 1 + next(4); left > 0; left -= 1) {
    const at = next(bytes.length + 1);
    const to = Math.min(bytes.length, at + next(24));
    const kind = next(5);
    const piece = kind === 0 ? Uint8Array.of(next(256)) : kind === 1 ? new Uint8Array() : kind === 2 ? bytes.slice(at, to) : (pieces[next(pieces.length)] as Uint8Array);
    const tail = kind === 0 || kind === 1 ? bytes.subarray(kind === 0 ? at + 1 : to) : bytes.subarray(at);
    const changed = new Uint8Array(at + piece.length + tail.length);
    changed.set(bytes.subarray(0, at));
    changed.set(piece, at);
    changed.set(tail, at + piece.length);
    bytes = changed;
  }
  return bytes;
}

const PIECES = ['\n', '\n\n', ' ', '—', '— ', '+', '=', '==', '0', '00', 'old ', '18446744073709551616', '\u0000', '\r\n', '\ufeff', 'ə', 'quorum ', 'group g 1 ', '#', '\t'].map(utf8).concat(Uint8Array.of(0xff), Uint8Array.of(0xe2, 0x80), Uint8Array.of(0xed, 0xa0, 0x80));

const log: NoteSigner = { name: 'log.example', ...signerOf(new Uint8Array(32).fill(1)) };
const witness: NoteSigner = { name: 'w.example', ...signerOf(new Uint8Array(32).fill(2)) };
const logKey = verifierKey(nodeSuite, log.name, KEY_TYPES.note, log.publicKey);
const witnessKey = verifierKey(nodeSuite, witness.name, KEY_TYPES.cosignature, witness.publicKey);
const text = printCheckpoint({ origin: 'log.example', size: 7, root: nodeSuite.sha256() });
const signed = signNote(nodeSuite, text, log);
const note = addLines(signed, cosign(nodeSuite, witness, text, 1_800_000_000));
const policy = `log ${printVkey(logKey)} https://log.example\nwitness w ${printVkey(witnessKey)}\ngroup g all w\nquorum g\n`;

/** Each reader answers the written form of what it accepted, or undefined where it refused. */
const READERS: readonly (readonly [string, string, (bytes: Uint8Array) => string | undefined])[] = [
  ['note', printNote(note), (bytes) => {
    const read = parseNoteBytes(bytes);
    return read.ok ? printNote(read.value) : undefined;
  }],
  ['checkpoint', text, (bytes) => {
    const read = parseForeignCheckpoint(fromUtf8(bytes) ?? '');
    return read.ok ? printCheckpoint(read.value) + read.value.extensions.map((line) => `${line}\n`).join('') : undefined;
  }],
  ['add-checkpoint', printAddCheckpoint({ oldSize: 3, proof: [nodeSuite.sha256(), nodeSuite.sha256()], note }), (bytes) => {
    const read = parseAddCheckpointBytes(bytes);
    return read.ok ? printAddCheckpoint(read.value) : undefined;
  }],
  ['key', printVkey(witnessKey), (bytes) => {
    const read = parseVkey(nodeSuite, fromUtf8(bytes) ?? '');
    return read.ok ? printVkey(read.value) : undefined;
  }],
];

describe(`on ${INPUTS} broken inputs each, FUZZ_SEED=${seed}`, () => {
  console.info(`fuzz of the readers of the log: seed ${seed}, ${INPUTS} inputs each`);

  it.each(READERS)('%s: accepted is written back as it was', (_, sample, readAndPrint) => {
    const next = numbersFrom(seed);
    const whole = utf8(sample);
    expect(readAndPrint(whole)).toBe(sample);
    let accepted = 0;
    for (let left = INPUTS; left > 0; left -= 1) {
      const bytes = injure(whole, next, PIECES);
      const printed = readAndPrint(bytes);
      if (printed === undefined) continue;
      accepted += 1;
      if (printed !== fromUtf8(bytes)) expect(printed).toBe(fromUtf8(bytes));
    }
    // Both sides are reached: a fuzz that only ever meets refusals tests half.
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(INPUTS);
  }, TIMEOUT_MS);

  it('policy: what is accepted means the same when written again', () => {
    // Whether a key is a point is asked elsewhere and is slow; here it is the reader that is tried.
    const suite = { ...nodeSuite, admits: () => true };
    const next = numbersFrom(seed);
    const whole = utf8(policy);
    let accepted = 0;
    for (let left = INPUTS; left > 0; left -= 1) {
      const read = parsePolicy(suite, fromUtf8(injure(whole, next, PIECES)) ?? '\u0000');
      if (!read.ok) continue;
      accepted += 1;
      const printed = printPolicy(read.value);
      const again = parsePolicy(suite, printed);
      expect(again.ok && printPolicy(again.value)).toBe(printed);
    }
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(INPUTS);
  }, TIMEOUT_MS);

  it('note: nothing opens but what was signed', () => {
    const next = numbersFrom(seed + 1);
    for (let left = INPUTS / 20; left > 0; left -= 1) {
      const read = parseNoteBytes(injure(utf8(printNote(note)), next, PIECES));
      const opened = read.ok ? openNote(nodeSuite, read.value, [logKey, witnessKey]) : read;
      if (opened.ok && opened.value.text !== text) expect(opened.value.text).toBe(text);
    }
  }, TIMEOUT_MS);
});
