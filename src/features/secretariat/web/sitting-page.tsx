/** One sitting: when and where, its agenda as a tree with times, deadlines, and for members what they can do. */

import type { VNode } from 'preact';
import { Button, ButtonRow, LinkButton, Notice, PageHeading, Section, SummaryList, type SummaryRow, Tag } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate, formatTime } from '../../../platform/text/index.ts';
import type { SittingView } from '../actions/open-secretariat.ts';
import type { Item } from '../model.ts';
import { agendaOf, type Line, minutesOf } from '../rules/agenda.ts';
import { ITEM_LIFE, mayDo, SITTING_LIFE } from '../rules/life.ts';
import { secretariatText } from '../text/index.ts';
import { ItemTag, MinutesTag, type Outcome, Post, SittingTag, Told } from './words.tsx';

export interface SittingPage extends Outcome {
  readonly view: SittingView;
  readonly isDesk: boolean;
}

export function sittingPage(frame: PageContext, shown: SittingPage): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, items } = shown.view;
  const lines = agendaOf(items);
  const total = minutesOf(lines);
  return {
    title: `${sitting.number} ${sitting.title[language]}${shown.isDesk ? ` – ${t('list.desk')}` : ''}`,
    wide: true,
    body: (
      <>
        <Told {...shown} language={language} />
        <PageHeading caption={`№ ${sitting.number} · ${t(`kind.${sitting.kind}`)}`} title={sitting.title[language]} tags={<SittingTag state={sitting.state} language={language} />} actions={<Actions frame={frame} shown={shown} />} />
        {sitting.state === 'running' && shown.isDesk ? <Notice tone="info" title={t('sitting.running')}><p><a href={`/secretariat/sittings/${sitting.id}/live`}>{t('sitting.to-live')}</a></p></Notice> : null}
        <SummaryList rows={aboutRows(frame, shown)} />
        <Section title={t('sitting.agenda')} lead={t('sitting.agenda-lead', { count: lines.length, minutes: total })} id="agenda">
          {sitting.kind === 'sitting' && total * 60_000 > Date.parse(sitting.endsAt) - Date.parse(sitting.startsAt) ? <Notice tone="warning" title={t('sitting.too-long')} /> : null}
          {lines.length === 0 ? <p>{t('sitting.agenda-none')}</p> : <ol class="secretariat-agenda">{lines.map((line) => <AgendaLine key={line.item.id} line={line} frame={frame} shown={shown} />)}</ol>}
          {!shown.isDesk && sitting.internalItems > 0 ? <p class="muted">{t('sitting.internal-count', { count: sitting.internalItems })}</p> : null}
        </Section>
        {shown.isDesk ? <Proposed frame={frame} shown={shown} /> : null}
        {shown.isDesk ? <Acts frame={frame} shown={shown} /> : null}
      </>
    ),
  };
}

function Actions({ frame, shown }: { readonly frame: PageContext; readonly shown: SittingPage }): VNode {
  const t = secretariatText.in(frame.language);
  const { sitting, minutesState } = shown.view;
  const href = `/secretariat/sittings/${sitting.id}`;
  const isLive = sitting.kind === 'sitting' && ['convened', 'running', 'suspended', 'closed'].includes(sitting.state);
  return (
    <>
      {shown.isDesk && isLive ? <LinkButton href={`${href}/live`}>{t('sitting.live')}</LinkButton> : null}
      {shown.isDesk && frame.may('sitting.write') && mayDo(SITTING_LIFE, sitting.state, 'edit') ? <LinkButton tone="secondary" href={`${href}/edit`}>{t('sitting.edit')}</LinkButton> : null}
      {sitting.state === 'draft' ? null : <LinkButton tone="secondary" href={`${href}/calendar.ics`}>{t('list.calendar')}</LinkButton>}
      {minutesState === undefined ? null : <LinkButton tone="secondary" href={`${href}/minutes${shown.isDesk ? '/desk' : ''}`}>{t('minutes.title')}</LinkButton>}
      {!shown.isDesk && frame.may('sitting.see') ? <LinkButton tone="secondary" href={`${href}/desk`}>{t('list.desk')}</LinkButton> : null}
    </>
  );
}

function aboutRows(frame: PageContext, { view, isDesk }: SittingPage): readonly SummaryRow[] {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, quorum, seats, minutesState } = view;
  return [
    { label: t('field.starts'), value: formatTime(sitting.startsAt, language) },
    { label: t('field.ends'), value: formatTime(sitting.endsAt, language) },
    { label: t('field.papers'), value: formatTime(sitting.papersBy, language) },
    ...(sitting.place === '' ? [] : [{ label: t('field.place'), value: sitting.place }]),
    ...(isDesk && sitting.link !== '' ? [{ label: t('field.link'), value: <a href={sitting.link} rel="noreferrer">{sitting.link}</a> }] : []),
    { label: t('sitting.quorum'), value: t('sitting.quorum-text', { quorum, seats }) },
    ...(isDesk && view.live.attended.size > 0 ? [{ label: t('sitting.attendance'), value: t('sitting.attended', { count: view.live.attended.size, seats }) }] : []),
    ...(minutesState === undefined ? [] : [{ label: t('minutes.title'), value: <MinutesTag state={minutesState} language={language} /> }]),
  ];
}

function AgendaLine({ line, frame, shown }: { readonly line: Line; readonly frame: PageContext; readonly shown: SittingPage }): VNode {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { item, number, depth, startMinute } = line;
  const { sitting, motions, live } = shown.view;
  const motion = item.motionId === undefined ? undefined : motions.get(item.motionId)?.motion;
  const at = new Date(Date.parse(sitting.startsAt) + startMinute * 60_000).toISOString();
  const mayWrite = shown.isDesk && frame.may('sitting.write') && mayDo(SITTING_LIFE, sitting.state, 'edit');
  return (
    <li class={`secretariat-line secretariat-depth-${depth}`}>
      <div>
        <strong>{number}</strong> {shown.isDesk ? <a href={`/secretariat/items/${item.id}`}>{item.title[language]}</a> : item.title[language]} <ItemTag state={item.state} language={language} />
        {item.internal ? <Tag tone="warning" mark="dashed">{t('item.internal')}</Tag> : null}
        {live.done.has(item.id) ? <Tag tone="success" mark="full">{t('item.done')}</Tag> : null}
      </div>
      <div class="muted">
        {t(`item-kind.${item.kind}`)}
        {sitting.kind === 'sitting' ? ` · ${t('item.expected', { at: formatDate(at, language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }), minutes: item.minutes })}` : ''}
        {item.rapporteur === '' ? '' : ` · ${t('item.rapporteur-is', { name: item.rapporteur })}`}
        {motion === undefined ? null : <> · <a href={`/motions/${motion.id}${shown.isDesk ? '/desk' : ''}`}>{t('item.motion', { number: motion.number ?? '—', title: motion.title[language] })}</a></>}
      </div>
      {mayWrite ? (
        <div class="secretariat-row">
          <Post action={`/secretariat/items/${item.id}/up`} label="↑" about={t('item.up', { number })} />
          <Post action={`/secretariat/items/${item.id}/down`} label="↓" about={t('item.down', { number })} />
          <LinkButton tone="secondary" href={`/secretariat/items/${item.id}/edit`}>{t('item.change')}</LinkButton>
          {mayDo(ITEM_LIFE, item.state, 'drop') ? <Post action={`/secretariat/items/${item.id}/drop`} label={t('item.drop')} about={number} /> : null}
        </div>
      ) : null}
    </li>
  );
}

/** Items members ask for: any of them with a minority behind it is on the agenda, whatever the secretariat thinks of it. */
function Proposed({ frame, shown }: { readonly frame: PageContext; readonly shown: SittingPage }): VNode | null {
  const { language } = frame;
  const t = secretariatText.in(language);
  const { sitting, items, minority } = shown.view;
  const mayEdit = mayDo(SITTING_LIFE, sitting.state, 'edit');
  const proposed = items.filter(({ state }) => state === 'proposed');
  if (!mayEdit && proposed.length === 0) return null;
  const row = (item: Item): VNode => (
    <li key={item.id}>
      <a href={`/secretariat/items/${item.id}`}>{item.title[language]}</a> <span class="muted">{t('item.supporters', { count: item.supporters, needed: minority })}</span>
      {mayEdit ? (
        <span class="secretariat-row">
          {frame.may('sitting.speak') ? <Post action={`/secretariat/items/${item.id}/support`} label={t('item.support')} about={item.title[language]} /> : null}
          {frame.may('sitting.write') ? <Post action={`/secretariat/items/${item.id}/take`} label={t('item.take')} about={item.title[language]} /> : null}
          {frame.may('sitting.write') ? <Post action={`/secretariat/items/${item.id}/drop`} label={t('item.drop')} about={item.title[language]} /> : null}
        </span>
      ) : null}
    </li>
  );
  return (
    <Section title={t('sitting.proposed')} lead={t('sitting.proposed-lead', { needed: minority })}>
      {proposed.length === 0 ? <p>{t('sitting.proposed-none')}</p> : <ul class="secretariat-list">{proposed.map(row)}</ul>}
      {mayEdit ? (
        <ButtonRow>
          {frame.may('sitting.write') ? <LinkButton href={`/secretariat/sittings/${sitting.id}/items/new`}>{t('item.new')}</LinkButton> : null}
          {frame.may('sitting.speak') ? <LinkButton tone="secondary" href={`/secretariat/sittings/${sitting.id}/proposals/new`}>{t('item.propose')}</LinkButton> : null}
        </ButtonRow>
      ) : null}
    </Section>
  );
}

function Acts({ frame, shown }: { readonly frame: PageContext; readonly shown: SittingPage }): VNode | null {
  const t = secretariatText.in(frame.language);
  const { sitting, minutesState } = shown.view;
  const href = `/secretariat/sittings/${sitting.id}`;
  const acts: VNode[] = [];
  if (frame.may('sitting.write') && mayDo(SITTING_LIFE, sitting.state, 'convene')) acts.push(<form method="post" action={`${href}/convene`}><p>{t('act.convene-what')}</p><Button>{t('act.convene')}</Button></form>);
  if (frame.may('sitting.run') && sitting.kind === 'written' && sitting.state === 'convened') acts.push(<form method="post" action={`${href}/begin`}><p>{t('act.begin-written-what')}</p><Button>{t('act.begin-written')}</Button></form>);
  if (frame.may('sitting.run') && sitting.kind === 'written' && sitting.state === 'running') acts.push(<form method="post" action={`${href}/end`}><p>{t('act.end-written-what')}</p><Button>{t('act.end-written')}</Button></form>);
  if (frame.may('sitting.record') && sitting.state === 'closed' && minutesState === undefined) acts.push(<form method="post" action={`${href}/minutes`}><p>{t('act.minutes-what')}</p><Button>{t('act.minutes')}</Button></form>);
  if (frame.may('sitting.write') && mayDo(SITTING_LIFE, sitting.state, 'cancel')) acts.push(<form method="post" action={`${href}/cancel`}><p>{t('act.cancel-what')}</p><Button tone="danger">{t('act.cancel')}</Button></form>);
  return acts.length === 0 ? null : <Section title={t('sitting.acts')}><div class="secretariat-acts">{acts}</div></Section>;
}
