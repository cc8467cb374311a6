/** The interface of the registry for programs. The public routes show what is published; those under /workspace and those that write need the workspace. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Instant, instant } from '../../../base/index.ts';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import { HISTORY_ROWS_MAX, type Registry } from '../actions/registry.ts';
import { FACETS, parseRecord, STATUSES, systemRecordSchema } from '../model.ts';
import { registryText } from '../text/index.ts';
import { demandRegister, moveAsRecorded } from './may-register.ts';
import { listQueryOf, listQuerySchema, refused } from './queries.ts';

const REASON_MAX = 2_000;
const lang = z.object({ lang: z.string().max(10).optional().meta({ description: 'Language of messages: az, en or ru.' }) });
const byId = z.object({ id: z.uuid().meta({ description: 'Id of the system.' }) });
const named = z.object({ id: z.string(), name: z.string() });
const revisionSchema = z
  .object({ revision: z.number().int(), kind: z.string(), status: z.enum(STATUSES), at: z.string(), actor: z.string(), reason: z.string(), sha256: z.string() })
  .meta({ description: 'One revision: who changed what when and why, with the SHA-256 of the canonical JSON (RFC 8785) of the record as stored.' });
const recordOut = z.looseObject({ name: z.string(), organisation: z.string() }).meta({ description: 'The record; its fields are those of the request body of POST /api/v1/systems.' });
const entrySchema = z.object({
  id: z.string(),
  number: z.number().int(),
  revision: z.number().int(),
  status: z.enum(STATUSES),
  record: recordOut,
  body: named,
  organisationId: z.string().optional().meta({ description: 'Whose it is; in the workspace only.' }),
  product: named.optional(),
  sample: z.boolean(),
  source: z.object({ profile: z.string(), key: z.string() }).optional(),
  summary: z.object({ headline: z.string(), stakes: z.number(), open: z.number() }).optional(),
  sha256: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  registeredAt: z.string().optional(),
});
const facetSchema = z.array(z.object({ value: z.string(), label: z.string(), count: z.number().int() }));
const pageSchema = z.object({
  items: z.array(entrySchema),
  total: z.number().int().meta({ description: 'How many fit; a lower bound when `totalIsExact` is false.' }),
  totalIsExact: z.boolean(),
  next: z.string().nullable().meta({ description: 'Send as `after` for the next page; null on the last.' }),
  previous: z.string().nullable(),
  facets: z.object(Object.fromEntries(FACETS.map((facet) => [facet, facetSchema]))),
  facetsAreExact: z.boolean(),
  nearMisses: z.boolean().meta({ description: 'Nothing has the words themselves; these entries have words like them.' }),
});
const asOfSchema = z.object({ revision: revisionSchema, record: recordOut, body: named });
const tags = ['systems'];

export function registryApi(app: MizanServer, registry: Registry): void {
  for (const [policy, prefix] of [['public', '/api/v1/systems'], ['system.see', '/api/v1/workspace/systems']] as const) readingRoutes(app, registry, policy, prefix);
  writingRoutes(app, registry);
}

function notFound(request: FastifyRequest): Refused {
  return refused({ code: 'not-found' }, request.frame.language);
}

function readingRoutes(app: MizanServer, registry: Registry, policy: 'public' | 'system.see', prefix: string): void {
  const config = { policy, api: true };
  const about = policy === 'public' ? 'Published entries, public fields, contacts held back.' : 'All entries, all fields.';

  app.get(prefix, { config, schema: { tags, summary: 'List and search systems', description: about, querystring: listQuerySchema, response: { 200: pageSchema } } }, async (request) => {
    const page = await registry.list(request.scope, listQueryOf(request.query));
    if (!page.ok) throw refused(page.refusal, request.frame.language);
    return { ...page.value, items: [...page.value.items], next: page.value.next ?? null, previous: page.value.previous ?? null, facets: Object.fromEntries(FACETS.map((facet) => [facet, [...page.value.facets[facet]]])) };
  });

  app.get(`${prefix}/:id`, { config, schema: { tags, summary: 'One system', description: `${about} The ETag is the revision, for If-Match.`, params: byId, querystring: lang, response: { 200: entrySchema } } }, async (request, reply) => {
    const entry = await registry.get(request.scope, request.params.id);
    if (entry === undefined) throw notFound(request);
    void reply.header('etag', `"${entry.revision}"`);
    return entry;
  });

  app.get(
    `${prefix}/:id/history`,
    {
      config,
      schema: {
        tags,
        summary: 'Revisions of a system, newest first',
        params: byId,
        querystring: lang.extend({ before: z.coerce.number().int().min(1).optional(), limit: z.coerce.number().int().min(1).max(HISTORY_ROWS_MAX).default(HISTORY_ROWS_MAX) }),
        response: { 200: z.object({ items: z.array(revisionSchema), next: z.number().int().nullable() }) },
      },
    },
    async (request) => {
      const { before, limit } = request.query;
      if ((await registry.get(request.scope, request.params.id)) === undefined) throw notFound(request);
      const page = await registry.history(request.scope, request.params.id, { limit, ...(before === undefined ? {} : { before }) });
      return { items: [...page.items], next: page.next ?? null };
    },
  );

  app.get(
    `${prefix}/:id/at/:instant`,
    { config, schema: { tags, summary: 'The record as it stood at an instant', params: byId.extend({ instant: z.string().max(40).meta({ description: 'YYYY-MM-DD (its end, UTC) or an ISO instant.' }) }), querystring: lang, response: { 200: asOfSchema } } },
    async (request) => {
      const at = instantOf(request.params.instant);
      if (at === undefined) throw new Refused('not-a-date', registryText.in(request.frame.language)('refusal.not-a-date', { value: request.params.instant }), { status: 400 });
      const state = await registry.getAsOf(request.scope, request.params.id, at);
      if (state === undefined) throw notFound(request);
      return state;
    },
  );

  app.get(
    `${prefix}/:id/differences`,
    {
      config,
      schema: {
        tags,
        summary: 'What differs between two revisions, field by field, texts word by word',
        params: byId,
        querystring: lang.extend({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1) }),
        response: { 200: z.object({ fields: z.array(z.object({ key: z.string(), before: z.string(), after: z.string(), pieces: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })) })) }) },
      },
    },
    async (request) => {
      const fields = await registry.difference(request.scope, request.params.id, request.query.from, request.query.to);
      if (!fields.ok) throw refused(fields.refusal, request.frame.language);
      return { fields: fields.value.map((field) => ({ ...field, pieces: [...field.pieces] })) };
    },
  );
}

function writingRoutes(app: MizanServer, registry: Registry): void {
  const reason = z.string().max(REASON_MAX).default('').meta({ description: 'Why; stands in the history.' });
  const ifMatch = z.object({ 'if-match': z.string().max(40).optional().meta({ description: 'The revision the change starts from, as the ETag gives it. A change to anything else is refused (409).' }) });
  // The record is parsed by its own parser, whose refusals name fields in the caller's language; the schema documents it.
  const recordIn = z.unknown().meta({ description: 'See `record` of the schema below.', ...(z.toJSONSchema(systemRecordSchema, { unrepresentable: 'any', io: 'input' }) as object) });

  app.post('/api/v1/systems', { config: { policy: 'system.create', api: true }, schema: { tags, summary: 'Register a system as a draft', querystring: lang, body: z.object({ record: recordIn, reason }), response: { 201: entrySchema } } }, async (request, reply) => {
    const made = await registry.create(request.scope, request.body.record, { reason: request.body.reason });
    if (!made.ok) throw refused(made.refusal, request.frame.language);
    request.auditNote = { targets: { system: made.value.id } };
    return reply.status(201).header('location', `/api/v1/workspace/systems/${made.value.id}`).header('etag', `"${made.value.revision}"`).send(made.value);
  });

  app.put('/api/v1/systems/:id', { config: { policy: 'system.change', api: true }, schema: { tags, summary: 'Replace the record of a system', params: byId, querystring: lang, headers: ifMatch, body: z.object({ record: recordIn, reason }), response: { 200: entrySchema } } }, async (request, reply) => {
    const saved = await registry.edit(request.scope, request.params.id, revisionOf(request), request.body.record, request.body.reason);
    if (!saved.ok) throw refused(saved.refusal, request.frame.language);
    void reply.header('etag', `"${saved.value.revision}"`);
    return saved.value;
  });

  app.post(
    '/api/v1/systems/:id/transitions',
    { config: { policy: 'system.change', api: true, recordedAs: moveAsRecorded }, schema: { tags, summary: 'Submit, register, withdraw, or take back to draft', params: byId, querystring: lang, headers: ifMatch, body: z.object({ to: z.enum(STATUSES), reason }), response: { 200: entrySchema } } },
    async (request, reply) => {
      const entry = await registry.get(request.scope, request.params.id);
      if (entry === undefined) throw notFound(request);
      demandRegister(request, entry, request.body.to);
      const moved = await registry.transition(request.scope, request.params.id, revisionOf(request), request.body.to, request.body.reason);
      if (!moved.ok) throw refused(moved.refusal, request.frame.language);
      void reply.header('etag', `"${moved.value.revision}"`);
      return moved.value;
    },
  );

  app.post(
    '/api/v1/systems/:id/restorations',
    { config: { policy: 'system.change', api: true }, schema: { tags, summary: 'Make an earlier revision stand again, as a new revision', params: byId, querystring: lang, headers: ifMatch, body: z.object({ revision: z.number().int().min(1), reason }), response: { 200: entrySchema } } },
    async (request, reply) => {
      const restored = await registry.restore(request.scope, request.params.id, revisionOf(request), request.body.revision, request.body.reason);
      if (!restored.ok) throw refused(restored.refusal, request.frame.language);
      void reply.header('etag', `"${restored.value.revision}"`);
      return restored.value;
    },
  );

  app.put(
    '/api/v1/bodies/:id',
    { config: { policy: 'system.link', api: true }, schema: { tags, summary: 'Give a body with all its entries to an organisation', description: 'The organisation then sees and edits them; `null` gives them back to the regulator.', params: z.object({ id: z.uuid().meta({ description: 'Id of the body, as entries name it.' }) }), querystring: lang, body: z.object({ organisation: z.uuid().nullable() }), response: { 204: z.null() } } },
    async (request, reply) => {
      const given = await registry.linkBody(request.scope, request.params.id, request.body.organisation);
      if (!given.ok) throw refused(given.refusal, request.frame.language);
      return reply.status(204).send(null);
    },
  );

  app.post('/api/v1/systems/check', { config: { policy: 'system.see', api: true }, schema: { tags, summary: 'Check a record without storing it', querystring: lang, body: z.object({ record: recordIn }), response: { 200: z.object({ problems: z.array(z.object({ path: z.string(), code: z.string() })) }) } } }, async (request) => {
    const parsed = parseRecord(request.body.record);
    return { problems: parsed.ok ? [] : parsed.refusal.map(({ path, code }) => ({ path, code })) };
  });
}

/** The revision of If-Match; without it a change could overwrite what nobody saw (RFC 6585: 428). */
function revisionOf(request: FastifyRequest): number {
  const text = /^(?:W\/)?"?(\d{1,9})"?$/.exec((request.headers['if-match'] ?? '').trim())?.[1];
  if (text === undefined) throw new Refused('revision-required', registryText.in(request.frame.language)('refusal.revision-required'), { status: 428 });
  return Number(text);
}

/** The end of a day in UTC, or the instant itself. */
export function instantOf(text: string): Instant | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const date = new Date(day ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(date.getTime()) || (day && date.toISOString().slice(0, 10) !== text)) return undefined;
  return instant(date);
}
