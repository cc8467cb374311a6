/** Small words of the crosswalk: how an item is called, and who made or reviewed a claim. */

import type { Language } from '../../../base/index.ts';
import type { Framework, FrameworkItem } from '../../../law/crosswalk/index.ts';
import { formatList } from '../../../platform/text/index.ts';
import { articleWords } from '../../lawbook/index.ts';
import { crosswalkText } from '../text/index.ts';

/** The id under which this project signs what nobody else has claimed. */
const PROJECT = 'mizan:project';

/** The code in the reader's language; where a framework numbers nothing, the short name. */
export function codeOf(item: FrameworkItem, language: Language): string {
  return item.code === undefined ? item.label[language] : articleWords(item.code, language);
}

/** Code and short name. */
export function nameOf(item: FrameworkItem, language: Language): string {
  return item.code === undefined ? item.label[language] : `${codeOf(item, language)} · ${item.label[language]}`;
}

export function addressOf(framework: Framework, item: FrameworkItem): string {
  return `/crosswalk/${framework.id}/${encodeURIComponent(item.local)}`;
}

export function peopleOf(ids: readonly string[], language: Language): string {
  return formatList(ids.map((id) => (id === PROJECT ? crosswalkText.in(language)('item.project') : id)), language);
}

/** `skos:closeMatch` is `closeMatch`: the part that texts are kept under. */
export function wordOf(curie: string): string {
  return curie.slice(curie.indexOf(':') + 1);
}
