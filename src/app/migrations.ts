/** All migrations of this software in the one order in which they are applied: by a start, by `mizan migrate`, and before a backup is loaded. */

import { assessmentMigrations } from '../features/assessment/index.ts';
import { identityMigrations } from '../features/identity/index.ts';
import { impactMigrations } from '../features/impact/index.ts';
import { intakeMigrations } from '../features/intake/index.ts';
import { councilMigrations } from '../features/council/index.ts';
import { decisionsMigrations } from '../features/decisions/index.ts';
import { ledgerMigrations } from '../features/ledger/index.ts';
import { lawbookMigrations } from '../features/lawbook/index.ts';
import { lawdeskMigrations } from '../features/lawdesk/index.ts';
import { membersMigrations } from '../features/members/index.ts';
import { motionsMigrations } from '../features/motions/index.ts';
import { obligationsMigrations } from '../features/obligations/index.ts';
import { registryMigrations } from '../features/registry/index.ts';
import { seatsMigrations } from '../features/seats/index.ts';
import { secretariatMigrations } from '../features/secretariat/index.ts';
import { type Migration, migrationsOf } from '../platform/db/index.ts';

export function allMigrations(): readonly Migration[] {
  return [...migrationsOf('platform'), ...identityMigrations(), ...ledgerMigrations(), ...councilMigrations(), ...registryMigrations(), ...lawbookMigrations(), ...lawdeskMigrations(), ...assessmentMigrations(), ...obligationsMigrations(), ...impactMigrations(), ...intakeMigrations(), ...motionsMigrations(), ...decisionsMigrations(), ...seatsMigrations(), ...membersMigrations(), ...secretariatMigrations()];
}
