/** One framework with its items, and one item with everything it corresponds to. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { type Framework, type FrameworkItem, itemsOfDuties, shortfallsOf, type Step } from '../../../law/crosswalk/index.ts';
import type { DutyDefinition } from '../../../law/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, EmptyState, PageHeading, Section, Select, SummaryList, Table, Tag, TextInput } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { Crosswalks } from '../model.ts';
import { findItems, type ItemFilter } from '../rules/find-items.ts';
import { addressOf, codeOf, nameOf, peopleOf, wordOf } from '../rules/words.ts';
import { crosswalkText } from '../text/index.ts';
import { IdsTag } from './matrix.tsx';
import { predicateWords, shortfallWords } from './wording.ts';

export function frameworkPage(frame: PageContext, crosswalks: Crosswalks, framework: Framework, filter: ItemFilter): Page {
  const { language } = frame;
  const t = crosswalkText.in(language);
  const items = findItems(crosswalks, framework, filter, language);
  return {
    title: framework.title[language],
    description: framework.note[language],
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/crosswalk' }, { label: framework.title[language] }]} />
        <PageHeading title={framework.title[language]} tags={<IdsTag framework={framework} language={language} />} lead={framework.note[language]} />
        <SummaryList
          rows={[
            { label: t('framework.version'), value: framework.version },
            { label: t('framework.publisher'), value: framework.publisher },
            { label: t('framework.source'), value: framework.source },
          ]}
        />
        <form class="crosswalk-filter" method="get" action={`/crosswalk/${framework.id}`} role="search">
          <TextInput name="q" label={t('list.search')} value={filter.q} />
          <Select name="group" label={t('list.group')} value={filter.group} emptyLabel={t('list.every')} options={framework.groups.map((group) => ({ value: group.id, label: group.label[language] }))} />
          <Select name="mapped" label={t('list.mapped')} value={filter.mapped} emptyLabel={t('list.every')} options={[{ value: 'yes', label: t('list.mapped.yes') }, { value: 'no', label: t('list.mapped.no') }]} />
          <Button tone="secondary">{t('list.apply')}</Button>
        </form>
        {items.length === 0 ? (
          <EmptyState title={t('list.nothing')} />
        ) : (
          <Table
            caption={t('list.found', { count: items.length })}
            phone="stack"
            rows={items}
            rowKey={(item) => item.id}
            columns={[
              ...(framework.items.some((item) => item.code !== undefined) ? [{ key: 'code', head: t('list.code'), width: 'narrow' as const, cell: (item: FrameworkItem) => (item.code === undefined ? '' : codeOf(item, language)) }] : []),
              { key: 'label', head: t('list.label'), rowHead: true, cell: (item) => <a href={addressOf(framework, item)}>{item.label[language]}</a> },
              { key: 'relations', head: t('list.relations'), cell: (item) => <Reached crosswalks={crosswalks} item={item} language={language} /> },
            ]}
          />
        )}
      </>
    ),
  };
}

/** How many items of each other framework it touches. */
function Reached({ crosswalks, item, language }: { readonly crosswalks: Crosswalks; readonly item: FrameworkItem; readonly language: Language }): VNode {
  const counts = new Map<string, number>();
  for (const step of crosswalks.relations(item.id)) {
    const title = crosswalks.item(step.to)?.framework.title[language] ?? '';
    counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  if (counts.size === 0) return <span class="crosswalk-none">{crosswalkText.in(language)('matrix.none')}</span>;
  return <>{[...counts].map(([title, count]) => `${title}: ${count}`).join(' · ')}</>;
}

export function itemPage(frame: PageContext, crosswalks: Crosswalks, framework: Framework, item: FrameworkItem, duties: readonly DutyDefinition[], dutiesPack: string | undefined): Page {
  const { language } = frame;
  const t = crosswalkText.in(language);
  const relations = crosswalks.relations(item.id);
  const themes = crosswalks.crosswalk.themes.filter((theme) => theme.items.includes(item.id)).map((theme) => theme.label[language]);
  const own = dutiesOfItem(duties, framework, item);
  const others = crosswalks.crosswalk.frameworks.filter((other) => relations.some((step) => crosswalks.item(step.to)?.framework === other));
  return {
    title: nameOf(item, language),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/crosswalk' }, { label: framework.title[language], href: `/crosswalk/${framework.id}` }, { label: codeOf(item, language) }]} />
        <PageHeading title={nameOf(item, language)} caption={framework.title[language]} tags={<IdsTag framework={framework} language={language} />} />
        <SummaryList
          rows={[
            { label: t('item.group'), value: framework.groups.find((group) => group.id === item.group)?.label[language] ?? '' },
            { label: t('item.themes'), value: themes.length === 0 ? t('matrix.none') : themes.join(', ') },
          ]}
        />
        {own.length === 0 || dutiesPack === undefined ? null : (
          <Section title={t('item.duties')}>
            <ul>
              {own.map((duty) => (
                <li key={duty.id}>
                  <a href={`/lawbook/${dutiesPack}/regime/${duty.conclusion}`}>{duty.label[language]}</a>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title={t('item.relations')}>
          {others.length === 0 ? <EmptyState title={t('item.nothing')} level={3} /> : others.map((other) => <Relations key={other.id} crosswalks={crosswalks} other={other} relations={relations} language={language} />)}
        </Section>
      </>
    ),
  };
}

function dutiesOfItem(duties: readonly DutyDefinition[], framework: Framework, item: FrameworkItem): readonly DutyDefinition[] {
  if (framework.law === undefined || item.code === undefined) return [];
  const ids = new Set(itemsOfDuties(duties, new Set(), new Set(), { ...framework, items: [item] }).flatMap((one) => one.duties));
  return duties.filter((duty) => ids.has(duty.id));
}

function Relations({ crosswalks, other, relations, language }: { readonly crosswalks: Crosswalks; readonly other: Framework; readonly relations: readonly Step[]; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const rows = relations.flatMap((step) => {
    const found = crosswalks.item(step.to);
    return found?.framework === other ? [{ step, item: found.item }] : [];
  });
  return (
    <Table
      caption={other.title[language]}
      phone="stack"
      rows={rows}
      rowKey={({ step }, index) => `${step.to} ${index}`}
      columns={[
        { key: 'item', head: t('item.other'), rowHead: true, cell: ({ item }) => <a href={addressOf(other, item)}>{nameOf(item, language)}</a> },
        { key: 'predicate', head: t('item.predicate'), cell: ({ step }) => predicateWords(step.predicate, language) },
        { key: 'evidence', head: t('item.evidence'), cell: ({ step }) => <Worth step={step} language={language} /> },
        { key: 'confidence', head: t('item.confidence'), cell: ({ step }) => (step.row.confidence === undefined ? t('item.not-stated') : formatNumber(step.row.confidence, language)) },
        { key: 'justification', head: t('item.justification'), cell: ({ step }) => t(`justification.${wordOf(step.row.justification) as 'LexicalMatching'}`) },
        { key: 'people', head: t('item.people'), cell: ({ step }) => <People step={step} language={language} /> },
      ]}
    />
  );
}

function Worth({ step, language }: { readonly step: Step; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const shortfalls = shortfallsOf(step.row, step.predicate);
  if (shortfalls.length === 0) return <Tag tone="success" mark="full">{t('status.counted')}</Tag>;
  return (
    <>
      <Tag tone="warning" mark="half">{t('status.suggested')}</Tag> <span class="crosswalk-why">{shortfallWords(shortfalls, language)}</span>
    </>
  );
}

function People({ step, language }: { readonly step: Step; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const { authors, reviewers } = step.row;
  return (
    <>
      {authors.length === 0 ? t('item.no-author') : t('item.author', { people: peopleOf(authors, language) })};{' '}
      {reviewers.length === 0 ? t('item.no-reviewer') : t('item.reviewers', { people: peopleOf(reviewers, language) })}
    </>
  );
}
