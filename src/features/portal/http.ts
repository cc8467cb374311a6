/** Routes of the portal: the home page, the dashboard, sample data. */

import { z } from 'zod';
import { LANGUAGES } from '../../base/index.ts';
import { publicScope, type Scope } from '../../platform/auth/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import { type MizanServer, sendPage } from '../../platform/http/index.ts';
import { isDemo } from '../../proof/council/admitted-roll.ts';
import type { Assessment } from '../assessment/index.ts';
import type { Decisions } from '../decisions/index.ts';
import type { Lawbook } from '../lawbook/index.ts';
import type { ListPage, Registry } from '../registry/index.ts';
import type { Samples } from './actions/samples.ts';
import { areFirstStepsDone, type FirstSteps } from './web/first-steps.tsx';
import { dashboardPage, homePage, samplesPage } from './web/pages.tsx';

const LATEST_SHOWN = 6;
const DECISIONS_SHOWN = 4;

export interface PortalParts {
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
  readonly decisions: Decisions;
  readonly samples: Samples;
  readonly clock: Clock;
  /** How far the platform has come; asked for administrators only. */
  readonly firstSteps: () => Promise<FirstSteps>;
}

export function portalRoutes(app: MizanServer, { registry, lawbook, assessment, decisions, samples, clock, firstSteps }: PortalParts): void {
  const overview = async (scope: Scope): Promise<ListPage> => {
    const page = await registry.list(scope, { limit: LATEST_SHOWN });
    if (!page.ok) throw new Error('invariant broken: a list without filter is always answered');
    return page.value;
  };

  app.get('/', { config: { policy: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const [page, listed, { origin }] = await Promise.all([overview(publicScope), decisions.list({ limit: DECISIONS_SHOWN }), decisions.standing()]);
    const decided = { ...listed, isDemonstration: isDemo(origin) };
    return sendPage(request, reply, (frame) => homePage(frame, { page, decided, pack: lawbook.pack(), today: clock.today() }));
  });
  app.get('/portal/dashboard', { config: { policy: 'platform.overview' }, schema: { hide: true } }, async (request, reply) => {
    const [page, counts, probable] = await Promise.all([overview(request.scope), assessment.worklist.counts(), assessment.worklist.probableCounts()]);
    // Whoever may found organisations at the top is the one who sets the platform going.
    const steps = request.mayIn('organisation.create', undefined) ? await firstSteps() : undefined;
    return sendPage(request, reply, (frame) => dashboardPage(frame, { page, counts, probable, pack: lawbook.pack(), today: clock.today(), firstSteps: steps === undefined || areFirstStepsDone(steps) ? undefined : steps }));
  });
  app.get('/portal/samples', { config: { policy: 'platform.sample' }, schema: { hide: true } }, async (request, reply) => {
    const count = await samples.count(request.scope);
    return sendPage(request, reply, (frame) => samplesPage(frame, count));
  });
  app.post('/portal/samples', { config: { policy: 'platform.sample' }, schema: { hide: true, body: z.object({ act: z.enum(['load', 'remove']) }) } }, async (request, reply) => {
    if (request.body.act === 'load') await samples.load(request.scope, request.frame.language);
    else await samples.remove(request.scope);
    return reply.redirect('/portal/samples', 303);
  });

  const answer = z.object({ samples: z.number() });
  app.post('/api/v1/samples', { config: { policy: 'platform.sample', api: true }, schema: { tags: ['samples'], summary: 'Load the sample data', body: z.object({ language: z.enum(LANGUAGES).optional() }).nullish(), response: { 200: answer } } }, async (request) => ({
    samples: await samples.load(request.scope, request.body?.language ?? request.frame.language),
  }));
  app.delete('/api/v1/samples', { config: { policy: 'platform.sample', api: true }, schema: { tags: ['samples'], summary: 'Remove the sample data', response: { 200: answer } } }, async (request) => ({ samples: await samples.remove(request.scope) }));
}
