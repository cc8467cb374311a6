/** Routes of signing in by an organisation's own provider (OpenID Connect, SAML). */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { MizanServer } from '../../../platform/http/index.ts';
import type { Connections } from '../actions/connections.ts';
import type { Identity } from '../actions/open-identity.ts';
import { addressGroup } from '../actions/parts.ts';
import type { Entered, SsoRefusal } from '../actions/sso.ts';
import { SIGN_ON_MS } from '../actions/sso.ts';
import type { Verdict } from '../../../base/index.ts';
import { readCookie, writeCookie } from '../rules/cookies.ts';
import { nextPage, withNext } from '../rules/next-page.ts';
import { ANSWER_CHARACTERS_MAX } from '../rules/saml-response.ts';
import { serviceMetadata } from '../rules/saml-metadata.ts';
import { newToken, signed, unsigned } from '../rules/tokens.ts';
import { ssoText } from '../text/sso/index.ts';
import { trialPage } from '../web/connection-pages.tsx';
import { BLANK } from '../web/layout.tsx';
import { findPage, ssoFailedPage, ssoRefusalText } from '../web/sso-pages.tsx';
import { giveSecondStep, giveSession, originOf, sendPrivatePage, sessionToken } from './answer.ts';
import { fieldProblems, problem } from './forms.ts';

const SIGN_ON_COOKIE = 'mizan_sign_on';
const BEGUN: Parameters<Connections['limits']['take']>[1] = { max: 60, windowSeconds: 60 };
const short = z.string().max(4000).optional();
const byId = z.object({ id: z.uuid() });
const nextOnly = z.object({ next: short, lang: z.string().max(10).optional() });
const open = { policy: 'public' as const };
/** A sign-in that comes as a GET: recorded like any other. */
const answered = { policy: 'public' as const, audited: 'reading-too' as const };

export interface SsoRouteParts {
  readonly identity: Identity;
  readonly connections: Connections;
}

export function ssoRoutes(app: MizanServer, parts: SsoRouteParts): void {
  const { connections } = parts;
  const { sso } = connections;
  findRoutes(app, parts);
  app.get('/identity/sso/:id', { config: open, schema: { hide: true, params: byId, querystring: nextOnly } }, async (request, reply) => beginSignOn(parts, request, reply, { connectionId: request.params.id, next: nextPage(request.query.next) }));

  const callbackQuery = z.object({ state: short, code: short, iss: short, error: short });
  app.get('/identity/oidc/:id/callback', { config: answered, schema: { hide: true, params: byId, querystring: callbackQuery } }, async (request, reply) => {
    const done = await sso.answerOidc({ ...answering(parts, request, request.params.id), query: request.query });
    return conclude(parts, request, reply, request.params.id, done);
  });
  // The answer of the provider is posted from its page. Our cookies do not come with it, so the browser comes again by itself.
  app.post('/identity/saml/:id/answer', { config: { policy: 'public', crossSite: true, audited: true }, schema: { hide: true, params: byId, body: z.object({ SAMLResponse: z.string().max(ANSWER_CHARACTERS_MAX) }) } }, async (request, reply) => {
    const { id } = request.params;
    request.auditNote = { targets: { connection: id } };
    const taken = await sso.takeSaml(id, request.body.SAMLResponse);
    if (!taken.ok) return fail(request, reply, taken.refusal);
    return reply.redirect(`/identity/saml/${id}/finish?ticket=${encodeURIComponent(taken.value.ticket)}`, 303);
  });
  app.get('/identity/saml/:id/finish', { config: answered, schema: { hide: true, params: byId, querystring: z.object({ ticket: z.string().max(100).default('') }) } }, async (request, reply) => {
    const done = await sso.finishSaml({ ...answering(parts, request, request.params.id), ticket: request.query.ticket });
    return conclude(parts, request, reply, request.params.id, done);
  });
  app.get('/identity/saml/:id/metadata', { config: open, schema: { hide: true, params: byId } }, async (request, reply) => {
    const connection = await connections.find(request.params.id);
    if (connection?.kind !== 'saml') return fail(request, reply, { code: 'no-connection' });
    const { entityId, callback } = sso.addressesOf(connection);
    return reply.header('content-type', 'application/samlmetadata+xml; charset=utf-8').header('cache-control', 'no-store').send(serviceMetadata({ entityId, recipient: callback }));
  });
}

function findRoutes(app: MizanServer, { connections }: SsoRouteParts): void {
  app.get('/identity/sso', { config: open, schema: { hide: true, querystring: nextOnly } }, async (request, reply) => sendPrivatePage(request, reply, (frame) => findPage(frame, BLANK, nextPage(request.query.next))));
  app.post('/identity/sso', { config: open, schema: { hide: true, body: z.object({ email: z.string().max(4000).default(''), next: short }) } }, async (request, reply) => {
    const next = nextPage(request.body.next);
    const email = request.body.email.trim();
    if (fieldProblems({ email }, request.frame.language, { email: 'email' }).length > 0) {
      return sendPrivatePage(request, reply, (frame) => findPage(frame, problem({ email }, [{ field: 'email', message: ssoText.in(frame.language)('find.bad-email') }]), next), 422);
    }
    const found = await connections.ofEmail(email);
    // Which domains are connected is no secret: the provider's own sign-in page would tell. Whether somebody has an account is not told.
    return sendPrivatePage(request, reply, (frame) => findPage(frame, { errors: [], values: { email } }, next, found === undefined ? 'none' : { connectionId: found.connection.id, organisation: found.organisation }));
  });
}

/** Sends the browser to the provider, with a cookie by which it is known when it comes back. */
export async function beginSignOn({ identity, connections }: SsoRouteParts, request: FastifyRequest, reply: FastifyReply, given: { readonly connectionId: string; readonly next: string; readonly triedBy?: string }): Promise<FastifyReply> {
  const taken = await connections.limits.take(`sign-on ${addressGroup(request.ip)}`, BEGUN);
  if (taken.granted === 0) {
    const { retryAfterSeconds } = taken;
    return sendPrivatePage(request, reply.header('retry-after', retryAfterSeconds), (frame) => ssoFailedPage(frame, ssoText.in(frame.language)('refusal.too-many', { seconds: retryAfterSeconds }), undefined), 429);
  }
  const browser = browserToken(identity, request) ?? newToken();
  const url = await connections.sso.begin({ ...given, browser });
  if (!url.ok) return fail(request, reply, url.refusal);
  const { cookie } = identity;
  return reply
    .header('set-cookie', writeCookie(SIGN_ON_COOKIE, signed(cookie.secret, browser), { secure: cookie.secure, maxAgeSeconds: SIGN_ON_MS / 1000 }))
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(url.value, 303);
}

function browserToken({ cookie }: Identity, request: FastifyRequest): string | undefined {
  const text = readCookie(request.headers.cookie, SIGN_ON_COOKIE);
  return text === undefined ? undefined : unsigned(cookie.secret, text);
}

function answering({ identity }: SsoRouteParts, request: FastifyRequest, connectionId: string): { readonly connectionId: string; readonly browser: string | undefined; readonly origin: ReturnType<typeof originOf>; readonly before: string | undefined } {
  request.auditNote = { targets: { connection: connectionId } };
  return { connectionId, browser: browserToken(identity, request), origin: originOf(request), before: sessionToken(identity, request) };
}

async function conclude({ identity, connections }: SsoRouteParts, request: FastifyRequest, reply: FastifyReply, connectionId: string, done: Verdict<Entered, SsoRefusal>): Promise<FastifyReply> {
  if (!done.ok) return fail(request, reply, done.refusal);
  const { value } = done;
  if (value.step === 'trial') {
    const connection = await connections.find(connectionId);
    // What a directory tells of somebody is shown to the administrator who tried it out, and to nobody whom they lured there.
    if (connection === undefined || request.caller.personId !== value.triedBy || !request.mayIn('organisation.connect', connection.organisationId)) return fail(request, reply, { code: 'sign-on-not-valid' });
    return sendPrivatePage(request, reply, (frame) => trialPage(frame, value.trial, `/identity/organisations/${connection.organisationId}/connections/${connectionId}`));
  }
  request.auditNote = { actor: `person:${value.personId}`, personId: value.personId, targets: { connection: connectionId } };
  void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  if (value.step === 'second') {
    giveSecondStep(identity, reply, value.token);
    return reply.redirect(withNext('/identity/second-factor', value.next), 303);
  }
  giveSecondStep(identity, reply, undefined);
  giveSession(identity, reply, value.token);
  return reply.redirect(value.next, 303);
}

const NOT_FOUND: ReadonlySet<string> = new Set(['no-connection']);

function fail(request: FastifyRequest, reply: FastifyReply, refusal: SsoRefusal): FastifyReply {
  reply.problemCode = refusal.code;
  // Why a provider's answer was refused helps those who connect it, and those who forge it.
  const why = request.may('organisation.connect') && 'why' in refusal ? refusal.why : undefined;
  return sendPrivatePage(request, reply, (frame) => ssoFailedPage(frame, ssoRefusalText(refusal, frame), why), NOT_FOUND.has(refusal.code) ? 404 : 403);
}
