/** Minutes as a PDF; signed ones carry their place in the log and the digest that the note names. */

import type { Language } from '../../../base/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatNumber, formatTime, formatDate } from '../../../platform/text/index.ts';
import type { MinutesView } from '../actions/open-secretariat.ts';
import { secretariatText } from '../text/index.ts';

export async function minutesPdf({ sitting, minutes }: MinutesView, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = secretariatText.in(language);
  const digest = minutes.digests?.[language];
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('field.kind'), t(`kind.${sitting.kind}`)],
        [t('field.starts'), formatTime(sitting.startsAt, language)],
        [t('field.state'), t(`minutes-state.${minutes.state}`)],
        ...(minutes.entry === undefined ? [] : [[t('minutes.entry'), formatNumber(minutes.entry, language)] as const]),
      ],
    },
    ...(minutes.state === 'signed' ? [] : [{ kind: 'notice', tone: 'warning', text: t('minutes.pdf-draft') } as const]),
    ...minutes.paragraphs.map((paragraph, index): DocumentBlock => ({ kind: 'paragraph', text: `${index + 1}. ${paragraph[language]}` })),
  ];
  return renderDocument({ language, title: t('minutes.of', { number: sitting.number }), subtitle: sitting.title[language], issuer, date: formatDate(minutes.signedAt ?? minutes.changedAt, language), ...(digest === undefined ? {} : { digest }) }, blocks);
}
