/** What a page says to a reader by who they are: that they may only look, and under which name an act of theirs will stand. */

import type { VNode } from 'preact';
import { platformText } from '../text/platform/index.ts';
import { Notice } from './components/notice.tsx';
import { TextInput } from './components/text-input.tsx';
import type { PageContext } from './page.tsx';

/** In place of forms that the reader's role does not have. */
export function LookOnly({ frame }: { readonly frame: PageContext }): VNode {
  const t = platformText.in(frame.language);
  return (
    <Notice title={t('frame.look-only')}>
      <p>{t('frame.look-only-body')}</p>
    </Notice>
  );
}

/** Under which name an act will stand: a signed-in person's own, told and not asked; the command line on the machine types one. */
export function AuthorField({ frame, ...field }: { readonly frame: PageContext } & Parameters<typeof TextInput>[0]): VNode {
  if (frame.person === undefined) return <TextInput {...field} />;
  return <p class="hint">{platformText.in(frame.language)('frame.acts-as', { name: frame.person.name })}</p>;
}
