/** The cursor of the work list: where the next page begins, as opaque text. */

import type { WorklistKey } from '../model.ts';

export function encodeWorklistKey(key: WorklistKey): string {
  return Buffer.from(JSON.stringify([key.stakes, key.systemId]), 'utf8').toString('base64url');
}

/** Undefined for anything that is not a cursor of ours. */
export function decodeWorklistKey(text: string): WorklistKey | undefined {
  try {
    const [stakes, systemId] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof stakes !== 'number' || typeof systemId !== 'string' || !/^[0-9a-f-]{36}$/.test(systemId)) return undefined;
    return { stakes, systemId };
  } catch {
    return undefined;
  }
}
