/** What the answers of a system are after a row of steps, and which step an undo takes back. */

import type { FactAnswer, Facts } from '../../../law/index.ts';
import type { AnswerStep } from '../model.ts';

/** The latest answer of each fact; a null takes the fact back to "not asked". `steps` in ascending order. */
export function foldAnswers(steps: readonly Pick<AnswerStep, 'fact' | 'answer'>[]): Facts {
  const facts: Record<string, FactAnswer> = {};
  for (const { fact, answer } of steps) {
    if (answer === null) delete facts[fact];
    else facts[fact] = answer;
  }
  return facts;
}

/**
 * The step that undo appends: the fact of the last effective change goes back to what it was before it.
 * Undo is itself a step (nothing is erased), so undoing twice must not redo: effective changes are found by replaying
 * the steps as a stack in which an undo pops.
 */
export function undoOf(steps: readonly (Pick<AnswerStep, 'fact' | 'answer'> & { readonly undoes?: boolean })[]): Pick<AnswerStep, 'fact' | 'answer'> | undefined {
  const stack: { readonly fact: string; readonly before: FactAnswer | null }[] = [];
  const current = new Map<string, FactAnswer>();
  for (const step of steps) {
    const before = current.get(step.fact) ?? null;
    if (step.undoes === true) stack.pop();
    else stack.push({ fact: step.fact, before });
    if (step.answer === null) current.delete(step.fact);
    else current.set(step.fact, step.answer);
  }
  const last = stack.at(-1);
  return last === undefined ? undefined : { fact: last.fact, answer: last.before };
}
