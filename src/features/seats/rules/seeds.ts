/** The seeds of a seat's five keys, all made of the one that the paper holds: whoever has the paper has the seat. */

import { hex, utf8, type Suite } from '../../../proof/index.ts';

export const KEY_NAMES = ['identity', 'ballot', 'agent', 'cosign', 'mlDsa'] as const;
export type KeyName = (typeof KEY_NAMES)[number];
/** 32 bytes each, in hexadecimal. */
export type Seeds = Readonly<Record<KeyName, string>>;

/** SHA-256("mizan-seat/seed/v1" LF name LF || seed): nobody who learns one key learns another. */
export function seedsOf(suite: Suite, seed: Uint8Array): Seeds {
  const one = (name: KeyName): string => hex(suite.sha256(utf8(`mizan-seat/seed/v1\n${name}\n`), seed));
  return { identity: one('identity'), ballot: one('ballot'), agent: one('agent'), cosign: one('cosign'), mlDsa: one('mlDsa') };
}
