/** The manifest of a motion: what is voted on, as digests of all its languages and annexes. Its SHA-256 is what a ballot names. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, VALUE_CHARS_MAX, isName, isSlug, printLines } from './lines.ts';

export const MOTION_TYPE = 'mizan-council/motion/v1';
export const LANGUAGES_MAX = 8;
export const ANNEXES_MAX = 200;
export const BASES_MAX = 32;
export const PARTIES_MAX = 64;

export interface Annex {
  readonly digest: string;
  readonly bytes: number;
  /** Media type, such as `application/pdf`. */
  readonly type: string;
}

export interface Motion {
  readonly council: string;
  /** Running number in the secretariat's book, such as `2027-014`; rival options share it. */
  readonly number: string;
  readonly option: string;
  readonly class: string;
  /** The language that prevails. */
  readonly authentic: string;
  readonly texts: readonly { readonly language: string; readonly digest: string }[];
  readonly annexes: readonly Annex[];
  readonly basis: readonly string[];
  /** Registered names of those whom the motion is about; empty is written `none`. */
  readonly parties: readonly string[];
  /** 32 random bytes in hexadecimal, for a motion whose text must not be confirmable from its digest. */
  readonly salt?: string;
}

export function printMotion(motion: Motion): string {
  return printLines([
    MOTION_TYPE,
    `council ${motion.council}`,
    `number ${motion.number}`,
    `option ${motion.option}`,
    `class ${motion.class}`,
    `authentic ${motion.authentic}`,
    ...motion.texts.map(({ language, digest }) => `text ${language} sha256:${digest}`),
    ...motion.annexes.map(({ digest, bytes, type }, index) => `annex ${index + 1} sha256:${digest} ${bytes} ${type}`),
    ...motion.basis.map((basis) => `basis ${basis}`),
    `parties ${motion.parties.length === 0 ? 'none' : motion.parties.join(' ')}`,
    ...(motion.salt === undefined ? [] : [`salt ${motion.salt}`]),
  ]);
}

const LANGUAGE = /^[a-z]{2,3}$/;
const OPTION = /^[A-Z]$/;
const NUMBER = /^[a-z0-9][a-z0-9/-]{0,62}$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;

export const isOption = (text: string): boolean => OPTION.test(text);
export const isLanguage = (text: string): boolean => LANGUAGE.test(text);

function parseTexts(lines: LineReader): Motion['texts'] {
  const texts: { language: string; digest: string }[] = [];
  do {
    const [language = '', digest = ''] = lines.words('text', 2);
    const before = texts.at(-1)?.language ?? '';
    // Sorted, so that no language stands twice and one motion has one manifest.
    lines.check(isLanguage(language) && language > before, 'motion-language', language);
    texts.push({ language, digest: lines.asNamedDigest(digest) });
  } while (lines.next('text') && texts.length < LANGUAGES_MAX);
  return texts;
}

function parseAnnexes(lines: LineReader): Motion['annexes'] {
  const annexes: Annex[] = [];
  while (lines.next('annex') && annexes.length < ANNEXES_MAX) {
    const [number = '', digest = '', bytes = '', type = ''] = lines.words('annex', 4);
    lines.check(number === String(annexes.length + 1), 'text-number', number);
    lines.check(MEDIA_TYPE.test(type), 'motion-media-type', type);
    annexes.push({ digest: lines.asNamedDigest(digest), bytes: lines.asNumber(bytes), type });
  }
  return annexes;
}

function parseBasis(lines: LineReader): Motion['basis'] {
  const basis: string[] = [];
  do {
    basis.push(lines.value('basis'));
    lines.check((basis.at(-1) ?? '').length <= VALUE_CHARS_MAX, 'text-too-long', 'basis');
  } while (lines.next('basis') && basis.length < BASES_MAX);
  return basis;
}

export function parseMotion(text: string): Verdict<Motion, ProofRefusal> {
  const lines = new LineReader(text, MOTION_TYPE);
  const council = lines.name('council');
  const number = lines.value('number');
  lines.check(NUMBER.test(number), 'text-slot', number);
  const option = lines.value('option');
  lines.check(isOption(option), 'text-option', option);
  const motionClass = lines.slug('class');
  const authentic = lines.value('authentic');
  const texts = parseTexts(lines);
  lines.check(texts.some(({ language }) => language === authentic), 'motion-authentic', authentic);
  const annexes = parseAnnexes(lines);
  const basis = parseBasis(lines);
  const named = lines.words('parties', 1, PARTIES_MAX);
  lines.check(named.every((party) => isName(party)) && (named.length === 1 || !named.includes('none')), 'text-name', 'parties');
  const parties = named[0] === 'none' ? [] : named;
  lines.check(new Set(parties).size === parties.length, 'motion-party-twice');
  const salt = lines.next('salt') ? { salt: lines.asDigest(lines.value('salt')) } : {};
  lines.check(isSlug(motionClass), 'text-name', motionClass);
  return lines.finish({ council, number, option, class: motionClass, authentic, texts, annexes, basis, parties, ...salt });
}
