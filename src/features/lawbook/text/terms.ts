/** The small words of the law browser and of the result pages in the reader's language. */

import type { Language } from '../../../base/index.ts';
import type { WordingTerms } from '../model.ts';
import { lawbookText } from './index.ts';

export function termsIn(language: Language): WordingTerms {
  const t = lawbookText.in(language);
  return { yes: t('word.yes'), no: t('word.no'), not: (value) => t('tree.not', { value }), and: t('tree.all'), or: t('tree.any'), none: t('word.none') };
}
