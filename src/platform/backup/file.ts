/** A backup as a file: written beside and renamed when it is whole, read again for checking and restoring. */

import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../base/index.ts';
import { checked, type Read } from './check.ts';
import { BadBackup, FRAME_BYTES, type Frame } from './format.ts';
import { decode, encode } from './frames.ts';
import { seal, unseal } from './seal.ts';

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export interface Written extends Read {
  /** Of the file. */
  readonly bytes: number;
}

/** Writes the frames to `path`, sealed where there is a passphrase. Under its name stands the whole backup or nothing. */
export async function writeBackup(frames: AsyncIterable<Frame>, path: string, passphrase: string | undefined): Promise<Written> {
  const partial = `${path}.part`;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      let read: Read | undefined;
      const watched = watch(frames, (found) => (read = found));
      let bytes = 0;
      for await (const piece of passphrase === undefined ? encode(watched) : seal(encode(watched), passphrase)) {
        await file.writeFile(piece);
        bytes += piece.length;
      }
      await file.sync();
      if (read === undefined) throw new BadBackup('truncated', 'the end');
      await file.close();
      await rename(partial, path);
      const folder = await open(dirname(path));
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
      return { ...read, bytes };
    } finally {
      await file.close().catch(() => undefined);
    }
  } catch (error) {
    await rm(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof BadBackup || error instanceof Fault || code === undefined) throw error;
    if (DISK_FULL.has(code)) throw new Fault('disk-full', `The disk is full: ${path} was not written and nothing of it was kept. Free some space or name a file on a larger disk.`, { path }, { cause: error });
    throw new Fault('backup-not-written', `${path} could not be written (${code}). Nothing of it was kept.`, { path, code }, { cause: error });
  }
}

async function* watch(frames: AsyncIterable<Frame>, done: (read: Read) => void): AsyncGenerator<Frame> {
  done(yield* checked(frames));
}

/** The frames of a backup file, each checked. Throws BadBackup. */
export function readBackup(path: string, passphrase: string | undefined): AsyncGenerator<Frame, Read> {
  return checked(decode(unseal(bytesOf(path), passphrase)));
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    if (!(await stat(path)).isFile()) throw new Fault('backup-not-read', `${path} is not a file.`, { path });
    yield* createReadStream(path, { highWaterMark: FRAME_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('backup-not-read', `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Check the name and the rights.`, { path }, { cause: error });
  }
}

/** Reads all of it; only the checks matter. */
export async function readWhole(path: string, passphrase: string | undefined): Promise<Read> {
  const frames = readBackup(path, passphrase);
  for (;;) {
    const next = await frames.next();
    if (next.done === true) return next.value;
  }
}
