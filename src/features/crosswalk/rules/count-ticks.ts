/** What ticks are worth: duties become articles, articles and other items count across the frameworks. */

import { countEverywhere, type FrameworkCount, type ItemOfDuties, itemsOfDuties } from '../../../law/crosswalk/index.ts';
import type { DutyDefinition } from '../../../law/index.ts';
import type { Crosswalks, Ticks } from '../model.ts';

export interface Counted {
  readonly frameworks: readonly FrameworkCount[];
  /** Articles that duties lay down, with how far they are met. */
  readonly articles: readonly ItemOfDuties[];
}

/** `duties` are those of the pack that the framework of the law names; none where it is not in force. */
export function countTicks(crosswalks: Crosswalks, duties: readonly DutyDefinition[], ticks: Ticks): Counted {
  const law = crosswalks.crosswalk.frameworks.find((framework) => framework.law !== undefined);
  const unbound = new Set(ticks.unbound);
  const articles = law === undefined ? [] : itemsOfDuties(duties, new Set(ticks.duties), unbound, law);
  const met = [...new Set([...ticks.done, ...articles.filter((article) => article.isMet).map((article) => article.item)])];
  return { frameworks: countEverywhere(met, crosswalks.crosswalk), articles };
}
