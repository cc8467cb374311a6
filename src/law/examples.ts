/** Named example packs of our own, small enough to check by hand: shared by tests and benches. */

import type { PackFile } from './model.ts';

const text = (words: string): string => `{ az: "${words} (az)", en: "${words}", ru: "${words} (ru)" }`;

const HEAD = `
id: example
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${text('Example act')}
status: draft
valid_from: 2025-01-01
known_from: 2024-07-12
legal_basis:
  - { key: act, oj: "Example gazette 1", title: ${text('Example act')} }
`;

/** One file per section keeps line numbers in tests small. */
export function examplePack(manifest: string, files: Readonly<Record<string, string>>): readonly PackFile[] {
  const names = Object.keys(files);
  return [{ path: 'pack.yaml', text: `${HEAD}${manifest}files: [${names.join(', ')}]\n` }, ...names.map((path) => ({ path, text: files[path]! }))];
}

export const PLAIN_MANIFEST = `
families:
  - { id: high, weight: 30, label: ${text('High')} }
headline:
  - { id: high, when: high, label: ${text('High')} }
  - { id: open, when: open, label: ${text('Open')} }
  - { id: none, label: ${text('None')} }
`;

export function factYaml(id: string, type: string, more = ''): string {
  return `  - { id: ${id}, group: g, type: ${type}, ask: ${text(`${id}?`)}, help: ${text('help')}, example: ${text('example')}, why: ${text('why')}, cite: [ { act: act, article: "Art. 1" } ]${more} }\n`;
}

export function ruleYaml(id: string, concludes: string, when: string, more = ''): string {
  return `  - { id: ${id}, concludes: ${concludes}, when: "${when}", label: ${text(id)}, cite: [ { act: act, article: "Art. ${id}" } ], ev: V, authority: law${more} }\n`;
}

export function conclusionYaml(id: string, more = ', family: high'): string {
  return `  - { id: ${id}, label: ${text(id)}, plain: ${text(id)}${more} }\n`;
}

export function definitionYaml(id: string, when: string): string {
  return `  - { id: ${id}, when: "${when}", label: ${text(id)} }\n`;
}

/** Hiring, with the filter of narrow tasks and the bar of profiling, and the date that was moved while the law was young. */
export const HIRING_PACK: readonly PackFile[] = examplePack(PLAIN_MANIFEST, {
  'parameters.yaml': `
parameters:
  applies.route.III:
    type: date
    label: ${text('Listed uses')}
    values:
      - { value: 2026-08-02, known: 2024-07-12, source: "Reg. (EU) 2024/1689 Art. 113", ev: V }
      - { value: 2027-12-02, known: 2026-07-27, source: "Reg. (EU) 2026/1744 Art. 1", ev: V }
`,
  'facts.yaml': `
facts:
${factYaml('recruit', 'bool')}${factYaml('person', 'bool', ', mutable: false')}${factYaml('narrow', 'bool')}${factYaml('influences', 'bool')}${factYaml('profiling', 'bool')}`,
  'rules.yaml': `
definitions:
${definitionYaml('hit', 'recruit and person')}conclusions:
${conclusionYaml('high.III.4a')}rules:
${ruleYaml('listed', 'high.III.4a', 'hit', ', applies: $applies.route.III')}${ruleYaml('filter', 'high.III.4a', 'narrow and not influences and not profiling', ', kind: exception, priority: 10')}`,
  'cases.yaml': `
cases:
  - id: ranking
    title: ${text('Ranking')}
    story: ${text('A firm ranks applicants.')}
    as_of: 2028-01-10
    known_on: 2026-07-27
    facts: { recruit: yes, person: yes, narrow: no, influences: yes, profiling: yes }
    expect: { high.III.4a: holds, high: holds }
  - id: renaming
    title: ${text('Renaming')}
    story: ${text('A firm renames files of applicants.')}
    facts: { recruit: yes, person: yes, narrow: yes, influences: no, profiling: no }
    expect: { high.III.4a: fails }
`,
});
