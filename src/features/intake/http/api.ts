/** The interface of the intake for programs: send a file, look at what it would change, apply it. */

import { z } from 'zod';
import { type Instant, PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from '../../../base/index.ts';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import type { Intake } from '../actions/intake.ts';
import { IMPORT_MODES, IMPORT_STATES, type ImportView } from '../model/import.ts';
import { refusalText, refused } from './refusals.ts';
import { receiveUpload } from './upload.ts';

const tags = ['imports'];
const params = z.object({ id: z.uuid().meta({ description: 'Id of the import.' }) });
const started = z.object({ import: z.string().meta({ description: 'Id of the import.' }), job: z.string().meta({ description: 'Id of the job that does the work: /api/v1/jobs/{id}.' }) });
const resultSchema = z.object({
  read: z.number(), added: z.number(), changed: z.number(), unchanged: z.number(), withdrawn: z.number(), duplicates: z.number(), problems: z.number(), editedHere: z.number(), leftOut: z.number(),
});
const importSchema = z.object({
  id: z.string(),
  profile: z.string(),
  fileName: z.string(),
  fileSha256: z.string(),
  fileBytes: z.number(),
  mode: z.enum(IMPORT_MODES),
  state: z.enum(IMPORT_STATES),
  job: z.string().nullable(),
  facts: z.unknown().meta({ description: 'Format, encoding, delimiter, header as written and as named.' }),
  findings: z.unknown().meta({ description: 'Counts of odd characters, placeholders, labels no rule knows, problems by code.' }),
  counts: z.unknown().meta({ description: 'What the file would change.' }),
  drift: z.unknown().meta({ description: 'Columns added, missing, renamed since the profile was written.' }),
  result: resultSchema.nullable(),
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
  checkedAt: z.string().nullable(),
  appliedAt: z.string().nullable(),
});

export function intakeApi(app: MizanServer, intake: Intake): void {
  app.post(
    '/api/v1/imports',
    {
      config: {
        policy: 'file.import', api: true,
        upload: {
          file: 'CSV, XLSX, JSON or JSON Lines.',
          fields: { profile: 'Id of a mapping profile: GET /api/v1/imports/profiles.', mode: 'preview (default): only check. all: import every row or none. good: import the rows without errors.', encoding: 'Only when the detected encoding is wrong.', sample: 'true marks the entries as sample data.' },
        },
      },
      schema: { tags, summary: 'Send a file; a job checks it and, unless mode is preview, imports it', response: { 202: started } },
    },
    async (request, reply) => {
      const { language } = request.frame;
      const { file, fileName, fields } = await receiveUpload(request, intake);
      const mode = IMPORT_MODES.find((one) => one === (fields['mode'] ?? 'preview'));
      if (mode === undefined) throw new Refused('bad-request', `mode: ${IMPORT_MODES.join(', ')}`, { status: 400 });
      const encoding = fields['encoding'];
      const begun = await intake.start(request.scope, file, { profile: fields['profile'] ?? '', fileName, mode, sample: fields['sample'] === 'true', ...(encoding === undefined || encoding === '' ? {} : { options: { encoding } }) });
      if (!begun.ok) throw refused(begun.refusal, language, await profileIds(intake));
      return reply.status(202).header('location', `/api/v1/imports/${begun.value.id}`).send({ import: begun.value.id, job: begun.value.job });
    },
  );

  app.get(
    '/api/v1/imports',
    {
      config: { policy: 'file.seeImports', api: true },
      schema: { tags, summary: 'List imports, newest first', querystring: z.object({ limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT), after: z.iso.datetime().optional().meta({ description: 'The `next` of the page before.' }) }), response: { 200: z.object({ items: z.array(importSchema), next: z.string().nullable() }) } },
    },
    async (request) => {
      const { limit, after } = request.query;
      const items = await intake.list(request.scope, { limit: limit + 1, ...(after === undefined ? {} : { after: after as Instant }) });
      const page = items.slice(0, limit);
      return { items: page.map((view) => told(view, request.frame.language)), next: items.length > limit ? (page.at(-1)?.createdAt ?? null) : null };
    },
  );

  app.get('/api/v1/imports/profiles', { config: { policy: 'file.seeImports', api: true }, schema: { tags, summary: 'List mapping profiles', response: { 200: z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), version: z.number(), publisher: z.string(), licence: z.string(), shipped: z.boolean() })) }) } } }, async (request) => ({
    items: (await intake.profiles()).map(({ profile, isShipped }) => ({ id: profile.id, name: profile.name[request.frame.language], version: profile.version, publisher: profile.publisher, licence: profile.licence, shipped: isShipped })),
  }));

  app.get('/api/v1/imports/:id', { config: { policy: 'file.seeImports', api: true }, schema: { tags, summary: 'Show an import: what was found, what would change, what changed', params, response: { 200: importSchema } } }, async (request) => {
    const view = await intake.get(request.scope, request.params.id);
    if (view === undefined) throw refused({ code: 'not-found' }, request.frame.language);
    return told(view, request.frame.language);
  });

  app.get(
    '/api/v1/imports/:id/problems',
    {
      config: { policy: 'file.seeImports', api: true },
      schema: {
        tags,
        summary: 'List the problems of an import by row and column',
        params,
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS_DEFAULT), after: z.coerce.number().int().optional(), severity: z.enum(['error', 'warning', 'note']).optional(), column: z.string().max(2000).optional(), code: z.string().max(60).optional() }),
        response: { 200: z.object({ items: z.array(z.object({ number: z.number(), code: z.string(), severity: z.string(), row: z.number().optional(), line: z.number().optional(), column: z.string().optional(), found: z.string().optional() })), next: z.number().nullable() }) },
      },
    },
    async (request) => {
      const { limit, after, severity, column, code } = request.query;
      const items = await intake.problems(request.scope, request.params.id, { limit: limit + 1, ...(after === undefined ? {} : { after }), ...(severity === undefined ? {} : { severity }), ...(column === undefined ? {} : { column }), ...(code === undefined ? {} : { code }) });
      const page = items.slice(0, limit);
      return { items: [...page], next: items.length > limit ? (page.at(-1)?.number ?? null) : null };
    },
  );

  app.post('/api/v1/imports/:id/apply', { config: { policy: 'file.import', api: true }, schema: { tags, summary: 'Import a checked file', params, body: z.object({ mode: z.enum(['all', 'good']).default('all') }).default({ mode: 'all' }), response: { 202: started } } }, async (request, reply) => {
    const begun = await intake.apply(request.scope, request.params.id, request.body.mode);
    if (!begun.ok) throw refused(begun.refusal, request.frame.language);
    return reply.status(202).send({ import: request.params.id, job: begun.value.job });
  });

  app.post('/api/v1/imports/:id/cancel', { config: { policy: 'file.import', api: true }, schema: { tags, summary: 'Cancel an import that is not applied yet', params, response: { 200: importSchema } } }, async (request) => {
    const after = await intake.cancel(request.scope, request.params.id);
    if (!after.ok) throw refused(after.refusal, request.frame.language);
    return told(after.value, request.frame.language);
  });

  app.post('/api/v1/imports/:id/resume', { config: { policy: 'file.import', api: true }, schema: { tags, summary: 'Go on with a cancelled or failed import', params, response: { 202: started } } }, async (request, reply) => {
    const begun = await intake.resume(request.scope, request.params.id);
    if (!begun.ok) throw refused(begun.refusal, request.frame.language, await profileIds(intake));
    return reply.status(202).send({ import: request.params.id, job: begun.value.job });
  });
}

export async function profileIds(intake: Intake): Promise<readonly string[]> {
  return (await intake.profiles()).map((known) => known.profile.id);
}

function told(view: ImportView, language: Parameters<typeof refusalText>[2]): z.infer<typeof importSchema> {
  const { id, profile, fileName, fileSha256, fileBytes, mode, state, jobId, facts, findings, counts, drift, result, refusal, createdAt, checkedAt, appliedAt } = view;
  return { id, profile, fileName, fileSha256, fileBytes, mode, state, job: jobId, facts, findings, counts, drift, result, refusal: refusal === null ? null : { code: refusal.code, message: refusalText(refusal.code, refusal.detail, language) }, createdAt, checkedAt, appliedAt };
}
