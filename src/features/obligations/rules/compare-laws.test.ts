/** What a change of law does to one system: regimes that begin, duties that appear, move, open or fall away, answers that no longer fit. */

import { describe, expect, it } from 'vitest';
import type { CivilDate } from '../../../base/index.ts';
import { compileLaw, type Facts, loadPack, type Pack } from '../../../law/index.ts';
import { type SmallLaw, smallLawFiles } from '../examples.ts';
import { comparerOf, type LawPair } from './compare-laws.ts';

const dates = { asOf: '2026-11-23' as CivilDate, knownOn: '2026-11-23' as CivilDate };

function lawOf(options: SmallLaw): LawPair {
  const loaded = loadPack(smallLawFiles(options));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  const pack: Pack = loaded.value;
  return { regimes: compileLaw(pack, dates), duties: compileLaw(pack, dates, 'duties') };
}

const hiring: Facts = { use: 'hire', maker: true };

describe('a change of law', () => {
  const cases: readonly (readonly [string, SmallLaw, SmallLaw, Facts, object | undefined])[] = [
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
