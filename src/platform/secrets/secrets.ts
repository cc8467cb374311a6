/** Secrets by name: taken from a file or the environment, else from the data folder, where a missing one is made. No secret has a default. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { assert, Fault } from '../../base/index.ts';
import { keepSecretFile, readSecretFile } from './secret-file.ts';

/** 128 bits: nothing shorter keeps anybody out. */
export const SECRET_BYTES_MIN = 16;
const SECRET_BYTES_DEFAULT = 32;
const SECRET_BYTES_MAX = 1024;
/** `aaaa…` and `12121212…` are long enough and still no secret. Text of 16 random bytes in hexadecimal has fewer different signs once in 10,000 billion. */
const DIFFERENT_SIGNS_MIN = 6;

export interface SecretSize {
  /** Strength in random bytes, 32 unless told. A given secret must be at least as long as this many bytes are in base64url. */
  readonly bytes?: number;
}

export interface Secrets {
  /**
   * The secret `name` (kebab words), the same at every call and every start. For `session-key` it looks at the file that `SESSION_KEY_FILE`
   * names, at the value of `SESSION_KEY`, then at `DATA_DIR/secrets/session-key`, and makes that file when none of them is there.
   * Fault `secret-open-to-others`, `secret-not-read`, `secret-not-written`, `secret-too-weak`; no message holds a value.
   */
  secret(name: string, size?: SecretSize): string;
}

/**
 * Opens the secrets of a data folder. Reads nothing before it is asked. Several processes may start at once on one folder: all end with
 * the same secrets. An empty variable counts as not set.
 */
export function openSecrets(config: { readonly dataDir: string }, environment: Readonly<Record<string, string | undefined>>): Secrets {
  const known = new Map<string, string>();
  return {
    secret: (name, { bytes = SECRET_BYTES_DEFAULT } = {}) => {
      assert(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 60, `secret name ${name} is in kebab words`);
      assert(Number.isInteger(bytes) && bytes >= SECRET_BYTES_MIN && bytes <= SECRET_BYTES_MAX, `secret ${name} has ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX} bytes`);
      const value = known.get(name) ?? find(join(config.dataDir, 'secrets', name), name, bytes, environment);
      checkStrength(value, name, bytes);
      known.set(name, value);
      return value;
    },
  };
}

function find(path: string, name: string, bytes: number, environment: Readonly<Record<string, string | undefined>>): string {
  const variable = name.toUpperCase().replaceAll('-', '_');
  const file = environment[`${variable}_FILE`];
  if (file !== undefined && file !== '') {
    const given = readSecretFile(file, name);
    // A path that leads nowhere is a mistake; a secret made in its place would hide it.
    if (given === undefined) throw new Fault('secret-not-read', `${variable}_FILE names ${file}, and there is no such file. Put the secret there or leave the setting out.`, { name, path: file, why: 'ENOENT' });
    return given;
  }
  const value = environment[variable];
  if (value !== undefined && value !== '') return value;
  const kept = readSecretFile(path, name);
  if (kept !== undefined) return kept;
  keepSecretFile(path, name, randomBytes(bytes).toString('base64url'));
  const made = readSecretFile(path, name);
  if (made === undefined) throw new Fault('secret-not-written', `The secret ${name} was written to ${path} and is not there. Does something else clean the folder?`, { name, path, why: 'ENOENT' });
  return made;
}

function checkStrength(value: string, name: string, bytes: number): void {
  const lengthMin = Math.ceil((bytes * 8) / 6);
  if (value.length >= lengthMin && new Set(value).size >= DIFFERENT_SIGNS_MIN) return;
  throw new Fault('secret-too-weak', `The secret ${name} can be guessed: it needs at least ${lengthMin} characters, by chance and not chosen. Make one: openssl rand -base64 ${bytes}. Or leave the setting out, and Mizan makes and keeps one.`, { name, lengthMin });
}
