/** The check of a loaded pack: every class reachable, no contradictory exceptions, gates sound, nothing unused, every point covered by a case that passes. */

import { Fault } from '../base/index.ts';
import type { CivilDate } from '../base/index.ts';
import { DiagramOverflow, FALSE, TRUE } from './bdd.ts';
import { addingExclusions } from './check-exclusions.ts';
import { leaksOf } from './check-gates.ts';
import { lawOfCase } from './case-law.ts';
import { dutyGaps, emptyCoverage, expectedDues } from './check-duties.ts';
import type { Assignment, Node } from './bdd.ts';
import { compileLaw, isInForce, isLeftOpen, latestTime, parameterAt } from './compile.ts';
import type { CompiledFact, CompiledOutcome, Law, LawTime } from './compile.ts';
import { outcomesOf, RESULTS_ONLY } from './decide.ts';
import { duesOf } from './duties.ts';
import type { DutyDue } from './duties.ts';
import { isOfBase } from './extend-pack.ts';
import { COMPILED_LAWS_MAX, PROBLEMS_MAX } from './limits.ts';
import type { Condition, Outcome, Pack, PackProblem, Spot, WorkedCase } from './model.ts';
import { scratchOf } from './questions.ts';
import type { Scratch } from './questions.ts';
import { referenceGraph } from './pack-entries.ts';
import { dependencyGraph, dutyConditions, referencesOf } from './resolve-names.ts';

const REPORTED_WITH_BASE = /^(?:unused-|unverified$|line-never-decides$|no-(?:due|positive|negative|deciding)-case$)/;

/** Everything checkPack finds, errors first; at most PROBLEMS_MAX of each severity. A pack without errors may be adopted. */
export function checkPack(pack: Pack): readonly PackProblem[] {
  const check = new PackCheck(pack);
  check.run();
  const of = (severity: PackProblem['severity']): readonly PackProblem[] => check.problems.filter((problem) => problem.severity === severity).slice(0, PROBLEMS_MAX);
  return [...of('error'), ...of('warning')];
}

class PackCheck {
  readonly problems: PackProblem[] = [];
  private readonly said = new Set<string>();
  /** The conclusion the proofs are about, for those that grow too large. */
  private proving = '';
  /** Conclusions and rules, as `kind:id`, that cannot come true before a value is fixed. */
  private readonly awaited = new Set<string>();
  private readonly pack: Pack;

  constructor(pack: Pack) {
    this.pack = pack;
  }

  run(): void {
    this.problems.push(...this.pack.notes);
    this.unused();
    this.marks();
    for (const time of timesOfChange(this.pack)) if (!this.atTime(time, false)) return;
    if (this.atTime(latestTime(this.pack), true)) this.cases();
  }

  private add(severity: PackProblem['severity'], code: string, place: string, message: string, fix: string): void {
    // What the base leaves unused or unverified is said when the base is checked.
    if (REPORTED_WITH_BASE.test(code) && isOfBase(this.pack, place)) return;
    const spot: Spot = this.pack.spots.get(place) ?? { file: 'pack.yaml', line: 1 };
    const problem: PackProblem = { severity, code, file: spot.file, line: spot.line, message, fix };
    const words = `${code} ${spot.file}:${spot.line} ${message}`;
    if (!this.said.has(words)) this.problems.push(problem);
    this.said.add(words);
  }

  // What nobody uses, and what nobody has verified.

  private unused(): void {
    const { pack } = this;
    const used = new Set<string>();
    for (const edges of dependencyGraph(pack).values()) for (const edge of edges) used.add(edge);
    for (const { when } of pack.headline) if (when !== undefined && when !== 'open') referencesOf(when.expression, used);
    for (const rule of pack.rules) if (rule.applies !== undefined) used.add(`parameter:${rule.applies}`);
    const dutyCites = [...pack.timings.flatMap(({ due }) => due), ...pack.duties.flatMap(({ annex, relief }) => [{ cite: annex }, ...relief]), ...pack.sanctions, ...pack.clocks];
    const cited = [...pack.facts, ...pack.definitions, ...pack.rules, ...pack.readings, ...dutyCites].flatMap((entry) => entry.cite.map((citation) => `basis:${citation.act}`));
    for (const act of cited) used.add(act);
    const entries = { fact: pack.facts, definition: pack.definitions, parameter: pack.parameters, reading: pack.readings, basis: pack.legalBasis.map((basis) => ({ id: basis.key })), timing: pack.timings, sanction: pack.sanctions, clock: pack.clocks, 'duty-group': pack.dutyGroups };
    for (const [kind, items] of Object.entries(entries)) {
      for (const { id } of items) if (!used.has(`${kind}:${id}`)) this.add('warning', `unused-${kind}`, `${kind}:${id}`, `nothing uses the ${kind} “${id}”`, 'Use it in a condition or remove it.');
    }
    const withMembers = new Set(pack.conclusions.map(({ family }) => family));
    const withRules = new Set(pack.rules.filter(({ then }) => then === 'holds').map(({ concludes }) => concludes));
    for (const family of pack.families) if (!withMembers.has(family.id)) this.add('error', 'empty-family', `family:${family.id}`, `the family “${family.id}” has no conclusion`, 'Add a conclusion with this family or remove it.');
    for (const conclusion of pack.conclusions) if (!withRules.has(conclusion.id)) this.add('error', 'no-rule', `conclusion:${conclusion.id}`, `no rule can make “${conclusion.id}” hold`, 'Add a general rule that concludes it.');
  }

  private marks(): void {
    for (const rule of this.pack.rules) if (rule.evidence === 'K') this.add('warning', 'unverified', `rule:${rule.id}`, `the rule “${rule.id}” is marked K: its text was not verified`, 'Read the text and set ev to V, S, G or D; until then results carry the mark.');
    for (const parameter of this.pack.parameters) if (parameter.values.some((value) => value.evidence === 'K')) this.add('warning', 'unverified', `parameter:${parameter.id}`, `a value of “${parameter.id}” is marked K: it was not verified`, 'Read the source and set ev.');
    for (const reading of this.pack.readings) if (reading.evidence === 'K') this.add('warning', 'unverified', `reading:${reading.id}`, `the reading “${reading.id}” is marked K: it was not verified`, 'Read the source and set ev.');
  }

  // What the diagrams prove.

  /** False when the diagrams are too large: then nothing more can be proved or decided. Earlier laws are checked for contradictions only: what is new today could not be reached then. */
  private atTime(time: LawTime, isLatest: boolean): boolean {
    const fix = 'Split the condition, or put the facts it uses next to each other.';
    try {
      this.prove(compileLaw(this.pack, time, 'duties'), isLatest);
      return true;
    } catch (error) {
      if (error instanceof DiagramOverflow) this.add('error', 'law-diagram-too-large', `conclusion:${this.proving}`, `what is to be proved about “${this.proving}” needs ${error.message}`, fix);
      else if (error instanceof Fault) this.add('error', error.code, placeOf(error), error.message, fix);
      else throw error;
      return false;
    }
  }

  private prove(law: Law, isLatest: boolean): void {
    const scratch = scratchOf(law);
    const blank: Assignment = new Int8Array(law.variableCount).fill(-1);
    const copy = (node: Node): Node => scratch.store.restrictFrom(law.diagrams, node, blank);
    for (const outcome of law.outcomes) {
      this.proving = outcome.id;
      this.contradictions(law, scratch, outcome, copy);
    }
    if (!isLatest) return;
    for (const outcome of law.outcomes) {
      scratch.begin();
      this.proving = outcome.id;
      if (outcome.members.length === 0) this.reachability(law, outcome);
      for (const { rule, node } of outcome.rules) this.ruleReach(law, rule.id, node);
      this.idleExceptions(scratch, outcome, copy);
    }
    for (const fact of law.facts) this.gate(law, scratch, fact);
    this.exclusions(law);
  }

  private contradictions(law: Law, scratch: Scratch, outcome: CompiledOutcome, copy: (node: Node) => Node): void {
    const exceptions = outcome.rules.filter(({ rule }) => rule.kind === 'exception' && rule.overrides === undefined);
    for (const [at, one] of exceptions.entries()) {
      for (const two of exceptions.slice(at + 1)) {
        if (one.rule.priority !== two.rule.priority || one.rule.then === two.rule.then) continue;
        const together = scratch.store.and(copy(one.node), copy(two.node));
        if (together === FALSE) continue;
        const witness = witnessText(law, scratch.store.witness(together)!);
        this.add('error', 'contradictory-exceptions', `rule:${two.rule.id}`, `the exceptions “${one.rule.id}” (${one.rule.then}) and “${two.rule.id}” (${two.rule.then}) of “${outcome.id}” have the same priority and can apply together: ${witness}`, 'Give one of them a higher priority, or narrow its condition.');
      }
    }
  }

  private reachability(law: Law, outcome: CompiledOutcome): void {
    const reach = law.diagrams.reach(outcome.node, law.blank);
    if (reach === 3 || (reach === 1 && this.awaitsValue(`conclusion:${outcome.id}`))) return;
    const never = reach === 1 ? 'hold' : 'fail';
    const isByReading = outcome.node > TRUE;
    this.add(isByReading ? 'warning' : 'error', 'unreachable-conclusion', `conclusion:${outcome.id}`, `“${outcome.id}” can never ${never}${isByReading ? ' under the default readings' : ''}`, 'Look for a condition that contradicts itself, the requirement of the family, or a gate that excludes what the rule asks for.');
  }

  private ruleReach(law: Law, id: string, node: Node): void {
    if (node === FALSE && !this.awaitsValue(`rule:${id}`)) this.add('error', 'rule-never-fires', `rule:${id}`, `the rule “${id}” can never fire`, 'Look for a condition that contradicts itself or a gate.');
    if (node === TRUE && law.facts.length > 0) this.add('warning', 'rule-always-fires', `rule:${id}`, `the rule “${id}” fires whatever the facts are`, 'Check that this is meant.');
  }

  /** Whether an entry waits for a value that the latest law leaves open: then it is no mistake that it never comes true. Says so. */
  private awaitsValue(key: string): boolean {
    const open = parametersNeeded(this.pack, key).find((id) => isLeftOpen(this.pack.parameters.find((parameter) => parameter.id === id)!, latestTime(this.pack)));
    if (open === undefined) return false;
    this.awaited.add(key);
    if (key.startsWith('conclusion:')) this.add('warning', 'awaits-value', key, `“${key.slice('conclusion:'.length)}” cannot hold while no value of “${open}” is fixed`, 'Nothing to do: add a dated value when the law fixes one.');
    return true;
  }

  /** An exception that can only apply where the result is the same without it does nothing. */
  private idleExceptions(scratch: Scratch, outcome: CompiledOutcome, copy: (node: Node) => Node): void {
    const exceptions = outcome.rules.filter(({ rule }) => rule.kind === 'exception' && rule.overrides === undefined);
    if (exceptions.length === 0) return;
    const { store } = scratch;
    const generals = outcome.rules.filter(({ rule }) => rule.kind === 'general').reduce((node, rule) => store.or(node, copy(rule.node)), FALSE);
    for (const { rule, node } of exceptions) {
      const others = exceptions.filter((other) => other.rule.id !== rule.id).reduce((result, other) => store.or(result, other.rule.then === rule.then ? FALSE : copy(other.node)), FALSE);
      const changes = store.and(copy(node), rule.then === 'fails' ? store.or(generals, others) : store.or(store.not(generals), others));
      if (changes === FALSE && node !== FALSE) this.add('warning', 'idle-exception', `rule:${rule.id}`, `the exception “${rule.id}” never changes “${outcome.id}”: where it applies, no rule says otherwise`, 'Remove it, or check its condition and gates.');
    }
  }

  private gate(law: Law, scratch: Scratch, fact: CompiledFact): void {
    const { id, appliesIf } = fact.definition;
    if (appliesIf === undefined) return;
    if (fact.gate === FALSE) this.add('error', 'gate-never-opens', `fact:${id}`, `the fact “${id}” is never applicable: “${appliesIf.text}” is never true`, 'Correct applies_if.');
    if (fact.gate === TRUE) this.add('warning', 'gate-always-open', `fact:${id}`, `“applies_if” of “${id}” is always true`, 'Remove it.');
    for (const outcome of leaksOf(law, scratch, fact, (proving) => (this.proving = proving))) this.add('error', 'gate-leaks', `fact:${id}`, `“${outcome.id}” depends on “${id}” even where it is not applicable`, 'Correct applies_if.');
  }

  private exclusions(law: Law): void {
    const { found, left } = addingExclusions(law);
    for (const { rule, adds, witness, law: part } of found) {
      this.add('error', 'exclusion-adds', `rule:${rule.id}`, `the exception “${rule.id}” only takes “${rule.concludes}” away, yet because of it “${adds}” holds: ${witnessText(part, witness)}`, `Let the rules of “${adds}” name what the exception is about, or do not let them depend on “${rule.concludes}” failing.`);
    }
    if (left > 0) this.add('warning', 'exclusions-not-proved', 'pack', `${left} exceptions of conclusions that are used negated were not proved to add nothing`, 'Use fewer negated conclusions, or split the pack.');
  }

  // What the worked cases show.

  private cases(): void {
    const { pack } = this;
    const covered = new Set<string>();
    const deciding = new Set<string>();
    const dues = emptyCoverage();
    for (const workedCase of pack.cases) {
      const decided = this.decided(workedCase);
      if (decided === undefined) continue;
      const outcomes = new Map(decided.outcomes.map((outcome) => [outcome.id, outcome]));
      for (const rule of decidingRules(decided.outcomes)) deciding.add(rule);
      for (const [id, expected] of Object.entries(workedCase.expect)) {
        covered.add(`${id} ${expected}`);
        const outcome = outcomes.get(id);
        if (outcome !== undefined && outcome.result !== expected) this.caseDiffers(workedCase, `expects “${id}” ${expected}, but it is ${outcome.result} ${this.because(workedCase, outcome)}`, 'Correct the case or the rule.');
      }
      for (const [id, expected] of Object.entries(workedCase.dates)) {
        const outcome = outcomes.get(id);
        if (outcome !== undefined && outcome.dates.appliesFrom !== expected) this.caseDiffers(workedCase, `expects “${id}” to apply from ${expected}, but it is ${outcome.dates.appliesFrom ?? 'without a date'}`, 'Correct the case or the parameter.');
      }
      for (const shown of expectedDues(workedCase, decided.duties, dues, (message, fix) => this.caseDiffers(workedCase, message, fix))) covered.add(shown);
    }
    this.decidedBeside(deciding);
    this.coverage(covered, deciding);
    dutyGaps(pack, dues, (severity, code, place, message, fix) => this.add(severity, code, place, message, fix));
  }

  /** What an overlay changes on purpose changes cases of its base: that is worth knowing, not wrong. */
  private caseDiffers({ id }: WorkedCase, message: string, fix: string): void {
    if (isOfBase(this.pack, `case:${id}`)) this.add('warning', 'base-case-differs', `case:${id}`, `case “${id}” ${message}: the base decides it otherwise`, 'Check that the overlay means to change it, and show the new answer in a case of its own.');
    else this.add('error', 'case-fails', `case:${id}`, `case “${id}” ${message}`, fix);
  }

  /** What the case expects something of; a large pack has thousands of other outcomes. */
  private decided(workedCase: WorkedCase): { readonly outcomes: readonly Outcome[]; readonly duties: readonly DutyDue[] } | undefined {
    const law = this.lawOf(workedCase);
    if (law === undefined) return undefined;
    const { facts, expect, dates, due } = workedCase;
    const outcomes = outcomesOf(law, facts, [...Object.keys(expect), ...Object.keys(dates)], RESULTS_ONLY);
    const expectedDuties = Object.keys(due);
    return { outcomes, duties: expectedDuties.length === 0 ? [] : duesOf(law, facts, expectedDuties) };
  }

  private lawOf(workedCase: WorkedCase): Law | undefined {
    try {
      return lawOfCase(this.pack, workedCase);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return undefined; // Said by atTime.
    }
  }

  private because(workedCase: WorkedCase, { id }: Outcome): string {
    const [outcome] = outcomesOf(this.lawOf(workedCase)!, workedCase.facts, [id], { flips: false, readings: false });
    return because(outcome!);
  }

  /** An exception may also decide a conclusion of which the case expects nothing; only those that decided none so far are looked for. */
  private decidedBeside(deciding: Set<string>): void {
    const idle = this.pack.rules.filter(({ id, kind }) => kind === 'exception' && !deciding.has(id));
    if (idle.length === 0) return;
    const conclusionsByFact = new Map<string, Set<string>>();
    const neededBy = factsNeeded(this.pack);
    for (const { id, concludes } of idle) for (const fact of neededBy(`rule:${id}`)) conclusionsByFact.set(fact, (conclusionsByFact.get(fact) ?? new Set()).add(concludes));
    for (const workedCase of this.pack.cases) {
      const touched = new Set(Object.keys(workedCase.facts).flatMap((fact) => [...(conclusionsByFact.get(fact) ?? [])]));
      const law = touched.size === 0 ? undefined : this.lawOf(workedCase);
      if (law === undefined) continue;
      for (const rule of decidingRules(outcomesOf(law, workedCase.facts, touched, RESULTS_ONLY))) deciding.add(rule);
    }
  }

  private coverage(covered: ReadonlySet<string>, deciding: ReadonlySet<string>): void {
    for (const { id } of this.pack.conclusions) {
      if (!covered.has(`${id} holds`) && !this.awaited.has(`conclusion:${id}`)) this.add('error', 'no-positive-case', `conclusion:${id}`, `no case expects “${id}” to hold`, 'Add a worked case in which it holds.');
      if (!covered.has(`${id} fails`)) this.add('error', 'no-negative-case', `conclusion:${id}`, `no case expects “${id}” to fail`, 'Add a worked case in which it fails.');
    }
    for (const rule of this.pack.rules) {
      if (rule.kind === 'exception' && !deciding.has(rule.id)) this.add('error', 'no-deciding-case', `rule:${rule.id}`, `the exception “${rule.id}” decides no case`, 'Add a worked case whose result is due to it.');
    }
  }
}

/** Where the diagram that grew too large was made: `at` of the fault is “the rule “r””, “the family “f”” and so on. */
function placeOf(fault: Fault): string {
  const named = /^the (?<kind>\w+) “(?<id>.*)”$/.exec(String(fault.detail['at'] ?? ''))?.groups;
  return named === undefined ? 'pack' : `${named['kind']!}:${named['id']!}`;
}

function decidingRules(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap(({ trace }) => trace.filter(({ decisive }) => decisive).map(({ rule }) => rule));
}

/** The facts an entry depends on, through whatever it refers to. */
function factsNeeded(pack: Pack): (key: string) => readonly string[] {
  return needed(pack, 'fact:');
}

function parametersNeeded(pack: Pack, key: string): readonly string[] {
  return needed(pack, 'parameter:')(key);
}

function needed(pack: Pack, prefix: 'fact:' | 'parameter:'): (key: string) => readonly string[] {
  const graph = referenceGraph(pack);
  return (key) => {
    const seen = new Set([key]);
    for (const each of seen) for (const next of graph.get(each) ?? []) seen.add(next);
    return [...seen].filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  };
}

/** The distinct laws a pack has had: one time for each, of the dates a rule or value begins; at most as many as are kept compiled. */
function timesOfChange(pack: Pack): readonly LawTime[] {
  const known = new Set<CivilDate>([pack.knownFrom, ...pack.rules.flatMap((rule) => [rule.knownFrom ?? [], rule.knownTo ?? []].flat()), ...pack.parameters.flatMap((parameter) => parameter.values.map((value) => value.known))]);
  const valid = new Set<CivilDate>([pack.validFrom, ...pack.rules.flatMap((rule) => [rule.validFrom ?? [], rule.validTo ?? []].flat())]);
  const times = [...known].flatMap((knownOn) => [...valid].map((asOf) => ({ asOf, knownOn }))).slice(-COMPILED_LAWS_MAX);
  const conditionsAt = conditionsOf(pack);
  return [...new Map(times.map((time) => [conditionsAt(time), time])).values()];
}

/** What the conditions see at a time: the rules in force, and the values they compare with. Where that is the same, so are the diagrams of rules and conclusions. */
function conditionsOf(pack: Pack): (time: LawTime) => string {
  const used = new Set<string>();
  for (const condition of conditionsIn(pack)) referencesOf(condition.expression, used);
  const compared = pack.parameters.filter(({ id }) => used.has(`parameter:${id}`));
  return (time) => JSON.stringify([compared.map((parameter) => parameterAt(parameter, time)?.value ?? null), pack.rules.flatMap((rule, at) => (isInForce(rule, time) ? [at] : []))]);
}

function conditionsIn(pack: Pack): readonly Condition[] {
  const { facts, definitions, rules, families, headline } = pack;
  const optional = [...facts.map(({ appliesIf }) => appliesIf), ...families.map(({ requires }) => requires), ...headline.map(({ when }) => when)];
  return [...optional.filter((condition) => condition !== undefined && condition !== 'open'), ...definitions.map(({ when }) => when), ...rules.map(({ when }) => when), ...dutyConditions(pack).map(({ condition }) => condition)];
}

function because(outcome: Outcome): string {
  const [reason] = outcome.reasons;
  if (reason === undefined) return outcome.ask.length > 0 ? `(open: ${outcome.ask.slice(0, 8).join(', ')})` : '';
  const literals = reason.because.map((literal) => `${literal.fact} ${literal.holds ? '=' : '≠'} ${literal.value}`);
  return `because ${literals.slice(0, 10).join(', ') || 'no fact can change it'}`;
}

function witnessText(law: Law, model: ReadonlyMap<number, boolean>): string {
  return [...model].slice(0, 20).map(([variable, value]) => {
    const index = law.factOfVariable[variable]!;
    if (index < 0) return 'a reading';
    const { definition, first, boundaries } = law.facts[index]!;
    const member = definition.values[variable - first]?.id ?? boundaries[variable - first]?.text;
    if (member === undefined) return `${definition.id} ${value ? 'yes' : 'no'}`;
    return `${definition.id} ${value ? '' : 'not '}${member}`;
  }).join(', ');
}
