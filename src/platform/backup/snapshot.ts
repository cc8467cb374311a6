/**
 * The rows of an embedded database whose server goes on working: its folder is copied in a moment in which no statement runs, and the copy is
 * read in a thread of its own. The copy is what a killed process would have left, which is what the engine recovers from at every start.
 */

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { cp, mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../base/index.ts';
import type { Database } from '../db/index.ts';
import { installationRoot } from '../files/root.ts';
import { WORK_PREFIXES } from './data-files.ts';
import type { Rows } from './dump.ts';
import type { Frame } from './format.ts';

/** Frames on their way between the threads; each is about a megabyte. */
export const FRAMES_ON_THE_WAY_MAX = 4;
/** Left free beside the copy for what the server writes meanwhile. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface SnapshotOrder {
  /** A data folder that holds nothing but `db`. */
  readonly folder: string;
  readonly software: string;
  readonly madeAt: string;
}
export type SnapshotMessage = { readonly frame: Frame } | { readonly rows: Rows } | { readonly error: string };

/** From sources Node reads the worker as it is; the bundle has it as a file of its own. */
const workerFile = import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, 'snapshot-worker.ts') : join(installationRoot, 'dist', 'snapshot-worker.js');

/** As `dumpDatabase`, for the embedded database of a running server. Statements wait only while the folder is copied. */
export async function* dumpSnapshot(database: Database, dataDir: string, given: { readonly software: string; readonly madeAt: string }): AsyncGenerator<Frame, Rows> {
  const folder = join(dataDir, `${WORK_PREFIXES.snapshot}${randomUUID()}`);
  try {
    await copyStill(database, join(dataDir, 'db'), folder);
    return yield* readApart({ folder, ...given });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes copies that a killed process left. */
export async function removeSnapshots(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir).catch(() => [])) {
    if (name.startsWith(WORK_PREFIXES.snapshot)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

async function copyStill(database: Database, from: string, folder: string): Promise<void> {
  const needed = (await sizeOf(from)) + SPARE_BYTES;
  const { bavail, bsize } = await statfs(from);
  if (bavail * bsize < needed) throw new Fault('disk-full', `A backup of the running embedded database needs ${Math.ceil(needed / 1024 ** 2)} MiB free in the data folder for a copy of db/. Free some space, or stop Mizan and back up then.`, { needed, free: bavail * bsize });
  await mkdir(folder, { mode: 0o700 });
  await database.execute('checkpoint');
  // Whoever holds the one connection keeps every other statement waiting.
  await database.db.connection().execute(async () => cp(from, join(folder, 'db'), { recursive: true, mode: constants.COPYFILE_FICLONE, filter: (path) => !path.endsWith('postmaster.pid') }));
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}

async function* readApart(order: SnapshotOrder): AsyncGenerator<Frame, Rows> {
  const worker = new Worker(workerFile, { workerData: order, execArgv: [] });
  const waiting: SnapshotMessage[] = [];
  let wake = (): void => undefined;
  const take = (message: SnapshotMessage): void => {
    waiting.push(message);
    wake();
  };
  worker.on('message', take);
  worker.on('error', (error: Error) => take({ error: error.message }));
  worker.on('exit', () => take({ error: 'it ended too early' }));
  try {
    for (;;) {
      const message = waiting.shift();
      if (message === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if ('error' in message) throw new Fault('snapshot-not-read', `The copy of the database could not be read (${message.error}).`);
      else if ('rows' in message) return message.rows;
      else {
        yield 'bytes' in message.frame ? { kind: message.frame.kind, bytes: Buffer.from(message.frame.bytes.buffer, message.frame.bytes.byteOffset, message.frame.bytes.byteLength) } : message.frame;
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage('more');
      }
    }
  } finally {
    await worker.terminate();
  }
}
