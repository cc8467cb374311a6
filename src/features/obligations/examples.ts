/** A law small enough to know by heart, with the knobs that tests of a change of law turn. */

import type { PackFile } from '../../law/index.ts';
import { conclusionYaml, examplePack, factYaml, ruleYaml } from '../../law/examples.ts';

const text = (words: string): string => `{ az: "${words}", en: "${words}", ru: "${words}" }`;
const MANIFEST = `
families:
  - { id: high, weight: 30, label: ${text('High')} }
  - { id: role, weight: 5, layer: duties, label: ${text('Role')} }
  - { id: duty, weight: 1, layer: duties, label: ${text('Duty')} }
headline:
  - { id: high, when: high, label: ${text('High')} }
  - { id: open, when: open, label: ${text('Open')} }
  - { id: none, label: ${text('None')} }
`;

export interface SmallLaw {
  readonly day?: string;
  readonly when?: string;
  readonly duties?: readonly string[];
  readonly values?: string;
  readonly version?: string;
}

/** A law with one regime, one role and the named duties; `version` tells versions apart. */
export function smallLawFiles({ day = '2027-01-01', when = 'use = hire', duties = ['RISK'], values = 'hire, other', version = '1.0.0' }: SmallLaw): readonly PackFile[] {
  const [first, second] = values.split(', ');
  const files = examplePack(MANIFEST, {
    'law.yaml': `
parameters:
  start: { type: date, label: ${text('Start')}, values: [ { value: ${day}, known: 2025-01-01, source: "Gazette 1", ev: V } ] }
facts:
${factYaml('use', 'enum', `, values: [${values.split(', ').map((id) => `{ id: ${id}, label: ${text(id)} }`).join(', ')}]`)}${factYaml('maker', 'bool')}conclusions:
${conclusionYaml('high.hiring')}${conclusionYaml('role.maker', ', family: role')}rules:
${ruleYaml('listed', 'high.hiring', when)}${ruleYaml('makes', 'role.maker', 'maker')}
timings:
  - { id: plain, label: ${text('Plain')}, due: [ { id: ordinary, date: article, label: ${text('Its day')} } ] }
duty_groups: [ { id: all, label: ${text('All')} } ]
duties:
${duties.map((id) => `  - { id: ${id}, role: role.maker, group: all, when: high, label: ${text(id)}, plain: ${text(id)}, cite: [ { act: act, article: "Art. 9" } ], ev: V, authority: law, timing: plain, article: $start }`).join('\n')}
cases:
  - id: maker-of-hiring
    title: ${text('Maker')}
    story: ${text('A firm makes a tool for hiring.')}
    facts: { use: ${first}, maker: yes }
    expect: { high.hiring: holds, role.maker: holds, ${duties.map((id) => `duty.${id}: holds`).join(', ')} }
    due: { ${duties.map((id) => `${id}: ${day}`).join(', ')} }
  - id: other
    title: ${text('Other')}
    story: ${text('A firm uses a tool for something else.')}
    facts: { use: ${second}, maker: no }
    expect: { high.hiring: fails, role.maker: fails, ${duties.map((id) => `duty.${id}: fails`).join(', ')} }
`,
  });
  return files.map((file) => (file.path === 'pack.yaml' ? { ...file, text: file.text.replace('version: 1.0.0', `version: ${version}`) } : file));
}

