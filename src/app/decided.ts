/** What published decisions tell of their motion: kind, papers and effect in the words of the feature of motions. */

import { type Language, LANGUAGES } from '../base/index.ts';
import type { MotionTold } from '../features/decisions/index.ts';
import { type Motions, motionText } from '../features/motions/index.ts';

const inAll = (word: (language: Language) => string): Readonly<Record<Language, string>> => Object.fromEntries(LANGUAGES.map((language) => [language, word(language)])) as Record<Language, string>;

export function motionsTold(motions: Pick<Motions, 'papers'>): (digest: string) => Promise<MotionTold | undefined> {
  return async (digest) => {
    const papers = await motions.papers(digest);
    if (papers === undefined) return undefined;
    const { motion, texts } = papers;
    return {
      number: motion.number ?? '',
      option: motion.option,
      authentic: motion.authentic,
      texts,
      basis: motion.basis,
      parties: motion.parties,
      kind: { word: motion.kind, label: inAll((language) => motionText.in(language)(`kind.${motion.kind}`)) },
      href: `/motions/${motion.id}`,
      effect: inAll((language) => motionText.in(language)(`effect.${motion.kind}`)),
    };
  };
}
