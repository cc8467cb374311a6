/** All routes of the secretariat. */

import type { Clock } from '../../../platform/clock/index.ts';
import type { Assets, MizanServer } from '../../../platform/http/index.ts';
import type { Council } from '../../council/index.ts';
import type { Motions } from '../../motions/index.ts';
import type { Secretariat } from '../actions/open-secretariat.ts';
import type { Told } from '../actions/parts.ts';
import { liveRoutes } from './live.ts';
import { minutesRoutes } from './minutes.ts';
import { secretariatPages } from './pages.ts';

export interface SecretariatRouteParts {
  readonly secretariat: Secretariat;
  readonly council: Pick<Council, 'constitution' | 'standing' | 'seats' | 'rounds'>;
  readonly motions: Pick<Motions, 'list'>;
  readonly clock: Clock;
  readonly assets: Pick<Assets, 'island'>;
  /** Members and the secretariat, for owners of tasks. */
  readonly people: () => Promise<readonly Told[]>;
  /** The address of the register, for links in calendar files. */
  readonly publicUrl: () => string;
}

export function secretariatRoutes(app: MizanServer, parts: SecretariatRouteParts): void {
  secretariatPages(app, parts);
  liveRoutes(app, parts);
  minutesRoutes(app, parts);
}
