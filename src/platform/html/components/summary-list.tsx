/** Names and values of one thing, each with an optional action such as "Change". */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

export interface SummaryRow {
  readonly label: ComponentChildren;
  /** Absent, null or empty values are shown as "not stated". */
  readonly value?: ComponentChildren;
  readonly action?: { readonly href: string; readonly label: string; /** Said after the label to screen readers: "Change *purpose*". */ readonly about?: string | undefined } | undefined;
}

export interface SummaryListProps {
  readonly rows: readonly SummaryRow[];
  /** Small print for asides; names above values. */
  readonly compact?: boolean | undefined;
}

export function SummaryList({ rows, compact }: SummaryListProps): VNode {
  const t = useText();
  return (
    <dl class={classes('summary-list', compact === true && 'summary-list--compact')}>
      {rows.map((row, index) => (
        <div class="summary-list__row" key={index}>
          <dt class="summary-list__label">{row.label}</dt>
          <dd class="summary-list__value">{isEmpty(row.value) ? <span class="muted">{t('value.none')}</span> : row.value}</dd>
          {row.action === undefined ? null : (
            <dd class="summary-list__action">
              <a href={row.action.href}>
                {row.action.label}
                {row.action.about === undefined ? null : <span class="visually-hidden"> {row.action.about}</span>}
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function isEmpty(value: ComponentChildren): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
