/** What the pages of identity share: answers that nobody may keep, the cookie of the session, and who stands in front of them. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../../../platform/http/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import type { Identity } from '../actions/open-identity.ts';
import { type Caller, isSteppedUp, STEP_UP_MS_MAX } from '../../../platform/auth/index.ts';
import { type IdentityRefusal, type Origin, SECOND_STEP_MS, SESSION_LIFE_MS } from '../model.ts';
import { readCookie, writeCookie } from '../rules/cookies.ts';
import { withNext } from '../rules/next-page.ts';
import { signed, unsigned } from '../rules/tokens.ts';
import type { FoundSession } from '../store/sessions.ts';

const SECOND_STEP_COOKIE = 'mizan_second_step';

/** A page that shows something of one person, or whose address holds a secret: kept by no cache. Its address is told to our own pages only, as of every page. */
export function sendPrivatePage(request: FastifyRequest, reply: FastifyReply, build: (frame: PageContext) => Page, status = 200): FastifyReply {
  delete request.pageKey;
  return sendPage(request, reply, build, status).header('cache-control', 'no-store');
}

export function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, userAgent: request.headers['user-agent'] };
}

/** The token in the cookie of the session, when we signed it. */
export function sessionToken({ cookie }: Identity, request: FastifyRequest): string | undefined {
  const text = readCookie(request.headers.cookie, cookie.name);
  return text === undefined ? undefined : unsigned(cookie.secret, text);
}

/** As a browser will send it with its next request. */
export function sessionCookie({ cookie }: Identity, token: string): string {
  return `${cookie.name}=${encodeURIComponent(signed(cookie.secret, token))}`;
}

export function giveSession({ cookie }: Identity, reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', writeCookie(cookie.name, signed(cookie.secret, token), { secure: cookie.secure, maxAgeSeconds: SESSION_LIFE_MS / 1000 }));
}

export function takeSession({ cookie }: Identity, reply: FastifyReply): void {
  void reply.header('set-cookie', writeCookie(cookie.name, '', { secure: cookie.secure, maxAgeSeconds: 0 }));
  // What the browser kept of pages of the workspace goes too.
  void reply.header('clear-site-data', '"cache"');
}

export function secondStepToken({ cookie }: Identity, request: FastifyRequest): string | undefined {
  const text = readCookie(request.headers.cookie, SECOND_STEP_COOKIE);
  return text === undefined ? undefined : unsigned(cookie.secret, text);
}

export function giveSecondStep({ cookie }: Identity, reply: FastifyReply, token: string | undefined): void {
  void reply.header('set-cookie', writeCookie(SECOND_STEP_COOKIE, token === undefined ? '' : signed(cookie.secret, token), { secure: cookie.secure, maxAgeSeconds: token === undefined ? 0 : SECOND_STEP_MS / 1000 }));
}

export interface SignedIn {
  readonly caller: Caller;
  readonly session: FoundSession;
  readonly personId: string;
  readonly sessionId: string;
}

/** The person with a session who asks; without one the reply goes to sign-in and the answer is undefined. */
export async function demandPerson(identity: Identity, request: FastifyRequest, reply: FastifyReply): Promise<SignedIn | undefined> {
  const { caller, session } = await identity.ask(request.headers);
  if (session !== undefined) return { caller, session, personId: session.personId, sessionId: session.id };
  await reply.redirect(withNext('/identity/sign-in', request.method === 'GET' ? request.url : '/identity/me'), 303);
  return undefined;
}

/**
 * Whether it was shown a moment ago who sits there: by signing in, by the password, or by a second factor. Somebody who finds an open
 * screen must not give the account a factor of their own.
 */
export function isConfirmed(identity: Identity, { caller, session }: SignedIn): boolean {
  const now = Date.parse(identity.parts.clock.now());
  const isRecent = (at: string | null): boolean => at !== null && Date.parse(at) <= now && now - Date.parse(at) <= STEP_UP_MS_MAX;
  return isRecent(session.startedAt) || isRecent(session.confirmedAt) || isSteppedUp(caller, now);
}

/** 429 for waiting, 422 for what can be corrected. */
export function statusOf(refusal: IdentityRefusal): number {
  return refusal.code === 'too-many-attempts' ? 429 : 422;
}

/** Tells the record of acts who it was: known only after the proof, and never by the address that was typed. */
export function noteActor(request: FastifyRequest, personId: string): void {
  request.auditNote = { ...request.auditNote, actor: `person:${personId}`, personId };
}

/** Tells the record of acts whom it was about. */
export function noteTarget(request: FastifyRequest, personId: string): void {
  request.auditNote = { ...request.auditNote, targets: { ...request.auditNote?.targets, person: personId } };
}

/** The status of a refusal that is shown as a page; its code goes to the record of acts. */
export function refusedStatus(reply: FastifyReply, refusal: IdentityRefusal): number {
  reply.problemCode = refusal.code;
  return statusOf(refusal);
}
