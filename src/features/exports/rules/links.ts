/** Downloads of what a list page shows. */

import type { Language } from '../../../base/index.ts';
import { FORMATS } from '../model.ts';
import { exportsText } from '../text/index.ts';

/** `query` as on the list page, without `?`. */
export function exportLinks(query: string, language: Language): readonly { readonly href: string; readonly label: string }[] {
  const q = new URLSearchParams(query).get('q');
  const tail = q === null || q === '' ? '' : `?q=${encodeURIComponent(q)}`;
  return FORMATS.map((format) => ({ href: `/exports/${format}${tail}`, label: `${exportsText.in(language)('download')} ${format.toUpperCase()}` }));
}
