/** Reads and keeps one file with a secret: readable by its owner alone, there whole or not at all. */

import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../base/index.ts';

/** Far more than any key or password; a mistaken path to a log must not be read whole. */
const SECRET_FILE_BYTES_MAX = 64 * 1024;
/** What a process that was killed while it made a secret left behind; nobody ever used it. */
const LEFTOVER_MS_MAX = 3600 * 1000;
const PARTIAL = /^\.[a-z0-9-]+\.[0-9a-f-]{36}$/;
/** Windows keeps rights in lists that these bits do not show. */
const HAS_MODES = process.platform !== 'win32';
const OTHERS = 0o077;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/**
 * The content without white space at its end; undefined when there is no such file. Fault `secret-open-to-others` when group or others
 * have any right to it, `secret-not-read` for everything else that hinders reading. `name` is how messages call it.
 */
export function readSecretFile(path: string, name: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw notRead(path, name, codeOf(error), error);
  }
  try {
    // Asked of the open file, not of the path: nobody can put another file there in between.
    const found = fstatSync(file);
    if (!found.isFile()) throw notRead(path, name, 'not-a-file');
    if (HAS_MODES && (found.mode & OTHERS) !== 0) {
      const mode = (found.mode & 0o777).toString(8).padStart(3, '0');
      throw new Fault('secret-open-to-others', `The file ${path} with the secret ${name} has the rights ${mode}: other users of this machine can reach it. Run: chmod 600 '${path}'. If they may have read it, replace it.`, { name, path, mode });
    }
    if (found.size > SECRET_FILE_BYTES_MAX) throw notRead(path, name, 'too-large');
    return readFileSync(file, 'utf8').trimEnd();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw notRead(path, name, codeOf(error), error);
  } finally {
    closeSync(file);
  }
}

function notRead(path: string, name: string, why: string, cause?: unknown): Fault {
  return new Fault('secret-not-read', `The file ${path} with the secret ${name} cannot be read (${why}). It must be a file of at most ${SECRET_FILE_BYTES_MAX} bytes that belongs to the user Mizan runs as.`, { name, path, why }, { cause });
}

/**
 * Keeps `value` at `path` unless a file is there already; afterwards the file holds one whole secret, whoever wrote it. Of two processes that
 * begin at once one wins and both read its secret. Fault `secret-not-written`.
 */
export function keepSecretFile(path: string, name: string, value: string): void {
  const folder = dirname(path);
  const partial = join(folder, `.${name}.${randomUUID()}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkFolder(folder);
    removeLeftovers(folder);
    const file = openSync(partial, 'wx', 0o600);
    try {
      writeFileSync(file, value);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // A link never replaces what is there, a rename would.
    linkSync(partial, path);
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (codeOf(error) !== 'EEXIST') {
      throw new Fault('secret-not-written', `The secret ${name} cannot be kept as ${path} (${codeOf(error)}). Make the folder writable for the user Mizan runs as, or give the secret by the environment.`, { name, path, why: codeOf(error) }, { cause: error });
    }
  } finally {
    rmSync(partial, { force: true });
  }
  syncFolder(folder);
}

/** Whoever may write into the folder may put a secret of his own there. */
function checkFolder(folder: string): void {
  if (!HAS_MODES) return;
  const { mode } = statSync(folder);
  if ((mode & OTHERS) === 0) return;
  throw new Fault('secret-open-to-others', `The folder ${folder} has the rights ${(mode & 0o777).toString(8)}: other users of this machine can reach the secrets. Run: chmod 700 '${folder}'.`, { path: folder });
}

function removeLeftovers(folder: string): void {
  const before = Date.now() - LEFTOVER_MS_MAX;
  for (const name of readdirSync(folder)) {
    if (!PARTIAL.test(name)) continue;
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < before) rmSync(join(folder, name), { force: true });
  }
}

/** The name is safe against a power failure only when the folder is written too; Windows cannot open folders. */
function syncFolder(folder: string): void {
  if (!HAS_MODES) return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
