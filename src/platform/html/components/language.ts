/** The language of the page for components: the frame provides it, so that no component needs it as a prop. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Language } from '../../../base/index.ts';
import { platformText } from '../../text/platform/index.ts';

/** Set by the page frame. English only where a component is rendered outside a page, which tests do. */
export const LanguageContext = createContext<Language>('en');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The platform's own texts in the language of the page. */
export function useText(): ReturnType<typeof platformText.in> {
  return platformText.in(useContext(LanguageContext));
}
