/** What the answers of an assessment are after a row of steps, where each came from, and what an undo puts back. */

import type { Answer, Answers, QuestionId } from '../../../law/questionnaire/index.ts';
import type { ImpactStep, Origin } from '../model.ts';

export type Given = { readonly question: QuestionId; readonly answer: Answer | null; readonly origin: Origin };
type Step = Pick<ImpactStep, 'batch' | 'question' | 'answer' | 'undoes' | 'origin'>;

export function foldSteps(steps: readonly Step[]): { readonly answers: Answers; readonly origins: Readonly<Record<QuestionId, Origin>> } {
  const answers: Record<QuestionId, Answer> = {};
  const origins: Record<QuestionId, Origin> = {};
  for (const { question, answer, origin } of steps) {
    if (answer === null) {
      delete answers[question];
      delete origins[question];
    } else {
      answers[question] = answer;
      origins[question] = origin;
    }
  }
  return { answers, origins };
}

/** The answers that put back what stood before the last save that was not taken back yet; an undo is a save of its own and is never itself undone. */
export function undoLast(steps: readonly Step[]): readonly Given[] | undefined {
  const stack: { readonly batch: number; readonly before: Map<QuestionId, Given> }[] = [];
  const current = new Map<QuestionId, Given>();
  let seen = 0;
  for (const step of steps) {
    if (step.batch !== seen && step.undoes) stack.pop();
    if (step.batch !== seen && !step.undoes) stack.push({ batch: step.batch, before: new Map() });
    seen = step.batch;
    const before = stack.at(-1)?.before;
    if (!step.undoes && before?.has(step.question) === false) before.set(step.question, current.get(step.question) ?? { question: step.question, answer: null, origin: step.origin });
    current.set(step.question, { question: step.question, answer: step.answer, origin: step.origin });
  }
  const last = stack.at(-1);
  return last === undefined ? undefined : [...last.before.values()];
}
