/** One agent a folder: two would sign in the name of one seat and could contradict each other. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fault } from '../../base/index.ts';

interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly instance: string;
}

/** A process that died while it took over a dead lock leaves this folder; older ones are nobody's. */
const TAKING_MS_MAX = 10_000;
const held = new Set<string>();

/** Field 22 of /proc/PID/stat: when the process started, so that a reused number is not taken for the old process. */
function startOf(pid: number): string | undefined {
  try {
    if (!existsSync('/proc/self/stat')) {
      process.kill(pid, 0);
      return 'alive';
    }
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

const inUse = (path: string, why: string): Fault => new Fault('seat-folder-in-use', `${why} uses this folder of a seat. One seat is one agent: stop the other one. If the seat was copied, remove the copy; two of one seat are seen by everybody.`, { path });

function tryNew(path: string, mine: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600, flush: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new Fault('seat-file-not-written', `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { path }, { cause: error });
  }
}

/** Replaces the lock of a dead process; only one at a time gets to look and to replace. */
function takeOver(path: string, mine: Owner): void {
  const taking = `${path}.taking`;
  const since = statSync(taking, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > TAKING_MS_MAX) rmdirSync(taking);
  try {
    mkdirSync(taking);
  } catch {
    throw inUse(path, 'Another process that is just starting');
  }
  try {
    const owner = readOwner(path);
    if (owner !== undefined && startOf(owner.pid) === owner.started && (owner.pid !== process.pid || held.has(path))) throw inUse(path, `Process ${owner.pid}`);
    writeFileSync(`${path}.next`, JSON.stringify(mine), { mode: 0o600, flush: true });
    renameSync(`${path}.next`, path);
  } finally {
    rmdirSync(taking);
  }
}

/** Takes the folder for this process, or throws `seat-folder-in-use`; answers how to leave it. */
export function takeFolder(folder: string, instance: string): () => void {
  const path = join(resolve(folder), 'lock');
  const mine: Owner = { pid: process.pid, started: startOf(process.pid) ?? '', instance };
  if (held.has(path)) throw inUse(path, 'This very process');
  if (!tryNew(path, mine)) takeOver(path, mine);
  held.add(path);
  return () => {
    held.delete(path);
    if (readOwner(path)?.instance === instance) rmSync(path, { force: true });
  };
}
