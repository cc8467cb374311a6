/** The door of crosswalks: read and write SSSOM, and count evidence across frameworks. */

export * from './model.ts';
export { readFrameworks } from './read-frameworks.ts';
export { FRAMEWORKS_FOLDER, readCrosswalk, SET_ENDING } from './read-crosswalk.ts';
export { readSssom } from './read-sssom.ts';
export { writeSssom } from './write-sssom.ts';
export { countEverywhere, type FrameworkCount, isReviewed, type ItemCount, type Shortfall, shortfallsOf, type Step, stepsFrom } from './count.ts';
export { type ItemOfDuties, itemsOfDuties } from './from-duties.ts';
