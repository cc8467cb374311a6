/** The door of the intake: inventories of others become entries of the register, and nothing of them is lost. */

import type { Clock } from '../../platform/clock/index.ts';
import { type Database, migrationsOf, type Migration } from '../../platform/db/index.ts';
import type { ClamdPlace } from '../../platform/files/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Registry } from '../registry/index.ts';
import type { MizanServer } from '../../platform/http/index.ts';
import { createActions, type Intake } from './actions/intake.ts';
import { intakeApi } from './http/api.ts';
import { createFileStore } from './store/files.ts';
import { createImportStore } from './store/imports.ts';
import { createLedgerStore } from './store/ledger.ts';
import { createProfileStore } from './store/profiles.ts';
import { createRowStore } from './store/rows.ts';
import { createSpace } from './store/space.ts';
import { intakePages, type PageParts } from './web/routes.tsx';

export type { Intake, IntakeRefusal, StartImport } from './actions/intake.ts';
export type { ImportCounts, ImportMode, ImportResult, ImportView } from './model/import.ts';
export { UnreadableFile } from './model/refusal.ts';
export type { Profile, ProfileProblem } from './model/profile.ts';

export interface IntakeParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly registry: Registry;
  /** Uploaded files are kept in `intake/` under it. */
  readonly dataDir: string;
  /** A virus scanner that is asked about every file. */
  readonly clamd?: ClamdPlace | undefined;
}

/** Call before `jobs.begin()`: it registers the job that checks and applies. */
export function createIntake(parts: IntakeParts): Intake {
  const { database } = parts;
  return createActions({
    ...parts,
    imports: createImportStore(database),
    rows: createRowStore(database),
    ledger: createLedgerStore(database),
    profiles: createProfileStore(database),
    files: createFileStore(parts.dataDir, parts.clamd),
    space: createSpace(parts.dataDir, database.engine),
  });
}

/** Adds `/api/v1/imports…` and the pages under `/intake`. */
export function intakeRoutes(app: MizanServer, parts: PageParts): void {
  intakeApi(app, parts.intake);
  intakePages(app, parts);
}

export const intakeMigrations = (): readonly Migration[] => migrationsOf('intake');
