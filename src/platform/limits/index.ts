/** The door of limits: how often something may be done, counted over all processes on one database. */

export { type Limit, type Limits, openLimits, type Taken } from './limits.ts';
export { requestStore } from './request-store.ts';
