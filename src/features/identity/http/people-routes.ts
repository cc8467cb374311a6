/** Pages of people: the list, one person, and the measures that administrators take. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../../base/index.ts';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import { ROLES, type Scope } from '../../../platform/auth/index.ts';
import type { Administration } from '../actions/administration.ts';
import { adminRefusalText, type AdminRefusal, isMissing } from '../actions/admin-refusals.ts';
import { csvTable } from '../rules/csv-table.ts';
import { PEOPLE_STATES, type PeopleFilter, type PersonSeen } from '../store/administration.ts';
import { adminText } from '../text/admin/index.ts';
import { factorText, peoplePage, type PersonForm, personPage } from '../web/admin/people-pages.tsx';
import { byName, idsOfActs, roleLabel } from '../web/admin/parts.tsx';
import type { FormState } from '../web/layout.tsx';
import { type AdministrationParts, byId, form, type Form, isId, notFound, noteTargets, problemState, refusedAs, roleOf, sendCsv } from './administration-parts.ts';

const PEOPLE_SHOWN = 50;
export const PEOPLE_EXPORTED_MAX = 10_000;
const EXPORT_PAGE = 500;
const CHOICES_MAX = 1_000;
const PATH = '/identity/people';
export const peopleQuery = z.object({ q: z.string().max(200).optional(), role: z.string().max(40).optional(), organisation: z.string().max(60).optional(), state: z.string().max(20).optional(), after: z.string().max(1_000).optional(), lang: z.string().max(10).optional() });
const saidQuery = z.object({ said: z.string().max(40).optional(), lang: z.string().max(10).optional() });

/** What the filters of an address mean; what they cannot mean is left out. */
export function filterOf(query: z.infer<typeof peopleQuery>): Omit<PeopleFilter, 'limit'> {
  const [name, id] = decodeCursor(query.after ?? '') ?? [];
  return {
    q: query.q,
    role: roleOf(query.role),
    organisation: isId(query.organisation) ? query.organisation : undefined,
    state: PEOPLE_STATES.find((state) => state === query.state),
    after: typeof name === 'string' && typeof id === 'string' && isId(id) ? { name, id } : undefined,
  };
}

export function cursorAfter(people: readonly PersonSeen[], limit: number): string | undefined {
  const last = people.length > limit ? people[limit - 1] : undefined;
  return last === undefined ? undefined : encodeCursor([last.name, last.id]);
}

export function peopleRoutes(app: MizanServer, parts: AdministrationParts): void {
  const { administration, clock } = parts;
  app.get(PATH, { config: { policy: 'person.see' }, schema: { hide: true, querystring: peopleQuery } }, async (request, reply) => {
    const people = await administration.people({ ...filterOf(request.query), limit: PEOPLE_SHOWN + 1 });
    const organisations = (await administration.organisations(request.scope)).toSorted(byName(request.frame.language)).slice(0, CHOICES_MAX);
    const { q, role, organisation, state } = request.query;
    return sendPage(request, reply, (frame) => peoplePage(frame, { people: people.slice(0, PEOPLE_SHOWN), query: { q, role, organisation, state }, organisations, isFirst: filterOf(request.query).after === undefined, next: cursorAfter(people, PEOPLE_SHOWN) }));
  });
  app.get(`${PATH}.csv`, { config: { policy: 'person.see' }, schema: { hide: true, querystring: peopleQuery } }, async (request, reply) => {
    const { language } = request.frame;
    const t = adminText.in(language);
    const rows: string[][] = [];
    let after = filterOf(request.query).after;
    while (rows.length < PEOPLE_EXPORTED_MAX) {
      const people = await administration.people({ ...filterOf(request.query), after, limit: EXPORT_PAGE });
      for (const one of people) rows.push([one.id, one.name, one.email, one.roles.map(({ role, names }) => `${roleLabel(role, language)}: ${names[language]}`).join('; '), one.signedInAt ?? '', factorText(one, language), String(one.sessions), t(one.closedAt === undefined ? 'state.open' : 'state.locked'), one.createdAt]);
      const last = people.at(-1);
      if (last === undefined || people.length < EXPORT_PAGE) break;
      after = { name: last.name, id: last.id };
    }
    const head = [t('csv.id'), t('field.person'), t('field.email'), t('field.roles'), t('field.signed-in'), t('field.factor'), t('field.sessions'), t('field.state'), t('field.created')];
    return sendCsv(reply, 'people', clock.now(), csvTable(head, rows.slice(0, PEOPLE_EXPORTED_MAX)));
  });
  app.get(`${PATH}/:id`, { config: { policy: 'person.see' }, schema: { hide: true, params: byId, querystring: saidQuery } }, async (request, reply) => show(parts, request, reply, request.params.id, { said: request.query.said }));
  measureRoutes(app, parts);
}

function measureRoutes(app: MizanServer, parts: AdministrationParts): void {
  const { administration } = parts;
  const withReason = [
    ['lock', 'person.lock', 'locked'],
    ['unlock', 'person.lock', 'unlocked'],
    ['factors', 'person.recover', 'factors-removed'],
  ] as const;
  for (const [act, policy, said] of withReason) {
    app.post(`${PATH}/:id/${act}`, { config: { policy }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
      const id = demandId(request, request.params.id);
      const reason = (request.body['reason'] ?? '').trim();
      if (reason === '') return show(parts, request, reply, id, { name: act, state: problemState(reply, request.body, [{ field: `${act}-reason`, message: adminText.in(request.frame.language)('field.required') }]) });
      return finish(parts, request, reply, id, await takeMeasure(administration, act, request.scope, id, reason), said, { name: act, field: `${act}-reason`, fields: request.body });
    });
  }
  app.post(`${PATH}/:id/recovery`, { config: { policy: 'person.recover' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const id = demandId(request, request.params.id);
    return finish(parts, request, reply, id, await administration.sendRecovery(request.scope, id), 'recovery-sent', { name: 'lock', field: undefined, fields: {} });
  });
  app.post(`${PATH}/:id/sessions/end`, { config: { policy: 'person.lock' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const id = demandId(request, request.params.id);
    return finish(parts, request, reply, id, await administration.endSessions(request.scope, id), 'sessions-ended', { name: 'lock', field: undefined, fields: {} });
  });
  app.post(`${PATH}/:id/sessions/:session/end`, { config: { policy: 'person.lock' }, schema: { hide: true, params: z.object({ id: z.string().max(60), session: z.string().max(60) }) } }, async (request, reply) => {
    const id = demandId(request, request.params.id);
    if (!isId(request.params.session)) throw notFound(request, 'no-person');
    return finish(parts, request, reply, id, await administration.endSessions(request.scope, id, request.params.session), 'sessions-ended', { name: 'lock', field: undefined, fields: {} });
  });
  app.post(`${PATH}/:id/roles`, { config: { policy: 'organisation.grant' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const id = demandId(request, request.params.id);
    // Owners have no page of people; they give roles on the page of their organisation.
    if (!request.may('person.see')) throw notFound(request, 'no-person');
    const organisationId = request.body['role-organisation'];
    const role = roleOf(request.body['role-role']);
    const t = adminText.in(request.frame.language);
    if (!isId(organisationId) || role === undefined) return show(parts, request, reply, id, { name: 'role', state: problemState(reply, request.body, [{ field: isId(organisationId) ? 'role-role' : 'role-organisation', message: t('field.not-offered') }]) });
    noteTargets(request, { organisation: organisationId });
    return finish(parts, request, reply, id, await administration.grant(request.scope, { organisationId, personId: id, role }), 'granted', { name: 'role', field: 'role-role', fields: request.body });
  });
}

async function takeMeasure(administration: Administration, act: 'lock' | 'unlock' | 'factors', scope: Scope, id: string, reason: string): ReturnType<Administration['lock']> {
  if (act === 'lock') return administration.lock(scope, id, reason);
  return act === 'unlock' ? administration.unlock(scope, id, reason) : administration.removeFactors(scope, id, reason);
}

function demandId(request: FastifyRequest, id: string): string {
  if (!isId(id)) throw notFound(request, 'no-person');
  return id;
}

async function finish(parts: AdministrationParts, request: FastifyRequest, reply: FastifyReply, id: string, done: { readonly ok: true } | { readonly ok: false; readonly refusal: AdminRefusal }, said: string, on: { readonly name: PersonForm; readonly field: string | undefined; readonly fields: Form }): Promise<FastifyReply> {
  if (done.ok) return reply.redirect(`${PATH}/${id}?said=${said}`, 303);
  if (isMissing(done.refusal)) throw refusedAs(done.refusal, request.frame.language);
  return show(parts, request, reply, id, { name: on.name, state: problemState(reply, on.fields, [{ field: on.field, message: adminRefusalText(done.refusal, request.frame.language) }], done.refusal.code) });
}

async function show({ identity, administration }: AdministrationParts, request: FastifyRequest, reply: FastifyReply, id: string, with_: { readonly name?: PersonForm; readonly state?: FormState; readonly said?: string | undefined }): Promise<FastifyReply> {
  const person = isId(id) ? await administration.person(id) : undefined;
  if (person === undefined) throw notFound(request, 'no-person');
  const acts = await administration.personActs(id);
  const canGrant = request.mayIn('organisation.grant', undefined);
  const organisations = canGrant ? (await administration.organisations(request.scope)).filter(({ closedAt }) => closedAt === undefined).toSorted(byName(request.frame.language)).slice(0, CHOICES_MAX) : [];
  const view = {
    person,
    memberships: await identity.organisations.membershipsOf(id),
    sessions: await identity.account.sessions(id),
    acts,
    names: await administration.names(idsOfActs(acts)),
    isReader: request.caller.personId === id,
    can: { lock: request.may('person.lock'), recover: request.may('person.recover'), grant: canGrant, audit: request.may('audit.see') },
    form: with_.name === undefined || with_.state === undefined ? undefined : { name: with_.name, state: with_.state },
    organisations,
    roles: ROLES,
    said: with_.said,
  };
  return sendPage(request, reply, (frame) => personPage(frame, view), with_.state === undefined ? 200 : 422);
}
