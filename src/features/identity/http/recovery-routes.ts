/** Routes of recovery, invitations, a new address, and of showing a second factor again. */

import { z } from 'zod';
import { may, type PolicyName } from '../../../platform/auth/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import type { Asking } from '../actions/authenticate.ts';
import type { Identity } from '../actions/open-identity.ts';
import { nextPage, withNext } from '../rules/next-page.ts';
import { refusalText } from '../text/index.ts';
import { BLANK, linkProblemPage } from '../web/layout.tsx';
import { addressPage, joinPage, newPasswordPage, recoverPage, stepUpPage } from '../web/recovery-pages.tsx';
import { demandPerson, giveSession, noteActor, originOf, refusedStatus, sendPrivatePage, sessionCookie } from './answer.ts';
import { codeForm, emailForm, fieldProblems, joinForm, languageOf, nextQuery, passwordForm, problem, tokenParams } from './forms.ts';

const open = { policy: 'public' as const };
/** Anybody may try; every try is recorded, without its link. */
const tried = { policy: 'public' as const, audited: true };
const langOnly = z.object({ lang: z.string().max(10).optional() });

/** Pages that people come for, the nearest first: the first that their roles open is where an invitation leads. */
export interface Arrival {
  readonly policy: PolicyName;
  readonly href: string;
}

export function recoveryRoutes(app: MizanServer, identity: Identity, arrivals: readonly Arrival[]): void {
  const { account } = identity;
  app.get('/identity/recover', { config: open, schema: { hide: true, querystring: langOnly } }, (request, reply) => sendPrivatePage(request, reply, (frame) => recoverPage(frame, BLANK, false)));
  app.post('/identity/recover', { config: tried, schema: { hide: true, body: emailForm } }, async (request, reply) => {
    const { language } = request.frame;
    const email = request.body.email.trim();
    const wrong = fieldProblems({ email }, language, { email: 'email' });
    if (wrong.length > 0) return sendPrivatePage(request, reply, (frame) => recoverPage(frame, problem(request.body, wrong), false), 422);
    const asked = await account.askRecovery(email, originOf(request));
    if (!asked.ok) return sendPrivatePage(request, reply, (frame) => recoverPage(frame, problem(request.body, [{ field: 'email', message: refusalText(asked.refusal, language) }]), false), refusedStatus(reply, asked.refusal));
    return sendPrivatePage(request, reply, (frame) => recoverPage(frame, BLANK, true));
  });
  app.get('/identity/recover/:token', { config: open, schema: { hide: true, params: tokenParams, querystring: langOnly } }, async (request, reply) => {
    const { token } = request.params;
    const fits = await account.checkRecovery(token);
    if (!fits.ok) return sendPrivatePage(request, reply, (frame) => linkProblemPage(frame.language, refusalText(fits.refusal, frame.language), { href: '/identity/recover', label: 'recover.again' }), 403);
    return sendPrivatePage(request, reply, (frame) => newPasswordPage(frame, BLANK, token, fits.value.withoutFactors));
  });
  app.post('/identity/recover/:token', { config: tried, schema: { hide: true, params: tokenParams, body: passwordForm } }, async (request, reply) => {
    const { token } = request.params;
    const { language } = request.frame;
    const done = await account.recover(token, request.body.password);
    if (done.ok) return reply.redirect('/identity/sign-in?said=recovered', 303);
    const message = refusalText(done.refusal, language);
    reply.problemCode = done.refusal.code;
    const fits = await account.checkRecovery(token);
    if (done.refusal.code !== 'bad-password' || !fits.ok) return sendPrivatePage(request, reply, () => linkProblemPage(language, message, { href: '/identity/recover', label: 'recover.again' }), 403);
    return sendPrivatePage(request, reply, (frame) => newPasswordPage(frame, problem({}, [{ field: 'password', message }]), token, fits.value.withoutFactors), 422);
  });
  addressRoutes(app, identity);
  joinRoutes(app, identity, arrivals);
}

function addressRoutes(app: MizanServer, { account }: Identity): void {
  app.get('/identity/address/:token', { config: open, schema: { hide: true, params: tokenParams, querystring: langOnly } }, async (request, reply) => {
    const fits = await account.checkAddress(request.params.token);
    if (!fits.ok) return sendPrivatePage(request, reply, (frame) => linkProblemPage(frame.language, refusalText(fits.refusal, frame.language)), 403);
    return sendPrivatePage(request, reply, (frame) => addressPage(frame, request.params.token, fits.value));
  });
  app.post('/identity/address/:token', { config: tried, schema: { hide: true, params: tokenParams } }, async (request, reply) => {
    const done = await account.confirmAddress(request.params.token);
    if (!done.ok) reply.problemCode = done.refusal.code;
    if (!done.ok) return sendPrivatePage(request, reply, (frame) => linkProblemPage(frame.language, refusalText(done.refusal, frame.language)), 403);
    return reply.redirect('/identity/me?said=address-changed', 303);
  });
}

function joinRoutes(app: MizanServer, identity: Identity, arrivals: readonly Arrival[]): void {
  const { organisations } = identity;
  /** Where a role counts only with a second factor, that comes first. */
  const arrivalOf = ({ caller }: Asking): string => {
    const { restricted, ...full } = caller;
    const href = arrivals.find(({ policy }) => may(full, policy))?.href ?? '/identity/me?said=joined';
    return restricted === true ? withNext('/identity/step-up', href) : href;
  };
  app.get('/identity/join/:token', { config: open, schema: { hide: true, params: tokenParams, querystring: langOnly } }, async (request, reply) => {
    const { token } = request.params;
    const opened = await organisations.openInvitation(token);
    if (!opened.ok) return sendPrivatePage(request, reply, (frame) => linkProblemPage(frame.language, refusalText(opened.refusal, frame.language)), 403);
    const { session } = await identity.ask(request.headers);
    return sendPrivatePage(request, reply, (frame) => joinPage(frame, BLANK, { token, ...opened.value, signedInAs: session?.email }));
  });
  app.post('/identity/join/:token', { config: tried, schema: { hide: true, params: tokenParams, body: joinForm } }, async (request, reply) => {
    const { token } = request.params;
    const { language } = request.frame;
    const { body } = request;
    const { session } = await identity.ask(request.headers);
    const opened = await organisations.openInvitation(token);
    if (opened.ok) request.auditNote = { targets: { organisation: opened.value.organisation.id } };
    else reply.problemCode = opened.refusal.code;
    if (!opened.ok) return sendPrivatePage(request, reply, () => linkProblemPage(language, refusalText(opened.refusal, language)), 403);
    if (session !== undefined) {
      noteActor(request, session.personId);
      const accepted = await organisations.acceptInvitation(token, session.personId);
      if (accepted.ok) return reply.redirect(arrivalOf(await identity.ask(request.headers)), 303);
      reply.problemCode = accepted.refusal.code;
      return sendPrivatePage(request, reply, (frame) => joinPage(frame, problem({}, [{ message: refusalText(accepted.refusal, language) }]), { token, ...opened.value, signedInAs: session.email }), 422);
    }
    const show = (errors: Parameters<typeof problem>[1]) => sendPrivatePage(request, reply, (frame) => joinPage(frame, problem(body, errors), { token, ...opened.value, signedInAs: undefined }), 422);
    const missing = fieldProblems(body, language, { required: ['name', 'password'] });
    if (missing.length > 0) return show(missing);
    const done = await organisations.joinAsNew({ token, name: body.name.trim(), language: languageOf(body.language, language), password: body.password, origin: originOf(request) });
    if (!done.ok) reply.problemCode = done.refusal.code;
    if (!done.ok) return show([{ ...(done.refusal.code === 'bad-password' ? { field: 'password' } : {}), message: refusalText(done.refusal, language) }]);
    noteActor(request, done.value.personId);
    giveSession(identity, reply, done.value.token);
    return reply.redirect(arrivalOf(await identity.ask({ cookie: sessionCookie(identity, done.value.token) })), 303);
  });
}

export function stepUpRoutes(app: MizanServer, identity: Identity, script: () => string): void {
  const seen = { policy: 'account.see' as const };
  const changed = { policy: 'account.change' as const };
  app.get('/identity/step-up', { config: seen, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const next = nextPage(request.query.next, '/identity/me');
    const { hasCode, passkeys } = await identity.factors.state(who.personId);
    // Somebody without a second factor sets one up first; that is a proof too.
    if (!hasCode && passkeys.length === 0) return reply.redirect(withNext('/identity/me/code', next), 303);
    return sendPrivatePage(request, reply, (frame) => stepUpPage(frame, BLANK, next, { hasCode, hasPasskey: passkeys.length > 0 }, script()));
  });
  app.post('/identity/step-up', { config: changed, schema: { hide: true, body: codeForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const next = nextPage(request.body.next, '/identity/me');
    const done = await identity.signIn.stepUpWithCode({ sessionId: who.sessionId, personId: who.personId, method: who.session.method, code: request.body.code, origin: originOf(request) });
    if (!done.ok) {
      const { hasCode, passkeys } = await identity.factors.state(who.personId);
      return sendPrivatePage(request, reply, (frame) => stepUpPage(frame, problem({}, [{ field: 'code', message: refusalText(done.refusal, frame.language) }]), next, { hasCode, hasPasskey: passkeys.length > 0 }, script()), refusedStatus(reply, done.refusal));
    }
    giveSession(identity, reply, done.value);
    return reply.redirect(next, 303);
  });
}
