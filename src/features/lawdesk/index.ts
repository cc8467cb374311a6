/** The door of the law desk: bringing in law packs, believing their signatures, and working on law before it is adopted. */

import type { Clock } from '../../platform/clock/index.ts';
import { type Database, type Migration, migrationsOf } from '../../platform/db/index.ts';
import type { ClamdPlace } from '../../platform/files/index.ts';
import type { MizanServer } from '../../platform/http/index.ts';
import type { Lawbook } from '../lawbook/index.ts';
import { createPackDesk, type PackDesk } from './actions/install.ts';
import { createKeyDesk, type KeyDesk } from './actions/keys.ts';
import { type IndexSection, packRoutes } from './http/packs.ts';
import { createInstallStore } from './store/installs.ts';
import { createMadeHereStore } from './store/made-here.ts';
import { createKeyStore } from './store/keys.ts';

export const lawdeskMigrations = (): readonly Migration[] => migrationsOf('lawdesk');

export interface LawdeskParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly lawbook: Lawbook;
  /** As the lawbook was opened with; the installation's own when left out. */
  readonly packsFolder?: string;
  /** The virus scanner that is asked about every pack brought in. */
  readonly clamd?: ClamdPlace | undefined;
}

export interface Lawdesk {
  readonly lawbook: Lawbook;
  readonly packs: PackDesk;
  readonly keys: KeyDesk;
}

export async function openLawdesk({ database, clock, lawbook, packsFolder, clamd }: LawdeskParts): Promise<Lawdesk> {
  const keys = createKeyDesk({ store: createKeyStore(database), clock });
  const packs = await createPackDesk({ lawbook, clock, keys, installs: createInstallStore(database), madeHere: createMadeHereStore(database), clamd, ...(packsFolder === undefined ? {} : { packsFolder }) });
  return { lawbook, packs, keys };
}

export interface LawdeskRouteParts {
  /** What other parts of the desk show on its first page. */
  readonly sections?: readonly IndexSection[];
  /** Where the effects of a version are shown and it can be adopted. */
  readonly adoptHref?: (digest: string) => string;
}

/** Adds `/lawdesk`, `/lawdesk/packs`, `/lawdesk/keys` and their addresses for programs. */
export function lawdeskRoutes(app: MizanServer, { packs, keys, lawbook }: Lawdesk, parts: LawdeskRouteParts = {}): void {
  packRoutes(app, { packs, keys, lawbook, sections: parts.sections ?? [], ...(parts.adoptHref === undefined ? {} : { adoptHref: parts.adoptHref }) });
}

export type { IndexSection };
export type { PackDesk, PackVersion, SignatureState } from './actions/install.ts';
export type { KeyDesk } from './actions/keys.ts';
export { readBundle, writeBundle } from './store/bundle.ts';
export { bundleRefusalText, manifestRefusalText } from './rules/refusal-words.ts';
export { readableFingerprint, shortDigest } from './rules/short-digest.ts';
export { type DeskParts, deskRoutes } from './http/desk.ts';
export { deskSection } from './web/desk-section.tsx';
