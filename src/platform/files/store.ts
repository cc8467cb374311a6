/** Attachments on disk under their own digest: DATA_DIR/files/ab/cdef…. A file is there whole or not at all. */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assert, Fault, NAME_LENGTH_MAX, no, type Verdict, yes } from '../../base/index.ts';
import { askClamd } from './clamd.ts';
import type { ClamdPlace } from './clamd-place.ts';
import { FILE_TYPES, type FileType, typeOfFile, type TypeRefusal } from './types.ts';

/** A single attachment: a scanned contract, an impact assessment. Imports have a larger limit of their own. */
export const ATTACHMENT_BYTES_MAX = 32 * 1024 * 1024;
/** What an interrupted upload left is removed after this long. */
const LEFTOVER_MS_MAX = 24 * 3600 * 1000;
const INNER_PROGRAM_ENDING = /\.(?:exe|com|scr|pif|bat|cmd|ps1|vbs?|jse?|wsf|hta|msi|jar|lnk|dll|sh|php|py|html?|svg|xhtml|app|apk)\s*\.[^.]+$/i;
/** ENOSPC: no space. EDQUOT: the user's share is used up. EFBIG: the file system takes no file of that size. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** `infected`: a scanner, or we, know it. `not-scanned`: a scanner is configured and gives no clear word; then nothing is taken. */
export type FileRefusal = TypeRefusal | 'too-large' | 'bad-name' | 'not-scanned';

export interface StoredFile {
  /** SHA-256 of the content, hexadecimal: the file's address. */
  readonly sha256: string;
  readonly bytes: number;
  readonly type: FileType;
  readonly mediaType: string;
  /** The sender's name without folders and control characters; for showing, never for opening. */
  readonly name: string;
}

export interface FileStore {
  /**
   * Keeps the content under its digest. Refuses by what is inside; throws Fault `disk-full` or `file-not-written`,
   * and whatever the source throws. In each of these cases nothing is left behind.
   */
  put(content: AsyncIterable<Uint8Array>, name: string): Promise<Verdict<StoredFile, FileRefusal>>;
  /** The content, undefined when there is none under this digest. */
  read(sha256: string): Promise<{ readonly bytes: number; readonly stream: ReadStream } | undefined>;
  /** Removes it; the caller knows that nothing refers to it. */
  remove(sha256: string): Promise<void>;
}

/** Opens the store in `dataDir` and removes what interrupted uploads left. */
export async function openFileStore(dataDir: string, { bytesMax = ATTACHMENT_BYTES_MAX, clamd }: { readonly bytesMax?: number; readonly clamd?: ClamdPlace | undefined } = {}): Promise<FileStore> {
  const folder = join(dataDir, 'files');
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming);
  return {
    put: async (content, name) => {
      const shown = cleanName(name);
      if (shown === undefined) return no('bad-name');
      const partial = join(incoming, randomUUID());
      try {
        const written = await write(content, partial, bytesMax);
        if (written === undefined) return no('too-large');
        const type = await typeOfFile(partial, shown);
        if (!type.ok) return type;
        const scanned = clamd === undefined ? 'clean' : await askClamd(clamd, partial);
        if (scanned !== 'clean') return no(scanned === 'infected' ? 'infected' : 'not-scanned');
        await keep(partial, folder, written.sha256);
        return yes({ ...written, type: type.value, mediaType: FILE_TYPES[type.value], name: shown });
      } finally {
        // After a rename there is nothing under this name any more.
        await rm(partial, { force: true });
      }
    },
    read: async (sha256) => {
      const path = pathOf(folder, sha256);
      try {
        const { size } = await stat(path);
        return { bytes: size, stream: createReadStream(path) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Fault('file-not-read', 'An attachment cannot be read from the data folder.', { sha256 }, { cause: error });
      }
    },
    remove: async (sha256) => rm(pathOf(folder, sha256), { force: true }),
  };
}

function pathOf(folder: string, sha256: string): string {
  assert(/^[0-9a-f]{64}$/.test(sha256), 'a file is addressed by its SHA-256');
  return join(folder, sha256.slice(0, 2), sha256.slice(2));
}

/** Writes and hashes; undefined when there is more than `bytesMax`. On the disk before it answers. */
async function write(content: AsyncIterable<Uint8Array>, path: string, bytesMax: number): Promise<{ readonly sha256: string; readonly bytes: number } | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await onDisk(async () => open(path, 'wx', 0o600));
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > bytesMax) return undefined;
      hash.update(chunk);
      await onDisk(async () => file.writeFile(chunk));
    }
    await onDisk(async () => file.sync());
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function keep(partial: string, folder: string, sha256: string): Promise<void> {
  const path = pathOf(folder, sha256);
  await onDisk(async () => {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    await rename(partial, path);
    // The name is safe only when the folder is written too.
    const parent = await open(join(path, '..'));
    try {
      await parent.sync();
    } finally {
      await parent.close();
    }
  });
}

/** Turns failures of the disk into faults with words; those of the source pass as they are. */
async function onDisk<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (DISK_FULL.has(code)) throw new Fault('disk-full', 'The disk of the data folder is full. Nothing was kept of this file. Free some space or set DATA_DIR to a larger disk, then send the file again.', { code }, { cause: error });
    throw new Fault('file-not-written', 'The data folder cannot be written. Nothing was kept of this file. Check the rights of DATA_DIR.', { code }, { cause: error });
  }
}

async function removeLeftovers(incoming: string): Promise<void> {
  const before = Date.now() - LEFTOVER_MS_MAX;
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < before) await rm(path, { force: true });
  }
}

/**
 * The last part of a path of any system; undefined for a name that hides something: control characters, marks that turn the direction of
 * writing, an ending of a program before the last one (`letter.exe.pdf`), spaces or dots at its end.
 */
function cleanName(name: string): string | undefined {
  const clean = basename(name.replaceAll('\\', '/')).normalize('NFC').trim();
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/.test(name)) return undefined;
  if (INNER_PROGRAM_ENDING.test(clean) || clean.endsWith('.') || !clean.isWellFormed()) return undefined;
  return clean === '' || clean.length > NAME_LENGTH_MAX ? undefined : clean;
}
