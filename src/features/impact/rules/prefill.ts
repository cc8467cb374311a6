/** Answers that need not be typed again: copied from the register, the facts of the system and other assessments; never judgements. */

import type { Facts } from '../../../law/index.ts';
import { type Answer, answerFromFact, type Answers, parseQuestionAnswer, type Question, type Questionnaire } from '../../../law/questionnaire/index.ts';
import type { Given } from './fold-steps.ts';

export interface Sources {
  /** Fields of the register's record by key. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly facts: Facts;
  /** Answers of other assessments of the same system that count, newest first, with the number people quote. */
  readonly others: readonly { readonly number: number; readonly questionnaire: Questionnaire; readonly answers: Answers }[];
}

/** A fact first (it was asked as such), then the register, then another assessment. */
export function prefill(questionnaire: Questionnaire, sources: Sources): readonly Given[] {
  return questionnaire.pages.flatMap((page) => page.questions).flatMap((question) => oneOf(question, sources) ?? []);
}

function oneOf(question: Question, { fields, facts, others }: Sources): Given | undefined {
  const fact = question.fact === undefined ? undefined : facts[question.fact];
  if (question.fact !== undefined && fact !== undefined) {
    const answer = checked(question, answerFromFact(question, fact));
    if (answer !== undefined) return { question: question.id, answer, origin: `fact:${question.fact}` };
  }
  if (question.field !== undefined) {
    const answer = checked(question, fromField(question, fields[question.field]));
    if (answer !== undefined) return { question: question.id, answer, origin: `field:${question.field}` };
  }
  if (question.shared === undefined) return undefined;
  for (const other of others) {
    const same = other.questionnaire.pages.flatMap((page) => page.questions).filter((one) => one.shared === question.shared && one.type === question.type);
    const answer = same.map((one) => checked(question, other.answers[one.id])).find((one) => one !== undefined);
    if (answer !== undefined) return { question: question.id, answer, origin: `shared:${other.number}` };
  }
  return undefined;
}

/** What does not fit the question any more is not copied. */
function checked(question: Question, answer: unknown): Answer | undefined {
  if (answer === undefined) return undefined;
  const parsed = parseQuestionAnswer(question, answer);
  return parsed.ok ? parsed.value : undefined;
}

function fromField(question: Question, value: unknown): unknown {
  if (typeof value === 'string') return value;
  const isText = question.type === 'text' || question.type === 'long-text';
  if (isText && Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join('; ');
  return question.type === 'choices' ? value : undefined;
}
