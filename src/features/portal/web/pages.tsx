/** The home page for everybody, the dashboard and the sample page of the workspace. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { barChart } from '../../../platform/charts/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, ButtonRow, Card, ChartFigure, EmptyState, Grid, LinkButton, Notice, PageHeading, Prose, SearchBox, Section, Stat, Stats, Tag } from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber, spokenLanguage } from '../../../platform/text/index.ts';
import { headlineOf } from '../../assessment/index.ts';
import { type DecidedRow, decisionHref, DecisionResultTag } from '../../decisions/index.ts';
import { labelOf } from '../../lawbook/index.ts';
import { choiceLabel, type ListPage, registryText, type Status } from '../../registry/index.ts';
import { portalText } from '../text/index.ts';
import { type FirstSteps, FirstStepsList } from './first-steps.tsx';

export interface Overview {
  readonly page: ListPage;
  readonly pack: Pack | undefined;
  readonly today: string;
}

export interface HomeOverview extends Overview {
  readonly decided: { readonly rows: readonly DecidedRow[]; readonly total: number; readonly isDemonstration: boolean };
}

export interface WorkOverview extends Overview {
  readonly counts: { readonly total: number; readonly flagged: number; readonly byState: { readonly untouched: number; readonly started: number; readonly decided: number } };
  /** For administrators, until all is done. */
  readonly firstSteps?: FirstSteps | undefined;
  readonly probable: readonly { readonly conclusion: string; readonly systems: number }[];
}

const BARS_MAX = 12;
const PURPOSE_LENGTH_MAX = 220;

export function homePage(frame: PageContext, { page, pack, today, decided: decisions }: HomeOverview): Page {
  const { language } = frame;
  const t = portalText.in(language);
  const decided = page.facets.headline.filter((one) => one.value !== 'open').reduce((sum, one) => sum + one.count, 0);
  return {
    title: t('home.title'),
    description: t('home.lead'),
    body: (
      <>
        <PageHeading title={t('home.title')} lead={t('home.lead')} />
        <SearchBox action="/registry" label={t('home.search')} hint={t('home.search.hint')} size="large" />
        {page.total === 0 ? (
          <EmptyState title={t('home.empty')} {...(frame.may('platform.sample') ? { action: <LinkButton href="/portal/samples">{t('samples.title')}</LinkButton> } : {})}>
            <p>{t('home.empty.body')}</p>
          </EmptyState>
        ) : (
          <>
            <Section title={t('home.figures')}>
              <Stats>
                <Stat label={t('home.figure.systems')} value={countText(page.total, page.totalIsExact, language)} href="/registry" />
                <Stat label={t('home.figure.decided')} value={formatNumber(decided, language)} />
                <Stat label={t('home.figure.rules')} value={formatNumber(pack?.rules.length ?? 0, language)} href="/lawbook" />
                {decisions.total === 0 ? null : <Stat label={t('home.figure.decisions')} value={formatNumber(decisions.total, language)} href="/decisions" />}
              </Stats>
            </Section>
            <Grid size="large">
              <div>
                <FacetChart title={t('home.by-headline')} axis={t('axis.class')} counts={page.facets.headline.map((one) => ({ label: pack === undefined ? one.value : headlineOf(pack, one.value, language), value: one.count }))} language={language} today={today} />
                <FacetChart title={t('home.by-sector')} axis={t('axis.sector')} counts={page.facets.sector.map((one) => ({ label: one.value === '' ? '' : choiceLabel('sector', one.value, language), value: one.count }))} language={language} today={today} />
              </div>
              <FacetChart title={t('home.by-body')} axis={t('axis.body')} counts={page.facets.body.map((one) => ({ label: one.label, value: one.count }))} language={language} today={today} />
            </Grid>
            <Section title={t('home.latest')}>
              <Grid size="large">
                {page.items.map((entry) => (
                  <Card key={entry.id} title={entry.record.name} href={`/registry/${entry.id}`} meta={entry.body.name}>
                    <p lang={spokenLanguage(entry.record.entryLanguage, language)}>{shorten(entry.record.purpose ?? entry.record.summary ?? '')}</p>
                  </Card>
                ))}
              </Grid>
              <LinkButton tone="secondary" href="/registry">
                {t('home.all')}
              </LinkButton>
            </Section>
          </>
        )}
        {decisions.rows.length === 0 ? null : <LatestDecisions rows={decisions.rows} isDemonstration={decisions.isDemonstration} language={language} />}
        <Section title={t('home.how')}>
          <Prose>
            <ul>
              <li>{t('home.how.1')}</li>
              <li>{t('home.how.2')}</li>
              <li>{t('home.how.3')}</li>
            </ul>
          </Prose>
          <LinkButton tone="secondary" href="/lawbook">
            {t('home.law')}
          </LinkButton>
        </Section>
      </>
    ),
  };
}

function LatestDecisions({ rows, isDemonstration, language }: { readonly rows: readonly DecidedRow[]; readonly isDemonstration: boolean; readonly language: Language }): VNode {
  const t = portalText.in(language);
  return (
    <Section title={t('home.decisions')} lead={t('home.decisions.lead')}>
      {isDemonstration ? <Notice tone="warning">{t('home.decisions.demo')}</Notice> : null}
      <Grid size="large">
        {rows.map((row) => (
          <Card key={`${row.slot} ${row.round}`} title={row.title[language]} href={decisionHref(row.slot, row.round)} meta={[row.number, formatDate(row.decidedAt, language)].join(' · ')}>
            <p>
              <DecisionResultTag result={row.result} language={language} />
            </p>
            <p>{t('home.decisions.votes', { yes: formatNumber(row.yes, language), no: formatNumber(row.no, language), abstain: formatNumber(row.abstain, language) })}</p>
          </Card>
        ))}
      </Grid>
      <ButtonRow>
        <LinkButton tone="secondary" href="/decisions">
          {t('home.decisions.all')}
        </LinkButton>
        <LinkButton tone="secondary" href="/decisions/verify">
          {t('home.decisions.verify')}
        </LinkButton>
      </ButtonRow>
    </Section>
  );
}

export function dashboardPage(frame: PageContext, view: WorkOverview): Page {
  const { language } = frame;
  const t = portalText.in(language);
  const { counts, pack } = view;
  return {
    title: t('dashboard.title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('dashboard.title')} lead={t('dashboard.lead')} />
        {view.firstSteps === undefined ? null : <FirstStepsList steps={view.firstSteps} language={language} />}
        <Notice>{t('dashboard.workspace-note')}</Notice>
        <Section title={t('dashboard.work')}>
          <Stats>
            <Stat label={t('home.figure.systems')} value={countText(view.page.total, view.page.totalIsExact, language)} href="/registry/mine" />
            <Stat label={t('dashboard.flagged')} value={formatNumber(counts.flagged, language)} href="/assessment" />
            <Stat label={t('dashboard.untouched')} value={formatNumber(counts.byState.untouched, language)} href="/assessment?state=untouched" />
            <Stat label={t('dashboard.started')} value={formatNumber(counts.byState.started, language)} href="/assessment?state=started" />
            <Stat label={t('dashboard.decided')} value={formatNumber(counts.byState.decided, language)} href="/assessment?state=decided" />
          </Stats>
        </Section>
        <Section title={t('dashboard.next')}>
          <ButtonRow>
            <LinkButton href="/assessment">{t('dashboard.next.worklist')}</LinkButton>
            {frame.may('file.import') ? (
              <LinkButton tone="secondary" href="/intake">
                {t('dashboard.next.import')}
              </LinkButton>
            ) : null}
            {frame.may('system.create') ? (
              <LinkButton tone="secondary" href="/registry/new">
                {t('dashboard.next.create')}
              </LinkButton>
            ) : null}
            {frame.may('platform.sample') ? (
              <LinkButton tone="secondary" href="/portal/samples">
                {t('samples.title')}
              </LinkButton>
            ) : null}
          </ButtonRow>
        </Section>
        {view.probable.length === 0 ? null : (
          <FacetChart
            title={t('dashboard.probable')}
            note={t('dashboard.probable.note')}
            axis={t('axis.point')}
            counts={view.probable.map((one) => ({ label: pack === undefined ? one.conclusion : labelOf(pack, one.conclusion, language), value: one.systems }))}
            language={language}
            today={view.today}
          />
        )}
        <Grid size="large">
          <FacetChart title={t('home.by-headline')} axis={t('axis.class')} counts={view.page.facets.headline.map((one) => ({ label: pack === undefined ? one.value : headlineOf(pack, one.value, language), value: one.count }))} language={language} today={view.today} />
          <FacetChart title={t('dashboard.statuses')} axis={t('axis.state')} counts={view.page.facets.status.map((one) => ({ label: registryText.in(language)(`status.${one.value as Status}`), value: one.count }))} language={language} today={view.today} />
        </Grid>
      </>
    ),
  };
}

export function samplesPage(frame: PageContext, count: number): Page {
  const t = portalText.in(frame.language);
  return {
    title: t('samples.title'),
    body: (
      <>
        <PageHeading title={t('samples.title')} lead={t('samples.lead')} tags={<Tag>{t('samples.count', { count })}</Tag>} />
        <form method="post" action="/portal/samples">
          <ButtonRow>
            <Button name="act" value="load">
              {t('samples.load')}
            </Button>
            {count === 0 ? null : (
              <Button name="act" value="remove" tone="danger">
                {t('samples.remove')}
              </Button>
            )}
          </ButtonRow>
        </form>
      </>
    ),
  };
}

function FacetChart({ title, note, axis, counts, language, today }: { readonly title: string; readonly note?: string; readonly axis: string; readonly counts: readonly { readonly label: string; readonly value: number }[]; readonly language: Language; readonly today: string }): VNode | null {
  const t = portalText.in(language);
  if (counts.length === 0) return null;
  const chart = barChart({ language, categoryLabel: axis, valueLabel: t('axis.systems'), bars: counts.slice(0, BARS_MAX).map((one) => ({ label: one.label === '' ? t('unknown-value') : one.label, value: one.value })) });
  return <ChartFigure title={title} chart={chart} note={note} source={t('source', { date: formatDate(today, language) })} />;
}

function countText(count: number, isExact: boolean, language: Language): string {
  const number = formatNumber(count, language);
  return isExact ? number : portalText.in(language)('home.or-more', { count: number });
}

function shorten(text: string): string {
  return text.length <= PURPOSE_LENGTH_MAX ? text : `${text.slice(0, text.lastIndexOf(' ', PURPOSE_LENGTH_MAX))} …`;
}
