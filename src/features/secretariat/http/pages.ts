/** Pages of sittings and agendas: the public list, the desk on which they are prepared, items, tasks, figures, notices. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language, Verdict } from '../../../base/index.ts';
import { authorOf, type MizanServer, sendPage } from '../../../platform/http/index.ts';
import { domainReport } from '../../../proof/council/admitted-roll.ts';
import { RESPONSIVE_ALARM, RESPONSIVE_S } from '../../council/index.ts';
import { calendarFile, type CalendarEvent } from '../../motions/index.ts';
import type { Author, SittingView } from '../actions/open-secretariat.ts';
import { type Item, NOTICE_KINDS, ROUNDS_LOOKED_AT_MAX, type Sitting, type SittingRefusal, STATEMENT_KINDS } from '../model.ts';
import { seatFigures, warningOf } from '../rules/figures.ts';
import type { Given } from '../rules/read-forms.ts';
import { secretariatText } from '../text/index.ts';
import { figuresPage } from '../web/figures-page.tsx';
import { givenOf, itemForm, itemGivenOf, sittingForm } from '../web/forms.tsx';
import { itemPage } from '../web/item-page.tsx';
import { listPage } from '../web/list-page.tsx';
import { noticesPage } from '../web/notices-page.tsx';
import { sittingPage } from '../web/sitting-page.tsx';
import { tasksPage } from '../web/tasks-page.tsx';
import { refused } from './refuse.ts';
import type { SecretariatRouteParts } from './routes.ts';

const lang = z.string().max(10).optional();
export const byId = z.object({ id: z.uuid() });
export const said = z.object({ said: z.string().max(40).optional(), lang });
const FIELD_CHARS_MAX = 16_000;
export const formFields = z.record(z.string().max(60), z.string().max(FIELD_CHARS_MAX).optional());
const MOTIONS_OFFERED = 100;
const OVER = new Set(['withdrawn', 'lapsed', 'superseded', 'draft']);

type Asked = Pick<FastifyRequest, 'frame' | 'caller'>;

/** Whoever acts, by the id of the person or of what acts in their place; a name for people. */
export function authorIn(request: FastifyRequest): Author {
  return { id: request.caller.personId ?? request.caller.actor, name: authorOf(request, request.caller.actor) };
}

export async function viewOr404({ secretariat }: SecretariatRouteParts, request: Asked, id: string, isWhole = true): Promise<SittingView> {
  const view = await secretariat.view(id, isWhole);
  if (view === undefined) throw refused({ code: 'no-sitting' }, request.frame.language);
  return view;
}

export function secretariatPages(app: MizanServer, parts: SecretariatRouteParts): void {
  listRoutes(app, parts);
  sittingRoutes(app, parts);
  itemRoutes(app, parts);
  taskRoutes(app, parts);
  figureRoutes(app, parts);
  noticeRoutes(app, parts);
}

function listRoutes(app: MizanServer, { secretariat, publicUrl }: SecretariatRouteParts): void {
  const show = (isDesk: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const [sittings, minutes] = await Promise.all([secretariat.sittings(), secretariat.minutesStates()]);
    return sendPage(request, reply, (frame) => listPage(frame, { sittings, minutes, isDesk }));
  };
  app.get('/secretariat', { config: { policy: 'public' }, schema: { hide: true, querystring: z.object({ lang }) } }, show(false));
  app.get('/secretariat/desk', { config: { policy: 'sitting.see' }, schema: { hide: true, querystring: z.object({ lang }) } }, show(true));
  app.get('/secretariat/calendar.ics', { config: { policy: 'public' }, schema: { hide: true, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { language } = request.frame;
    const sittings = (await secretariat.sittings()).filter(({ state }) => state !== 'draft');
    return sendCalendar(reply, calendarFile(secretariatText.in(language)('title'), sittings.flatMap((one) => eventsOf(one, language, publicUrl()))), 'sittings');
  });
}

function sendCalendar(reply: FastifyReply, file: string, name: string) {
  return reply.header('content-type', 'text/calendar; charset=utf-8').header('content-disposition', `attachment; filename="${name}.ics"`).send(file);
}

function eventsOf(sitting: Sitting, language: Language, base: string): readonly CalendarEvent[] {
  const t = secretariatText.in(language);
  const url = `${base}/secretariat/sittings/${sitting.id}`;
  const values = { number: sitting.number, title: sitting.title[language] };
  const common = { changedAt: sitting.changedAt, url, isCancelled: sitting.state === 'cancelled', revision: sitting.revision };
  return [
    { ...common, uid: `${sitting.id}@mizan`, at: sitting.startsAt, endsAt: sitting.endsAt, place: [sitting.place, sitting.link].filter((one) => one !== '').join(', '), title: t(sitting.kind === 'written' ? 'calendar.written' : 'calendar.sitting', values) },
    { ...common, uid: `${sitting.id}-papers@mizan`, at: sitting.papersBy, title: t('calendar.papers', values) },
  ];
}

function sittingRoutes(app: MizanServer, parts: SecretariatRouteParts): void {
  const { secretariat, publicUrl } = parts;
  const config = { policy: 'sitting.write' as const };
  const schema = { hide: true, params: byId };
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: { readonly isDesk: boolean; readonly said?: string | undefined; readonly refusal?: SittingRefusal }) => {
    const view = await viewOr404(parts, request, id, more.isDesk);
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    return sendPage(request, reply, (frame) => sittingPage(frame, { view, ...more }), status);
  };
  const finish = async (request: FastifyRequest, reply: FastifyReply, id: string, done: Verdict<unknown, SittingRefusal>, word: string) => {
    if (!done.ok) return show(request, reply, id, { isDesk: true, refusal: done.refusal });
    app.pages.clear();
    return reply.redirect(`/secretariat/sittings/${id}/desk?said=${word}`, 303);
  };
  app.get('/secretariat/sittings/:id', { config: { policy: 'public' }, schema: { ...schema, querystring: z.object({ lang }) } }, (request, reply) => show(request, reply, request.params.id, { isDesk: false }));
  app.get('/secretariat/sittings/:id/desk', { config: { policy: 'sitting.see' }, schema: { ...schema, querystring: said } }, (request, reply) => show(request, reply, request.params.id, { isDesk: true, said: request.query.said }));
  app.get('/secretariat/sittings/:id/calendar.ics', { config: { policy: 'public' }, schema: { ...schema, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { sitting } = await viewOr404(parts, request, request.params.id, false);
    const { language } = request.frame;
    return sendCalendar(reply, calendarFile(secretariatText.in(language)('title'), eventsOf(sitting, language, publicUrl())), `sitting-${sitting.number.replace('/', '-')}`);
  });
  app.get('/secretariat/sittings/new', { config, schema: { hide: true, querystring: z.object({ lang }) } }, (request, reply) => sendPage(request, reply, (frame) => sittingForm(frame, { given: {}, refusal: undefined, sitting: undefined })));
  app.post('/secretariat/sittings', { config, schema: { hide: true, body: formFields } }, async (request, reply) => {
    const made = await secretariat.create(request.body);
    if (made.ok) return reply.redirect(`/secretariat/sittings/${made.value}/desk?said=created`, 303);
    return sendPage(request, reply, (frame) => sittingForm(frame, { given: request.body, refusal: made.refusal, sitting: undefined }), 422);
  });
  app.get('/secretariat/sittings/:id/edit', { config, schema: { ...schema, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { sitting } = await viewOr404(parts, request, request.params.id);
    return sendPage(request, reply, (frame) => sittingForm(frame, { given: givenOf(sitting), refusal: undefined, sitting }));
  });
  app.post('/secretariat/sittings/:id/edit', { config, schema: { ...schema, body: formFields } }, async (request, reply) => {
    const { sitting } = await viewOr404(parts, request, request.params.id);
    const done = await secretariat.save(sitting.id, request.body, Number(request.body['revision']));
    if (done.ok) return finish(request, reply, sitting.id, done, 'saved');
    return sendPage(request, reply, (frame) => sittingForm(frame, { given: request.body, refusal: done.refusal, sitting }), refused(done.refusal, request.frame.language).status);
  });
  app.post('/secretariat/sittings/:id/convene', { config, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.convene(request.params.id), 'convened'));
  app.post('/secretariat/sittings/:id/cancel', { config, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.cancel(request.params.id), 'cancelled'));
  app.post('/secretariat/sittings/:id/begin', { config: { policy: 'sitting.run' }, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.act(request.params.id, { act: 'open' }), 'begun'));
  app.post('/secretariat/sittings/:id/end', { config: { policy: 'sitting.run' }, schema }, async (request, reply) => finish(request, reply, request.params.id, await secretariat.act(request.params.id, { act: 'close' }), 'ended'));
  for (const isProposal of [false, true]) newItemRoutes(app, parts, isProposal, finish);
}

type Finish = (request: FastifyRequest, reply: FastifyReply, id: string, done: Verdict<unknown, SittingRefusal>, word: string) => Promise<unknown>;

function newItemRoutes(app: MizanServer, parts: SecretariatRouteParts, isProposal: boolean, finish: Finish): void {
  const path = `/secretariat/sittings/:id/${isProposal ? 'proposals' : 'items'}` as const;
  const config = { policy: isProposal ? ('sitting.speak' as const) : ('sitting.write' as const) };
  app.get(`${path}/new`, { config, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, (request, reply) => showItemForm(parts, request, reply, request.params.id, { given: {}, isProposal }));
  app.post(path, { config, schema: { hide: true, params: byId, body: formFields } }, async (request, reply) => {
    const made = await parts.secretariat.addItem(request.params.id, request.body, isProposal ? 'proposed' : 'agenda', authorIn(request));
    return made.ok ? finish(request, reply, request.params.id, made, isProposal ? 'proposed' : 'item') : showItemForm(parts, request, reply, request.params.id, { given: request.body, isProposal, refusal: made.refusal });
  });
}

async function motionChoices({ motions }: SecretariatRouteParts, language: Language): Promise<readonly { readonly id: string; readonly label: string }[]> {
  const { items } = await motions.list({}, MOTIONS_OFFERED);
  return items.filter(({ state }) => !OVER.has(state)).map(({ id, number, option, title }) => ({ id, label: `${number ?? '—'}${option === 'A' ? '' : ` ${option}`} ${title[language]}` }));
}

async function showItemForm(parts: SecretariatRouteParts, request: FastifyRequest, reply: FastifyReply, sittingId: string, more: { readonly given: Given; readonly isProposal: boolean; readonly refusal?: SittingRefusal; readonly item?: Item }) {
  const { sitting, items } = await viewOr404(parts, request, sittingId);
  const motions = await motionChoices(parts, request.frame.language);
  const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
  return sendPage(request, reply, (frame) => itemForm(frame, { sitting, items, motions, given: more.given, isProposal: more.isProposal, refusal: more.refusal, item: more.item }), status);
}

function itemRoutes(app: MizanServer, parts: SecretariatRouteParts): void {
  const { secretariat } = parts;
  const schema = { hide: true, params: byId };
  const itemOr404 = async (request: FastifyRequest, id: string): Promise<Item> => {
    const item = await secretariat.item(id);
    if (item === undefined) throw refused({ code: 'no-sitting' }, request.frame.language);
    return item;
  };
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, more: { readonly said?: string | undefined; readonly refusal?: SittingRefusal; readonly typed?: Given }) => {
    const item = await itemOr404(request, id);
    const view = await viewOr404(parts, request, item.sittingId);
    const status = more.refusal === undefined ? 200 : refused(more.refusal, request.frame.language).status;
    return sendPage(request, reply, (frame) => itemPage(frame, { view, item, ...more }), status);
  };
  const onAgenda = async (request: FastifyRequest, reply: FastifyReply, id: string, done: Verdict<unknown, SittingRefusal>, word: string) => {
    const { sittingId } = await itemOr404(request, id);
    if (!done.ok) throw refused(done.refusal, request.frame.language);
    app.pages.clear();
    return reply.redirect(`/secretariat/sittings/${sittingId}/desk?said=${word}#agenda`, 303);
  };
  const write = { policy: 'sitting.write' as const };
  app.get('/secretariat/items/:id', { config: { policy: 'sitting.see' }, schema: { ...schema, querystring: said } }, (request, reply) => show(request, reply, request.params.id, { said: request.query.said }));
  app.get('/secretariat/items/:id/edit', { config: write, schema: { ...schema, querystring: z.object({ lang }) } }, async (request, reply) => {
    const item = await itemOr404(request, request.params.id);
    return showItemForm(parts, request, reply, item.sittingId, { given: itemGivenOf(item), isProposal: false, item });
  });
  app.post('/secretariat/items/:id/edit', { config: write, schema: { ...schema, body: formFields } }, async (request, reply) => {
    const item = await itemOr404(request, request.params.id);
    const done = await secretariat.saveItem(item.id, request.body);
    return done.ok ? onAgenda(request, reply, item.id, done, 'item') : showItemForm(parts, request, reply, item.sittingId, { given: request.body, isProposal: false, item, refusal: done.refusal });
  });
  app.post('/secretariat/items/:id/up', { config: write, schema }, async (request, reply) => onAgenda(request, reply, request.params.id, await secretariat.moveItem(request.params.id, -1), 'moved'));
  app.post('/secretariat/items/:id/down', { config: write, schema }, async (request, reply) => onAgenda(request, reply, request.params.id, await secretariat.moveItem(request.params.id, 1), 'moved'));
  app.post('/secretariat/items/:id/take', { config: write, schema }, async (request, reply) => onAgenda(request, reply, request.params.id, await secretariat.takeItem(request.params.id), 'item'));
  app.post('/secretariat/items/:id/drop', { config: write, schema }, async (request, reply) => onAgenda(request, reply, request.params.id, await secretariat.dropItem(request.params.id), 'dropped'));
  app.post('/secretariat/items/:id/support', { config: { policy: 'sitting.speak' }, schema }, async (request, reply) => onAgenda(request, reply, request.params.id, await secretariat.supportItem(request.params.id, authorIn(request)), 'supported'));
  // Comments of the consultation are entered by the secretariat, everything else members write themselves.
  app.post('/secretariat/items/:id/statements', { config: { policy: 'sitting.answer' }, schema: { ...schema, body: formFields } }, async (request, reply) => {
    const kind = STATEMENT_KINDS.find((one) => one === request.body['kind']);
    const needed = kind === 'consultation' ? 'sitting.write' : 'sitting.speak';
    if (kind === undefined || !request.frame.may(needed)) throw refused({ code: 'sitting-fields', fields: [{ field: 'kind', problem: 'unknown' }] }, request.frame.language);
    const done = await secretariat.state(request.params.id, kind, request.body, authorIn(request));
    return done.ok ? reply.redirect(`/secretariat/items/${request.params.id}?said=stated`, 303) : show(request, reply, request.params.id, { refusal: done.refusal, typed: request.body });
  });
  app.post('/secretariat/statements/:id/answer', { config: { policy: 'sitting.answer' }, schema: { ...schema, body: formFields } }, async (request, reply) => {
    const done = await secretariat.answerStatement(request.params.id, request.body, authorIn(request));
    if (!done.ok) throw refused(done.refusal, request.frame.language);
    return reply.redirect(`/secretariat/items/${done.value}?said=answered`, 303);
  });
}

function taskRoutes(app: MizanServer, parts: SecretariatRouteParts): void {
  const { secretariat, clock, people } = parts;
  const show = async (request: FastifyRequest, reply: FastifyReply, more: { readonly said?: string | undefined; readonly refusal?: SittingRefusal; readonly given?: Given }) => {
    const { language } = request.frame;
    const [tasks, sittings, motions, known] = await Promise.all([secretariat.tasks(), secretariat.sittings(), motionChoices(parts, language), people()]);
    const view = { tasks, today: clock.today(), people: known.map(({ name }) => name), sittings: sittings.map(({ id, number, title }) => ({ id, label: `${number} ${title[language]}` })), motions, given: more.given ?? {} };
    return sendPage(request, reply, (frame) => tasksPage(frame, { ...view, said: more.said, refusal: more.refusal }), more.refusal === undefined ? 200 : refused(more.refusal, language).status);
  };
  app.get('/secretariat/tasks', { config: { policy: 'sitting.see' }, schema: { hide: true, querystring: said } }, (request, reply) => show(request, reply, { said: request.query.said }));
  app.post('/secretariat/tasks', { config: { policy: 'sitting.follow' }, schema: { hide: true, body: formFields } }, async (request, reply) => {
    const owners = (await people()).filter(({ name }) => name === request.body['owner']?.trim());
    // Two people of one name: nobody of them is written to in the other's place.
    const done = await secretariat.addTask(request.body, owners.length === 1 ? owners[0]?.id : undefined);
    return done.ok ? reply.redirect('/secretariat/tasks?said=task', 303) : show(request, reply, { refusal: done.refusal, given: request.body });
  });
  const change = z.object({ act: z.enum(['begin', 'finish', 'drop', 'reopen']), revision: z.coerce.number().int(), outcome: z.string().max(FIELD_CHARS_MAX).default('') });
  app.post('/secretariat/tasks/:id', { config: { policy: 'sitting.follow' }, schema: { hide: true, params: byId, body: change } }, async (request, reply) => {
    const { act, outcome, revision } = request.body;
    const done = await secretariat.setTask(request.params.id, act, outcome, revision);
    return done.ok ? reply.redirect('/secretariat/tasks?said=task', 303) : show(request, reply, { refusal: done.refusal });
  });
}

function figureRoutes(app: MizanServer, { council, clock }: SecretariatRouteParts): void {
  app.get('/secretariat/figures', { config: { policy: 'sitting.see' }, schema: { hide: true, querystring: z.object({ lang }) } }, async (request, reply) => {
    const constitution = council.constitution();
    const [standing, seats, { rounds }] = await Promise.all([council.standing(), council.seats(), council.rounds({ limit: ROUNDS_LOOKED_AT_MAX })]);
    const nowS = Math.floor(Date.parse(clock.now()) / 1000);
    const warnings = rounds.flatMap((round) => warningOf(round, nowS, constitution.quorum) ?? []);
    const isOver = rounds.filter(({ stage }) => stage === 'carried' || stage === 'not-carried');
    const { roll } = standing;
    const figures = {
      origin: standing.origin,
      isFounded: roll !== undefined,
      seats: roll === undefined ? [] : seatFigures(seats, rounds, nowS, RESPONSIVE_S),
      vacant: roll === undefined ? 0 : constitution.seats - roll.seats.length,
      alarmAt: RESPONSIVE_ALARM,
      rounds: isOver.length,
      warnings,
      domains: roll === undefined ? [] : domainReport(constitution, roll),
      faultsMax: constitution.liars,
    };
    return sendPage(request, reply, (frame) => figuresPage(frame, figures));
  });
}

function noticeRoutes(app: MizanServer, { secretariat }: SecretariatRouteParts): void {
  app.get('/secretariat/notices', { config: { policy: 'sitting.prefer' }, schema: { hide: true, querystring: said } }, async (request, reply) => {
    const { personId } = request.caller;
    const off = personId === undefined ? [] : await secretariat.preferences(personId);
    return sendPage(request, reply, (frame) => noticesPage(frame, off, request.query.said));
  });
  app.post('/secretariat/notices', { config: { policy: 'sitting.prefer' }, schema: { hide: true, body: z.object({ on: z.union([z.string().max(40), z.array(z.string().max(40)).max(20)]).optional() }) } }, async (request, reply) => {
    const on = [request.body.on ?? []].flat();
    // A key or the operator has no letters to choose.
    if (request.caller.personId !== undefined) await secretariat.prefer(request.caller.personId, NOTICE_KINDS.filter((kind) => !on.includes(kind)));
    return reply.redirect('/secretariat/notices?said=preferred', 303);
  });
}

