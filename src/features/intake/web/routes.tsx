/** The pages of the intake. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Instant, type Language, PAGE_ROWS_DEFAULT } from '../../../base/index.ts';
import { type Assets, type MizanServer, sendPage } from '../../../platform/http/index.ts';
import type { Jobs } from '../../../platform/jobs/index.ts';
import type { Intake } from '../actions/intake.ts';
import { profileIds } from '../http/api.ts';
import { refused, unreadable } from '../http/refusals.ts';
import { receiveUpload } from '../http/upload.ts';
import type { ImportView } from '../model/import.ts';
import type { ProfileProblem } from '../model/profile.ts';
import { comparable } from '../rules/cells.ts';
import { draftProfile, fieldNamed, MAPPABLE, profileText } from '../rules/draft-profile.ts';
import { importPage } from './import-page.tsx';
import { listPage } from './list-page.tsx';
import { type MapperColumn, mapperPage } from './mapper-page.tsx';

export interface PageParts {
  readonly intake: Intake;
  readonly jobs: Jobs;
  readonly assets: Assets;
  readonly fieldLabel: (key: string, language: Language) => string;
}

const IMPORTS_SHOWN = 20;
const SAMPLES_SHOWN = 3;
const SAMPLE_CHARS = 120;
const params = z.object({ id: z.uuid() });
const lang = { lang: z.string().max(10).optional() };
const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional();

export function intakePages(app: MizanServer, parts: PageParts): void {
  listRoutes(app, parts);
  importRoutes(app, parts);
  mapperRoutes(app, parts);
}

function listRoutes(app: MizanServer, { intake }: PageParts): void {
  app.get('/intake', { config: { policy: 'file.seeImports' }, schema: { hide: true, querystring: z.object({ after: z.iso.datetime().optional(), profile: z.string().max(100).optional(), ...lang }) } }, async (request, reply) => {
    const { after, profile } = request.query;
    const items = await intake.list(request.scope, { limit: IMPORTS_SHOWN + 1, ...(after === undefined ? {} : { after: after as Instant }) });
    const profiles = await intake.profiles();
    const imports = items.slice(0, IMPORTS_SHOWN);
    const next = items.length > IMPORTS_SHOWN ? { next: `/intake?after=${encodeURIComponent(imports.at(-1)?.createdAt ?? '')}` } : {};
    return sendPage(request, reply, (frame) => listPage(frame, { imports, profiles, megabytesMax: Math.floor(app.uploadBytesMax / 1024 ** 2), ...(profile === undefined ? {} : { chosen: profile }), ...next }));
  });

  app.post('/intake', { config: { policy: 'file.import' }, schema: { hide: true } }, async (request, reply) => {
    const { file, fileName, fields } = await receiveUpload(request, intake);
    const encoding = fields['encoding'] ?? '';
    const options = encoding === '' ? {} : { encoding };
    if (fields['profile'] === 'unmapped') {
      const kept = await intake.startUnmapped(request.scope, file, fileName, options);
      if (!kept.ok) throw refused(kept.refusal, request.frame.language);
      return reply.redirect(`/intake/${kept.value.id}/map`, 303);
    }
    const begun = await intake.start(request.scope, file, { profile: fields['profile'] ?? '', fileName, mode: 'preview', options });
    if (!begun.ok) throw refused(begun.refusal, request.frame.language, await profileIds(intake));
    return reply.redirect(`/intake/${begun.value.id}`, 303);
  });

  app.get('/intake/profiles/:file', { config: { policy: 'file.seeImports' }, schema: { hide: true, params: z.object({ file: z.string().regex(/^[a-z0-9-]+\.yaml$/) }) } }, async (request, reply) => {
    const known = await intake.profile(request.params.file.slice(0, -'.yaml'.length));
    if (known === undefined) throw refused({ code: 'profile-unknown', profile: request.params.file }, request.frame.language, await profileIds(intake));
    return reply.header('content-type', 'application/yaml; charset=utf-8').header('content-disposition', `attachment; filename="${request.params.file}"`).send(known.text);
  });
}

async function viewOf(request: FastifyRequest, intake: Intake, id: string): Promise<ImportView> {
  const view = await intake.get(request.scope, id);
  if (view === undefined) throw refused({ code: 'not-found' }, request.frame.language);
  return view;
}

function importRoutes(app: MizanServer, { intake, jobs, assets }: PageParts): void {
  const query = z.object({ severity: z.enum(['error', 'warning', 'note', '']).default(''), column: z.string().max(2000).default(''), after: z.coerce.number().int().min(0).optional(), ...lang });
  app.get('/intake/:id', { config: { policy: 'file.seeImports' }, schema: { hide: true, params, querystring: query } }, async (request, reply) => {
    const { severity, column, after } = request.query;
    const view = await viewOf(request, intake, request.params.id);
    const [job, columns, items] = await Promise.all([
      view.jobId === null ? undefined : jobs.get(view.jobId),
      intake.problemColumns(request.scope, view.id),
      intake.problems(request.scope, view.id, { limit: PAGE_ROWS_DEFAULT + 1, ...(severity === '' ? {} : { severity }), ...(column === '' ? {} : { column }), ...(after === undefined ? {} : { after }) }),
    ]);
    const problems = items.slice(0, PAGE_ROWS_DEFAULT);
    const next = items.length > PAGE_ROWS_DEFAULT ? `/intake/${view.id}?${new URLSearchParams({ severity, column, after: String(problems.at(-1)?.number ?? 0) }).toString()}#problems` : undefined;
    return sendPage(request, reply, (frame) => importPage(frame, { view, job, columns, problems, filter: { severity, column }, next, progressScript: assets.island('progress') }));
  });

  const act = (path: string, work: (request: FastifyRequest, id: string) => Promise<void>): void => {
    app.post(`/intake/:id/${path}`, { config: { policy: 'file.import' }, schema: { hide: true, params, body: formBody } }, async (request, reply) => {
      await work(request, request.params.id);
      return reply.redirect(`/intake/${request.params.id}`, 303);
    });
  };
  act('apply', async (request, id) => {
    const done = await intake.apply(request.scope, id, 'all');
    if (!done.ok) throw refused(done.refusal, request.frame.language);
  });
  act('apply-good', async (request, id) => {
    const done = await intake.apply(request.scope, id, 'good');
    if (!done.ok) throw refused(done.refusal, request.frame.language);
  });
  act('cancel', async (request, id) => {
    const done = await intake.cancel(request.scope, id);
    if (!done.ok) throw refused(done.refusal, request.frame.language);
  });
  act('resume', async (request, id) => {
    const done = await intake.resume(request.scope, id);
    if (!done.ok) throw refused(done.refusal, request.frame.language, await profileIds(intake));
  });
}

function mapperRoutes(app: MizanServer, parts: PageParts): void {
  const { intake, fieldLabel } = parts;
  const show = async (request: FastifyRequest, id: string, values: Readonly<Record<string, string>>): Promise<{ view: ImportView; columns: readonly MapperColumn[] }> => {
    const view = await viewOf(request, intake, id);
    return { view, columns: await columnsOf(request, parts, id, values) };
  };
  app.get('/intake/:id/map', { config: { policy: 'file.seeImports' }, schema: { hide: true, params, querystring: z.object(lang) } }, async (request, reply) => {
    const { view, columns } = await show(request, request.params.id, {});
    return sendPage(request, reply, (frame) => mapperPage(frame, { view, columns, values: {}, problems: [], fieldLabel: (key) => fieldLabel(key, frame.language) }));
  });

  app.post('/intake/:id/map', { config: { policy: 'file.import' }, schema: { hide: true, params, body: formBody } }, async (request, reply) => {
    const values = Object.fromEntries(Object.entries(request.body ?? {}).map(([key, value]) => [key, typeof value === 'string' ? value : (value[0] ?? '')]));
    const { view, columns } = await show(request, request.params.id, values);
    const problems = await saveAndResume(request, intake, view, columns, values);
    if (problems.length === 0) return reply.redirect(`/intake/${view.id}`, 303);
    return sendPage(request, reply, (frame) => mapperPage(frame, { view, columns, values, problems, fieldLabel: (key) => fieldLabel(key, frame.language) }), 422);
  });
}

async function saveAndResume(request: FastifyRequest, intake: Intake, view: ImportView, columns: readonly MapperColumn[], values: Readonly<Record<string, string>>): Promise<readonly ProfileProblem[]> {
  const key = values['key'] ?? '';
  const draft = draftProfile({
    id: (values['id'] ?? '').trim(),
    title: view.fileName || (values['id'] ?? ''),
    licence: values['licence'] ?? '',
    status: values['status'] === 'registered' ? 'registered' : 'draft',
    header: columns.map((column) => column.name),
    fields: columns.map((column) => column.field),
    ...(key === '' ? {} : { keyColumn: Number(key) }),
    dateOrder: values['date'] === 'month-first' ? 'month-first' : 'day-first',
    organisation: values['organisation'] ?? '',
  });
  if (!draft.ok) return draft.refusal;
  const saved = await intake.saveProfile(request.scope, profileText(draft.value));
  if (!saved.ok) return saved.refusal;
  const resumed = await intake.resume(request.scope, view.id, { profile: saved.value.id });
  if (!resumed.ok) throw refused(resumed.refusal, request.frame.language);
  return [];
}

/** The columns with sample values; a posted choice wins over the field that bears the column's name. */
async function columnsOf(request: FastifyRequest, { intake, fieldLabel }: PageParts, id: string, values: Readonly<Record<string, string>>): Promise<readonly MapperColumn[]> {
  const names = new Map(MAPPABLE.flatMap((field) => [[comparable(field.key), field.key], ...(['az', 'en', 'ru'] as const).map((language) => [comparable(fieldLabel(field.key, language)), field.key])] as [string, string][]).reverse());
  try {
    const table = await intake.openFile(request.scope, id);
    if (table === undefined) throw refused({ code: 'not-found' }, request.frame.language);
    const samples: string[][] = table.facts.header.map(() => []);
    for await (const rows of table.rows(() => undefined)) {
      for (const row of rows) row.cells.forEach((cell, index) => {
        const mine = samples[index];
        const text = cell.trim().slice(0, SAMPLE_CHARS);
        if (mine !== undefined && mine.length < SAMPLES_SHOWN && text !== '' && !mine.includes(text)) mine.push(text);
      });
      break;
    }
    return table.facts.header.map((name, index) => ({ name, samples: samples[index] ?? [], field: values[`field-${index}`] ?? fieldNamed(name, names) }));
  } catch (error) {
    throw unreadable(error, request.frame.language);
  }
}
