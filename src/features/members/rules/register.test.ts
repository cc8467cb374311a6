/** Standings of places, and who may hold one: lengths, overlaps, second places, worn-out terms. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { councilOf33 } from '../../../proof/council/constitution.ts';
import type { Term } from '../model.ts';
import { readEnd, readTerm } from './read-forms.ts';
import { dayAfter, endOf, filterRegister, judgeTerm, lastDayOf, placesOf, registerOn } from './register.ts';
import { registerCsv } from './register-file.ts';

const constitution = councilOf33('council.example');
const places = placesOf(constitution, 2, undefined);
const rule = { years: 4, most: 2 };
const TODAY = '2027-06-01';

const term = (place: string, fromOn: string, untilOn: string, more: Partial<Term> = {}): Term => ({ id: `${place} ${fromOn}`, place, name: `Holder of ${place}`, fromOn, untilOn, endedOn: undefined, swornOn: undefined, nominatedBy: '', contact: '', endedWhy: '', revision: 1, ...more });

describe('places', () => {
  it('are the seats in their order, then the alternates the pack asks for', () => {
    expect(places.length).toBe(33 + 4 * 2);
    expect([places[0]?.place, places[8]?.constituency, places[9]?.constituency, places[32]?.place, places[33]?.place]).toEqual(['seat01', 'civil-society', 'state', 'seat33', 'alt-civil-society-1']);
  });
});

describe('the standing of a place', () => {
  it.each<[string, readonly Term[], string, string | undefined]>([
    ['nobody was entered', [], 'vacant', undefined],
    ['in the middle of a term', [term('seat01', '2026-01-01', '2029-12-31')], 'held', '2026-01-01'],
    ['on its first day', [term('seat01', TODAY, '2031-05-31')], 'held', TODAY],
    ['on its last day', [term('seat01', '2023-06-02', TODAY)], 'ending', '2023-06-02'],
    ['the day after', [term('seat01', '2023-06-01', '2027-05-31')], 'over', '2023-06-01'],
    ['ninety days before the end', [term('seat01', '2026-01-01', dayAfter(TODAY, 89))], 'ending', '2026-01-01'],
    ['ninety-one days before', [term('seat01', '2026-01-01', dayAfter(TODAY, 90))], 'held', '2026-01-01'],
    ['ending, and the next is entered', [term('seat01', '2026-01-01', '2027-07-01'), term('seat01', '2027-07-02', '2031-07-01')], 'held', '2026-01-01'],
    ['over, and the next has not begun', [term('seat01', '2023-06-01', '2027-05-31'), term('seat01', '2027-07-02', '2031-07-01')], 'coming', '2027-07-02'],
    ['ended before its time', [term('seat01', '2026-01-01', '2029-12-31', { endedOn: '2027-01-01' })], 'over', '2026-01-01'],
  ])('%s', (_, terms, standing, fromOn) => {
    const row = registerOn(TODAY, places, terms)[0];
    expect([row?.standing, row?.term?.fromOn]).toEqual([standing, fromOn]);
  });

  it('is found by name, place, constituency and standing', () => {
    const rows = registerOn(TODAY, places, [term('seat10', '2026-01-01', '2029-12-31', { name: 'Əliyeva Günay' })]);
    const found = (filter: Parameters<typeof filterRegister>[1]): readonly string[] => filterRegister(rows, filter).map(({ place }) => place.place);
    expect([found({ q: 'əliyeva' }), found({ q: 'seat10' }), found({ standing: 'held' }), found({ constituency: 'state' }).length, found({ constituency: 'state', standing: 'held', q: 'nobody' })]).toEqual([['seat10'], ['seat10'], ['seat10'], 10, []]);
  });
});

describe('a term', () => {
  const given = (fromOn: string, untilOn: string, name = 'New Member') => ({ name, fromOn, untilOn, nominatedBy: '', contact: '' });
  it.each<[string, string, ReturnType<typeof given>, readonly Term[], string | undefined]>([
    ['of four years to the day', 'seat01', given('2027-01-01', '2030-12-31'), [], undefined],
    ['of a day more', 'seat01', given('2027-01-01', '2031-01-01'), [], 'member-term-length'],
    ['from a leap day', 'seat01', given('2028-02-29', '2032-02-29'), [], undefined],
    ['in a place that is held', 'seat01', given('2027-01-01', '2028-01-01'), [term('seat01', '2026-01-01', '2027-01-01')], 'member-place-taken'],
    ['from the day after', 'seat01', given('2027-01-02', '2028-01-01'), [term('seat01', '2026-01-01', '2027-01-01')], undefined],
    ['after one that ended early', 'seat01', given('2026-07-01', '2028-01-01'), [term('seat01', '2026-01-01', '2029-12-31', { endedOn: '2026-06-30' })], undefined],
    ['of who sits elsewhere', 'seat02', given('2027-01-01', '2028-01-01', ' new  MEMBER '), [term('alt-state-1', '2026-01-01', '2029-12-31', { name: 'New Member' })], 'member-sits-already'],
    ['of who has had two', 'seat02', given('2034-01-01', '2035-01-01'), [term('seat01', '2026-01-01', '2029-12-31', { name: 'New Member' }), term('seat01', '2030-01-01', '2033-12-31', { name: 'New Member' })], 'member-terms-most'],
    ['as an alternate after two', 'alt-state-1', given('2034-01-01', '2035-01-01'), [term('seat01', '2026-01-01', '2029-12-31', { name: 'New Member' }), term('seat01', '2030-01-01', '2033-12-31', { name: 'New Member' })], undefined],
  ])('%s', (_, place, content, terms, code) => {
    const judged = judgeTerm(place, content, terms, rule);
    expect(judged.ok ? undefined : judged.refusal.code).toBe(code);
  });

  it('never overlaps another of its place, whatever is asked for', () => {
    const day = fc.integer({ min: 0, max: 3000 }).map((days) => dayAfter('2026-01-01', days));
    fc.assert(
      fc.property(fc.array(fc.tuple(day, fc.integer({ min: 0, max: 1500 })), { maxLength: 12 }), (asked) => {
        const kept: Term[] = [];
        for (const [index, [fromOn, days]] of asked.entries()) {
          const content = given(fromOn, dayAfter(fromOn, days), `Person ${index}`);
          if (judgeTerm('seat01', content, kept, rule).ok) kept.push(term('seat01', fromOn, content.untilOn, { name: content.name }));
        }
        const inOrder = kept.toSorted((one, other) => (one.fromOn < other.fromOn ? -1 : 1));
        return inOrder.every((one, index) => one.untilOn <= lastDayOf(one.fromOn, rule.years) && (index === 0 || endOf(inOrder[index - 1] as Term) < one.fromOn));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what people type', () => {
  it.each<[string, Parameters<typeof readTerm>[0], readonly string[]]>([
    ['nothing', {}, ['name missing', 'from missing', 'until missing']],
    ['days that are none', { name: 'A', from: '2027-02-30', until: 'soon' }, ['from not-a-day', 'until not-a-day']],
    ['an end before the beginning', { name: 'A', from: '2027-02-03', until: '2027-02-02' }, ['until order']],
    ['a name without end', { name: 'A'.repeat(121), from: '2027-02-01', until: '2027-02-02' }, ['name too-long']],
    ['all of it', { name: 'A\u0000B', from: '2027-02-01', until: '2027-02-01' }, []],
  ])('%s', (_, typed, faults) => {
    const read = readTerm(typed);
    expect(read.ok ? [] : read.refusal.map(({ field, problem }) => `${field} ${problem}`)).toEqual(faults);
  });

  it('names why a term ended', () => {
    const read = readEnd({ ended: '2027-01-01' });
    expect(read.ok ? [] : read.refusal).toEqual([{ field: 'why', problem: 'missing' }]);
  });
});

describe('the file', () => {
  it('has a line for each place and runs nothing in a spreadsheet', () => {
    const csv = registerCsv(registerOn(TODAY, places, [term('seat01', '2026-01-01', '2029-12-31', { name: '=HYPERLINK("x"), "y"' })]));
    const lines = csv.split('\r\n');
    expect([lines.length, lines[1]]).toEqual([1 + places.length + 1, `seat01,1,,civil-society,held,"'=HYPERLINK(""x""), ""y""",2026-01-01,2029-12-31,,,,`]);
  });
});
