/** The door of the assessment. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const assessmentMigrations = (): readonly Migration[] => migrationsOf('assessment');

export { type Assessment, type AssessmentParts, openAssessment, type Sheet } from './actions/open-assessment.ts';
export { loadInstalledRecognisers, type Recognisers } from './actions/load-recognisers.ts';
export { needsRedeciding, redecide, type RedecideResult } from './actions/redecide.ts';
export type { AnsweredSystem } from './store/redecisions.ts';
export { assessmentRoutes } from './http.ts';
export { BindingNotice } from './web/outcomes.tsx';
export { headlineOf, publicSection } from './web/result-page.tsx';
export { resultPdf } from './web/result-pdf.ts';
