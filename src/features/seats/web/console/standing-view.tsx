/** My seat: whether it takes part, what waits for its member, its last stamp, whether it sits out, and the council that was pinned. */
/// <reference lib="dom" />

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ButtonRow, Button, LinkButton, Notice, Prose, Section, SummaryList, Table, Tag, TextInput, useLanguage, type TagTone } from '../../../../platform/html/components/index.ts';
import { formatNumber, formatTime } from '../../../../platform/text/index.ts';
import { parseBallot } from '../../../../proof/council/ballot-text.ts';
import { memberName } from '../../../../proof/council/admitted-roll.ts';
import type { Language } from '../../../../base/index.ts';
import type { RoundView } from '../../../../proof/council/rules.ts';
import type { KeptSeat } from '../browser/disk.ts';
import type { RunningSeat, StartRefusal } from '../browser/running-seat.ts';
import { AllDigits, LocalForm, useStore, useTexts, useWork } from './parts.tsx';

/** Whole seconds since 1970 as people read them. Browsers without Azerbaijani write its months as “M11”: then figures in the order of the country. */
export function timeIn(seconds: number, language: Language): string {
  const instant = new Date(seconds * 1000).toISOString();
  if (Intl.DateTimeFormat.supportedLocalesOf(language).length > 0) return formatTime(instant, language);
  return `${instant.slice(8, 10)}.${instant.slice(5, 7)}.${instant.slice(0, 4)}, ${instant.slice(11, 16)} UTC`;
}
export const roundHref = (round: string): string => {
  const [slot = '', number = '1'] = round.split(' ');
  return `/seats/round?slot=${encodeURIComponent(slot)}&round=${number}`;
};

export type RoundStanding = 'open' | 'committing' | 'revealing' | 'closing' | 'carried' | 'not-carried';
const TONES: Readonly<Record<RoundStanding, TagTone>> = { open: 'info', committing: 'info', revealing: 'info', closing: 'warning', carried: 'success', 'not-carried': 'neutral' };

export function standingOf(view: RoundView, nowS: number): RoundStanding {
  if (view.outcome !== undefined) return view.outcome.carried === undefined ? 'not-carried' : 'carried';
  if (nowS >= view.open.closesS) return 'closing';
  if (!view.open.sealed) return 'open';
  return view.commitsClose === undefined ? 'committing' : 'revealing';
}

export function RoundTag({ view, nowS }: { readonly view: RoundView; readonly nowS: number }): VNode {
  const t = useTexts();
  const standing = standingOf(view, nowS);
  return <Tag tone={TONES[standing]}>{t(`round.${standing}`)}</Tag>;
}

export function StandingView(): VNode {
  const t = useTexts();
  const { phase } = useStore();
  switch (phase.kind) {
    case 'no-keys':
      return <Welcome />;
    case 'keys':
      return phase.kept.isTested ? <Pin kept={phase.kept} /> : <NotTested />;
    case 'starting':
      return (
        <Notice title={t('phase.starting')}>
          <p>{t('phase.starting.more')}</p>
        </Notice>
      );
    case 'refused':
      return <Refused why={phase.why} />;
    case 'running':
      return <Running seat={phase.seat} />;
    default:
      return <Notice title={t('phase.loading')} />;
  }
}

function Welcome(): VNode {
  const t = useTexts();
  return (
    <>
      <Notice tone="info" title={t('welcome.title')}>
        <p>{t('welcome.more')}</p>
      </Notice>
      <ButtonRow>
        <LinkButton href="/seats/keys">{t('keys.new')}</LinkButton>
        <LinkButton href="/seats/restore" tone="secondary">
          {t('keys.have')}
        </LinkButton>
      </ButtonRow>
      <Liveness />
    </>
  );
}

function NotTested(): VNode {
  const t = useTexts();
  return (
    <>
      <Notice tone="warning" title={t('not-tested.title')}>
        <p>{t('not-tested.more')}</p>
      </Notice>
      <LinkButton href="/seats/keys">{t('not-tested.go')}</LinkButton>
    </>
  );
}

/** A plain word about what this console does for the council and what a program that always runs does better. */
export function Liveness(): VNode {
  const t = useTexts();
  return (
    <Notice tone="warning" title={t('liveness.title')}>
      <p>{t('liveness.open')}</p>
      <p>{t('liveness.daemon')}</p>
    </Notice>
  );
}

function Pin({ kept }: { readonly kept: KeptSeat }): VNode {
  const t = useTexts();
  const store = useStore();
  const look = useWork<'away' | 'not-founded'>();
  const pin = useWork<'pin-short' | 'pin-differs'>();
  useEffect(() => look.run(async () => store.lookAtFounding()), []);
  const { shown } = store;
  return (
    <>
      <Section title={t('pin.title')} lead={t('pin.lead', { member: memberName(kept.identity.who) })}>
        {look.refusal === undefined ? null : (
          <Notice tone={look.refusal === 'away' ? 'error' : 'info'} title={t(`pin.${look.refusal}`)}>
            <p>{t('pin.wait')}</p>
            <LinkButton href="/seats/keys" tone="secondary">
              {t('nav.keys')}
            </LinkButton>
          </Notice>
        )}
        {shown === undefined ? null : (
          <>
            <SummaryList rows={[{ label: t('pin.shown'), value: <AllDigits digest={shown.digest} /> }]} />
            <LocalForm onSent={(form) => pin.run(async () => store.pin(form.text('digits')))}>
              <TextInput name="digits" label={t('pin.typed')} hint={t('pin.typed.hint')} spellcheck={false} autocomplete="off" error={pin.refusal === undefined ? undefined : t(`refused.${pin.refusal}`)} />
              <ButtonRow>
                <Button disabled={pin.busy}>{t('pin.do')}</Button>
              </ButtonRow>
            </LocalForm>
          </>
        )}
      </Section>
      <Liveness />
    </>
  );
}

function Refused({ why }: { readonly why: StartRefusal }): VNode {
  const t = useTexts();
  const store = useStore();
  const work = useWork<never>();
  return (
    <Notice tone="error" announce title={t('phase.refused')}>
      <p>{t(`start.${why}`)}</p>
      <button
        class="button button--secondary"
        type="button"
        onClick={() =>
          work.run(async () => {
            await store.start();
            return undefined;
          })
        }
      >
        {t('phase.again')}
      </button>
    </Notice>
  );
}

function Running({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  return (
    <>
      <Warnings seat={seat} />
      <Waiting seat={seat} />
      <Facts seat={seat} />
      <Rounds seat={seat} />
      <Told seat={seat} />
      <Prose>
        <p>{t('liveness.open')}</p>
        <p>{t('liveness.daemon')}</p>
      </Prose>
    </>
  );
}

function Warnings({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const { state, broken } = seat.agent;
  const needed = seat.founding.constitution.quorum - 1;
  const answered = [...(state.asking ?? [])].filter((each) => each !== 'operator').length;
  const isKnown = Math.abs(seat.skewS) <= seat.founding.constitution.clockErrorS;
  return (
    <>
      {broken === undefined ? null : (
        <Notice tone="error" announce title={t('warning.disk')}>
          <p>{t('warning.disk.more')}</p>
        </Notice>
      )}
      {state.asking === undefined ? null : (
        <Notice announce title={t('warning.asking')}>
          <p>{t('warning.asking.more', { answered, needed })}</p>
        </Notice>
      )}
      {state.resyncSinceS === undefined ? null : (
        <Notice tone="warning" announce title={t('warning.resync')}>
          <p>{t('warning.resync.more')}</p>
        </Notice>
      )}
      {seat.link.state === 'away' ? <Notice tone="warning" title={t('warning.away')} /> : null}
      {seat.link.state === 'refused' ? (
        <Notice tone="error" title={t('warning.refused', { status: seat.link.status })}>
          <p>{t('warning.refused.more')}</p>
        </Notice>
      ) : null}
      {isKnown ? null : <Notice tone="warning" title={t('warning.clock', { seconds: Math.abs(seat.skewS) })} />}
    </>
  );
}

function useNow(seat: RunningSeat): number {
  const [nowS, setNow] = useState(seat.nowS);
  useEffect(() => {
    const timer = setInterval(() => setNow(seat.nowS), 1000);
    return () => clearInterval(timer);
  }, [seat]);
  return nowS;
}

function Waiting({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const nowS = useNow(seat);
  const mine = seat.agent.parts.seat;
  const waiting = seat.agent.rounds.filter(([round, view]) => ['open', 'committing'].includes(standingOf(view, nowS)) && view.filled[mine - 1] === true && seat.agent.voteOf(round) === undefined);
  return (
    <Section title={t('waiting.title')}>
      {waiting.length === 0 ? <p>{t('waiting.none')}</p> : null}
      <ul class="seats-waiting">
        {waiting.map(([round, view]) => (
          <li key={round}>
            <a href={roundHref(round)}>{t('waiting.vote', { slot: view.open.slot, round: view.open.round })}</a> {t('waiting.until', { time: timeIn(view.open.commitsCloseS ?? view.open.closesS, language) })}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const { state, prefix } = seat.agent;
  const link = seat.link.state === 'connected' ? t('link.connected') : seat.link.state === 'starting' ? t('link.starting') : t('link.away');
  return (
    <Section title={t('facts.title')}>
      <SummaryList
        rows={[
          { label: t('standing.member'), value: memberName(seat.kept.identity.who) },
          { label: t('facts.constituency'), value: prefix.state.roll?.roll.seats[seat.agent.parts.seat - 1]?.constituency },
          { label: t('keys.council-name'), value: seat.kept.identity.council },
          { label: t('keys.epoch'), value: String(prefix.epoch) },
          { label: t('facts.link'), value: <span data-part="link">{link}</span> },
          { label: t('facts.size'), value: <span data-part="size">{formatNumber(prefix.size, language)}</span> },
          { label: t('facts.stamp'), value: state.stampS === 0 ? t('facts.stamp.none') : timeIn(state.stampS, language) },
          { label: t('facts.resync'), value: state.resyncSinceS === undefined ? t('facts.resync.no') : t('facts.resync.yes', { time: timeIn(state.resyncSinceS, language) }) },
        ]}
      />
    </Section>
  );
}

function Rounds({ seat }: { readonly seat: RunningSeat }): VNode {
  const t = useTexts();
  const language = useLanguage();
  const nowS = useNow(seat);
  const shown = seat.agent.rounds.slice(0, 50);
  const mine = (round: string): string => {
    const vote = seat.agent.voteOf(round);
    const ballot = vote === undefined ? undefined : parseBallot(vote.ballot);
    return ballot?.ok === true ? t(`choice.${ballot.value.choice}`) : t('vote.none');
  };
  return (
    <Section title={t('rounds.title')}>
      <Table
        caption={t('rounds.caption')}
        phone="stack"
        rows={shown}
        rowKey={([round]) => round}
        empty={t('rounds.none')}
        columns={[
          { key: 'slot', head: t('rounds.slot'), rowHead: true, cell: ([round, view]) => <a href={roundHref(round)}>{t('rounds.name', { slot: view.open.slot, round: view.open.round })}</a> },
          { key: 'state', head: t('rounds.state'), cell: ([, view]) => <RoundTag view={view} nowS={nowS} /> },
          { key: 'closes', head: t('rounds.closes'), cell: ([, view]) => timeIn(view.open.closesS, language) },
          { key: 'vote', head: t('rounds.vote'), cell: ([round]) => mine(round) },
          { key: 'receipts', head: t('rounds.receipts'), cell: ([round, view]) => (view.close === undefined ? t('rounds.of', { count: seat.agent.receiptsOf(round).size, quorum: seat.founding.constitution.quorum }) : t('rounds.closed')) },
        ]}
      />
    </Section>
  );
}

function Told({ seat }: { readonly seat: RunningSeat }): VNode | null {
  const t = useTexts();
  const language = useLanguage();
  if (seat.told.length === 0) return null;
  return (
    <Section title={t('told.title')}>
      <ul>
        {seat.told.slice(0, 10).map(({ notice, round, timeS }, index) => (
          <li key={index}>
            {timeIn(timeS, language)}: {t(`told.${notice}`)}
            {round === undefined ? null : <> ({round})</>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
