/** What members are told by mail about a motion, in words. */

import type { Language } from '../../../base/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { Motion } from '../model.ts';
import { shortDigest } from './motion-words.ts';
import { motionText } from '../text/index.ts';

export interface MotionLetter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly button: string;
}

export function letterOf(kind: 'scheduled' | 'opened' | 'closing' | 'decided', motion: Motion, language: Language): MotionLetter {
  const t = motionText.in(language);
  const values = { number: `№ ${motion.number ?? ''}`, title: motion.title[language], closes: motion.closesAt === undefined ? '' : formatDate(motion.closesAt, language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }) };
  return {
    subject: t(`letter.${kind}-subject`, values),
    paragraphs: [t(`letter.${kind}`, values), ...(motion.digest === undefined || kind === 'decided' ? [] : [t('letter.digest', { digest: shortDigest(motion.digest) })])],
    button: t('letter.button'),
  };
}
