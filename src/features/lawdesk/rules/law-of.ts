/** The whole law of a pack at its latest dates, duties included, for drawings and checks. */

import { compileLaw, type Law, latestTime, type Pack } from '../../../law/index.ts';

/** Throws Fault `law-diagram-too-large` that names the rule. The engine remembers what it compiled. */
export function lawOf(pack: Pack): Law {
  return compileLaw(pack, latestTime(pack), 'duties');
}
