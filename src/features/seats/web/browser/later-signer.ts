/** Signers whose signatures come later: a browser signs without giving the key away, and answers with a promise. */

import { cosign, cosignMlDsa44, printNote, signLine, type Note, type NoteLine, type NoteSigner } from '../../../../proof/index.ts';
import { nobleSuite as suite } from '../../../../proof/noble-suite.ts';

export interface LaterSigner {
  readonly name: string;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Makes the line twice: the first time only to learn what is signed. */
async function lineBy(signer: LaterSigner, make: (signer: NoteSigner) => NoteLine): Promise<NoteLine> {
  const { name, publicKey } = signer;
  let asked = new Uint8Array();
  make({ name, publicKey, sign: (message) => ((asked = Uint8Array.from(message)), new Uint8Array(64)) });
  const signature = await signer.sign(asked);
  return make({ name, publicKey, sign: () => signature });
}

export async function signNoteLater(text: string, signer: LaterSigner): Promise<string> {
  const note: Note = { text, lines: [await lineBy(signer, (one) => signLine(suite, text, one))] };
  return printNote(note);
}

export const cosignLater = async (signer: LaterSigner, text: string, timeS: number): Promise<NoteLine> => lineBy(signer, (one) => cosign(suite, one, text, timeS));
export const cosignMlDsaLater = async (signer: LaterSigner, text: string, timeS: number): Promise<NoteLine> => lineBy(signer, (one) => cosignMlDsa44(suite, one, text, timeS));
