/** The door of the council. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const councilMigrations = (): readonly Migration[] => migrationsOf('council');

export { type CouncilParts, type OpenCouncil, openCouncil } from './actions/open-council.ts';
export { loadCouncilPack } from './actions/load-council-pack.ts';
export { constitutionRoutes } from './http/constitution.ts';
export { foundingRoutes } from './http/founding.ts';
export { councilPages } from './http/pages.ts';
export { protocolRoutes } from './http/protocol.ts';
export { type CouncilPack, judgeConstitution } from './rules/council-pack.ts';
export { isStalled } from './rules/round-facts.ts';
export { problemText } from './rules/problem-text.ts';
export { RESPONSIVE_ALARM, RESPONSIVE_S } from './model.ts';
export type { Anchor, CastFact, CertifiedHead, Council, CouncilRefusal, CouncilStanding, RoundFacts, RoundsPage, RoundsQuery, RoundStage, SeatStanding, TextsSource } from './model.ts';
