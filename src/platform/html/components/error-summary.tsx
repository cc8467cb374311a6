/** What must be corrected, at the top of the page, each line a link to its field. */

import type { ComponentChildren, VNode } from 'preact';
import { useText } from './language.ts';

export interface ErrorSummaryItem {
  /** Id of the control; absent when the problem belongs to no single field. */
  readonly field?: string | undefined;
  readonly message: ComponentChildren;
}

export interface ErrorSummaryProps {
  readonly errors: readonly ErrorSummaryItem[];
  readonly title?: string | undefined;
  /** Takes the focus when the page opens, so that a screen reader begins here. Off only on pages that show it as an example. */
  readonly focus?: boolean | undefined;
}

/** Renders nothing when there are no errors, so pages can always include it. */
export function ErrorSummary({ errors, title, focus = true }: ErrorSummaryProps): VNode | null {
  const t = useText();
  if (errors.length === 0) return null;
  return (
    <div class="error-summary" role="alert" tabIndex={-1} autofocus={focus}>
      <h2 class="error-summary__title">{title ?? t('error-summary.title')}</h2>
      <ul class="error-summary__list">
        {errors.map((error, index) => (
          <li key={index}>{error.field === undefined ? error.message : <a href={`#${error.field}`}>{error.message}</a>}</li>
        ))}
      </ul>
    </div>
  );
}
