/**
 * The last signed head, in a file of its own outside database and backups: whoever could take it back could make the log say two things.
 * Replaced as a whole or not at all, and safe against a power failure before anybody hears of it.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../../base/index.ts';

/** A log line and the lines of all witnesses are far shorter. */
const HEAD_BYTES_MAX = 64 * 1024;
/** Windows cannot open folders. */
const HAS_FOLDERS = process.platform !== 'win32';

export interface HeadStore {
  /** The note as it was written; undefined when there is none yet. */
  read(): string | undefined;
  /** Puts `next` in the place of exactly `expected`. Fault `ledger-head-moved` when something else stands there, `ledger-head-not-written` for the disk. */
  replace(expected: string | undefined, next: string): void;
}

export function openHeadStore(dataDir: string): HeadStore {
  const path = join(dataDir, 'log', 'head');
  const fresh = `${path}.next`;
  const read = (): string | undefined => {
    try {
      if (statSync(path).size > HEAD_BYTES_MAX) throw new Fault('ledger-head-not-read', `The head of the log (${path}) is larger than any head.`, { path });
      return readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof Fault) throw error;
      throw new Fault('ledger-head-not-read', `The head of the log (${path}) cannot be read (${codeOf(error)}).`, { path, why: codeOf(error) }, { cause: error });
    }
  };
  return {
    read,
    replace: (expected, next) => {
      try {
        makeFolder(dirname(path));
        writeDurably(fresh, next);
        if (read() !== expected) throw new Fault('ledger-head-moved', `The head of the log (${path}) is not the one this process wrote. Does another process use the same folder?`, { path });
        renameSync(fresh, path);
        syncFolder(dirname(path));
      } catch (error) {
        if (error instanceof Fault) throw error;
        throw new Fault('ledger-head-not-written', `The head of the log (${path}) cannot be written (${codeOf(error)}). Entries wait until it can be.`, { path, why: codeOf(error) }, { cause: error });
      }
    },
  };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** The folder, and its name in the folder above, on the disk. */
export function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(folder));
}

/** A whole new content or the old one, also after a power failure. */
export function replaceDurably(path: string, content: string): void {
  writeDurably(`${path}.next`, content);
  renameSync(`${path}.next`, path);
  syncFolder(dirname(path));
}

export function writeDurably(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
