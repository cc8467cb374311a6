/** Packs with mistakes in their duties: each is named with its line and what to do, and none is let through. */

import { describe, expect, test } from 'vitest';
import { DUTIES_MANIFEST, dutyYaml, TIMINGS } from './examples-duties.ts';
import { conclusionYaml, examplePack, factYaml, ruleYaml } from './examples.ts';
import { loadPack, readPack } from './index.ts';
import type { PackFile, PackProblem } from './index.ts';

const text = (words: string): string => `{ az: "${words}", en: "${words}", ru: "${words}" }`;
const DATES = `parameters:\n  day: { type: date, label: ${text('Day')}, values: [ { value: 2026-08-02, known: 2024-07-12, source: "Art. 1", ev: V } ] }\n  count: { type: number, label: ${text('Count')}, values: [ { value: 3, known: 2024-07-12, source: "Art. 1", ev: V } ] }\n`;
const FACTS = `facts:\n${factYaml('risky', 'bool')}${factYaml('provides', 'bool')}${factYaml('placed', 'date')}`;
const RULES = `conclusions:\n${conclusionYaml('high_risk.a', ', family: high_risk')}${conclusionYaml('prohibited.a', ', family: prohibited')}${conclusionYaml('transparency.a', ', family: transparency')}${conclusionYaml('role.provider', ', family: role')}rules:\n${ruleYaml('a', 'high_risk.a', 'risky')}${ruleYaml('p', 'prohibited.a', 'risky')}${ruleYaml('t', 'transparency.a', 'risky')}${ruleYaml('r', 'role.provider', 'provides')}`;
const GROUPS = `duty_groups: [ { id: all, label: ${text('All')} } ]\n`;
const LINE = `- { id: last, date: article, label: ${text('Last')} }`;
const timing = (due: string, dates = ''): string => `timings:\n  - id: t\n    label: ${text('T')}\n${dates === '' ? '' : `    dates:\n${dates}\n`}    due:\n      ${due}\n`;
const duty = (more = ', article: $day', role = 'role.provider', when = 'high_risk', use = 't'): string => `duties:\n${dutyYaml('X', role, when, use, more)}`;
const pack = (parts: { readonly timings?: string; readonly duties?: string; readonly manifest?: string; readonly cases?: string; readonly rules?: string }): readonly PackFile[] =>
  examplePack(parts.manifest ?? DUTIES_MANIFEST, { 'p.yaml': DATES, 'f.yaml': FACTS, 'r.yaml': parts.rules ?? RULES, 't.yaml': parts.timings ?? timing(LINE), 'd.yaml': `${GROUPS}${parts.duties ?? duty()}`, ...(parts.cases === undefined ? {} : { 'c.yaml': parts.cases }) });

const problemsOf = (files: readonly PackFile[]): readonly PackProblem[] => {
  const loaded = loadPack(files);
  return loaded.ok ? [] : loaded.refusal;
};

describe('mistakes in duties', () => {
  test('without a mistake the pack loads', () => expect(problemsOf(pack({}))).toEqual([]));

  const table: readonly (readonly [string, readonly PackFile[], string])[] = [
    ['a timing that is not declared', pack({ duties: duty(', article: $day', 'role.provider', 'high_risk', 'tt') }), 'unknown-timing d.yaml:3'],
    ['a role that is not declared', pack({ duties: duty(', article: $day', 'role.provide') }), 'unknown-conclusion d.yaml:3'],
    ['no role at all', pack({ duties: duty(', article: $day', '[]') }), 'missing-key d.yaml:3'],
    ['a trigger that is not declared', pack({ duties: duty(', article: $day', 'role.provider', 'hihg_risk') }), 'unknown-name d.yaml:3'],
    ['a route that is not declared', pack({ duties: duty(', article: $day, route: rout') }), 'unknown-conclusion d.yaml:3'],
    ['an article that is a number', pack({ duties: duty(', article: $count') }), 'wrong-type d.yaml:3'],
    ['an article that is not declared', pack({ duties: duty(', article: $dya') }), 'unknown-parameter d.yaml:3'],
    ['an article without its sign', pack({ duties: duty(', article: day') }), 'wrong-value d.yaml:3'],
    ['a sanction that is not declared', pack({ duties: duty(', article: $day, sanction: s') }), 'unknown-sanction d.yaml:3'],
    ['a clock that is not declared', pack({ duties: duty(', article: $day, clocks: [ c ]') }), 'unknown-clock d.yaml:3'],
    ['a period whose length is a date', pack({ duties: duty(`, article: $day, retention: [ { id: k, length: $day, unit: years, from: placing, label: ${text('K')} } ]`) }), 'wrong-type d.yaml:3'],
    ['a period in weeks', pack({ duties: duty(`, article: $day, retention: [ { id: k, length: $count, unit: weeks, from: placing, label: ${text('K')} } ]`) }), 'wrong-value d.yaml:3'],
    ['a group that is not declared', pack({ duties: duty().replace('group: all', 'group: al') }), 'unknown-group d.yaml:3'],
    ['an unknown key', pack({ duties: duty(', artcle: $day') }), 'unknown-key d.yaml:3'],
    ['two duties of one id', pack({ duties: `${duty()}${dutyYaml('X', 'role.provider', 'high_risk', 't')}` }), 'duplicate-id d.yaml:4'],
    ['no family for duties', pack({ manifest: DUTIES_MANIFEST.replace('id: duty,', 'id: dooty,') }), 'unknown-family d.yaml:3'],
    ['a timing without a line', pack({ timings: `timings:\n  - { id: t, label: ${text('T')}, due: [] }\n` }), 'no-value t.yaml:2'],
    ['a last line with a condition', pack({ timings: timing(LINE.replace('date:', 'if: placed < article, date:')) }), 'no-last-line t.yaml:5'],
    ['a line after one that always counts', pack({ timings: timing(`${LINE}\n      - { id: after, date: route, label: ${text('After')} }`) }), 'line-never-reached t.yaml:6'],
    ['two lines of one id', pack({ timings: timing(`${LINE.replace('date:', 'when: risky, date:')}\n      ${LINE}`) }), 'duplicate-id t.yaml:6'],
    ['a date that depends on a later one', pack({ timings: timing(LINE.replace('article', 'b'), '      - { id: a, lines: [ { date: b } ] }\n      - { id: b, lines: [ { date: a } ] }') }), 'cycle t.yaml:5'],
    ['a date that depends on itself', pack({ timings: timing(LINE.replace('article', 'a'), '      - { id: a, lines: [ { date: "max(a, article)" } ] }') }), 'cycle t.yaml:5'],
    ['a date with a name that is taken', pack({ timings: timing(LINE, '      - { id: route, lines: [ { date: article } ] }') }), 'bad-id t.yaml:5'],
    ['a date named like a fact', pack({ timings: timing(LINE, '      - { id: placed, lines: [ { date: article } ] }') }), 'duplicate-id t.yaml:5'],
    ['a date nobody declared', pack({ timings: timing(LINE.replace('article', 'base')) }), 'unknown-name t.yaml:5'],
    ['a parameter without its sign', pack({ timings: timing(LINE.replace('article', 'day')) }), 'unknown-name t.yaml:5'],
    ['a truth used as a date', pack({ timings: timing(LINE.replace('article', 'risky')) }), 'wrong-type t.yaml:5'],
    ['a number used as a date', pack({ timings: timing(LINE.replace('article', '$count')) }), 'wrong-type t.yaml:5'],
    ['a day written into the law', pack({ timings: timing(LINE.replace('article', '2026-08-02')) }), 'bad-term t.yaml:5'],
    ['a term that does not end', pack({ timings: timing(LINE.replace('article', '"max(article, route"')) }), 'bad-term t.yaml:5'],
    ['a comparison with never', pack({ timings: timing(`${LINE.replace('date:', 'if: placed < never, date:')}\n      ${LINE.replace('last', 'end')}`) }), 'bad-term t.yaml:5'],
    ['a comparison without a sign', pack({ timings: timing(`${LINE.replace('date:', 'if: placed article, date:')}\n      ${LINE.replace('last', 'end')}`) }), 'bad-term t.yaml:5'],
    ['“again” beside a date', pack({ timings: timing(LINE.replace('date:', 'again: placed, date:')) }), 'wrong-shape t.yaml:5'],
    ['“again” that is no date fact', pack({ timings: timing(LINE.replace('date: article', 'date: never, again: risky')) }), 'unknown-name t.yaml:5'],
    ['a class that depends on a role', pack({ rules: RULES.replace('when: "risky", label: { az: "a (az)"', 'when: "risky and role.provider", label: { az: "a (az)"') }), 'wrong-layer r.yaml:2'],
    ['a case that expects a due date of no duty', pack({ cases: `cases:\n  - { id: c, title: ${text('C')}, story: ${text('C')}, facts: { risky: yes }, due: { Y: never } }\n` }), 'unknown-duty c.yaml:2'],
    ['a case with a day that does not exist', pack({ cases: `cases:\n  - { id: c, title: ${text('C')}, story: ${text('C')}, facts: { risky: yes }, due: { X: 2026-02-30 } }\n` }), 'wrong-value c.yaml:2'],
    ['a case under a reading nobody declared', pack({ cases: `cases:\n  - { id: c, title: ${text('C')}, story: ${text('C')}, facts: { risky: yes }, readings: { RD.x: A }, due: { X: never } }\n` }), 'unknown-name c.yaml:2'],
  ];
  test.each(table)('%s', (_, files, expected) => {
    const problems = problemsOf(files);
    expect(problems.map(({ code, file, line }) => `${code} ${file}:${line}`)).toContain(expected);
    for (const { message, fix } of problems) expect(message !== '' && fix !== '', message).toBe(true);
  });

  test('the nearest name is offered', () => {
    expect(problemsOf(pack({ duties: duty(', article: $day', 'role.provide') }))[0]!.message).toContain('“role.provider”');
  });

  test('whatever stands in a timing or a duty, reading never throws', () => {
    for (const cut of [40, 80, 160, 320, 640, 1280, 2560]) {
      expect(() => readPack(pack({ timings: TIMINGS.slice(0, cut), duties: duty().slice(0, cut) }))).not.toThrow();
    }
  });
});
