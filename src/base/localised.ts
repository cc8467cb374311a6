/** Text in the languages of the platform. Azerbaijani, English and Russian are always present; a country may add more. */

export const LANGUAGES = ['az', 'en', 'ru'] as const;
export type Language = (typeof LANGUAGES)[number];

export type LocalisedText = { readonly [L in Language]: string };

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}
