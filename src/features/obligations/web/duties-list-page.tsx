/** All systems with their duties in short: how many apply, how many are coming, the next day. */

import type { Page, PageContext } from '../../../platform/html/index.ts';
import { EmptyState, LinkButton, PageHeading, Pagination, SearchBox, Table } from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import type { SystemEntry } from '../../registry/index.ts';
import type { DutyCounts, DutyState } from '../rules/duty-state.ts';
import { obligationsText } from '../text/index.ts';

export interface DutiesListView {
  readonly entries: readonly SystemEntry[];
  readonly counts: ReadonlyMap<string, DutyCounts>;
  readonly q: string;
  readonly isFirst: boolean;
  readonly firstHref?: string | undefined;
  readonly nextHref?: string | undefined;
}

export function dutiesListPage(frame: PageContext, view: DutiesListView): Page {
  const { language } = frame;
  const t = obligationsText.in(language);
  const cell = (entry: SystemEntry, state: DutyState) => {
    const counts = view.counts.get(entry.id);
    return counts === undefined ? '' : formatNumber(counts.byState[state], language);
  };
  const isEmpty = view.entries.length === 0 && view.q === '' && view.isFirst;
  return {
    title: t('title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('title')} lead={t('lead')} />
        <p>
          <a href="/obligations/changes">{t('list.changes')}</a>
        </p>
        {isEmpty ? (
          <EmptyState title={t('list.empty')} action={<LinkButton href="/assessment">{t('list.empty.action')}</LinkButton>} />
        ) : (
          <>
            <SearchBox action="/obligations" value={view.q} label={t('list.search')} />
            {view.entries.length === 0 ? (
              <EmptyState title={t('list.none')} />
            ) : (
              <Table
                caption={t('title')}
                captionHidden
                phone="stack"
                rows={view.entries}
                rowKey={(entry) => entry.id}
                columns={[
                  { key: 'system', head: t('document.system'), rowHead: true, cell: (entry) => <a href={`/obligations/${entry.id}`}>{entry.record.name}</a> },
                  { key: 'body', head: t('document.body'), cell: (entry) => entry.body.name },
                  { key: 'next', head: t('list.next'), cell: (entry) => nextWords(view.counts.get(entry.id), frame) },
                  { key: 'due', head: t('list.due'), numeric: true, cell: (entry) => cell(entry, 'due') },
                  { key: 'coming', head: t('list.coming'), numeric: true, cell: (entry) => cell(entry, 'coming') },
                  { key: 'open', head: t('list.open'), numeric: true, cell: (entry) => cell(entry, 'open') },
                ]}
              />
            )}
            <Pagination previous={view.firstHref} next={view.nextHref} />
          </>
        )}
      </>
    ),
  };
}

function nextWords(counts: DutyCounts | undefined, { language }: PageContext): string {
  if (counts === undefined) return obligationsText.in(language)('list.no-answers');
  return counts.next === undefined ? '' : formatDate(counts.next, language);
}
