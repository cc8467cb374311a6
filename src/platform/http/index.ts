/** The door of the http room. */

export { closeServer, createServer, type MizanServer, type Policy, sendPage, type ServerLimits, type ServerParts } from './server.ts';
export { type Assets, loadAssets } from './assets.ts';
export { type Problem, Refused } from './errors.ts';
export { apiRoutes } from './api-routes.ts';
export { type ApiDocument, openApiDocument } from './openapi.ts';
