/** Amendments by paragraph: whether one fits, the consolidated text, and what differs. */

import { LANGUAGES, no, type Verdict, yes } from '../../../base/index.ts';
import { type Amendment, type AmendmentProblem, type Localised, PARAGRAPHS_MAX } from '../model.ts';
import { bodyOf, paragraphsOf } from './motion-words.ts';

export type Change = Pick<Amendment, 'act' | 'paragraph' | 'text'>;

/** Paragraphs of the language with the fewest, which bounds what can be named in all of them. */
export const paragraphCount = (body: Localised): number => Math.min(...LANGUAGES.map((language) => paragraphsOf(body[language]).length));

/** All languages have the same number of paragraphs: otherwise a paragraph number would mean another sentence in each. */
export const isAligned = (body: Localised): boolean => new Set(LANGUAGES.map((language) => paragraphsOf(body[language]).length)).size === 1;

export function fitsText(body: Localised, change: Change): AmendmentProblem | undefined {
  const count = paragraphCount(body);
  if (!isAligned(body) || !Number.isSafeInteger(change.paragraph)) return 'paragraph';
  if (change.paragraph < (change.act === 'insert' ? 0 : 1) || change.paragraph > count) return 'paragraph';
  if (change.act === 'delete' ? count <= 1 : LANGUAGES.some((language) => change.text[language] === '' || paragraphsOf(change.text[language]).length !== 1)) return change.act === 'delete' ? 'paragraph' : 'text';
  return change.act === 'insert' && count >= PARAGRAPHS_MAX ? 'too-many' : undefined;
}

/** Two changes of one paragraph cannot both be adopted; insertions stand beside everything. */
export const clashes = (one: Change, other: Change): boolean => one.act !== 'insert' && other.act !== 'insert' && one.paragraph === other.paragraph;

/**
 * The text with all changes, each counted in the paragraphs of `body`; insertions at one place stand in the order given.
 * Refuses what does not fit or clashes.
 */
export function consolidated(body: Localised, changes: readonly Change[]): Verdict<Localised, AmendmentProblem> {
  for (const [index, change] of changes.entries()) {
    const problem = fitsText(body, change);
    if (problem !== undefined) return no(problem);
    if (changes.slice(0, index).some((before) => clashes(before, change))) return no('clash');
  }
  const parts = (language: keyof Localised): readonly string[] => {
    const inserted = (after: number): readonly string[] => changes.filter(({ act, paragraph }) => act === 'insert' && paragraph === after).map(({ text }) => text[language]);
    return [
      ...inserted(0),
      ...paragraphsOf(body[language]).flatMap((paragraph, index) => {
        const change = changes.find(({ act, paragraph: at }) => act !== 'insert' && at === index + 1);
        return [...(change === undefined ? [paragraph] : change.act === 'delete' ? [] : [change.text[language]]), ...inserted(index + 1)];
      }),
    ];
  };
  const next = Object.fromEntries(LANGUAGES.map((language) => [language, bodyOf(parts(language))])) as Localised;
  return LANGUAGES.some((language) => next[language] === '') ? no('paragraph') : yes(next);
}

/** After one change is made, the numbers of what others propose move; undefined where their paragraph is gone. */
export function shifted(other: Change, made: Change): number | undefined {
  if (made.act === 'insert') return other.paragraph > made.paragraph ? other.paragraph + 1 : other.paragraph;
  if (made.act === 'replace') return other.paragraph;
  if (other.act !== 'insert' && other.paragraph === made.paragraph) return undefined;
  return other.paragraph >= made.paragraph ? other.paragraph - 1 : other.paragraph;
}
