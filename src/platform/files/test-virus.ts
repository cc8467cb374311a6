/** The harmless file by which everybody tests whether uploads are looked at (EICAR). */

/** Written in two halves, so that a scanner on this machine leaves the program itself alone. */
const HALVES = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'] as const;
export const TEST_VIRUS: string = HALVES.join('');

/** It stands at the very beginning; a mark of the encoding or white space before it does not hide it. */
export function holdsTestVirus(head: Buffer): boolean {
  return head.toString('latin1').replace(/^\u00EF\u00BB\u00BF/, '').trimStart().startsWith(TEST_VIRUS);
}
