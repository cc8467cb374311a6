/** Routes of the exports: the open-data page and the files; the workspace exports everything, the public what is public. */

import { z } from 'zod';
import { LANGUAGES } from '../../base/index.ts';
import { keepScope, publicScope, type Scope } from '../../platform/auth/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import { type MizanServer, Refused, sendPage } from '../../platform/http/index.ts';
import type { Registry } from '../registry/index.ts';
import { writeExport } from './actions/write-export.ts';
import { FORMAT_FILES, FORMATS, isFormat } from './model.ts';
import { exportsText } from './text/index.ts';
import { exportsPage } from './web/exports-page.tsx';

const query = z.object({ q: z.string().max(200).optional(), lang: z.string().max(10).optional() });
const params = z.object({ format: z.string().max(40) });

export function exportsRoutes(app: MizanServer, { registry, clock }: { readonly registry: Registry; readonly clock: Clock }): void {
  app.get('/exports', { config: { policy: 'public' }, schema: { hide: true, querystring: query } }, (request, reply) => sendPage(request, reply, (frame) => exportsPage(frame, request.query.q)));

  const send = (scope: Scope, request: Parameters<typeof sendPage>[0], reply: Parameters<typeof sendPage>[1], format: string, q: string | undefined) => {
    if (!isFormat(format)) throw new Refused('unknown-format', exportsText.in(request.frame.language)('refusal.unknown-format', { format, known: FORMATS.join(', ') }), { status: 404 });
    const file = FORMAT_FILES[format];
    const exportedAt = clock.now();
    const { theme } = request.frame;
    const stream = writeExport(format, keepScope(registry.stream(scope, q === undefined ? {} : { q })), {
      base: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
      title: theme.name,
      description: theme.footer,
      publisher: theme.contact?.body ?? theme.name,
      languages: LANGUAGES,
      exportedAt,
    });
    return reply
      .header('content-type', file.mediaType)
      .header('content-disposition', `attachment; filename="mizan-${format}-${exportedAt.slice(0, 10)}.${file.extension}"`)
      .header('cache-control', 'no-store')
      .send(stream);
  };
  const file = { tags: ['exports'], params, querystring: query } as const;
  app.get('/exports/:format', { config: { policy: 'public' }, schema: { hide: true, params, querystring: query } }, (request, reply) => send(publicScope, request, reply, request.params.format, request.query.q));
  app.get(
    '/api/v1/exports/:format',
    { config: { policy: 'file.export', api: true }, schema: { ...file, summary: 'The register as a file: csv, json, xlsx, dcat-ap, annex-viii or atrs', description: 'Streams every entry that the asker sees in the workspace, drafts included: all of them, or those of the own organisations; memory stays flat. Add `q` to export what a search finds.' } },
    (request, reply) => send(request.scope, request, reply, request.params.format, request.query.q),
  );
}
