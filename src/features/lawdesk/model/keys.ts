/** The words of trust: whose signatures this register believes, and the acts that made it so. */

import type { Instant } from '../../../base/index.ts';
import type { KeyRole } from '../../../law/index.ts';

export interface DeskKey {
  /** SHA-256 (hex) of the public key. */
  readonly fingerprint: string;
  readonly role: KeyRole;
  readonly name: string;
  /** `ed25519:…` */
  readonly key: string;
  readonly addedAt: Instant;
  readonly addedBy: string;
  readonly revokedAt?: Instant;
  readonly revokedBy?: string;
  readonly revokedReason?: string;
}

export interface KeyAct {
  readonly number: number;
  readonly fingerprint: string;
  readonly name: string;
  readonly act: 'add' | 'revoke';
  readonly at: Instant;
  readonly author: string;
  readonly reason: string;
}

export type KeyRefusal =
  | { readonly code: 'no-author' | 'no-reason' | 'no-keys' | 'unknown' | 'revoked-already' }
  | { readonly code: 'not-a-line' | 'not-a-key' | 'weak-key' | 'too-many'; readonly line: number }
  /** It is here already, believed or revoked: a revoked key does not come back. */
  | { readonly code: 'known'; readonly name: string };

export const KEYS_MAX = 500;
export const KEY_ACTS_SHOWN_MAX = 200;
export const KEY_LINES_LENGTH_MAX = 20_000;
