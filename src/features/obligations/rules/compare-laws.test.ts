/** What a change of law does to one system: regimes that begin, duties that appear, move, open or fall away, answers that no longer fit. */

import { describe, expect, it } from 'vitest';
import type { CivilDate } from '../../../base/index.ts';
import { compileLaw, type Facts, loadPack, type Pack, type PackFile } from '../../../law/index.ts';
import { conclusionYaml, examplePack, factYaml, ruleYaml } from '../../../law/examples.ts';
import { comparerOf, type LawPair } from './compare-laws.ts';

const text = (words: string): string => `{ az: "${words}", en: "${words}", ru: "${words}" }`;
const dates = { asOf: '2026-11-23' as CivilDate, knownOn: '2026-11-23' as CivilDate };
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

interface Options {
  readonly day?: string;
  readonly when?: string;
  readonly duties?: readonly string[];
  readonly values?: string;
}

/** A law with one regime, one role and the named duties. */
function packFiles({ day = '2027-01-01', when = 'use = hire', duties = ['RISK'], values = 'hire, other' }: Options): readonly PackFile[] {
  return examplePack(MANIFEST, {
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
`,
  });
}

function lawOf(options: Options): LawPair {
  const loaded = loadPack(packFiles(options));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  const pack: Pack = loaded.value;
  return { regimes: compileLaw(pack, dates), duties: compileLaw(pack, dates, 'duties') };
}

const hiring: Facts = { use: 'hire', maker: true };

describe('a change of law', () => {
  const cases: readonly (readonly [string, Options, Options, Facts, object | undefined])[] = [
    ['that changes nothing for a system is no effect', {}, {}, hiring, undefined],
    ['moves a date', {}, { day: '2028-01-01' }, hiring, { regimes: [], duties: [{ id: 'RISK', shift: 'moves', from: '2027-01-01', to: '2028-01-01' }] }],
    ['adds a duty', {}, { duties: ['RISK', 'LOGS'] }, hiring, { regimes: [], duties: [{ id: 'LOGS', shift: 'appears', to: '2027-01-01' }] }],
    ['takes a duty away', { duties: ['RISK', 'LOGS'] }, {}, hiring, { duties: [{ id: 'LOGS', shift: 'vanishes', from: '2027-01-01' }] }],
    [
      'narrows a regime',
      {},
      { when: 'use = hire and not maker' },
      hiring,
      { headline: { from: 'high', to: 'none' }, regimes: [{ id: 'high.hiring', shift: 'ceases', from: 'holds', to: 'fails' }], duties: [{ id: 'RISK', shift: 'vanishes', from: '2027-01-01' }] },
    ],
    [
      'asks what was not asked before',
      { when: 'use = hire' },
      { when: 'use = hire and maker' },
      { use: 'hire' },
      { headline: { from: 'high', to: 'open' }, regimes: [{ id: 'high.hiring', shift: 'opens', from: 'holds', to: 'undetermined' }], duties: [] },
    ],
    ['no longer has the value that was answered', {}, { values: 'rank, other', when: 'use = rank' }, hiring, { regimes: [{ id: 'high.hiring', shift: 'opens' }], dropped: ['use'] }],
  ];
  it.each(cases)('%s', (_name, from, to, facts, expected) => {
    const effect = comparerOf(lawOf(from), lawOf(to))(facts);
    if (expected === undefined) expect(effect).toBeUndefined();
    else expect(effect).toMatchObject(expected);
  });

  it('there and back again is the opposite of itself', () => {
    const [one, two] = [lawOf({ duties: ['RISK'] }), lawOf({ duties: ['RISK', 'LOGS'], day: '2028-01-01' })];
    const there = comparerOf(one, two)(hiring);
    const back = comparerOf(two, one)(hiring);
    expect(there?.duties.map(({ id, from, to }) => [id, from, to]).sort()).toEqual(back?.duties.map(({ id, from, to }) => [id, to, from]).sort());
  });
});
