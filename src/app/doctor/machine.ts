/** Looks at the machine: Node, memory, open files, the clock. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../platform/db/index.ts';
import { lastBackup } from '../../platform/backup/index.ts';
import { fail, type Look, ok, warn } from './model.ts';

const NODE_MAJOR_MIN = 26;
const GIBIBYTE = 1024 ** 3;
/** The embedded engine, Node's own heap and a classification under way together. */
const MEMORY_BYTES_MIN = 0.5 * GIBIBYTE;
const MEMORY_BYTES_COMFORTABLE = 1.5 * GIBIBYTE;
/** Connections of people and of the database, files of the embedded engine. */
const OPEN_FILES_MIN = 1024;
const OPEN_FILES_COMFORTABLE = 4096;
/** One-time codes of a second factor stop working at about half a minute; due dates and the log are wrong long before. */
const CLOCK_OFF_MS_WARN = 5000;
const CLOCK_OFF_MS_FAIL = 30_000;
const FUTURE_MS_MAX = 60_000;

export const node: Look = {
  subject: 'node',
  examine: ({ nodeVersion }) =>
    Number(/^v(\d+)/.exec(nodeVersion)?.[1] ?? 0) >= NODE_MAJOR_MIN
      ? ok('node', `${nodeVersion} on ${process.platform}-${process.arch}`)
      : fail('node', nodeVersion, `Start through npm start or npx mizan, which bring Node ${NODE_MAJOR_MIN}, or install Node ${NODE_MAJOR_MIN}.`),
};

export const memory: Look = {
  subject: 'memory',
  examine: ({ memoryBytes, processors }) => {
    const found = `${(memoryBytes / GIBIBYTE).toFixed(1)} GiB and ${processors} processors for this process`;
    if (memoryBytes < MEMORY_BYTES_MIN) return fail('memory', found, 'Give the container or service at least 1.5 GiB (MemoryMax= of systemd, --memory of the container): below 0.5 GiB it is killed in the middle of work.');
    if (memoryBytes < MEMORY_BYTES_COMFORTABLE) return warn('memory', found, 'Give it 1.5 GiB or more: large imports and documents need it.');
    return ok('memory', found);
  },
};

export const openFiles: Look = {
  subject: 'open files',
  examine: () => {
    if (!existsSync('/proc/self/limits')) return ok('open files', 'this system does not tell its limit');
    return openFilesIn(readFileSync('/proc/self/limits', 'utf8'));
  },
};

/** Reads the limit as Linux writes it. */
export function openFilesIn(limits: string): ReturnType<typeof ok> {
  const text = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? '';
  const most = text === 'unlimited' ? Infinity : Number(text);
  if (most < OPEN_FILES_MIN) return fail('open files', `at most ${text}`, 'Raise the limit to 65536: LimitNOFILE=65536 in the service, or ulimit -n 65536 before the start. People are refused when it is reached.');
  if (most < OPEN_FILES_COMFORTABLE) return warn('open files', `at most ${text}`, 'Raise the limit to 65536 (LimitNOFILE=65536) before many people work at once.');
  return ok('open files', `at most ${text}`);
}

/** The clock of the database server, and whatever was written here with a time that has not come yet. */
export const clock: Look = {
  subject: 'clock',
  examine: async ({ config, now, root }) => {
    const advice = 'Set the clock of this machine by NTP (timedatectl set-ntp true): due dates, one-time codes and the record of acts go by it.';
    const written = [...datesOf(config.dataDir), join(root, 'dist', '.built')].map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
    const backup = lastBackup(config.dataDir);
    const future = [...written, ...(backup === undefined ? [] : [{ path: 'the last backup', at: Date.parse(backup.madeAt) }])].find(({ at }) => at > now + FUTURE_MS_MAX);
    if (future !== undefined) return fail('clock', `${new Date(now).toISOString()}, but ${future.path} is of ${new Date(future.at).toISOString()}`, advice);
    if (config.databaseUrl === undefined) return ok('clock', new Date(now).toISOString());
    const asked = performance.now();
    const seen = await diagnose(config.databaseUrl);
    if (seen.unreached !== undefined) return ok('clock', `${new Date(now).toISOString()}; the database was not asked`);
    const off = Math.abs(seen.facts.now.getTime() - now) - (performance.now() - asked);
    if (off > CLOCK_OFF_MS_FAIL) return fail('clock', `${Math.round(off / 1000)} s away from the database server's`, advice);
    if (off > CLOCK_OFF_MS_WARN) return warn('clock', `${Math.round(off / 1000)} s away from the database server's`, advice);
    return ok('clock', `${new Date(now).toISOString()}, as that of the database server`);
  },
};

function datesOf(dataDir: string): readonly string[] {
  try {
    return readdirSync(dataDir).map((name) => join(dataDir, name));
  } catch {
    return [];
  }
}
