/** All routes of the registry. */

import type { Clock } from '../../../platform/clock/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import type { Registry } from '../actions/registry.ts';
import type { RegistryHooks } from '../web/parts.tsx';
import { registryApi } from './api.ts';
import { registryPages } from './pages.ts';

export interface RegistryRouteParts extends RegistryHooks {
  readonly registry: Registry;
  readonly clock: Clock;
}

export function registryRoutes(app: MizanServer, parts: RegistryRouteParts): void {
  registryApi(app, parts.registry);
  registryPages(app, parts.registry, parts.clock, parts);
}
