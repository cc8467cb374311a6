/** Finds items of a framework by code, short name, part, and whether they are mapped. */

import type { Language } from '../../../base/index.ts';
import type { Framework, FrameworkItem } from '../../../law/crosswalk/index.ts';
import { foldLetters } from '../../../platform/text/index.ts';
import type { Crosswalks } from '../model.ts';

export interface ItemFilter {
  readonly q: string;
  /** Id of a group; empty for all. */
  readonly group: string;
  readonly mapped: '' | 'yes' | 'no';
}

/** Every word of the query must occur; `GOVERN-1.1` finds `GOVERN 1.1`. */
export function findItems(crosswalks: Crosswalks, framework: Framework, filter: ItemFilter, language: Language): readonly FrameworkItem[] {
  const words = plain(filter.q).split(' ').filter((word) => word !== '');
  return framework.items.filter((item) => {
    if (filter.group !== '' && item.group !== filter.group) return false;
    if (filter.mapped !== '' && (crosswalks.relations(item.id).length > 0) !== (filter.mapped === 'yes')) return false;
    const text = plain(`${item.code ?? ''} ${item.local} ${item.label[language]}`);
    return words.every((word) => text.includes(word));
  });
}

/** Letters folded as in every search, and `GOVERN-1.1` as words. */
function plain(text: string): string {
  return foldLetters(text).replaceAll(/[-\s]+/g, ' ').trim();
}
