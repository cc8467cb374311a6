/** The door of motions. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const motionsMigrations = (): readonly Migration[] => migrationsOf('motions');

export { type Motions, openMotions } from './actions/open-motions.ts';
export type { DossierPart, MotionsParts, NoticeKind } from './actions/parts.ts';
export { motionsRoutes } from './http/routes.ts';
export type { MotionRouteParts } from './http/pages.ts';
export type { AnnexRow, Kind as MotionKind, ListFilter as MotionFilter, Localised, Motion, MotionView, Standing, State as MotionState } from './model.ts';
export { type CalendarEvent, calendarFile } from './rules/calendar.ts';
export { paragraphsOf, partyName, shortDigest } from './rules/motion-words.ts';
export { letterOf } from './rules/letters.ts';
export { className } from './rules/words.ts';
export { numberOf, StateTag as MotionStateTag } from './web/list-page.tsx';
export { councilSection } from './web/public-section.tsx';
export { motionText } from './text/index.ts';
