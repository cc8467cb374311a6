/** The list of decisions: search, filters, pages, and the same list as files. */

import type { VNode } from 'preact';
import { isDemo } from '../../../proof/council/admitted-roll.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Button, EmptyState, FieldRow, LinkButton, Notice, PageHeading, Pagination, Section, Select, Table, Tag, TextInput } from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber, formatTime } from '../../../platform/text/index.ts';
import { type Choices, type DecidedRow, type ListFilter, type Listed, RESULTS, type Result, ROWS_DEFAULT } from '../model.ts';
import { decisionsText } from '../text/index.ts';
import { verifyText } from '../text/verify/index.ts';
import { classWord, decisionHref } from './words.ts';

export interface ListView {
  readonly filter: ListFilter;
  readonly listed: Listed;
  readonly choices: Choices;
  readonly origin: string;
}

/** The address of the list with these filters; what is empty is left out. */
export function listHref(path: string, filter: ListFilter, offset?: number): string {
  const query = new URLSearchParams();
  for (const name of ['q', 'kind', 'result', 'class', 'from', 'to'] as const) if (filter[name] !== undefined) query.set(name, filter[name]);
  if (offset !== undefined && offset > 0) query.set('offset', String(offset));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

export function ResultTag({ result, language }: { readonly result: Result; readonly language: PageContext['language'] }): VNode {
  return <Tag tone={result === 'carried' ? 'success' : 'neutral'} mark={result === 'carried' ? 'full' : 'empty'}>{decisionsText.in(language)(`result.${result}`)}</Tag>;
}

export function listPage(frame: PageContext, { filter, listed, choices, origin }: ListView): Page {
  const { language } = frame;
  const t = decisionsText.in(language);
  const isSearch = Object.entries(filter).some(([name, value]) => name !== 'offset' && value !== undefined);
  const offset = filter.offset ?? 0;
  const before = offset > 0 ? listHref('/decisions', filter, Math.max(0, offset - ROWS_DEFAULT)) : undefined;
  const after = offset + listed.rows.length < listed.total ? listHref('/decisions', filter, offset + ROWS_DEFAULT) : undefined;
  return {
    title: t('title'),
    description: t('lead'),
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} actions={<LinkButton href="/decisions/verify" tone="secondary">{t('list.verify')}</LinkButton>} />
        {isDemo(origin) ? <Notice tone="warning"><p>{verifyText.in(language)('demo')}</p></Notice> : null}
        {listed.total === 0 && !isSearch ? (
          <EmptyState title={t('list.none')}><p>{t('list.none.why')}</p></EmptyState>
        ) : (
          <>
            <Filters filter={filter} choices={choices} language={language} />
            {listed.rows.length === 0 ? (
              <EmptyState title={t('list.nothing')}><p>{t('list.nothing.why')}</p><p><a href="/decisions">{t('filter.clear')}</a></p></EmptyState>
            ) : (
              <>
                <Rows rows={listed.rows} language={language} />
                <Pagination previous={before} next={after} summary={t('list.count', { count: listed.total })} />
              </>
            )}
          </>
        )}
        <Section title={t('list.take')}>
          <ul>
            <li><a href={listHref('/decisions.csv', filter)}>{t('list.csv')}</a></li>
            <li><a href={listHref('/api/v1/decisions', filter)}>{t('list.json')}</a></li>
            <li><a href="/decisions.atom">{t('list.feed')}</a></li>
            <li><a href="/decisions/pin">{t('list.pin')}</a></li>
          </ul>
        </Section>
      </>
    ),
  };
}

function Filters({ filter, choices, language }: Pick<ListView, 'filter' | 'choices'> & { readonly language: PageContext['language'] }): VNode {
  const t = decisionsText.in(language);
  return (
    <form method="get" action="/decisions" role="search" aria-label={t('search')} class="decision-filters">
      <FieldRow>
        <TextInput name="q" type="search" label={t('search')} value={filter.q} maxLength={200} width="half" />
        {choices.kinds.length === 0 ? null : <Select name="kind" label={t('filter.kind')} emptyLabel={t('filter.all')} value={filter.kind} options={choices.kinds.map(({ word, label }) => ({ value: word, label: label[language] }))} />}
        <Select name="result" label={t('filter.result')} emptyLabel={t('filter.all')} value={filter.result} options={RESULTS.map((result) => ({ value: result, label: t(`result.${result}`) }))} />
        <Select name="class" label={t('filter.class')} emptyLabel={t('filter.all')} value={filter.class} options={choices.classes.map((name) => ({ value: name, label: classWord(name, language) }))} />
      </FieldRow>
      <FieldRow>
        <TextInput name="from" label={t('filter.from')} value={filter.from} width="10" maxLength={10} inputMode="numeric" />
        <TextInput name="to" label={t('filter.to')} value={filter.to} width="10" maxLength={10} inputMode="numeric" />
        <Button>{t('filter.apply')}</Button>
      </FieldRow>
      <p class="hint small">{t('filter.day')}</p>
    </form>
  );
}

function Rows({ rows, language }: { readonly rows: readonly DecidedRow[]; readonly language: PageContext['language'] }): VNode {
  const t = decisionsText.in(language);
  return (
    <Table
      caption={t('list.caption')}
      phone="stack"
      rows={rows}
      rowKey={(row) => `${row.slot} ${row.round}`}
      columns={[
        {
          key: 'decision',
          head: t('list.decision'),
          rowHead: true,
          width: 'wide',
          cell: (row) => (
            <>
              <a href={decisionHref(row.slot, row.round)}>{row.title[language]}</a>
              <span class="small muted decision-under">{[row.number, row.kindLabel?.[language], classWord(row.class, language)].filter((part) => part !== undefined).join(' · ')}</span>
            </>
          ),
        },
        { key: 'result', head: t('list.result'), cell: (row) => <ResultTag result={row.result} language={language} /> },
        { key: 'votes', head: t('list.votes'), cell: (row) => [row.yes, row.no, row.abstain].map((count) => formatNumber(count, language)).join(', ') },
        { key: 'decided', head: t('list.decided'), cell: (row) => <time dateTime={row.decidedAt}>{formatTime(row.decidedAt, language)}</time> },
        { key: 'force', head: t('list.force'), cell: (row) => (row.inForceAt === undefined ? '—' : <time dateTime={row.inForceAt}>{formatDate(row.inForceAt, language)}</time>) },
      ]}
    />
  );
}
