import { expect, test } from 'vitest';
import { civil } from '../base/index.ts';
import { checkPack, classify, compileLaw, decide, diffPacks, latestTime, loadPack, originOf, packDigest, readPack } from './index.ts';
import type { Pack, PackFile, PackProblem } from './index.ts';

const words = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const fact = (id: string): string => `  - { id: ${id}, type: bool, group: g, ask: ${words(id)}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [ { act: act, article: "1" } ] }\n`;
const head = (id: string, more = ''): string => `id: ${id}
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words(id)}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
${more}`;

const BASE = `${head('base')}legal_basis: [ { key: act, title: ${words('Act')} } ]
files: [ law.yaml ]
families:
  - { id: strict, weight: 3, label: ${words('Strict')} }
headline:
  - { id: strict, when: strict, label: ${words('Strict')} }
  - { id: open, when: open, label: ${words('Open')} }
  - { id: none, label: ${words('None')} }
`;
const LAW = `parameters:
  applies.strict:
    type: date
    label: ${words('Strict applies')}
    values:
      - { value: 2026-08-02, known: 2025-01-01, source: "Art. 9", ev: V }
      - { value: 2027-12-02, known: 2026-07-27, source: "Art. 1", ev: V }
facts:
${fact('A')}${fact('B')}readings:
  - { id: RD, default: x, label: ${words('RD')}, cite: [ { act: act, article: "7" } ], options: [ { id: x, label: ${words('x')} }, { id: y, label: ${words('y')} } ], ev: D }
conclusions:
  - { id: strict.one, family: strict, label: ${words('One')}, plain: ${words('One')} }
rules:
  - { id: r1, concludes: strict.one, when: A and (B or RD = y), label: ${words('r1')}, cite: [ { act: act, article: "2" } ], ev: V, applies: $applies.strict }
cases:
  - { id: yes-one, title: ${words('t')}, story: ${words('s')}, facts: { A: yes, B: yes }, expect: { strict.one: holds } }
  - { id: no-one, title: ${words('t')}, story: ${words('s')}, facts: { A: no, B: yes }, expect: { strict.one: fails } }
`;
const base: readonly PackFile[] = [{ path: 'pack.yaml', text: BASE }, { path: 'law.yaml', text: LAW }];

const OVERLAY = `${head('land', 'extends: [ { id: base } ]\n')}legal_basis: [ { key: decree, title: ${words('Decree')} } ]
headline:
  - { id: local, when: local, label: ${words('Local')} }
facts:
${fact('L')}conclusions:
  - { id: local, label: ${words('Local')}, plain: ${words('Local')} }
rules:
  - { id: l1, concludes: local, when: L and not strict and RD = x, label: ${words('l1')}, cite: [ { act: decree, article: "1" } ], ev: S }
cases:
  - { id: local-yes, title: ${words('t')}, story: ${words('s')}, facts: { A: no, L: yes }, expect: { local: holds } }
  - { id: local-no, title: ${words('t')}, story: ${words('s')}, facts: { L: no }, expect: { local: fails } }
`;

type Library = { readonly [id: string]: readonly PackFile[] };

function read(text: string, library: Library = { base }): { readonly pack: Pack | undefined; readonly problems: readonly PackProblem[] } {
  return readPack([{ path: 'pack.yaml', text }], { packs: (id) => library[id] });
}

function load(text: string, library: Library = { base }): Pack {
  const { pack, problems } = read(text, library);
  expect(problems).toEqual([]);
  return pack!;
}

const told = (problems: readonly PackProblem[]): readonly string[] => problems.map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`);
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
const file = (text: string): readonly PackFile[] => [{ path: 'pack.yaml', text }];

test('an overlay decides with the rules of its base and its own, the base first', () => {
  const pack = load(OVERLAY);
  expect(pack.ref.id).toBe('land');
  expect(pack.bases).toEqual([{ id: 'base', version: '1.0.0', digest: packDigest(base) }]);
  expect(pack.facts.map(({ id }) => id)).toEqual(['A', 'B', 'L']);
  expect(pack.legalBasis.map(({ key }) => key)).toEqual(['act', 'decree']);
  const law = compileLaw(pack, latestTime(pack));
  expect(classify(law, { A: true, B: true, L: true })).toEqual({ strict: 'holds', 'strict.one': 'holds', local: 'fails' });
  expect(classify(law, { A: false, L: true })).toEqual({ strict: 'fails', 'strict.one': 'fails', local: 'holds' });
  expect(checkPack(pack)).toEqual([]);
});

test('every entry says which pack it is from, and where it stands there', () => {
  const pack = load(OVERLAY);
  expect([originOf(pack, 'rule:r1').id, originOf(pack, 'rule:l1').id, originOf(pack, 'headline:open').id]).toEqual(['base', 'land', 'base']);
  expect(pack.spots.get('rule:r1')).toMatchObject({ file: 'base/law.yaml' });
  expect(pack.spots.get('rule:l1')).toMatchObject({ file: 'pack.yaml' });
});

test('the headlines of the overlay come before those of the base', () => {
  const pack = load(OVERLAY);
  expect(pack.headline.map(({ id }) => id)).toEqual(['local', 'strict', 'open', 'none']);
  expect(decide(compileLaw(pack, latestTime(pack)), { A: false, L: true }).headline.id).toBe('local');
  expect(told(read(OVERLAY.replace('headline:\n', `headline:\n  - { id: all, label: ${words('All')} }\n`)).problems)).toEqual(['hides-base pack.yaml:12 the headline “all” stands before those of the base and would hide them']);
});

test('an overlay adds an exception to what its base concludes', () => {
  const pack = load(OVERLAY.replace('rules:\n', `rules:\n  - { id: l2, concludes: strict.one, kind: exception, when: L, label: ${words('l2')}, cite: [ { act: decree, article: "2" } ], ev: S }\n`));
  expect(classify(compileLaw(pack, latestTime(pack)), { A: true, B: true, L: true })['strict.one']).toBe('fails');
});

test('a case of the base that comes out otherwise under the overlay is a warning; a case of the overlay that does is an error', () => {
  const narrowed = load(OVERLAY.replace('rules:\n', `rules:\n  - { id: l2, concludes: strict.one, kind: exception, when: A and not L, label: ${words('l2')}, cite: [ { act: decree, article: "2" } ], ev: S }\n`).replace('facts: { A: no, L: yes }, expect: { local: holds } }', 'facts: { A: yes, B: yes, L: no }, expect: { strict.one: fails, local: fails } }').replace('facts: { L: no }, expect: { local: fails }', 'facts: { A: no, L: yes }, expect: { local: fails }'));
  const problems = checkPack(narrowed).filter(({ code }) => code === 'base-case-differs' || code === 'case-fails');
  expect(problems.map(({ severity, code, file: path, message }) => `${severity} ${code} ${path} ${message.slice(0, 58)}`)).toEqual([
    'error case-fails pack.yaml case “local-no” expects “local” fails, but it is holds bec',
    'warning base-case-differs base/law.yaml case “yes-one” expects “strict.one” holds, but it is undet',
  ]);
});

test('amended parameters take new dated values, sorted by when they were known', () => {
  const amended = (values: string): string => `${OVERLAY}amends: { parameters: { applies.strict: { values: [ ${values} ] } } }\n`;
  const pack = load(amended('{ value: 2027-01-01, known: 2026-03-01, source: "Decree", ev: S }, { value: 2028-01-01, known: 2027-01-01, source: "Decree 2", ev: S }'));
  expect(pack.parameters[0]!.values.map(({ known, value }) => `${known} ${value}`)).toEqual(['2025-01-01 2026-08-02', '2026-03-01 2027-01-01', '2026-07-27 2027-12-02', '2027-01-01 2028-01-01']);
  const appliesFrom = (knownOn: string): string | undefined => decide(compileLaw(pack, { asOf: civil('2028-06-01'), knownOn: civil(knownOn) }), { A: true, B: true }).outcomes.find(({ id }) => id === 'strict.one')!.dates.appliesFrom;
  expect([appliesFrom('2026-02-28'), appliesFrom('2026-03-01'), appliesFrom('2026-07-27'), appliesFrom('2027-01-01')]).toEqual(['2026-08-02', '2027-01-01', '2027-12-02', '2028-01-01']);
  expect(diffPacks(load(OVERLAY), pack).movedDates).toEqual([{ kind: 'parameter', id: 'applies.strict', field: 'value', before: '2027-12-02', after: '2028-01-01' }]);
  expect(told(read(amended('{ value: 2027-01-01, known: 2025-01-01, source: "x", ev: S }')).problems)[0]).toContain('duplicate-value');
  expect(told(read(`${OVERLAY}amends: { parameters: { applies.strikt: { values: [] } } }\n`).problems)).toEqual(['unknown-parameter pack.yaml:22 no base has the parameter “applies.strikt”. Did you mean “applies.strict”?']);
  expect(told(read(`${OVERLAY}amends: { rules: { } }\n`).problems)[0]).toContain('unknown-key');
});

test.each([
  ['a base that is not at hand', { extends: '[ { id: nowhere } ]' }, ['unknown-base pack.yaml:9 the pack extends “nowhere”, which is not at hand']],
  ['another version', { extends: '[ { id: base, version: 2.0.0 } ]' }, ['base-version pack.yaml:9 the pack extends “base” with the version 2.0.0, but the one at hand has 1.0.0']],
  ['another digest', { extends: `[ { id: base, digest: ${'0'.repeat(64)} } ]` }, [`base-digest pack.yaml:9 the pack extends “base” with the digest ${'0'.repeat(64)}, but the one at hand has ${packDigest(base)}`]],
  ['itself', { extends: '[ { id: land } ]' }, ['cyclic-base pack.yaml:9 the packs extend each other: land → land']],
  ['no list', { extends: 'base' }, ['wrong-shape pack.yaml:9 “extends” of pack.yaml should be a list']],
  ['a key nobody knows', { extends: '[ { id: base, verson: 1 } ]' }, ['unknown-key pack.yaml:9 a base has no “verson”. Did you mean “version”?']],
])('refused: %s', (_name, { extends: list }, expected) => {
  const { problems } = read(OVERLAY.replace('[ { id: base } ]', list));
  expect(told(problems).filter((line) => !line.startsWith('unknown-name'))).toEqual(expect.arrayContaining(expected));
});

test('refused: a cycle through another pack, a folder with another pack in it, a chain too long', () => {
  const other = file(`${head('other', 'extends: [ { id: land } ]\n')}headline: [ { id: n, label: ${words('n')} } ]\n`);
  const land = OVERLAY.replace('[ { id: base } ]', '[ { id: base }, { id: other } ]');
  expect(told(read(land, { base, other, land: file(land) }).problems)).toEqual(expect.arrayContaining(['cyclic-base other/pack.yaml:9 the packs extend each other: land → other → land']));
  expect(told(read(OVERLAY.replace('[ { id: base } ]', '[ { id: alias } ]'), { alias: base }).problems)).toEqual(expect.arrayContaining(['unknown-base pack.yaml:9 the pack at hand as “alias” calls itself “base”']));
  const chain = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`p${at}`, file(`${head(`p${at}`, `extends: [ { id: p${at + 1} } ]\n`)}headline: []\n`)]));
  expect(told(read(OVERLAY.replace('[ { id: base } ]', '[ { id: p0 } ]'), chain).problems).some((line) => line.startsWith('too-many p'))).toBe(true);
});

test.each([
  ['a fact', 'facts:\n', fact('A'), `fact “A” is already declared in the base “base”, base/law.yaml line ${lineOf(LAW, 'id: A,')}`],
  ['a rule', 'rules:\n', `  - { id: r1, concludes: local, when: L, label: ${words('l2')}, cite: [ { act: decree, article: "2" } ], ev: S }\n`, `rule “r1” is already declared in the base “base”, base/law.yaml line ${lineOf(LAW, 'id: r1,')}`],
  ['a conclusion', 'conclusions:\n', `  - { id: strict.one, label: ${words('c')}, plain: ${words('c')} }\n`, `conclusion “strict.one” is already declared in the base “base”, base/law.yaml line ${lineOf(LAW, 'id: strict.one,')}`],
  ['a legal basis', 'legal_basis: [', ` { key: act, title: ${words('Act')} },`, 'basis “act” is already declared in the base “base”, base/pack.yaml line 9'],
])('an overlay may not redefine %s of its base', (_name, section, entry, message) => {
  const { problems } = read(OVERLAY.replace(section, `${section}${entry}`));
  expect(problems.map(({ code }) => code)).toContain('redefines-base');
  expect(problems.map((problem) => problem.message)).toContain(`the ${message}`);
});

test('one namespace over all layers: an overlay may not give a family the id of a fact of its base', () => {
  expect(told(read(OVERLAY.replace('headline:\n', `families:\n  - { id: A, weight: 1, label: ${words('A')} }\nheadline:\n`)).problems).some((line) => line.startsWith('duplicate-id') && line.includes('“A” is both a fact and a family'))).toBe(true);
});

test('mistakes in a base are named with its files', () => {
  const broken = [{ path: 'pack.yaml', text: BASE }, { path: 'law.yaml', text: LAW.replace('when: A and', 'when: Q and') }];
  expect(told(read(OVERLAY, { base: broken }).problems)).toEqual([`unknown-name base/law.yaml:${lineOf(LAW, 'id: r1,')} the rule “r1” uses “Q”, which is not declared. Did you mean “A”?`]);
});

test('a pack may extend a pack that extends another, and two that share a base', () => {
  const town = `${head('town', 'extends: [ { id: land }, { id: side } ]\n')}rules:\n  - { id: t1, concludes: local, kind: exception, when: B, label: ${words('t')}, cite: [ { act: act, article: "9" } ], ev: S }\n`;
  const side = `${head('side', 'extends: [ { id: base } ]\n')}facts:\n${fact('S')}headline:\n  - { id: side, when: S, label: ${words('Side')} }\n`;
  const pack = load(town, { base, land: file(OVERLAY), side: file(side) });
  expect(pack.bases.map(({ id }) => id)).toEqual(['side', 'land', 'base']);
  expect(pack.headline.map(({ id }) => id)).toEqual(['side', 'local', 'strict', 'open', 'none']);
  expect(pack.facts.map(({ id }) => id)).toEqual(['A', 'B', 'L', 'S']);
});

test('the digest covers the bases: a changed word in one changes that of the overlay', () => {
  const digestWith = (law: string): string | undefined => packDigest(file(OVERLAY), { packs: () => [{ path: 'pack.yaml', text: BASE }, { path: 'law.yaml', text: law }] });
  expect(digestWith(LAW)).toMatch(/^[0-9a-f]{64}$/);
  expect(digestWith(LAW)).toBe(load(OVERLAY).ref.digest);
  expect(digestWith(LAW)).not.toBe(digestWith(`${LAW}# a comment\n`));
  expect(packDigest(file(OVERLAY))).toBeUndefined();
  expect(loadPack(file(OVERLAY)).ok).toBe(false);
});
