/** The cursor of the work list. */

import { decodeCursor, encodeCursor } from '../../../base/index.ts';
import type { WorklistKey } from '../model.ts';

export function encodeWorklistKey(key: WorklistKey): string {
  return encodeCursor([key.stakes, key.systemId]);
}

/** Undefined for anything that is not a cursor of ours. */
export function decodeWorklistKey(text: string): WorklistKey | undefined {
  const [stakes, systemId] = decodeCursor(text) ?? [];
  return typeof stakes === 'number' && typeof systemId === 'string' && /^[0-9a-f-]{36}$/.test(systemId) ? { stakes, systemId } : undefined;
}
