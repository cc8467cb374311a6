/** Minutes over HTTP: written and corrected on the desk; signed ones for everybody as page, PDF and the very text that the log names. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGES, type Verdict } from '../../../base/index.ts';
import { documentIssuerOf } from '../../../platform/html/index.ts';
import { type MizanServer, sendPage } from '../../../platform/http/index.ts';
import type { MinutesView } from '../actions/open-secretariat.ts';
import type { SittingRefusal } from '../model.ts';
import { minutesPage } from '../web/minutes-page.tsx';
import { minutesPdf } from '../web/minutes-pdf.ts';
import { authorIn, byId, formFields, said } from './pages.ts';
import { refused } from './refuse.ts';
import type { SecretariatRouteParts } from './routes.ts';

const ofParagraph = byId.extend({ paragraph: z.string().regex(/^[a-z0-9-]{1,40}$/) });
const ofCorrection = byId.extend({ correction: z.uuid() });
const revision = z.object({ revision: z.coerce.number().int() });
const inLanguage = z.object({ lang: z.enum(LANGUAGES).optional() });

export function minutesRoutes(app: MizanServer, { secretariat }: SecretariatRouteParts): void {
  const record = { policy: 'sitting.record' as const };
  const schema = { hide: true, params: byId };
  const base = '/secretariat/sittings/:id/minutes' as const;
  const viewOr404 = async (request: FastifyRequest, id: string): Promise<MinutesView> => {
    const view = await secretariat.minutes(id);
    if (view === undefined) throw refused({ code: 'no-sitting' }, request.frame.language);
    return view;
  };
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: { readonly isDesk: boolean; readonly said?: string | undefined; readonly refusal?: SittingRefusal; readonly typed?: Readonly<Record<string, string | undefined>> }) => {
    const view = await viewOr404(request, id);
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    return sendPage(request, reply, (frame) => minutesPage(frame, { view, ...more }), status);
  };
  const finish = async (request: FastifyRequest, reply: FastifyReply, id: string, done: Verdict<unknown, SittingRefusal>, word: string, typed?: Readonly<Record<string, string | undefined>>) => {
    if (!done.ok) return show(request, reply, id, { isDesk: true, refusal: done.refusal, ...(typed === undefined ? {} : { typed }) });
    app.pages.clear();
    return reply.redirect(`/secretariat/sittings/${id}/minutes/desk?said=${word}`, 303);
  };
  app.get(base, { config: { policy: 'public' }, schema: { ...schema, querystring: inLanguage } }, (request, reply) => show(request, reply, request.params.id, { isDesk: false }));
  app.get(`${base}/desk`, { config: { policy: 'sitting.see' }, schema: { ...schema, querystring: said } }, (request, reply) => show(request, reply, request.params.id, { isDesk: true, said: request.query.said }));
  // Drafts are read as files by those who work on them: the same addresses, the rows decide.
  for (const [suffix, policy] of [['', 'public'], ['/desk', 'sitting.see']] as const) {
    app.get(`${base}${suffix}.pdf`, { config: { policy }, schema: { ...schema, querystring: inLanguage } }, async (request, reply) => {
      const view = await viewOr404(request, request.params.id);
      const { language, theme } = request.frame;
      const bytes = await minutesPdf(view, request.query.lang ?? language, documentIssuerOf(theme, request.query.lang ?? language));
      return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="minutes-${view.sitting.number.replace('/', '-')}.pdf"`).send(Buffer.from(bytes));
    });
  }
  app.get(`${base}.txt`, { config: { policy: 'public' }, schema: { ...schema, querystring: inLanguage } }, async (request, reply) => {
    const view = await viewOr404(request, request.params.id);
    return reply.header('content-type', 'text/plain; charset=utf-8').header('access-control-allow-origin', '*').send(secretariat.minutesText(view, request.query.lang ?? request.frame.language));
  });
  app.post(base, { config: record, schema }, async (request, reply) => {
    const done = await secretariat.draftMinutes(request.params.id);
    if (!done.ok) throw refused(done.refusal, request.frame.language);
    return reply.redirect(`/secretariat/sittings/${request.params.id}/minutes/desk?said=drafted`, 303);
  });
  app.post(`${base}/paragraphs`, { config: record, schema: { ...schema, body: formFields } }, async (request, reply) =>
    finish(request, reply, request.params.id, await secretariat.addParagraph(request.params.id, request.body['after'], request.body, Number(request.body['revision'])), 'saved', { ...request.body, of: 'new' }));
  app.post(`${base}/paragraphs/:paragraph`, { config: record, schema: { hide: true, params: ofParagraph, body: formFields } }, async (request, reply) =>
    finish(request, reply, request.params.id, await secretariat.saveParagraph(request.params.id, request.params.paragraph, request.body, Number(request.body['revision'])), 'saved', { ...request.body, of: request.params.paragraph }));
  app.post(`${base}/paragraphs/:paragraph/remove`, { config: record, schema: { hide: true, params: ofParagraph, body: revision } }, async (request, reply) =>
    finish(request, reply, request.params.id, await secretariat.removeParagraph(request.params.id, request.params.paragraph, request.body.revision), 'saved'));
  app.post(`${base}/paragraphs/:paragraph/corrections`, { config: { policy: 'sitting.speak' }, schema: { hide: true, params: ofParagraph, body: formFields } }, async (request, reply) =>
    finish(request, reply, request.params.id, await secretariat.correct(request.params.id, request.params.paragraph, request.body, authorIn(request)), 'corrected', { ...request.body, of: request.params.paragraph }));
  app.post(`${base}/corrections/:correction/adopt`, { config: record, schema: { hide: true, params: ofCorrection } }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.decideCorrection(request.params.id, request.params.correction, true), 'adopted'));
  app.post(`${base}/corrections/:correction/reject`, { config: record, schema: { hide: true, params: ofCorrection } }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.decideCorrection(request.params.id, request.params.correction, false), 'rejected'));
  app.post(`${base}/circulate`, { config: record, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.circulate(request.params.id), 'circulated'));
  app.post(`${base}/take-back`, { config: record, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.takeBackMinutes(request.params.id), 'taken-back'));
  app.post(`${base}/sign`, { config: { policy: 'sitting.sign' }, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.signMinutes(request.params.id), 'signed'));
}
