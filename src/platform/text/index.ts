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
      format = new IntlMessageFormat(message, LOCALES[language], undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}

export function pick(text: LocalisedText, language: Language): string {
  return text[language];
}

/** `?lang=`, then the cookie, then Accept-Language, then the default; only languages that are `offered` count. */
export function chooseLanguage(query: string | undefined, cookie: string | undefined, accept: string | undefined, byDefault: Language, offered: readonly Language[] = LANGUAGES): Language {
  const isOffered = (text: string | undefined): text is Language => text !== undefined && isLanguage(text) && offered.includes(text);
  if (isOffered(query)) return query;
  if (isOffered(cookie)) return cookie;
  for (const part of (accept ?? '').slice(0, 200).split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase();
    if (isOffered(tag)) return tag;
  }
  return byDefault;
}

/**
 * The way each language writes days, figures and lists. English is that of Europe, where this law is from: 23 November 2026.
 * Nothing else in the tree names a locale.
 */
const LOCALES: { readonly [L in Language]: string } = { az: 'az', en: 'en-GB', ru: 'ru' };

/** The `lang` of a part that says it is written in `written` (a BCP 47 tag) on a page in `language`; undefined when it needs none. */
export function spokenLanguage(written: string | undefined, language: Language): string | undefined {
  if (written === undefined || !/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(written)) return undefined;
  return written.toLowerCase().split('-')[0] === language ? undefined : written;
}

/** Signs by which words of each language are told from those of the others: letters that only it has here, or its small words. */
const SIGNS: { readonly [L in Language]: { readonly sign: RegExp; readonly least: number } } = {
  ru: { sign: /[а-яё]{3,}/giu, least: 1 },
  az: { sign: /[əğışçöü]|(?<!\p{L})(?:və|ilə|bu|bir|olan|kimi)(?!\p{L})/giu, least: 2 },
  en: { sign: /\b(?:the|of|and|is|are|with|which|that|for|not|this|from|a|to|in|by|on|it)\b/gi, least: 2 },
};
const JUDGED_CHARACTERS_MAX = 2000;

/** The language that words of a person are most likely written in; undefined for names, figures and what shows too few signs. Nobody was asked, so it is a judgement. */
export function likelyLanguage(text: string): Language | undefined {
  const words = text.slice(0, JUDGED_CHARACTERS_MAX);
  const counted = (Object.keys(SIGNS) as Language[]).map((language) => ({ language, count: (words.match(SIGNS[language].sign) ?? []).length }));
  const [first, second] = counted.filter(({ language, count }) => count >= SIGNS[language].least).sort((one, two) => two.count - one.count);
  return first === undefined || first.count === second?.count ? undefined : first.language;
}

const collators = new Map<Language, Intl.Collator>();
/** Compares in the order of the language's alphabet (the embedded database has no Azerbaijani collation). */
export function compareText(language: Language): (a: string, b: string) => number {
  let collator = collators.get(language);
  if (collator === undefined) {
    collator = new Intl.Collator(LOCALES[language], { numeric: true, sensitivity: 'base' });
    collators.set(language, collator);
  }
  return (a, b) => collator.compare(a, b);
}

const listFormats = new Map<string, Intl.ListFormat>();
/** Joins what a sentence counts up: `a, b and c`; with `or` what it lets choose from: `a, b or c`. Lists of codes and addresses keep plain commas. */
export function formatList(items: readonly string[], language: Language, joined: 'and' | 'or' = 'and'): string {
  const key = `${language} ${joined}`;
  let format = listFormats.get(key);
  if (format === undefined) {
    format = new Intl.ListFormat(LOCALES[language], { type: joined === 'and' ? 'conjunction' : 'disjunction' });
    listFormats.set(key, format);
  }
  return format.format(items);
}

const numberFormats = new Map<string, Intl.NumberFormat>();
export function formatNumber(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  const key = language + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALES[language], options);
    numberFormats.set(key, format);
  }
  return format.format(value);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(LOCALES[language], options);
    dateFormats.set(key, format);
  }
  return format;
}

/** `date` is `YYYY-MM-DD` or an instant; shown as a day in UTC, in words. Other `options` for the short days of charts. */
export function formatDate(date: string, language: Language, options: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
  return dateFormat(language, { ...options, timeZone: 'UTC' }).format(new Date(date.length === 10 ? `${date}T00:00:00Z` : date));
}

/** Day and time of an instant with the zone it is told in: `23 November 2026, 09:05 UTC`. */
export function formatTime(instant: string, language: Language): string {
  return `${formatDate(instant, language)}, ${dateFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }).format(new Date(instant))} UTC`;
}

/** Letters that decomposition does not reach. ə is written e on foreign keyboards, ı is written i. */
const LETTERS: Readonly<Record<string, string>> = { ə: 'e', ı: 'i', ø: 'o', ł: 'l', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe' };
/** ASCII and the spaces between: \s alone would let in spaces of other scripts, which are neither letters nor digits, so they do no harm. */
const PLAIN = /^[ -~\s]*$/;

/**
 * Text as every search compares it, whatever the languages of reader and text: lower case without marks. The same for `İ`, `I`, `ı` and
 * `i` (capitals do not tell which of the two letters of Azerbaijani is meant); for `Ə`, `ə` and `e`; for `Ş` and `s`; for `ё` and `е`.
 */
export function foldLetters(text: string): string {
  // Most texts are plain, and unfolding is the slowest step of an import.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[əıøłđßæœ]/g, (letter) => LETTERS[letter] ?? letter);
}
