/** All routes of motions. */

import type { MizanServer } from '../../../platform/http/index.ts';
import { motionApi } from './api.ts';
import { motionPages, type MotionRouteParts } from './pages.ts';

export function motionsRoutes(app: MizanServer, parts: MotionRouteParts): void {
  motionPages(app, parts);
  motionApi(app, parts);
}
