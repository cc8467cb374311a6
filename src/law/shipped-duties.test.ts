/** The duties of the shipped AI Act pack: the design's dates, and random systems held against a plain interpreter. */

import { dayNumber } from '../base/index.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CivilDate } from '../base/index.ts';
import { compileLaw, dutiesOf, dutyFormFor, fineCeiling, loadPack, NEVER_DAY, OPEN_DAY, RESULT_CODES, underReadings, UNDATED_DAY } from './index.ts';
import type { Due, FactAnswer, FactDefinition, Facts, FactValue, LawTime, PackFile } from './index.ts';
import { NaiveLaw } from './naive-duties.ts';

const root = join(import.meta.dirname, '../../packs/law/eu-ai-act');
const files: readonly PackFile[] = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
const loaded = loadPack(files);
if (!loaded.ok) throw new Error('the shipped pack does not load: run scripts/check-pack.ts');
const pack = loaded.value;

const time = (knownOn: string, asOf = '2028-01-10'): LawTime => ({ asOf: asOf as CivilDate, knownOn: knownOn as CivilDate });
const [BEFORE, NOW] = [time('2026-07-26'), time('2026-07-27')];
const BRIEF = { reasons: false, flips: false, ranked: false } as const;

const PROVIDER: Facts = { 'R.develops_or_commissions': true, 'R.own_name': true, 'R.places_market': true };
const SYSTEM: Facts = { ...PROVIDER, 'S.infers': true, 'S.nexus': ['market_EU'], 'S.mil_only': false, 'S.rd_sole': false, 'S.premarket': false, 'S.foss': false, 'S.personal': false, 'A1.act': [], 'D.annexX': false, 'D.design_changed': false, 'D.public_authority_use': false };
const HIRING: Facts = { ...SYSTEM, 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'], 'X.no_employer_selection': false, 'X.profiling': true, 'D.first_placed': '2028-01-10' };

function due(facts: Facts, at: LawTime, duty: string, readings: Readonly<Record<string, string>> = {}): string {
  const found = dutiesOf(underReadings(compileLaw(pack, at, 'duties'), readings), facts, BRIEF).duties.find((item) => item.duty.id === duty);
  if (found === undefined) throw new Error(`the pack has no duty ${duty}`);
  return found.due?.kind === 'date' ? found.due.date : (found.due?.kind ?? 'no-duty');
}

/** The facts of the worked case of the pack in which `conclusion` holds, as a provider's system. */
function likeCase(conclusion: string, more: Facts): Facts {
  const found = pack.cases.find(({ expect: expected }) => expected[conclusion] === 'holds');
  if (found === undefined) throw new Error(`no case expects ${conclusion}`);
  return { ...SYSTEM, ...found.facts, ...PROVIDER, ...more };
}

describe('the due dates of the AI Act', () => {
  test.each<readonly [string, Facts, LawTime, string, string]>([
    ['a hiring tool as known the day before the amendment', HIRING, BEFORE, 'PR.RM', '2026-08-02'],
    ['a hiring tool as known from the amendment on', HIRING, NOW, 'PR.RM', '2027-12-02'],
    ['a chatbot before', { ...SYSTEM, 'T.interacts_directly': true, 'T.obvious': false, 'T.le_authorised': false }, BEFORE, 'TR.NOTICE', '2026-08-02'],
    ['a chatbot after', { ...SYSTEM, 'T.interacts_directly': true, 'T.obvious': false, 'T.le_authorised': false }, NOW, 'TR.NOTICE', '2026-08-02'],
    ['a generator placed in May', likeCase('transparency.50-2', { 'D.first_placed': '2026-05-01' }), NOW, 'TR.MARK', '2026-12-02'],
    ['a generator placed in September', likeCase('transparency.50-2', { 'D.first_placed': '2026-09-01' }), NOW, 'TR.MARK', '2026-09-01'],
    ['a model of July 2025', likeCase('duty.GP.COPY', { 'D.model_placed': '2025-07-01' }), NOW, 'GP.COPY', '2027-08-02'],
    ['a model of September 2025', likeCase('duty.GP.COPY', { 'D.model_placed': '2025-09-01' }), NOW, 'GP.COPY', '2025-09-01'],
    ['a medical device before', likeCase('high_risk.6-1A', { 'D.first_placed': '2029-01-10' }), BEFORE, 'PR.RM', '2027-08-02'],
    ['a medical device after', likeCase('high_risk.6-1A', { 'D.first_placed': '2029-01-10' }), NOW, 'PR.RM', '2028-08-02'],
    ['incidents of a credit score', likeCase('high_risk.III.5b', { 'D.first_placed': '2028-01-10' }), NOW, 'PR.INC', '2027-12-02'],
    ['a ministry, unchanged', likeCase('high_risk.III.5a', { 'D.first_placed': '2027-01-15', 'D.public_authority_use': true, 'D.design_changed': false }), NOW, 'PR.RM', '2030-08-02'],
    ['a ministry, changed', likeCase('high_risk.III.5a', { 'D.first_placed': '2027-01-15', 'D.public_authority_use': true, 'D.design_changed': true, 'D.design_change': '2028-03-01' }), NOW, 'PR.RM', '2028-03-01'],
    ['an insurer, unchanged', likeCase('high_risk.III.5c', { 'D.first_placed': '2027-01-15', 'D.public_authority_use': false, 'D.design_changed': false }), NOW, 'PR.RM', 'never'],
  ])('%s', (_, facts, at, duty, expected) => expect(due(facts, at, duty)).toBe(expected));

  test('incidents of a credit score under the other reading', () => {
    const facts = likeCase('high_risk.III.5b', { 'D.first_placed': '2028-01-10' });
    expect(due(facts, NOW, 'PR.INC', { 'RD.ch9': 'B' })).toBe('2026-08-02');
    const found = dutiesOf(compileLaw(pack, NOW, 'duties'), facts, BRIEF).duties.find((item) => item.duty.id === 'PR.INC')!;
    expect(found.dueUnderReadings.find(({ reading }) => reading === 'RD.ch9')?.dues).toMatchObject({ A: { date: '2027-12-02' }, B: { date: '2026-08-02' } });
  });

  test.each<readonly [string, string, Facts, number, number]>([
    ['large, Art. 5', 'sanction.99_3', { 'R.size': 'large' }, 1_000_000_000, 70_000_000],
    ['small, Art. 5', 'sanction.99_3', { 'R.size': 'small' }, 2_000_000, 140_000],
    ['small mid-cap, Art. 5', 'sanction.99_3', { 'R.size': 'smc' }, 100_000_000, 35_000_000],
    ['small mid-cap, Art. 50', 'sanction.99_4', { 'R.size': 'smc' }, 100_000_000, 3_000_000],
  ])('the ceiling of the fine: %s', (_, sanction, facts, turnoverEur, ceilingEur) => {
    expect(fineCeiling(compileLaw(pack, NOW, 'duties'), sanction, { 'R.public_body': false, 'R.eu_institution': false, ...facts }, { turnoverEur, undertaking: true })).toMatchObject({ ok: true, value: { ceilingEur } });
  });
});

// Random systems.

const DAY = fc.constantFrom('2025-07-01', '2026-08-01', '2026-08-02', '2027-08-01', '2027-12-01', '2027-12-02', '2028-08-01', '2028-08-02', '2031-01-01');

function valueOf(fact: FactDefinition): fc.Arbitrary<FactValue> {
  switch (fact.type) {
    case 'bool': return fc.boolean();
    case 'enum': return fc.constantFrom(...fact.values.map(({ id }) => id));
    case 'set': return fc.subarray(fact.values.map(({ id }) => id));
    case 'number': return fc.constantFrom(1, 1e23, 1e25, 2e25);
    case 'date': return DAY;
  }
}

const ANSWERS: fc.Arbitrary<Facts> = fc.record(Object.fromEntries(pack.facts.map((fact) => [fact.id, valueOf(fact)])));
/** A worked case with the rest at random: purely random systems mostly fall out of scope. */
const COMPLETE: fc.Arbitrary<Facts> = fc.tuple(ANSWERS, fc.constantFrom(...pack.cases)).map(([facts, { facts: known }]) => ({ ...facts, ...Object.fromEntries(Object.entries(known).filter(([, answer]) => typeof answer !== 'object' || Array.isArray(answer))) }));
const SHARE = fc.constantFrom(0.02, 0.1, 0.4, 0.9);

function fits(found: Due, day: number): boolean {
  switch (found.kind) {
    case 'date': return dayNumber(found.date) === day;
    case 'never': return day === NEVER_DAY;
    case 'undated': return day === UNDATED_DAY;
    case 'between':
      if (day === NEVER_DAY) return found.mayBeNever;
      if (day === UNDATED_DAY) return found.latest === undefined;
      return (found.earliest === undefined || dayNumber(found.earliest) <= day) && (found.latest === undefined || day <= dayNumber(found.latest));
  }
}

describe('random systems under the AI Act', () => {
  test('complete answers give what the plain interpreter gives, and so does the fast form', () => {
    const codes = new Uint8Array(pack.duties.length);
    const days = new Int32Array(pack.duties.length);
    const laws = new Map([BEFORE, NOW].map((at) => [at, { form: dutyFormFor(compileLaw(pack, at, 'duties')), naive: new NaiveLaw(pack, at) }]));
    fc.assert(fc.property(COMPLETE, fc.constantFrom(BEFORE, NOW), (facts, at) => {
      const { form, naive } = laws.get(at)!;
      form.due(facts, codes, days);
      naive.dues(facts).forEach((expected, index) => {
        expect(RESULT_CODES[codes[index]!], form.ids[index]).toBe(expected === undefined ? 'fails' : 'holds');
        expect(days[index], form.ids[index]).toBe(expected ?? OPEN_DAY);
      });
    }), { numRuns: 150 });
  });

  test('a range holds whatever date the missing answers may give', () => {
    const naive = new NaiveLaw(pack, NOW);
    const law = compileLaw(pack, NOW, 'duties');
    fc.assert(fc.property(COMPLETE, SHARE, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: pack.facts.length, maxLength: pack.facts.length }), (facts, share, draws) => {
      const partial = Object.fromEntries(Object.entries(facts).map(([id, value], at): [string, FactAnswer] => [id, draws[at]! < share ? { unknown: true } : value]));
      const { duties } = dutiesOf(law, partial, BRIEF);
      naive.dues(facts).forEach((expected, index) => {
        const found = duties[index]!;
        if (expected !== undefined) expect(found.due !== undefined && fits(found.due, expected), `${found.duty.id} ${JSON.stringify(found.due)} ${expected}`).toBe(true);
        else expect(found.outcome.result).not.toBe('holds');
      });
    }), { numRuns: 40 });
  });
});
