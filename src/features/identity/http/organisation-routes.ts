/** Pages of organisations: the tree, one organisation, and the forms that change it. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { foldLetters, compareText } from '../../../platform/text/index.ts';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import { ORGANISATIONS_LISTED_MAX } from '../actions/administration.ts';
import { adminRefusalText, isMissing, type AdminRefusal } from '../actions/admin-refusals.ts';
import type { Language } from '../../../base/index.ts';
import { ORGANISATION_DEPTH_MAX, ORGANISATION_KINDS, type Organisation } from '../model.ts';
import { rolesToGive } from '../rules/appoint.ts';
import { csvTable } from '../rules/csv-table.ts';
import { treesOf } from '../rules/organisation-tree.ts';
import type { OrganisationCounted } from '../store/administration.ts';
import { adminText } from '../text/admin/index.ts';
import { type FormName, organisationPage } from '../web/admin/organisation-page.tsx';
import { organisationsPage, pathText } from '../web/admin/organisations-page.tsx';
import { byName, idsOfActs, kindLabel } from '../web/admin/parts.tsx';
import type { FormState } from '../web/layout.tsx';
import { type AdministrationParts, byId, demandGrant, form, type Form, isEmail, isId, kindOf, languageOf, namesOf, notFound, noteTargets, problemState, refusedAs, roleOf, sendCsv } from './administration-parts.ts';

const ROOTS_SHOWN = 50;
const NODES_SHOWN_MAX = 1_000;
const FOUND_SHOWN = 50;
/** Choices of one select; beyond it the interface for programs takes any id. */
const CHOICES_MAX = 1_000;
const CANDIDATES_MAX = 200;
const listQuery = z.object({ q: z.string().max(200).optional(), after: z.string().max(60).optional(), said: z.string().max(40).optional(), lang: z.string().max(10).optional() });
const saidQuery = z.object({ said: z.string().max(40).optional(), lang: z.string().max(10).optional() });
const endQuery = z.object({ on: z.string().max(20).optional(), lang: z.string().max(10).optional() });
const PATH = '/identity/organisations';

/** Organisations whose name has every word, in any of the languages, in the order of the reader's alphabet. */
export function findOrganisations(all: readonly OrganisationCounted[], q: string, language: Language): readonly OrganisationCounted[] {
  const words = foldLetters(q).split(/\s+/).filter((word) => word !== '');
  return all.filter(({ names }) => {
    const text = foldLetters(Object.values(names).join(' '));
    return words.every((word) => text.includes(word));
  }).toSorted(byName(language));
}

type ListRequest = FastifyRequest<{ Querystring: z.infer<typeof listQuery> }>;

export function organisationRoutes(app: MizanServer, parts: AdministrationParts): void {
  const { administration } = parts;
  app.get(PATH, { config: { policy: 'organisation.see' }, schema: { hide: true, querystring: listQuery } }, async (request, reply) => showList(parts, request, reply, request.query));
  app.get(`${PATH}.csv`, { config: { policy: 'organisation.see' }, schema: { hide: true, querystring: listQuery } }, async (request, reply) => sendList(parts, request as ListRequest, reply));
  app.get(`${PATH}/:id`, { config: { policy: 'organisation.see' }, schema: { hide: true, params: byId, querystring: saidQuery } }, async (request, reply) => showOne(parts, request, reply, await demand(parts, request, request.params.id), { said: request.query.said }));

  app.post(PATH, { config: { policy: 'organisation.create' }, schema: { hide: true, body: form } }, async (request, reply) => {
    const made = await make(parts, request, request.body, undefined);
    if (typeof made !== 'string') return showList(parts, request, reply, {}, problemState(reply, request.body, made.errors, made.code));
    return reply.redirect(`${PATH}/${made}?said=created`, 303);
  });
  app.post(`${PATH}/:id/parts`, { config: { policy: 'organisation.create' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const parent = await demand(parts, request, request.params.id);
    const made = await make(parts, request, request.body, parent.id);
    if (typeof made !== 'string') return showOne(parts, request, reply, parent, { name: 'create', state: problemState(reply, request.body, made.errors, made.code) });
    return reply.redirect(`${PATH}/${made}?said=created`, 303);
  });
  app.post(`${PATH}/:id/name`, { config: { policy: 'organisation.change' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    const { names, errors } = namesOf(request.body, 'name', request.frame.language);
    if (errors.length > 0) return showOne(parts, request, reply, organisation, { name: 'name', state: problemState(reply, request.body, errors) });
    return finish(parts, request, reply, organisation, await administration.rename(request.scope, organisation.id, names), 'renamed', { name: 'name', field: 'name-az', fields: request.body });
  });
  app.post(`${PATH}/:id/place`, { config: { policy: 'organisation.change' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    const parent = request.body['parent'] ?? '';
    if (parent !== '' && !isId(parent)) throw notFound(request, 'no-organisation');
    return finish(parts, request, reply, organisation, await administration.move(request.scope, organisation.id, parent === '' ? undefined : parent), 'moved', { name: 'place', field: 'parent', fields: request.body });
  });
  app.post(`${PATH}/:id/close`, { config: { policy: 'organisation.change' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    const reason = (request.body['close-reason'] ?? '').trim();
    if (reason === '') return showOne(parts, request, reply, organisation, { name: 'close', state: problemState(reply, request.body, [{ field: 'close-reason', message: adminText.in(request.frame.language)('field.required') }]) });
    return finish(parts, request, reply, organisation, await administration.close(request.scope, organisation.id, reason), 'closed', { name: 'close', field: 'close-reason', fields: request.body });
  });
  app.post(`${PATH}/:id/reopen`, { config: { policy: 'organisation.change' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    return finish(parts, request, reply, organisation, await administration.reopen(request.scope, organisation.id), 'reopened', { name: 'close', field: undefined, fields: {} });
  });
  appointmentRoutes(app, parts);
}

function appointmentRoutes(app: MizanServer, parts: AdministrationParts): void {
  const { administration, clock } = parts;
  app.post(`${PATH}/:id/invitations`, { config: { policy: 'organisation.invite' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    const { body } = request;
    const t = adminText.in(request.frame.language);
    const email = (body['invite-email'] ?? '').trim();
    const role = roleOf(body['invite-role']);
    const errors = [...(isEmail(email) ? [] : [{ field: 'invite-email', message: t('field.bad-email') }]), ...(role === undefined ? [{ field: 'invite-role', message: t('field.not-offered') }] : [])];
    if (errors.length > 0 || role === undefined) return showOne(parts, request, reply, organisation, { name: 'invite', state: problemState(reply, body, errors) });
    demandGrant(request, role, clock);
    const done = await administration.invite(request.scope, { organisationId: organisation.id, email, role, language: languageOf(body['invite-language'], request.frame.language) });
    return finish(parts, request, reply, organisation, done, 'invited', { name: 'invite', field: done.ok || !done.refusal.code.startsWith('role-') ? 'invite-email' : 'invite-role', fields: body });
  });
  for (const [act, said] of [['resend', 'invited'], ['withdraw', 'withdrawn']] as const) {
    app.post(`/identity/invitations/:id/${act}`, { config: { policy: 'organisation.invite' }, schema: { hide: true, params: byId } }, async (request, reply) => {
      const invitation = isId(request.params.id) ? await administration.invitation(request.scope, request.params.id) : undefined;
      if (invitation === undefined) throw notFound(request, 'no-invitation');
      const organisation = await demand(parts, request, invitation.organisationId);
      noteTargets(request, { organisation: organisation.id });
      if (act === 'resend') demandGrant(request, invitation.role, clock);
      const done = act === 'resend' ? await administration.inviteAgain(request.scope, invitation.id) : await administration.withdraw(request.scope, invitation.id);
      return finish(parts, request, reply, organisation, done, said, { name: 'invite', field: undefined, fields: {} });
    });
  }
  app.post(`${PATH}/:id/members`, { config: { policy: 'organisation.grant' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const organisation = await demand(parts, request, request.params.id);
    const personId = request.body['grant-person'];
    const role = roleOf(request.body['grant-role']);
    if (!isId(personId)) throw notFound(request, 'no-person');
    noteTargets(request, { person: personId });
    if (role === undefined) return showOne(parts, request, reply, organisation, { name: 'grant', state: problemState(reply, request.body, [{ field: 'grant-role', message: adminText.in(request.frame.language)('field.not-offered') }]) });
    return finish(parts, request, reply, organisation, await administration.grant(request.scope, { organisationId: organisation.id, personId, role }), 'granted', { name: 'grant', field: 'grant-role', fields: request.body });
  });
  // What was asked of a membership or an invitation is answered on the page of its organisation; this is its address in another language.
  app.get('/identity/memberships/:id', { config: { policy: 'organisation.see' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const membership = isId(request.params.id) ? await administration.membership(request.scope, request.params.id) : undefined;
    if (membership === undefined) throw notFound(request, 'not-a-member');
    return reply.redirect(`${PATH}/${membership.organisationId}`, 303);
  });
  app.get('/identity/invitations/:id', { config: { policy: 'organisation.invite' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const invitation = isId(request.params.id) ? await administration.invitation(request.scope, request.params.id) : undefined;
    if (invitation === undefined) throw notFound(request, 'no-invitation');
    return reply.redirect(`${PATH}/${invitation.organisationId}`, 303);
  });
  app.post('/identity/memberships/:id/end', { config: { policy: 'organisation.grant' }, schema: { hide: true, params: byId, querystring: endQuery, body: form } }, async (request, reply) => {
    const membership = isId(request.params.id) ? await administration.membership(request.scope, request.params.id) : undefined;
    if (membership === undefined) throw notFound(request, 'not-a-member');
    const organisation = await demand(parts, request, membership.organisationId);
    noteTargets(request, { organisation: organisation.id, person: membership.personId });
    const name: FormName = `end-${membership.id}`;
    const reason = (request.body['reason'] ?? '').trim();
    if (reason === '') return showOne(parts, request, reply, organisation, { name, state: problemState(reply, request.body, [{ field: `reason-${membership.id}`, message: adminText.in(request.frame.language)('field.required') }]) });
    const done = await administration.revoke(request.scope, membership.id, reason);
    if (done.ok && request.query.on === 'person') return reply.redirect(`/identity/people/${membership.personId}?said=revoked`, 303);
    return finish(parts, request, reply, organisation, done, 'revoked', { name, field: `reason-${membership.id}`, fields: request.body });
  });
}

/** Makes an organisation out of a form; what is wrong with the form when it cannot. */
async function make({ administration }: AdministrationParts, request: FastifyRequest, fields: Form, parentId: string | undefined): Promise<string | { readonly errors: FormState['errors']; readonly code: string }> {
  const { language } = request.frame;
  const kind = kindOf(fields['create-kind']);
  const { names, errors } = namesOf(fields, 'create', language);
  if (kind === undefined || errors.length > 0) return { errors: [...(kind === undefined ? [{ field: 'create-kind', message: adminText.in(language)('field.not-offered') }] : []), ...errors], code: 'bad-request' };
  const made = await administration.create(request.scope, { parentId, kind, names });
  if (!made.ok) return { errors: [{ field: 'create-kind', message: adminRefusalText(made.refusal, language) }], code: made.refusal.code };
  noteTargets(request, { organisation: made.value });
  return made.value;
}

async function demand({ administration }: AdministrationParts, request: FastifyRequest, id: string): Promise<Organisation> {
  const found = isId(id) ? await administration.organisation(request.scope, id) : undefined;
  if (found === undefined) throw notFound(request, 'no-organisation');
  return found;
}

/** Back to the page of the organisation: with word of what was done, or with the form and what was wrong with it. */
async function finish(parts: AdministrationParts, request: FastifyRequest, reply: FastifyReply, organisation: Organisation, done: { readonly ok: true } | { readonly ok: false; readonly refusal: AdminRefusal }, said: string, on: { readonly name: FormName; readonly field: string | undefined; readonly fields: Form }): Promise<FastifyReply> {
  if (done.ok) return reply.redirect(`${PATH}/${organisation.id}?said=${said}`, 303);
  if (isMissing(done.refusal)) throw refusedAs(done.refusal, request.frame.language);
  return showOne(parts, request, reply, organisation, { name: on.name, state: problemState(reply, on.fields, [{ field: on.field, message: adminRefusalText(done.refusal, request.frame.language) }], done.refusal.code) });
}

async function showList({ administration, register }: AdministrationParts, request: FastifyRequest, reply: FastifyReply, query: Partial<z.infer<typeof listQuery>>, state?: FormState): Promise<FastifyReply> {
  const { language } = request.frame;
  const read = await administration.organisations(request.scope);
  const all = read.slice(0, ORGANISATIONS_LISTED_MAX);
  const { q = '', after, said } = query;
  const hits = q.trim() === '' ? undefined : findOrganisations(all, q, language);
  const start = hits === undefined || after === undefined ? 0 : hits.findIndex(({ id }) => id === after) + 1;
  const found = hits?.slice(start, start + FOUND_SHOWN);
  const { trees, next } = treesOf(all, byName(language), { after, roots: ROOTS_SHOWN, max: NODES_SHOWN_MAX });
  const view = {
    q,
    trees,
    found,
    byId: new Map(all.map((one) => [one.id, one])),
    entries: (await register?.entriesOf(all.map(({ id }) => id))) ?? new Map<string, number>(),
    total: hits?.length ?? all.length,
    isCut: read.length > all.length,
    next: hits === undefined ? next : start + FOUND_SHOWN < hits.length ? found?.at(-1)?.id : undefined,
    canMakeRoot: request.mayIn('organisation.create', undefined),
    form: state,
    said,
  };
  return sendPage(request, reply, (frame) => organisationsPage(frame, view), state === undefined ? 200 : 422);
}

async function sendList({ administration, register, clock }: AdministrationParts, request: ListRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { language } = request.frame;
  const t = adminText.in(language);
  const all = (await administration.organisations(request.scope)).slice(0, ORGANISATIONS_LISTED_MAX);
  const entries = (await register?.entriesOf(all.map(({ id }) => id))) ?? new Map<string, number>();
  const known = new Map(all.map((one) => [one.id, one]));
  const rows = findOrganisations(all, request.query.q ?? '', language).map((one) => [one.id, one.names.az, one.names.en, one.names.ru, kindLabel(one.kind, language), pathText(one, known, language), String(one.people), String(entries.get(one.id) ?? 0), t(one.closedAt === undefined ? 'state.open' : 'state.closed'), one.createdAt]);
  const head = [t('csv.id'), t('field.name-az'), t('field.name-en'), t('field.name-ru'), t('field.kind'), t('field.place'), t('field.people'), t('field.entries'), t('field.state'), t('field.created')];
  return sendCsv(reply, 'organisations', clock.now(), csvTable(head, rows));
}

async function showOne({ administration, clock, register }: AdministrationParts, request: FastifyRequest, reply: FastifyReply, organisation: Organisation, with_: { readonly name?: FormName; readonly state?: FormState; readonly said?: string | undefined }): Promise<FastifyReply> {
  const { language } = request.frame;
  const { scope } = request;
  const { id } = organisation;
  const all = await administration.organisations(scope);
  const byIds = new Map(all.map((one) => [one.id, one]));
  const compare = compareText(language);
  const [members, acts, bodies] = [(await administration.members(scope, id)).toSorted((one, two) => compare(one.personName, two.personName)), await administration.organisationActs(scope, id), (await register?.bodiesOf(id)) ?? []];
  const can = { create: request.mayIn('organisation.create', id), change: request.mayIn('organisation.change', id), invite: request.mayIn('organisation.invite', id), grant: request.mayIn('organisation.grant', id) };
  const isFree = request.mayIn('organisation.change', undefined);
  // Where it stands is for whoever reaches the organisation above.
  const mayMove = can.change && (isFree || (organisation.parentId !== undefined && request.mayIn('organisation.change', organisation.parentId)));
  const seeInvitations = can.invite || (scope.reach === 'all' && request.may('person.see'));
  const roles = can.grant || can.invite ? rolesToGive(request.mayIn('organisation.grant', undefined) ? 'all' : 'own', organisation.kind) : [];
  const view = {
    organisation,
    path: organisation.path.slice(0, -1).flatMap((one) => byIds.get(one) ?? []),
    parts: all.filter(({ parentId }) => parentId === id).toSorted(byName(language)),
    members,
    invitations: seeInvitations ? await administration.invitations(scope, id) : [],
    bodies: bodies.toSorted((a, b) => compare(a.name, b.name)),
    acts,
    names: await administration.names(idsOfActs(acts)),
    now: clock.now(),
    roles,
    candidates: can.grant ? (await administration.candidates(scope, id, CANDIDATES_MAX)).toSorted((a, b) => compare(a.name, b.name)) : [],
    places: mayMove ? all.filter((one) => !one.path.includes(id) && one.closedAt === undefined && one.path.length < ORGANISATION_DEPTH_MAX && request.mayIn('organisation.change', one.id)).toSorted(byName(language)).slice(0, CHOICES_MAX) : undefined,
    kinds: ORGANISATION_KINDS.filter((kind) => kind !== 'regulator' || organisation.kind === 'regulator'),
    can: { ...can, close: mayMove, moveToTop: isFree, seeInvitations },
    form: with_.name === undefined || with_.state === undefined ? undefined : { name: with_.name, state: with_.state },
    said: with_.said,
  };
  return sendPage(request, reply, (frame) => organisationPage(frame, view), with_.state === undefined ? 200 : 422);
}
