/** Which worked cases of a pack pass, read off its check: one place decides what passing means. */

import { PROBLEMS_MAX } from './limits.ts';
import type { Pack, PackProblem } from './model.ts';

export interface CaseReport {
  readonly id: string;
  /** What was expected and what was found instead; empty when the case passes. */
  readonly failures: readonly string[];
}

/** One report for each case of the pack's own, in its order; those of a pack it extends are told by that pack. `problems` is what checkPack found in this very pack. */
export function caseReports(pack: Pack, problems: readonly PackProblem[]): readonly CaseReport[] {
  const errors = problems.filter((problem) => problem.severity === 'error');
  // Without diagrams no case was decided, and a cut list says nothing about what was cut off.
  const unknown = errors.some((problem) => problem.code === 'law-diagram-too-large') || errors.length >= PROBLEMS_MAX ? ['not decided: the pack has other errors that stand in the way'] : [];
  return pack.cases.filter(({ id }) => !pack.origins.has(`case:${id}`)).map(({ id }) => {
    const spot = pack.spots.get(`case:${id}`);
    const failures = errors.filter((problem) => problem.code === 'case-fails' && problem.file === spot?.file && problem.line === spot.line).map((problem) => problem.message);
    return { id, failures: failures.length === 0 ? unknown : failures };
  });
}
