/** The description of the interface for programs over HTTP: as a document, and as a page to read. */

import { apiDocsPage } from './api-docs-page.tsx';
import { type ApiDocument, openApiDocument } from './openapi.ts';
import { type MizanServer, sendPage } from './server.ts';

/** Adds `/api/v1/openapi.json` and the page `/api/v1/docs`. */
export function apiRoutes(app: MizanServer): void {
  let made: ApiDocument | undefined;
  const document = (): ApiDocument => (made ??= openApiDocument(app));
  app.get('/api/v1/openapi.json', { config: { policy: 'public', api: true }, schema: { hide: true } }, (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(document())),
  );
  app.get('/api/v1/docs', { config: { policy: 'public' }, schema: { hide: true } }, (request, reply) => sendPage(request, reply, (frame) => apiDocsPage(document(), frame)));
}
