/** The days on which law was published: between two of them nothing new was known. */

import type { CivilDate } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';

/** Columns of a page; more publications than this are told from the latest backwards. */
const KNOWN_DATES_MAX = 12;

/** Days up to `until` on which a value, a rule or an end of a rule became known, oldest first. */
export function knownDates(pack: Pack, until: CivilDate): readonly CivilDate[] {
  const days = new Set<CivilDate>([pack.knownFrom]);
  for (const rule of pack.rules) for (const day of [rule.knownFrom, rule.knownTo]) if (day !== undefined) days.add(day);
  for (const parameter of pack.parameters) for (const { known } of parameter.values) days.add(known);
  return [...days].filter((day) => day >= pack.knownFrom && day <= until).sort().slice(-KNOWN_DATES_MAX);
}
