/** The grammar of dates in timings: terms such as `max(article, D.first_placed)` and comparisons such as `D.first_placed < cut and D.x >= $p`. */

import { EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX } from './limits.ts';
import type { Comparator } from './model.ts';

/** A term as written; `word` is a named date or a fact, told apart by resolve-duties.ts. */
export type TermSyntax =
  | { readonly op: 'never' }
  | { readonly op: 'word'; readonly word: string }
  | { readonly op: 'parameter'; readonly parameter: string }
  | { readonly op: 'max' | 'min'; readonly of: readonly TermSyntax[] };

export interface ComparisonSyntax {
  readonly left: TermSyntax;
  readonly by: Comparator;
  readonly right: TermSyntax;
}

export type TermAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly fix: string };

const TERMS = 'Write a named date, “article”, “route”, a date fact, “$” and a date parameter, max(…, …), min(…, …) or never.';
const COMPARISONS = 'Write comparisons of dates such as “D.first_placed < cut”, joined with “and”.';
/** Names with a meaning of their own in terms. */
export const BUILT_IN_DATES: readonly string[] = ['article', 'route'];
const RESERVED_DATES = new Set(['never', 'max', 'min', 'and', ...BUILT_IN_DATES]);

/** Whether `id` cannot name a date of a timing. */
export function isReservedDate(id: string): boolean {
  return RESERVED_DATES.has(id);
}

/** Parses a term. Never throws: a mistake is answered with what is wrong and what to write. */
export function parseTerm(text: string): TermAnswer<TermSyntax> {
  return parsed(text, TERMS, (parser) => parser.term(0));
}

/** Parses comparisons joined with `and`. */
export function parseComparisons(text: string): TermAnswer<readonly ComparisonSyntax[]> {
  return parsed(text, COMPARISONS, (parser) => parser.comparisons());
}

class TermProblem extends Error {}

function parsed<T>(text: string, fix: string, read: (parser: TermParser) => T): TermAnswer<T> {
  try {
    if (text.length > EXPRESSION_LENGTH_MAX) throw new TermProblem(`the text has ${text.length} characters, at most ${EXPRESSION_LENGTH_MAX} are read`);
    const parser = new TermParser(tokens(text));
    const value = read(parser);
    parser.expectEnd();
    return { ok: true, value };
  } catch (problem) {
    if (problem instanceof TermProblem) return { ok: false, message: problem.message, fix };
    throw problem;
  }
}

function tokens(text: string): readonly string[] {
  const found: string[] = [];
  const pattern = /\s+|\$?[\p{L}\p{N}_][\p{L}\p{N}_.-]*|<=|>=|[<>(),]/uy;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new TermProblem(`“${text[at]}” at column ${at + 1} means nothing in a date`);
    if (match[0].trim() !== '') found.push(match[0]);
  }
  return found;
}

const COMPARATORS: readonly string[] = ['<', '<=', '>', '>='];

class TermParser {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(words: readonly string[]) {
    this.tokens = words;
  }

  comparisons(): readonly ComparisonSyntax[] {
    const all = [this.comparison()];
    while (this.tokens[this.at] === 'and') {
      this.at++;
      all.push(this.comparison());
    }
    return all;
  }

  private comparison(): ComparisonSyntax {
    const left = this.term(0);
    const by = this.tokens[this.at++];
    if (by === undefined || !COMPARATORS.includes(by)) throw new TermProblem(`expected <, <=, > or >=, found ${shown(by)}`);
    return { left, by: by as Comparator, right: this.term(0) };
  }

  term(depth: number): TermSyntax {
    const word = this.tokens[this.at++];
    if (depth > EXPRESSION_DEPTH_MAX) throw new TermProblem(`more than ${EXPRESSION_DEPTH_MAX} levels of max and min`);
    if (word === undefined || !/^[$\p{L}\p{N}]/u.test(word) || word === 'and') throw new TermProblem(`expected a date, found ${shown(word)}`);
    if (word === 'never') return { op: 'never' };
    if (word === 'max' || word === 'min') return { op: word, of: this.list(depth) };
    if (word.startsWith('$')) return { op: 'parameter', parameter: word.slice(1) };
    if (/^\p{N}/u.test(word)) throw new TermProblem(`“${word}” stands in the condition itself: a date needs a source, so declare a parameter and write “$” and its id`);
    return { op: 'word', word };
  }

  private list(depth: number): readonly TermSyntax[] {
    this.expect('(');
    const of = [this.term(depth + 1)];
    while (this.tokens[this.at] === ',') {
      this.at++;
      of.push(this.term(depth + 1));
    }
    this.expect(')');
    return of;
  }

  private expect(sign: string): void {
    const found = this.tokens[this.at++];
    if (found !== sign) throw new TermProblem(`expected “${sign}”, found ${shown(found)}`);
  }

  expectEnd(): void {
    const found = this.tokens[this.at];
    if (found !== undefined) throw new TermProblem(`expected the end, found “${found}”`);
  }
}

function shown(token: string | undefined): string {
  return token === undefined ? 'the end' : `“${token}”`;
}
