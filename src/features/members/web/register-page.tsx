/** The register of members: the picture of the seats, who holds each place and until when; on the desk also whether its agent answers. */

import type { ComponentChildren, VNode } from 'preact';
import { Button, EmptyState, LinkButton, Notice, PageHeading, Section, Select, Stat, Stats, Table, type TableColumn, TextInput } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatDate, formatNumber, formatTime } from '../../../platform/text/index.ts';
import { type CouncilPack, RESPONSIVE_ALARM, RESPONSIVE_S } from '../../council/index.ts';
import type { RegisterView } from '../actions/open-members.ts';
import { type PlaceRow, type RegisterFilter, STANDINGS } from '../model.ts';
import { endOf, filterRegister } from '../rules/register.ts';
import { membersText } from '../text/index.ts';
import { SeatsPicture } from './seats-picture.tsx';
import { constituencyName, placeName, StandingTag } from './words.tsx';

export interface RegisterPage {
  readonly view: RegisterView;
  readonly pack: CouncilPack;
  readonly filter: RegisterFilter;
  readonly isDesk: boolean;
  /** When agents were last heard of, by seat; undefined where it is not shown. */
  readonly heard: ReadonlyMap<number, number | undefined> | undefined;
  readonly nowS: number;
}

export function registerPage(frame: PageContext, shown: RegisterPage): Page {
  const { language } = frame;
  const t = membersText.in(language);
  const { view, pack, filter, isDesk } = shown;
  const base = isDesk ? '/members/desk' : '/members';
  const rows = filterRegister(view.rows, filter);
  const query = new URLSearchParams(Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const other = !isDesk && frame.may('member.see') ? <LinkButton tone="secondary" href="/members/desk">{t('register.to-desk')}</LinkButton> : isDesk ? <LinkButton tone="secondary" href="/members">{t('register.to-public')}</LinkButton> : null;
  return {
    title: t(isDesk ? 'register.desk-title' : 'title'),
    description: t('lead'),
    wide: true,
    body: (
      <>
        <PageHeading title={t(isDesk ? 'register.desk-title' : 'title')} lead={t('lead')} actions={<><LinkButton tone="secondary" href={`/members.csv${query.size === 0 ? '' : `?${query.toString()}`}`}>{t('register.csv')}</LinkButton><LinkButton tone="secondary" href={isDesk ? '/members/nominations/desk' : '/members/nominations'}>{t('nominations.title')}</LinkButton>{other}</>} />
        {view.isFounded ? null : <Notice title={t('unfounded')}><p>{t('unfounded.why')}</p></Notice>}
        <Figures shown={shown} language={language} />
        <Section title={t('picture.title')}>
          <SeatsPicture rows={view.rows} pack={pack} language={language} />
        </Section>
        <Section title={t('register.places')}>
          <Filter shown={shown} base={base} language={language} />
          {rows.length === 0 ? (
            <EmptyState title={t('register.nothing-fits')}><a href={base}>{t('register.all')}</a></EmptyState>
          ) : (
            <Table caption={t('register.caption', { on: formatDate(view.today, language) })} phone="stack" rows={rows} rowKey={({ place }) => place.place} columns={columns(frame, shown)} />
          )}
        </Section>
      </>
    ),
  };
}

function Figures({ shown: { view, heard, nowS }, language }: { readonly shown: RegisterPage; readonly language: PageContext['language'] }): VNode {
  const t = membersText.in(language);
  const seats = view.rows.filter(({ place }) => place.seat !== undefined);
  const count = (...standings: readonly PlaceRow['standing'][]): string => formatNumber(seats.filter(({ standing }) => standings.includes(standing)).length, language);
  const answering = heard === undefined ? undefined : seats.filter(({ place }) => isHeard(heard.get(place.seat ?? 0), nowS)).length;
  return (
    <>
      <Stats>
        <Stat label={t('figure.held')} value={count('held', 'ending')} />
        <Stat label={t('figure.ending')} value={count('ending')} />
        <Stat label={t('figure.empty')} value={count('vacant', 'over', 'coming')} />
        {answering === undefined || !view.isFounded ? null : <Stat label={t('figure.answering')} value={formatNumber(answering, language)} />}
      </Stats>
      {answering === undefined || !view.isFounded || answering > RESPONSIVE_ALARM ? null : <Notice tone="warning" title={t('alarm')}><p>{t('alarm.why', { alarm: formatNumber(RESPONSIVE_ALARM, language) })}</p></Notice>}
    </>
  );
}

const isHeard = (lastSeenS: number | undefined, nowS: number): boolean => lastSeenS !== undefined && nowS - lastSeenS <= RESPONSIVE_S;

function Filter({ shown: { view, pack, filter }, base, language }: { readonly shown: RegisterPage; readonly base: string; readonly language: PageContext['language'] }): VNode {
  const t = membersText.in(language);
  const constituencies = [...new Set(view.rows.map(({ place }) => place.constituency))];
  return (
    <form method="get" action={base} class="members-filter">
      <TextInput name="q" type="search" label={t('filter.q')} value={filter.q} />
      <Select name="constituency" label={t('field.constituency')} value={filter.constituency} emptyLabel={t('filter.any')} options={constituencies.map((name) => ({ value: name, label: constituencyName(name, pack, language) }))} />
      <Select name="standing" label={t('field.standing')} value={filter.standing} emptyLabel={t('filter.any')} options={STANDINGS.map((standing) => ({ value: standing, label: t(`standing.${standing}`) }))} />
      <Button tone="secondary">{t('filter.show')}</Button>
    </form>
  );
}

function columns(frame: PageContext, { view, pack, isDesk, heard, nowS }: RegisterPage): readonly TableColumn<PlaceRow>[] {
  const { language } = frame;
  const t = membersText.in(language);
  const holder = ({ standing, term }: PlaceRow): ComponentChildren => {
    if (term === undefined) return '—';
    if (standing === 'over') return t('holder.last', { name: term.name });
    return standing === 'coming' ? t('holder.coming', { name: term.name, from: formatDate(term.fromOn, language) }) : term.name;
  };
  const seen = (row: PlaceRow): ComponentChildren => {
    const lastSeenS = row.place.seat === undefined ? undefined : heard?.get(row.place.seat);
    if (row.place.seat === undefined || !view.isFounded) return '—';
    if (lastSeenS === undefined) return t('heard.never');
    return isHeard(lastSeenS, nowS) ? t('heard.answers') : t('heard.silent', { at: formatTime(new Date(lastSeenS * 1000).toISOString(), language) });
  };
  return [
    { key: 'place', head: t('field.place'), rowHead: true, cell: ({ place }) => <a href={`/members/places/${place.place}${isDesk ? '/desk' : ''}`}>{placeName(place, language)}</a> },
    { key: 'constituency', head: t('field.constituency'), cell: ({ place }) => constituencyName(place.constituency, pack, language) },
    { key: 'holder', head: t('field.holder'), cell: holder },
    { key: 'until', head: t('field.until'), cell: ({ term }) => (term === undefined ? '—' : formatDate(endOf(term), language)) },
    { key: 'standing', head: t('field.standing'), cell: ({ standing }) => <StandingTag standing={standing} language={language} /> },
    ...(view.isFounded ? [{ key: 'hosting', head: t('field.hosting'), cell: ({ place }: PlaceRow) => place.domains.hosting ?? '—' }, { key: 'build', head: t('field.build'), cell: ({ place }: PlaceRow) => place.domains.build ?? '—' }] : []),
    ...(isDesk ? [{ key: 'sworn', head: t('field.sworn'), cell: ({ term, standing }: PlaceRow) => (term === undefined || standing === 'over' ? '—' : term.swornOn === undefined ? t('oath.missing') : formatDate(term.swornOn, language)) }, { key: 'heard', head: t('field.heard'), cell: seen }] : []),
  ];
}
