/** The cursor of the list of affected systems: where the next page begins, as opaque text. */

import type { EffectKey } from '../model.ts';

export function encodeEffectKey(key: EffectKey): string {
  return Buffer.from(JSON.stringify([key.weight, key.systemId]), 'utf8').toString('base64url');
}

/** Undefined for anything that is not a cursor of ours. */
export function decodeEffectKey(text: string): EffectKey | undefined {
  try {
    const [weight, systemId] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof weight !== 'number' || !Number.isInteger(weight) || typeof systemId !== 'string' || !/^[0-9a-f-]{36}$/.test(systemId)) return undefined;
    return { weight, systemId };
  } catch {
    return undefined;
  }
}
