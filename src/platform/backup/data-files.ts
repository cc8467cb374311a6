/** The files of the data folder that belong to a backup, as frames; and back into a folder. */

import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../../base/index.ts';
import { BadBackup, FILES_MAX, FRAME_BYTES, type Frame, PATH_LENGTH_MAX } from './format.ts';

export const SECRETS_FOLDER = 'secrets';
/**
 * Folders that are no data: the database itself (its rows are in the backup), other backups, mails as files, which hold one-time links, and the
 * last signed head of the transparency log: a restore that took it back could make the log say two things.
 */
const LEFT_OUT = new Set(['db', SECRETS_FOLDER, 'backups', 'log', 'logs', 'outbox']);
/** Folders of this room for work in progress. */
export const WORK_PREFIXES = { snapshot: 'snapshot-', restore: 'restore-', before: 'before-restore-' } as const;
/** Uploads under way: whatever the snapshot refers to has its final name already. */
const UNDER_WAY = /^(?:files\/incoming\/|intake\/part-)/;

export interface FilesWritten {
  readonly files: number;
  readonly fileBytes: number;
}

export const isDataFolder = (name: string): boolean => !LEFT_OUT.has(name) && !name.startsWith('.') && !Object.values(WORK_PREFIXES).some((prefix) => name.startsWith(prefix));

/** Folders of the data folder whose files are in every backup. */
async function dataFolders(dataDir: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of (await readdir(dataDir).catch(notThere)).sort()) {
    // A link to a larger disk is a folder too.
    if (isDataFolder(name) && (await stat(join(dataDir, name)).catch(() => undefined))?.isDirectory() === true) names.push(name);
  }
  return names;
}

function notThere(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/**
 * Read after the rows. A file is complete on the disk before a row names it and its content never changes under its name, so every file that a row
 * of the snapshot names is here; one that came later is merely more.
 */
export async function* dumpFiles(dataDir: string): AsyncGenerator<Frame, FilesWritten> {
  let [files, fileBytes] = [0, 0];
  for (const folder of await dataFolders(dataDir)) {
    const written = yield* dumpFolder(dataDir, folder);
    files += written.files;
    fileBytes += written.fileBytes;
  }
  return { files, fileBytes };
}

export async function* dumpFolder(dataDir: string, folder: string): AsyncGenerator<Frame, FilesWritten> {
  let [files, fileBytes] = [0, 0];
  for await (const path of walk(dataDir, folder)) {
    const written = yield* dumpFile(dataDir, path);
    if (written === undefined) continue;
    if (++files > FILES_MAX) throw new Fault('too-many-files', `The data folder holds more than ${FILES_MAX} files.`, { max: FILES_MAX });
    fileBytes += written;
  }
  return { files, fileBytes };
}

async function* walk(dataDir: string, folder: string): AsyncGenerator<string> {
  const entries: Dirent[] = await readdir(join(dataDir, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (UNDER_WAY.test(`${path}${entry.isDirectory() ? '/' : ''}`)) continue;
    if (entry.isDirectory()) yield* walk(dataDir, path);
    else if (entry.isFile()) yield path;
  }
}

async function* dumpFile(dataDir: string, path: string): AsyncGenerator<Frame, number | undefined> {
  let file: FileHandle;
  try {
    file = await open(join(dataDir, path), 'r');
  } catch (error) {
    // Removed meanwhile: nothing of the snapshot referred to it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Fault('file-not-read', `${path} in the data folder cannot be read.`, { path }, { cause: error });
  }
  const hash = createHash('sha256');
  let bytes = 0;
  yield { kind: 'file', value: { path } };
  for await (const piece of createReadStream('', { fd: file, highWaterMark: FRAME_BYTES }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
    yield { kind: 'piece', bytes: piece };
  }
  yield { kind: 'file-end', value: { path, bytes, sha256: hash.digest('hex') } };
  return bytes;
}

/** A path of a backup is somebody's word: it must stay inside the data folder and out of what is left out of backups. */
export function demandInside(path: string): void {
  const parts = path.split('/');
  const folder = parts[0] ?? '';
  const isSafe = path.length <= PATH_LENGTH_MAX && parts.length > 1 && parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0') && !part.includes('\\'));
  if (!isSafe || !(isDataFolder(folder) || folder === SECRETS_FOLDER)) throw new BadBackup('damaged', `file ${JSON.stringify(path)}`);
}

/** Writes files of a backup into `folder`; each is on the disk when `end` returns. */
export interface FileWriter {
  begin(path: string): Promise<void>;
  piece(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

export function writeFiles(folder: string): FileWriter {
  let file: FileHandle | undefined;
  return {
    begin: async (path) => {
      demandInside(path);
      const full = join(folder, path);
      await mkdir(dirname(full), { recursive: true, mode: 0o700 });
      file = await open(full, 'wx', 0o600);
    },
    piece: async (bytes) => {
      await file?.writeFile(bytes);
    },
    end: async () => {
      await file?.sync();
      await file?.close();
      file = undefined;
    },
  };
}
