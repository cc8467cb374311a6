/** The door of crosswalks: read and write SSSOM, and count evidence across frameworks. */

export * from './model.ts';
export { readFrameworks } from './read-frameworks.ts';
export { FRAMEWORKS_FOLDER, readCrosswalk, SET_ENDING, THEMES_FILE } from './read-crosswalk.ts';
export { BUILT_IN_PREFIXES, inverseOf, readSssom } from './read-sssom.ts';
export { writeSssom } from './write-sssom.ts';
export {
  countEverywhere, type FrameworkCount, isReviewed, type ItemCount, type Path, REVIEWERS_NEEDED, type Shortfall, shortfallsOf, type Step, stepsFrom,
} from './count.ts';
export { type CitedDuty, concerns, type ItemOfDuties, itemsOfDuties, spelledOut } from './from-duties.ts';
