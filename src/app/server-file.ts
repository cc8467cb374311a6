/** DATA_DIR/server.json: where a running server of this data folder listens, so that commands find it. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIVE_MS_MAX = 3000;

interface ServerFile {
  readonly pid: number;
  readonly url: string;
  /** By this the server knows a command as the operator's: whoever may read this file could read the database beside it. */
  readonly token: string;
}

const pathIn = (dataDir: string): string => join(dataDir, 'server.json');

/** Readable by this user only. Answers how to remove it; it stays when another server has written its own meanwhile. */
export function writeServerFile(dataDir: string, url: string, token: string): () => void {
  const path = pathIn(dataDir);
  const mine: ServerFile = { pid: process.pid, url, token };
  // A file left by another user's umask keeps its mode when it is written over.
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  return () => {
    if (read(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/** The address of the server of this data folder when it lives and answers. A file left by a killed server is not believed. */
export async function findServer(dataDir: string): Promise<ServerFile | undefined> {
  const found = read(pathIn(dataDir));
  if (found === undefined || !isAlive(found.pid)) return undefined;
  try {
    const answer = await fetch(`${found.url}/health/live`, { signal: AbortSignal.timeout(LIVE_MS_MAX) });
    return answer.ok ? found : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): ServerFile | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<ServerFile>;
    // Only this machine is ever called: the file could be someone else's work.
    if (typeof found.pid !== 'number' || typeof found.url !== 'string' || !/^http:\/\/(127\.0\.0\.1|\[::1\]|localhost):\d+$/.test(found.url)) return undefined;
    return { pid: found.pid, url: found.url, token: typeof found.token === 'string' ? found.token : '' };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
