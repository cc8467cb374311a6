/** Texts of motions as bytes: one way to write each, so that everybody who has the words has the digest. */

import { LANGUAGES, type Language } from '../../../base/index.ts';
import type { Localised } from '../model.ts';

/** NFC, LF, no blanks at line ends, blank lines single, no control characters. */
export function tidyText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  const plain = text.normalize('NFC').replaceAll(/\r\n?/g, '\n').replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
  return plain.split('\n').map((line) => line.trimEnd()).join('\n').replaceAll(/\n{3,}/g, '\n\n').trim();
}

export const tidyLine = (text: string): string => tidyText(text).replaceAll(/\s+/g, ' ');

export const paragraphsOf = (body: string): readonly string[] => (body === '' ? [] : body.split(/\n{2,}/));
export const bodyOf = (paragraphs: readonly string[]): string => paragraphs.join('\n\n');

/** What a digest of a language is taken of: title, empty line, body, final line end. */
export function writtenText(title: Localised, body: Localised, language: Language): string {
  return `${title[language]}\n\n${body[language]}\n`;
}

export function writtenTexts(title: Localised, body: Localised): Localised {
  return Object.fromEntries(LANGUAGES.map((language) => [language, writtenText(title, body, language)])) as Localised;
}

const LATIN: Readonly<Record<string, string>> = { ə: 'e', ğ: 'g', ı: 'i', ö: 'o', ş: 's', ç: 'c', ü: 'u', а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya' };
const PARTY_CHARS_MAX = 80;

/** The name of a party as one word of Latin letters, as a manifest writes it: `Rəqəmsal Nazirlik` is `reqemsal-nazirlik`. */
export function partyName(name: string): string {
  const folded = [...name.normalize('NFC').toLocaleLowerCase('az')].map((letter) => LATIN[letter] ?? letter).join('').normalize('NFD').replaceAll(/\p{M}/gu, '');
  return folded.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, PARTY_CHARS_MAX).replace(/-+$/, '');
}

/** Equal for texts that differ in capitals, blanks and punctuation only: the warning that the same was moved before. */
export const likenessOf = (text: string): string => text.normalize('NFKC').toLocaleLowerCase('az').replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** First 20 hexadecimal digits in fours: what people compare by eye. */
export const shortDigest = (digest: string): string => (digest.slice(0, 20).match(/.{4}/g) ?? []).join(' ');
