/** The suite on Node: hashes and signatures by node:crypto, keys imported once. The only file of this room that needs Node. */

import { createPrivateKey, createPublicKey, hash, sign as signNow, verify as verifyNow, type KeyObject } from 'node:crypto';
import { joinBytes } from './bytes.ts';
import { admitsKey } from './noble-suite.ts';
import { ED25519_KEY_BYTES, isAcceptableForm, ML_DSA_44_KEY_BYTES, ML_DSA_44_SIGNATURE_BYTES, type Sign, type Suite } from './suite.ts';

/** Keys kept imported: rolls of several epochs and their witnesses. The oldest leaves first. */
export const NODE_KEYS_MAX = 1024;

// The fixed beginnings of DER around a raw key: RFC 8410 for Ed25519, RFC 9881 for ML-DSA-44.
const ED25519_SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const ED25519_PKCS8 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);
const ML_DSA_44_SPKI = Uint8Array.of(0x30, 0x82, 0x05, 0x32, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11, 0x03, 0x82, 0x05, 0x21, 0x00);
const ML_DSA_44_PKCS8 = Uint8Array.of(0x30, 0x34, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11, 0x04, 0x22, 0x80, 0x20);
const ML_DSA_44_SEED_BYTES = 32;

const imported = new Map<string, KeyObject | undefined>();

function importKey(prefix: Uint8Array, publicKey: Uint8Array): KeyObject | undefined {
  // Latin-1 is one unit a byte: the shortest name of a key in a map.
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1');
  if (imported.has(name)) return imported.get(name);
  let key: KeyObject | undefined;
  try {
    key = createPublicKey({ key: Buffer.from(joinBytes(prefix, publicKey)), format: 'der', type: 'spki' });
  } catch {
    // Not a key on this platform (or no ML-DSA at all, before OpenSSL 3.5): nothing verifies under it.
  }
  if (imported.size >= NODE_KEYS_MAX) imported.delete(imported.keys().next().value as string);
  imported.set(name, key);
  return key;
}

function verifyUnder(key: KeyObject | undefined, message: Uint8Array, signature: Uint8Array): boolean {
  if (key === undefined) return false;
  try {
    return verifyNow(null, message, key, signature);
  } catch {
    return false;
  }
}

export const nodeSuite: Suite = {
  sha256(...parts) {
    const digest = hash('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(...parts), 'buffer');
    return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
  },
  verify(publicKey, message, signature) {
    return isAcceptableForm(publicKey, signature) && verifyUnder(importKey(ED25519_SPKI, publicKey), message, signature);
  },
  admits: admitsKey,
  verifyMlDsa44(publicKey, message, signature) {
    if (publicKey.length !== ML_DSA_44_KEY_BYTES || signature.length !== ML_DSA_44_SIGNATURE_BYTES) return false;
    return verifyUnder(importKey(ML_DSA_44_SPKI, publicKey), message, signature);
  },
};

export interface Signer {
  readonly publicKey: Uint8Array;
  readonly sign: Sign;
}

/** The signer of a 32-byte Ed25519 seed (RFC 8032 §5.1.5). The seed is not kept; throws where it is not 32 bytes. */
export function signerOf(seed: Uint8Array): Signer {
  if (seed.length !== ED25519_KEY_BYTES) throw new RangeError('an Ed25519 seed has 32 bytes');
  const key = createPrivateKey({ key: Buffer.from(joinBytes(ED25519_PKCS8, seed)), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(ED25519_SPKI.length)),
    sign: (message) => new Uint8Array(signNow(null, message, key)),
  };
}

/** The signer of a 32-byte ML-DSA-44 seed (FIPS 204, RFC 9881), empty context; throws on a platform that has none. */
export function mlDsa44SignerOf(seed: Uint8Array): Signer {
  if (seed.length !== ML_DSA_44_SEED_BYTES) throw new RangeError('an ML-DSA-44 seed has 32 bytes');
  const key = createPrivateKey({ key: Buffer.from(joinBytes(ML_DSA_44_PKCS8, seed)), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(ML_DSA_44_SPKI.length)),
    sign: (message) => new Uint8Array(signNow(null, message, key)),
  };
}
