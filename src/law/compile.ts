/**
 * Compiles a pack, as the law stood at (`asOf`, `knownOn`), into decision diagrams: one per conclusion, rule, gate and family.
 *
 * Values are encoded so that every assignment of the variables is a possible world and no constraint has to be carried along. An enum with
 * the values 1…k is a chain of k-1 variables, “it is value i, given that it is none of the earlier ones”; a number with the boundaries
 * b1 < … < bn is a chain “it is beyond b(i), given that it is beyond b(i-1)”. Hence “modulo constraints” costs nothing: a restricted diagram
 * is a terminal exactly when the conclusion is settled, and its support is exactly the facts that can still matter.
 */

import { Fault, isWithin, dateOfDay, dayNumber } from '../base/index.ts';
import type { CivilDate, LocalisedText, Period } from '../base/index.ts';
import { DiagramOverflow, Diagrams, FALSE, TRUE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import { compileDuties, NO_DUTIES, nodesOf, withNodes } from './compile-duties.ts';
import type { CompiledDuties } from './compile-duties.ts';
import type { Layer } from './duty-model.ts';
import { layerOf } from './layer.ts';
import { COMPILED_LAWS_MAX, DIAGRAM_NODES_MAX, DIAGRAM_STEPS_MAX } from './limits.ts';
import type { Comparator, Conclusion, Definition, Evidence, Expression, FactDefinition, FactId, Family, FixedValue, LimitValue, Pack, Parameter, ParameterValue, Reading, Rule } from './model.ts';
import { dutyConditions, referencesOf } from './resolve-names.ts';

/** A limit at which some rule distinguishes the values of a number or date fact: the value is ≥ (or >) `at`. Dates are days since 1970. */
export interface Boundary {
  readonly at: number;
  readonly isStrict: boolean;
  /** As in a literal: `> 1e25`, `>= 2026-08-02`. */
  readonly text: string;
}

export interface CompiledFact {
  readonly index: number;
  readonly definition: FactDefinition;
  /** Its variables are `first` … `first + count - 1`. */
  readonly first: number;
  readonly count: number;
  readonly valueIndex: ReadonlyMap<string, number>;
  /** Ascending; of number and date facts. */
  readonly boundaries: readonly Boundary[];
  /** Diagram of the gate, TRUE without one. */
  readonly gate: Node;
}

export interface CompiledReading {
  readonly reading: Reading;
  readonly first: number;
  readonly count: number;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** Its condition, defeated by the exceptions that override it. */
  readonly node: Node;
  /** Its condition alone. */
  readonly condition: Node;
  readonly appliesFrom?: FixedValue;
  /** It names a parameter that has no value at (asOf, knownOn). */
  readonly isDateMissing: boolean;
}

/** A conclusion, or a family as the disjunction of its members. */
export interface CompiledOutcome {
  readonly id: string;
  readonly family: string;
  readonly label: LocalisedText;
  readonly weight: number;
  /** While it is open the headline is not: its family stands aside or belongs to the duties. */
  readonly isAside: boolean;
  readonly layer: Layer;
  readonly node: Node;
  /** Of a conclusion: the same without what the family requires, so that members of a family need not walk the requirement again. */
  readonly body: Node;
  /** Of a conclusion: exceptions by falling priority, then general rules, both in pack order. Empty for a family. */
  readonly rules: readonly CompiledRule[];
  readonly requires?: { readonly family: string; readonly node: Node; readonly expression: Expression };
  /** Of a family: indexes of its members in `outcomes`. Empty for a conclusion. */
  readonly members: readonly number[];
  /** Facts used by general rules or the requirement, directly or through definitions and gates; other facts only serve exceptions. */
  readonly statutoryFacts: ReadonlySet<number>;
}

/** The law of a pack at one (asOf, knownOn). Treat as opaque outside this room. */
export interface Law {
  readonly pack: Pack;
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
  readonly layer: Layer;
  /** Empty in the classification layer. */
  readonly duties: CompiledDuties;
  readonly diagrams: Diagrams;
  readonly variableCount: number;
  /** Fact index by variable, -1 for readings. */
  readonly factOfVariable: Int32Array;
  /** Probability that a variable is true when all values of a fact are equally likely. */
  readonly weights: Float64Array;
  readonly facts: readonly CompiledFact[];
  readonly factById: ReadonlyMap<FactId, CompiledFact>;
  readonly readings: readonly CompiledReading[];
  /** Families first, then conclusions, in the order of the pack. */
  readonly outcomes: readonly CompiledOutcome[];
  readonly outcomeById: ReadonlyMap<string, number>;
  readonly headline: readonly { readonly id: string; readonly label: LocalisedText; readonly when: Node | 'open' }[];
  /** Nothing answered, readings at their defaults. Copy before writing. */
  readonly blank: Assignment;
}

export interface LawTime {
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
}

const lawsByPack: Readonly<Record<Layer, WeakMap<Pack, Map<string, Law | Fault>>>> = { classification: new WeakMap(), duties: new WeakMap() };

/**
 * The law of `pack` as it applies on `asOf` and was known on `knownOn`: the classification alone, or with `duties` everything. Remembered
 * per pack, layer and dates (at most COMPILED_LAWS_MAX of each layer); dates at which the same values and rules count share their diagrams.
 * For a pack without duties both layers are one law.
 * Throws Fault `law-diagram-too-large`, naming the rule, when a diagram exceeds `nodesMax` nodes.
 */
export function compileLaw(pack: Pack, time: LawTime, layer: Layer = 'classification', nodesMax: number = DIAGRAM_NODES_MAX): Law {
  const part = layerOf(pack, layer);
  const own = layer === 'duties' && layerOf(pack, 'classification') === pack ? 'classification' : layer;
  const laws = lawsByPack[own].get(pack) ?? new Map<string, Law | Fault>();
  lawsByPack[own].set(pack, laws);
  const key = `${time.asOf}|${time.knownOn}|${nodesMax}`;
  const known = laws.get(key);
  // A law that cannot be compiled is tried once only: it costs all the work its bounds allow.
  if (known instanceof Fault) throw known;
  if (known !== undefined) return known;
  const content = `${nodesMax}|${contentAt(part, time)}`;
  const same = [...laws.values()].find((other) => contents.get(other) === content);
  const law = same === undefined ? lawOrFault(part, time, nodesMax, pack, own) : same instanceof Fault ? same : { ...same, ...time };
  contents.set(law, content);
  if (laws.size >= COMPILED_LAWS_MAX) laws.delete(laws.keys().next().value!);
  laws.set(key, law);
  if (law instanceof Fault) throw law;
  return law;
}

const contents = new WeakMap<Law | Fault, string>();

/** What of a pack counts at a time: the entry of each parameter and the rules in force, by number. */
function contentAt(part: Pack, time: LawTime): string {
  const values = part.parameters.map((parameter) => parameter.values.indexOf(entryAt(parameter, time)!));
  return `${values.join()}|${part.rules.flatMap((rule, at) => (isInForce(rule, time) ? [at] : [])).join()}`;
}

function lawOrFault(part: Pack, time: LawTime, nodesMax: number, pack: Pack, layer: Layer): Law | Fault {
  try {
    return { ...new Compiler(part, time, nodesMax).law(), pack, layer };
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** Conclusions of several packs that differ only in what their rules say, not in the variables these meet, as diagrams of one store. */
export interface Variants {
  readonly diagrams: Diagrams;
  /** The conclusions of a variant, each compiled when it is asked for. Throws as compileLaw does. */
  readonly of: (variant: Pack) => (conclusion: string) => Node;
}

export function variantsOf(pack: Pack, time: LawTime): Variants {
  const { diagrams } = new Compiler(pack, time, DIAGRAM_NODES_MAX);
  return {
    diagrams,
    of: (variant) => {
      diagrams.renewSteps();
      const compiler = new Compiler(variant, time, DIAGRAM_NODES_MAX, diagrams);
      return (conclusion) => compiler.conclusionAlone(conclusion);
    },
  };
}

/** The value of a parameter at (asOf, knownOn): the last entry already known and already applicable; undefined when there is none or it is not fixed. */
export function parameterAt(parameter: Parameter, time: LawTime): FixedValue | undefined {
  const last = entryAt(parameter, time);
  return last === undefined || !isFixed(last) ? undefined : last;
}

/** Whether the law at (asOf, knownOn) names the parameter and leaves its value open. */
export function isLeftOpen(parameter: Parameter, time: LawTime): boolean {
  return entryAt(parameter, time)?.value === null;
}

function entryAt(parameter: Parameter, time: LawTime): ParameterValue | undefined {
  return parameter.values.findLast((value) => value.known <= time.knownOn && (value.from === undefined || value.from <= time.asOf));
}

function isFixed(value: ParameterValue): value is FixedValue {
  return value.value !== null;
}

/** The latest law of a pack: the last date any of its values or rules begins, with everything known that the pack knows. */
export function latestTime(pack: Pack): LawTime {
  const known = latestTimes.get(pack) ?? latestTimeOf(pack);
  latestTimes.set(pack, known);
  return known;
}

const latestTimes = new WeakMap<Pack, LawTime>();

function latestTimeOf(pack: Pack): LawTime {
  const applied = [pack.validFrom, ...pack.rules.flatMap((rule) => rule.validFrom ?? []), ...pack.parameters.flatMap((parameter) => parameter.values.flatMap((value) => [...(value.from === undefined ? [] : [value.from]), ...(typeof value.value === 'string' ? [value.value] : [])]))];
  const known = [pack.knownFrom, ...pack.rules.flatMap((rule) => rule.knownFrom ?? []), ...pack.parameters.flatMap((parameter) => parameter.values.map((value) => value.known))];
  const latest = (dates: readonly CivilDate[]): CivilDate => dates.reduce((a, b) => (a < b ? b : a));
  return { asOf: latest(applied), knownOn: latest(known) };
}

/** Whether a rule is part of the law at (asOf, knownOn). */
export function isInForce(rule: Rule, time: LawTime): boolean {
  return isWithin(time.asOf, period(rule.validFrom, rule.validTo)) && isWithin(time.knownOn, period(rule.knownFrom, rule.knownTo));
}

function period(from: CivilDate | undefined, to: CivilDate | undefined): Period {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

export function numberText(value: number): string {
  return String(value).replace('e+', 'e');
}

const MIRROR: { readonly [C in Comparator]: { readonly isStrict: boolean; readonly isNegated: boolean } } = {
  '>': { isStrict: true, isNegated: false },
  '>=': { isStrict: false, isNegated: false },
  '<': { isStrict: false, isNegated: true },
  '<=': { isStrict: true, isNegated: true },
};

class Compiler {
  private readonly pack: Pack;
  private readonly time: LawTime;
  readonly diagrams: Diagrams;
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private readonly facts = new Map<FactId, Omit<CompiledFact, 'gate'>>();
  private readonly readings = new Map<string, CompiledReading>();
  private readonly rulesByConclusion = new Map<string, Rule[]>();
  private readonly families: ReadonlyMap<string, Family>;
  private readonly definitions: ReadonlyMap<string, Definition>;
  private readonly conclusions: ReadonlyMap<string, Conclusion>;
  /** Conclusions by family, in the order of the pack. */
  private readonly members = new Map<string, Conclusion[]>();
  private readonly named = new Map<string, Node>();
  private readonly ruleNodes = new Map<string, Node>();
  private readonly statutory = new Map<string, ReadonlySet<number>>();
  private variableCount = 0;
  private owner = 'the pack';
  private readonly nodesMax: number;

  /** `diagrams` is a store with the variables of this very pack, to be shared. */
  constructor(pack: Pack, time: LawTime, nodesMax: number, diagrams?: Diagrams) {
    this.pack = pack;
    this.time = time;
    this.nodesMax = nodesMax;
    this.parameters = new Map(pack.parameters.map((parameter) => [parameter.id, parameter]));
    this.families = new Map(pack.families.map((family) => [family.id, family]));
    this.definitions = new Map(pack.definitions.map((definition) => [definition.id, definition]));
    this.conclusions = new Map(pack.conclusions.map((conclusion) => [conclusion.id, conclusion]));
    for (const conclusion of pack.conclusions) {
      const members = this.members.get(conclusion.family) ?? [];
      members.push(conclusion);
      this.members.set(conclusion.family, members);
    }
    for (const rule of pack.rules) {
      if (!isInForce(rule, time)) continue;
      const rules = this.rulesByConclusion.get(rule.concludes) ?? [];
      rules.push(rule);
      this.rulesByConclusion.set(rule.concludes, rules);
    }
    this.layOutVariables();
    this.diagrams = diagrams ?? new Diagrams(nodesMax, nodesExpected(pack), this.order(), DIAGRAM_STEPS_MAX);
  }

  law(): Law {
    return this.bounded(() => this.assemble());
  }

  /** The diagram of one conclusion alone. */
  conclusionAlone(id: string): Node {
    return this.bounded(() => this.name('conclusion', id));
  }

  private bounded<T>(compile: () => T): T {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof DiagramOverflow)) throw error;
      throw new Fault('law-diagram-too-large', `The decision diagrams of the pack “${this.pack.ref.id}” need ${error.message} at ${this.owner}. Split that condition, or move the facts it uses next to each other in the facts file.`, { pack: this.pack.ref.id, at: this.owner, nodesMax: this.nodesMax }, { cause: error });
    }
  }

  private layOutVariables(): void {
    const boundaries = this.boundaries();
    for (const [index, definition] of this.pack.facts.entries()) {
      const own = boundaries.get(definition.id) ?? [];
      const count = { bool: 1, enum: definition.values.length - 1, set: definition.values.length, number: own.length, date: own.length }[definition.type];
      this.facts.set(definition.id, { index, definition, first: this.variableCount, count: Math.max(0, count), boundaries: own, valueIndex: new Map(definition.values.map((value, at) => [value.id, at])) });
      this.variableCount += Math.max(0, count);
    }
    for (const reading of this.pack.readings) {
      const count = Math.max(0, reading.options.length - 1);
      this.readings.set(reading.id, { reading, first: this.variableCount, count });
      this.variableCount += count;
    }
  }

  /**
   * The order in which the diagrams test variables: as the conditions meet them, conclusion by conclusion, a gate before its fact. Keeping
   * what is read together next to each other keeps the diagrams of families small. Enums and numbers stay together as chains; the members
   * of a set may stand apart. What no condition meets comes last.
   */
  private order(): Int32Array {
    const rank = new Int32Array(this.variableCount).fill(-1);
    let next = 0;
    const place = (first: number, count: number): void => {
      for (let variable = first; variable < first + count; variable++) if (rank[variable] === -1) rank[variable] = next++;
    };
    const seen = new Set<string>();
    const once = (key: string, visit: () => void): void => {
      if (seen.has(key)) return;
      seen.add(key);
      visit();
    };
    const conclusion = (id: string): void => once(`conclusion:${id}`, () => {
      const requires = this.families.get(this.conclusions.get(id)!.family)?.requires;
      if (requires !== undefined) walk(requires.expression);
      for (const rule of this.rulesByConclusion.get(id) ?? []) walk(rule.when.expression);
    });
    const fact = (expression: Extract<Expression, { readonly fact: FactId }>): void => {
      const compiled = this.facts.get(expression.fact)!;
      const { appliesIf } = compiled.definition;
      if (appliesIf !== undefined) once(`gate:${expression.fact}`, () => walk(appliesIf.expression));
      if (expression.op === 'has') place(compiled.first + compiled.valueIndex.get(expression.value)!, 1);
      else place(compiled.first, compiled.count);
    };
    const walk = (expression: Expression): void => {
      switch (expression.op) {
        case 'true': case 'false': return;
        case 'all': case 'any': expression.of.forEach(walk); return;
        case 'not': walk(expression.of); return;
        case 'reading': {
          const reading = this.readings.get(expression.reading)!;
          place(reading.first, reading.count);
          return;
        }
        case 'name':
          if (expression.kind === 'conclusion') conclusion(expression.name);
          else if (expression.kind === 'family') this.membersOf(expression.name).forEach((member) => conclusion(member.id));
          else once(`definition:${expression.name}`, () => walk(this.definitions.get(expression.name)!.when.expression));
          return;
        default: fact(expression);
      }
    };
    for (const { id } of this.pack.conclusions) conclusion(id);
    place(0, this.variableCount);
    return rank;
  }

  /** All limits with which the conditions of the pack compare each number or date fact, ascending. */
  private boundaries(): Map<FactId, Boundary[]> {
    const found = new Map<FactId, Map<string, Boundary>>();
    const walk = (expression: Expression): void => {
      if (expression.op === 'all' || expression.op === 'any') expression.of.forEach(walk);
      else if (expression.op === 'not') walk(expression.of);
      else if (expression.op === 'compare') {
        const boundary = this.boundary(expression.by, expression.limit);
        if (boundary === undefined) return;
        const own = found.get(expression.fact) ?? new Map<string, Boundary>();
        found.set(expression.fact, own.set(boundary.text, boundary));
      }
    };
    for (const { appliesIf } of this.pack.facts) if (appliesIf !== undefined) walk(appliesIf.expression);
    for (const { when } of this.pack.definitions) walk(when.expression);
    for (const rules of this.rulesByConclusion.values()) for (const rule of rules) walk(rule.when.expression);
    for (const { requires } of this.pack.families) if (requires !== undefined) walk(requires.expression);
    for (const { when } of this.pack.headline) if (when !== undefined && when !== 'open') walk(when.expression);
    for (const { condition } of dutyConditions(this.pack)) walk(condition.expression);
    return new Map([...found].map(([fact, own]) => [fact, [...own.values()].sort((a, b) => a.at - b.at || Number(a.isStrict) - Number(b.isStrict))]));
  }

  /** Undefined when the parameter has no value: the comparison is then false. */
  private boundary(by: Comparator, limit: LimitValue): Boundary | undefined {
    const value = 'parameter' in limit ? this.parameterValue(limit.parameter) : 'date' in limit ? limit.date : limit.number;
    if (value === undefined) return undefined;
    const { isStrict } = MIRROR[by];
    if (typeof value === 'number') return { at: value, isStrict, text: `${isStrict ? '>' : '>='} ${numberText(value)}` };
    const day = dayNumber(value) + (isStrict ? 1 : 0);
    return { at: day, isStrict: false, text: `>= ${dateOfDay(day)}` };
  }

  private parameterValue(id: string): number | CivilDate | undefined {
    const parameter = this.parameters.get(id);
    return parameter === undefined ? undefined : parameterAt(parameter, this.time)?.value;
  }

  // The conditions.

  private expression(expression: Expression): Node {
    const { diagrams } = this;
    switch (expression.op) {
      case 'true': return TRUE;
      case 'false': return FALSE;
      case 'all': return expression.of.reduce((node, part) => diagrams.and(node, this.expression(part)), TRUE);
      case 'any': return expression.of.reduce((node, part) => diagrams.or(node, this.expression(part)), FALSE);
      case 'not': return diagrams.not(this.expression(expression.of));
      case 'name': return this.name(expression.kind, expression.name);
      case 'reading': return this.readingIs(this.readings.get(expression.reading)!, expression.option);
      case 'compare': {
        const fact = this.facts.get(expression.fact)!;
        const boundary = this.boundary(expression.by, expression.limit);
        if (boundary === undefined) return FALSE;
        const beyond = this.beyond(fact, boundary);
        return this.gated(fact, MIRROR[expression.by].isNegated ? diagrams.not(beyond) : beyond);
      }
      default: {
        const fact = this.facts.get(expression.fact)!;
        return this.gated(fact, this.atom(expression, fact));
      }
    }
  }

  private atom(expression: Extract<Expression, { readonly op: 'fact' | 'is' | 'has' | 'has-none' }>, fact: Omit<CompiledFact, 'gate'>): Node {
    const { diagrams } = this;
    switch (expression.op) {
      case 'fact': return diagrams.literal(fact.first);
      case 'is': return this.chainIs(fact.first, fact.count, fact.valueIndex.get(expression.value)!);
      case 'has': return diagrams.literal(fact.first + fact.valueIndex.get(expression.value)!);
      case 'has-none': {
        // The members of a set need not be tested in their own order.
        return range(fact.first, fact.count).reduce((node, variable) => diagrams.and(diagrams.not(diagrams.literal(variable)), node), TRUE);
      }
    }
  }

  /** Value `index` of a chain: none of the earlier ones, and this one unless it is the last. */
  private chainIs(first: number, count: number, index: number): Node {
    let node: Node = index < count ? this.diagrams.literal(first + index) : TRUE;
    for (let variable = first + index - 1; variable >= first; variable--) node = this.diagrams.make(variable, node, FALSE);
    return node;
  }

  private beyond(fact: Omit<CompiledFact, 'gate'>, boundary: Boundary): Node {
    let node: Node = TRUE;
    for (let at = fact.boundaries.findIndex((own) => own.text === boundary.text); at >= 0; at--) node = this.diagrams.make(fact.first + at, FALSE, node);
    return node;
  }

  private readingIs(reading: CompiledReading, option: string): Node {
    return this.chainIs(reading.first, reading.count, reading.reading.options.findIndex((item) => item.id === option));
  }

  /** A fact that is not applicable has no value: every atom of it is false. */
  private gated(fact: Omit<CompiledFact, 'gate'>, atom: Node): Node {
    return this.diagrams.and(this.gate(fact.definition), atom);
  }

  private gate(definition: FactDefinition): Node {
    if (definition.appliesIf === undefined) return TRUE;
    const { expression } = definition.appliesIf;
    return this.remembered(`gate:${definition.id}`, `the gate of the fact “${definition.id}”`, () => this.expression(expression));
  }

  private remembered(key: string, owner: string, compute: () => Node): Node {
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const node = this.within(owner, compute);
    this.named.set(key, node);
    return node;
  }

  /** Remembers whose condition is being compiled; where it overflows, the innermost stays. */
  private within<T>(owner: string, compute: () => T): T {
    const before = this.owner;
    this.owner = owner;
    const result = compute();
    this.owner = before;
    return result;
  }

  private name(kind: 'definition' | 'conclusion' | 'family', name: string): Node {
    return this.remembered(`${kind}:${name}`, `the ${kind} “${name}”`, () => {
      if (kind === 'conclusion') return this.conclusion(name);
      if (kind === 'family') return this.diagrams.any(this.membersOf(name).map(({ id }) => this.name('conclusion', id)));
      return this.expression(this.definitions.get(name)!.when.expression);
    });
  }

  private membersOf(family: string): readonly Conclusion[] {
    return this.members.get(family) ?? [];
  }

  /** What the rules say, and what the family requires. */
  private conclusion(id: string): Node {
    const body = this.body(id);
    const requires = this.families.get(this.conclusions.get(id)!.family)?.requires;
    return requires === undefined ? body : this.diagrams.and(this.expression(requires.expression), body);
  }

  /** General rules, unless the exception of the highest priority that applies says otherwise. */
  private body(id: string): Node {
    const { diagrams } = this;
    const rules = this.rulesByConclusion.get(id) ?? [];
    let node: Node = FALSE;
    for (const rule of rules) if (rule.kind === 'general') node = diagrams.or(node, this.rule(rule));
    const exceptions = rules.filter((rule) => rule.kind === 'exception' && rule.overrides === undefined);
    // Lowest priority first: each later one takes precedence over what stands so far.
    for (const exception of exceptions.sort((a, b) => a.priority - b.priority)) {
      node = diagrams.ite(this.rule(exception), exception.then === 'holds' ? TRUE : FALSE, node);
    }
    return node;
  }

  private rule(rule: Rule): Node {
    const known = this.ruleNodes.get(rule.id);
    if (known !== undefined) return known;
    const node = this.within(`the rule “${rule.id}”`, () => {
      const overriding = (this.rulesByConclusion.get(rule.concludes) ?? []).filter((other) => other.overrides === rule.id);
      return overriding.reduce((condition, other) => this.diagrams.and(this.diagrams.not(this.expression(other.when.expression)), condition), this.expression(rule.when.expression));
    });
    this.ruleNodes.set(rule.id, node);
    return node;
  }

  // Putting the law together.

  private assemble(): Law {
    const outcomes = this.outcomes();
    const gates = this.pack.facts.map((definition) => this.gate(definition));
    const headline = this.pack.headline.map(({ id, label, when }) => {
      this.owner = `the headline “${id}”`;
      return { id, label, when: when === undefined ? TRUE : when === 'open' ? when : this.expression(when.expression) };
    });
    const duties = this.duties(outcomes);
    const roots = [...nodesOf(duties), ...outcomes.flatMap((outcome) => [outcome.node, outcome.body, ...outcome.rules.flatMap((rule) => [rule.node, rule.condition]), ...(outcome.requires === undefined ? [] : [outcome.requires.node])]), ...gates, ...headline.flatMap(({ when }) => (when === 'open' ? [] : [when]))];
    const { store, nodeOf } = this.diagrams.compacted(roots);
    const facts = this.pack.facts.map((definition, index): CompiledFact => ({ ...this.facts.get(definition.id)!, gate: nodeOf(gates[index]!) }));
    const moved = outcomes.map((outcome): CompiledOutcome => ({
      ...outcome,
      node: nodeOf(outcome.node),
      body: nodeOf(outcome.body),
      rules: outcome.rules.map((rule) => ({ ...rule, node: nodeOf(rule.node), condition: nodeOf(rule.condition) })),
      ...(outcome.requires === undefined ? {} : { requires: { ...outcome.requires, node: nodeOf(outcome.requires.node) } }),
    }));
    return {
      pack: this.pack,
      ...this.time,
      layer: 'duties',
      duties: withNodes(duties, nodeOf),
      diagrams: store,
      variableCount: this.variableCount,
      factOfVariable: this.factOfVariable(),
      weights: this.weights(),
      facts,
      factById: new Map(facts.map((fact) => [fact.definition.id, fact])),
      readings: [...this.readings.values()],
      outcomes: moved,
      outcomeById: new Map(moved.map((outcome, index) => [outcome.id, index])),
      headline: headline.map((item) => (item.when === 'open' ? { ...item, when: item.when } : { ...item, when: nodeOf(item.when) })),
      blank: this.blank(),
    };
  }

  private duties(outcomes: readonly CompiledOutcome[]): CompiledDuties {
    const { pack, diagrams } = this;
    if (pack.duties.length === 0 && pack.timings.length === 0 && pack.sanctions.length === 0 && pack.clocks.length === 0) return NO_DUTIES;
    const indexes = new Map(outcomes.map(({ id }, index) => [id, index]));
    return compileDuties(pack, {
      condition: (condition, owner) => {
        this.owner = owner;
        return this.expression(condition.expression);
      },
      conclusion: (id) => this.name('conclusion', id),
      rule: (rule) => this.rule(rule),
      rulesOf: (conclusion) => this.rulesByConclusion.get(conclusion) ?? [],
      and: (f, g) => diagrams.and(f, g),
      or: (f, g) => diagrams.or(f, g),
      parameter: (id) => this.parameterValue(id),
      dayOf: dayNumber,
      outcome: (id) => indexes.get(id)!,
    });
  }

  private outcomes(): CompiledOutcome[] {
    // A family with the id of its only member adds nothing of its own (its weight and requirement are on the member).
    const families = this.pack.families.filter((family) => !this.conclusions.has(family.id));
    const conclusions = this.pack.conclusions;
    const places = new Map(conclusions.map(({ id }, index) => [id, index]));
    const members = conclusions.map((conclusion) => this.compiledConclusion(conclusion));
    const aggregates = families.map((family): CompiledOutcome => {
      const indexes = this.membersOf(family.id).map(({ id }) => places.get(id)!);
      return {
        id: family.id,
        family: family.id,
        label: family.label,
        weight: family.weight,
        isAside: isAside(family),
        layer: family.layer,
        node: this.name('family', family.id),
        body: this.name('family', family.id),
        rules: [],
        members: indexes.map((index) => families.length + index),
        statutoryFacts: new Set(indexes.flatMap((index) => [...members[index]!.statutoryFacts])),
      };
    });
    return [...aggregates, ...members];
  }

  private compiledConclusion(conclusion: Conclusion): CompiledOutcome {
    const rules = this.rulesByConclusion.get(conclusion.id) ?? [];
    const exceptions = rules.filter((rule) => rule.kind === 'exception').sort((a, b) => b.priority - a.priority);
    const general = rules.filter((rule) => rule.kind === 'general');
    const family = this.families.get(conclusion.family);
    return {
      id: conclusion.id,
      family: conclusion.family,
      label: conclusion.label,
      weight: family?.weight ?? 1,
      isAside: family !== undefined && isAside(family),
      layer: family?.layer ?? 'classification',
      node: this.name('conclusion', conclusion.id),
      body: this.body(conclusion.id),
      rules: [...exceptions, ...general].map((rule) => this.compiledRule(rule)),
      ...(family?.requires === undefined ? {} : { requires: { family: family.id, node: this.expression(family.requires.expression), expression: family.requires.expression } }),
      members: [],
      statutoryFacts: this.statutoryFacts(conclusion.id),
    };
  }

  private compiledRule(rule: Rule): CompiledRule {
    const parameter = rule.applies === undefined ? undefined : this.parameters.get(rule.applies);
    const value = parameter === undefined ? undefined : parameterAt(parameter, this.time);
    return { rule, node: this.rule(rule), condition: this.expression(rule.when.expression), isDateMissing: rule.applies !== undefined && value === undefined, ...(value === undefined ? {} : { appliesFrom: value }) };
  }

  private statutoryFacts(conclusion: string): ReadonlySet<number> {
    const known = this.statutory.get(conclusion);
    if (known !== undefined) return known;
    const found = new Set<number>();
    const seen = new Set<string>();
    const follow = (expression: Expression): void => {
      for (const reference of referencesOf(expression)) {
        if (seen.has(reference)) continue;
        seen.add(reference);
        const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
        if (kind === 'fact') {
          const fact = this.facts.get(name)!;
          found.add(fact.index);
          if (fact.definition.appliesIf !== undefined) follow(fact.definition.appliesIf.expression);
        } else if (kind === 'definition') follow(this.definitions.get(name)!.when.expression);
        else if (kind === 'conclusion') for (const fact of this.statutoryFacts(name)) found.add(fact);
        else if (kind === 'family') for (const member of this.membersOf(name)) for (const fact of this.statutoryFacts(member.id)) found.add(fact);
      }
    };
    for (const rule of this.rulesByConclusion.get(conclusion) ?? []) if (rule.then === 'holds') follow(rule.when.expression);
    const requires = this.families.get(this.conclusions.get(conclusion)!.family)?.requires;
    if (requires !== undefined) follow(requires.expression);
    this.statutory.set(conclusion, found);
    return found;
  }

  private factOfVariable(): Int32Array {
    const owners = new Int32Array(this.variableCount).fill(-1);
    for (const fact of this.facts.values()) owners.fill(fact.index, fact.first, fact.first + fact.count);
    return owners;
  }

  private weights(): Float64Array {
    const weights = new Float64Array(this.variableCount).fill(0.5);
    const chain = (first: number, count: number, isBeyond: boolean): void => {
      // Values (or regions) 0…count, equally likely; at step i, count + 1 - i of them are left.
      for (let i = 0; i < count; i++) weights[first + i] = isBeyond ? (count - i) / (count + 1 - i) : 1 / (count + 1 - i);
    };
    for (const fact of this.facts.values()) {
      if (fact.definition.type === 'enum') chain(fact.first, fact.count, false);
      else if (fact.boundaries.length > 0) chain(fact.first, fact.count, true);
    }
    for (const reading of this.readings.values()) chain(reading.first, reading.count, false);
    return weights;
  }

  private blank(): Assignment {
    const blank: Assignment = new Int8Array(this.variableCount).fill(-1);
    for (const reading of this.readings.values()) assignOption(blank, reading, reading.reading.default);
    return blank;
  }
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Room to begin with, so that a usual pack grows no table; a power of two. */
function nodesExpected(pack: Pack): number {
  return 1 << Math.min(18, Math.max(12, 9 + Math.ceil(Math.log2(pack.conclusions.length + 1))));
}

function isAside(family: Family): boolean {
  return family.aside || family.layer === 'duties';
}

/** Writes one option of a reading into an assignment. */
export function assignOption(assignment: Assignment, reading: CompiledReading, option: string): void {
  assignChain(assignment, reading.first, reading.count, reading.reading.options.findIndex((item) => item.id === option));
}

/** Writes value `index` of a chain: earlier ones false, this one true, later ones left open because nothing depends on them. */
export function assignChain(assignment: Assignment, first: number, count: number, index: number): void {
  for (let i = 0; i < count; i++) assignment[first + i] = i < index ? 0 : i === index ? 1 : -1;
}

/** Weakest last: V operative text … K unverified. */
export const EVIDENCE_ORDER: readonly Evidence[] = ['V', 'S', 'G', 'D', 'C', 'K'];
