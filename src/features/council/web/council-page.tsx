/** The council as people see it: what it stands at, what it withstands, who sits, and how to check all of it. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Code, Notice, PageHeading, Prose, Section, SummaryList, Table, Tag } from '../../../platform/html/components/index.ts';
import { formatNumber, formatTime } from '../../../platform/text/index.ts';
import { domainReport, isDemo } from '../../../proof/council/admitted-roll.ts';
import { checkConstitution, type Constitution } from '../../../proof/council/constitution.ts';
import type { Roll } from '../../../proof/council/roll-text.ts';
import { type CouncilStanding, RESPONSIVE_ALARM, RESPONSIVE_S, type RoundFacts, type RoundsPage, type RoundStage, type SeatStanding } from '../model.ts';
import { isStalled, stageAt } from '../rules/round-facts.ts';
import { councilText } from '../text/index.ts';

const instant = (timeS: number): string => new Date(timeS * 1000).toISOString();
const SECONDS_A_MINUTE = 60;

function Exact({ children }: { readonly children: string }): VNode {
  return <span class="council-exact"><Code>{children}</Code></span>;
}

export function DemoNotice({ origin, language }: { readonly origin: string; readonly language: Language }): VNode | null {
  const t = councilText.in(language);
  return isDemo(origin) ? <Notice tone="warning" title={t('demo.title')}><p>{t('demo')}</p></Notice> : null;
}

export interface CouncilView {
  readonly standing: CouncilStanding;
  readonly constitution: Constitution;
  readonly underWay: RoundsPage;
  readonly nowS: number;
}

export function councilPage(frame: PageContext, { standing, constitution, underWay, nowS }: CouncilView): Page {
  const { language } = frame;
  const t = councilText.in(language);
  const lead = t('lead', { quorum: formatNumber(constitution.quorum, language), seats: formatNumber(constitution.seats, language) });
  const { roll } = standing;
  return {
    title: t('title'),
    description: lead,
    body: (
      <>
        <PageHeading title={t('title')} lead={lead} />
        <DemoNotice origin={standing.origin} language={language} />
        {standing.state === 'unfounded' ? <Notice title={t('unfounded')}><p>{t('unfounded.why')}</p></Notice> : <Now standing={standing} constitution={constitution} language={language} />}
        {standing.state === 'unfounded' ? null : <UnderWay page={underWay} constitution={constitution} nowS={nowS} language={language} />}
        <Numbers constitution={constitution} language={language} />
        {roll === undefined ? null : <Domains constitution={constitution} roll={roll} language={language} />}
        {roll === undefined ? null : <Seats roll={roll} language={language} />}
        <Section title={t('links')}>
          <Prose>
            <ul>
              <li><a href="/council/constitution">{t('constitution.link')}</a></li>
              <li><a href="/log">{t('links.log')}</a></li>
              {standing.state === 'unfounded' ? null : <li><a href="/council/v1/genesis">{t('links.genesis')}</a></li>}
              <li><a href="/log/policy">{t('links.policy')}</a></li>
              {standing.state !== 'unfounded' && frame.may('council.watch') ? <li><a href="/council/seats">{t('seats.heard')}</a></li> : null}
            </ul>
          </Prose>
        </Section>
      </>
    ),
  };
}

interface Part {
  readonly constitution: Constitution;
  readonly language: Language;
}

function Now({ standing, constitution, language }: Part & { readonly standing: CouncilStanding }): VNode {
  const t = councilText.in(language);
  const { certified } = standing;
  const shown = certified === undefined
    ? t('now.certified.none', { quorum: formatNumber(constitution.quorum, language), outside: formatNumber(constitution.outside, language) })
    : t('now.certified.at', { size: formatNumber(certified.size, language), at: formatTime(instant(certified.timeS), language) });
  return (
    <Section title={t('now')}>
      <SummaryList
        rows={[
          { label: t('now.origin'), value: <Exact>{standing.origin}</Exact> },
          { label: t('now.epoch'), value: formatNumber(standing.epoch, language) },
          { label: t('now.certified'), value: shown },
          { label: t('now.entries'), value: formatNumber(standing.prefixSize, language) },
          { label: t('now.roll'), value: <Exact>{standing.rollDigest ?? '—'}</Exact> },
          { label: t('now.genesis'), value: <Exact>{standing.genesisDigest ?? '—'}</Exact> },
        ]}
      />
    </Section>
  );
}

const STAGE_WORDS = { preparing: 'stage.preparing', open: 'stage.open', committing: 'stage.committing', revealing: 'stage.revealing', closing: 'stage.closing', carried: 'stage.over', 'not-carried': 'stage.over' } as const satisfies Record<RoundStage, string>;

function UnderWay({ page, constitution, nowS, language }: Part & { readonly page: RoundsPage; readonly nowS: number }): VNode {
  const t = councilText.in(language);
  const stalled = page.rounds.filter((facts) => isStalled(facts, constitution, nowS));
  const ends = ({ stage, commitsCloseS, closesS }: RoundFacts): string => {
    const endS = stage === 'committing' ? commitsCloseS : closesS;
    return endS === undefined ? '—' : formatTime(instant(endS), language);
  };
  return (
    <Section title={t('under-way')} id="under-way">
      {stalled.length === 0 ? null : (
        <Notice tone="error" title={t('stalled', { votes: stalled.map(({ slot }) => slot).join(', ') })}>
          <p>{t('stalled.why', { quorum: formatNumber(constitution.quorum, language) })}</p>
        </Notice>
      )}
      {page.rounds.length === 0 ? (
        <p>{t('under-way.none')}</p>
      ) : (
        <Table
          caption={t('under-way.caption')}
          phone="stack"
          rows={page.rounds}
          rowKey={({ slot, round }) => `${slot} ${round}`}
          columns={[
            { key: 'slot', head: t('under-way.vote'), rowHead: true, cell: ({ slot, round }) => t('under-way.round', { slot, round }) },
            { key: 'stage', head: t('under-way.stage'), cell: (facts) => (isStalled(facts, constitution, nowS) ? <Tag tone="error">{t('stage.stalled')}</Tag> : t(STAGE_WORDS[stageAt(facts, nowS)])) },
            { key: 'cast', head: t('under-way.cast'), numeric: true, cell: ({ sealed, casts, committed }) => formatNumber(sealed ? committed.length : new Set(casts.map(({ seat }) => seat)).size, language) },
            { key: 'ends', head: t('under-way.ends'), cell: ends },
          ]}
        />
      )}
      {page.total <= page.rounds.length ? null : <p>{t('under-way.more', { shown: page.rounds.length, total: page.total })}</p>}
    </Section>
  );
}

function Numbers({ constitution, language }: Part): VNode {
  const t = councilText.in(language);
  const checked = checkConstitution(constitution);
  return (
    <Section title={t('numbers')}>
      <SummaryList
        rows={[
          { label: t('numbers.seats'), value: formatNumber(constitution.seats, language) },
          { label: t('numbers.liars'), value: formatNumber(constitution.liars, language) },
          { label: t('numbers.quorum'), value: formatNumber(constitution.quorum, language) },
          ...(checked.ok ? [{ label: t('numbers.honest'), value: formatNumber(checked.value.honestYes, language) }] : []),
          { label: t('numbers.outside'), value: formatNumber(constitution.outside, language) },
        ]}
      />
    </Section>
  );
}

function Domains({ constitution, roll, language }: Part & { readonly roll: Roll }): VNode {
  const t = councilText.in(language);
  return (
    <Section title={t('domains')}>
      <Table
        caption={t('domains.caption')}
        phone="stack"
        rows={domainReport(constitution, roll)}
        rowKey={({ kind }) => kind}
        columns={[
          { key: 'kind', head: t('domains.kind'), rowHead: true, cell: ({ kind }) => t(`domain.${kind}`) },
          { key: 'largest', head: t('domains.largest'), cell: ({ largest }) => largest },
          { key: 'seats', head: t('domains.seats'), cell: ({ seats, overCap }) => `${formatNumber(seats, language)}${overCap ? ` (${t('domains.over')})` : ''}` },
          { key: 'together', head: t('domains.together'), cell: ({ together }) => formatNumber(together, language) },
        ]}
      />
    </Section>
  );
}

function Seats({ roll, language }: { readonly roll: Roll; readonly language: Language }): VNode {
  const t = councilText.in(language);
  return (
    <Section title={t('seats')}>
      <Table
        caption={t('seats.caption')}
        phone="stack"
        rows={roll.seats}
        rowKey={({ seat }) => seat}
        columns={[
          { key: 'seat', head: t('seats.seat'), width: 'narrow', rowHead: true, cell: ({ seat }) => formatNumber(seat, language) },
          { key: 'constituency', head: t('seats.constituency'), cell: ({ constituency }) => constituency },
          { key: 'key', head: t('seats.key'), cell: ({ ballot }) => <Exact>{ballot}</Exact> },
        ]}
      />
    </Section>
  );
}

export interface HeardView {
  readonly origin: string;
  readonly constitution: Constitution;
  readonly roll: Roll;
  readonly seats: readonly SeatStanding[];
  readonly nowS: number;
}

/** Whether the seats answer, for who can call their members. */
export function heardPage({ language }: PageContext, { origin, constitution, roll, seats, nowS }: HeardView): Page {
  const t = councilText.in(language);
  const of = new Map(seats.map((each) => [each.seat, each]));
  const heard = seats.filter(({ lastSeenS }) => lastSeenS !== undefined && nowS - lastSeenS <= RESPONSIVE_S).length;
  const at = (timeS: number | undefined): string => (timeS === undefined ? t('heard.never') : formatTime(instant(timeS), language));
  return {
    title: t('heard.title'),
    body: (
      <>
        <PageHeading title={t('heard.title')} lead={t('heard.lead', { heard: formatNumber(heard, language), seats: formatNumber(roll.seats.length, language), minutes: formatNumber(RESPONSIVE_S / SECONDS_A_MINUTE, language) })} />
        <DemoNotice origin={origin} language={language} />
        {heard > RESPONSIVE_ALARM ? null : <Notice tone="error" title={t('heard.alarm')}><p>{t('heard.alarm.why', { alarm: formatNumber(RESPONSIVE_ALARM, language), quorum: formatNumber(constitution.quorum, language) })}</p></Notice>}
        <Table
          caption={t('heard.caption')}
          phone="stack"
          rows={roll.seats}
          rowKey={({ seat }) => seat}
          columns={[
            { key: 'seat', head: t('seats.seat'), width: 'narrow', rowHead: true, cell: ({ seat }) => formatNumber(seat, language) },
            { key: 'constituency', head: t('seats.constituency'), cell: ({ constituency }) => constituency },
            { key: 'seen', head: t('heard.seen'), cell: ({ seat }) => at(of.get(seat)?.lastSeenS) },
            { key: 'stamp', head: t('heard.stamp'), cell: ({ seat }) => at(of.get(seat)?.lastStampS) },
            { key: 'size', head: t('heard.size'), cell: ({ seat }) => { const size = of.get(seat)?.size; return size === undefined ? '—' : formatNumber(size, language); } },
          ]}
        />
      </>
    ),
  };
}
