/** Routes by which administrators connect the directory of an organisation; every one asks for a fresh second factor. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import type { CheckReport, FieldError, SaveRefusal } from '../actions/connections.ts';
import type { Organisation } from '../model.ts';
import type { Connection } from '../rules/connection.ts';
import { refusalText } from '../text/index.ts';
import { ssoText } from '../text/sso/index.ts';
import { TOKEN_DAYS_MAX } from '../actions/connections.ts';
import { connectionPage, type ConnectionView, connectionsPage, newConnectionPage, newTokenPage } from '../web/connection-pages.tsx';
import { BLANK, type FormState } from '../web/layout.tsx';
import { sendPrivatePage } from './answer.ts';
import { problem } from './forms.ts';
import { beginSignOn, type SsoRouteParts } from './sso-routes.ts';

const config = { policy: 'organisation.connect' as const };
const XML_MAX = 600_000;
const form = z.record(z.string().max(100), z.string().max(XML_MAX));
const PATH = '/identity/organisations/:id/connections';
const ofOrganisation = z.object({ id: z.uuid() });
const ofConnection = z.object({ id: z.uuid(), connection: z.uuid() });
const ofToken = z.object({ id: z.uuid(), connection: z.uuid(), token: z.uuid() });
const kinds = z.object({ id: z.uuid(), kind: z.enum(['oidc', 'saml']) });

type Said = ConnectionView['said'];

export function connectionRoutes(app: MizanServer, parts: SsoRouteParts): void {
  const { connections } = parts;
  app.get(PATH, { config, schema: { hide: true, params: ofOrganisation } }, async (request, reply) => {
    const organisation = await demandOrganisation(parts, request, request.params.id);
    const list = await connections.list(organisation.id);
    return sendPrivatePage(request, reply, (frame) => connectionsPage(frame, organisation, list));
  });
  app.get(`${PATH}/new/:kind`, { config, schema: { hide: true, params: kinds } }, async (request, reply) => {
    const organisation = await demandOrganisation(parts, request, request.params.id);
    return sendPrivatePage(request, reply, (frame) => newConnectionPage(frame, organisation, request.params.kind, BLANK));
  });
  app.post(`${PATH}/new/:kind`, { config, schema: { hide: true, params: kinds, body: form } }, async (request, reply) => {
    const { kind } = request.params;
    const organisation = await demandOrganisation(parts, request, request.params.id);
    const saved = await connections.save({ organisationId: organisation.id, id: undefined, kind, typed: request.body, caller: request.caller });
    if (!saved.ok) return sendPrivatePage(request, reply, (frame) => newConnectionPage(frame, organisation, kind, stateOf(request, saved.refusal)), 422);
    request.auditNote = { targets: { connection: saved.value } };
    return reply.redirect(`/identity/organisations/${organisation.id}/connections/${saved.value}?said=saved`, 303);
  });
  app.get(`${PATH}/:connection`, { config, schema: { hide: true, params: ofConnection, querystring: z.object({ said: z.string().max(40).optional(), lang: z.string().max(10).optional() }) } }, async (request, reply) => {
    const said = (['saved', 'switched', 'revoked'] as const).find((one) => one === request.query.said);
    return show(parts, request, reply, await demand(parts, request, request.params), { said });
  });
  app.post(`${PATH}/:connection`, { config, schema: { hide: true, params: ofConnection, body: form } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    const saved = await connections.save({ organisationId: found.organisation.id, id: found.connection.id, kind: found.connection.kind, typed: request.body, caller: request.caller });
    return saved.ok ? back(reply, found, 'saved') : show(parts, request, reply, found, { form: stateOf(request, saved.refusal) });
  });
  actRoutes(app, parts);
  tokenRoutes(app, parts);
}

function actRoutes(app: MizanServer, parts: SsoRouteParts): void {
  const { connections } = parts;
  app.post(`${PATH}/:connection/switch`, { config, schema: { hide: true, params: ofConnection, body: form } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    await connections.switch(found.organisation.id, found.connection.id, request.body['on'] === 'yes');
    return back(reply, found, 'switched');
  });
  app.post(`${PATH}/:connection/check`, { config, schema: { hide: true, params: ofConnection } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    return show(parts, request, reply, found, { report: await connections.check(found.connection) });
  });
  app.get(`${PATH}/:connection/try`, { config, schema: { hide: true, params: ofConnection } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    if (request.caller.personId === undefined) throw notFound(request);
    return beginSignOn(parts, request, reply, { connectionId: found.connection.id, next: '/', triedBy: request.caller.personId });
  });
}

function tokenRoutes(app: MizanServer, parts: SsoRouteParts): void {
  const { connections } = parts;
  app.post(`${PATH}/:connection/tokens`, { config, schema: { hide: true, params: ofConnection, body: form } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    const made = await connections.createToken({ organisationId: found.organisation.id, connectionId: found.connection.id, days: Number(request.body['days'] ?? ''), caller: request.caller });
    if (made.ok) return sendPrivatePage(request, reply, (frame) => newTokenPage(frame, made.value, addressOf(found)));
    const t = ssoText.in(request.frame.language);
    const message = made.refusal.code === 'too-many' ? t('problem.too-many', { about: made.refusal.max }) : t('scim.days-problem', { max: TOKEN_DAYS_MAX });
    return show(parts, request, reply, found, { form: { errors: [{ field: 'days', message }], values: { ...stored(request.body) } } });
  });
  app.post(`${PATH}/:connection/tokens/:token/revoke`, { config, schema: { hide: true, params: ofToken } }, async (request, reply) => {
    const found = await demand(parts, request, request.params);
    await connections.revokeToken(found.organisation.id, found.connection.id, request.params.token);
    return back(reply, found, 'revoked');
  });
}

interface Found {
  readonly organisation: Organisation;
  readonly connection: Connection;
}

function notFound(request: FastifyRequest): Refused {
  return new Refused('not-found', refusalText({ code: 'no-organisation' }, request.frame.language), { status: 404 });
}

async function demandOrganisation({ identity }: SsoRouteParts, request: FastifyRequest, id: string): Promise<Organisation> {
  const organisation = await identity.organisations.getOrganisation(id);
  if (organisation === undefined || !request.mayIn('organisation.connect', id)) throw notFound(request);
  return organisation;
}

async function demand(parts: SsoRouteParts, request: FastifyRequest, { id, connection: connectionId }: { readonly id: string; readonly connection: string }): Promise<Found> {
  const organisation = await demandOrganisation(parts, request, id);
  const connection = await parts.connections.get(id, connectionId);
  if (connection === undefined) throw notFound(request);
  return { organisation, connection };
}

const addressOf = ({ organisation, connection }: Found): string => `/identity/organisations/${organisation.id}/connections/${connection.id}`;

function back(reply: FastifyReply, found: Found, said: NonNullable<Said>): FastifyReply {
  return reply.redirect(`${addressOf(found)}?said=${said}`, 303);
}

function stored(body: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'client-secret'));
}

async function show({ identity, connections }: SsoRouteParts, request: FastifyRequest, reply: FastifyReply, { organisation, connection }: Found, given: { readonly form?: FormState; readonly report?: CheckReport; readonly said?: Said | undefined }): Promise<FastifyReply> {
  const tokens = await connections.listTokens(connection.id);
  const now = identity.parts.clock.now();
  const view: ConnectionView = { organisation, connection, addresses: connections.sso.addressesOf(connection), tokens, now, form: given.form ?? BLANK, report: given.report, said: given.said };
  return sendPrivatePage(request, reply, (frame) => connectionPage(frame, view), given.form === undefined ? 200 : 422);
}

function stateOf(request: FastifyRequest, refusal: SaveRefusal): FormState {
  const t = ssoText.in(request.frame.language);
  const values = stored(request.body as Readonly<Record<string, string>>);
  if (refusal.code === 'fields') return problem(values, refusal.errors.map(({ field, problem: code, about }: FieldError) => ({ field, message: t(`problem.${code}`, about === undefined ? {} : { about }) })));
  const message = refusal.code === 'too-many' ? t('problem.too-many', { about: refusal.max }) : refusal.code === 'no-connection' ? t('refusal.no-connection') : refusalText({ code: 'no-organisation' }, request.frame.language);
  return problem(values, [{ message }]);
}
