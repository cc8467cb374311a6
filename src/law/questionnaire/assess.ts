/** The whole of an assessment as it stands: what is shown, how far it is, what it scores, what follows. */

import type { FactAnswer, Facts } from '../model.ts';
import { catalogueOf } from './catalogue.ts';
import type { Answer, Answers, Consequence, Question, QuestionId, Questionnaire } from './model.ts';
import { countingAnswers, rowsOf, score } from './score.ts';
import type { ScoreResult } from './score.ts';
import { visibilityOf } from './visibility.ts';
import type { VisibilityMap } from './visibility.ts';

/** Why a question still stands in the way: not answered, a required cell of a row is empty, or its document is missing. */
export interface Missing {
  readonly question: QuestionId;
  readonly page: string;
  readonly why: 'answer' | 'cell' | 'evidence';
  /** 0-based row and column id of an empty cell. */
  readonly row?: number;
  readonly column?: string;
}

export interface PageProgress {
  readonly page: string;
  /** `hidden`: none of its questions is asked. */
  readonly state: 'hidden' | 'untouched' | 'started' | 'done';
  readonly asked: number;
  readonly answered: number;
  readonly required: number;
  readonly missing: readonly Missing[];
}

export interface Assessed {
  readonly visibility: VisibilityMap;
  /** Only answers whose question is shown. */
  readonly counting: Answers;
  /** Kept answers that do not count because their question is hidden. */
  readonly asleep: readonly QuestionId[];
  readonly pages: readonly PageProgress[];
  readonly missing: readonly Missing[];
  /** Of the required questions that are shown. */
  readonly progress: { readonly answered: number; readonly required: number };
  readonly isComplete: boolean;
  readonly result: ScoreResult;
  /** Empty until complete. For `law` those that name conclusions are chosen by the caller, who decides. */
  readonly consequences: readonly Consequence[];
}

/** `attached`: questions to which at least one document is attached. Pure and total: any answers that parse can be assessed. */
export function assess(questionnaire: Questionnaire, answers: Answers, attached: ReadonlySet<QuestionId> = new Set()): Assessed {
  const visibility = visibilityOf(questionnaire, answers);
  const counting = countingAnswers(answers, visibility);
  const pages = questionnaire.pages.map((page) => progressOf(page.id, page.questions, visibility, counting, attached));
  const missing = pages.flatMap((page) => page.missing);
  const required = pages.reduce((sum, page) => sum + page.required, 0);
  const result = score(questionnaire, answers, visibility, attached);
  const isComplete = missing.length === 0;
  return {
    visibility,
    counting,
    asleep: Object.keys(answers).filter((id) => visibility.get(id)?.sight === 'hidden'),
    pages,
    missing,
    progress: { answered: required - new Set(missing.map((one) => one.question)).size, required },
    isComplete,
    result,
    consequences: isComplete ? consequencesOf(questionnaire, result) : [],
  };
}

function progressOf(page: string, questions: readonly Question[], visibility: VisibilityMap, counting: Answers, attached: ReadonlySet<QuestionId>): PageProgress {
  const asked = questions.filter((question) => question.type !== 'note' && visibility.get(question.id)?.sight !== 'hidden');
  const missing = asked.flatMap((question) => missingOf(question, counting[question.id], attached));
  const answered = asked.filter((question) => counting[question.id] !== undefined).length;
  const hasNote = questions.some((question) => question.type === 'note' && visibility.get(question.id)?.sight !== 'hidden');
  const isRequired = (question: Question): boolean => question.required || missing.some((one) => one.question === question.id);
  const required = asked.filter(isRequired).length;
  const isDone = missing.length === 0 && (answered > 0 || required > 0 || asked.length === 0);
  return { page, state: asked.length === 0 && !hasNote ? 'hidden' : isDone ? 'done' : answered === 0 ? 'untouched' : 'started', asked: asked.length, answered, required, missing };
}

function missingOf(question: Question, answer: Answer | undefined, attached: ReadonlySet<QuestionId>): readonly Missing[] {
  const { id, page } = question;
  if (answer === undefined) return question.required ? [{ question: id, page, why: 'answer' }] : [];
  const cells = rowsOf(question.type === 'table' ? answer : undefined).flatMap((row, index) =>
    question.columns.filter((column) => column.required && row[column.id] === undefined).map((column): Missing => ({ question: id, page, why: 'cell', row: index, column: column.id })),
  );
  // A checklist says itself what lacks evidence; there a document is asked for what is affirmed.
  const needsDocument = question.evidence === 'required' && !attached.has(id) && question.type !== 'check';
  return needsDocument ? [...cells, { question: id, page, why: 'evidence' }] : cells;
}

function consequencesOf(questionnaire: Questionnaire, result: ScoreResult): readonly Consequence[] {
  const level = 'level' in result ? result.level : undefined;
  return questionnaire.consequences.filter((one) => one.when.length === 0 && (one.levels.length === 0 || (level !== undefined && one.levels.includes(level))));
}

/** The facts of the law that the counting answers state, by fact; a choice speaks through `fact_value` or its id. */
export function factsFrom(questionnaire: Questionnaire, counting: Answers): Facts {
  const facts: Record<string, FactAnswer> = {};
  for (const [id, answer] of Object.entries(counting)) {
    const question = catalogueOf(questionnaire).questions.get(id);
    const value = question?.fact === undefined ? undefined : factAnswer(question, answer);
    if (question?.fact !== undefined && value !== undefined) facts[question.fact] = value;
  }
  return facts;
}

function factAnswer(question: Question, answer: Answer): FactAnswer | undefined {
  const valueOf = (id: string): string => question.choices.find((choice) => choice.id === id)?.factValue ?? id;
  if (typeof answer === 'boolean' || typeof answer === 'number') return answer;
  if (typeof answer === 'string') return question.type === 'choice' ? valueOf(answer) : answer;
  if (Array.isArray(answer) && question.type === 'choices') {
    // An exclusive choice (“none of these”) is the empty set.
    return (answer as readonly string[]).filter((id) => question.choices.some((choice) => choice.id === id && !choice.exclusive)).map(valueOf);
  }
  return undefined;
}

/** The answer to `question` that the fact of a system states; undefined when it says nothing certain or does not fit. */
export function answerFromFact(question: Question, fact: FactAnswer): Answer | undefined {
  const choiceOf = (value: string): string | undefined => question.choices.find((choice) => (choice.factValue ?? choice.id) === value)?.id;
  if (question.type === 'yes-no') return typeof fact === 'boolean' ? fact : undefined;
  if (question.type === 'number') return typeof fact === 'number' ? fact : undefined;
  if (question.type === 'date') return typeof fact === 'string' ? fact : undefined;
  if (question.type === 'choice') return typeof fact === 'string' ? choiceOf(fact) : undefined;
  if (question.type !== 'choices' || !Array.isArray(fact)) return undefined;
  const ids = (fact as readonly string[]).map(choiceOf);
  if (ids.some((id) => id === undefined)) return undefined;
  if (ids.length > 0) return question.choices.filter((choice) => ids.includes(choice.id)).map((choice) => choice.id);
  const none = question.choices.find((choice) => choice.exclusive);
  return none === undefined ? undefined : [none.id];
}
