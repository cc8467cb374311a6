/** Words for what the log names by slugs: classes, constituencies; and digests as people compare them. */

import type { Language } from '../../../base/index.ts';
import { inFours } from '../rules/check-file.ts';
import { decisionsText } from '../text/index.ts';

const CLASSES = ['procedural', 'standard', 'contested', 'constitutional', 'guarded', 'emergency'] as const;
const GROUPS = ['civil-society', 'state', 'industry', 'science'] as const;

/** A council may have classes and constituencies of its own: those keep their name. */
export function classWord(name: string, language: Language): string {
  const known = CLASSES.find((one) => one === name);
  return known === undefined ? name : decisionsText.in(language)(`class.${known}`);
}
export function groupWord(name: string, language: Language): string {
  const known = GROUPS.find((one) => one === name);
  return known === undefined ? name : decisionsText.in(language)(`group.${known}`);
}

export const seatNumber = (seat: number): string => String(seat).padStart(2, '0');
export const seatNumbers = (seats: readonly number[]): string => seats.map(seatNumber).join(' ');
export const fours = inFours;
/** The first 20 digits in fours, as screens and papers show a motion. */
export const shortDigits = (digest: string): string => inFours(digest.slice(0, 20));

/** Address of a decision's page; slots may hold slashes. */
export const decisionHref = (slot: string, round: number): string => `/decisions/${slot}/${round}`;
