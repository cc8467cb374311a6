/** The cursor of the list of affected systems. */

import { decodeCursor, encodeCursor } from '../../../base/index.ts';
import type { EffectKey } from '../model.ts';

export function encodeEffectKey(key: EffectKey): string {
  return encodeCursor([key.weight, key.systemId]);
}

/** Undefined for anything that is not a cursor of ours. */
export function decodeEffectKey(text: string): EffectKey | undefined {
  const [weight, systemId] = decodeCursor(text) ?? [];
  return Number.isInteger(weight) && typeof systemId === 'string' && /^[0-9a-f-]{36}$/.test(systemId) ? { weight: weight as number, systemId } : undefined;
}
