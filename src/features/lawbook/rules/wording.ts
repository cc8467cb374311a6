/** Turns the engine's answers into words: facts, literals, citations, conditions, in the reader's language. */

import type { Language } from '../../../base/index.ts';
import type { Authority, Citation, Condition, Expression, FactDefinition, FactId, Literal, Outcome, Pack } from '../../../law/index.ts';
import type { WordingTerms } from '../model.ts';
import { articleWords } from './article-words.ts';

/** One fact with its value as a person reads it. */
export interface FactWords {
  readonly question: string;
  readonly answer: string;
}

const indexes = new WeakMap<Pack, PackIndex>();

interface PackIndex {
  readonly facts: ReadonlyMap<FactId, FactDefinition>;
  readonly labels: ReadonlyMap<string, { readonly az: string; readonly en: string; readonly ru: string }>;
}

/** Facts and labels by id; built once per pack. */
export function indexOf(pack: Pack): PackIndex {
  let index = indexes.get(pack);
  if (index === undefined) {
    index = {
      facts: new Map(pack.facts.map((fact) => [fact.id, fact])),
      labels: new Map([...pack.families, ...pack.definitions, ...pack.conclusions].map((entry) => [entry.id, entry.label])),
    };
    indexes.set(pack, index);
  }
  return index;
}

/** Whether something rests on a national rule that no counsel has signed yet; a reader must not take it for settled law. */
export function isUnconfirmed(pack: Pack, authority: Authority): boolean {
  return authority === 'national' && pack.status !== 'counsel_signed' && pack.status !== 'adopted';
}

/** Label of a conclusion, family or definition; the id where the pack has none. */
export function labelOf(pack: Pack, id: string, language: Language): string {
  return indexOf(pack).labels.get(id)?.[language] ?? id;
}

export function valueLabel(pack: Pack, fact: FactId, value: string, language: Language): string {
  return indexOf(pack).facts.get(fact)?.values.find((one) => one.id === value)?.label[language] ?? value;
}

export function literalWords(pack: Pack, literal: Literal, language: Language, terms: WordingTerms): FactWords {
  const definition = indexOf(pack).facts.get(literal.fact);
  const question = definition?.ask[language] ?? literal.fact;
  if (literal.value === 'yes' || literal.value === 'no') {
    return { question, answer: (literal.value === 'yes') === literal.holds ? terms.yes : terms.no };
  }
  const value = valueLabel(pack, literal.fact, literal.value, language);
  return { question, answer: literal.holds ? value : terms.not(value) };
}

/** Literals as questions with answers; several about one question (members of a set that are not there) are told together. */
export function literalList(pack: Pack, literals: readonly Literal[], language: Language, terms: WordingTerms): readonly FactWords[] {
  const byFact = new Map<FactId, Literal[]>();
  for (const literal of literals) byFact.set(literal.fact, [...(byFact.get(literal.fact) ?? []), literal]);
  return [...byFact.values()].map((group) => {
    const first = group[0] as Literal;
    if (group.length === 1) return literalWords(pack, first, language, terms);
    const values = (holds: boolean): string => group.filter((one) => one.holds === holds).map((one) => valueLabel(pack, one.fact, one.value, language)).join('; ');
    const [present, absent] = [values(true), values(false)];
    return { question: literalWords(pack, first, language, terms).question, answer: [present, absent === '' ? '' : terms.not(absent)].filter((part) => part !== '').join('; ') };
  });
}

/** `Art. 5(1)(f), Regulation (EU) 2024/1689`. */
export function citationWords(pack: Pack, citation: Citation, language: Language): string {
  const act = pack.legalBasis.find((basis) => basis.key === citation.act);
  const place = articleWords(citation.article, language);
  return act === undefined ? place : `${place}, ${act.title[language]}`;
}

/** A condition as a tree of sentences, for the law browser. */
export type ConditionTree =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly ConditionTree[] }
  | { readonly kind: 'leaf'; readonly negated: boolean; readonly text: string; readonly link?: { readonly kind: 'fact' | 'entry'; readonly id: string } };

export function conditionTree(pack: Pack, condition: Condition, language: Language, terms: WordingTerms): ConditionTree {
  return tree(pack, condition.expression, false, language, terms);
}

function tree(pack: Pack, expression: Expression, negated: boolean, language: Language, terms: WordingTerms): ConditionTree {
  const leaf = (text: string, link?: { readonly kind: 'fact' | 'entry'; readonly id: string }): ConditionTree =>
    link === undefined ? { kind: 'leaf', negated, text } : { kind: 'leaf', negated, text, link };
  const ask = (fact: string): string => indexOf(pack).facts.get(fact)?.ask[language] ?? fact;
  switch (expression.op) {
    case 'true':
    case 'false':
      return leaf((expression.op === 'true') !== negated ? terms.yes : terms.no);
    case 'all':
    case 'any': {
      // De Morgan: a negated "all" is read as "any of the opposites".
      const kind = (expression.op === 'all') === negated ? 'any' : 'all';
      return { kind, parts: expression.of.map((part) => tree(pack, part, negated, language, terms)) };
    }
    case 'not':
      return tree(pack, expression.of, !negated, language, terms);
    case 'fact':
      return leaf(`${ask(expression.fact)} ${negated ? terms.no : terms.yes}`, { kind: 'fact', id: expression.fact });
    case 'name':
      return leaf(labelOf(pack, expression.name, language), { kind: 'entry', id: expression.name });
    case 'is':
    case 'has': {
      const value = valueLabel(pack, expression.fact, expression.value, language);
      return leaf(`${ask(expression.fact)} ${negated ? terms.not(value) : value}`, { kind: 'fact', id: expression.fact });
    }
    case 'has-none':
      return leaf(`${ask(expression.fact)} ${negated ? terms.not(terms.none) : terms.none}`, { kind: 'fact', id: expression.fact });
    case 'compare': {
      const limit = 'number' in expression.limit ? String(expression.limit.number) : 'date' in expression.limit ? expression.limit.date : (pack.parameters.find((one) => one.id === (expression.limit as { parameter: string }).parameter)?.label[language] ?? '');
      return leaf(`${ask(expression.fact)} ${expression.by} ${limit}`, { kind: 'fact', id: expression.fact });
    }
    case 'reading': {
      const reading = pack.readings.find((one) => one.id === expression.reading);
      const option = reading?.options.find((one) => one.id === expression.option)?.label[language] ?? expression.option;
      return leaf(`${reading?.label[language] ?? expression.reading}: ${option}`);
    }
  }
}

/**
 * Outcomes grouped under their family. A family of several members has an aggregate of its own id; a conclusion that stands alone is
 * its family's only member and has none.
 */
export function outcomesByFamily(outcomes: readonly Outcome[]): readonly { readonly family: string; readonly aggregate: Outcome | undefined; readonly members: readonly Outcome[] }[] {
  const families = [...new Set(outcomes.map((outcome) => outcome.family))];
  return families.map((family) => {
    const all = outcomes.filter((outcome) => outcome.family === family);
    const members = all.filter((outcome) => outcome.id !== family);
    return members.length === 0 ? { family, aggregate: undefined, members: all } : { family, aggregate: all.find((outcome) => outcome.id === family), members };
  });
}
