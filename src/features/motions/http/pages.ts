/** Pages of motions: public list and motion, and the desk on which motions are written, admitted, amended and opened. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { type Language, LANGUAGES, type Verdict } from '../../../base/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import { documentIssuerOf } from '../../../platform/html/index.ts';
import { authorOf, emptyAsAbsent, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import type { Jobs } from '../../../platform/jobs/index.ts';
import type { Council } from '../../council/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { Motions } from '../actions/open-motions.ts';
import { AMENDMENT_ACTS, type FieldError, type Kind, KINDS, type ListFilter, type Localised, type MotionRefusal, type MotionView, ROWS_DEFAULT, STATES } from '../model.ts';
import { KIND_RULES } from '../rules/kinds.ts';
import { decodeListKey, encodeListKey } from '../rules/list-key.ts';
import { calendarFile } from '../rules/calendar.ts';
import { tidyText } from '../rules/motion-words.ts';
import type { Given } from '../rules/read-motion.ts';
import { refusalText } from '../rules/words.ts';
import { motionText } from '../text/index.ts';
import { choosePage, chooseSystemPage, formPage } from '../web/form-page.tsx';
import { listPage, numberOf } from '../web/list-page.tsx';
import { motionPage } from '../web/motion-page.tsx';
import { papersPdf } from '../web/papers-pdf.ts';
import { settingsPage } from '../web/settings-page.tsx';
import { refused } from './refuse.ts';

export interface MotionRouteParts {
  readonly motions: Motions;
  readonly council: Council;
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly jobs: Jobs;
  readonly files: { read(sha256: string): Promise<{ readonly bytes: number; readonly stream: NodeJS.ReadableStream } | undefined> };
  /** The address of the register, for links in calendar files. */
  readonly publicUrl: () => string;
  /** What features above know of a motion, shown on its page. */
  readonly alsoShown?: (view: MotionView, language: Language) => Promise<VNode | undefined>;
  /** The public page of what was decided, which lies above motions. */
  readonly decisionHref: (slot: string, round: number) => string;
}

export const byId = z.object({ id: z.uuid() });
const lang = z.string().max(10).optional();
export const listQuery = z.object({
  q: emptyAsAbsent(z.string().max(500)),
  state: emptyAsAbsent(z.enum(STATES)),
  kind: emptyAsAbsent(z.enum(KINDS)),
  system: emptyAsAbsent(z.uuid()),
  after: emptyAsAbsent(z.string().max(200)),
  lang,
});
const said = z.object({ said: z.string().max(40).optional(), lang });
/** Three texts of 60,000 letters and a roll, with room for line ends that browsers double. */
const FIELD_CHARS_MAX = 130_000;
const formFields = z.record(z.string().max(60), z.string().max(FIELD_CHARS_MAX).optional());
const SYSTEMS_OFFERED = 20;
const DECISIONS_OFFERED = 100;

export function filterOf({ q, state, kind, system }: z.infer<typeof listQuery>): ListFilter {
  return { q, state, kind, system };
}

export function cursorOf(after: string | undefined, language: Language): ReturnType<typeof decodeListKey> {
  const key = after === undefined ? undefined : decodeListKey(after);
  if (after !== undefined && key === undefined) throw new Refused('bad-cursor', motionText.in(language)('refusal.bad-cursor'), { status: 400 });
  return key;
}

type Asked = Pick<FastifyRequest, 'frame'>;

export async function viewOr404(motions: Motions, request: Asked, id: string): Promise<MotionView> {
  const view = await motions.view(id);
  if (view === undefined) throw refused({ code: 'no-motion' }, request.frame.language);
  return view;
}

export function motionPages(app: MizanServer, parts: MotionRouteParts): void {
  listPages(app, parts);
  formPages(app, parts);
  motionViews(app, parts);
  actRoutes(app, parts);
  paperRoutes(app, parts);
  settingsRoutes(app, parts);
}

function listPages(app: MizanServer, { motions }: MotionRouteParts): void {
  const show = (base: string) => async (request: FastifyRequest<{ Querystring: z.infer<typeof listQuery> }>, reply: FastifyReply) => {
    const filter = filterOf(request.query);
    const key = cursorOf(request.query.after, request.frame.language);
    const [{ items, next }, counts] = await Promise.all([motions.list(filter, ROWS_DEFAULT, key), motions.counts()]);
    const href = (cursor: string | undefined): string => {
      const query = new URLSearchParams(Object.entries({ ...filter, after: cursor }).filter((pair): pair is [string, string] => pair[1] !== undefined));
      return query.size === 0 ? base : `${base}?${query.toString()}`;
    };
    return sendPage(request, reply, (frame) => listPage(frame, { items, counts, filter, base, nextHref: next === undefined ? undefined : href(encodeListKey(next)), firstHref: key === undefined ? undefined : href(undefined) }));
  };
  app.get('/motions', { config: { policy: 'public' }, schema: { hide: true, querystring: listQuery } }, show('/motions'));
  app.get('/motions/desk', { config: { policy: 'motion.see' }, schema: { hide: true, querystring: listQuery } }, show('/motions/desk'));
}

function formPages(app: MizanServer, parts: MotionRouteParts): void {
  const { motions, registry, lawbook, council } = parts;
  const show = async (request: FastifyRequest, reply: FastifyReply, kind: Kind, given: Given, more: { readonly errors?: readonly FieldError[]; readonly refusal?: string; readonly id?: string; readonly rival?: string | undefined }) => {
    const { language } = request.frame;
    const system = given['subject-system'];
    const entry = system === undefined || system === '' ? undefined : await registry.get(request.scope, system);
    const motion = more.id === undefined ? undefined : (await viewOr404(motions, request, more.id)).motion;
    const rival = more.rival === undefined ? undefined : (await viewOr404(motions, request, more.rival)).motion;
    const installed = kind === 'adopt-pack' ? await lawbook.installed() : [];
    const decisions = kind === 'annul' ? (await motions.list({}, DECISIONS_OFFERED)).items.filter(({ state }) => ['standstill', 'in-force', 'completed'].includes(state)) : [];
    const inConstitution = new Set(council.constitution().classes.map(({ name }) => name));
    const classes = rival === undefined ? KIND_RULES[kind].classes.filter((name) => inConstitution.has(name)) : [rival.class];
    const packs = installed.map(({ ref, isInForce }) => ({ value: ref.digest, label: `${ref.id} ${ref.version}${isInForce ? ` (${motionText.in(language)('form.in-force')})` : ''}` }));
    const hasFault = more.refusal !== undefined || (more.errors ?? []).length > 0;
    return sendPage(request, reply, (frame) => formPage(frame, { kind, given, errors: more.errors ?? [], refusal: more.refusal, motion, rival, classes, system: entry, packs, decisions }), hasFault ? 422 : 200);
  };
  app.get('/motions/new', { config: { policy: 'motion.write' }, schema: { hide: true, querystring: z.object({ kind: emptyAsAbsent(z.enum(KINDS)), system: emptyAsAbsent(z.uuid()), rival: emptyAsAbsent(z.uuid()), q: emptyAsAbsent(z.string().max(500)), lang }) } }, async (request, reply) => {
    const { kind, system, rival, q } = request.query;
    if (kind === undefined) {
      const other = rival === undefined ? undefined : (await viewOr404(motions, request, rival)).motion;
      return sendPage(request, reply, (frame) => choosePage(frame, { system, rival: other }));
    }
    if (system === undefined && KIND_RULES[kind].fields.some(({ type }) => type === 'system')) {
      const found = await registry.list(request.scope, { limit: SYSTEMS_OFFERED, ...(q === undefined ? {} : { q }) });
      return sendPage(request, reply, (frame) => chooseSystemPage(frame, { kind, q: q ?? '', found: found.ok ? found.value.items : [], rival }));
    }
    const entry = system === undefined ? undefined : await registry.get(request.scope, system);
    return show(request, reply, kind, { 'subject-system': system, ...(entry === undefined ? {} : { parties: entry.body.name }) }, { rival });
  });
  app.post('/motions', { config: { policy: 'motion.write' }, schema: { hide: true, body: formFields } }, async (request, reply) => {
    const kind = KINDS.find((one) => one === request.body['kind']);
    if (kind === undefined) return reply.redirect('/motions/new', 303);
    const rival = z.uuid().safeParse(request.body['rival']).data;
    const started = await motions.start(kind, request.body, { moverName: authorOf(request, motionText.in(request.frame.language)('mover.operator')), rivalOf: rival });
    if (started.ok) return reply.redirect(`/motions/${started.value}/desk?said=drafted`, 303);
    const errors = started.refusal.code === 'motion-fields' ? started.refusal.fields : [];
    return show(request, reply, kind, request.body, { errors, rival, ...(errors.length > 0 ? {} : { refusal: refusalText(started.refusal, request.frame.language) }) });
  });
  app.get('/motions/:id/edit', { config: { policy: 'motion.write' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { motion } = await viewOr404(motions, request, request.params.id);
    if (motion.state !== 'draft') throw refused({ code: 'motion-not-now', state: motion.state, act: 'edit' }, request.frame.language);
    const subject = Object.fromEntries(Object.entries(motion.subject).map(([name, value]) => [`subject-${name}`, value]));
    const texts = Object.fromEntries(LANGUAGES.flatMap((spoken) => [[`title-${spoken}`, motion.title[spoken]], [`body-${spoken}`, motion.body[spoken]]]));
    return show(request, reply, motion.kind, { ...subject, ...texts, class: motion.class, authentic: motion.authentic, basis: motion.basis.join('\n'), parties: motion.parties.join('\n') }, { id: motion.id });
  });
  app.post('/motions/:id/edit', { config: { policy: 'motion.write' }, schema: { hide: true, params: byId, body: formFields } }, async (request, reply) => {
    const { motion } = await viewOr404(motions, request, request.params.id);
    const saved = await motions.save(motion.id, request.body, Number(request.body['revision']));
    if (saved.ok) return reply.redirect(`/motions/${motion.id}/desk?said=saved`, 303);
    const errors = saved.refusal.code === 'motion-fields' ? saved.refusal.fields : [];
    return show(request, reply, motion.kind, request.body, { id: motion.id, errors, ...(errors.length > 0 ? {} : { refusal: refusalText(saved.refusal, request.frame.language) }) });
  });
}

const SAID = ['drafted', 'saved', 'submitted', 'supported', 'unsupported', 'admitted', 'refused', 'withdrawn', 'scheduled', 'cancelled', 'retried', 'amended', 'amendment-supported', 'amendment-adopted', 'amendment-rejected', 'annexed', 'detached', 'completed', 'effect', 'demanded'] as const;
type Said = (typeof SAID)[number];

function saidText(word: string | undefined, language: Language): string | undefined {
  const known = SAID.find((one) => one === word);
  return known === undefined ? undefined : motionText.in(language)(`said.${known}`);
}

async function showMotion(parts: MotionRouteParts, request: FastifyRequest, reply: FastifyReply, id: string, more: { readonly isDesk: boolean; readonly said?: string | undefined; readonly refusal?: MotionRefusal; readonly typed?: Readonly<Record<string, string>> }) {
  const { motions, registry, jobs } = parts;
  const { language } = request.frame;
  const view = await viewOr404(motions, request, id);
  const { system } = view.motion.subject;
  const entry = system === undefined ? undefined : await registry.get(request.scope, system);
  const job = more.isDesk && view.motion.jobId !== undefined ? await jobs.get(view.motion.jobId) : undefined;
  const supported = more.isDesk && (await motions.supports(id));
  const problem = more.refusal === undefined ? undefined : refused(more.refusal, language);
  const also = await parts.alsoShown?.(view, language);
  const shown = { view, also, preview: motions.preview(view), isDesk: more.isDesk, decisionHref: view.round?.certified === true ? parts.decisionHref(view.round.slot, view.round.round) : undefined, systemName: entry?.record.name, supported, job, said: saidText(more.said, language), refusal: problem?.message, ...(more.typed === undefined ? {} : { typed: more.typed }) };
  return sendPage(request, reply, (frame) => motionPage(frame, shown), problem?.status ?? 200);
}

function motionViews(app: MizanServer, parts: MotionRouteParts): void {
  app.get('/motions/:id', { config: { policy: 'public' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, (request, reply) => showMotion(parts, request, reply, request.params.id, { isDesk: false }));
  app.get('/motions/:id/desk', { config: { policy: 'motion.see' }, schema: { hide: true, params: byId, querystring: said } }, (request, reply) => showMotion(parts, request, reply, request.params.id, { isDesk: true, said: request.query.said }));
}

function actRoutes(app: MizanServer, parts: MotionRouteParts): void {
  const { motions } = parts;
  const finish = async (request: FastifyRequest, reply: FastifyReply, id: string, done: Verdict<unknown, MotionRefusal>, word: Said, typed?: Readonly<Record<string, string>>) => {
    if (!done.ok) return showMotion(parts, request, reply, id, { isDesk: true, refusal: done.refusal, ...(typed === undefined ? {} : { typed }) });
    app.pages.clear();
    return reply.redirect(`/motions/${id}/desk?said=${word}`, 303);
  };
  const why = z.object({ why: z.string().max(8000).default(''), 'amend-until': z.string().max(10).optional() });
  const params = byId;
  app.post('/motions/:id/submit', { config: { policy: 'motion.write' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.submit(request.params.id), 'submitted'));
  app.post('/motions/:id/support', { config: { policy: 'motion.support' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.support(request.params.id, authorOf(request, '')), 'supported'));
  app.post('/motions/:id/unsupport', { config: { policy: 'motion.support' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.unsupport(request.params.id), 'unsupported'));
  app.post('/motions/:id/admit', { config: { policy: 'motion.admit' }, schema: { hide: true, params, body: why } }, async (request, reply) => finish(request, reply, request.params.id, await motions.admit(request.params.id, true, request.body.why, request.body['amend-until']), 'admitted'));
  app.post('/motions/:id/refuse', { config: { policy: 'motion.admit' }, schema: { hide: true, params, body: why } }, async (request, reply) => finish(request, reply, request.params.id, await motions.admit(request.params.id, false, request.body.why), 'refused'));
  app.post('/motions/:id/withdraw', { config: { policy: 'motion.write' }, schema: { hide: true, params, body: why } }, async (request, reply) => finish(request, reply, request.params.id, await motions.withdraw(request.params.id, request.body.why), 'withdrawn'));
  app.post('/motions/:id/schedule', { config: { policy: 'motion.schedule' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.schedule(request.params.id), 'scheduled'));
  app.post('/motions/:id/cancel-opening', { config: { policy: 'motion.schedule' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.cancelOpening(request.params.id), 'cancelled'));
  app.post('/motions/:id/retry', { config: { policy: 'motion.schedule' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.retryOpening(request.params.id), 'retried'));
  app.post('/motions/:id/complete', { config: { policy: 'motion.follow' }, schema: { hide: true, params, body: why } }, async (request, reply) => finish(request, reply, request.params.id, await motions.complete(request.params.id, request.body.why), 'completed'));
  app.post('/motions/:id/effect', { config: { policy: 'motion.follow' }, schema: { hide: true, params } }, async (request, reply) => finish(request, reply, request.params.id, await motions.retryEffect(request.params.id), 'effect'));
  app.post('/motions/:id/demand', { config: { policy: 'motion.write' }, schema: { hide: true, params, body: z.object({ note: z.string().max(65_535) }) } }, async (request, reply) => finish(request, reply, request.params.id, await motions.demand(request.params.id, request.body.note.replaceAll('\r\n', '\n')), 'demanded'));
  app.post('/motions/:id/amendments', { config: { policy: 'motion.amend' }, schema: { hide: true, params, body: formFields } }, async (request, reply) => {
    const typed = Object.fromEntries(Object.entries(request.body).map(([name, value]) => [name, value ?? '']));
    const act = AMENDMENT_ACTS.find((one) => one === typed['act']) ?? 'replace';
    const text = Object.fromEntries(LANGUAGES.map((spoken) => [spoken, act === 'delete' ? '' : tidyText(typed[`text-${spoken}`] ?? '')])) as Localised;
    const paragraph = /^\d{1,4}$/.test(typed['paragraph'] ?? '') ? Number(typed['paragraph']) : -1;
    const done = await motions.amend(request.params.id, { act, paragraph, text, reason: typed['reason'] ?? '', moverName: authorOf(request, '') });
    return finish(request, reply, request.params.id, done, 'amended', typed);
  });
  const ofAmendment = byId.extend({ amendment: z.uuid() });
  app.post('/motions/:id/amendments/:amendment/support', { config: { policy: 'motion.support' }, schema: { hide: true, params: ofAmendment } }, async (request, reply) => finish(request, reply, request.params.id, await motions.supportAmendment(request.params.id, request.params.amendment), 'amendment-supported'));
  app.post('/motions/:id/amendments/:amendment/adopt', { config: { policy: 'motion.admit' }, schema: { hide: true, params: ofAmendment } }, async (request, reply) => finish(request, reply, request.params.id, await motions.decideAmendment(request.params.id, request.params.amendment, true), 'amendment-adopted'));
  app.post('/motions/:id/amendments/:amendment/reject', { config: { policy: 'motion.admit' }, schema: { hide: true, params: ofAmendment } }, async (request, reply) => finish(request, reply, request.params.id, await motions.decideAmendment(request.params.id, request.params.amendment, false), 'amendment-rejected'));
  app.post('/motions/:id/annexes', { config: { policy: 'motion.write' }, schema: { hide: true, params } }, async (request, reply) => {
    const part = request.isMultipart() ? await request.file({ limits: { fileSize: ATTACHMENT_BYTES_MAX + 1, files: 1 } }) : undefined;
    if (part === undefined || part.filename === '') {
      part?.file.resume();
      return showMotion(parts, request, reply, request.params.id, { isDesk: true, refusal: { code: 'motion-annexes' } });
    }
    const done = await motions.attach(request.params.id, part.file, part.filename);
    part.file.resume();
    return finish(request, reply, request.params.id, done, 'annexed');
  });
  app.post('/motions/:id/annexes/:position/remove', { config: { policy: 'motion.write' }, schema: { hide: true, params: byId.extend({ position: z.coerce.number().int().min(1).max(1000) }) } }, async (request, reply) => finish(request, reply, request.params.id, await motions.detach(request.params.id, request.params.position), 'detached'));
}

/** What seats, browsers and strangers read: no sign-in, and byte for byte what the digests were taken of. */
function paperRoutes(app: MizanServer, { motions, files, publicUrl }: MotionRouteParts): void {
  app.get('/motions/v1/papers', { config: { policy: 'public' }, schema: { hide: true, querystring: z.object({ motion: z.string().regex(/^[0-9a-f]{64}$/) }) } }, async (request, reply) => {
    const papers = await motions.papers(request.query.motion);
    if (papers === undefined) throw refused({ code: 'no-motion' }, request.frame.language);
    const { manifest, texts, facts, motion } = papers;
    const annexes = papers.annexes.map(({ sha256, bytes, mediaType, name }) => ({ digest: sha256, bytes, type: mediaType, name, href: `/motions/v1/annexes/${sha256}` }));
    return reply.header('access-control-allow-origin', '*').send({ manifest, texts, annexes, facts, motion: { id: motion.id, number: motion.number, option: motion.option, slot: motion.slot, kind: motion.kind, subject: motion.subject, href: `/motions/${motion.id}` } });
  });
  app.get('/motions/v1/annexes/:digest', { config: { policy: 'public' }, schema: { hide: true, params: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) }) } }, async (request, reply) => {
    const annex = await motions.annex(request.params.digest);
    const file = annex === undefined || annex.content !== undefined ? undefined : await files.read(annex.sha256);
    if (annex === undefined || (annex.content === undefined && file === undefined)) throw refused({ code: 'no-motion' }, request.frame.language);
    void reply.header('access-control-allow-origin', '*').header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(annex.name)}`).header('x-content-type-options', 'nosniff').header('content-type', annex.content === undefined ? annex.mediaType : `${annex.mediaType}; charset=utf-8`);
    return reply.send(annex.content ?? file?.stream);
  });
  app.get('/motions/:id/papers.pdf', { config: { policy: 'public' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, async (request, reply) => {
    const view = await viewOr404(motions, request, request.params.id);
    const { language, theme } = request.frame;
    const bytes = await papersPdf(view, motions.preview(view), language, documentIssuerOf(theme, language));
    return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="motion-${view.motion.number ?? 'draft'}.pdf"`).send(Buffer.from(bytes));
  });
  app.get('/motions/:id/calendar.ics', { config: { policy: 'public' }, schema: { hide: true, params: byId, querystring: z.object({ lang }) } }, async (request, reply) => {
    const { motion } = await viewOr404(motions, request, request.params.id);
    const { language } = request.frame;
    const t = motionText.in(language);
    const url = `${publicUrl()}/motions/${motion.id}`;
    const event = (name: 'closes' | 'force' | 'lapses', at: string | undefined) => (at === undefined ? [] : [{ uid: `${motion.id}-${name}@mizan`, at, changedAt: motion.changedAt, url, title: t(`calendar.${name}`, { number: numberOf(motion, language), title: motion.title[language] }) }]);
    const file = calendarFile(t('title'), [...event('closes', motion.closesAt), ...event('force', motion.inForceAt), ...event('lapses', motion.lapsesAt)]);
    return reply.header('content-type', 'text/calendar; charset=utf-8').header('content-disposition', `attachment; filename="motion-${motion.number ?? 'draft'}.ics"`).send(file);
  });
}

function settingsRoutes(app: MizanServer, { motions }: MotionRouteParts): void {
  app.get('/motions/settings', { config: { policy: 'motion.see' }, schema: { hide: true, querystring: said } }, async (request, reply) => {
    const settings = await motions.settings();
    return sendPage(request, reply, (frame) => settingsPage(frame, settings, request.query.said === 'saved'));
  });
  app.post('/motions/settings', { config: { policy: 'motion.set' }, schema: { hide: true, body: z.object({ supporters: z.coerce.number().int().min(0).max(33), adopt: z.enum(['yes', 'no']), hours: z.coerce.number().int().min(1).max(336) }) } }, async (request, reply) => {
    const { supporters, adopt, hours } = request.body;
    await motions.saveSettings({ supportersMin: supporters, adoptByDecision: adopt === 'yes', closingNoticeHours: hours });
    return reply.redirect('/motions/settings?said=saved', 303);
  });
}

