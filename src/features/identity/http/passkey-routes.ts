/** Routes of passkeys, called by their island: questions for the browser and its answers, as JSON. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isSteppedUp } from '../../../platform/auth/index.ts';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import type { Identity } from '../actions/open-identity.ts';
import type { Question } from '../actions/passkeys.ts';
import { refusalText } from '../text/index.ts';
import { giveSecondStep, giveSession, isConfirmed, noteActor, originOf, sessionToken, type SignedIn, takeSession } from './answer.ts';

const answerBody = z.object({ response: z.record(z.string().max(100), z.unknown()), name: z.string().max(200).default('') });

export function passkeyRoutes(app: MizanServer, identity: Identity): void {
  const { passkeys } = identity;
  const open = { policy: 'public' as const, api: true, audited: true };
  const changed = { policy: 'account.change' as const, api: true };

  app.post('/identity/passkey/options', { config: open, schema: { hide: true } }, async (request, reply) => question(reply, orRefuse(request, await passkeys.askSignIn(headersOf(request)))));
  app.post('/identity/passkey', { config: open, schema: { hide: true, body: answerBody } }, async (request, reply) => {
    const done = orRefuse(request, await passkeys.signIn({ headers: headersOf(request), response: request.body.response, origin: originOf(request), before: sessionToken(identity, request) }));
    noteActor(request, done.personId);
    giveSecondStep(identity, reply, undefined);
    giveSession(identity, reply, done.token);
    return { done: true };
  });

  app.post('/identity/step-up/passkey/options', { config: changed, schema: { hide: true } }, async (request, reply) => {
    await person(identity, request);
    return question(reply, orRefuse(request, await passkeys.askSignIn(headersOf(request))));
  });
  app.post('/identity/step-up/passkey', { config: changed, schema: { hide: true, body: answerBody } }, async (request, reply) => {
    const who = await person(identity, request);
    const done = orRefuse(request, await passkeys.signIn({ headers: headersOf(request), response: request.body.response, origin: originOf(request), before: sessionToken(identity, request), onlyFor: who.personId }));
    giveSession(identity, reply, done.token);
    return { done: true };
  });

  app.post('/identity/me/passkeys/options', { config: changed, schema: { hide: true } }, async (request, reply) => {
    const who = await mayAdd(identity, request);
    return question(reply, orRefuse(request, await passkeys.askNew(headersOf(request), who.personId)));
  });
  app.post('/identity/me/passkeys', { config: changed, schema: { hide: true, body: answerBody } }, async (request, reply) => {
    const who = await mayAdd(identity, request);
    const token = orRefuse(request, await passkeys.add({ headers: headersOf(request), response: request.body.response, name: request.body.name, personId: who.personId, sessionId: who.sessionId, method: who.session.method }));
    if (token === undefined) takeSession(identity, reply);
    else giveSession(identity, reply, token);
    return { done: true };
  });
}

async function person(identity: Identity, request: FastifyRequest): Promise<SignedIn> {
  const { caller, session } = await identity.ask(request.headers);
  if (session === undefined) throw new Refused('sign-in-needed', refusalText({ code: 'no-session' }, request.frame.language), { status: 401 });
  return { caller, session, personId: session.personId, sessionId: session.id };
}

/** The first factor needs no other, but the password a moment ago; a further one needs one that is there. */
async function mayAdd(identity: Identity, request: FastifyRequest): Promise<SignedIn> {
  const who = await person(identity, request);
  const { hasCode, passkeys } = await identity.factors.state(who.personId);
  const hasFactor = hasCode || passkeys.length > 0;
  if (hasFactor && !isSteppedUp(who.caller, Date.parse(identity.parts.clock.now()))) throw new Refused('step-up-needed', refusalText({ code: 'confirm-first' }, request.frame.language), { status: 403 });
  if (!hasFactor && !isConfirmed(identity, who)) throw new Refused('step-up-needed', refusalText({ code: 'confirm-first' }, request.frame.language), { status: 403 });
  return who;
}

function question(reply: FastifyReply, { options, cookies }: Question): unknown {
  void reply.header('cache-control', 'no-store');
  for (const cookie of cookies) void reply.header('set-cookie', cookie);
  return options;
}

/** What the library needs of a request: the cookies and the place that the browser says it is at. */
function headersOf(request: FastifyRequest): Headers {
  return new Headers({ cookie: request.headers.cookie ?? '', origin: request.headers.origin ?? `${request.protocol}://${request.host}` });
}

function orRefuse<T>(request: FastifyRequest, verdict: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Parameters<typeof refusalText>[0] }): T {
  if (verdict.ok) return verdict.value;
  throw new Refused('passkey-not-accepted', refusalText(verdict.refusal, request.frame.language));
}
