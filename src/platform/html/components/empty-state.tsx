/** A list with nothing in it says why, and what to do next. */

import type { ComponentChildren, VNode } from 'preact';

export interface EmptyStateProps {
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
  /** A button or link with the next step. */
  readonly action?: ComponentChildren | undefined;
  readonly level?: 2 | 3 | undefined;
}

export function EmptyState({ title, children, action, level = 2 }: EmptyStateProps): VNode {
  const Title = `h${level}` as const;
  return (
    <div class="empty-state">
      <Title class="empty-state__title">{title}</Title>
      {children === undefined ? null : <div class="empty-state__body">{children}</div>}
      {action === undefined ? null : <div class="button-row">{action}</div>}
    </div>
  );
}
