/** The fast path of duties: for millions of systems, which duties hold and on which day each is due. */

import { assert, dayNumber } from '../base/index.ts';
import { TRUE } from './bdd.ts';
import { conclusionsFor, LazyAnswers } from './classify.ts';
import type { CompiledFact, Law } from './compile.ts';
import { NEVER_DAY, UNDATED_DAY } from './compile-duties.ts';
import type { CompiledDuty, CompiledLine, CompiledTiming } from './compile-duties.ts';
import { RESULT_CODES } from './decide.ts';
import { duesAlone } from './duties.ts';
import type { DateComparison, DateTerm, DutyId } from './duty-model.ts';
import type { Facts } from './model.ts';
import { planOf } from './timings.ts';

/** The due day of a duty that does not (surely) hold, or for whose date facts are missing. */
export const OPEN_DAY = UNDATED_DAY + 2;

const HOLDS_CODE = RESULT_CODES.indexOf('holds');
/** Answer of a lookup in the diagrams: the condition is open. */
const OPEN_CODE = RESULT_CODES.indexOf('undetermined');

/** Reusable answers for bulk work; owns its scratch memory: one per loop. */
export interface DutyForm {
  /** Ids of the duties, in the order of the codes and days. */
  readonly ids: readonly DutyId[];
  /**
   * Writes for each duty the code of its result (an index of RESULT_CODES), and, where it holds, the day it is due (days since 1970-01-01),
   * NEVER_DAY, UNDATED_DAY, or OPEN_DAY where the date is open; else OPEN_DAY. The same as dutiesOf under the default readings.
   */
  readonly due: (facts: Facts, codes: Uint8Array, days: Int32Array) => void;
  /** Ids of every outcome of the law, in the order of `outcomeCodes`. */
  readonly outcomeIds: readonly string[];
  /** The results of the system that `due` was last asked about, one code an outcome; those of families are not filled in. */
  readonly outcomeCodes: Uint8Array;
}

/** The fast form of the duties of `law`, which is of the duties layer. */
export function dutyFormFor(law: Law): DutyForm {
  const { duties } = law.duties;
  const codesOf = conclusionsFor(law);
  const all = new Uint8Array(law.outcomes.length);
  const clockwork = new Clockwork(law);
  const plans = duties.map((duty) => clockwork.plan(duty));
  const outcomes = Int32Array.from(duties, ({ outcome }) => outcome);
  const due = (facts: Facts, codes: Uint8Array, days: Int32Array): void => {
    codesOf(facts, all);
    clockwork.begin(facts);
    let isOpen = false;
    for (let at = 0; at < outcomes.length; at++) {
      const code = (codes[at] = all[outcomes[at]!]!);
      const day = code === HOLDS_CODE ? plans[at]!() : OPEN_DAY;
      days[at] = day;
      if (code === HOLDS_CODE && day === OPEN_DAY) isOpen = true;
    }
    if (isOpen) settle(law, facts, codes, days);
  };
  return { ids: duties.map(({ duty }) => duty.id), due, outcomeIds: law.outcomes.map(({ id }) => id), outcomeCodes: all };
}

/** Where something is missing, the full evaluation may still find that it does not matter. */
function settle(law: Law, facts: Facts, codes: Uint8Array, days: Int32Array): void {
  const open = law.duties.duties.flatMap((_, at) => (codes[at] === HOLDS_CODE && days[at] === OPEN_DAY ? [at] : []));
  const dues = duesAlone(law, facts, open.map((at) => law.duties.duties[at]!));
  for (const [index, at] of open.entries()) {
    const due = dues[index];
    if (due === undefined || due.kind === 'between') continue;
    days[at] = due.kind === 'date' ? dayNumber(due.date) : due.kind === 'never' ? NEVER_DAY : UNDATED_DAY;
  }
}

type DayOf = () => number;

/** Timings as closures over the answers of one system; what several duties share is evaluated once per system. */
class Clockwork {
  private readonly law: Law;
  private readonly lazy: LazyAnswers;
  private facts: Facts = {};
  /** Number of the system, so that remembered days need not be cleared. */
  private turn = 0;
  private route = UNDATED_DAY;
  private article = UNDATED_DAY;
  private readonly shared = new Map<string, DayOf>();
  private readonly factDays = new Map<string, DayOf>();
  private readonly lines = new Map<CompiledTiming, DayOf>();

  constructor(law: Law) {
    this.law = law;
    this.lazy = new LazyAnswers(law);
  }

  begin(facts: Facts): void {
    this.facts = facts;
    this.lazy.begin(facts);
    this.turn++;
  }

  /** Day of a duty that holds. Duties of the same timing, article and route share it. */
  plan(duty: CompiledDuty): DayOf {
    const key = planOf(duty);
    const known = this.shared.get(key) ?? this.once(this.earliest(duty));
    this.shared.set(key, known);
    return known;
  }

  private earliest(duty: CompiledDuty): DayOf {
    const { lazy } = this;
    const { routes, article } = duty;
    const due = this.timing(duty.timing);
    const under = (route: number): number => {
      this.route = route;
      this.article = article ?? route;
      return due();
    };
    return () => {
      let earliest = OPEN_DAY;
      let isAny = false;
      for (const { day, node } of routes) {
        const code = lazy.code(node);
        if (code === OPEN_CODE) return OPEN_DAY;
        if (code !== HOLDS_CODE) continue;
        isAny = true;
        const own = under(day);
        if (own === OPEN_DAY) return OPEN_DAY;
        if (own < earliest) earliest = own;
      }
      return isAny ? earliest : under(article ?? UNDATED_DAY);
    };
  }

  private timing(timing: CompiledTiming): DayOf {
    const known = this.lines.get(timing) ?? this.firstLine(timing.due, timing);
    this.lines.set(timing, known);
    return known;
  }

  private firstLine(lines: readonly CompiledLine[], timing: CompiledTiming): DayOf {
    const compiled = lines.map(({ line, when }) => ({ when, comparisons: line.if.map((comparison) => this.comparison(comparison, timing)), date: this.term(line.date, timing) }));
    const { lazy } = this;
    return () => {
      for (const { when, comparisons, date } of compiled) {
        const code = when === TRUE ? HOLDS_CODE : lazy.code(when);
        if (code === OPEN_CODE) return OPEN_DAY;
        if (code !== HOLDS_CODE) continue;
        let truth = HOLDS_CODE;
        for (let at = 0; at < comparisons.length && truth === HOLDS_CODE; at++) truth = comparisons[at]!();
        if (truth === OPEN_CODE) return OPEN_DAY;
        if (truth === HOLDS_CODE) return date();
      }
      return UNDATED_DAY;
    };
  }

  private comparison({ left, by, right }: DateComparison, timing: CompiledTiming): () => number {
    const [one, two] = by === '>' || by === '>=' ? [right, left] : [left, right];
    const [low, high] = [this.term(one, timing), this.term(two, timing)];
    const isStrict = by === '<' || by === '>';
    return () => {
      const a = low();
      const b = high();
      if (a === UNDATED_DAY || b === UNDATED_DAY) return 0;
      if (a === OPEN_DAY || b === OPEN_DAY) return OPEN_CODE;
      return (isStrict ? a < b : a <= b) ? HOLDS_CODE : 0;
    };
  }

  private term(term: DateTerm, timing: CompiledTiming): DayOf {
    switch (term.op) {
      case 'never': return () => NEVER_DAY;
      case 'parameter': {
        const day = this.law.duties.days.get(term.parameter) ?? UNDATED_DAY;
        return () => day;
      }
      case 'fact': return this.fact(term.fact);
      case 'name': {
        if (term.name === 'article') return () => this.article;
        if (term.name === 'route') return () => this.route;
        return this.firstLine(timing.dates.get(term.name)!, timing);
      }
      case 'max': case 'min': {
        const terms = term.of.map((part) => this.term(part, timing));
        return term.op === 'max' ? () => latest(terms) : () => least(terms);
      }
    }
  }

  private fact(id: string): DayOf {
    const known = this.factDays.get(id) ?? this.once(() => this.readFact(id));
    this.factDays.set(id, known);
    return known;
  }

  private readFact(id: string): number {
    const fact: CompiledFact | undefined = this.law.factById.get(id);
    assert(fact !== undefined, `the law has no fact ${id}`);
    const gate = fact.gate === TRUE ? HOLDS_CODE : this.lazy.code(fact.gate);
    if (gate === OPEN_CODE) return OPEN_DAY;
    if (gate !== HOLDS_CODE) return UNDATED_DAY;
    const answer = this.facts[id];
    return typeof answer === 'string' ? dayNumber(answer) : OPEN_DAY;
  }

  /** Evaluates at most once per system. */
  private once(compute: DayOf): DayOf {
    let turn = -1;
    let value = OPEN_DAY;
    return () => {
      if (turn !== this.turn) {
        value = compute();
        turn = this.turn;
      }
      return value;
    };
  }
}

/** One without a date leaves the whole without one; an open one leaves it open; never is later than any day. */
function latest(terms: readonly DayOf[]): number {
  let best = Number.MIN_SAFE_INTEGER;
  let isOpen = false;
  for (const term of terms) {
    const day = term();
    if (day === UNDATED_DAY) return UNDATED_DAY;
    if (day === OPEN_DAY) isOpen = true;
    else if (day > best) best = day;
  }
  return isOpen ? OPEN_DAY : best;
}

function least(terms: readonly DayOf[]): number {
  let best = NEVER_DAY;
  let isOpen = false;
  for (const term of terms) {
    const day = term();
    if (day === UNDATED_DAY) return UNDATED_DAY;
    if (day === OPEN_DAY) isOpen = true;
    else if (day < best) best = day;
  }
  return isOpen ? OPEN_DAY : best;
}
