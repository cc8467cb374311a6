/** What every action of the intake works with. */

import { hash } from 'node:crypto';
import { canonical } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Jobs } from '../../../platform/jobs/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Profile } from '../model/profile.ts';
import type { TableOptions } from '../model/table.ts';
import type { FileStore } from '../store/files.ts';
import type { ImportStore } from '../store/imports.ts';
import type { LedgerStore } from '../store/ledger.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { RowStore } from '../store/rows.ts';
import type { Space } from '../store/space.ts';

export interface ActionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly registry: Registry;
  readonly imports: ImportStore;
  readonly rows: RowStore;
  readonly ledger: LedgerStore;
  readonly profiles: ProfileStore;
  readonly files: FileStore;
  readonly space: Space;
}

/** Told while a file is worked on: done rows, of how many (unknown while reading), which step. Never waits. */
export type Progress = (done: number, total: number | undefined, step: 'reading' | 'comparing' | 'writing' | 'announcing') => void;

/** How a file of this profile is opened; what the person chose on the form wins. */
export function tableOptions(profile: Profile, chosen: TableOptions): TableOptions {
  const { format, encoding, delimiter, headerRow, sheet, records } = profile.file ?? {};
  // A source may come in another format than its profile expects (a CSV saved as a workbook): the content decides.
  void format;
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(records === undefined ? {} : { recordsKey: records }),
    ...chosen,
    expected: profile.columns,
  };
}

/** Digest of what a profile does to a row; its names and notes do not count. */
export function profileDigest(profile: Profile): string {
  const { version, fields, key, placeholders, dummies = {}, fiscalYearStartMonth = 0, own = '', language = '' } = profile;
  return hash('sha256', canonical({ version, fields, key, placeholders, dummies, fiscalYearStartMonth, own, language })).slice(0, 16);
}
