/** The cryptography a proof stands on, as an argument: the same rules run on Node, in a browser and in a simulation. */

export const SHA256_BYTES = 32;
export const ED25519_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;
export const ML_DSA_44_KEY_BYTES = 1312;
export const ML_DSA_44_SIGNATURE_BYTES = 2420;

export interface Suite {
  /** SHA-256 of the parts one after the other; 32 bytes. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /**
   * Ed25519 as docs/spec/log.md accepts it: 64 bytes, S < L, R canonical and not the identity, cofactorless equation.
   * Verifiers agree on every signature only under keys that `admits` let in. Never throws.
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Key admission, once, where a key enters: 32 bytes, canonical, on the curve, not the identity, torsion-free. */
  admits(publicKey: Uint8Array): boolean;
  /** ML-DSA-44 (FIPS 204, empty context). Absent where the platform has none: such cosignatures then count as unknown. */
  readonly verifyMlDsa44?: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
}

/** Makes the 64-byte Ed25519 signature of a message. Who holds a key gives this function, never the key. */
export type Sign = (message: Uint8Array) => Uint8Array;

/** L, the order of the prime subgroup of edwards25519 (RFC 8032 §5.1), least significant byte first. */
const ORDER: readonly number[] = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10];

/** Whether S, the second half, is below L: otherwise S + L would be a second signature of the same text. */
function isReduced(signature: Uint8Array): boolean {
  for (let at = 31; at >= 0; at -= 1) {
    const digit = signature[32 + at] as number;
    const bound = ORDER[at] as number;
    if (digit !== bound) return digit < bound;
  }
  return false;
}

/** Whether R, the first half, is the identity: 1 with either sign, the second being a non-canonical writing of it. */
function isIdentity(signature: Uint8Array): boolean {
  if (signature[0] !== 1 || ((signature[31] as number) & 0x7f) !== 0) return false;
  for (let at = 1; at < 31; at += 1) if (signature[at] !== 0) return false;
  return true;
}

/**
 * The part of the acceptance rule that needs no arithmetic on the curve. Both suites ask it first, because Node 20, Node 26,
 * Go and the browsers differ on the identity (docs/spec/log.md).
 */
export function isAcceptableForm(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === ED25519_KEY_BYTES && signature.length === ED25519_SIGNATURE_BYTES && isReduced(signature) && !isIdentity(signature);
}
