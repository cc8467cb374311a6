/**
 * A plain interpreter of duties over complete answers, straight from the pack: what tests and benches hold the engine against. It walks the
 * conditions as they are written; names are looked up in tables, and each is evaluated once per system.
 */

import { dayNumber } from '../base/index.ts';
import { isInForce, parameterAt } from './compile.ts';
import type { LawTime } from './compile.ts';
import { NEVER_DAY, UNDATED_DAY } from './compile-duties.ts';
import type { DateLine, DateTerm, DutyDefinition, Timing } from './duty-model.ts';
import type { Conclusion, Definition, Expression, FactDefinition, FactId, Facts, Family, LimitValue, Pack, Rule } from './model.ts';

/** What one duty comes to; `undefined`: there is no such duty. Days since 1970-01-01, NEVER_DAY or UNDATED_DAY. */
export type NaiveDue = number | undefined;

/** The law of a pack, interpreted anew for each set of answers. Every applicable fact must be answered. */
export class NaiveLaw {
  readonly pack: Pack;
  private readonly options: { readonly [reading: string]: string };
  private facts: Facts = {};
  private readonly known = new Map<string, boolean>();
  private readonly factById: ReadonlyMap<FactId, FactDefinition>;
  private readonly definitions: ReadonlyMap<string, Definition>;
  private readonly conclusions: ReadonlyMap<string, Conclusion>;
  private readonly families: ReadonlyMap<string, Family>;
  private readonly members: ReadonlyMap<string, readonly Conclusion[]>;
  private readonly rules: ReadonlyMap<string, readonly Rule[]>;
  private readonly timings: ReadonlyMap<string, Timing>;
  private readonly values: ReadonlyMap<string, number>;

  constructor(pack: Pack, time: LawTime, options: { readonly [reading: string]: string } = {}) {
    this.pack = pack;
    this.options = { ...Object.fromEntries(pack.readings.map((reading) => [reading.id, reading.default])), ...options };
    this.factById = new Map(pack.facts.map((fact) => [fact.id, fact]));
    this.definitions = new Map(pack.definitions.map((definition) => [definition.id, definition]));
    this.conclusions = new Map(pack.conclusions.map((conclusion) => [conclusion.id, conclusion]));
    this.families = new Map(pack.families.map((family) => [family.id, family]));
    this.members = Map.groupBy(pack.conclusions, ({ family }) => family);
    this.rules = Map.groupBy(pack.rules.filter((rule) => isInForce(rule, time)), ({ concludes }) => concludes);
    this.timings = new Map(pack.timings.map((timing) => [timing.id, timing]));
    this.values = new Map(pack.parameters.flatMap((parameter) => {
      const value = parameterAt(parameter, time)?.value;
      return value === undefined ? [] : [[parameter.id, typeof value === 'string' ? dayNumber(value) : value] as const];
    }));
  }

  private once(key: string, evaluate: () => boolean): boolean {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const value = evaluate();
    this.known.set(key, value);
    return value;
  }

  private begin(facts: Facts): void {
    this.facts = facts;
    this.known.clear();
  }

  /** In the order of the duties of the pack. */
  dues(facts: Facts): readonly NaiveDue[] {
    this.begin(facts);
    return this.pack.duties.map((duty) => (this.concludes(duty.conclusion) ? this.due(duty) : undefined));
  }

  holds(facts: Facts, conclusion: string): boolean {
    this.begin(facts);
    return this.concludes(conclusion);
  }

  private rulesOf(conclusion: string): readonly Rule[] {
    return this.rules.get(conclusion) ?? [];
  }

  private concludes(id: string): boolean {
    return this.once(`conclusion:${id}`, () => this.conclusion(id));
  }

  private conclusion(id: string): boolean {
    const family = this.families.get(this.conclusions.get(id)!.family);
    if (family?.requires !== undefined && !this.isTrue(family.requires.expression)) return false;
    const rules = this.rulesOf(id);
    const exceptions = rules.filter((rule) => rule.kind === 'exception' && rule.overrides === undefined && this.isTrue(rule.when.expression));
    const highest = exceptions.toSorted((a, b) => b.priority - a.priority)[0];
    if (highest !== undefined) return highest.then === 'holds';
    return rules.some((rule) => rule.kind === 'general' && this.fires(rule, rules));
  }

  private fires(rule: Rule, rules: readonly Rule[]): boolean {
    return this.isTrue(rule.when.expression) && !rules.some((other) => other.overrides === rule.id && this.isTrue(other.when.expression));
  }

  private isApplicable(id: FactId): boolean {
    const { appliesIf } = this.factById.get(id)!;
    return appliesIf === undefined || this.once(`gate:${id}`, () => this.isTrue(appliesIf.expression));
  }

  private isTrue(expression: Expression): boolean {
    switch (expression.op) {
      case 'true': return true;
      case 'false': return false;
      case 'all': return expression.of.every((part) => this.isTrue(part));
      case 'any': return expression.of.some((part) => this.isTrue(part));
      case 'not': return !this.isTrue(expression.of);
      case 'reading': return this.options[expression.reading] === expression.option;
      case 'name':
        if (expression.kind === 'definition') return this.once(`definition:${expression.name}`, () => this.isTrue(this.definitions.get(expression.name)!.when.expression));
        if (expression.kind === 'conclusion') return this.concludes(expression.name);
        return (this.members.get(expression.name) ?? []).some(({ id }) => this.concludes(id));
      default: return this.isApplicable(expression.fact) && this.isAtom(expression);
    }
  }

  private isAtom(atom: Extract<Expression, { readonly fact: FactId }>): boolean {
    const answer = this.facts[atom.fact];
    switch (atom.op) {
      case 'fact': return answer === true;
      case 'is': return answer === atom.value;
      case 'has': return (answer as readonly string[]).includes(atom.value);
      case 'has-none': return (answer as readonly string[]).length === 0;
      case 'compare': {
        const limit = this.limit(atom.limit);
        return limit !== undefined && isCompared(typeof answer === 'string' ? dayNumber(answer) : (answer as number), atom.by, limit);
      }
    }
  }

  private limit(limit: LimitValue): number | undefined {
    if ('parameter' in limit) return this.parameter(limit.parameter);
    return 'date' in limit ? dayNumber(limit.date) : limit.number;
  }

  private parameter(id: string): number | undefined {
    return this.values.get(id);
  }

  private due(duty: DutyDefinition): number {
    const timing = this.timings.get(duty.timing)!;
    const article = duty.article === undefined ? undefined : (this.parameter(duty.article) ?? UNDATED_DAY);
    const members = duty.route === undefined ? [] : (this.members.get(duty.route) ?? [this.conclusions.get(duty.route)!]);
    const routes = members.filter(({ id }) => this.concludes(id)).flatMap(({ id }) => {
      const rules = this.rulesOf(id);
      return rules.filter((rule) => rule.then === 'holds' && this.fires(rule, rules)).map((rule) => (rule.applies === undefined ? (article ?? UNDATED_DAY) : (this.parameter(rule.applies) ?? UNDATED_DAY)));
    });
    if (routes.length === 0) routes.push(article ?? UNDATED_DAY);
    return Math.min(...routes.map((route) => this.firstLine(timing.due, timing, { route, article: article ?? route })));
  }

  private firstLine(lines: readonly DateLine[], timing: Timing, dates: { readonly route: number; readonly article: number }): number {
    const line = lines.find(({ when, if: comparisons }) => (when === undefined || this.isTrue(when.expression)) && comparisons.every(({ left, by, right }) => {
      const [a, b] = [this.term(left, timing, dates), this.term(right, timing, dates)];
      return a !== UNDATED_DAY && b !== UNDATED_DAY && isCompared(a, by, b);
    }));
    return line === undefined ? UNDATED_DAY : this.term(line.date, timing, dates);
  }

  private term(term: DateTerm, timing: Timing, dates: { readonly route: number; readonly article: number }): number {
    switch (term.op) {
      case 'never': return NEVER_DAY;
      case 'parameter': return this.parameter(term.parameter) ?? UNDATED_DAY;
      case 'fact': return this.isApplicable(term.fact) ? dayNumber(this.facts[term.fact] as string) : UNDATED_DAY;
      case 'name':
        if (term.name === 'article' || term.name === 'route') return dates[term.name];
        return this.firstLine(timing.dates.find(({ id }) => id === term.name)!.lines, timing, dates);
      case 'max': case 'min': {
        const days = term.of.map((part) => this.term(part, timing, dates));
        if (days.includes(UNDATED_DAY)) return UNDATED_DAY;
        return term.op === 'max' ? Math.max(...days) : Math.min(...days);
      }
    }
  }
}

function isCompared(a: number, by: '<' | '<=' | '>' | '>=', b: number): boolean {
  switch (by) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
  }
}
