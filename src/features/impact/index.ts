/** The door of impact assessments. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const impactMigrations = (): readonly Migration[] => migrationsOf('impact');

export { type Impact, type ImpactParts, openImpact } from './actions/open-impact.ts';
export { loadImpactExamples } from './actions/load-examples.ts';
export { loadInstalledQuestionnaires } from './actions/load-installed.ts';
export type { ImpactRow, ImpactView, Published } from './model.ts';
export { impactRoutes } from './http/routes.ts';
export type { ImpactRouteParts } from './http/pages.ts';
export { publicImpactSection } from './web/result-page.tsx';
export { impactPdf } from './web/result-pdf.ts';
export { impactText } from './text/index.ts';
