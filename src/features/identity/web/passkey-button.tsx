/** The button of a passkey: shown by its island only, since without a script a browser cannot ask for one. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Button } from '../../../platform/html/components/index.ts';
import { identityText } from '../text/index.ts';

export interface PasskeyButtonProps {
  readonly language: Language;
  /** `sign-in` and `confirm` ask for a passkey, `add` makes one. */
  readonly act: 'sign-in' | 'confirm' | 'add';
  readonly next: string;
}

export function PasskeyButton({ language, act, next }: PasskeyButtonProps): VNode {
  const t = identityText.in(language);
  return (
    <div class="identity-passkey" data-passkey={act} data-next={next} data-failed={t('passkey.failed')} hidden>
      <Button type="button" tone="secondary">
        {t(`passkey.${act}`)}
      </Button>
      <p class="field__error" role="alert" data-part="problem" hidden />
    </div>
  );
}
