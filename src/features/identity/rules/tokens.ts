/** Secrets that travel once: how they look, and the digests by which they are known again. */

import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const RECOVERY_CODES = 10;
const RECOVERY_CHARACTERS = 10;
/** Without letters and digits that look alike. 31^10 is 49 bits; the digests are keyed, so a stolen database does not help to guess. */
const RECOVERY_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
export const API_KEY = /^mz_[A-Za-z0-9_-]{43}$/;
const API_KEY_PREFIX_CHARACTERS = 10;

/** 256 random bits as text for addresses and cookies. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Digest of a token of full strength; needs no key and no salt. Undefined for what cannot be a token. */
export function tokenHash(token: string): string | undefined {
  return TOKEN.test(token) ? sha256(token) : undefined;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Digest of something short or guessable, useless without the secret of the installation. */
export function keyedDigest(secret: string, purpose: string, text: string): string {
  return createHmac('sha256', secret).update(`${purpose}\0${text}`).digest('hex');
}

export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: RECOVERY_CHARACTERS }, () => RECOVERY_ALPHABET[randomInt(RECOVERY_ALPHABET.length)] ?? '').join('');
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
}

/** As people type it: capitals, spaces and a missing hyphen are forgiven. Undefined for what cannot be a code. */
export function readRecoveryCode(typed: string): string | undefined {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return code.length === RECOVERY_CHARACTERS && /^[a-z0-9]+$/.test(code) ? `${code.slice(0, 5)}-${code.slice(5)}` : undefined;
}

export function newApiKey(): { readonly key: string; readonly prefix: string; readonly hash: string } {
  const key = `mz_${newToken()}`;
  return { key, prefix: key.slice(0, API_KEY_PREFIX_CHARACTERS), hash: sha256(key) };
}

/** A value with its signature, in the form in which the library writes cookies: `value.base64(HMAC-SHA-256)`. */
export function signed(secret: string, value: string): string {
  return `${value}.${createHmac('sha256', secret).update(value).digest('base64')}`;
}

/** The value of a signed text, or undefined when somebody else wrote it. */
export function unsigned(secret: string, text: string): string | undefined {
  const dot = text.lastIndexOf('.');
  if (dot < 1) return undefined;
  const value = text.slice(0, dot);
  const expected = createHmac('sha256', secret).update(value).digest();
  const given = Buffer.from(text.slice(dot + 1), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : undefined;
}
