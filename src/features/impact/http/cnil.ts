/** Files of the CNIL's PIA program over HTTP: a page with both ways, the download, the upload, and the same for programs. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Json, Language } from '../../../base/index.ts';
import { frameIn, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { attachmentRefusalText, attachmentStatus } from '../../registry/index.ts';
import { IMPORT_BYTES_MAX, type ImpactView } from '../model.ts';
import { fromPia, PIA_FILE_QUESTION, PIA_KIND, type PiaMap, type PiaProblem } from '../rules/cnil-pia.ts';
import { toPia } from '../rules/write-pia.ts';
import { impactText } from '../text/index.ts';
import { piaPage } from '../web/pia-page.tsx';
import { byId, type ImpactRouteParts, viewOr404 } from './pages.ts';
import { refused } from './refuse.ts';

const tags = ['impact'];
const FILE_NAME_LENGTH_MAX = 120;

interface PiaFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export function cnilRoutes(app: MizanServer, parts: ImpactRouteParts): void {
  const { impact } = parts;
  app.get('/impact/:id/pia', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ lang: z.string().max(10).optional() }) } }, async (request, reply) => {
    const view = await dpiaOr404(parts, request, request.params.id);
    return sendPage(request, reply, () => piaPage(frameIn(request, view.entry?.organisationId), view));
  });
  app.get('/impact/:id/pia.json', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const view = await dpiaOr404(parts, request, request.params.id);
    const file = await fileOf(parts, request, view);
    return reply.header('content-type', 'application/json; charset=utf-8').header('content-disposition', `attachment; filename="pia-${view.row.number}.json"`).header('cache-control', 'no-store').send(JSON.stringify(file, null, 2));
  });
  app.post('/impact/:id/pia', { config: { policy: 'impact.write' }, schema: { hide: true, params: byId, querystring: z.object({ after: z.coerce.number().int().min(0) }) } }, async (request, reply) => {
    const view = await dpiaOr404(parts, request, request.params.id);
    try {
      await takeOver(parts, request, view, await uploaded(request), request.query.after);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return sendPage(request, reply, () => piaPage(frameIn(request, view.entry?.organisationId), view, error.message), error.status);
    }
    return reply.redirect(`/impact/${view.row.id}?said=imported`, 303);
  });
  app.get('/api/v1/impact/assessments/:id/pia', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'A data protection assessment as a file of the CNIL’s PIA program', params: byId, response: { 200: z.looseObject({}) } } }, async (request) => ({ ...(await fileOf(parts, request, await dpiaOr404(parts, request, request.params.id))) }));
  app.post('/api/v1/impact/assessments/:id/pia', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Take over a file of the CNIL’s PIA program; it replaces the answers', params: byId, body: z.object({ after: z.number().int().min(0).meta({ description: 'The step that was seen; another in between refuses.' }), file: z.record(z.string(), z.unknown()) }), response: { 200: z.object({ step: z.number() }) } } }, async (request) => {
    const view = await dpiaOr404(parts, request, request.params.id);
    await takeOver(parts, request, view, { name: 'pia.json', bytes: Buffer.from(JSON.stringify(request.body.file)) }, request.body.after);
    return { step: (await viewOr404(impact, request, view.row.id)).row.step };
  });
}

async function dpiaOr404({ impact }: ImpactRouteParts, request: FastifyRequest, id: string): Promise<ImpactView> {
  const view = await viewOr404(impact, request, id);
  if (view.row.kind !== PIA_KIND) throw refused({ code: 'no-assessment' }, request.frame.language);
  return view;
}

/** The file as it would be read by the program, written onto the one that was taken over last. */
async function fileOf({ attachments }: ImpactRouteParts, request: FastifyRequest, view: ImpactView): Promise<PiaMap> {
  const last = view.evidence.findLast((item) => item.question === PIA_FILE_QUESTION);
  const opened = last === undefined ? undefined : await attachments.open(request.scope, view.row.systemId, last.attachmentId);
  const base = opened === undefined ? undefined : parsed(await bytesOf(opened.stream));
  return toPia({ answers: view.assessed.counting, name: view.row.systemName, startedAt: view.row.startedAt, changedAt: view.row.changedAt, ...(base === undefined ? {} : { base }) });
}

/** Reads the file, keeps it as a document of the assessment, and answers with it. Nothing is kept of a file that does not fit. */
async function takeOver({ impact, attachments }: ImpactRouteParts, request: FastifyRequest, view: ImpactView, file: PiaFile | undefined, after: number): Promise<void> {
  const { language } = request.frame;
  const read = fromPia(file === undefined ? undefined : parsed(file.bytes));
  if (!read.ok) throw notAPia(read.refusal, language);
  if (view.row.state !== 'open') throw refused({ code: 'assessment-closed' }, language);
  if (view.row.step !== after) throw refused({ code: 'stale' }, language);
  const stored = await attachments.attach(request.scope, view.row.systemId, only(file?.bytes ?? Buffer.alloc(0)), { name: file?.name ?? 'pia.json', kind: 'assessment', isPublic: false });
  if (!stored.ok) throw new Refused(stored.refusal, attachmentRefusalText(stored.refusal, language), { status: attachmentStatus(stored.refusal) });
  const attached = await impact.attach(request.scope, view.row.id, PIA_FILE_QUESTION, stored.value);
  if (!attached.ok) throw refused(attached.refusal, language);
  // The file answers the whole questionnaire: what it leaves open is open.
  const answers = Object.fromEntries(view.questionnaire.pages.flatMap((one) => one.questions).map((question) => [question.id, question.id === PIA_FILE_QUESTION ? (file?.name ?? null) : (read.value[question.id] ?? null)]));
  const saved = await impact.save(request.scope, view.row.id, { answers, after, origin: 'import' });
  if (!saved.ok) throw refused(saved.refusal, language);
}

function notAPia(problem: PiaProblem, language: Language): Refused {
  const t = impactText.in(language);
  const limit = formatNumber(problem.limit ?? 0, language);
  const message = t(`pia.problem.${problem.code}`, { path: problem.path === '' ? 'JSON' : problem.path, limit });
  return new Refused('not-a-pia', `${t('refusal.not-a-pia')} ${message}`, { errors: [{ path: problem.path, message }] });
}

async function uploaded(request: FastifyRequest): Promise<PiaFile | undefined> {
  const part = request.isMultipart() ? await request.file({ limits: { fileSize: IMPORT_BYTES_MAX + 1, files: 1 } }) : undefined;
  if (part === undefined) return undefined;
  const bytes = await part.toBuffer();
  const name = /\.json$/i.test(part.filename) ? part.filename.slice(-FILE_NAME_LENGTH_MAX) : 'pia.json';
  return bytes.length > IMPORT_BYTES_MAX ? undefined : { name, bytes };
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as Json;
  } catch {
    return undefined;
  }
}

async function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

async function* only(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}
