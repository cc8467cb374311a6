/** A running sitting over HTTP: its page, the projector, the acts, and the stream that tells that something has happened. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../../base/index.ts';
import { type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { type Act, NAME_CHARS_MAX, type SittingRefusal, SPEECH_KINDS, STREAMS_MAX, TEXT_CHARS_MAX } from '../model.ts';
import { secretariatText } from '../text/index.ts';
import { livePage, projectorPage } from '../web/live-page.tsx';
import { authorIn, byId, said, viewOr404 } from './pages.ts';
import { refused } from './refuse.ts';
import type { SecretariatRouteParts } from './routes.ts';

/** Also without a notice: it keeps proxies from closing the stream, and mends what a notice missed. */
const STILL_HERE_MS = 15_000;

const seat = z.coerce.number().int().min(1).max(999);
const speech = z.coerce.number().int().min(1);
const kind = z.enum(SPEECH_KINDS);
const actBody = z.discriminatedUnion('act', [
  z.object({ act: z.enum(['open', 'suspend', 'resume', 'close', 'item-end', 'floor-end', 'hold', 'go-on']) }),
  z.object({ act: z.literal('present'), seat, way: z.enum(['room', 'online']) }),
  z.object({ act: z.literal('absent'), seat }),
  z.object({ act: z.literal('item'), item: z.uuid() }),
  z.object({ act: z.literal('ask'), name: z.string().max(NAME_CHARS_MAX * 2), kind }),
  z.object({ act: z.literal('take-back'), speech }),
  z.object({ act: z.literal('floor'), speech }),
  z.object({ act: z.literal('list'), isOpen: z.enum(['yes', 'no']) }),
  z.object({ act: z.literal('seconds'), kind, seconds: z.coerce.number().int() }),
  z.object({ act: z.literal('note'), text: z.string().max(TEXT_CHARS_MAX * 2) }),
  z.object({ act: z.literal('undo'), seen: z.coerce.number().int().min(0) }),
]);
type Sent = z.infer<typeof actBody>;

function actOf(sent: Exclude<Sent, { act: 'undo' }>, language: Language): Act {
  if (sent.act === 'list') return { act: 'list', isOpen: sent.isOpen === 'yes' };
  if (sent.act === 'note') return { act: 'note', language, text: sent.text.replaceAll(/\r\n?/g, '\n').normalize('NFC') };
  if (sent.act === 'ask') return { act: 'ask', name: sent.name.normalize('NFC'), kind: sent.kind };
  return sent;
}

export function liveRoutes(app: MizanServer, parts: SecretariatRouteParts): void {
  const { secretariat, assets, clock } = parts;
  const schema = { hide: true, params: byId };
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: { readonly said?: string | undefined; readonly refusal?: SittingRefusal; readonly typed?: Readonly<Record<string, string | undefined>> }, isProjector = false) => {
    const view = await viewOr404(parts, request, id);
    if (view.sitting.kind === 'written') throw refused({ code: 'sitting-act', why: 'not-running' }, request.frame.language);
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    const shown = { view, nowMs: Date.parse(clock.now()), personId: request.caller.personId, script: assets.island('sitting-live'), ...more };
    return sendPage(request, reply.header('cache-control', 'no-store'), (frame) => (isProjector ? projectorPage(frame, shown) : livePage(frame, shown)), status);
  };
  app.get('/secretariat/sittings/:id/live', { config: { policy: 'sitting.see' }, schema: { ...schema, querystring: said } }, (request, reply) => show(request, reply, request.params.id, { said: request.query.said }));
  app.get('/secretariat/sittings/:id/projector', { config: { policy: 'sitting.see' }, schema: { ...schema, querystring: said } }, (request, reply) => show(request, reply, request.params.id, {}, true));
  app.post('/secretariat/sittings/:id/acts', { config: { policy: 'sitting.run' }, schema: { ...schema, body: actBody } }, async (request, reply) => {
    const { id } = request.params;
    const sent = request.body;
    const done = sent.act === 'undo' ? await secretariat.undo(id, sent.seen) : await secretariat.act(id, actOf(sent, request.frame.language));
    if (!done.ok) return show(request, reply, id, { refusal: done.refusal, typed: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, String(value)])) });
    if (sent.act === 'open' || sent.act === 'close') app.pages.clear();
    return reply.redirect(`/secretariat/sittings/${id}/live`, 303);
  });
  app.post('/secretariat/sittings/:id/ask', { config: { policy: 'sitting.speak' }, schema: { ...schema, body: z.object({ kind }) } }, async (request, reply) => {
    const author = authorIn(request);
    const done = await secretariat.act(request.params.id, { act: 'ask', name: author.name, kind: request.body.kind, by: author.id });
    return done.ok ? reply.redirect(`/secretariat/sittings/${request.params.id}/live?said=asked`, 303) : show(request, reply, request.params.id, { refusal: done.refusal });
  });
  app.post('/secretariat/sittings/:id/take-back', { config: { policy: 'sitting.speak' }, schema: { ...schema, body: z.object({ speech }) } }, async (request, reply) => {
    const { live } = await viewOr404(parts, request, request.params.id);
    const isOwn = live.waiting.some((one) => one.number === request.body.speech && one.by === authorIn(request).id);
    if (!isOwn) return show(request, reply, request.params.id, { refusal: { code: 'sitting-act', why: 'no-speech' } });
    const done = await secretariat.act(request.params.id, { act: 'take-back', speech: request.body.speech });
    return done.ok ? reply.redirect(`/secretariat/sittings/${request.params.id}/live`, 303) : show(request, reply, request.params.id, { refusal: done.refusal });
  });
  streamRoute(app, parts);
}

function streamRoute(app: MizanServer, parts: SecretariatRouteParts): void {
  const { secretariat } = parts;
  let streams = 0;
  const closers = new Set<() => void>();
  app.addHook('preClose', (done) => {
    for (const close of closers) close();
    done();
  });
  app.get('/secretariat/sittings/:id/events', { config: { policy: 'sitting.see' }, schema: { hide: true, params: byId } }, async (request, reply) => {
    const { id } = request.params;
    const { scope } = request;
    const first = (await viewOr404(parts, request, id)).history.length;
    if (streams >= STREAMS_MAX) throw new Refused('too-many-streams', secretariatText.in(request.frame.language)('refusal.streams'), { status: 503 });
    streams += 1;
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)) as Record<string, string>;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    let last = first;
    const send = (number: number): void => void raw.write(number === last ? ': still here\n\n' : `event: act\ndata: ${(last = number)}\n\n`);
    const look = (): void => {
      secretariat.lastActAs(scope, id).then(send, () => raw.end());
    };
    raw.write(`event: act\ndata: ${first}\n\n`);
    const unwatch = secretariat.watch(id, look);
    const timer = setInterval(look, STILL_HERE_MS);
    const close = (): void => void raw.end();
    closers.add(close);
    raw.once('close', () => {
      streams -= 1;
      clearInterval(timer);
      unwatch();
      closers.delete(close);
    });
  });
}
