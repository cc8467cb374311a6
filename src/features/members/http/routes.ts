/** All routes of the register of members: who holds a place for everybody, the desk that keeps it, and the register as files. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Verdict } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { emptyAsAbsent, type MizanServer, sendPage } from '../../../platform/http/index.ts';
import type { CouncilPack } from '../../council/index.ts';
import type { Members } from '../actions/open-members.ts';
import { type MemberRefusal, type RegisterFilter, STANDINGS } from '../model.ts';
import type { Given } from '../rules/read-forms.ts';
import { filterRegister } from '../rules/register.ts';
import { outlineOf, registerCsv } from '../rules/register-file.ts';
import { placePage } from '../web/place-page.tsx';
import { registerPage } from '../web/register-page.tsx';
import { nominationRoutes } from './nominations.ts';
import { refused } from './refuse.ts';

export interface MemberRouteParts {
  readonly members: Members;
  readonly pack: CouncilPack;
  readonly clock: Clock;
}

const lang = z.string().max(10).optional();
const NAME_CHARS_MAX = 60;
const PLACE_CHARS_MAX = 50;
const FIELD_CHARS_MAX = 8000;
const WORD_CHARS_MAX = 40;
const listQuery = z.object({ q: emptyAsAbsent(z.string().max(200)), constituency: emptyAsAbsent(z.string().max(NAME_CHARS_MAX)), standing: emptyAsAbsent(z.enum(STANDINGS)), lang });
const byPlace = z.object({ place: z.string().max(PLACE_CHARS_MAX) });
const byTerm = z.object({ id: z.uuid() });
const formFields = z.record(z.string().max(WORD_CHARS_MAX), z.string().max(FIELD_CHARS_MAX).optional());
const loose = z.looseObject({});

const filterOf = ({ q, constituency, standing }: z.infer<typeof listQuery>): RegisterFilter => ({ q, constituency, standing });

export function membersRoutes(app: MizanServer, parts: MemberRouteParts): void {
  listRoutes(app, parts);
  fileRoutes(app, parts);
  placeRoutes(app, parts);
  nominationRoutes(app, parts);
}

function listRoutes(app: MizanServer, { members, pack, clock }: MemberRouteParts): void {
  const show = (isDesk: boolean) => async (request: FastifyRequest<{ Querystring: z.infer<typeof listQuery> }>, reply: FastifyReply) => {
    const [view, heard] = await Promise.all([members.register(), isDesk ? members.heard() : undefined]);
    const nowS = Math.floor(Date.parse(clock.now()) / 1000);
    return sendPage(request, reply, (frame) => registerPage(frame, { view, pack, filter: filterOf(request.query), isDesk, heard, nowS }));
  };
  app.get('/members', { config: { policy: 'public' }, schema: { hide: true, querystring: listQuery } }, show(false));
  app.get('/members/desk', { config: { policy: 'member.see' }, schema: { hide: true, querystring: listQuery } }, show(true));
}

/** The same for everybody, whoever asks: what only the secretariat sees stands on its desk. */
function fileRoutes(app: MizanServer, { members }: MemberRouteParts): void {
  app.get('/members.csv', { config: { policy: 'public' }, schema: { hide: true, querystring: listQuery } }, async (request, reply) => {
    const { rows } = await members.register();
    return reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="members.csv"').header('cache-control', 'no-store').send(registerCsv(filterRegister(rows, filterOf(request.query))));
  });
  app.get('/api/v1/members', { config: { policy: 'public', api: true }, schema: { tags: ['members'], summary: 'Who holds which place of the council, and until when', querystring: listQuery, response: { 200: z.object({ on: z.string(), items: z.array(loose) }) } } }, async (request) => {
    const { rows, today } = await members.register();
    return { on: today, items: filterRegister(rows, filterOf(request.query)).map((row) => ({ ...outlineOf(row) })) };
  });
}

function placeRoutes(app: MizanServer, { members, pack }: MemberRouteParts): void {
  const config = { policy: 'member.write' as const };
  const show = async (request: FastifyRequest, reply: FastifyReply, name: string, more: { readonly isDesk: boolean; readonly said?: string | undefined; readonly refusal?: MemberRefusal; readonly given?: Given; readonly of?: string }) => {
    const view = await members.place(name);
    if (view === undefined) throw refused({ code: 'no-member' }, request.frame.language);
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    return sendPage(request, reply, (frame) => placePage(frame, { view, pack, given: {}, ...more }), status);
  };
  const finish = async (request: FastifyRequest, reply: FastifyReply, name: string, done: Verdict<unknown, MemberRefusal>, word: string, given: Given, of?: string) => {
    if (!done.ok) return show(request, reply, name, { isDesk: true, refusal: done.refusal, given, ...(of === undefined ? {} : { of }) });
    app.pages.clear();
    return reply.redirect(`/members/places/${name}/desk?said=${word}`, 303);
  };
  app.get('/members/places/:place', { config: { policy: 'public' }, schema: { hide: true, params: byPlace, querystring: z.object({ lang }) } }, (request, reply) => show(request, reply, request.params.place, { isDesk: false }));
  app.get('/members/places/:place/desk', { config: { policy: 'member.see' }, schema: { hide: true, params: byPlace, querystring: z.object({ said: z.string().max(WORD_CHARS_MAX).optional(), lang }) } }, (request, reply) => show(request, reply, request.params.place, { isDesk: true, said: request.query.said }));
  app.post('/members/places/:place/terms', { config, schema: { hide: true, params: byPlace, body: formFields } }, async (request, reply) => finish(request, reply, request.params.place, await members.enter(request.params.place, request.body), 'entered', request.body));
  app.post('/members/terms/:id/interests', { config: { policy: 'member.declare' }, schema: { hide: true, params: byTerm, body: formFields } }, async (request, reply) => {
    const { id } = request.params;
    const place = await members.placeOfTerm(id);
    if (place === undefined) throw refused({ code: 'no-member' }, request.frame.language);
    return finish(request, reply, place, await members.declare(id, request.body), 'declared', request.body, `interest-${id}`);
  });
  app.post('/members/interests/:id/end', { config: { policy: 'member.declare' }, schema: { hide: true, params: byTerm, body: formFields } }, async (request, reply) => {
    const { id } = request.params;
    const place = await members.placeOfInterest(id);
    if (place === undefined) throw refused({ code: 'no-member' }, request.frame.language);
    return finish(request, reply, place, await members.endInterest(id, request.body, Number(request.body['revision'])), 'interest-ended', request.body, id);
  });
  for (const act of ['swear', 'end'] as const)
    app.post(`/members/terms/:id/${act}`, { config, schema: { hide: true, params: byTerm, body: formFields } }, async (request, reply) => {
      const { id } = request.params;
      const place = await members.placeOfTerm(id);
      if (place === undefined) throw refused({ code: 'no-member' }, request.frame.language);
      return finish(request, reply, place, await members[act](id, request.body, Number(request.body['revision'])), act === 'swear' ? 'sworn' : 'ended', request.body, id);
    });
}
