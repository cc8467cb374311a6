/** The door of the lawbook: the law in force, and its answers in words. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const lawbookMigrations = (): readonly Migration[] => migrationsOf('lawbook');

export { type LawbookParts, openLawbook, readPackFolder } from './actions/open-lawbook.ts';
export type { Adoption, AdoptRefusal, InstalledPack, LawDates, Lawbook, WordingTerms } from './model.ts';
export { AUTHOR_LENGTH_MAX, INSTALLATION, REASON_LENGTH_MAX } from './model.ts';
export { lawbookRoutes, lawDatesOrRefuse } from './http.ts';
export { answerWords } from './rules/answer-words.ts';
export { articleWords } from './rules/article-words.ts';
export { regimesOf } from './rules/answer-of.ts';
export { DatesForm, FactsList, PackStatusTag } from './web/pages.tsx';
export { citationWords, type FactWords, indexOf, isUnconfirmed, labelOf, literalList, outcomesByFamily, valueLabel } from './rules/wording.ts';
export { termsIn } from './text/terms.ts';
export { lawbookText } from './text/index.ts';
