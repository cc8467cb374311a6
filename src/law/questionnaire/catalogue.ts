/** A questionnaire prepared for evaluation once: questions by id, joined conditions, the order in which visibility can be settled. */

import type { CivilDate } from '../../base/index.ts';
import type { ConditionTree, Question, QuestionId, QuestionPage, Questionnaire } from './model.ts';
import { questionsIn } from './resolve-conditions.ts';

export interface Catalogue {
  readonly questions: ReadonlyMap<QuestionId, Question>;
  readonly pages: ReadonlyMap<string, QuestionPage>;
  /** The page's condition and the question's own, joined; absent where there is none. */
  readonly conditions: ReadonlyMap<QuestionId, ConditionTree>;
  /** Every question after those its visibility depends on. */
  readonly order: readonly QuestionId[];
  /** For each question all questions its visibility depends on, directly or through others, in `order`. */
  readonly ancestors: ReadonlyMap<QuestionId, readonly QuestionId[]>;
  readonly mentions: ReadonlyMap<QuestionId, Mentions>;
}

/** What conditions ask about a question: the values that tell its answers apart. */
export interface Mentions {
  readonly values: ReadonlySet<string>;
  readonly limits: readonly (number | CivilDate)[];
  readonly asksEmpty: boolean;
}

const kept = new WeakMap<Questionnaire, Catalogue>();

export function catalogueOf(questionnaire: Questionnaire): Catalogue {
  const known = kept.get(questionnaire);
  if (known !== undefined) return known;
  const made = build(questionnaire);
  kept.set(questionnaire, made);
  return made;
}

function build(questionnaire: Questionnaire): Catalogue {
  const questions = new Map(questionnaire.pages.flatMap((page) => page.questions).map((question) => [question.id, question]));
  const conditions = new Map<QuestionId, ConditionTree>();
  for (const page of questionnaire.pages) {
    for (const question of page.questions) {
      const parts = [page.visibleIf?.tree, question.visibleIf?.tree].filter((tree) => tree !== undefined);
      if (parts.length > 0) conditions.set(question.id, parts.length === 1 ? parts[0]! : { op: 'all', of: parts });
    }
  }
  const order: QuestionId[] = [];
  const placed = new Set<QuestionId>();
  const place = (id: QuestionId): void => {
    if (placed.has(id)) return;
    placed.add(id);
    const condition = conditions.get(id);
    if (condition !== undefined) for (const needed of questionsIn(condition)) place(needed);
    order.push(id);
  };
  for (const id of questions.keys()) place(id);
  return {
    questions,
    pages: new Map(questionnaire.pages.map((page) => [page.id, page])),
    conditions,
    order,
    ancestors: ancestorsOf(order, conditions),
    mentions: mentionsOf([...conditions.values(), ...alternativesOf(questionnaire)]),
  };
}

function alternativesOf({ scoring }: Questionnaire): readonly ConditionTree[] {
  return scoring.kind === 'tallies' ? scoring.tallies.flatMap((tally) => tally.alternatives.map((one) => one.when.tree)) : [];
}

function ancestorsOf(order: readonly QuestionId[], conditions: ReadonlyMap<QuestionId, ConditionTree>): ReadonlyMap<QuestionId, readonly QuestionId[]> {
  const ancestors = new Map<QuestionId, readonly QuestionId[]>();
  for (const id of order) {
    const condition = conditions.get(id);
    const all = new Set<QuestionId>();
    for (const direct of condition === undefined ? [] : questionsIn(condition)) {
      for (const further of ancestors.get(direct) ?? []) all.add(further);
      all.add(direct);
    }
    ancestors.set(id, order.filter((one) => all.has(one)));
  }
  return ancestors;
}

function mentionsOf(conditions: readonly ConditionTree[]): ReadonlyMap<QuestionId, Mentions> {
  const found = new Map<QuestionId, { values: Set<string>; limits: (number | CivilDate)[]; asksEmpty: boolean }>();
  const of = (id: QuestionId): { values: Set<string>; limits: (number | CivilDate)[]; asksEmpty: boolean } => {
    const entry = found.get(id) ?? { values: new Set<string>(), limits: [], asksEmpty: false };
    found.set(id, entry);
    return entry;
  };
  const visit = (tree: ConditionTree): void => {
    if (tree.op === 'all' || tree.op === 'any') tree.of.forEach(visit);
    else if (tree.op === 'not') visit(tree.of);
    else if (tree.op === 'is') of(tree.question).values.add(tree.value);
    else if (tree.op === 'empty') of(tree.question).asksEmpty = true;
    else if (tree.op === 'compare' && !of(tree.question).limits.includes(tree.limit)) of(tree.question).limits.push(tree.limit);
  };
  conditions.forEach(visit);
  return found;
}
