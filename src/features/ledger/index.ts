/** The door of the ledger: the transparency log of this platform, and its witness of others. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const ledgerMigrations = (): readonly Migration[] => migrationsOf('ledger');

export { fsck, type FsckReport } from './actions/fsck.ts';
export { type FetchFile, type Followed, type FollowRefusal, mirror, monitor } from './actions/follow.ts';
export { replaceDurably } from './store/head-file.ts';
export { type Ledger, type LedgerParts, openLedger } from './actions/open-ledger.ts';
export type { WitnessServer } from './actions/witness-server.ts';
export type { Admission, EventKind, Halt, LedgerEntry, LedgerEvent, LedgerRefusal, LogName, PublishedHead, SignedHead, Standing } from './model.ts';
export type { HeadRow } from './store/heads.ts';
export { viewOf } from './rules/events.ts';
export { ledgerRoutes, type LedgerRouteParts } from './http/routes.ts';
export { ledgerText } from './text/index.ts';
