/** What an operator asks a running Mizan: does it live, can it serve, and what hinders it. */

import type { Config } from '../config/index.ts';
import type { Database } from '../db/index.ts';
import { freeBytes } from '../files/index.ts';
import type { PageCache } from '../http/page-cache.ts';
import type { Jobs } from '../jobs/index.ts';

/** Below this the embedded database or an upload may fail halfway. */
export const DISK_FREE_BYTES_MIN = 256 * 1024 * 1024;
const PING_MS_MAX = 2000;
/** Pieces of work that wait for a connection, beyond which the database counts as busy. */
const WAITING_LONG = 50;

/** `busy`: it works, and is held up by work in progress. */
export type CheckState = 'ok' | 'busy' | 'failed';

export interface Check {
  readonly name: 'database' | 'disk' | 'jobs';
  readonly state: CheckState;
  readonly value: number;
  readonly unit: 'milliseconds' | 'free bytes' | 'running';
}

export interface HealthParts {
  readonly config: Pick<Config, 'dataDir'>;
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'running'>;
  /** Whose counts go into the figures. */
  readonly pages?: Pick<PageCache, 'counts'>;
}

export async function checkHealth(parts: HealthParts): Promise<readonly Check[]> {
  return [await checkDatabase(parts), await checkDisk(parts.config.dataDir), { name: 'jobs', state: 'ok', value: parts.jobs.running(), unit: 'running' }];
}

/**
 * The embedded database is one connection: while a job holds it in a transaction it is slow, not dead, and a restart would undo the job.
 * A server is asked on a connection of its own; that all others are in use says nothing about it but that it is busy.
 */
async function checkDatabase(parts: HealthParts): Promise<Check> {
  if (parts.database.broken.aborted) return { name: 'database', state: 'failed', value: 0, unit: 'milliseconds' };
  const started = performance.now();
  const { engine } = parts.database;
  const ping = parts.database.ping().then(() => (parts.database.waiting() > WAITING_LONG ? ('busy' as const) : ('ok' as const)), () => 'failed' as const);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckState>((resolve) => {
    timer = setTimeout(() => resolve(engine === 'embedded' && parts.jobs.running() > 0 ? 'busy' : 'failed'), PING_MS_MAX);
  });
  const state = await Promise.race([ping, late]);
  clearTimeout(timer);
  return { name: 'database', state, value: Math.round(performance.now() - started), unit: 'milliseconds' };
}

async function checkDisk(folder: string): Promise<Check> {
  try {
    const free = await freeBytes(folder);
    return { name: 'disk', state: free < DISK_FREE_BYTES_MIN ? 'failed' : 'ok', value: free, unit: 'free bytes' };
  } catch {
    return { name: 'disk', state: 'failed', value: 0, unit: 'free bytes' };
  }
}
