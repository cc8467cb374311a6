/** The agenda as a tree: order, numbers such as 2.1, when each item is expected, and which item may lie below which. */

import { assert } from '../../../base/index.ts';
import { type Item, ITEM_DEPTH_MAX, ITEMS_MAX } from '../model.ts';

export interface Line {
  readonly item: Item;
  /** `2.1`. */
  readonly number: string;
  readonly depth: number;
  /** Minutes after the beginning at which it is expected. */
  readonly startMinute: number;
}

export const isOnAgenda = (item: Pick<Item, 'state'>): boolean => item.state === 'agenda' || item.state === 'demanded';

/** Items on the agenda in their order. An item whose parent is not on the agenda (or not shown) stands at the top level. */
export function agendaOf(items: readonly Item[]): readonly Line[] {
  assert(items.length <= ITEMS_MAX * 2, 'an agenda has a largest length');
  const shown = items.filter(isOnAgenda).sort((a, b) => a.position - b.position);
  const ids = new Set(shown.map(({ id }) => id));
  const childrenOf = (id: string | undefined): readonly Item[] => shown.filter((one) => (one.parentId !== undefined && ids.has(one.parentId) ? one.parentId : undefined) === id);
  const lines: Line[] = [];
  let minute = 0;
  const walk = (parent: string | undefined, prefix: string, depth: number): void => {
    for (const [index, item] of childrenOf(parent).entries()) {
      const number = `${prefix}${index + 1}`;
      lines.push({ item, number, depth, startMinute: minute });
      minute += item.minutes;
      if (depth < ITEM_DEPTH_MAX) walk(item.id, `${number}.`, depth + 1);
    }
  };
  walk(undefined, '', 1);
  return lines;
}

export const minutesOf = (lines: readonly Line[]): number => lines.reduce((sum, { item }) => sum + item.minutes, 0);

/** Whether `item` may stand below `parentId`: known, not below itself, not too deep. */
export function fitsBelow(items: readonly Item[], itemId: string | undefined, parentId: string): boolean {
  const byId = new Map(items.map((one) => [one.id, one]));
  let depth = 1;
  for (let at = byId.get(parentId); at !== undefined; at = at.parentId === undefined ? undefined : byId.get(at.parentId)) {
    if (at.id === itemId) return false;
    depth += 1;
    if (depth > ITEM_DEPTH_MAX) return false;
  }
  return byId.has(parentId) && depth + (itemId === undefined ? 0 : heightBelow(items, itemId)) <= ITEM_DEPTH_MAX;
}

function heightBelow(items: readonly Item[], id: string, depth = 0): number {
  if (depth > ITEM_DEPTH_MAX) return depth;
  return Math.max(0, ...items.filter((one) => one.parentId === id).map((one) => 1 + heightBelow(items, one.id, depth + 1)));
}

/** Items in the order after one moved up or down among those of its own parent; ids with their new positions. */
export function moved(items: readonly Item[], id: string, by: -1 | 1): readonly { readonly id: string; readonly position: number }[] {
  const item = items.find((one) => one.id === id);
  if (item === undefined) return [];
  const row = items.filter((one) => one.parentId === item.parentId).sort((a, b) => a.position - b.position);
  const from = row.indexOf(item);
  const other = row[from + by];
  return other === undefined ? [] : [{ id, position: other.position }, { id: other.id, position: item.position }];
}
