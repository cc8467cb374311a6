/** One decision: what was decided, who voted how, opinions, certificate, and how to check all of it. */

import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { isDemo } from '../../../proof/council/admitted-roll.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Breadcrumbs, LinkButton, Notice, PageHeading, Prose, Section, SummaryList, Table, Tag } from '../../../platform/html/components/index.ts';
import { formatNumber, formatTime, spokenLanguage } from '../../../platform/text/index.ts';
import type { FullView } from '../actions/open-decisions.ts';
import type { SeatRow } from '../rules/seat-votes.ts';
import { decisionsText } from '../text/index.ts';
import { verifyText } from '../text/verify/index.ts';
import { ResultTag } from './list-page.tsx';
import { QrCode } from './qr-code.tsx';
import { SeatPicture } from './seat-picture.tsx';
import { type Commands, VerifySteps } from './verify-steps.tsx';
import { classWord, decisionHref, fours, groupWord, seatNumber, seatNumbers, shortDigits } from './words.ts';

export type DecisionPageView = FullView & { readonly commands: Omit<Commands, 'slot' | 'round' | 'roll' | 'isAlone'> };

const DAY_MS = 86_400_000;

function Exact({ children }: { readonly children: string }): VNode {
  return <code class="decision-exact">{children}</code>;
}

/** What was decided in one sentence. */
export function sentenceOf({ row, needed, breadth }: FullView, language: Language): string {
  const t = decisionsText.in(language);
  if (row.result === 'carried') return t('page.carried', { yes: row.yes });
  const reached = breadth.filter((each) => each.yes >= each.needed).length;
  return row.yes >= needed.yes && reached < needed.constituencies ? t('page.not-carried.breadth', { yes: row.yes }) : t('page.not-carried', { yes: row.yes, needed: needed.yes });
}

export function decisionPage(frame: PageContext, view: DecisionPageView): Page {
  const { language } = frame;
  const t = decisionsText.in(language);
  const { row } = view;
  return {
    title: row.title[language],
    description: sentenceOf(view, language),
    body: (
      <>
        <Breadcrumbs items={[{ href: '/decisions', label: t('title') }]} />
        <PageHeading caption={t('page.caption', { slot: row.slot, round: row.round })} title={row.title[language]} tags={<ResultTag result={row.result} language={language} />} lead={sentenceOf(view, language)} />
        {row.option === undefined || view.facts.options.length < 2 ? null : <p>{t('page.carried.option', { option: row.option })}</p>}
        {row.result === 'carried' && view.needed.yes >= 22 ? <p>{t('page.honest')}</p> : null}
        {isDemo(view.origin) ? <Notice tone="warning"><p>{verifyText.in(language)('demo')}</p></Notice> : null}
        <Standstill view={view} language={language} />
        <Facts view={view} language={language} />
        <Text view={view} language={language} />
        <Votes view={view} language={language} />
        <Breadth view={view} language={language} />
        <Opinions view={view} language={language} />
        <Certificate view={view} language={language} />
        <Take view={view} language={language} />
        {view.roll === undefined ? null : (
          <Section title={t('verify.title')} id="verify">
            <VerifySteps {...view.commands} language={language} slot={row.slot} round={row.round} roll={view.roll} isAlone={isAlone(view)} />
          </Section>
        )}
      </>
    ),
  };
}

/** Whether the file alone shows the decision: it was carried, by a quorum. */
export const isAlone = ({ row, needed }: Pick<FullView, 'row' | 'needed'>): boolean => row.result === 'carried' && needed.yes >= 22;

interface Part {
  readonly view: DecisionPageView;
  readonly language: Language;
}

function Standstill({ view: { row, now }, language }: Part): VNode | null {
  const t = decisionsText.in(language);
  if (row.inForceAt === undefined) return null;
  const leftMs = Date.parse(row.inForceAt) - Date.parse(now);
  if (leftMs <= 0) return null;
  return <Notice tone="info" title={t('page.standstill', { date: formatTime(row.inForceAt, language) })}><p>{t('page.standstill.left', { days: Math.floor(leftMs / DAY_MS) })}</p></Notice>;
}

function Facts({ view: { row, motion, needed, facts }, language }: Part): VNode {
  const t = decisionsText.in(language);
  const rows: { readonly label: string; readonly value: ComponentChildren }[] = [
    { label: t('fact.motion'), value: motion.href === undefined ? row.number : <a href={motion.href}>{row.number}</a> },
    ...(row.kindLabel === undefined ? [] : [{ label: t('fact.kind'), value: row.kindLabel[language] }]),
    { label: t('fact.class'), value: classWord(row.class, language) },
    { label: t('fact.needed'), value: needed.constituencies === 0 ? t('fact.needed.seats', { yes: needed.yes }) : t('fact.needed.breadth', { yes: needed.yes, constituencies: needed.constituencies }) },
    { label: t('fact.decided'), value: formatTime(row.decidedAt, language) },
    ...(row.inForceAt === undefined ? [] : [{ label: t('fact.force'), value: formatTime(row.inForceAt, language) }]),
    ...(motion.effect === undefined || row.result !== 'carried' ? [] : [{ label: t('fact.effect'), value: motion.effect[language] }]),
    ...(motion.basis.length === 0 ? [] : [{ label: t('fact.basis'), value: motion.basis.join('; ') }]),
    ...(motion.parties.length === 0 ? [] : [{ label: t('fact.parties'), value: motion.parties.join(', ') }]),
    ...facts.options.map(({ option, motion: digest }) => ({ label: facts.options.length < 2 ? t('fact.digest') : `${t('fact.digest')}, ${option}`, value: <Exact>{fours(digest)}</Exact> })),
  ];
  return <SummaryList rows={rows} />;
}

function Text({ view: { motion }, language }: Part): VNode {
  const t = decisionsText.in(language);
  const written = motion.texts[language] === undefined ? motion.authentic : language;
  const text = motion.texts[written];
  const authentic = (['az', 'en', 'ru'] as const).find((one) => one === motion.authentic);
  return (
    <Section title={t('page.text')} {...(authentic === undefined || authentic === language ? {} : { lead: t('page.text.authentic', { language: t(`language.${authentic}`) }) })}>
      {text === undefined ? <p>{t('page.text.none')}</p> : <div class="decision-text" lang={spokenLanguage(written, language)}>{text.trim().split(/\n{2,}/).map((paragraph, at) => <p key={at}>{paragraph}</p>)}</div>}
    </Section>
  );
}

function Votes({ view: { seats, facts }, language }: Part): VNode {
  const t = decisionsText.in(language);
  const hasRivals = facts.options.length > 1;
  return (
    <Section title={t('votes.title')} id="votes">
      <SeatPicture seats={seats} language={language} />
      <Table
        caption={t('votes.caption')}
        dense
        rows={seats}
        rowKey={(seat) => seat.seat}
        columns={[
          { key: 'seat', head: t('votes.seat'), rowHead: true, width: 'narrow', cell: ({ seat }) => seatNumber(seat) },
          { key: 'constituency', head: t('votes.constituency'), cell: ({ constituency }) => groupWord(constituency, language) },
          { key: 'vote', head: t('votes.vote'), cell: (seat) => voteWords(seat, hasRivals, language) },
          { key: 'entry', head: t('votes.entry'), cell: (seat) => <Entries indexes={seat.counted.map(({ index }) => index)} language={language} /> },
          { key: 'remark', head: t('votes.remark'), cell: (seat) => remarksOf(seat, hasRivals, language).join('; ') || '—' },
        ]}
      />
    </Section>
  );
}

/** `hasRivals`: several options were put to the vote, so a yes says to which. */
export function voteWords({ vote, option, counted }: SeatRow, hasRivals: boolean, language: Language): string {
  const t = decisionsText.in(language);
  return hasRivals && vote === 'yes' && option !== undefined && counted.length === 1 ? t('votes.option', { option }) : t(`vote.${vote}`);
}

export function remarksOf(seat: SeatRow, hasRivals: boolean, language: Language): readonly string[] {
  const t = decisionsText.in(language);
  const choices = seat.counted.map(({ choice, option }) => (hasRivals && choice === 'yes' ? t('votes.option', { option: option ?? '' }) : t(`vote.${choice ?? 'silent'}`))).join(', ');
  return [
    ...(seat.vote === 'twice' ? [t(seat.counted.some(({ choice }) => choice === 'yes') ? 'votes.twice' : 'votes.twice.no', { choices })] : []),
    ...(seat.late.length > 0 ? [t('votes.late')] : []),
    ...(seat.isRecused ? [t('votes.recused')] : []),
    ...(seat.isAlternate ? [t('votes.alternate')] : []),
  ];
}

function Entries({ indexes, language }: { readonly indexes: readonly number[]; readonly language: Language }): VNode {
  return <>{indexes.length === 0 ? '—' : indexes.map((index, at) => <>{at === 0 ? '' : ', '}<a key={index} href={`/log/entries/${index}`}>{formatNumber(index, language)}</a></>)}</>;
}

function Breadth({ view: { breadth, needed }, language }: Part): VNode | null {
  const t = decisionsText.in(language);
  if (needed.constituencies === 0) return null;
  return (
    <Section title={t('breadth.title')}>
      <Table
        caption={t('breadth.caption')}
        phone="stack"
        rows={breadth}
        rowKey={(each) => each.constituency}
        columns={[
          { key: 'constituency', head: t('votes.constituency'), rowHead: true, cell: (each) => groupWord(each.constituency, language) },
          { key: 'yes', head: t('breadth.yes'), cell: (each) => t('breadth.of', { yes: each.yes, seats: each.seats }) },
          { key: 'needed', head: t('breadth.needed'), cell: (each) => formatNumber(each.needed, language) },
          { key: 'state', head: t('breadth.state'), cell: (each) => <Tag tone={each.yes >= each.needed ? 'success' : 'neutral'} mark={each.yes >= each.needed ? 'full' : 'empty'}>{t(each.yes >= each.needed ? 'breadth.reached' : 'breadth.missed')}</Tag> },
        ]}
      />
    </Section>
  );
}

function Opinions({ view: { opinions }, language }: Part): VNode {
  const t = decisionsText.in(language);
  return (
    <Section title={t('opinions.title')} id="opinions">
      {opinions.length === 0 ? <p>{t('opinions.none')}</p> : null}
      {opinions.map((opinion) => {
        const shown = opinion.texts.find((each) => each.language === language) ?? opinion.texts[0];
        return (
          <article class="decision-opinion" key={opinion.index}>
            <h3>{t(`opinion.${opinion.kind}`)}</h3>
            <p class="small muted"><a href={`/log/entries/${opinion.index}`}>{t('opinions.by', { seats: seatNumbers(opinion.seats), index: formatNumber(opinion.index, language) })}</a></p>
            {shown?.text === undefined ? <p>{t('opinions.text.none', { digest: fours(shown?.digest ?? '') })}</p> : <div class="decision-text" lang={spokenLanguage(shown.language, language)}>{shown.text.trim().split(/\n{2,}/).map((paragraph, at) => <p key={at}>{paragraph}</p>)}</div>}
          </article>
        );
      })}
    </Section>
  );
}

function Certificate({ view: { certificate, facts, roll, fileDigest, row }, language }: Part): VNode {
  const t = decisionsText.in(language);
  if (certificate === undefined) return <Section title={t('certificate.title')}><p>{t('certificate.none')}</p></Section>;
  if (!certificate.verified) return <Section title={t('certificate.title')}><Notice tone="error"><p>{t('certificate.wrong')}</p></Notice></Section>;
  const entry = (key: 'certificate.open' | 'certificate.close' | 'certificate.outcome', index: number | undefined): VNode | null => (index === undefined ? null : <li><a href={`/log/entries/${index}`}>{t(key, { index: formatNumber(index, language) })}</a></li>);
  return (
    <Section title={t('certificate.title')} lead={t('certificate.lead')} id="certificate">
      <SummaryList
        rows={[
          { label: t('certificate.seats'), value: `${certificate.seats.length}: ${seatNumbers(certificate.seats)}` },
          { label: t('certificate.outside'), value: certificate.outside.join(', ') },
          { label: t('certificate.time'), value: formatTime(new Date(certificate.timeS * 1000).toISOString(), language) },
          { label: t('certificate.size'), value: formatNumber(certificate.size, language) },
          { label: t('certificate.entries'), value: <ul class="decision-entries">{entry('certificate.open', facts.entries.open)}{entry('certificate.close', facts.entries.close)}{entry('certificate.outcome', facts.entries.outcome)}</ul> },
          { label: t('certificate.roll', { epoch: row.epoch }), value: <Exact>{fours(roll ?? '')}</Exact> },
          { label: t('certificate.file'), value: <Exact>{fours(fileDigest ?? '')}</Exact> },
        ]}
      />
    </Section>
  );
}

function Take({ view: { row, commands, certificate }, language }: Part): VNode {
  const t = decisionsText.in(language);
  const href = decisionHref(row.slot, row.round);
  return (
    <Section title={t('take.title')} id="take">
      <div class="decision-take">
        <div class="decision-take__qr">
          <QrCode text={`${commands.base}${href}`} label={t('take.qr')} />
          <p class="small"><Exact>{`${commands.base}${href}`}</Exact></p>
          <p class="small">{t('take.digits', { digits: shortDigits(row.motion) })}</p>
        </div>
        <Prose>
          {certificate === undefined ? null : <p><LinkButton href={`${href}/decision.json`}>{t('take.file')}</LinkButton></p>}
          <p><a href={`${href}/decision.pdf`}>{t('take.pdf')}</a></p>
        </Prose>
      </div>
    </Section>
  );
}
