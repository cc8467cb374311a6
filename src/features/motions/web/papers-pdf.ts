/** The papers of a motion as a PDF: texts, basis, parties, annexes and their digests. */

import { LANGUAGES, type Language } from '../../../base/index.ts';
import { type DocumentBlock, type DocumentHead, renderDocument } from '../../../platform/documents/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { MotionView } from '../model.ts';
import { paragraphsOf, shortDigest } from '../rules/motion-words.ts';
import { className } from '../rules/words.ts';
import { motionText } from '../text/index.ts';
import { numberOf } from './list-page.tsx';

const halves = (digest: string): string => `${digest.slice(0, 32)} ${digest.slice(32)}`;

export async function papersPdf({ motion, annexes }: MotionView, preview: { readonly digest: string } | undefined, language: Language, issuer: DocumentHead['issuer']): Promise<Uint8Array> {
  const t = motionText.in(language);
  const blocks: DocumentBlock[] = [
    {
      kind: 'facts',
      rows: [
        [t('list.kind'), t(`kind.${motion.kind}`)],
        [t('field.class'), className(motion.class, language)],
        [t('list.state'), t(`state.${motion.state}`)],
        [t('field.parties'), motion.parties.length === 0 ? t('page.none') : motion.parties.join(', ')],
        ...(preview === undefined ? [] : [[t(motion.digest === undefined ? 'page.digest-preview' : 'page.digest'), shortDigest(preview.digest)] as const]),
      ],
    },
    { kind: 'heading', level: 2, text: t('field.basis') },
    { kind: 'list', items: motion.basis },
    { kind: 'heading', level: 2, text: t('page.effect') },
    { kind: 'paragraph', text: t(`effect.${motion.kind}`) },
    { kind: 'notice', tone: 'info', text: t('page.authentic', { language: t(`language.${motion.authentic}`) }) },
    ...[language, ...LANGUAGES.filter((one) => one !== language)].flatMap((spoken): DocumentBlock[] => [
      { kind: 'heading', level: 1, text: `${t(`language.${spoken}`)}: ${motion.title[spoken]}` },
      ...paragraphsOf(motion.body[spoken]).map((paragraph, index): DocumentBlock => ({ kind: 'paragraph', text: `${index + 1}. ${paragraph}` })),
    ]),
    ...(annexes.length === 0 ? [] : [{ kind: 'heading', level: 1, text: t('page.annexes') } as const, { kind: 'list', items: annexes.map(({ name, sha256, bytes }, index) => `${index + 1}. ${name}, ${bytes} B, SHA-256 ${halves(sha256)}`) } as const]),
  ];
  return renderDocument({ language, title: motion.title[language], subtitle: numberOf(motion, language), issuer, date: formatDate(motion.changedAt, language), ...(preview === undefined ? {} : { digest: preview.digest }) }, blocks);
}
