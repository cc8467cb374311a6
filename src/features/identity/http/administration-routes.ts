/** All routes of administration. */

import type { MizanServer } from '../../../platform/http/index.ts';
import type { AdministrationParts } from './administration-parts.ts';
import { administrationApi } from './administration-api.ts';
import { auditRoutes } from './audit-routes.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { peopleRoutes } from './people-routes.ts';

export function administrationRoutes(app: MizanServer, parts: AdministrationParts): void {
  organisationRoutes(app, parts);
  peopleRoutes(app, parts);
  auditRoutes(app, parts);
  administrationApi(app, parts);
}
