/** A condition as a sentence tree with the labels of what it names, for pages and the editor, and back to the text of the pack. */

import { no, yes } from '../base/index.ts';
import type { LocalisedText, Verdict } from '../base/index.ts';
import { parseExpression, writeSyntax } from './expression.ts';
import type { Syntax } from './expression.ts';
import type { Comparator, Condition, FactType, Pack } from './model.ts';

/** What a leaf says of its subject; `true` for a yes/no fact, a definition, a conclusion or a family standing alone. */
export type LeafRelation = 'true' | 'is' | 'is-not' | 'in' | 'has' | 'has-any' | 'has-none' | Comparator;

/** An id and what it is called; without a label when the pack does not know it. */
export interface LabelledId {
  readonly id: string;
  readonly label?: LocalisedText;
}

export interface SentenceLeaf {
  readonly op: 'leaf';
  readonly subject: LabelledId & { readonly kind: 'fact' | 'reading' | 'definition' | 'conclusion' | 'family' | 'unknown'; readonly type?: FactType };
  readonly relation: LeafRelation;
  /** Of `is`, `is-not`, `has` one; of `in` and `has-any` one or more; else none. */
  readonly values: readonly LabelledId[];
  /** Of a comparison: a number, a date or `$parameter`, as written. */
  readonly limit?: { readonly text: string; readonly parameter?: LabelledId };
}

export type SentenceTree =
  | { readonly op: 'all' | 'any'; readonly of: readonly SentenceTree[] }
  | { readonly op: 'not'; readonly of: SentenceTree }
  | { readonly op: 'true' | 'false' }
  | SentenceLeaf;

/** The sentence tree of a condition (or of its text, while it is being edited). The refusal says what is wrong with the text and what to write. */
export function treeOf(pack: Pack, condition: Condition | string): Verdict<SentenceTree, { readonly message: string; readonly fix: string }> {
  const parsed = parseExpression(typeof condition === 'string' ? condition : condition.text);
  return parsed.ok ? yes(treeOfSyntax(subjectsOf(pack), parsed.value)) : no({ message: parsed.message, fix: parsed.fix });
}

/** The text of a tree, with the fewest parentheses. Labels do not count: ids, relations, values and limits do. */
export function textOf(tree: SentenceTree): string {
  return writeSyntax(syntaxOf(tree));
}

interface Subjects {
  readonly byId: ReadonlyMap<string, SentenceLeaf['subject']>;
  readonly values: ReadonlyMap<string, ReadonlyMap<string, LocalisedText>>;
  readonly parameters: ReadonlyMap<string, LocalisedText>;
}

const subjectsByPack = new WeakMap<Pack, Subjects>();

function subjectsOf(pack: Pack): Subjects {
  const known = subjectsByPack.get(pack);
  if (known !== undefined) return known;
  const byId = new Map<string, SentenceLeaf['subject']>();
  for (const { id, label } of pack.families) byId.set(id, { kind: 'family', id, label });
  // A family may share the id of its only member; the conclusion is what is meant.
  for (const { id, label } of pack.conclusions) byId.set(id, { kind: 'conclusion', id, label });
  for (const { id, label } of pack.definitions) byId.set(id, { kind: 'definition', id, label });
  for (const { id, label } of pack.readings) byId.set(id, { kind: 'reading', id, label });
  for (const { id, ask, type } of pack.facts) byId.set(id, { kind: 'fact', id, label: ask, type });
  const values = new Map([...pack.facts.map(({ id, values: own }) => [id, own] as const), ...pack.readings.map(({ id, options }) => [id, options] as const)].map(([id, own]) => [id, new Map(own.map((value) => [value.id, value.label]))]));
  const subjects = { byId, values, parameters: new Map(pack.parameters.map(({ id, label }) => [id, label])) };
  subjectsByPack.set(pack, subjects);
  return subjects;
}

function treeOfSyntax(subjects: Subjects, syntax: Syntax): SentenceTree {
  switch (syntax.op) {
    case 'true': case 'false': return { op: syntax.op };
    case 'all': case 'any': return { op: syntax.op, of: syntax.of.map((part) => treeOfSyntax(subjects, part)) };
    case 'not': return { op: 'not', of: treeOfSyntax(subjects, syntax.of) };
    default: return leafOf(subjects, syntax);
  }
}

function leafOf(subjects: Subjects, atom: Exclude<Syntax, { readonly op: 'true' | 'false' | 'all' | 'any' | 'not' }>): SentenceLeaf {
  const subject = subjects.byId.get(atom.name) ?? { kind: 'unknown' as const, id: atom.name };
  const labels = subjects.values.get(atom.name);
  const value = (id: string): LabelledId => labelled(id, labels?.get(id));
  switch (atom.op) {
    case 'name': return { op: 'leaf', subject, relation: 'true', values: [] };
    case 'has-none': return { op: 'leaf', subject, relation: 'has-none', values: [] };
    case 'is': case 'is-not': case 'has': return { op: 'leaf', subject, relation: atom.op, values: [value(atom.value)] };
    case 'in': case 'has-any': return { op: 'leaf', subject, relation: atom.op, values: atom.values.map(value) };
    case 'compare': {
      const parameter = atom.limit.startsWith('$') ? atom.limit.slice(1) : undefined;
      const limit = { text: atom.limit, ...(parameter === undefined ? {} : { parameter: labelled(parameter, subjects.parameters.get(parameter)) }) };
      return { op: 'leaf', subject, relation: atom.by, values: [], limit };
    }
  }
}

function labelled(id: string, label: LocalisedText | undefined): LabelledId {
  return label === undefined ? { id } : { id, label };
}

function syntaxOf(tree: SentenceTree): Syntax {
  switch (tree.op) {
    case 'true': case 'false': return { op: tree.op };
    case 'all': case 'any': return { op: tree.op, of: tree.of.map(syntaxOf) };
    case 'not': return { op: 'not', of: syntaxOf(tree.of) };
    case 'leaf': return atomOf(tree);
  }
}

function atomOf({ subject: { id: name }, relation, values, limit }: SentenceLeaf): Syntax {
  const ids = values.map(({ id }) => id);
  switch (relation) {
    case 'true': return { op: 'name', name };
    case 'has-none': return { op: 'has-none', name };
    case 'is': case 'is-not': case 'has': return { op: relation, name, value: ids[0] ?? '' };
    case 'in': case 'has-any': return { op: relation, name, values: ids };
    default: return { op: 'compare', name, by: relation, limit: limit?.text ?? '' };
  }
}
