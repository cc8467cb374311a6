/** The door of the questionnaire engine. */

export * from './model.ts';
export * from './limits.ts';
export { type LoadedQuestionnaire, loadQuestionnaire } from './load-questionnaire.ts';
export { assess, answerFromFact, type Assessed, factsFrom, type PageProgress } from './assess.ts';
export { type AnswerProblem, parseAnswers, parseQuestionAnswer } from './answers.ts';
export { carryOver } from './carry-over.ts';
export { applied, type Change, cheapestLowerLevel, type LowerLevel } from './lower-level.ts';
export { type ChecklistResult, checkOf, type GridResult, mostPointsOf, type RightsResult, rowsOf, type ScoreResult, type TalliesResult } from './score.ts';
export { type Sight, type Visibility, visibilityAfter, visibilityOf } from './visibility.ts';
