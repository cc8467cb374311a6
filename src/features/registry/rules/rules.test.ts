/** Folding, search words, differences, forms and merging, case by case. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareDraft, hostile, taxRisk, withContacts } from '../examples.ts';
import { ALL_FIELDS } from '../fields.ts';
import { parseRecord, type SystemRecord } from '../model.ts';
import { stride } from '../store/walk.ts';
import { decodeCursor, encodeCursor, nextPrefix } from '../store/search.ts';
import { compareWords, difference } from './difference.ts';
import { fold, nameKey, wordsOf } from './fold.ts';
import { formOfRecord, recordOfForm } from './form.ts';
import { conflicts, merge } from './merge.ts';
import { blockWord, textWords } from './search-words.ts';

describe('fold', () => {
  it.each([
    ['İstanbul', 'istanbul'], ['ISTANBUL', 'istanbul'], ['ıstanbul', 'istanbul'], ['Əliyev', 'eliyev'], ['əLİYEV', 'eliyev'], ['ƏLİYEV', 'eliyev'],
    ['ŞÜŞƏ', 'suse'], ['çörək', 'corek'], ['Ğ', 'g'], ['Ёлка', 'елка'], ['Straße', 'strasse'], ['ﬁle', 'file'], ['É́', 'e'], ['', ''],
  ])('%s → %s', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });
  it('does nothing the second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fold(fold(text)) === fold(text)));
  });
});

describe('wordsOf', () => {
  it.each([
    ['Vergi, risk; vergi!', ['vergi', 'risk']],
    ["a'b & <c> | !d:*", ['a', 'b', 'c', 'd']],
    ['№ 12-34', ['no', '12', '34']],
    ['  ', []],
  ] as const)('%j', (text, expected) => {
    expect(wordsOf(text, 100)).toEqual(expected);
  });
  it('are cut and counted', () => {
    expect(wordsOf('x'.repeat(100), 5)).toEqual(['x'.repeat(40)]);
    expect(wordsOf(Array.from({ length: 50 }, (_, index) => `w${index}`).join(' '), 7)).toHaveLength(7);
  });
  it.each([['Department of Veterans Affairs ', 'department of veterans affairs'], ['Dövlət  Vergi-Xidməti', 'dovlet vergi xidmeti']])('key of %j', (name, key) => {
    expect(nameKey(name)).toBe(key);
  });
});

describe('textWords', () => {
  it('never hold what is not published', () => {
    const { words } = textWords(withContacts);
    for (const secret of ['leyla', 'gizli', 'raw', '555', 'risk@example', 'support']) expect(words).not.toContain(secret);
    expect(words).toContain('sened');
    expect(words).toContain('yazin');
  });
});

describe('compareWords', () => {
  const sides = (before: string, after: string) => {
    const pieces = compareWords(before, after);
    return [pieces.filter((piece) => piece.kind !== 'added').map((piece) => piece.text).join(''), pieces.filter((piece) => piece.kind !== 'removed').map((piece) => piece.text).join('')];
  };
  it('gives both texts back', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n', 'söz'), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, (a, b) => {
      expect(sides(a, b)).toEqual([a, b]);
    }));
  });
  it('marks the words that changed and no others', () => {
    expect(compareWords('one two three', 'one four three')).toEqual([
      { kind: 'same', text: 'one ' }, { kind: 'removed', text: 'two' }, { kind: 'added', text: 'four' }, { kind: 'same', text: ' three' },
    ]);
  });
  it('shows very long texts whole', () => {
    const long = (word: string): string => Array.from({ length: 5_000 }, (_, index) => word + index).join(' ');
    expect(compareWords(long('a'), long('b')).map((piece) => piece.kind)).toEqual(['removed', 'added']);
  });
});

describe('difference', () => {
  it.each([
    ['the same', taxRisk, taxRisk, []],
    ['a text', taxRisk, { ...taxRisk, purpose: 'x' }, ['purpose']],
    ['a list', taxRisk, { ...taxRisk, countries: ['Azərbaycan', 'Gürcüstan'] }, ['countries']],
    ['source cells', { ...bareDraft, sourceColumns: [{ name: 'a', value: '1' }] }, { ...bareDraft, sourceColumns: [{ name: 'a', value: '2' }] }, ['sourceColumns']],
    ['a field told first', bareDraft, { ...bareDraft, purpose: 'x' }, ['purpose']],
  ] as const)('%s', (_name, before, after, keys) => {
    expect(difference(before, after).map((field) => field.key)).toEqual(keys);
  });
});

describe('form', () => {
  it.each([['taxRisk', taxRisk], ['bareDraft', bareDraft], ['hostile', hostile], ['withContacts', withContacts]] as const)('%s comes back as it went', (_name, record) => {
    const parsed = parseRecord(recordOfForm(formOfRecord(record), record));
    expect(parsed).toEqual({ ok: true, value: record });
  });
  it('reads line breaks of browsers', () => {
    expect(recordOfForm({ name: 'x', purpose: 'a\r\nb', topics: 'one\r\n\r\n two ' }, undefined)).toEqual({ name: 'x', purpose: 'a\nb', topics: ['one', 'two'] });
  });
});

describe('merge', () => {
  const base: SystemRecord = { ...taxRisk };
  const theirs: SystemRecord = { ...taxRisk, purpose: 'theirs', benefit: 'new' };
  const { outputs: _outputs, ...rest } = taxRisk;
  const yours: SystemRecord = { ...rest, purpose: 'yours' };
  it('says whose change it was', () => {
    expect(conflicts(base, theirs, yours)).toEqual([
      { key: 'purpose', changedBy: 'both' }, { key: 'outputs', changedBy: 'yours' }, { key: 'benefit', changedBy: 'theirs' },
    ]);
  });
  it('takes what was chosen', () => {
    const merged = merge(theirs, yours, { purpose: 'yours', outputs: 'yours', benefit: 'theirs' });
    expect(merged['purpose']).toBe('yours');
    expect(merged).not.toHaveProperty('outputs');
    expect(merged['benefit']).toBe('new');
  });
});

describe('parseRecord', () => {
  it.each([
    ['no record', null, ['', 'not-a-record']],
    ['a list', [], ['', 'not-a-record']],
    ['no name', { organisation: 'x' }, ['name', 'required']],
    ['a blank name', { name: '  ', organisation: 'x' }, ['name', 'required']],
    ['no body', { name: 'x', organisation: '' }, ['organisation', 'required']],
    ['an unknown field', { ...bareDraft, colour: 'red' }, ['colour', 'unknown-field']],
    ['a number for a text', { ...bareDraft, purpose: 7 }, ['purpose', 'not-text']],
    ['a text too long', { ...bareDraft, purpose: 'x'.repeat(20_001) }, ['purpose', 'too-long']],
    ['a name too long', { ...bareDraft, name: 'x'.repeat(301) }, ['name', 'too-long']],
    ['a choice that is none', { ...bareDraft, phase: 'soon' }, ['phase', 'not-a-choice']],
    ['a day that does not exist', { ...bareDraft, startDate: '2026-02-30' }, ['startDate', 'not-a-date']],
    ['a month that does not exist', { ...bareDraft, startDate: '2026-13' }, ['startDate', 'not-a-date']],
    ['a script as a link', { ...bareDraft, website: 'javascript:alert(1)' }, ['website', 'not-a-link']],
    ['a link with a space', { ...bareDraft, website: 'https://a b' }, ['website', 'not-a-link']],
    ['a text for a list', { ...bareDraft, topics: 'x' }, ['topics', 'not-a-list']],
    ['too many lines', { ...bareDraft, topics: Array.from({ length: 101 }, () => 'x') }, ['topics', 'too-many']],
    ['an unknown column', { ...bareDraft, suppliers: [{ colour: 'x' }] }, ['suppliers.0.colour', 'unknown-field']],
    ['a bad date in a list', { ...bareDraft, assessments: [{ name: 'x' }, { date: 'soon' }] }, ['assessments.1.date', 'not-a-date']],
    ['a NUL', { ...bareDraft, purpose: 'a\0b' }, ['purpose', 'bad-character']],
    ['half a character', { ...bareDraft, purpose: 'a\ud800b' }, ['purpose', 'bad-character']],
    ['a source cell without a value', { ...bareDraft, sourceColumns: [{ name: 'x' }] }, ['sourceColumns.0.value', 'not-text']],
  ] as const)('%s', (_name, input, [path, code]) => {
    const parsed = parseRecord(input);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.refusal).toContainEqual(expect.objectContaining({ path, code }));
  });
  it.each([['2024'], ['2024-02'], ['2024-02-29']])('takes the date %s', (startDate) => {
    expect(parseRecord({ ...bareDraft, startDate }).ok).toBe(true);
  });
  it('takes a text of 20,000 characters, and drops only what is empty', () => {
    expect(parseRecord({ ...bareDraft, purpose: 'ə'.repeat(20_000), scope: '', topics: [''], suppliers: [{}], website: null })).toEqual({ ok: true, value: { ...bareDraft, purpose: 'ə'.repeat(20_000) } });
  });
  it('keeps source cells in order, with repeated names, verbatim', () => {
    const sourceColumns = [{ name: 'a', value: ' 1 ' }, { name: 'a', value: '' }, { name: '', value: '=x' }];
    const parsed = parseRecord({ ...bareDraft, sourceColumns });
    expect(parsed.ok && parsed.value.sourceColumns).toEqual(sourceColumns);
  });
});

describe('fields', () => {
  it('are named once, and list fields have columns', () => {
    expect(new Set(ALL_FIELDS.map((field) => field.key)).size).toBe(ALL_FIELDS.length);
    for (const field of ALL_FIELDS) {
      expect(field.type === 'items', field.key).toBe(field.columns !== undefined);
      expect(field.type === 'choice' || field.type === 'choices', field.key).toBe(field.choices !== undefined);
    }
  });
  const origins = (key: 'atrs' | 'nl'): string[] => ALL_FIELDS.flatMap((field) => [field[key], ...(field.columns ?? []).map((column) => column[key])]).filter((name) => name !== undefined);
  it('cover all 37 attributes of UK ATRS, each once', () => {
    expect(origins('atrs')).toHaveLength(37);
    expect(new Set(origins('atrs')).size).toBe(37);
  });
  it('cover the 31 fields of the Dutch schema', () => {
    expect(new Set(origins('nl').map((name) => name.split('.')[0])).size).toBe(31);
  });
  it('cover every point of Annex VIII', () => {
    const points = new Set(ALL_FIELDS.flatMap((field) => [...(field.annexViii ?? []), ...(field.columns ?? []).flatMap((column) => column.annexViii ?? [])]));
    const expected = [...Array.from({ length: 13 }, (_, index) => `A${index + 1}`), ...Array.from({ length: 9 }, (_, index) => `B${index + 1}`), ...Array.from({ length: 5 }, (_, index) => `C${index + 1}`)];
    expect(expected.filter((point) => !points.has(point))).toEqual([]);
  });
});

describe('walk', () => {
  it.each([
    [1_000, 512, true, { low: 512, high: 1_000 }, 1], [512, 512, true, { low: 0, high: 512 }, 1], [513, 512, true, { low: 512, high: 513 }, 1], [1, 512, true, { low: 0, high: 1 }, 1],
    [10_000, 2_048, true, { low: 8_192, high: 10_000 }, 4], [300_000, 131_072, true, { low: 262_144, high: 300_000 }, 1], [900_000, 1e9, true, { low: 0, high: 900_000 }, 0],
    [512, 512, false, { low: 512, high: 1_024 }, 1], [0, 8_192, false, { low: 0, high: 8_192 }, 1], [700_000, 262_144, false, { low: 700_000, high: 917_504 }, 2],
  ] as const)('from %i about %i numbers, down %s', (position, span, isDown, range, blocks) => {
    const taken = stride(position, span, 1_000_000, isDown);
    expect(taken.range).toEqual(range);
    expect(taken.blocks).toHaveLength(blocks);
  });
  it('goes on from where it stood, and names every block it touches', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 512, max: 4_000_000 }), fc.boolean(), (position, span, isDown) => {
      const { range, blocks } = stride(position, span, 3_000_001, isDown);
      expect(isDown ? range.high : range.low).toBe(position);
      expect(range.high).toBeGreaterThan(range.low);
      expect(blocks.length).toBeLessThanOrEqual(16);
      const numbers = [range.low, Math.floor((range.low + range.high) / 2), range.high - 1];
      if (blocks.length > 0) for (const number of numbers) expect([0, 1, 2].some((level) => blocks.includes(blockWord(level, number)))).toBe(true);
      else expect(range.low).toBe(0);
    }));
  });
  it.each([['a'], ['%%%'], ['W10'], [Buffer.from('[9,1,0]').toString('base64url')], [Buffer.from('{"a":1}').toString('base64url')]])('refuses the cursor %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow();
  });
  it('reads its own cursors', () => {
    for (const cursor of [{ tier: 0, number: 7, direction: 'up' as const }, { tier: 1, number: 9, stakes: 40, direction: 'down' as const }]) expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });
  it.each([['vergi', 'vergj'], ['a', 'b'], ['якорь', 'якорэ']])('after all words that begin with %s stands %s', (word, next) => {
    expect(nextPrefix(word)).toBe(next);
  });
});
