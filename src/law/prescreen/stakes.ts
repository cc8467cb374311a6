/** How much may hang on a record: one number to order the work list, and the conclusions that are probable. */

import type { Citation, ConclusionId } from '../model.ts';
import type { Candidate } from './model.ts';

export interface ProbableConclusion {
  readonly conclusion: ConclusionId;
  readonly point: Citation;
  readonly score: number;
  readonly weight: number;
  readonly recogniser: string;
}

export interface Stakes {
  /** ≥ 0, without unit. Half of each further conclusion's share is counted, so the gravest decides the order. */
  readonly stakes: number;
  /** Each conclusion once, the gravest first: "probably Annex III point 4(a): please confirm". */
  readonly probable: readonly ProbableConclusion[];
}

/** Joins the candidates of one record. Nothing here is a decision: the result of the record stays open until a person answers. */
export function stakes(candidates: readonly Candidate[]): Stakes {
  const best = new Map<ConclusionId, ProbableConclusion>();
  for (const { conclusion, point, score, weight, recogniser } of candidates) {
    // Weight 0 marks words that speak for an exclusion: they make nothing probable.
    if (weight === 0) continue;
    const known = best.get(conclusion);
    if (known === undefined || weight * score > known.weight * known.score) best.set(conclusion, { conclusion, point, score, weight, recogniser });
  }
  const probable = [...best.values()].sort((a, b) => b.weight * b.score - a.weight * a.score || (a.conclusion < b.conclusion ? -1 : 1));
  const sum = probable.reduce((total, { weight, score }, place) => total + (weight * score) / 2 ** place, 0);
  return { stakes: Math.round(sum * 1_000) / 1_000, probable };
}
