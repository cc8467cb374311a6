/** Routes of duties: the list, one system at any two dates as page, PDF, CSV and calendar, its timeline; and the same for programs. */

import { z } from 'zod';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { fineCeiling, parseFacts } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Theme } from '../../../platform/html/index.ts';
import { emptyAsAbsent, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { labelOf, type Lawbook, type LawDates, lawDatesOrRefuse } from '../../lawbook/index.ts';
import type { Registry } from '../../registry/index.ts';
import type { DutySheet, Obligations } from '../actions/open-obligations.ts';
import { DUTY_STATES, settledDate, standingDuties } from '../rules/duty-state.ts';
import { articlesWords } from '../rules/duty-words.ts';
import { dutyAnswer, dutyAnswerSchema } from '../rules/duty-answer.ts';
import { iCalendar } from '../rules/icalendar.ts';
import { parseTurnover } from '../rules/parse-turnover.ts';
import { obligationsText } from '../text/index.ts';
import { dutiesCsv } from '../web/duties-document.ts';
import { dutiesListPage } from '../web/duties-list-page.tsx';
import { dutiesPage } from '../web/duties-page.tsx';
import { timelinePage } from '../web/timeline-page.tsx';

const ROWS = 25;
const SEARCH_LENGTH_MAX = 200;
const lang = z.string().max(10).optional();
const dateText = z.string().max(40).optional();
const id = z.object({ id: z.uuid() });
const datesQuery = z.object({ asOf: dateText, knownOn: dateText, lang });

export interface DutiesRouteParts {
  readonly obligations: Obligations;
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  /** Draws the duties as PDF; app/compose gives it, so that pages do not depend on the document engine. */
  readonly dutiesPdf: (sheet: DutySheet, language: Language, theme: Theme) => Promise<Uint8Array>;
}

export function dutiesRoutes(app: MizanServer, { obligations, registry, lawbook, clock, dutiesPdf }: DutiesRouteParts): void {
  const datesOf = (given: { readonly asOf?: string | undefined; readonly knownOn?: string | undefined }, language: Language): LawDates => lawDatesOrRefuse(given, clock.today(), language);
  const sheetOr404 = async (request: { readonly scope: Parameters<Obligations['sheet']>[0]; readonly frame: { readonly language: Language } }, systemId: string, dates: LawDates): Promise<DutySheet> => {
    const sheet = await obligations.sheet(request.scope, systemId, dates);
    if (sheet === undefined) throw new Refused('no-system', obligationsText.in(request.frame.language)('refusal.no-system'), { status: 404 });
    return sheet;
  };
  const queryOf = (dates: LawDates): string => `?asOf=${dates.asOf}&knownOn=${dates.knownOn}`;

  app.get('/obligations', { config: { policy: 'duty.see' }, schema: { hide: true, querystring: z.object({ q: z.string().max(SEARCH_LENGTH_MAX).default(''), after: emptyAsAbsent(z.string().max(400)), lang }) } }, async (request, reply) => {
    const { q, after } = request.query;
    const listed = await registry.list(request.scope, { limit: ROWS, ...(q === '' ? {} : { q }), ...(after === undefined ? {} : { after }) });
    if (!listed.ok) throw new Refused('bad-cursor', obligationsText.in(request.frame.language)('refusal.bad-cursor'), { status: 400 });
    const today = clock.today();
    const counts = await obligations.counts(listed.value.items.map((entry) => entry.id), { asOf: today, knownOn: today });
    const href = (cursor: string | undefined): string => {
      const search = new URLSearchParams([...(q === '' ? [] : [['q', q]]), ...(cursor === undefined ? [] : [['after', cursor]])] as [string, string][]);
      return `/obligations${search.size === 0 ? '' : `?${search.toString()}`}`;
    };
    const { next } = listed.value;
    return sendPage(request, reply, (frame) => dutiesListPage(frame, { entries: listed.value.items, counts, q, isFirst: after === undefined, firstHref: after === undefined ? undefined : href(undefined), nextHref: next === undefined ? undefined : href(next) }));
  });

  app.get('/obligations/:id', { config: { policy: 'duty.see' }, schema: { hide: true, params: id, querystring: datesQuery.extend({ state: emptyAsAbsent(z.enum(DUTY_STATES)), role: emptyAsAbsent(z.string().max(100)), turnover: emptyAsAbsent(z.string().max(30)) }) } }, async (request, reply) => {
    const { language } = request.frame;
    const { state, role, turnover } = request.query;
    const dates = datesOf(request.query, language);
    const sheet = await sheetOr404(request, request.params.id, dates);
    const amount = turnover === undefined ? undefined : parseTurnover(turnover);
    const refusal = turnover !== undefined && amount === undefined ? obligationsText.in(language)('refusal.turnover', { value: turnover }) : undefined;
    return sendPage(request, reply, (frame) => dutiesPage(frame, { sheet, filter: { state, role }, turnover, turnoverRefusal: refusal, ceilings: amount === undefined ? new Map() : ceilingsOf(sheet, amount, language), query: queryOf(dates) }), refusal === undefined ? 200 : 422);
  });
  /** In words, by sanction; public bodies are held to what national law says, which the pack does not know. */
  const ceilingsOf = (sheet: DutySheet, turnoverEur: number, language: Language): ReadonlyMap<string, string> => {
    const law = lawbook.law(sheet.pack, sheet.dates, 'duties');
    const t = obligationsText.in(language);
    return new Map(
      sheet.pack.sanctions.flatMap((sanction): [string, string][] => {
        const ceiling = fineCeiling(law, sanction.id, sheet.facts, { turnoverEur, undertaking: true });
        if (!ceiling.ok) return [];
        return [[sanction.id, t(ceiling.value.isLower ? 'duties.sanction.ceiling.lower' : 'duties.sanction.ceiling', { amount: formatNumber(ceiling.value.ceilingEur, language, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }) })]];
      }),
    );
  };

  app.get('/obligations/:id/timeline', { config: { policy: 'duty.see' }, schema: { hide: true, params: id, querystring: datesQuery } }, async (request, reply) => {
    const sheet = await sheetOr404(request, request.params.id, datesOf(request.query, request.frame.language));
    return sendPage(request, reply, (frame) => timelinePage(frame, { sheet, known: obligations.asKnown(sheet) }));
  });
  app.get('/obligations/:id/duties.pdf', { config: { policy: 'duty.see' }, schema: { hide: true, params: id, querystring: datesQuery } }, async (request, reply) => {
    const sheet = await sheetOr404(request, request.params.id, datesOf(request.query, request.frame.language));
    const pdf = await dutiesPdf(sheet, request.frame.language, request.frame.theme);
    return reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="duties-${sheet.entry.number}.pdf"`).header('cache-control', 'no-store').send(Buffer.from(pdf));
  });
  app.get('/obligations/:id/duties.csv', { config: { policy: 'duty.see' }, schema: { hide: true, params: id, querystring: datesQuery } }, async (request, reply) => {
    const sheet = await sheetOr404(request, request.params.id, datesOf(request.query, request.frame.language));
    return reply.header('content-type', 'text/csv; charset=utf-8').header('content-disposition', `attachment; filename="duties-${sheet.entry.number}.csv"`).header('cache-control', 'no-store').send(dutiesCsv(sheet, request.frame.language));
  });
  app.get('/obligations/:id/dates.ics', { config: { policy: 'duty.see' }, schema: { hide: true, params: id, querystring: datesQuery } }, async (request, reply) => {
    const { language } = request.frame;
    const dates = datesOf(request.query, language);
    const sheet = await sheetOr404(request, request.params.id, dates);
    const t = obligationsText.in(language);
    const name = sheet.entry.record.name;
    const events = sheet.duties.flatMap((one) => {
      const date = one.outcome.result === 'holds' ? settledDate(one.due) : undefined;
      if (date === undefined) return [];
      const label = one.duty.label[language];
      return [{ uid: `${sheet.entry.id}-${one.duty.id}@mizan`, date, summary: t('ics.summary', { duty: label, system: name }), description: t('ics.description', { plain: one.duty.plain[language], articles: articlesWords(sheet.pack, one, language), knownOn: dates.knownOn }), categories: one.duty.roles.map((role) => labelOf(sheet.pack, role, language)) }];
    });
    return reply.header('content-type', 'text/calendar; charset=utf-8').header('content-disposition', `attachment; filename="duties-${sheet.entry.number}.ics"`).header('cache-control', 'no-store').send(iCalendar({ name: t('ics.name', { name }), stamp: clock.now(), events }));
  });

  // ---- programs ------------------------------------------------------------------------------------------------------

  const tags = ['law'];
  app.get('/api/v1/systems/:id/duties', { config: { policy: 'duty.see', api: true }, schema: { tags, summary: 'The duties of a registered system at any date, as known on any date', params: id, querystring: datesQuery, response: { 200: dutyAnswerSchema } } }, async (request) => {
    const { language } = request.frame;
    const { pack, dates, decision, duties } = await sheetOr404(request, request.params.id, datesOf(request.query, language));
    return dutyAnswer(pack, dates, decision, duties, language);
  });
  app.post(
    '/api/v1/duties',
    {
      config: { policy: 'public', api: true },
      schema: {
        tags,
        summary: 'What must be done by when, for given facts, at any date, as known on any date',
        description: 'Facts are answers by fact id (see GET /api/v1/law). Absent facts are open: a duty or its date may then be open too, and says which answer settles it.',
        body: z.object({ facts: z.record(z.string(), z.unknown()).meta({ description: '`{ "S.infers": true, "D.first_placed": "2028-01-10", … }`' }), pack: z.string().max(100).optional(), asOf: dateText, knownOn: dateText, language: z.enum(LANGUAGES).optional() }),
        response: { 200: dutyAnswerSchema },
      },
    },
    (request) => {
      const language = request.body.language ?? request.frame.language;
      const t = obligationsText.in(language);
      const pack = lawbook.pack(request.body.pack);
      if (pack === undefined) throw new Refused('unknown-pack', t('refusal.no-such-pack', { id: request.body.pack ?? '', known: lawbook.packs().map((one) => one.ref.id).join(', ') }), { status: 404 });
      const dates = datesOf(request.body, language);
      const facts = parseFacts(pack, request.body.facts);
      if (!facts.ok) throw new Refused('facts', t('refusal.facts'), { errors: facts.refusal.map((problem) => ({ path: `facts.${problem.fact}`, message: `${problem.message} ${problem.fix}` })) });
      const decision = obligations.decide(pack, facts.value, dates);
      return dutyAnswer(pack, dates, decision, standingDuties(decision, dates.asOf), language);
    },
  );
}
