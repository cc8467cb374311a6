/** The list of impact assessments: what is half done is found again by words, state and kind; and the page that starts one. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Questionnaire } from '../../../law/questionnaire/index.ts';
import { Button, ButtonRow, EmptyState, ErrorSummary, Facets, Hidden, LinkButton, Notice, PageHeading, Pagination, Radios, SearchBox, Section, Table, Tag, type TagTone, WithAside } from '../../../platform/html/components/index.ts';
import { LookOnly, type Page, type PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { SystemEntry } from '../../registry/index.ts';
import { type AssessmentState, type ImpactRow, type ListFilter, STATES } from '../model.ts';
import { levelLabel } from '../rules/answer-text.ts';
import { impactText } from '../text/index.ts';

const TONES: Readonly<Record<AssessmentState, TagTone>> = { open: 'info', finished: 'success', replaced: 'neutral' };
const MARKS = { open: 'half', finished: 'full', replaced: 'dashed' } as const;

export function StateTag({ state, language }: { readonly state: AssessmentState; readonly language: Language }): VNode {
  return (
    <Tag tone={TONES[state]} mark={MARKS[state]}>
      {impactText.in(language)(`state.${state}`)}
    </Tag>
  );
}

export interface ListView {
  readonly items: readonly ImpactRow[];
  readonly filter: ListFilter;
  readonly counts: readonly { readonly kind: string; readonly state: AssessmentState; readonly count: number }[];
  /** The version in use, for names of levels and kinds. */
  readonly questionnaire: (id: string) => Questionnaire | undefined;
  readonly nextHref: string | undefined;
  readonly firstHref: string | undefined;
}

export function listPage(frame: PageContext, { items, filter, counts, questionnaire, nextHref, firstHref }: ListView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  const sum = (fits: (one: ListView['counts'][number]) => boolean): number => counts.filter(fits).reduce((total, one) => total + one.count, 0);
  const kinds = [...new Set(counts.map((one) => one.kind))].sort();
  const kindTitle = (id: string): string => questionnaire(id)?.title[language] ?? id;
  const start = !frame.may('impact.write') ? undefined : <LinkButton href={filter.system === undefined ? '/impact/new' : `/impact/new?system=${filter.system}`}>{t('list.start')}</LinkButton>;
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== '');
  return {
    title: t('title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('title')} lead={t('list.lead')} actions={start} />
        <SearchBox action="/impact" value={filter.q} label={t('list.search')} hint={t('list.search-hint')} keep={{ state: filter.state, kind: filter.kind, system: filter.system }} />
        <WithAside
          label={t('list.filters')}
          aside={
            <Facets
              action="/impact"
              title={t('list.filters')}
              keep={{ q: filter.q, system: filter.system }}
              clearHref={isFiltered ? '/impact' : undefined}
              groups={[
                { name: 'state', legend: t('list.state'), options: STATES.map((state) => ({ value: state, label: t(`state.${state}`), count: sum((one) => one.state === state), checked: filter.state === state })) },
                { name: 'kind', legend: t('list.kind'), options: kinds.map((kind) => ({ value: kind, label: kindTitle(kind), count: sum((one) => one.kind === kind), checked: filter.kind === kind })) },
              ]}
            />
          }
        >
          {items.length === 0 ? (
            <EmptyState title={isFiltered ? t('list.nothing-fits') : t('list.empty')} action={start}>
              {isFiltered ? t('list.nothing-fits-body') : t('list.empty-body')}
            </EmptyState>
          ) : (
            <Table
              caption={t('title')}
              captionHidden
              phone="stack"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { key: 'system', head: t('list.system'), rowHead: true, cell: (row) => <a href={`/impact/${row.id}`}>{row.systemName}</a> },
                { key: 'kind', head: t('list.kind'), cell: (row) => `${kindTitle(row.kind)} (№ ${row.number})` },
                { key: 'state', head: t('list.state'), cell: (row) => <StateTag state={row.state} language={language} /> },
                { key: 'progress', head: t('list.progress'), cell: (row) => (row.state === 'finished' ? (levelLabel(questionnaire(row.kind), row.level, language) ?? t('list.no-level')) : t('list.answered', { answered: row.answered, required: row.required })) },
                { key: 'changed', head: t('list.changed'), cell: (row) => formatDate(row.changedAt, language) },
              ]}
            />
          )}
          <Pagination previous={firstHref} next={nextHref} />
        </WithAside>
      </>
    ),
  };
}

export interface NewView {
  readonly questionnaires: readonly Questionnaire[];
  readonly entry: SystemEntry | undefined;
  readonly kind: string | undefined;
  readonly q: string;
  readonly found: readonly SystemEntry[];
  /** Unfinished ones of the chosen system, so that nobody starts the same twice. */
  readonly open: readonly ImpactRow[];
  readonly refusal: string | undefined;
}

export function newPage(frame: PageContext, view: NewView): Page {
  const { language } = frame;
  const t = impactText.in(language);
  return {
    title: t('new.title'),
    body: (
      <>
        {view.refusal === undefined ? null : <ErrorSummary errors={[{ message: view.refusal }]} />}
        <PageHeading title={t('new.title')} lead={t('new.lead')} />
        {!frame.may('impact.write') ? <LookOnly frame={frame} /> : view.entry === undefined ? <ChooseSystem view={view} language={language} /> : <ChooseKind view={view} entry={view.entry} language={language} />}
      </>
    ),
  };
}

function ChooseSystem({ view, language }: { readonly view: NewView; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const href = (id: string): string => `/impact/new?${new URLSearchParams({ system: id, ...(view.kind === undefined ? {} : { kind: view.kind }) }).toString()}`;
  return (
    <Section title={t('new.choose-system')}>
      <SearchBox action="/impact/new" value={view.q} label={t('new.search')} hint={t('new.search-hint')} keep={{ kind: view.kind }} />
      {view.found.length === 0 ? (
        <p>{t('new.none-found')}</p>
      ) : (
        <ul class="impact-systems">
          {view.found.map((entry) => (
            <li key={entry.id}>
              <a href={href(entry.id)}>{entry.record.name}</a> <span class="muted">{`№ ${entry.number}, ${entry.body.name}`}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function ChooseKind({ view, entry, language }: { readonly view: NewView; readonly entry: SystemEntry; readonly language: Language }): VNode {
  const t = impactText.in(language);
  return (
    <>
      <p>
        <strong>{entry.record.name}</strong> <span class="muted">{`№ ${entry.number}, ${entry.body.name}`}</span> <a href="/impact/new">{t('new.other-system')}</a>
      </p>
      {view.open.length === 0 ? null : (
        <Notice title={t('new.open-ones')}>
          <ul>
            {view.open.map((row) => (
              <li key={row.id}>
                <a href={`/impact/${row.id}`}>{view.questionnaires.find((one) => one.ref.id === row.kind)?.title[language] ?? row.kind}</a> {t('new.open-since', { number: row.number, date: formatDate(row.changedAt, language) })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {view.questionnaires.length === 0 ? (
        <EmptyState title={t('new.no-questionnaires')}>{t('new.no-questionnaires-body')}</EmptyState>
      ) : (
        <form method="post" action="/impact">
          <Hidden fields={{ system: entry.id }} />
          <Radios name="kind" size="large" legend={t('new.choose-kind')} value={view.kind} required options={view.questionnaires.map((one) => ({ value: one.ref.id, label: one.title[language], hint: one.plain[language] }))} />
          <ButtonRow>
            <Button>{t('new.begin')}</Button>
          </ButtonRow>
        </form>
      )}
    </>
  );
}
