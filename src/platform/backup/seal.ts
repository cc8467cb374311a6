/**
 * Encryption of a whole backup with a passphrase: scrypt makes the key, AES-256-GCM seals segment after segment. The number of a segment and
 * whether it is the last are sealed with it, so that none can be left out, swapped or cut off.
 */

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { BadBackup, MAGIC } from './format.ts';
import { ByteReader } from './bytes.ts';

export const SEALED_MAGIC = 'MIZAN-SEALED/1\n';
/** Short ones are guessed; the file may lie in strange hands for years. */
export const PASSPHRASE_LENGTH_MIN = 12;

const SALT_BYTES = 32;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
const SEGMENT_BYTES = 1024 * 1024;
/** 128 MiB and about half a second a guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

async function keyOf(passphrase: string, salt: Buffer): Promise<{ readonly key: Buffer; readonly check: Buffer }> {
  const master = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, SCRYPT, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
  const derive = (purpose: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', master, salt, purpose, bytes));
  return { key: derive('mizan backup segments', 32), check: derive('mizan backup check', CHECK_BYTES) };
}

/** The salt is new for every file, so the number of the segment never meets the same key twice. */
function nonceOf(segment: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(segment), 4);
  return nonce;
}

const lastMark = (isLast: boolean): Buffer => Buffer.from(isLast ? 'last' : 'more');

export async function* seal(plain: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const { key, check } = await keyOf(passphrase, salt);
  yield Buffer.concat([Buffer.from(SEALED_MAGIC), salt, check]);
  const reader = new ByteReader(plain);
  for (let segment = 0; ; segment++) {
    const piece = await reader.takeUpTo(SEGMENT_BYTES);
    const isLast = await reader.atEnd();
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(segment));
    cipher.setAAD(lastMark(isLast));
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
    if (isLast) return;
  }
}

/** The plain bytes of a backup that may be sealed. Throws BadBackup; a sealed one without a passphrase is `encrypted`. */
export async function* unseal(source: AsyncIterable<Uint8Array>, passphrase: string | undefined): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  const first = await reader.takeUpTo(SEALED_MAGIC.length);
  if (first.toString('latin1') !== SEALED_MAGIC) {
    if (passphrase !== undefined && first.toString('latin1') === MAGIC.slice(0, first.length) && first.length > 0) throw new BadBackup('not-encrypted', 'the first line');
    yield first;
    while (!(await reader.atEnd())) yield await reader.takeUpTo(SEGMENT_BYTES);
    return;
  }
  if (passphrase === undefined) throw new BadBackup('encrypted', 'the first line');
  const salt = await reader.take(SALT_BYTES, 'the salt');
  const check = await reader.take(CHECK_BYTES, 'the salt');
  const made = await keyOf(passphrase, salt);
  if (!timingSafeEqual(made.check, check)) throw new BadBackup('wrong-passphrase', 'the first line');
  for (let segment = 0; ; segment++) {
    const where = `byte ${reader.position}`;
    const sealed = await reader.takeUpTo(SEGMENT_BYTES + TAG_BYTES);
    if (sealed.length < TAG_BYTES) throw new BadBackup('truncated', where);
    const isLast = await reader.atEnd();
    const decipher = createDecipheriv('aes-256-gcm', made.key, nonceOf(segment), { authTagLength: TAG_BYTES });
    decipher.setAAD(lastMark(isLast));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    let piece: Buffer;
    try {
      piece = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new BadBackup(isLast ? 'truncated' : 'damaged', where, error);
    }
    yield piece;
    if (isLast) return;
  }
}
