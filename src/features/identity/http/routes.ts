/** All routes of identity. */

import type { Assets, MizanServer } from '../../../platform/http/index.ts';
import type { Connections } from '../actions/connections.ts';
import type { Identity } from '../actions/open-identity.ts';
import { connectionRoutes } from './connection-routes.ts';
import { factorRoutes } from './factor-routes.ts';
import { meRoutes } from './me-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { passkeyRoutes } from './passkey-routes.ts';
import { type Arrival, recoveryRoutes, stepUpRoutes } from './recovery-routes.ts';
import { scimRoutes } from './scim-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { ssoRoutes } from './sso-routes.ts';

export interface IdentityRouteParts {
  readonly identity: Identity;
  readonly assets: Assets;
  /** Without them there is no single sign-on and no SCIM. */
  readonly connections?: Connections;
  /** Where the first administrator begins to work after the set-up; the own account without it. */
  readonly startHref?: string;
  /** Where an invitation leads, by what its role opens; the own account without them. */
  readonly arrivals?: readonly Arrival[];
}

export function identityRoutes(app: MizanServer, { identity, assets, connections, startHref = '/', arrivals = [] }: IdentityRouteParts): void {
  const script = (): string => assets.island('passkey');
  signInRoutes(app, identity, script, async () => connections?.isOffered() ?? false, startHref);
  factorRoutes(app, identity);
  recoveryRoutes(app, identity, arrivals);
  stepUpRoutes(app, identity, script);
  passkeyRoutes(app, identity);
  meRoutes(app, identity, script);
  operatorRoutes(app, identity);
  if (connections === undefined) return;
  ssoRoutes(app, { identity, connections });
  connectionRoutes(app, { identity, connections });
  scimRoutes(app, connections);
}
