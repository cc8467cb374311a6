/** Text that unfolds: details for what few need, help for why a question is asked. */

import type { ComponentChildren, VNode } from 'preact';
import { useText } from './language.ts';

export interface DetailsProps {
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
  readonly open?: boolean | undefined;
}

export function Details({ summary, children, open }: DetailsProps): VNode {
  return (
    <details class="details" open={open}>
      <summary>{summary}</summary>
      <div class="details__body">{children}</div>
    </details>
  );
}

export interface HelpProps {
  /** Defaults to "Why do we ask?". */
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
  readonly open?: boolean | undefined;
}

export function Help({ title, children, open }: HelpProps): VNode {
  const t = useText();
  return (
    <details class="details help" open={open}>
      <summary>{title ?? t('help.title')}</summary>
      <div class="details__body">{children}</div>
    </details>
  );
}
