/** Carries answers from one version of a law to another: what the new one cannot read is left out and named. */

import { canonical } from '../base/index.ts';
import type { FactAnswer, FactDefinition, FactId, Facts, Pack } from './model.ts';
import { parseAnswer } from './parse-facts.ts';

export interface Fitted {
  readonly facts: Facts;
  /** Answers that mean nothing under the new version: the question is gone, or it no longer has the value. They are to be asked again. */
  readonly dropped: readonly FactId[];
}

/** Answers given under any version, as far as `pack` can read them. Facts it can read whole are returned as they are. */
export function fitFacts(pack: Pack, facts: Facts): Fitted {
  return fitterFor(undefined, pack)(facts);
}

/**
 * Like fitFacts for very many systems whose answers are known to fit `from`: only questions that differ are looked at.
 * Costs one comparison of the two versions; then, per system, one lookup a differing question.
 */
export function fitterFor(from: Pack | undefined, to: Pack): (facts: Facts) => Fitted {
  const shapeOf = (fact: FactDefinition): string => canonical([fact.type, fact.values.map((value) => value.id)]);
  const before = new Map(from?.facts.map((fact) => [fact.id, shapeOf(fact)]));
  const known = new Map(to.facts.map((fact) => [fact.id, fact]));
  const suspects = from === undefined ? undefined : [...from.facts.filter((fact) => !known.has(fact.id)), ...to.facts.filter((fact) => before.has(fact.id) && before.get(fact.id) !== shapeOf(fact))].map((fact) => fact.id);
  return (facts) => {
    const ids = (suspects ?? Object.keys(facts)).filter((id) => id in facts);
    const dropped = ids.filter((id) => !isReadable(known.get(id), facts[id]!));
    if (dropped.length === 0) return { facts, dropped };
    return { facts: Object.fromEntries(Object.entries(facts).filter(([id]) => !dropped.includes(id))), dropped };
  };
}

function isReadable(fact: FactDefinition | undefined, answer: FactAnswer): boolean {
  return fact !== undefined && parseAnswer(fact, answer).ok;
}
