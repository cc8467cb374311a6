/** `mizan pack keygen FILE`, and how commands read the keys people sign with. A private key is a file of its owner and is never printed. */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { KEY_ROLES, type KeyRole, keyText, readKey, readTrustedKeys, type TrustedKey, trustedKeyLine } from '../../law/index.ts';
import { Fault } from '../../base/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, tell } from '../terminal.ts';
import { loadDesk } from './pack-files.ts';

const KEY_FILE_BYTES_MAX = 16 * 1024;
const KEYS_FILE_BYTES_MAX = 1024 * 1024;
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

export function addPackKeys(pack: Command): void {
  pack
    .command('keygen')
    .description('make a key to sign packs with: FILE for its owner alone, FILE.pub for everybody')
    .argument('<file>', 'where the private key goes; a new file outside of any repository')
    .requiredOption('--name <name>', 'who signs with it, as others should see it')
    .addOption(new Option('--as <role>', 'what it may sign').choices(KEY_ROLES).default('publisher'))
    .option('--json', 'print {role, name, key, fingerprint} as JSON')
    .action(async (file: string, options: { readonly name: string; readonly as: KeyRole; readonly json?: boolean }) => {
      demandPrivatePlace(file);
      const name = options.name.trim();
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const line = { role: options.as, key: keyText(publicKey), name };
      if (!readTrustedKeys(trustedKeyLine(line)).ok) throw new Exit(EXIT.usage, 'Give a --name of one line and at most 200 characters.');
      writeNew(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), OWNER_ONLY);
      writeNew(`${file}.pub`, `${trustedKeyLine(line)}\n`, 0o644);
      const fingerprint = fingerprintOf(line.key);
      if (options.json === true) print(JSON.stringify({ ...line, fingerprint }, null, 2));
      else {
        print(`${file}      the private key: keep it, and a copy in a safe; whoever has it signs as ${name}`);
        print(`${file}.pub  the public key: give it to those who shall believe the signatures`);
        const { readableFingerprint } = await loadDesk();
        print(`fingerprint ${readableFingerprint(fingerprint)}`);
      }
    });
}

/** A key inside a repository is a key in the next copy of the repository. */
function demandPrivatePlace(file: string): void {
  let folder: string;
  try {
    folder = realpathSync(dirname(resolve(file)));
  } catch {
    throw new Exit(EXIT.usage, `The folder of ${file} does not exist. Make it first.`);
  }
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git')) || existsSync(join(at, 'pack.yaml'))) throw new Exit(EXIT.usage, `${file} would lie in ${at}, which is ${existsSync(join(at, '.git')) ? 'a repository' : 'a law pack'}. A private key belongs where nothing is copied from: choose another folder.`);
    if (dirname(at) === at) return;
  }
}

function writeNew(path: string, text: string | Buffer, mode: number): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Exit(EXIT.usage, `${path} exists. A key is never overwritten: choose another name.`);
    throw new Fault('key-not-written', `${path} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {}, { cause: error });
  }
}

/** Reads a private key. Refuses one that others of this machine may read. Never repeats what stands in the file. */
export function readPrivateKey(path: string): KeyObject {
  let text: string;
  try {
    const { mode, size } = statSync(path);
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) throw new Exit(EXIT.usage, `Others on this machine may read ${path}. Run: chmod 600 ${path}`);
    if (size > KEY_FILE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is too large for a key.`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.usage, `${path} cannot be read. Check the name and the rights.`);
  }
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // told below
  }
  throw new Exit(EXIT.usage, `${path} is not a private Ed25519 key in PEM. Make one with “mizan pack keygen”.`);
}

/** What stands about a key in the `.pub` file beside it, as long as it is about this key. */
export function publicHalf(path: string, privateKey: KeyObject): TrustedKey | undefined {
  const key = keyText(createPublicKey(privateKey));
  if (!existsSync(`${path}.pub`)) return undefined;
  const found = readTrustedKeysFile(`${path}.pub`).find((one) => one.key === key);
  if (found === undefined) tell(`${path}.pub is about another key and is passed over.`);
  return found;
}

export function readTrustedKeysFile(path: string): readonly TrustedKey[] {
  let text: string;
  try {
    if (statSync(path).size > KEYS_FILE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is larger than ${KEYS_FILE_BYTES_MAX} bytes.`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.usage, `${path} cannot be read. Check the name and the rights.`);
  }
  const keys = readTrustedKeys(text);
  if (keys.ok) return keys.value;
  const said = { 'not-a-line': 'is not “role ed25519:… name” with the role publisher, counsel or council', 'not-a-key': 'has no Ed25519 key', 'weak-key': 'has a key under which any signature fits', 'too-many': 'is one key too many' }[keys.refusal.code];
  throw new Exit(EXIT.usage, `${path}: line ${keys.refusal.line} ${said}.`);
}

export function fingerprintOf(key: string): string {
  const read = readKey(key);
  return read.ok ? read.value.fingerprint : '';
}
