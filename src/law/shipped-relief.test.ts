/** What the shipped AI Act pack eases for some, how long it has papers kept, and the periods it lets run: held to the articles. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CivilDate } from '../base/index.ts';
import { compileLaw, dutiesOf, loadPack } from './index.ts';
import type { DutyOutcome } from './duty-model.ts';
import type { Facts } from './index.ts';

const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
const loaded = loadPack(readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })));
if (!loaded.ok) throw new Error('the shipped pack does not load: run scripts/check-pack.ts');
const pack = loaded.value;
const law = compileLaw(pack, { asOf: '2028-06-01' as CivilDate, knownOn: '2026-10-01' as CivilDate }, 'duties');

/** The duty in the worked case `id`, with other answers on top. */
function dutyIn(id: string, duty: string, more: Facts = {}): DutyOutcome {
  const found = pack.cases.find((workedCase) => workedCase.id === id);
  if (found === undefined) throw new Error(`the pack has no case ${id}`);
  return dutiesOf(law, { ...found.facts, ...more }, { reasons: false, flips: false, ranked: false }).duties.find((item) => item.duty.id === duty)!;
}

test.each<readonly [string, string, string, Facts, readonly string[]]>([
  ['a small company writes the simplified file', 'hiring-maker', 'PR.TD', {}, ['Art. 11(1)']],
  ['so does a small mid-cap', 'hiring-maker', 'PR.TD', { 'R.size': 'smc' }, ['Art. 11(1)']],
  ['a large company does not', 'hiring-maker', 'PR.TD', { 'R.size': 'large' }, []],
  ['a medium company has a proportionate quality system', 'hiring-maker', 'PR.QMS', { 'R.size': 'medium' }, ['Art. 17(2)']],
  ['a large bank leans on its internal governance', 'hiring-maker', 'PR.QMS', { 'R.size': 'large', 'R.financial_institution': true }, ['Art. 17(4)']],
  ['a large industrial company has no ease', 'hiring-maker', 'PR.QMS', { 'R.size': 'large' }, []],
  ['a bank keeps logs with its other records', 'hiring-maker', 'PR.LOG.KEEP', { 'R.financial_institution': true }, ['Art. 18(3)']],
  ['a bank monitors by its governance rules', 'credit-bank', 'DE.MON', {}, ['Art. 26(5)']],
  ['a bank keeps the logs of its deployments likewise', 'credit-bank', 'DE.LOG', {}, ['Art. 26(6)']],
  ['a factory does not', 'hiring-employer', 'DE.MON', {}, []],
  ['a medical device reports breaches of rights only', 'xray-maker', 'PR.INC', {}, ['Art. 73(10)']],
  ['a hiring tool reports all', 'hiring-maker', 'PR.INC', {}, []],
  ['police tell people by their own directive', 'station-police', 'DE.INFO', {}, ['Art. 26(11)']],
  ['an employer tells them by the Act', 'hiring-employer', 'DE.INFO', {}, []],
  ['police enter less in the register', 'station-police', 'DE.PUB', {}, ['Art. 49(4)']],
  ['a ministry enters all', 'aid-ministry', 'DE.PUB', {}, []],
  ['the authority assesses what police use', 'police-camera-maker', 'PR.CA.VII', {}, ['Art. 43(1)']],
  ['a notified body assesses what a stadium uses', 'watch-list-maker', 'PR.CA.VII', {}, []],
  ['law may waive the second person for police', 'police-camera-maker', 'PR.HO.TWO', {}, ['Art. 14(5)']],
  ['not for a stadium', 'watch-list-maker', 'PR.HO.TWO', {}, []],
  ['satire labels lightly', 'party-deep-fake', 'TR.DEEPFAKE', { 'T.artistic': true }, ['Art. 50(4)']],
  ['a campaign does not', 'party-deep-fake', 'TR.DEEPFAKE', {}, []],
])('%s', (_, id, duty, more, articles) => {
  const found = dutyIn(id, duty, more);
  expect(found.outcome.result).toBe('holds');
  expect(found.relief.map(({ cite }) => cite[0]?.article)).toEqual(articles);
});

test.each<readonly [string, string, readonly string[]]>([
  ['hiring-maker', 'PR.INC', ['incident.ordinary 15 days', 'incident.death 10 days', 'incident.critical 2 days', 'incident.authority 7 days']],
  ['hiring-employer', 'DE.INC', ['incident.ordinary 15 days', 'incident.death 10 days', 'incident.critical 2 days']],
  ['station-police', 'DE.RBI.AUTH', ['rbi.post_authorisation 48 hours']],
  ['open-systemic-model', 'GP.NOTIFY', ['gpai.notify 14 days']],
  ['abducted-child-each-use', 'DE.RBI.LIVE', []],
])('%s: the periods of %s', (id, duty, periods) => {
  expect(dutyIn(id, duty).clocks.map(({ clock, length }) => `${clock.id} ${length} ${clock.unit}`)).toEqual(periods);
});

test('without leave the urgent search runs against a day', () => {
  const urgent = dutyIn('abducted-child-each-use', 'DE.RBI.LIVE', { 'P.rbi_authorised': false, 'P.rbi_urgent_24h': true });
  expect(urgent.clocks.map(({ clock, length }) => `${clock.id} ${length} ${clock.unit}`)).toEqual(['rbi.live_authorisation 24 hours']);
});

test.each<readonly [string, string, readonly string[]]>([
  ['hiring-maker', 'PR.DOC', ['10 years']],
  ['hiring-maker', 'PR.LOG.KEEP', ['6 months']],
  ['hiring-employer', 'DE.LOG', ['6 months']],
  ['hiring-importer', 'IM.KEEP', ['10 years']],
  ['xray-maker', 'PR.CERT.SECT', ['5 years']],
  ['watch-list-maker', 'PR.CERT', ['4 years']],
])('%s: how long papers of %s are kept', (id, duty, lengths) => {
  expect(dutyIn(id, duty).retention.map(({ retention, length }) => `${length} ${retention.unit}`)).toEqual(lengths);
});

test.each<readonly [string, string, string | undefined]>([
  ['hiring-maker', 'PR.RM', 'sanction.99_4'],
  ['hiring-maker', 'PR.TRUE', 'sanction.99_5'],
  ['stop-social-score', 'AL.STOP', 'sanction.99_3'],
  ['open-systemic-model', 'GP.EVAL', 'sanction.101'],
  ['aid-ministry', 'DE.FRIA', undefined],
  ['literacy-bank', 'AL.LIT', undefined],
])('%s: the sanction of %s', (id, duty, sanction) => {
  expect(dutyIn(id, duty).sanction?.id).toBe(sanction);
});
