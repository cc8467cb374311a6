/** Resolves the names in the conditions of a pack, checks their types and finds cycles; what cannot be resolved becomes `false` and a problem. */

import { parseCivilDate } from '../base/index.ts';
import type { DateTerm } from './duty-model.ts';
import type { Syntax } from './expression.ts';
import type {
  Conclusion, Condition, Definition, Expression, FactDefinition, Family, Headline, LimitValue, Pack, Parameter, Reading, Result, Rule, Spot, WorkedCase,
} from './model.ts';
import type { CivilDate, LocalisedText } from '../base/index.ts';
import { didYouMean } from './nearest-name.ts';
import { parseFactAnswers } from './parse-facts.ts';
import { resolveDuties } from './resolve-duties.ts';
import type { DutyDrafts } from './resolve-duties.ts';
import type { ProblemList } from './yaml-reader.ts';

export interface DraftCondition {
  readonly text: string;
  readonly syntax: Syntax;
  readonly spot: Spot;
}

type WithDraft<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]: DraftCondition };

/** A pack whose conditions are parsed but not resolved. */
export interface Draft extends DutyDrafts, Omit<Pack, 'families' | 'headline' | 'facts' | 'definitions' | 'rules' | 'cases' | 'notes' | 'spots' | keyof DutyDrafts> {
  readonly families: readonly (Omit<Family, 'requires'> & { readonly requires?: DraftCondition })[];
  readonly headline: readonly (Omit<Headline, 'when'> & { readonly when?: DraftCondition | 'open' })[];
  readonly facts: readonly (Omit<FactDefinition, 'appliesIf'> & { readonly appliesIf?: DraftCondition })[];
  readonly definitions: readonly WithDraft<Definition, 'when'>[];
  readonly rules: readonly WithDraft<Rule, 'when'>[];
  readonly cases: readonly {
    readonly id: string;
    readonly title: LocalisedText;
    readonly story: LocalisedText;
    readonly asOf?: CivilDate;
    readonly knownOn?: CivilDate;
    readonly factsRaw: unknown;
    readonly factsSpot: Spot;
    readonly expect: { readonly [id: string]: Result };
    readonly dates: { readonly [id: string]: CivilDate };
    readonly due: WorkedCase['due'];
    readonly readings: WorkedCase['readings'];
    readonly expectSpots: ReadonlyMap<string, Spot>;
  }[];
  readonly spots: ReadonlyMap<string, Spot>;
}

const NEVER: Expression = { op: 'false' };

export function resolvePack(draft: Draft, problems: ProblemList): Omit<Pack, 'notes'> {
  const names = new Names(draft, problems);
  const condition = (from: DraftCondition, owner: string): Condition => ({ text: from.text, expression: names.resolve(from.syntax, from.spot, owner) });
  const { spots, timings, dutyGroups, duties, sanctions, clocks, ...rest } = draft;
  const resolved: Omit<Pack, 'notes'> = {
    ...rest,
    spots,
    families: draft.families.map(({ requires, ...family }) => (requires === undefined ? family : { ...family, requires: condition(requires, `the family “${family.id}”`) })),
    headline: draft.headline.map(({ when, ...headline }) => (when === undefined ? headline : { ...headline, when: when === 'open' ? when : condition(when, `the headline “${headline.id}”`) })),
    facts: draft.facts.map(({ appliesIf, ...fact }) => (appliesIf === undefined ? fact : { ...fact, appliesIf: condition(appliesIf, `the fact “${fact.id}”`) })),
    definitions: draft.definitions.map((definition) => ({ ...definition, when: condition(definition.when, `the definition “${definition.id}”`) })),
    rules: draft.rules.filter((rule) => names.isRuleSound(rule)).map((rule) => ({ ...rule, when: condition(rule.when, `the rule “${rule.id}”`) })),
    conclusions: draft.conclusions.map((conclusion) => names.withKnownFamily(conclusion)),
    cases: draft.cases.map((workedCase) => names.workedCase(workedCase)),
    ...resolveDuties({ timings, dutyGroups, duties, sanctions, clocks }, names.forDuties(condition)),
  };
  checkHeadline(draft, problems);
  const sound = withoutCycles(resolved, problems);
  checkLayers(sound, problems);
  return sound;
}

function checkHeadline(draft: Draft, problems: ProblemList): void {
  const spot: Spot = { file: 'pack.yaml', line: 1 };
  const last = draft.headline.at(-1);
  if (last === undefined) problems.error('missing-key', spot, 'pack.yaml has no headline', 'Add “headline:” with at least one label without a condition.');
  else if (last.when !== undefined) problems.error('no-last-headline', draft.spots.get(`headline:${last.id}`) ?? spot, `the last headline “${last.id}” has a condition`, 'End the list with one without “when”.');
}

type Named =
  | { readonly kind: 'fact'; readonly fact: Draft['facts'][number] }
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'definition' | 'conclusion' | 'family' };

class Names {
  private readonly problems: ProblemList;
  private readonly draft: Draft;
  private readonly table = new Map<string, Named>();
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private readonly rules: ReadonlyMap<string, Draft['rules'][number]>;
  private readonly conclusions: ReadonlySet<string>;
  private readonly families: ReadonlySet<string>;
  private readonly duties: ReadonlySet<string>;

  constructor(draft: Draft, problems: ProblemList) {
    this.draft = draft;
    this.problems = problems;
    this.parameters = new Map(draft.parameters.map((parameter) => [parameter.id, parameter]));
    this.rules = new Map(draft.rules.map((rule) => [rule.id, rule]));
    this.conclusions = new Set(draft.conclusions.map(({ id }) => id));
    this.families = new Set(draft.families.map(({ id }) => id));
    this.duties = new Set(draft.duties.map(({ id }) => id));
    for (const fact of draft.facts) this.enter(fact.id, { kind: 'fact', fact });
    for (const reading of draft.readings) this.enter(reading.id, { kind: 'reading', reading });
    for (const { id } of draft.definitions) this.enter(id, { kind: 'definition' });
    for (const { id } of draft.conclusions) this.enter(id, { kind: 'conclusion' });
    for (const { id } of draft.families) this.enter(id, { kind: 'family' });
  }

  private enter(id: string, named: Named): void {
    const other = this.table.get(id);
    if (other === undefined) this.table.set(id, named);
    else if (named.kind === 'family' && other.kind === 'conclusion') this.checkSoleMember(id);
    else if (other.kind !== named.kind) this.problems.error('duplicate-id', this.draft.spots.get(`${named.kind}:${id}`) ?? { file: 'pack.yaml', line: 1 }, `“${id}” is both a ${other.kind} and a ${named.kind}`, 'Rename one: facts, readings, definitions, conclusions and families share one namespace.');
  }

  /** A family may share the id of its only member: it then carries the weight and requirement of that conclusion. */
  private checkSoleMember(id: string): void {
    const members = this.draft.conclusions.filter((conclusion) => conclusion.family === id);
    if (members.length === 1 && members[0]!.id === id) return;
    this.problems.error('duplicate-id', this.draft.spots.get(`family:${id}`) ?? { file: 'pack.yaml', line: 1 }, `“${id}” is both a family and a conclusion that is not its only member`, 'Rename one.');
  }

  forDuties(condition: (from: DraftCondition, owner: string) => Condition): Parameters<typeof resolveDuties>[1] {
    const { draft, parameters, problems } = this;
    return {
      facts: new Map(draft.facts.map((fact) => [fact.id, fact])),
      parameters,
      conclusions: new Set(draft.conclusions.map(({ id }) => id)),
      families: new Set(draft.families.map(({ id }) => id)),
      dutyFamilies: new Set(draft.families.filter(({ layer }) => layer === 'duties').map(({ id }) => id)),
      condition,
      problems,
    };
  }

  isRuleSound(rule: Draft['rules'][number]): boolean {
    const spot = this.draft.spots.get(`rule:${rule.id}`) ?? rule.when.spot;
    const { conclusions } = this;
    if (this.problems.isFull) return conclusions.has(rule.concludes);
    let isSound = true;
    if (!conclusions.has(rule.concludes)) {
      isSound = false;
      this.problems.error('unknown-conclusion', spot, `the rule “${rule.id}” concludes “${rule.concludes}”, which is not declared.${didYouMean(rule.concludes, conclusions)}`, 'Declare the conclusion or correct the id.');
    }
    if (rule.applies !== undefined && this.parameters.get(rule.applies)?.type !== 'date') {
      this.problems.error('unknown-parameter', spot, `“applies” of “${rule.id}” names “${rule.applies}”, which is not a date parameter.${didYouMean(rule.applies, this.parameters.keys())}`, 'Declare it under “parameters” with type: date.');
    }
    const overridden = rule.overrides === undefined ? undefined : this.rules.get(rule.overrides);
    if (rule.overrides !== undefined && (overridden === undefined || overridden.concludes !== rule.concludes || overridden.id === rule.id || overridden.overrides !== undefined)) {
      this.problems.error('unknown-rule', spot, `“overrides” of “${rule.id}” names “${rule.overrides}”, which is not a rule of the same conclusion that overrides nothing itself.${didYouMean(rule.overrides, this.rules.keys())}`, 'Name a rule of the same conclusion.');
    }
    return isSound;
  }

  withKnownFamily(conclusion: Conclusion): Conclusion {
    if (conclusion.family === conclusion.id || this.families.has(conclusion.family)) return conclusion;
    const spot = this.draft.spots.get(`conclusion:${conclusion.id}`) ?? { file: 'pack.yaml', line: 1 };
    this.problems.error('unknown-family', spot, `the conclusion “${conclusion.id}” belongs to “${conclusion.family}”, which is not declared.${didYouMean(conclusion.family, this.families)}`, 'Declare the family in pack.yaml, or omit “family” for a conclusion that stands alone.');
    return { ...conclusion, family: conclusion.id };
  }

  workedCase(draft: Draft['cases'][number]): WorkedCase {
    const answers: ReturnType<typeof parseFactAnswers> = this.problems.isFull ? { ok: true, value: {} } : parseFactAnswers(this.draft.facts, draft.factsRaw);
    if (!answers.ok) for (const problem of answers.refusal) this.problems.error(problem.code, draft.factsSpot, `case “${draft.id}”: ${problem.message}`, problem.fix);
    for (const id of [...Object.keys(draft.expect), ...Object.keys(draft.dates)]) {
      if (!this.problems.isFull && !this.conclusions.has(id) && !this.families.has(id)) this.problems.error('unknown-conclusion', draft.expectSpots.get(id) ?? draft.factsSpot, `case “${draft.id}” expects “${id}”, which is neither a conclusion nor a family.${didYouMean(id, [...this.families, ...this.conclusions])}`, 'Correct the id.');
    }
    this.caseReadings(draft);
    const { duties } = this;
    for (const id of Object.keys(draft.due)) {
      if (!duties.has(id)) this.problems.error('unknown-duty', draft.factsSpot, `case “${draft.id}” expects a due date of “${id}”, which is not a duty.${didYouMean(id, duties)}`, 'Correct the id.');
    }
    const { id, title, story, expect, dates, due, readings } = draft;
    return { id, title, story, expect, dates, due, readings, facts: answers.ok ? answers.value : {}, ...(draft.asOf === undefined ? {} : { asOf: draft.asOf }), ...(draft.knownOn === undefined ? {} : { knownOn: draft.knownOn }) };
  }

  private caseReadings(draft: Draft['cases'][number]): void {
    for (const [id, option] of Object.entries(draft.readings)) {
      const reading = this.draft.readings.find((item) => item.id === id);
      const options = reading?.options.map((item) => item.id) ?? [];
      if (reading === undefined) this.problems.error('unknown-name', draft.factsSpot, `case “${draft.id}” is decided under “${id}”, which is not a reading.${didYouMean(id, this.draft.readings.map((item) => item.id))}`, 'Correct the id.');
      else if (!options.includes(option)) this.problems.error('unknown-value', draft.factsSpot, `case “${draft.id}” is decided under “${id} = ${option}”, which is not an option of it.${didYouMean(option, options)}`, `Use one of: ${options.join(', ')}.`);
    }
  }

  resolve(syntax: Syntax, spot: Spot, owner: string): Expression {
    switch (syntax.op) {
      case 'true': case 'false': return syntax;
      case 'all': case 'any': return { op: syntax.op, of: syntax.of.map((part) => this.resolve(part, spot, owner)) };
      case 'not': return { op: 'not', of: this.resolve(syntax.of, spot, owner) };
      default: return this.resolveAtom(syntax, spot, owner);
    }
  }

  private resolveAtom(atom: Exclude<Syntax, { readonly op: 'true' | 'false' | 'all' | 'any' | 'not' }>, spot: Spot, owner: string): Expression {
    const named = this.table.get(atom.name);
    if (named === undefined) {
      if (this.problems.isFull) return NEVER;
      const hint = this.parameters.has(atom.name) ? ' It is a parameter: write it with “$” on the right of a comparison.' : didYouMean(atom.name, this.table.keys());
      this.problems.error('unknown-name', spot, `${owner} uses “${atom.name}”, which is not declared.${hint}`, 'Declare it or correct the id.');
      return NEVER;
    }
    if (named.kind === 'fact') return this.factAtom(atom, named.fact, spot, owner);
    if (named.kind === 'reading') return this.readingAtom(atom, named.reading, spot, owner);
    if (atom.op === 'name') return { op: 'name', kind: named.kind, name: atom.name };
    this.problems.error('wrong-type', spot, `${owner} compares “${atom.name}”, but a ${named.kind} is simply true or false`, `Write “${atom.name}” or “not ${atom.name}”.`);
    return NEVER;
  }

  private readingAtom(atom: Syntax, reading: Reading, spot: Spot, owner: string): Expression {
    const option = (value: string): Expression => {
      if (reading.options.some((item) => item.id === value)) return { op: 'reading', reading: reading.id, option: value };
      return this.unknownValue(value, reading.id, reading.options.map((item) => item.id), spot, owner);
    };
    if (atom.op === 'is') return option(atom.value);
    if (atom.op === 'in') return { op: 'any', of: atom.values.map(option) };
    if (atom.op === 'is-not') {
      option(atom.value);
      return { op: 'any', of: reading.options.filter((item) => item.id !== atom.value).map((item) => option(item.id)) };
    }
    this.problems.error('wrong-type', spot, `${owner} uses the reading “${reading.id}” without an option`, `Write “${reading.id} = ${reading.default}”.`);
    return NEVER;
  }

  private factAtom(atom: Syntax, fact: Draft['facts'][number], spot: Spot, owner: string): Expression {
    const values = fact.values.map((value) => value.id);
    const member = (op: 'is' | 'has', value: string): Expression => (values.includes(value) ? { op, fact: fact.id, value } : this.unknownValue(value, fact.id, values, spot, owner));
    switch (`${fact.type} ${atom.op}`) {
      case 'bool name': return { op: 'fact', fact: fact.id };
      case 'enum is': return member('is', (atom as { value: string }).value);
      case 'enum is-not': {
        const { value } = atom as { value: string };
        if (!values.includes(value)) return member('is', value);
        return { op: 'any', of: values.filter((other) => other !== value).map((other) => member('is', other)) };
      }
      case 'enum in': return { op: 'any', of: (atom as { values: readonly string[] }).values.map((value) => member('is', value)) };
      case 'set has': return member('has', (atom as { value: string }).value);
      case 'set has-any': return { op: 'any', of: (atom as { values: readonly string[] }).values.map((value) => member('has', value)) };
      case 'set has-none': return { op: 'has-none', fact: fact.id };
      case 'number compare': case 'date compare': {
        const { by, limit } = atom as Extract<Syntax, { op: 'compare' }>;
        const value = this.limit(limit, fact.type as 'number' | 'date', spot, owner);
        return value === undefined ? NEVER : { op: 'compare', fact: fact.id, by, limit: value };
      }
      default: return this.wrongUse(fact, spot, owner);
    }
  }

  private wrongUse(fact: Draft['facts'][number], spot: Spot, owner: string): Expression {
    const value = fact.values[0]?.id ?? '…';
    const forms = { bool: fact.id, enum: `${fact.id} = ${value}`, set: `${fact.id} has ${value}`, number: `${fact.id} > 10`, date: `${fact.id} >= 2026-08-02` };
    this.problems.error('wrong-type', spot, `${owner} uses “${fact.id}”, which is a fact of type ${fact.type}, in another way`, `Write for example “${forms[fact.type]}”.`);
    return NEVER;
  }

  private limit(text: string, type: 'number' | 'date', spot: Spot, owner: string): LimitValue | undefined {
    if (text.startsWith('$')) {
      const id = text.slice(1);
      const parameter = this.parameters.get(id);
      if (parameter !== undefined && parameter.type === type) return { parameter: id };
      const message = parameter === undefined ? `${owner} uses “$${id}”, which is not declared.${didYouMean(id, this.parameters.keys())}` : `${owner} compares a ${type} with “$${id}”, which is a ${parameter.type}`;
      this.problems.error(parameter === undefined ? 'unknown-parameter' : 'wrong-type', spot, message, 'Declare the parameter with the type of the fact.');
      return undefined;
    }
    if (type === 'date') {
      const date = parseCivilDate(text);
      if (date !== undefined) return { date };
    } else if (text !== '' && Number.isFinite(Number(text))) return { number: Number(text) };
    this.problems.error('wrong-type', spot, `${owner} compares with “${text}”, which is not a ${type}`, type === 'date' ? 'Write YYYY-MM-DD with a real month and day.' : 'Write a number such as 10 or 1e25.');
    return undefined;
  }

  private unknownValue(value: string, id: string, values: readonly string[], spot: Spot, owner: string): Expression {
    this.problems.error('unknown-value', spot, `${owner} uses the value “${value}”, which “${id}” does not have.${didYouMean(value, values)}`, `Use one of: ${values.join(', ')}.`);
    return NEVER;
  }
}

/** What an expression refers to: `fact:…`, `definition:…`, `conclusion:…`, `family:…`. */
export function referencesOf(expression: Expression, into: Set<string> = new Set()): Set<string> {
  switch (expression.op) {
    case 'all': case 'any':
      for (const part of expression.of) referencesOf(part, into);
      break;
    case 'not':
      referencesOf(expression.of, into);
      break;
    case 'name':
      into.add(`${expression.kind}:${expression.name}`);
      break;
    case 'reading':
      into.add(`reading:${expression.reading}`);
      break;
    case 'true': case 'false':
      break;
    default:
      into.add(`fact:${expression.fact}`);
      if (expression.op === 'compare' && 'parameter' in expression.limit) into.add(`parameter:${expression.limit.parameter}`);
  }
  return into;
}

/** All conditions of a timing, sanction, clock or relief, by the place they stand at. */
export function dutyConditions(pack: Pick<Pack, 'timings' | 'duties' | 'sanctions' | 'clocks'>): readonly { readonly place: string; readonly condition: Condition }[] {
  const conditions: { place: string; condition: Condition }[] = [];
  const add = (place: string, condition: Condition | undefined): void => {
    if (condition !== undefined) conditions.push({ place, condition });
  };
  for (const { id, dates, due } of pack.timings) for (const line of [...dates.flatMap((date) => date.lines), ...due]) add(`timing:${id}`, line.when);
  for (const { id, relief } of pack.duties) for (const item of relief) add(`duty:${id}`, item.when);
  for (const { id, lowerWhen, unless } of pack.sanctions) [lowerWhen, unless].forEach((condition) => add(`sanction:${id}`, condition));
  for (const { id, when } of pack.clocks) add(`clock:${id}`, when);
  return conditions;
}

/** The facts and parameters a term of a date uses, as `fact:…` and `parameter:…`. */
function referencesOfTerm(term: DateTerm, into: Set<string>): void {
  if (term.op === 'max' || term.op === 'min') for (const part of term.of) referencesOfTerm(part, into);
  else if (term.op === 'fact') into.add(`fact:${term.fact}`);
  else if (term.op === 'parameter') into.add(`parameter:${term.parameter}`);
}

/** The graph of what needs what: facts need their gates, conclusions their rules and the requirement of their family, families their members. */
export function dependencyGraph(pack: Omit<Pack, 'notes'>): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  const node = (key: string): Set<string> => {
    const edges = graph.get(key) ?? new Set<string>();
    graph.set(key, edges);
    return edges;
  };
  for (const fact of pack.facts) if (fact.appliesIf !== undefined) referencesOf(fact.appliesIf.expression, node(`fact:${fact.id}`));
  for (const definition of pack.definitions) referencesOf(definition.when.expression, node(`definition:${definition.id}`));
  for (const rule of pack.rules) referencesOf(rule.when.expression, node(`conclusion:${rule.concludes}`));
  const families = new Map(pack.families.map((family) => [family.id, family]));
  for (const conclusion of pack.conclusions) {
    const requires = families.get(conclusion.family)?.requires;
    if (requires !== undefined) referencesOf(requires.expression, node(`conclusion:${conclusion.id}`));
    if (families.has(conclusion.family)) node(`family:${conclusion.family}`).add(`conclusion:${conclusion.id}`);
  }
  dutyEdges(pack, node);
  return graph;
}

/** What timings, duties, sanctions and clocks need; nothing needs them but duties. */
function dutyEdges(pack: Omit<Pack, 'notes'>, node: (key: string) => Set<string>): void {
  for (const { place, condition } of dutyConditions(pack)) referencesOf(condition.expression, node(place));
  for (const { id, dates, due } of pack.timings) {
    for (const line of [...dates.flatMap((date) => date.lines), ...due]) {
      for (const term of [line.date, ...line.if.flatMap(({ left, right }) => [left, right])]) referencesOfTerm(term, node(`timing:${id}`));
    }
    for (const { again } of due) if (again !== undefined) node(`timing:${id}`).add(`fact:${again}`);
  }
  for (const duty of pack.duties) {
    const edges = node(`duty:${duty.id}`);
    edges.add(`timing:${duty.timing}`).add(`duty-group:${duty.group}`);
    for (const clock of duty.clocks) edges.add(`clock:${clock}`);
    if (duty.sanction !== undefined) edges.add(`sanction:${duty.sanction}`);
    for (const parameter of [duty.article ?? [], ...duty.retention.map(({ length }) => length)].flat()) edges.add(`parameter:${parameter}`);
  }
  for (const { id, fixed, percent } of pack.sanctions) for (const parameter of [fixed, ...(percent === undefined ? [] : [percent])]) node(`sanction:${id}`).add(`parameter:${parameter}`);
  for (const { id, length } of pack.clocks) node(`clock:${id}`).add(`parameter:${length}`);
}

/** What belongs to the classification must not depend on the duties: it is compiled without them. */
function checkLayers(pack: Omit<Pack, 'notes'>, problems: ProblemList): void {
  const graph = dependencyGraph(pack);
  const duties = new Set(pack.families.filter(({ layer }) => layer === 'duties').map(({ id }) => id));
  const familyOf = new Map(pack.conclusions.map(({ id, family }) => [id, family]));
  const isDuties = (reference: string): boolean => {
    const name = reference.slice(reference.indexOf(':') + 1);
    if (reference.startsWith('family:')) return duties.has(name);
    return reference.startsWith('conclusion:') && duties.has(familyOf.get(name)!);
  };
  const seen = new Set<string>();
  const visit = (reference: string, owner: string): void => {
    if (isDuties(reference)) {
      problems.error('wrong-layer', pack.spots.get(owner) ?? { file: 'pack.yaml', line: 1 }, `“${owner.slice(owner.indexOf(':') + 1)}” belongs to the classification, but depends on “${reference.slice(reference.indexOf(':') + 1)}” of the duties layer`, 'Move the family of the one to the other layer, or use what both may use.');
      return;
    }
    if (seen.has(reference)) return;
    seen.add(reference);
    for (const next of graph.get(reference) ?? []) visit(next, reference);
  };
  for (const { id, family } of pack.conclusions) if (!duties.has(family)) visit(`conclusion:${id}`, `conclusion:${id}`);
  for (const { id, when } of pack.headline) {
    if (when !== undefined && when !== 'open') for (const reference of referencesOf(when.expression)) visit(reference, `headline:${id}`);
  }
}

/** Reports every cycle once and cuts it by making the offending condition `false`, so that the rest can still be checked. */
function withoutCycles(pack: Omit<Pack, 'notes'>, problems: ProblemList): Omit<Pack, 'notes'> {
  const graph = dependencyGraph(pack);
  const state = new Map<string, 'open' | 'done'>();
  const cut = new Set<string>();
  const path: string[] = [];
  const visit = (key: string): void => {
    state.set(key, 'open');
    path.push(key);
    for (const next of graph.get(key) ?? []) {
      const seen = state.get(next);
      if (seen === undefined) visit(next);
      else if (seen === 'open') {
        const cycle = [...path.slice(path.indexOf(next)), next];
        const owner = cycle.find((member) => !member.startsWith('family:'))!;
        cut.add(owner);
        const spot = pack.spots.get(owner) ?? { file: 'pack.yaml', line: 1 };
        problems.error('cycle', spot, `a cycle: ${cycle.map((member) => member.slice(member.indexOf(':') + 1)).join(' → ')}`, 'Break the cycle: a condition must not depend on itself.');
      }
    }
    path.pop();
    state.set(key, 'done');
  };
  for (const key of graph.keys()) if (!state.has(key)) visit(key);
  if (cut.size === 0) return pack;
  const never: Condition = { text: 'false', expression: NEVER };
  return {
    ...pack,
    facts: pack.facts.map((fact) => (cut.has(`fact:${fact.id}`) && fact.appliesIf !== undefined ? { ...fact, appliesIf: never } : fact)),
    definitions: pack.definitions.map((definition) => (cut.has(`definition:${definition.id}`) ? { ...definition, when: never } : definition)),
    rules: pack.rules.filter((rule) => !cut.has(`conclusion:${rule.concludes}`)),
    families: pack.families.map((family) => (pack.conclusions.some((conclusion) => conclusion.family === family.id && cut.has(`conclusion:${conclusion.id}`)) && family.requires !== undefined ? { ...family, requires: never } : family)),
  };
}

