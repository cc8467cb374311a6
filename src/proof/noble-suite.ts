/** The suite without Node: pure JavaScript arithmetic with exactly the acceptance of the suite on node:crypto. */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { hex, joinBytes, sameBytes } from './bytes.ts';
import { ED25519_KEY_BYTES, isAcceptableForm, type Suite } from './suite.ts';

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;

interface DecodedKey {
  /** Absent where the bytes are no canonical writing of a point outside the small subgroup. */
  readonly point: CurvePoint | undefined;
  /** Whether the point is free of torsion: the slow part of admission, asked when wanted first. */
  admitted: boolean | undefined;
}

/** Decoded keys kept: the rolls of several epochs, so that a verifier of many decisions admits a roll once. The oldest leaves first. */
export const NOBLE_KEYS_MAX = 1024;

const decoded = new Map<string, DecodedKey>();

function decodedKey(publicKey: Uint8Array): DecodedKey {
  const name = hex(publicKey);
  const known = decoded.get(name);
  if (known !== undefined) return known;
  let point: CurvePoint | undefined;
  try {
    // `false` is the strict reading of RFC 8032; the other one lets two byte sequences be one key.
    const read = Point.fromBytes(publicKey, false);
    point = read.isSmallOrder() ? undefined : read;
  } catch {
    // Not on the curve or not canonical: nothing verifies under it.
  }
  if (decoded.size >= NOBLE_KEYS_MAX) decoded.delete(decoded.keys().next().value as string);
  const key: DecodedKey = { point, admitted: point === undefined ? false : undefined };
  decoded.set(name, key);
  return key;
}

/** A number below 2^256 of 32 bytes, or below 2^512 of 64, least significant first. */
function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes.toReversed())}`);
}

/**
 * Key admission (docs/spec/log.md): canonical, on the curve, not the identity and free of torsion. A key with a part of small
 * order makes verifiers disagree about its owner's signatures, which would let one seat's vote count here and not there.
 */
export function admitsKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== ED25519_KEY_BYTES) return false;
  const key = decodedKey(publicKey);
  key.admitted ??= key.point?.isTorsionFree() ?? false;
  return key.admitted;
}

/** The cofactorless equation as RFC 8032 §5.1.7 allows it: encode([S]B − [k]A) is R, byte for byte, so R is canonical too. */
function verifies(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isAcceptableForm(publicKey, signature)) return false;
  const { point } = decodedKey(publicKey);
  if (point === undefined) return false;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const k = Point.Fn.create(littleEndian(sha512(joinBytes(r, publicKey, message))));
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  // An R of small order can only come of a key with torsion, which admission refuses; OpenSSL 3.5 refuses it here too.
  return !expected.isSmallOrder() && sameBytes(expected.toBytes(), r);
}

export const nobleSuite: Suite = {
  sha256: (...parts) => sha256(parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(...parts)),
  verify: verifies,
  admits: admitsKey,
};
