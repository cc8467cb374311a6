/** “Do it once, count it everywhere”: ticks of one list, and what they are worth in every framework. A form without script. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Framework, FrameworkCount, ItemCount } from '../../../law/crosswalk/index.ts';
import type { DutyDefinition, Pack } from '../../../law/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, Button, Checkboxes, Details, EmptyState, Hidden, Notice, PageHeading, Section, Select, Table, Tag, type TagMark, type TagTone } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { type Crosswalks, DUTIES, type Ticks } from '../model.ts';
import type { Counted } from '../rules/count-ticks.ts';
import { addressOf, nameOf } from '../rules/words.ts';
import { crosswalkText } from '../text/index.ts';
import { ReviewNotice } from './matrix.tsx';
import { shortfallWords } from './wording.ts';

export interface CountPage {
  readonly crosswalks: Crosswalks;
  /** The pack whose duties can be ticked; undefined where it is not in force. */
  readonly pack: Pack | undefined;
  /** Id of the framework whose list is open, or `duties`. */
  readonly from: string;
  readonly ticks: Ticks;
  readonly counted: Counted;
}

const TONES: { readonly [S in ItemCount['status']]: { readonly tone: TagTone; readonly mark: TagMark } } = {
  met: { tone: 'brand', mark: 'full' },
  counted: { tone: 'success', mark: 'full' },
  suggested: { tone: 'warning', mark: 'half' },
  open: { tone: 'neutral', mark: 'empty' },
};

export function countPage(frame: PageContext, given: CountPage): Page {
  const { language } = frame;
  const { crosswalks, ticks } = given;
  const t = crosswalkText.in(language);
  const hasTicks = ticks.done.length + ticks.duties.length > 0;
  return {
    title: t('count.title'),
    description: t('count.lead'),
    body: (
      <>
        <Breadcrumbs items={[{ label: t('title'), href: '/crosswalk' }, { label: t('count.title') }]} />
        <PageHeading title={t('count.title')} lead={t('count.lead')} />
        <ReviewNotice crosswalks={crosswalks} language={language} />
        <Section title={t('count.result')} id="result">
          {hasTicks ? <Result given={given} language={language} /> : <EmptyState title={t('count.nothing')} level={3} />}
          <Notice tone="info">{t('count.rule')}</Notice>
        </Section>
        <Section title={t('count.from')} id="ticks">
          <Switch given={given} language={language} />
          <form method="get" action="/crosswalk/count#result">
            <Hidden fields={{ from: given.from, ...otherTicks(given) }} />
            {given.from === DUTIES && given.pack !== undefined ? <DutyTicks pack={given.pack} ticks={ticks} language={language} /> : <ItemTicks given={given} language={language} />}
            <Button>{t('count.submit')}</Button>
          </form>
        </Section>
      </>
    ),
  };
}

/** Ticks of the lists that are not open travel along. */
function otherTicks({ crosswalks, from, ticks }: CountPage): { readonly done: readonly string[]; readonly duty: readonly string[]; readonly unbound: readonly string[] } {
  if (from === DUTIES) return { done: ticks.done, duty: [], unbound: [] };
  return { done: ticks.done.filter((id) => crosswalks.item(id)?.framework.id !== from), duty: ticks.duties, unbound: ticks.unbound };
}

function Switch({ given, language }: { readonly given: CountPage; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const lists = given.crosswalks.crosswalk.frameworks.map((framework) => ({ value: framework.id, label: framework.title[language] }));
  return (
    <form class="crosswalk-filter" method="get" action="/crosswalk/count#ticks">
      <Hidden fields={{ done: given.ticks.done, duty: given.ticks.duties, unbound: given.ticks.unbound }} />
      <Select name="from" label={t('count.from')} value={given.from} options={[...(given.pack === undefined ? [] : [{ value: DUTIES, label: t('count.duties') }]), ...lists]} />
      <Button tone="secondary">{t('count.switch')}</Button>
    </form>
  );
}

function ItemTicks({ given, language }: { readonly given: CountPage; readonly language: Language }): VNode {
  const framework = given.crosswalks.framework(given.from);
  return (
    <>
      {framework?.groups.map((group) => (
        <Checkboxes
          key={group.id}
          name="done"
          id={`done-${group.id}`}
          legend={group.label[language]}
          values={given.ticks.done}
          options={framework.items.filter((item) => item.group === group.id).map((item) => ({ value: item.id, label: nameOf(item, language) }))}
        />
      ))}
    </>
  );
}

function DutyTicks({ pack, ticks, language }: { readonly pack: Pack; readonly ticks: Ticks; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const box = (name: 'duty' | 'unbound', duty: DutyDefinition, isTicked: boolean): VNode => (
    <input class="choice__input crosswalk-tick" type="checkbox" name={name} value={duty.id} checked={isTicked} aria-label={`${duty.label[language]}: ${name === 'duty' ? t('count.is-done') : t('count.unbound')}`} />
  );
  return (
    <>
      <p>{t('count.unbound.hint')}</p>
      {pack.dutyGroups.map((group) => {
        const duties = pack.duties.filter((duty) => duty.group === group.id);
        if (duties.length === 0) return null;
        return (
          <Table
            key={group.id}
            caption={group.label[language]}
            dense
            rows={duties}
            rowKey={(duty) => duty.id}
            columns={[
              { key: 'duty', head: t('count.duty'), rowHead: true, cell: (duty) => <a href={`/lawbook/${pack.ref.id}/regime/${duty.conclusion}`}>{duty.label[language]}</a> },
              { key: 'done', head: t('count.is-done'), width: 'narrow', cell: (duty) => box('duty', duty, ticks.duties.includes(duty.id)) },
              { key: 'unbound', head: t('count.unbound'), width: 'narrow', cell: (duty) => box('unbound', duty, ticks.unbound.includes(duty.id)) },
            ]}
          />
        );
      })}
    </>
  );
}

function Result({ given, language }: { readonly given: CountPage; readonly language: Language }): VNode {
  const t = crosswalkText.in(language);
  const { crosswalks, counted } = given;
  const share = (value: number): string => formatNumber(value, language, { style: 'percent', maximumFractionDigits: 0 });
  const framework = (one: FrameworkCount): Framework | undefined => crosswalks.framework(one.framework);
  return (
    <>
      <Table
        caption={t('count.result')}
        captionHidden
        phone="stack"
        rows={counted.frameworks}
        rowKey={(one) => one.framework}
        columns={[
          { key: 'framework', head: t('count.framework'), rowHead: true, cell: (one) => framework(one)?.title[language] ?? '' },
          { key: 'total', head: t('count.total'), numeric: true, cell: (one) => one.total },
          { key: 'met', head: t('status.met'), numeric: true, cell: (one) => one.met },
          { key: 'counted', head: t('status.counted'), numeric: true, cell: (one) => one.counted },
          { key: 'suggested', head: t('status.suggested'), numeric: true, cell: (one) => one.suggested },
          { key: 'open', head: t('status.open'), numeric: true, cell: (one) => one.open },
          { key: 'share', head: t('count.share'), numeric: true, cell: (one) => share(one.coveredShare) },
          { key: 'withSuggested', head: t('count.share-suggested'), numeric: true, cell: (one) => share(one.withSuggestedShare) },
        ]}
      />
      <Articles given={given} language={language} />
      {counted.frameworks.map((one) => {
        const known = framework(one);
        return known === undefined ? null : (
          <Details key={one.framework} summary={known.title[language]}>
            <ul class="crosswalk-result">
              {one.items.map((item) => (
                <Outcome key={item.item} crosswalks={crosswalks} framework={known} count={item} language={language} />
              ))}
            </ul>
          </Details>
        );
      })}
    </>
  );
}

function Articles({ given, language }: { readonly given: CountPage; readonly language: Language }): VNode | null {
  const t = crosswalkText.in(language);
  const begun = given.counted.articles.filter((article) => article.done.length > 0);
  if (begun.length === 0) return null;
  const unbound = new Set(given.ticks.unbound);
  return (
    <Details summary={t('count.articles')}>
      <ul class="crosswalk-result">
        {begun.map((article) => {
          const found = given.crosswalks.item(article.item);
          return found === undefined ? null : (
            <li key={article.item}>
              <a href={addressOf(found.framework, found.item)}>{nameOf(found.item, language)}</a>{' '}
              <Tag {...TONES[article.isMet ? 'met' : 'open']}>{article.isMet ? t('status.met') : t('status.open')}</Tag>{' '}
              <span class="crosswalk-why">{t('count.article-part', { done: article.done.length, all: article.duties.filter((duty) => !unbound.has(duty)).length })}</span>
            </li>
          );
        })}
      </ul>
    </Details>
  );
}

function Outcome({ crosswalks, framework, count, language }: { readonly crosswalks: Crosswalks; readonly framework: Framework; readonly count: ItemCount; readonly language: Language }): VNode | null {
  const t = crosswalkText.in(language);
  const found = crosswalks.item(count.item);
  if (found === undefined) return null;
  const [best] = count.paths;
  const from = best === undefined ? undefined : crosswalks.item(best.from);
  return (
    <li>
      <a href={addressOf(framework, found.item)}>{nameOf(found.item, language)}</a> <Tag {...TONES[count.status]}>{t(`status.${count.status}`)}</Tag>
      {best === undefined || from === undefined ? null : (
        <span class="crosswalk-why">
          {' '}
          {t('count.via', { from: nameOf(from.item, language) })}
          {best.shortfalls.length === 0 ? null : `: ${shortfallWords(best.shortfalls, language)}`}
          {count.pathCount > 1 ? ` (${t('count.more-paths', { count: count.pathCount - 1 })})` : null}
        </span>
      )}
    </li>
  );
}
