/** Where to go after sign-in: only ever a page of this register. */

const ADDRESS_CHARACTERS_MAX = 2000;

/** The path when it is one of ours and no step of sign-in itself, else `otherwise`. `//host`, `/\host` and control characters lead elsewhere. */
export function nextPage(next: string | undefined, otherwise = '/'): string {
  if (next === undefined || next.length > ADDRESS_CHARACTERS_MAX || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next)) return otherwise;
  const path = next.split(/[?#]/)[0] ?? '/';
  return /^\/identity\/(?:sign-in|sign-out|second-factor|setup|recover|auth|sso|oidc|saml)(?:\/|$)/.test(path) ? otherwise : next;
}

/** `path?next=…`, without it when it would lead home anyway. */
export function withNext(path: string, next: string): string {
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`;
}
