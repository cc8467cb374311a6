/** The door of the obligations: what somebody must do by when, and what a change of law would do to it. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const obligationsMigrations = (): readonly Migration[] => migrationsOf('obligations');

export { type Changes, type ChangesParts, openChanges } from './actions/open-changes.ts';
export { type ChangesRouteParts, changesRoutes } from './http/changes.ts';
export { type DutySheet, type Obligations, type ObligationsParts, openObligations } from './actions/open-obligations.ts';
export { type DutiesRouteParts, dutiesRoutes } from './http/duties.ts';
export { dutiesPdf } from './web/duties-document.ts';
