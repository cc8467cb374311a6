/** The result of an assessment as a PDF: what holds and why, what is open, the facts, pack and digests. */

import { createHash } from 'node:crypto';
import { canonical, type Json, type Language } from '../../../base/index.ts';
import type { Outcome, Pack } from '../../../law/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { answerWords, citationWords, indexOf, isUnconfirmed, labelOf, lawbookText, type LawDates, literalList, outcomesByFamily, termsIn } from '../../lawbook/index.ts';
import type { Sheet } from '../actions/open-assessment.ts';
import { assessmentText } from '../text/index.ts';

const QUESTIONS_LISTED_MAX = 5;

/** Draws the sheet as it stands for `dates`; the digest at the foot names exactly these facts and this decision. */
export async function resultPdf(sheet: Sheet, dates: LawDates, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = assessmentText.in(language);
  const law = lawbookText.in(language);
  const { entry, pack, decision } = sheet;
  const digest = createHash('sha256').update(canonical(JSON.parse(JSON.stringify({ facts: sheet.facts, decision })) as Json), 'utf8').digest('hex');
  const members = outcomesByFamily(decision.outcomes).flatMap((family) => family.members);
  const group = (result: Outcome['result']): DocumentBlock[] => {
    const outcomes = members.filter((outcome) => outcome.result === result);
    return outcomes.length === 0 ? [] : [{ kind: 'heading', level: 1, text: law(`result.${result}`) }, ...outcomes.flatMap((outcome) => outcomeBlocks(sheet, outcome, language))];
  };
  const failing = members.filter((outcome) => outcome.result === 'fails');
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('document.system'), `${entry.record.name} (№ ${entry.number})`],
        [t('document.body'), entry.body.name],
        [t('document.dates'), t('public.as-of', { asOf: formatDate(dates.asOf, language), knownOn: formatDate(dates.knownOn, language) })],
        [t('result.summary'), decision.headline.label[language]],
        [t('result.pack'), `${pack.ref.id}@${pack.ref.version}`],
        // In halves: a line does not break inside a word of 64 letters.
        ['SHA-256', `${pack.ref.digest.slice(0, 32)} ${pack.ref.digest.slice(32)}`],
      ],
    },
    { kind: 'notice', tone: 'info', text: law('not-advice') },
    ...group('holds'),
    ...group('disputed'),
    ...group('undetermined'),
    ...(failing.length === 0 ? [] : ([{ kind: 'heading', level: 1, text: t('result.others', { count: failing.length }) }, { kind: 'list', items: failing.map((outcome) => labelOf(pack, outcome.id, language)) }] as const)),
    { kind: 'heading', level: 1, text: t('result.facts') },
    {
      kind: 'table',
      columns: [
        { label: t('answers.question'), width: 2 },
        { label: t('answers.answer'), width: 1 },
      ],
      rows: Object.entries(sheet.facts).map(([id, answer]) => {
        const fact = indexOf(pack).facts.get(id);
        return [fact?.ask[language] ?? id, typeof answer === 'object' && 'unknown' in answer ? t('answers.unknown') : answerWords(fact, answer, language)];
      }),
    },
  ];
  return renderDocument({ language, title: t('document.title'), subtitle: entry.record.name, issuer, date: formatDate(dates.asOf, language), digest }, blocks);
}

function outcomeBlocks({ pack }: Sheet, outcome: Outcome, language: Language): DocumentBlock[] {
  const t = assessmentText.in(language);
  const plain = pack.conclusions.find((one) => one.id === outcome.id)?.plain[language];
  const reason = outcome.reasons[0];
  return [
    { kind: 'heading', level: 2, text: labelOf(pack, outcome.id, language) },
    ...(plain === undefined ? [] : [{ kind: 'paragraph', text: plain } as const]),
    ...(outcome.result === 'holds' && outcome.dates.appliesFrom !== undefined
      ? [{ kind: 'paragraph', text: `${t('result.applies-from', { date: formatDate(outcome.dates.appliesFrom, language) })}, ${outcome.dates.applies ? t('result.applies-now') : t('result.applies-later')}.` } as const]
      : []),
    ...(reason === undefined
      ? []
      : [
          { kind: 'heading', level: 3, text: t('result.because') } as const,
          {
            kind: 'list',
            items: literalList(pack, reason.because, language, termsIn(language)).map((words) => `${words.question} ${words.answer}`),
          } as const,
        ]),
    ...(outcome.ask.length === 0
      ? []
      : [{ kind: 'heading', level: 3, text: t('result.open') } as const, { kind: 'list', items: outcome.ask.slice(0, QUESTIONS_LISTED_MAX).map((fact) => indexOf(pack).facts.get(fact)?.ask[language] ?? fact) } as const]),
    { kind: 'paragraph', text: `${t('result.sources')}: ${outcome.sources.map((source) => citationWords(pack, source, language)).join('; ')}${marksOf(pack, outcome, language).map((mark) => ` [${mark}]`).join('')}` },
  ];
}

/** What a reader of the paper must not miss: a source nobody verified, a national rule counsel has not confirmed. */
function marksOf(pack: Pack, outcome: Outcome, language: Language): readonly string[] {
  return [
    ...(outcome.evidence === 'K' ? [assessmentText.in(language)('result.unverified')] : []),
    ...(isUnconfirmed(pack, outcome.authority) ? [lawbookText.in(language)('rule.unconfirmed')] : []),
  ];
}
