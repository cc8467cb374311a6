/**
 * The newest entries once more, as plain files beside the head: what a database lost that was restored from a backup, or that runs without
 * waiting for its disk, is put back from here before the log goes on. Written and synchronised before a head names an entry.
 */

import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../../../base/index.ts';
import { makeFolder, syncFolder } from './head-file.ts';

/** A file is closed at this size, and the oldest of so many leaves. */
export const TAIL_FILE_BYTES = 8 * 1024 * 1024;
export const TAIL_FILES_MAX = 64;
const NAME = /^(\d{16})\.tail$/;
/** index (8 bytes), length (4), entry, the first 8 bytes of SHA-256 over all of it. */
const HEAD_BYTES = 12;
const CHECK_BYTES = 8;

export interface TailStore {
  /** Adds entries from `start` on; durable when it returns. Fault `ledger-tail-not-written`. */
  append(start: number, entries: readonly Uint8Array[]): void;
  /** The entries [from, to) that are all here and whole; undefined when one is missing. */
  read(from: number, to: number): readonly Uint8Array[] | undefined;
  close(): void;
}

interface OpenFile {
  readonly descriptor: number;
  readonly name: string;
  /** The next index the file takes, and where it goes. */
  next: number;
  bytes: number;
}

export function openTailStore(dataDir: string): TailStore {
  const folder = join(dataDir, 'log', 'tail');
  let open: OpenFile | undefined;
  const close = (): void => {
    if (open !== undefined) closeSync(open.descriptor);
    open = undefined;
  };
  const begin = (start: number): OpenFile => {
    close();
    makeFolder(folder);
    const name = `${String(start).padStart(16, '0')}.tail`;
    const names = tailFiles(folder);
    // What an earlier process wrote from here on was never covered by a head.
    for (const later of names.filter((one) => one > name)) rmSync(join(folder, later), { force: true });
    for (const old of names.filter((one) => one < name).slice(0, Math.max(0, names.length + 1 - TAIL_FILES_MAX))) rmSync(join(folder, old), { force: true });
    const descriptor = openSync(join(folder, name), 'w', 0o600);
    fsyncSync(descriptor);
    syncFolder(folder);
    return { descriptor, name, next: start, bytes: 0 };
  };
  return {
    append: (start, entries) => {
      try {
        if (open === undefined || open.next !== start || open.bytes >= TAIL_FILE_BYTES) open = begin(start);
        const bytes = Buffer.concat(entries.map((entry, at) => framed(start + at, entry)));
        const { descriptor } = open;
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, open.bytes + at);
        fdatasyncSync(descriptor);
        open.next = start + entries.length;
        open.bytes += bytes.length;
      } catch (error) {
        // Half a record may stand at the end now: the next one begins a file of its own.
        if (open !== undefined) shorten(open);
        close();
        const why = (error as NodeJS.ErrnoException).code ?? 'unknown';
        throw new Fault('ledger-tail-not-written', `The newest entries of the log cannot be kept in ${folder} (${why}). Entries wait until they can be.`, { path: folder, why }, { cause: error });
      }
    },
    read: (from, to) => readTail(folder, from, to),
    close,
  };
}

function shorten(file: OpenFile): void {
  try {
    ftruncateSync(file.descriptor, file.bytes);
  } catch {
    // The disk that refused to write may refuse this too; a record with a wrong check is not read.
  }
}

function tailFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function framed(index: number, entry: Uint8Array): Buffer {
  const record = Buffer.alloc(HEAD_BYTES + entry.length + CHECK_BYTES);
  record.writeBigUInt64BE(BigInt(index), 0);
  record.writeUInt32BE(entry.length, 8);
  record.set(entry, HEAD_BYTES);
  createHash('sha256').update(record.subarray(0, HEAD_BYTES + entry.length)).digest().copy(record, HEAD_BYTES + entry.length, 0, CHECK_BYTES);
  return record;
}

/** The records of one file up to the first that is not whole. */
function* records(bytes: Buffer): Generator<{ readonly index: number; readonly entry: Uint8Array }> {
  for (let at = 0; at + HEAD_BYTES + CHECK_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 8);
    const end = at + HEAD_BYTES + length;
    if (end + CHECK_BYTES > bytes.length) return;
    const check = createHash('sha256').update(bytes.subarray(at, end)).digest();
    if (!check.subarray(0, CHECK_BYTES).equals(bytes.subarray(end, end + CHECK_BYTES))) return;
    yield { index: Number(bytes.readBigUInt64BE(at)), entry: new Uint8Array(bytes.subarray(at + HEAD_BYTES, end)) };
    at = end + CHECK_BYTES;
  }
}

function readTail(folder: string, from: number, to: number): readonly Uint8Array[] | undefined {
  const found = new Map<number, Uint8Array>();
  for (const name of tailFiles(folder)) {
    // A later writing of the same index wins: the earlier one was never covered by a head.
    for (const { index, entry } of records(readFileSync(join(folder, name)))) if (index >= from && index < to) found.set(index, entry);
  }
  const entries: Uint8Array[] = [];
  for (let index = from; index < to; index += 1) {
    const entry = found.get(index);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}
