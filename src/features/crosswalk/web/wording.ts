/** Predicates and shortfalls in the reader's words. */

import type { Language } from '../../../base/index.ts';
import type { Predicate, Shortfall } from '../../../law/crosswalk/index.ts';
import { wordOf } from '../rules/words.ts';
import { crosswalkText } from '../text/index.ts';

export function predicateWords(predicate: Predicate, language: Language): string {
  return crosswalkText.in(language)(`predicate.${wordOf(predicate) as 'closeMatch'}`);
}

export function shortfallWords(shortfalls: readonly Shortfall[], language: Language): string {
  const t = crosswalkText.in(language);
  return shortfalls.map((shortfall) => t(`shortfall.${shortfall}`)).join(', ');
}
