/** The end of a page of the list as a text that fits into an address. */

import { decodeCursor, encodeCursor } from '../../../base/index.ts';
import type { ListKey } from '../model.ts';

export function encodeListKey(key: ListKey): string {
  return encodeCursor([key.changedAt, key.id]);
}

export function decodeListKey(text: string): ListKey | undefined {
  const [changedAt, id, more] = decodeCursor(text) ?? [];
  if (typeof changedAt !== 'string' || typeof id !== 'string' || more !== undefined) return undefined;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,6}Z$/.test(changedAt) || Number.isNaN(Date.parse(changedAt)) || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined;
  return { changedAt, id };
}
