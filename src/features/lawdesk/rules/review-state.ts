/** How far counsel's review of a pack version is: a sign-off counts for exactly the content that was seen. */

export const VERDICTS = ['agree', 'agree-with-remark', 'change-needed', 'reject'] as const;
export type ReviewVerdict = (typeof VERDICTS)[number];

/** `changed`: somebody gave a verdict, but the entry says something else now. */
export const REVIEW_STATES = ['open', 'changed', ...VERDICTS] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Worst first: one reviewer who rejects is not outvoted. */
const SEVERITY: readonly ReviewVerdict[] = ['reject', 'change-needed', 'agree-with-remark', 'agree'];

export interface RemarkMark {
  readonly number: number;
  readonly kind: string;
  readonly entry: string;
  readonly entryDigest: string;
  readonly verdict: ReviewVerdict;
  readonly reviewer: string;
  readonly licence: string;
}

/** Each reviewer's newest verdict on this very content. */
export function standingRemarks<R extends RemarkMark>(digest: string, remarks: readonly R[]): readonly R[] {
  const standing = new Map<string, R>();
  for (const remark of remarks) {
    if (remark.entryDigest !== digest) continue;
    const who = `${remark.reviewer}\n${remark.licence}`;
    if ((standing.get(who)?.number ?? 0) < remark.number) standing.set(who, remark);
  }
  return [...standing.values()];
}

/** The state of one entry with this digest: verdicts on older content count as changed. */
export function stateOf(digest: string, remarks: readonly RemarkMark[]): ReviewState {
  if (remarks.length === 0) return 'open';
  const verdicts = new Set(standingRemarks(digest, remarks).map((remark) => remark.verdict));
  return SEVERITY.find((verdict) => verdicts.has(verdict)) ?? 'changed';
}

export function isSigned(state: ReviewState): boolean {
  return state === 'agree' || state === 'agree-with-remark';
}

export function isReviewed(state: ReviewState): boolean {
  return state !== 'open' && state !== 'changed';
}

/** `{ open: 3, agree: 12, … }` with every state. */
export function countStates(states: readonly ReviewState[]): Readonly<Record<ReviewState, number>> {
  const counts: Record<ReviewState, number> = { open: 0, changed: 0, agree: 0, 'agree-with-remark': 0, 'change-needed': 0, reject: 0 };
  for (const state of states) counts[state]++;
  return counts;
}
