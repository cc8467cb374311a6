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
