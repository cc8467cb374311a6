/** Routes of the page of one's own account. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isSteppedUp, POLICY_NAMES } from '../../../platform/auth/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import { permitsOffered } from '../actions/keys.ts';
import type { Identity } from '../actions/open-identity.ts';
import type { IdentityRefusal } from '../model.ts';
import { withNext } from '../rules/next-page.ts';
import { identityText, refusalText } from '../text/index.ts';
import { recoveryCodesPage } from '../web/factor-pages.tsx';
import { BLANK, type FormState } from '../web/layout.tsx';
import { mePage, newKeyPage } from '../web/me-page.tsx';
import { demandPerson, giveSession, isConfirmed, originOf, refusedStatus, sendPrivatePage, type SignedIn } from './answer.ts';
import { fieldProblems, languageOf, listOf, meAddressForm, meDataForm, meKeyForm, mePasswordForm, nameForm, nextQuery, problem } from './forms.ts';

const SAID = ['saved', 'address-asked', 'address-changed', 'password-changed', 'factor-removed', 'session-ended', 'key-revoked', 'joined'] as const;
const byId = z.object({ id: z.uuid() });
const seen = { policy: 'account.see' as const };
const changed = { policy: 'account.change' as const };
const guarded = { policy: 'account.protect' as const };

type Show = (request: FastifyRequest, reply: FastifyReply, who: SignedIn, form: FormState, status?: number, said?: string) => Promise<FastifyReply>;

export function meRoutes(app: MizanServer, identity: Identity, script: () => string): void {
  const confirmHref = (who: SignedIn, { hasCode, passkeys }: Awaited<ReturnType<Identity['factors']['state']>>): string | undefined => {
    const hasFactor = hasCode || passkeys.length > 0;
    if (hasFactor ? isSteppedUp(who.caller, Date.parse(identity.parts.clock.now())) : isConfirmed(identity, who)) return undefined;
    return withNext(hasFactor ? '/identity/step-up' : '/identity/me/confirm', '/identity/me#passkeys');
  };
  const show: Show = async (request, reply, who, form, status = 200, said) => {
    const [person, memberships, factors, sessions, keys] = await Promise.all([
      identity.account.person(who.personId),
      identity.organisations.membershipsOf(who.personId),
      identity.factors.state(who.personId),
      identity.account.sessions(who.personId),
      identity.keys.list(who.personId),
    ]);
    if (person === undefined) return reply.redirect('/identity/sign-in', 303);
    const known = SAID.find((one) => one === said);
    return sendPrivatePage(
      request,
      reply,
      (frame) => mePage(frame, { person, memberships, factors, sessions, sessionId: who.sessionId, keys, permits: permitsOffered(who.caller, POLICY_NAMES), isRestricted: who.caller.restricted === true, confirmHref: confirmHref(who, factors), said: known === undefined ? undefined : identityText.in(frame.language)(`said.${known}`), script: script() }, form),
      status,
    );
  };
  app.get('/identity/me', { config: seen, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    return who === undefined ? reply : show(request, reply, who, BLANK, 200, request.query.said);
  });
  dataRoutes(app, identity, show);
  factorChangeRoutes(app, identity);
  sessionRoutes(app, identity);
  keyRoutes(app, identity, show);
}

function dataRoutes(app: MizanServer, identity: Identity, show: Show): void {
  const { account } = identity;
  app.post('/identity/me', { config: changed, schema: { hide: true, body: meDataForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const wrong = fieldProblems(request.body, request.frame.language, { required: ['name'] });
    if (wrong.length > 0) return show(request, reply, who, problem(request.body, wrong), 422);
    await account.change(who.personId, { name: request.body.name.trim(), language: languageOf(request.body.language, request.frame.language) });
    return reply.redirect('/identity/me?said=saved', 303);
  });
  app.post('/identity/me/email', { config: changed, schema: { hide: true, body: meAddressForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const { language } = request.frame;
    const email = request.body.email.trim();
    const wrong = fieldProblems({ email }, language, { email: 'email' });
    if (wrong.length > 0) return show(request, reply, who, problem(request.body, wrong), 422);
    const asked = await account.askAddress({ personId: who.personId, email, password: request.body['address-password'], origin: originOf(request) });
    if (!asked.ok) return show(request, reply, who, problem(request.body, [{ field: 'address-password', message: refusalText(asked.refusal, language) }]), refusedStatus(reply, asked.refusal));
    return reply.redirect('/identity/me?said=address-asked', 303);
  });
  app.post('/identity/me/password', { config: changed, schema: { hide: true, body: mePasswordForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const { language } = request.frame;
    const done = await account.changePassword({ personId: who.personId, sessionId: who.sessionId, present: request.body['present-password'], password: request.body['new-password'], origin: originOf(request) });
    if (!done.ok) return show(request, reply, who, problem({}, [{ field: done.refusal.code === 'bad-password' ? 'new-password' : 'present-password', message: refusalText(done.refusal, language) }]), refusedStatus(reply, done.refusal));
    if (done.value !== undefined) giveSession(identity, reply, done.value);
    return reply.redirect('/identity/me?said=password-changed', 303);
  });
}

function factorChangeRoutes(app: MizanServer, identity: Identity): void {
  const { factors } = identity;
  const after = (reply: FastifyReply, done: { readonly ok: true; readonly value: string | undefined } | { readonly ok: false; readonly refusal: IdentityRefusal }): FastifyReply => {
    if (!done.ok) reply.problemCode = done.refusal.code;
    if (done.ok && done.value !== undefined) giveSession(identity, reply, done.value);
    return reply.redirect(done.ok ? '/identity/me?said=factor-removed' : '/identity/me', 303);
  };
  app.post('/identity/me/recovery-codes', { config: guarded, schema: { hide: true } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const codes = await factors.renewRecoveryCodes(who.personId);
    if (!codes.ok) reply.problemCode = codes.refusal.code;
    if (!codes.ok) return reply.redirect('/identity/me', 303);
    return sendPrivatePage(request, reply, (frame) => recoveryCodesPage(frame, codes.value, '/identity/me', frame.theme.name[frame.language]));
  });
  app.post('/identity/me/code/remove', { config: guarded, schema: { hide: true } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    return who === undefined ? reply : after(reply, await factors.removeGenerator(who));
  });
  app.post('/identity/me/passkeys/:id/remove', { config: guarded, schema: { hide: true, params: byId } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    return who === undefined ? reply : after(reply, await factors.removePasskey({ ...who, id: request.params.id }));
  });
  app.post('/identity/me/passkeys/:id/name', { config: changed, schema: { hide: true, params: byId, body: nameForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const name = request.body.name.trim();
    const done = name !== '' && (await factors.renamePasskey(who.personId, request.params.id, name)).ok;
    return reply.redirect(done ? '/identity/me?said=saved' : '/identity/me', 303);
  });
}

function sessionRoutes(app: MizanServer, identity: Identity): void {
  app.post('/identity/me/sessions/:id/end', { config: changed, schema: { hide: true, params: byId } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const done = await identity.account.endSession(who.personId, request.params.id);
    return reply.redirect(done.ok ? '/identity/me?said=session-ended' : '/identity/me', 303);
  });
  app.post('/identity/me/sessions/end-others', { config: changed, schema: { hide: true } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    await identity.account.endOtherSessions(who.personId, who.sessionId);
    return reply.redirect('/identity/me?said=session-ended', 303);
  });
}

function keyRoutes(app: MizanServer, identity: Identity, show: Show): void {
  app.post('/identity/me/keys', { config: guarded, schema: { hide: true, body: meKeyForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const { language } = request.frame;
    const wrong = fieldProblems(request.body, language, { required: ['key-name'] });
    if (wrong.length > 0) return show(request, reply, who, problem(request.body, wrong), 422);
    const done = await identity.keys.create({ caller: who.caller, name: request.body['key-name'].trim().slice(0, 100), permits: listOf(request.body.permits), days: Number(request.body.days) });
    if (done.ok) return sendPrivatePage(request, reply, (frame) => newKeyPage(frame, done.value.key));
    return show(request, reply, who, problem(request.body, [{ field: done.refusal.code === 'key-lifetime' ? 'days' : 'permits', message: refusalText(done.refusal, language) }]), refusedStatus(reply, done.refusal));
  });
  app.post('/identity/me/keys/:id/revoke', { config: changed, schema: { hide: true, params: byId } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const done = await identity.keys.revoke(who.personId, request.params.id);
    return reply.redirect(done.ok ? '/identity/me?said=key-revoked' : '/identity/me', 303);
  });
}
