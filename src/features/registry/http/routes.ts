/** All routes of the registry. */

import type { Clock } from '../../../platform/clock/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import type { Attachments } from '../actions/attachments.ts';
import type { Registry } from '../actions/registry.ts';
import type { RegistryHooks } from '../web/parts.tsx';
import { registryApi } from './api.ts';
import { attachmentRoutes } from './attachments.ts';
import { registryPages } from './pages.ts';

export interface RegistryRouteParts extends RegistryHooks {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Absent where there is no folder for files. */
  readonly attachments?: Attachments;
}

export function registryRoutes(app: MizanServer, parts: RegistryRouteParts): void {
  registryApi(app, parts.registry);
  if (parts.attachments !== undefined) attachmentRoutes(app, parts.attachments);
  registryPages(app, parts.registry, parts.attachments, parts);
}
