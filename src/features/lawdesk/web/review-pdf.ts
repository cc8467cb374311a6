/** Counsel's remarks as a PDF: what was reviewed, what is open, and every remark with what it was bound to. */

import { createHash } from 'node:crypto';
import { canonical, type CivilDate, type Json, type Language } from '../../../base/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import { articleWords, lawbookText } from '../../lawbook/index.ts';
import type { ReviewSheet } from '../actions/reviews.ts';
import { citationsOf } from '../rules/entries.ts';
import type { RemarkOut } from '../rules/remarks-csv.ts';
import { REVIEW_STATES, type ReviewState } from '../rules/review-state.ts';
import { lawdeskReviewText } from '../text/review/index.ts';
import { kindWords, titleWords } from './words.tsx';

/** Remarks in one document; more are in the CSV and JSON, and the document says so. */
export const REMARKS_PRINTED_MAX = 1_500;

export interface RemarksPdfParts {
  readonly sheet: ReviewSheet;
  readonly remarks: readonly RemarkOut[];
  /** Empty: everybody. */
  readonly reviewer: string;
  readonly issuer: DocumentHead['issuer'];
  readonly today: CivilDate;
}

export async function remarksPdf({ sheet, remarks, reviewer, issuer, today }: RemarksPdfParts, language: Language): Promise<Uint8Array> {
  const t = lawdeskReviewText.in(language);
  const { pack } = sheet.version;
  const rows = new Map(sheet.rows.map((row) => [`${row.entry.kind}:${row.entry.id}`, row]));
  const digest = createHash('sha256').update(canonical(JSON.parse(JSON.stringify(remarks)) as Json), 'utf8').digest('hex');
  const printed = remarks.slice(0, REMARKS_PRINTED_MAX);
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('pdf.pack'), `${pack.title[language]} (${pack.ref.id}@${pack.ref.version})`],
        ['SHA-256', `${pack.ref.digest.slice(0, 32)} ${pack.ref.digest.slice(32)}`],
        [t('pdf.reviewer'), reviewer === '' ? t('export.everybody') : reviewer],
        [t('progress.label'), t('progress.words', { done: formatNumber(sheet.reviewed, language), total: formatNumber(sheet.rows.length, language) })],
        ...REVIEW_STATES.map((state): readonly [string, string] => [t(`state.${state}`), formatNumber(sheet.counts[state], language)]),
      ],
    },
    { kind: 'notice', tone: 'info', text: `${t('sign-in.body')} ${lawbookText.in(language)('not-advice')}` },
    { kind: 'heading', level: 1, text: t('pdf.remarks', { count: remarks.length }) },
    ...(remarks.length > printed.length ? [{ kind: 'notice', tone: 'warning', text: t('pdf.more', { shown: printed.length, count: remarks.length }) } as const] : []),
    ...printed.flatMap((remark): DocumentBlock[] => {
      const entry = rows.get(`${remark.kind}:${remark.entry}`)?.entry;
      const articles = entry === undefined ? [] : citationsOf(entry).map((cite) => articleWords(cite.article, language));
      return [
        { kind: 'heading', level: 2, text: entry === undefined ? remark.entry : titleWords(entry, language) },
        {
          kind: 'facts',
          rows: [
            [entry === undefined ? t('filter.kind') : kindWords(entry.kind, language), remark.entry],
            ...(articles.length === 0 ? [] : [[lawbookText.in(language)('rule.sources'), articles.join('; ')] as const]),
            [t('form.verdict'), `${t(`verdict.${remark.verdict as Exclude<ReviewState, 'open' | 'changed'>}`)}${remark.standing ? '' : ` (${t('state.changed')})`}`],
            ...(remark.remark === '' ? [] : [[t('form.remark'), remark.remark] as const]),
            ...(remark.proposal === '' ? [] : [[t('form.proposal'), remark.proposal] as const]),
            [t('pdf.who'), `${remark.reviewer}, ${remark.licence}, ${formatDate(remark.madeAt, language)}`],
            [t('pdf.entry-digest'), remark.entryDigest.slice(0, 32)],
          ],
        },
      ];
    }),
  ];
  return renderDocument({ language, title: t('pdf.title'), subtitle: pack.title[language], issuer, date: formatDate(today, language), digest }, blocks);
}
