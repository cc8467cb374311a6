/** The door of the questionnaire engine. */

export * from './model.ts';
export * from './limits.ts';
export { type LoadedQuestionnaire, loadQuestionnaire } from './load-questionnaire.ts';
export { assess, answerFromFact, type Assessed, factsFrom, type Missing, type PageProgress } from './assess.ts';
export { type AnswerProblem, parseAnswers, parseQuestionAnswer, REMARK_LENGTH_MAX } from './answers.ts';
export { type CarriedOver, carryOver } from './carry-over.ts';
export { applied, type Change, cheapestLowerLevel, type LowerLevel } from './lower-level.ts';
export { type ChecklistGap, type ChecklistResult, checkOf, type Contribution, type GridResult, mostPointsOf, pointsOf, type RightResult, type RightsResult, type RiskResult, rowsOf, score, type ScoreResult, type TalliesResult, tallyMaximum, type TallyResult } from './score.ts';
export { type Sight, type Visibility, type VisibilityMap, visibilityAfter, visibilityOf } from './visibility.ts';
