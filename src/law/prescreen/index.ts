/** The door of the pre-screen: load recognisers, propose candidate facts, order by what may hang on them. */

export * from './model.ts';
export { loadRecognisers } from './load.ts';
export { likelyLanguages } from './language.ts';
export { prescreen } from './match.ts';
export { stakes } from './stakes.ts';
export type { ProbableConclusion, Stakes } from './stakes.ts';
