/** The door of the portal. */

export { createSamples, type Samples, SAMPLES_SOURCE } from './actions/samples.ts';
export { portalRoutes } from './http.ts';
export type { FirstSteps } from './web/first-steps.tsx';
export { portalText } from './text/index.ts';
