/** Recogniser files: what loads, and what is refused on which line with which advice. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPack } from '../index.ts';
import { loadRecognisers } from './index.ts';
import type { PackNames } from './index.ts';

const HEAD = `set: tiny
act: act
languages: [az, en, ru]
threshold: 0.5
weights: { high_risk: 30 }
`;
const RECOGNISER = `recognisers:
  - id: hire
    conclusion: high_risk.III.4a
    cite: "Annex III point 4(a)"
    propose: [ { fact: X.employment, has: recruit } ]
    signals:
      - { strength: 0.7, any: { az: ["işə qəbul*"], en: ["recruit*"], ru: ["подбор* персонал*"] } }
`;
const PACK: PackNames = {
  facts: [
    { id: 'X.employment', type: 'set', values: [{ id: 'recruit', label: { az: '', en: '', ru: '' } }] },
    { id: 'P.emotion', type: 'bool', values: [] },
  ],
  conclusions: [{ id: 'high_risk.III.4a' }],
  families: [{ id: 'high_risk' }],
  legalBasis: [{ key: 'act' }],
};

function problemsOf(text: string, pack?: PackNames): string[] {
  const loaded = loadRecognisers([{ path: 'tiny.yaml', text }], pack);
  const problems = loaded.ok ? loaded.value.warnings : loaded.refusal;
  return problems.map((problem) => `${problem.code}@${problem.line}`);
}

function firstCode(files: readonly { path: string; text: string }[]): string | undefined {
  const loaded = loadRecognisers(files);
  return loaded.ok ? undefined : loaded.refusal[0]?.code;
}

describe('a set that is right', () => {
  test('loads with and without a pack, without warnings', () => {
    expect(problemsOf(HEAD + RECOGNISER)).toEqual([]);
    expect(problemsOf(HEAD + RECOGNISER, PACK)).toEqual([]);
  });

  test('keeps the proposal as a literal and the default threshold and weight', () => {
    const loaded = loadRecognisers([{ path: 'tiny.yaml', text: HEAD + RECOGNISER }]);
    const hire = loaded.ok ? loaded.value.recognisers[0] : undefined;
    expect(hire).toMatchObject({ threshold: 0.5, weight: 30, point: { act: 'act', article: 'Annex III point 4(a)' }, proposes: [{ fact: 'X.employment', value: { has: ['recruit'], hasNot: [] } }] });
  });

  test('yes and no are truths, other words are members', () => {
    for (const [is, value] of [['yes', true], ['no', false], ['true', true], ['text', 'text']] as const) {
      const loaded = loadRecognisers([{ path: 'tiny.yaml', text: (HEAD + RECOGNISER).replace('has: recruit', `is: ${is}`) }]);
      expect(loaded.ok && loaded.value.recognisers[0]?.proposes[0]?.value).toBe(value);
    }
  });
});

describe('a set that is wrong', () => {
  const signal = '{ strength: 0.7, any: { az: ["işə qəbul*"], en: ["recruit*"], ru: ["подбор* персонал*"] } }';
  const withSignal = (other: string): string => HEAD + RECOGNISER.replace(signal, other);
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['not YAML', 'set: [', ['not-yaml@1', 'set-not-once@1']],
    ['a list at the top', '- a', ['wrong-type@1', 'set-not-once@1']],
    ['empty', '', ['wrong-type@1', 'set-not-once@1']],
    ['brackets without end', '['.repeat(100_000), ['too-deep@1', 'set-not-once@1']],
    ['an alias', `${HEAD}terms: &t { a: { az: [x], en: [x], ru: [x] } }\nrecognisers: *t`, ['wrong-type@7']],
    ['an unknown key', `${HEAD}colour: red\n`, ['unknown-key@6']],
    ['no languages', HEAD.replace('languages: [az, en, ru]\n', ''), ['missing-key@1']],
    ['strength above one', withSignal(signal.replace('0.7', '7')), ['empty-recogniser@7', 'wrong-number@12']],
    ['strength as text', withSignal(signal.replace('0.7', 'high')), ['empty-recogniser@7', 'wrong-number@12']],
    ['a short prefix alone', withSignal(signal.replace('"recruit*"', '"re*"')), ['phrase-pattern-too-short@12']],
    ['a star inside', withSignal(signal.replace('"recruit*"', '"re*it"')), ['phrase-star-inside-word@12']],
    ['an unclosed alternative', withSignal(signal.replace('"recruit*"', '"(a|b recruit*"')), ['phrase-unbalanced@12']],
    ['a phrase without letters', withSignal(signal.replace('"recruit*"', '"— !"')), ['phrase-empty@12']],
    ['too long a phrase', withSignal(signal.replace('"recruit*"', '"a b c d e f g h i"')), ['phrase-too-long@12']],
    ['an explosion of alternatives', withSignal(signal.replace('"recruit*"', `"${'(a|b|c|d) '.repeat(6)}"`)), ['phrase-too-many-alternatives@12']],
    ['a language the set does not have', withSignal(signal.replace('ru:', 'fr:')), ['unknown-key@12', 'missing-language@12']],
    ['a missing language is a warning', withSignal(signal.replace(', ru: ["подбор* персонал*"]', '')), ['missing-language@12']],
    ['an unknown term', withSignal('{ strength: 0.7, any: $nobody }'), ['unknown-term@12', 'empty-recogniser@7']],
    ['any and all together', withSignal('{ strength: 0.7, any: { en: [a] }, all: [ { en: [b] } ] }'), ['signal-shape@12', 'empty-recogniser@7']],
    ['within without all', withSignal('{ strength: 0.7, within: 3, any: { en: [a] } }'), ['signal-shape@12', 'empty-recogniser@7']],
    ['two recognisers of one name', HEAD + RECOGNISER + RECOGNISER.replace('recognisers:\n', ''), ['duplicate-id@13']],
    ['no weight for the family', (HEAD + RECOGNISER).replace('conclusion: high_risk', 'conclusion: odd'), ['missing-weight@7']],
    ['has and is together', (HEAD + RECOGNISER).replace('has: recruit', 'has: recruit, is: yes'), ['proposal-shape@10', 'empty-recogniser@7']],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => expect(problemsOf(text).toSorted()).toEqual(expected.toSorted()));
  }

  const against: readonly (readonly [string, string, string, string])[] = [
    ['a fact the pack does not have', 'fact: X.employment', 'fact: X.nothing', 'unknown-fact@10'],
    ['a member the fact does not have', 'has: recruit', 'has: dismiss', 'unknown-value@10'],
    ['a set answered as a truth', 'has: recruit', 'is: yes', 'wrong-fact-type@10'],
    ['a conclusion the pack does not have', 'high_risk.III.4a', 'high_risk.III.9', 'unknown-conclusion@8'],
    ['an act the pack does not have', 'cite: "Annex III point 4(a)"', 'cite: { act: other, article: "Art. 1" }', 'unknown-act@9'],
  ];
  for (const [name, from, to, expected] of against) {
    test(name, () => expect(problemsOf((HEAD + RECOGNISER).replace(from, to), PACK)).toEqual([expected]));
  }

  test('every problem says what to do', () => {
    for (const [, text] of cases) {
      const loaded = loadRecognisers([{ path: 'tiny.yaml', text }]);
      for (const problem of loaded.ok ? loaded.value.warnings : loaded.refusal) {
        expect(problem.fix).not.toBe('');
        expect(problem.file).toBe('tiny.yaml');
      }
    }
  });

  test('two heads, no files, too many files, a file too long', () => {
    expect(firstCode([{ path: 'a', text: HEAD }, { path: 'b', text: HEAD }])).toBe('set-not-once');
    expect(firstCode([])).toBe('set-not-once');
    expect(firstCode(Array.from({ length: 65 }, (_, n) => ({ path: `${n}`, text: HEAD })))).toBe('too-much');
    expect(firstCode([{ path: 'a', text: `${HEAD}# ${'x'.repeat(1_000_001)}` }])).toBe('too-much');
  });
});

/** Reads a folder of YAML files with paths relative to it. */
function filesUnder(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
}

describe('the shipped set', () => {
  const packs = join(import.meta.dirname, '../../../packs');
  test('names only facts, members, conclusions and acts of the shipped AI Act pack, and speaks all three languages', () => {
    const { pack } = readPack(filesUnder(join(packs, 'law/eu-ai-act')));
    expect(pack).toBeDefined();
    const loaded = loadRecognisers(filesUnder(join(packs, 'recognisers/eu-ai-act')), pack);
    expect(loaded.ok ? loaded.value.warnings : loaded.refusal).toEqual([]);
  });

  test('reaches every letter of Art. 5, every point of Annex III, Art. 6(1) and Art. 50(1) to (4)', () => {
    const { pack } = readPack(filesUnder(join(packs, 'law/eu-ai-act')));
    const loaded = loadRecognisers(filesUnder(join(packs, 'recognisers/eu-ai-act')));
    const reached = new Set(loaded.ok ? loaded.value.recognisers.map((recogniser) => recogniser.conclusion) : []);
    const wanted = (pack?.conclusions ?? []).map((conclusion) => conclusion.id).filter((id) => /^(?:prohibited|high_risk|transparency)\./.test(id));
    expect(wanted.filter((id) => !reached.has(id))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(30);
  });
});
