import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseExpression, writeSyntax } from './expression.ts';
import type { Syntax } from './expression.ts';
import { loadPack, sentenceText, treeOf } from './index.ts';
import type { Pack, SentenceTree } from './index.ts';

const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
const loaded = loadPack(readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 3)));
const pack: Pack = loaded.value;

function tree(text: string): SentenceTree {
  const answer = treeOf(pack, text);
  if (!answer.ok) throw new Error(answer.refusal.message);
  return answer.value;
}

const name = fc.constantFrom('A', 'b.c', 'D_1', 'e-f');
const value = fc.constantFrom('x', 'y2', 'in', '3z');
const atom: fc.Arbitrary<Syntax> = fc.oneof(
  name.map((id): Syntax => ({ op: 'name', name: id })),
  fc.tuple(fc.constantFrom('is', 'is-not', 'has'), name, value).map(([op, id, own]): Syntax => ({ op, name: id, value: own })),
  fc.tuple(fc.constantFrom('in', 'has-any'), name, fc.array(value, { minLength: 1, maxLength: 3 })).map(([op, id, values]): Syntax => ({ op, name: id, values })),
  name.map((id): Syntax => ({ op: 'has-none', name: id })),
  fc.tuple(name, fc.constantFrom('<', '<=', '>', '>='), fc.constantFrom('10', '-5', '1e25', '1e-3', '2026-08-02', '$applies.default')).map(([id, by, limit]): Syntax => ({ op: 'compare', name: id, by, limit })),
  fc.constantFrom<Syntax>({ op: 'true' }, { op: 'false' }),
);
const syntax = fc.letrec<{ tree: Syntax }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, atom, tie('tree').map((of): Syntax => ({ op: 'not', of })), fc.tuple(fc.constantFrom('all', 'any'), fc.array(tie('tree'), { maxLength: 4 })).map(([op, of]): Syntax => ({ op, of }))),
})).tree;

/** The truth of a condition when each atom is true or false by a coin of its own. */
function truth(condition: Syntax, coin: (atom: string) => boolean): boolean {
  switch (condition.op) {
    case 'true': return true;
    case 'false': return false;
    case 'all': return condition.of.every((part) => truth(part, coin));
    case 'any': return condition.of.some((part) => truth(part, coin));
    case 'not': return !truth(condition.of, coin);
    default: return coin(writeSyntax(condition));
  }
}

test('text, tree and text again are the same words with the same meaning, whatever the condition', () => {
  fc.assert(fc.property(syntax, fc.array(fc.boolean(), { minLength: 1, maxLength: 16 }), (condition, coins) => {
    const text = writeSyntax(condition);
    const back = sentenceText(tree(text));
    expect(back).toBe(text);
    const parsed = parseExpression(back);
    if (!parsed.ok) throw new Error(parsed.message);
    const coin = (of: string): boolean => coins[[...of].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % coins.length]!;
    expect(truth(parsed.value, coin)).toBe(truth(condition, coin));
  }), { numRuns: 1_000 });
});

test('every condition of the shipped pack goes through its tree unchanged', () => {
  const conditions = [...pack.rules.map((rule) => rule.when), ...pack.definitions.map((definition) => definition.when), ...pack.facts.flatMap((fact) => fact.appliesIf ?? [])];
  expect(conditions.length).toBeGreaterThan(150);
  expect(conditions.filter((condition) => sentenceText(tree(condition.text)) !== condition.text)).toEqual([]);
});

test('leaves carry the labels of what they name', () => {
  const fact = pack.facts.find(({ type }) => type === 'enum')!;
  const [first] = fact.values;
  expect(tree(`${fact.id} = ${first!.id} and not RD.6_3 = A`)).toEqual({
    op: 'all',
    of: [
      { op: 'leaf', subject: { kind: 'fact', id: fact.id, label: fact.ask, type: 'enum' }, relation: 'is', values: [first] },
      { op: 'not', of: { op: 'leaf', subject: { kind: 'reading', id: 'RD.6_3', label: pack.readings.find(({ id }) => id === 'RD.6_3')!.label }, relation: 'is', values: [pack.readings.find(({ id }) => id === 'RD.6_3')!.options[0]] } },
    ],
  });
  expect(tree('high_risk or nowhere')).toMatchObject({ of: [{ subject: { kind: 'family' } }, { subject: { kind: 'unknown', id: 'nowhere' } }] });
});

test.each(['', 'A and', 'A = ', '(A', 'A b', `${'not '.repeat(100)}A`, 'A '.repeat(9_000)])('a text that is no condition is answered with what to do: %s', (text) => {
  const answer = treeOf(pack, text.slice(0, 20_000));
  expect(answer.ok).toBe(false);
  if (!answer.ok) expect(answer.refusal.fix).not.toBe('');
});
