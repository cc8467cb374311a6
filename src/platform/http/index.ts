/** The door of the http room. */

export { closeServer, createServer, type MizanServer, sendPage, type AuditTrail, type ServerLimits, type ServerParts } from './server.ts';
export { type Assets, loadAssets } from './assets.ts';
export { Denied, type Problem, Refused, TooMany } from './errors.ts';
export { wellKnownRoutes } from './protections.ts';
export { type LimitName, ROUTE_LIMITS } from './route-limits.ts';
export { apiRoutes } from './api-routes.ts';
export { type ApiDocument, openApiDocument } from './openapi.ts';
export { emptyAsAbsent } from './query.ts';
export { authorOf, frameIn } from './whose.ts';
