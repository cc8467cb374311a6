/** The grammar of conditions: text such as `A.b and not (C has d)` becomes a syntax tree whose names are not yet resolved. */

import { EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX, EXPRESSION_TOKENS_MAX } from './limits.ts';
import type { Comparator } from './model.ts';

/** A condition as written; names and values are resolved by resolve-names.ts. */
export type Syntax =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'all' | 'any'; readonly of: readonly Syntax[] }
  | { readonly op: 'not'; readonly of: Syntax }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'is' | 'is-not'; readonly name: string; readonly value: string }
  | { readonly op: 'in' | 'has-any'; readonly name: string; readonly values: readonly string[] }
  | { readonly op: 'has'; readonly name: string; readonly value: string }
  | { readonly op: 'has-none'; readonly name: string }
  | { readonly op: 'compare'; readonly name: string; readonly by: Comparator; readonly limit: string };

export type SyntaxAnswer =
  | { readonly ok: true; readonly value: Syntax }
  | { readonly ok: false; readonly message: string; readonly fix: string };

interface Token {
  readonly kind: 'word' | 'sign' | 'end';
  readonly text: string;
  /** 1-based column in the text. */
  readonly column: number;
}

class SyntaxProblem extends Error {
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

const RESERVED = new Set(['and', 'or', 'not', 'in', 'has', 'true', 'false']);
/** What an id may look like: a letter, then letters, digits, `_`, `-`, `.`. */
export const ID_PATTERN = /^\p{L}[\p{L}\p{N}_.-]*$/u;
/** A value id may also start with a digit. */
export const VALUE_ID_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;

export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

/** Parses the text form. Never throws: a mistake is answered with its column and what to do. */
export function parseExpression(text: string): SyntaxAnswer {
  try {
    if (text.length > EXPRESSION_LENGTH_MAX) {
      throw new SyntaxProblem(`the condition has ${text.length} characters, at most ${EXPRESSION_LENGTH_MAX} are read`, 'Split it into named definitions.');
    }
    const parser = new Parser(tokenise(text));
    const value = parser.disjunction(0);
    parser.expectEnd();
    return { ok: true, value };
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return { ok: false, message: problem.message, fix: problem.fix };
    throw problem;
  }
}

/** The text form of a condition, whichever form it was written in. */
export function writeSyntax(syntax: Syntax, parent: 'or' | 'and' | 'not' = 'or'): string {
  switch (syntax.op) {
    case 'true': case 'false': return syntax.op;
    case 'name': return syntax.name;
    case 'is': return `${syntax.name} = ${syntax.value}`;
    case 'is-not': return `${syntax.name} != ${syntax.value}`;
    case 'in': return `${syntax.name} in [${syntax.values.join(', ')}]`;
    case 'has': return `${syntax.name} has ${syntax.value}`;
    case 'has-any': return `${syntax.name} has any [${syntax.values.join(', ')}]`;
    case 'has-none': return `${syntax.name} has none`;
    case 'compare': return `${syntax.name} ${syntax.by} ${syntax.limit}`;
    case 'not': return `not ${writeSyntax(syntax.of, 'not')}`;
    case 'all': case 'any': {
      if (syntax.of.length === 0) return syntax.op === 'all' ? 'true' : 'false';
      // One part alone stands where its list stood, with the parentheses it needs there.
      if (syntax.of.length === 1) return writeSyntax(syntax.of[0]!, parent);
      const word = syntax.op === 'all' ? 'and' : 'or';
      const text = syntax.of.map((part) => writeSyntax(part, word)).join(` ${word} `);
      const needsParentheses = parent === 'not' || (word === 'or' && parent === 'and');
      return needsParentheses ? `(${text})` : text;
    }
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|(?<word>[\p{L}\p{N}_](?:[\p{L}\p{N}_.]|-(?=[\p{L}\p{N}_.])|(?<=\d[eE])[+-])*)|(?<sign><=|>=|!=|[()[\],=<>$-])/uy;
  while (pattern.lastIndex < text.length) {
    const column = pattern.lastIndex + 1;
    const match = pattern.exec(text);
    if (match === null) {
      throw new SyntaxProblem(`“${text[column - 1]}” at column ${column} means nothing in a condition`, 'Use and, or, not, =, !=, in [ ], has, <, <=, >, >= and parentheses.');
    }
    if (match.groups?.['word'] !== undefined) tokens.push({ kind: 'word', text: match[0], column });
    else if (match.groups?.['sign'] !== undefined) tokens.push({ kind: 'sign', text: match[0], column });
    if (tokens.length > EXPRESSION_TOKENS_MAX) {
      throw new SyntaxProblem(`the condition has more than ${EXPRESSION_TOKENS_MAX} words and signs`, 'Split it into named definitions.');
    }
  }
  tokens.push({ kind: 'end', text: 'the end', column: text.length + 1 });
  return tokens;
}

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  disjunction(depth: number): Syntax {
    return this.chain('or', 'any', depth, () => this.chain('and', 'all', depth, () => this.negation(depth)));
  }

  expectEnd(): void {
    const token = this.peek();
    if (token.kind !== 'end') this.fail(token, 'expected “and”, “or” or the end', 'Join two conditions with “and” or “or”.');
  }

  private chain(word: string, op: 'all' | 'any', depth: number, part: () => Syntax): Syntax {
    if (depth > EXPRESSION_DEPTH_MAX) this.fail(this.peek(), `more than ${EXPRESSION_DEPTH_MAX} levels of parentheses`, 'Name the inner condition as a definition.');
    const parts = [part()];
    while (this.peek().text === word) {
      this.at++;
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : { op, of: parts };
  }

  private negation(depth: number): Syntax {
    const token = this.next();
    if (token.text === 'not') {
      if (depth >= EXPRESSION_DEPTH_MAX) this.fail(token, `more than ${EXPRESSION_DEPTH_MAX} nested negations`, 'Remove double negations.');
      return { op: 'not', of: this.negation(depth + 1) };
    }
    if (token.text === '(') {
      const inner = this.disjunction(depth + 1);
      this.expect(')');
      return inner;
    }
    if (token.text === 'true' || token.text === 'false') return { op: token.text };
    return this.atom(token);
  }

  private atom(token: Token): Syntax {
    if (token.kind !== 'word' || RESERVED.has(token.text)) this.fail(token, 'expected a name', 'Write the id of a fact, definition, conclusion, family or reading.');
    if (!ID_PATTERN.test(token.text)) this.fail(token, 'an id starts with a letter', 'Write the id of a fact, definition, conclusion, family or reading.');
    const name = token.text;
    const sign = this.peek().text;
    if (this.peek().kind === 'end') return { op: 'name', name };
    switch (sign) {
      case '=': case '!=':
        this.at++;
        return { op: sign === '=' ? 'is' : 'is-not', name, value: this.value() };
      case '<': case '<=': case '>': case '>=':
        this.at++;
        return { op: 'compare', name, by: sign, limit: this.limit() };
      case 'in':
        this.at++;
        return { op: 'in', name, values: this.list() };
      case 'has':
        this.at++;
        return this.has(name);
      default:
        return { op: 'name', name };
    }
  }

  private has(name: string): Syntax {
    if (this.peek().text === 'none') {
      this.at++;
      return { op: 'has-none', name };
    }
    if (this.peek().text === 'any' && this.tokens[this.at + 1]?.text === '[') {
      this.at++;
      return { op: 'has-any', name, values: this.list() };
    }
    return { op: 'has', name, value: this.value() };
  }

  private list(): string[] {
    this.expect('[');
    const values = [this.value()];
    while (this.peek().text === ',') {
      this.at++;
      values.push(this.value());
    }
    this.expect(']');
    return values;
  }

  private value(): string {
    const token = this.next();
    if (token.kind !== 'word' || token.text === 'and' || token.text === 'or' || token.text === 'not') this.fail(token, 'expected a value', 'Write one of the values the fact declares.');
    return token.text;
  }

  private limit(): string {
    const token = this.next();
    if (token.text === '$') return `$${this.value()}`;
    if (token.text === '-') return `-${this.value()}`;
    if (token.kind !== 'word') this.fail(token, 'expected a limit', 'Write a number, a date YYYY-MM-DD or $ and the id of a parameter.');
    return token.text;
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private next(): Token {
    const token = this.tokens[this.at]!;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private expect(sign: string): void {
    const token = this.next();
    if (token.text !== sign) this.fail(token, `expected “${sign}”`, `Add “${sign}” or remove what is superfluous before it.`);
  }

  private fail(token: Token, message: string, fix: string): never {
    throw new SyntaxProblem(`${message} at column ${token.column}, found ${token.kind === 'end' ? 'the end' : `“${token.text}”`}`, fix);
  }
}
