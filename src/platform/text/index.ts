/** Texts in three languages: catalogues per feature with typed keys, ICU MessageFormat, and language-aware dates, numbers and sorting. */

import { IntlMessageFormat } from 'intl-messageformat';
import { isLanguage, type Language, LANGUAGES, type LocalisedText } from '../../base/index.ts';

export type MessageValues = Readonly<Record<string, string | number>>;

/** Gives the text of a key in one language. Keys are those of the English catalogue; a test proves that all three agree. */
export type Translate<K extends string> = (key: K, values?: MessageValues) => string;

export interface Catalogue<K extends string> {
  readonly feature: string;
  readonly messages: { readonly [L in Language]: Readonly<Record<K, string>> };
  in(language: Language): Translate<K>;
}

/**
 * Declares the texts of a feature. `messages.en` fixes the keys:
 * `export const text = catalogue('registry', { az, en, ru });` and then `text.in(language)('list.title')`.
 */
export function catalogue<K extends string>(
  feature: string,
  messages: { readonly en: Readonly<Record<K, string>>; readonly az: Readonly<Record<NoInfer<K>, string>>; readonly ru: Readonly<Record<NoInfer<K>, string>> },
): Catalogue<K> {
  const translators = Object.fromEntries(LANGUAGES.map((language) => [language, translator(messages[language], language)])) as Record<Language, Translate<K>>;
  const result: Catalogue<K> = { feature, messages, in: (language) => translators[language] };
  catalogues.push(result as unknown as Catalogue<string>);
  return result;
}

/** Every catalogue that was declared, for the test that compares languages. */
export const catalogues: Catalogue<string>[] = [];

function translator<K extends string>(messages: Readonly<Record<K, string>>, language: Language): Translate<K> {
  const formats = new Map<K, IntlMessageFormat>();
  return (key, values) => {
    const message = messages[key];
    // Most texts have no arguments: skip the formatter.
    if (!message.includes('{') && !message.includes("'")) return message;
    let format = formats.get(key);
    if (format === undefined) {
      format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}

export function pick(text: LocalisedText, language: Language): string {
  return text[language];
}

/** `?lang=`, then the cookie, then Accept-Language, then the default. */
export function chooseLanguage(query: string | undefined, cookie: string | undefined, accept: string | undefined, byDefault: Language): Language {
  if (query !== undefined && isLanguage(query)) return query;
  if (cookie !== undefined && isLanguage(cookie)) return cookie;
  for (const part of (accept ?? '').slice(0, 200).split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase();
    if (isLanguage(tag)) return tag;
  }
  return byDefault;
}

const collators = new Map<Language, Intl.Collator>();
/** Compares in the order of the language's alphabet (the embedded database has no Azerbaijani collation). */
export function compareText(language: Language): (a: string, b: string) => number {
  let collator = collators.get(language);
  if (collator === undefined) {
    collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
    collators.set(language, collator);
  }
  return (a, b) => collator.compare(a, b);
}

const numberFormats = new Map<string, Intl.NumberFormat>();
export function formatNumber(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  const key = language + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, options);
    numberFormats.set(key, format);
  }
  return format.format(value);
}

const dateFormats = new Map<Language, Intl.DateTimeFormat>();
/** `date` is `YYYY-MM-DD` or an instant; shown as a day in UTC, in words. */
export function formatDate(date: string, language: Language): string {
  let format = dateFormats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
    dateFormats.set(language, format);
  }
  return format.format(new Date(date.length === 10 ? `${date}T00:00:00Z` : date));
}
