/** A digest as people read it out: four groups of four, enough to tell two apart; never enough to prove one. */

export function shortDigest(digest: string): string {
  return (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' ');
}
