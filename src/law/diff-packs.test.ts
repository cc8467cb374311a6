import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { affectedConclusions, diffPacks, entriesOf, loadPack, ruleDigest } from './index.ts';
import type { Pack, PackFile } from './index.ts';

const words = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const TINY = `id: tiny
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('Tiny act')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis:
  - { key: act, title: ${words('Tiny act')} }
families:
  - { id: strict, weight: 3, requires: in_scope, label: ${words('Strict')} }
headline:
  - { id: strict, when: strict, label: ${words('Strict')} }
  - { id: mild, when: mild, label: ${words('Mild')} }
  - { id: none, label: ${words('None')} }
parameters:
  applies.strict:
    type: date
    label: ${words('Strict applies')}
    values:
      - { value: 2026-08-02, known: 2025-01-01, source: "Art. 9", ev: V }
facts:
  - { id: A, type: bool, group: g, ask: ${words('A?')}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [ { act: act, article: "1" } ] }
  - { id: B, type: bool, group: g, ask: ${words('B?')}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [ { act: act, article: "1" } ] }
  - { id: K, type: date, group: g, ask: ${words('K?')}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [ { act: act, article: "1" } ] }
definitions:
  - { id: in_scope, when: A or B, label: ${words('In scope')}, cite: [] }
conclusions:
  - { id: strict.one, family: strict, label: ${words('One')}, plain: ${words('One')} }
  - { id: strict.two, family: strict, label: ${words('Two')}, plain: ${words('Two')} }
  - { id: mild, label: ${words('Mild')}, plain: ${words('Mild')} }
rules:
  - { id: r1, concludes: strict.one, when: A and K < 2026-05-01, label: ${words('r1')}, cite: [ { act: act, article: "2" } ], ev: V, applies: $applies.strict }
  - { id: r2, concludes: strict.two, when: B, label: ${words('r2')}, cite: [ { act: act, article: "3" } ], ev: V }
  - { id: r3, concludes: mild, when: not strict.two, label: ${words('r3')}, cite: [ { act: act, article: "4" } ], ev: S }
`;

function load(text: string): Pack {
  const loaded = loadPack([{ path: 'pack.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value;
}

/** TINY with one text put for another. */
function edited(...edits: readonly (readonly [string, string])[]): Pack {
  let text = TINY;
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`nothing to edit: ${from}`);
    text = text.replace(from, to);
  }
  return load(text);
}

const tiny = load(TINY);

test.each([
  ['nothing', [], []],
  ['comments, blank lines and quoting', [['rules:', '# a comment\n\nrules:'], ['when: B,', 'when: "B",']], []],
  ['a label', [[`label: ${words('r2')}`, `label: { az: "r2", en: "second", ru: "r2" }`]], ['changed rule:r2 words label.en: r2 → second']],
  ['a condition', [['when: B,', 'when: B and not A,']], ['changed rule:r2 law when: B → B and not A']],
  ['a citation', [['article: "3"', 'article: "3(1)"']], ['changed rule:r2 sources cite: act 3 → act 3(1)']],
  ['a mark', [['ev: S', 'ev: V']], ['changed rule:r3 sources evidence: S → V']],
  ['a rule taken out', [[/ {2}- \{ id: r2.*\n/.exec(TINY)![0], '']], ['removed rule:r2 law']],
  ['an act renamed', [[`title: ${words('Tiny act')} }`, `title: ${words('Small act')} }`]], ['changed basis:act words title.az: Tiny act → Small act, title.en: Tiny act → Small act, title.ru: Tiny act → Small act']],
  ['a later value', [['source: "Art. 9", ev: V }', 'source: "Art. 9", ev: V }\n      - { value: 2027-12-02, known: 2026-07-27, source: "Art. 1", ev: V }']], ['changed parameter:applies.strict law values[known 2026-07-27].value: + → 2027-12-02, values[known 2026-07-27].known: + → 2026-07-27, values[known 2026-07-27].source: + → Art. 1, values[known 2026-07-27].evidence: + → V']],
] as const)('entries of the difference: %s', (_name, edits, expected) => {
  const { entries } = diffPacks(tiny, edited(...edits));
  expect(entries.map(({ change, kind, id, concern, fields }) => `${change} ${kind}:${id} ${concern}${change === 'changed' ? ` ${fields.map(({ field, before, after }) => `${field}: ${before ?? '+'} → ${after ?? '-'}`).join(', ')}` : ''}`)).toEqual(expected);
});

test.each([
  ['no date', [['when: B,', 'when: A,']], []],
  ['a parameter gets a later value', [['source: "Art. 9", ev: V }', 'source: "Art. 9", ev: V }\n      - { value: 2027-12-02, known: 2026-07-27, source: "Art. 1", ev: V }']], ['parameter:applies.strict value 2026-08-02 → 2027-12-02']],
  ['a value is corrected', [['value: 2026-08-02', 'value: 2026-08-03']], ['parameter:applies.strict value 2026-08-02 → 2026-08-03']],
  ['a date in a condition', [['K < 2026-05-01', 'K < 2026-06-01']], ['rule:r1 when 2026-05-01 → 2026-06-01']],
  ['a condition with a new date and new words', [['K < 2026-05-01', 'K >= 2026-06-01']], []],
] as const)('moved dates: %s', (_name, edits, expected) => {
  expect(diffPacks(tiny, edited(...edits)).movedDates.map(({ kind, id, field, before, after }) => `${kind}:${id} ${field} ${before} → ${after}`)).toEqual(expected);
});

test.each([
  ['words touch nothing', [[`label: ${words('r2')}`, `label: ${words('second')}`]], []],
  ['a rule, its conclusion, what is made of it', [['when: B,', 'when: B and not A,']], ['conclusion:strict.two', 'conclusion:mild', 'family:strict', 'headline:strict', 'headline:mild']],
  ['a parameter, through the date it gives', [['value: 2026-08-02', 'value: 2026-08-03']], ['conclusion:strict.one', 'family:strict', 'headline:strict']],
  ['a definition the family requires', [['when: A or B', 'when: A']], ['conclusion:strict.one', 'conclusion:strict.two', 'conclusion:mild', 'family:strict', 'headline:strict', 'headline:mild']],
  ['a fact', [['- { id: K, type: date, group: g', '- { id: K, applies_if: A, type: date, group: g']], ['conclusion:strict.one', 'family:strict', 'headline:strict']],
] as const)('what can change: %s', (_name, edits, expected) => {
  const affected = affectedConclusions(tiny, edited(...edits));
  expect(affected.map(({ kind, id }) => `${kind}:${id}`).sort()).toEqual([...expected].sort());
});

test('what can change says why and what is new', () => {
  const next = edited([/ {2}- \{ id: r3.*\n/.exec(TINY)![0], `  - { id: r4, concludes: extra, when: A, label: ${words('r4')}, cite: [], ev: V }\n`], [/ {2}- \{ id: mild, label.*\n/.exec(TINY)![0], `  - { id: extra, label: ${words('x')}, plain: ${words('x')} }\n`], ['when: mild', 'when: extra']);
  const affected = affectedConclusions(tiny, next);
  expect(affected.find(({ id }) => id === 'extra')).toEqual({ kind: 'conclusion', id: 'extra', change: 'added', because: ['conclusion:extra', 'rule:r4'] });
  expect(affected.find(({ kind, id }) => kind === 'conclusion' && id === 'mild')?.change).toBe('removed');
});

test('the order of headlines counts, that of other entries does not', () => {
  const lines = TINY.split('\n');
  const swapped = (first: string): Pack => {
    const at = lines.findIndex((line) => line.startsWith(first));
    return load([...lines.slice(0, at), lines[at + 1]!, lines[at]!, ...lines.slice(at + 2)].join('\n'));
  };
  const headline = diffPacks(tiny, swapped('  - { id: strict, when'));
  expect(headline.entries).toEqual([]);
  expect(headline.isHeadlineReordered).toBe(true);
  expect(affectedConclusions(tiny, swapped('  - { id: strict, when')).map(({ kind }) => kind)).toEqual(['headline', 'headline', 'headline']);
  const rules = diffPacks(tiny, swapped('  - { id: r2'));
  expect(rules.entries).toEqual([]);
  expect(rules.isHeadlineReordered).toBe(false);
});

test.each([
  ['moved, commented, requoted', [['rules:', '# here\nrules:'], ['when: B,', 'when: "B", ']], true],
  ['another entry changed', [['when: A or B', 'when: A']], true],
  ['its condition', [['when: B,', 'when: A,']], false],
  ['a word of it', [[`label: ${words('r2')}`, `label: { az: "r2", en: "r2", ru: "другое" }`]], false],
  ['its citation', [['article: "3"', 'article: "5"']], false],
] as const)('the digest of a rule: %s', (_name, edits, isSame) => {
  expect(ruleDigest(edited(...edits), 'rule', 'r2') === ruleDigest(tiny, 'rule', 'r2')).toBe(isSame);
});

test('digests of entries are 64 hex digits, one for each, none for what is not there', () => {
  const digests = [...entriesOf(tiny).values()].map(({ kind, id }) => ruleDigest(tiny, kind, id)!);
  expect(digests.every((digest) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
  expect(new Set(digests).size).toBe(entriesOf(tiny).size);
  expect(ruleDigest(tiny, 'rule', 'nowhere')).toBeUndefined();
  expect(ruleDigest(tiny, 'constructor', 'x')).toBeUndefined();
});

test('the shipped pack has an entry for everything it declares, and does not differ from itself', () => {
  const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
  const files: PackFile[] = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const loaded = loadPack(files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 3)));
  // A duty is one entry: the conclusion and the rule that the engine makes of it are not declared.
  const derived = new Set(loaded.value.duties.flatMap(({ conclusion }) => [`conclusion:${conclusion}`, `rule:${conclusion}`]));
  expect([...loaded.value.spots.keys()].filter((key) => !entriesOf(loaded.value).has(key) && !derived.has(key))).toEqual([]);
  const again = loadPack(files);
  expect(diffPacks(loaded.value, again.ok ? again.value : loaded.value)).toMatchObject({ head: [], entries: [], movedDates: [] });
});

const DUTIES = TINY.replace('families:\n', `families:\n  - { id: role, weight: 1, layer: duties, label: ${words('Role')} }\n  - { id: duty, weight: 1, layer: duties, label: ${words('Duty')} }\n`)
  .replace('conclusions:\n', `conclusions:\n  - { id: role.maker, family: role, label: ${words('Maker')}, plain: ${words('Maker')} }\n`)
  .replace('rules:\n', `rules:\n  - { id: rm, concludes: role.maker, when: A, label: ${words('rm')}, cite: [ { act: act, article: "5" } ], ev: V }\n`) + `timings:
  - id: slow
    label: ${words('Slow')}
    dates: [ { id: cut, lines: [ { date: $applies.strict } ] } ]
    due:
      - { id: early, if: "K < cut", date: never, label: ${words('early')}, cite: [ { act: act, article: "8" } ], again: K }
      - { id: ordinary, date: "max(article, K)", label: ${words('ordinary')} }
duty_groups: [ { id: makers, label: ${words('Makers')} } ]
duties:
  - { id: RM, role: role.maker, group: makers, when: strict.one, label: ${words('RM')}, plain: ${words('RM')}, cite: [ { act: act, article: "9" } ], ev: V, authority: law, timing: slow, article: $applies.strict, sanction: fine }
sanctions:
  - { id: fine, label: ${words('Fine')}, cite: [ { act: act, article: "99" } ], fixed: $fine, ev: S }
`;

/** DUTIES with one text put for another. */
function editedDuties(from: string, to: string): Pack {
  if (!DUTIES.includes(from)) throw new Error(`nothing to edit: ${from}`);
  return load(withFine(DUTIES.replace(from, to)));
}

function withFine(text: string): string {
  return text.replace('facts:\n', `  fine: { type: number, label: ${words('Fine')}, values: [ { value: 100, known: 2025-01-01, source: "Art. 99", ev: S } ] }\nfacts:\n`);
}

test.each([
  ['a line of a timing', 'date: "max(article, K)"', 'date: "min(article, K)"', 'timing:slow due[ordinary].date: max(article, K) → min(article, K)', ['duty:RM']],
  ['a comparison of dates', '"K < cut"', '"K <= cut"', 'timing:slow due[early].if: K < cut → K <= cut', ['duty:RM']],
  ['the trigger of a duty', 'when: strict.one, label', 'when: strict, label', 'duty:RM when: strict.one → strict', ['duty:RM', 'family:duty']],
  ['a role', 'concludes: role.maker, when: A', 'concludes: role.maker, when: B', 'rule:rm when: A → B', ['conclusion:role.maker', 'duty:RM', 'family:duty', 'family:role']],
  ['a parameter of a sanction', 'value: 100', 'value: 200', 'parameter:fine values[known 2025-01-01].value: 100 → 200', ['duty:RM']],
] as const)('duties and what stands around them: %s', (_name, from, to, change, reached) => {
  const old = load(withFine(DUTIES));
  const next = from === 'value: 100' ? load(withFine(DUTIES).replace(from, to)) : editedDuties(from, to);
  const diff = diffPacks(old, next);
  expect(diff.entries.flatMap(({ kind, id, fields }) => fields.map(({ field, before, after }) => `${kind}:${id} ${field}: ${before ?? '+'} → ${after ?? '-'}`))).toEqual([change]);
  const affected = affectedConclusions(old, next).map(({ kind, id }) => `${kind}:${id}`);
  expect(affected).toEqual(expect.arrayContaining([...reached]));
  expect(affected.filter((key) => key.startsWith('conclusion:duty.'))).toEqual([]);
});
