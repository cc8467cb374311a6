/** An assessment as a PDF: result, consequences, all answers, documents, and the digests that name them. */

import { canonical, type Language } from '../../../base/index.ts';
import { rowsOf } from '../../../law/questionnaire/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import { labelOf, lawbookText } from '../../lawbook/index.ts';
import type { ImpactView } from '../model.ts';
import { answerText, levelLabel, pageTitle, questionOf, rowText } from '../rules/answer-text.ts';
import { sha256 } from '../rules/seal-record.ts';
import { impactText } from '../text/index.ts';
import { levelOf, shownOutcomes } from './result-parts.tsx';

/** The foot names the seal; of an unfinished one, the answers as they stand. */
export async function impactPdf(view: ImpactView, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = impactText.in(language);
  const { row, questionnaire, seal } = view;
  const digest = seal?.sha256 ?? sha256(canonical(view.answers));
  const halves = (text: string): string => `${text.slice(0, 32)} ${text.slice(32)}`;
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('page.system'), row.systemName],
        [t('document.body'), row.bodyName],
        [t('document.assessment'), `№ ${row.number}`],
        [t('page.version'), `${questionnaire.ref.id} ${questionnaire.ref.version}`],
        [t('document.questionnaire-digest'), halves(questionnaire.ref.digest)],
        [t('page.source'), questionnaire.source.title],
        [t('list.state'), t(`state.${row.state}`)],
      ],
    },
    ...resultBlocks(view, language),
    ...answerBlocks(view, language),
    ...(view.evidence.length === 0 ? [] : ([{ kind: 'heading', level: 1, text: t('evidence.title') }, { kind: 'list', items: view.evidence.map((item) => `${questionOf(questionnaire, item.question)?.ask[language] ?? item.question}: ${item.name} (SHA-256 ${halves(item.sha256)})`) }] as const)),
  ];
  return renderDocument({ language, title: questionnaire.title[language], subtitle: row.systemName, issuer, date: formatDate(seal?.sealedAt ?? row.changedAt, language), digest }, blocks);
}

function resultBlocks(view: ImpactView, language: Language): DocumentBlock[] {
  const t = impactText.in(language);
  const { questionnaire, assessed } = view;
  const label = levelLabel(questionnaire, levelOf(assessed.result), language);
  return [
    { kind: 'heading', level: 1, text: t('page.result') },
    ...(assessed.isComplete ? [] : [{ kind: 'notice', tone: 'warning', text: `${t('result.incomplete')}. ${t('result.incomplete-body', { count: assessed.missing.length })}` } as const]),
    ...(assessed.isComplete && label !== undefined ? [{ kind: 'notice', tone: 'info', text: t('result.level-is', { level: label }) } as const] : []),
    ...scoreBlocks(view, language),
    ...(assessed.consequences.length === 0
      ? []
      : ([{ kind: 'heading', level: 2, text: t('result.consequences') }, { kind: 'list', items: assessed.consequences.map((one) => [one.label[language], one.plain?.[language]].filter((part) => part !== undefined).join(': ')) }] as const)),
  ];
}

function scoreBlocks({ assessed, questionnaire, law }: ImpactView, language: Language): DocumentBlock[] {
  const t = impactText.in(language);
  const { result } = assessed;
  const { scoring } = questionnaire;
  const of = (value: number, max: number): string => t('result.of', { value, max });
  if (result.kind === 'tallies' && scoring.kind === 'tallies') {
    const label = (id: string): string => scoring.tallies.find((tally) => tally.id === id)?.label[language] ?? id;
    return [{ kind: 'facts', rows: [[t('result.score'), assessed.isComplete ? of(result.value, result.max) : `${of(result.value, result.max)}, ${t('result.so-far')}`], ...result.tallies.map((tally) => [label(tally.id), of(tally.value, tally.max)] as const)] }];
  }
  if (result.kind === 'grid' && scoring.kind === 'grid') {
    const label = (id: string): string => scoring.risks.find((risk) => risk.id === id)?.label[language] ?? id;
    const columns = [{ label: t('result.risk'), width: 3 }, { label: scoring.down[language] }, { label: scoring.across[language] }, { label: t('result.level') }];
    return [{ kind: 'table', columns, rows: result.risks.map((risk) => [risk.name === undefined ? label(risk.id) : `${label(risk.id)}: ${risk.name}`, String(risk.down ?? ''), String(risk.across ?? ''), levelLabel(questionnaire, risk.level, language) ?? '']) }];
  }
  if (result.kind === 'rights' && scoring.kind === 'rights') {
    const right = questionOf(questionnaire, scoring.rows)?.columns.find((column) => column.id === scoring.right);
    const columns = [{ label: t('result.right'), width: 3 }, { label: t('result.group'), width: 2 }, { label: t('result.severity') }, { label: t('result.probability') }, { label: t('result.level') }];
    return [{ kind: 'table', columns, rows: result.rows.map((row) => [right?.choices.find((choice) => choice.id === row.right)?.label[language] ?? '', row.group ?? '', String(row.severity ?? ''), String(row.probability ?? ''), levelLabel(questionnaire, row.level, language) ?? '']) }];
  }
  if (result.kind === 'checklist') {
    const columns = [{ label: t('result.part'), width: 3 }, ...(['yes', 'partial', 'no', 'na'] as const).map((value) => ({ label: t(`check.${value}`), numeric: true })), { label: t('result.open'), numeric: true }];
    return [{ kind: 'table', columns, rows: result.pages.map((page) => [pageTitle(questionnaire, page.page, language), ...[page.counts.yes, page.counts.partial, page.counts.no, page.counts.na, page.open].map((count) => formatNumber(count, language))]) }];
  }
  if (scoring.kind !== 'law' || law === undefined) return [];
  return [{ kind: 'list', items: shownOutcomes(law, scoring.shows).map((outcome) => `${labelOf(law.pack, outcome.id, language)}: ${lawbookText.in(language)(`result.${outcome.result}`)}`) }];
}

function answerBlocks({ questionnaire, assessed }: ImpactView, language: Language): DocumentBlock[] {
  const t = impactText.in(language);
  return questionnaire.pages.flatMap((page): DocumentBlock[] => {
    const shown = page.questions.filter((question) => question.type !== 'note' && assessed.visibility.get(question.id)?.sight !== 'hidden');
    if (shown.length === 0) return [];
    const plain = shown.filter((question) => question.type !== 'table');
    return [
      { kind: 'heading', level: 1, text: page.title[language] },
      ...(plain.length === 0
        ? []
        : ([{ kind: 'table', columns: [{ label: t('result.question'), width: 3 }, { label: t('result.answer'), width: 2 }], rows: plain.map((question) => [question.ask[language], answerText(question, assessed.counting[question.id], language)]) }] as const)),
      ...shown
        .filter((question) => question.type === 'table')
        .flatMap((question): DocumentBlock[] => {
          const rows = rowsOf(assessed.counting[question.id]);
          return [
            { kind: 'heading', level: 2, text: question.ask[language] },
            rows.length === 0 ? { kind: 'paragraph', text: t('answer.none') } : { kind: 'list', items: rows.map((row) => rowText(question, row, language)) },
          ];
        }),
    ];
  });
}
