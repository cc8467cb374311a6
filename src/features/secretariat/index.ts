/** The door of the secretariat. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const secretariatMigrations = (): readonly Migration[] => migrationsOf('secretariat');

export { openSecretariat, type Secretariat } from './actions/open-secretariat.ts';
export type { SecretariatLetter, SecretariatParts, Told } from './actions/parts.ts';
export { secretariatRoutes } from './http/routes.ts';
