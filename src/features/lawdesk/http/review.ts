/** Routes of counsel's review: pages to read and judge law entry by entry, exports of remarks, and the same for programs. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault, type Language } from '../../../base/index.ts';
import { type Diagram, diagramOf } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Theme } from '../../../platform/html/index.ts';
import { authorOf, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { CASES_OF_REVIEW, chosenCases, runCases } from '../actions/run-cases.ts';
import { type PackVersion, type RemarkGiven, type RemarkRefusal, type Reviews, type ReviewRow, type ReviewSheet, reviewerWords, REMARK_LENGTH_MAX, REVIEWER_LENGTH_MAX, LICENCE_LENGTH_MAX } from '../actions/reviews.ts';
import { lawOf } from '../rules/law-of.ts';
import { authorityOf, entriesOf, evidenceOf, isEntryKind } from '../rules/entries.ts';
import { type RemarkOut, remarksCsv } from '../rules/remarks-csv.ts';
import { neighbours, type ReviewFilter } from '../rules/review-filter.ts';
import { VERDICTS } from '../rules/review-state.ts';
import { casesAbout, usesOf } from '../rules/uses.ts';
import { lawdeskReviewText } from '../text/review/index.ts';
import { entryHref, listHref, type ReviewView } from '../web/review-address.ts';
import { CASES_SHOWN_MAX, type EntryParts, reviewEntryPage } from '../web/review-entry.tsx';
import { type PackToReview, reviewHomePage, reviewListPage } from '../web/review-list.tsx';
import type { RemarksPdfParts } from '../web/review-pdf.ts';

export interface ReviewRouteParts {
  readonly reviews: Reviews;
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  /** Draws the remarks as PDF; given from outside, because the name of the register is known there. */
  readonly remarksPdf: (parts: Omit<RemarksPdfParts, 'issuer'>, language: Language, theme: Theme) => Promise<Uint8Array>;
}

const FILTER_VALUES_MAX = 60;
const list = z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(z.string().max(200)).max(FILTER_VALUES_MAX)).transform((values) => values.filter((value) => value !== ''));
const viewQuery = z.object({
  as: z.union([z.uuid(), z.literal('')]).default(''),
  reviewer: z.string().max(REVIEWER_LENGTH_MAX + LICENCE_LENGTH_MAX + 2).default(''),
  q: z.string().max(200).default(''),
  state: list,
  kind: list,
  evidence: list,
  authority: list,
  file: list,
  from: z.coerce.number().int().min(0).max(100_000).default(0),
  lang: z.string().max(10).optional(),
});
const packParams = z.object({ pack: z.string().max(100) });
const entryParams = packParams.extend({ kind: z.string().max(40), id: z.string().max(200) });
const remarkForm = z.object({
  review: z.string().max(40).default(''),
  entryDigest: z.string().max(64),
  verdict: z.string().max(40).default(''),
  remark: z.string().max(REMARK_LENGTH_MAX * 2).default(''),
  proposal: z.string().max(REMARK_LENGTH_MAX * 2).default(''),
  reviewer: z.string().max(1000).default(''),
  licence: z.string().max(1000).default(''),
  then: z.enum(['next', 'stay']).default('next'),
});
/** Nodes drawn: the most that still fit a page side by side; a large diagram shows its upper part. */
const DIAGRAM_NODES_DRAWN = [40, 24, 16, 12, 8] as const;
const DIAGRAM_COLUMNS_MAX = 4.5;

type Query = z.infer<typeof viewQuery>;

function viewOf(ref: string, query: Query): ReviewView {
  const filter: ReviewFilter = { q: query.q, state: query.state, kind: query.kind, evidence: query.evidence, authority: query.authority, file: query.file };
  return { ref, as: query.as, reviewer: query.reviewer, filter };
}

/** The code of each refusal as programs see it. */
const CODES: { readonly [R in RemarkRefusal]: { readonly status: number; readonly field?: string } } = {
  'no-reviewer': { status: 422, field: 'reviewer' },
  'no-licence': { status: 422, field: 'licence' },
  'unknown-verdict': { status: 422, field: 'verdict' },
  'remark-missing': { status: 422, field: 'remark' },
  'text-too-long': { status: 422, field: 'remark' },
  'unknown-entry': { status: 404 },
  'entry-changed': { status: 409 },
  'unknown-review': { status: 404 },
  'too-many-remarks': { status: 422 },
};

export function refusedRemark(refusal: RemarkRefusal, language: Language): Refused {
  const message = lawdeskReviewText.in(language)(`refusal.${refusal}`);
  const { status } = CODES[refusal];
  // Spelled out one by one: every code that a program may meet is listed in the guide.
  switch (refusal) {
    case 'no-reviewer':
      return new Refused('no-reviewer', message, { status });
    case 'no-licence':
      return new Refused('no-licence', message, { status });
    case 'unknown-verdict':
      return new Refused('unknown-verdict', message, { status });
    case 'remark-missing':
      return new Refused('remark-missing', message, { status });
    case 'text-too-long':
      return new Refused('text-too-long', message, { status });
    case 'unknown-entry':
      return new Refused('unknown-entry', message, { status });
    case 'entry-changed':
      return new Refused('entry-changed', message, { status });
    case 'unknown-review':
      return new Refused('unknown-review', message, { status });
    case 'too-many-remarks':
      return new Refused('too-many-remarks', message, { status });
  }
}

export function reviewRoutes(app: MizanServer, parts: ReviewRouteParts): void {
  const { reviews, lawbook } = parts;
  const versionOr404 = async (ref: string, language: Language): Promise<PackVersion> => {
    const version = await reviews.version(ref);
    if (version !== undefined) return version;
    throw new Refused('unknown-pack', lawdeskReviewText.in(language)('refusal.unknown-pack', { id: ref, known: lawbook.packs().map((pack) => pack.ref.id).join(', ') }), { status: 404 });
  };

  app.get('/lawdesk/review', { config: { policy: 'law.see' }, schema: { hide: true } }, async (request, reply) => {
    const packs: PackToReview[] = [];
    for (const installed of await lawbook.installed()) {
      const version = installed.isInForce ? await reviews.version(installed.ref.digest) : undefined;
      packs.push({ ref: installed.ref, title: version?.pack.title[request.frame.language] ?? installed.ref.id, isInForce: installed.isInForce, installedAt: installed.installedAt, sheet: version === undefined ? undefined : await reviews.sheet(version) });
    }
    return sendPage(request, reply, (frame) => reviewHomePage(frame, packs));
  });

  app.get('/lawdesk/review/:pack', { config: { policy: 'law.see' }, schema: { hide: true, params: packParams, querystring: viewQuery } }, async (request, reply) => {
    const version = await versionOr404(request.params.pack, request.frame.language);
    const view = viewOf(request.params.pack, request.query);
    const [sheet, review] = await Promise.all([reviews.sheet(version, view.reviewer), view.as === '' ? undefined : reviews.review(view.as)]);
    return sendPage(request, reply, (frame) => reviewListPage(frame, { view, sheet, from: request.query.from, reviewWords: review?.actor === request.caller.actor ? reviewerWords(review) : undefined }));
  });

  entryRoutes(app, parts, versionOr404);
  exportRoutes(app, parts, versionOr404);
  apiRoutes(app, parts, versionOr404);
}

type VersionOr404 = (ref: string, language: Language) => Promise<PackVersion>;

const EMPTY_FORM = { verdict: '', remark: '', proposal: '', reviewer: '', licence: '' };

function entryRoutes(app: MizanServer, { reviews }: ReviewRouteParts, versionOr404: VersionOr404): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, params: z.infer<typeof entryParams>, query: Query, filled: { readonly form: EntryParts['form']; readonly errors: EntryParts['errors'] }, status = 200): Promise<FastifyReply> => {
    const { language } = request.frame;
    const version = await versionOr404(params.pack, language);
    const view = viewOf(params.pack, query);
    const [sheet, review] = await Promise.all([reviews.sheet(version, view.reviewer), view.as === '' ? undefined : reviews.review(view.as)]);
    const row = sheet.rows.find(({ entry }) => entry.kind === params.kind && entry.id === params.id);
    if (row === undefined) throw refusedRemark('unknown-entry', language);
    const own = review?.packId === version.pack.ref.id && review.actor === request.caller.actor ? review : undefined;
    const uses = usesOf(entriesOf(version.files));
    const cases = await casesOf(version, row, uses);
    const around = neighbours(sheet.rows, row.entry.kind, row.entry.id, view.filter, language);
    const changes = await changesOf(reviews, row);
    return sendPage(request, reply, (frame) =>
      reviewEntryPage(frame, { view, sheet, row, review: own, around, usedBy: uses.usedBy(row.entry.id), cases: cases.shown, casesInAll: cases.all, diagram: diagramFor(version, row), changes, form: filled.form, errors: filled.errors }),
      status,
    );
  };
  app.get('/lawdesk/review/:pack/:kind/:id', { config: { policy: 'law.see' }, schema: { hide: true, params: entryParams, querystring: viewQuery } }, (request, reply) => show(request, reply, request.params, request.query, { form: EMPTY_FORM, errors: [] }));

  app.post('/lawdesk/review/:pack/:kind/:id', { config: { policy: 'law.review' }, schema: { hide: true, params: entryParams, querystring: viewQuery, body: remarkForm } }, async (request, reply) => {
    const { language } = request.frame;
    const { kind, id } = request.params;
    const { then, ...form } = request.body;
    const version = await versionOr404(request.params.pack, language);
    const made = await reviews.remark(request.scope, version, given(kind, id, { ...form, reviewer: authorOf(request, form.reviewer) }));
    if (!made.ok) {
      const { field, status } = CODES[made.refusal];
      if (field === undefined) throw refusedRemark(made.refusal, language);
      return show(request, reply, request.params, request.query, { form, errors: [{ field, message: lawdeskReviewText.in(language)(`refusal.${made.refusal}`) }] }, status);
    }
    // The review goes on under the name just given: it stays in the address from here.
    const view: ReviewView = { ...viewOf(request.params.pack, request.query), as: made.value.review.id };
    const next = then === 'stay' || !isEntryKind(kind) ? undefined : neighbours((await reviews.sheet(version, view.reviewer)).rows, kind, id, view.filter, language).next;
    return reply.redirect(next !== undefined ? entryHref(view, next.entry.kind, next.entry.id) : then === 'stay' ? `${entryHref(view, kind, id)}#history` : listHref(view), 303);
  });
}

function given(kind: string, entry: string, form: Omit<z.infer<typeof remarkForm>, 'then'>): RemarkGiven {
  return { ...form, kind: isEntryKind(kind) ? kind : 'rule', entry: isEntryKind(kind) ? entry : '' };
}

async function casesOf(version: PackVersion, row: ReviewRow, uses: ReturnType<typeof usesOf>): Promise<{ readonly shown: EntryParts['cases']; readonly all: number }> {
  const { pack } = version;
  const { entry } = row;
  const about = casesAbout(pack, uses.conclusionsOf(entry)).filter((one) => entry.kind !== 'fact' || entry.id in one.facts);
  const runs = await runCases(pack, chosenCases(pack, about, CASES_OF_REVIEW));
  // What fails comes first, then what this very rule decides.
  const rank = (run: (typeof runs)[number]): number => (run.passes ? 2 : 0) - (run.decisive.has(entry.id) ? 1 : 0);
  return { shown: [...runs].sort((a, b) => rank(a) - rank(b)).slice(0, CASES_SHOWN_MAX), all: about.length };
}

export function diagramFor(version: Pick<PackVersion, 'pack'>, row: { readonly entry: { readonly kind: string; readonly id: string } }): Diagram | undefined {
  const { kind, id } = row.entry;
  const what = kind === 'rule' ? { rule: id } : kind === 'conclusion' || kind === 'family' ? { conclusion: id } : kind === 'duty' ? { conclusion: `duty.${id}` } : undefined;
  if (what === undefined) return undefined;
  try {
    const law = lawOf(version.pack);
    for (const nodesMax of DIAGRAM_NODES_DRAWN) {
      const drawn = diagramOf(law, what, { nodesMax, truncate: true });
      if (!drawn.ok) return undefined;
      if (drawn.value.width <= DIAGRAM_COLUMNS_MAX || nodesMax === DIAGRAM_NODES_DRAWN.at(-1)) return drawn.value;
    }
    return undefined;
  } catch (error) {
    // A condition too large for a diagram is told by the check of the pack; the page goes without.
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

async function changesOf(reviews: Reviews, row: ReviewRow): Promise<EntryParts['changes']> {
  if (row.state !== 'changed') return undefined;
  const remark = row.remarks.at(-1);
  const fields = remark === undefined ? undefined : await reviews.changesSince(remark, row.entry);
  return remark === undefined || fields === undefined ? undefined : { since: { version: remark.version, reviewer: reviewerWords(remark), madeAt: remark.madeAt }, fields };
}

export function remarksOut(sheet: ReviewSheet): readonly RemarkOut[] {
  return [...sheet.rows.flatMap((row) => row.remarks.map((remark) => ({ remark, standing: remark.entryDigest === row.digest }))), ...sheet.elsewhere.map((remark) => ({ remark, standing: false }))]
    .sort((a, b) => a.remark.number - b.remark.number)
    .map(({ remark, standing }) => ({
      number: remark.number,
      pack: remark.packId,
      version: remark.version,
      digest: remark.digest,
      kind: remark.kind,
      entry: remark.entry,
      entryDigest: remark.entryDigest,
      standing,
      verdict: remark.verdict,
      remark: remark.remark,
      proposal: remark.proposal,
      reviewer: remark.reviewer,
      licence: remark.licence,
      madeAt: remark.madeAt,
    }));
}

function exportRoutes(app: MizanServer, { reviews, clock, remarksPdf }: ReviewRouteParts, versionOr404: VersionOr404): void {
  const schema = { hide: true, params: packParams, querystring: viewQuery };
  const sheetFor = async (request: { readonly params: { readonly pack: string }; readonly query: Query; readonly frame: { readonly language: Language } }): Promise<ReviewSheet> => reviews.sheet(await versionOr404(request.params.pack, request.frame.language), request.query.reviewer);
  const name = (sheet: ReviewSheet, ending: string): string => `attachment; filename="remarks-${sheet.version.pack.ref.id.replaceAll(/[^\w.-]/g, '_')}-${sheet.version.pack.ref.version.replaceAll(/[^\w.-]/g, '_')}.${ending}"`;
  app.get('/lawdesk/review/:pack/remarks.csv', { config: { policy: 'law.see' }, schema }, async (request, reply) => {
    const sheet = await sheetFor(request);
    return reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', name(sheet, 'csv')).send(remarksCsv(remarksOut(sheet)));
  });
  app.get('/lawdesk/review/:pack/remarks.json', { config: { policy: 'law.see' }, schema }, async (request, reply) => {
    const sheet = await sheetFor(request);
    return reply.header('content-type', 'application/json; charset=utf-8').header('content-disposition', name(sheet, 'json')).send(JSON.stringify({ ...summaryOf(sheet), reviewer: request.query.reviewer, remarks: remarksOut(sheet) }, null, 2));
  });
  app.get('/lawdesk/review/:pack/remarks.pdf', { config: { policy: 'law.see' }, schema }, async (request, reply) => {
    const sheet = await sheetFor(request);
    const bytes = await remarksPdf({ sheet, remarks: remarksOut(sheet), reviewer: request.query.reviewer, today: clock.today() }, request.frame.language, request.frame.theme);
    return reply.header('content-type', 'application/pdf').header('content-disposition', name(sheet, 'pdf').replace('attachment', 'inline')).send(Buffer.from(bytes));
  });
}

function summaryOf(sheet: ReviewSheet) {
  return { pack: { ...sheet.version.pack.ref }, entries: sheet.rows.length, reviewed: sheet.reviewed, signed: sheet.signed, states: { ...sheet.counts } };
}

const summarySchema = z.object({ pack: z.object({ id: z.string(), version: z.string(), digest: z.string() }), entries: z.number(), reviewed: z.number(), signed: z.number(), states: z.record(z.string(), z.number()) });
const remarkSchema = z.object({
  number: z.number(),
  pack: z.string(),
  version: z.string(),
  digest: z.string(),
  kind: z.string(),
  entry: z.string(),
  entryDigest: z.string(),
  standing: z.boolean().meta({ description: 'The entry still says, in this version, what was reviewed.' }),
  verdict: z.enum(VERDICTS),
  remark: z.string(),
  proposal: z.string(),
  reviewer: z.string(),
  licence: z.string(),
  madeAt: z.string(),
});

function apiRoutes(app: MizanServer, { reviews }: ReviewRouteParts, versionOr404: VersionOr404): void {
  const params = z.object({ pack: z.string().max(100).meta({ description: 'Id of a pack for the version in force, or the digest of any version that was ever here.' }) });
  const querystring = z.object({ reviewer: z.string().max(402).default('').meta({ description: 'Counts one reviewer’s verdicts only: `name, licence`.' }), lang: z.string().max(10).optional() });
  app.get(
    '/api/v1/lawdesk/review/:pack',
    {
      config: { policy: 'law.see', api: true },
      schema: {
        tags: ['law'],
        summary: 'What counsel has signed of a pack version and what is open, entry by entry',
        params,
        querystring,
        response: { 200: summarySchema.extend({ rows: z.array(z.object({ kind: z.string(), entry: z.string(), digest: z.string(), state: z.string(), restsChanged: z.array(z.string()).meta({ description: 'What the entry rests on that changed since a verdict that still stands, as kind:id.' }), file: z.string(), line: z.number(), evidence: z.array(z.string()), authority: z.string().optional() })) }) },
      },
    },
    async (request) => {
      const sheet = await reviews.sheet(await versionOr404(request.params.pack, request.frame.language), request.query.reviewer);
      return {
        ...summaryOf(sheet),
        rows: sheet.rows.map(({ entry, digest, state, restsChanged }) => {
          const authority = authorityOf(entry);
          return { kind: entry.kind, entry: entry.id, digest, state, restsChanged: restsChanged.map(({ kind, id }) => `${kind}:${id}`), file: entry.file, line: entry.line, evidence: [...evidenceOf(entry)], ...(authority === undefined ? {} : { authority }) };
        }),
      };
    },
  );
  app.get(
    '/api/v1/lawdesk/review/:pack/remarks',
    { config: { policy: 'law.see', api: true }, schema: { tags: ['law'], summary: 'Every remark on a pack, oldest first, with the content each is bound to', params, querystring, response: { 200: z.object({ remarks: z.array(remarkSchema) }) } } },
    async (request) => ({ remarks: remarksOut(await reviews.sheet(await versionOr404(request.params.pack, request.frame.language), request.query.reviewer)).map((remark) => ({ ...remark, verdict: remark.verdict as (typeof VERDICTS)[number] })) }),
  );
  app.post(
    '/api/v1/lawdesk/review/:pack/remarks',
    {
      config: { policy: 'law.review', api: true },
      schema: {
        tags: ['law'],
        summary: 'Adds a remark to an entry; it is bound to the content whose digest is given',
        description: 'The first remark of a review names reviewer and licence; its answer has the id that later remarks of the same person give as `review`.',
        params,
        body: z.object({
          review: z.uuid().optional(),
          reviewer: z.string().max(1000).default(''),
          licence: z.string().max(1000).default(''),
          kind: z.string().max(40),
          entry: z.string().max(200),
          entryDigest: z.string().regex(/^[0-9a-f]{64}$/),
          verdict: z.enum(VERDICTS),
          remark: z.string().max(REMARK_LENGTH_MAX).default(''),
          proposal: z.string().max(REMARK_LENGTH_MAX).default(''),
        }),
        response: { 201: z.object({ number: z.number(), review: z.string() }) },
      },
    },
    async (request, reply) => {
      const { language } = request.frame;
      const { kind, entry, review, ...rest } = request.body;
      const version = await versionOr404(request.params.pack, language);
      const made = await reviews.remark(request.scope, version, given(kind, entry, { ...rest, reviewer: authorOf(request, rest.reviewer), review: review ?? '' }));
      if (!made.ok) throw refusedRemark(made.refusal, language);
      return reply.status(201).send({ number: made.value.number, review: made.value.review.id });
    },
  );
}
