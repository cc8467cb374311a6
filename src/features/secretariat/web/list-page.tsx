/** The list of sittings: for everybody what is convened and what was decided, for members also what is being prepared. */

import type { VNode } from 'preact';
import { EmptyState, LinkButton, PageHeading, Section, Table } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatTime } from '../../../platform/text/index.ts';
import type { MinutesState, Sitting } from '../model.ts';
import { secretariatText } from '../text/index.ts';
import { MinutesTag, SittingTag } from './words.tsx';

export interface ListView {
  readonly sittings: readonly Sitting[];
  readonly minutes: ReadonlyMap<string, MinutesState>;
  readonly isDesk: boolean;
}

export function listPage(frame: PageContext, view: ListView): Page {
  const t = secretariatText.in(frame.language);
  const isAhead = ({ state }: Sitting): boolean => ['draft', 'convened', 'running', 'suspended'].includes(state);
  const ahead = view.sittings.filter(isAhead).reverse();
  const past = view.sittings.filter((one) => !isAhead(one));
  return {
    title: t(view.isDesk ? 'desk.title' : 'title'),
    description: t('lead'),
    wide: true,
    body: (
      <>
        <PageHeading
          title={t(view.isDesk ? 'desk.title' : 'title')}
          lead={t('lead')}
          actions={
            <>
              {frame.may('sitting.write') ? <LinkButton href="/secretariat/sittings/new">{t('list.new')}</LinkButton> : null}
              {view.isDesk ? <LinkButton tone="secondary" href="/secretariat">{t('list.public')}</LinkButton> : frame.may('sitting.see') ? <LinkButton tone="secondary" href="/secretariat/desk">{t('list.desk')}</LinkButton> : null}
              <LinkButton tone="secondary" href="/secretariat/calendar.ics">{t('list.calendar')}</LinkButton>
            </>
          }
        />
        {view.isDesk ? (
          <nav aria-label={t('desk.title')}>
            <ul class="secretariat-links">
              <li><a href="/secretariat/tasks">{t('tasks.title')}</a></li>
              <li><a href="/secretariat/figures">{t('figures.title')}</a></li>
              <li><a href="/secretariat/notices">{t('notices.title')}</a></li>
            </ul>
          </nav>
        ) : null}
        <Section title={t('list.ahead')}>{ahead.length === 0 ? <EmptyState level={3} title={t('list.none-ahead')} /> : <Rows frame={frame} rows={ahead} view={view} caption={t('list.ahead')} />}</Section>
        <Section title={t('list.past')}>{past.length === 0 ? <EmptyState level={3} title={t('list.none-past')} /> : <Rows frame={frame} rows={past} view={view} caption={t('list.past')} />}</Section>
      </>
    ),
  };
}

function Rows({ frame, rows, view, caption }: { readonly frame: PageContext; readonly rows: readonly Sitting[]; readonly view: ListView; readonly caption: string }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  return (
    <Table
      caption={caption}
      captionHidden
      phone="stack"
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'number', head: '№', width: 'narrow', cell: (row) => row.number },
        { key: 'title', head: t('field.title'), rowHead: true, cell: (row) => <a href={`/secretariat/sittings/${row.id}${view.isDesk ? '/desk' : ''}`}>{row.title[language]}</a> },
        { key: 'kind', head: t('field.kind'), cell: (row) => t(`kind.${row.kind}`) },
        { key: 'when', head: t('field.starts'), cell: (row) => formatTime(row.startsAt, language) },
        { key: 'state', head: t('field.state'), cell: (row) => <SittingTag state={row.state} language={language} /> },
        {
          key: 'minutes',
          head: t('minutes.title'),
          cell: (row) => {
            const state = view.minutes.get(row.id);
            return state === undefined ? '—' : <a href={`/secretariat/sittings/${row.id}/minutes${view.isDesk ? '/desk' : ''}`}><MinutesTag state={state} language={language} /> <span class="visually-hidden">{t('minutes.of', { number: row.number })}</span></a>;
          },
        },
      ]}
    />
  );
}
