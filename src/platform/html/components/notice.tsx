/** A message set apart from the text: information, success, warning, error. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

export type NoticeTone = 'info' | 'success' | 'warning' | 'error';

export interface NoticeProps {
  readonly tone?: NoticeTone | undefined;
  readonly title?: ComponentChildren | undefined;
  readonly children?: ComponentChildren;
  /** Announced when the page opens: for the outcome of what the reader just did. */
  readonly announce?: boolean | undefined;
}

export function Notice({ tone = 'info', title, children, announce }: NoticeProps): VNode {
  const t = useText();
  const role = announce === true ? (tone === 'error' ? 'alert' : 'status') : undefined;
  return (
    <div class={classes('notice', `notice--${tone}`)} role={role}>
      <p class="notice__title">
        <span class={title === undefined ? undefined : 'visually-hidden'}>{t(`notice.${tone}`)}</span>
        {title === undefined ? null : <> {title}</>}
      </p>
      {children === undefined ? null : <div class="notice__body">{children}</div>}
    </div>
  );
}
