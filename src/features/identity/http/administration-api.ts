/** Organisations, people, invitations, roles and the audit record for programs, under the same rules as the pages. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LANGUAGES, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, type Verdict } from '../../../base/index.ts';
import { ROLES } from '../../../platform/auth/index.ts';
import type { AuditRow } from '../../../platform/audit/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import { type Names, ORGANISATIONS_LISTED_MAX, REASON_CHARACTERS_MAX } from '../actions/administration.ts';
import type { AdminRefusal } from '../actions/admin-refusals.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX, ORGANISATION_KINDS, type Organisation } from '../model.ts';
import { PEOPLE_STATES, type PersonSeen } from '../store/administration.ts';
import type { Invitation } from '../store/invitations.ts';
import { invitationState } from '../web/admin/organisation-page.tsx';
import { actText, OUTCOMES, outcomeOf } from '../web/admin/audit-page.tsx';
import { actorLabel, byName } from '../web/admin/parts.tsx';
import { auditQueryOf, namesOfRows } from './audit-routes.ts';
import { type AdministrationParts, demandGrant, notFound, noteTargets, refusedAs } from './administration-parts.ts';
import { findOrganisations } from './organisation-routes.ts';
import { cursorAfter, filterOf } from './people-routes.ts';

const tags = ['identity'];
const byId = z.object({ id: z.uuid() });
const name = z.string().trim().min(1).max(NAME_CHARACTERS_MAX);
const names = z.object({ az: name, en: name, ru: name });
const reason = z.object({ reason: z.string().trim().min(1).max(REASON_CHARACTERS_MAX).meta({ description: 'Kept with the act.' }) });
const limit = z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT);
const made = z.object({ id: z.string() });
const done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;

const organisationOut = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  kind: z.enum(ORGANISATION_KINDS),
  names,
  path: z.array(z.string()).meta({ description: 'Ids from the root to itself.' }),
  people: z.number().int().optional().meta({ description: 'Who holds a role in it; not in its parts.' }),
  createdAt: z.string(),
  closedAt: z.string().nullable(),
});
const memberOut = z.object({ membership: z.string(), person: z.string(), name: z.string(), email: z.string(), role: z.enum(ROLES), from: z.string(), until: z.string().nullable() });
const invitationOut = z.object({ id: z.string(), organisation: z.string(), email: z.string(), role: z.enum(ROLES), language: z.enum(LANGUAGES), state: z.enum(['open', 'accepted', 'expired', 'withdrawn']), createdAt: z.string(), expiresAt: z.string() });
const personOut = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.object({ organisation: z.string(), role: z.enum(ROLES) })),
  locked: z.boolean(),
  createdAt: z.string(),
  signedInAt: z.string().nullable(),
  codeGenerator: z.boolean(),
  passkeys: z.number().int(),
  sessions: z.number().int(),
});
const auditOut = z.object({
  id: z.number().int(),
  at: z.string(),
  actor: z.string(),
  name: z.string(),
  act: z.string().meta({ description: 'In words, in the language of the request.' }),
  policy: z.string(),
  method: z.string(),
  route: z.string(),
  targets: z.record(z.string(), z.string()),
  address: z.string(),
  outcome: z.enum(OUTCOMES),
  status: z.number().int().nullable(),
  code: z.string().nullable(),
  endedAt: z.string().nullable(),
});

export function administrationApi(app: MizanServer, parts: AdministrationParts): void {
  organisationApi(app, parts);
  changeApi(app, parts);
  appointmentApi(app, parts);
  peopleApi(app, parts);
  auditApi(app, parts);
}

/** The value, or the refusal on its way out. */
function demandDone<T>(verdict: Verdict<T, AdminRefusal>, request: FastifyRequest): T {
  if (!verdict.ok) throw refusedAs(verdict.refusal, request.frame.language);
  return verdict.value;
}

function told(organisation: Organisation & { readonly people?: number }): z.infer<typeof organisationOut> {
  const { id, parentId, kind, path, people, createdAt, closedAt } = organisation;
  return { id, parent: parentId ?? null, kind, names: { ...organisation.names }, path: [...path], ...(people === undefined ? {} : { people }), createdAt, closedAt: closedAt ?? null };
}

async function demandOrganisation({ administration }: AdministrationParts, request: FastifyRequest, id: string): Promise<Organisation> {
  const found = await administration.organisation(request.scope, id);
  if (found === undefined) throw notFound(request, 'no-organisation');
  return found;
}

function organisationApi(app: MizanServer, parts: AdministrationParts): void {
  const { administration, clock } = parts;
  const config = { policy: 'organisation.see' as const, api: true };
  app.get(
    '/api/v1/identity/organisations',
    {
      config,
      schema: {
        tags,
        summary: 'List organisations',
        description: `Those within the reach of who asks, by name in the language of the request; of more than ${ORGANISATIONS_LISTED_MAX} the first in the order of the tree.`,
        querystring: z.object({ q: z.string().max(200).optional().meta({ description: 'Words of a name in any language.' }), limit, after: z.uuid().optional().meta({ description: 'The `next` of the page before.' }) }),
        response: { 200: z.object({ items: z.array(organisationOut), total: z.number().int(), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { language } = request.frame;
      const { q = '', limit: rows, after } = request.query;
      const all = (await administration.organisations(request.scope)).slice(0, ORGANISATIONS_LISTED_MAX);
      const found = q.trim() === '' ? all.toSorted(byName(language)) : findOrganisations(all, q, language);
      const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
      const page = found.slice(start, start + rows);
      return { items: page.map(told), total: found.length, next: start + rows < found.length ? (page.at(-1)?.id ?? null) : null };
    },
  );
  app.get('/api/v1/identity/organisations/:id', { config, schema: { tags, summary: 'One organisation', params: byId, response: { 200: organisationOut } } }, async (request) => told(await demandOrganisation(parts, request, request.params.id)));
  app.get('/api/v1/identity/organisations/:id/members', { config, schema: { tags, summary: 'Who holds which role in an organisation', description: 'At most 200, by name.', params: byId, response: { 200: z.object({ items: z.array(memberOut) }) } } }, async (request) => {
    const organisation = await demandOrganisation(parts, request, request.params.id);
    const members = await administration.members(request.scope, organisation.id);
    return { items: members.map((one) => ({ membership: one.id, person: one.personId, name: one.personName, email: one.email, role: one.role, from: one.fromAt, until: one.untilAt ?? null })) };
  });
  app.get('/api/v1/identity/organisations/:id/invitations', { config: { policy: 'organisation.invite', api: true }, schema: { tags, summary: 'Invitations to an organisation, newest first', description: 'At most 500.', params: byId, response: { 200: z.object({ items: z.array(invitationOut) }) } } }, async (request) => {
    const organisation = await demandOrganisation(parts, request, request.params.id);
    return { items: (await administration.invitations(request.scope, organisation.id)).map((one) => toldInvitation(one, clock.now())) };
  });
}

function toldInvitation(one: Invitation, now: string): z.infer<typeof invitationOut> {
  return { id: one.id, organisation: one.organisationId, email: one.email, role: one.role, language: one.language, state: invitationState(one, now), createdAt: one.createdAt, expiresAt: one.expiresAt };
}

function changeApi(app: MizanServer, parts: AdministrationParts): void {
  const { administration } = parts;
  const config = { policy: 'organisation.change' as const, api: true };
  app.post('/api/v1/identity/organisations', { config: { policy: 'organisation.create', api: true }, schema: { tags, summary: 'Make an organisation', description: 'Without `parent` at the top, which is for administrators.', body: z.object({ parent: z.uuid().optional(), kind: z.enum(ORGANISATION_KINDS), names }), response: { 201: made } } }, async (request, reply) => {
    const id = demandDone(await administration.create(request.scope, { parentId: request.body.parent, kind: request.body.kind, names: request.body.names }), request);
    noteTargets(request, { organisation: id });
    return reply.status(201).header('location', `/api/v1/identity/organisations/${id}`).send({ id });
  });
  app.post('/api/v1/identity/organisations/:id/rename', { config, schema: { tags, summary: 'Rename an organisation', params: byId, body: z.object({ names }), response: { 200: done } } }, async (request) => {
    demandDone(await administration.rename(request.scope, request.params.id, request.body.names), request);
    return DONE;
  });
  app.post('/api/v1/identity/organisations/:id/move', { config, schema: { tags, summary: 'Put an organisation below another one', description: '`parent: null` puts it at the top, which is for administrators. Everything below goes with it.', params: byId, body: z.object({ parent: z.uuid().nullable() }), response: { 200: done } } }, async (request) => {
    demandDone(await administration.move(request.scope, request.params.id, request.body.parent ?? undefined), request);
    return DONE;
  });
  app.post('/api/v1/identity/organisations/:id/close', { config, schema: { tags, summary: 'Close an organisation', description: 'Roles in it count no more. Refused while it has open parts.', params: byId, body: reason, response: { 200: done } } }, async (request) => {
    demandDone(await administration.close(request.scope, request.params.id, request.body.reason), request);
    return DONE;
  });
  app.post('/api/v1/identity/organisations/:id/reopen', { config, schema: { tags, summary: 'Reopen a closed organisation', params: byId, response: { 200: done } } }, async (request) => {
    demandDone(await administration.reopen(request.scope, request.params.id), request);
    return DONE;
  });
}

function appointmentApi(app: MizanServer, parts: AdministrationParts): void {
  const { administration, clock } = parts;
  const invite = { policy: 'organisation.invite' as const, api: true };
  const grant = { policy: 'organisation.grant' as const, api: true };
  app.post('/api/v1/identity/invitations', { config: invite, schema: { tags, summary: 'Invite somebody to a role', description: 'A letter with a link goes to the address; nobody else sees the link.', body: z.object({ organisation: z.uuid(), email: z.email().max(EMAIL_CHARACTERS_MAX), role: z.enum(ROLES), language: z.enum(LANGUAGES) }), response: { 201: made } } }, async (request, reply) => {
    const { organisation, email, role, language } = request.body;
    await demandOrganisation(parts, request, organisation);
    noteTargets(request, { organisation });
    demandGrant(request, role, clock);
    return reply.status(201).send({ id: demandDone(await administration.invite(request.scope, { organisationId: organisation, email, role, language }), request) });
  });
  app.post('/api/v1/identity/invitations/:id/resend', { config: invite, schema: { tags, summary: 'Send an invitation again, with a new link', params: byId, response: { 200: made } } }, async (request) => {
    const invitation = await administration.invitation(request.scope, request.params.id);
    if (invitation === undefined) throw notFound(request, 'no-invitation');
    demandGrant(request, invitation.role, clock);
    return { id: demandDone(await administration.inviteAgain(request.scope, invitation.id), request) };
  });
  app.post('/api/v1/identity/invitations/:id/withdraw', { config: invite, schema: { tags, summary: 'Withdraw an invitation', params: byId, response: { 200: done } } }, async (request) => {
    demandDone(await administration.withdraw(request.scope, request.params.id), request);
    return DONE;
  });
  app.post('/api/v1/identity/memberships', { config: grant, schema: { tags, summary: 'Give a role to a person who is known', description: 'Owners: to somebody who holds a role in their organisations already. Others are invited.', body: z.object({ organisation: z.uuid(), person: z.uuid(), role: z.enum(ROLES) }), response: { 200: done } } }, async (request) => {
    const { organisation, person, role } = request.body;
    noteTargets(request, { organisation, person });
    demandDone(await administration.grant(request.scope, { organisationId: organisation, personId: person, role }), request);
    return DONE;
  });
  app.post('/api/v1/identity/memberships/:id/end', { config: grant, schema: { tags, summary: 'End a role', params: byId, body: reason, response: { 200: done } } }, async (request) => {
    demandDone(await administration.revoke(request.scope, request.params.id, request.body.reason), request);
    return DONE;
  });
}

function toldPerson({ id, name: called, email, roles, closedAt, createdAt, signedInAt, hasCode, passkeys, sessions }: PersonSeen): z.infer<typeof personOut> {
  return { id, name: called, email, roles: roles.map(({ organisation, role }) => ({ organisation, role })), locked: closedAt !== undefined, createdAt, signedInAt: signedInAt ?? null, codeGenerator: hasCode, passkeys, sessions };
}

function peopleApi(app: MizanServer, { administration }: AdministrationParts): void {
  const see = { policy: 'person.see' as const, api: true };
  const lock = { policy: 'person.lock' as const, api: true };
  const recover = { policy: 'person.recover' as const, api: true };
  app.get(
    '/api/v1/identity/people',
    { config: see, schema: { tags, summary: 'List people', description: 'By name in small letters, in the order of their code points. Never passwords, keys or links.', querystring: z.object({ q: z.string().max(200).optional(), role: z.enum(ROLES).optional(), organisation: z.uuid().optional().meta({ description: 'There or below.' }), state: z.enum(PEOPLE_STATES).optional(), limit, after: z.string().max(1_000).optional() }), response: { 200: z.object({ items: z.array(personOut), next: z.string().nullable() }) } } },
    async (request) => {
      const { limit: rows, ...query } = request.query;
      const people = await administration.people({ ...filterOf(query), limit: rows + 1 });
      return { items: people.slice(0, rows).map(toldPerson), next: cursorAfter(people, rows) ?? null };
    },
  );
  app.get('/api/v1/identity/people/:id', { config: see, schema: { tags, summary: 'One person', params: byId, response: { 200: personOut } } }, async (request) => {
    const person = await administration.person(request.params.id);
    if (person === undefined) throw notFound(request, 'no-person');
    return toldPerson(person);
  });
  app.post('/api/v1/identity/people/:id/lock', { config: lock, schema: { tags, summary: 'Lock an account and end its sessions', params: byId, body: reason, response: { 200: done } } }, async (request) => {
    demandDone(await administration.lock(request.scope, request.params.id, request.body.reason), request);
    return DONE;
  });
  app.post('/api/v1/identity/people/:id/unlock', { config: lock, schema: { tags, summary: 'Unlock an account', params: byId, body: reason, response: { 200: done } } }, async (request) => {
    demandDone(await administration.unlock(request.scope, request.params.id, request.body.reason), request);
    return DONE;
  });
  app.post('/api/v1/identity/people/:id/end-sessions', { config: lock, schema: { tags, summary: 'End all sessions of a person', params: byId, response: { 200: z.object({ ended: z.number().int() }) } } }, async (request) => ({ ended: demandDone(await administration.endSessions(request.scope, request.params.id), request) }));
  app.post('/api/v1/identity/people/:id/recovery', { config: recover, schema: { tags, summary: 'Send a person a link to choose a new password', description: 'Nobody but the person sees the link.', params: byId, response: { 200: done } } }, async (request) => {
    demandDone(await administration.sendRecovery(request.scope, request.params.id), request);
    return DONE;
  });
  app.post('/api/v1/identity/people/:id/remove-factors', { config: recover, schema: { tags, summary: 'Take second factors away from somebody who lost them', description: 'Ends their sessions; a new factor is set up at the next sign-in.', params: byId, body: reason, response: { 200: done } } }, async (request) => {
    demandDone(await administration.removeFactors(request.scope, request.params.id, request.body.reason), request);
    return DONE;
  });
}

function auditApi(app: MizanServer, parts: AdministrationParts): void {
  app.get(
    '/api/v1/identity/audit',
    {
      config: { policy: 'audit.see', api: true },
      schema: {
        tags,
        summary: 'Read the audit record, newest first',
        description: 'Owners read what people of their organisations did; targets outside their reach are left out.',
        querystring: z.object({ person: z.uuid().optional(), policy: z.string().max(60).optional(), outcome: z.enum(OUTCOMES).optional(), organisation: z.uuid().optional(), from: z.iso.date().optional(), to: z.iso.date().optional().meta({ description: 'This day included; days are of UTC.' }), limit, before: z.string().regex(/^\d{1,15}$/).optional().meta({ description: 'The `next` of the page before.' }) }),
        response: { 200: z.object({ items: z.array(auditOut), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { limit: rows, ...query } = request.query;
      const read = await parts.audit.list({ ...(await auditQueryOf(parts, query)), limit: Math.min(rows + 1, PAGE_ROWS_MAX) });
      const page = read.slice(0, Math.min(rows, PAGE_ROWS_MAX - 1));
      const found = await namesOfRows(parts, request, page);
      const isOwn = request.scope.reach !== 'all';
      return {
        items: page.map((row) => toldRow(row, found.names, request, (id) => !isOwn || found.targets.has(id))),
        next: read.length > page.length ? String(page.at(-1)?.id) : null,
      };
    },
  );
}

function toldRow(row: AuditRow, known: Names, request: FastifyRequest, isShown: (id: string) => boolean): z.infer<typeof auditOut> {
  const { language } = request.frame;
  const { id, at, actor, policy, method, route, address, status, code, endedAt } = row;
  return { id, at, actor, name: actorLabel(actor, known, language), act: actText(row, language), policy, method, route, targets: Object.fromEntries(Object.entries(row.targets).filter(([, target]) => isShown(target))), address, outcome: outcomeOf(row), status: status ?? null, code: code ?? null, endedAt: endedAt ?? null };
}
