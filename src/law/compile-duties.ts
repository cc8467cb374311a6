/** The duties of a law with their conditions as diagrams and their dates as day numbers, made by the compiler of the duties layer. */

import type { CivilDate } from '../base/index.ts';
import { FALSE, TRUE } from './bdd.ts';
import type { Node } from './bdd.ts';
import type { Law } from './compile.ts';
import type { ClockDefinition, DateLine, DateTerm, DueLine, DutyDefinition, DutyId, SanctionDefinition, Timing } from './duty-model.ts';
import type { Condition, FactId, Pack, Rule } from './model.ts';

/** Day numbers that are no day; both later than any day, so that the least of several dates is the earliest. */
export const UNDATED_DAY = 2 ** 30;
export const NEVER_DAY = UNDATED_DAY + 1;

export interface CompiledLine<L extends DateLine = DateLine> {
  readonly line: L;
  /** TRUE without a condition. */
  readonly when: Node;
}

export interface CompiledTiming {
  readonly timing: Timing;
  readonly dates: ReadonlyMap<string, readonly CompiledLine[]>;
  readonly due: readonly CompiledLine<DueLine>[];
}

/** Systems that reach a duty by rules that apply from one date. */
export interface CompiledRoute {
  /** Day number, or UNDATED_DAY. */
  readonly day: number;
  readonly node: Node;
}

export interface CompiledDuty {
  readonly duty: DutyDefinition;
  /** Index of its conclusion in the outcomes of the law. */
  readonly outcome: number;
  readonly timing: CompiledTiming;
  /** Day number, or UNDATED_DAY where its parameter has no value; absent where the duty names none. */
  readonly article?: number;
  /** By rising date, one for each date. */
  readonly routes: readonly CompiledRoute[];
  /** In the order of the reliefs of the duty. */
  readonly relief: readonly Node[];
}

export interface CompiledSanction {
  readonly sanction: SanctionDefinition;
  readonly lowerWhen: Node;
  readonly unless: Node;
  /** In euro; absent where its parameter has no value. */
  readonly fixed?: number;
  readonly percent?: number;
}

export interface CompiledClock {
  readonly clock: ClockDefinition;
  readonly when: Node;
  readonly length?: number;
}

export interface CompiledDuties {
  readonly duties: readonly CompiledDuty[];
  readonly byId: ReadonlyMap<DutyId, CompiledDuty>;
  readonly sanctions: ReadonlyMap<string, CompiledSanction>;
  readonly clocks: ReadonlyMap<string, CompiledClock>;
  /** Values of the date parameters as day numbers; one without a value is absent. */
  readonly days: ReadonlyMap<string, number>;
  /** Values of the number parameters; one without a value is absent. */
  readonly numbers: ReadonlyMap<string, number>;
}

export const NO_DUTIES: CompiledDuties = { duties: [], byId: new Map(), sanctions: new Map(), clocks: new Map(), days: new Map(), numbers: new Map() };

/** What the compiler lends: diagrams of conditions, conclusions and rules, and the values of parameters. */
export interface DutyTools {
  readonly condition: (condition: Condition, owner: string) => Node;
  readonly conclusion: (id: string) => Node;
  readonly rule: (rule: Rule) => Node;
  readonly rulesOf: (conclusion: string) => readonly Rule[];
  readonly and: (f: Node, g: Node) => Node;
  readonly or: (f: Node, g: Node) => Node;
  readonly parameter: (id: string) => number | CivilDate | undefined;
  readonly dayOf: (date: CivilDate) => number;
  readonly outcome: (id: string) => number;
}

export function compileDuties(pack: Pack, tools: DutyTools): CompiledDuties {
  const values = pack.parameters.flatMap(({ id }) => {
    const value = tools.parameter(id);
    return value === undefined ? [] : [[id, value] as const];
  });
  const days = new Map(values.flatMap(([id, value]) => (typeof value === 'number' ? [] : [[id, tools.dayOf(value)] as const])));
  const numbers = new Map(values.flatMap(([id, value]) => (typeof value === 'number' ? [[id, value] as const] : [])));
  const when = (condition: Condition | undefined, otherwise: Node, owner: string): Node => (condition === undefined ? otherwise : tools.condition(condition, owner));
  const number = (key: 'fixed' | 'percent' | 'length', id: string | undefined): { readonly [K in typeof key]?: number } => {
    const value = id === undefined ? undefined : numbers.get(id);
    return value === undefined ? {} : { [key]: value };
  };
  const timings = new Map(pack.timings.map((timing) => [timing.id, compiledTiming(timing, (condition) => when(condition, TRUE, `the timing “${timing.id}”`))]));
  const duties = pack.duties.map((duty): CompiledDuty => {
    const article = duty.article === undefined ? undefined : (days.get(duty.article) ?? UNDATED_DAY);
    const routes = routesOf(pack, duty, article, days, tools);
    return {
      duty,
      outcome: tools.outcome(duty.conclusion),
      timing: timings.get(duty.timing)!,
      ...(article === undefined ? {} : { article }),
      routes,
      relief: duty.relief.map((relief) => tools.condition(relief.when, `a relief of the duty “${duty.id}”`)),
    };
  });
  return {
    duties,
    byId: new Map(duties.map((duty) => [duty.duty.id, duty])),
    sanctions: new Map(pack.sanctions.map((sanction) => [sanction.id, {
      sanction,
      lowerWhen: when(sanction.lowerWhen, FALSE, `the sanction “${sanction.id}”`),
      unless: when(sanction.unless, FALSE, `the sanction “${sanction.id}”`),
      ...number('fixed', sanction.fixed),
      ...number('percent', sanction.percent),
    }])),
    clocks: new Map(pack.clocks.map((clock) => [clock.id, { clock, when: when(clock.when, TRUE, `the clock “${clock.id}”`), ...number('length', clock.length) }])),
    days,
    numbers,
  };
}

function compiledTiming(timing: Timing, when: (condition: Condition | undefined) => Node): CompiledTiming {
  const lines = <L extends DateLine>(all: readonly L[]): readonly CompiledLine<L>[] => all.map((line) => ({ line, when: when(line.when) }));
  return { timing, dates: new Map(timing.dates.map(({ id, lines: all }) => [id, lines(all)])), due: lines(timing.due) };
}

/** By the rules of the conclusions that are its route: each gives the date it applies from, and the article's own date where it names none. */
function routesOf(pack: Pack, duty: DutyDefinition, article: number | undefined, days: ReadonlyMap<string, number>, tools: DutyTools): readonly CompiledRoute[] {
  if (duty.route === undefined) return [];
  const members = pack.conclusions.filter(({ id, family }) => id === duty.route || family === duty.route);
  const byDay = new Map<number, Node>();
  for (const { id } of members) {
    for (const rule of tools.rulesOf(id)) {
      if (rule.then !== 'holds') continue;
      const day = rule.applies === undefined ? (article ?? UNDATED_DAY) : (days.get(rule.applies) ?? UNDATED_DAY);
      byDay.set(day, tools.or(byDay.get(day) ?? FALSE, tools.and(tools.conclusion(id), tools.rule(rule))));
    }
  }
  return [...byDay].sort(([a], [b]) => a - b).map(([day, node]) => ({ day, node }));
}

/** The same duties with every diagram replaced. */
export function withNodes(compiled: CompiledDuties, nodeOf: (node: Node) => Node): CompiledDuties {
  const line = <L extends DateLine>(own: CompiledLine<L>): CompiledLine<L> => ({ ...own, when: nodeOf(own.when) });
  const timings = new Map<CompiledTiming, CompiledTiming>();
  const timing = (own: CompiledTiming): CompiledTiming => {
    const known = timings.get(own) ?? { timing: own.timing, dates: new Map([...own.dates].map(([id, lines]) => [id, lines.map(line)])), due: own.due.map(line) };
    timings.set(own, known);
    return known;
  };
  const duties = compiled.duties.map((duty) => ({
    ...duty,
    timing: timing(duty.timing),
    routes: duty.routes.map((route) => ({ ...route, node: nodeOf(route.node) })),
    relief: duty.relief.map(nodeOf),
  }));
  return {
    ...compiled,
    duties,
    byId: new Map(duties.map((duty) => [duty.duty.id, duty])),
    sanctions: new Map([...compiled.sanctions].map(([id, own]) => [id, { ...own, lowerWhen: nodeOf(own.lowerWhen), unless: nodeOf(own.unless) }])),
    clocks: new Map([...compiled.clocks].map(([id, own]) => [id, { ...own, when: nodeOf(own.when) }])),
  };
}

/** Every diagram of the duties. */
export function nodesOf(compiled: CompiledDuties): readonly Node[] {
  const nodes: Node[] = [];
  withNodes(compiled, (node) => {
    nodes.push(node);
    return node;
  });
  return nodes;
}

/** The diagrams on which the due date of a duty depends, without that of the duty itself: routes, lines, and gates of the date facts. */
export function nodesOfDue(law: Pick<Law, 'factById'>, duty: CompiledDuty): readonly Node[] {
  const { timing, routes } = duty;
  const known = dueNodes.get(duty);
  if (known !== undefined) return known;
  const lines = [...[...timing.dates.values()].flat(), ...timing.due];
  const gates = lines.flatMap(({ line }) => [line.date, ...line.if.flatMap(({ left, right }) => [left, right])]).flatMap(factsOfTerm).map((fact) => law.factById.get(fact)!.gate);
  const nodes = [...new Set([...routes.map(({ node }) => node), ...lines.map(({ when }) => when), ...gates])];
  dueNodes.set(duty, nodes);
  return nodes;
}

const dueNodes = new WeakMap<CompiledDuty, readonly Node[]>();

function factsOfTerm(term: DateTerm): readonly FactId[] {
  if (term.op === 'max' || term.op === 'min') return term.of.flatMap(factsOfTerm);
  return term.op === 'fact' ? [term.fact] : [];
}
