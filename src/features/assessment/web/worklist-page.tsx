/** The work list: systems in the order of what may be at stake, with the probable legal point to confirm. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { EmptyState, Facets, LinkButton, PageHeading, Pagination, Table, Tag, WithAside } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { WorkCounts } from '../actions/open-assessment.ts';
import type { WorkItem, WorkState } from '../model.ts';
import { pointWords } from '../rules/point-words.ts';
import { assessmentText } from '../text/index.ts';

export interface WorklistView {
  readonly items: readonly WorkItem[];
  readonly counts: WorkCounts;
  readonly probable: readonly { readonly conclusion: string; readonly systems: number }[];
  readonly filter: { readonly state?: WorkState | undefined; readonly probable?: string | undefined };
  readonly pack: Pack | undefined;
  readonly nextHref?: string | undefined;
  readonly firstHref?: string | undefined;
}

const STATES: readonly WorkState[] = ['untouched', 'started', 'decided'];
const PROBABLE_SHOWN_MAX = 14;
const POINTS_SHOWN_MAX = 3;

export function worklistPage(frame: PageContext, view: WorklistView): Page {
  const { language } = frame;
  const t = assessmentText.in(language);
  const { filter, counts } = view;
  const isFiltered = filter.state !== undefined || filter.probable !== undefined;
  return {
    title: t('title'),
    wide: true,
    body: (
      <>
        <PageHeading title={t('title')} lead={t('intro')} />
        {counts.total === 0 ? (
          <EmptyState
            title={t('empty')}
            action={
              <>
                {frame.may('file.import') ? <LinkButton href="/intake">{t('empty.import')}</LinkButton> : null}{' '}
                {frame.may('system.create') ? (
                  <LinkButton tone="secondary" href="/registry/new">
                    {t('empty.create')}
                  </LinkButton>
                ) : null}
              </>
            }
          />
        ) : (
          <WithAside
            aside={
              <Facets
                action="/assessment"
                clearHref={isFiltered ? '/assessment' : undefined}
                groups={[
                  { name: 'state', legend: t('filter.state'), options: STATES.map((state) => ({ value: state, label: t(`state.${state}`), count: counts.byState[state], checked: filter.state === state })) },
                  {
                    name: 'probable',
                    legend: t('filter.probable'),
                    options: view.probable.slice(0, PROBABLE_SHOWN_MAX).map((one) => ({ value: one.conclusion, label: pointWords(view.pack, one.conclusion, language), count: one.systems, checked: filter.probable === one.conclusion })),
                  },
                ]}
              />
            }
          >
            <p class="assessment-progress">{t('counts', { total: counts.total, flagged: formatNumber(counts.flagged, language), decided: formatNumber(counts.byState.decided, language) })}</p>
            {view.items.length === 0 ? (
              <EmptyState title={t('empty.filtered')} />
            ) : (
              <Table
                caption={t('title')}
                captionHidden
                phone="stack"
                rows={view.items}
                rowKey={(item) => item.systemId}
                columns={[
                  { key: 'system', head: t('column.system'), cell: (item) => <a href={`/assessment/${item.systemId}`}>{item.name}</a>, rowHead: true },
                  { key: 'body', head: t('column.body'), cell: (item) => item.bodyName },
                  { key: 'probable', head: t('column.probable'), cell: (item) => <Probable item={item} pack={view.pack} language={language} />, width: 'wide' },
                  { key: 'state', head: t('column.state'), cell: (item) => <State item={item} pack={view.pack} language={language} /> },
                  { key: 'stakes', head: t('column.stakes'), cell: (item) => formatNumber(Math.round(item.stakes), language), numeric: true },
                ]}
              />
            )}
            <Pagination previous={view.firstHref} next={view.nextHref} />
          </WithAside>
        )}
      </>
    ),
  };
}

function Probable({ item, pack, language }: { readonly item: WorkItem; readonly pack: Pack | undefined; readonly language: Language }): VNode {
  const t = assessmentText.in(language);
  if (item.probable.length === 0) return <span class="hint">{t('nothing-found')}</span>;
  return (
    <ul class="assessment-points">
      {item.probable.slice(0, POINTS_SHOWN_MAX).map((conclusion) => (
        <li key={conclusion}>{pointWords(pack, conclusion, language)}</li>
      ))}
    </ul>
  );
}

function State({ item, pack, language }: { readonly item: WorkItem; readonly pack: Pack | undefined; readonly language: Language }): VNode {
  const t = assessmentText.in(language);
  const headline = pack?.headline.find((one) => one.id === item.headline)?.label[language];
  return (
    <span class="assessment-state">
      <Tag tone={item.state === 'decided' ? 'success' : item.state === 'started' ? 'info' : 'neutral'} mark={item.state === 'decided' ? 'full' : item.state === 'started' ? 'half' : 'empty'}>
        {t(`state.${item.state}`)}
      </Tag>
      {headline === undefined || item.state === 'untouched' ? null : <span class="hint"> {headline}; {t('result.open-count', { count: item.openCount ?? 0 })}</span>}
    </span>
  );
}
