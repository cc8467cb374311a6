/** The list of motions: public, or with the drafts for those who work on them. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { EmptyState, Facets, LinkButton, PageHeading, Pagination, SearchBox, Table, Tag, type TagMark, type TagTone, WithAside } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { KINDS, type ListFilter, type Motion, type State, STATES } from '../model.ts';
import { className } from '../rules/words.ts';
import { motionText } from '../text/index.ts';

const TONES: Readonly<Record<State, readonly [TagTone, TagMark]>> = {
  draft: ['neutral', 'dashed'], submitted: ['info', 'half'], admissible: ['info', 'half'], inadmissible: ['warning', 'dashed'], scheduled: ['info', 'half'], open: ['brand', 'half'], 'not-carried': ['neutral', 'full'],
  standstill: ['warning', 'half'], 'in-force': ['success', 'full'], completed: ['success', 'full'], withdrawn: ['neutral', 'dashed'], lapsed: ['neutral', 'dashed'], superseded: ['neutral', 'dashed'],
};

export function StateTag({ state, language }: { readonly state: State; readonly language: Language }): VNode {
  const [tone, mark] = TONES[state];
  return (
    <Tag tone={tone} mark={mark}>
      {motionText.in(language)(`state.${state}`)}
    </Tag>
  );
}

export interface ListView {
  readonly items: readonly Motion[];
  readonly filter: ListFilter;
  readonly counts: readonly { readonly kind: string; readonly state: string; readonly count: number }[];
  readonly nextHref: string | undefined;
  readonly firstHref: string | undefined;
  /** `/motions` or `/motions/desk`. */
  readonly base: string;
}

export const motionHref = (motion: Pick<Motion, 'id'>, base: string): string => (base === '/motions/desk' ? `/motions/${motion.id}/desk` : `/motions/${motion.id}`);

export const numberOf = (motion: Pick<Motion, 'number' | 'option'>, language: Language): string =>
  motion.number === undefined ? motionText.in(language)('number.none') : `№ ${motion.number}${motion.option === 'A' ? '' : ` ${motion.option}`}`;

export function listPage(frame: PageContext, { items, filter, counts, nextHref, firstHref, base }: ListView): Page {
  const { language } = frame;
  const t = motionText.in(language);
  const isDesk = base === '/motions/desk';
  const sum = (fits: (one: ListView['counts'][number]) => boolean): number => counts.filter(fits).reduce((total, one) => total + one.count, 0);
  const isFiltered = Object.values(filter).some((value) => value !== undefined && value !== '');
  const start = frame.may('motion.write') ? <LinkButton href="/motions/new">{t('list.start')}</LinkButton> : undefined;
  const other = frame.may('motion.see') ? <LinkButton tone="secondary" href={isDesk ? '/motions' : '/motions/desk'}>{t(isDesk ? 'list.to-public' : 'list.to-desk')}</LinkButton> : undefined;
  const settings = isDesk && frame.may('motion.see') ? <LinkButton tone="secondary" href="/motions/settings">{t('settings.title')}</LinkButton> : undefined;
  return {
    title: t(isDesk ? 'list.desk-title' : 'title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t(isDesk ? 'list.desk-title' : 'title')} lead={t('list.lead')} actions={<>{start}{other}{settings}</>} />
        <SearchBox action={base} value={filter.q} label={t('list.search')} hint={t('list.search-hint')} keep={{ state: filter.state, kind: filter.kind, system: filter.system }} />
        <WithAside
          label={t('list.filters')}
          aside={
            <Facets
              action={base}
              title={t('list.filters')}
              keep={{ q: filter.q, system: filter.system }}
              clearHref={isFiltered ? base : undefined}
              groups={[
                { name: 'state', legend: t('list.state'), options: STATES.filter((state) => isDesk || state !== 'draft').map((state) => ({ value: state, label: t(`state.${state}`), count: sum((one) => one.state === state), checked: filter.state === state })) },
                { name: 'kind', legend: t('list.kind'), options: KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`), count: sum((one) => one.kind === kind), checked: filter.kind === kind })) },
              ]}
            />
          }
        >
          {items.length === 0 ? (
            <EmptyState title={isFiltered ? t('list.nothing-fits') : t('list.empty')}>{isFiltered ? t('list.nothing-fits-body') : t('list.empty-body')}</EmptyState>
          ) : (
            <Table
              caption={t('title')}
              captionHidden
              phone="stack"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { key: 'number', head: t('list.number'), width: 'narrow', cell: (row) => numberOf(row, language) },
                { key: 'title', head: t('list.motion'), rowHead: true, cell: (row) => <a href={motionHref(row, base)}>{row.title[language]}</a> },
                { key: 'kind', head: t('list.kind'), cell: (row) => `${t(`kind.${row.kind}`)} (${className(row.class, language)})` },
                { key: 'state', head: t('list.state'), cell: (row) => <StateTag state={row.state} language={language} /> },
                { key: 'closes', head: t('list.when'), cell: (row) => whenOf(row, language) },
              ]}
            />
          )}
          <Pagination previous={firstHref} next={nextHref} />
        </WithAside>
      </>
    ),
  };
}

function whenOf(motion: Motion, language: Language): string {
  const t = motionText.in(language);
  if (motion.state === 'open' && motion.closesAt !== undefined) return t('when.closes', { at: formatDate(motion.closesAt, language) });
  if (motion.state === 'standstill' && motion.inForceAt !== undefined) return t('when.in-force', { at: formatDate(motion.inForceAt, language) });
  return formatDate(motion.changedAt, language);
}
