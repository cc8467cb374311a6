/** The conditions of SurveyJS (`{name} = "item1" and ({other} contains ["a"] or {third} notempty)`) as condition trees. */

import { parseCivilDate } from '../../base/index.ts';
import { EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX, EXPRESSION_TOKENS_MAX } from '../limits.ts';
import type { Comparator } from '../model.ts';
import type { ConditionTree } from './model.ts';

export type SurveyCondition = { readonly ok: true; readonly tree: ConditionTree; readonly names: readonly string[] } | { readonly ok: false; readonly message: string };

type Value = string | number | boolean | readonly (string | number | boolean)[];
interface Token {
  readonly kind: 'name' | 'value' | 'sign' | 'word' | 'end';
  readonly text: string;
  readonly value?: string | number | boolean;
}

class Mistake extends Error {}

const TOKEN = /\s+|\{(?<name>[^{}]+)\}|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<number>-?\d+(?:\.\d+)?)(?![\p{L}\p{N}_-])|(?<sign><=|>=|<>|!=|==|&&|\|\||[=<>()[\],!])|(?<word>[\p{L}\p{N}_.-]+)/uy;
const COMPARATORS: readonly string[] = ['<', '<=', '>', '>='];

/** Never throws: what cannot be read is answered with what was found where. */
export function parseSurveyCondition(text: string): SurveyCondition {
  if (text.length > EXPRESSION_LENGTH_MAX) return { ok: false, message: `the condition has more than ${EXPRESSION_LENGTH_MAX} characters` };
  try {
    const parser = new Parser(tokens(text));
    const tree = parser.either(0);
    parser.end();
    return { ok: true, tree, names: [...parser.names] };
  } catch (mistake) {
    if (mistake instanceof Mistake) return { ok: false, message: mistake.message };
    throw mistake;
  }
}

function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const column = TOKEN.lastIndex + 1;
    const match = TOKEN.exec(text);
    if (match === null) throw new Mistake(`“${text[column - 1] ?? ''}” at column ${column} means nothing in a condition`);
    const { name, double, single, number, sign, word } = match.groups ?? {};
    const quoted = double ?? single;
    if (name !== undefined) found.push({ kind: 'name', text: name.trim() });
    else if (quoted !== undefined) found.push({ kind: 'value', text: quoted, value: quoted });
    else if (number !== undefined) found.push({ kind: 'value', text: number, value: Number(number) });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    if (found.length > EXPRESSION_TOKENS_MAX) throw new Mistake(`more than ${EXPRESSION_TOKENS_MAX} words and signs`);
  }
  return [...found, { kind: 'end', text: 'the end' }];
}

class Parser {
  readonly names = new Set<string>();
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(all: readonly Token[]) {
    this.tokens = all;
  }

  either(depth: number): ConditionTree {
    if (depth > EXPRESSION_DEPTH_MAX) throw new Mistake(`more than ${EXPRESSION_DEPTH_MAX} levels of parentheses`);
    const parts = [this.both(depth)];
    while (this.takes(['or', '||'])) parts.push(this.both(depth));
    return parts.length === 1 ? parts[0]! : { op: 'any', of: parts };
  }

  end(): void {
    if (this.peek().kind !== 'end') throw new Mistake(`found “${this.peek().text}” where the condition should end`);
  }

  private both(depth: number): ConditionTree {
    const parts = [this.one(depth)];
    while (this.takes(['and', '&&'])) parts.push(this.one(depth));
    return parts.length === 1 ? parts[0]! : { op: 'all', of: parts };
  }

  private one(depth: number): ConditionTree {
    if (this.takes(['!', 'not'])) {
      if (depth >= EXPRESSION_DEPTH_MAX) throw new Mistake('too many negations');
      return { op: 'not', of: this.one(depth + 1) };
    }
    if (this.takes(['('])) {
      const inner = this.either(depth + 1);
      if (!this.takes([')'])) throw new Mistake(`“)” is missing before “${this.peek().text}”`);
      return inner;
    }
    const token = this.next();
    if (token.kind !== 'name') throw new Mistake(`expected {question}, found “${token.text}”`);
    this.names.add(token.text);
    return this.comparison(token.text);
  }

  private comparison(question: string): ConditionTree {
    const sign = this.next();
    const word = sign.text.toLowerCase();
    const empty: ConditionTree = { op: 'empty', question };
    if (word === 'empty') return empty;
    if (word === 'notempty') return { op: 'not', of: empty };
    const value = this.value();
    const members = Array.isArray(value) ? (value as readonly (string | number | boolean)[]) : [value as string | number | boolean];
    const each = members.map((member): ConditionTree => ({ op: 'is', question, value: typeof member === 'boolean' ? (member ? 'yes' : 'no') : String(member) }));
    const all: ConditionTree = each.length === 1 ? each[0]! : { op: 'all', of: each };
    switch (word) {
      case '=':
      case '==':
      case 'contains':
      case 'allof':
        return all;
      case '<>':
      case '!=':
      case 'notcontains':
        return { op: 'not', of: all };
      case 'anyof':
        return each.length === 1 ? each[0]! : { op: 'any', of: each };
      default:
        return this.limit(question, word, value);
    }
  }

  private limit(question: string, by: string, value: Value): ConditionTree {
    if (!COMPARATORS.includes(by)) throw new Mistake(`“${by}” is not a comparison this reader knows`);
    const date = typeof value === 'string' ? parseCivilDate(value) : undefined;
    const limit = typeof value === 'number' ? value : date;
    if (limit === undefined) throw new Mistake(`“${String(value)}” is neither a number nor a day`);
    return { op: 'compare', question, by: by as Comparator, limit };
  }

  private value(): Value {
    if (!this.takes(['['])) return this.scalar();
    const members = [this.scalar()];
    while (this.takes([','])) members.push(this.scalar());
    if (!this.takes([']'])) throw new Mistake(`“]” is missing before “${this.peek().text}”`);
    return members;
  }

  private scalar(): string | number | boolean {
    const token = this.next();
    if (token.value !== undefined) return token.value;
    if (token.kind !== 'word') throw new Mistake(`expected a value, found “${token.text}”`);
    return token.text === 'true' ? true : token.text === 'false' ? false : token.text;
  }

  private takes(texts: readonly string[]): boolean {
    const token = this.peek();
    if ((token.kind !== 'word' && token.kind !== 'sign') || !texts.includes(token.text.toLowerCase())) return false;
    this.at += 1;
    return true;
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }
}
