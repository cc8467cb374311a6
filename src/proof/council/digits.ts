/** How people compare a digest by eye: its first twenty digits in fours, as screens and papers show a motion. */

export const inFours = (digest: string): string => (digest.slice(0, 20).match(/.{4}/g) ?? []).join(' ');
