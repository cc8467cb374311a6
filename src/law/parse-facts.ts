/** Parses what people answered into facts of the right type; every mistake is named with what to do. */

import { no, parseCivilDate, yes } from '../base/index.ts';
import type { Verdict } from '../base/index.ts';
import { ANSWERS_MAX, CLAIMS_MAX } from './limits.ts';
import type { Claim, FactAnswer, FactDefinition, Facts, FactValue, Pack } from './model.ts';
import { didYouMean } from './nearest-name.ts';

/** A mistake in a set of answers. `fact` is the id as given; empty when the whole input is meant. */
export interface FactProblem {
  readonly fact: string;
  /** `unknown-fact`, `wrong-type`, `unknown-value`, `bad-date`, `too-many`, `wrong-shape`, `duplicate-value`. */
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

type FactShape = Pick<FactDefinition, 'id' | 'type' | 'values'>;

/**
 * Parses answers for a pack. `raw` is a map from fact ids to answers, at the top or under `facts`. `null` and absent mean not answered.
 * The order of keys does not matter; sets come back in the order of the pack, so that equal answers are equal facts.
 */
export function parseFacts(pack: Pack, raw: unknown): Verdict<Facts, readonly FactProblem[]> {
  const isWrapped = isRecord(raw) && isRecord(raw['facts']) && !pack.facts.some((fact) => fact.id === 'facts');
  return parseFactAnswers(pack.facts, isWrapped ? (raw)['facts'] : raw);
}

export function parseFactAnswers(definitions: readonly FactShape[], raw: unknown): Verdict<Facts, readonly FactProblem[]> {
  if (!isRecord(raw)) return no([{ fact: '', code: 'wrong-shape', message: 'the facts should be a map from fact ids to answers', fix: 'Write “fact-id: answer” lines.' }]);
  const keys = Object.keys(raw);
  if (keys.length > ANSWERS_MAX) return no([{ fact: '', code: 'too-many', message: `${keys.length} answers, at most ${ANSWERS_MAX} are read`, fix: 'Send only facts of the pack.' }]);
  const byId = byIdOf(definitions);
  const problems: FactProblem[] = [];
  const facts: Record<string, FactAnswer> = {};
  for (const key of keys) {
    const definition = byId.get(key);
    if (definition === undefined) {
      problems.push({ fact: key, code: 'unknown-fact', message: `“${key}” is not a fact of this pack.${didYouMean(key, byId.keys())}`, fix: 'Correct the id or remove the answer.' });
      continue;
    }
    if (raw[key] === null || raw[key] === undefined) continue;
    const answer = parseAnswer(definition, raw[key]);
    if (answer.ok) facts[key] = answer.value;
    else problems.push({ fact: key, ...answer.refusal });
  }
  return problems.length === 0 ? yes(facts) : no(problems);
}

const indexes = new WeakMap<readonly FactShape[], ReadonlyMap<string, FactShape>>();

/** The facts of a pack by id, made once. */
function byIdOf(definitions: readonly FactShape[]): ReadonlyMap<string, FactShape> {
  const index = indexes.get(definitions) ?? new Map(definitions.map((definition) => [definition.id, definition]));
  indexes.set(definitions, index);
  return index;
}

type Mistake = Omit<FactProblem, 'fact'>;

/** Parses one answer for one fact, for forms that ask one question at a time. */
export function parseAnswer(fact: FactShape, raw: unknown): Verdict<FactAnswer, Mistake> {
  if (raw === 'unknown' || (isRecord(raw) && raw['unknown'] === true)) return yes({ unknown: true });
  if (!isRecord(raw) || !('disputed' in raw)) return parseValue(fact, raw);
  const claims = raw['disputed'];
  if (!Array.isArray(claims) || claims.length < 2 || claims.length > CLAIMS_MAX) return no({ code: 'wrong-shape', message: `the dispute about “${fact.id}” should list 2 to ${CLAIMS_MAX} claims`, fix: 'Write { disputed: [ { by: …, value: … }, … ] }.' });
  const parsed: Claim[] = [];
  for (const claim of claims as unknown[]) {
    if (!isRecord(claim) || typeof claim['by'] !== 'string') return no({ code: 'wrong-shape', message: `a claim about “${fact.id}” lacks “by” or “value”`, fix: 'Write { by: …, value: … }.' });
    const value = parseValue(fact, claim['value']);
    if (!value.ok) return value;
    parsed.push({ by: claim['by'], value: value.value });
  }
  return yes({ disputed: parsed });
}

function parseValue(fact: FactShape, raw: unknown): Verdict<FactValue, Mistake> {
  switch (fact.type) {
    case 'bool':
      if (raw === true || raw === 'yes' || raw === 'true') return yes(true);
      if (raw === false || raw === 'no' || raw === 'false') return yes(false);
      return wrongType(fact, raw, 'yes, no or unknown');
    case 'enum': {
      if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') return wrongType(fact, raw, `one of: ${fact.values.map((value) => value.id).join(', ')}`);
      const member = memberOf(fact, raw);
      return member.ok ? yes(member.value) : member;
    }
    case 'set':
      return parseSet(fact, raw);
    case 'number': {
      const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
      if (typeof number === 'number' && Number.isFinite(number)) return yes(number);
      return wrongType(fact, raw, 'a number such as 10 or 1e25');
    }
    case 'date': {
      if (typeof raw !== 'string') return wrongType(fact, raw, 'a date YYYY-MM-DD');
      const date = parseCivilDate(raw);
      if (date !== undefined) return yes(date);
      return no({ code: 'bad-date', message: `“${raw.slice(0, 40)}” for “${fact.id}” is not a date that exists`, fix: 'Write YYYY-MM-DD with a real month and day.' });
    }
  }
}

function parseSet(fact: FactShape, raw: unknown): Verdict<FactValue, Mistake> {
  if (Array.isArray(raw)) return members(fact, raw);
  if (isRecord(raw) && (Array.isArray(raw['has']) || Array.isArray(raw['hasNot'])) && Object.keys(raw).every((key) => key === 'has' || key === 'hasNot')) {
    const has = members(fact, (raw['has'] ?? []) as unknown[]);
    if (!has.ok) return has;
    const hasNot = members(fact, (raw['hasNot'] ?? []) as unknown[]);
    if (!hasNot.ok) return hasNot;
    const both = has.value.find((member) => hasNot.value.includes(member));
    if (both !== undefined) return no({ code: 'duplicate-value', message: `“${both}” of “${fact.id}” is both present and absent`, fix: 'Keep it in has or in hasNot.' });
    return yes({ has: has.value, hasNot: hasNot.value });
  }
  return wrongType(fact, raw, 'a list such as [a, b], [] for none, or { has: [a], hasNot: [b] }');
}

/** The members in the order of the pack. */
function members(fact: FactShape, raw: readonly unknown[]): Verdict<readonly string[], Mistake> {
  const found = new Set<string>();
  for (const item of raw.slice(0, fact.values.length + 1)) {
    const member = memberOf(fact, item);
    if (!member.ok) return member;
    if (found.has(member.value)) return no({ code: 'duplicate-value', message: `“${member.value}” stands twice in “${fact.id}”`, fix: 'Keep one.' });
    found.add(member.value);
  }
  return yes(fact.values.map((value) => value.id).filter((id) => found.has(id)));
}

function memberOf(fact: FactShape, raw: unknown): Verdict<string, Mistake> {
  // YAML reads an unquoted 1 or true as a number or a boolean; the ids of values are texts.
  const text = typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : '';
  if (fact.values.some((value) => value.id === text)) return yes(text);
  const ids = fact.values.map((value) => value.id);
  return no({ code: 'unknown-value', message: `“${fact.id}” has no value “${text.slice(0, 40)}”.${didYouMean(text, ids)}`, fix: `Use: ${ids.join(', ')}.` });
}

function wrongType(fact: FactShape, raw: unknown, wanted: string): Verdict<never, Mistake> {
  const shown = typeof raw === 'string' ? `“${raw.slice(0, 40)}”` : Array.isArray(raw) ? 'a list' : typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : 'a map';
  return no({ code: 'wrong-type', message: `“${fact.id}” is a fact of type ${fact.type} and was answered with ${shown}`, fix: `Answer with ${wanted}.` });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
