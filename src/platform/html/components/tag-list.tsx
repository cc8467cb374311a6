/** Lines that begin with a tag: the tags stand in one column, the texts in the next. */

import type { ComponentChildren, VNode } from 'preact';

export interface TagListItem {
  /** A Tag, ResultTag or StatusTag. */
  readonly tag: ComponentChildren;
  readonly text: ComponentChildren;
  readonly note?: ComponentChildren | undefined;
}

export function TagList({ items }: { readonly items: readonly TagListItem[] }): VNode {
  return (
    <ul class="tag-list">
      {items.map((item, index) => (
        <li class="tag-list__item" key={index}>
          <span>{item.tag}</span>
          <div>
            {item.text}
            {item.note === undefined ? null : <div class="tag-list__note">{item.note}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}
