/** The door of the law desk: bringing in law packs, believing their signatures, and working on law before it is adopted. */

import type { Clock } from '../../platform/clock/index.ts';
import { type Database, type Migration, migrationsOf } from '../../platform/db/index.ts';
import type { MizanServer } from '../../platform/http/index.ts';
import type { Lawbook } from '../lawbook/index.ts';

export const lawdeskMigrations = (): readonly Migration[] => migrationsOf('lawdesk');

export interface LawdeskParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly lawbook: Lawbook;
}

export interface Lawdesk {
  readonly lawbook: Lawbook;
  readonly clock: Clock;
}

export function openLawdesk(parts: LawdeskParts): Lawdesk {
  return { lawbook: parts.lawbook, clock: parts.clock };
}

/** Adds the pages under `/lawdesk` and `/api/v1/lawdesk`. Every route is for the workspace. */
export function lawdeskRoutes(app: MizanServer, lawdesk: Lawdesk): void {
  void app;
  void lawdesk;
}

export { readBundle, writeBundle } from './store/bundle.ts';
export { bundleRefusalText, manifestRefusalText } from './rules/refusal-words.ts';
export { readableFingerprint, shortDigest } from './rules/short-digest.ts';
export { type DeskParts, deskRoutes } from './http/desk.ts';
