/** The door of the registry. */

import { migrationsOf, type Migration } from '../../platform/db/index.ts';

export { createRegistry, type EntryAsOf, type HistoryPage, type Registry, type RegistryParts } from './actions/registry.ts';
export { openOrganisationView, type OrganisationView } from './actions/organisation-view.ts';
export { type AttachmentRefusal, type Attachments, createAttachments } from './actions/attachments.ts';
export type { Attachment, AttachmentKind } from './store/attachments.ts';
export type { Recorder } from './actions/parts.ts';
export type { PublicChange } from './store/recorded.ts';
export type { RegistryRefusal } from './actions/refusals.ts';
export { ALL_FIELDS, type Column, type Field, type FieldKey, GROUPS, lengthMaxOf, PHASES, SECTORS } from './fields.ts';
export {
  type Change,
  type Facet,
  FACETS,
  type FieldProblem,
  type ListPage,
  type ListQuery,
  parseRecord,
  type Revision,
  type SourceColumn,
  type Status,
  STATUSES,
  type Summary,
  type SystemEntry,
  type SystemRecord,
  valueOf,
} from './model.ts';
export { HELD_BACK, publicRecord, withoutContacts } from './rules/publish.ts';
export { nameKey } from './rules/fold.ts';
export type { FieldDifference, Piece } from './rules/difference.ts';
export type { ImportOptions, ImportOutcome, ImportResult, ImportRow } from './store/import-rows.ts';
export { registryRoutes, type RegistryRouteParts } from './http/routes.ts';
export { choiceLabel, type RegistryHooks } from './web/parts.tsx';
export { attachmentRefusalText, attachmentStatus, fieldLabel } from './actions/refusal-text.ts';
export { registryText } from './text/index.ts';
export type { Deployment } from './store/read.ts';

export const registryMigrations = (): readonly Migration[] => migrationsOf('registry');
