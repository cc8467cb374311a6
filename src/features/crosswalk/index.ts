/** The door of the crosswalk: frameworks side by side, and what work for one is worth in the others. */

export { crosswalkFolder, openCrosswalk, readCrosswalkFolder } from './actions/open-crosswalk.ts';
export { crosswalkRoutes, type CrosswalkParts } from './http.ts';
export type { Crosswalks, Ticks } from './model.ts';
export { countTicks, type Counted } from './rules/count-ticks.ts';
