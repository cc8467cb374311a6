/** The keys that sign notes, as people exchange them: name, short identity, kind and public bytes (C2SP signed-note, "vkey"). */

import { assert, yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, hex, joinBytes, utf8 } from './bytes.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import { ED25519_KEY_BYTES, ML_DSA_44_KEY_BYTES, type Sign, type Suite } from './suite.ts';

/** What a line of this kind of key signs: the text itself, or a statement about a checkpoint with a time. */
export const KEY_TYPES = {
  /** Ed25519 over the text of the note. */
  note: 0x01,
  /** Ed25519 over a checkpoint with the time of the cosigner. */
  cosignature: 0x04,
  /** ML-DSA-44 over a checkpoint with the time and name of the cosigner. */
  cosignatureMlDsa44: 0x06,
} as const;
export type KeyType = (typeof KEY_TYPES)[keyof typeof KEY_TYPES];

/** Longest name of a key or a log: ML-DSA-44 cosignatures write the length in one byte. */
export const NAME_BYTES_MAX = 255;

const KEY_BYTES: Readonly<Record<KeyType, number>> = { 0x01: ED25519_KEY_BYTES, 0x04: ED25519_KEY_BYTES, 0x06: ML_DSA_44_KEY_BYTES };

/** A public key that a line of a note may name. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits. With the name it says which key signed; it is too short to be a digest of one. */
  readonly id: string;
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
}

/** One signature line of a note, its signature not looked at yet. */
export interface NoteLine {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

/** Who signs: the public half and the function that makes signatures. */
export interface NoteSigner {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly sign: Sign;
}

/** Whether a name has 1 to 255 bytes. Three bytes a UTF-16 unit is the most there are, so short names need no encoding. */
export function hasNameLength(name: string): boolean {
  return name !== '' && (name.length * 3 <= NAME_BYTES_MAX || (name.length <= NAME_BYTES_MAX && utf8(name).length <= NAME_BYTES_MAX));
}

/** Non-empty, without white space as Unicode counts it and without `+`, so that a line and a vkey can be taken apart. */
export function isKeyName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return hasNameLength(name) && name.isWellFormed() && !/[\p{White_Space}+]|[\u0000-\u001f]/u.test(name);
}

/** First four bytes of SHA-256(name, LF, kind, public key) in hexadecimal. */
export function keyId(suite: Suite, name: string, type: number, publicKey: Uint8Array): string {
  return hex(suite.sha256(utf8(name), Uint8Array.of(0x0a, type), publicKey).subarray(0, 4));
}

/** A key from its parts; name and length have to be right already. */
export function verifierKey(suite: Suite, name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  assert(isKeyName(name) && publicKey.length === KEY_BYTES[type], 'a verifier key has a name and the bytes of its kind');
  return { name, id: keyId(suite, name, type, publicKey), type, publicKey };
}

function isKeyType(type: number | undefined): type is KeyType {
  return type !== undefined && type in KEY_BYTES;
}

/**
 * Reads `name+id+base64`. Refused: another form, an identity that does not belong to the bytes, a kind this product does not use
 * (ECDSA and RFC 6962 lines of other logs stay unknown lines), a wrong length. The point of an Ed25519 key is looked at by
 * `admitVkey` only.
 */
export function parseVkey(suite: Suite, text: string): Verdict<VerifierKey, ProofRefusal> {
  // The base64 may hold `+` itself: only the first two divide.
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first === -1 || second === -1) return refuse('key-form');
  const name = text.slice(0, first);
  const id = text.slice(first + 1, second);
  if (!isKeyName(name)) return refuse('key-name');
  if (!/^[0-9a-f]{8}$/.test(id)) return refuse('key-id', undefined, id.slice(0, 16));
  const bytes = fromBase64(text.slice(second + 1));
  if (bytes === undefined || bytes.length < 2) return refuse('key-form');
  const type = bytes[0];
  const publicKey = bytes.slice(1);
  if (!isKeyType(type)) return refuse('key-type', undefined, String(type));
  if (publicKey.length !== KEY_BYTES[type]) return refuse('key-length', undefined, String(publicKey.length));
  if (keyId(suite, name, type, publicKey) !== id) return refuse('key-id', undefined, id);
  return yes({ name, id, type, publicKey });
}

/** Reads a key and admits it: what a roll or a policy does once, before any signature counts under it. */
export function admitVkey(suite: Suite, text: string): Verdict<VerifierKey, ProofRefusal> {
  const read = parseVkey(suite, text);
  if (!read.ok || read.value.type === KEY_TYPES.cosignatureMlDsa44 || suite.admits(read.value.publicKey)) return read;
  return refuse('key-not-admissible', undefined, read.value.name);
}

export function printVkey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${base64(joinBytes(Uint8Array.of(type), publicKey))}`;
}
