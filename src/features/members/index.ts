/** The door of the register of members. */

import { type Migration, migrationsOf } from '../../platform/db/index.ts';

export const membersMigrations = (): readonly Migration[] => migrationsOf('members');

export { type Members, type MembersParts, openMembers } from './actions/open-members.ts';
export { conflictsSection } from './web/conflicts-section.tsx';
export { type MemberRouteParts, membersRoutes } from './http/routes.ts';
