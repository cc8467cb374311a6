/** What the secretariat does next so that a motion can be voted on: a pure function of what the log says and what the clock says. */

import type { ClassRule } from '../../../proof/council/constitution.ts';
import type { RoundFacts } from '../../council/index.ts';

/** Room for anchors that are certified between the writing of OPEN and its place in the log: a vote is never shorter than the class promises. */
export const SLACK_S_MAX = 600;
export const slackOf = (voteS: number): number => Math.min(SLACK_S_MAX, Math.ceil(voteS / 10) + 5);

/** What a job has reached, kept between its runs. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits the index signature of JSON
export type Reached = {
  /** Certified time of a checkpoint above the manifests; undefined until they are anchored. */
  readonly sinceS?: number;
  /** Runs so far; a job that never ends is a fault nobody sees. */
  readonly tries?: number;
};

export type Next =
  | { readonly do: 'papers' }
  | { readonly do: 'wait'; readonly untilS: number }
  | { readonly do: 'open' }
  | { readonly do: 'done' };

/** Papers into the log and anchored, then the time to prepare, then slot roll, anchor and OPEN; an OPEN that stands already ends it. */
export function nextOf(reached: Reached, round: Pick<RoundFacts, 'entries'> | undefined, rule: Pick<ClassRule, 'prepareS'>, nowS: number): Next {
  if (round?.entries.open !== undefined) return { do: 'done' };
  if (reached.sinceS === undefined) return { do: 'papers' };
  const readyS = reached.sinceS + rule.prepareS;
  return nowS < readyS ? { do: 'wait', untilS: readyS } : { do: 'open' };
}

/** When voting ends: the whole window of the class from the newer of clock and certified time. */
export function windowOf(rule: Pick<ClassRule, 'sealed' | 'voteS' | 'revealS'>, nowS: number, anchoredS: number): { readonly commitsCloseS?: number; readonly closesS: number } {
  const votedS = Math.max(nowS, anchoredS) + rule.voteS + slackOf(rule.voteS);
  return rule.sealed ? { commitsCloseS: votedS, closesS: votedS + rule.revealS } : { closesS: votedS };
}
