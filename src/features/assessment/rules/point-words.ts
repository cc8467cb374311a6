/** Names a legal point in half a sentence, the provision first: “Annex III point 4(a), recruitment”. */

import type { Language } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { articleWords, labelOf } from '../../lawbook/index.ts';

/** `article` is where the point stands; left out, it is taken from the rule that concludes it. */
export function pointWords(pack: Pack | undefined, conclusion: string, language: Language, article?: string): string {
  if (pack === undefined) return conclusion;
  const place = article ?? pack.rules.find((rule) => rule.concludes === conclusion && rule.kind === 'general')?.cite.at(-1)?.article;
  const label = labelOf(pack, conclusion, language);
  const isSaid = place !== undefined && pack.conclusions.find((one) => one.id === conclusion)?.label.en.includes(place);
  return place === undefined || isSaid ? label : `${articleWords(place, language)}, ${insideSentence(label, language)}`;
}

/** A capital that only begins a sentence goes; names and abbreviations (“AI literacy”, “Annex …”) keep theirs. */
function insideSentence(label: string, language: Language): string {
  const [first = '', second = ''] = label;
  const isWord = second === second.toLocaleLowerCase(language) && second !== second.toLocaleUpperCase(language);
  const isPlace = /^(?:Annex|Art\.|[IVXLC]+ Əlavə)/.test(label);
  return isWord && !isPlace ? first.toLocaleLowerCase(language) + label.slice(first.length) : label;
}
