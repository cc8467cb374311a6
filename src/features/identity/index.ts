/** The door of identity: who people are, how they prove it, and who holds which role where. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const identityMigrations = (): readonly Migration[] => migrationsOf('identity');

export { type Identity, type IdentityParts, openIdentity, SECRET_NAME } from './actions/open-identity.ts';
export type { Letter, Letters } from './actions/parts.ts';
export type { Asking, AskingHeaders } from './actions/authenticate.ts';
export type { Organisations } from './actions/organisations.ts';
export { lettingIn, libraryOptions } from './actions/library.ts';
export { type Administration, createAdministration } from './actions/administration.ts';
export type { AdministrationParts, RegisterView } from './http/administration-parts.ts';
export { administrationRoutes } from './http/administration-routes.ts';
export { type Connections, type ConnectionsParts, openConnections } from './actions/connections.ts';
export { identityRoutes, type IdentityRouteParts } from './http/routes.ts';
export type { Organisation, OrganisationKind, Person } from './model.ts';
export { identityText } from './text/index.ts';
