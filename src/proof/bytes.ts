/** Bytes and their three texts (UTF-8, hexadecimal, base64), with no help from Node, so that a browser reads them alike. */

const encoder = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF in the text: dropping it would make two byte sequences one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of `text`. A lone surrogate has none: callers that take foreign strings ask `isWellFormed` first. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of `bytes`, or undefined where they are not valid UTF-8. `utf8(fromUtf8(b))` gives back every byte, a mark of byte order included. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal, two digits a byte. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_PAIRS[byte] as string;
  return text;
}

/** The bytes of lower-case hexadecimal, or undefined: capital digits would be a second writing of the same bytes. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NO_DIGIT = 64;
const DIGITS: Uint8Array = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, digit] of [...ALPHABET].entries()) DIGITS[digit.charCodeAt(0)] = value;

/** Standard base64 with padding (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] as number) << 16) | ((left > 1 ? (bytes[at + 1] as number) : 0) << 8) | (left > 2 ? (bytes[at + 2] as number) : 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += (left > 1 ? ALPHABET.charAt((group >> 6) & 63) : '=') + (left > 2 ? ALPHABET.charAt(group & 63) : '=');
  }
  return text;
}

function digitAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? (DIGITS[unit] as number) : NO_DIGIT;
}

/**
 * The bytes of standard base64, or undefined. Strict: padding present, spare bits zero, no white space, so that
 * `base64(fromBase64(text)) === text` for everything accepted and one signature has one writing.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let group = 0;
  let to = 0;
  for (let at = 0; at < digits; at += 1) {
    const digit = digitAt(text, at);
    if (digit === NO_DIGIT) return undefined;
    group = (group << 6) | digit;
    if (at % 4 === 3) {
      bytes[to] = group >> 16;
      bytes[to + 1] = (group >> 8) & 255;
      bytes[to + 2] = group & 255;
      to += 3;
      group = 0;
    }
  }
  // One padding sign leaves 18 bits of which two are spare, two leave 12 of which four are.
  if (padding === 1) {
    if ((group & 3) !== 0) return undefined;
    bytes[to] = group >> 10;
    bytes[to + 1] = (group >> 2) & 255;
  } else if (padding === 2) {
    if ((group & 15) !== 0) return undefined;
    bytes[to] = group >> 4;
  }
  return bytes;
}

/** All parts one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two public byte sequences are the same. Not for secrets: it stops at the first difference. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** A whole number 0 ≤ n ≤ 2^53-1 as eight bytes, most significant first. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Eight bytes, most significant first, as a number; undefined above 2^53-1, which a number cannot hold exactly. */
export function fromUint64(bytes: Uint8Array): number | undefined {
  if (bytes.length !== 8) return undefined;
  const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

/** A decimal without leading zeros, 0 ≤ n ≤ 2^53-1; undefined for any other writing. */
export function fromDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
