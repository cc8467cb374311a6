/** DATA_DIR/last-backup.json: when the newest backup was made, for those who look after it. */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'last-backup.json';

export interface LastBackup {
  /** ISO 8601 in UTC: the moment that the backup shows. */
  readonly madeAt: string;
  readonly rows: number;
  readonly files: number;
}

export function rememberBackup(dataDir: string, last: LastBackup): void {
  const path = join(dataDir, NAME);
  writeFileSync(`${path}.part`, JSON.stringify(last), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

/** Undefined when none was made, or the note cannot be read. */
export function lastBackup(dataDir: string): LastBackup | undefined {
  try {
    const found = JSON.parse(readFileSync(join(dataDir, NAME), 'utf8')) as LastBackup;
    return Number.isNaN(Date.parse(found.madeAt)) ? undefined : found;
  } catch {
    return undefined;
  }
}
