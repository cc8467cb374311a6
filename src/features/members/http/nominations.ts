/** Routes of nominations: the list for everybody, the desk, the form, what becomes of each, and the motion that follows. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authorOf, type MizanServer, sendPage } from '../../../platform/http/index.ts';
import type { MemberRefusal } from '../model.ts';
import type { Given } from '../rules/read-forms.ts';
import { nominationForm, nominationsPage } from '../web/nominations-page.tsx';
import { refused } from './refuse.ts';
import type { MemberRouteParts } from './routes.ts';

const WORD_CHARS_MAX = 40;
/** A file of keys with line ends that browsers double. */
const FIELD_CHARS_MAX = 66_000;
const lang = z.string().max(10).optional();
const byId = z.object({ id: z.uuid() });
const formFields = z.record(z.string().max(WORD_CHARS_MAX), z.string().max(FIELD_CHARS_MAX).optional());
const decided = formFields.and(z.object({ decision: z.enum(['accept', 'decline', 'withdraw']) }));
const said = z.object({ said: z.string().max(WORD_CHARS_MAX).optional(), lang });

export function nominationRoutes(app: MizanServer, { members, pack }: MemberRouteParts): void {
  const desk = '/members/nominations/desk';
  const show = async (request: FastifyRequest, reply: FastifyReply, more: { readonly isDesk: boolean; readonly said?: string | undefined; readonly refusal?: MemberRefusal; readonly given?: Given; readonly of?: string | undefined }) => {
    const view = await members.nominations();
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    return sendPage(request, reply, (frame) => nominationsPage(frame, { view, pack, given: {}, ...more }), status);
  };
  const done = (reply: FastifyReply, to: string) => {
    app.pages.clear();
    return reply.redirect(to, 303);
  };
  app.get('/members/nominations', { config: { policy: 'public' }, schema: { hide: true, querystring: z.object({ lang }) } }, (request, reply) => show(request, reply, { isDesk: false }));
  app.get(desk, { config: { policy: 'member.see' }, schema: { hide: true, querystring: said } }, (request, reply) => show(request, reply, { isDesk: true, said: request.query.said }));
  const showForm = async (request: FastifyRequest, reply: FastifyReply, given: Given, refusal?: MemberRefusal) => {
    const view = await members.nominations();
    return sendPage(request, reply, (frame) => nominationForm(frame, { view, pack, given, refusal }), refusal === undefined ? 200 : refused(refusal, request.frame.language).status);
  };
  app.get('/members/nominations/new', { config: { policy: 'member.nominate' }, schema: { hide: true, querystring: z.object({ place: z.string().max(WORD_CHARS_MAX).optional(), lang }) } }, (request, reply) => showForm(request, reply, { place: request.query.place }));
  app.post('/members/nominations', { config: { policy: 'member.nominate' }, schema: { hide: true, body: formFields } }, async (request, reply) => {
    const made = await members.nominate(request.body);
    return made.ok ? done(reply, `${desk}?said=nominated#nomination-${made.value}`) : showForm(request, reply, request.body, made.refusal);
  });
  app.post('/members/nominations/:id/decision', { config: { policy: 'member.write' }, schema: { hide: true, params: byId, body: decided } }, async (request, reply) => {
    const { id } = request.params;
    const made = await members[request.body.decision](id, request.body, Number(request.body['revision']));
    return made.ok ? done(reply, `${desk}?said=decided`) : show(request, reply, { isDesk: true, refusal: made.refusal, given: request.body, of: id });
  });
  app.post('/members/nominations/:id/keys', { config: { policy: 'member.write' }, schema: { hide: true, params: byId, body: formFields } }, async (request, reply) => {
    const { id } = request.params;
    const made = await members.handIn(id, request.body, Number(request.body['revision']));
    return made.ok ? done(reply, `${desk}?said=keys`) : show(request, reply, { isDesk: true, refusal: made.refusal, given: request.body, of: id });
  });
  app.post('/members/nominations/motion', { config: { policy: 'motion.write' }, schema: { hide: true, body: formFields } }, async (request, reply) => {
    const made = await members.move(request.body, authorOf(request, request.caller.actor));
    return made.ok ? done(reply, `/motions/${made.value}/desk`) : show(request, reply, { isDesk: true, refusal: made.refusal, given: request.body });
  });
}
