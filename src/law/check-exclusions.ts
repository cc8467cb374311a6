/** The proof that exclusions only take away: no exception that says “fails”, and none that overrides a rule, makes another class or duty hold. */

import { FALSE } from './bdd.ts';
import type { Node } from './bdd.ts';
import { compileLaw, variantsOf } from './compile.ts';
import type { Law, LawTime, Variants } from './compile.ts';
import { DIAGRAM_NODES_MAX, EXCLUSIONS_PROVED_MAX } from './limits.ts';
import type { Expression, Pack, Rule } from './model.ts';
import { referenceGraph } from './pack-entries.ts';
import { referencesOf } from './resolve-names.ts';

/** An exclusion that makes another conclusion hold, and one world in which it does. */
export interface AddingExclusion {
  readonly rule: Rule;
  /** The conclusion that holds because of it. */
  readonly adds: string;
  /** Variable → value, of `law`. */
  readonly witness: ReadonlyMap<number, boolean>;
  /** The part of the law it was proved on. */
  readonly law: Law;
}

/**
 * Exclusions that add. The property: take the law with the exclusions of one conclusion C alone; then take away one of them, E. No other
 * conclusion or duty that holds in the real law may hold with E and not without it.
 *
 * Exclusions of other conclusions are left out, so that narrowing what lifts a class is no addition: where profiling bars the filter of
 * Article 6(3), the class comes back by its own rule. Nor is it one where the conclusion names the ground of E itself, a definition,
 * conclusion or family in the condition of E: a duty of filtered systems (`filtered and not high_risk`) is meant to follow from the filter.
 *
 * Only conclusions that are used negated somewhere can have such an exclusion; the others need no proof. `left` counts exclusions that
 * were not tried because there were more than EXCLUSIONS_PROVED_MAX. Throws as compileLaw does.
 */
export function addingExclusions(law: Law): { readonly found: readonly AddingExclusion[]; readonly left: number } {
  const { pack } = law;
  const usedNegated = negatedUses(pack);
  const suspects = pack.rules.filter((rule) => isExclusion(rule) && usedNegated.has(rule.concludes));
  const groundsOf = grounds(pack);
  const found: AddingExclusion[] = [];
  const proved = Map.groupBy(suspects.slice(0, EXCLUSIONS_PROVED_MAX), ({ concludes }) => concludes);
  for (const [conclusion, exclusions] of proved) {
    const others = (rule: Rule): boolean => isExclusion(rule) && rule.concludes !== conclusion;
    const users = [...usedNegated.get(conclusion)!].filter((id) => id !== conclusion);
    const part = partFor(pack, users);
    const time: LawTime = { asOf: law.asOf, knownOn: law.knownOn };
    let trial: Trial | undefined;
    for (const rule of exclusions) {
      const own = new Set(groundsOf(rule));
      const open = users.filter((id) => !groundsOf(id).some((ground) => own.has(ground)));
      if (open.length === 0) continue;
      if (trial === undefined || trial.diagrams.nodeCount > DIAGRAM_NODES_MAX / 2) trial = trialOf(part, time, others);
      const withoutIt = trial.of(without(part, (other) => others(other) || other.id === rule.id));
      for (const id of open) {
        const witness = addition(trial, withoutIt, id);
        if (witness !== undefined) found.push({ rule, adds: id, witness, law: compileLaw(part, time, law.layer) });
      }
    }
  }
  return { found, left: Math.max(0, suspects.length - EXCLUSIONS_PROVED_MAX) };
}

/** What these conclusions need of the pack, and no more: large packs have thousands of others. */
function partFor(pack: Pack, conclusions: readonly string[]): Pack {
  const graph = referenceGraph(pack);
  const needed = new Set(conclusions.map((id) => `conclusion:${id}`));
  for (const key of needed) for (const next of graph.get(key) ?? []) needed.add(next);
  return {
    ...pack,
    facts: pack.facts.filter(({ id }) => needed.has(`fact:${id}`)),
    definitions: pack.definitions.filter(({ id }) => needed.has(`definition:${id}`)),
    conclusions: pack.conclusions.filter(({ id }) => needed.has(`conclusion:${id}`)),
    rules: pack.rules.filter(({ concludes }) => needed.has(`conclusion:${concludes}`)),
    families: pack.families.filter(({ id }) => needed.has(`requires:${id}`) || needed.has(`family:${id}`)),
    headline: [], duties: [], timings: [], sanctions: [], clocks: [], dutyGroups: [],
  };
}

function isExclusion(rule: Rule): boolean {
  return rule.kind === 'exception' && (rule.then === 'fails' || rule.overrides !== undefined);
}

/** The same pack in which these rules never fire. Their conditions stay in place, so that both laws have the same variables. */
function without(pack: Pack, isLeftOut: (rule: Rule) => boolean): Pack {
  return { ...pack, rules: pack.rules.map((rule) => (isLeftOut(rule) ? { ...rule, when: { ...rule.when, expression: { op: 'all', of: [rule.when.expression, { op: 'false' }] } } } : rule)) };
}

/** The law, and the same without the exclusions of other conclusions, in a store that laws without one exclusion more share. */
interface Trial extends Variants {
  readonly real: (conclusion: string) => Node;
  readonly withIt: (conclusion: string) => Node;
}

function trialOf(part: Pack, time: LawTime, others: (rule: Rule) => boolean): Trial {
  const variants = variantsOf(part, time);
  return { ...variants, real: variants.of(part), withIt: variants.of(without(part, others)) };
}

/** A world in which `id` holds in the law and with the exclusion, but not without it. */
function addition({ diagrams, real, withIt }: Trial, withoutIt: (conclusion: string) => Node, id: string): ReadonlyMap<number, boolean> | undefined {
  const [before, after] = [withoutIt(id), withIt(id)];
  if (before === after) return undefined; // Equal functions are equal nodes.
  const gained = diagrams.and(real(id), diagrams.and(after, diagrams.not(before)));
  return gained === FALSE ? undefined : diagrams.witness(gained);
}

type Polarity = 'as-is' | 'negated';

/**
 * For each conclusion C, those that name, negated, C or a conclusion that needs C to hold: in their rules that say “holds” or in what their
 * family requires, through definitions and gates. It is enough to look at these: whatever else holds more holds because one of them does.
 */
function negatedUses(pack: Pack): ReadonlyMap<string, ReadonlySet<string>> {
  const expressions = new Map<string, readonly Expression[]>();
  const add = (key: string, expression: Expression): void => {
    expressions.set(key, [...(expressions.get(key) ?? []), expression]);
  };
  const families = new Map(pack.families.map((family) => [family.id, family]));
  for (const { id, when } of pack.definitions) add(`definition:${id}`, when.expression);
  for (const { id, appliesIf } of pack.facts) if (appliesIf !== undefined) add(`fact:${id}`, appliesIf.expression);
  for (const rule of pack.rules) if (!isExclusion(rule)) add(`conclusion:${rule.concludes}`, rule.when.expression);
  for (const { id, family } of pack.conclusions) {
    const requires = families.get(family)?.requires;
    if (requires !== undefined) add(`conclusion:${id}`, requires.expression);
    add(`family:${family}`, { op: 'name', kind: 'conclusion', name: id });
  }
  const used = new Map<string, Set<string>>();
  for (const { id } of pack.conclusions) {
    // Its own words first, up to the conclusions they name; then, from those named negated, whatever those need to hold.
    const own = new Set([`as-is conclusion:${id}`]);
    const beyond = new Set<string>();
    for (const step of own) {
      const { polarity, key } = read(step);
      if (key.startsWith('conclusion:') && key !== `conclusion:${id}`) {
        if (polarity === 'negated') beyond.add(`as-is ${key}`);
        continue;
      }
      for (const expression of expressions.get(key) ?? []) for (const next of signedReferences(expression, polarity)) own.add(next);
    }
    for (const step of beyond) {
      const { polarity, key } = read(step);
      if (polarity === 'negated') continue;
      if (key.startsWith('conclusion:')) used.set(key.slice('conclusion:'.length), (used.get(key.slice('conclusion:'.length)) ?? new Set<string>()).add(id));
      for (const expression of expressions.get(key) ?? []) for (const next of signedReferences(expression, polarity)) beyond.add(next);
    }
  }
  return used;
}

function read(step: string): { readonly polarity: Polarity; readonly key: string } {
  const at = step.indexOf(' ');
  return { polarity: step.slice(0, at) as Polarity, key: step.slice(at + 1) };
}

/** References with the polarity in which they stand, as `negated conclusion:c`. A fact stands for its gate. */
function signedReferences(expression: Expression, polarity: Polarity): readonly string[] {
  switch (expression.op) {
    case 'all': case 'any': return expression.of.flatMap((part) => signedReferences(part, polarity));
    case 'not': return signedReferences(expression.of, polarity === 'negated' ? 'as-is' : 'negated');
    default: return [...referencesOf(expression)].filter((key) => !key.startsWith('reading:') && !key.startsWith('parameter:')).map((key) => `${polarity} ${key}`);
  }
}

/** The definitions, conclusions and families that the condition of a rule names, or the rules of a conclusion that say “holds”. */
function grounds(pack: Pack): (of: Rule | string) => readonly string[] {
  const named = (rules: readonly Rule[]): readonly string[] => [...new Set(rules.flatMap(({ when }) => signedReferences(when.expression, 'as-is')))].filter((key) => key.startsWith('as-is ') && !key.startsWith('as-is fact:'));
  return (of) => (typeof of === 'string' ? named(pack.rules.filter((rule) => rule.concludes === of && !isExclusion(rule))) : named([of]));
}
