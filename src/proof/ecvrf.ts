/** Verifiable random outputs of one key holder (RFC 9381, ECVRF-EDWARDS25519-SHA512-TAI): one output for a key and an input, with a proof. */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { yes, type Verdict } from '../base/index.ts';
import { hex, joinBytes, sameBytes } from './bytes.ts';
import { admitsKey } from './noble-suite.ts';
import { refuse, type ProofRefusal } from './refusals.ts';

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;

export const VRF_PROOF_BYTES = 80;
export const VRF_OUTPUT_BYTES = 64;
const POINT_BYTES = 32;
const CHALLENGE_BYTES = 16;
/** Tries of a hash to a point; each has one chance in two, so no input is known or to be expected that needs them all. */
const TRIES_MAX = 256;

// RFC 9381 §5.4: suite and separators of the four hashes.
const SUITE = 0x03;
const FRONT = { point: 0x01, challenge: 0x02, output: 0x03 } as const;
const BACK = 0x00;

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes.toReversed())}`);
}

function scalarBytes(scalar: bigint): Uint8Array {
  const bytes = new Uint8Array(POINT_BYTES);
  for (let at = 0, rest = scalar; at < POINT_BYTES; at += 1, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
}

function pointOf(bytes: Uint8Array): CurvePoint | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return undefined;
  }
}

/** §5.4.1.1, try and increment: the point that an input stands for under a key. Takes an input that is public: the time tells the tries. */
function pointFor(publicKey: Uint8Array, input: Uint8Array): CurvePoint {
  for (let counter = 0; counter < TRIES_MAX; counter += 1) {
    const tried = pointOf(sha512(joinBytes(Uint8Array.of(SUITE, FRONT.point), publicKey, input, Uint8Array.of(counter, BACK))).subarray(0, POINT_BYTES));
    if (tried === undefined) continue;
    const cleared = tried.clearCofactor();
    if (!cleared.is0()) return cleared;
  }
  throw new Error('no point for this input in 256 tries: the chance of that is 2^-256');
}

/** §5.4.3. */
function challenge(publicKey: Uint8Array, ...points: readonly CurvePoint[]): Uint8Array {
  const parts = points.map((point) => point.toBytes());
  return sha512(joinBytes(Uint8Array.of(SUITE, FRONT.challenge), publicKey, ...parts, Uint8Array.of(BACK))).slice(0, CHALLENGE_BYTES);
}

/** §5.2: the output of a proof whose Gamma was read. */
function outputOf(gamma: CurvePoint): Uint8Array {
  return sha512(joinBytes(Uint8Array.of(SUITE, FRONT.output), gamma.clearCofactor().toBytes(), Uint8Array.of(BACK)));
}

/** §5.1: the proof (80 bytes) and the output (64 bytes) of the 32-byte Ed25519 seed for this public input. */
export function proveVrf(seed: Uint8Array, input: Uint8Array): { readonly proof: Uint8Array; readonly output: Uint8Array } {
  if (seed.length !== POINT_BYTES) throw new RangeError('an Ed25519 seed has 32 bytes');
  const { scalar, prefix, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
  const point = pointFor(pointBytes, input);
  const gamma = point.multiply(scalar);
  const nonce = Point.Fn.create(littleEndian(sha512(joinBytes(prefix, point.toBytes()))));
  const c = challenge(pointBytes, point, gamma, Point.BASE.multiply(nonce), point.multiply(nonce));
  const s = Point.Fn.create(nonce + littleEndian(c) * scalar);
  return { proof: joinBytes(gamma.toBytes(), c, scalarBytes(s)), output: outputOf(gamma) };
}

/**
 * §5.3: the output (64 bytes) that the proof shows for this key and input. The key must be admissible as those of the council are
 * (canonical, torsion-free), which is stricter than the RFC asks and makes the output unique for every key let in.
 */
export function verifyVrf(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): Verdict<Uint8Array, ProofRefusal> {
  const key = admitsKey(publicKey) ? pointOf(publicKey) : undefined;
  if (key === undefined) return refuse('vrf-key');
  if (proof.length !== VRF_PROOF_BYTES) return refuse('vrf-proof-form', undefined, `${proof.length} bytes`);
  const gamma = pointOf(proof.subarray(0, POINT_BYTES));
  const c = proof.subarray(POINT_BYTES, POINT_BYTES + CHALLENGE_BYTES);
  const s = littleEndian(proof.subarray(POINT_BYTES + CHALLENGE_BYTES));
  // §5.4.4: an s that is not reduced would be a second proof of the same output.
  if (gamma === undefined || s >= Point.Fn.ORDER) return refuse('vrf-proof-form');
  const point = pointFor(publicKey, input);
  const challengeScalar = littleEndian(c);
  const u = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(challengeScalar));
  const v = point.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(challengeScalar));
  return sameBytes(c, challenge(publicKey, point, gamma, u, v)) ? yes(outputOf(gamma)) : refuse('vrf-proof-wrong');
}
