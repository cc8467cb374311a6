/** The manifest of a motion and its digest, from what is kept of it. */

import { LANGUAGES } from '../../../base/index.ts';
import { hex, utf8 } from '../../../proof/bytes.ts';
import { printMotion } from '../../../proof/council/motion-text.ts';
import type { Suite } from '../../../proof/suite.ts';
import type { AnnexRow, Motion } from '../model.ts';
import { writtenTexts } from './motion-words.ts';

export const sha256Of = (suite: Suite, text: string): string => hex(suite.sha256(utf8(text)));

export interface Papers {
  readonly manifest: string;
  /** 64 hexadecimal digits. */
  readonly digest: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** Pure, so that whoever holds texts and annexes can make the same manifest; `number` has to be given by then. */
export function papersOf(suite: Suite, council: string, motion: Motion & { readonly number: string }, annexes: readonly AnnexRow[]): Papers {
  const texts = writtenTexts(motion.title, motion.body);
  const manifest = printMotion({
    council,
    number: motion.number,
    option: motion.option,
    class: motion.class,
    authentic: motion.authentic,
    texts: LANGUAGES.map((language) => ({ language, digest: sha256Of(suite, texts[language]) })),
    annexes: annexes.toSorted((one, other) => one.position - other.position).map(({ sha256, bytes, mediaType }) => ({ digest: sha256, bytes, type: mediaType })),
    basis: motion.basis,
    parties: motion.parties,
  });
  return { manifest, digest: sha256Of(suite, manifest), texts };
}
