/** A condition as a tree that a person can read and change: every node has a way in, and every change gives back the text of a condition. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { type Comparator, type FactDefinition, type Pack, parseExpression, type Reading, type Syntax, writeSyntax } from '../../../law/index.ts';
import { foldLetters } from '../../../platform/text/index.ts';

/** Levels of all/any/not that the editor lets a person build; deeper law belongs into a definition with a name. */
export const SENTENCE_DEPTH_MAX = 12;
/** Conditions in one sentence. */
export const SENTENCE_PARTS_MAX = 200;

export type SentenceRefusal = 'condition-unreadable' | 'condition-too-deep' | 'condition-too-long' | 'node-missing' | 'last-condition' | 'unknown-name' | 'unknown-value' | 'cannot-move';

/** `0.1.0`: child numbers from the root; empty for the root. */
export type NodePath = readonly number[];

export function pathText(path: NodePath): string {
  return path.join('.');
}

export function parsePath(text: string): NodePath | undefined {
  if (text === '') return [];
  return /^\d{1,3}(?:\.\d{1,3}){0,63}$/.test(text) ? text.split('.').map(Number) : undefined;
}

export function treeOfCondition(text: string): Verdict<Syntax, SentenceRefusal> {
  const parsed = parseExpression(text);
  return parsed.ok ? yes(parsed.value) : no('condition-unreadable');
}

export function nodeAt(tree: Syntax, path: NodePath): Syntax | undefined {
  let node: Syntax | undefined = tree;
  for (const step of path) node = node === undefined ? undefined : childrenOf(node)[step];
  return node;
}

export function childrenOf(node: Syntax): readonly Syntax[] {
  return node.op === 'all' || node.op === 'any' ? node.of : node.op === 'not' ? [node.of] : [];
}

/** What a form does to the node at `path`. `add` puts a condition into the group, or beside a single condition by “all of”. */
export type SentenceAct =
  | { readonly act: 'replace' | 'add'; readonly node: Syntax }
  | { readonly act: 'remove' | 'negate' | 'switch' | 'wrap-all' | 'wrap-any' | 'unwrap' | 'up' | 'down' };

/** Changes the tree and writes it as text. */
export function changeSentence(text: string, path: NodePath, change: SentenceAct): Verdict<string, SentenceRefusal> {
  const tree = treeOfCondition(text);
  if (!tree.ok) return tree;
  const changed = treeAfter(tree.value, path, change);
  if (!changed.ok) return changed;
  if (depthOf(changed.value) > SENTENCE_DEPTH_MAX) return no('condition-too-deep');
  if (leavesOf(changed.value) > SENTENCE_PARTS_MAX) return no('condition-too-long');
  return yes(writeSyntax(tidied(changed.value)));
}

function treeAfter(tree: Syntax, path: NodePath, change: SentenceAct): Verdict<Syntax, SentenceRefusal> {
  const node = nodeAt(tree, path);
  if (node === undefined) return no('node-missing');
  switch (change.act) {
    case 'replace':
      return yes(withNode(tree, path, change.node));
    case 'add':
      return yes(withNode(tree, path, node.op === 'all' || node.op === 'any' ? { op: node.op, of: [...node.of, change.node] } : { op: 'all', of: [node, change.node] }));
    case 'negate':
      return yes(withNode(tree, path, node.op === 'not' ? node.of : { op: 'not', of: node }));
    case 'switch':
      return node.op === 'all' || node.op === 'any' ? yes(withNode(tree, path, { op: node.op === 'all' ? 'any' : 'all', of: node.of })) : no('node-missing');
    case 'wrap-all':
    case 'wrap-any':
      // A group of one would be written as its member: the wrapped condition waits for its neighbour, so it takes its sibling along.
      return wrapped(tree, path, change.act === 'wrap-all' ? 'all' : 'any');
    case 'unwrap':
      return unwrapped(tree, path, node);
    case 'remove':
      return removed(tree, path);
    case 'up':
    case 'down':
      return moved(tree, path, change.act === 'up' ? -1 : 1);
  }
}

/** Joins a condition with the one after it (or before it, for the last) into a group of its own. */
function wrapped(tree: Syntax, path: NodePath, op: 'all' | 'any'): Verdict<Syntax, SentenceRefusal> {
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(tree, parentPath);
  const at = path.at(-1);
  if (at === undefined || parent === undefined || (parent.op !== 'all' && parent.op !== 'any') || parent.of.length < 2) return no('cannot-move');
  const first = at + 1 < parent.of.length ? at : at - 1;
  const group: Syntax = { op, of: parent.of.slice(first, first + 2) };
  return yes(withNode(tree, parentPath, { op: parent.op, of: [...parent.of.slice(0, first), group, ...parent.of.slice(first + 2)] }));
}

/** Puts the members of a group in the place of the group. */
function unwrapped(tree: Syntax, path: NodePath, node: Syntax): Verdict<Syntax, SentenceRefusal> {
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(tree, parentPath);
  const at = path.at(-1);
  if (node.op === 'not') return yes(withNode(tree, path, node.of));
  if (at === undefined || parent === undefined || (parent.op !== 'all' && parent.op !== 'any')) return no('cannot-move');
  return yes(withNode(tree, parentPath, { op: parent.op, of: [...parent.of.slice(0, at), ...childrenOf(node), ...parent.of.slice(at + 1)] }));
}

function removed(tree: Syntax, path: NodePath): Verdict<Syntax, SentenceRefusal> {
  const at = path.at(-1);
  if (at === undefined) return no('last-condition');
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(tree, parentPath);
  if (parent === undefined) return no('node-missing');
  if (parent.op === 'not') return removed(tree, parentPath);
  const left = childrenOf(parent).filter((_, index) => index !== at);
  const only = left[0];
  if (only === undefined) return removed(tree, parentPath);
  return yes(withNode(tree, parentPath, left.length === 1 ? only : { op: parent.op as 'all' | 'any', of: left }));
}

function moved(tree: Syntax, path: NodePath, by: -1 | 1): Verdict<Syntax, SentenceRefusal> {
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(tree, parentPath);
  const at = path.at(-1);
  if (at === undefined || parent === undefined || (parent.op !== 'all' && parent.op !== 'any')) return no('cannot-move');
  const one = parent.of[at];
  const other = parent.of[at + by];
  if (one === undefined || other === undefined) return no('cannot-move');
  return yes(withNode(tree, parentPath, { op: parent.op, of: parent.of.map((part, index) => (index === at ? other : index === at + by ? one : part)) }));
}

function withNode(tree: Syntax, path: NodePath, node: Syntax): Syntax {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (tree.op === 'not') return { op: 'not', of: withNode(tree.of, rest, node) };
  if (tree.op === 'all' || tree.op === 'any') return { op: tree.op, of: tree.of.map((part, index) => (index === step ? withNode(part, rest, node) : part)) };
  return tree;
}

/** Groups of one are their member, double negations fall away, a group in a group of the same kind is one. */
function tidied(node: Syntax): Syntax {
  if (node.op === 'not') {
    const of = tidied(node.of);
    return of.op === 'not' ? of.of : { op: 'not', of };
  }
  if (node.op !== 'all' && node.op !== 'any') return node;
  const of = node.of.map(tidied).flatMap((part) => (part.op === node.op ? part.of : [part]));
  return of.length === 1 ? (of[0] as Syntax) : { op: node.op, of };
}

function depthOf(node: Syntax): number {
  return 1 + childrenOf(node).reduce((deepest, child) => Math.max(deepest, depthOf(child)), 0);
}

function leavesOf(node: Syntax): number {
  const children = childrenOf(node);
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + leavesOf(child), 0);
}

/** What a name in a condition stands for in the pack. */
export type Named =
  | { readonly kind: 'fact'; readonly fact: FactDefinition }
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'definition' | 'conclusion' | 'family'; readonly label: { readonly az: string; readonly en: string; readonly ru: string } };

const names = new WeakMap<Pack, ReadonlyMap<string, Named>>();

export function namesOf(pack: Pack): ReadonlyMap<string, Named> {
  let known = names.get(pack);
  if (known === undefined) {
    known = new Map<string, Named>([
      ...pack.families.map(({ id, label }) => [id, { kind: 'family', label }] as const),
      ...pack.conclusions.map(({ id, label }) => [id, { kind: 'conclusion', label }] as const),
      ...pack.definitions.map(({ id, label }) => [id, { kind: 'definition', label }] as const),
      ...pack.readings.map((reading) => [reading.id, { kind: 'reading', reading }] as const),
      ...pack.facts.map((fact) => [fact.id, { kind: 'fact', fact }] as const),
    ]);
    names.set(pack, known);
  }
  return known;
}

/** What a form says about one condition. */
export interface LeafForm {
  readonly name: string;
  /** For sets: `has`, `has-any`, `has-none`; for numbers and dates a sign; for yes/no `yes` or `no`. Empty for names without a value. */
  readonly relation: string;
  readonly values: readonly string[];
}

/** The condition a form asks for. Refuses names and values that the pack does not have. */
export function leafOf(pack: Pack, form: LeafForm): Verdict<Syntax, SentenceRefusal> {
  const { name, relation } = form;
  const named = namesOf(pack).get(name);
  if (named === undefined) return no('unknown-name');
  const negated = (node: Syntax): Verdict<Syntax, SentenceRefusal> => yes(relation === 'no' || relation.startsWith('not-') ? { op: 'not', of: node } : node);
  if (named.kind === 'reading') {
    const value = form.values[0] ?? '';
    return named.reading.options.some((option) => option.id === value) ? yes({ op: 'is', name, value }) : no('unknown-value');
  }
  if (named.kind !== 'fact' || named.fact.type === 'bool') return negated({ op: 'name', name });
  const { fact } = named;
  const values = form.values.filter((value) => value !== '');
  if (fact.type === 'number' || fact.type === 'date') {
    const limit = (values[0] ?? '').trim();
    const isSign = ['<', '<=', '>', '>='].includes(relation);
    const isKnown = limit.startsWith('$') ? pack.parameters.some((parameter) => parameter.id === limit.slice(1)) : fact.type === 'date' ? /^\d{4}-\d{2}-\d{2}$/.test(limit) : /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(limit);
    return isSign && isKnown ? yes({ op: 'compare', name, by: relation as Comparator, limit }) : no('unknown-value');
  }
  if (fact.type === 'set' && (relation === 'has-none' || relation === 'not-has-none')) return negated({ op: 'has-none', name });
  if (values.length === 0 || values.some((value) => !fact.values.some((one) => one.id === value))) return no('unknown-value');
  const [first = ''] = values;
  if (fact.type === 'set') return negated(values.length === 1 ? { op: 'has', name, value: first } : { op: 'has-any', name, values });
  if (relation === 'is-not') return values.length === 1 ? yes({ op: 'is-not', name, value: first }) : yes({ op: 'all', of: values.map((value) => ({ op: 'is-not', name, value })) });
  return negated(values.length === 1 ? { op: 'is', name, value: first } : { op: 'in', name, values });
}

/** Facts, definitions, conclusions and readings whose words or id contain every word asked for. */
export function findNames(pack: Pack, q: string, language: 'az' | 'en' | 'ru', max: number): readonly { readonly id: string; readonly named: Named; readonly label: string }[] {
  const words = foldLetters(q).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  const found: { id: string; named: Named; label: string }[] = [];
  for (const [id, named] of namesOf(pack)) {
    const label = labelOfNamed(named, language);
    const values = named.kind === 'fact' ? named.fact.values.map((value) => value.label[language]).join(' ') : '';
    const cited = named.kind === 'fact' ? named.fact.cite.map((cite) => cite.article).join(' ') : '';
    const text = foldLetters(`${id} ${label} ${values} ${cited}`);
    if (words.every((word) => text.includes(word))) found.push({ id, named, label });
    if (found.length >= max) break;
  }
  return found;
}

export function labelOfNamed(named: Named, language: 'az' | 'en' | 'ru'): string {
  return named.kind === 'fact' ? named.fact.ask[language] : named.kind === 'reading' ? named.reading.label[language] : named.label[language];
}
