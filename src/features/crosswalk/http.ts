/** Routes of the crosswalk: pages for everybody, the mapping files, and answers for programs. */

import { z } from 'zod';
import type { Language } from '../../base/index.ts';
import { type Framework, isReviewed, shortfallsOf } from '../../law/crosswalk/index.ts';
import type { Pack } from '../../law/index.ts';
import { type MizanServer, Refused, sendPage } from '../../platform/http/index.ts';
import type { Lawbook } from '../lawbook/index.ts';
import { type Crosswalks, DUTIES, SEARCH_LENGTH_MAX, TICK_LENGTH_MAX, type Ticks, TICKS_MAX } from './model.ts';
import { countTicks } from './rules/count-ticks.ts';
import { crosswalkText } from './text/index.ts';
import { countPage } from './web/count.tsx';
import { frameworkPage, itemPage } from './web/framework.tsx';
import { matrixPage } from './web/matrix.tsx';

export interface CrosswalkParts {
  readonly crosswalks: Crosswalks;
  readonly lawbook: Lawbook;
}

const tick = z.string().max(TICK_LENGTH_MAX);
/** One tick comes as a text, several as a list. */
const ticks = z
  .union([tick, z.array(tick).max(TICKS_MAX)])
  .default([])
  .transform((given) => [...new Set(typeof given === 'string' ? [given] : given)]);
const tickQuery = { done: ticks, duty: ticks, unbound: ticks };
const name = z.string().max(TICK_LENGTH_MAX);

export function crosswalkRoutes(app: MizanServer, parts: CrosswalkParts): void {
  pageRoutes(app, parts);
  programRoutes(app, parts);
}

/** The pack whose duties make up a framework, itself or as the base of the law in force. */
function dutiesPack({ crosswalks, lawbook }: CrosswalkParts): Pack | undefined {
  const law = crosswalks.crosswalk.frameworks.find((framework) => framework.law !== undefined)?.law;
  if (law === undefined) return undefined;
  return lawbook.pack(law.pack) ?? lawbook.packs().find((pack) => pack.bases.some((base) => base.id === law.pack));
}

function pageRoutes(app: MizanServer, parts: CrosswalkParts): void {
  const { crosswalks } = parts;
  const page = { config: { policy: 'public' as const } };
  const lang = z.string().optional();

  app.get('/crosswalk', { ...page, schema: { hide: true } }, (request, reply) => sendPage(request, reply, (frame) => matrixPage(frame, crosswalks)));

  app.get('/crosswalk/count', { ...page, schema: { hide: true, querystring: z.object({ from: name.default(''), lang, ...tickQuery }) } }, (request, reply) => {
    const pack = dutiesPack(parts);
    const given: Ticks = { done: request.query.done, duties: request.query.duty, unbound: request.query.unbound };
    const first = pack === undefined ? (crosswalks.crosswalk.frameworks[0]?.id ?? '') : DUTIES;
    const isKnown = (request.query.from === DUTIES && pack !== undefined) || crosswalks.framework(request.query.from) !== undefined;
    const counted = countTicks(crosswalks, pack?.duties ?? [], given);
    return sendPage(request, reply, (frame) => countPage(frame, { crosswalks, pack, from: isKnown ? request.query.from : first, ticks: given, counted }));
  });

  app.get('/crosswalk/sets/:file', { ...page, schema: { hide: true, params: z.object({ file: name }) } }, (request, reply) => {
    const found = crosswalks.files.find((file) => file.set.file === request.params.file);
    if (found === undefined) return reply.callNotFound();
    return reply.header('content-type', 'text/tab-separated-values; charset=utf-8').header('content-disposition', `attachment; filename="${found.set.file}"`).header('etag', `"${found.sha256}"`).send(found.text);
  });

  const filter = z.object({ q: z.string().max(SEARCH_LENGTH_MAX).default(''), group: name.default(''), mapped: z.enum(['', 'yes', 'no']).catch('').default(''), lang });
  app.get('/crosswalk/:framework', { ...page, schema: { hide: true, params: z.object({ framework: name }), querystring: filter } }, (request, reply) => {
    const framework = crosswalks.framework(request.params.framework);
    if (framework === undefined) return reply.callNotFound();
    const { q, group, mapped } = request.query;
    return sendPage(request, reply, (frame) => frameworkPage(frame, crosswalks, framework, { q, group, mapped }));
  });

  app.get('/crosswalk/:framework/:item', { ...page, schema: { hide: true, params: z.object({ framework: name, item: name }) } }, (request, reply) => {
    const framework = crosswalks.framework(request.params.framework);
    const item = framework?.items.find((one) => one.local === request.params.item);
    if (framework === undefined || item === undefined) return reply.callNotFound();
    const pack = dutiesPack(parts);
    return sendPage(request, reply, (frame) => itemPage(frame, crosswalks, framework, item, pack?.duties ?? [], pack?.ref.id));
  });
}

function programRoutes(app: MizanServer, parts: CrosswalkParts): void {
  const { crosswalks } = parts;
  const frameworkOr404 = (id: string, language: Language): Framework => {
    const framework = crosswalks.framework(id);
    if (framework !== undefined) return framework;
    const known = crosswalks.crosswalk.frameworks.map((one) => one.id).join(', ');
    throw new Refused('unknown-framework', crosswalkText.in(language)('refusal.unknown-framework', { id, known }), { status: 404 });
  };
  const itemOr404 = (id: string, language: Language): void => {
    if (crosswalks.item(id) === undefined) throw new Refused('unknown-item', crosswalkText.in(language)('refusal.unknown-item', { id }), { status: 404 });
  };
  const api = { policy: 'public' as const, api: true };
  const list = z.array(z.looseObject({}));

  app.get('/api/v1/crosswalk', { config: api, schema: { tags: ['crosswalk'], summary: 'The frameworks, themes and mapping sets', response: { 200: z.object({ frameworks: list, themes: list, sets: list }) } } }, () => ({
    frameworks: crosswalks.crosswalk.frameworks.map((framework) => ({ ...framework, groups: framework.groups.length, items: framework.items.length })),
    themes: crosswalks.crosswalk.themes.map((theme) => ({ ...theme })),
    sets: crosswalks.files.map(({ set, sha256 }) => ({
      id: set.id, title: set.title, licence: set.licence, rows: set.rows.length, reviewed: set.rows.filter(isReviewed).length, sha256, href: `/crosswalk/sets/${set.file}`,
    })),
  }));

  app.get(
    '/api/v1/crosswalk/frameworks/:framework',
    { config: api, schema: { tags: ['crosswalk'], summary: 'A framework with its items', params: z.object({ framework: name }), response: { 200: z.looseObject({ id: z.string(), items: list }) } } },
    (request) => {
      const framework = frameworkOr404(request.params.framework, request.frame.language);
      return { ...framework, groups: [...framework.groups], items: framework.items.map((item) => ({ ...item })) };
    },
  );

  app.get(
    '/api/v1/crosswalk/mappings',
    {
      config: api,
      schema: {
        tags: ['crosswalk'],
        summary: 'What an item corresponds to, each claim read from the item',
        description: '`counts` says whether evidence for the item may be reused for the other; `shortfalls` says what is missing.',
        querystring: z.object({ item: name.meta({ description: '`nist:MAP-1.5`, `aiact:art-9`, …' }) }),
        response: { 200: z.object({ item: z.string(), mappings: list }) },
      },
    },
    (request) => {
      const { item } = request.query;
      itemOr404(item, request.frame.language);
      return {
        item,
        mappings: crosswalks.relations(item).map(({ to, predicate, row, set }) => {
          const shortfalls = shortfallsOf(row, predicate);
          return { item: to, predicate, counts: shortfalls.length === 0, shortfalls: [...shortfalls], justification: row.justification, confidence: row.confidence ?? null, authors: [...row.authors], reviewers: [...row.reviewers], date: row.date ?? null, comment: row.comment, set };
        }),
      };
    },
  );

  app.get(
    '/api/v1/crosswalk/count',
    {
      config: api,
      schema: {
        tags: ['crosswalk'],
        summary: 'What counts in every framework when these items and duties are done',
        description: 'Repeat `done` for each item, `duty` for each duty that is done, `unbound` for each duty that does not bind. Unknown items and duties are refused.',
        querystring: z.object(tickQuery),
        response: { 200: z.object({ frameworks: list, articles: list }) },
      },
    },
    (request) => {
      const { language } = request.frame;
      const { done, duty, unbound } = request.query;
      for (const id of done) itemOr404(id, language);
      const duties = dutiesPack(parts)?.duties ?? [];
      const known = new Set(duties.map((one) => one.id));
      for (const id of [...duty, ...unbound]) if (!known.has(id)) throw new Refused('unknown-item', crosswalkText.in(language)('refusal.unknown-item', { id }), { status: 404 });
      const { frameworks, articles } = countTicks(crosswalks, duties, { done, duties: duty, unbound });
      return {
        frameworks: frameworks.map(({ items, ...one }) => ({
          ...one,
          items: items.filter((item) => item.status !== 'open').map(({ item, status, paths, pathCount }) => ({
            item, status, pathCount,
            paths: paths.map((path) => ({ from: path.from, shortfalls: [...path.shortfalls], steps: path.steps.map(({ from, to, predicate, set, row }) => ({ from, to, predicate, set, line: row.line })) })),
          })),
        })),
        articles: articles.map((article) => ({ ...article })),
      };
    },
  );
}
