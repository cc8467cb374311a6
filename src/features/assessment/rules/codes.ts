/** A decision in short: one letter a regime, how many are open, and what the register may show of it. */

import { type Decision, type Result, RESULT_CODES } from '../../../law/index.ts';
import { outcomesByFamily } from '../../lawbook/index.ts';
import type { WorkState } from '../model.ts';

/** Letter of each result: holds, fails, undetermined, disputed. */
const LETTERS: { readonly [R in Result]: string } = { holds: 'h', fails: 'f', undetermined: 'u', disputed: 'd' };
const LETTER_OF_CODE: readonly string[] = RESULT_CODES.map((result) => LETTERS[result]);

/** In the order of the outcomes of the compiled law. */
export function codesOf(decision: Decision): string {
  return decision.outcomes.map((outcome) => LETTERS[outcome.result]).join('');
}

/** The same letters from a classifier's codes. */
export function lettersOf(codes: Uint8Array): string {
  let letters = '';
  for (const code of codes) letters += LETTER_OF_CODE[code] ?? '';
  return letters;
}

/** The register shows a class only once it was recorded: an interview half-way is nobody's decision. */
export function publicHeadline(state: WorkState, headline: string | null): string {
  return state === 'decided' && headline !== null ? headline : 'open';
}

/** Regimes that are neither settled one way nor the other; families are counted through their members. */
export function openCountOf(decision: Decision): number {
  return outcomesByFamily(decision.outcomes).flatMap((family) => family.members).filter((outcome) => isOpenLetter(LETTERS[outcome.result])).length;
}

export function isOpenLetter(letter: string | undefined): boolean {
  return letter === LETTERS.undetermined || letter === LETTERS.disputed;
}
