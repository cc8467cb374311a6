/** Routes of decisions: all public. Pages, the page that people keep, files of a decision, and the list for programs. */

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { councilOf33, printConstitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { documentIssuerOf } from '../../../platform/html/index.ts';
import { type Assets, emptyAsAbsent, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { Council } from '../../council/index.ts';
import type { Decisions, FullView } from '../actions/open-decisions.ts';
import { type DecidedRow, EXPORTED_ROWS_MAX, FEED_ROWS, QUERY_CHARS_MAX, RESULTS, ROWS_DEFAULT, ROWS_MAX } from '../model.ts';
import { decisionsAtom, decisionsCsv } from '../rules/feeds.ts';
import { offlinePage } from '../rules/offline-page.ts';
import { decisionsText } from '../text/index.ts';
import { verifyText } from '../text/verify/index.ts';
import { decisionPdf } from '../web/decision-pdf.ts';
import { decisionPage, type DecisionPageView } from '../web/decision-page.tsx';
import { listPage } from '../web/list-page.tsx';
import { pinPage } from '../web/pin-page.tsx';
import { verifyPage } from '../web/verify-page.tsx';
import { decisionHref } from '../web/words.ts';

export interface DecisionRouteParts {
  readonly decisions: Decisions;
  readonly council: Pick<Council, 'constitution'>;
  readonly assets: Assets;
  /** The address that people use; that of the request where none is set. */
  readonly publicUrl: string | undefined;
  /** Key of the log, for whoever copies it. */
  readonly logKey: string;
}

const config = { policy: 'public' as const };
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** What cannot be read as a filter is no filter: an address that somebody shortened still opens. */
const filters = z.object({
  q: emptyAsAbsent(z.string().max(QUERY_CHARS_MAX)),
  kind: emptyAsAbsent(z.string().max(40)).catch(undefined),
  result: emptyAsAbsent(z.enum(RESULTS)).catch(undefined),
  class: emptyAsAbsent(z.string().max(40)).catch(undefined),
  from: emptyAsAbsent(day).catch(undefined),
  to: emptyAsAbsent(day).catch(undefined),
  offset: emptyAsAbsent(z.coerce.number().int().min(0).max(1_000_000)).catch(undefined),
  lang: z.string().max(10).optional(),
});
type Filters = z.infer<typeof filters>;

const slotWord = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const round = z.coerce.number().int().min(1).max(99);
const whole = z.object({ slot: slotWord, round });
/** A slot such as `epoch/2` or `2027-014/confirm`. */
const parted = z.object({ slot: slotWord, part: slotWord, round });

const filterOf = ({ q, kind, result, class: name, from, to, offset }: Filters) => ({ q, kind, result, class: name, from, to, offset });
const notFound = (request: FastifyRequest): Refused => new Refused('not-found', decisionsText.in(request.frame.language)('list.nothing'), { status: 404 });

export function decisionsRoutes(app: MizanServer, parts: DecisionRouteParts): void {
  const { decisions } = parts;
  const baseOf = (request: FastifyRequest): string => (parts.publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`).replace(/\/$/, '');
  listRoutes(app, parts, baseOf);
  verifyRoutes(app, parts, baseOf);

  const full = async (request: FastifyRequest, slot: string, roundNumber: number): Promise<DecisionPageView | undefined> => {
    const view: FullView | undefined = await decisions.view(slot, roundNumber);
    return view === undefined ? undefined : { ...view, commands: { base: baseOf(request), isUsual: isUsual(parts.council), logKey: parts.logKey } };
  };
  const page = async (request: FastifyRequest, reply: FastifyReply, slot: string, roundNumber: number): Promise<FastifyReply> => {
    const view = await full(request, slot, roundNumber);
    return view === undefined ? (reply.callNotFound(), reply) : sendPage(request, reply, (frame) => decisionPage(frame, view));
  };
  const file = async (request: FastifyRequest, reply: FastifyReply, slot: string, roundNumber: number): Promise<FastifyReply> => {
    const bytes = await decisions.file(slot, roundNumber);
    if (bytes === undefined) throw notFound(request);
    return reply.header('content-type', 'application/json; charset=utf-8').header('content-disposition', `attachment; filename="decision.json"`).header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=60').send(Buffer.from(bytes));
  };
  const pdf = async (request: FastifyRequest, reply: FastifyReply, slot: string, roundNumber: number): Promise<FastifyReply> => {
    const view = await full(request, slot, roundNumber);
    if (view === undefined) throw notFound(request);
    const { theme, language } = request.frame;
    const bytes = await decisionPdf(view, language, documentIssuerOf(theme, language));
    return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="decision-${slot.replaceAll('/', '-')}-${roundNumber}.pdf"`).header('cache-control', 'no-store').send(Buffer.from(bytes));
  };
  app.get('/decisions/:slot/:round', { config, schema: { hide: true, params: whole } }, async (request, reply) => page(request, reply, request.params.slot, request.params.round));
  app.get('/decisions/:slot/:part/:round', { config, schema: { hide: true, params: parted } }, async (request, reply) => page(request, reply, `${request.params.slot}/${request.params.part}`, request.params.round));
  app.get('/decisions/:slot/:round/decision.json', { config, schema: { hide: true, params: whole } }, async (request, reply) => file(request, reply, request.params.slot, request.params.round));
  app.get('/decisions/:slot/:part/:round/decision.json', { config, schema: { hide: true, params: parted } }, async (request, reply) => file(request, reply, `${request.params.slot}/${request.params.part}`, request.params.round));
  app.get('/decisions/:slot/:round/decision.pdf', { config, schema: { hide: true, params: whole } }, async (request, reply) => pdf(request, reply, request.params.slot, request.params.round));
  app.get('/decisions/:slot/:part/:round/decision.pdf', { config, schema: { hide: true, params: parted } }, async (request, reply) => pdf(request, reply, `${request.params.slot}/${request.params.part}`, request.params.round));
}

/** Whether verifiers know the numbers of this council without being told. */
function isUsual(council: Pick<Council, 'constitution'>): boolean {
  const own = council.constitution();
  const [first = '', second = '', third = '', fourth = ''] = own.constituencies.map(({ name }) => name);
  return printConstitution(own) === printConstitution(councilOf33(own.council, [first, second, third, fourth]));
}

const decided = z.object({
  slot: z.string(),
  round: z.number(),
  number: z.string(),
  title: z.object({ az: z.string(), en: z.string(), ru: z.string() }),
  kind: z.string().nullable(),
  class: z.string(),
  result: z.enum(RESULTS),
  option: z.string().nullable(),
  yes: z.number(),
  no: z.number(),
  abstain: z.number(),
  decidedAt: z.string(),
  inForceAt: z.string().nullable(),
  epoch: z.number(),
  motion: z.string(),
  page: z.string(),
  file: z.string(),
});

function told(row: DecidedRow, base: string): z.infer<typeof decided> {
  const { slot, round: roundNumber, number, title, kind, class: name, result, option, yes, no, abstain, decidedAt, inForceAt, epoch, motion } = row;
  const href = `${base}${decisionHref(slot, roundNumber)}`;
  return { slot, round: roundNumber, number, title: { ...title }, kind: kind ?? null, class: name, result, option: option ?? null, yes, no, abstain, decidedAt, inForceAt: inForceAt ?? null, epoch, motion, page: href, file: `${href}/decision.json` };
}

function listRoutes(app: MizanServer, { decisions }: DecisionRouteParts, baseOf: (request: FastifyRequest) => string): void {
  app.get('/decisions', { config, schema: { hide: true, querystring: filters } }, async (request, reply) => {
    const filter = filterOf(request.query);
    const [listed, choices, { origin }] = await Promise.all([decisions.list({ ...filter, limit: ROWS_DEFAULT }), decisions.choices(), decisions.standing()]);
    return sendPage(request, reply, (frame) => listPage(frame, { filter, listed, choices, origin }));
  });
  app.get('/decisions.csv', { config, schema: { hide: true, querystring: filters } }, async (request, reply) => {
    const { rows } = await decisions.list({ ...filterOf(request.query), offset: 0, limit: EXPORTED_ROWS_MAX });
    return reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="decisions.csv"').header('cache-control', 'no-store').send(decisionsCsv(rows));
  });
  app.get('/decisions.atom', { config, schema: { hide: true, querystring: z.object({ lang: z.string().max(10).optional() }) } }, async (request, reply) => {
    const { rows } = await decisions.list({ limit: FEED_ROWS });
    const { language, theme } = request.frame;
    const t = decisionsText.in(language);
    const head = { base: baseOf(request), language, title: t('title'), issuer: theme.name[language], updated: rows[0]?.decidedAt ?? decisions.now() };
    const sentence = (row: DecidedRow): string => `${t(`result.${row.result}`)}. ${t('list.votes')}: ${[row.yes, row.no, row.abstain].map((count) => formatNumber(count, language)).join(', ')}.`;
    return reply.header('content-type', 'application/atom+xml; charset=utf-8').header('cache-control', 'public, max-age=60').header('vary', 'Cookie, Accept-Language').send(decisionsAtom(rows, head, (row) => decisionHref(row.slot, row.round), sentence));
  });
  app.get(
    '/api/v1/decisions',
    {
      config: { ...config, api: true },
      schema: {
        tags: ['decisions'],
        summary: 'Decisions of the council, the newest first',
        description: 'Everybody may ask. `file` is the address of the file with the proof, which needs no trust in this server.',
        querystring: filters.extend({ limit: z.coerce.number().int().min(1).max(ROWS_MAX).default(ROWS_MAX) }),
        response: { 200: z.object({ total: z.number(), offset: z.number(), items: z.array(decided) }) },
      },
    },
    async (request) => {
      const { rows, total } = await decisions.list({ ...filterOf(request.query), limit: request.query.limit });
      return { total, offset: request.query.offset ?? 0, items: rows.map((row) => told(row, baseOf(request))) };
    },
  );
}

function verifyRoutes(app: MizanServer, { decisions, council, assets, logKey }: DecisionRouteParts, baseOf: (request: FastifyRequest) => string): void {
  app.get('/decisions/verify', { config, schema: { hide: true } }, (request, reply) => sendPage(request, reply, (frame) => verifyPage(frame, { script: assets.island('decision-verify') })));
  // The page that people keep is made once for each theme and language.
  const kept = new Map<string, string>();
  app.get('/decisions/verify.html', { config, schema: { hide: true } }, (request, reply) => {
    const { theme, language, styles } = request.frame;
    const key = `${theme.id} ${language}`;
    let html = kept.get(key);
    if (html === undefined) {
      const script = assets.files.get(assets.island('decision-verify'));
      if (script === undefined) throw notFound(request);
      const v = verifyText.in(language);
      html = offlinePage({
        script: script.body.toString(),
        style: styles.map((style) => assets.files.get(style)?.body.toString() ?? '').join('\n'),
        sha256: (text) => createHash('sha256').update(text).digest('base64'),
        title: v('title'),
        language,
        noScript: decisionsText.in(language)('verify.page.noscript'),
      });
      kept.set(key, html);
    }
    return reply.header('content-type', 'text/html; charset=utf-8').header('content-disposition', 'attachment; filename="mizan-verify.html"').header('cache-control', 'public, max-age=3600').header('vary', 'Cookie, Accept-Language').send(Buffer.from(html));
  });
  app.get('/decisions/pin', { config, schema: { hide: true } }, async (request, reply) => {
    const standing = await decisions.standing();
    const constitutionDigest = digestOf(nodeSuite, printConstitution(council.constitution()));
    return sendPage(request, reply, (frame) => pinPage(frame, { standing, constitutionDigest, base: baseOf(request), logKey }));
  });
  app.get('/decisions/constitution.txt', { config, schema: { hide: true } }, (_request, reply) =>
    reply.header('content-type', 'text/plain; charset=utf-8').header('content-disposition', 'attachment; filename="constitution.txt"').header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=3600').send(printConstitution(council.constitution())),
  );
}
