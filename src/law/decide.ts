/** Decides what a law says about given facts: results, reasons, open questions, dates and sources. */

import type { CivilDate } from '../base/index.ts';
import { FALSE, TRUE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import { assignFacts, assignValue } from './assignment.ts';
import type { DisputedFact } from './assignment.ts';
import { EVIDENCE_ORDER } from './compile.ts';
import type { CompiledOutcome, CompiledRule, Law } from './compile.ts';
import { reasonsFor, smallestFlip } from './explain.ts';
import { COMBINATIONS_MAX, DUE_CONDITION_NODES_MAX } from './limits.ts';
import type { Authority, Citation, Decision, Evidence, FactId, Facts, Outcome, OutcomeDates, ReadingDependence, Result, RuleTrace } from './model.ts';
import { assignReadings, rankQuestions, readingCombinations, scratchOf } from './questions.ts';
import type { OpenOutcome, Scratch } from './questions.ts';
import { referencesOf } from './resolve-names.ts';

export interface DecideOptions {
  /** Prime implicants; default true. */
  readonly reasons?: boolean;
  /** Smallest flips; default true. */
  readonly flips?: boolean;
  /** Order the open facts by their value as questions; default true. Without, they come in the order of the pack. */
  readonly ranked?: boolean;
  /** Say on which readings a result depends; default true. */
  readonly readings?: boolean;
  /** Of conclusions of the duties layer give reasons only where they hold, and no flips: most duties of a law do not concern a system. */
  readonly briefDuties?: boolean;
}

/** Results, traces and dates alone. */
export const RESULTS_ONLY: DecideOptions = { reasons: false, flips: false, ranked: false, readings: false };

/** Codes of bulk work stand for these, by index. */
export const RESULT_CODES: readonly Result[] = ['fails', 'holds', 'undetermined', 'disputed'];
/** Index is `reach` of a diagram: 1 only FALSE, 2 only TRUE, 3 both. */
const RESULT_OF_REACH: readonly Result[] = ['fails', 'fails', 'holds', 'undetermined'];

/** Decides every conclusion of `law` for `facts` (as parsed by parseFacts). Equal inputs give equal decisions, byte for byte in canonical JSON. */
export function decide(law: Law, facts: Facts, options: DecideOptions = {}): Decision {
  const session = new Session(law, facts, options);
  const drafts = law.outcomes.map((outcome) => session.settle(outcome));
  const ranks = session.ranks(drafts);
  const byRank = (open: ReadonlySet<number>): readonly FactId[] => [...open].sort((a, b) => (ranks.get(a) ?? a) - (ranks.get(b) ?? b)).map((index) => law.facts[index]!.definition.id);
  const everyOpen = new Set(drafts.flatMap((draft) => [...draft.open]));
  const { pack } = law;
  return {
    pack: pack.ref,
    asOf: law.asOf,
    knownOn: law.knownOn,
    outcomes: drafts.map((draft) => session.finish(draft, byRank(draft.open), drafts)),
    ask: byRank(everyOpen),
    headline: session.headline(drafts),
  };
}

/**
 * The outcomes with these ids alone, in the order of `ids` (what the law does not have is left out): for a question about few of many
 * outcomes. Each is as `decide` would say it, but open facts come in the order of the pack.
 */
export function outcomesOf(law: Law, facts: Facts, ids: Iterable<string>, options: Omit<DecideOptions, 'ranked'> = {}): readonly Outcome[] {
  const session = new Session(law, facts, options);
  const drafts: Settled[] = [];
  const settle = (index: number): Settled => (drafts[index] ??= session.settle(law.outcomes[index]!));
  return [...new Set(ids)].flatMap((id) => {
    const index = law.outcomeById.get(id);
    if (index === undefined) return [];
    for (const member of law.outcomes[index]!.members) settle(member);
    const draft = settle(index);
    return [session.finish(draft, [...draft.open].sort((a, b) => a - b).map((fact) => law.facts[fact]!.definition.id), drafts)];
  });
}

interface Settled {
  readonly outcome: CompiledOutcome;
  readonly result: Result;
  /** Facts that can still change the result. */
  readonly open: ReadonlySet<number>;
  readonly disputedBy: readonly FactId[];
  /** The assignment under which reasons, flips and traces are shown. */
  readonly shown: Assignment;
  readonly restricted?: OpenOutcome;
}

interface FreeReadings {
  readonly shown: Assignment;
  readonly assignment: Assignment;
  readonly restrict: (node: Node) => Node;
}

const NO_FACTS: ReadonlySet<number> = new Set();

/** One decision being made; owns its assignments. */
class Session {
  private readonly law: Law;
  private readonly facts: Facts;
  private readonly options: DecideOptions;
  private readonly known: Assignment;
  private readonly disputed: readonly DisputedFact[];
  private readonly scratch: Scratch;
  /** Of a diagram of the law, under what is known. */
  private readonly restrict: (node: Node) => Node;
  private free: FreeReadings | undefined;

  constructor(law: Law, facts: Facts, options: DecideOptions) {
    this.law = law;
    this.facts = facts;
    this.options = options;
    this.known = new Int8Array(law.variableCount);
    this.disputed = assignFacts(law, facts, this.known);
    this.scratch = scratchOf(law);
    this.restrict = this.scratch.restriction(this.known);
  }

  settle(outcome: CompiledOutcome): Settled {
    const { law, known } = this;
    const reach = law.diagrams.reach(outcome.node, known);
    if (reach !== 3) return { outcome, result: RESULT_OF_REACH[reach]!, open: NO_FACTS, disputedBy: [], shown: known };
    const node = this.restrict(outcome.node);
    const support = this.scratch.factsOf(node);
    const disputes = this.disputed.filter(({ fact }) => support.has(fact.index));
    if (disputes.length > 0) return this.settleDisputed(outcome, disputes);
    return { outcome, result: 'undetermined', open: support, disputedBy: [], shown: known, restricted: { outcome, node, support } };
  }

  /** Evaluates every combination of claims: the same answer stands, different answers are disputed. */
  private settleDisputed(outcome: CompiledOutcome, disputes: readonly DisputedFact[]): Settled {
    const { scratch } = this;
    const results = new Set<Result>();
    const open = new Set<number>();
    let shown: Assignment | undefined;
    const combinations = claimCombinations(disputes);
    for (const values of combinations ?? []) {
      const assignment: Assignment = new Int8Array(this.known);
      disputes.forEach(({ fact }, at) => assignValue(fact, values[at]!, assignment));
      const node = scratch.restrict(outcome.node, assignment);
      results.add(node === TRUE ? 'holds' : node === FALSE ? 'fails' : 'undetermined');
      for (const fact of scratch.factsOf(node)) open.add(fact);
      shown ??= assignment;
    }
    // Too many claims to try all of them: that they agree cannot be shown.
    const isSame = combinations !== undefined && results.size === 1;
    const stands = isSame ? [...results][0]! : 'disputed';
    for (const { fact } of disputes) open.delete(fact.index);
    const disputedBy = disputes.map(({ fact }) => fact.definition.id);
    return { outcome, result: stands, open: stands === 'holds' || stands === 'fails' ? NO_FACTS : open, disputedBy, shown: stands === 'disputed' || shown === undefined ? this.known : shown };
  }

  /** Rank of each open fact, by question value or by pack order. */
  ranks(drafts: readonly Settled[]): ReadonlyMap<number, number> {
    if (this.options.ranked === false) return new Map();
    const open = drafts.flatMap((draft) => draft.restricted ?? (draft.open.size > 0 && draft.outcome.members.length === 0 ? [this.reopened(draft)] : [])).filter((item) => this.isRanked(item));
    return new Map(rankQuestions(this.law, open, this.known, this.facts).map(({ fact }, rank) => [fact.index, rank - this.law.facts.length]));
  }

  /** A duty about which much is open waits for its class and role, which are ranked themselves. */
  private isRanked({ outcome, node }: OpenOutcome): boolean {
    return outcome.layer !== 'duties' || !this.scratch.store.isLargerThan(node, DUE_CONDITION_NODES_MAX);
  }

  /** A disputed outcome with open facts is ranked as if the dispute were open too. */
  private reopened(draft: Settled): OpenOutcome {
    const node = this.scratch.restrict(draft.outcome.node, draft.shown);
    return { outcome: draft.outcome, node, support: this.scratch.factsOf(node) };
  }

  headline(drafts: readonly Settled[]): Decision['headline'] {
    const isOpen = drafts.some(({ outcome, result }) => !outcome.isAside && (result === 'undetermined' || result === 'disputed'));
    for (const { id, label, when } of this.law.headline) {
      if (when === 'open' ? isOpen : this.law.diagrams.reach(when, this.known) === 2) return { id, label };
    }
    return { id: 'none', label: { az: '', en: '', ru: '' } };
  }

  finish(draft: Settled, ask: readonly FactId[], drafts: readonly Settled[]): Outcome {
    const { law, options } = this;
    const { outcome, result, shown } = draft;
    const goal: Node | undefined = result === 'holds' ? TRUE : result === 'fails' ? FALSE : undefined;
    const isBrief = options.briefDuties === true && outcome.layer === 'duties';
    const flip = goal === undefined || isBrief || options.flips === false ? undefined : smallestFlip(law, outcome, shown, goal);
    const deciders = outcome.members.length > 0 ? membersThatDecide(draft, drafts) : [draft];
    const decisive = deciders.map((member) => traceOf(law, member));
    return {
      id: outcome.id,
      family: outcome.family,
      result,
      reasons: goal === undefined || options.reasons === false || (isBrief && result === 'fails') ? [] : reasonsFor(law, outcome, shown, goal),
      ...(flip === undefined ? {} : { flip }),
      ask,
      disputedBy: draft.disputedBy,
      readings: options.readings === false ? [] : this.readingsOf(draft),
      trace: outcome.members.length > 0 ? [] : decisive[0]!.trace,
      dates: datesOf(law, decisive, result),
      sources: distinctCitations(decisive.flatMap(({ sources }) => sources)),
      evidence: weakest(EVIDENCE_ORDER, decisive.flatMap(({ evidence }) => evidence)) ?? 'V',
      authority: weakest(AUTHORITY_ORDER, decisive.flatMap(({ authority }) => authority)) ?? 'law',
    };
  }

  /** What is known, but for the readings. What is shown is the same for all outcomes without a dispute: they share what is walked. */
  private withoutReadings(shown: Assignment): FreeReadings {
    if (this.free?.shown === shown) return this.free;
    const assignment: Assignment = new Int8Array(shown);
    for (const { first, count } of this.law.readings) assignment.fill(-1, first, first + count);
    this.free = { shown, assignment, restrict: this.scratch.restriction(assignment) };
    return this.free;
  }

  /** The readings on which this result depends, with the result under each option; all combinations in the support are tried. */
  private readingsOf(draft: Settled): readonly ReadingDependence[] {
    const { law, scratch } = this;
    if (!usesReadings(law, draft.outcome)) return [];
    const { assignment: free, restrict } = this.withoutReadings(draft.shown);
    if (law.diagrams.reach(draft.outcome.node, free) !== 3) return []; // Settled under every reading.
    if (law.diagrams.reachWhatever(draft.outcome.node, free, readingVariables(law)) === 3) return []; // Open under every reading.
    const node = restrict(draft.outcome.node);
    const used = scratch.readingsOf(node);
    if (used.length === 0) return [];
    const resultUnder = (options: ReadonlyMap<number, string>): Result => {
      const assignment: Assignment = new Int8Array(law.variableCount).fill(-1);
      assignReadings(law, assignment, options);
      return RESULT_OF_REACH[scratch.store.reach(node, assignment)]!;
    };
    const combinations = readingCombinations(law, used, COMBINATIONS_MAX);
    const defaults = combinations[0]!;
    const alone = used.map((index) => Object.fromEntries(law.readings[index]!.reading.options.map(({ id }) => [id, resultUnder(new Map(defaults).set(index, id))])));
    const differs = alone.map((results) => new Set(Object.values(results)).size > 1);
    // Readings that only matter together are all named.
    const isJoint = !differs.includes(true) && new Set(combinations.map(resultUnder)).size > 1;
    return used.flatMap((index, at) => (differs[at] === true || isJoint ? [{ reading: law.readings[index]!.reading.id, results: alone[at]!, default: law.readings[index]!.reading.default }] : []));
  }
}

const variablesOfReadings = new WeakMap<Law['factOfVariable'], Uint8Array>();

/** 1 for the variables of readings. */
function readingVariables({ factOfVariable }: Law): Uint8Array {
  const known = variablesOfReadings.get(factOfVariable) ?? Uint8Array.from(factOfVariable, (fact) => Number(fact < 0));
  variablesOfReadings.set(factOfVariable, known);
  return known;
}

const readingUse = new WeakMap<CompiledOutcome, boolean>();

/** Whether any reading stands in the diagram of the outcome at all. */
function usesReadings(law: Law, outcome: CompiledOutcome): boolean {
  const known = readingUse.get(outcome) ?? law.diagrams.support(outcome.node).some((variable) => law.factOfVariable[variable]! < 0);
  readingUse.set(outcome, known);
  return known;
}

/** Every combination of claimed values, or undefined when there are more than COMBINATIONS_MAX. */
function claimCombinations(disputes: readonly DisputedFact[]): readonly (readonly DisputedFact['values'][number][])[] | undefined {
  const count = disputes.reduce((product, { values }) => product * values.length, 1);
  if (count > COMBINATIONS_MAX) return undefined;
  return disputes.reduce<readonly (readonly DisputedFact['values'][number][])[]>((rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])), [[]]);
}

/** The members of a family that decide it: those that hold; all of them where none does. */
function membersThatDecide(family: Settled, drafts: readonly Settled[]): readonly Settled[] {
  const members = family.outcome.members.map((index) => drafts[index]!);
  const same = members.filter((member) => member.result === family.result);
  return same.length > 0 ? same : members;
}

// Rules, dates, sources.

interface Traced {
  readonly trace: readonly RuleTrace[];
  readonly sources: readonly Citation[];
  readonly evidence: readonly Evidence[];
  readonly authority: readonly Authority[];
  /** The rules whose dates count. */
  readonly dated: readonly CompiledRule[];
}

const FIRES: readonly RuleTrace['result'][] = ['does-not-fire', 'does-not-fire', 'fires', 'open'];

function traceOf(law: Law, draft: Settled): Traced {
  const { outcome, shown, result } = draft;
  const tested = outcome.rules.map((rule): Tested => ({ rule, reach: law.diagrams.reach(rule.node, shown), alone: law.diagrams.reach(rule.condition, shown) }));
  const requirement = outcome.requires === undefined ? 2 : law.diagrams.reach(outcome.requires.node, shown);
  const decisive = new Set(decisiveRules(tested, result, requirement));
  const trace: RuleTrace[] = tested.map(({ rule, reach }) => ({ rule: rule.rule.id, kind: rule.rule.kind, result: FIRES[reach]!, decisive: decisive.has(rule) }));
  const isRequirementDecisive = result === 'fails' && requirement === 1;
  if (outcome.requires !== undefined) trace.unshift({ rule: `requires:${outcome.requires.family}`, kind: 'requirement', result: FIRES[requirement]!, decisive: isRequirementDecisive });
  // An exception is read together with the general rule it stands against.
  const context = [...decisive].some((rule) => rule.rule.kind === 'exception') ? tested.filter(({ rule, alone }) => rule.rule.kind === 'general' && alone === 2).map(({ rule }) => rule) : [];
  const generals = outcome.rules.filter((rule) => rule.rule.then === 'holds');
  const relevant = decisive.size > 0 || isRequirementDecisive ? [...decisive] : generals;
  return {
    trace,
    sources: [...(isRequirementDecisive ? requirementSources(law, outcome) : []), ...relevant.flatMap((rule) => rule.rule.cite), ...context.flatMap((rule) => rule.rule.cite)],
    evidence: relevant.flatMap((rule) => [rule.rule.evidence, ...(rule.appliesFrom === undefined ? [] : [rule.appliesFrom.evidence])]),
    authority: relevant.map((rule) => rule.rule.authority),
    dated: result === 'holds' && decisive.size > 0 ? [...decisive] : generals,
  };
}

interface Tested {
  readonly rule: CompiledRule;
  /** Reach of the rule with and without the exceptions that override it. */
  readonly reach: number;
  readonly alone: number;
}

function decisiveRules(tested: readonly Tested[], result: Result, requirement: number): readonly CompiledRule[] {
  if (result !== 'holds' && result !== 'fails') return [];
  if (result === 'fails' && requirement === 1) return [];
  const generals = tested.filter(({ rule }) => rule.rule.kind === 'general');
  const exceptions = tested.filter(({ rule }) => rule.rule.kind === 'exception' && rule.rule.overrides === undefined);
  // The highest exception that fires decides, unless a higher one is open; where it merely agrees with the general rules, they decide.
  const winner = exceptions.find(({ reach }) => reach === 2);
  const anyGeneralFires = generals.some(({ reach }) => reach === 2);
  const canGeneralFire = generals.some(({ reach }) => reach !== 1);
  if (result === 'holds') {
    if (winner?.rule.rule.then === 'holds' && !anyGeneralFires) return [winner.rule];
    return generals.filter(({ reach }) => reach === (anyGeneralFires ? 2 : 3)).map(({ rule }) => rule);
  }
  if (winner?.rule.rule.then === 'fails' && canGeneralFire) return [winner.rule];
  if (!canGeneralFire) {
    // What an overriding exception has defeated would otherwise have decided.
    const defeated = new Set(generals.filter(({ reach, alone }) => reach === 1 && alone === 2).map(({ rule }) => rule.rule.id));
    const overriding = tested.filter(({ rule, reach }) => reach === 2 && rule.rule.overrides !== undefined && defeated.has(rule.rule.overrides));
    return (overriding.length > 0 ? overriding : generals).map(({ rule }) => rule);
  }
  return tested.filter(({ rule, reach }) => reach !== 1 || rule.rule.kind === 'general').map(({ rule }) => rule);
}

/** The articles behind a family requirement that is not met: those of the definitions and conclusions it names. */
function requirementSources(law: Law, outcome: CompiledOutcome): readonly Citation[] {
  const { pack } = law;
  return [...referencesOf(outcome.requires!.expression)].flatMap((reference) => {
    const name = reference.slice(reference.indexOf(':') + 1);
    if (reference.startsWith('definition:')) return pack.definitions.find((definition) => definition.id === name)?.cite ?? [];
    if (reference.startsWith('conclusion:')) return pack.rules.filter((rule) => rule.concludes === name).flatMap((rule) => rule.cite);
    if (reference.startsWith('fact:')) return law.factById.get(name)?.definition.cite ?? [];
    return [];
  });
}

/** The earliest date among the rules that count; a rule without a date parameter applies at once. */
function datesOf(law: Law, traced: readonly Traced[], result: Result): OutcomeDates {
  const dated = traced.flatMap((member) => member.dated);
  const undatedHolds = result === 'holds' && dated.some((rule) => rule.appliesFrom === undefined && !rule.isDateMissing);
  const first = dated.flatMap((rule) => rule.appliesFrom ?? []).reduce<{ readonly value: number | CivilDate; readonly source: string } | undefined>((least, value) => (least === undefined || value.value < least.value ? value : least), undefined);
  if (undatedHolds || first === undefined) return { applies: dated.some((rule) => !rule.isDateMissing) };
  return { appliesFrom: first.value as CivilDate, applies: (first.value as CivilDate) <= law.asOf, source: first.source };
}

const AUTHORITY_ORDER: readonly Authority[] = ['law', 'delegated', 'national', 'regulator_decision', 'guidance_final', 'guidance_draft'];

function weakest<T>(order: readonly T[], items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>((worst, item) => (worst === undefined || order.indexOf(item) > order.indexOf(worst) ? item : worst), undefined);
}

function distinctCitations(citations: readonly Citation[]): readonly Citation[] {
  const byText = new Map(citations.map((citation) => [`${citation.act} ${citation.article}`, citation]));
  return [...byText.values()];
}
