/** What a directory may do to people here: find who is meant, make them, and keep the roles it gives as it tells them. */

import type { Instant } from '../../../base/index.ts';
import type { Organisation } from '../model.ts';
import { type Connection, connectionActor, type Distance, distanceOf, rolesOf } from '../rules/connection.ts';
import type { ConnectionDb } from '../store/connection-tables.ts';
import { currentMemberships, takenBack } from '../store/connections.ts';
import { addMembership, endMembership } from '../store/organisations.ts';
import type { IdentityDb } from '../store/sessions.ts';

/** The store of identity is one; its files know the tables they need. */
export const asIdentity = (db: ConnectionDb): IdentityDb => db;

export async function distanceTo(db: ConnectionDb, personId: string, organisation: Organisation, now: Instant): Promise<Distance> {
  return distanceOf(await currentMemberships(db, personId, now), organisation);
}

/**
 * Gives and ends the roles that this connection gives in its organisation, so that they are those of the groups. Roles that people gave, and roles
 * elsewhere, stay; a role that an administrator took back is not given again. Answers whether anything changed.
 */
export async function keepRoles(db: ConnectionDb, personId: string, groups: readonly string[], connection: Connection, organisation: Organisation, at: Instant): Promise<boolean> {
  const actor = connectionActor(connection.id);
  const wanted = new Set(rolesOf(groups, connection, organisation.kind));
  const here = (await currentMemberships(db, personId, at)).filter((one) => one.organisationId === organisation.id);
  const barred = await takenBack(db, personId, organisation.id, actor);
  let changed = false;
  for (const one of here) {
    if (one.grantedBy !== actor || wanted.has(one.role)) continue;
    await endMembership(asIdentity(db), one.id, at, actor);
    changed = true;
  }
  for (const role of wanted) {
    if (barred.has(role) || here.some((one) => one.role === role)) continue;
    changed = (await addMembership(asIdentity(db), { personId, organisationId: organisation.id, role, at, by: actor })) === 'added' || changed;
  }
  return changed;
}
