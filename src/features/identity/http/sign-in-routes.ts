/** Routes of first set-up, sign-in, second step and sign-out. */

import type { MizanServer } from '../../../platform/http/index.ts';
import type { Identity } from '../actions/open-identity.ts';
import { nextPage, withNext } from '../rules/next-page.ts';
import { identityText, refusalText } from '../text/index.ts';
import { BLANK, linkProblemPage } from '../web/layout.tsx';
import { secondStepPage, setUpPage, signInPage } from '../web/sign-in-pages.tsx';
import { giveSecondStep, giveSession, noteActor, noteTarget, originOf, refusedStatus, secondStepToken, sendPrivatePage, sessionToken, takeSession } from './answer.ts';
import { codeForm, fieldProblems, languageOf, nextQuery, problem, setUpForm, signInForm, tokenQuery } from './forms.ts';

const open = { policy: 'public' as const };
/** Anybody may try; every try is recorded. */
const tried = { policy: 'public' as const, audited: true };

/** `offersSso` tells whether any organisation has connected its own sign-in. */
export function signInRoutes(app: MizanServer, identity: Identity, script: () => string, offersSso: () => Promise<boolean>, startHref: string): void {
  setUpRoutes(app, identity, startHref);
  app.get('/identity/sign-in', { config: open, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const { session } = await identity.ask(request.headers);
    const next = nextPage(request.query.next);
    if (session !== undefined) return reply.redirect(next, 303);
    const said = request.query.said === 'recovered' || request.query.said === 'signed-out' ? request.query.said : undefined;
    const sso = await offersSso();
    return sendPrivatePage(request, reply, (frame) => signInPage(frame, BLANK, next, script(), { said, sso }));
  });
  app.post('/identity/sign-in', { config: tried, schema: { hide: true, body: signInForm } }, async (request, reply) => {
    const { language } = request.frame;
    const next = nextPage(request.body.next);
    const email = request.body.email.trim();
    const sso = await offersSso();
    const missing = fieldProblems({ ...request.body, email }, language, { required: ['email', 'password'] });
    if (missing.length > 0) return sendPrivatePage(request, reply, (frame) => signInPage(frame, problem(request.body, missing), next, script(), { sso }), 422);
    const done = await identity.signIn.withPassword({ email, password: request.body.password, origin: originOf(request), before: sessionToken(identity, request) });
    if (!done.ok) return sendPrivatePage(request, reply, (frame) => signInPage(frame, problem(request.body, [{ field: 'email', message: refusalText(done.refusal, language) }]), next, script(), { sso }), refusedStatus(reply, done.refusal));
    if (done.value.step === 'second') {
      giveSecondStep(identity, reply, done.value.token);
      return reply.redirect(withNext('/identity/second-factor', next), 303);
    }
    noteActor(request, done.value.personId);
    giveSession(identity, reply, done.value.token);
    return reply.redirect(next, 303);
  });
  secondStepRoutes(app, identity, script);
  app.post('/identity/sign-out', { config: tried, schema: { hide: true } }, async (request, reply) => {
    const token = sessionToken(identity, request);
    const { caller } = await identity.ask(request.headers);
    if (caller.personId !== undefined) noteActor(request, caller.personId);
    if (token !== undefined) await identity.signIn.signOut(token, caller.personId);
    takeSession(identity, reply);
    return reply.redirect('/identity/sign-in?said=signed-out', 303);
  });
}

function secondStepRoutes(app: MizanServer, identity: Identity, script: () => string): void {
  app.get('/identity/second-factor', { config: open, schema: { hide: true, querystring: nextQuery } }, async (request, reply) => {
    const next = nextPage(request.query.next);
    const step = await identity.signIn.secondStep(secondStepToken(identity, request));
    if (step === undefined) return reply.redirect(withNext('/identity/sign-in', next), 303);
    return sendPrivatePage(request, reply, (frame) => secondStepPage(frame, BLANK, next, step, script()));
  });
  app.post('/identity/second-factor', { config: tried, schema: { hide: true, body: codeForm } }, async (request, reply) => {
    const { language } = request.frame;
    const next = nextPage(request.body.next);
    const token = secondStepToken(identity, request);
    const step = await identity.signIn.secondStep(token);
    // Whose password was right, also when the code is wrong.
    if (step !== undefined) noteTarget(request, step.personId);
    if (step === undefined || token === undefined) return reply.redirect(withNext('/identity/sign-in', next), 303);
    const done = await identity.signIn.withCode({ token, code: request.body.code, origin: originOf(request), before: sessionToken(identity, request) });
    if (!done.ok) return sendPrivatePage(request, reply, (frame) => secondStepPage(frame, problem(request.body, [{ field: 'code', message: refusalText(done.refusal, language) }]), next, step, script()), refusedStatus(reply, done.refusal));
    noteActor(request, done.value.personId);
    giveSecondStep(identity, reply, undefined);
    giveSession(identity, reply, done.value.token);
    return reply.redirect(next, 303);
  });
}

function setUpRoutes(app: MizanServer, identity: Identity, startHref: string): void {
  app.get('/identity/setup', { config: open, schema: { hide: true, querystring: tokenQuery } }, async (request, reply) => {
    const { token } = request.query;
    const fits = await identity.setUp.check(token);
    if (fits.ok) return sendPrivatePage(request, reply, (frame) => setUpPage(frame, BLANK, token));
    return sendPrivatePage(request, reply, (frame) => linkProblemPage(frame.language, refusalText(fits.refusal, frame.language), { href: '/identity/sign-in', label: 'sign-in.title' }), 403);
  });
  app.post('/identity/setup', { config: tried, schema: { hide: true, body: setUpForm } }, async (request, reply) => {
    const { language } = request.frame;
    const { body } = request;
    const fits = await identity.setUp.check(body.token);
    if (!fits.ok) return sendPrivatePage(request, reply, (frame) => linkProblemPage(language, refusalText(fits.refusal, frame.language), { href: '/identity/sign-in', label: 'sign-in.title' }), 403);
    const errors = fieldProblems(body, language, { required: ['regulator-az', 'regulator-en', 'regulator-ru', 'name'], email: 'email' });
    if (body.password === '') errors.push({ field: 'password', message: identityText.in(language)('field.required') });
    const show = (messages: typeof errors) => sendPrivatePage(request, reply, (frame) => setUpPage(frame, problem(body, messages), body.token), 422);
    if (errors.length > 0) return show(errors);
    const done = await identity.setUp.run({
      token: body.token,
      regulator: { az: body['regulator-az'].trim(), en: body['regulator-en'].trim(), ru: body['regulator-ru'].trim() },
      name: body.name.trim(),
      email: body.email.trim(),
      language: languageOf(body.language, language),
      password: body.password,
      origin: originOf(request),
    });
    if (!done.ok) {
      const message = refusalText(done.refusal, language);
      reply.problemCode = done.refusal.code;
      if (done.refusal.code === 'bad-password') return show([{ field: 'password', message }]);
      return sendPrivatePage(request, reply, () => linkProblemPage(language, message, { href: '/identity/sign-in', label: 'sign-in.title' }), 403);
    }
    noteActor(request, done.value.personId);
    giveSession(identity, reply, done.value.token);
    return reply.redirect(withNext('/identity/me/code', startHref), 303);
  });
}
