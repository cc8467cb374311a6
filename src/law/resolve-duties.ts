/** Resolves the names in timings, duties, sanctions and clocks; what cannot be resolved becomes harmless and a problem. */

import { BUILT_IN_DATES, isReservedDate } from './date-term.ts';
import type { TermSyntax } from './date-term.ts';
import type { ClockDefinition, DateLine, DateTerm, DutyDefinition, DutyGroup, NamedDate, SanctionDefinition, Timing } from './duty-model.ts';
import type { Condition, FactDefinition, Parameter, Spot } from './model.ts';
import { didYouMean } from './nearest-name.ts';
import { DUTY_FAMILY } from './read-duties.ts';
import type { DraftClock, DraftDateLine, DraftDuty, DraftSanction, DraftTiming } from './read-duties.ts';
import type { DraftCondition } from './resolve-names.ts';
import type { ProblemList } from './yaml-reader.ts';

/** What the duties may refer to, and how their conditions are resolved. */
export interface DutyNames {
  readonly facts: ReadonlyMap<string, { readonly id: string; readonly type: FactDefinition['type'] }>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly conclusions: ReadonlySet<string>;
  readonly families: ReadonlySet<string>;
  /** Those of them that are of the duties layer. */
  readonly dutyFamilies: ReadonlySet<string>;
  readonly condition: (from: DraftCondition, owner: string) => Condition;
  readonly problems: ProblemList;
}

export interface DutyDrafts {
  readonly timings: readonly DraftTiming[];
  readonly dutyGroups: readonly DutyGroup[];
  readonly duties: readonly DraftDuty[];
  readonly sanctions: readonly DraftSanction[];
  readonly clocks: readonly DraftClock[];
}

export interface ResolvedDuties {
  readonly timings: readonly Timing[];
  readonly dutyGroups: readonly DutyGroup[];
  readonly duties: readonly DutyDefinition[];
  readonly sanctions: readonly SanctionDefinition[];
  readonly clocks: readonly ClockDefinition[];
}

export function resolveDuties(drafts: DutyDrafts, names: DutyNames): ResolvedDuties {
  const resolver = new DutyResolver(names, drafts);
  return {
    timings: drafts.timings.map((timing) => resolver.timing(timing)),
    dutyGroups: drafts.dutyGroups,
    duties: drafts.duties.map((duty) => resolver.duty(duty)),
    sanctions: drafts.sanctions.map((sanction) => resolver.sanction(sanction)),
    clocks: drafts.clocks.map((clock) => resolver.clock(clock)),
  };
}

class DutyResolver {
  private readonly names: DutyNames;
  private readonly drafts: DutyDrafts;

  constructor(names: DutyNames, drafts: DutyDrafts) {
    this.names = names;
    this.drafts = drafts;
  }

  timing({ id, label, dates, due }: DraftTiming): Timing {
    const known = new Set<string>(BUILT_IN_DATES);
    const all = dates.map((date) => date.id);
    const resolved: NamedDate[] = [];
    for (const date of dates) {
      this.checkDateName(date.id, known, id, date.spot);
      const scope: Scope = { owner: `the date “${date.id}” of the timing “${id}”`, known, all };
      this.checkLast(date.lines, scope);
      resolved.push({ id: date.id, lines: date.lines.map((line) => this.line(line, scope)) });
      known.add(date.id);
    }
    const scope: Scope = { owner: `the timing “${id}”`, known, all };
    if (due.length > 0) this.checkLast(due, scope);
    return {
      id,
      label,
      dates: resolved,
      due: due.map((line) => ({ id: line.id, ...this.line(line, { ...scope, owner: `the line “${line.id}” of the timing “${id}”` }), label: line.label, cite: line.cite, ...this.again(line.again, line.spot, id) })),
    };
  }

  private checkDateName(id: string, known: ReadonlySet<string>, timing: string, spot: Spot): void {
    const { problems, facts } = this.names;
    if (isReservedDate(id)) problems.error('bad-id', spot, `the timing “${timing}” names a date “${id}”, which has a meaning of its own`, 'Use another name; never, max, min, and, article and route are taken.');
    else if (known.has(id)) problems.error('duplicate-id', spot, `the timing “${timing}” has the date “${id}” twice`, 'Rename one.');
    else if (facts.has(id)) problems.error('duplicate-id', spot, `“${id}” is both a fact and a date of the timing “${timing}”`, 'Rename the date.');
  }

  /** Without a last line that always counts there would be facts for which the law says nothing. */
  private checkLast(lines: readonly DraftDateLine[], { owner }: Scope): void {
    const last = lines.at(-1);
    if (last !== undefined && (last.when !== undefined || last.ifSyntax.length > 0)) this.names.problems.error('no-last-line', last.spot, `the last line of ${owner} has a condition`, 'End the list with a line without “when” and “if”.');
    for (const line of lines.slice(0, -1)) {
      if (line.when === undefined && line.ifText === undefined) this.names.problems.error('line-never-reached', lines[lines.indexOf(line) + 1]!.spot, `a line of ${owner} comes after one that always counts`, 'Give the earlier line a condition, or remove the later one.');
    }
  }

  private line(draft: DraftDateLine, scope: Scope): DateLine {
    return {
      ...(draft.when === undefined ? {} : { when: this.names.condition(draft.when, scope.owner) }),
      ...(draft.ifText === undefined ? {} : { ifText: draft.ifText }),
      if: draft.ifSyntax.map(({ left, by, right }) => ({ left: this.compared(left, draft.spot, scope), by, right: this.compared(right, draft.spot, scope) })),
      date: this.term(draft.dateSyntax, draft.spot, scope),
      dateText: draft.dateText,
    };
  }

  private compared(syntax: TermSyntax, spot: Spot, scope: Scope): DateTerm {
    if (syntax.op === 'never') this.names.problems.error('bad-term', spot, `${scope.owner} compares with never, which is no date`, 'Compare dates; “never” may only stand under “date”.');
    return this.term(syntax, spot, scope);
  }

  private term(syntax: TermSyntax, spot: Spot, scope: Scope): DateTerm {
    switch (syntax.op) {
      case 'never': return syntax;
      case 'max': case 'min': return { op: syntax.op, of: syntax.of.map((part) => this.term(part, spot, scope)) };
      case 'parameter':
        this.parameter(syntax.parameter, 'date', scope.owner, spot);
        return syntax;
      case 'word': return this.word(syntax.word, spot, scope);
    }
  }

  private word(word: string, spot: Spot, { owner, known, all }: Scope): DateTerm {
    const { facts, parameters, problems } = this.names;
    if (known.has(word)) return { op: 'name', name: word };
    const fact = facts.get(word);
    if (fact?.type === 'date') return { op: 'fact', fact: word };
    if (fact !== undefined) problems.error('wrong-type', spot, `${owner} uses “${word}” as a date, but it is a fact of type ${fact.type}`, 'Use a fact of type date.');
    else if (all.includes(word)) problems.error('cycle', spot, `${owner} uses the date “${word}”, which depends on it or stands below it`, 'A date may use only the dates above it: put the one it needs first.');
    else if (parameters.has(word)) problems.error('unknown-name', spot, `${owner} uses “${word}”, which is a parameter`, `Write “$${word}”.`);
    else problems.error('unknown-name', spot, `${owner} uses “${word}”, which is neither a date of this timing nor a fact.${didYouMean(word, [...known, ...facts.keys()])}`, 'Declare it or correct the id.');
    return { op: 'never' };
  }

  private again(fact: string | undefined, spot: Spot, timing: string): { readonly again?: string } {
    if (fact === undefined) return {};
    if (this.names.facts.get(fact)?.type === 'date') return { again: fact };
    this.names.problems.error('unknown-name', spot, `“again” in the timing “${timing}” names “${fact}”, which is not a date fact.${didYouMean(fact, this.names.facts.keys())}`, 'Name the date fact whose change makes the duty due after all.');
    return {};
  }

  duty({ spotOf, when, relief, ...duty }: DraftDuty): DutyDefinition {
    const { problems, conclusions, families } = this.names;
    const owner = `the duty “${duty.id}”`;
    const outcomes = [...conclusions, ...families];
    const family = duty.family ?? DUTY_FAMILY;
    if (!families.has(family)) problems.error('unknown-family', spotOf(duty.family === undefined ? 'id' : 'family'), `${owner} belongs to the family “${family}”, which is not declared`, `Declare it in pack.yaml: “families: [ { id: ${family}, weight: 1, layer: duties, … } ]”.`);
    else if (!this.names.dutyFamilies.has(family)) problems.error('wrong-value', spotOf(duty.family === undefined ? 'id' : 'family'), `${owner} belongs to the family “${family}”, which is not of the duties layer`, 'Name a family with “layer: duties”.');
    for (const role of duty.roles) this.oneOf(role, outcomes, 'unknown-conclusion', `${owner} falls on “${role}”, which is neither a conclusion nor a family`, spotOf('role'));
    if (duty.route !== undefined) this.oneOf(duty.route, outcomes, 'unknown-conclusion', `the route of ${owner} is “${duty.route}”, which is neither a conclusion nor a family`, spotOf('route'));
    this.oneOf(duty.timing, this.drafts.timings.map(({ id }) => id), 'unknown-timing', `${owner} uses the timing “${duty.timing}”, which is not declared`, spotOf('timing'));
    this.oneOf(duty.group, this.drafts.dutyGroups.map(({ id }) => id), 'unknown-group', `${owner} belongs to the group “${duty.group}”, which is not declared under “duty_groups”`, spotOf('group'));
    if (duty.sanction !== undefined) this.oneOf(duty.sanction, this.drafts.sanctions.map(({ id }) => id), 'unknown-sanction', `${owner} names the sanction “${duty.sanction}”, which is not declared`, spotOf('sanction'));
    for (const clock of duty.clocks) this.oneOf(clock, this.drafts.clocks.map(({ id }) => id), 'unknown-clock', `${owner} names the clock “${clock}”, which is not declared`, spotOf('clocks'));
    if (duty.article !== undefined) this.parameter(duty.article, 'date', `“article” of ${owner}`, spotOf('article'));
    for (const item of duty.retention) this.parameter(item.length, 'number', `the retention “${item.id}” of ${owner}`, spotOf('retention'));
    this.oneTime(duty.retention.map(({ id }) => id), `${owner} has the retention`, spotOf('retention'));
    return {
      ...duty,
      when: this.names.condition(when, owner),
      relief: relief.map((item) => ({ ...item, when: this.names.condition(item.when, `a relief of ${owner}`) })),
    };
  }

  sanction({ spotOf, lowerWhen, unless, ...sanction }: DraftSanction): SanctionDefinition {
    const owner = `the sanction “${sanction.id}”`;
    this.parameter(sanction.fixed, 'number', owner, spotOf('fixed'));
    if (sanction.percent !== undefined) this.parameter(sanction.percent, 'number', owner, spotOf('percent'));
    return {
      ...sanction,
      ...(lowerWhen === undefined ? {} : { lowerWhen: this.names.condition(lowerWhen, owner) }),
      ...(unless === undefined ? {} : { unless: this.names.condition(unless, owner) }),
    };
  }

  clock({ spotOf, when, ...clock }: DraftClock): ClockDefinition {
    const owner = `the clock “${clock.id}”`;
    this.parameter(clock.length, 'number', owner, spotOf('length'));
    return { ...clock, ...(when === undefined ? {} : { when: this.names.condition(when, owner) }) };
  }

  private oneOf(name: string, names: readonly string[], code: string, message: string, spot: Spot): void {
    if (name !== '' && !names.includes(name)) this.names.problems.error(code, spot, `${message}.${didYouMean(name, names)}`, 'Declare it or correct the id.');
  }

  private oneTime(ids: readonly string[], message: string, spot: Spot): void {
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) this.names.problems.error('duplicate-id', spot, `${message} “${twice}” twice`, 'Rename one.');
  }

  private parameter(id: string, type: 'date' | 'number', owner: string, spot: Spot): void {
    const { parameters, problems } = this.names;
    const parameter = parameters.get(id);
    if (parameter === undefined) problems.error('unknown-parameter', spot, `${owner} uses “$${id}”, which is not declared.${didYouMean(id, parameters.keys())}`, `Declare it under “parameters” with type: ${type}.`);
    else if (parameter.type !== type) problems.error('wrong-type', spot, `${owner} uses “$${id}”, which is a ${parameter.type}, not a ${type}`, `Use a parameter of type ${type}.`);
  }
}

interface Scope {
  readonly owner: string;
  /** The dates that may be used here. */
  readonly known: ReadonlySet<string>;
  /** All dates of the timing. */
  readonly all: readonly string[];
}
