/** Decisions on random small packs agree with trying out every possible world. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { canonical, civil } from '../base/index.ts';
import type { Json } from '../base/index.ts';
import { compileLaw, decide, factStates, loadPack, preview } from './index.ts';
import { classifierFor, RESULT_CODES } from './index.ts';
import type { Expression, FactAnswer, Facts, FactValue, Literal, Pack, Result } from './index.ts';

const RUNS = 80;
const TIME = { asOf: civil('2026-01-01'), knownOn: civil('2026-01-01') };
const words = { az: 'a', en: 'b', ru: 'c' };

// Random packs: fixed facts, random gates and conditions.

const FACTS = [
  { id: 'B1', type: 'bool', mutable: true },
  { id: 'E', type: 'enum', values: ['a', 'b', 'c'], mutable: false },
  { id: 'S', type: 'set', values: ['p', 'q'], mutable: true },
  { id: 'N', type: 'number', mutable: true },
  { id: 'B2', type: 'bool', mutable: false },
  { id: 'E2', type: 'enum', values: ['x', 'y'], mutable: true },
] as const;

const EARLY_ATOMS = ['B1', 'E = a', 'E != b', 'E in [b, c]', 'S has p', 'S has q', 'S has none'];
const ATOMS = [...EARLY_ATOMS, 'N > 10', 'N >= 20', 'N < 10', 'N <= 20', 'B2', 'E2 = x', 'E2 = y', 'R = A'];

function condition(atoms: readonly string[]): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...atoms);
  return fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3, depthIdentifier: 'condition' }, { weight: 2, arbitrary: atom }, { weight: 1, arbitrary: tie('tree').map((t) => `not (${t})`) }, { weight: 2, arbitrary: fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} and ${b})`) }, { weight: 2, arbitrary: fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} or ${b})`) }),
  })).tree;
}

const packText = fc
  .record({
    gateB2: fc.option(condition(EARLY_ATOMS)),
    gateE2: fc.option(condition([...EARLY_ATOMS, 'B2'])),
    d: condition(ATOMS),
    requires: fc.option(condition(ATOMS)),
    general1: condition([...ATOMS, 'd']),
    general2: fc.option(condition([...ATOMS, 'd'])),
    exception1: fc.option(condition([...ATOMS, 'd'])),
    exception2: fc.option(condition(ATOMS)),
    exceptionThen: fc.constantFrom('holds', 'fails'),
    overriding: fc.option(condition(ATOMS)),
    second: condition([...ATOMS, 'c1', 'not c1']),
  })
  .map((parts) => {
    const cite = [{ act: 'act', article: '1' }];
    const rule = (id: string, concludes: string, when: string | null, more: object = {}) => (when === null ? [] : [{ id, concludes, when, label: words, cite, ev: 'V', ...more }]);
    const pack = {
      id: 'random', version: '1.0.0', engine: 1, jurisdiction: 'XX', title: words, status: 'draft', valid_from: '2020-01-01', known_from: '2020-01-01',
      legal_basis: [{ key: 'act', title: words }],
      families: [{ id: 'f', weight: 3, label: words, ...(parts.requires === null ? {} : { requires: parts.requires }) }],
      headline: [{ id: 'h', when: 'f', label: words }, { id: 'none', label: words }],
      facts: FACTS.map(({ id, type, mutable, ...rest }) => {
        const gate = id === 'B2' ? parts.gateB2 : id === 'E2' ? parts.gateE2 : null;
        const values = 'values' in rest ? { values: rest.values.map((value) => ({ id: value, label: words })) } : {};
        return { id, type, mutable, group: 'g', ...values, ...(gate === null ? {} : { applies_if: gate }), ask: words, help: words, example: words, why: words, cite };
      }),
      readings: [{ id: 'R', default: 'A', label: words, options: [{ id: 'A', label: words }, { id: 'B', label: words }], ev: 'D' }],
      definitions: [{ id: 'd', when: parts.d, label: words }],
      conclusions: [{ id: 'c1', family: 'f', label: words, plain: words }, { id: 'c2', label: words, plain: words }],
      rules: [
        ...rule('g1', 'c1', parts.general1),
        ...rule('g2', 'c1', parts.general2),
        ...rule('e1', 'c1', parts.exception1, { kind: 'exception', priority: 10 }),
        ...rule('e2', 'c1', parts.exception2, { kind: 'exception', priority: 20, then: parts.exceptionThen }),
        ...rule('o1', 'c1', parts.overriding, { kind: 'exception', overrides: 'g1' }),
        ...rule('s', 'c2', parts.second),
      ],
    };
    return stringify(pack);
  });

function load(text: string): Pack {
  const loaded = loadPack([{ path: 'pack.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

// The slow way: every world, evaluated straight from the conditions.

type World = Readonly<Record<string, FactValue>>;
const DOMAIN: Readonly<Record<string, readonly FactValue[]>> = { B1: [true, false], E: ['a', 'b', 'c'], S: [[], ['p'], ['q'], ['p', 'q']], N: [5, 10, 15, 20, 25], B2: [true, false], E2: ['x', 'y'] };
const WORLDS: readonly World[] = FACTS.reduce<World[]>((worlds, { id }) => worlds.flatMap((world) => DOMAIN[id]!.map((value) => ({ ...world, [id]: value }))), [{}]);

function truth(pack: Pack, world: World, reading: string, expression: Expression): boolean {
  const value = (e: Expression): boolean => truth(pack, world, reading, e);
  switch (expression.op) {
    case 'true': return true;
    case 'false': return false;
    case 'all': return expression.of.every(value);
    case 'any': return expression.of.some(value);
    case 'not': return !value(expression.of);
    case 'reading': return expression.option === reading;
    case 'name': return expression.kind === 'definition' ? value(pack.definitions.find((d) => d.id === expression.name)!.when.expression) : concluded(pack, world, reading, expression.name);
    default: {
      const gate = pack.facts.find((fact) => fact.id === expression.fact)!.appliesIf;
      return (gate === undefined || value(gate.expression)) && atomTruth(expression, world[expression.fact]!);
    }
  }
}

function atomTruth(atom: Extract<Expression, { readonly fact: string }>, value: FactValue): boolean {
  switch (atom.op) {
    case 'fact': return value === true;
    case 'is': return value === atom.value;
    case 'has': return (value as readonly string[]).includes(atom.value);
    case 'has-none': return (value as readonly string[]).length === 0;
    case 'compare': {
      const limit = (atom.limit as { readonly number: number }).number;
      const number = value as number;
      return { '<': number < limit, '<=': number <= limit, '>': number > limit, '>=': number >= limit }[atom.by];
    }
  }
}

function concluded(pack: Pack, world: World, reading: string, id: string): boolean {
  if (id === 'f') return concluded(pack, world, reading, 'c1');
  const value = (e: Expression): boolean => truth(pack, world, reading, e);
  const family = pack.families.find((item) => item.id === pack.conclusions.find((c) => c.id === id)!.family);
  if (family?.requires !== undefined && !value(family.requires.expression)) return false;
  const rules = pack.rules.filter((rule) => rule.concludes === id);
  const fires = (ruleId: string): boolean => value(rules.find((rule) => rule.id === ruleId)!.when.expression) && !rules.some((other) => other.overrides === ruleId && value(other.when.expression));
  const exception = rules.filter((rule) => rule.kind === 'exception' && rule.overrides === undefined && fires(rule.id)).sort((a, b) => b.priority - a.priority)[0];
  if (exception !== undefined) return exception.then === 'holds';
  return rules.some((rule) => rule.kind === 'general' && fires(rule.id));
}

const same = (a: FactValue | undefined, b: FactValue | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

function isPossible(world: World, facts: Facts): boolean {
  return Object.entries(facts).every(([id, answer]) => {
    if (typeof answer === 'object' && 'unknown' in answer) return true;
    if (typeof answer === 'object' && 'disputed' in answer) return true;
    if (typeof answer === 'object' && 'has' in answer) return answer.has.every((m) => (world[id] as string[]).includes(m)) && !answer.hasNot.some((m) => (world[id] as string[]).includes(m));
    return same(answer, world[id]);
  });
}

function resultOver(results: readonly boolean[]): Result {
  return results.every(Boolean) ? 'holds' : results.some(Boolean) ? 'undetermined' : 'fails';
}

function literalTruth(literal: Literal, world: World): boolean {
  const value = world[literal.fact];
  if (literal.value.startsWith('>')) {
    const limit = Number(literal.value.replace(/^>=? /, ''));
    return (literal.value.startsWith('>=') ? (value as number) >= limit : (value as number) > limit) === literal.holds;
  }
  if (Array.isArray(value)) return value.includes(literal.value) === literal.holds;
  if (typeof value === 'boolean') return value === (literal.value === 'yes') && literal.holds;
  return (value === literal.value) === literal.holds;
}

// Random answers.

const answers: fc.Arbitrary<Facts> = fc
  .record(
    Object.fromEntries(
      FACTS.map(({ id }) => {
        const value = fc.constantFrom<FactAnswer>(...DOMAIN[id]!);
        const partial = id === 'S' ? [fc.constantFrom<FactAnswer>({ has: ['p'], hasNot: [] }, { has: [], hasNot: ['q'] })] : [];
        return [id, fc.oneof({ weight: 4, arbitrary: value }, { weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant<FactAnswer>({ unknown: true }) }, ...partial.map((arbitrary) => ({ weight: 2, arbitrary })))];
      }),
    ) as Record<string, fc.Arbitrary<FactAnswer | undefined>>,
  )
  .map((record) => Object.fromEntries(Object.entries(record).filter(([, answer]) => answer !== undefined)) as Facts);

const scene = fc.tuple(packText, answers);

describe('decisions agree with every possible world', () => {
  test('holds, fails or open exactly as all completions say; asks exactly the facts that can matter', () => {
    fc.assert(
      fc.property(scene, ([text, facts]) => {
        const pack = load(text);
        const law = compileLaw(pack, TIME);
        const decision = decide(law, facts);
        const codes = classifierFor(law).classify(facts);
        const possible = WORLDS.filter((world) => isPossible(world, facts));
        for (const [index, outcome] of decision.outcomes.entries()) {
          const verdicts = new Map(possible.map((world) => [JSON.stringify(world), concluded(pack, world, 'A', outcome.id)]));
          expect(outcome.result).toBe(resultOver([...verdicts.values()]));
          expect(RESULT_CODES[codes[index]!]).toBe(outcome.result);
          const mattering = FACTS.map(({ id }) => id).filter((id) => possible.some((world) => DOMAIN[id]!.some((value) => {
            const other = verdicts.get(JSON.stringify({ ...world, [id]: value }));
            return other !== undefined && other !== verdicts.get(JSON.stringify(world));
          })));
          expect([...outcome.ask].sort()).toEqual([...mattering].sort());
          const states = factStates(law, facts);
          for (const id of outcome.ask) expect(states.get(id)).not.toBe('not-applicable');
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('reasons are prime implicants', () => {
    fc.assert(
      fc.property(scene, ([text, facts]) => {
        const pack = load(text);
        const decision = decide(compileLaw(pack, TIME), facts);
        for (const outcome of decision.outcomes) {
          if (outcome.result === 'undetermined') {
            expect(outcome.reasons).toEqual([]);
            continue;
          }
          expect(outcome.reasons.length).toBeGreaterThan(0);
          const isSettledBy = (literals: readonly Literal[]): boolean => WORLDS.every((world) => !literals.every((literal) => literalTruth(literal, world)) || concluded(pack, world, 'A', outcome.id) === (outcome.result === 'holds'));
          for (const { because } of outcome.reasons) {
            expect(isSettledBy(because)).toBe(true);
            for (const literal of because) expect(isSettledBy(because.filter((other) => other !== literal))).toBe(false);
            // The facts as answered do bear the literals out.
            for (const literal of because) expect(WORLDS.filter((world) => isPossible(world, facts)).every((world) => literalTruth(literal, world))).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('flips flip, and no cheaper change does', () => {
    fc.assert(
      fc.property(scene, ([text, facts]) => {
        const pack = load(text);
        const decision = decide(compileLaw(pack, TIME), facts);
        for (const outcome of decision.outcomes) {
          if (outcome.result === 'undetermined') continue;
          const opposite = WORLDS.filter((world) => concluded(pack, world, 'A', outcome.id) !== (outcome.result === 'holds'));
          if (outcome.flip === undefined) {
            expect(opposite).toEqual([]);
            continue;
          }
          expect(outcome.flip.cost).toBe(Math.min(...opposite.map((world) => costOfMoving(facts, world))));
          const { changes } = outcome.flip;
          const changed = new Set(changes.map(({ fact }) => fact));
          const after = WORLDS.filter((world) => changes.every((literal) => literalTruth(literal, world)) && isPossible(world, Object.fromEntries(Object.entries(facts).map(([id, answer]) => [id, changed.has(id) ? withoutChanged(id, answer, changes) : answer]))));
          expect(after.length).toBeGreaterThan(0);
          for (const world of after) expect(concluded(pack, world, 'A', outcome.id)).toBe(outcome.flip.to === 'holds');
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a preview says what deciding with that answer says', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom(...FACTS.map(({ id }) => id)), ([text, facts], id) => {
        const law = compileLaw(load(text), TIME);
        const { [id]: _own, ...others } = facts;
        const before = new Map(decide(law, others).outcomes.map((outcome) => [outcome.id, outcome]));
        for (const answer of preview(law, facts, id)!) {
          const value = answer.value ?? (answer.text.startsWith('not') ? -1e9 : answer.text.includes('not') ? undefined : 1e9);
          if (value === undefined) continue;
          const after = decide(law, { ...others, [id]: value });
          const changed = new Map(answer.outcomes.map((outcome) => [outcome.id, outcome]));
          for (const outcome of after.outcomes) {
            const shown = changed.get(outcome.id);
            expect(outcome.result).toBe(shown?.result ?? before.get(outcome.id)!.result);
            if (shown !== undefined) expect(outcome.ask.length).toBe(shown.open);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('disputed claims are all tried, readings are all shown', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom('B1', 'E'), ([text, facts], id) => {
        const pack = load(text);
        const law = compileLaw(pack, TIME);
        const [one, two] = [DOMAIN[id]![0]!, DOMAIN[id]![1]!];
        const disputed = decide(law, { ...facts, [id]: { disputed: [{ by: 'provider', value: one }, { by: 'officer', value: two }] } });
        const results = [one, two].map((value) => new Map(decide(law, { ...facts, [id]: value }).outcomes.map((outcome) => [outcome.id, outcome.result])));
        for (const outcome of disputed.outcomes) {
          const [a, b] = results.map((result) => result.get(outcome.id)!);
          expect(outcome.result).toBe(a === b ? a : 'disputed');
          if (outcome.result === 'disputed') expect(outcome.disputedBy).toEqual([id]);
          expect(outcome.ask).not.toContain(id);
        }
        const possible = WORLDS.filter((world) => isPossible(world, facts));
        for (const outcome of decide(law, facts).outcomes) {
          const [underA, underB] = ['A', 'B'].map((reading) => resultOver(possible.map((world) => concluded(pack, world, reading, outcome.id))));
          expect(outcome.readings).toEqual(underA === underB ? [] : [{ reading: 'R', results: { A: underA, B: underB }, default: 'A' }]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('the same inputs give the same bytes', () => {
    fc.assert(
      fc.property(scene, ([text, facts]) => {
        const bytes = (): string => canonical(decide(compileLaw(load(text), TIME), facts) as unknown as Json);
        const reordered = Object.fromEntries(Object.entries(facts).toReversed());
        const law = compileLaw(load(text), TIME);
        decide(law, {});
        expect(canonical(decide(law, reordered) as unknown as Json)).toBe(bytes());
      }),
      { numRuns: 40 },
    );
  });
});

function withoutChanged(id: string, answer: FactAnswer, changes: readonly Literal[]): FactAnswer {
  if (id !== 'S') return { unknown: true };
  const touched = new Set(changes.filter(({ fact }) => fact === id).map(({ value }) => value));
  const { has, hasNot } = partsOfSet(answer);
  return { has: has.filter((m) => !touched.has(m)), hasNot: hasNot.filter((m) => !touched.has(m)) };
}

function partsOfSet(answer: FactAnswer): { readonly has: readonly string[]; readonly hasNot: readonly string[] } {
  if (Array.isArray(answer)) return { has: answer as string[], hasNot: ['p', 'q'].filter((m) => !(answer as string[]).includes(m)) };
  return typeof answer === 'object' && 'has' in answer ? answer : { has: [], hasNot: [] };
}

function costOfMoving(facts: Facts, world: World): number {
  return FACTS.reduce((sum, { id, mutable }) => {
    const answer = facts[id];
    const each = mutable ? 1 : 10;
    if (answer === undefined || (typeof answer === 'object' && 'unknown' in answer)) return sum;
    if (id === 'S') {
      const { has, hasNot } = partsOfSet(answer);
      const members = world['S'] as readonly string[];
      return sum + each * (has.filter((m) => !members.includes(m)).length + hasNot.filter((m) => members.includes(m)).length);
    }
    // Only the region of a number matters to the law.
    const region = (n: number): number => (n < 10 ? 0 : n === 10 ? 1 : n < 20 ? 2 : n === 20 ? 3 : 4);
    if (id === 'N') return sum + (region(answer as number) === region(world['N'] as number) ? 0 : each);
    return sum + (same(answer as FactValue, world[id]) ? 0 : each);
  }, 0);
}

describe('the fast path', () => {
  test('its reasons settle the result by themselves, and are prime for conclusions', () => {
    fc.assert(
      fc.property(scene, ([text, facts]) => {
        const pack = load(text);
        const law = compileLaw(pack, TIME);
        const classifier = classifierFor(law);
        const reasons = classifier.explain(facts);
        for (const [index, outcome] of decide(law, facts).outcomes.entries()) {
          const reason = reasons[index];
          if (outcome.result === 'undetermined') {
            expect(reason).toBeUndefined();
            continue;
          }
          // Twice: the second answer is a remembered one.
          expect(classifier.explain(facts)[index]).toEqual(reason);
          const isSettledBy = (literals: readonly Literal[]): boolean => WORLDS.every((world) => !literals.every((literal) => literalTruth(literal, world)) || concluded(pack, world, 'A', outcome.id) === (outcome.result === 'holds'));
          if (reason === undefined) continue; // A family settled only by its members together.
          expect(isSettledBy(reason.because)).toBe(true);
          if (outcome.id !== 'f') for (const literal of reason.because) expect(isSettledBy(reason.because.filter((other) => other !== literal))).toBe(false);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
