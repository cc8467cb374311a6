/** Signed notes (C2SP signed-note): a text and the lines that sign it, read strictly, written back byte for byte. */

import { assert, yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, fromUtf8, fromHex, hex, joinBytes, utf8 } from './bytes.ts';
import { sameLine, verifyCosignature } from './cosignature.ts';
import { isKeyName, KEY_TYPES, keyId, type NoteLine, type NoteSigner, type VerifierKey } from './note-key.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

export * from './note-key.ts';

/** As the stock implementation in Go: 33 seats, a log, witnesses and both kinds of cosignature fit. */
export const NOTE_LINES_MAX = 100;
export const NOTE_CHARS_MAX = 1_000_000;

const KEY_ID_BYTES = 4;
const LINE_START = '— ';
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

export interface Note {
  /** What is signed, its final newline included. */
  readonly text: string;
  readonly lines: readonly NoteLine[];
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function parseLine(line: string, where: number): Verdict<NoteLine, ProofRefusal> {
  if (!line.startsWith(LINE_START)) return refuse('note-signature-line', where);
  const space = line.indexOf(' ', LINE_START.length);
  if (space === -1) return refuse('note-signature-line', where);
  const name = line.slice(LINE_START.length, space);
  if (!isKeyName(name)) return refuse('note-key-name', where);
  const bytes = fromBase64(line.slice(space + 1));
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return refuse('note-signature-base64', where);
  return yes({ name, id: hex(bytes.subarray(0, KEY_ID_BYTES)), signature: bytes.subarray(KEY_ID_BYTES) });
}

/** Reads a note without believing any signature. `printNote(parseNote(text).value) === text` for everything accepted. */
export function parseNote(text: string): Verdict<Note, ProofRefusal> {
  if (text.length > NOTE_CHARS_MAX) return refuse('note-too-long');
  if (!text.isWellFormed()) return refuse('note-not-utf8');
  const control = CONTROL.exec(text);
  if (control !== null) return refuse('note-control-character', linesIn(text.slice(0, control.index)) + 1);
  if (!text.endsWith('\n')) return refuse('note-no-final-newline');
  // The last empty line divides: the text before it may hold empty lines itself.
  const split = text.lastIndexOf('\n\n');
  if (split === -1 || split + 2 === text.length) return refuse('note-no-signatures');
  const signed = text.slice(0, split + 1);
  const firstLine = linesIn(signed) + 2;
  const written = text.slice(split + 2, -1).split('\n', NOTE_LINES_MAX + 1);
  if (written.length > NOTE_LINES_MAX) return refuse('note-too-many-signatures', firstLine + NOTE_LINES_MAX);
  const lines: NoteLine[] = [];
  for (const [at, line] of written.entries()) {
    const read = parseLine(line, firstLine + at);
    if (!read.ok) return read;
    lines.push(read.value);
  }
  return yes({ text: signed, lines });
}

/** Reads a note from bytes of a file or of a request. */
export function parseNoteBytes(bytes: Uint8Array): Verdict<Note, ProofRefusal> {
  // No character of a note is longer than three bytes a UTF-16 unit; what is longer is not even decoded.
  if (bytes.length > NOTE_CHARS_MAX * 3) return refuse('note-too-long');
  const text = fromUtf8(bytes);
  return text === undefined ? refuse('note-not-utf8') : parseNote(text);
}

/** One signature line as it stands in a note, final newline included. */
export function printLine({ name, id, signature }: NoteLine): string {
  const bytes = fromHex(id);
  assert(isKeyName(name) && bytes?.length === KEY_ID_BYTES && signature.length > 0, 'a signature line has a name, an identity and a signature');
  return `${LINE_START}${name} ${base64(joinBytes(bytes, signature))}\n`;
}

/** The note as bytes go out: text, empty line, signature lines. */
export function printNote({ text, lines }: Note): string {
  assert(isNoteText(text), 'a note has a text that ends with a newline');
  assert(lines.length > 0 && lines.length <= NOTE_LINES_MAX, 'a note has at least one signature line and not too many');
  return `${text}\n${lines.map(printLine).join('')}`;
}

/** Whether a text can be signed as a note: Unicode, no control character but LF, final LF. */
export function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.length <= NOTE_CHARS_MAX && text.isWellFormed() && !CONTROL.test(text);
}

export interface VerifiedLine {
  readonly key: VerifierKey;
  readonly line: NoteLine;
  /** The time a cosignature states, whole seconds since 1970; absent for a signature of the text itself. */
  readonly timeS?: number;
}

export interface OpenedNote {
  readonly text: string;
  /** At most one line for each key, in the order of the note. */
  readonly verified: readonly VerifiedLine[];
  /** Lines of keys nobody asked about, each once. They say nothing. */
  readonly unknown: readonly NoteLine[];
}

function verifyLine(suite: Suite, key: VerifierKey, text: string, message: Uint8Array, line: NoteLine): VerifiedLine | undefined {
  if (key.type === KEY_TYPES.note) return suite.verify(key.publicKey, message, line.signature) ? { key, line } : undefined;
  const timeS = verifyCosignature(suite, key, text, line);
  return timeS === undefined ? undefined : { key, line, timeS };
}

const nameOf = ({ name, id }: { readonly name: string; readonly id: string }): string => `${name}+${id}`;

/** The keys by name and identity; a name that two of them answer to is kept as ambiguous. */
function indexKeys(keys: readonly VerifierKey[]): ReadonlyMap<string, VerifierKey | 'ambiguous'> {
  const index = new Map<string, VerifierKey | 'ambiguous'>();
  for (const key of keys) index.set(nameOf(key), index.has(nameOf(key)) ? 'ambiguous' : key);
  return index;
}

/**
 * Opens a note under the keys one knows. One bad line of a known key refuses the whole note, since an honest publisher verifies
 * before it publishes; a key counts once whatever it repeats; lines of other keys are ignored; with no known key nothing is opened.
 * ML-DSA-44 keys are unknown where the suite cannot verify them.
 */
export function openNote(suite: Suite, note: Note, keys: readonly VerifierKey[]): Verdict<OpenedNote, ProofRefusal> {
  const index = indexKeys(keys);
  const message = utf8(note.text);
  const verified = new Map<string, VerifiedLine>();
  const unknown: NoteLine[] = [];
  for (const line of note.lines) {
    const name = nameOf(line);
    const key = index.get(name);
    if (key === 'ambiguous') return refuse('key-ambiguous', undefined, name);
    if (key === undefined || (key.type === KEY_TYPES.cosignatureMlDsa44 && suite.verifyMlDsa44 === undefined)) {
      if (!unknown.some((other) => sameLine(line, other))) unknown.push(line);
    } else if (!verified.has(name)) {
      const result = verifyLine(suite, key, note.text, message, line);
      if (result === undefined) return refuse('note-bad-signature', undefined, name);
      verified.set(name, result);
    }
  }
  if (verified.size === 0) return refuse('note-no-known-key');
  return yes({ text: note.text, verified: [...verified.values()], unknown });
}

/** The line by which `signer` signs `text` itself (kind 0x01). */
export function signLine(suite: Suite, text: string, signer: NoteSigner): NoteLine {
  assert(isNoteText(text), 'only the text of a note is signed');
  return { name: signer.name, id: keyId(suite, signer.name, KEY_TYPES.note, signer.publicKey), signature: signer.sign(utf8(text)) };
}

/** A note of `text` signed by each signer in turn. */
export function signNote(suite: Suite, text: string, ...signers: readonly NoteSigner[]): Note {
  return { text, lines: signers.map((signer) => signLine(suite, text, signer)) };
}

/** The note with more lines. A line of a key that is there already takes the old one's place at the end. */
export function addLines(note: Note, ...lines: readonly NoteLine[]): Note {
  const added = new Map(lines.map((line) => [nameOf(line), line]));
  return { text: note.text, lines: [...note.lines.filter((line) => !added.has(nameOf(line))), ...added.values()] };
}
