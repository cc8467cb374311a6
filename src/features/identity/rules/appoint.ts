/** Who may give which role: nobody a role above their own, and roles of the regulator nobody but its administrators. */

import { REGULATOR_ROLES, ROLES } from '../../../platform/auth/index.ts';
import type { OrganisationKind, Role } from '../model.ts';

const ROLES_OF_ORGANISATIONS: readonly Role[] = ['owner', 'editor', 'viewer'];

/**
 * Roles that can be given, and taken, in an organisation of this kind. `all` is the reach of an administrator (and of the operator of the
 * machine), `own` that of an owner in the own organisations.
 */
export function rolesToGive(reach: 'all' | 'own', kind: OrganisationKind): readonly Role[] {
  const here = ROLES.filter((role) => (kind === 'regulator' ? !ROLES_OF_ORGANISATIONS.includes(role) : !REGULATOR_ROLES.includes(role)));
  return reach === 'all' ? here : here.filter((role) => ROLES_OF_ORGANISATIONS.includes(role));
}
