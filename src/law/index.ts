/** The door of the law room. */

export * from './model.ts';
export { loadPack, packDigest, readPack } from './load-pack.ts';
export { parseAnswer, parseFacts } from './parse-facts.ts';
export type { FactProblem } from './parse-facts.ts';
