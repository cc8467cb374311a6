/** The result of an assessment: live from the answers, or as it was recorded; all answers; and the section on the public page. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, ButtonRow, Code, Details, Hidden, LinkButton, Notice, PageHeading, Section, SummaryList, Table, Tag, Timeline } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { FactDefinition, Pack } from '../../../law/index.ts';
import { answerWords, DatesForm, FactsList, type LawDates } from '../../lawbook/index.ts';
import type { Recomputed, Sheet } from '../actions/open-assessment.ts';
import type { Classification, PublishedClassification } from '../model.ts';
import { assessmentText } from '../text/index.ts';
import { BindingNotice, DecisionView, OutcomeOverview } from './outcomes.tsx';

export function resultPage(frame: PageContext, sheet: Sheet, dates: LawDates, earlier: readonly Classification[], dutiesHref: string): Page {
  const { language } = frame;
  const t = assessmentText.in(language);
  const { entry, pack, decision } = sheet;
  const query = `asOf=${dates.asOf}&knownOn=${dates.knownOn}`;
  const title = t('result.title', { name: entry.record.name });
  const isDone = sheet.toAsk.length === 0;
  return {
    title,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/assessment' }, { label: entry.record.name, href: `/assessment/${entry.id}` }]} />
        <PageHeading title={title} caption={entry.body.name} lead={t('result.live')} tags={<Tag tone="brand">{decision.headline.label[language]}</Tag>} />
        <DatesForm language={language} dates={dates} action={`/assessment/${entry.id}/result`} />
        <BindingNotice decision={decision} language={language} />
        <Section title={t('result.summary')}>
          <OutcomeOverview pack={pack} decision={decision} language={language} />
        </Section>
        <ButtonRow>
          <LinkButton tone={isDone ? 'secondary' : 'primary'} href={`/assessment/${entry.id}`}>{t('result.continue')}</LinkButton>
          <LinkButton tone="secondary" href={`/assessment/${entry.id}/result.pdf?${query}&lang=${language}`}>
            {t('result.pdf')}
          </LinkButton>
          <LinkButton tone="secondary" href={`${dutiesHref}?${query}`}>
            {t('result.duties')}
          </LinkButton>
        </ButtonRow>
        {frame.may('assessment.decide') ? (
          <form method="post" action={`/assessment/${entry.id}/classifications`} class="no-print">
            <Hidden fields={{ asOf: dates.asOf, knownOn: dates.knownOn }} />
            <Button tone={isDone ? 'primary' : 'secondary'}>{t('result.record')}</Button>
          </form>
        ) : (
          <LookOnly frame={frame} />
        )}
        <DecisionView pack={pack} decision={decision} language={language} questionHref={(fact) => `/assessment/${entry.id}?fact=${fact}`} />
        {earlier.length === 0 ? null : (
          <Section title={t('result.earlier')}>
            <Timeline
              items={earlier.map((one) => ({
                title: t('result.stored', { number: one.number, date: formatDate(one.decidedAt, language) }),
                date: one.decidedAt,
                href: `/assessment/classifications/${one.id}`,
                children: `${headlineOf(pack, one.headline, language)}; ${t('result.open-count', { count: one.openCount })}`,
              }))}
            />
          </Section>
        )}
      </>
    ),
  };
}

export function classificationPage(frame: PageContext, one: Classification, pack: Pack, name: string, recomputed: Recomputed | undefined): Page {
  const { language } = frame;
  const t = assessmentText.in(language);
  return {
    title: t('result.stored', { number: one.number, date: formatDate(one.decidedAt, language) }),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/assessment' }, { label: name, href: `/assessment/${one.systemId}/result` }]} />
        <PageHeading
          title={t('result.title', { name })}
          caption={t('result.stored', { number: one.number, date: formatDate(one.decidedAt, language) })}
          lead={t('public.as-of', { asOf: formatDate(one.asOf, language), knownOn: formatDate(one.knownOn, language) })}
          tags={<Tag tone="brand">{headlineOf(pack, one.headline, language)}</Tag>}
        />
        {recomputed === undefined ? null : <RecomputedNotice recomputed={recomputed} version={one.pack.version} language={language} />}
        <BindingNotice decision={one.decision} language={language} />
        <OutcomeOverview pack={pack} decision={one.decision} language={language} />
        <SummaryList
          rows={[
            { label: t('result.pack'), value: `${one.pack.id}@${one.pack.version}` },
            { label: 'SHA-256', value: <Code>{one.pack.digest}</Code> },
            { label: t('document.digest'), value: <Code>{one.decisionSha256}</Code> },
          ]}
        />
        <ButtonRow>
          <LinkButton tone="secondary" href={`/assessment/classifications/${one.id}?recompute=yes`}>
            {t('result.recompute')}
          </LinkButton>
        </ButtonRow>
        <DecisionView pack={pack} decision={one.decision} language={language} />
        <Details summary={t('result.facts')}>
          <FactsList pack={pack} facts={one.facts} language={language} />
        </Details>
      </>
    ),
  };
}

function RecomputedNotice({ recomputed, version, language }: { readonly recomputed: Recomputed; readonly version: string; readonly language: Language }): VNode {
  const t = assessmentText.in(language);
  if (recomputed.kind === 'equal') return <Notice tone="success">{t('result.recompute.equal', { digest: recomputed.storedSha256 })}</Notice>;
  if (recomputed.kind === 'pack-missing') return <Notice tone="warning">{t('result.recompute.pack-missing', { version })}</Notice>;
  return <Notice tone="error">{t('result.recompute.different', { stored: recomputed.storedSha256, now: recomputed.sha256 ?? '' })}</Notice>;
}

export function answersPage(frame: PageContext, sheet: Sheet): Page {
  const { language } = frame;
  const t = assessmentText.in(language);
  const { entry, pack } = sheet;
  const open = new Set(sheet.decision.ask);
  const title = t('answers.title', { name: entry.record.name });
  const rows = pack.facts.filter((fact) => fact.id in sheet.facts || open.has(fact.id));
  const labels = new Map(pack.facts.map((fact) => [fact.id, fact]));
  return {
    title,
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/assessment' }, { label: entry.record.name, href: `/assessment/${entry.id}` }]} />
        <PageHeading title={title} caption={entry.body.name} />
        <Table
          caption={t('interview.all-answers')}
          captionHidden
          phone="stack"
          rows={rows}
          rowKey={(fact) => fact.id}
          columns={[
            { key: 'question', head: t('answers.question'), cell: (fact) => fact.ask[language], rowHead: true, width: 'wide' },
            {
              key: 'answer',
              head: t('answers.answer'),
              cell: (fact) => {
                const answer = sheet.facts[fact.id];
                if (answer === undefined) return '';
                return typeof answer === 'object' && 'unknown' in answer ? t('answers.unknown') : answerWords(fact, answer, language);
              },
            },
            { key: 'state', head: t('answers.state'), cell: (fact) => (open.has(fact.id) ? t('answers.matters') : t('answers.irrelevant')) },
            ...(frame.may('assessment.answer') ? [{ key: 'change', head: t('answers.change'), cell: (fact: FactDefinition) => <a href={`/assessment/${entry.id}?fact=${fact.id}`} aria-label={`${t('answers.change')}: ${fact.ask[language]}`}>{t('answers.change')}</a> }] : []),
          ]}
        />
        {sheet.steps.length === 0 ? null : (
          <Details summary={t('answers.history')}>
            <ol class="assessment-history">
              {sheet.steps.map((step) => (
                <li key={step.step}>
                  {formatDate(step.answeredAt, language)}: {labels.get(step.fact)?.ask[language] ?? step.fact}{' '}
                  <strong>{step.answer === null ? t('answers.taken-back') : typeof step.answer === 'object' && 'unknown' in step.answer ? t('answers.unknown') : answerWords(labels.get(step.fact), step.answer, language)}</strong>
                </li>
              ))}
            </ol>
          </Details>
        )}
      </>
    ),
  };
}

/** What the public page of a system says about the law: the latest recorded classification, or that there is none. */
export function publicSection(pack: Pack | undefined, latest: PublishedClassification | undefined, language: Language): VNode {
  const t = assessmentText.in(language);
  if (latest === undefined || pack === undefined) {
    return (
      <Section title={t('public.title')}>
        <p>{t('public.none')}</p>
      </Section>
    );
  }
  return (
    <Section title={t('public.title')} lead={t('public.as-of', { asOf: formatDate(latest.asOf, language), knownOn: formatDate(latest.knownOn, language) })}>
      <p>
        <Tag tone="brand">{headlineOf(pack, latest.headline, language)}</Tag> {t('result.open-count', { count: latest.openCount })}
      </p>
      <BindingNotice decision={latest.decision} language={language} />
      <DecisionView pack={pack} decision={latest.decision} language={language} />
    </Section>
  );
}

export function headlineOf(pack: Pack, id: string, language: Language): string {
  return pack.headline.find((one) => one.id === id)?.label[language] ?? id;
}
