/** Duties and their dates: the vectors of the design on a small act, and random answers held against a plain interpreter. */

import { dayNumber } from '../base/index.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CivilDate, Instant } from '../base/index.ts';
import { DUTIES_PACK } from './examples-duties.ts';
import {
  checkPack, compileLaw, decide, dutiesOf, dutyFormFor, endOfClock, fineCeiling, loadPack, mutants, mutationReport, NEVER_DAY, OPEN_DAY, RESULT_CODES, underReadings, UNDATED_DAY,
} from './index.ts';
import type { Due, ExpectedDue, FactAnswer, FactDefinition, Facts, FactValue, LawTime, Pack } from './index.ts';
import { NaiveLaw } from './naive-duties.ts';

const loaded = loadPack(DUTIES_PACK);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 5), null, 2));
const pack: Pack = loaded.value;

const civil = (text: string): CivilDate => text as CivilDate;
const BEFORE: LawTime = { asOf: civil('2028-01-10'), knownOn: civil('2026-07-26') };
const NOW: LawTime = { asOf: civil('2028-01-10'), knownOn: civil('2026-07-27') };

const HIRING: Facts = { use: ['hiring'], profiling: true, provides: true, annex_x: false, first_placed: '2028-01-10' };
const DEVICE: Facts = { ...HIRING, use: ['device'], first_placed: '2029-01-10' };
const CREDIT: Facts = { ...HIRING, use: ['credit'] };
const MINISTRY: Facts = { ...HIRING, use: ['benefits'], first_placed: '2027-01-15', public_use: true, changed: false };
const INSURER: Facts = { ...MINISTRY, use: ['insurance'], public_use: false };

function dueOf(facts: Facts, time: LawTime, duty: string): Due | undefined {
  return dutiesOf(compileLaw(pack, time, 'duties'), facts).duties.find((item) => item.duty.id === duty)!.due;
}

describe('due dates', () => {
  const vectors: readonly (readonly [string, Facts, LawTime, string, Due | undefined])[] = [
    ['a hiring tool as known the day before the amendment', HIRING, BEFORE, 'PR.RM', { kind: 'date', date: civil('2026-08-02'), line: 'ordinary' }],
    ['a hiring tool as known from the amendment on', HIRING, NOW, 'PR.RM', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
    ['a medical device before', DEVICE, BEFORE, 'PR.RM', { kind: 'date', date: civil('2027-08-02'), line: 'ordinary' }],
    ['a medical device after', DEVICE, NOW, 'PR.RM', { kind: 'date', date: civil('2028-08-02'), line: 'ordinary' }],
    ['both routes: the earlier', { ...DEVICE, use: ['hiring', 'device'] }, NOW, 'PR.RM', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
    ['both routes, older for one of them: the other still counts', { ...DEVICE, use: ['hiring', 'device'], first_placed: '2028-05-01', changed: false, public_use: false }, NOW, 'PR.RM', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
    ['a device placed between the two dates is older on its own route', { ...DEVICE, first_placed: '2028-05-01', changed: false, public_use: false }, NOW, 'PR.RM', { kind: 'never', line: '111_2-exempt', again: 'design_change' }],
    ['incidents of a credit score', CREDIT, NOW, 'PR.INC', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
    ['a chatbot before the amendment', { chatbot: true, provides: true }, BEFORE, 'T.1', { kind: 'date', date: civil('2026-08-02'), line: 'ordinary' }],
    ['a chatbot after it', { chatbot: true, provides: true }, NOW, 'T.1', { kind: 'date', date: civil('2026-08-02'), line: 'ordinary' }],
    ['a generator placed in May', { generator: true, provides: true, first_placed: '2026-05-01' }, NOW, 'T.2', { kind: 'date', date: civil('2026-12-02'), line: '111_4' }],
    ['a generator placed in September: on placing', { generator: true, provides: true, first_placed: '2026-09-01' }, NOW, 'T.2', { kind: 'date', date: civil('2026-09-01'), line: 'placing' }],
    ['a generator placed in May, before the transition was known', { generator: true, provides: true, first_placed: '2026-05-01' }, BEFORE, 'T.2', { kind: 'date', date: civil('2026-08-02'), line: 'placing' }],
    ['a ministry, unchanged', MINISTRY, NOW, 'PR.RM', { kind: 'date', date: civil('2030-08-02'), line: '111_2-public' }],
    ['a ministry, changed', { ...MINISTRY, changed: true, design_change: '2028-03-01' }, NOW, 'PR.RM', { kind: 'date', date: civil('2028-03-01'), line: '111_2-changed' }],
    ['a ministry, changed before the cut-off', { ...MINISTRY, changed: true, design_change: '2027-03-01' }, NOW, 'PR.RM', { kind: 'date', date: civil('2030-08-02'), line: '111_2-public' }],
    ['an insurer, unchanged', INSURER, NOW, 'PR.RM', { kind: 'never', line: '111_2-exempt', again: 'design_change' }],
    ['a large system of the Union', { ...MINISTRY, annex_x: true }, NOW, 'PR.RM', { kind: 'date', date: civil('2030-12-31'), line: '111_1' }],
    ['intimate pictures', { pictures: 'intended', deploys: true }, NOW, 'STOP', { kind: 'date', date: civil('2026-12-02'), line: 'ordinary' }],
    ['intimate pictures before the ban was known', { pictures: 'intended', deploys: true }, BEFORE, 'STOP', { kind: 'undated' }],
    ['a model of July 2025', { model: true, provides: true, size: 'large', model_placed: '2025-07-01' }, NOW, 'G.DOC', { kind: 'date', date: civil('2027-08-02'), line: '111_3' }],
    ['a model of September 2025: on placing', { model: true, provides: true, size: 'large', model_placed: '2025-09-01' }, NOW, 'G.DOC', { kind: 'date', date: civil('2025-09-01'), line: 'placing' }],
    ['a deployer has no duty of the provider', { ...HIRING, provides: false }, NOW, 'PR.RM', undefined],
    ['a generator with no day: from the transition or from placing', { generator: true, provides: true }, NOW, 'T.2', { kind: 'between', earliest: civil('2026-08-02'), mayBeNever: false, ask: ['first_placed'], lines: ['111_4', 'placing'] }],
    ['a ministry that does not say whether it changed', { ...MINISTRY, changed: { unknown: true }, design_change: '2028-03-01' }, NOW, 'PR.RM', { kind: 'between', earliest: civil('2028-03-01'), latest: civil('2030-08-02'), mayBeNever: false, ask: ['changed'], lines: ['111_2-changed', '111_2-public'] }],
    ['an insurer with no day', { ...INSURER, first_placed: { unknown: true } }, NOW, 'PR.RM', { kind: 'between', earliest: civil('2027-12-02'), mayBeNever: true, ask: ['first_placed'], lines: ['111_2-exempt', 'ordinary'] }],
    ['a dispute about the day is not asked again', { ...INSURER, first_placed: { disputed: [{ by: 'provider', value: '2027-01-01' }, { by: 'officer', value: '2028-01-01' }] } }, NOW, 'PR.RM', { kind: 'between', earliest: civil('2027-12-02'), mayBeNever: true, ask: [], lines: ['111_2-exempt', 'ordinary'] }],
    ['a dispute about the day that does not matter', { ...INSURER, first_placed: { disputed: [{ by: 'provider', value: '2028-02-01' }, { by: 'officer', value: '2028-01-01' }] } }, NOW, 'PR.RM', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
    ['what is missing but does not matter is not asked', { ...HIRING, annex_x: { unknown: true } }, NOW, 'PR.RM', { kind: 'date', date: civil('2027-12-02'), line: 'ordinary' }],
  ];
  test.each(vectors)('%s', (_, facts, time, duty, expected) => expect(dueOf(facts, time, duty)).toEqual(expected));

  test('a date that hangs on a reading says so with both dates', () => {
    const duties = dutiesOf(compileLaw(pack, NOW, 'duties'), CREDIT).duties;
    expect(duties.find(({ duty }) => duty.id === 'PR.INC')!.dueUnderReadings).toEqual([
      { reading: 'RD.ch9', default: 'A', dues: { A: { kind: 'date', date: '2027-12-02', line: 'ordinary' }, B: { kind: 'date', date: '2026-08-02', line: 'ordinary' } } },
    ]);
    expect(duties.find(({ duty }) => duty.id === 'PR.RM')!.dueUnderReadings).toEqual([]);
  });

  test('a reading of the cut-off matters to a device placed between the two dates', () => {
    const device = { ...DEVICE, first_placed: '2028-05-01', changed: false, public_use: false };
    const [found] = dutiesOf(compileLaw(pack, NOW, 'duties'), device).duties.find(({ duty }) => duty.id === 'PR.RM')!.dueUnderReadings;
    expect(found).toMatchObject({ reading: 'RD.cut', dues: { A: { kind: 'never' }, B: { kind: 'date', date: '2028-08-02' } } });
    expect(dutiesOf(underReadings(compileLaw(pack, NOW, 'duties'), { 'RD.cut': 'B' }), device).duties[0]!.due).toMatchObject({ kind: 'date', date: '2028-08-02' });
  });

  test('a ban that holds before it applies has its day', () => {
    const { decision } = dutiesOf(compileLaw(pack, { asOf: civil('2026-11-30'), knownOn: civil('2026-11-30') }, 'duties'), { pictures: 'intended', deploys: true });
    expect(decision.outcomes.find(({ id }) => id === 'prohibited.ba')).toMatchObject({ result: 'holds', dates: { appliesFrom: '2026-12-02', applies: false } });
  });

  test('a duty comes with its roles, reliefs, sanction, clocks and periods', () => {
    const answer = dutiesOf(compileLaw(pack, NOW, 'duties'), { ...HIRING, size: 'small', death: false });
    expect(answer.roles.map(({ id, result }) => `${id} ${result}`)).toEqual(['role.provider holds', 'role.deployer undetermined']);
    const [risk, incidents] = answer.duties;
    expect(risk).toMatchObject({ outcome: { id: 'duty.PR.RM', result: 'holds' }, relief: [{ label: { en: 'Simplified form' } }], sanction: { id: 'fine.50' }, retention: [{ length: 10, retention: { unit: 'years', from: 'placing' } }] });
    expect(incidents!.clocks).toMatchObject([{ clock: { id: 'incident.days' }, length: 15, result: 'holds' }]);
  });
});

describe('layers', () => {
  test('the classification is compiled without what only the duties use', () => {
    const law = compileLaw(pack, NOW);
    expect(law.facts.map(({ definition }) => definition.id)).toEqual(['use', 'profiling', 'narrow', 'pictures', 'chatbot', 'generator', 'model']);
    expect(law.readings).toEqual([]);
    expect(law.outcomes.some(({ id }) => id.startsWith('duty') || id.startsWith('role'))).toBe(false);
  });
  test('both layers classify alike, and open duties leave the headline alone', () => {
    const facts: Facts = { use: [], pictures: 'none', chatbot: false, generator: false, model: false };
    const [one, two] = [decide(compileLaw(pack, NOW), facts), decide(compileLaw(pack, NOW, 'duties'), facts)];
    expect(two.headline).toEqual(one.headline);
    expect(one.headline.id).toBe('none');
    const results = new Map(two.outcomes.map(({ id, result }) => [id, result]));
    for (const { id, result } of one.outcomes) expect(results.get(id), id).toBe(result);
  });
  test('without duties both layers are one law', () => {
    const plain = { ...pack, families: pack.families.filter(({ layer }) => layer !== 'duties'), conclusions: pack.conclusions.filter(({ family }) => family !== 'duty' && family !== 'role'), rules: pack.rules.filter(({ concludes }) => !/^(?:duty|role)\./.test(concludes)), timings: [], duties: [], dutyGroups: [], sanctions: [], clocks: [], readings: [] };
    expect(compileLaw(plain, NOW, 'duties')).toBe(compileLaw(plain, NOW));
  });
});

describe('the example act', () => {
  test('is sound by its own check', () => expect(checkPack(pack)).toEqual([]));
  test('its cases notice a line dropped, a comparison shifted, a day moved', () => {
    const ofDates = [...mutants(pack)].map(({ place }) => /^(?:timing|parameter):/.test(place));
    const report = mutationReport(pack, (index) => ofDates[index]!);
    const survivors = new Set(report.survivors.map(({ place, change }) => `${place} ${change}`));
    for (const change of ['timing:marking dropped the line “111_4”', 'timing:marking swapped < for <= in the line “111_4”', 'timing:high-risk dropped the line “111_2-public”', 'timing:high-risk swapped >= for > in the line “111_2-changed”', 'timing:model swapped max for min in the line “placing”', 'parameter:trans.111_4 moved 2026-12-02 (known 2026-07-27) by 1 day']) expect(survivors).not.toContain(change);
    expect(report.mutants).toBe(report.killed + report.equivalent + report.survivors.length);
    expect(report.killed / report.mutants).toBeGreaterThan(0.7);
  });
});

describe('fines', () => {
  const law = compileLaw(pack, NOW, 'duties');
  const table: readonly (readonly [string, string, Facts, { readonly turnoverEur?: number; readonly undertaking: boolean }, unknown])[] = [
    ['a large undertaking under Art. 5', 'fine.5', { size: 'large', institution: false }, { turnoverEur: 1_000_000_000, undertaking: true }, { ok: true, value: { ceilingEur: 70_000_000, by: 'percent', isLower: false, ask: [] } }],
    ['a small one', 'fine.5', { size: 'small', institution: false }, { turnoverEur: 2_000_000, undertaking: true }, { ok: true, value: { ceilingEur: 140_000, by: 'percent', isLower: true, ask: [] } }],
    ['a small mid-cap under Art. 5 is not spared', 'fine.5', { size: 'smc', institution: false }, { turnoverEur: 100_000_000, undertaking: true }, { ok: true, value: { ceilingEur: 35_000_000, by: 'fixed', isLower: false, ask: [] } }],
    ['a small mid-cap under Art. 50 is', 'fine.50', { size: 'smc', institution: false }, { turnoverEur: 100_000_000, undertaking: true }, { ok: true, value: { ceilingEur: 3_000_000, by: 'percent', isLower: true, ask: [] } }],
    ['a body that is no undertaking', 'fine.5', { size: 'small', institution: false }, { undertaking: false }, { ok: true, value: { ceilingEur: 35_000_000, by: 'fixed', isLower: false, ask: [] } }],
    ['a size not known: the highest, and what may lower it', 'fine.50', { institution: false }, { turnoverEur: 100_000_000, undertaking: true }, { ok: true, value: { ceilingEur: 15_000_000, by: 'fixed', isLower: false, ask: ['size'] } }],
    ['an institution is under other sanctions', 'fine.5', { institution: true }, { undertaking: false }, { ok: false, refusal: 'sanction-does-not-apply' }],
    ['turnover missing', 'fine.5', { size: 'large', institution: false }, { undertaking: true }, { ok: false, refusal: 'turnover-needed' }],
    ['no such sanction', 'fine.6', {}, { undertaking: true }, { ok: false, refusal: 'unknown-sanction' }],
  ];
  test.each(table)('%s', (_, id, facts, subject, expected) => expect(fineCeiling(law, id, facts, subject)).toMatchObject(expected as object));
});

describe('clocks', () => {
  const days = (length: number) => ({ length, unit: 'days' as const });
  const table: readonly (readonly [string, Parameters<typeof endOfClock>[0], string, readonly string[], string, string])[] = [
    ['fifteen days leave the event out', days(15), '2026-11-23', [], '2026-12-08', '2026-12-08'],
    ['ten days that end on a Saturday', days(10), '2026-11-25', [], '2026-12-05', '2026-12-07'],
    ['an end on a Sunday before a holiday', days(10), '2026-12-03', ['2026-12-14'], '2026-12-13', '2026-12-15'],
    ['two days from a Monday', days(2), '2026-11-23', [], '2026-11-25', '2026-11-25'],
    ['two days from a Friday hold two working days', days(2), '2026-11-27', [], '2026-11-29', '2026-12-01'],
    ['one day need not', days(1), '2026-11-27', [], '2026-11-28', '2026-11-30'],
    ['an event given as an instant', days(7), '2026-11-23T23:59:59.000Z', [], '2026-11-30', '2026-11-30'],
    ['months end on the same day', { length: 6, unit: 'months' }, '2026-01-15', [], '2026-07-15', '2026-07-15'],
    ['or the last of a shorter month', { length: 1, unit: 'months' }, '2027-01-31', [], '2027-02-28', '2027-03-01'],
    ['years over a leap day', { length: 10, unit: 'years' }, '2028-02-29', [], '2038-02-28', '2038-03-01'],
    ['hours run from the event, by law from the next full hour', { length: 48, unit: 'hours' }, '2026-11-27T09:30:00.000Z', [], '2026-11-29T09:30:00.000Z', '2026-11-29T10:00:00.000Z'],
    ['hours roll over no day off', { length: 24, unit: 'hours' }, '2026-11-27', ['2026-11-28'], '2026-11-28T00:00:00.000Z', '2026-11-28T00:00:00.000Z'],
    ['no days at all', days(0), '2026-11-23', [], '2026-11-23', '2026-11-23'],
  ];
  test.each(table)('%s', (_, clock, from, holidays, end, legalLast) => expect(endOfClock(clock, from as Instant, new Set(holidays as readonly CivilDate[]))).toEqual({ end, legalLast }));
  test.each([-1, 0.5, Number.NaN, 1_000_000])('a length of %d is no length', (length) => expect(() => endOfClock(days(length), civil('2026-11-23'))).toThrow(RangeError));
  test('the legal end is a working day, not before the plain one', () => {
    fc.assert(fc.property(fc.integer({ min: 20_000, max: 24_000 }), fc.integer({ min: 0, max: 40 }), (event, length) => {
      const { end, legalLast } = endOfClock(days(length), civil(new Date(event * 86_400_000).toISOString().slice(0, 10)));
      expect(dayNumber(end)).toBe(event + length);
      expect(dayNumber(legalLast) >= dayNumber(end) && dayNumber(legalLast) <= dayNumber(end) + 3).toBe(true);
      expect([0, 6]).not.toContain(new Date(dayNumber(legalLast) * 86_400_000).getUTCDay());
    }));
  });
});

// Random answers.

/** A day near the dates of the law, so that every line is met. */
const DAY = fc.constantFrom('2025-07-01', '2026-08-01', '2026-08-02', '2027-08-01', '2027-08-02', '2027-12-01', '2027-12-02', '2028-08-01', '2028-08-02', '2029-01-01', '2031-01-01');

function valueOf(fact: FactDefinition): fc.Arbitrary<FactValue> {
  switch (fact.type) {
    case 'bool': return fc.boolean();
    case 'enum': return fc.constantFrom(...fact.values.map(({ id }) => id));
    case 'set': return fc.subarray(fact.values.map(({ id }) => id));
    case 'number': return fc.integer();
    case 'date': return DAY;
  }
}

const COMPLETE: fc.Arbitrary<Facts> = fc.record(Object.fromEntries(pack.facts.map((fact) => [fact.id, valueOf(fact)])));
const KNOWN: fc.Arbitrary<readonly boolean[]> = fc.array(fc.boolean(), { minLength: pack.facts.length, maxLength: pack.facts.length });
const TIME = fc.constantFrom(BEFORE, NOW);

function part(facts: Facts, isKnown: readonly boolean[]): Facts {
  return Object.fromEntries(Object.entries(facts).map(([id, value], at): [string, FactAnswer] => [id, isKnown[at] === true ? value : { unknown: true }]));
}

function fits(due: Due | undefined, day: number | undefined): boolean {
  if (due === undefined || day === undefined) return day === undefined;
  switch (due.kind) {
    case 'date': return dayNumber(due.date) === day;
    case 'never': return day === NEVER_DAY;
    case 'undated': return day === UNDATED_DAY;
    case 'between':
      if (day === NEVER_DAY) return due.mayBeNever;
      if (day === UNDATED_DAY) return due.latest === undefined;
      return (due.earliest === undefined || dayNumber(due.earliest) <= day) && (due.latest === undefined || day <= dayNumber(due.latest));
  }
}

/** The days a due may be, as a span of numbers. */
function spanOf(due: Due): readonly [number, number] {
  if (due.kind !== 'between') {
    const day = due.kind === 'date' ? dayNumber(due.date) : due.kind === 'never' ? NEVER_DAY : UNDATED_DAY;
    return [day, day];
  }
  return [due.earliest === undefined ? Number.NEGATIVE_INFINITY : dayNumber(due.earliest), due.latest === undefined ? Number.POSITIVE_INFINITY : dayNumber(due.latest)];
}

describe('random answers', () => {
  test('complete answers give what the plain interpreter gives, under every reading', () => {
    fc.assert(fc.property(COMPLETE, TIME, (facts, time) => {
      const law = compileLaw(pack, time, 'duties');
      const { duties } = dutiesOf(law, facts, { reasons: false, flips: false, ranked: false });
      const naive = new NaiveLaw(pack, time).dues(facts);
      duties.forEach(({ due, outcome }, at) => {
        expect(outcome.result).toBe(naive[at] === undefined ? 'fails' : 'holds');
        expect(due?.kind).not.toBe('between');
        expect(fits(due, naive[at]), `${duties[at]!.duty.id} ${JSON.stringify(due)} ${naive[at]}`).toBe(true);
      });
      for (const [reading, option] of [['RD.ch9', 'B'], ['RD.cut', 'B']] as const) {
        const other = new NaiveLaw(pack, time, { [reading]: option }).dues(facts);
        duties.forEach(({ due, dueUnderReadings }, at) => {
          const under = dueUnderReadings.find((item) => item.reading === reading)?.dues[option] ?? due;
          expect(fits(under === 'no-duty' ? undefined : under, other[at])).toBe(true);
        });
      }
    }), { numRuns: 300 });
  });

  test('whatever is answered next, the date falls inside the range, and the range never widens', () => {
    fc.assert(fc.property(COMPLETE, KNOWN, TIME, (facts, isKnown, time) => {
      const law = compileLaw(pack, time, 'duties');
      const partial = part(facts, isKnown);
      const options = { reasons: false, flips: false, ranked: false };
      const before = dutiesOf(law, partial, options).duties;
      const naive = new NaiveLaw(pack, time).dues(facts);
      const asked = Object.fromEntries(before.flatMap(({ due }) => (due?.kind === 'between' ? due.ask : [])).map((id) => [id, facts[id]!]));
      const after = dutiesOf(law, { ...partial, ...asked }, options).duties;
      before.forEach(({ due, duty }, at) => {
        if (naive[at] !== undefined) expect(fits(due, naive[at]), `${duty.id} ${JSON.stringify(due)} ${naive[at]}`).toBe(true);
        const next = after[at]!.due;
        if (due === undefined || next === undefined) return;
        const [[lo, hi], [nextLo, nextHi]] = [spanOf(due), spanOf(next)];
        expect(nextLo >= lo && nextHi <= hi, `${duty.id} ${JSON.stringify(due)} → ${JSON.stringify(next)}`).toBe(true);
        if (after[at]!.outcome.result === 'holds' && next.kind === 'between') expect(next.ask.length, `${duty.id} ${JSON.stringify(next)}`).toBeGreaterThan(0);
      });
    }), { numRuns: 500 });
  });

  test('the fast form gives what the full decision gives', () => {
    const forms = new Map([BEFORE, NOW].map((time) => [time, dutyFormFor(compileLaw(pack, time, 'duties'))]));
    const codes = new Uint8Array(pack.duties.length);
    const days = new Int32Array(pack.duties.length);
    fc.assert(fc.property(COMPLETE, fc.oneof(KNOWN, fc.constant(pack.facts.map(() => true))), TIME, (facts, isKnown, time) => {
      const partial = part(facts, isKnown);
      forms.get(time)!.due(partial, codes, days);
      const { duties } = dutiesOf(compileLaw(pack, time, 'duties'), partial, { reasons: false, flips: false, ranked: false });
      duties.forEach(({ duty, outcome, due }, at) => {
        expect(RESULT_CODES[codes[at]!], duty.id).toBe(outcome.result);
        const expected = outcome.result !== 'holds' || due === undefined || due.kind === 'between' ? OPEN_DAY : spanOf(due)[0];
        expect(days[at], `${duty.id} ${JSON.stringify(due)}`).toBe(expected);
      });
    }), { numRuns: 500 });
  });
});

test('cases name the due dates they expect in words the engine knows', () => {
  const words: readonly ExpectedDue[] = pack.cases.flatMap(({ due }) => Object.values(due));
  expect(new Set(words.filter((word) => !/^\d/.test(word)))).toEqual(new Set(['never', 'no-duty']));
});
