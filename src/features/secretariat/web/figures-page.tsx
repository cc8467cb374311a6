/** How the council stands: seats that answer, who votes, rounds that stall, and what may fail together. */

import { BackLink, Notice, PageHeading, Section, Stat, Stats, Table, Tag } from '../../../platform/html/components/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { formatList, formatNumber, formatTime } from '../../../platform/text/index.ts';
import { type DomainReport, isDemo } from '../../../proof/council/admitted-roll.ts';
import type { RoundWarning, SeatFigures } from '../rules/figures.ts';
import { secretariatText, type SecretariatTextKey } from '../text/index.ts';

export interface Figures {
  readonly origin: string;
  readonly isFounded: boolean;
  readonly seats: readonly SeatFigures[];
  readonly vacant: number;
  readonly alarmAt: number;
  readonly rounds: number;
  readonly warnings: readonly RoundWarning[];
  readonly domains: readonly DomainReport[];
  readonly faultsMax: number;
}

export function figuresPage(frame: PageContext, figures: Figures): Page {
  const { language } = frame;
  const t = secretariatText.in(language);
  const responsive = figures.seats.filter(({ isResponsive }) => isResponsive).length;
  const n = (value: number): string => formatNumber(value, language);
  const seatList = (seats: readonly number[]): string => formatList(seats.map(n), language);
  return {
    title: t('figures.title'),
    wide: true,
    body: (
      <>
        <BackLink href="/secretariat/desk">{t('desk.title')}</BackLink>
        <PageHeading title={t('figures.title')} lead={t('figures.lead')} />
        {isDemo(figures.origin) ? <Notice tone="warning" title={t('figures.demo')} /> : null}
        {figures.isFounded ? null : <Notice tone="info" title={t('figures.unfounded')} />}
        {figures.isFounded && responsive <= figures.alarmAt ? <Notice tone="error" title={t('figures.alarm', { count: responsive, alarm: figures.alarmAt })}><p>{t('figures.alarm-what')}</p></Notice> : null}
        <Stats>
          <Stat label={t('figures.responsive')} value={responsive} />
          <Stat label={t('figures.margin')} value={1 - figures.vacant} note={t('figures.margin-what')} />
          <Stat label={t('figures.rounds')} value={figures.rounds} />
          <Stat label={t('figures.stalled')} value={figures.warnings.filter(({ kind }) => kind === 'stalled').length} />
        </Stats>
        <Section title={t('figures.warnings')}>
          {figures.warnings.length === 0 ? <p>{t('figures.no-warnings')}</p> : (
            <ul>
              {figures.warnings.map((one) => (
                <li key={`${one.kind} ${one.slot} ${one.round}`}>
                  <Tag tone={one.kind === 'votes-missing' ? 'warning' : 'error'}>{t(`notice.${one.kind}`)}</Tag> {t('figures.warning', { slot: one.slot, round: one.round, count: one.missing.length, seats: seatList(one.missing) })}
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title={t('figures.participation')} lead={t('figures.participation-lead', { rounds: figures.rounds })}>
          <Table
            caption={t('figures.participation')}
            captionHidden
            dense
            rows={figures.seats}
            rowKey={(row) => row.seat}
            empty={t('figures.unfounded')}
            columns={[
              { key: 'seat', head: t('field.seat'), rowHead: true, cell: (row) => n(row.seat) },
              { key: 'heard', head: t('figures.heard'), cell: (row) => <><Tag tone={row.isResponsive ? 'success' : 'warning'} mark={row.isResponsive ? 'full' : 'dashed'}>{t(row.isResponsive ? 'figures.answers' : 'figures.silent')}</Tag> {row.lastSeenS === undefined ? '' : formatTime(new Date(row.lastSeenS * 1000).toISOString(), language)}</> },
              { key: 'voted', head: t('figures.voted'), numeric: true, cell: (row) => t('figures.of', { count: row.voted, all: row.sat }) },
              { key: 'late', head: t('figures.late'), numeric: true, cell: (row) => n(row.late) },
              { key: 'double', head: t('figures.double'), numeric: true, cell: (row) => n(row.equivocated) },
            ]}
          />
        </Section>
        {figures.domains.length === 0 ? null : (
          <Section title={t('figures.domains')} lead={t('figures.domains-lead', { most: figures.faultsMax })}>
            <Table
              caption={t('figures.domains')}
              captionHidden
              phone="stack"
              rows={figures.domains}
              rowKey={(row) => row.kind}
              columns={[
                { key: 'kind', head: t('figures.domain'), rowHead: true, cell: (row) => domainName(row.kind, t) },
                { key: 'largest', head: t('figures.largest'), cell: (row) => `${row.largest} (${n(row.seats)})` },
                { key: 'together', head: t('figures.together'), numeric: true, cell: (row) => n(row.together) },
                { key: 'cap', head: t('figures.cap'), cell: (row) => <Tag tone={row.overCap ? 'error' : 'success'} mark={row.overCap ? 'dashed' : 'full'}>{t(row.overCap ? 'figures.over' : 'figures.within')}</Tag> },
              ]}
            />
          </Section>
        )}
      </>
    ),
  };
}

function domainName(kind: string, t: (key: SecretariatTextKey) => string): string {
  const key = `domain.${kind}`;
  return Object.hasOwn(secretariatText.messages.en, key) ? t(key as SecretariatTextKey) : kind;
}
