/** Pages of the council: what it stands at for everybody, and for who watches it, whether its seats answer. */

import { z } from 'zod';
import type { Clock } from '../../../platform/clock/index.ts';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import { UNDER_WAY, UNDER_WAY_SHOWN } from '../model.ts';
import type { OpenCouncil } from '../actions/open-council.ts';
import { councilPage, heardPage } from '../web/council-page.tsx';

export function councilPages(app: MizanServer, { council, clock }: { readonly council: OpenCouncil; readonly clock: Clock }): void {
  const querystring = z.object({ lang: z.string().max(10).optional() });
  app.get('/council', { config: { policy: 'public' }, schema: { hide: true, querystring } }, async (request, reply) => {
    const [standing, underWay] = await Promise.all([council.standing(), council.rounds({ stages: UNDER_WAY, limit: UNDER_WAY_SHOWN })]);
    const nowS = Math.floor(Date.parse(clock.now()) / 1000);
    return sendPage(request, reply, (frame) => councilPage(frame, { standing, constitution: council.constitution(), underWay, nowS }));
  });
  app.get('/council/seats', { config: { policy: 'council.watch' }, schema: { hide: true, querystring } }, async (request, reply) => {
    const [{ origin, roll }, seats] = await Promise.all([council.standing(), council.seats()]);
    if (roll === undefined) return reply.redirect('/council', 303);
    return sendPage(request, reply, (frame) => heardPage(frame, { origin, constitution: council.constitution(), roll, seats, nowS: Math.floor(Date.parse(clock.now()) / 1000) }));
  });
}
