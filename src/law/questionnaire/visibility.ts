/** Which questions are shown: three-valued, exact over the ways in which open answers may still turn out, with the reason. */

import type { CivilDate } from '../../base/index.ts';
import { catalogueOf } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import { COMPLETIONS_MAX } from './limits.ts';
import { CHECK_VALUES } from './model.ts';
import type { Answer, Answers, ConditionTree, Question, Questionnaire, QuestionId, Truth } from './model.ts';
import { questionsIn } from './resolve-conditions.ts';

/** `open`: the open answers can still turn it either way; the question is shown meanwhile. */
export type Sight = 'shown' | 'hidden' | 'open';

export interface Visibility {
  readonly sight: Sight;
  /** The questions that settle it, or for `open` those it waits for; empty where there is no condition. */
  readonly by: readonly QuestionId[];
}

export type VisibilityMap = ReadonlyMap<QuestionId, Visibility>;

const ALWAYS: Visibility = { sight: 'shown', by: [] };

/** The visibility of every question for the answers as they stand. */
export function visibilityOf(questionnaire: Questionnaire, answers: Answers): VisibilityMap {
  const catalogue = catalogueOf(questionnaire);
  const seen = new Map<QuestionId, Visibility>();
  for (const id of catalogue.order) {
    const condition = catalogue.conditions.get(id);
    seen.set(id, condition === undefined ? ALWAYS : settle(catalogue, condition, catalogue.ancestors.get(id) ?? [], answers, seen));
  }
  return seen;
}

/** The visibility after one answer changed: only what depends on that question is settled again. */
export function visibilityAfter(questionnaire: Questionnaire, before: VisibilityMap, changed: QuestionId, answers: Answers): VisibilityMap {
  const catalogue = catalogueOf(questionnaire);
  const dependents = catalogue.order.filter((id) => catalogue.ancestors.get(id)?.includes(changed) === true);
  if (dependents.length === 0) return before;
  const seen = new Map(before);
  for (const id of dependents) {
    const condition = catalogue.conditions.get(id);
    if (condition !== undefined) seen.set(id, settle(catalogue, condition, catalogue.ancestors.get(id) ?? [], answers, seen));
  }
  return seen;
}

/** The truth of a condition that stands outside questions (an alternative of a tally), for answers and their visibility. */
export function truthOf(tree: ConditionTree, answers: Answers, seen: VisibilityMap): Truth {
  return kleene(tree, answers, seen);
}

function settle(catalogue: Catalogue, condition: ConditionTree, ancestors: readonly QuestionId[], answers: Answers, seen: VisibilityMap): Visibility {
  const plain = kleene(condition, answers, seen);
  const truth = plain === 'unknown' ? overCompletions(catalogue, condition, ancestors, answers) : plain;
  if (truth !== 'unknown') return { sight: truth === 'true' ? 'shown' : 'hidden', by: plain === truth ? [...decisive(condition, truth, answers, seen)] : [...questionsIn(condition)] };
  const waiting = [...questionsIn(condition)].filter((id) => seen.get(id)?.sight === 'open' || (answers[id] === undefined && seen.get(id)?.sight !== 'hidden'));
  return { sight: 'open', by: waiting };
}

/** Kleene's three-valued logic: sound but weak (`x or not x` stays unknown). */
function kleene(tree: ConditionTree, answers: Answers, seen: VisibilityMap): Truth {
  switch (tree.op) {
    case 'true':
    case 'false':
      return tree.op;
    case 'not':
      return inverse(kleene(tree.of, answers, seen));
    case 'all':
    case 'any': {
      const stops: Truth = tree.op === 'all' ? 'false' : 'true';
      let result: Truth = inverse(stops);
      for (const part of tree.of) {
        const truth = kleene(part, answers, seen);
        if (truth === stops) return stops;
        if (truth === 'unknown') result = 'unknown';
      }
      return result;
    }
    default:
      return atomTruth(tree, answers[tree.question], seen.get(tree.question)?.sight ?? 'shown');
  }
}

type Atom = Extract<ConditionTree, { op: 'is' | 'empty' | 'compare' }>;

function atomTruth(atom: Atom, answer: Answer | undefined, sight: Sight): Truth {
  const ifHidden = atom.op === 'empty';
  if (sight === 'hidden') return asTruth(ifHidden);
  if (answer === undefined) return 'unknown';
  const ifShown = meets(atom, answer);
  return sight === 'shown' || ifShown === ifHidden ? asTruth(ifShown) : 'unknown';
}

/** Whether an answer that counts meets the atom; an absent answer is the one left empty. */
export function meets(atom: Atom, answer: Answer | undefined): boolean {
  if (atom.op === 'empty') return answer === undefined;
  if (answer === undefined) return false;
  if (atom.op === 'is') {
    if (typeof answer === 'boolean') return atom.value === (answer ? 'yes' : 'no');
    if (typeof answer === 'string') return answer === atom.value;
    if (Array.isArray(answer)) return (answer as readonly unknown[]).includes(atom.value);
    return typeof answer === 'object' && 'check' in answer && answer.check === atom.value;
  }
  if (typeof answer !== typeof atom.limit) return false;
  const [left, right] = [answer as number, atom.limit as number];
  switch (atom.by) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/**
 * Looks at every way in which the unanswered questions the condition hangs on may be answered: same truth in all of them
 * settles it. Beyond COMPLETIONS_MAX ways it stays unknown, which only shows a question that may later disappear.
 */
function overCompletions(catalogue: Catalogue, condition: ConditionTree, ancestors: readonly QuestionId[], answers: Answers): Truth {
  const open = ancestors.filter((id) => answers[id] === undefined);
  const ways = open.map((id) => waysToAnswer(catalogue, id));
  if (ways.reduce((product, some) => product * some.length, 1) > COMPLETIONS_MAX) return 'unknown';
  const trial: Record<QuestionId, Answer | undefined> = {};
  for (const id of ancestors) trial[id] = answers[id];
  let found: boolean | undefined;
  const visit = (at: number): boolean => {
    const id = open[at];
    if (id === undefined) {
      const truth = isMet(condition, trial, visibleIn(catalogue, ancestors, trial));
      if (found === undefined) found = truth;
      return found === truth;
    }
    for (const way of ways[at] ?? []) {
      trial[id] = way;
      if (!visit(at + 1)) return false;
    }
    return true;
  };
  return visit(0) && found !== undefined ? asTruth(found) : 'unknown';
}

/** Two-valued: which of `ids` (in the catalogue's order) are shown when the answers of `trial` are all there will be. */
function visibleIn(catalogue: Catalogue, ids: readonly QuestionId[], trial: Readonly<Record<QuestionId, Answer | undefined>>): ReadonlySet<QuestionId> {
  const visible = new Set<QuestionId>();
  for (const id of ids) {
    const condition = catalogue.conditions.get(id);
    if (condition === undefined || isMet(condition, trial, visible)) visible.add(id);
  }
  return visible;
}

function isMet(tree: ConditionTree, trial: Readonly<Record<QuestionId, Answer | undefined>>, visible: ReadonlySet<QuestionId>): boolean {
  switch (tree.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'not':
      return !isMet(tree.of, trial, visible);
    case 'all':
      return tree.of.every((part) => isMet(part, trial, visible));
    case 'any':
      return tree.of.some((part) => isMet(part, trial, visible));
    default:
      return meets(tree, visible.has(tree.question) ? trial[tree.question] : undefined);
  }
}

/** One answer for each class of answers that no condition tells apart; undefined is “left empty”, which only an optional question can be. */
export function waysToAnswer(catalogue: Catalogue, id: QuestionId): readonly (Answer | undefined)[] {
  const question = catalogue.questions.get(id);
  const mentions = catalogue.mentions.get(id);
  if (question === undefined || mentions === undefined) return [undefined];
  const answered = answeredWays(question, mentions.values, mentions.limits);
  return mentions.asksEmpty && !question.required ? [undefined, ...answered] : answered;
}

function answeredWays(question: Question, values: ReadonlySet<string>, limits: readonly (number | CivilDate)[]): readonly Answer[] {
  switch (question.type) {
    case 'choice': {
      const other = question.choices.find((choice) => !values.has(choice.id));
      return [...question.choices.filter((choice) => values.has(choice.id)), ...(other === undefined ? [] : [other])].map((choice) => choice.id);
    }
    case 'choices':
      return setsOf(question, values);
    case 'yes-no':
      return [true, false];
    case 'check':
      return CHECK_VALUES.map((check) => ({ check }));
    case 'gauge':
      return question.steps.map((_, index) => index + 1);
    case 'number':
      return numbersAround(limits as readonly number[]).filter((value) => value >= (question.min ?? -Infinity) && value <= (question.max ?? Infinity));
    case 'date':
      return daysAround(limits as readonly CivilDate[]);
    case 'table':
      return [[{}]];
    case 'text':
    case 'long-text':
    case 'note':
      return ['…'];
  }
}

/** Sets of choices that differ in what conditions ask for; an answer holds at least one choice, an exclusive one alone. */
function setsOf(question: Question, values: ReadonlySet<string>): readonly Answer[] {
  const joint = question.choices.filter((choice) => !choice.exclusive);
  const mentioned = joint.filter((choice) => values.has(choice.id)).map((choice) => choice.id);
  const filler = joint.find((choice) => !values.has(choice.id));
  const alone = question.choices.filter((choice) => choice.exclusive).map((choice) => [choice.id]);
  let sets: string[][] = [[]];
  for (const id of mentioned) {
    sets = sets.flatMap((set) => [set, [...set, id]]);
    // The product over questions is beyond the bound anyway.
    if (sets.length > COMPLETIONS_MAX) break;
  }
  return [...sets.flatMap((set) => (set.length > 0 ? [set] : filler === undefined ? [] : [[filler.id]])), ...alone];
}

function numbersAround(limits: readonly number[]): readonly number[] {
  const sorted = [...limits].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [0];
  return [first - 1, ...sorted.flatMap((limit, index) => [limit, ...(sorted[index + 1] === undefined ? [] : [(limit + sorted[index + 1]!) / 2])]), last + 1];
}

function daysAround(limits: readonly CivilDate[]): readonly string[] {
  const sorted = [...limits].sort();
  const first = sorted[0];
  if (first === undefined) return ['2000-01-01'];
  const days = new Set([dayAfter(first, -1), ...sorted.flatMap((limit) => [limit, dayAfter(limit, 1)])]);
  return [...days];
}

const DAY_MS = 86_400_000;

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The questions whose answers make `tree` what it is: of a false “and” its false parts, of a true “or” its true ones. */
function decisive(tree: ConditionTree, truth: Truth, answers: Answers, seen: VisibilityMap, into: Set<QuestionId> = new Set()): Set<QuestionId> {
  if (tree.op === 'not') return decisive(tree.of, inverse(truth), answers, seen, into);
  switch (tree.op) {
    case 'true':
    case 'false':
      return into;
    case 'all':
    case 'any':
      for (const part of tree.of) if (kleene(part, answers, seen) === truth) decisive(part, truth, answers, seen, into);
      return into;
    default:
      return into.add(tree.question);
  }
}

function inverse(truth: Truth): Truth {
  return truth === 'unknown' ? 'unknown' : truth === 'true' ? 'false' : 'true';
}

function asTruth(value: boolean): Truth {
  return value ? 'true' : 'false';
}
