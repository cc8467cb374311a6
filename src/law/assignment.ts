/** Turns parsed facts into an assignment of the variables of a law, and says in which state each fact is. */

import { assert, dayNumber } from '../base/index.ts';
import type { Assignment } from './bdd.ts';
import { assignChain } from './compile.ts';
import type { CompiledFact, Law } from './compile.ts';
import type { FactAnswer, FactId, Facts, FactState, FactValue } from './model.ts';

/** A fact about which parties claim different values. */
export interface DisputedFact {
  readonly fact: CompiledFact;
  readonly values: readonly FactValue[];
}

/**
 * Writes `facts` over the blank assignment into `out`. Facts in dispute stay open and are returned; a dispute in which all claim the
 * same value is a known fact. Facts the law does not know are ignored: parseFacts refuses them at the door.
 */
export function assignFacts(law: Law, facts: Facts, out: Assignment): readonly DisputedFact[] {
  out.set(law.blank);
  let disputed: DisputedFact[] | undefined;
  for (const fact of law.facts) {
    const answer = facts[fact.definition.id];
    if (answer === undefined || fact.count === 0) continue;
    if (typeof answer !== 'object' || Array.isArray(answer) || 'has' in answer) assignValue(fact, answer as FactValue, out);
    else if ('disputed' in answer) {
      const values = distinctClaims(answer);
      if (values.length === 1) assignValue(fact, values[0]!, out);
      else (disputed ??= []).push({ fact, values });
    }
  }
  return disputed ?? NONE;
}

/** Writes the answer to one fact into `out`; false when parties claim different values. The lazy counterpart of assignFacts. */
export function assignFact(fact: CompiledFact, answer: FactAnswer | undefined, blank: Assignment, out: Assignment): boolean {
  for (let variable = fact.first; variable < fact.first + fact.count; variable++) out[variable] = blank[variable]!;
  if (answer === undefined) return true;
  if (typeof answer !== 'object' || Array.isArray(answer) || 'has' in answer) assignValue(fact, answer as FactValue, out);
  else if ('disputed' in answer) {
    const values = distinctClaims(answer);
    if (values.length > 1) return false;
    assignValue(fact, values[0]!, out);
  }
  return true;
}

const NONE: readonly DisputedFact[] = [];

function distinctClaims(answer: Extract<FactAnswer, { readonly disputed: unknown }>): readonly FactValue[] {
  const byText = new Map(answer.disputed.map((claim) => [JSON.stringify(claim.value), claim.value]));
  return [...byText.values()];
}

export function assignValue(fact: CompiledFact, value: FactValue, out: Assignment): void {
  switch (fact.definition.type) {
    case 'bool':
      out[fact.first] = value === true ? 1 : 0;
      return;
    case 'enum': {
      const index = fact.valueIndex.get(value as string);
      assert(index !== undefined, `“${value as string}” is not a value of ${fact.definition.id}`);
      assignChain(out, fact.first, fact.count, index);
      return;
    }
    case 'set':
      assignSet(fact, value as readonly string[], out);
      return;
    case 'number':
      assignRegion(fact, regionOf(fact, value as number), out);
      return;
    case 'date':
      assignRegion(fact, regionOf(fact, dayNumber(value as string)), out);
  }
}

function assignSet(fact: CompiledFact, value: readonly string[] | { readonly has: readonly string[]; readonly hasNot: readonly string[] }, out: Assignment): void {
  const isPartial = !Array.isArray(value);
  const { has, hasNot } = isPartial ? (value as { readonly has: readonly string[]; readonly hasNot: readonly string[] }) : { has: value as readonly string[], hasNot: [] };
  out.fill(isPartial ? -1 : 0, fact.first, fact.first + fact.count);
  for (const member of has) out[fact.first + fact.valueIndex.get(member)!] = 1;
  for (const member of hasNot) out[fact.first + fact.valueIndex.get(member)!] = 0;
}

/** Number of boundaries the value is beyond. */
export function regionOf(fact: CompiledFact, value: number): number {
  let region = 0;
  while (region < fact.boundaries.length && isBeyond(value, fact.boundaries[region]!)) region++;
  return region;
}

function isBeyond(value: number, boundary: { readonly at: number; readonly isStrict: boolean }): boolean {
  return boundary.isStrict ? value > boundary.at : value >= boundary.at;
}

/** A value in region `r` is beyond the first r boundaries and not beyond the next; nothing depends on the later ones. */
export function assignRegion(fact: CompiledFact, region: number, out: Assignment): void {
  for (let i = 0; i < fact.count; i++) out[fact.first + i] = i < region ? 1 : i === region ? 0 : -1;
}

/** The state of every fact under `facts`, in the order of the pack. */
export function factStates(law: Law, facts: Facts): ReadonlyMap<FactId, FactState> {
  const assignment: Assignment = new Int8Array(law.variableCount);
  assignFacts(law, facts, assignment);
  return new Map(law.facts.map((fact) => [fact.definition.id, stateOf(law, fact, facts[fact.definition.id], assignment)]));
}

function stateOf(law: Law, fact: CompiledFact, answer: FactAnswer | undefined, assignment: Assignment): FactState {
  if (law.diagrams.reach(fact.gate, assignment) === 1) return 'not-applicable';
  if (answer === undefined) return 'unknown';
  if (typeof answer !== 'object' || Array.isArray(answer) || 'has' in answer) return 'known';
  if ('unknown' in answer) return 'skipped';
  return distinctClaims(answer as Extract<FactAnswer, { readonly disputed: unknown }>).length > 1 ? 'disputed' : 'known';
}

export function isSkipped(answer: FactAnswer | undefined): boolean {
  return typeof answer === 'object' && 'unknown' in answer;
}
