/** Reads the conditions of a questionnaire: names become questions, values are checked, circles are refused. */

import { parseCivilDate } from '../../base/index.ts';
import { parseExpression } from '../expression.ts';
import type { Syntax } from '../expression.ts';
import type { Spot } from '../model.ts';
import { didYouMean } from '../nearest-name.ts';
import type { ProblemList, YamlEntry } from '../yaml-reader.ts';
import { CHECK_VALUES } from './model.ts';
import type { ConditionTree, Question, QuestionId, QuestionPage, VisibleIf } from './model.ts';

interface DraftCondition {
  readonly text: string;
  readonly syntax: Syntax;
  readonly spot: Spot;
}

const FALSE: ConditionTree = { op: 'false' };

/** Collects the conditions while entries are read and resolves them when all questions are known. */
export class ConditionReader {
  private readonly problems: ProblemList;
  private readonly pages = new Map<string, DraftCondition>();
  private readonly questions = new Map<QuestionId, DraftCondition>();
  private readonly known = new Map<QuestionId, Question>();
  private readonly spots = new Map<QuestionId, Spot>();

  constructor(problems: ProblemList) {
    this.problems = problems;
  }

  ofPage(page: QuestionPage, entry: YamlEntry): void {
    const draft = this.draft(entry, 'visible_if');
    if (draft !== undefined) this.pages.set(page.id, draft);
  }

  ofQuestion(question: Question, entry: YamlEntry): void {
    this.known.set(question.id, question);
    this.spots.set(question.id, entry.spot);
    const draft = this.draft(entry, 'visible_if');
    if (draft !== undefined) this.questions.set(question.id, draft);
  }

  /** A question whose conditions are resolved already. */
  know(question: Question): void {
    this.known.set(question.id, question);
  }

  resolvePages(pages: readonly QuestionPage[]): readonly QuestionPage[] {
    return pages.map((page) => ({
      ...page,
      ...this.resolved(this.pages.get(page.id)),
      questions: page.questions.map((question) => ({ ...question, ...this.resolved(this.questions.get(question.id)) })),
    }));
  }

  /** A condition that stands elsewhere (an alternative's `when`), once all questions are known. */
  read(entry: YamlEntry, key: string): VisibleIf | undefined {
    const draft = this.draft(entry, key);
    return draft === undefined ? undefined : { text: draft.text, tree: this.tree(draft.syntax, draft.spot) };
  }

  /** A question may not depend on itself, directly or through others. */
  refuseCycles(pages: readonly QuestionPage[]): void {
    const needs = dependenciesOf(pages);
    const done = new Set<QuestionId>();
    const visit = (id: QuestionId, path: readonly QuestionId[]): void => {
      if (done.has(id)) return;
      if (path.includes(id)) {
        this.problems.error('visibility-cycle', this.spots.get(id) ?? { file: 'questionnaire.yaml', line: 1 }, `“${id}” is shown depending on itself: ${[...path.slice(path.indexOf(id)), id].join(' → ')}`, 'Remove one of these conditions.');
        done.add(id);
        return;
      }
      for (const next of needs.get(id) ?? []) visit(next, [...path, id]);
      done.add(id);
    };
    for (const id of needs.keys()) visit(id, []);
  }

  private resolved(draft: DraftCondition | undefined): { readonly visibleIf?: VisibleIf } {
    return draft === undefined ? {} : { visibleIf: { text: draft.text, tree: this.tree(draft.syntax, draft.spot) } };
  }

  private draft(entry: YamlEntry, key: string): DraftCondition | undefined {
    if (!entry.has(key)) return undefined;
    const text = entry.optionalText(key);
    if (text === undefined) return undefined;
    const parsed = parseExpression(text);
    if (parsed.ok) return { text, syntax: parsed.value, spot: entry.spotOfKey(key) };
    entry.error('bad-condition', parsed.message, parsed.fix, entry.spotOfKey(key));
    return undefined;
  }

  private tree(syntax: Syntax, spot: Spot): ConditionTree {
    switch (syntax.op) {
      case 'true':
      case 'false':
        return syntax;
      case 'all':
      case 'any':
        return { op: syntax.op, of: syntax.of.map((part) => this.tree(part, spot)) };
      case 'not':
        return { op: 'not', of: this.tree(syntax.of, spot) };
      default:
        return this.atom(syntax, spot);
    }
  }

  private atom(syntax: Exclude<Syntax, { op: 'true' | 'false' | 'all' | 'any' | 'not' }>, spot: Spot): ConditionTree {
    const question = this.known.get(syntax.name);
    if (question === undefined || question.type === 'note') {
      this.problems.error('unknown-question', spot, `there is no question “${syntax.name}”.${didYouMean(syntax.name, this.known.keys())}`, 'Use the id of a question that can be answered.');
      return FALSE;
    }
    switch (syntax.op) {
      case 'name':
        return question.type === 'yes-no' ? { op: 'is', question: question.id, value: 'yes' } : { op: 'not', of: { op: 'empty', question: question.id } };
      case 'is':
        return this.is(question, syntax.value, spot);
      case 'is-not':
        return { op: 'not', of: this.is(question, syntax.value, spot) };
      case 'has':
        return this.is(question, syntax.value, spot);
      case 'in':
      case 'has-any':
        return { op: 'any', of: syntax.values.map((value) => this.is(question, value, spot)) };
      case 'has-none':
        return { op: 'all', of: question.choices.map((choice) => ({ op: 'not', of: { op: 'is', question: question.id, value: choice.id } })) };
      case 'compare':
        return this.compare(question, syntax, spot);
    }
  }

  private is(question: Question, value: string, spot: Spot): ConditionTree {
    const values = valuesOf(question);
    if (values === undefined) this.problems.error('wrong-type', spot, `“${question.id}” is a ${question.type} question and has no values to compare with`, 'Compare a number or a day with <, <=, >, >=; or write the bare id for “answered”.');
    else if (!values.includes(value)) this.problems.error('unknown-value', spot, `“${question.id}” has no choice “${value}”.${didYouMean(value, values)}`, `Use one of: ${values.join(', ')}.`);
    else return { op: 'is', question: question.id, value };
    return FALSE;
  }

  private compare(question: Question, { by, limit }: Extract<Syntax, { op: 'compare' }>, spot: Spot): ConditionTree {
    const number = Number(limit.replaceAll('_', ''));
    if ((question.type === 'number' || question.type === 'gauge') && Number.isFinite(number)) return { op: 'compare', question: question.id, by, limit: number };
    const date = parseCivilDate(limit);
    if (question.type === 'date' && date !== undefined) return { op: 'compare', question: question.id, by, limit: date };
    this.problems.error('bad-limit', spot, `“${question.id}” (${question.type}) cannot be compared with “${limit}”`, 'Compare numbers and gauges with a number, days with YYYY-MM-DD.');
    return FALSE;
  }
}

function valuesOf(question: Question): readonly string[] | undefined {
  switch (question.type) {
    case 'choice':
    case 'choices':
      return question.choices.map((choice) => choice.id);
    case 'yes-no':
      return ['yes', 'no'];
    case 'check':
      return CHECK_VALUES;
    default:
      return undefined;
  }
}

/** The questions a condition names. */
export function questionsIn(tree: ConditionTree, into: Set<QuestionId> = new Set()): Set<QuestionId> {
  if (tree.op === 'all' || tree.op === 'any') for (const part of tree.of) questionsIn(part, into);
  else if (tree.op === 'not') questionsIn(tree.of, into);
  else if (tree.op === 'is' || tree.op === 'empty' || tree.op === 'compare') into.add(tree.question);
  return into;
}

/** For each question those that decide directly, through its own or its page's condition, whether it is shown. */
export function dependenciesOf(pages: readonly QuestionPage[]): ReadonlyMap<QuestionId, ReadonlySet<QuestionId>> {
  const needs = new Map<QuestionId, ReadonlySet<QuestionId>>();
  for (const page of pages) {
    for (const question of page.questions) {
      const names = new Set<QuestionId>();
      if (page.visibleIf !== undefined) questionsIn(page.visibleIf.tree, names);
      if (question.visibleIf !== undefined) questionsIn(question.visibleIf.tree, names);
      needs.set(question.id, names);
    }
  }
  return needs;
}
