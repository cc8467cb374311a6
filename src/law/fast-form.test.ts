/** The fast form answers exactly as the diagrams do: facts of many values, and random answers to the shipped pack. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { civil } from '../base/index.ts';
import { assignFacts } from './assignment.ts';
import { FALSE, TRUE } from './bdd.ts';
import type { Assignment } from './bdd.ts';
import { oneReason, reasonByPlainDeletion } from './explain.ts';
import { fastFormOf, WORD_BITS } from './fast-form.ts';
import { classifierFor, classify, compileLaw, decide, latestTime, loadPack, RESULT_CODES } from './index.ts';
import type { FactAnswer, FactDefinition, Facts, Law, Pack, PackFile } from './index.ts';

const words = { az: 'a', en: 'b', ru: 'c' };
const cite = [{ act: 'act', article: '1' }];

function load(files: readonly PackFile[]): Pack {
  const loaded = loadPack(files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

// More values than fit in one word of answers.
const VALUES = Array.from({ length: 2 * WORD_BITS + 5 }, (_, index) => `v${index}`);
const LIMITS = Array.from({ length: WORD_BITS + 12 }, (_, index) => index * 10);

function widePack(): Pack {
  const fact = (id: string, type: string, more: object = {}): object => ({ id, type, mutable: true, group: 'g', ask: words, help: words, example: words, why: words, cite, ...more });
  const values = VALUES.map((id) => ({ id, label: words }));
  const conditions = [
    ...VALUES.map((value) => `E = ${value}`),
    ...VALUES.map((value) => `S has ${value}`),
    ...LIMITS.map((limit, index) => `N ${index % 2 === 0 ? '>=' : '>'} ${limit}`),
    'S has none',
    `E in [${VALUES.filter((_, index) => index % 7 === 0).join(', ')}] and not S has v33`,
    `D >= 2026-02-01 and (B or N < 15)`,
    'R = A and B',
    'not E = v64 and S has v29 and S has v30 and S has v60',
  ];
  const text = stringify({
    id: 'wide', version: '1.0.0', engine: 1, jurisdiction: 'XX', title: words, status: 'draft', valid_from: '2020-01-01', known_from: '2020-01-01',
    legal_basis: [{ key: 'act', title: words }],
    families: [{ id: 'f', weight: 1, label: words, requires: 'B or not (S has v1)' }],
    headline: [{ id: 'some', when: 'f', label: words }, { id: 'none', label: words }],
    facts: [fact('B', 'bool'), fact('E', 'enum', { values }), fact('S', 'set', { values, applies_if: 'not E = v3' }), fact('N', 'number'), fact('D', 'date')],
    readings: [{ id: 'R', default: 'A', label: words, options: [{ id: 'A', label: words }, { id: 'B', label: words }], ev: 'D' }],
    conclusions: conditions.map((_, index) => ({ id: `c${index}`, ...(index % 3 === 0 ? { family: 'f' } : {}), label: words, plain: words })),
    rules: conditions.map((when, index) => ({ id: `r${index}`, concludes: `c${index}`, when, label: words, cite, ev: 'V' })),
  });
  return load([{ path: 'pack.yaml', text }]);
}

function shippedPack(): Pack {
  const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
  return load(readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })));
}

function known(fact: FactDefinition): fc.Arbitrary<FactAnswer> {
  const ids = fact.values.map(({ id }) => id);
  switch (fact.type) {
    case 'bool': return fc.boolean();
    case 'enum': return fc.constantFrom(...ids);
    case 'set': return fc.subarray(ids);
    case 'number': return fc.oneof(fc.integer({ min: -5, max: 500 }), fc.integer({ min: 0, max: 27 }).map((power) => 10 ** power));
    case 'date': return fc.constantFrom(civil('2025-12-31'), civil('2026-02-01'), civil('2030-01-01'));
  }
}

function unsettled(fact: FactDefinition): fc.Arbitrary<FactAnswer | undefined> {
  const parts = fact.type === 'set' ? [fc.subarray(fact.values.map(({ id }) => id)).map((has): FactAnswer => ({ has, hasNot: [] }))] : [];
  const claims = fc.tuple(known(fact), known(fact)).map(([one, two]) => ({ disputed: [{ by: 'a', value: one }, { by: 'b', value: two }] }) as FactAnswer);
  return fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.constant<FactAnswer>({ unknown: true }) }, { weight: 1, arbitrary: claims }, ...parts.map((arbitrary) => ({ weight: 3, arbitrary })));
}

/** About one fact in `openEvery` + 1 is not fully known. Answers of a worked case, where there is one, lead deeper than random ones. */
function answersTo(pack: Pack, openEvery: number): fc.Arbitrary<Facts> {
  const each = pack.facts.map((fact) => fc.oneof({ weight: openEvery, arbitrary: known(fact) }, { weight: 1, arbitrary: unsettled(fact) }).map((answer) => [fact.id, answer] as const));
  const own = fc.tuple(...each).map((entries) => Object.fromEntries(entries.filter(([, answer]) => answer !== undefined)) as Facts);
  if (pack.cases.length === 0) return own;
  return fc.tuple(own, fc.constantFrom(...pack.cases), fc.boolean()).map(([facts, { facts: worked }, isWorked]) => (isWorked ? { ...facts, ...worked } : facts));
}

const SCENES: readonly (readonly [string, Law, number])[] = [['facts of many values', widePack(), 60], ['the shipped pack', shippedPack(), 60]].map(([name, pack, runs]) => [name as string, compileLaw(pack as Pack, latestTime(pack as Pack)), runs as number]);

describe.each(SCENES)('%s', (_, law, runs) => {
  const classifier = classifierFor(law);
  const check = (facts: Facts): void => {
    const decision = decide(law, facts, { reasons: false, flips: false, ranked: false });
    const codes = classifier.classify(facts);
    const expected = decision.outcomes.map(({ id, result }) => [id, result]);
    expect(classifier.ids.map((id, index) => [id, RESULT_CODES[codes[index]!]])).toEqual(expected);
    expect(classifier.headline(facts, codes)).toBe(decision.headline.id);
    expect(Object.entries(classify(law, facts))).toEqual(expected);
  };

  test.each([['full', 200], ['nearly full', 12], ['half', 2], ['scarce', 1]] as const)('%s answers give what decide() says', (_kind, openEvery) => {
    fc.assert(fc.property(answersTo(law.pack, openEvery), check), { numRuns: runs });
  });

  test('nothing answered', () => check({}));

  test('reasons found from the deepest literal upwards are those of plain deletion', () => {
    const assignment: Assignment = new Int8Array(law.variableCount);
    fc.assert(
      fc.property(answersTo(law.pack, 200), (facts) => {
        assignFacts(law, facts, assignment);
        for (const outcome of law.outcomes) {
          const reach = law.diagrams.reach(outcome.node, assignment);
          if (reach === 3) continue;
          const goal = reach === 2 ? TRUE : FALSE;
          expect(oneReason(law, outcome, assignment, goal)).toEqual(reasonByPlainDeletion(law, outcome, assignment, goal));
        }
      }),
      { numRuns: runs },
    );
  });

  test('the program is well formed: every row tests some bit and leads on to later rows or to leaves', () => {
    const { program, holdingFrom, words: answerWords, stages } = fastFormOf(law);
    const leaves = holdingFrom.length - 1;
    for (let at = 0; at < program.length; at += 4) {
      const [word, mask, none, any] = program.subarray(at, at + 4);
      expect(word! < answerWords.length && mask! > 0).toBe(true);
      for (const target of [none!, any!]) expect(target < 0 ? ~target < leaves : target % 4 === 0 && target < program.length).toBe(true);
    }
    const placed = stages.flatMap(({ tables }) => tables.flatMap(({ outcomes }) => [...outcomes])).sort((a, b) => a - b);
    expect(placed).toEqual(law.outcomes.flatMap(({ members }, index) => (members.length === 0 ? [index] : [])));
  });
});
