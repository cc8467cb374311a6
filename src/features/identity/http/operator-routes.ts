/** What the command line asks of a running server: links that are printed at the machine. Nobody else gets them, not even administrators. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import type { Identity } from '../actions/open-identity.ts';
import { EMAIL_CHARACTERS_MAX } from '../model.ts';
import { refusalText } from '../text/index.ts';

const config = { policy: 'person.recover' as const, api: true };
const link = z.object({ url: z.string() });

export function operatorRoutes(app: MizanServer, identity: Identity): void {
  app.post('/api/v1/identity/setup-link', { config, schema: { hide: true, response: { 200: link } } }, async (request) => {
    demandOperator(request);
    const made = await identity.setUp.link();
    if (!made.ok) throw new Refused('already-set-up', refusalText(made.refusal, request.frame.language), { status: 409 });
    return { url: made.value };
  });
  app.post('/api/v1/identity/reset-link', { config, schema: { hide: true, body: z.object({ email: z.string().max(EMAIL_CHARACTERS_MAX), withoutFactors: z.boolean().default(false) }), response: { 200: link } } }, async (request) => {
    demandOperator(request);
    const made = await identity.account.recoveryLink(request.body.email.trim(), { withoutFactors: request.body.withoutFactors });
    if (!made.ok) throw new Refused('no-person', refusalText(made.refusal, request.frame.language), { status: 404 });
    return { url: made.value };
  });
}

function demandOperator(request: FastifyRequest): void {
  if (request.caller.kind !== 'operator') throw new Refused('not-permitted', refusalText({ code: 'operator-only' }, request.frame.language), { status: 403 });
}
