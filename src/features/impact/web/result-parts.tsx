/** The result of an assessment in words, tables and charts, by the kind of scoring. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { ChecklistResult, GridResult, RightsResult, ScoreResult, TalliesResult } from '../../../law/questionnaire/index.ts';
import { barChart, type Chart, stackedBarChart } from '../../../platform/charts/index.ts';
import { ChartFigure, Notice, ResultTag, Section, Stat, Stats, Table, Tag } from '../../../platform/html/components/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import { labelOf } from '../../lawbook/index.ts';
import type { ImpactView, LawView } from '../model.ts';
import { levelLabel, pageTitle, questionOf } from '../rules/answer-text.ts';
import { impactText } from '../text/index.ts';

interface Part<R> {
  readonly view: ImpactView;
  readonly result: R;
  readonly language: Language;
}

export function ResultParts({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode | null {
  const { result } = view.assessed;
  switch (result.kind) {
    case 'tallies':
      return <Points view={view} result={result} language={language} />;
    case 'grid':
      return <Grid view={view} result={result} language={language} />;
    case 'rights':
      return <Rights view={view} result={result} language={language} />;
    case 'checklist':
      return <Checklist view={view} result={result} language={language} />;
    case 'law':
      return <LawResult view={view} language={language} />;
    case 'none':
      return null;
  }
}

/** The level only when complete; before that the words “so far” go with every figure. */
export function levelOf(result: ScoreResult): string | undefined {
  return 'level' in result ? result.level : undefined;
}

/** The figures first, before what follows from them. */
export function Headline({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode | null {
  const t = impactText.in(language);
  const { questionnaire, assessed } = view;
  const { scoring } = questionnaire;
  const { result } = assessed;
  if (result.kind !== 'tallies') return null;
  const soFar = assessed.isComplete ? undefined : t('result.so-far');
  const share = result.max === 0 ? 0 : result.value / result.max;
  const percent = scoring.kind === 'tallies' && scoring.reduction !== undefined ? formatNumber(scoring.reduction.byShare, language, { style: 'percent' }) : '';
  const words = { tally: tallyLabel(view, result.reduction?.tally ?? '', language), threshold: formatNumber(result.reduction?.threshold ?? 0, language), percent };
  return (
    <>
      <Stats>
        <Stat label={t('result.score')} value={t('result.of', { value: result.value, max: result.max })} note={soFar ?? formatNumber(share, language, { style: 'percent', maximumFractionDigits: 1 })} />
        {result.tallies.map((tally) => (
          <Stat key={tally.id} label={tallyLabel(view, tally.id, language)} value={t('result.of', { value: tally.value, max: tally.max })} note={soFar} />
        ))}
      </Stats>
      {result.reduction === undefined ? null : <p>{result.reduction.reached ? t('result.reduced', { ...words, before: result.before, after: result.value }) : t('result.not-reduced', words)}</p>}
    </>
  );
}

function tallyLabel({ questionnaire: { scoring } }: ImpactView, id: string, language: Language): string {
  return (scoring.kind === 'tallies' ? scoring.tallies.find((tally) => tally.id === id)?.label[language] : undefined) ?? id;
}

function Points({ view, result, language }: Part<TalliesResult>): VNode {
  const t = impactText.in(language);
  const { questionnaire } = view;
  return (
    <>
      {result.tallies.map((tally) => {
        const chart = tallyChart(view, tally, language);
        return chart === undefined ? null : <ChartFigure key={tally.id} title={t('result.by-page', { tally: tallyLabel(view, tally.id, language) })} chart={chart} />;
      })}
      <Section title={t('result.contributions')} lead={t('result.contributions-lead')}>
        <Table
          caption={t('result.contributions')}
          captionHidden
          phone="stack"
          dense
          rows={result.tallies.flatMap((tally) => tally.contributions.filter((one) => one.value !== 0).map((one) => ({ ...one, tally: tally.id })))}
          empty={t('result.no-points')}
          rowKey={(one) => one.question}
          columns={[
            { key: 'question', head: t('result.question'), rowHead: true, cell: (one) => <a href={`/impact/${view.row.id}/pages/${one.page}#q-${one.question.replaceAll('.', '-')}`}>{questionOf(questionnaire, one.question)?.ask[language] ?? one.question}</a> },
            { key: 'tally', head: t('result.counts-in'), cell: (one) => tallyLabel(view, one.tally, language) },
            { key: 'points', head: t('result.points'), numeric: true, cell: (one) => t('result.of', { value: one.value, max: one.max }) },
          ]}
        />
      </Section>
    </>
  );
}

/** Points reached and points still possible, page by page. */
function tallyChart(view: ImpactView, tally: TalliesResult['tallies'][number], language: Language): Chart | undefined {
  const t = impactText.in(language);
  const pages = [...new Set(tally.contributions.map((one) => one.page))];
  if (pages.length < 2) return undefined;
  const sum = (page: string, of: 'value' | 'max'): number => tally.contributions.filter((one) => one.page === page).reduce((total, one) => total + one[of], 0);
  return stackedBarChart({
    language,
    categoryLabel: t('result.part'),
    valueLabel: t('result.points'),
    series: [t('result.reached'), t('result.possible')],
    bars: pages.map((page) => ({ label: pageTitle(view.questionnaire, page, language), values: [sum(page, 'value'), sum(page, 'max') - sum(page, 'value')] })),
  });
}

function LevelCell({ view, level, language }: { readonly view: ImpactView; readonly level: string | undefined; readonly language: Language }): VNode {
  const { levels } = view.questionnaire;
  const rank = levels.findIndex((one) => one.id === level);
  if (rank === -1) return <Tag mark="empty">{impactText.in(language)('result.open')}</Tag>;
  const tone = rank === levels.length - 1 ? 'error' : rank === 0 ? 'success' : 'warning';
  return <Tag tone={tone}>{levelLabel(view.questionnaire, level, language)}</Tag>;
}

function Grid({ view, result, language }: Part<GridResult>): VNode | null {
  const t = impactText.in(language);
  const { scoring } = view.questionnaire;
  if (scoring.kind !== 'grid') return null;
  const label = (id: string): string => scoring.risks.find((risk) => risk.id === id)?.label[language] ?? id;
  return (
    <Section title={t('result.risks')}>
      <Table
        caption={t('result.risks')}
        captionHidden
        phone="stack"
        rows={result.risks}
        empty={t('result.no-risks')}
        columns={[
          { key: 'risk', head: t('result.risk'), rowHead: true, cell: (risk) => (risk.name === undefined ? label(risk.id) : `${label(risk.id)}: ${risk.name}`) },
          { key: 'down', head: scoring.down[language], cell: (risk) => risk.down ?? t('result.open') },
          { key: 'across', head: scoring.across[language], cell: (risk) => risk.across ?? t('result.open') },
          { key: 'level', head: t('result.level'), cell: (risk) => <LevelCell view={view} level={risk.level} language={language} /> },
        ]}
      />
    </Section>
  );
}

function Rights({ view, result, language }: Part<RightsResult>): VNode | null {
  const t = impactText.in(language);
  const { scoring } = view.questionnaire;
  if (scoring.kind !== 'rights') return null;
  const column = questionOf(view.questionnaire, scoring.rows)?.columns.find((one) => one.id === scoring.right);
  const right = (id: string | undefined): string => column?.choices.find((choice) => choice.id === id)?.label[language] ?? id ?? t('result.open');
  const counts = view.questionnaire.levels.map((level) => ({ label: level.label[language], value: result.rows.filter((row) => row.level === level.id).length }));
  return (
    <Section title={t('result.rights')}>
      {result.rows.length < 2 ? null : <ChartFigure title={t('result.rights-by-level')} chart={barChart({ language, categoryLabel: t('result.level'), valueLabel: t('result.rights'), bars: counts })} />}
      <Table
        caption={t('result.rights')}
        captionHidden
        phone="stack"
        rows={result.rows}
        empty={t('result.no-risks')}
        columns={[
          { key: 'right', head: t('result.right'), rowHead: true, cell: (row) => right(row.right) },
          { key: 'group', head: t('result.group'), cell: (row) => row.group ?? '' },
          { key: 'severity', head: t('result.severity'), cell: (row) => (row.severity === undefined ? t('result.open') : row.severity === row.plainSeverity ? row.severity : t('result.raised', { from: row.plainSeverity ?? 0, to: row.severity })) },
          { key: 'probability', head: t('result.probability'), cell: (row) => row.probability ?? t('result.open') },
          { key: 'level', head: t('result.level'), cell: (row) => <LevelCell view={view} level={row.level} language={language} /> },
        ]}
      />
    </Section>
  );
}

function Checklist({ view, result, language }: Part<ChecklistResult>): VNode {
  const t = impactText.in(language);
  const chart =
    result.pages.length === 0
      ? undefined
      : stackedBarChart({
          language,
          categoryLabel: t('result.part'),
          valueLabel: t('result.answers'),
          // In this order “no” gets the colour that warns.
          series: [t('check.yes'), t('check.partial'), t('check.na'), t('result.open'), t('check.no')],
          bars: result.pages.map(({ page, counts, open }) => ({ label: pageTitle(view.questionnaire, page, language), values: [counts.yes, counts.partial, counts.na, open, counts.no] })),
        });
  return (
    <>
      {chart === undefined ? null : <ChartFigure title={t('result.checklist')} chart={chart} note={t('result.no-total')} />}
      <Section title={t('result.gaps')}>
        <Table
          caption={t('result.gaps')}
          captionHidden
          phone="stack"
          rows={result.gaps}
          empty={t('result.no-gaps')}
          rowKey={(gap) => gap.question}
          columns={[
            { key: 'question', head: t('result.question'), rowHead: true, cell: (gap) => <a href={`/impact/${view.row.id}/pages/${gap.page}#q-${gap.question.replaceAll('.', '-')}`}>{questionOf(view.questionnaire, gap.question)?.ask[language] ?? gap.question}</a> },
            { key: 'why', head: t('result.gap'), cell: (gap) => (gap.why === 'no-evidence' ? t('result.no-evidence') : t(`check.${gap.why}`)) },
          ]}
        />
      </Section>
    </>
  );
}

function LawResult({ view, language }: { readonly view: ImpactView; readonly language: Language }): VNode {
  const t = impactText.in(language);
  const { scoring } = view.questionnaire;
  if (view.law === undefined || scoring.kind !== 'law') {
    return (
      <Notice tone="warning">
        <p>{t('result.no-law')}</p>
      </Notice>
    );
  }
  const { pack, decision } = view.law;
  const shown = shownOutcomes(view.law, scoring.shows);
  return (
    <Section title={t('result.law')} lead={t('result.law-lead', { pack: `${pack.ref.id} ${pack.ref.version}` })}>
      <Notice tone="warning" title={decision.headline.label[language]} />
      <ul class="impact-outcomes">
        {shown.map((outcome) => (
          <li key={outcome.id}>
            <ResultTag result={outcome.result} /> <a href={`/lawbook/${pack.ref.id}/regime/${outcome.id}?asOf=${decision.asOf}&knownOn=${decision.knownOn}`}>{labelOf(pack, outcome.id, language)}</a>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The outcomes a questionnaire wants shown: conclusions by id, or all of a family. */
export function shownOutcomes({ pack, decision }: LawView, shows: readonly string[]): LawView['decision']['outcomes'] {
  const family = new Map(pack.conclusions.map((conclusion) => [conclusion.id, conclusion.family]));
  return decision.outcomes.filter((outcome) => shows.includes(outcome.id) || shows.includes(family.get(outcome.id) ?? ''));
}
