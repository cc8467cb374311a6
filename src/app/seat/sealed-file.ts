/** Secrets of a seat on the disk: sealed by a passphrase (scrypt, AES-256-GCM), readable by their owner alone, never overwritten. */

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Fault, no, yes, type Verdict } from '../../base/index.ts';

export const SEALED_FORMAT = 'mizan-seat/sealed/v1';
const SEALED_BYTES_MAX = 16 * 1024;
const OTHERS = 0o077;
/** Windows keeps rights in lists that these bits do not show. */
const HAS_MODES = process.platform !== 'win32';

/** Work of one guess at the passphrase: `cost` is N of scrypt, with r = 8, so 32 MB and three passes. */
export interface SealCost {
  readonly cost: number;
  readonly passes: number;
}
export const SEAL_COST: SealCost = { cost: 32_768, passes: 3 };
/** What a file may ask of this machine: a forged header must not eat its memory. */
const COST_MAX = 262_144;
const PASSES_MAX = 16;
const COST_MIN = 1024;

interface Sealed {
  readonly format: typeof SEALED_FORMAT;
  readonly what: string;
  readonly cost: number;
  readonly passes: number;
  readonly salt: string;
  readonly nonce: string;
  readonly sealed: string;
}

export type SealRefusal = 'passphrase' | 'form' | 'other-content';

function keyOf(passphrase: string, salt: Uint8Array, { cost, passes }: SealCost): Uint8Array {
  return scryptSync(passphrase.normalize('NFC'), salt, 32, { N: cost, r: 8, p: passes, maxmem: 256 * cost * 8 });
}

/** What is authenticated beside the content: nobody may move a sealed text under another name or weaken its header unseen. */
const header = ({ what, cost, passes, salt }: Omit<Sealed, 'format' | 'nonce' | 'sealed'>): Buffer => Buffer.from(`${SEALED_FORMAT}\n${what}\n${cost} ${passes}\n${salt}\n`);

export function seal(what: string, content: string, passphrase: string, cost: SealCost = SEAL_COST): string {
  const salt = randomBytes(32);
  const nonce = randomBytes(12);
  const head = { what, ...cost, salt: salt.toString('base64') };
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt, cost), nonce).setAAD(header(head));
  const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ format: SEALED_FORMAT, ...head, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') } satisfies Sealed)}\n`;
}

function readSealed(text: string): Sealed | undefined {
  try {
    const read = JSON.parse(text) as Partial<Sealed>;
    const { format, what, cost, passes, salt, nonce, sealed } = read;
    const words = [what, salt, nonce, sealed].every((each) => typeof each === 'string');
    const fits = Number.isInteger(cost) && Number.isInteger(passes) && (cost as number) >= COST_MIN && (cost as number) <= COST_MAX && ((cost as number) & ((cost as number) - 1)) === 0 && (passes as number) >= 1 && (passes as number) <= PASSES_MAX;
    return format === SEALED_FORMAT && words && fits ? (read as Sealed) : undefined;
  } catch {
    return undefined;
  }
}

/** The content, or why not. A wrong passphrase and a changed file cannot be told apart: both are `passphrase`. */
export function unseal(what: string, text: string, passphrase: string): Verdict<string, SealRefusal> {
  const read = readSealed(text);
  if (read === undefined) return no('form');
  if (read.what !== what) return no('other-content');
  const sealed = Buffer.from(read.sealed, 'base64');
  const nonce = Buffer.from(read.nonce, 'base64');
  if (sealed.length < 16 || nonce.length !== 12) return no('form');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(passphrase, Buffer.from(read.salt, 'base64'), read), nonce).setAAD(header(read));
    decipher.setAuthTag(sealed.subarray(-16));
    return yes(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('utf8'));
  } catch {
    return no('passphrase');
  }
}

/** Writes a new file of mode 0600, on the disk before this returns. Fault `seat-file-exists`: no key is ever overwritten. */
export function writePrivately(path: string, text: string): void {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new Fault('seat-file-exists', `${path} exists. What holds keys is never overwritten: choose another folder, or keep the old one in a safe place first.`, { path });
    throw new Fault('seat-file-not-written', `${path} cannot be written (${code ?? 'unknown'}).`, { path, why: code ?? 'unknown' }, { cause: error });
  }
}

/** Reads a private file; Fault `seat-file-open` when others of this machine may read it, `seat-file-not-read` for the rest. Never repeats the content. */
export function readPrivately(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { mode, size } = fstatSync(file);
    if (HAS_MODES && (mode & OTHERS) !== 0) throw new Fault('seat-file-open', `Others on this machine may read ${path}. Run: chmod 600 '${path}'. If they may have read it, replace what it holds.`, { path });
    if (size > SEALED_BYTES_MAX) throw new Fault('seat-file-not-read', `${path} is larger than ${SEALED_BYTES_MAX} bytes.`, { path });
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('seat-file-not-read', `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { path }, { cause: error });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
