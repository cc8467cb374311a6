/** The register as a list: search, filters, results, pages. */

import type { VNode } from 'preact';
import { EmptyState, Facets, LinkButton, Notice, PageHeading, Pagination, SearchBox, StatusTag, Tag, WithAside } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { facetsOf, listHref, type ListQueryText } from '../http/queries.ts';
import { type Facet, type FacetCount, FACETS, type ListPage, type SystemEntry } from '../model.ts';
import { FOUND_MAX } from '../store/search.ts';
import { registryText } from '../text/index.ts';
import { choiceLabel, dateLabel, facetLabel, type RegistryHooks, Told } from './parts.tsx';

export interface ListView {
  readonly page: ListPage;
  readonly query: ListQueryText;
  /** `/registry` or `/registry/mine`. */
  readonly path: string;
  readonly hooks: RegistryHooks;
  readonly entryHref: (entry: SystemEntry) => string;
  readonly title: string;
  readonly lead: string;
  readonly actions?: VNode;
}

/** Characters of a purpose shown in a list. */
const TEXT_SHOWN = 280;
const PUBLIC_FACETS: readonly Facet[] = ['headline', 'sector', 'body', 'phase', 'status', 'source'];

export function listPage(frame: PageContext, view: ListView): Page {
  const t = registryText.in(frame.language);
  const { page, query, path, hooks } = view;
  const chosen = facetsOf(query);
  const hasQuery = (query.q ?? '').trim() !== '' || Object.keys(chosen).length > 0;
  const keep = { ...(query.q === undefined ? {} : { q: query.q }), ...(query.order === undefined ? {} : { order: query.order }) };
  const groups = PUBLIC_FACETS.flatMap((facet) => {
    const options = optionsOf(facet, page.facets[facet], chosen[facet] ?? []);
    return options.length < 2 && (chosen[facet] ?? []).length === 0
      ? []
      : [{ name: facet, legend: t(`facet.${facet}`), options: options.map((one) => ({ value: one.value, label: facetLabel(facet, one, frame.language, hooks), count: one.count, checked: (chosen[facet] ?? []).includes(one.value) })) }];
  });
  const total = page.totalIsExact ? t('list.total', { count: page.total }) : t('list.total-or-more', { count: page.total });
  const exports = hooks.exportLinks?.(listHref('', query).slice(1), frame.language) ?? [];
  return {
    title: view.title,
    description: view.lead,
    wide: true,
    body: (
      <>
        <PageHeading title={view.title} lead={view.lead} actions={view.actions} />
        <SearchBox action={path} value={query.q} label={t('list.search')} hint={t('list.search-hint')} keep={{ ...chosen, ...(query.order === undefined ? {} : { order: query.order }) }} size="large" />
        <WithAside label={t('list.filters')} aside={groups.length === 0 ? null : (
          <>
            <Facets action={path} groups={groups} title={t('list.filters')} keep={keep} clearHref={listHref(path, query, {}, FACETS)} />
            {page.facetsAreExact ? null : <p class="muted">{t('list.facets-partial', { count: FOUND_MAX })}</p>}
          </>
        )}>
          <div class="registry-head">
            <p role="status">
              <strong>{total}</strong>
            </p>
            <OrderLinks frame={frame} view={view} />
          </div>
          {page.nearMisses ? <Notice tone="info">{t('list.near-misses')}</Notice> : null}
          {page.items.length === 0 ? (
            hasQuery ? (
              <EmptyState title={t('list.empty')} action={<LinkButton href={path} tone="secondary">{t('list.clear')}</LinkButton>}>{t('list.empty-body')}</EmptyState>
            ) : (
              <EmptyState title={t('list.empty-register')} action={view.actions}>{t('list.empty-register-body')}</EmptyState>
            )
          ) : (
            <ul class="registry-results">
              {page.items.map((entry) => (
                <Result key={entry.id} entry={entry} frame={frame} hooks={hooks} href={view.entryHref(entry)} />
              ))}
            </ul>
          )}
          <Pagination previous={page.previous === undefined ? undefined : listHref(path, query, { after: page.previous })} next={page.next === undefined ? undefined : listHref(path, query, { after: page.next })} />
          {exports.length === 0 || page.items.length === 0 ? null : (
            <section class="section">
              <h2 class="section__title">{t('list.export')}</h2>
              <ul>
                {exports.map((link) => (
                  <li key={link.href}>
                    <a href={link.href}>{link.label}</a>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </WithAside>
      </>
    ),
  };
}

/** What was chosen stays in the list even when nothing fits it, so that it can be taken away. */
function optionsOf(facet: Facet, counts: readonly FacetCount[], chosen: readonly string[]): readonly FacetCount[] {
  const missing = chosen.filter((value) => !counts.some((one) => one.value === value));
  return [...counts, ...missing.map((value) => ({ value, label: facet === 'body' ? value : value, count: 0 }))];
}

function OrderLinks({ frame, view }: { readonly frame: PageContext; readonly view: ListView }): VNode | null {
  const t = registryText.in(frame.language);
  const { query, path } = view;
  const hasWords = (query.q ?? '').trim() !== '';
  const orders = hasWords ? (['relevance', 'latest'] as const) : frame.area === 'workspace' ? (['latest', 'stakes'] as const) : [];
  if (orders.length === 0) return null;
  const current = query.order === undefined || query.order === '' ? orders[0] : query.order;
  return (
    <p>
      {t('list.order')}:{' '}
      {orders.map((order, index) => (
        <>
          {index === 0 ? '' : ' · '}
          {order === current ? <strong>{t(`list.order-${order}`)}</strong> : <a href={listHref(path, query, { order: index === 0 ? undefined : order })}>{t(`list.order-${order}`)}</a>}
        </>
      ))}
    </p>
  );
}

function Result({ entry, frame, hooks, href }: { readonly entry: SystemEntry; readonly frame: PageContext; readonly hooks: RegistryHooks; readonly href: string }): VNode {
  const { language } = frame;
  const t = registryText.in(language);
  const { record } = entry;
  const text = record.summary ?? record.purpose ?? record.outputs ?? '';
  return (
    <li class="registry-result">
      <h2 class="registry-result__title">
        <a href={href}>
          <Told text={record.name} language={language} written={record.entryLanguage} />
        </a>
      </h2>
      <div class="registry-result__meta">
        <span class="muted">{t('list.number', { number: entry.number })}</span>
        <span>
          <Told text={entry.body.name} language={language} />
        </span>
        {frame.area === 'workspace' || entry.status !== 'registered' ? <StatusTag status={entry.status} /> : null}
        {record.sector === undefined ? null : <span>{choiceLabel('sector', record.sector, language)}</span>}
        {record.phase === undefined ? null : <span>{choiceLabel('phase', record.phase, language)}</span>}
        {record.startDate === undefined ? null : <span>{t('list.since', { date: dateLabel(record.startDate, language) })}</span>}
        {entry.summary === undefined ? null : <Tag tone="brand">{hooks.headlineLabel?.(entry.summary.headline, language) ?? entry.summary.headline}</Tag>}
        {entry.summary === undefined || entry.summary.open === 0 ? null : <span class="muted">{t('list.open-questions', { count: entry.summary.open })}</span>}
      </div>
      <p class="registry-result__text">{text === '' ? <span class="muted">{t('list.no-summary')}</span> : <Told text={shortened(text)} language={language} written={record.entryLanguage} />}</p>
    </li>
  );
}

/** Cut at a word, so that a list stays a list. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= TEXT_SHOWN) return line;
  const cut = line.slice(0, TEXT_SHOWN);
  const space = cut.lastIndexOf(' ');
  return `${(space > TEXT_SHOWN / 2 ? cut.slice(0, space) : cut).toWellFormed()}…`;
}
