/** Mutation testing of a pack: small wrong versions of it, each of which a worked case should notice. */

import { Fault, dateOfDay, dayNumber } from '../base/index.ts';
import type { Assignment, Node } from './bdd.ts';
import { expectedForm, layerOfCase, lawOfCase, timeOfCase } from './case-law.ts';
import { compileLaw } from './compile.ts';
import { nodesOf } from './compile-duties.ts';
import type { Law, LawTime } from './compile.ts';
import { outcomesOf, RESULTS_ONLY } from './decide.ts';
import { duesOf } from './duties.ts';
import { MUTANTS_MAX } from './limits.ts';
import type { Condition, Expression, Pack, Parameter } from './model.ts';
import { timingMutants } from './mutate-timings.ts';
import { scratchOf } from './questions.ts';

export interface Mutant {
  /** The entry that was changed: `rule:…`, `definition:…`, `fact:…` (its gate), `family:…` (its requirement), `parameter:…`, `timing:…`. */
  readonly place: string;
  /** What was changed, for example `dropped “profiling”`. */
  readonly change: string;
  readonly pack: Pack;
}

export interface MutationReport {
  readonly mutants: number;
  /** Noticed by a worked case. */
  readonly killed: number;
  /** The same law in other words: nothing to notice. */
  readonly equivalent: number;
  readonly survivors: readonly { readonly place: string; readonly change: string }[];
}

/** Every mutant of the conditions (an atom dropped or negated, and/or swapped), of the dates (a day earlier, a day later) and of the timings, at most MUTANTS_MAX. */
export function* mutants(pack: Pack): Generator<Mutant> {
  let count = 0;
  for (const mutant of everyMutant(pack)) {
    if (++count > MUTANTS_MAX) return;
    yield mutant;
  }
}

/** Runs the cases of `pack` against each mutant. `isSampled` leaves mutants out, by their number, to save time. */
export function mutationReport(pack: Pack, isSampled: (index: number) => boolean = () => true): MutationReport {
  const expected = answersOf(pack);
  const layer = pack.cases.some((workedCase) => layerOfCase(pack, workedCase) === 'duties') ? 'duties' : 'classification';
  const times = new Map(pack.cases.map((workedCase) => timeOfCase(pack, workedCase)).map((time) => [`${time.asOf} ${time.knownOn}`, time]));
  let [all, killed, equivalent, index] = [0, 0, 0, 0];
  const survivors: { place: string; change: string }[] = [];
  for (const mutant of mutants(pack)) {
    if (!isSampled(index++)) continue;
    all++;
    if (!sameAnswers(pack, mutant, expected)) killed++;
    else if ([...times.values()].every((time) => isSameLaw(compileLaw(pack, time, layer), compileLaw(mutant.pack, time, layer))) && !/^(?:parameter|timing):/.test(mutant.place)) equivalent++;
    else survivors.push({ place: mutant.place, change: mutant.change });
  }
  return { mutants: all, killed, equivalent, survivors };
}

function* everyMutant(pack: Pack): Generator<Mutant> {
  for (const [at, rule] of pack.rules.entries()) {
    for (const [change, when] of conditionMutants(rule.when)) yield { place: `rule:${rule.id}`, change, pack: { ...pack, rules: pack.rules.with(at, { ...rule, when }) } };
  }
  for (const [at, definition] of pack.definitions.entries()) {
    for (const [change, when] of conditionMutants(definition.when)) yield { place: `definition:${definition.id}`, change, pack: { ...pack, definitions: pack.definitions.with(at, { ...definition, when }) } };
  }
  for (const [at, fact] of pack.facts.entries()) {
    if (fact.appliesIf === undefined) continue;
    for (const [change, appliesIf] of conditionMutants(fact.appliesIf)) yield { place: `fact:${fact.id}`, change, pack: { ...pack, facts: pack.facts.with(at, { ...fact, appliesIf }) } };
  }
  for (const [at, family] of pack.families.entries()) {
    if (family.requires === undefined) continue;
    for (const [change, requires] of conditionMutants(family.requires)) yield { place: `family:${family.id}`, change, pack: { ...pack, families: pack.families.with(at, { ...family, requires }) } };
  }
  for (const [at, parameter] of pack.parameters.entries()) {
    for (const [change, mutant] of dateMutants(parameter)) yield { place: `parameter:${parameter.id}`, change, pack: { ...pack, parameters: pack.parameters.with(at, mutant) } };
  }
  for (const [at, timing] of pack.timings.entries()) {
    for (const [change, mutant] of timingMutants(timing, conditionMutants)) yield { place: `timing:${timing.id}`, change, pack: { ...pack, timings: pack.timings.with(at, mutant) } };
  }
}

function* dateMutants(parameter: Parameter): Generator<readonly [string, Parameter]> {
  for (const [at, entry] of parameter.values.entries()) {
    if (typeof entry.value !== 'string') continue;
    for (const days of [-1, 1]) {
      const value = dateOfDay(dayNumber(entry.value) + days);
      yield [`moved ${entry.value} (known ${entry.known}) by ${days} day`, { ...parameter, values: parameter.values.with(at, { ...entry, value }) }];
    }
  }
}

function* conditionMutants(condition: Condition): Generator<readonly [string, Condition]> {
  for (const [change, expression] of expressionMutants(condition.expression, undefined)) yield [change, { text: condition.text, expression }];
}

/** `neutral` is what an element may be replaced with as if it were not there; undefined at the top, where dropping has no meaning. */
function* expressionMutants(expression: Expression, neutral: Expression | undefined): Generator<readonly [string, Expression]> {
  if (expression.op === 'all' || expression.op === 'any') {
    if (expression.of.length > 1) yield [expression.op === 'all' ? 'swapped “and” for “or”' : 'swapped “or” for “and”', { ...expression, op: expression.op === 'all' ? 'any' : 'all' }];
    const own: Expression = { op: expression.op === 'all' ? 'true' : 'false' };
    for (const [at, part] of expression.of.entries()) {
      for (const [change, mutant] of expressionMutants(part, expression.of.length > 1 ? own : undefined)) yield [change, { ...expression, of: expression.of.with(at, mutant) }];
    }
    return;
  }
  if (expression.op === 'not') {
    yield [`dropped “not” before ${nameOf(expression.of)}`, expression.of];
    if (neutral !== undefined) yield [`dropped not ${nameOf(expression.of)}`, neutral];
    if (expression.of.op === 'all' || expression.of.op === 'any') for (const [change, of] of expressionMutants(expression.of, undefined)) yield [change, { op: 'not', of }];
    return;
  }
  if (expression.op === 'true' || expression.op === 'false') return;
  yield [`negated ${nameOf(expression)}`, { op: 'not', of: expression }];
  if (neutral !== undefined) yield [`dropped ${nameOf(expression)}`, neutral];
}

function nameOf(expression: Expression): string {
  switch (expression.op) {
    case 'fact': case 'has-none': return `“${expression.fact}”`;
    case 'is': case 'has': return `“${expression.fact} ${expression.value}”`;
    case 'compare': return `“${expression.fact} ${expression.by} …”`;
    case 'reading': return `“${expression.reading} = ${expression.option}”`;
    case 'name': return `“${expression.name}”`;
    default: return 'a group';
  }
}

type Answers = readonly { readonly results: Readonly<Record<string, string>>; readonly dates: Readonly<Record<string, string | undefined>>; readonly dues: Readonly<Record<string, string>> }[];

function answersOf(pack: Pack): Answers {
  return pack.cases.map((workedCase) => answersOfCase(pack, workedCase));
}

/** Only what the case states counts: what it leaves out, it cannot notice. */
function answersOfCase(pack: Pack, workedCase: Pack['cases'][number]): Answers[number] {
  const law = lawOfCase(pack, workedCase);
  const { facts, expect, dates, due } = workedCase;
  const outcomes = outcomesOf(law, facts, [...Object.keys(expect), ...Object.keys(dates)], RESULTS_ONLY);
  const dues = Object.keys(due).length === 0 ? [] : duesOf(law, facts, Object.keys(due));
  return {
    results: Object.fromEntries(outcomes.filter(({ id }) => id in expect).map(({ id, result }) => [id, result])),
    dates: Object.fromEntries(outcomes.filter(({ id }) => id in dates).map((outcome) => [outcome.id, outcome.dates.appliesFrom])),
    dues: Object.fromEntries(dues.map((one) => [one.duty.id, expectedForm(one.due)])),
  };
}

/** A mutant too large to compile is noticed: the check of its pack is an error. */
function sameAnswers(original: Pack, mutant: Mutant, expected: Answers): boolean {
  try {
    return original.cases.every((workedCase, at) => {
      // The time of a case is that of the original pack: a moved date must not move the case.
      const time: LawTime = timeOfCase(original, workedCase);
      return JSON.stringify(answersOfCase(mutant.pack, { ...workedCase, ...time })) === JSON.stringify(expected[at]);
    });
  } catch (error) {
    if (error instanceof Fault && error.code === 'law-diagram-too-large') return false;
    throw error;
  }
}

function isSameLaw(one: Law, two: Law): boolean {
  if (one.variableCount !== two.variableCount) return false;
  const scratch = scratchOf(one);
  const open: Assignment = new Int8Array(one.variableCount).fill(-1);
  const isSame = (a: Node, b: Node): boolean => scratch.store.restrictFrom(one.diagrams, a, open) === scratch.store.restrictFrom(two.diagrams, b, open);
  const [ownNodes, otherNodes] = [nodesOf(one.duties), nodesOf(two.duties)];
  return one.outcomes.every((outcome, at) => isSame(outcome.node, two.outcomes[at]!.node)) && ownNodes.length === otherNodes.length && ownNodes.every((node, at) => isSame(node, otherNodes[at]!));
}
