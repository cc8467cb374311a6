/** What somebody must do, by when and under which reading: the duties of a system, one by one with their reasons. */

import { FALSE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import { assignFacts } from './assignment.ts';
import type { Law } from './compile.ts';
import { nodesOfDue } from './compile-duties.ts';
import type { CompiledDuty } from './compile-duties.ts';
import { decide, outcomesOf, RESULTS_ONLY } from './decide.ts';
import type { DecideOptions } from './decide.ts';
import type { Due, DueReadingDependence, DutiesDecision, DutyClock, DutyDefinition, DutyId, DutyOutcome, DutyRetention } from './duty-model.ts';
import { COMBINATIONS_MAX } from './limits.ts';
import type { Facts, Outcome, Result } from './model.ts';
import { assignReadings, readingCombinations, scratchOf } from './questions.ts';
import type { Scratch } from './questions.ts';
import { Smallness } from './due-paths.ts';
import { DueDates } from './timings.ts';

const RESULT_OF_REACH: readonly Result[] = ['fails', 'fails', 'holds', 'undetermined'];

/**
 * Decides every duty of `law` (of the duties layer) for `facts`: whether there is one, when it is due, and what belongs to it. Duties that do
 * not hold come without reasons and all without flips, unless `options` ask for them with `briefDuties: false`.
 */
export function dutiesOf(law: Law, facts: Facts, options: DecideOptions = {}): DutiesDecision {
  const decision = decide(law, facts, { briefDuties: true, ...options });
  const session = new DutySession(law, facts);
  const outcomeOf = new Map(decision.outcomes.map((outcome) => [outcome.id, outcome]));
  return { decision, roles: rolesOf(law, decision.outcomes), duties: law.duties.duties.map((duty) => session.duty(duty, outcomeOf.get(duty.duty.conclusion)!)) };
}

/** Of one duty: whether there is one, and when it is due where there is or may be. */
export interface DutyDue {
  readonly duty: DutyDefinition;
  readonly result: Result;
  readonly due?: Due;
}

/** These duties alone (ids that the law does not have are left out), as dutiesOf says it, without what only a reader needs. */
export function duesOf(law: Law, facts: Facts, ids: Iterable<DutyId>): readonly DutyDue[] {
  const duties = [...ids].flatMap((id) => law.duties.byId.get(id) ?? []);
  const dues = duesAlone(law, facts, duties);
  const outcomes = new Map(outcomesOf(law, facts, duties.map(({ duty }) => duty.conclusion), RESULTS_ONLY).map(({ id, result }) => [id, result]));
  return duties.map(({ duty }, at) => ({ duty, result: outcomes.get(duty.conclusion)!, ...(dues[at] === undefined ? {} : { due: dues[at] }) }));
}

/** When these duties are due under the default readings, one by one; undefined where there is no duty. */
export function duesAlone(law: Law, facts: Facts, duties: readonly CompiledDuty[]): readonly (Due | undefined)[] {
  const known: Assignment = new Int8Array(law.variableCount);
  assignFacts(law, facts, known);
  const dates = new DueDates(law, facts, known);
  return duties.map((duty) => dates.dueOf(duty));
}

/** The conclusions that duties name as roles, and the others of their families. */
function rolesOf(law: Law, outcomes: readonly Outcome[]): readonly Outcome[] {
  const named = new Set(law.duties.duties.flatMap(({ duty }) => duty.roles));
  const families = new Set(outcomes.filter(({ id }) => named.has(id)).map(({ family }) => family));
  return outcomes.filter(({ id }) => families.has(law.outcomes[law.outcomeById.get(id)!]!.family) && law.outcomes[law.outcomeById.get(id)!]!.members.length === 0);
}

/** The duties of one system; owns its assignments. */
class DutySession {
  private readonly law: Law;
  private readonly facts: Facts;
  private readonly scratch: Scratch;
  private readonly known: Assignment;
  private readonly free: Assignment;
  private readonly restrictFree: (node: Node) => Node;
  private readonly byReadings = new Map<string, DueDates>();
  private readonly smallness: Smallness;

  constructor(law: Law, facts: Facts) {
    this.law = law;
    this.facts = facts;
    this.scratch = scratchOf(law);
    this.known = new Int8Array(law.variableCount);
    assignFacts(law, facts, this.known);
    this.smallness = new Smallness(law.diagrams, this.known);
    this.free = new Int8Array(this.known);
    for (const { first, count } of law.readings) this.free.fill(-1, first, first + count);
    this.restrictFree = this.scratch.restriction(this.free);
  }

  duty(compiled: CompiledDuty, outcome: Outcome): DutyOutcome {
    const { duties } = this.law;
    const { duty } = compiled;
    const due = this.dueUnder(new Map(), compiled);
    const sanction = duty.sanction === undefined ? undefined : duties.sanctions.get(duty.sanction)?.sanction;
    return {
      duty,
      outcome,
      ...(due === undefined ? {} : { due }),
      dueUnderReadings: this.readingsOf(compiled),
      relief: duty.relief.filter((_, at) => this.resultOf(compiled.relief[at]!) === 'holds'),
      ...(sanction === undefined ? {} : { sanction }),
      clocks: duty.clocks.flatMap((id) => this.clock(id)),
      retention: duty.retention.map((retention): DutyRetention => ({ retention, ...optionalLength(duties.numbers.get(retention.length)) })),
    };
  }

  private clock(id: string): readonly DutyClock[] {
    const { clock, when, length } = this.law.duties.clocks.get(id)!;
    const result = this.resultOf(when);
    return result === 'fails' ? [] : [{ clock, result, ...optionalLength(length) }];
  }

  private resultOf(node: Node): Result {
    return RESULT_OF_REACH[this.law.diagrams.reach(node, this.known)]!;
  }

  /** Under the defaults, but for `options` (by index of the reading). */
  private dueUnder(options: ReadonlyMap<number, string>, duty: CompiledDuty): Due | undefined {
    const key = [...options].sort(([a], [b]) => a - b).map(([index, option]) => `${index}=${option}`).join();
    let dates = this.byReadings.get(key);
    if (dates === undefined) {
      const assignment: Assignment = new Int8Array(this.known);
      assignReadings(this.law, assignment, options);
      dates = new DueDates(this.law, this.facts, assignment);
      this.byReadings.set(key, dates);
    }
    return dates.dueOf(duty);
  }

  /** Whether so little is open that the ways to the date are followed exactly. */
  private isSmall(duty: CompiledDuty): boolean {
    return this.smallness.areSmall([this.law.outcomes[duty.outcome]!.node, ...nodesOfDue(this.law, duty)]);
  }

  /**
   * The readings on which the duty or its date depends; all combinations of those it can still meet are tried. While so much is open that
   * the ways to the date are not followed exactly, none is named: they come with the answers.
   */
  private readingsOf(duty: CompiledDuty): readonly DueReadingDependence[] {
    const { law } = this;
    if (!this.isSmall(duty)) return [];
    const used = this.readingsMet(duty);
    if (used.length === 0) return [];
    const under = (options: ReadonlyMap<number, string>): Due | 'no-duty' => this.dueUnder(options, duty) ?? 'no-duty';
    const combinations = readingCombinations(law, used, COMBINATIONS_MAX);
    const defaults = combinations[0]!;
    const alone = used.map((index) => Object.fromEntries(law.readings[index]!.reading.options.map(({ id }) => [id, under(new Map(defaults).set(index, id))])));
    const differs = alone.map((dues) => !isSame(Object.values(dues)));
    // Readings that only matter together are all named.
    const isJoint = !differs.includes(true) && !isSame(combinations.map(under));
    return used.flatMap((index, at) => (differs[at] === true || isJoint ? [{ reading: law.readings[index]!.reading.id, default: law.readings[index]!.reading.default, dues: alone[at]! }] : []));
  }

  private readingsMet(duty: CompiledDuty): readonly number[] {
    const { law, scratch } = this;
    const outcome = this.restrictFree(law.outcomes[duty.outcome]!.node);
    if (outcome === FALSE) return [];
    const nodes = new Set([outcome, ...nodesOfDue(law, duty).map((node) => this.restrictFree(node))]);
    const variables = new Set([...nodes].flatMap((node) => scratch.store.support(node)));
    return law.readings.flatMap(({ first, count }, index) => (Array.from({ length: count }, (_, at) => first + at).some((variable) => variables.has(variable)) ? [index] : []));
  }
}

function optionalLength(length: number | undefined): { readonly length?: number } {
  return length === undefined ? {} : { length };
}

/** Dues are the same when their dates are; which line gives the date does not count. */
function isSame(dues: readonly (Due | 'no-duty')[]): boolean {
  return new Set(dues.map((due) => (due === 'no-duty' ? due : due.kind === 'date' ? due.date : due.kind === 'between' ? `${due.earliest ?? ''}/${due.latest ?? ''}/${String(due.mayBeNever)}` : due.kind))).size === 1;
}
