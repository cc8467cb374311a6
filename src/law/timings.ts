/**
 * When a duty is due: the lines of a timing evaluated over facts of which some may be missing.
 *
 * What is not known is kept as a span of days. Conditions are followed as diagrams along the path of lines that may still count, and a
 * comparison that is open narrows the dates it compares on either side; so every way of answering the open facts ends inside the span.
 */

import { assert, dateOfDay, dayNumber } from '../base/index.ts';
import { FALSE, TRUE } from './bdd.ts';
import type { Assignment } from './bdd.ts';
import type { CompiledFact, Law } from './compile.ts';
import { NEVER_DAY, nodesOfDue, UNDATED_DAY } from './compile-duties.ts';
import type { CompiledDuty, CompiledLine } from './compile-duties.ts';
import { PathFinder } from './due-paths.ts';
import type { Path, Paths } from './due-paths.ts';
import type { DateComparison, DateLine, DateTerm, Due, DueLine } from './duty-model.ts';
import type { Comparator, FactAnswer, FactId, Facts } from './model.ts';

/** The days a date may be: from `lo` to `hi` (none when `lo` > `hi`), or never, or no date at all. */
interface Span {
  readonly lo: number;
  readonly hi: number;
  readonly never: boolean;
  readonly undated: boolean;
  /** Facts, by index, on which it depends. Empty while it is settled. */
  readonly ask: Asks;
}

/** Sets of facts that are joined only when they are shown; the same set may stand in it several times. */
type Asks = readonly ReadonlySet<number>[];

const NO_FACTS: Asks = [];
const NO_DAYS = { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY };
const NEVER_SPAN: Span = { ...NO_DAYS, never: true, undated: false, ask: NO_FACTS };
const UNDATED_SPAN: Span = { ...NEVER_SPAN, never: false, undated: true };

/** What is known while a line is looked at: the conditions that must be true, and the days left for each date fact. */
interface Scope {
  readonly path: Path;
  readonly days: ReadonlyMap<FactId, { readonly lo: number; readonly hi: number }>;
  readonly route: number;
}

interface Piece<L extends DateLine> {
  readonly line: L;
  readonly span: Span;
}

/** All lines that may count. `ask` are the facts that choose among them. */
interface Pieces<L extends DateLine> {
  readonly pieces: readonly Piece<L>[];
  readonly ask: Asks;
}

/** Due dates under one assignment of the conditions and the facts behind it. */
export class DueDates {
  private readonly law: Law;
  private readonly facts: Facts;
  private readonly finder: PathFinder;
  private readonly byPlan = new Map<string, Due>();

  constructor(law: Law, facts: Facts, assignment: Assignment) {
    this.law = law;
    this.facts = facts;
    this.finder = new PathFinder(law, assignment);
  }

  /** Undefined when there is no such duty. */
  dueOf(duty: CompiledDuty): Due | undefined {
    const start = this.law.outcomes[duty.outcome]!.node;
    if (!this.finder.mayHold(start)) return undefined;
    return this.finder.along(start, nodesOfDue(this.law, duty), (paths, path) => {
      const compute = (): Due => new DutyDates(this.law, this.facts, paths, duty).due(path);
      return path === TRUE ? this.shared(`${paths.isExact ? 'exact' : 'rough'} ${planOf(duty)}`, compute) : compute();
    });
  }

  /** Where nothing is known of the way but that it begins, duties of the same timing, article and route are due on the same day. */
  private shared(key: string, compute: () => Due): Due {
    const due = this.byPlan.get(key) ?? compute();
    this.byPlan.set(key, due);
    return due;
  }
}

const plans = new WeakMap<CompiledDuty, string>();

/** Equal for duties whose date is reckoned alike. */
export function planOf(duty: CompiledDuty): string {
  const known = plans.get(duty) ?? JSON.stringify([duty.duty.timing, duty.duty.article, duty.duty.route]);
  plans.set(duty, known);
  return known;
}

/** The due date of one duty along paths. */
class DutyDates {
  private readonly law: Law;
  private readonly facts: Facts;
  private readonly paths: Paths;
  private readonly duty: CompiledDuty;

  constructor(law: Law, facts: Facts, paths: Paths, duty: CompiledDuty) {
    this.law = law;
    this.facts = facts;
    this.paths = paths;
    this.duty = duty;
  }

  due(path: Path): Due {
    const { paths, duty } = this;
    const candidates: { readonly pieces: Pieces<DueLine>; readonly isCertain: boolean }[] = [];
    const routeAsk: ReadonlySet<number>[] = [];
    let without = path;
    for (const { day, node } of duty.routes) {
      const own = paths.with(path, node);
      if (own === FALSE) continue;
      const isCertain = paths.isCertain(path, node);
      if (!isCertain) routeAsk.push(paths.openFacts(node));
      candidates.push({ pieces: this.lines(duty.timing.due, { path: own, days: new Map(), route: day }), isCertain });
      without = paths.without(without, node);
    }
    if (without !== FALSE) candidates.push({ pieces: this.lines(duty.timing.due, { path: without, days: new Map(), route: duty.article ?? UNDATED_DAY }), isCertain: candidates.length === 0 });
    return this.earliest(candidates, routeAsk);
  }

  /** The earliest of the dates of the routes; a route that only may be there may only make it earlier. */
  private earliest(candidates: readonly { readonly pieces: Pieces<DueLine>; readonly isCertain: boolean }[], routeAsk: Asks): Due {
    const spans = candidates.map(({ pieces, isCertain }) => ({ span: unionOf(pieces.pieces.map(({ span }) => span)), isCertain }));
    const certain = spans.filter(({ isCertain }) => isCertain).map(({ span }) => span);
    const uncertain = spans.filter(({ isCertain }) => !isCertain).map(({ span }) => span);
    // When none is certain, one of them must be there all the same: whichever it is, or the earliest of several.
    const total = certain.length > 0 ? uncertain.reduce((all, span) => unionOf([all, lesser(all, span)]), certain.reduce(lesser)) : unionOf(uncertain);
    const lines = candidates.flatMap(({ pieces }) => pieces.pieces).filter(({ span }) => isWithinReach(span, total));
    const settled = settledDay(total);
    if (settled !== undefined) return dueOn(settled, lines);
    const isOneLine = new Set(lines.map(({ line }) => line.id)).size === 1 && candidates.length === 1;
    const asked = joined([...routeAsk, ...lines.flatMap(({ span }) => span.ask), ...(isOneLine ? [] : candidates.flatMap(({ pieces }) => pieces.ask))]);
    return {
      kind: 'between',
      ...(total.lo <= total.hi && Number.isFinite(total.lo) ? { earliest: dateOfDay(total.lo) } : {}),
      ...(total.lo <= total.hi && Number.isFinite(total.hi) && !total.never && !total.undated ? { latest: dateOfDay(total.hi) } : {}),
      mayBeNever: total.never,
      ask: this.askable(asked),
      lines: [...new Set(lines.map(({ line }) => line.id))],
    };
  }

  /** In the order of the pack; facts in dispute are not asked again. */
  private askable(facts: ReadonlySet<number>): readonly FactId[] {
    return [...facts].sort((a, b) => a - b).map((index) => this.law.facts[index]!.definition.id).filter((id) => !isDisputed(this.facts[id]));
  }

  // Lines.

  private lines<L extends DateLine>(lines: readonly CompiledLine<L>[], start: Scope): Pieces<L> {
    const { paths } = this;
    const pieces: Piece<L>[] = [];
    const ask: ReadonlySet<number>[] = [];
    let scope = start;
    for (const { line, when } of lines) {
      const path = paths.with(scope.path, when);
      if (path === FALSE) continue;
      const isWhenCertain = paths.isCertain(scope.path, when);
      const compared = this.compareAll(line.if, onPath(scope, path));
      if (compared.truth === false) continue;
      pieces.push({ line, span: this.term(line.date, compared.ifTrue) });
      if (!isWhenCertain) ask.push(paths.openFacts(when));
      for (const facts of compared.ask) ask.push(facts);
      if (compared.truth === true && isWhenCertain) return { pieces, ask };
      if (compared.truth === true) scope = onPath(scope, paths.without(scope.path, when));
      else if (isWhenCertain && compared.ifFalse !== undefined) scope = compared.ifFalse;
    }
    return { pieces, ask };
  }

  private compareAll(comparisons: readonly DateComparison[], scope: Scope): { readonly truth: boolean | undefined; readonly ifTrue: Scope; readonly ifFalse: Scope | undefined; readonly ask: Asks } {
    let ifTrue = scope;
    const open: DateComparison[] = [];
    const ask: ReadonlySet<number>[] = [];
    for (const comparison of comparisons) {
      const left = this.term(comparison.left, ifTrue);
      const right = this.term(comparison.right, ifTrue);
      const truth = compare(left, comparison.by, right);
      if (truth === false) return { truth, ifTrue, ifFalse: undefined, ask: NO_FACTS };
      if (truth === undefined) {
        open.push(comparison);
        ask.push(...left.ask, ...right.ask);
      }
      ifTrue = this.narrowed(comparison, true, ifTrue);
      if (ifTrue.path === FALSE) return { truth: false, ifTrue, ifFalse: undefined, ask: NO_FACTS };
    }
    if (open.length === 0) return { truth: true, ifTrue, ifFalse: undefined, ask: NO_FACTS };
    return { truth: undefined, ifTrue, ifFalse: open.length === 1 ? this.narrowed(open[0]!, false, scope) : undefined, ask };
  }

  /** What a comparison says about the facts it compares directly, when it is true or false. */
  private narrowed({ left, by, right }: DateComparison, truth: boolean, scope: Scope): Scope {
    const sign = truth ? by : OPPOSITE[by];
    const one = this.bound(left, sign, right, truth, scope);
    return this.bound(right, MIRRORED[sign], left, truth, one);
  }

  private bound(term: DateTerm, by: Comparator, other: DateTerm, truth: boolean, scope: Scope): Scope {
    if (term.op !== 'fact') return scope;
    const limit = this.term(other, scope);
    // A comparison may also be false because one side has no date.
    if (!truth && (limit.undated || limit.never)) return scope;
    const own = scope.days.get(term.fact) ?? { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
    const lo = by === '>' ? Math.max(own.lo, limit.lo + 1) : by === '>=' ? Math.max(own.lo, limit.lo) : own.lo;
    const hi = by === '<' ? Math.min(own.hi, limit.hi - 1) : by === '<=' ? Math.min(own.hi, limit.hi) : own.hi;
    const days = new Map(scope.days).set(term.fact, { lo, hi });
    // Only a fact that applies has a date to compare.
    return { ...scope, days, path: truth ? this.paths.with(scope.path, this.factOf(term.fact).gate) : scope.path };
  }

  // Terms.

  private term(term: DateTerm, scope: Scope): Span {
    switch (term.op) {
      case 'never': return NEVER_SPAN;
      case 'parameter': return dayOrUndated(this.law.duties.days.get(term.parameter));
      case 'fact': return this.fact(term.fact, scope);
      case 'max': case 'min': return combined(term.op, term.of.map((part) => this.term(part, scope)));
      case 'name': {
        if (term.name === 'article') return dayOrUndated(this.duty.article ?? scope.route);
        if (term.name === 'route') return dayOrUndated(scope.route);
        const { pieces, ask } = this.lines(this.duty.timing.dates.get(term.name)!, scope);
        const span = unionOf(pieces.map((piece) => piece.span));
        return settledDay(span) === undefined ? { ...span, ask: distinct([...ask, ...span.ask]) } : { ...span, ask: NO_FACTS };
      }
    }
  }

  private factOf(id: FactId): CompiledFact {
    const fact = this.law.factById.get(id);
    assert(fact !== undefined, `the law has no fact ${id}`);
    return fact;
  }

  private fact(id: FactId, scope: Scope): Span {
    const { paths } = this;
    const fact = this.factOf(id);
    if (paths.with(scope.path, fact.gate) === FALSE) return UNDATED_SPAN;
    const mayBeClosed = !paths.isCertain(scope.path, fact.gate);
    const answered = daysOf(this.facts[id]);
    const narrowed = scope.days.get(id);
    const days = answered.lo === answered.hi || narrowed === undefined ? answered : { lo: Math.max(answered.lo, narrowed.lo), hi: Math.min(answered.hi, narrowed.hi) };
    const ask = [...(days.lo === days.hi ? [] : [new Set([fact.index])]), ...(mayBeClosed ? [paths.openFacts(fact.gate)] : [])];
    return { ...(days.lo <= days.hi ? days : NO_DAYS), never: false, undated: mayBeClosed, ask };
  }
}

function onPath(scope: Scope, path: Path): Scope {
  return { ...scope, path };
}

// Spans.

const OPPOSITE: { readonly [C in Comparator]: Comparator } = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };
const MIRRORED: { readonly [C in Comparator]: Comparator } = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function dayOrUndated(day: number | undefined): Span {
  return day === undefined || day === UNDATED_DAY ? UNDATED_SPAN : { lo: day, hi: day, never: false, undated: false, ask: NO_FACTS };
}

/** The days an answer to a date fact allows. */
function daysOf(answer: FactAnswer | undefined): { readonly lo: number; readonly hi: number } {
  if (typeof answer === 'string') {
    const day = dayNumber(answer);
    return { lo: day, hi: day };
  }
  if (isDisputed(answer)) {
    const days = answer.disputed.map(({ value }) => dayNumber(value as string));
    return { lo: Math.min(...days), hi: Math.max(...days) };
  }
  return { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
}

function isDisputed(answer: FactAnswer | undefined): answer is Extract<FactAnswer, { readonly disputed: unknown }> {
  return typeof answer === 'object' && 'disputed' in answer;
}

/** The same sets, each once. */
function distinct(asks: Asks): Asks {
  return asks.length < 2 ? asks : [...new Set(asks)];
}

function joined(asks: Asks): ReadonlySet<number> {
  const facts = new Set<number>();
  for (const ask of new Set(asks)) for (const fact of ask) facts.add(fact);
  return facts;
}

function hasDate(span: Span): boolean {
  return span.lo <= span.hi;
}

function unionOf(spans: readonly Span[]): Span {
  return {
    lo: Math.min(...spans.map(({ lo }) => lo)),
    hi: Math.max(...spans.map(({ hi }) => hi)),
    never: spans.some(({ never }) => never),
    undated: spans.some(({ undated }) => undated),
    ask: spans.length === 1 ? spans[0]!.ask : distinct(spans.flatMap(({ ask }) => ask)),
  };
}

/** The earlier of two dates that are both there: a date is earlier than none, and none earlier than never. */
function lesser(a: Span, b: Span): Span {
  const [aFails, bFails] = [a.never || a.undated, b.never || b.undated];
  const his = [...(hasDate(a) && hasDate(b) ? [Math.min(a.hi, b.hi)] : []), ...(hasDate(a) && bFails ? [a.hi] : []), ...(hasDate(b) && aFails ? [b.hi] : [])];
  return {
    lo: Math.min(a.lo, b.lo),
    hi: Math.max(...his),
    never: a.never && b.never,
    undated: (a.undated && bFails) || (b.undated && aFails),
    ask: distinct([...a.ask, ...b.ask]),
  };
}

/** The latest (or earliest) of several dates. One without a date leaves the whole without one; never is later than any day. */
function combined(op: 'max' | 'min', spans: readonly Span[]): Span {
  if (spans.some((span) => !hasDate(span) && !span.never)) return UNDATED_SPAN;
  const undated = spans.some((span) => span.undated);
  const dated = spans.filter(hasDate);
  const ask = distinct(spans.flatMap((span) => span.ask));
  if (op === 'max') {
    const never = spans.some((span) => span.never);
    if (dated.length < spans.length) return { ...NEVER_SPAN, undated, ask };
    return { lo: Math.max(...dated.map(({ lo }) => lo)), hi: Math.max(...dated.map(({ hi }) => hi)), never, undated, ask };
  }
  const never = spans.every((span) => span.never);
  if (dated.length === 0) return { ...NEVER_SPAN, undated, ask };
  const sure = dated.filter((span) => !span.never);
  const hi = sure.length > 0 ? Math.min(...sure.map((span) => span.hi)) : Math.max(...dated.map((span) => span.hi));
  return { lo: Math.min(...dated.map(({ lo }) => lo)), hi, never, undated, ask };
}

/** True or false whatever the days turn out to be; undefined when that is open. A side without a date makes it false. */
function compare(left: Span, by: Comparator, right: Span): boolean | undefined {
  if (by === '>' || by === '>=') return compare(right, by === '>' ? '<' : '<=', left);
  const isStrict = by === '<';
  // Never is later than every day.
  const leftLo = hasDate(left) ? left.lo : left.never ? NEVER_DAY : undefined;
  const rightHi = right.never ? NEVER_DAY : hasDate(right) ? right.hi : undefined;
  if (leftLo === undefined || rightHi === undefined) return false;
  if (isStrict ? leftLo >= rightHi : leftLo > rightHi) return false;
  const leftHi = left.never ? NEVER_DAY : left.hi;
  const rightLo = hasDate(right) ? right.lo : NEVER_DAY;
  const isSure = isStrict ? leftHi < rightLo : leftHi <= rightLo;
  return isSure && !left.undated && !right.undated ? true : undefined;
}

/** The one day, NEVER_DAY or UNDATED_DAY a span is settled on; undefined while it is open. */
function settledDay(span: Span): number | undefined {
  if (hasDate(span)) return span.lo === span.hi && !span.never && !span.undated ? span.lo : undefined;
  if (span.never !== span.undated) return span.never ? NEVER_DAY : UNDATED_DAY;
  return undefined;
}

/** Whether a line may give the earliest date. */
function isWithinReach(span: Span, total: Span): boolean {
  return (hasDate(span) && span.lo <= total.hi) || (span.never && total.never) || (span.undated && total.undated);
}

function dueOn(day: number, lines: readonly Piece<DueLine>[]): Due {
  if (day === UNDATED_DAY) return { kind: 'undated' };
  const deciding = lines.find(({ span }) => settledDay(span) === day) ?? lines[0];
  assert(deciding !== undefined, 'a due date comes from a line');
  const { id, again } = deciding.line;
  if (day === NEVER_DAY) return { kind: 'never', line: id, ...(again === undefined ? {} : { again }) };
  return { kind: 'date', date: dateOfDay(day), line: id };
}
