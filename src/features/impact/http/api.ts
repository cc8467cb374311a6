/** Impact assessments for programs: questionnaires, assessments, answers, results, seals. */

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { MizanServer } from '../../../platform/http/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import { type ImpactView, LIST_ROWS_DEFAULT, LIST_ROWS_MAX } from '../model.ts';
import { decodeListKey, encodeListKey } from '../rules/list-key.ts';
import { impactText } from '../text/index.ts';
import { byId, type ImpactRouteParts, listFilterOf, listQuery, viewOr404 } from './pages.ts';
import { refused } from './refuse.ts';

const tags = ['impact'];
const loose = z.looseObject({});
const afterBody = z.object({ after: z.number().int().min(0).meta({ description: 'The step that was seen; another in between refuses.' }) });

export function impactApi(app: MizanServer, { impact }: ImpactRouteParts): void {
  app.get('/api/v1/impact/questionnaires', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'Questionnaires in use', response: { 200: z.object({ items: z.array(loose) }) } } }, (request) => ({
    items: impact.questionnaires(request.frame.language).map(({ ref, title, plain, source, status, scoring, levels }) => ({ ...ref, title, plain, source, status, scoring: scoring.kind, levels })),
  }));
  app.get('/api/v1/impact/questionnaires/:kind', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'One questionnaire with its pages, questions, scoring and levels', params: z.object({ kind: z.string().max(100) }), response: { 200: loose } } }, (request) => {
    const questionnaire = impact.questionnaire(request.params.kind);
    if (questionnaire === undefined) throw refused({ code: 'no-questionnaire', kind: request.params.kind }, request.frame.language);
    return { ...questionnaire };
  });
  app.get('/api/v1/impact/assessments', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'Impact assessments, latest change first', querystring: listQuery.extend({ limit: z.coerce.number().int().min(1).max(LIST_ROWS_MAX).default(LIST_ROWS_DEFAULT) }), response: { 200: z.object({ items: z.array(loose), next: z.string().optional() }) } } }, async (request) => {
    const key = request.query.after === undefined ? undefined : decodeListKey(request.query.after);
    if (request.query.after !== undefined && key === undefined) throw new Refused('bad-cursor', impactText.in(request.frame.language)('refusal.bad-cursor'), { status: 400 });
    const { items, next } = await impact.list(listFilterOf(request.query), request.query.limit, key);
    return { items: items.map((row) => ({ ...row })), ...(next === undefined ? {} : { next: encodeListKey(next) }) };
  });
  app.post('/api/v1/impact/assessments', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Start an assessment of a system', body: z.object({ system: z.uuid(), kind: z.string().max(100), answers: z.record(z.string(), z.unknown()).optional() }), response: { 201: z.object({ id: z.string() }) } } }, async (request, reply) => {
    const { system, kind, answers } = request.body;
    const started = await impact.start(request.scope, { systemId: system, kind, ...(answers === undefined ? {} : { answers }) });
    if (!started.ok) throw refused(started.refusal, request.frame.language);
    return reply.status(201).send({ id: started.value });
  });
  app.get('/api/v1/impact/assessments/:id', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'One assessment: answers, what is asked and why, progress, result', params: byId, response: { 200: loose } } }, async (request) => outline(await viewOr404(impact, request, request.params.id)));
  app.post('/api/v1/impact/assessments/:id/answers', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Answer questions; null takes an answer back', params: byId, body: afterBody.extend({ answers: z.record(z.string(), z.unknown()) }), response: { 200: loose } } }, async (request) => {
    const saved = await impact.save(request.scope, request.params.id, request.body);
    if (!saved.ok) throw refused(saved.refusal, request.frame.language);
    return outline(await viewOr404(impact, request, request.params.id));
  });
  app.post('/api/v1/impact/assessments/:id/undo', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Take back the last save', params: byId, body: afterBody, response: { 200: loose } } }, async (request) => {
    const undone = await impact.undo(request.scope, request.params.id, request.body.after);
    if (!undone.ok) throw refused(undone.refusal, request.frame.language);
    return outline(await viewOr404(impact, request, request.params.id));
  });
  app.post('/api/v1/impact/assessments/:id/finish', { config: { policy: 'impact.seal', api: true }, schema: { tags, summary: 'Seal a complete assessment', params: byId, body: afterBody, response: { 200: z.object({ sha256: z.string(), sealedAt: z.string() }) } } }, async (request) => {
    const sealed = await impact.finish(request.scope, request.params.id, request.body.after);
    if (!sealed.ok) throw refused(sealed.refusal, request.frame.language);
    return { sha256: sealed.value.sha256, sealedAt: sealed.value.sealedAt };
  });
  app.post('/api/v1/impact/assessments/:id/revise', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Go on from a finished one, or in the newest version of the questionnaire', params: byId, response: { 201: loose } } }, async (request, reply) => {
    const revised = await impact.revise(request.scope, request.params.id);
    if (!revised.ok) throw refused(revised.refusal, request.frame.language);
    return reply.status(201).send({ ...revised.value });
  });
  app.post('/api/v1/impact/assessments/:id/publish', { config: { policy: 'impact.publish', api: true }, schema: { tags, summary: 'Show level and date on the public entry, or no longer', params: byId, body: z.object({ public: z.boolean() }), response: { 200: z.object({ public: z.boolean() }) } } }, async (request) => {
    const done = await impact.publish(request.scope, request.params.id, request.body.public);
    if (!done.ok) throw refused(done.refusal, request.frame.language);
    app.pages.clear();
    return { public: request.body.public };
  });
  app.get('/api/v1/impact/assessments/:id/recompute', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'Compute a sealed assessment again from what was sealed', params: byId, response: { 200: loose } } }, async (request) => {
    await viewOr404(impact, request, request.params.id);
    const again = await impact.recompute(request.scope, request.params.id);
    if (again === undefined) throw refused({ code: 'not-finished' }, request.frame.language);
    return { ...again };
  });
  app.get('/api/v1/impact/assessments/:id/export', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'Answers as a file that can be imported', params: byId, response: { 200: loose } } }, async (request) => ({ ...impact.exportFile(await viewOr404(impact, request, request.params.id)) }));
  app.post('/api/v1/impact/assessments/:id/import', { config: { policy: 'impact.write', api: true }, schema: { tags, summary: 'Take over the answers of an exported file', params: byId, body: afterBody.extend({ file: z.record(z.string(), z.unknown()) }), response: { 200: loose } } }, async (request) => {
    const taken = await impact.importFile(request.scope, request.params.id, request.body.file, request.body.after);
    if (!taken.ok) throw refused(taken.refusal, request.frame.language);
    return outline(await viewOr404(impact, request, request.params.id));
  });
  app.get('/api/v1/impact/assessments/:id/compare/:other', { config: { policy: 'impact.see', api: true }, schema: { tags, summary: 'Answers that differ between two assessments', params: byId.extend({ other: z.uuid() }), response: { 200: loose } } }, async (request) => {
    const compared = await impact.compare(request.scope, request.params.other, request.params.id);
    if (compared === undefined) throw refused({ code: 'no-assessment' }, request.frame.language);
    return { before: compared.before.row.id, after: compared.after.row.id, differences: compared.differences };
  });
  app.post('/api/v1/impact/assessments/:id/facts', { config: { policy: 'impact.take', api: true }, schema: { tags, summary: 'Give a stated fact to the interview of the system', params: byId, body: z.object({ fact: z.string().max(100) }), response: { 200: z.object({ taken: z.string() }) } } }, async (request: FastifyRequest<{ Params: z.infer<typeof byId>; Body: { fact: string } }>) => {
    const taken = await impact.takeFact(request.scope, request.params.id, request.body.fact);
    if (!taken.ok) throw refused(taken.refusal, request.frame.language);
    return { taken: request.body.fact };
  });
}

/** Levels are told only when complete; before that the score carries the words “so far”. */
function outline({ row, questionnaire, answers, origins, assessed, evidence, seal, law }: ImpactView): Record<string, unknown> {
  const { result } = assessed;
  const unlevelled = Object.fromEntries(Object.entries(result).filter(([key]) => key !== 'level'));
  return {
    ...row,
    questionnaire: questionnaire.ref,
    answers,
    origins,
    visibility: Object.fromEntries(assessed.visibility),
    notCounting: assessed.asleep,
    pages: assessed.pages,
    missing: assessed.missing,
    isComplete: assessed.isComplete,
    ...(assessed.isComplete ? { result } : { resultSoFar: unlevelled }),
    consequences: assessed.consequences,
    evidence,
    ...(seal === undefined ? {} : { sha256: seal.sha256, published: seal.publishedAt !== undefined }),
    ...(law === undefined ? {} : { law: { pack: law.pack.ref, asOf: law.asOf, outcomes: Object.fromEntries(law.decision.outcomes.map((outcome) => [outcome.id, outcome.result])) } }),
  };
}
