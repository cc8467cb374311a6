/** Regimes and duties, their shifts and dates in words. A point may exist in one of the two laws only, so both are asked. */

import type { Language } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { labelOf } from '../../lawbook/index.ts';
import type { DueMark } from '../model.ts';
import { obligationsText } from '../text/index.ts';

/** Label of `regime:ID` or `duty:ID`, from the newer law where both know it. */
export function pointWords(packs: readonly Pack[], point: string, language: Language): string {
  const [kind, id] = [point.slice(0, point.indexOf(':')), point.slice(point.indexOf(':') + 1)];
  const name = kind === 'duty' ? `duty.${id}` : id;
  for (const pack of packs) {
    const label = labelOf(pack, name, language);
    if (label !== name) return label;
  }
  return id;
}

/** A due mark as a date or a word; the absence of a duty as a word too. */
export function markWords(mark: DueMark | undefined, language: Language): string {
  const t = obligationsText.in(language);
  if (mark === undefined) return t('changes.mark.none');
  switch (mark) {
    case 'undated': return t('changes.mark.undated');
    case 'never': return t('changes.mark.never');
    case 'open': return t('changes.mark.open');
    default: return formatDate(mark, language);
  }
}
