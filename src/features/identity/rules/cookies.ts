/** Cookies of sign-in: read from a request, written for an answer. */

const COOKIE_HEADER_CHARACTERS_MAX = 16_384;

/** The decoded value of a cookie; undefined when there is none or it cannot be decoded. Of two with one name the first counts. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > COOKIE_HEADER_CHARACTERS_MAX) return undefined;
  for (const part of header.split(';')) {
    const pair = part.trimStart();
    if (!pair.startsWith(`${name}=`)) continue;
    try {
      return decodeURIComponent(pair.slice(name.length + 1));
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** A cookie that only our server reads. Without `maxAgeSeconds` it ends with the browser; 0 removes it. */
export function writeCookie(name: string, value: string, options: { readonly secure: boolean; readonly maxAgeSeconds?: number }): string {
  const age = options.maxAgeSeconds === undefined ? '' : `; Max-Age=${options.maxAgeSeconds}`;
  return `${name}=${encodeURIComponent(value)}; Path=/${age}; HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`;
}
