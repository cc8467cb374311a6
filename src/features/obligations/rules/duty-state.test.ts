/** The fast counts of lists are those of the full decision. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CivilDate } from '../../../base/index.ts';
import { compileLaw, dutiesOf, dutyFormFor, loadPack } from '../../../law/index.ts';
import { readPackFolder } from '../../lawbook/index.ts';
import { counterOf, countDuties, standingDuties } from './duty-state.ts';

const CASES_TRIED = 120;

it('counts of the worked cases of the AI Act pack, with answers taken away', () => {
  const loaded = loadPack(readPackFolder(join(import.meta.dirname, '../../../../packs/law/eu-ai-act')));
  if (!loaded.ok) throw new Error('the pack does not load');
  const asOf = '2027-12-02' as CivilDate;
  const law = compileLaw(loaded.value, { asOf, knownOn: '2026-11-23' as CivilDate }, 'duties');
  const count = counterOf(dutyFormFor(law), asOf);
  const step = Math.ceil(loaded.value.cases.length / CASES_TRIED);
  for (const [index, one] of loaded.value.cases.entries()) {
    if (index % step !== 0) continue;
    const facts = Object.fromEntries(Object.entries(one.facts).filter((_, at) => (index / step) % 3 !== 0 || at % 4 !== 0));
    expect(count(facts), one.id).toEqual(countDuties(standingDuties(dutiesOf(law, facts, { reasons: false, flips: false, ranked: false }), asOf)));
  }
});
