/** One-time codes of RFC 6238 (TOTP, HMAC-SHA-1, six digits, thirty seconds), and the base 32 of RFC 4648 in which their secrets are written. */

import { createHmac, timingSafeEqual } from 'node:crypto';

export const TOTP_STEP_SECONDS = 30;
export const TOTP_DIGITS = 6;
/** RFC 4226 §4 asks for at least 128 bits and recommends 160. */
export const TOTP_SECRET_BYTES = 20;
/** One step to either side: clocks of telephones differ by some seconds, and people type slowly (RFC 6238 §5.2). */
const STEPS_AROUND = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function base32(bytes: Uint8Array): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + (ALPHABET[(held << (5 - bits)) & 31] ?? '');
}

/** The step of an instant in milliseconds since 1970. */
export function totpStep(atMs: number): number {
  return Math.floor(atMs / 1000 / TOTP_STEP_SECONDS);
}

export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  // Dynamic truncation, RFC 4226 §5.3.
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 10 ** TOTP_DIGITS).padStart(TOTP_DIGITS, '0');
}

/**
 * The step of which `typed` is the code, or undefined. Only steps after `lastStep` count: a code that was taken once, or is older
 * than one that was, is worth nothing. Spaces are forgiven, because telephones show codes in two groups.
 */
export function matchTotp(secret: Uint8Array, typed: string, atMs: number, lastStep: number): number | undefined {
  const code = typed.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return undefined;
  const now = totpStep(atMs);
  let found: number | undefined;
  for (let step = Math.max(0, now - STEPS_AROUND); step <= now + STEPS_AROUND; step++) {
    // Every step is computed and compared whole, so that the time tells nothing.
    const same = timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code));
    if (same && step > lastStep) found = step;
  }
  return found;
}

/** The address that a telephone reads from the picture. */
export function totpAddress(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${TOTP_DIGITS}&period=${TOTP_STEP_SECONDS}`;
}
