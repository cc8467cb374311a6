/** Routes of changes of law: measure, look, adopt; pages and programs. */

import { z } from 'zod';
import { type Language, no } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { diffPacks } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { type Assets, authorOf, emptyAsAbsent, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { AUTHOR_LENGTH_MAX, type Lawbook, type LawDates, lawDatesOrRefuse, REASON_LENGTH_MAX } from '../../lawbook/index.ts';
import type { AdoptAfterEffectsRefusal, Changes, MeasureRefusal } from '../actions/open-changes.ts';
import { EFFECT_ROWS_MAX, EFFECT_RUNS_KEPT_MAX, type EffectKey, type EffectRun } from '../model.ts';
import { decodeEffectKey, encodeEffectKey } from '../rules/effect-key.ts';
import { obligationsText } from '../text/index.ts';
import { besidePage, changesPage, effectPage, keepPage, runPage, type RunView } from '../web/changes-pages.tsx';

const ROWS_DEFAULT = 25;
const lang = z.string().max(10).optional();
const runId = z.object({ run: z.uuid() });
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const dateText = z.string().max(40).optional();
const listQuery = z.object({ touches: emptyAsAbsent(z.string().max(150)), after: emptyAsAbsent(z.string().max(200)), limit: z.coerce.number().int().min(1).max(EFFECT_ROWS_MAX).default(ROWS_DEFAULT), lang });
/** Longer texts are cut by the browser; a program is told. */
const adoptForm = z.object({ author: z.string().max(AUTHOR_LENGTH_MAX).default(''), reason: z.string().max(REASON_LENGTH_MAX).default('') });

export interface ChangesRouteParts {
  readonly changes: Changes;
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  readonly assets: Assets;
}

export function changesRoutes(app: MizanServer, { changes, lawbook, clock, assets }: ChangesRouteParts): void {
  const keyOr400 = (text: string | undefined, language: Language): EffectKey | undefined => {
    if (text === undefined) return undefined;
    const key = decodeEffectKey(text);
    if (key === undefined) throw new Refused('bad-cursor', obligationsText.in(language)('refusal.bad-cursor'), { status: 400 });
    return key;
  };
  const runOr404 = async (id: string, language: Language) => {
    const found = await changes.run(id);
    if (found === undefined) throw refused({ kind: 'no-run' }, language);
    return found;
  };

  app.get('/obligations/changes', { config: { policy: 'law.see' }, schema: { hide: true, querystring: z.object({ adopted: z.coerce.number().int().optional(), lang }) } }, async (request, reply) => {
    const [installed, adoptions, runs] = await Promise.all([lawbook.installed(), lawbook.adoptions(), changes.runs(EFFECT_RUNS_KEPT_MAX)]);
    const packs = await Promise.all(installed.filter((one) => !one.isInForce).map(async (one) => lawbook.packByDigest(one.ref.digest)));
    const beside = new Set(packs.flatMap((pack) => (pack?.place === 'beside' ? [pack.ref.digest] : [])));
    return sendPage(request, reply, (frame) => changesPage(frame, { inForce: lawbook.packs(), installed, adoptions, runs, beside, adopted: adoptions.find((act) => act.number === request.query.adopted) }));
  });
  app.post('/obligations/changes', { config: { policy: 'law.measure' }, schema: { hide: true, body: z.object({ digest }) } }, async (request, reply) => {
    const begun = await changes.measure(request.scope, { digest: request.body.digest });
    if (!begun.ok) throw refused(begun.refusal, request.frame.language);
    return reply.redirect(`/obligations/changes/${begun.value.id}`, 303);
  });

  const mainLaw = (language: Language): Pack => {
    const pack = lawbook.pack();
    if (pack === undefined) throw refused({ kind: 'unknown-pack', digest: '' }, language);
    return pack;
  };

  const showRun = async (request: Parameters<typeof sendPage>[0], reply: Parameters<typeof sendPage>[1], id: string, query: { readonly touches?: string | undefined; readonly after?: string | undefined; readonly limit: number }, refusal?: RunView['refusal'], status = 200) => {
    const { language } = request.frame;
    const { run, job } = await runOr404(id, language);
    const after = keyOr400(query.after, language);
    const [{ items, next }, diff, to, from] = await Promise.all([changes.systems(id, { touches: query.touches, after, limit: query.limit }), changes.diff(run), lawbook.packByDigest(run.to.digest), lawbook.packByDigest(run.from.digest)]);
    const href = (cursor: string | undefined): string => {
      const search = new URLSearchParams(Object.entries({ touches: query.touches, after: cursor }).filter((pair): pair is [string, string] => pair[1] !== undefined));
      return `/obligations/changes/${id}${search.size === 0 ? '' : `?${search.toString()}`}#systems`;
    };
    return sendPage(
      request,
      reply,
      (frame) =>
        runPage(frame, {
          run, job, diff, items, refusal,
          packs: [to, from].filter((pack): pack is Pack => pack !== undefined),
          inForce: lawbook.pack(),
          touches: query.touches,
          firstHref: after === undefined ? undefined : href(undefined),
          nextHref: next === undefined ? undefined : href(encodeEffectKey(next)),
          progressScript: assets.island('progress'),
        }),
      status,
    );
  };
  const showKept = async (request: Parameters<typeof sendPage>[0], reply: Parameters<typeof sendPage>[1], refusal?: RunView['refusal'], status = 200) => {
    const [pack, act] = [mainLaw(request.frame.language), (await lawbook.adoptions()).find((one) => one.place === 'main')];
    return sendPage(request, reply, (frame) => keepPage(frame, { pack, act, refusal }), status);
  };
  app.get('/obligations/changes/as-it-stands', { config: { policy: 'law.see' }, schema: { hide: true, querystring: z.object({ lang }) } }, (request, reply) => showKept(request, reply));
  app.post('/obligations/changes/as-it-stands', { config: { policy: 'law.adopt' }, schema: { hide: true, body: adoptForm.extend({ digest }) } }, async (request, reply) => {
    const { digest: seen, author, reason } = request.body;
    const { language } = request.frame;
    // Somebody may have adopted another version since the page was shown: then this act is about a law that nobody keeps.
    const adopted = mainLaw(language).ref.digest === seen ? await lawbook.adopt({ digest: seen, author: authorOf(request, author), reason, effects: null }) : no({ kind: 'somebody-was-faster' as const, inForce: mainLaw(language).ref.digest });
    if (adopted.ok) return reply.redirect(`/obligations/changes?adopted=${adopted.value.number}`, 303);
    return showKept(request, reply, { author, reason, message: refusalWords(adopted.refusal, language) }, statusOf(adopted.refusal));
  });
  app.get('/obligations/changes/:run', { config: { policy: 'law.see' }, schema: { hide: true, params: runId, querystring: listQuery } }, (request, reply) => showRun(request, reply, request.params.run, request.query));
  app.post('/obligations/changes/:run/adopt', { config: { policy: 'law.adopt' }, schema: { hide: true, params: runId, body: adoptForm } }, async (request, reply) => {
    const adopted = await changes.adopt(request.scope, request.params.run, { ...request.body, author: authorOf(request, request.body.author) });
    if (adopted.ok) return reply.redirect(`/obligations/changes?adopted=${adopted.value.number}`, 303);
    if (adopted.refusal.kind === 'no-run') throw refused(adopted.refusal, request.frame.language);
    return showRun(request, reply, request.params.run, { limit: ROWS_DEFAULT }, { ...request.body, message: refusalWords(adopted.refusal, request.frame.language) }, statusOf(adopted.refusal));
  });
  app.get('/obligations/changes/:run/systems/:system', { config: { policy: 'law.see' }, schema: { hide: true, params: z.object({ run: z.uuid(), system: z.uuid() }), querystring: z.object({ lang }) } }, async (request, reply) => {
    const detail = await changes.detail(request.params.run, request.params.system);
    if (detail === undefined) throw new Refused('no-effect', obligationsText.in(request.frame.language)('changes.detail.gone'), { status: 404 });
    return sendPage(request, reply, (frame) => effectPage(frame, detail));
  });

  const besideOr404 = async (wanted: string, language: Language): Promise<Pack> => {
    const pack = await lawbook.packByDigest(wanted);
    if (pack === undefined || pack.place !== 'beside') throw refused({ kind: 'unknown-pack', digest: wanted }, language);
    return pack;
  };
  const showBeside = async (request: Parameters<typeof sendPage>[0], reply: Parameters<typeof sendPage>[1], wanted: string, refusal?: RunView['refusal'], status = 200) => {
    const pack = await besideOr404(wanted, request.frame.language);
    const stands = lawbook.pack(pack.ref.id);
    return sendPage(request, reply, (frame) => besidePage(frame, { pack, diff: stands === undefined ? undefined : diffPacks(stands, pack), isInForce: stands?.ref.digest === wanted, refusal }), status);
  };
  app.get('/obligations/changes/beside/:digest', { config: { policy: 'law.see' }, schema: { hide: true, params: z.object({ digest }), querystring: z.object({ lang }) } }, (request, reply) => showBeside(request, reply, request.params.digest));
  app.post('/obligations/changes/beside/:digest', { config: { policy: 'law.adopt' }, schema: { hide: true, params: z.object({ digest }), body: adoptForm } }, async (request, reply) => {
    await besideOr404(request.params.digest, request.frame.language);
    const adopted = await lawbook.adopt({ digest: request.params.digest, ...request.body, author: authorOf(request, request.body.author), effects: null });
    if (adopted.ok) return reply.redirect(`/obligations/changes?adopted=${adopted.value.number}`, 303);
    return showBeside(request, reply, request.params.digest, { ...request.body, message: refusalWords(adopted.refusal, request.frame.language) }, statusOf(adopted.refusal));
  });

  // ---- programs ------------------------------------------------------------------------------------------------------

  const tags = ['law'];
  const ref = z.object({ id: z.string(), version: z.string(), digest: z.string() });
  const runSchema = z.object({ id: z.string(), from: ref, to: ref, asOf: z.string(), knownOn: z.string(), jobId: z.string().optional(), startedAt: z.string(), finishedAt: z.string().optional(), summary: z.unknown().optional().meta({ description: 'Systems read and affected, counts by regime and duty, moves of class; absent until finished.' }), hasItems: z.boolean() });
  const adoption = z.object({ number: z.number(), place: z.enum(['main', 'beside']), pack: ref, act: z.enum(['adopt', 'withdraw']), previousDigest: z.string().optional(), author: z.string(), reason: z.string(), effects: z.unknown().optional(), adoptedAt: z.string() });
  const told = ({ id, from, to, asOf, knownOn, jobId, startedAt, finishedAt, summary, hasItems }: EffectRun) => ({ id, from, to, asOf, knownOn, startedAt, hasItems, ...(jobId === undefined ? {} : { jobId }), ...(finishedAt === undefined ? {} : { finishedAt }), ...(summary === undefined ? {} : { summary }) });

  app.get('/api/v1/law/adoptions', { config: { policy: 'public', api: true }, schema: { tags, summary: 'Which packs were put in force when, by whom and why; newest first', response: { 200: z.object({ items: z.array(adoption) }) } } }, async () => ({ items: [...(await lawbook.adoptions())] }));
  app.post('/api/v1/law/adoptions', { config: { policy: 'law.adopt', api: true }, schema: { tags, summary: 'Put a pack in force that stands beside the main law', description: 'The main law is adopted after its effects were measured: POST /api/v1/law/changes. The version that the installation put in force is adopted here as it stands.', body: adoptForm.extend({ digest }), response: { 200: adoption } } }, async (request) => {
    const { digest: wanted, author, reason } = request.body;
    const pack = await lawbook.packByDigest(wanted);
    if (pack === undefined) throw refused({ kind: 'unknown-pack', digest: wanted }, request.frame.language);
    if (pack.place === 'main' && lawbook.pack()?.ref.digest !== wanted) throw refused({ kind: 'not-measured' }, request.frame.language);
    const adopted = await lawbook.adopt({ digest: wanted, author: authorOf(request, author), reason, effects: null });
    if (!adopted.ok) throw refused(adopted.refusal, request.frame.language);
    return adopted.value;
  });
  app.get('/api/v1/law/installed', { config: { policy: 'law.see', api: true }, schema: { tags, summary: 'Pack versions kept here, in force or not', response: { 200: z.object({ items: z.array(z.object({ pack: ref, status: z.string(), installedAt: z.string(), inForce: z.boolean(), bases: z.array(z.object({ id: z.string(), digest: z.string() })) })) }) } } }, async () => ({
    items: (await lawbook.installed()).map((one) => ({ pack: one.ref, status: one.status, installedAt: one.installedAt, inForce: one.isInForce, bases: one.bases.map((base) => ({ ...base })) })),
  }));
  app.post('/api/v1/law/changes', { config: { policy: 'law.measure', api: true }, schema: { tags, summary: 'Measure what an installed version would do to every registered system', body: z.object({ digest, asOf: dateText, knownOn: dateText }), response: { 202: runSchema } } }, async (request, reply) => {
    const dates: LawDates = lawDatesOrRefuse(request.body, clock.today(), request.frame.language);
    const begun = await changes.measure(request.scope, { digest: request.body.digest, dates });
    if (!begun.ok) throw refused(begun.refusal, request.frame.language);
    return reply.status(202).header('location', `/api/v1/law/changes/${begun.value.id}`).send(told(begun.value));
  });
  app.get('/api/v1/law/changes', { config: { policy: 'law.see', api: true }, schema: { tags, summary: 'Measurements, newest first', response: { 200: z.object({ items: z.array(runSchema) }) } } }, async () => ({ items: (await changes.runs(EFFECT_RUNS_KEPT_MAX)).map(told) }));
  app.get('/api/v1/law/changes/:run', { config: { policy: 'law.see', api: true }, schema: { tags, summary: 'One measurement with its figures', params: runId, response: { 200: runSchema } } }, async (request) => told((await runOr404(request.params.run, request.frame.language)).run));
  app.get(
    '/api/v1/law/changes/:run/systems',
    {
      config: { policy: 'law.see', api: true },
      schema: {
        tags,
        summary: 'Systems a change of law affects, the weightiest first',
        params: runId,
        querystring: listQuery,
        response: {
          200: z.object({
            items: z.array(z.object({
              systemId: z.string(), name: z.string(), bodyName: z.string(), weight: z.number(),
              headline: z.object({ from: z.string(), to: z.string() }),
              regimes: z.array(z.object({ id: z.string(), shift: z.string(), from: z.string().optional(), to: z.string().optional() })),
              duties: z.array(z.object({ id: z.string(), shift: z.string(), from: z.string().optional(), to: z.string().optional() })),
              dropped: z.array(z.string()),
            })),
            next: z.string().optional(),
          }),
        },
      },
    },
    async (request) => {
      const { touches, after, limit } = request.query;
      await runOr404(request.params.run, request.frame.language);
      const { items, next } = await changes.systems(request.params.run, { touches, after: keyOr400(after, request.frame.language), limit });
      return { items: items.map((item) => ({ ...item, regimes: [...item.regimes], duties: [...item.duties], dropped: [...item.dropped] })), ...(next === undefined ? {} : { next: encodeEffectKey(next) }) };
    },
  );
  app.post('/api/v1/law/changes/:run/adopt', { config: { policy: 'law.adopt', api: true }, schema: { tags, summary: 'Put the measured version in force', params: runId, body: adoptForm, response: { 200: adoption } } }, async (request) => {
    const adopted = await changes.adopt(request.scope, request.params.run, { ...request.body, author: authorOf(request, request.body.author) });
    if (!adopted.ok) throw refused(adopted.refusal, request.frame.language);
    return adopted.value;
  });
}

type AnyRefusal = MeasureRefusal | AdoptAfterEffectsRefusal;

function statusOf(refusal: AnyRefusal): number {
  if (refusal.kind === 'unknown-pack' || refusal.kind === 'no-run') return 404;
  return refusal.kind === 'no-author' || refusal.kind === 'no-reason' || refusal.kind === 'pack-has-errors' || refusal.kind === 'does-not-fit' ? 422 : 409;
}

function refused(refusal: AnyRefusal, language: Language): Refused {
  return new Refused(refusal.kind, refusalWords(refusal, language), { status: statusOf(refusal) });
}

function refusalWords(refusal: AnyRefusal, language: Language): string {
  const t = obligationsText.in(language);
  switch (refusal.kind) {
    case 'unknown-pack': return t('refusal.unknown-pack', { digest: refusal.digest });
    case 'stands-beside': return t('refusal.stands-beside', { id: refusal.id });
    case 'measured-against-another': return t('refusal.measured-against-another', { version: refusal.version });
    case 'pack-has-errors': {
      const [first] = refusal.problems;
      return t('refusal.pack-has-errors', { first: first === undefined ? '' : `${first.file}:${first.line} ${first.message}` });
    }
    case 'does-not-fit': return t('refusal.does-not-fit', { first: refusal.messages[0] ?? '' });
    default: return t(`refusal.${refusal.kind}`);
  }
}
