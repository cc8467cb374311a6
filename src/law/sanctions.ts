/** Ceilings of fines: a fixed amount against a share of turnover, the higher of the two, or the lower for those the law spares. */

import { no, yes } from '../base/index.ts';
import type { Verdict } from '../base/index.ts';
import type { Assignment } from './bdd.ts';
import { assignFacts } from './assignment.ts';
import type { Law } from './compile.ts';
import type { FactId, Facts } from './model.ts';
import { scratchOf } from './questions.ts';

export interface FineCeiling {
  readonly ceilingEur: number;
  /** Which of the two amounts it is; `fixed` where both are equal. */
  readonly by: 'fixed' | 'percent';
  /** The lower of the two amounts is the ceiling. */
  readonly isLower: boolean;
  /** Facts that may lower the ceiling, or show that the sanction does not reach the body. Until they are answered the ceiling is the highest possible. */
  readonly ask: readonly FactId[];
}

export interface FineSubject {
  /** Total worldwide turnover of the preceding year, in euro. */
  readonly turnoverEur?: number;
  /** Whether the body is an undertaking; others are held to the fixed amount. */
  readonly undertaking: boolean;
}

export type NoFineCeiling = 'unknown-sanction' | 'sanction-does-not-apply' | 'sanction-without-value' | 'turnover-needed';

/** The ceiling of `sanctionId` for one body. `law` is of the duties layer. */
export function fineCeiling(law: Law, sanctionId: string, facts: Facts, subject: FineSubject): Verdict<FineCeiling, NoFineCeiling> {
  const sanction = law.duties.sanctions.get(sanctionId);
  if (sanction === undefined) return no('unknown-sanction');
  const assignment: Assignment = new Int8Array(law.variableCount);
  assignFacts(law, facts, assignment);
  const unless = law.diagrams.reach(sanction.unless, assignment);
  if (unless === 2) return no('sanction-does-not-apply');
  if (sanction.fixed === undefined || (sanction.sanction.percent !== undefined && sanction.percent === undefined)) return no('sanction-without-value');
  const lower = law.diagrams.reach(sanction.lowerWhen, assignment);
  const isPercent = subject.undertaking && sanction.percent !== undefined;
  const ask = openFacts(law, assignment, [...(unless === 3 ? [sanction.unless] : []), ...(lower === 3 && isPercent ? [sanction.lowerWhen] : [])]);
  if (!isPercent) return yes({ ceilingEur: sanction.fixed, by: 'fixed', isLower: false, ask });
  if (subject.turnoverEur === undefined) return no('turnover-needed');
  const share = (subject.turnoverEur * sanction.percent) / 100;
  const isLower = lower === 2;
  const isByShare = isLower ? share < sanction.fixed : share > sanction.fixed;
  return yes({ ceilingEur: isByShare ? share : sanction.fixed, by: isByShare ? 'percent' : 'fixed', isLower, ask });
}

function openFacts(law: Law, assignment: Assignment, nodes: readonly number[]): readonly FactId[] {
  const scratch = scratchOf(law);
  const open = new Set(nodes.flatMap((node) => [...scratch.factsOf(scratch.restrict(node, assignment))]));
  return [...open].sort((a, b) => a - b).map((index) => law.facts[index]!.definition.id);
}
