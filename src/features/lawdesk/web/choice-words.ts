/** The words for the choices of the pack format in forms: evidence marks, authorities, kinds and units. */

import type { Language } from '../../../base/index.ts';
import type { SelectOption } from '../../../platform/html/components/index.ts';
import { lawbookText } from '../../lawbook/index.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { isAuthority, isEvidence } from './words.tsx';

export function evidenceOptions(language: Language): readonly SelectOption[] {
  const law = lawbookText.in(language);
  return (['V', 'S', 'G', 'D', 'K', 'C'] as const).map((mark) => ({ value: mark, label: `${mark} · ${law(`evidence.${mark}`)}` }));
}

export function choiceWords(key: string, value: string, language: Language): string {
  const law = lawbookText.in(language);
  if (key === 'ev' && isEvidence(value)) return `${value} · ${law(`evidence.${value}`)}`;
  if (key === 'authority' && isAuthority(value)) return law(`authority.${value}`);
  const name = `choice.${value}`;
  return name in lawdeskEditorText.messages.en ? lawdeskEditorText.in(language)(name as 'choice.general') : value;
}
