/** Values that a law names but does not fix, and duties of a family of their own. */

import { expect, test } from 'vitest';
import { civil } from '../base/index.ts';
import { checkPack, compileLaw, decide, dutiesOf, isLeftOpen, loadPack, parameterAt, readPack } from './index.ts';
import type { Pack, PackFile } from './index.ts';

const words = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const cite = 'cite: [ { act: act, article: "1" } ]';
const fact = (id: string, type: string): string => `  - { id: ${id}, type: ${type}, group: g, ask: ${words(id)}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, ${cite} }\n`;

const textOf = (values: string, family = 'own'): string => `id: open
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('Open')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis: [ { key: act, title: ${words('Act')} } ]
families:
  - { id: slow, weight: 1, label: ${words('Slow')} }
  - { id: role, weight: 1, layer: duties, requires: IN, label: ${words('Role')} }
  - { id: duty, weight: 1, layer: duties, requires: IN, label: ${words('Duty')} }
  - { id: own, weight: 1, layer: duties, label: ${words('Own')} }
  - { id: beside, weight: 1, layer: duties, label: ${words('Beside')} }
headline: [ { id: slow, when: slow, label: ${words('Slow')} }, { id: none, label: ${words('None')} } ]
parameters:
  least:
    type: number
    label: ${words('Least')}
    values: [ ${values} ]
  since:
    type: date
    label: ${words('Since')}
    values: [ { value: null, known: 2025-01-01, source: "1", ev: S } ]
facts:
${fact('SPEED', 'number')}${fact('IN', 'bool')}conclusions:
  - { id: slow.least, family: slow, label: ${words('Least')}, plain: ${words('Least')} }
  - { id: slow.much, family: slow, label: ${words('Much')}, plain: ${words('Much')} }
  - { id: beside.user, family: beside, label: ${words('User')}, plain: ${words('User')} }
rules:
  - { id: least, concludes: slow.least, when: SPEED < $least, label: ${words('least')}, ${cite}, ev: S, authority: national }
  - { id: much, concludes: slow.much, when: SPEED < 10, label: ${words('much')}, ${cite}, ev: S, authority: national }
  - { id: user, concludes: beside.user, when: SPEED < 100, label: ${words('user')}, ${cite}, ev: S, authority: national }
timings:
  - { id: since, label: ${words('Since')}, due: [ { id: since, date: article, label: ${words('Since')} } ] }
duty_groups: [ { id: g, label: ${words('G')} } ]
duties:
  - { id: REPORT, family: ${family}, role: beside.user, group: g, when: slow.much, label: ${words('Report')}, plain: ${words('Report')}, ${cite}, ev: S, authority: national, timing: since, article: $since }
cases:
  - { id: slow, title: ${words('t')}, story: ${words('s')}, facts: { SPEED: 5, IN: no }, expect: { slow.much: holds, beside.user: holds, duty.REPORT: holds }, due: { REPORT: undated } }
  - { id: fast, title: ${words('t')}, story: ${words('s')}, facts: { SPEED: 500 }, expect: { slow.least: fails, slow.much: fails, beside.user: fails, duty.REPORT: fails } }
`;
const NULL = '{ value: null, known: 2025-01-01, source: "1", ev: S }';
const LATER = '{ value: null, known: 2025-01-01, source: "1", ev: S }, { value: 30, known: 2026-01-01, source: "2", ev: S }';
const WITHDRAWN = '{ value: 30, known: 2025-01-01, source: "1", ev: S }, { value: null, known: 2026-01-01, source: "2", ev: S }';

const file = (text: string): readonly PackFile[] => [{ path: 'pack.yaml', text }];
function load(text: string): Pack {
  const loaded = loadPack(file(text));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

const day = (text: string) => ({ asOf: civil('2027-01-01'), knownOn: civil(text) });

test.each<readonly [string, string, string, number | undefined, boolean, string]>([
  ['never fixed', NULL, '2026-06-01', undefined, true, 'fails'],
  ['before it was fixed', LATER, '2025-12-31', undefined, true, 'fails'],
  ['from the day it was fixed', LATER, '2026-01-01', 30, false, 'holds'],
  ['while it was fixed', WITHDRAWN, '2025-12-31', 30, false, 'holds'],
  ['after it was taken back', WITHDRAWN, '2026-01-01', undefined, true, 'fails'],
  ['before the law named it at all', LATER, '2024-12-31', undefined, false, 'fails'],
])('a value that is left open makes comparisons false: %s', (_, values, knownOn, value, isOpen, result) => {
  const pack = load(textOf(values));
  const parameter = pack.parameters[0]!;
  expect(parameterAt(parameter, day(knownOn))?.value).toBe(value);
  expect(isLeftOpen(parameter, day(knownOn))).toBe(isOpen);
  expect(decide(compileLaw(pack, day(knownOn)), { SPEED: 20 }).outcomes.find(({ id }) => id === 'slow.least')?.result).toBe(result);
});

test('a conclusion that waits for a value is no error, one that contradicts itself still is', () => {
  const told = (text: string): readonly string[] => checkPack(load(text)).filter(({ code }) => /unreachable|never-fires|awaits|no-positive/.test(code)).filter(({ message }) => message.includes('slow.')).map(({ severity, code, message }) => `${severity} ${code} ${message}`);
  expect(told(textOf(NULL))).toEqual(['warning awaits-value “slow.least” cannot hold while no value of “least” is fixed']);
  expect(told(textOf(LATER))).toEqual(['error no-positive-case no case expects “slow.least” to hold']);
  expect(told(textOf(NULL).replace('when: SPEED < 10,', 'when: SPEED < 10 and SPEED > 20,')).some((one) => one.startsWith('error unreachable-conclusion “slow.much” can never hold'))).toBe(true);
});

test('a duty whose date is left open is undated, and one of a family of its own does not ask what “duty” asks', () => {
  const { duties } = dutiesOf(compileLaw(load(textOf(NULL)), day('2026-06-01'), 'duties'), { SPEED: 5, IN: false });
  expect(duties.map(({ outcome, due }) => [outcome.result, outcome.family, due])).toEqual([['holds', 'own', { kind: 'undated' }]]);
  const common = dutiesOf(compileLaw(load(textOf(NULL, 'duty')), day('2026-06-01'), 'duties'), { SPEED: 5, IN: false });
  expect(common.duties[0]!.outcome.result).toBe('fails');
});

test.each<readonly [string, string, string, string]>([
  ['an empty value', '{ value: , known: 2025-01-01, source: "1", ev: S }', 'own', 'wrong-type'],
  ['a word for null', '{ value: none, known: 2025-01-01, source: "1", ev: S }', 'own', 'wrong-type'],
  ['a family of duties that is not declared', NULL, 'other', 'unknown-family'],
  ['a family of the classification', NULL, 'slow', 'wrong-value'],
])('refused: %s', (_, values, family, code) => {
  expect(readPack(file(textOf(values, family))).problems.map((problem) => problem.code)).toContain(code);
});
