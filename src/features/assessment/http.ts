/** Routes of the assessment: the work list, the interview, results, recorded classifications; pages and programs. */

import { z } from 'zod';
import type { Language } from '../../base/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import type { Theme } from '../../platform/html/index.ts';
import { emptyAsAbsent, frameIn, type MizanServer, Refused, sendPage } from '../../platform/http/index.ts';
import { parseRecord } from '../registry/index.ts';
import { indexOf, type Lawbook, type LawDates, lawDatesOrRefuse, regimesOf, termsIn } from '../lawbook/index.ts';
import type { Assessment, Sheet } from './actions/open-assessment.ts';
import { type AnswerRefusal, WORKLIST_ROWS_MAX, type WorklistKey } from './model.ts';
import { rawAnswerOf } from './rules/raw-answer.ts';
import { decodeWorklistKey, encodeWorklistKey } from './rules/worklist-key.ts';
import { assessmentText } from './text/index.ts';
import { interviewPage } from './web/interview-page.tsx';
import { answersPage, classificationPage, resultPage } from './web/result-page.tsx';
import { worklistPage } from './web/worklist-page.tsx';

const ROWS_DEFAULT = 25;
const CHOICES_MAX = 120;
const id = z.object({ id: z.uuid() });
const dateText = z.string().max(40).optional();
const lang = z.string().max(10).optional();
const worklistQuery = z.object({
  state: emptyAsAbsent(z.enum(['untouched', 'started', 'decided'])),
  probable: emptyAsAbsent(z.string().max(100)),
  after: emptyAsAbsent(z.string().max(200)),
  limit: z.coerce.number().int().min(1).max(WORKLIST_ROWS_MAX).default(ROWS_DEFAULT),
  lang,
});
const answerForm = z.object({
  fact: z.string().max(100),
  after: z.coerce.number().int().min(0),
  value: z.union([z.string().max(2000), z.array(z.string().max(200)).max(CHOICES_MAX)]).optional(),
  act: z.enum(['unknown', 'not-applicable', 'take-back']).optional(),
});

export interface AssessmentRouteParts {
  readonly assessment: Assessment;
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  /** Where the duties of a system are told. */
  readonly dutiesHref: (systemId: string) => string;
  /** Draws the result as PDF; app/compose gives it, so that pages do not depend on the document engine. */
  readonly resultPdf: (sheet: Sheet, dates: LawDates, language: Language, theme: Theme) => Promise<Uint8Array>;
}

export function assessmentRoutes(app: MizanServer, { assessment, lawbook, clock, resultPdf, dutiesHref }: AssessmentRouteParts): void {
  const datesOf = (given: Parameters<typeof lawDatesOrRefuse>[0], language: Language): LawDates => lawDatesOrRefuse(given, clock.today(), language);
  const keyOr400 = (text: string | undefined, language: Language): WorklistKey | undefined => {
    if (text === undefined) return undefined;
    const key = decodeWorklistKey(text);
    if (key === undefined) throw new Refused('bad-cursor', assessmentText.in(language)('refusal.bad-cursor'), { status: 400 });
    return key;
  };
  const today = (): LawDates => ({ asOf: clock.today(), knownOn: clock.today() });
  const sheetOr404 = async (request: { scope: Parameters<Assessment['sheet']>[0]; frame: { language: Language } }, systemId: string, dates: LawDates): Promise<Sheet> => {
    const sheet = await assessment.sheet(request.scope, systemId, dates);
    if (sheet === undefined) throw new Refused('no-system', assessmentText.in(request.frame.language)('refusal.no-system'), { status: 404 });
    return sheet;
  };

  app.get('/assessment', { config: { policy: 'assessment.see' }, schema: { hide: true, querystring: worklistQuery } }, async (request, reply) => {
    const { state, probable, after, limit } = request.query;
    const key = keyOr400(after, request.frame.language);
    const [{ items, next }, counts, probableCounts] = await Promise.all([
      assessment.worklist.page({ limit, ...(state === undefined ? {} : { state }), ...(probable === undefined ? {} : { probable }), ...(key === undefined ? {} : { after: key }) }),
      assessment.worklist.counts(),
      assessment.worklist.probableCounts(),
    ]);
    const href = (cursor: string | undefined): string => {
      const query = new URLSearchParams(Object.entries({ state, probable, after: cursor }).filter((pair): pair is [string, string] => pair[1] !== undefined));
      return query.size === 0 ? '/assessment' : `/assessment?${query.toString()}`;
    };
    return sendPage(request, reply, (frame) =>
      worklistPage(frame, {
        items,
        counts,
        probable: probableCounts,
        filter: { state, probable },
        pack: lawbook.pack(),
        nextHref: next === undefined ? undefined : href(encodeWorklistKey(next)),
        firstHref: key === undefined ? undefined : href(undefined),
      }),
    );
  });

  const showInterview = async (request: Parameters<typeof sheetOr404>[0] & Parameters<typeof sendPage>[0], reply: Parameters<typeof sendPage>[1], systemId: string, wanted: string | undefined, refusal?: { readonly message: string; readonly status: number }) => {
    const sheet = await sheetOr404(request, systemId, today());
    const question = (wanted === undefined ? undefined : indexOf(sheet.pack).facts.get(wanted)) ?? sheet.toAsk[0] ?? sheet.thenToAsk[0];
    const previews = question === undefined ? [] : assessment.previewOf(sheet, question.id);
    return sendPage(request, reply, () => interviewPage(frameIn(request, sheet.entry.organisationId), { sheet, question, previews, refusal: refusal?.message, dutiesHref: dutiesHref(systemId) }), refusal?.status ?? 200);
  };
  app.get('/assessment/:id', { config: { policy: 'assessment.see' }, schema: { hide: true, params: id, querystring: z.object({ fact: z.string().max(100).optional(), lang }) } }, (request, reply) =>
    showInterview(request, reply, request.params.id, request.query.fact),
  );
  app.post('/assessment/:id/answers', { config: { policy: 'assessment.answer' }, schema: { hide: true, params: id, body: answerForm } }, async (request, reply) => {
    const { fact: factId, after } = request.body;
    const t = assessmentText.in(request.frame.language);
    const fact = lawbook.pack()?.facts.find((one) => one.id === factId);
    if (fact === undefined) return showInterview(request, reply, request.params.id, undefined, { message: t('refusal.unknown-fact', { fact: factId }), status: 422 });
    const raw = rawAnswerOf(fact, request.body);
    if (!raw.ok) return showInterview(request, reply, request.params.id, factId, { message: t('refusal.no-answer'), status: 422 });
    await sheetOr404(request, request.params.id, today());
    const answered = await assessment.answer(request.scope, request.params.id, { fact: factId, raw: raw.value, after });
    if (!answered.ok) return showInterview(request, reply, request.params.id, factId, { message: refusalWords(answered.refusal, request.frame.language), status: answered.refusal.kind === 'stale' ? 409 : 422 });
    return reply.redirect(`/assessment/${request.params.id}`, 303);
  });
  app.post('/assessment/:id/undo', { config: { policy: 'assessment.answer' }, schema: { hide: true, params: id, body: z.object({ after: z.coerce.number().int().min(0) }) } }, async (request, reply) => {
    const before = await sheetOr404(request, request.params.id, today());
    const undone = await assessment.undo(request.scope, request.params.id, request.body.after);
    if (!undone.ok) return showInterview(request, reply, request.params.id, undefined, { message: refusalWords(undone.refusal, request.frame.language), status: 409 });
    // Back shows the question whose answer was taken back, filled in as before it.
    const last = before.steps.findLast((step) => !step.undoes);
    return reply.redirect(last === undefined ? `/assessment/${request.params.id}` : `/assessment/${request.params.id}?fact=${encodeURIComponent(last.fact)}`, 303);
  });
  app.get('/assessment/:id/answers', { config: { policy: 'assessment.see' }, schema: { hide: true, params: id, querystring: z.object({ lang }) } }, async (request, reply) => {
    const sheet = await sheetOr404(request, request.params.id, today());
    return sendPage(request, reply, () => answersPage(frameIn(request, sheet.entry.organisationId), sheet));
  });
  const resultQuery = z.object({ asOf: dateText, knownOn: dateText, lang });
  app.get('/assessment/:id/result', { config: { policy: 'assessment.see' }, schema: { hide: true, params: id, querystring: resultQuery } }, async (request, reply) => {
    const dates = datesOf(request.query, request.frame.language);
    const sheet = await sheetOr404(request, request.params.id, dates);
    const earlier = await assessment.classifications(request.params.id);
    return sendPage(request, reply, () => resultPage(frameIn(request, sheet.entry.organisationId), sheet, dates, earlier, dutiesHref(request.params.id)));
  });
  app.get('/assessment/:id/result.pdf', { config: { policy: 'assessment.see' }, schema: { hide: true, params: id, querystring: resultQuery } }, async (request, reply) => {
    const dates = datesOf(request.query, request.frame.language);
    const sheet = await sheetOr404(request, request.params.id, dates);
    const pdf = await resultPdf(sheet, dates, request.frame.language, request.frame.theme);
    return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="classification-${sheet.entry.number}.pdf"`).header('cache-control', 'no-store').send(Buffer.from(pdf));
  });
  app.post('/assessment/:id/classifications', { config: { policy: 'assessment.decide' }, schema: { hide: true, params: id, body: z.object({ asOf: dateText, knownOn: dateText }) } }, async (request, reply) => {
    const dates = datesOf(request.body, request.frame.language);
    await sheetOr404(request, request.params.id, dates);
    const kept = await assessment.classify(request.scope, request.params.id, dates);
    return reply.redirect(kept === undefined ? `/assessment/${request.params.id}` : `/assessment/classifications/${kept.id}`, 303);
  });
  app.get('/assessment/classifications/:id', { config: { policy: 'assessment.see' }, schema: { hide: true, params: id, querystring: z.object({ recompute: z.string().max(10).optional(), lang }) } }, async (request, reply) => {
    const one = await assessment.classification(request.params.id);
    if (one === undefined) return reply.callNotFound();
    const sheet = await sheetOr404(request, one.systemId, today());
    const recomputed = request.query.recompute === undefined ? undefined : await assessment.recompute(one);
    const pack = (await lawbook.packByDigest(one.pack.digest)) ?? sheet.pack;
    return sendPage(request, reply, (frame) => classificationPage(frame, one, pack, sheet.entry.record.name, recomputed));
  });

  // ---- programs ------------------------------------------------------------------------------------------------------

  const tags = ['assessment'];
  app.get('/api/v1/worklist', { config: { policy: 'assessment.see', api: true }, schema: { tags, summary: 'Systems in the order of what may be at stake', querystring: worklistQuery, response: { 200: z.object({ items: z.array(z.looseObject({})), total: z.number(), next: z.string().optional() }) } } }, async (request) => {
    const { state, probable, after, limit } = request.query;
    const key = keyOr400(after, request.frame.language);
    const [{ items, next }, counts] = await Promise.all([
      assessment.worklist.page({ limit, ...(state === undefined ? {} : { state }), ...(probable === undefined ? {} : { probable }), ...(key === undefined ? {} : { after: key }) }),
      assessment.worklist.counts(),
    ]);
    return { items: items.map((item) => ({ ...item })), total: counts.total, ...(next === undefined ? {} : { next: encodeWorklistKey(next) }) };
  });
  app.post(
    '/api/v1/prescreen',
    {
      config: { policy: 'public', api: true },
      schema: {
        tags,
        summary: 'What the words of a record hint at: candidate facts, never facts',
        body: z.object({ record: z.record(z.string(), z.unknown()).meta({ description: 'Fields of a system record; `name` and `organisation` at least.' }) }),
        response: { 200: z.object({ candidates: z.array(z.looseObject({ fact: z.string(), conclusion: z.string(), score: z.number() })) }) },
      },
    },
    (request) => {
      const record = parseRecord(request.body.record);
      if (!record.ok) throw new Refused('record', assessmentText.in(request.frame.language)('refusal.record'), { errors: record.refusal.map((problem) => ({ path: `record.${problem.path}`, message: problem.code })) });
      return { candidates: assessment.propose(record.value).map((candidate) => ({ ...candidate })) };
    },
  );
  app.get('/api/v1/systems/:id/assessment', { config: { policy: 'assessment.see', api: true }, schema: { tags, summary: 'Answers, candidates, result so far and the next questions of one system', params: id, querystring: z.object({ asOf: dateText, knownOn: dateText }), response: { 200: z.looseObject({}) } } }, async (request) => {
    const dates = datesOf(request.query, request.frame.language);
    const sheet = await sheetOr404(request, request.params.id, dates);
    const { language } = request.frame;
    return {
      system: sheet.entry.id,
      step: sheet.step,
      facts: sheet.facts,
      candidates: sheet.candidates,
      ask: sheet.toAsk.map((fact) => fact.id),
      skipped: sheet.skipped.map((fact) => fact.id),
      thenAsk: sheet.thenToAsk.map((fact) => fact.id),
      headline: { id: sheet.decision.headline.id, label: sheet.decision.headline.label[language] },
      regimes: regimesOf(sheet.pack, sheet.decision, language, termsIn(language)),
    };
  });
  app.post('/api/v1/systems/:id/answers', { config: { policy: 'assessment.answer', api: true }, schema: { tags, summary: 'Answer one question; “after” is the step that was seen, so a stale answer is refused', params: id, body: z.object({ fact: z.string().max(100), answer: z.unknown(), after: z.number().int().min(0) }), response: { 200: z.object({ step: z.number() }) } } }, async (request) => {
    await sheetOr404(request, request.params.id, today());
    const { fact, answer, after } = request.body;
    const answered = await assessment.answer(request.scope, request.params.id, { fact, raw: answer ?? null, after });
    if (!answered.ok) throw new Refused(answered.refusal.kind, refusalWords(answered.refusal, request.frame.language), { status: answered.refusal.kind === 'stale' ? 409 : 422 });
    return { step: answered.value };
  });
  app.post('/api/v1/systems/:id/classifications', { config: { policy: 'assessment.decide', api: true }, schema: { tags, summary: 'Decide on the answers as they stand and keep the decision', params: id, body: z.object({ asOf: dateText, knownOn: dateText }), response: { 201: z.object({ id: z.string(), number: z.number(), decisionSha256: z.string() }) } } }, async (request, reply) => {
    const dates = datesOf(request.body, request.frame.language);
    await sheetOr404(request, request.params.id, dates);
    const kept = await assessment.classify(request.scope, request.params.id, dates);
    if (kept === undefined) throw new Refused('no-system', assessmentText.in(request.frame.language)('refusal.no-system'), { status: 404 });
    return reply.status(201).send({ id: kept.id, number: kept.number, decisionSha256: kept.decisionSha256 });
  });
  app.get('/api/v1/classifications/:id', { config: { policy: 'assessment.see', api: true }, schema: { tags, summary: 'A recorded classification with facts, pack, dates and the whole decision', params: id, response: { 200: z.looseObject({}) } } }, async (request) => {
    const one = await assessment.classification(request.params.id);
    if (one === undefined) throw new Refused('not-found', assessmentText.in(request.frame.language)('refusal.no-classification'), { status: 404 });
    const { decisionText: _text, ...rest } = one;
    return { ...rest };
  });
  app.get('/api/v1/classifications/:id/recompute', { config: { policy: 'assessment.see', api: true }, schema: { tags, summary: 'Take the decision again from what was stored and compare it bit for bit', params: id, response: { 200: z.object({ kind: z.enum(['equal', 'different', 'pack-missing']), storedSha256: z.string(), sha256: z.string().optional() }) } } }, async (request) => {
    const one = await assessment.classification(request.params.id);
    if (one === undefined) throw new Refused('not-found', assessmentText.in(request.frame.language)('refusal.no-classification'), { status: 404 });
    return assessment.recompute(one);
  });
}

function refusalWords(refusal: AnswerRefusal, language: Language): string {
  const t = assessmentText.in(language);
  switch (refusal.kind) {
    case 'unknown-fact':
      return t('refusal.unknown-fact', { fact: refusal.fact });
    case 'not-applicable':
      return t('refusal.not-applicable', { fact: refusal.fact });
    case 'wrong-value':
      return t('refusal.wrong-value', { fact: refusal.fact, message: refusal.message });
    case 'stale':
      return t('refusal.stale');
    case 'nothing-to-undo':
      return t('refusal.nothing-to-undo');
  }
}
