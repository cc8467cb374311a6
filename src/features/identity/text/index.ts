/** Texts of identity in three languages, and the sentences of its refusals. */

import type { Language } from '../../../base/index.ts';
import { catalogue } from '../../../platform/text/index.ts';
import { type IdentityRefusal, PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../model.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const identityText = catalogue('identity', { az, en, ru });
export type IdentityTextKey = keyof typeof en;

const SECONDS_SAID_MAX = 90;

export function refusalText(refusal: IdentityRefusal, language: Language): string {
  const t = identityText.in(language);
  switch (refusal.code) {
    case 'too-many-attempts':
      return refusal.waitSeconds <= SECONDS_SAID_MAX ? t('refusal.wait-seconds', { seconds: refusal.waitSeconds }) : t('refusal.wait-minutes', { minutes: Math.ceil(refusal.waitSeconds / 60) });
    case 'bad-password':
      return t(`password.${refusal.problem}`, { min: PASSWORD_CHARACTERS_MIN, max: PASSWORD_CHARACTERS_MAX });
    case 'too-many':
      return t('refusal.too-many', { max: refusal.max });
    default:
      return t(`refusal.${refusal.code}`);
  }
}
