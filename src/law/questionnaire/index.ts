/** The door of the questionnaire engine. */

export * from './model.ts';
export * from './limits.ts';
export { type LoadedQuestionnaire, loadQuestionnaire } from './load-questionnaire.ts';
