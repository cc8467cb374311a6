/** Routes of the portal: the home page, the dashboard, sample data. */

import { z } from 'zod';
import { LANGUAGES } from '../../base/index.ts';
import { publicScope, type Scope } from '../../platform/auth/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import { type MizanServer, sendPage } from '../../platform/http/index.ts';
import type { Assessment } from '../assessment/index.ts';
import type { Lawbook } from '../lawbook/index.ts';
import type { ListPage, Registry } from '../registry/index.ts';
import type { Samples } from './actions/samples.ts';
import { dashboardPage, homePage, samplesPage } from './web/pages.tsx';

const LATEST_SHOWN = 6;

export interface PortalParts {
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
  readonly samples: Samples;
  readonly clock: Clock;
}

export function portalRoutes(app: MizanServer, { registry, lawbook, assessment, samples, clock }: PortalParts): void {
  const overview = async (scope: Scope): Promise<ListPage> => {
    const page = await registry.list(scope, { limit: LATEST_SHOWN });
    if (!page.ok) throw new Error('invariant broken: a list without filter is always answered');
    return page.value;
  };
  const workspace = { config: { policy: 'workspace' as const }, schema: { hide: true } };

  app.get('/', { config: { policy: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const page = await overview(publicScope);
    return sendPage(request, reply, (frame) => homePage(frame, { page, pack: lawbook.pack(), today: clock.today() }));
  });
  app.get('/portal/dashboard', workspace, async (request, reply) => {
    const [page, counts, probable] = await Promise.all([overview(request.scope), assessment.worklist.counts(), assessment.worklist.probableCounts()]);
    return sendPage(request, reply, (frame) => dashboardPage(frame, { page, counts, probable, pack: lawbook.pack(), today: clock.today() }));
  });
  app.get('/portal/samples', workspace, async (request, reply) => {
    const count = await samples.count(request.scope);
    return sendPage(request, reply, (frame) => samplesPage(frame, count));
  });
  app.post('/portal/samples', { ...workspace, schema: { hide: true, body: z.object({ act: z.enum(['load', 'remove']) }) } }, async (request, reply) => {
    if (request.body.act === 'load') await samples.load(request.scope, request.frame.language);
    else await samples.remove(request.scope);
    return reply.redirect('/portal/samples', 303);
  });

  const api = { policy: 'workspace' as const, api: true };
  const answer = z.object({ samples: z.number() });
  app.post('/api/v1/samples', { config: api, schema: { tags: ['samples'], summary: 'Load the sample data', body: z.object({ language: z.enum(LANGUAGES).optional() }).nullish(), response: { 200: answer } } }, async (request) => ({
    samples: await samples.load(request.scope, request.body?.language ?? request.frame.language),
  }));
  app.delete('/api/v1/samples', { config: api, schema: { tags: ['samples'], summary: 'Remove the sample data', response: { 200: answer } } }, async (request) => ({ samples: await samples.remove(request.scope) }));
}
