/** Pages of the registry: the public list and entries, and the workspace where entries are made. */

import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { PolicyName } from '../../../platform/auth/index.ts';
import { type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { compareText } from '../../../platform/text/index.ts';
import type { Attachments } from '../actions/attachments.ts';
import { refusalText } from '../actions/refusal-text.ts';
import type { Registry } from '../actions/registry.ts';
import { type FieldProblem, parseRecord, STATUSES, type SystemEntry, type SystemRecord } from '../model.ts';
import { formOfRecord, type FormValues, recordOfForm } from '../rules/form.ts';
import { merge } from '../rules/merge.ts';
import { registryText } from '../text/index.ts';
import { differencesPage, type EntryView, entryPage } from '../web/entry-page.tsx';
import { formPage } from '../web/form-page.tsx';
import { listPage } from '../web/list-page.tsx';
import { type Can, confirmPage } from '../web/manage-parts.tsx';
import { publicFiles, workspaceParts } from '../web/workspace-entry.tsx';
import type { RegistryHooks } from '../web/parts.tsx';
import { stalePage } from '../web/stale-page.tsx';
import { instantOf } from './api.ts';
import { demandRegister, moveAsRecorded } from './may-register.ts';
import { facetsOf, listQueryOf, listQuerySchema, refused } from './queries.ts';

const HISTORY_SHOWN = 20;
const byId = z.object({ id: z.string().max(60) });
const entryQuery = z.object({ at: z.string().max(40).optional(), before: z.coerce.number().int().min(1).optional(), said: z.string().max(40).optional(), lang: z.string().max(10).optional() });
const differencesQuery = z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1), lang: z.string().max(10).optional() });
const revision = z.coerce.number().int().min(1);
const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

interface Asked {
  readonly scope: Parameters<Registry['get']>[0];
  readonly frame: { readonly language: 'az' | 'en' | 'ru'; readonly area: 'public' | 'workspace' };
}

export function registryPages(app: MizanServer, registry: Registry, attachments: Attachments | undefined, hooks: RegistryHooks): void {
  publicPages(app, registry, attachments, hooks);
  workspacePages(app, registry, attachments, hooks);
}

function canOf(request: FastifyRequest, entry: SystemEntry): Can {
  const mayIn = (policy: PolicyName): boolean => request.mayIn(policy, entry.organisationId);
  return { change: mayIn('system.change'), register: mayIn('system.register'), link: mayIn('system.link') };
}

/** The names a form offers; undefined where any may be written. */
async function organisationsFor(registry: Registry, request: Asked, entry?: SystemEntry): Promise<{ readonly organisations?: readonly string[] }> {
  const offers = await registry.offers(request.scope);
  return offers === undefined ? {} : { organisations: [...new Set([...(entry === undefined ? [] : [entry.body.name]), ...offers.map((offer) => offer.name)])].sort(compareText(request.frame.language)) };
}

async function entryOr404(registry: Registry, request: Asked, id: string): Promise<SystemEntry> {
  const entry = /^\d{1,15}$/.test(id) ? await registry.getByNumber(request.scope, Number(id)) : await registry.get(request.scope, id);
  if (entry === undefined) throw refused({ code: 'not-found' }, request.frame.language);
  return entry;
}

async function viewOf(registry: Registry, request: Asked, entry: SystemEntry, query: z.infer<typeof entryQuery>, hooks: RegistryHooks, path: string): Promise<EntryView> {
  const { language, area } = request.frame;
  const at = query.at === undefined || query.at === '' ? undefined : instantOf(query.at);
  if (query.at !== undefined && query.at !== '' && at === undefined) throw new Refused('not-a-date', registryText.in(language)('refusal.not-a-date', { value: query.at }), { status: 400 });
  const history = await registry.history(request.scope, entry.id, { limit: HISTORY_SHOWN, ...(query.before === undefined ? {} : { before: query.before }) });
  const deployments = await registry.deployments(request.scope, entry.id);
  const extraSections: readonly VNode[] = (await hooks.extraSections?.(entry.id, language, area)) ?? [];
  return {
    entry,
    history,
    deployments,
    extraSections,
    hooks,
    path,
    ...(at === undefined ? {} : { asOf: { day: at.slice(0, 10), state: await registry.getAsOf(request.scope, entry.id, at) } }),
  };
}

function publicPages(app: MizanServer, registry: Registry, attachments: Attachments | undefined, hooks: RegistryHooks): void {
  const config = { policy: 'public' as const };

  app.get('/registry', { config, schema: { hide: true, querystring: listQuerySchema } }, async (request, reply) => {
    const page = await registry.list(request.scope, listQueryOf(request.query));
    if (!page.ok) throw refused(page.refusal, request.frame.language);
    const t = registryText.in(request.frame.language);
    return sendPage(request, reply, (frame) => listPage(frame, { page: page.value, query: request.query, path: '/registry', hooks, entryHref: (entry) => `/registry/${entry.id}`, title: t('list.title'), lead: t('list.lead') }));
  });

  app.get('/registry/:id', { config, schema: { hide: true, params: byId, querystring: entryQuery } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    if (request.params.id !== entry.id) return reply.redirect(`/registry/${entry.id}`, 302);
    const view = await viewOf(registry, request, entry, request.query, hooks, `/registry/${entry.id}`);
    const files = (await attachments?.list(request.scope, entry.id)) ?? [];
    return sendPage(request, reply, (frame) => entryPage(frame, { ...view, after: publicFiles(frame, entry, files) }));
  });

  app.get('/registry/:id/differences', { config, schema: { hide: true, params: byId, querystring: differencesQuery } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const { from, to } = request.query;
    const fields = await registry.difference(request.scope, entry.id, from, to);
    if (!fields.ok) throw refused(fields.refusal, request.frame.language);
    return sendPage(request, reply, (frame) => differencesPage(frame, entry, from, to, fields.value, `/registry/${entry.id}#history`));
  });
}

function workspacePages(app: MizanServer, registry: Registry, attachments: Attachments | undefined, hooks: RegistryHooks): void {

  app.get('/registry/mine', { config: { policy: 'system.see' }, schema: { hide: true, querystring: listQuerySchema } }, async (request, reply) => {
    const query = listQueryOf(request.query);
    const isNarrowed = Object.keys(facetsOf(request.query)).length > 0 || query.q !== undefined;
    // Without a wish of the reader: what is in work.
    const page = await registry.list(request.scope, isNarrowed ? query : { ...query, facets: { status: ['draft', 'submitted'] } });
    if (!page.ok) throw refused(page.refusal, request.frame.language);
    return sendPage(request, reply, (frame) => listPage(frame, { ...workspaceParts.list(frame), page: page.value, query: request.query, path: '/registry/mine', hooks, entryHref: (entry) => `/registry/${entry.id}/manage` }));
  });

  app.get('/registry/:id/manage', { config: { policy: 'system.see' }, schema: { hide: true, params: byId, querystring: entryQuery } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const view = await viewOf(registry, request, entry, request.query, hooks, `/registry/${entry.id}/manage`);
    const files = await attachments?.list(request.scope, entry.id);
    const can = canOf(request, entry);
    const organisations = can.link ? await hooks.organisations?.(request.frame.language) : undefined;
    return sendPage(request, reply, (frame) => entryPage(frame, { ...view, ...workspaceParts.entry(frame, entry, { said: request.query.said, files, can, organisations }) }));
  });

  app.get('/registry/:id/manage/differences', { config: { policy: 'system.see' }, schema: { hide: true, params: byId, querystring: differencesQuery } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const { from, to } = request.query;
    const fields = await registry.difference(request.scope, entry.id, from, to);
    if (!fields.ok) throw refused(fields.refusal, request.frame.language);
    return sendPage(request, reply, (frame) => differencesPage(frame, entry, from, to, fields.value, `/registry/${entry.id}/manage#history`));
  });

  app.get('/registry/new', { config: { policy: 'system.create' }, schema: { hide: true } }, async (request, reply) => {
    const offered = await organisationsFor(registry, request);
    return sendPage(request, reply, (frame) => formPage(frame, { title: registryText.in(frame.language)('form.new-title'), action: '/registry/new', cancelHref: '/registry/mine', values: { entryLanguage: frame.language }, problems: [], ...offered }));
  });

  app.post('/registry/new', { config: { policy: 'system.create' }, schema: { hide: true, body: form } }, async (request, reply) => {
    const made = await registry.create(request.scope, recordOfForm(request.body, undefined), { reason: text(request.body, 'reason') });
    if (made.ok) {
      request.auditNote = { targets: { system: made.value.id } };
      return reply.redirect(`/registry/${made.value.id}/manage?said=saved`, 303);
    }
    const { refusal } = made;
    const offered = await organisationsFor(registry, request);
    return sendPage(
      request,
      reply,
      (frame) => formPage(frame, { title: registryText.in(frame.language)('form.new-title'), action: '/registry/new', cancelHref: '/registry/mine', values: request.body, ...offered, reason: text(request.body, 'reason'), problems: refusal.code === 'invalid' ? refusal.problems : [], ...(refusal.code === 'invalid' ? {} : { refusal: refusalText(refusal, frame.language) }) }),
      422,
    );
  });

  app.get('/registry/:id/edit', { config: { policy: 'system.change' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const offered = await organisationsFor(registry, request, entry);
    return sendPage(request, reply, (frame) => editForm(frame, entry, { values: formOfRecord(entry.record), revision: entry.revision, problems: [], ...offered }));
  });

  app.post('/registry/:id/edit', { config: { policy: 'system.change' }, schema: { hide: true, params: byId, body: form } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const from = revisionOfForm(request.body);
    const reason = text(request.body, 'reason');
    const record = recordToSave(request.body, entry);
    const saved = await registry.edit(request.scope, entry.id, from, record, reason);
    if (saved.ok) return reply.redirect(`/registry/${entry.id}/manage?said=saved`, 303);
    const { refusal } = saved;
    if (refusal.code === 'stale-edit') {
      const yours = parseRecord(record);
      if (yours.ok) return sendPage(request, reply, (frame) => stalePage(frame, { current: refusal.current, base: refusal.base, baseRevision: from, yours: yours.value, reason }), 409);
    }
    const problems: readonly FieldProblem[] = refusal.code === 'invalid' ? refusal.problems : refusal.code === 'incomplete' ? refusal.missing.map((key) => ({ path: key, code: 'required' })) : [];
    const offered = await organisationsFor(registry, request, entry);
    return sendPage(
      request,
      reply,
      (frame) => editForm(frame, entry, { ...offered, values: valuesOf(request.body, record), revision: from, problems, reason, ...(problems.length > 0 ? {} : { refusal: refusalText(refusal, frame.language) }) }),
      422,
    );
  });

  app.get('/registry/:id/move', { config: { policy: 'system.change' }, schema: { hide: true, params: byId, querystring: z.object({ to: z.enum(STATUSES), lang: z.string().max(10).optional() }) } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    demandRegister(request, entry, request.query.to);
    return sendPage(request, reply, (frame) => confirmPage(frame, entry, request.query.to, canOf(request, entry)));
  });

  app.post('/registry/:id/move', { config: { policy: 'system.change', recordedAs: moveAsRecorded }, schema: { hide: true, params: byId, body: z.object({ revision, to: z.enum(STATUSES), reason: z.string().max(2_000).default('') }) } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    demandRegister(request, entry, request.body.to);
    const moved = await registry.transition(request.scope, entry.id, request.body.revision, request.body.to, request.body.reason);
    if (!moved.ok) throw refused(moved.refusal, request.frame.language);
    return reply.redirect(`/registry/${moved.value.id}/manage?said=moved`, 303);
  });

  app.post('/registry/:id/restore', { config: { policy: 'system.change' }, schema: { hide: true, params: byId, body: z.object({ revision, earlier: revision }) } }, async (request, reply) => {
    const t = registryText.in(request.frame.language);
    const restored = await registry.restore(request.scope, request.params.id, request.body.revision, request.body.earlier, t('manage.restored', { revision: request.body.earlier }));
    if (!restored.ok) throw refused(restored.refusal, request.frame.language);
    return reply.redirect(`/registry/${restored.value.id}/manage?said=saved`, 303);
  });

  app.post('/registry/:id/organisation', { config: { policy: 'system.link' }, schema: { hide: true, params: byId, body: z.object({ organisation: z.union([z.literal(''), z.uuid()]).default('') }) } }, async (request, reply) => {
    const entry = await entryOr404(registry, request, request.params.id);
    const given = await registry.linkBody(request.scope, entry.body.id, request.body.organisation === '' ? null : request.body.organisation);
    if (!given.ok) throw refused(given.refusal, request.frame.language);
    return reply.redirect(`/registry/${entry.id}/manage?said=given`, 303);
  });

  app.post('/registry/:id/product', { config: { policy: 'system.link' }, schema: { hide: true, params: byId, body: z.object({ revision, productName: z.string().max(300), productProvider: z.string().max(300).default(''), remove: z.string().max(5).optional() }) } }, async (request, reply) => {
    const { productName, productProvider, remove } = request.body;
    const product = remove !== undefined || productName.trim() === '' ? null : { name: productName.trim(), provider: productProvider.trim() };
    const linked = await registry.linkProduct(request.scope, request.params.id, request.body.revision, product);
    if (!linked.ok) throw refused(linked.refusal, request.frame.language);
    return reply.redirect(`/registry/${linked.value.id}/manage?said=saved`, 303);
  });
}

function text(values: FormValues, name: string): string {
  const value = values[name];
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).slice(0, 2_000);
}

function revisionOfForm(values: FormValues): number {
  const number = Number(text(values, 'revision'));
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** The form's record; or, after a stale edit, theirs with the chosen fields of yours. */
function recordToSave(values: FormValues, entry: SystemEntry): unknown {
  const yours = values['yours'];
  if (typeof yours !== 'string') return recordOfForm(values, entry.record);
  const parsed = parseRecord(jsonOf(yours));
  if (!parsed.ok) return jsonOf(yours);
  const chosen = Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (name.startsWith('pick.') && (value === 'yours' || value === 'theirs') ? [[name.slice('pick.'.length), value] as const] : [])));
  return merge(entry.record, parsed.value, chosen);
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

function valuesOf(body: FormValues, record: unknown): FormValues {
  return typeof body['yours'] === 'string' && typeof record === 'object' && record !== null ? formOfRecord(record as SystemRecord) : body;
}

function editForm(frame: Parameters<typeof formPage>[0], entry: SystemEntry, parts: Pick<Parameters<typeof formPage>[1], 'values' | 'problems' | 'organisations'> & { readonly revision: number; readonly reason?: string; readonly refusal?: string }): ReturnType<typeof formPage> {
  return formPage(frame, { title: registryText.in(frame.language)('form.edit-title'), action: `/registry/${entry.id}/edit`, cancelHref: `/registry/${entry.id}/manage`, ...parts });
}
