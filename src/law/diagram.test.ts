import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { civil, dayNumber } from '../base/index.ts';
import { classify, compileLaw, diagramOf, latestTime, loadPack } from './index.ts';
import type { Diagram, FactValue, Pack } from './index.ts';

const words = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const fact = (id: string, type: string, more = ''): string => `  - { id: ${id}, type: ${type}, group: g, ${more} ask: ${words(id)}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [] }\n`;
const values = (...ids: string[]): string => `values: [ ${ids.map((id) => `{ id: ${id}, label: ${words(id)} }`).join(', ')} ],`;

function packOf(when: string, more = ''): Pack {
  const text = `id: drawn
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('Drawn')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis: [ { key: act, title: ${words('Act')} } ]
headline: [ { id: none, label: ${words('None')} } ]
facts:
${fact('B', 'bool')}${fact('E', 'enum', values('a', 'b', 'c', 'd'))}${fact('S', 'set', values('p', 'q'))}${fact('N', 'number')}${fact('D', 'date')}${fact('G', 'bool', 'applies_if: E = a,')}readings:
  - { id: R, default: x, label: ${words('R')}, options: [ { id: x, label: ${words('x')} }, { id: y, label: ${words('y')} } ], ev: D }
conclusions:
  - { id: c, label: ${words('c')}, plain: ${words('c')} }
rules:
  - { id: r, concludes: c, when: "${when}", label: ${words('r')}, cite: [], ev: V }
${more}`;
  const loaded = loadPack([{ path: 'pack.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value;
}

function drawn(pack: Pack, what: Parameters<typeof diagramOf>[1] = { conclusion: 'c' }, options: Parameters<typeof diagramOf>[2] = {}): Diagram {
  const diagram = diagramOf(compileLaw(pack, latestTime(pack)), what, options);
  if (!diagram.ok) throw new Error(JSON.stringify(diagram.refusal));
  return diagram.value;
}

/** Each node with its edges: `0 E: a → holds; b, c, d → fails`. */
function told(diagram: Diagram): readonly string[] {
  const tests = diagram.nodes.filter(({ kind }) => kind === 'test');
  const name = (id: number): string => (diagram.nodes[id]!.kind === 'test' ? String(tests.findIndex((node) => node.id === id)) : diagram.nodes[id]!.kind);
  return tests.map(({ id, label }) => `${name(id)} ${label}: ${diagram.edges.filter(({ from }) => from === id).map(({ answers, to }) => `${answers.join('|')} → ${name(to)}`).sort().join('; ')}`);
}

test.each([
  ['true', []],
  ['B', ['0 B: no → fails; yes → holds']],
  ['not B', ['0 B: no → holds; yes → fails']],
  ['E = c', ['0 E: a|b|d → fails; c → holds']],
  ['E = d', ['0 E: a|b|c → fails; d → holds']],
  ['E in [a, d]', ['0 E: a|d → holds; b|c → fails']],
  ['E = a and B or E = b and not B', ['0 E: a → 1; b → 2; c|d → fails', '1 B: no → fails; yes → holds', '2 B: no → holds; yes → fails']],
  ['S has q', ['0 S has q: no → fails; yes → holds']],
  ['S has none', ['0 S has p: no → 1; yes → fails', '1 S has q: no → holds; yes → fails']],
  ['N > 10 and N <= 20', ['0 N: <= 10|> 20 → fails; > 10, <= 20 → holds']],
  ['D < 2026-08-02', ['0 D: < 2026-08-02 → holds; >= 2026-08-02 → fails']],
  ['G', ['0 E: a → 1; b|c|d → fails', '1 G: no → fails; yes → holds']],
  ['R = y and B', ['0 R: x → fails; y → 1', '1 B: no → fails; yes → holds']],
])('what is drawn for %s', (when, expected) => {
  expect(told(drawn(packOf(when)))).toEqual(expected);
});

test('a rule is drawn by its own condition, a conclusion with its exceptions', () => {
  const pack = packOf('B', `  - { id: e, concludes: c, kind: exception, when: S has p, label: ${words('e')}, cite: [], ev: V }\n`);
  expect(told(drawn(pack, { rule: 'r' }))).toEqual(['0 B: no → fails; yes → holds']);
  expect(told(drawn(pack, { rule: 'e' }))).toEqual(['0 S has p: no → fails; yes → holds']);
  expect(told(drawn(pack))).toEqual(['0 B: no → fails; yes → 1', '1 S has p: no → holds; yes → fails']);
});

test('names nobody declared and diagrams too large to draw are refused; truncated, the rest is one node', () => {
  const pack = packOf('B and S has p and S has q and E in [a, c] and N > 3');
  const law = compileLaw(pack, latestTime(pack));
  expect(diagramOf(law, { conclusion: 'x' })).toEqual({ ok: false, refusal: { code: 'unknown-conclusion', id: 'x' } });
  expect(diagramOf(law, { rule: 'x' })).toEqual({ ok: false, refusal: { code: 'unknown-rule', id: 'x' } });
  expect(diagramOf(law, { rule: 'r' }, { nodesMax: 3 })).toEqual({ ok: false, refusal: { code: 'diagram-too-large', id: 'r', nodes: 7, nodesMax: 3 } });
  const truncated = drawn(pack, { rule: 'r' }, { nodesMax: 3, truncate: true });
  expect(truncated.isTruncated).toBe(true);
  expect(told(truncated)).toEqual(['0 B: no → fails; yes → 1', '1 S has p: no → fails; yes → more']);
});

// The drawing is the law: whatever the facts, the way through it ends where the engine says.

const conditionText = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, fc.constantFrom('B', 'E = a', 'E != b', 'E in [b, d]', 'S has p', 'S has q', 'S has none', 'N > 10', 'N < 10', 'N <= 20', 'N >= 20', 'D < 2026-08-02', 'D >= 2027-01-01', 'G', 'R = x'), tie('tree').map((part) => `not (${part})`), fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([a, word, b]) => `(${a}) ${word} (${b})`)),
})).tree;
const facts = fc.record({ B: fc.boolean(), E: fc.constantFrom('a', 'b', 'c', 'd'), S: fc.subarray(['p', 'q']), N: fc.constantFrom(0, 10, 15, 20, 25), D: fc.constantFrom('2026-01-01', '2026-08-02', '2027-01-01'), G: fc.boolean() });

/** Follows the drawing as a reader would. */
function follow(diagram: Diagram, given: { readonly [id: string]: FactValue }): string {
  let at = 0;
  for (let step = 0; step < 50; step++) {
    const node = diagram.nodes[at]!;
    if (node.kind !== 'test') return node.kind;
    const { id, kind, value } = node.test!;
    const isAnswer = (answer: string): boolean => {
      if (kind === 'reading') return answer === 'x';
      const own = given[id]!;
      if (value !== undefined) return (own as string[]).includes(value) === (answer === 'yes');
      if (typeof own === 'boolean') return own === (answer === 'yes');
      if (!/^[<>]/.test(answer)) return own === answer;
      return answer.split(', ').every((range) => {
        const [sign, limit] = range.split(' ') as [string, string];
        const [left, right] = typeof own === 'string' ? [dayNumber(own), dayNumber(limit)] : [own as number, Number(limit)];
        return sign === '<' ? left < right : sign === '<=' ? left <= right : sign === '>' ? left > right : left >= right;
      });
    };
    const ways = diagram.edges.filter((edge) => edge.from === at && edge.answers.some(isAnswer));
    expect(ways).toHaveLength(1);
    at = ways[0]!.to;
  }
  throw new Error('the drawing has a cycle');
}

test('the way through the drawing ends where the engine ends, for random conditions and facts', () => {
  fc.assert(fc.property(conditionText, facts, (when, given) => {
    const pack = packOf(when);
    const result = classify(compileLaw(pack, { asOf: civil('2026-01-01'), knownOn: civil('2026-01-01') }), given)['c'];
    expect(follow(drawn(pack), given)).toBe(result);
  }), { numRuns: 150 });
});

const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
const loaded = loadPack(readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 3)));
const shipped = compileLaw(loaded.value, latestTime(loaded.value));

test('every rule and conclusion of the shipped pack is drawn, whole or truncated, with nothing on top of anything else', () => {
  const whats = [...shipped.outcomes.map(({ id }) => ({ conclusion: id })), ...shipped.outcomes.flatMap(({ rules }) => rules.map(({ rule }) => ({ rule: rule.id })))];
  const wrong: string[] = [];
  let whole = 0;
  for (const what of whats) {
    const answer = diagramOf(shipped, what, { truncate: true });
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    const { nodes, edges, width, height, isTruncated } = answer.value;
    if (!isTruncated) whole++;
    const places = new Set(nodes.map(({ x, y }) => `${x} ${y}`));
    const isInside = [...nodes, ...edges.flatMap(({ points }) => points)].every(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
    const isDown = edges.every(({ from, to }) => nodes[from]!.level < nodes[to]!.level);
    const isApart = nodes.every((one) => nodes.every((other) => one.id >= other.id || one.level !== other.level || Math.abs(one.x - other.x) > 0.99));
    if (places.size < nodes.length || !isInside || !isDown || !isApart) wrong.push(JSON.stringify(what));
  }
  expect(wrong).toEqual([]);
  expect(whole / whats.length).toBeGreaterThan(0.8);
});
