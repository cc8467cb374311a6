/** The worked vectors of the hiring filter and the dates of a law that moved. */

import { describe, expect, test } from 'vitest';
import { canonical, civil, Fault } from '../base/index.ts';
import type { Json } from '../base/index.ts';
import { conclusionYaml, definitionYaml, examplePack, factYaml, HIRING_PACK, PLAIN_MANIFEST, ruleYaml } from './examples.ts';
import { checkPack, compileLaw, decide, loadPack, mutationReport, packDigest, parseFacts, questionsFor } from './index.ts';
import type { Facts, Outcome, Pack, PackFile } from './index.ts';

function load(files: readonly PackFile[]): Pack {
  const loaded = loadPack(files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

const LATER = { asOf: civil('2028-01-10'), knownOn: civil('2026-07-27') };

function outcome(pack: Pack, id: string, facts: Facts, time = LATER): Outcome {
  return decide(compileLaw(pack, time), facts).outcomes.find((item) => item.id === id)!;
}

describe('hit = recruit and person, filtered when narrow and neither influencing nor profiling', () => {
  const hiring = load(HIRING_PACK);
  const check = (facts: Facts, expected: Partial<Outcome>): void => expect(outcome(hiring, 'high.III.4a', facts)).toMatchObject(expected);
  const yes = (...facts: string[]) => facts.map((fact) => ({ fact, value: 'yes', holds: true }));

  test('recruit and person leave the filter open', () => {
    const open = outcome(hiring, 'high.III.4a', { recruit: true, person: true });
    expect(open.result).toBe('undetermined');
    expect([...open.ask].sort()).toEqual(['influences', 'narrow', 'profiling']);
  });
  test('profiling settles it, by three facts, one change away from the opposite', () => {
    check({ recruit: true, person: true, profiling: true }, { result: 'holds', ask: [], reasons: [{ because: yes('recruit', 'person', 'profiling') }] });
    // Without the mutable “recruit” nothing is left of the hit; the persons cannot be changed.
    check({ recruit: true, person: true, profiling: true }, { flip: { to: 'fails', cost: 1, changes: [{ fact: 'recruit', value: 'no', holds: true, kind: 'mutable' }] } });
  });
  test('no recruitment settles it alone', () => check({ recruit: false }, { result: 'fails', ask: [], reasons: [{ because: [{ fact: 'recruit', value: 'no', holds: true }] }] }));
  test('a narrow task is filtered, and the exception is what decided', () => {
    const filtered = outcome(hiring, 'high.III.4a', { recruit: true, person: true, narrow: true, influences: false, profiling: false });
    expect(filtered.result).toBe('fails');
    expect(filtered.trace).toEqual([{ rule: 'filter', kind: 'exception', result: 'fires', decisive: true }, { rule: 'listed', kind: 'general', result: 'fires', decisive: false }]);
    expect(filtered.sources.map(({ article }) => article)).toEqual(['Art. filter', 'Art. listed']);
  });
  test('claims that differ are disputed only where they matter', () => {
    const disputed = { disputed: [{ by: 'provider', value: false }, { by: 'officer', value: true }] };
    check({ recruit: true, person: true, narrow: true, influences: false, profiling: disputed }, { result: 'disputed', disputedBy: ['profiling'], ask: [] });
    check({ recruit: true, person: true, narrow: false, profiling: disputed }, { result: 'holds', ask: [] });
  });
  test('a recorded “do not know” stays askable, last', () => {
    const open = outcome(hiring, 'high.III.4a', { recruit: true, person: true, narrow: { unknown: true } });
    expect(open.ask.at(-1)).toBe('narrow');
    expect(questionsFor(compileLaw(hiring, LATER), { recruit: true, person: true, narrow: { unknown: true } }).map(({ fact }) => fact)).toEqual(open.ask);
  });
  test.each([
    ['2026-07-26', '2026-08-02', true],
    ['2026-07-27', '2027-12-02', true],
  ])('placed 2028-01-10, as known on %s, it applies from %s', (knownOn, appliesFrom, applies) => {
    const facts: Facts = { recruit: true, person: true, profiling: true };
    expect(outcome(hiring, 'high.III.4a', facts, { asOf: civil('2028-01-10'), knownOn: civil(knownOn) }).dates).toMatchObject({ appliesFrom, applies });
  });
  test('holds before it applies, and says so', () => {
    expect(outcome(hiring, 'high.III.4a', { recruit: true, person: true, profiling: true }, { asOf: civil('2026-11-30'), knownOn: civil('2026-11-30') })).toMatchObject({ result: 'holds', dates: { appliesFrom: '2027-12-02', applies: false } });
  });
  test('before it was published there was no date', () => {
    expect(outcome(hiring, 'high.III.4a', { recruit: true, person: true, profiling: true }, { asOf: civil('2026-11-30'), knownOn: civil('2024-01-01') }).dates).toEqual({ applies: false });
  });
  test('is sound, and its cases notice every mutant but those of a narrow filter', () => {
    expect(checkPack(hiring).filter(({ severity }) => severity === 'error')).toEqual([]);
    const report = mutationReport(hiring);
    expect(report.mutants).toBe(report.killed + report.equivalent + report.survivors.length);
    expect(report.killed).toBeGreaterThan(0);
    expect(report.survivors.map(({ place }) => place)).toContain('parameter:applies.route.III'); // No case states a date.
  });
  test('recomputes to the same bytes, and the digest names the files', () => {
    const facts: Facts = { recruit: true, person: true };
    const again = load(HIRING_PACK.map((file) => ({ ...file })));
    expect(canonical(decide(compileLaw(again, LATER), facts) as unknown as Json)).toBe(canonical(decide(compileLaw(hiring, LATER), facts) as unknown as Json));
    expect(packDigest(HIRING_PACK)).toBe(hiring.ref.digest);
    expect(packDigest(HIRING_PACK.map((file) => (file.path === 'facts.yaml' ? { ...file, text: `${file.text}\n` } : file)))).not.toBe(hiring.ref.digest);
  });
});

describe('bad packs', () => {
  const problemsOf = (files: readonly PackFile[]): readonly string[] => {
    const loaded = loadPack(files);
    return loaded.ok ? checkPack(loaded.value).map(({ code, file, line }) => `${code} ${file}:${line}`) : loaded.refusal.map(({ code, file, line }) => `${code} ${file}:${line}`);
  };
  const facts = `facts:\n${factYaml('a', 'bool')}${factYaml('b', 'bool')}`;
  const rules = (definitions: string, when: string, more = ''): string => `definitions:\n${definitions}conclusions:\n${conclusionYaml('high.x')}rules:\n${ruleYaml('r', 'high.x', when)}${more}`;
  const pack = (factsText: string, rulesText: string): readonly PackFile[] => examplePack(PLAIN_MANIFEST, { 'facts.yaml': factsText, 'rules.yaml': rulesText });
  const table: readonly (readonly [string, readonly PackFile[], string])[] = [
    ['a cycle of definitions', pack(facts, rules(definitionYaml('d', 'a and e') + definitionYaml('e', 'b or d'), 'd')), 'cycle rules.yaml:2'],
    ['a cycle through a gate', pack(`facts:\n${factYaml('a', 'bool', ', applies_if: b')}${factYaml('b', 'bool', ', applies_if: a')}`, rules('', 'a')), 'cycle facts.yaml:2'],
    ['an unknown fact', pack(facts, rules('', 'a and c')), 'unknown-name rules.yaml:5'],
    ['a duplicate id', pack(`${facts}${factYaml('a', 'bool')}`, rules('', 'a')), 'duplicate-id facts.yaml:4'],
    ['an enum used as a truth', pack(`${facts}${factYaml('e', 'enum', ', values: [ { id: x, label: { az: a, en: b, ru: c } }, { id: y, label: { az: a, en: b, ru: c } } ]')}`, rules('', 'e')), 'wrong-type rules.yaml:5'],
    ['a value that is not declared', pack(`${facts}${factYaml('e', 'set', ', values: [ { id: x, label: { az: a, en: b, ru: c } } ]')}`, rules('', 'e has z')), 'unknown-value rules.yaml:5'],
    ['a date that does not exist', pack(`${facts}${factYaml('d', 'date')}`, rules('', 'd > 2026-02-30')), 'wrong-type rules.yaml:5'],
    ['malformed YAML', pack('facts:\n  - { id: a', rules('', 'true')), 'malformed-yaml facts.yaml:2'],
    ['a condition that does not end', pack(facts, rules('', 'a and (b or')), 'bad-condition rules.yaml:5'],
    ['an unknown key', pack(`facts:\n${factYaml('a', 'bool', ', aply_if: b')}`, rules('', 'a')), 'unknown-key facts.yaml:2'],
    ['exceptions that contradict', pack(facts, rules('', 'true', ruleYaml('one', 'high.x', 'a', ', kind: exception, priority: 5') + ruleYaml('two', 'high.x', 'b', ', kind: exception, priority: 5, then: holds'))), 'contradictory-exceptions rules.yaml:7'],
    ['a conclusion that cannot hold', pack(facts, rules('', 'a and not a')), 'unreachable-conclusion rules.yaml:3'],
    ['a point without a case', pack(facts, rules('', 'a')), 'no-positive-case rules.yaml:3'],
    ['a missing translation', pack(facts.replace('az: "help (az)", ', ''), rules('', 'a')), 'missing-translation facts.yaml:2'],
    ['no manifest', [{ path: 'facts.yaml', text: facts }], 'no-manifest pack.yaml:1'],
    ['a file that is not there', examplePack(PLAIN_MANIFEST, {}).map((file) => ({ ...file, text: file.text.replace('files: []', 'files: [gone.yaml]') })), 'missing-file pack.yaml:19'],
    ['bytes that are no pack', [{ path: 'pack.yaml', text: '\u0000\u0001{[' }], 'wrong-shape pack.yaml:1'],
    ['a manifest that breaks off', [{ path: 'pack.yaml', text: 'id: {[' }], 'malformed-yaml pack.yaml:1'],
  ];
  test.each(table)('%s', (_, files, expected) => expect(problemsOf(files)).toContain(expected));

  test('an alias bomb is refused, not expanded', () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(', ')}]`).join('\n')}\nfacts: *h\n`;
    expect(loadPack(examplePack(PLAIN_MANIFEST, { 'facts.yaml': bomb })).ok).toBe(false);
  });

  test('a diagram past its bound is a fault that names the rule', () => {
    const wide = load(pack(facts, rules('', 'a and b')));
    expect(() => compileLaw(wide, LATER, 'classification', 3)).toThrow(Fault);
    expect(() => compileLaw(wide, LATER, 'classification', 3)).toThrow(/rule “r”/);
  });
});

describe('bad answers', () => {
  const values = ', values: [ { id: x, label: { az: a, en: b, ru: c } }, { id: y, label: { az: a, en: b, ru: c } } ]';
  const pack = load(examplePack(PLAIN_MANIFEST, { 'facts.yaml': `facts:\n${factYaml('truth', 'bool')}${factYaml('one', 'enum', values)}${factYaml('some', 'set', values)}${factYaml('size', 'number')}${factYaml('day', 'date')}`, 'rules.yaml': `conclusions:\n${conclusionYaml('high.x')}rules:\n${ruleYaml('r', 'high.x', 'truth or one = x or some has x or size > 1e25 or day >= 2026-08-02')}` }));
  const check = (raw: unknown): readonly string[] => {
    const parsed = parseFacts(pack, raw);
    return parsed.ok ? [] : parsed.refusal.map(({ fact, code }) => `${fact} ${code}`);
  };
  test.each<readonly [unknown, readonly string[]]>([
    [{ truth: 'yes', one: 'x', some: ['y', 'x'], size: '1e26', day: '2026-08-02' }, []],
    [{ facts: { truth: 'unknown', some: { has: ['x'], hasNot: ['y'] }, one: { disputed: [{ by: 'a', value: 'x' }, { by: 'b', value: 'y' }] } } }, []],
    [{ truht: true }, ['truht unknown-fact']],
    [{ truth: 3, one: ['x'], some: 'x', size: 'many', day: 5 }, ['truth wrong-type', 'one wrong-type', 'some wrong-type', 'size wrong-type', 'day wrong-type']],
    [{ one: 'z', some: ['x', 'x'], day: '2026-02-30' }, ['one unknown-value', 'some duplicate-value', 'day bad-date']],
    [{ some: { has: ['x'], hasNot: ['x'] } }, ['some duplicate-value']],
    [{ truth: { disputed: [{ by: 'a', value: true }] } }, ['truth wrong-shape']],
    [[], [' wrong-shape']],
    ['text', [' wrong-shape']],
    [{ size: Number.POSITIVE_INFINITY }, ['size wrong-type']],
    [JSON.parse('{ "__proto__": { "truth": true } }'), ['__proto__ unknown-fact']],
  ])('%j', (raw, expected) => expect(check(raw)).toEqual(expected));

  test('the nearest name is offered', () => {
    const parsed = parseFacts(pack, { truht: true });
    expect(!parsed.ok && parsed.refusal[0]!.message).toContain('“truth”');
  });
});
