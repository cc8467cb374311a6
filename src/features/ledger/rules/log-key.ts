/** Keys of this platform's log and of its witness, and heads signed and read under them. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { parseCheckpoint, printCheckpoint } from '../../../proof/checkpoint.ts';
import { utf8 } from '../../../proof/bytes.ts';
import { KEY_TYPES, type NoteSigner, openNote, parseNote, printNote, printVkey, signNote, type VerifierKey, verifierKey } from '../../../proof/note.ts';
import { nodeSuite, signerOf } from '../../../proof/node-suite.ts';
import type { SignedHead } from '../model.ts';

export interface LogKey {
  readonly signer: NoteSigner;
  readonly verifier: VerifierKey;
  readonly vkey: string;
}

/** The seed is a digest of the secret's text, so that a key given by an operator may have any form. */
function seedOf(purpose: string, secret: string): Uint8Array {
  return nodeSuite.sha256(utf8(`mizan-${purpose}/key/v1\n${secret}`));
}

function keyOf(purpose: string, name: string, secret: string, type: 0x01 | 0x04): LogKey {
  const { publicKey, sign } = signerOf(seedOf(purpose, secret));
  const verifier = verifierKey(nodeSuite, name, type, publicKey);
  return { signer: { name, publicKey, sign }, verifier, vkey: printVkey(verifier) };
}

/** The key that signs heads; its name is the origin of the log. */
export function logKey(origin: string, secret: string): LogKey {
  return keyOf('log', origin, secret, KEY_TYPES.note);
}

/** The key by which this platform witnesses logs of others: never the one that signs its own. */
export function witnessKey(name: string, secret: string): LogKey {
  return keyOf('witness', name, secret, KEY_TYPES.cosignature);
}

/** A name for a log whose operator gave none: of its key, so that no two logs share it. */
export function originOfSecret(secret: string): string {
  return `log-${Buffer.from(nodeSuite.sha256(seedOf('log', secret)).subarray(0, 8)).toString('hex')}.invalid`;
}

export function signHead(key: LogKey, size: number, root: Uint8Array): SignedHead {
  const note = printNote(signNote(nodeSuite, printCheckpoint({ origin: key.verifier.name, size, root }), key.signer));
  return { size, root, note };
}

/** A head this log signed. `damaged`: no head at all; `other-origin` and `other-key`: of another log, or signed by another key. */
export function readHead(key: LogKey, text: string): Verdict<SignedHead, 'damaged' | 'other-origin' | 'other-key'> {
  const note = parseNote(text);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!note.ok || !checkpoint.ok) return no('damaged');
  if (checkpoint.value.origin !== key.verifier.name) return no('other-origin');
  if (!note.value.lines.some(({ name, id }) => name === key.verifier.name && id === key.verifier.id)) return no('other-key');
  if (!openNote(nodeSuite, note.value, [key.verifier]).ok) return no('damaged');
  return yes({ size: checkpoint.value.size, root: checkpoint.value.root, note: text });
}

/** The origin that the head on the disk names, before it is known which key to read it with. */
export function originInHead(text: string): string | undefined {
  const note = parseNote(text);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  return checkpoint.ok ? checkpoint.value.origin : undefined;
}
