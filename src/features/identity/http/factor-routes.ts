/** Routes of a person's second factors: setting up a generator of codes, and the password before the first factor. */

import type { MizanServer } from '../../../platform/http/index.ts';
import type { Identity } from '../actions/open-identity.ts';
import { nextPage, withNext } from '../rules/next-page.ts';
import { refusalText } from '../text/index.ts';
import { BLANK } from '../web/layout.tsx';
import { codeSetUpPage, confirmPage, recoveryCodesPage } from '../web/factor-pages.tsx';
import { demandPerson, giveSession, isConfirmed, originOf, refusedStatus, sendPrivatePage } from './answer.ts';
import { codeForm, confirmForm, nextQuery, problem } from './forms.ts';

const seen = { policy: 'account.see' as const };
const changed = { policy: 'account.change' as const };
const OWN_ACCOUNT = '/identity/me';

export function factorRoutes(app: MizanServer, identity: Identity): void {
  app.get('/identity/me/code', { config: seen, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    // The secret itself is shown to nobody who has only found an open screen.
    if (!isConfirmed(identity, who)) return reply.redirect(withNext('/identity/me/confirm', request.url), 303);
    const offer = await identity.factors.offer(who.personId);
    if (offer === undefined) return reply.redirect(OWN_ACCOUNT, 303);
    const next = nextPage(request.query.next, OWN_ACCOUNT);
    return sendPrivatePage(request, reply, (frame) => codeSetUpPage(frame, BLANK, offer, next, who.caller.restricted === true));
  });
  app.post('/identity/me/code', { config: changed, schema: { hide: true, body: codeForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const { language } = request.frame;
    const next = nextPage(request.body.next, OWN_ACCOUNT);
    if (!isConfirmed(identity, who)) {
      reply.problemCode = 'confirm-first';
      return reply.redirect(withNext('/identity/me/confirm', withNext('/identity/me/code', next)), 303);
    }
    const offer = await identity.factors.offer(who.personId);
    if (offer === undefined) return reply.redirect(OWN_ACCOUNT, 303);
    const done = await identity.factors.confirm({ personId: who.personId, sessionId: who.sessionId, code: request.body.code, origin: originOf(request) });
    if (!done.ok) return sendPrivatePage(request, reply, (frame) => codeSetUpPage(frame, problem(request.body, [{ field: 'code', message: refusalText(done.refusal, language) }]), offer, next, who.caller.restricted === true), refusedStatus(reply, done.refusal));
    if (done.value.token !== undefined) giveSession(identity, reply, done.value.token);
    return sendPrivatePage(request, reply, (frame) => recoveryCodesPage(frame, done.value.recoveryCodes, next, frame.theme.name[frame.language]));
  });
  confirmRoutes(app, identity);
}

function confirmRoutes(app: MizanServer, identity: Identity): void {
  app.get('/identity/me/confirm', { config: seen, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const next = nextPage(request.query.next, OWN_ACCOUNT);
    const { hasCode, hasPassword, passkeys } = await identity.factors.state(who.personId);
    if (hasCode || passkeys.length > 0) return reply.redirect(withNext('/identity/step-up', next), 303);
    return sendPrivatePage(request, reply, (frame) => confirmPage(frame, BLANK, next, { hasPassword, email: who.session.email }));
  });
  app.post('/identity/me/confirm', { config: changed, schema: { hide: true, body: confirmForm } }, async (request, reply) => {
    const who = await demandPerson(identity, request, reply);
    if (who === undefined) return reply;
    const next = nextPage(request.body.next, OWN_ACCOUNT);
    const done = await identity.signIn.confirmWithPassword({ sessionId: who.sessionId, personId: who.personId, password: request.body.password, origin: originOf(request) });
    if (!done.ok) {
      const { hasPassword } = await identity.factors.state(who.personId);
      return sendPrivatePage(request, reply, (frame) => confirmPage(frame, problem({}, [{ field: 'password', message: refusalText(done.refusal, frame.language) }]), next, { hasPassword, email: who.session.email }), refusedStatus(reply, done.refusal));
    }
    giveSession(identity, reply, done.value);
    return reply.redirect(next, 303);
  });
}
