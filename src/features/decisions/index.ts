/** The door of decisions: what the council decided, published with its proof. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const decisionsMigrations = (): readonly Migration[] => migrationsOf('decisions');

export { type Decisions, type DecisionsParts, openDecisions } from './actions/open-decisions.ts';
export { decisionsRoutes, type DecisionRouteParts } from './http/routes.ts';
export type { DecidedRow, MotionTold } from './model.ts';
export { ResultTag as DecisionResultTag } from './web/list-page.tsx';
export { decisionHref } from './web/words.ts';
