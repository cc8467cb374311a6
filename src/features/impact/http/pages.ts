/** Pages of impact assessments: list, start, questions, documents, result, comparison; all of them forms that need no script. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../../base/index.ts';
import { parseQuestionAnswer, type QuestionId, type QuestionPage } from '../../../law/questionnaire/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import type { Theme } from '../../../platform/html/index.ts';
import { emptyAsAbsent, frameIn, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { attachmentRefusalText, attachmentStatus, type Attachments, type Registry } from '../../registry/index.ts';
import type { Impact } from '../actions/open-impact.ts';
import { IMPORT_BYTES_MAX, type ImpactRefusal, type ImpactView, LIST_ROWS_DEFAULT, type ListFilter } from '../model.ts';
import { problemText, questionOf, refusalText } from '../rules/answer-text.ts';
import { decodeListKey, encodeListKey } from '../rules/list-key.ts';
import { type FormFields, rawFromForm } from '../rules/read-form.ts';
import { impactText } from '../text/index.ts';
import { assessmentPage } from '../web/assessment-page.tsx';
import { listPage, newPage } from '../web/list-page.tsx';
import { evidencePage, questionPage } from '../web/question-page.tsx';
import { answersPage, comparePage, resultPage } from '../web/result-page.tsx';
import { refused } from './refuse.ts';

export interface ImpactRouteParts {
  readonly impact: Impact;
  readonly registry: Registry;
  readonly attachments: Attachments;
  /** Draws an assessment as PDF; app/compose gives it with the name of the platform. */
  readonly pdf: (view: ImpactView, language: Language, theme: Theme) => Promise<Uint8Array>;
}

export const byId = z.object({ id: z.uuid() });
const lang = z.string().max(10).optional();
export const listQuery = z.object({
  q: emptyAsAbsent(z.string().max(500)),
  state: emptyAsAbsent(z.enum(['open', 'finished', 'replaced'])),
  kind: emptyAsAbsent(z.string().max(100)),
  system: emptyAsAbsent(z.uuid()),
  after: emptyAsAbsent(z.string().max(200)),
  lang,
});
const afterForm = z.object({ after: z.coerce.number().int().min(0) });
const formFields = z.record(z.string().max(300), z.union([z.string(), z.array(z.string())]).optional());
const SYSTEMS_OFFERED = 20;

type Asked = Pick<FastifyRequest, 'scope' | 'frame'>;

export async function viewOr404(impact: Impact, request: Asked, id: string): Promise<ImpactView> {
  const view = await impact.view(request.scope, id);
  if (view === undefined) throw refused({ code: 'no-assessment' }, request.frame.language);
  return view;
}

export function listFilterOf({ q, state, kind, system }: z.infer<typeof listQuery>): ListFilter {
  return { q, state, kind, system };
}

export function impactPages(app: MizanServer, parts: ImpactRouteParts): void {
  listPages(app, parts);
  answerPages(app, parts);
  evidencePages(app, parts);
  resultPages(app, parts);
}


function listPages(app: MizanServer, { impact, registry }: ImpactRouteParts): void {
  app.get('/impact', { config: { policy: 'impact.see' }, schema: { hide: true, querystring: listQuery } }, async (request, reply) => {
    const filter = listFilterOf(request.query);
    const key = request.query.after === undefined ? undefined : decodeListKey(request.query.after);
    if (request.query.after !== undefined && key === undefined) throw new Refused('bad-cursor', impactText.in(request.frame.language)('refusal.bad-cursor'), { status: 400 });
    const [{ items, next }, counts] = await Promise.all([impact.list(filter, LIST_ROWS_DEFAULT, key), impact.counts(filter)]);
    const href = (cursor: string | undefined): string => {
      const query = new URLSearchParams(Object.entries({ ...filter, after: cursor }).filter((pair): pair is [string, string] => pair[1] !== undefined));
      return query.size === 0 ? '/impact' : `/impact?${query.toString()}`;
    };
    return sendPage(request, reply, (frame) =>
      listPage(frame, { items, counts, filter, questionnaire: (id) => impact.questionnaire(id), nextHref: next === undefined ? undefined : href(encodeListKey(next)), firstHref: key === undefined ? undefined : href(undefined) }),
    );
  });

  const showNew = async (request: FastifyRequest, reply: Parameters<typeof sendPage>[1], given: { readonly system?: string | undefined; readonly kind?: string | undefined; readonly q?: string | undefined }, refusal?: string) => {
    const entry = given.system === undefined ? undefined : await registry.get(request.scope, given.system);
    if (given.system !== undefined && entry === undefined) throw refused({ code: 'no-system' }, request.frame.language);
    const found = entry === undefined ? await registry.list(request.scope, { limit: SYSTEMS_OFFERED, ...(given.q === undefined ? {} : { q: given.q }) }) : undefined;
    const open = entry === undefined ? [] : (await impact.ofSystem(entry.id)).filter((row) => row.state === 'open');
    const view = { questionnaires: impact.questionnaires(request.frame.language), entry, kind: given.kind, q: given.q ?? '', found: found?.ok === true ? found.value.items : [], open, refusal };
    return sendPage(request, reply, () => newPage(entry === undefined ? request.frame : frameIn(request, entry.organisationId), view), refusal === undefined ? 200 : 422);
  };
  app.get('/impact/new', { config: { policy: 'impact.see' }, schema: { hide: true, querystring: z.object({ system: emptyAsAbsent(z.uuid()), kind: emptyAsAbsent(z.string().max(100)), q: emptyAsAbsent(z.string().max(500)), lang }) } }, (request, reply) => showNew(request, reply, request.query));
  app.post('/impact', { config: { policy: 'impact.write' }, schema: { hide: true, body: z.object({ system: z.uuid(), kind: z.string().max(100).optional() }) } }, async (request, reply) => {
    const { system, kind } = request.body;
    const started = kind === undefined ? undefined : await impact.start(request.scope, { systemId: system, kind });
    if (started?.ok === true) return reply.redirect(`/impact/${started.value}`, 303);
    const message = started === undefined ? impactText.in(request.frame.language)('refusal.no-kind') : refusalText(started.refusal, request.frame.language);
    return showNew(request, reply, { system, kind }, message);
  });

  app.get('/impact/:id', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ said: z.string().max(40).optional(), lang }) } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    const siblings = await impact.ofSystem(view.row.systemId);
    return sendPage(request, reply, () => assessmentPage(frameIn(request, view.entry?.organisationId), { view, siblings, said: saidText(request.query.said, request.frame.language) }));
  });
}

const SAID = ['saved', 'undone', 'imported', 'revised', 'finished', 'published', 'unpublished', 'fact-taken'] as const;

/** What was just done, told on the page one is sent to; words that are not ours are not told. */
function saidText(said: string | undefined, language: Language): string | undefined {
  const known = SAID.find((one) => one === said);
  return known === undefined ? undefined : impactText.in(language)(`said.${known}`);
}

function answerPages(app: MizanServer, { impact }: ImpactRouteParts): void {
  const byPage = byId.extend({ page: z.string().max(100) });
  const pageOr404 = (view: ImpactView, id: string, language: Language): QuestionPage => {
    const found = view.questionnaire.pages.find((one) => one.id === id);
    if (found === undefined) throw refused({ code: 'no-assessment' }, language);
    return found;
  };
  app.get('/impact/:id/pages/:page', { config: { policy: 'impact.see' }, schema: { hide: true, params: byPage, querystring: z.object({ said: z.string().max(40).optional(), lang }) } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    const asked = pageOr404(view, request.params.page, request.frame.language);
    return sendPage(request, reply, () => questionPage(frameIn(request, view.entry?.organisationId), { view, page: asked, errors: {}, said: saidText(request.query.said, request.frame.language) }));
  });
  app.post('/impact/:id/pages/:page', { config: { policy: 'impact.write' }, schema: { hide: true, params: byPage, body: formFields } }, async (request, reply) => {
    const { language } = request.frame;
    const view = await viewOr404(impact, request, request.params.id);
    const asked = pageOr404(view, request.params.page, language);
    const form: FormFields = request.body;
    const { raw, errors, typed } = readPage(view, asked, form, language);
    const saved = await impact.save(request.scope, view.row.id, { answers: raw, after: Number(oneText(form['after'])) });
    if (!saved.ok) return sendPage(request, reply, () => questionPage(frameIn(request, view.entry?.organisationId), { view, page: asked, errors, typed: { ...raw, ...typed }, refusal: refusalText(saved.refusal, language) }), saved.refusal.code === 'stale' ? 409 : 422);
    const after = await viewOr404(impact, request, view.row.id);
    // What was right is saved; what was not is shown with its reason.
    if (Object.keys(errors).length > 0) return sendPage(request, reply, () => questionPage(frameIn(request, view.entry?.organisationId), { view: after, page: asked, errors, typed }), 422);
    return reply.redirect(nextAddress(view, after, asked, oneText(form['act'])), 303);
  });
  app.post('/impact/:id/undo', { config: { policy: 'impact.write' }, schema: { hide: true, params: byId, body: afterForm } }, async (request, reply) => {
    const undone = await impact.undo(request.scope, request.params.id, request.body.after);
    if (!undone.ok) throw refused(undone.refusal, request.frame.language);
    const view = await viewOr404(impact, request, request.params.id);
    const first = undone.value.questions.map((id) => questionOf(view.questionnaire, id)?.page).find((id) => id !== undefined);
    return reply.redirect(first === undefined ? `/impact/${view.row.id}?said=undone` : `/impact/${view.row.id}/pages/${first}?said=undone`, 303);
  });
  app.get('/impact/:id/answers', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    return sendPage(request, reply, (frame) => answersPage(frame, view));
  });
  app.post('/impact/:id/import', { config: { policy: 'impact.write' }, schema: { hide: true, params: byId, querystring: afterForm } }, async (request, reply) => {
    const taken = await impact.importFile(request.scope, request.params.id, await uploadedJson(request), request.query.after);
    if (taken.ok) return reply.redirect(`/impact/${request.params.id}?said=imported`, 303);
    return showRefusal(impact, request, reply, request.params.id, taken.refusal);
  });
  app.post('/impact/:id/revise', { config: { policy: 'impact.write' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const revised = await impact.revise(request.scope, request.params.id);
    if (!revised.ok) return showRefusal(impact, request, reply, request.params.id, revised.refusal);
    return reply.redirect(`/impact/${revised.value.id}?said=revised`, 303);
  });
}

async function showRefusal(impact: Impact, request: FastifyRequest, reply: Parameters<typeof sendPage>[1], id: string, refusal: ImpactRefusal): Promise<ReturnType<typeof sendPage>> {
  const view = await viewOr404(impact, request, id);
  const siblings = await impact.ofSystem(view.row.systemId);
  const problem = refused(refusal, request.frame.language);
  return sendPage(request, reply, () => assessmentPage(frameIn(request, view.entry?.organisationId), { view, siblings, said: undefined, refusal: problem.message }), problem.status);
}

/** The answers of the questions that stood on the form; what does not fit is told and left out. */
function readPage(view: ImpactView, asked: QuestionPage, form: FormFields, language: Language): { readonly raw: Readonly<Record<QuestionId, unknown>>; readonly errors: Readonly<Record<string, string>>; readonly typed: Readonly<Record<string, unknown>> } {
  const shown = new Set([form['shown'] ?? []].flat());
  const raw: Record<QuestionId, unknown> = {};
  const errors: Record<string, string> = {};
  const typed: Record<string, unknown> = {};
  for (const question of asked.questions) {
    if (!shown.has(question.id) || question.type === 'note') continue;
    const given = rawFromForm(question, form);
    const parsed = parseQuestionAnswer(question, given);
    if (parsed.ok) {
      raw[question.id] = given;
      continue;
    }
    errors[question.id] = problemText(parsed.refusal, question, language);
    typed[question.id] = given;
  }
  return { raw, errors, typed };
}

/** Documents of a question; this page again when further questions appeared on it; the next page; or the list of pages after the last. */
function nextAddress(before: ImpactView, after: ImpactView, asked: QuestionPage, act: string): string {
  const base = `/impact/${after.row.id}`;
  if (act.startsWith('evidence:')) return `${base}/evidence/${encodeURIComponent(act.slice('evidence:'.length))}`;
  const appeared = asked.questions.some((question) => before.assessed.visibility.get(question.id)?.sight === 'hidden' && after.assessed.visibility.get(question.id)?.sight !== 'hidden');
  if (act === 'stay' || appeared) return `${base}/pages/${asked.id}?said=saved`;
  const visible = after.assessed.pages.filter((one) => one.state !== 'hidden').map((one) => one.page);
  const order = after.questionnaire.pages.map((one) => one.id);
  const next = visible.find((id) => order.indexOf(id) > order.indexOf(asked.id));
  return next === undefined ? `${base}?said=saved` : `${base}/pages/${next}`;
}

function evidencePages(app: MizanServer, { impact, attachments }: ImpactRouteParts): void {
  const byQuestion = byId.extend({ question: z.string().max(200) });
  const questionOr404 = async (request: FastifyRequest, params: z.infer<typeof byQuestion>) => {
    const view = await viewOr404(impact, request, params.id);
    const question = questionOf(view.questionnaire, params.question);
    if (question === undefined || question.evidence === 'none') throw refused({ code: 'no-assessment' }, request.frame.language);
    return { view, question };
  };
  app.get('/impact/:id/evidence/:question', { config: { policy: 'impact.see' }, schema: { hide: true, params: byQuestion, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { view, question } = await questionOr404(request, request.params);
    return sendPage(request, reply, () => evidencePage(frameIn(request, view.entry?.organisationId), { view, question }));
  });
  app.post('/impact/:id/evidence/:question', { config: { policy: 'impact.write' }, schema: { hide: true, params: byQuestion } }, async (request, reply) => {
    const { view, question } = await questionOr404(request, request.params);
    const { language } = request.frame;
    if (view.row.state !== 'open') throw refused({ code: 'assessment-closed' }, language);
    const part = request.isMultipart() ? await request.file({ limits: { fileSize: ATTACHMENT_BYTES_MAX + 1, files: 1 } }) : undefined;
    if (part === undefined || part.filename === '') {
      part?.file.resume();
      return sendPage(request, reply, () => evidencePage(frameIn(request, view.entry?.organisationId), { view, question, refusal: impactText.in(language)('evidence.no-file') }), 422);
    }
    // It becomes an attachment of the system, not published: the answer and the entry then speak of the same file.
    const stored = await attachments.attach(request.scope, view.row.systemId, part.file, { name: part.filename, kind: 'assessment', isPublic: false });
    if (!stored.ok) {
      part.file.resume();
      return sendPage(request, reply, () => evidencePage(frameIn(request, view.entry?.organisationId), { view, question, refusal: attachmentRefusalText(stored.refusal, language) }), attachmentStatus(stored.refusal));
    }
    const attached = await impact.attach(request.scope, view.row.id, question.id, stored.value);
    if (!attached.ok) throw refused(attached.refusal, language);
    return reply.redirect(`/impact/${view.row.id}/evidence/${encodeURIComponent(question.id)}`, 303);
  });
  app.post('/impact/:id/evidence/:question/remove', { config: { policy: 'impact.write' }, schema: { hide: true, params: byQuestion, body: z.object({ item: z.uuid() }) } }, async (request, reply) => {
    const removed = await impact.detach(request.scope, request.params.id, request.body.item);
    if (!removed.ok) throw refused(removed.refusal, request.frame.language);
    return reply.redirect(`/impact/${request.params.id}/evidence/${encodeURIComponent(request.params.question)}`, 303);
  });
}

function resultPages(app: MizanServer, { impact, pdf }: ImpactRouteParts): void {
  const show = async (request: FastifyRequest, reply: Parameters<typeof sendPage>[1], id: string, more: { readonly recompute?: boolean; readonly said?: string | undefined; readonly refusal?: ImpactRefusal } = {}) => {
    const view = await viewOr404(impact, request, id);
    const offers = await impact.offers(request.scope, view);
    const recomputed = more.recompute === true ? await impact.recompute(request.scope, id) : undefined;
    const problem = more.refusal === undefined ? undefined : refused(more.refusal, request.frame.language);
    return sendPage(request, reply, () => resultPage(frameIn(request, view.entry?.organisationId), { view, explanation: impact.explain(view), offers, recomputed, said: saidText(more.said, request.frame.language), refusal: problem?.message }), problem?.status ?? 200);
  };
  app.get('/impact/:id/result', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ recompute: z.string().max(10).optional(), said: z.string().max(40).optional(), lang }) } }, (request, reply) =>
    show(request, reply, request.params.id, { recompute: request.query.recompute !== undefined, said: request.query.said }),
  );
  app.post('/impact/:id/finish', { config: { policy: 'impact.seal' }, schema: { hide: true, params: byId, body: afterForm } }, async (request, reply) => {
    const sealed = await impact.finish(request.scope, request.params.id, request.body.after);
    return sealed.ok ? reply.redirect(`/impact/${request.params.id}/result?said=finished`, 303) : show(request, reply, request.params.id, { refusal: sealed.refusal });
  });
  app.post('/impact/:id/publish', { config: { policy: 'impact.publish' }, schema: { hide: true, params: byId, body: z.object({ public: z.enum(['yes', 'no']) }) } }, async (request, reply) => {
    const isPublic = request.body.public === 'yes';
    const done = await impact.publish(request.scope, request.params.id, isPublic);
    app.pages.clear();
    return done.ok ? reply.redirect(`/impact/${request.params.id}/result?said=${isPublic ? 'published' : 'unpublished'}#next`, 303) : show(request, reply, request.params.id, { refusal: done.refusal });
  });
  app.post('/impact/:id/facts', { config: { policy: 'impact.take' }, schema: { hide: true, params: byId, body: z.object({ fact: z.string().max(100) }) } }, async (request, reply) => {
    const taken = await impact.takeFact(request.scope, request.params.id, request.body.fact);
    return taken.ok ? reply.redirect(`/impact/${request.params.id}/result?said=fact-taken`, 303) : show(request, reply, request.params.id, { refusal: taken.refusal });
  });
  app.get('/impact/:id/compare', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ with: z.uuid(), lang }) } }, async (request, reply) => {
    const compared = await impact.compare(request.scope, request.query.with, request.params.id);
    if (compared === undefined) throw refused({ code: 'no-assessment' }, request.frame.language);
    return sendPage(request, reply, (frame) => comparePage(frame, compared));
  });
  app.get('/impact/:id/result.pdf', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    const bytes = await pdf(view, request.frame.language, request.frame.theme);
    return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="impact-${view.row.number}.pdf"`).header('cache-control', 'no-store').send(Buffer.from(bytes));
  });
  app.get('/impact/:id/export.json', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    return reply.header('content-type', 'application/json; charset=utf-8').header('content-disposition', `attachment; filename="impact-${view.row.number}.json"`).send(JSON.stringify(impact.exportFile(view), null, 2));
  });
  app.get('/impact/:id/seal.json', { config: { policy: 'impact.see' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const view = await viewOr404(impact, request, request.params.id);
    if (view.seal === undefined) throw refused({ code: 'not-finished' }, request.frame.language);
    // Byte for byte what the digest was taken of.
    return reply.header('content-type', 'application/json; charset=utf-8').header('content-disposition', `attachment; filename="impact-${view.row.number}-seal.json"`).send(view.seal.record);
  });
}

/** The JSON of an uploaded file; undefined for no file, one too large, or one that is no JSON. */
async function uploadedJson(request: FastifyRequest): Promise<unknown> {
  if (!request.isMultipart()) return undefined;
  const part = await request.file({ limits: { fileSize: IMPORT_BYTES_MAX + 1, files: 1 } });
  if (part === undefined) return undefined;
  const bytes = await part.toBuffer();
  if (bytes.length > IMPORT_BYTES_MAX) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function oneText(value: FormFields[string]): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}
