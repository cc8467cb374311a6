/** Reads what a form or a program gives as a motion, all faults at once. */

import { LANGUAGES, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import { isName, VALUE_CHARS_MAX } from '../../../proof/council/lines.ts';
import { BASES_MAX, PARTIES_MAX } from '../../../proof/council/motion-text.ts';
import { BODY_CHARS_MAX, type FieldError, FIELD_CHARS_MAX, type Kind, type Localised, type MotionContent, PARAGRAPHS_MAX, ROLL_CHARS_MAX, TITLE_CHARS_MAX } from '../model.ts';
import { KIND_RULES, type KindField } from './kinds.ts';
import { paragraphsOf, partyName, tidyLine, tidyText } from './motion-words.ts';
import { parseRoll } from '../../../proof/council/roll-text.ts';

/** Flat fields of a form: `title-az`, `body-az`, `basis` and `parties` by lines, `subject-<field>`. */
export type Given = Readonly<Record<string, string | undefined>>;

export interface Known {
  /** Classes of the constitution. */
  readonly classes: readonly string[];
  readonly packs: readonly string[];
  readonly hasSystem: boolean;
  readonly hasDecision: boolean;
}

const linesOf = (text: string | undefined): readonly string[] => [...new Set((text ?? '').split('\n').map(tidyLine).filter((line) => line !== ''))];

function readField(field: KindField, given: Given, known: Known): { readonly value: string; readonly problem?: FieldError['problem'] } {
  const raw = given[`subject-${field.name}`] ?? '';
  const value = field.type === 'roll' ? raw.replaceAll('\r\n', '\n') : field.type === 'long' ? tidyText(raw) : tidyLine(raw);
  if (value === '') return field.required ? { value, problem: 'missing' } : { value };
  if (value.length > (field.type === 'roll' ? ROLL_CHARS_MAX : FIELD_CHARS_MAX)) return { value, problem: 'too-long' };
  const isUnknown = (field.type === 'system' && !known.hasSystem) || (field.type === 'pack' && !known.packs.includes(value)) || (field.type === 'motion' && !known.hasDecision);
  if (isUnknown) return { value, problem: 'unknown' };
  if (field.type === 'date' && parseCivilDate(value) === undefined) return { value, problem: 'not-a-date' };
  return field.type === 'roll' && !parseRoll(value).ok ? { value, problem: 'not-a-roll' } : { value };
}

/** Everything that is wrong, or the motion. Texts of all languages have the same number of paragraphs, so that an amendment names one place. */
export function readMotion(kind: Kind, given: Given, known: Known): Verdict<MotionContent, readonly FieldError[]> {
  const rule = KIND_RULES[kind];
  const errors: FieldError[] = [];
  const wrong = (field: string, problem: FieldError['problem']): void => void errors.push({ field, problem });
  const texts = (name: string, tidy: (text: string) => string, charsMax: number): Localised =>
    Object.fromEntries(LANGUAGES.map((language) => {
      const value = tidy(given[`${name}-${language}`] ?? '');
      if (value === '') wrong(`${name}-${language}`, 'missing');
      if (value.length > charsMax) wrong(`${name}-${language}`, 'too-long');
      return [language, value];
    })) as Localised;
  const title = texts('title', tidyLine, TITLE_CHARS_MAX);
  const body = texts('body', tidyText, BODY_CHARS_MAX);
  const authentic = LANGUAGES.find((language) => language === given['authentic']) ?? LANGUAGES[0];
  const counts = LANGUAGES.map((language) => paragraphsOf(body[language]).length);
  for (const [index, language] of LANGUAGES.entries()) if (body[language] !== '' && counts[index] !== counts[LANGUAGES.indexOf(authentic)]) wrong(`body-${language}`, 'language');
  if (Math.max(...counts) > PARAGRAPHS_MAX) wrong(`body-${authentic}`, 'too-many');
  const basis = linesOf(given['basis']);
  if (basis.length === 0) wrong('basis', 'basis');
  if (basis.length > BASES_MAX) wrong('basis', 'too-many');
  if (basis.some((line) => line.length > VALUE_CHARS_MAX)) wrong('basis', 'too-long');
  const parties = [...new Set(linesOf(given['parties']).map(partyName))].filter((party) => party !== '' && party !== 'none' && isName(party));
  if (rule.hasParties && parties.length === 0) wrong('parties', 'missing');
  if (parties.length > PARTIES_MAX) wrong('parties', 'too-many');
  const motionClass = given['class'] ?? rule.classes[0] ?? '';
  if (!rule.classes.includes(motionClass) || !known.classes.includes(motionClass)) wrong('class', 'unknown');
  const subject: Record<string, string> = {};
  for (const field of rule.fields) {
    const { value, problem } = readField(field, given, known);
    if (problem !== undefined) wrong(`subject-${field.name}`, problem);
    if (value !== '') subject[field.name] = value;
  }
  return errors.length > 0 ? no(errors) : yes({ kind, class: motionClass, authentic, title, body, basis, parties, subject });
}
