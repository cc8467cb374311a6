/** Review by counsel: the packs that can be reviewed, and the entries of one with what was said about each. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Pack, PackRef } from '../../../law/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, ButtonRow, Card, EmptyState, type FacetGroup, Facets, Grid, LinkButton, Notice, PageHeading, Pagination, Progress, SearchBox, Section, Select, Stat, Stats, Table, Tag, WithAside, Button, FieldRow, Hidden } from '../../../platform/html/components/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { articleWords, lawbookText } from '../../lawbook/index.ts';
import type { ReviewRow, ReviewSheet } from '../actions/reviews.ts';
import { authorityOf, citationsOf, type EntryKind, evidenceOf } from '../rules/entries.ts';
import { matches } from '../rules/review-filter.ts';
import { REVIEW_STATES } from '../rules/review-state.ts';
import { lawdeskReviewText } from '../text/review/index.ts';
import { EMPTY_FILTER, entryHref, listHref, type ReviewView, viewQuery } from './review-address.ts';
import { isAuthority, isEvidence, kindWords, StateTag, titleWords } from './words.tsx';

export const ENTRIES_A_PAGE = 50;

export interface PackToReview {
  readonly ref: PackRef;
  readonly title: string;
  readonly isInForce: boolean;
  readonly installedAt: string;
  /** Told for the versions in force; others are counted when opened. */
  readonly sheet: ReviewSheet | undefined;
}

export function reviewHomePage(frame: PageContext, packs: readonly PackToReview[]): Page {
  const { language } = frame;
  const t = lawdeskReviewText.in(language);
  const others = packs.filter((pack) => !pack.isInForce);
  return {
    title: t('home.title'),
    body: (
      <>
        <PageHeading title={t('home.title')} lead={t('home.lead')} />
        <Notice tone="info" title={t('sign-in.title')}>
          <p>{t('sign-in.body')}</p>
        </Notice>
        <Section title={t('home.in-force')}>
          <Grid size="large">
            {packs
              .filter((pack) => pack.isInForce)
              .map((pack) => (
                <Card key={pack.ref.digest} title={pack.title} href={`/lawdesk/review/${pack.ref.id}`} meta={<Tag tone="brand">{`${pack.ref.id} ${pack.ref.version}`}</Tag>}>
                  {pack.sheet === undefined ? null : (
                    <>
                      <Progress id={`progress-${pack.ref.id}`} label={t('progress.label')} done={pack.sheet.reviewed} total={pack.sheet.rows.length} />
                      <p>{t('home.summary', { signed: pack.sheet.signed, open: pack.sheet.counts.open, changed: pack.sheet.counts.changed, objections: pack.sheet.counts['change-needed'] + pack.sheet.counts.reject })}</p>
                    </>
                  )}
                </Card>
              ))}
          </Grid>
        </Section>
        {others.length === 0 ? null : (
          <Section title={t('home.others')} lead={t('home.others-lead')}>
            <Table
              caption={t('home.others')}
              captionHidden
              phone="stack"
              rows={others}
              rowKey={(pack) => pack.ref.digest}
              columns={[
                { key: 'pack', head: t('home.pack'), rowHead: true, cell: (pack) => <a href={`/lawdesk/review/${pack.ref.digest}`}>{`${pack.title} (${pack.ref.id} ${pack.ref.version})`}</a> },
                { key: 'since', head: t('home.installed'), cell: (pack) => formatDate(pack.installedAt, language) },
                { key: 'digest', head: 'SHA-256', cell: (pack) => <code>{pack.ref.digest.slice(0, 12)}…</code> },
              ]}
            />
          </Section>
        )}
      </>
    ),
  };
}

export interface ReviewListParts {
  readonly view: ReviewView;
  readonly sheet: ReviewSheet;
  /** Entries of the list that come before this page. */
  readonly from: number;
  readonly reviewWords: string | undefined;
  readonly notice?: string | undefined;
}

export function reviewListPage(frame: PageContext, { view, sheet, from, reviewWords, notice }: ReviewListParts): Page {
  const { language } = frame;
  const t = lawdeskReviewText.in(language);
  const { pack } = sheet.version;
  const rows = sheet.rows.filter((row) => matches(row, view.filter, language));
  const shown = rows.slice(from, from + ENTRIES_A_PAGE);
  const firstOpen = rows.find((row) => row.state === 'open' || row.state === 'changed');
  return {
    title: t('list.title', { pack: pack.title[language] }),
    wide: true,
    body: (
      <>
        <Breadcrumbs items={[{ label: t('home.title'), href: '/lawdesk/review' }, { label: `${pack.ref.id} ${pack.ref.version}` }]} />
        <PageHeading
          caption={t('home.title')}
          title={pack.title[language]}
          tags={<PackTags pack={pack} language={language} />}
          lead={t('list.lead')}
          actions={firstOpen === undefined ? undefined : <LinkButton href={entryHref(view, firstOpen.entry.kind, firstOpen.entry.id)}>{reviewWords === undefined ? t('list.begin') : t('list.continue')}</LinkButton>}
        />
        {notice === undefined ? null : <Notice tone="success" announce title={notice} />}
        {reviewWords === undefined ? null : <p class="muted">{t('list.as', { who: reviewWords })}</p>}
        <Progress id="review-progress" label={t('progress.label')} done={sheet.reviewed} total={sheet.rows.length} note={t('progress.note')} />
        <Stats>
          {REVIEW_STATES.map((state) => (
            <Stat key={state} label={t(`state.${state}`)} value={sheet.counts[state]} href={listHref({ ...view, filter: { ...EMPTY_FILTER, state: [state] } })} />
          ))}
        </Stats>
        <WithAside label={t('list.filters')} aside={<Facets action={`/lawdesk/review/${view.ref}`} groups={facetsOf(sheet, view, language)} keep={{ as: view.as || undefined, reviewer: view.reviewer || undefined, q: view.filter.q || undefined }} clearHref={listHref({ ...view, filter: { ...EMPTY_FILTER, q: view.filter.q } })} />}>
          <SearchBox action={`/lawdesk/review/${view.ref}`} value={view.filter.q} label={t('list.search')} hint={t('list.search-hint')} keep={{ as: view.as || undefined, reviewer: view.reviewer || undefined, state: view.filter.state, kind: view.filter.kind, evidence: view.filter.evidence, authority: view.filter.authority, file: view.filter.file }} />
          {shown.length === 0 ? (
            <EmptyState title={t('list.empty')} action={<a href={listHref({ ...view, filter: EMPTY_FILTER })}>{t('list.show-all')}</a>} />
          ) : (
            <ol class="lawdesk-entries" start={from + 1}>
              {shown.map((row) => (
                <EntryLine key={`${row.entry.kind}:${row.entry.id}`} row={row} view={view} language={language} />
              ))}
            </ol>
          )}
          <Pagination
            summary={t('list.shown', { from: shown.length === 0 ? 0 : from + 1, to: from + shown.length, total: rows.length })}
            previous={from === 0 ? undefined : listHref(view, { from: String(Math.max(0, from - ENTRIES_A_PAGE)) })}
            next={from + ENTRIES_A_PAGE >= rows.length ? undefined : listHref(view, { from: String(from + ENTRIES_A_PAGE) })}
          />
        </WithAside>
        <Section title={t('export.title')} id="export" lead={t('export.lead')}>
          {sheet.reviewers.length === 0 ? (
            <p>{t('export.none')}</p>
          ) : (
            <>
              <form method="get" action={`/lawdesk/review/${view.ref}`}>
                <Hidden fields={{ as: view.as || undefined }} />
                <FieldRow>
                  <Select name="reviewer" label={t('export.reviewer')} value={view.reviewer} emptyLabel={t('export.everybody')} options={sheet.reviewers.map((who) => ({ value: who, label: who }))} />
                  <Button tone="secondary">{t('export.show')}</Button>
                </FieldRow>
              </form>
              <ButtonRow>
                <LinkButton tone="secondary" href={exportHref(view, 'pdf')}>{t('export.pdf')}</LinkButton>
                <LinkButton tone="secondary" href={exportHref(view, 'csv')} download>{t('export.csv')}</LinkButton>
                <LinkButton tone="secondary" href={exportHref(view, 'json')} download>{t('export.json')}</LinkButton>
              </ButtonRow>
            </>
          )}
        </Section>
      </>
    ),
  };
}

function exportHref(view: ReviewView, format: 'pdf' | 'csv' | 'json'): string {
  return `/lawdesk/review/${view.ref}/remarks.${format}${viewQuery({ ...view, as: '', filter: EMPTY_FILTER })}`;
}

function PackTags({ pack, language }: { readonly pack: Pack; readonly language: Language }): VNode {
  return (
    <>
      <Tag tone="brand">{`${pack.ref.id} ${pack.ref.version}`}</Tag> <Tag tone={pack.status === 'adopted' || pack.status === 'counsel_signed' ? 'success' : 'warning'}>{lawbookText.in(language)(`status.${pack.status}`)}</Tag>
    </>
  );
}

function EntryLine({ row, view, language }: { readonly row: ReviewRow; readonly view: ReviewView; readonly language: Language }): VNode {
  const law = lawbookText.in(language);
  const t = lawdeskReviewText.in(language);
  const { entry } = row;
  const articles = citationsOf(entry).map((cite) => articleWords(cite.article, language));
  const marks = evidenceOf(entry).filter(isEvidence);
  return (
    <li class="lawdesk-entries__item">
      <div class="lawdesk-entries__text">
        <a href={entryHref(view, entry.kind, entry.id)}>{titleWords(entry, language)}</a>
        <div class="lawdesk-entries__meta">
          {kindWords(entry.kind, language)} · <code>{entry.id}</code>
          {articles.length === 0 ? null : ` · ${articles.slice(0, 3).join(', ')}`}
          {marks.map((mark) => ` · ${law(`evidence.${mark}`)}`).join('')}
          {row.remarks.length === 0 ? null : ` · ${t('list.remarks', { count: row.remarks.length })}`}
          {row.restsChanged.length === 0 ? null : (
            <>
              {' · '}
              <strong>{t('state.rests-changed')}</strong>
            </>
          )}
        </div>
      </div>
      <StateTag state={row.state} language={language} />
    </li>
  );
}

function facetsOf(sheet: ReviewSheet, view: ReviewView, language: Language): readonly FacetGroup[] {
  const t = lawdeskReviewText.in(language);
  const law = lawbookText.in(language);
  const count = (of: (row: ReviewRow) => readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const row of sheet.rows) for (const value of of(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const group = (name: keyof ReviewView['filter'], legend: string, counts: ReadonlyMap<string, number>, label: (value: string) => string): FacetGroup => ({
    name,
    legend,
    options: [...counts].map(([value, number]) => ({ value, label: label(value), count: number, checked: view.filter[name].includes(value) })),
  });
  const remarked = sheet.rows.filter((row) => row.isRemarked).length;
  const states = new Map<string, number>([...REVIEW_STATES.map((state) => [state, sheet.counts[state]] as const), ['remarked', remarked], ['rests-changed', sheet.rows.filter((row) => row.restsChanged.length > 0).length]]);
  return [
    group('state', t('filter.state'), states, (state) => t(`state.${state as 'open'}`)),
    group('kind', t('filter.kind'), count((row) => [row.entry.kind]), (kind) => kindWords(kind as EntryKind, language)),
    group('evidence', t('filter.evidence'), count((row) => evidenceOf(row.entry)), (mark) => (isEvidence(mark) ? `${mark} · ${law(`evidence.${mark}`)}` : mark)),
    group('authority', t('filter.authority'), count((row) => [authorityOf(row.entry) ?? ''].filter((one) => one !== '')), (authority) => (isAuthority(authority) ? law(`authority.${authority}`) : authority)),
    group('file', t('filter.file'), count((row) => [row.entry.file]), (file) => file),
  ].filter((one) => one.options.length > 0);
}
