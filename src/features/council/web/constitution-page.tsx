/** The constitution explained to who is no mathematician: the margin as a picture, what each kind of decision needs, and what was tried. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Page, PageContext } from '../../../platform/html/index.ts';
import { Details, Figure, Notice, PageHeading, Prose, Section, SummaryList, Table } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { checkConstitution, type ClassRule, type ConstitutionReport, printConstitution, reaches } from '../../../proof/council/constitution.ts';
import { DOMAIN_KINDS } from '../../../proof/council/roll-text.ts';
import { className, constituencyName, type CouncilPack, domainName } from '../rules/council-pack.ts';
import { problemText } from '../rules/problem-text.ts';
import { councilText } from '../text/index.ts';
import { DemoNotice } from './council-page.tsx';

const DAY_S = 86_400;

interface Part {
  readonly pack: CouncilPack;
  readonly language: Language;
}

export function constitutionPage({ language }: PageContext, { pack, origin }: { readonly pack: CouncilPack; readonly origin: string }): Page {
  const t = councilText.in(language);
  const checked = checkConstitution(pack.constitution);
  const { constitution, manifest } = pack;
  return {
    title: t('constitution.title'),
    description: t('constitution.lead'),
    body: (
      <>
        <PageHeading title={t('constitution.title')} caption={manifest.name[language]} lead={t('constitution.lead')} />
        <DemoNotice origin={origin} language={language} />
        {checked.ok ? (
          <>
            <Margin pack={pack} language={language} report={checked.value} />
            <Groups pack={pack} language={language} />
            <Classes pack={pack} language={language} report={checked.value} />
          </>
        ) : (
          <Notice tone="error" title={t('constitution.broken')}><p>{problemText(checked.refusal, language)}</p></Notice>
        )}
        <Caps pack={pack} language={language} />
        <Others pack={pack} language={language} />
        <Section title={t('constitution.oath')}>
          <Prose><blockquote>{manifest.oath[language]}</blockquote></Prose>
        </Section>
        <Section title={t('constitution.text')} lead={t('constitution.text.lead')}>
          <Details summary={t('constitution.text')}><pre class="council-text">{printConstitution(constitution)}</pre></Details>
        </Section>
      </>
    ),
  };
}

const STEP = 14;
const ROW = 44;
const RADIUS = 5;

type Dot = 'signed' | 'not' | 'liar' | 'honest' | 'silent' | 'spare';

function Row({ dots, label, at }: { readonly dots: readonly Dot[]; readonly label: string; readonly at: number }): VNode {
  const y = at * ROW;
  return (
    <g>
      <text class="council-margin__label" x="0" y={y + 13}>{label}</text>
      {dots.map((dot, index) => {
        const [x, middle] = [index * STEP + STEP / 2, y + 28];
        // Shapes differ too, since colour alone says nothing to many.
        if (dot === 'liar') return <rect key={index} class="council-dot council-dot--liar" x={x - RADIUS} y={middle - RADIUS} width={RADIUS * 2} height={RADIUS * 2} />;
        if (dot === 'spare') return <path key={index} class="council-dot council-dot--spare" d={`M${x} ${middle - RADIUS - 1}L${x + RADIUS + 1} ${middle}L${x} ${middle + RADIUS + 1}L${x - RADIUS - 1} ${middle}Z`} />;
        return <circle key={index} class={`council-dot council-dot--${dot}`} cx={x} cy={middle} r={dot === 'silent' ? RADIUS - 2 : RADIUS} />;
      })}
    </g>
  );
}

function Margin({ pack: { constitution }, language, report }: Part & { readonly report: ConstitutionReport }): VNode {
  const t = councilText.in(language);
  const { seats, quorum, liars } = constitution;
  const of = (dot: (index: number) => Dot): readonly Dot[] => Array.from({ length: seats }, (_, index) => dot(index));
  const shared = seats - quorum;
  const rows: readonly { readonly dots: readonly Dot[]; readonly label: string }[] = [
    { dots: of((index) => (index < quorum ? 'signed' : 'not')), label: t('constitution.margin.first', { quorum }) },
    { dots: of((index) => (index >= shared ? 'signed' : 'not')), label: t('constitution.margin.second', { quorum }) },
    { dots: of((index) => (index < shared || index >= quorum ? 'not' : index < shared + liars ? 'liar' : 'honest')), label: t('constitution.margin.shared', { overlap: report.overlap, liars, rest: report.overlap - liars }) },
    { dots: of((index) => (index < quorum ? 'signed' : index < quorum + report.margin ? 'spare' : 'silent')), label: t('constitution.margin.live', { liars, honest: report.honest, quorum, margin: report.margin }) },
  ];
  const said = t('constitution.sentence', { liars, seats, honest: report.honestYes, honestSeats: report.honest });
  const used = [...new Set(rows.flatMap(({ dots }) => dots))];
  return (
    <Section title={t('constitution.margin')} lead={said}>
      <Figure title={t('constitution.margin.lead')} note={t('constitution.margin.note')}>
        <svg class="council-margin" viewBox={`0 0 ${seats * STEP} ${rows.length * ROW}`} role="img" aria-label={rows.map(({ label }) => label).join('. ')}>
          {rows.map(({ dots, label }, at) => <Row key={label} dots={dots} label={label} at={at} />)}
        </svg>
        <ul class="council-legend">
          {used.map((dot) => (
            <li key={dot}><svg class="council-legend__key" viewBox={`0 21 ${STEP} ${STEP}`} aria-hidden="true"><Row dots={[dot]} label="" at={0} /></svg> {t(`constitution.key.${dot}`)}</li>
          ))}
        </ul>
      </Figure>
    </Section>
  );
}

function Groups({ pack, language }: Part): VNode {
  const t = councilText.in(language);
  const { constitution, manifest } = pack;
  const largest = Math.max(...constitution.constituencies.map(({ seats }) => seats));
  return (
    <Section title={t('constitution.groups')} lead={t('constitution.groups.note', { largest, quorum: constitution.quorum, rest: constitution.seats - largest })}>
      <Table
        caption={t('constitution.groups.caption')}
        phone="stack"
        rows={constitution.constituencies}
        rowKey={({ name }) => name}
        columns={[
          { key: 'name', head: t('seats.constituency'), rowHead: true, cell: ({ name }) => constituencyName(pack, name, language) },
          { key: 'seats', head: t('numbers.seats'), numeric: true, cell: ({ seats }) => formatNumber(seats, language) },
          { key: 'reach', head: t('constitution.groups.reach'), numeric: true, cell: ({ seats }) => formatNumber(reaches('third', seats), language) },
          { key: 'who', head: t('constitution.groups.who'), width: 'wide', cell: ({ name }) => manifest.constituencies[name]?.who[language] ?? '—' },
          { key: 'by', head: t('constitution.groups.nominated'), cell: ({ name }) => manifest.constituencies[name]?.['nominated-by'][language] ?? '—' },
        ]}
      />
    </Section>
  );
}

const isWhole = (rule: ClassRule): boolean => [rule.prepareS, rule.voteS, rule.revealS, rule.standstillS].every((windowS) => windowS % DAY_S === 0);

function Classes({ pack, language, report }: Part & { readonly report: ConstitutionReport }): VNode {
  const t = councilText.in(language);
  const { constitution, manifest } = pack;
  const breadth = ({ breadth: { of, by } }: ClassRule): string => (of === 0 ? t('constitution.class.breadth.none') : t(`constitution.class.breadth.${by}`, { of }));
  // A council of a demonstration votes for seconds, and says so.
  const windows = (rule: ClassRule): string => {
    const unit = isWhole(rule) ? DAY_S : 1;
    const vote = [rule.voteS, ...(rule.sealed ? [rule.revealS] : [])].map((windowS) => formatNumber(windowS / unit, language)).join(' + ');
    return t(unit === 1 ? 'constitution.class.short' : 'constitution.class.days', { prepare: formatNumber(rule.prepareS / unit, language), vote, standstill: formatNumber(rule.standstillS / unit, language) });
  };
  const special = (rule: ClassRule): string => [rule.sealed ? t('constitution.class.sealed') : '', rule.counts === 'first' ? t('constitution.class.first') : '', rule.lapsesS > 0 ? t('constitution.class.lapses', { days: formatNumber(Math.ceil(rule.lapsesS / DAY_S), language) }) : ''].filter((one) => one !== '').join('; ');
  const stopped = (rule: ClassRule): string => {
    const veto = report.vetoes.find(({ name }) => name === rule.name);
    if (veto === undefined) return t('constitution.class.live');
    const placement = veto.placement.flatMap((liars, index) => (liars === 0 ? [] : [t('constitution.placed', { name: constituencyName(pack, constitution.constituencies[index]?.name ?? '', language), seats: liars })]));
    return t('constitution.class.veto', { placement: placement.join(', ') });
  };
  return (
    <Section title={t('constitution.classes')} lead={t('constitution.classes.lead', { placements: formatNumber(report.placements, language), liars: constitution.liars })}>
      <Table
        caption={t('constitution.classes.caption')}
        phone="stack"
        rows={constitution.classes}
        rowKey={({ name }) => name}
        columns={[
          { key: 'name', head: t('constitution.class.name'), rowHead: true, width: 'wide', cell: (rule) => <><strong>{className(pack, rule.name, language)}</strong><span class="council-under">{manifest.classes[rule.name]?.use[language] ?? ''}</span></> },
          { key: 'yes', head: t('constitution.class.yes'), numeric: true, cell: ({ yes }) => `${formatNumber(yes, language)} / ${formatNumber(constitution.seats, language)}` },
          { key: 'breadth', head: t('constitution.class.breadth'), cell: breadth },
          { key: 'windows', head: t('constitution.class.windows'), cell: (rule) => <>{windows(rule)}{special(rule) === '' ? null : <span class="council-under">{special(rule)}</span>}</> },
          { key: 'stopped', head: t('constitution.class.stopped'), cell: stopped },
        ]}
      />
    </Section>
  );
}

function Caps({ pack, language }: Part): VNode {
  const t = councilText.in(language);
  const { domainCap, modelCap } = pack.constitution;
  const capOf = (kind: string): string => (kind === 'model' ? formatNumber(modelCap, language) : kind === 'build' ? t('constitution.caps.warned', { cap: domainCap }) : formatNumber(domainCap, language));
  return (
    <Section title={t('constitution.caps')} lead={t('constitution.caps.lead', { cap: domainCap, model: modelCap })}>
      <Table
        caption={t('constitution.caps')}
        captionHidden
        phone="stack"
        rows={DOMAIN_KINDS}
        rowKey={(kind) => kind}
        columns={[
          { key: 'kind', head: t('constitution.caps.kind'), rowHead: true, cell: (kind) => domainName(pack, kind, language) },
          { key: 'cap', head: t('constitution.caps.cap'), cell: capOf },
          { key: 'why', head: t('constitution.caps.why'), width: 'wide', cell: (kind) => pack.manifest.domains[kind].why[language] },
        ]}
      />
    </Section>
  );
}

function Others({ pack: { constitution, manifest }, language }: Part): VNode {
  const t = councilText.in(language);
  const seconds = (countS: number): string => t('constitution.seconds', { size: formatNumber(countS, language) });
  return (
    <Section title={t('constitution.more')}>
      <SummaryList
        rows={[
          { label: t('constitution.minority'), value: t('constitution.minority.why', { size: constitution.minority }) },
          { label: t('constitution.block'), value: formatNumber(constitution.seats - constitution.quorum + 1, language) },
          { label: t('constitution.outside'), value: t('constitution.outside.why', { size: constitution.outside }) },
          { label: t('constitution.changes'), value: formatNumber(constitution.changes, language) },
          { label: t('constitution.delta'), value: seconds(constitution.deltaS) },
          { label: t('constitution.terms'), value: t('constitution.terms.value', { years: manifest.terms.years, most: manifest.terms.most }) },
        ]}
      />
    </Section>
  );
}
