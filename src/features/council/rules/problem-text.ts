/** What a refused number of a constitution means, in words: which number, and why it does not hold. */

import type { Language } from '../../../base/index.ts';
import { councilText } from '../text/index.ts';
import type { PackProblem } from './council-pack.ts';

/** Codes with a text of their own; what is wrong with the form of a line shares one. */
export const TOLD = [
  'constitution-seats',
  'constitution-sum',
  'constitution-safety',
  'constitution-liveness',
  'constitution-honest-majority',
  'constitution-minority',
  'constitution-outside',
  'constitution-changes',
  'constitution-cap',
  'constitution-constituency',
  'constitution-class-yes',
  'constitution-class-breadth',
  'constitution-class-reveal',
  'constitution-class-live',
  'constitution-too-many-placements',
  'manifest-form',
  'manifest-other-numbers',
] as const;

export function problemText({ code, line, detail = '' }: PackProblem, language: Language): string {
  const t = councilText.in(language);
  const known = TOLD.find((one) => one === code);
  return known === undefined ? t('constitution.problem.text', { code, line: String(line ?? ''), detail }) : t(`constitution.problem.${known}`, { detail });
}
