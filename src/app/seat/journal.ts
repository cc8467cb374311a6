/**
 * The journal of a seat: what it promised, in the order it did, safe on the disk before anybody hears of it.
 *
 * One line a frame: its length, a checksum over itself and all before it, its JSON. What a power failure tore is the last line, and nothing signed
 * rests on it; anything else that does not fit is damage, and a seat with a damaged memory must not speak.
 */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../base/index.ts';
import type { SeatRecord } from '../../proof/council/seat.ts';

/** A frame holds at most the entries of one request, which a server bounds to a megabyte; the rest is room. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024;
const CHECK_CHARS = 32;
const PIECE_BYTES = 1 << 20;
const HAS_FOLDERS = process.platform !== 'win32';

export type Frame =
  /** The first frame: whose journal this is. */
  | { readonly kind: 'begin'; readonly genesis: string; readonly seat: number }
  | { readonly kind: 'records'; readonly records: readonly SeatRecord[] }
  /** A note that the ballot key signed: it is released again after a start without asking the steward again. */
  | { readonly kind: 'signed'; readonly text: string; readonly note: string }
  /** What the steward said, for the record of this seat. */
  | { readonly kind: 'steward'; readonly act: Steward };

export interface Steward {
  readonly round: string;
  readonly choice: string;
  readonly option?: string;
  readonly reason: string;
  /** What the review advised, and whether the steward decided otherwise. */
  readonly advice: string;
  readonly override: boolean;
  /** Seconds between seeing the dossier and deciding; undefined where nothing was shown. */
  readonly lookedS?: number;
  readonly timeS: number;
}

const checkOf = (before: string, json: string): string => createHash('sha256').update(`${before}\n${json}`).digest('hex').slice(0, CHECK_CHARS);

const damaged = (path: string, line: number): Fault =>
  new Fault('seat-journal-damaged', `The journal ${path} does not fit itself at line ${line}: the disk, or somebody, has changed it. This seat must not sign from it. Move the file away and start again: the seat then asks the others for its past and sits out every open vote.`, { path, line });

export interface JournalFile {
  /** Writes the frame and waits for the disk. Fault `seat-journal-moved` when somebody else wrote there, `seat-journal-not-written` for the disk. */
  append(frame: Frame): void;
  close(): void;
  readonly bytes: number;
  readonly tornBytes: number;
}

/** What tests lose or tear: how bytes reach the file. */
export interface Disk {
  write(file: number, bytes: Uint8Array, at: number): void;
  sync(file: number): void;
}
const realDisk: Disk = {
  write: (file, bytes, at) => {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  },
  sync: (file) => fsyncSync(file),
};

/** Lines of the file with their end; the last may lack its newline. Reads in pieces: a journal is as long as the log. */
function* linesOf(file: number, path: string): Generator<{ readonly text: string; readonly end: number; readonly isWhole: boolean }> {
  let rest = Buffer.alloc(0);
  let at = 0;
  const piece = Buffer.alloc(PIECE_BYTES);
  for (;;) {
    const read = readSync(file, piece, 0, PIECE_BYTES, at + rest.length);
    if (read === 0) break;
    rest = Buffer.concat([rest, piece.subarray(0, read)]);
    for (let cut = rest.indexOf(10); cut !== -1; cut = rest.indexOf(10)) {
      at += cut + 1;
      yield { text: rest.toString('utf8', 0, cut), end: at, isWhole: true };
      rest = rest.subarray(cut + 1);
    }
    if (rest.length > FRAME_BYTES_MAX) throw damaged(path, -1);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), end: at + rest.length, isWhole: false };
}

const HEADER = /^([1-9][0-9]{0,8}) ([0-9a-f]{32}) /;

function frameIn(line: string, before: string): { readonly frame: Frame; readonly check: string } | undefined {
  const header = HEADER.exec(line);
  if (header === null) return undefined;
  const json = line.slice(header[0].length);
  const [, length, check = ''] = header;
  if (Number(length) !== Buffer.byteLength(json) || checkOf(before, json) !== check) return undefined;
  return { frame: JSON.parse(json) as Frame, check };
}

/** Whether a line that does not fit can be the end of a write that a power failure tore: no whole frame, and no longer than the one it began. */
function isTorn(text: string, isWhole: boolean): boolean {
  const header = HEADER.exec(text);
  if (header !== null && Buffer.byteLength(text) > header[0].length + Number(header[1]) + 1) return false;
  if (!isWhole) return true;
  try {
    JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
    return false;
  } catch {
    return true;
  }
}

/**
 * Opens the journal of a folder and hands every frame to `take` in order. A torn last line is cut off. Fault `seat-journal-damaged`
 * for anything else that does not fit, `seat-journal-other` when it is the journal of another seat or council.
 */
export function openJournal(folder: string, whose: { readonly genesis: string; readonly seat: number }, take: (frame: Frame) => void, disk: Disk = realDisk): JournalFile {
  const path = join(folder, 'journal', 'frames');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file: number;
  try {
    file = openSync(path, 'a+', 0o600);
    closeSync(file);
    file = openSync(path, 'r+');
  } catch (error) {
    throw new Fault('seat-journal-not-written', `The journal ${path} cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { path }, { cause: error });
  }
  let check = '';
  let bytes = 0;
  let line = 0;
  let torn = false;
  for (const each of linesOf(file, path)) {
    // Something follows a line that did not fit: it was no torn end.
    if (torn) throw closed(file, damaged(path, line));
    line += 1;
    const read = each.isWhole ? frameIn(each.text, check) : undefined;
    if (read === undefined) {
      if (!isTorn(each.text, each.isWhole)) throw closed(file, damaged(path, line));
      torn = true;
      continue;
    }
    if (line === 1 && (read.frame.kind !== 'begin' || read.frame.genesis !== whose.genesis || read.frame.seat !== whose.seat)) {
      throw closed(file, new Fault('seat-journal-other', `The journal ${path} belongs to another seat or council. Each seat of each council has a folder of its own.`, { path }));
    }
    check = read.check;
    bytes = each.end;
    take(read.frame);
  }
  const tornBytes = fstatSync(file).size - bytes;
  if (tornBytes > 0) ftruncateSync(file, bytes);
  disk.sync(file);
  syncFolder(dirname(path));
  let isBroken = false;
  const append = (frame: Frame): void => {
    const json = JSON.stringify(frame);
    const next = checkOf(check, json);
    const written = Buffer.from(`${Buffer.byteLength(json)} ${next} ${json}\n`);
    // After a failed write nobody knows what the disk holds; the next start finds out.
    if (isBroken) throw new Fault('seat-journal-not-written', `The journal ${path} failed before; start the seat again.`, { path });
    if (fstatSync(file).size !== bytes) {
      isBroken = true;
      throw new Fault('seat-journal-moved', `Somebody else writes to the journal ${path}. Is a second agent of this seat running?`, { path });
    }
    try {
      disk.write(file, written, bytes);
      disk.sync(file);
    } catch (error) {
      isBroken = true;
      throw new Fault('seat-journal-not-written', `The journal ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). The seat stops before it promises what it cannot remember.`, { path }, { cause: error });
    }
    check = next;
    bytes += written.length;
  };
  if (line === 0 || bytes === 0) append({ kind: 'begin', ...whose });
  return {
    append,
    close: () => closeSync(file),
    get bytes() {
      return bytes;
    },
    tornBytes,
  };
}

function closed(file: number, fault: Fault): Fault {
  closeSync(file);
  return fault;
}

/** A name is safe against a power failure only when its folder is written too. */
export function syncFolder(folder: string): void {
  if (!HAS_FOLDERS) return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The whole new content or the old one, also after a power failure. */
export function replaceDurably(path: string, content: string): void {
  writeFileSync(`${path}.next`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.next`, path);
  syncFolder(dirname(path));
}
