/** Routes of the lawbook: the law browser for everybody, and the law's answers for programs. */

import { z } from 'zod';
import { type CivilDate, type Language, LANGUAGES } from '../../base/index.ts';
import { type Pack, parseFacts } from '../../law/index.ts';
import type { Clock } from '../../platform/clock/index.ts';
import { type MizanServer, Refused, sendPage } from '../../platform/http/index.ts';
import type { LawDates, Lawbook } from './model.ts';
import { regimesOf } from './rules/answer-of.ts';
import { parseLawDates } from './rules/parse-dates.ts';
import { lawbookText } from './text/index.ts';
import { termsIn } from './text/terms.ts';
import { casesPage, conclusionPage, factPage, factsPage, indexPage, packPage, parametersPage, readingsPage, searchPage } from './web/pages.tsx';

const SEARCH_LENGTH_MAX = 200;
const dateText = z.string().max(40).optional();
const datesQuery = z.object({ asOf: dateText, knownOn: dateText, lang: z.string().optional() });

const regime = z.object({
  id: z.string().meta({ description: 'Conclusion or family of the pack, for example `high_risk` or `high_risk.III.4a`.' }),
  family: z.string(),
  label: z.string(),
  result: z.enum(['holds', 'fails', 'undetermined', 'disputed']),
  reasons: z.array(z.object({ because: z.array(z.looseObject({ fact: z.string(), value: z.string(), holds: z.boolean(), text: z.string() })) })),
  flip: z.looseObject({}).optional(),
  ask: z.array(z.string()).meta({ description: 'Facts that can still change the result, best question first.' }),
  disputedBy: z.array(z.string()),
  readings: z.array(z.looseObject({})),
  dates: z.object({ appliesFrom: z.string().optional(), applies: z.boolean(), source: z.string().optional() }),
  sources: z.array(z.object({ act: z.string(), article: z.string(), text: z.string() })),
  evidence: z.string(),
  authority: z.string(),
});

/** The dates of a request, today where one is left out. Throws Refused `not-a-date` (400) that names each wrong one. */
export function lawDatesOrRefuse(given: Parameters<typeof parseLawDates>[0], today: CivilDate, language: Language): LawDates {
  const dates = parseLawDates(given, today);
  if (dates.ok) return dates.value;
  const t = lawbookText.in(language);
  throw new Refused('not-a-date', dates.refusal.map((problem) => t('refusal.date', { name: problem.name, value: problem.value })).join(' '), { status: 400 });
}

export function lawbookRoutes(app: MizanServer, lawbook: Lawbook, clock: Clock): void {
  const packOr404 = (id: string | undefined, language: Language): Pack => {
    const pack = lawbook.pack(id);
    if (pack !== undefined) return pack;
    const known = lawbook.packs().map((one) => one.ref.id).join(', ');
    throw new Refused('unknown-pack', lawbookText.in(language)('refusal.unknown-pack', { id: id ?? '', known }), { status: 404 });
  };
  const datesOr400 = (given: Parameters<typeof parseLawDates>[0], language: Language): LawDates => lawDatesOrRefuse(given, clock.today(), language);
  const page = { config: { policy: 'public' as const }, schema: { hide: true } };

  app.get('/lawbook', page, (request, reply) => sendPage(request, reply, (frame) => indexPage(frame, lawbook.packs())));
  app.get('/lawbook/search', { ...page, schema: { hide: true, querystring: z.object({ q: z.string().max(SEARCH_LENGTH_MAX).default(''), lang: z.string().optional() }) } }, (request, reply) =>
    sendPage(request, reply, (frame) => searchPage(frame, lawbook.packs(), request.query.q)),
  );
  const inPack = <const P extends z.ZodRawShape>(shape: P) => ({ ...page, schema: { hide: true, params: z.object({ pack: z.string().max(100), ...shape }), querystring: datesQuery } });
  app.get('/lawbook/:pack', inPack({}), async (request, reply) => {
    const pack = packOr404(request.params.pack, request.frame.language);
    const versions = await lawbook.versions(pack.ref.id);
    return sendPage(request, reply, (frame) => packPage(frame, pack, versions));
  });
  app.get('/lawbook/:pack/facts', inPack({}), (request, reply) => sendPage(request, reply, (frame) => factsPage(frame, packOr404(request.params.pack, frame.language))));
  app.get('/lawbook/:pack/parameters', inPack({}), (request, reply) => sendPage(request, reply, (frame) => parametersPage(frame, packOr404(request.params.pack, frame.language))));
  app.get('/lawbook/:pack/cases', inPack({}), (request, reply) => sendPage(request, reply, (frame) => casesPage(frame, packOr404(request.params.pack, frame.language))));
  app.get('/lawbook/:pack/readings', inPack({}), (request, reply) => sendPage(request, reply, (frame) => readingsPage(frame, packOr404(request.params.pack, frame.language))));
  app.get('/lawbook/:pack/fact/:fact', inPack({ fact: z.string().max(100) }), (request, reply) => {
    const pack = packOr404(request.params.pack, request.frame.language);
    const fact = pack.facts.find((one) => one.id === request.params.fact);
    if (fact === undefined) return reply.callNotFound();
    return sendPage(request, reply, (frame) => factPage(frame, pack, fact));
  });
  app.get('/lawbook/:pack/regime/:conclusion', inPack({ conclusion: z.string().max(100) }), (request, reply) => {
    const pack = packOr404(request.params.pack, request.frame.language);
    const dates = datesOr400(request.query, request.frame.language);
    const conclusion = pack.conclusions.find((one) => one.id === request.params.conclusion);
    if (conclusion === undefined) return reply.callNotFound();
    return sendPage(request, reply, (frame) => conclusionPage(frame, pack, conclusion, dates));
  });

  app.post(
    '/api/v1/classify',
    {
      config: { policy: 'public', api: true },
      schema: {
        tags: ['law'],
        summary: 'What the law says for given facts, at any date, as known on any date',
        description: 'Facts are answers by fact id (see GET /api/v1/law). Absent facts are open, never “no”.',
        body: z.object({
          facts: z.record(z.string(), z.unknown()).meta({ description: '`{ "S.infers": true, "X.area": ["employment"], … }`' }),
          pack: z.string().max(100).optional(),
          asOf: dateText,
          knownOn: dateText,
          language: z.enum(LANGUAGES).optional(),
        }),
        response: {
          200: z.object({
            pack: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
            asOf: z.string(),
            knownOn: z.string(),
            headline: z.object({ id: z.string(), label: z.string() }),
            ask: z.array(z.string()),
            regimes: z.array(regime),
          }),
        },
      },
    },
    (request) => {
      const language = request.body.language ?? request.frame.language;
      const pack = packOr404(request.body.pack, language);
      const dates = datesOr400(request.body, language);
      const facts = parseFacts(pack, request.body.facts);
      if (!facts.ok) {
        throw new Refused('facts', lawbookText.in(language)('refusal.facts'), {
          errors: facts.refusal.map((problem) => ({ path: `facts.${problem.fact}`, message: `${problem.message} ${problem.fix}` })),
        });
      }
      const decision = lawbook.decide(pack, facts.value, dates);
      return {
        pack: decision.pack,
        asOf: decision.asOf,
        knownOn: decision.knownOn,
        headline: { id: decision.headline.id, label: decision.headline.label[language] },
        ask: [...decision.ask],
        regimes: regimesOf(pack, decision, language, termsIn(language)),
      };
    },
  );
  app.get(
    '/api/v1/law/packs/:digest',
    {
      config: { policy: 'public', api: true },
      schema: {
        tags: ['law'],
        summary: 'The files of a law pack by its digest, also of versions no longer in force',
        description: 'Everything needed to recompute a recorded classification without trusting this server: docs/guide/verify.',
        params: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) }),
        response: { 200: z.object({ digest: z.string(), files: z.array(z.object({ path: z.string(), text: z.string() })) }) },
      },
    },
    async (request) => {
      const { digest } = request.params;
      const files = await lawbook.filesByDigest(digest);
      if (files === undefined) throw new Refused('unknown-pack', lawbookText.in(request.frame.language)('refusal.unknown-pack', { id: digest, known: lawbook.packs().map((one) => one.ref.digest).join(', ') }), { status: 404 });
      return { digest, files: files.map(({ path, text }) => ({ path, text })) };
    },
  );
  app.get(
    '/api/v1/law',
    { config: { policy: 'public', api: true }, schema: { tags: ['law'], summary: 'The law packs in force with their questions and regimes', response: { 200: z.object({ packs: z.array(z.looseObject({})) }) } } },
    () => ({
      packs: lawbook.packs().map((pack) => ({
        ...pack.ref,
        title: pack.title,
        status: pack.status,
        jurisdiction: pack.jurisdiction,
        regimes: pack.conclusions.filter(({ family }) => !isOfDuties(pack, family)).map(({ id, family, label, plain }) => ({ id, family, label, plain })),
        // Roles, routes and registrations: decided together with the duties.
        roles: pack.conclusions.filter(({ id, family }) => isOfDuties(pack, family) && !id.startsWith('duty.')).map(({ id, family, label, plain }) => ({ id, family, label, plain })),
        duties: pack.duties.map(({ id, group, roles, label, plain, cite }) => ({ id, group, roles, label, plain, cite })),
        facts: pack.facts.map(({ id, type, values, ask }) => ({ id, type, values, ask })),
      })),
    }),
  );
}

function isOfDuties(pack: Pack, family: string): boolean {
  return pack.families.some((one) => one.id === family && one.layer === 'duties');
}
