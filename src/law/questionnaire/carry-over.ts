/** Takes answers over into another version of a questionnaire: equal questions are copied, the rest is listed. */

import { canonical } from '../../base/index.ts';
import type { Json } from '../../base/index.ts';
import { catalogueOf } from './catalogue.ts';
import { parseQuestionAnswer } from './answers.ts';
import type { Answer, Answers, Question, QuestionId, Questionnaire } from './model.ts';

export interface CarriedOver {
  readonly answers: Answers;
  /** Answered questions that the other version asks differently: to be answered again. */
  readonly changed: readonly QuestionId[];
  /** Answered questions that the other version does not ask. */
  readonly gone: readonly QuestionId[];
  /** Questions that are new in it. */
  readonly added: readonly QuestionId[];
}

/** What makes an answer mean the same: type, wording and possible answers. Order, help, conditions and scores may differ. */
function meaningOf(question: Question): string {
  const choices = question.choices.map(({ id, label, exclusive }) => ({ id, label, exclusive }));
  const columns = question.columns.map(({ id, type, label, choices: own, steps }) => ({ id, type, label, choices: own.map((choice) => ({ id: choice.id, label: choice.label })), steps }));
  return canonical(JSON.parse(JSON.stringify({ type: question.type, ask: question.ask, choices, columns, steps: question.steps, unit: question.unit ?? null })) as Json);
}

export function carryOver(from: Questionnaire, to: Questionnaire, answers: Answers): CarriedOver {
  const [before, after] = [catalogueOf(from).questions, catalogueOf(to).questions];
  const kept: Record<QuestionId, Answer> = {};
  const changed: QuestionId[] = [];
  const gone: QuestionId[] = [];
  for (const [id, answer] of Object.entries(answers)) {
    const [old, next] = [before.get(id), after.get(id)];
    if (next === undefined) gone.push(id);
    else if (old === undefined || meaningOf(old) !== meaningOf(next) || !parseQuestionAnswer(next, answer).ok) changed.push(id);
    else kept[id] = answer;
  }
  return { answers: kept, changed, gone, added: [...after.values()].filter((question) => question.type !== 'note' && !before.has(question.id)).map((question) => question.id) };
}
