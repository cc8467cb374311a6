/** What happened when, newest or oldest first as the list is given. */

import type { ComponentChildren, VNode } from 'preact';
import { useLanguage } from './language.ts';
import { formatDate } from '../../text/index.ts';

export interface TimelineItem {
  readonly title: ComponentChildren;
  /** `YYYY-MM-DD` or an instant; written in the reader's language. */
  readonly date: string;
  /** What the reader sees instead of the date, e.g. "since 2 August 2026". */
  readonly when?: ComponentChildren | undefined;
  readonly href?: string | undefined;
  readonly children?: ComponentChildren;
  /** `future` for what is still to come, `important` for what changed the case. */
  readonly kind?: 'plain' | 'important' | 'future' | undefined;
}

export function Timeline({ items }: { readonly items: readonly TimelineItem[] }): VNode {
  const language = useLanguage();
  return (
    <ol class="timeline">
      {items.map((item, index) => (
        <li class={`timeline__item timeline__item--${item.kind ?? 'plain'}`} key={index}>
          <time class="timeline__when" dateTime={item.date}>
            {item.when ?? formatDate(item.date, language)}
          </time>
          <div class="timeline__title">{item.href === undefined ? item.title : <a href={item.href}>{item.title}</a>}</div>
          {item.children === undefined ? null : <div class="timeline__body">{item.children}</div>}
        </li>
      ))}
    </ol>
  );
}
