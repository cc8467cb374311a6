/** The letters of identity, in the language of their reader. */

import type { Language } from '../../../base/index.ts';
import type { Role } from '../model.ts';
import { identityText } from '../text/index.ts';
import type { Letter, Parts } from './parts.ts';

export type LetterKind = 'invitation' | 'recovery' | 'address-new' | 'address-old' | 'password-changed' | 'factor-changed';

export interface LetterGiven {
  readonly kind: LetterKind;
  readonly to: string;
  readonly language: Language;
  /** Where the button leads; letters that only tell something have none. */
  readonly url?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly role?: Role;
}

export function letterOf({ platformName }: Pick<Parts, 'platformName'>, { kind, to, language, url, values = {}, role }: LetterGiven): Letter {
  const t = identityText.in(language);
  const given = { platform: platformName(language), ...values, ...(role === undefined ? {} : { role: t(`role.${role}`) }) };
  return {
    to,
    language,
    subject: t(`letter.${kind}.subject`, given),
    blocks: [
      { kind: 'paragraph', text: t(`letter.${kind}.text`, given) },
      ...(url === undefined ? [] : [{ kind: 'button' as const, label: t('letter.button'), url }]),
      { kind: 'paragraph', text: t(url === undefined ? 'letter.not-you' : 'letter.not-asked', given) },
    ],
  };
}
