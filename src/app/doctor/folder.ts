/** Looks at the data folder: rights, the disk below it, what a process left there, and how old the newest backup is. */

import { accessSync, constants, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastBackup, stateOfRestore } from '../../platform/backup/index.ts';
import { DISK_FREE_BYTES_MIN } from '../../platform/operations/index.ts';
import { findServer } from '../server-file.ts';
import { fail, type Finding, type Look, ok, warn } from './model.ts';

/** Enough for a national register and its attachments to grow a while. */
const DISK_COMFORTABLE_BYTES = 2 * 1024 ** 3;
const INODES_MIN = 1000;
const INODES_COMFORTABLE = 50_000;
const BACKUP_DAYS_WARN = 2;
const BACKUP_DAYS_FAIL = 14;
const DAY_MS = 24 * 3600 * 1000;
const OUTBOX_MESSAGES_WARN = 200;
/** A mail leaves within minutes, or not at all. */
const OUTBOX_AGE_MS_WARN = 6 * 3600 * 1000;
/** Settings that name a file with a password or key. */
const SECRET_FILES: ReadonlySet<string> = new Set(['DATABASE_URL_FILE', 'SMTP_URL_FILE', 'IDENTITY_FILE']);
const WORK_LEFT = /^(?:snapshot|restore)-/;

/** A link that leads nowhere counts: nothing can be made behind it. */
function existingParent(folder: string): string {
  let parent = folder;
  while (!existsSync(parent) && !isLink(parent)) parent = dirname(parent);
  return parent;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

export const dataFolder: Look = {
  subject: 'data folder',
  examine: ({ config }) => {
    const folder = existingParent(config.dataDir);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      const probe = mkdtempSync(join(folder, '.mizan-doctor-'));
      try {
        writeFileSync(join(probe, 'probe'), 'probe', { flush: true });
      } finally {
        rmSync(probe, { recursive: true, force: true });
      }
    } catch (error) {
      return fail('data folder', `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, 'Set DATA_DIR to a folder this user may write to.');
    }
    if (folder !== config.dataDir) return ok('data folder', `${config.dataDir} will be made at the first start`);
    const mode = statSync(folder).mode & 0o777;
    if ((mode & 0o007) !== 0 && process.platform !== 'win32') return warn('data folder', `${config.dataDir} is open to every user of this machine (${mode.toString(8)})`, `Run: chmod 700 ${config.dataDir}`);
    return ok('data folder', config.dataDir);
  },
};

/** Numbers of `statfs` by which Linux names kinds of file systems. */
const FILE_SYSTEMS: ReadonlyMap<number, { readonly name: string; readonly why: 'vanishes' | 'network' | 'layer' }> = new Map([
  [0x01021994, { name: 'tmpfs', why: 'vanishes' }],
  [0x858458f6, { name: 'ramfs', why: 'vanishes' }],
  [0x6969, { name: 'NFS', why: 'network' }],
  [0x517b, { name: 'SMB', why: 'network' }],
  [0xff534d42, { name: 'CIFS', why: 'network' }],
  [0xfe534d42, { name: 'SMB 2', why: 'network' }],
  [0x01021997, { name: '9p', why: 'network' }],
  [0x794c7630, { name: 'the writable layer of a container', why: 'layer' }],
]);

/** Says what the kind of a file system means for a register; `type` as `statfs` tells it. */
export function fileSystemFinding(type: number, isEmbedded: boolean): Finding {
  const known = FILE_SYSTEMS.get(type);
  if (known === undefined) return ok('file system', `a lasting one (${type.toString(16)})`);
  if (known.why === 'vanishes') return fail('file system', `${known.name}: everything is gone when this machine restarts`, 'Set DATA_DIR to a folder on a disk.');
  if (known.why === 'layer') return warn('file system', `${known.name}: everything is gone when the container is replaced`, 'Mount a volume and set DATA_DIR to it.');
  if (isEmbedded) return fail('file system', `${known.name}: the embedded database can be damaged there when the network fails`, 'Set DATA_DIR to a local disk, or use PostgreSQL (DATABASE_URL); attachments alone may lie on it.');
  return warn('file system', `${known.name}, for attachments only`, 'Good enough with PostgreSQL; make sure that it is mounted before Mizan starts (RequiresMountsFor= in the service).');
}

export const fileSystem: Look = { subject: 'file system', examine: ({ config }) => fileSystemFinding(statfsSync(existingParent(config.dataDir)).type, config.databaseUrl === undefined) };

/** Says whether free space and free file entries last; 0 of 0 entries means that the file system does not count them. */
export function diskFinding(free: number, inodes: { readonly free: number; readonly all: number }): Finding {
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free${inodes.all > 0 ? `, room for ${inodes.free} more files` : ''}`;
  if (free < DISK_FREE_BYTES_MIN) return fail('disk', found, 'Free some space or set DATA_DIR to a larger disk: writes will fail soon.');
  if (inodes.all > 0 && inodes.free < INODES_MIN) return fail('disk', found, 'Remove many small files or make the file system anew with more entries (mkfs -N): it is full although space is left.');
  if (free < DISK_COMFORTABLE_BYTES) return warn('disk', found, 'Plan for more space.');
  if (inodes.all > 0 && inodes.free < INODES_COMFORTABLE) return warn('disk', found, 'Plan for a file system with more entries (df -i).');
  return ok('disk', found);
}

export const disk: Look = {
  subject: 'disk',
  examine: ({ config }) => {
    const { bavail, bsize, ffree, files } = statfsSync(existingParent(config.dataDir));
    return diskFinding(bavail * bsize, { free: ffree, all: files });
  },
};

export const lock: Look = {
  subject: 'lock',
  examine: async ({ config }) => {
    if (config.databaseUrl !== undefined) return ok('lock', 'not used with PostgreSQL');
    const path = join(config.dataDir, 'mizan.lock');
    const users = usersOf(join(config.dataDir, 'db'));
    if (users.length > 1) return fail('lock', `processes ${users.join(' and ')} use the embedded database at the same time`, 'Stop all but one at once, then restore the last backup if pages tell errors. Start Mizan only once for a data folder.');
    if (!existsSync(path)) return users.length === 0 ? ok('lock', 'free') : fail('lock', `process ${users[0] ?? ''} uses the embedded database without the lock`, 'Somebody removed mizan.lock under a running server. Stop that process, then start again.');
    let pid: number;
    try {
      pid = (JSON.parse(readFileSync(path, 'utf8')) as { readonly pid: number }).pid;
    } catch {
      return warn('lock', 'mizan.lock cannot be read', 'The next start takes it over; nothing needs to be done.');
    }
    const server = await findServer(config.dataDir);
    if (server?.pid === pid) return ok('lock', `held by the server, process ${pid}`);
    if (isAlive(pid)) return warn('lock', `held by process ${pid}, which is not a server that answers`, 'Wait until that command ends, or stop it.');
    return ok('lock', `left by process ${pid}, which is gone; the next start takes it over`);
  },
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Processes of this user that have files of a folder open, as Linux tells it. */
function usersOf(folder: string): readonly number[] {
  if (!existsSync('/proc/self/fd')) return [];
  const found: number[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`).startsWith(`${folder}/`))) found.push(Number(pid));
    } catch {
      // Another user's, or gone meanwhile.
    }
  }
  return found;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

export const leftovers: Look = {
  subject: 'leftovers',
  examine: async ({ config }) => {
    if (!existsSync(config.dataDir)) return ok('leftovers', 'none');
    const marker = existsSync(join(config.dataDir, 'restore.json'));
    if (marker && (await stateOfRestore(config)) === 'broken-off') return fail('leftovers', 'a restore into this folder broke off; a start is refused', 'Run “mizan restore FILE --replace” again, or empty the folder and the database.');
    const left = readdirSync(config.dataDir).filter((name) => WORK_LEFT.test(name));
    if (left.length > 0 && (await findServer(config.dataDir)) === undefined) return warn('leftovers', `of a backup or restore that was killed: ${left.join(', ')}`, `Remove them: rm -r ${left.map((name) => join(config.dataDir, name)).join(' ')}`);
    return ok('leftovers', 'none');
  },
};

export const secrets: Look = {
  subject: 'secrets',
  examine: ({ config, environment }) => {
    const folder = join(config.dataDir, 'secrets');
    // That they are there and readable was a condition of reading the settings.
    const named = Object.entries(environment).flatMap(([name, path]) => (SECRET_FILES.has(name) && path !== undefined && existsSync(path) ? [path] : []));
    const kept = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
    const open = [...(kept.length > 0 ? [folder] : []), ...kept, ...named].filter((path) => process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0);
    if (open.length > 0) return fail('secrets', `others on this machine can reach ${open.join(', ')}`, `Run: chmod -R go= ${open.join(' ')}. If others may have read them, replace them.`);
    return ok('secrets', kept.length + named.length === 0 ? 'none yet; the first start makes them' : `${kept.length + named.length}, for their owner alone`);
  },
};

export const backup: Look = {
  subject: 'backup',
  examine: ({ config, now }) => {
    const last = lastBackup(config.dataDir);
    const holdsData = config.databaseUrl !== undefined ? existsSync(join(config.dataDir, 'files')) : existsSync(join(config.dataDir, 'db'));
    const advice = 'Run “mizan backup FILE” every night (a timer of systemd), and keep the file on another machine.';
    if (last === undefined) return holdsData ? warn('backup', 'none was ever made', advice) : ok('backup', 'there is nothing to back up yet');
    const days = Math.floor((now - Date.parse(last.madeAt)) / DAY_MS);
    const found = `${last.madeAt}, ${days} days ago (${last.rows} rows, ${last.files} files)`;
    if (days >= BACKUP_DAYS_FAIL) return fail('backup', found, advice);
    if (days >= BACKUP_DAYS_WARN) return warn('backup', found, advice);
    return ok('backup', found);
  },
};

export const outbox: Look = {
  subject: 'outbox',
  examine: ({ config, now }) => {
    const folder = join(config.dataDir, 'outbox');
    if (!existsSync(folder)) return ok('outbox', 'empty');
    const ages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => now - statSync(join(folder, name)).mtimeMs);
    const found = `${ages.length} messages`;
    if (ages.length >= OUTBOX_MESSAGES_WARN || (config.smtp !== undefined && ages.some((age) => age > OUTBOX_AGE_MS_WARN))) {
      return warn('outbox', found, config.smtp === undefined ? 'Without SMTP_URL mail is only kept in files: set SMTP_URL, or send them by hand and remove them.' : 'Mail does not leave: look at “mail” below and at the log.');
    }
    return ok('outbox', found);
  },
};
