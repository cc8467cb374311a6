/** Cards for a handful of things to choose from, and figures with a name. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useLanguage } from './language.ts';
import { formatNumber } from '../../text/index.ts';

export interface CardProps {
  readonly title: ComponentChildren;
  /** The title leads there and the whole card can be pressed. */
  readonly href?: string | undefined;
  readonly level?: 2 | 3 | 4 | undefined;
  /** Above the title: a tag, a kind, a date. */
  readonly meta?: ComponentChildren | undefined;
  readonly children?: ComponentChildren;
  readonly footer?: ComponentChildren | undefined;
}

export function Card({ title, href, level = 3, meta, children, footer }: CardProps): VNode {
  const Title = `h${level}` as const;
  return (
    <article class={classes('card', href !== undefined && 'card--link')}>
      {meta === undefined ? null : <div class="card__meta">{meta}</div>}
      <Title class="card__title">{href === undefined ? title : <a href={href}>{title}</a>}</Title>
      {children === undefined ? null : <div class="card__body">{children}</div>}
      {footer === undefined ? null : <div class="card__footer">{footer}</div>}
    </article>
  );
}

export interface StatProps {
  readonly label: ComponentChildren;
  /** Numbers are written in the reader's way. */
  readonly value: number | string;
  readonly note?: ComponentChildren | undefined;
  readonly href?: string | undefined;
}

export function Stat({ label, value, note, href }: StatProps): VNode {
  const language = useLanguage();
  return (
    <div class="stat">
      <dt class="stat__label">{href === undefined ? label : <a href={href}>{label}</a>}</dt>
      <dd class="stat__value">{typeof value === 'number' ? formatNumber(value, language) : value}</dd>
      {note === undefined ? null : <dd class="stat__note">{note}</dd>}
    </div>
  );
}

/** The list that stats must stand in. */
export function Stats({ children }: { readonly children: ComponentChildren }): VNode {
  return <dl class="stats">{children}</dl>;
}
