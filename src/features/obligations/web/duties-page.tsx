/** The duties of one system: roles, a picture of the days, and every duty with its day, articles, evidence, sanction and reason. */

import type { ComponentChildren, VNode } from 'preact';
import type { CivilDate, Language } from '../../../base/index.ts';
import type { Outcome } from '../../../law/index.ts';
import { barChart } from '../../../platform/charts/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, ChartFigure, Details, EmptyState, Facets, Hidden, LinkButton, Notice, PageHeading, Section, Stat, Stats, SummaryList, type SummaryRow, Tag, type TagTone, TextInput, WithAside } from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import { articleWords, citationWords, DatesForm, indexOf, labelOf, literalList, termsIn } from '../../lawbook/index.ts';
import { BindingNotice } from '../../assessment/index.ts';
import type { DutySheet } from '../actions/open-obligations.ts';
import { DUTY_STATES, type DutyState, settledDate, type StandingDuty } from '../rules/duty-state.ts';
import { cautions, clockWords, dueWords, lengthWords, stateWords } from '../rules/duty-words.ts';
import { obligationsText } from '../text/index.ts';

const DAYS_SHOWN_MAX = 24;
const ASK_SHOWN_MAX = 4;

/** The ceiling of a sanction in words, by its id; absent where it was not asked or cannot be computed. */
export type Ceilings = ReadonlyMap<string, string>;

export interface DutiesView {
  readonly sheet: DutySheet;
  readonly filter: { readonly state?: DutyState | undefined; readonly role?: string | undefined };
  /** As typed; kept in the field. */
  readonly turnover?: string | undefined;
  readonly turnoverRefusal?: string | undefined;
  readonly ceilings: Ceilings;
  /** Path of this page with its dates, for the other forms of the same answer. */
  readonly query: string;
}

const TONES: { readonly [S in DutyState]: TagTone } = { due: 'warning', coming: 'info', open: 'neutral', never: 'neutral', undated: 'neutral' };

export function dutiesPage(frame: PageContext, view: DutiesView): Page {
  const { language } = frame;
  const { sheet, filter } = view;
  const { entry, pack, dates, duties, counts } = sheet;
  const t = obligationsText.in(language);
  const title = t('duties.title', { name: entry.record.name });
  const shown = duties.filter((one) => (filter.state === undefined || one.state === filter.state) && (filter.role === undefined || one.duty.roles.includes(filter.role)));
  const isFiltered = filter.state !== undefined || filter.role !== undefined;
  const base = `/obligations/${entry.id}`;
  return {
    title,
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/obligations' }, { label: entry.record.name, href: `/registry/${entry.id}` }]} />
        <PageHeading title={title} caption={entry.body.name} lead={t('duties.dates', { asOf: formatDate(dates.asOf, language), knownOn: formatDate(dates.knownOn, language) })} />
        <DatesForm language={language} dates={dates} action={base} />
        <ButtonRow>
          <LinkButton tone="secondary" href={`${base}/timeline${view.query}`}>
            {t('duties.timeline')}
          </LinkButton>
          <LinkButton tone="secondary" href={`${base}/duties.pdf${view.query}`}>
            {t('duties.pdf')}
          </LinkButton>
          <LinkButton tone="secondary" href={`${base}/duties.csv${view.query}`}>
            {t('duties.csv')}
          </LinkButton>
          <LinkButton tone="secondary" href={`${base}/dates.ics${view.query}`}>
            {t('duties.ics')}
          </LinkButton>
          <LinkButton tone="quiet" href={`/assessment/${entry.id}/result${view.query}`}>
            {t('duties.result')}
          </LinkButton>
        </ButtonRow>
        {pack.duties.length === 0 ? <Notice tone="warning">{t('duties.no-law', { pack: `${pack.ref.id} ${pack.ref.version}` })}</Notice> : null}
        {Object.keys(sheet.facts).length === 0 ? <Notice tone="warning">{t('duties.no-answers')}</Notice> : null}
        <BindingNotice decision={sheet.decision.decision} language={language} />
        <Roles sheet={sheet} language={language} />
        <Stats>
          <Stat label={t('duties.count.due')} value={formatNumber(counts.byState.due, language)} />
          <Stat label={t('duties.count.coming')} value={formatNumber(counts.byState.coming, language)} note={counts.next === undefined ? undefined : t('duties.next', { date: formatDate(counts.next, language) })} />
          <Stat label={t('duties.count.open')} value={formatNumber(counts.byState.open, language)} />
          <Stat label={t('duties.count.never')} value={formatNumber(counts.byState.never, language)} />
        </Stats>
        <DaysPicture duties={duties} language={language} />
        <WithAside
          aside={
            <>
              <Facets
                action={base}
                keep={{ asOf: dates.asOf, knownOn: dates.knownOn }}
                clearHref={isFiltered ? `${base}${view.query}` : undefined}
                groups={[
                  { name: 'state', legend: t('duties.filter.state'), options: DUTY_STATES.filter((state) => counts.byState[state] > 0).map((state) => ({ value: state, label: t(`duties.state-name.${state}`), count: counts.byState[state], checked: filter.state === state })) },
                  { name: 'role', legend: t('duties.filter.role'), options: rolesWithDuties(duties).map(([role, count]) => ({ value: role, label: labelOf(pack, role, language), count, checked: filter.role === role })) },
                ]}
              />
              <TurnoverForm view={view} base={base} language={language} />
            </>
          }
        >
          {shown.length === 0 ? (
            <EmptyState title={t('duties.filter.none')} />
          ) : (
            groupsOf(sheet, shown, language).map(([group, members]) => (
              <Section key={group} title={group}>
                {members.map((one) => (
                  <DutyCard key={one.duty.id} sheet={sheet} duty={one} ceilings={view.ceilings} language={language} />
                ))}
              </Section>
            ))
          )}
        </WithAside>
      </>
    ),
  };
}

function TurnoverForm({ view, base, language }: { readonly view: DutiesView; readonly base: string; readonly language: Language }): VNode {
  const t = obligationsText.in(language);
  const { dates } = view.sheet;
  return (
    <form method="get" action={base}>
      <Hidden fields={{ asOf: dates.asOf, knownOn: dates.knownOn, ...(view.filter.state === undefined ? {} : { state: view.filter.state }), ...(view.filter.role === undefined ? {} : { role: view.filter.role }) }} />
      <TextInput name="turnover" label={t('duties.turnover')} hint={t('duties.turnover.hint')} value={view.turnover} inputMode="numeric" maxLength={30} error={view.turnoverRefusal} />
      <Button tone="secondary">{t('duties.turnover.button')}</Button>
    </form>
  );
}

function rolesWithDuties(duties: readonly StandingDuty[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { duty } of duties) for (const role of duty.roles) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts];
}

/** By the group of the pack, in its order. */
function groupsOf({ pack }: DutySheet, duties: readonly StandingDuty[], language: Language): readonly (readonly [string, readonly StandingDuty[]])[] {
  return pack.dutyGroups.flatMap((group) => {
    const members = duties.filter((one) => one.duty.group === group.id);
    return members.length === 0 ? [] : [[group.label[language], members] as const];
  });
}

function Roles({ sheet, language }: { readonly sheet: DutySheet; readonly language: Language }): VNode | null {
  const t = obligationsText.in(language);
  const { roles, decision } = sheet.decision;
  if (sheet.pack.duties.length === 0) return null;
  const others = decision.outcomes.filter((outcome) => sheet.pack.families.some((family) => family.id === outcome.family && family.layer === 'duties') && outcome.result === 'holds' && !outcome.id.startsWith('duty') && !roles.includes(outcome) && outcome.id !== outcome.family);
  const held = roles.filter((role) => role.result === 'holds');
  const open = roles.filter((role) => role.result === 'undetermined' || role.result === 'disputed');
  const tags = (outcomes: readonly Outcome[]): VNode => (
    <ul class="obligations-roles">
      {outcomes.map((one) => (
        <li key={one.id}>
          <a href={`/lawbook/${sheet.pack.ref.id}/regime/${encodeURIComponent(one.id)}`}>{labelOf(sheet.pack, one.id, language)}</a>
        </li>
      ))}
    </ul>
  );
  return (
    <Section title={t('duties.roles')}>
      {held.length === 0 ? <p class="hint">{t('duties.roles.none')}</p> : tags(held)}
      {others.length === 0 ? null : (
        <>
          <h3>{t('duties.other')}</h3>
          {tags(others)}
        </>
      )}
      {open.length === 0 ? null : (
        <Details summary={t('duties.roles.open')}>
          <ul>
            {open.map((one) => (
              <li key={one.id}>
                {labelOf(sheet.pack, one.id, language)} <Questions sheet={sheet} ask={one.ask} language={language} />
              </li>
            ))}
          </ul>
        </Details>
      )}
    </Section>
  );
}

function DaysPicture({ duties, language }: { readonly duties: readonly StandingDuty[]; readonly language: Language }): VNode | null {
  const t = obligationsText.in(language);
  const byDay = new Map<CivilDate, number>();
  for (const { due, outcome } of duties) {
    const date = outcome.result === 'holds' ? settledDate(due) : undefined;
    if (date !== undefined) byDay.set(date, (byDay.get(date) ?? 0) + 1);
  }
  if (byDay.size < 2) return null;
  const days = [...byDay].sort(([a], [b]) => a.localeCompare(b, 'en')).slice(0, DAYS_SHOWN_MAX);
  const [mostDay, most] = days.reduce((best, day) => (day[1] > best[1] ? day : best));
  return (
    <ChartFigure
      title={t('duties.picture')}
      chart={barChart({ language, categoryLabel: t('duties.picture.axis'), valueLabel: t('duties.picture.value'), bars: days.map(([day, count]) => ({ label: formatDate(day, language), value: count })) })}
      note={t('duties.picture.note', { count: most, date: formatDate(mostDay, language) })}
    />
  );
}

export function DutyStateTag({ duty, language }: { readonly duty: StandingDuty; readonly language: Language }): VNode {
  return (
    <Tag tone={TONES[duty.state]} mark={duty.state === 'due' ? 'full' : duty.state === 'coming' ? 'half' : 'empty'}>
      {stateWords(duty, language)}
    </Tag>
  );
}

function DutyCard({ sheet, duty: one, ceilings, language }: { readonly sheet: DutySheet; readonly duty: StandingDuty; readonly ceilings: Ceilings; readonly language: Language }): VNode {
  const t = obligationsText.in(language);
  const { pack } = sheet;
  const { duty } = one;
  const marks = cautions(pack, one, language);
  const rows: SummaryRow[] = [
    { label: t('duties.article'), value: duty.cite.map((cite) => citationWords(pack, cite, language)).join('; ') },
    ...(duty.annex.length === 0 ? [] : [{ label: t('duties.annex'), value: duty.annex.map((cite) => articleWords(cite.article, language)).join('; ') }]),
    { label: t('duties.who'), value: duty.roles.map((role) => labelOf(pack, role, language)).join('; ') },
    ...(duty.artefacts.length === 0 ? [] : [{ label: t('duties.evidence'), value: <Items items={duty.artefacts.map((artefact) => artefact.label[language])} /> }]),
    ...(one.retention.length === 0 ? [] : [{ label: t('duties.retention'), value: <Items items={one.retention.map(({ retention, length }) => t('duties.retention.item', { label: retention.label[language], length: lengthWords(length, retention.unit, language) }))} /> }]),
    ...(one.clocks.length === 0 ? [] : [{ label: t('duties.clocks'), value: <Items items={one.clocks.map(({ clock, length }) => clockWords(clock, length, language))} /> }]),
    { label: t('duties.sanction'), value: <Sanction one={one} ceilings={ceilings} language={language} /> },
    ...(one.relief.length === 0 ? [] : [{ label: t('duties.relief'), value: <Items items={one.relief.map((relief) => `${relief.label[language]} (${relief.cite.map((cite) => articleWords(cite.article, language)).join('; ')})`)} /> }]),
  ];
  return (
    <article class="duty-card" id={`duty-${duty.id}`}>
      <header class="duty-card__head">
        <h3>{duty.label[language]}</h3>
        <p class="duty-card__tags">
          <DutyStateTag duty={one} language={language} />
          {marks.map((mark) => (
            <Tag key={mark} tone="warning">
              {mark}
            </Tag>
          ))}
        </p>
      </header>
      <p class="duty-card__source">{t('duties.source-line', { roles: duty.roles.map((role) => labelOf(pack, role, language)).join(', '), articles: [...duty.cite, ...duty.annex].map((cite) => articleWords(cite.article, language)).join(', ') })}</p>
      <p>{duty.plain[language]}</p>
      {one.outcome.result === 'holds' && one.due?.kind !== 'between' ? null : (
        <p>
          {t('duties.ask')}: <Questions sheet={sheet} ask={one.outcome.result === 'holds' && one.due?.kind === 'between' ? one.due.ask : one.outcome.ask} language={language} />
        </p>
      )}
      {one.due?.kind === 'never' && one.due.again !== undefined ? <p>{t('duties.again', { question: indexOf(pack).facts.get(one.due.again)?.ask[language] ?? one.due.again })}</p> : null}
      {one.dueUnderReadings.map((dependence) => {
        const reading = pack.readings.find((candidate) => candidate.id === dependence.reading);
        return (
          <Notice key={dependence.reading} title={t('duties.reading', { reading: reading?.label[language] ?? dependence.reading })}>
            <ul>
              {Object.entries(dependence.dues).map(([option, due]) => (
                <li key={option}>
                  {t('duties.reading.option', { option: reading?.options.find((candidate) => candidate.id === option)?.label[language] ?? option, due: dueWords(due, language) })}
                  {option === dependence.default ? <span class="hint"> ({t('duties.reading.default')})</span> : null}
                </li>
              ))}
            </ul>
          </Notice>
        );
      })}
      <Details summary={t('duties.details')}>
        <SummaryList compact rows={rows} />
        <Why sheet={sheet} one={one} language={language} />
      </Details>
    </article>
  );
}

function Sanction({ one, ceilings, language }: { readonly one: StandingDuty; readonly ceilings: Ceilings; readonly language: Language }): VNode {
  const t = obligationsText.in(language);
  if (one.sanction === undefined) return <>{t('duties.sanction.none')}</>;
  const ceiling = ceilings.get(one.sanction.id);
  return (
    <>
      {one.sanction.label[language]}
      {ceiling === undefined ? null : <>. {ceiling}</>}
    </>
  );
}

function Why({ sheet, one, language }: { readonly sheet: DutySheet; readonly one: StandingDuty; readonly language: Language }): VNode | null {
  const t = obligationsText.in(language);
  const { pack } = sheet;
  const reason = one.outcome.result === 'holds' ? one.outcome.reasons[0] : undefined;
  const line = one.due?.kind === 'date' || one.due?.kind === 'never' ? pack.timings.find((timing) => timing.id === one.duty.timing)?.due.find((candidate) => candidate.id === (one.due as { readonly line: string }).line) : undefined;
  return (
    <div class="duty-card__why">
      {line === undefined ? null : (
        <>
          <h4>{t('duties.why.line')}</h4>
          <p>
            {line.label[language]}
            {line.cite.length === 0 ? null : <span class="hint"> {line.cite.map((cite) => citationWords(pack, cite, language)).join('; ')}</span>}
          </p>
        </>
      )}
      {reason === undefined ? null : (
        <>
          <h4>{t('duties.why')}</h4>
          <ul>
            {literalList(pack, reason.because, language, termsIn(language)).map(({ question, answer }) => (
              <li key={question}>
                {question} <strong>{answer}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Questions({ sheet, ask, language }: { readonly sheet: DutySheet; readonly ask: readonly string[]; readonly language: Language }): VNode {
  return (
    <>
      {ask.slice(0, ASK_SHOWN_MAX).map((fact, index) => (
        <>
          {index === 0 ? '' : '; '}
          <a key={fact} href={`/assessment/${sheet.entry.id}?fact=${encodeURIComponent(fact)}`}>
            {indexOf(sheet.pack).facts.get(fact)?.ask[language] ?? fact}
          </a>
        </>
      ))}
    </>
  );
}

function Items({ items }: { readonly items: readonly ComponentChildren[] }): VNode {
  return items.length === 1 ? (
    <>{items[0]}</>
  ) : (
    <ul>
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}
