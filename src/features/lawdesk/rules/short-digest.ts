/** Digests as people read them: enough of one to tell two apart on a page, and enough of a key's to compare it by telephone. */

/** Sixteen digits in groups of four. Tells two apart; proves nothing. */
export function shortDigest(digest: string): string {
  return grouped(digest, 16);
}

/** Thirty-two digits in groups of four: nobody can make a second key that has the same. */
export function readableFingerprint(fingerprint: string): string {
  return grouped(fingerprint, 32);
}

function grouped(digest: string, digits: number): string {
  return (digest.slice(0, digits).match(/.{4}/g) ?? []).join(' ');
}
