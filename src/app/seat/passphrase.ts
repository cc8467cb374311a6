/** The passphrase of a seat's keys: from a file, from the service manager's credentials, or typed; never an argument, which every user of a machine sees. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Exit, EXIT } from '../exit.ts';
import { readPrivately } from './sealed-file.ts';

/** Short ones are guessed whatever the sealing costs. */
export const PASSPHRASE_CHARS_MIN = 12;
/** Name of the credential, as in `LoadCredential=seat-passphrase:…`. */
const CREDENTIAL = 'seat-passphrase';

/** Asks on the terminal without showing what is typed. */
async function typed(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.question('', resolve);
      reader.once('close', () => reject(new Exit(EXIT.usage, 'No passphrase was given.')));
    });
  } finally {
    reader.removeAllListeners('close');
    reader.close();
    process.stderr.write('\n');
  }
}

/** `isNew` asks twice and demands a length; otherwise whatever opens the key is right. */
export async function passphraseFor({ file, isNew = false }: { readonly file?: string | undefined; readonly isNew?: boolean }): Promise<string> {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  const credential = folder === undefined || folder === '' ? undefined : join(folder, CREDENTIAL);
  const path = file ?? (credential !== undefined && existsSync(credential) ? credential : undefined);
  let passphrase: string;
  if (path !== undefined) passphrase = readPrivately(path).replace(/\r?\n$/, '');
  else if (process.stdin.isTTY) {
    passphrase = await typed(isNew ? `New passphrase, at least ${PASSPHRASE_CHARS_MIN} characters: ` : 'Passphrase: ');
    if (isNew && passphrase !== (await typed('The same again: '))) throw new Exit(EXIT.usage, 'The two passphrases differ. Nothing was made.');
  } else throw new Exit(EXIT.usage, `There is no terminal to ask on. Give --passphrase-file FILE (mode 0600), or the credential “${CREDENTIAL}” of the service manager.`);
  if (isNew && passphrase.length < PASSPHRASE_CHARS_MIN) throw new Exit(EXIT.usage, `The passphrase has ${passphrase.length} characters; at least ${PASSPHRASE_CHARS_MIN} are needed.`);
  return passphrase;
}
