/** The EU AI Act pack as shipped: sound by its own check, and faithful to the dates and results that the design fixes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CivilDate } from '../base/index.ts';
import { checkPack, compileLaw, decide, loadPack } from './index.ts';
import type { Facts, PackFile, Result } from './index.ts';

const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
const files: readonly PackFile[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));

const loaded = loadPack(files);
if (!loaded.ok) throw new Error('the shipped pack does not load: run scripts/check-pack.ts');
const pack = loaded.value;

const SYSTEM: Facts = { 'S.infers': true, 'S.nexus': ['market_EU'], 'S.mil_only': false, 'S.rd_sole': false, 'S.premarket': false, 'A1.act': [] };
const HIRING: Facts = { 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'], 'X.no_employer_selection': false, 'X.profiling': true };
const NUDIFIER: Facts = { 'P.intimate': 'intended', 'P.consent_explicit': false, 'P.no_more_exposure': false };
const CHATBOT: Facts = { 'T.interacts_directly': true, 'T.obvious': false, 'T.le_authorised': false };
const MODEL: Facts = { 'G.is_model': true, 'G.generality': true, 'G.placed_on': true, 'G.designated': false };

function outcome(facts: Facts, asOf: string, knownOn: string, id: string): { readonly result: Result; readonly appliesFrom: CivilDate | undefined; readonly applies: boolean } {
  const decision = decide(compileLaw(pack, { asOf: asOf as CivilDate, knownOn: knownOn as CivilDate }), { ...SYSTEM, ...facts });
  const found = decision.outcomes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`the pack has no conclusion ${id}`);
  return { result: found.result, appliesFrom: found.dates.appliesFrom, applies: found.dates.applies };
}

describe('the shipped EU AI Act pack', () => {
  it('has no error by its own check', () => {
    expect(checkPack(pack).filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('holds all ten letters of Article 5(1) and all five situations of Article 50', () => {
    const members = (family: string): readonly string[] => pack.conclusions.filter((one) => one.family === family).map((one) => one.id.slice(family.length + 1));
    expect(members('prohibited')).toEqual(['a', 'b', 'ba', 'bb', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(members('transparency')).toEqual(['50-1', '50-2', '50-3', '50-4-i', '50-4-ii']);
  });

  const cases: readonly (readonly [string, Facts, string, string, string, Result, string | undefined])[] = [
    ['a hiring tool as known the day before the amendment', HIRING, '2028-01-10', '2026-07-26', 'high_risk.III.4a', 'holds', '2026-08-02'],
    ['a hiring tool as known from the amendment on', HIRING, '2028-01-10', '2026-07-27', 'high_risk.III.4a', 'holds', '2027-12-02'],
    ['a nudifier two days before the ban applies', NUDIFIER, '2026-11-30', '2026-07-27', 'prohibited.ba', 'holds', '2026-12-02'],
    ['a nudifier under the law known before', NUDIFIER, '2026-11-30', '2026-07-26', 'prohibited.ba', 'fails', undefined],
    ['a chatbot as known before the amendment', CHATBOT, '2026-09-01', '2026-07-26', 'transparency.50-1', 'holds', '2026-08-02'],
    ['a chatbot as known after it', CHATBOT, '2026-09-01', '2026-07-27', 'transparency.50-1', 'holds', '2026-08-02'],
    ['a model just over the threshold', { ...MODEL, 'G.flop': 1.0001e25 }, '2026-09-01', '2026-07-27', 'gpai_systemic', 'holds', '2025-08-02'],
    ['a model exactly at the threshold', { ...MODEL, 'G.flop': 1e25 }, '2026-09-01', '2026-07-27', 'gpai_systemic', 'fails', undefined],
    ['a chatbot without a link to the EU keeps its classification', { ...CHATBOT, 'S.nexus': [] }, '2026-09-01', '2026-07-27', 'transparency.50-1', 'holds', '2026-08-02'],
    ['… but is not bound', { ...CHATBOT, 'S.nexus': [] }, '2026-09-01', '2026-07-27', 'scope', 'fails', undefined],
    ['nothing answered about the technique', {}, '2026-09-01', '2026-07-27', 'prohibited.a', 'undetermined', undefined],
  ];
  it.each(cases)('%s', (_, facts, asOf, knownOn, id, result, from) => {
    const got = outcome(facts, asOf, knownOn, id);
    expect(got.result).toBe(result);
    if (from !== undefined) expect(got.appliesFrom).toBe(from);
  });

  it('tells a ban that holds from one that already applies', () => {
    expect(outcome(NUDIFIER, '2026-12-01', '2026-07-27', 'prohibited.ba').applies).toBe(false);
    expect(outcome(NUDIFIER, '2026-12-02', '2026-07-27', 'prohibited.ba').applies).toBe(true);
  });

  it('never lets an exclusion add a regime', () => {
    const law = compileLaw(pack, { asOf: '2028-01-10' as CivilDate, knownOn: '2026-10-01' as CivilDate });
    const base: Facts = { ...SYSTEM, ...HIRING, ...CHATBOT, ...MODEL, 'G.flop': 3e25, 'S.foss': false, 'S.personal': false };
    const holding = (facts: Facts): readonly string[] => decide(law, facts, { reasons: false, flips: false, ranked: false }).outcomes.filter((one) => one.result === 'holds').map((one) => one.id);
    const all = holding(base);
    expect(all).toContain('high_risk.III.4a');
    for (const exclusion of ['S.mil_only', 'S.rd_sole', 'S.foss', 'S.personal']) {
      const left = holding({ ...base, [exclusion]: true });
      expect(left.filter((id) => !all.includes(id)), exclusion).toEqual([]);
    }
  });
});

/** Value of a parameter among those published by `knownOn`, as docs/spec/law-pack.md has it. */
function valueOf(id: string, knownOn: string): number | string | null | undefined {
  const parameter = pack.parameters.find((one) => one.id === id);
  if (parameter === undefined) throw new Error(`the pack has no parameter ${id}`);
  return parameter.values.findLast((value) => value.known <= knownOn)?.value;
}

describe('the dates and figures of the Act, as known before and after the amendment', () => {
  const table: readonly (readonly [string, number | string | undefined, number | string])[] = [
    ['entry_into_force', '2024-08-01', '2024-08-01'],
    ['applies.ch1_ch2', '2025-02-02', '2025-02-02'],
    ['applies.5_1_ba_bb_1a_1b', undefined, '2026-12-02'],
    ['applies.ch3s4', '2025-08-02', '2025-08-02'],
    ['applies.ch5', '2025-08-02', '2025-08-02'],
    ['applies.ch7', '2025-08-02', '2025-08-02'],
    ['applies.ch12', '2025-08-02', '2025-08-02'],
    ['applies.78', '2025-08-02', '2025-08-02'],
    ['applies.101', '2026-08-02', '2026-08-02'],
    ['applies.default', '2026-08-02', '2026-08-02'],
    ['applies.route.III', '2026-08-02', '2027-12-02'],
    ['applies.route.I', '2027-08-02', '2028-08-02'],
    ['applies.102_110', '2026-08-02', '2026-07-27'],
    ['trans.111_1.cut_off', '2027-08-02', '2027-08-02'],
    ['trans.111_1.due', '2030-12-31', '2030-12-31'],
    // One cut-off day as first published; since the amendment the date of the own route, which is never later than the ceiling.
    ['trans.111_2.cut_off', '2026-08-02', '2027-12-02'],
    ['trans.111_2.cut_off_ceiling', '2026-08-02', '2028-08-02'],
    ['trans.111_2.public', '2030-08-02', '2030-08-02'],
    ['trans.111_3.cut_off', '2025-08-02', '2025-08-02'],
    ['trans.111_3.due', '2027-08-02', '2027-08-02'],
    ['trans.111_4.cut_off', undefined, '2026-08-02'],
    ['trans.111_4.due', undefined, '2026-12-02'],
    ['sandbox.57_1', '2026-08-02', '2027-08-02'],
    ['delegated.2_13', undefined, '2027-08-02'],
    ['guidelines.96_1_g', undefined, '2027-08-01'],
    ['guidance.72_3', '2026-02-02', '2027-09-02'],
    ['nb.43_3', undefined, '2028-01-28'],
    ['gpai.systemic_flop', 1e25, 1e25],
    ['gpai.indicative_flop', 1e23, 1e23],
    ['gpai.notify', 14, 14],
    ['retention.docs', 10, 10],
    ['retention.logs', 6, 6],
    ['cert.max.I', 5, 5],
    ['cert.max.III', 4, 4],
    ['incident.ordinary', 15, 15],
    ['incident.death', 10, 10],
    ['incident.critical', 2, 2],
    ['incident.authority', 7, 7],
    ['rbi.post', 48, 48],
    ['rbi.live', 24, 24],
    ['rbi.live.offence', 4, 4],
    ['fine.99_3.fixed', 35_000_000, 35_000_000],
    ['fine.99_3.percent', 7, 7],
    ['fine.99_4.fixed', 15_000_000, 15_000_000],
    ['fine.99_4.percent', 3, 3],
    ['fine.99_5.fixed', 7_500_000, 7_500_000],
    ['fine.99_5.percent', 1, 1],
    ['fine.101.fixed', 15_000_000, 15_000_000],
    ['fine.101.percent', 3, 3],
    ['fine.100.prohibited', 1_500_000, 1_500_000],
    ['fine.100.other', 750_000, 750_000],
    ['fine.75c.periodic_percent', undefined, 5],
    ['fine.75c.limitation', undefined, 5],
  ];
  it.each(table)('%s: %s, then %s', (id, before, after) => {
    expect(valueOf(id, '2026-07-26')).toBe(before);
    expect(valueOf(id, '2026-07-27')).toBe(after);
  });

  it('takes guidance as known only from the day it came out', () => {
    for (const id of ['gpai.indicative_flop', 'gpai.modifier_ratio', 'gpai.modifier_flop', 'gpai.modifier_flop_systemic']) {
      expect(valueOf(id, '2025-07-17'), id).toBeUndefined();
      expect(valueOf(id, '2025-07-18'), id).toBeDefined();
    }
    expect(valueOf('gpai.modifier_ratio', '2026-10-01')).toBeCloseTo(1 / 3, 9);
    expect(valueOf('gpai.modifier_flop', '2026-10-01')).toBeCloseTo(1e23 / 3, -15);
    expect(valueOf('gpai.modifier_flop_systemic', '2026-10-01')).toBeCloseTo(1e25 / 3, -17);
  });
});

describe('roles, routes of conformity and registration', () => {
  const members = (family: string): readonly string[] => pack.conclusions.filter((one) => one.family === family).map((one) => one.id.slice(family.length + 1));

  it('knows every role of the Act, and compiles none of them with the classification', () => {
    expect(members('role')).toEqual([
      'provider', 'deployer', 'importer', 'distributor', 'authorised_representative', 'product_manufacturer', 'gpai_provider', 'initial_provider', 'supplier', 'employer', 'public_deployer',
    ]);
    expect(members('conformity')).toEqual(['VI', 'VII', 'VI_or_VII', 'by_authority', 'sectoral_A', 'sectoral_A_self', 'sectoral_B', 'again']);
    expect(members('registration')).toEqual(['VIII_A', 'VIII_B', 'VIII_C', 'nonpublic', 'national']);
    const classification = compileLaw(pack, { asOf: '2026-11-23' as CivilDate, knownOn: '2026-11-23' as CivilDate });
    expect(decide(classification, SYSTEM, { reasons: false, flips: false, ranked: false }).outcomes.filter((one) => /^(?:role|conformity|registration|duty)\b/.test(one.id))).toEqual([]);
  });

  it('asks about changes of role only where there is a high-risk system', () => {
    const law = compileLaw(pack, { asOf: '2026-11-23' as CivilDate, knownOn: '2026-11-23' as CivilDate }, 'duties');
    const asked = (facts: Facts): readonly string[] => decide(law, { ...SYSTEM, ...facts }, { reasons: false, flips: false, ranked: false }).outcomes.filter((one) => one.family === 'role').flatMap((one) => one.ask);
    const bought: Facts = { 'R.develops_or_commissions': false, 'R.uses_under_authority': true, 'S.personal': false };
    expect(asked({ ...bought, ...HIRING })).toEqual(expect.arrayContaining(['R.rebrands_hr', 'R.substantial_mod', 'R.purpose_change_to_hr']));
    expect(asked({ ...bought, 'X.area': [] }).filter((fact) => /rebrands|substantial|purpose_change|taken_over|supplies|employer/.test(fact))).toEqual([]);
  });

  it('shows the class under both readings where they differ', () => {
    const law = compileLaw(pack, { asOf: '2028-01-10' as CivilDate, knownOn: '2026-10-01' as CivilDate });
    const narrow: Facts = { ...HIRING, 'X.profiling': false, 'X.part_of_complex_system': false, 'X.task': 'narrow_procedural', 'X.influences_decision': false, 'X.scores_or_ranks': false, 'X.significant_risk': true };
    const found = decide(law, { ...SYSTEM, ...narrow }).outcomes.find((one) => one.id === 'high_risk.III.4a');
    expect(found?.result).toBe('fails');
    expect(found?.readings).toEqual([{ reading: 'RD.6_3', results: { A: 'fails', B: 'holds' }, default: 'A' }]);
  });
});
