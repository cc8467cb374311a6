/** A decision on paper: what the page says, with the digits and the QR code by which paper leads back to the proof. */

import type { Language } from '../../../base/index.ts';
import { isDemo } from '../../../proof/council/admitted-roll.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatNumber, formatTime } from '../../../platform/text/index.ts';
import { decisionsText } from '../text/index.ts';
import { verifyText } from '../text/verify/index.ts';
import { type DecisionPageView, isAlone, remarksOf, sentenceOf, voteWords } from './decision-page.tsx';
import { qrSvg } from './qr-code.tsx';
import { commandsOf } from './verify-steps.tsx';
import { classWord, decisionHref, fours, groupWord, seatNumber, seatNumbers, shortDigits } from './words.ts';

const QR_MM = 32;

export async function decisionPdf(view: DecisionPageView, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = decisionsText.in(language);
  const { row, motion, certificate, commands, roll, fileDigest } = view;
  const address = `${commands.base}${decisionHref(row.slot, row.round)}`;
  const text = motion.texts[language] ?? motion.texts[motion.authentic];
  const time = (instant: string): string => formatTime(instant, language);
  const blocks: DocumentBlock[] = [
    ...(isDemo(view.origin) ? [{ kind: 'notice', tone: 'warning', text: verifyText.in(language)('demo') } as const] : []),
    { kind: 'notice', tone: row.result === 'carried' ? 'success' : 'info', text: sentenceOf(view, language) },
    {
      kind: 'facts',
      rows: [
        [t('fact.motion'), row.number],
        ...(row.kindLabel === undefined ? [] : [[t('fact.kind'), row.kindLabel[language]] as const]),
        [t('fact.class'), classWord(row.class, language)],
        [t('fact.decided'), time(row.decidedAt)],
        ...(row.inForceAt === undefined ? [] : [[t('fact.force'), time(row.inForceAt)] as const]),
        ...(motion.effect === undefined || row.result !== 'carried' ? [] : [[t('fact.effect'), motion.effect[language]] as const]),
        ...(motion.basis.length === 0 ? [] : [[t('fact.basis'), motion.basis.join('; ')] as const]),
        [t('fact.digest'), fours(row.motion)],
      ],
    },
    { kind: 'heading', level: 1, text: t('page.text') },
    ...(text === undefined ? [{ kind: 'paragraph', text: t('page.text.none') } as const] : text.trim().split(/\n{2,}/).map((paragraph) => ({ kind: 'paragraph', text: paragraph }) as const)),
    { kind: 'heading', level: 1, text: t('votes.title') },
    {
      kind: 'table',
      columns: [{ label: t('votes.seat') }, { label: t('votes.constituency'), width: 2 }, { label: t('votes.vote'), width: 2 }, { label: t('votes.remark'), width: 4 }],
      rows: view.seats.map((seat) => [seatNumber(seat.seat), groupWord(seat.constituency, language), voteWords(seat, view.facts.options.length > 1, language), remarksOf(seat, view.facts.options.length > 1, language).join('; ')]),
    },
    ...opinionBlocks(view, language),
    ...(certificate?.verified === true
      ? ([
          { kind: 'heading', level: 1, text: t('certificate.title') },
          {
            kind: 'facts',
            rows: [
              [t('certificate.seats'), seatNumbers(certificate.seats)],
              [t('certificate.outside'), certificate.outside.join(', ')],
              [t('certificate.time'), time(new Date(certificate.timeS * 1000).toISOString())],
              [t('certificate.size'), formatNumber(certificate.size, language)],
              [t('certificate.roll', { epoch: row.epoch }), fours(roll ?? '')],
              [t('certificate.file'), fours(fileDigest ?? '')],
            ],
          },
        ] as const)
      : []),
    { kind: 'heading', level: 1, text: t('verify.title') },
    { kind: 'paragraph', text: t('verify.pin.why') },
    ...(roll === undefined ? [] : commandsOf({ ...commands, slot: row.slot, round: row.round, roll, isAlone: isAlone(view) }).mizan.split('\n').map((line) => ({ kind: 'paragraph', text: line }) as const)),
    { kind: 'picture', svg: qrSvg(address), widthMm: QR_MM, label: t('take.qr') },
    { kind: 'paragraph', text: address },
    { kind: 'paragraph', text: t('take.digits', { digits: shortDigits(row.motion) }) },
  ];
  return renderDocument({ language, title: t('document.title'), subtitle: row.title[language], issuer, date: time(row.decidedAt), ...(fileDigest === undefined ? {} : { digest: fileDigest }) }, blocks);
}

function opinionBlocks({ opinions }: DecisionPageView, language: Language): readonly DocumentBlock[] {
  const t = decisionsText.in(language);
  if (opinions.length === 0) return [];
  return [
    { kind: 'heading', level: 1, text: t('opinions.title') },
    ...opinions.flatMap((opinion): readonly DocumentBlock[] => {
      const shown = opinion.texts.find((each) => each.language === language) ?? opinion.texts[0];
      return [
        { kind: 'heading', level: 2, text: t(`opinion.${opinion.kind}`) },
        { kind: 'paragraph', text: t('opinions.by', { seats: seatNumbers(opinion.seats), index: formatNumber(opinion.index, language) }) },
        { kind: 'paragraph', text: shown?.text ?? t('opinions.text.none', { digest: fours(shown?.digest ?? '') }) },
      ];
    }),
  ];
}
