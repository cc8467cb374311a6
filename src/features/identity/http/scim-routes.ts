/** SCIM 2.0 over HTTP: /scim/v2, by a key of one connection. Answers and problems in the form of RFC 7644. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MizanServer } from '../../../platform/http/index.ts';
import { Fault, type Verdict } from '../../../base/index.ts';
import type { Connections } from '../actions/connections.ts';
import { addressGroup } from '../actions/parts.ts';
import type { Directory, GroupView, UserView } from '../actions/scim.ts';
import { connectionActor } from '../rules/connection.ts';
import { ERROR_SCHEMA, etagOf, GROUP_SCHEMA, LIST_SCHEMA, matches, readPaging, type ScimProblem, USER_SCHEMA } from '../rules/scim.ts';
import { resourceTypes, schemas, serviceConfig } from '../rules/scim-schemas.ts';

/** A directory with tens of thousands of people sends them one by one; this lets 20 a second through. */
const REQUESTS = { max: 1200, windowSeconds: 60 };
const WRONG_KEYS = { max: 30, windowSeconds: 60 };
const config = { policy: 'public' as const, api: true, audited: true as const };
const BASE = '/scim/v2';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

class Refusal extends Error {
  readonly problem: ScimProblem;
  constructor(problem: ScimProblem) {
    super(problem.detail);
    this.problem = problem;
  }
}

type Handler = (request: FastifyRequest, reply: FastifyReply, directory: Directory) => Promise<unknown>;

export function scimRoutes(app: MizanServer, connections: Connections): void {
  // A plug-in of its own: other content types, and problems told in another form than everywhere else.
  void app.register(async (scoped) => {
    const inner = scoped as unknown as FastifyInstance;
    inner.removeContentTypeParser('application/json');
    inner.addContentTypeParser(['application/scim+json', 'application/json'], { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, JSON.parse(String(body)));
      } catch {
        done(new Refusal({ status: 400, scimType: 'invalidSyntax', detail: 'The body is no JSON.' }));
      }
    });
    inner.setErrorHandler((error, request, reply) => answerProblem(error as Error, request, reply));
    routes(inner, connections);
  });
}

function routes(app: FastifyInstance, connections: Connections): void {
  const { scim } = connections;
  const on = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, handler: Handler): void => {
    app.route({ method, url: `${BASE}${url}`, config, schema: { hide: true }, handler: async (request, reply) => handler(request, reply, await demandDirectory(connections, request, reply)) });
  };
  on('GET', '/ServiceProviderConfig', async (request, reply) => send(reply, serviceConfig(baseOf(request))));
  on('GET', '/ResourceTypes', async (request, reply) => send(reply, list(resourceTypes(baseOf(request)))));
  on('GET', '/ResourceTypes/:id', async (request, reply) => send(reply, demandNamed(resourceTypes(baseOf(request)), idOf(request))));
  on('GET', '/Schemas', async (request, reply) => send(reply, list(schemas(baseOf(request)))));
  on('GET', '/Schemas/:id', async (request, reply) => send(reply, demandNamed(schemas(baseOf(request)), idOf(request))));

  on('GET', '/Users', async (request, reply, directory) => {
    const { filter, page } = listAsked(request);
    const { total, users } = demand(await scim.listUsers(directory, filter, page));
    return send(reply, list(users.map((view) => userResource(request, view)), total, page.offset));
  });
  on('POST', '/Users', async (request, reply, directory) => sendUser(request, reply, demand(await scim.createUser(directory, request.body)), 201));
  on('GET', '/Users/:id', async (request, reply, directory) => sendUser(request, reply, demand(await scim.getUser(directory, uuidOf(request)))));
  on('PUT', '/Users/:id', async (request, reply, directory) => sendUser(request, reply, demand(await scim.changeUser(directory, uuidOf(request), { put: request.body }, holds(request)))));
  on('PATCH', '/Users/:id', async (request, reply, directory) => sendUser(request, reply, demand(await scim.changeUser(directory, uuidOf(request), { patch: request.body }, holds(request)))));
  on('DELETE', '/Users/:id', async (request, reply, directory) => {
    demand(await scim.deleteUser(directory, uuidOf(request), holds(request)));
    return reply.status(204).send();
  });

  on('GET', '/Groups', async (request, reply, directory) => {
    const { filter, page } = listAsked(request);
    const { total, groups } = demand(await scim.listGroups(directory, filter, page));
    return send(reply, list(groups.map((view) => groupResource(request, view)), total, page.offset));
  });
  on('POST', '/Groups', async (request, reply, directory) => sendGroup(request, reply, demand(await scim.createGroup(directory, request.body)), 201));
  on('GET', '/Groups/:id', async (request, reply, directory) => sendGroup(request, reply, demand(await scim.getGroup(directory, uuidOf(request)))));
  on('PUT', '/Groups/:id', async (request, reply, directory) => sendGroup(request, reply, demand(await scim.changeGroup(directory, uuidOf(request), { put: request.body }, holds(request)))));
  on('PATCH', '/Groups/:id', async (request, reply, directory) => sendGroup(request, reply, demand(await scim.changeGroup(directory, uuidOf(request), { patch: request.body }, holds(request)))));
  on('DELETE', '/Groups/:id', async (request, reply, directory) => {
    demand(await scim.deleteGroup(directory, uuidOf(request), holds(request)));
    return reply.status(204).send();
  });
}

/** Whose key it is. Guessing is slowed by address, a directory in a hurry by its key. */
async function demandDirectory(connections: Connections, request: FastifyRequest, reply: FastifyReply): Promise<Directory> {
  const token = /^Bearer\s+(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  const found = token === undefined ? undefined : await connections.directoryOf(token);
  const taken = found === undefined ? await connections.limits.take(`scim wrong ${addressGroup(request.ip)}`, WRONG_KEYS) : await connections.limits.take(`scim ${found.tokenId}`, REQUESTS);
  if (taken.granted === 0) {
    void reply.header('retry-after', taken.retryAfterSeconds);
    throw new Refusal({ status: 429, detail: 'Too many requests. Try again later.' });
  }
  if (found === undefined) {
    void reply.header('www-authenticate', 'Bearer');
    throw new Refusal({ status: 401, detail: 'Show a key of a connection: Authorization: Bearer mzs_…' });
  }
  request.auditNote = { actor: connectionActor(found.connection.id), targets: { connection: found.connection.id, organisation: found.organisation.id } };
  return found;
}

function demand<T>(verdict: Verdict<T, ScimProblem>): T {
  if (verdict.ok) return verdict.value;
  throw new Refusal(verdict.refusal);
}

const queryOf = (request: FastifyRequest): Readonly<Record<string, string | undefined>> => {
  const query = request.query as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]));
};
const idOf = (request: FastifyRequest): string => (request.params as { readonly id?: string }).id ?? '';

function uuidOf(request: FastifyRequest): string {
  const id = idOf(request);
  if (!ID.test(id)) throw new Refusal({ status: 404, detail: 'This connection keeps nothing with that id.' });
  return id.toLowerCase();
}

function listAsked(request: FastifyRequest): { readonly filter: string | undefined; readonly page: { readonly offset: number; readonly limit: number } } {
  const query = queryOf(request);
  return { filter: query['filter'], page: demand(readPaging(query)) };
}

function holds(request: FastifyRequest): (version: number) => boolean {
  const header = request.headers['if-match'];
  return (version) => header === undefined || matches(header, version);
}

/** Addresses as the client reached us. */
const baseOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}${BASE}`;

function send(reply: FastifyReply, body: unknown, status = 200): FastifyReply {
  return reply.status(status).header('content-type', 'application/scim+json; charset=utf-8').header('cache-control', 'no-store').serializer((value: unknown) => JSON.stringify(value)).send(body);
}

function list(resources: readonly unknown[], total = resources.length, offset = 0): unknown {
  return { schemas: [LIST_SCHEMA], totalResults: total, startIndex: offset + 1, itemsPerPage: resources.length, Resources: resources };
}

function demandNamed<R extends { readonly id: string }>(resources: readonly R[], id: string): R {
  const found = resources.find((one) => one.id === id);
  if (found === undefined) throw new Refusal({ status: 404, detail: 'There is no such schema or type.' });
  return found;
}

function userResource(request: FastifyRequest, { user, groups }: UserView): unknown {
  const { displayName, ...name } = user.names;
  const location = `${baseOf(request)}/Users/${user.id}`;
  return {
    schemas: [USER_SCHEMA],
    id: user.id,
    ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
    userName: user.userName,
    ...(Object.keys(name).length === 0 ? {} : { name }),
    ...(displayName === undefined ? {} : { displayName }),
    emails: [{ value: user.email, type: 'work', primary: true }],
    active: user.active,
    groups: groups.map((group) => ({ value: group.id, display: group.name, $ref: `${baseOf(request)}/Groups/${group.id}` })),
    meta: { resourceType: 'User', created: user.createdAt, lastModified: user.changedAt, location, version: etagOf(user.version) },
  };
}

function groupResource(request: FastifyRequest, { group, members }: GroupView): unknown {
  const query = queryOf(request);
  const without = (query['excludedAttributes'] ?? '').toLowerCase().split(',').map((one) => one.trim()).includes('members');
  return {
    schemas: [GROUP_SCHEMA],
    id: group.id,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    displayName: group.name,
    ...(without ? {} : { members: members.map(({ id, userName }) => ({ value: id, display: userName, $ref: `${baseOf(request)}/Users/${id}` })) }),
    meta: { resourceType: 'Group', created: group.createdAt, lastModified: group.changedAt, location: `${baseOf(request)}/Groups/${group.id}`, version: etagOf(group.version) },
  };
}

function sendOne(request: FastifyRequest, reply: FastifyReply, type: 'Users' | 'Groups', id: string, version: number, resource: unknown, status: number): FastifyReply {
  void reply.header('etag', etagOf(version)).header('location', `${baseOf(request)}/${type}/${id}`);
  if (request.auditNote !== undefined) request.auditNote = { ...request.auditNote, targets: { ...request.auditNote.targets, [type === 'Users' ? 'person' : 'group']: id } };
  const known = request.headers['if-none-match'];
  if (request.method === 'GET' && known !== undefined && matches(known, version)) return reply.status(304).send();
  return send(reply, resource, status);
}

function sendUser(request: FastifyRequest, reply: FastifyReply, view: UserView, status = 200): FastifyReply {
  return sendOne(request, reply, 'Users', view.user.id, view.user.version, userResource(request, view), status);
}

function sendGroup(request: FastifyRequest, reply: FastifyReply, view: GroupView, status = 200): FastifyReply {
  return sendOne(request, reply, 'Groups', view.group.id, view.group.version, groupResource(request, view), status);
}

function answerProblem(error: Error & { readonly statusCode?: number }, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem: ScimProblem = error instanceof Refusal ? error.problem : error.statusCode !== undefined && error.statusCode < 500 ? { status: error.statusCode, detail: error.message } : { status: error instanceof Fault || error.statusCode === 503 ? 503 : 500, detail: 'The register could not do this now. Try again later.' };
  if (problem.status >= 500) request.log.error({ err: error }, 'fault in SCIM');
  reply.problemCode = problem.scimType === undefined ? `scim-${problem.status}` : `scim-${problem.scimType.toLowerCase()}`;
  return send(reply, { schemas: [ERROR_SCHEMA], status: String(problem.status), ...(problem.scimType === undefined ? {} : { scimType: problem.scimType }), detail: problem.detail }, problem.status);
}

