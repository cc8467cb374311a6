/** Answers, levels and refusals as people read them. */

import type { Language } from '../../../base/index.ts';
import type { Answer, AnswerProblem, AnswerShape, Cell, Change, Question, Questionnaire, QuestionId, Row } from '../../../law/questionnaire/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import type { ImpactRefusal, Origin } from '../model.ts';
import { impactText, type ImpactTextKey } from '../text/index.ts';

export function questionOf(questionnaire: Questionnaire, id: QuestionId): Question | undefined {
  return questionnaire.pages.flatMap((page) => page.questions).find((question) => question.id === id);
}

export function pageTitle(questionnaire: Questionnaire, id: string, language: Language): string {
  return questionnaire.pages.find((page) => page.id === id)?.title[language] ?? id;
}

export function levelLabel(questionnaire: Questionnaire | undefined, id: string | undefined, language: Language): string | undefined {
  return id === undefined ? undefined : (questionnaire?.levels.find((level) => level.id === id)?.label[language] ?? id);
}

/** One answer as text; a table as its rows, one a line. */
export function answerText(question: Question, answer: Answer | undefined, language: Language): string {
  const t = impactText.in(language);
  if (answer === undefined) return t('answer.none');
  if (typeof answer === 'object' && 'check' in answer) return answer.remark === undefined ? t(`check.${answer.check}`) : `${t(`check.${answer.check}`)}: ${answer.remark}`;
  if (question.type === 'table') return (answer as readonly Row[]).map((row) => rowText(question, row, language)).join('\n');
  return cellText(question.type, question, answer as Cell, language);
}

export function rowText(question: Question, row: Row, language: Language): string {
  return question.columns.flatMap((column) => (row[column.id] === undefined ? [] : [`${column.label[language]}: ${cellText(column.type, column, row[column.id]!, language)}`])).join('; ');
}

export function cellText(type: Question['type'], shape: AnswerShape, cell: Cell, language: Language): string {
  const t = impactText.in(language);
  if (typeof cell === 'boolean') return t(cell ? 'answer.yes' : 'answer.no');
  if (typeof cell === 'number') return type === 'gauge' ? `${cell}. ${shape.steps[cell - 1]?.[language] ?? ''}` : [formatNumber(cell, language), shape.unit?.[language]].filter((part) => part !== undefined).join(' ');
  if (typeof cell === 'string') return type === 'choice' ? (shape.choices.find((choice) => choice.id === cell)?.label[language] ?? cell) : type === 'date' ? formatDate(cell, language) : cell;
  return cell.map((id) => shape.choices.find((choice) => choice.id === id)?.label[language] ?? id).join('; ');
}

/** “Question: answer” of one change that would lower the level. */
export function changeText(questionnaire: Questionnaire, change: Change, answer: Answer | undefined, language: Language): { readonly question: string; readonly from: string; readonly to: string } {
  const question = questionOf(questionnaire, change.question);
  if (question === undefined) return { question: change.question, from: '', to: '' };
  const column = question.columns.find((one) => one.id === change.column);
  if (column === undefined || change.row === undefined) return { question: question.ask[language], from: answerText(question, answer, language), to: answerText(question, change.to, language) };
  const row = Array.isArray(answer) ? (answer[change.row] as Row | undefined) : undefined;
  const before = row?.[column.id];
  return { question: impactText.in(language)('result.row-of', { question: question.ask[language], row: change.row + 1, column: column.label[language] }), from: before === undefined ? '' : cellText(column.type, column, before, language), to: cellText(column.type, column, change.to as Cell, language) };
}

/** Where a filled-in answer was copied from; undefined for what a person gave here. */
export function originText(origin: Origin | undefined, language: Language, fieldLabel: (key: string, language: Language) => string): string | undefined {
  if (origin === undefined || origin === 'person') return undefined;
  const t = impactText.in(language);
  const [kind] = origin.split(':');
  const of = origin.slice(origin.indexOf(':') + 1);
  if (kind === 'field') return t('origin.field', { field: fieldLabel(of, language) });
  if (kind === 'fact') return t('origin.fact', { fact: of });
  if (kind === 'shared') return t('origin.shared', { number: of });
  return origin === 'revision' ? t('origin.revision') : t('origin.import');
}

export function problemText(problem: AnswerProblem, question: Question | undefined, language: Language): string {
  const t = impactText.in(language);
  const column = 'column' in problem ? question?.columns.find((one) => one.id === problem.column)?.label[language] : undefined;
  const shape = 'column' in problem ? question?.columns.find((one) => one.id === problem.column) : question;
  const words = ((): string => {
    switch (problem.code) {
      case 'text-too-long':
      case 'too-many-rows':
        return t(`problem.${problem.code}`, { limit: formatNumber(problem.limit, language) });
      case 'out-of-range':
        return t('problem.out-of-range', { min: problem.min ?? '−∞', max: problem.max ?? '∞' });
      case 'unknown-choice':
      case 'unknown-column':
        return t(`problem.${problem.code}`, { value: problem.value });
      case 'excluded-choice':
        return t('problem.excluded-choice', { value: shape?.choices.find((choice) => choice.id === problem.value)?.label[language] ?? problem.value });
      default:
        return t(`problem.${problem.code}` as ImpactTextKey);
    }
  })();
  return column === undefined ? words : `${column}: ${words}`;
}

export function refusalText(refusal: ImpactRefusal, language: Language): string {
  const t = impactText.in(language);
  switch (refusal.code) {
    case 'no-questionnaire':
      return t('refusal.no-questionnaire', { kind: refusal.kind });
    case 'assessment-incomplete':
      return t('refusal.assessment-incomplete', { count: refusal.missing });
    case 'wrong-answers':
      return t('refusal.wrong-answers', { count: refusal.problems.length });
    case 'wrong-questionnaire':
      return t('refusal.wrong-questionnaire', { expected: refusal.expected, found: refusal.found });
    case 'no-fact':
      return t('refusal.no-fact', { fact: refusal.fact });
    default:
      return t(`refusal.${refusal.code}`);
  }
}
