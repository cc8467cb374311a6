/** Letters folded to one small alphabet, so that case, accents, İ/ı/ə, ё/е and full-width forms do not matter when words are compared. */

/** Size of the alphabet of folded letters: 1–26 a–z, 27–36 digits, 37–68 Cyrillic, 69 any other letter. 0 is no letter. */
export const ALPHABET = 70;
const OTHER_LETTER = 69;

const SEPARATOR = 0;
/** Marks, soft hyphens and zero-width characters: they stand inside a word and mean nothing for it. */
const SILENT = 254;
/** Letters that fold to several, such as the ligature ﬁ. */
const SEVERAL = 255;

const ALIKE: Readonly<Record<string, string>> = { ə: 'e', ı: 'i', ß: 'ss', ø: 'o', đ: 'd', ł: 'l', æ: 'ae', œ: 'oe', і: 'и', є: 'е', ґ: 'г' };

function indexOf(letter: string): number {
  const code = letter.charCodeAt(0);
  if (code >= 97 && code <= 122) return code - 96;
  if (code >= 48 && code <= 57) return code - 21;
  if (code >= 0x430 && code <= 0x44f) return code - 0x430 + 37;
  return OTHER_LETTER;
}

/** Folded letters of one character: lower case, accents away, look-alikes of Azerbaijani, German, Ukrainian unified. */
function foldCharacter(character: string): string {
  const plain = character.normalize('NFKD').toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '');
  let folded = '';
  for (const letter of plain) folded += ALIKE[letter] ?? letter;
  return folded;
}

const several = new Map<number, readonly number[]>();

function classOf(code: number): number {
  // Surrogates separate words: nearly all are emoji, and no language we read is written with them.
  if (code >= 0xd800 && code <= 0xdfff) return SEPARATOR;
  const character = String.fromCharCode(code);
  if (/[\p{M}\p{Cf}]/u.test(character)) return SILENT;
  if (!/[\p{L}\p{N}]/u.test(character)) return SEPARATOR;
  if (code >= 0x2000 && !(code >= 0xfb00 && code <= 0xffef)) return OTHER_LETTER;
  const letters = [...foldCharacter(character)].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).map(indexOf);
  if (letters.length === 1) return letters[0] ?? OTHER_LETTER;
  if (letters.length === 0) return OTHER_LETTER;
  several.set(code, letters);
  return SEVERAL;
}

const classes = Uint8Array.from({ length: 0x10000 }, (_, code) => classOf(code));

/** Class of a UTF-16 unit: a letter of the alphabet, or one of the special classes asked for below. */
export const letterClass: Readonly<Uint8Array> = classes;
export const isSilent = (kind: number): boolean => kind === SILENT;
export const isSeveral = (kind: number): boolean => kind === SEVERAL;
export const lettersOf = (code: number): readonly number[] => several.get(code) ?? [];

/** The folded letters of a word as one character each (`String.fromCharCode(1 … 69)`), the form in which patterns are stored. */
export function fold(word: string): string {
  let folded = '';
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    const kind = classes[code] ?? SEPARATOR;
    if (kind === SILENT || kind === SEPARATOR) continue;
    if (kind === SEVERAL) for (const letter of lettersOf(code)) folded += String.fromCharCode(letter);
    else folded += String.fromCharCode(kind);
  }
  return folded;
}
