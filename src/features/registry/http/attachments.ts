/** Routes of attachments: sending, listing, fetching, removing; for programs and for forms. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type MizanServer, Refused } from '../../../platform/http/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import type { AttachmentRefusal, Attachments } from '../actions/attachments.ts';
import type { Attachment, AttachmentKind } from '../store/attachments.ts';
import { attachmentRefusalText, attachmentStatus } from '../actions/refusal-text.ts';
import { ATTACHMENT_KINDS } from '../store/attachments.ts';
import { refused } from './queries.ts';

const byId = z.object({ id: z.uuid() });
const byFile = byId.extend({ file: z.uuid() });
const attachmentSchema = z.object({ id: z.string(), kind: z.enum(ATTACHMENT_KINDS), name: z.string(), mediaType: z.string(), bytes: z.number().int(), sha256: z.string(), isPublic: z.boolean(), addedAt: z.string(), addedBy: z.string() });
const tags = ['systems'];

export function attachmentRoutes(app: MizanServer, attachments: Attachments): void {
  for (const [policy, prefix] of [['public', '/api/v1/systems'], ['system.see', '/api/v1/workspace/systems']] as const) {
    app.get(`${prefix}/:id/attachments`, { config: { policy, api: true }, schema: { tags, summary: 'Attachments of a system', params: byId, response: { 200: z.object({ items: z.array(attachmentSchema) }) } } }, async (request) => ({ items: [...(await attachments.list(request.scope, request.params.id))] }));
    app.get(`${prefix}/:id/attachments/:file`, { config: { policy, api: true }, schema: { tags, summary: 'The file', params: byFile } }, async (request, reply) => give(attachments, request, request.params, reply));
  }
  app.post('/api/v1/systems/:id/attachments', { config: { policy: 'system.change', api: true }, schema: { tags, summary: 'Attach a file', description: 'multipart/form-data: fields `kind` and `public` (yes or nothing) before the part `file`.', consumes: ['multipart/form-data'], params: byId, response: { 201: attachmentSchema } } }, async (request, reply) =>
    reply.status(201).send(await receive(attachments, request, request.params.id)),
  );
  app.delete('/api/v1/systems/:id/attachments/:file', { config: { policy: 'system.change', api: true }, schema: { tags, summary: 'Remove an attachment from sight', params: byFile, response: { 204: z.null() } } }, async (request, reply) => {
    const removed = await attachments.remove(request.scope, request.params.id, request.params.file);
    if (!removed.ok) throw refusedFile(removed.refusal, request);
    return reply.status(204).send(null);
  });

  app.get('/registry/:id/attachments/:file', { config: { policy: 'public' }, schema: { hide: true, params: byFile } }, async (request, reply) => give(attachments, request, request.params, reply));
  app.get('/registry/:id/manage/attachments/:file', { config: { policy: 'system.see' }, schema: { hide: true, params: byFile } }, async (request, reply) => give(attachments, request, request.params, reply));
  app.post('/registry/:id/attachments', { config: { policy: 'system.change' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    await receive(attachments, request, request.params.id);
    return reply.redirect(`/registry/${request.params.id}/manage?said=attached#attachments`, 303);
  });
  app.post('/registry/:id/attachments/:file/remove', { config: { policy: 'system.change' }, schema: { hide: true, params: byFile } }, async (request, reply) => {
    const removed = await attachments.remove(request.scope, request.params.id, request.params.file);
    if (!removed.ok) throw refusedFile(removed.refusal, request);
    return reply.redirect(`/registry/${request.params.id}/manage#attachments`, 303);
  });
}

async function give(attachments: Attachments, request: FastifyRequest, params: { readonly id: string; readonly file: string }, reply: FastifyReply): Promise<FastifyReply> {
  const found = await attachments.open(request.scope, params.id, params.file);
  if (found === undefined) throw refused({ code: 'not-found' }, request.frame.language);
  const { name, mediaType, bytes, sha256 } = found.attachment;
  // Always a download: what others sent never runs in a page of this origin.
  return reply
    .header('content-type', mediaType)
    .header('content-length', bytes)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`)
    .header('etag', `"${sha256}"`)
    .header('cache-control', 'private, max-age=0, must-revalidate')
    .serializer((body: unknown) => body as string)
    .send(found.stream);
}

/** Fields come before the file in the stream; a file before its fields is "other" and not published, the careful reading. */
async function receive(attachments: Attachments, request: FastifyRequest, systemId: string): Promise<Attachment> {
  let kind: AttachmentKind = 'other';
  let isPublic = false;
  if (!request.isMultipart()) throw refusedFile('no-file', request);
  for await (const part of request.parts({ limits: { fileSize: ATTACHMENT_BYTES_MAX + 1, files: 1 } })) {
    if (part.type === 'field') {
      if (part.fieldname === 'kind') kind = ATTACHMENT_KINDS.find((one) => one === part.value) ?? 'other';
      if (part.fieldname === 'public') isPublic = part.value === 'yes';
      continue;
    }
    if (part.filename === '') {
      part.file.resume();
      throw refusedFile('no-file', request);
    }
    const attached = await attachments.attach(request.scope, systemId, part.file, { name: part.filename, kind, isPublic });
    if (!attached.ok) {
      part.file.resume();
      throw refusedFile(attached.refusal, request);
    }
    return attached.value;
  }
  throw refusedFile('no-file', request);
}

function refusedFile(refusal: AttachmentRefusal | 'no-file', request: FastifyRequest): Refused {
  if (refusal === 'not-found' || refusal === 'not-allowed') return refused({ code: refusal }, request.frame.language);
  return new Refused(refusal, attachmentRefusalText(refusal, request.frame.language), { status: attachmentStatus(refusal) });
}
