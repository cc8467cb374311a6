/** Cosignatures (C2SP tlog-cosignature): a witness says when it saw a checkpoint that is consistent with all it had seen before. */

import { assert } from '../base/index.ts';
import { fromUint64, joinBytes, sameBytes, uint64, utf8 } from './bytes.ts';
import { parseForeignCheckpoint, type Checkpoint } from './checkpoint.ts';
import { hasNameLength, KEY_TYPES, keyId, type NoteLine, type NoteSigner, type VerifierKey } from './note-key.ts';
import { ED25519_SIGNATURE_BYTES, ML_DSA_44_SIGNATURE_BYTES, type Suite } from './suite.ts';

const TIME_BYTES = 8;
const SUBTREE_LABEL = utf8('subtree/v1\n\0');

/** What an Ed25519 cosigner signs: a header, its time, then the whole text of the checkpoint. */
export function cosignedMessage(checkpointText: string, timeS: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timeS}\n${checkpointText}`);
}

function lengthPrefixed(text: string): Uint8Array {
  assert(hasNameLength(text), 'a name in a cosignature has 1 to 255 bytes');
  const bytes = utf8(text);
  return joinBytes(Uint8Array.of(bytes.length), bytes);
}

/** What an ML-DSA-44 cosigner signs: its name, the time and the tree from its first entry to its size; no extension lines. */
export function cosignedStructure(cosigner: string, { origin, size, root }: Checkpoint, timeS: number): Uint8Array {
  return joinBytes(SUBTREE_LABEL, lengthPrefixed(cosigner), uint64(timeS), lengthPrefixed(origin), uint64(0), uint64(size), root);
}

/** Cosigns the text of a checkpoint with Ed25519 at `timeS`, whole seconds since 1970. The text has to be a checkpoint. */
export function cosign(suite: Suite, cosigner: NoteSigner, checkpointText: string, timeS: number): NoteLine {
  assert(parseForeignCheckpoint(checkpointText).ok, 'only checkpoints are cosigned');
  assert(Number.isSafeInteger(timeS) && timeS > 0, 'a cosignature has a time');
  const signature = joinBytes(uint64(timeS), cosigner.sign(cosignedMessage(checkpointText, timeS)));
  return { name: cosigner.name, id: keyId(suite, cosigner.name, KEY_TYPES.cosignature, cosigner.publicKey), signature };
}

/** The same with ML-DSA-44, whose signer signs the structure above with an empty context. */
export function cosignMlDsa44(suite: Suite, cosigner: NoteSigner, checkpointText: string, timeS: number): NoteLine {
  const read = parseForeignCheckpoint(checkpointText);
  assert(read.ok, 'only checkpoints are cosigned');
  assert(Number.isSafeInteger(timeS) && timeS > 0, 'a cosignature has a time');
  const signature = joinBytes(uint64(timeS), cosigner.sign(cosignedStructure(cosigner.name, read.value, timeS)));
  return { name: cosigner.name, id: keyId(suite, cosigner.name, KEY_TYPES.cosignatureMlDsa44, cosigner.publicKey), signature };
}

/** The time a cosignature says, unverified; undefined where it is neither of the two lengths or later than 2^53-1 seconds. */
export function statedTime(signature: Uint8Array): number | undefined {
  const length = signature.length - TIME_BYTES;
  if (length !== ED25519_SIGNATURE_BYTES && length !== ML_DSA_44_SIGNATURE_BYTES) return undefined;
  return fromUint64(signature.subarray(0, TIME_BYTES));
}

/**
 * Verifies a cosignature line under `key` (kind 0x04 or 0x06) and answers its time in whole seconds since 1970; undefined where it
 * does not verify. ML-DSA-44 may say 0: "consistent, but I do not say when".
 */
export function verifyCosignature(suite: Suite, key: VerifierKey, checkpointText: string, line: Pick<NoteLine, 'signature'>): number | undefined {
  const timeS = statedTime(line.signature);
  const checkpoint = parseForeignCheckpoint(checkpointText);
  if (timeS === undefined || !checkpoint.ok) return undefined;
  const signature = line.signature.subarray(TIME_BYTES);
  if (key.type === KEY_TYPES.cosignature) return suite.verify(key.publicKey, cosignedMessage(checkpointText, timeS), signature) ? timeS : undefined;
  if (key.type !== KEY_TYPES.cosignatureMlDsa44) return undefined;
  return suite.verifyMlDsa44?.(key.publicKey, cosignedStructure(key.name, checkpoint.value, timeS), signature) === true ? timeS : undefined;
}

/** Whether two lines are the same statement of the same key, byte for byte. */
export function sameLine(one: NoteLine, other: NoteLine): boolean {
  return one.name === other.name && one.id === other.id && sameBytes(one.signature, other.signature);
}
