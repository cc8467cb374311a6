/** All routes of impact assessments. A kind with a file format of its own adds its two routes beside these. */

import type { MizanServer } from '../../../platform/http/index.ts';
import { impactApi } from './api.ts';
import { cnilRoutes } from './cnil.ts';
import { impactPages, type ImpactRouteParts } from './pages.ts';

export function impactRoutes(app: MizanServer, parts: ImpactRouteParts): void {
  impactPages(app, parts);
  impactApi(app, parts);
  cnilRoutes(app, parts);
}
